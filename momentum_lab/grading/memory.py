"""How much memory a process uses together with all that it has started."""

from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def used(pid, enough):
    """Return the bytes of a process and its descendants; 0 where the system does not tell.

    What several processes share counts once.  That takes the kernel a while, so it is asked only if the plain sum,
    in which it counts for each of them, is above `enough`.
    """
    family = list(_family(pid))
    plain = sum(_bytes(one, "status", "VmRSS:") for one in family)
    return sum(_bytes(one, "smaps_rollup", "Pss:") for one in family) if plain > enough else plain


def _family(pid):
    """Yield a process and its descendants."""
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        with suppress(OSError):
            for task in (PROC / str(one) / "task").iterdir():
                with suppress(OSError):
                    waiting += map(int, (task / "children").read_text().split())


def _bytes(pid, file, name):
    """Return a figure of a process; 0 if it has ended."""
    with suppress(OSError):
        for line in (PROC / str(pid) / file).read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) << 10
    return 0
