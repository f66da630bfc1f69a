"""What one submission may use."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """The limits of one submission.

    Attributes
    ----------
    start : float
        Seconds until the interpreter in the sandbox must be ready.
    cell : float
        Seconds for one cell.
    calls : float
        Seconds for all the calls of one answer.
    question : float
        Seconds for one question with all its cells, whatever the code does to escape the other limits.
    cpu : int
        Processor seconds for one question.
    memory, file, scratch, output : int
        Bytes of address space, of one file, of the scratch folder, and of what is sent back.
    processes : int
        Processes and threads of one submission.
    """

    start: float = 60.0
    cell: float = 5.0
    calls: float = 4.0
    question: float = 15.0
    cpu: int = 12
    memory: int = 1 << 30
    file: int = 10 << 20
    scratch: int = 50 << 20
    output: int = 32 << 20
    processes: int = 64

    def plain(self):
        """Return the limits as a dict, as they travel into the sandbox."""
        return asdict(self)
