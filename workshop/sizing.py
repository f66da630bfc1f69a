"""How large a machine a class needs: the tables in `hub.md` and the memory in `zero_to_jupyterhub.yaml`.

    python -m workshop.sizing     prints the tables

The figures were measured on Linux with ten learners at once, in gigabytes of memory with shared pages divided among
those who share them; `tests/test_hub.py` measures five of them anew.
"""

HUB = 0.3  # hub, proxy, and the system's own needs
SERVER = 0.11  # one learner's JupyterLab server
KERNEL = 0.105  # one kernel with the course loaded
START = 4.0  # seconds of one core until a server and a first kernel are ready
PATIENCE = 30.0  # seconds within which everybody should have started
MACHINES = (2, 4, 8, 16, 32)  # cores of machines as they are rented
ALONE = 0.3, 0.15  # a container with its server and one kernel, and each further kernel: it shares no pages

LEARNERS = (10, 20, 30, 40, 60, 100)
KERNELS = (1, 2, 3)


def memory(learners, kernels):
    """Return the gigabytes that a room needs on one machine.

    Parameters
    ----------
    learners : int
    kernels : int
        Open notebooks of each.
    """
    return HUB + learners * (SERVER + KERNEL * kernels)


def cores(learners):
    """Return the cores of the smallest usual machine on which a class has started within `PATIENCE`, or None."""
    return next((number for number in MACHINES if number * PATIENCE >= learners * START), None)


def container(kernels):
    """Return the gigabytes of one learner's container on a cluster."""
    first, further = ALONE
    return first + further * (kernels - 1)


def table():
    """Return the table for a room on one machine, as Markdown."""
    heads = ["learners", *(f"{number} open notebook{'s' * (number > 1)} each" for number in KERNELS), "cores"]
    rows = [
        [str(learners), *(f"{memory(learners, number):.1f} GB" for number in KERNELS), str(cores(learners))]
        for learners in LEARNERS
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---:"] * len(heads), *rows))


if __name__ == "__main__":
    print(table())
