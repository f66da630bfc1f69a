"""How a file is written so that a full disk, a killed process or a power cut loses nothing.

The text goes into a temporary file in the same folder; only when it is there to the last byte does it take the
name of the file, in one step of the system.  So a file is the old one or the new one, and never half of either.
"""

import contextlib
import errno
import os
import shutil
import time
from pathlib import Path

FIRST, LAST = ".momentum-lab-", ".part"  # a temporary file's name; JupyterLab does not list it
OLD = 3600  # seconds after which a temporary file belongs to nobody any more


def put(path, data):
    """Write a file whole or not at all.

    Parameters
    ----------
    path : Path
    data : bytes

    Raises
    ------
    OSError
        If the system refuses; what was at `path` is then still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{FIRST}{os.getpid()}-{path.name}{LAST}")
    try:
        with open(part, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave the new name with nothing behind it
        if path.is_file():
            shutil.copymode(path, part)
        os.replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise


def put_beside(path, remark, data, same):
    """Write a file beside another, under its name and a remark, and return the path.

    A name that is taken is left alone, and a number is added.  Where the very same is there already, from a run
    that was cut short, it is not written again.

    Parameters
    ----------
    path : Path
    remark : str
        Such as "new in 0.2.0".
    data : bytes
    same : callable
        Tells whether two `bytes` are the same for the purpose.
    """
    number = 1
    while True:
        more = f", {number}" if number > 1 else ""
        other = path.with_name(f"{path.stem} ({remark}{more}){path.suffix}")
        if not os.path.lexists(other):
            put(other, data)
            return other
        if other.is_file() and same(other.read_bytes(), data):
            return other
        number += 1


def sweep(folders):
    """Delete the temporary files that killed processes left behind; one that is young may still be in use."""
    for folder in folders:
        for part in folder.glob(f"{FIRST}*{LAST}"):
            with contextlib.suppress(OSError):
                if time.time() - part.stat().st_mtime > OLD:
                    part.unlink()


def refusal(error):
    """Turn an error of the system into one sentence with the cause and the cure.

    Parameters
    ----------
    error : OSError
    """
    where = Path(os.fsdecode(error.filename2 or error.filename or "The folder"))
    if where.name.startswith(FIRST):
        where = where.parent  # the temporary file means nothing to a learner
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return "The disk is full and nothing of yours is lost: free 10 MB, then run the same command again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{where} cannot be written and nothing of yours is lost: close JupyterLab if it is running, or name a "
            "folder of your own, then run the same command again."
        )
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return f"{where} is not a folder and was left alone: rename it, or name another folder."
    return f"The system refused ({error}) and nothing of yours is lost: mend that, then run the same command again."
