"""One answer is broken, in every way there is: the other questions keep their marks."""

import textwrap

import pytest
from grading_samples import (
    CHEAP,
    FAST,
    FIRST,
    POINTS,
    answers,
    assessed,
    code,
    lesson_entries,
    notebook,
    score,
    with_first,
)

from momentum_lab.grading.limits import Limits

pytestmark = pytest.mark.sandbox

HEAD = "def nesterov_step(theta, velocity, grad, lr, beta):\n"
RIGHT = answers(notebook())[FIRST]["source"]


def function(body):
    return HEAD + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ")


def right_after(first_lines):
    return textwrap.dedent(first_lines).strip("\n") + "\n" + RIGHT


# name: (first answer, status of the first question, a word of its message)
CASES = {
    # a wrong sign, and what is like it
    "uphill": (function("v = beta * velocity - lr * grad(theta - beta * velocity)\nreturn theta - v, v"), "wrong", ""),
    "added": (function("v = beta * velocity + lr * grad(theta - beta * velocity)\nreturn theta + v, v"), "wrong", ""),
    "not ahead": (function("v = beta * velocity + lr * grad(theta)\nreturn theta - v, v"), "wrong", ""),
    "inputs changed": (
        function(
            "ahead = theta - beta * velocity\nvelocity *= beta\nvelocity += lr * grad(ahead)\n"
            "return theta - velocity, velocity"
        ),
        "wrong",
        "",
    ),
    "not a number": (function("return theta * float('nan'), velocity"), "wrong", ""),
    # nothing, or something else, is returned
    "returns None": (function("return None"), "wrong", "returned None"),
    "no return": (function("theta = theta - lr * grad(theta)"), "wrong", "returned None"),
    "prints instead": (function("print(theta - lr * grad(theta))"), "wrong", "returned None"),
    "returns text": (function("return 'theta', 'velocity'"), "wrong", "array of numbers"),
    "returns one": (function("return theta"), "wrong", "it returned one array of shape (2,)"),
    "returns a class of its own": (function("return type('T', (), {})()"), "wrong", "must return"),
    "returns a giant": (function("return np.zeros(4_000_000), velocity"), "wrong", "shape"),
    "returns a deep list": (
        function("deep = []\nfor _ in range(500):\n    deep = [deep]\nreturn deep"),
        "wrong",
        "must return",
    ),
    "is a number": ("nesterov_step = 3", "not attempted", "There is no"),
    "is still blank": (answers(notebook(kind="exercises"))[FIRST]["source"], "not attempted", ""),
    "says it is not done": (function("raise NotImplementedError"), "not attempted", ""),
    # no Python
    "no colon": (RIGHT.replace("):", ")", 1), "error", "SyntaxError"),
    "open bracket": (RIGHT + "\nprint((1, 2)", "error", "SyntaxError"),
    "wrong indent": (RIGHT + "\n      x = 1", "error", "IndentationError"),
    "typographic quotes": (RIGHT + "\nprint(“done”)", "error", "SyntaxError"),
    "old print": (RIGHT + '\nprint "done"', "error", "SyntaxError"),
    "merge marks": ("<<<<<<< HEAD\n" + RIGHT, "error", "SyntaxError"),
    # Python, but it stops
    "unknown name": (function("return thetta, velocity"), "error", "NameError"),
    "zero division": (function("return theta / (1 // 0), velocity"), "error", "ZeroDivisionError"),
    "endless recursion": (function("return nesterov_step(theta, velocity, grad, lr, beta)"), "error", "RecursionError"),
    "cell stops before": ("1 / 0\n" + RIGHT, "error", "`1 / 0`"),
    "reads input": (function("return float(input()), velocity"), "error", "EOF"),
    "reads input in the cell": (right_after("rate = float(input('rate? '))"), "error", "EOF"),
    # never done
    "endless in the cell": (right_after("while True: pass"), "timeout", "loop"),
    "endless in the function": (function("while True: pass"), "timeout", "loop"),
    "endless generator": (right_after("sum(iter(int, 1))"), "timeout", "loop"),
    "sleeps": (function("import time\ntime.sleep(1e6)"), "timeout", "loop"),
    "swallows the alarm": (
        function("while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
        "timeout",
        "loop",
    ),
    "swallows the alarm in the cell": (
        right_after("while True:\n    try:\n        while True: pass\n    except BaseException: pass"),
        "timeout",
        "loop",
    ),
    "alarm switched off": (
        function("import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"),
        "timeout",
        "3 seconds",
    ),
    "busy in C": (function("return 7 ** 10 ** 9, velocity"), "timeout", ""),
    "a pattern that never ends": (function("import re\nre.match(r'(a+)+$', 'a' * 60 + 'b')"), "timeout", ""),
    "stops itself": (function("import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)"), "timeout", ""),
    # leaves
    "sys.exit in the cell": (right_after("import sys; sys.exit(0)"), "error", "SystemExit"),
    "sys.exit in the function": (function("import sys\nsys.exit(0)"), "error", "SystemExit"),
    "exit()": (right_after("exit()"), "error", "SystemExit"),
    "quit() in the function": (function("quit()"), "error", "SystemExit"),
    "raise SystemExit": (function("raise SystemExit('full marks')"), "error", "SystemExit"),
    "os._exit in the cell": (right_after("import os; os._exit(0)"), "killed", "ended its own process"),
    "os._exit in the function": (function("import os\nos._exit(0)"), "killed", "ended its own process"),
    "abort": (function("import os\nos.abort()"), "killed", "process"),
    "kills itself": (function("import os\nos.kill(os.getpid(), 9)"), "killed", "process"),
    "kills its parent": (function("import os\nos.kill(os.getppid(), 9)\nwhile True: pass"), "killed", "process"),
    "crashes": (function("import ctypes\nctypes.string_at(0)"), "killed", "crashed (signal 11)"),
    "becomes another program": (function("import os\nos.execv('/bin/true', ['true'])"), "killed", "process"),
    "KeyboardInterrupt": (function("raise KeyboardInterrupt"), "error", "KeyboardInterrupt"),
    "KeyboardInterrupt in the cell": (right_after("raise KeyboardInterrupt"), "error", "KeyboardInterrupt"),
    "GeneratorExit": (function("raise GeneratorExit"), "error", "GeneratorExit"),
    "an exception that cannot be printed": (
        "class Odd(Exception):\n    def __str__(self): raise ValueError\n" + function("raise Odd"),
        "error",
        "",
    ),
    # too much
    "asks for all memory": (function("return np.ones(10 ** 11), velocity"), "error", "1024 MB"),
    "eats memory": (function("rows = []\nwhile True: rows.append(bytes(10_000_000))"), "error", "1024 MB"),
    "writes a large file": (
        function("with open('/tmp/large', 'wb') as f:\n    for _ in range(200): f.write(bytes(1_000_000))"),
        "error",
        "OSError",
    ),
    "fork bomb": (function("import os\nwhile True: os.fork()"), "error", "BlockingIOError"),
    "thread bomb": (
        function("import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(9,)).start()"),
        "error",
        "RuntimeError",
    ),
    "a message without end": (function("raise ValueError('x' * 10 ** 7)"), "error", "ValueError"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_others_keep_their_marks(name):
    source, status, word = CASES[name]
    # Short limits only where a limit is what ends it: a busy machine must not turn one ending into another.
    row = assessed(with_first(source), limits=FAST if status == "timeout" else Limits())
    first = row["questions"][FIRST]
    assert (first["status"], first["points"]) == (status, 0), first
    assert word in first["message"]
    assert score(row) == POINTS - 2, row
    lost = status in ("timeout", "killed")
    assert row["status"] == ("partly graded" if lost else "graded")
    assert len(row["reason"].splitlines()) == 1 and (not lost or f"{FIRST}, cell {first['cell']}" in row["reason"])


# What is odd and right all the same.
HARMLESS = {
    "wants a debugger": right_after("breakpoint()"),
    "prints 100 MB": function("for _ in range(100): print('x' * 10 ** 6)") + RIGHT.split("\n", 1)[1].join(["\n", ""]),
    "prints in the cell": right_after("for _ in range(100): print('x' * 10 ** 6)"),
    "writes to its outputs": right_after("import os\nfor _ in range(50): os.write(1, b'x' * 10 ** 6)"),
    "closes its outputs": right_after("import sys\nsys.stdout.close(); sys.stderr = None"),
    "closes its inputs": right_after("import os\nos.close(0)"),
    "np.allclose is patched": right_after("np.allclose = lambda *a, **k: True"),
    "json.dumps is patched": right_after("import json\njson.dumps = lambda *a, **k: '{}'"),
    "os._exit is patched": right_after("import os\nos._exit = lambda code: None"),
    "a thread is left": right_after("import threading, time\nthreading.Thread(target=time.sleep, args=(99,)).start()"),
    "a process is left": right_after("import subprocess\nsubprocess.Popen(['sleep', '99'])"),
    "stops after the answer": RIGHT + "\n1 / 0",
    "leaves after the answer": RIGHT + "\nimport sys; sys.exit(0)",
    "a lambda": "nesterov_step = lambda t, v, g, lr, b: (t - (b * v + lr * g(t - b * v)), b * v + lr * g(t - b * v))",
    "a callable object": "class Step:\n    def __call__(self, t, v, g, lr, b):\n"
    "        v = b * v + lr * g(t - b * v)\n        return t - v, v\nnesterov_step = Step()",
    "other names": RIGHT.replace("theta", "x"),
    "with types": RIGHT.replace("lr, beta)", "lr: float, beta: float) -> tuple"),
}  # fmt: skip


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_odd_and_right_has_full_marks(name):
    row = assessed(with_first(HARMLESS[name]))
    assert (row["status"], score(row)) == ("graded", POINTS), row["questions"][FIRST]


def test_the_limit_of_processor_time_is_named():
    source = function("import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass")
    row = assessed(with_first(source), limits=Limits(cpu=1, question=20.0))
    outcome = row["questions"][FIRST]
    assert (outcome["status"], score(row)) == ("killed", POINTS - 2) and "1 s of processor time" in outcome["message"]


def test_an_untouched_notebook_is_not_attempted():
    row = assessed(notebook(kind="exercises"))
    assert (row["status"], score(row)) == ("not attempted", 0)


@pytest.mark.parametrize(
    ("expression", "status"),
    [
        ("z_**2 - (1 + beta_ + u_) * z_ + beta_", "wrong"),
        ("None", "not attempted"),
        ("'z**2'", "wrong"),
        ("3.5", "wrong"),
        ("lambda z: z", "wrong"),
        ("sympy.Symbol('strange')", "wrong"),
        ("sympy.factorial(10 ** 9)", "timeout"),
        ("sympy.zoo", "wrong"),
        ("sympy.Eq(z_, 1)", "wrong"),
        ("[z_, beta_]", "wrong"),
        ("(z_ - beta_) * (z_ - 1) + u_ * z_", "passed"),
    ],
)
def test_expressions(expression, status):
    nb = notebook("03")
    cell = answers(nb)["03.char_poly"]
    cell["source"] = f'import sympy\nz_, beta_, u_ = sympy.symbols("z beta u")\npolynomial = {expression}'
    row = assessed(nb, "03")
    assert row["questions"]["03.char_poly"]["status"] == status, row["questions"]["03.char_poly"]
    assert score(row) == 6 - (status != "passed")


@pytest.mark.parametrize("value", ["float('inf')", "np.array([1, 2])", "{}", "'2'", "1j", "...", "np", "10 ** 400"])
def test_numbers_that_are_none(value):
    nb = notebook()
    answers(nb)["05a.overshoot"]["source"] = f"lowest = {value}"
    row = assessed(nb)
    assert row["questions"]["05a.overshoot"]["status"] in ("wrong", "not attempted"), row
    assert score(row) == POINTS - 1


@pytest.mark.parametrize(
    "value", ["{}", "{'lr': float('nan'), 'beta': 0.5}", "[1]", "{'lr': 1e300, 'beta': 1}", "None"]
)
def test_settings_that_are_none(value):
    nb = notebook("01")
    answers(nb)["01.goal"]["source"] = f"goal = {value}"
    row = assessed(nb, "01")
    assert row["questions"]["01.goal"]["status"] in ("wrong", "not attempted"), row
    assert score(row) == 2


# ------------------------------------------------------------------ helpers that go wrong


HELPERS = {
    "endless": "while True: pass",
    "swallows the alarm": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "leaves": "import sys; sys.exit()",
    "ends the process": "import os; os._exit(1)",
    "kills all it can": "import os; os.kill(-1, 9)",
    "forks": "import os; os.fork()",
    "fork bomb": "import os\nwhile True: os.fork()",
    "is no Python": "for",
    "stops": "1 / 0",
    "plots": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    "explores": "from momentum_lab.explorers import CATALOGUE\nfor make in CATALOGUE.values(): make()\n"
    "from momentum_lab.explorers.dots_race import dots_race\ndots_race()",
    "asks": "from momentum_lab.quizzes import ask\nask('05a.order')\ndisplay(ask)\nget_ipython().run_cell('x')",
    "leaves a busy thread": "import threading, itertools\n"
    "threading.Thread(target=lambda: [0 for _ in itertools.count()]).start()",
}  # fmt: skip


@pytest.mark.parametrize("name", HELPERS)
def test_a_helper_that_goes_wrong_costs_nothing(name):
    nb = notebook()
    nb["cells"].insert(2, code(HELPERS[name]))
    nb["cells"].append(code(HELPERS[name]))
    row = assessed(nb)
    assert (row["status"], score(row)) == ("graded", POINTS), row
    if name in ("endless", "ends the process", "swallows the alarm"):
        assert any(note.startswith("Cell 3 ") for note in row["notes"]), row["notes"]


def test_every_kind_of_lesson_is_graded_in_full():
    for lesson in ("01", "02", "03", "04", CHEAP, "05b"):
        row = assessed(notebook(lesson), lesson)
        assert score(row) == sum(entry["points"] for entry in lesson_entries(lesson).values()), row
        assert not row["review"] and not row["notes"]


def test_a_lesson_is_graded_as_its_exercise_sheet_is():
    for lesson in ("01", "02", "03", "04", CHEAP, "05b"):
        nb, solved = notebook(lesson, "notebooks"), answers(notebook(lesson))
        for key, cell in answers(nb).items():
            cell["source"] = solved[key]["source"]
        row = assessed(nb, lesson)
        assert score(row) == sum(entry["points"] for entry in lesson_entries(lesson).values()), row
        assert not row["review"] and not row["notes"]
