"""What runs in the sandbox: the learner's cells, and the probe beside them.

One interpreter serves one submission.  It runs the cells that belong to no question in their order, and forks
where an answer stands between them, so that whatever an answer does ends with its fork.  It gets the learner's
code and the inputs of the checks on its standard input; what goes out are observations as plain JSON, one a line.
There is no expected value in here, so whoever takes this process over can only tell us what his code has computed.

This file runs by itself: nothing of `momentum_lab.grading` can be imported in the sandbox.
"""

import builtins
import contextlib
import ctypes
import gc
import importlib.util
import json
import linecache
import os
import random
import signal
import sys
import time

try:
    import resource
except ImportError:  # Windows has no such limits
    resource = None

LONGEST = 4 << 20  # characters of one message
NO_NEW_RIGHTS, SET_FILTER = 38, 22  # of Linux's `prctl`
leave, own_number = os._exit, os.getpid  # by names of ours: a learner's code may put others in their place


class Channel:
    """Where messages go out; the learner's prints cannot get in between."""

    def __init__(self, nonce):
        self._nonce, self._encode, self._write = nonce, json.JSONEncoder().encode, os.write
        self._file = os.dup(1)
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nowhere, standard)

    def say(self, **message):
        """Send one message."""
        text = self._encode(message)
        if len(text) > LONGEST:
            text = self._encode({"question": message.get("question"), "result": {"too_large": True}})
        left = f"\n{self._nonce} {text}\n".encode()
        while left:
            left = left[self._write(self._file, left) :]


def load(path, name):
    """Import a file by its path."""
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def restrict(limits):
    """Set what holds for every process of this submission."""
    if resource is None:
        return
    wanted = {"AS": limits["memory"], "FSIZE": limits["file"], "CORE": 0, "NOFILE": 256, "NPROC": limits["processes"]}
    for name, value in wanted.items():
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if None not in (kind, value):
            _set_limit(kind, value, value)


def _set_limit(kind, soft, hard):
    highest = resource.getrlimit(kind)[1]
    if highest != resource.RLIM_INFINITY:
        soft, hard = min(soft, highest), min(hard, highest)
    with contextlib.suppress(ValueError, OSError):  # macOS knows some limits by name only
        resource.setrlimit(kind, (soft, hard))


def close_kernel(program):
    """Take away, for good, the system calls that the filter names."""
    if not program:
        return
    code = ctypes.create_string_buffer(bytes.fromhex(program))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    filtering = Filter(len(code) // 8, ctypes.addressof(code))
    control = ctypes.CDLL(None).prctl
    control(NO_NEW_RIGHTS, 1, 0, 0, 0)
    control(SET_FILTER, 2, ctypes.byref(filtering), 0, 0)


def run_cell(number, source, namespace, within, seconds):
    """Run one cell; return None, or how it stopped."""
    name, me = f"<cell {number}>", own_number()
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        with within(seconds):
            exec(compile(source, name, "exec", dont_inherit=True), namespace)
    except BaseException as error:  # a cell that ends the interpreter ends itself only
        return _describe(error, number, name, seconds)
    finally:
        if own_number() != me:
            leave(0)  # a copy that the cell has made of this process does not go on with our work
    return None


def _describe(error, number, name, seconds):
    line = getattr(error, "lineno", None) if isinstance(error, SyntaxError) else None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    kind = type(error).__name__
    if kind == "TimeUp":
        message = f"{seconds:g} seconds"
    else:
        message = error.msg if isinstance(error, SyntaxError) else _text(error)
    return {"cell": number, "type": kind, "message": message, "at": line}


def _text(error):
    try:
        return str(error)[:300]
    except BaseException:
        return ""


def answer(question, namespace, probe, limits):
    """Run the cells of a question and look at its answer."""
    *before, (number, source) = question["cells"]
    for cell in before:
        run_cell(*cell, namespace, probe.within, limits["cell"])
    item = question["item"]
    name = item.get("function") or item.get("variable")
    old = namespace.get(name)
    problem = run_cell(number, source, namespace, probe.within, limits["cell"])
    if problem and namespace.get(name) is old:
        return {"problem": problem}  # what an earlier copy has left does not count
    try:
        return {"seen": _look(namespace, item, probe, limits["calls"]), "stopped": problem}
    except BaseException as error:  # such as a KeyboardInterrupt in the learner's function
        return {"problem": _describe(error, number, f"<cell {number}>", limits["calls"])}


def _look(namespace, item, probe, seconds):
    if item["kind"] == "code":
        return probe.look(namespace, item, seconds)  # which keeps the time itself
    with probe.within(seconds):
        return probe.look(namespace, item)


def in_a_fork(work, limits, alone):
    """Run `work` in a process of its own; return how that ended and its processor seconds."""
    try:
        return _forked(work, limits)
    finally:
        if alone and own_number() < 100:  # in a sandbox numbers begin anew: every process here is a left-over
            with contextlib.suppress(OSError):
                os.kill(-1, signal.SIGKILL)


def _forked(work, limits):
    pid = _fork()
    if pid == 0:
        try:
            os.setpgid(0, 0)
            if resource is not None:
                _set_limit(resource.RLIMIT_CPU, limits["cpu"], limits["cpu"] + 1)
            work()
        finally:
            leave(0)
    end, pause = time.monotonic() + limits["question"], 0.001
    while True:
        done, status, used = os.wait4(pid, os.WNOHANG)
        if done:
            _kill_group(pid)  # what an answer has left running would take the room of the next one
            ended = f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "exit"
            return ended, used.ru_utime + used.ru_stime
        if time.monotonic() > end:
            _kill(pid)
            *_, used = os.wait4(pid, 0)
            return "time", used.ru_utime + used.ru_stime
        time.sleep(pause)
        pause = min(2 * pause, 0.02)


def _fork():
    """Fork; wait a little if the learner's code has left so many processes that there is no room for one."""
    for _ in range(40):
        try:
            return os.fork()
        except BlockingIOError:
            time.sleep(0.05)
    leave(0)


def _kill(pid):
    _kill_group(pid)
    with contextlib.suppress(OSError):
        os.kill(pid, signal.SIGKILL)


def _kill_group(pid):
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def processor_seconds():
    """Return what this interpreter and its forks have used."""
    if resource is None:
        return time.process_time()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def prepare(job):
    """Import what every question needs, before any code of the learner's runs; return the probe."""
    sys.path += job["paths"]
    gc.disable()  # imports make no waste, and looking for some takes a tenth of their time
    load(job["silent"], "silent").install()
    probe = load(job["probe"], "probe")
    if job["sympy"]:
        importlib.import_module("sympy")
    random.seed(0)
    sys.modules["numpy"].random.seed(0)
    gc.enable()
    return probe


def main():
    """Do one job."""
    job = json.loads(sys.stdin.buffer.read())
    channel, limits, forks = Channel(job["nonce"]), job["limits"], job["forks"]
    restrict(limits)
    close_kernel(job["kernel"])
    probe = prepare(job)
    namespace = {"__name__": "__main__", "__builtins__": builtins}
    channel.say(ready=True)
    for step in job["steps"]:
        if isinstance(step, list):
            channel.say(cell=step[0])
            problem = run_cell(*step, namespace, probe.within, limits["cell"])
            if problem:
                channel.say(problem=problem)
            continue

        def work(question=step):
            channel.say(question=question["id"], result=answer(question, namespace, probe, limits))

        channel.say(begin=step["id"])
        ended, cpu = in_a_fork(work, limits, job["alone"]) if forks else (work(), 0.0)
        channel.say(done=step["id"], ended=ended, cpu=cpu)
    channel.say(end=True, cpu=processor_seconds())
    leave(0)  # a thread that the learner's code has left behind is not waited for


if __name__ == "__main__":
    main()
