"""Grade a batch: one row for every submission, in the order of the ids, whoever was done first."""

import multiprocessing
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field

from momentum_lab import __version__
from momentum_lab.checks import bank
from momentum_lab.grading.assess import GRADER, Settings, assess
from momentum_lab.grading.finding import unique
from momentum_lab.grading.limits import Limits
from momentum_lab.grading.matching import graded
from momentum_lab.grading.outcome import KILLED, UNREADABLE, fingerprint
from momentum_lab.grading.places import Unread
from momentum_lab.grading.sandbox import SandboxError
from momentum_lab.grading.store import Store
from momentum_lab.slips import Slip

AT_ONCE = 8  # submissions in the hands of the executor, for every worker; the others wait on the disk
BYTES_AT_ONCE = 64 << 20  # of all of them together; a larger one is there alone


@dataclass(frozen=True)
class Row:
    """How one submission has come out.

    Attributes
    ----------
    id, status, reason : str
        `status` is one of `outcome.STATUSES`, `reason` one sentence.
    questions : dict
        Outcome by question: `status`, `message`, `points`, `out_of`, `mistake`, `cell`, `notes`, and `manual` if a
        person has decided.
    notes, review : list of str
        About the file as a whole, and for a person to look at.
    version : str
        Of the course, the grader and the bank.
    cpu, seconds : float
        Processor seconds in the sandbox and time taken in all; no part of what must be the same every time.
    """

    id: str
    status: str
    reason: str
    questions: dict
    notes: list
    review: list
    version: str
    out_of: float
    cpu: float = field(default=0.0, compare=False)
    seconds: float = field(default=0.0, compare=False)

    @property
    def score(self):
        """Return the points of all questions."""
        return sum((outcome["points"] for outcome in self.questions.values()), 0.0)


def grade(
    submissions, lesson, executor=None, *, entries=None, hidden=False, jobs=1, sandbox="auto", image=None,
    limits=None, store=None, only=(), watch=None,
):  # fmt: skip
    """Grade submissions and return their rows in the order of the ids.

    Parameters
    ----------
    submissions : iterable of Submission
        See `finding.find`.
    lesson : str
        Such as "02".
    executor : concurrent.futures.Executor, optional
        Where the work is done; without one, `jobs` processes of this machine, or this one if `jobs` is 1.
    entries : dict, optional
        Bank entries by id; those of the course if left out.
    hidden : bool
        True for a secret bank: no message of a learner's error is passed on.
    sandbox, image : str
        See `sandbox.choose`.
    limits : Limits, optional
    store : Store, optional
        What is found there is not done again.
    only : collection of str
        Questions that are run again although they are stored; all others are taken from the store.
    watch : callable, optional
        Called with (done, all, row) after every submission.

    Returns
    -------
    list of Row
    """
    entries = bank.entries(lesson) if entries is None else entries
    if not graded(entries):
        raise Slip(f"There is nothing to grade in lesson {lesson!r}; known are: {', '.join(bank.lessons())}.")
    for key in set(only) - set(graded(entries)):
        raise Slip(f"There is no exercise {key!r}; known are: {', '.join(graded(entries))}.")
    settings = Settings(lesson, entries, sandbox, image, limits or Limits(), hidden)
    store = store or Store()
    submissions, rows = unique(submissions), {}
    with _workers(executor, jobs) as pool:
        for one, result in _results(submissions, settings, pool, store, only, jobs):
            rows[one.id] = _row(one, result, settings, store.overrides())
            if watch:
                watch(len(rows), len(submissions), rows[one.id])
    return [rows[one.id] for one in submissions]


# ------------------------------------------------------------------ handing out the work


class _Here:
    """Does the work at once, in this process."""

    def submit(self, function, *arguments):
        future = Future()
        try:
            future.set_result(function(*arguments))
        except Exception as error:
            future.set_exception(error)
        return future


def _submit(pool, *work):
    """Hand out a piece of work; a pool that takes nothing any more has failed it."""
    try:
        return pool.submit(*work)
    except Exception as error:
        future = Future()
        future.set_exception(error)
        return future


@contextmanager
def _workers(executor, jobs):
    if executor is not None:
        yield executor
    elif jobs <= 1:
        yield _Here()
    else:
        # Started anew and not forked: the same on every system, and nothing of ours leaks into a worker.
        with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _results(submissions, settings, pool, store, only, jobs):
    """Yield (submission, result) as they come, and store what is new."""
    running = {}
    for one in submissions:
        if one.trouble:
            yield one, _unopened(UNREADABLE, one.trouble)
            continue
        result, known = store.finished(one.digest, settings, only)
        if result is not None:
            yield one, result
            continue
        while running and not _is_room(one, running, jobs):
            yield from _collected(running, store, settings)
        try:
            running[_submit(pool, assess, one.read(), settings, known)] = one
        except Unread as error:
            yield one, _unopened(KILLED, str(error))
        if isinstance(pool, _Here):
            yield from _collected(running, store, settings)
    while running:
        yield from _collected(running, store, settings)


def _is_room(one, running, jobs):
    """True if another submission may be read into the memory."""
    sizes = [other.size for other in running.values()]
    return len(sizes) < AT_ONCE * max(jobs, 1) and sum(sizes) + one.size <= BYTES_AT_ONCE


def _collected(running, store, settings):
    """Wait for some of the work and yield it."""
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        one = running.pop(future)
        try:
            result = future.result()
        except SandboxError:
            raise
        except Exception as error:  # a worker has died: its submissions get a row, and a second run does them again
            result = _unopened(KILLED, f"A worker of the grader ended ({type(error).__name__}); grade it again.")
        else:
            store.keep(one.digest, settings, result)
        yield one, result


def _unopened(status, reason):
    return {"status": status, "reason": reason, "questions": {}, "notes": [], "review": [], "cpu": 0.0, "seconds": 0.0}


def _row(one, result, settings, overrides):
    questions = {key: dict(outcome) for key, outcome in result["questions"].items()}
    for key, entry in graded(settings.entries).items():
        if (one.id, key) in overrides:
            points, reason = overrides[one.id, key]
            blank = {"status": "", "message": "", "mistake": None, "cell": None, "notes": [], "check": ""}
            outcome = questions.get(key, blank | {"out_of": float(entry["points"])})
            questions[key] = outcome | {"points": points, "manual": reason}
    return Row(
        one.id, result["status"], result["reason"], questions, result["notes"], result["review"],
        version(settings), sum(float(entry["points"]) for entry in graded(settings.entries).values()),
        result["cpu"], result["seconds"],
    )  # fmt: skip


def version(settings):
    """Return what a score depends on besides the submission: course, grader, bank."""
    return f"{__version__}/{GRADER}/{fingerprint(graded(settings.entries))}"
