"""Run one submission in a sandbox, and collect what is seen.

The child is never trusted and never waited for longer than the limits say.  Whenever it goes silent or ends too
early, the whole sandbox is thrown away: the question or cell it was at is left out, and a new sandbox does the
rest.  So one cell costs one question, whatever it does to the processes around it.
"""

import contextlib
import json
import os
import queue
import secrets
import signal
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field

from momentum_lab.grading.kernel import closed
from momentum_lab.grading.memory import used

GRACE = 5.0  # seconds that a message may be late, on a machine with much to do
SILENT, ENDED, TOO_MUCH, TOO_LARGE = "time", "exit", "output", "memory"
LOOK = 0.1  # seconds between two looks at the memory


@dataclass
class Seen:
    """What was seen of one submission.

    Attributes
    ----------
    results : dict
        Question -> what the child says of it, unchecked.
    failures : dict
        Question -> how its process ended without a result: "time", "signal 11", "exit", "output", "memory" or
        "start".
    problems : list of dict
        Cells that belong to no question and stopped.
    cpu : float
        Processor seconds inside the sandbox; what a killed one has used is known for its questions only.
    starts : int
        How many sandboxes it took.
    """

    results: dict = field(default_factory=dict)
    failures: dict = field(default_factory=dict)
    problems: list = field(default_factory=list)
    cpu: float = 0.0
    starts: int = 0


def observe(backend, limits, setup, questions, needs_sympy):
    """Run the cells and return what was seen.

    Parameters
    ----------
    backend : Bubblewrap, Container or Unprotected
    limits : Limits
    setup : list of (int, str)
        Number and source of the cells that belong to no question; each is run once, before the answers below it.
    questions : list of dict
        `id`, `cells` (number and source) and `item`, the public part of the bank entry.
    needs_sympy : bool

    Returns
    -------
    Seen
    """
    seen, left = Seen(), list(questions)
    setup, most = list(setup), len(setup) + len(left) + 2
    while left and seen.starts < most:  # each sandbox settles at least one cell or question, but for two
        batch = left if backend.forks else left[:1]
        where, how = _one_sandbox(backend, limits, seen, setup, batch, needs_sympy)
        if isinstance(where, int):
            setup = [cell for cell in setup if cell[0] != where]
            seen.problems.append({"cell": where, "type": "Killed", "message": how, "at": None})
        elif where is not None:
            seen.failures.setdefault(where, how)
        left = [q for q in left if q["id"] not in seen.results and q["id"] not in seen.failures]
    for question in left:
        seen.failures[question["id"]] = "start"
    return seen


def start_and_end(backend, limits):
    """Return None if a child starts and ends as it should, else a sentence."""
    with _Child(backend, limits, [], [], False) as child:
        for message in iter(lambda: child.read(limits.start), None):
            if message.get("end"):
                return None
        return child.last_words()


def _one_sandbox(backend, limits, seen, setup, questions, needs_sympy):
    """Run one sandbox to its end; return (the cell or question that is to blame or None, how it ended)."""
    known, at = {q["id"] for q in questions}, None
    patience = {"cell": limits.cell, "question": limits.question}
    used, finished = 0.0, False
    seen.starts += 1
    with _Child(backend, limits, setup, questions, needs_sympy) as child:
        wait = limits.start
        while (message := child.read(wait + GRACE)) is not None:
            if message.get("ready"):
                wait = patience["cell"]
            elif isinstance(message.get("cell"), int):
                at, wait = message["cell"], patience["cell"]
            elif isinstance(message.get("problem"), dict):
                seen.problems.append(message["problem"])
            elif message.get("begin") in known:
                at, wait = message["begin"], patience["question"]
            elif message.get("question") in known:
                seen.results.setdefault(message["question"], message.get("result"))
            elif message.get("done") in known:
                used += _seconds(message.get("cpu"))
                if message["done"] not in seen.results:
                    seen.failures.setdefault(message["done"], str(message.get("ended")))
                at, wait = message["done"], patience["cell"]
            elif message.get("end"):
                used, finished = _seconds(message.get("cpu")), True
                break
        how = child.ended_by
    seen.cpu += used
    if finished and known <= seen.results.keys() | seen.failures.keys():
        return None, None
    if at is None or at in seen.results or at in seen.failures:
        return None, how  # between two questions: the next one has not begun, and a new sandbox tries it
    return at, how


def _steps(setup, questions):
    """Put cells and questions in the order of the notebook; what stands below the last answer is not run."""
    places = [(question["cells"][-1][0], 1, question) for question in questions]
    last = max((place for place, *_ in places), default=0)
    places += [(cell[0], 0, cell) for cell in setup if cell[0] < last]
    return [step for *_, step in sorted(places, key=lambda place: place[:2])]


def _seconds(value):
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e6 else 0.0


class _Child:
    """One child process, its messages, and its certain end."""

    def __init__(self, backend, limits, setup, questions, needs_sympy):
        self._scratch = tempfile.TemporaryDirectory(prefix="momentum-lab-grading-", ignore_cleanup_errors=True)
        self._start = backend.start(limits, self._scratch.name)
        self._nonce = secrets.token_hex(16).encode()
        own = {"processes": backend.process_limit(limits)}
        job = {
            "nonce": self._nonce.decode(), "limits": limits.plain() | own, "steps": _steps(setup, questions),
            "sympy": needs_sympy, "forks": backend.forks, "kernel": closed().hex(), "alone": backend.safe,
            **self._start.files,
        }  # fmt: skip
        self._job = json.dumps(job).encode()
        self._limit, self._memory = limits.output, limits.memory
        self._over = threading.Event()
        self._messages = queue.SimpleQueue()  # what can get into it is limited by `output`
        self.ended_by = ENDED

    def __enter__(self):
        # Only the start can complain here: before it runs anything, the child turns its own errors away.
        self._complaints = tempfile.TemporaryFile()
        self._process = subprocess.Popen(
            self._start.command, env=self._start.environment, cwd=self._scratch.name, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self._complaints, start_new_session=True,
        )  # fmt: skip
        self._threads = [
            threading.Thread(target=task, daemon=True) for task in (self._send, self._receive, self._watch)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._over.set()
        self._kill()
        for thread in self._threads:
            thread.join(1.0)  # longer only if a process that has escaped holds the pipe
        self._complaints.close()
        self._scratch.cleanup()

    def read(self, seconds):
        """Return the next message, or None when there is none in time or none will come."""
        try:
            return self._messages.get(timeout=seconds)
        except queue.Empty:
            self.ended_by = SILENT
            return None

    def last_words(self):
        """Return how a child ended that never got ready."""
        if self.ended_by == SILENT:
            return "It was not ready in time."
        self._complaints.seek(0)
        lines = self._complaints.read(100_000).decode("utf-8", "replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "It ended without a word.")

    def _send(self):
        try:
            with self._process.stdin as pipe:
                pipe.write(self._job)
        except (BrokenPipeError, OSError):
            pass  # it has ended; the other side will notice

    def _receive(self):
        """Read lines as long as they come; whatever does not carry the nonce is none of ours."""
        total = 0
        try:
            with self._process.stdout as pipe:
                while line := pipe.readline(self._limit):
                    total += len(line)
                    if total > self._limit:
                        self.ended_by = TOO_MUCH
                        break
                    nonce, _, text = line.partition(b" ")
                    if nonce == self._nonce and (message := _message(text)) is not None:
                        self._messages.put(message)
        except OSError:
            pass
        self._messages.put(None)

    def _watch(self):
        """End a submission whose processes together use more memory than one may."""
        while not self._over.wait(LOOK):
            if used(self._process.pid, self._memory) > self._memory:
                self.ended_by = TOO_LARGE
                self._process.kill()
                return

    def _kill(self):
        """End every process of the child's; with the sandbox's first process all others in it end."""
        if hasattr(os, "killpg"):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        if self._start.stop:
            subprocess.run(self._start.stop, capture_output=True, timeout=60)
        self._process.wait()


def _message(text):
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None
