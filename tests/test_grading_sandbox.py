"""What a submission can reach, what it can forge, and what it leaves behind."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from grading_samples import (
    CHEAP,
    FAST,
    FIRST,
    POINTS,
    answers,
    assessed,
    code,
    copied,
    data,
    lesson_entries,
    notebook,
    score,
    with_first,
)
from hypothesis import given
from hypothesis import strategies as st

from momentum_lab.checks import bank
from momentum_lab.checks.judge import judge
from momentum_lab.grading import bubblewrap, sandbox, session
from momentum_lab.grading.assess import public
from momentum_lab.grading.container import Container
from momentum_lab.grading.review import flags
from momentum_lab.grading.sandbox import SandboxError
from momentum_lab.grading.validating import Malformed, observations, words
from momentum_lab.slips import Slip

HEAD = "def nesterov_step(theta, velocity, grad, lr, beta):\n"
RIGHT = answers(notebook())[FIRST]["source"]


def said(expression, setup="import os, sys", **options):
    """What an expression is inside the sandbox, by way of an exception's message."""
    row = assessed(with_first(f"{setup}\n{HEAD}    raise ValueError({expression})"), **options)
    return row["questions"][FIRST]["message"].partition("ValueError: ")[2]


# ------------------------------------------------------------------ what can be reached


@pytest.mark.sandbox
def test_nothing_of_the_course_but_the_library_lies_there():
    walk = (
        "tops = set(os.listdir('/')) - {'proc', 'usr', 'lib', 'lib64', 'bin'}\n"
        "found = [os.path.join(p, f) for top in tops for p, _, fs in os.walk('/' + top) for f in fs]\n"
        "odd = [f for f in found if f.endswith(('.bank', '.solutions', '.secret', '.ipynb', '.sqlite'))\n"
        "       or '/momentum_lab/checks' in f or '/momentum_lab/grading' in f or '/course/' in f]\n"
        "odd = [f for f in odd if '/site-packages/nbgrader/' not in f]"  # it brings notebooks of its own
    )
    long = {"limits": replace(FAST, cell=20.0, question=30.0)}  # there are many packages to walk through
    assert said("repr(odd)", f"import os\n{walk}", **long).startswith("[]")
    assert said("str(len(found) > 500)", f"import os\n{walk}", **long).startswith("True")


def words_behind(command, word):
    return [command[i + 1] for i, one in enumerate(command) if one == word]


def test_the_course_is_hidden_where_it_is_installed(tmp_path, monkeypatch):
    """Installed among the packages, or a clone below a folder that is shown."""
    site = tmp_path / "usr" / "clone" / ".venv" / "site-packages"
    site.mkdir(parents=True)
    usr = tmp_path / "usr"
    monkeypatch.setattr(bubblewrap, "PACKAGE", site / "momentum_lab")
    command = bubblewrap._trees([usr], [site])
    assert words_behind(command, "--tmpfs")[-1] == str(site / "momentum_lab")
    monkeypatch.setattr(bubblewrap, "PACKAGE", usr / "clone" / "momentum_lab")
    command = bubblewrap._trees([usr], [site])
    shown = [command.index(str(usr)), command.index(str(usr / "clone"), 2), len(command) - 1]
    assert words_behind(command, "--ro-bind") == [str(usr), str(site)] and words_behind(command, "--tmpfs") == [
        str(usr / "clone")
    ]
    assert shown == sorted(shown), "first the system, then the hiding, then the packages again"


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        ("os.path.exists('/etc/passwd')", "False"),
        ("os.path.exists('/home')", "False"),
        (f"os.path.exists({str(Path(__file__))!r})", "False"),
        ("[k for k in os.environ if 'PATH' in k or 'TOKEN' in k]", "['PATH']"),
        ("os.getuid() == 0", "False"),
        ("len([p for p in os.listdir('/proc') if p.isdigit()]) < 6", "True"),
        ("[line for line in open('/proc/self/status') if 'CapEff' in line and line.split()[1].strip('0')]", "[]"),
        ("os.access('/', os.W_OK) or os.access('/lab', os.W_OK) or os.access('/dev/shm', os.W_OK)", "False"),
        ("'momentum_lab.checks.bank' in sys.modules", "False"),
        (f"[n for n in os.listdir('/tmp') if n not in {Path(__file__).parts!r}]", "[]"),  # the course may lie there
    ],
)
def test_the_system_is_closed(expression, wanted):
    assert said(f"str({expression})").startswith(wanted)


@pytest.mark.sandbox
def test_there_is_no_network():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        for address in (("127.0.0.1", port), ("192.0.2.1", 80), ("::1", port)):
            row = assessed(
                with_first(
                    f"import socket\n{HEAD}    socket.create_connection({address}, 2)\n    return theta, velocity"
                )
            )
            assert row["questions"][FIRST]["status"] == "error" and score(row) == POINTS - 2
            assert any("network" in sentence for sentence in row["review"])


@pytest.mark.sandbox
def test_the_checks_are_a_stand_in_and_the_library_is_real():
    source = (
        "from momentum_lab.checks import bank, check\nfrom momentum_lab.checks.bank import load\n"
        "entry = load('05a.nag_step')['expected']"
    )
    assert said("'<' + repr(entry) + repr(check('05a.nag_step')) + '>'", source).startswith("<>")
    borrowed = "from momentum_lab.optimizers import Nesterov\n" + RIGHT
    row = assessed(with_first(borrowed))
    assert score(row) == POINTS


@pytest.mark.sandbox
def test_scratch_space_is_private_and_limited():
    fill = "for i in range(20):\n    open(f'/tmp/{i}', 'wb').write(bytes(9_000_000))\n"
    row = assessed(with_first(fill + RIGHT))
    assert row["questions"][FIRST]["status"] == "error" and "No space left" in row["questions"][FIRST]["message"]


@pytest.mark.sandbox
def test_no_submission_sees_what_another_has_left():
    assessed(with_first("open('/tmp/mine', 'w').write('the answer')\n" + RIGHT))
    assert said("str(os.path.exists('/tmp/mine'))").startswith("False")


# ------------------------------------------------------------------ what is expected never goes in


def test_the_public_part_holds_nothing_expected():
    for lesson in bank.lessons():
        for key, entry in lesson_entries(lesson).items():
            marked = copied(entry)
            for name in ("expected", "mistakes", "forms", "praise", "hints", "properties", "low", "high"):
                marked[name] = "CANARY"
            for case in marked.get("cases", ()):
                case["says"] = "CANARY"
            assert "CANARY" not in json.dumps(public(marked)), key


@pytest.mark.sandbox
def test_messages_without_the_nonce_are_ignored_and_forged_ones_earn_nothing():
    forge = (
        "import json, os\nline = json.dumps({'question': '05a.overshoot', 'result': {'seen': {'x': 1}}})\n"
        "for f in range(3, 20):\n    try: os.write(f, ('\\n0123 ' + line + '\\n').encode())\n    except OSError: pass\n"
    )
    assert score(assessed(with_first(forge + RIGHT))) == POINTS
    nonce = "import gc\nchannel = [o for o in gc.get_objects() if type(o).__name__ == 'Channel'][0]\n"
    for message in (
        "end=True, cpu=0",
        "question='05a.overshoot', result={'seen': {'shape': [9]}}",
        "done=7",
        "cell=1e9",
    ):
        row = assessed(with_first(nonce + f"channel.say({message})\n" + RIGHT))
        assert score(row) >= POINTS - 2 and row["status"] in ("graded", "partly graded"), (message, row)
        assert row["review"], "who looks into Python is listed"
    flood = nonce + "while True: channel.say(question='05a.overshoot', result='x' * 3_000_000)\n"
    row = assessed(with_first(flood + RIGHT))
    assert row["questions"][FIRST]["status"] in ("killed", "timeout") and score(row) >= 2


GOOD = {"shape": [], "dtype": "float64", "data": [1.0]}
MALFORMED = [
    3, "x", [], {}, [{}], [{"returned": None, "changed": [], "asked_at": [], "error": None}] * 99,
    {"shape": [1], "dtype": "float64", "data": []}, {"shape": [-1], "dtype": "float64", "data": []},
    {"shape": ["1"], "dtype": "float64", "data": [1]}, {"shape": [], "dtype": 5, "data": [1.0]},
    {"shape": [], "dtype": "float64", "data": ["1"]}, {"shape": [], "dtype": "float64", "data": [10**400]},
    {"parts": [{"parts": [{"parts": [{"parts": [{"parts": [{"parts": []}]}]}]}]}]}, {"parts": "xx"},
    {"values": ["1/0"]}, {"values": ["1e99/1"]}, {"values": []}, {"values": None}, {"lr": "0.1"}, {"lr": [1]},
    {"question": 1}, True, 1e400, {"shape": [True], "dtype": "float64", "data": [1.0]},
]  # fmt: skip


@pytest.mark.parametrize("seen", MALFORMED, ids=repr)
def test_the_judge_gets_only_what_the_probe_would_write(seen):
    for lesson, key in (("05a", FIRST), ("05a", "05a.overshoot"), ("03", "03.char_poly"), ("01", "01.goal")):
        entry = lesson_entries(lesson)[key]
        if entry["kind"] == "goal" and isinstance(seen, str | dict):
            continue  # a text and an empty mapping are what the probe writes for some answers
        with suppress(Malformed):
            assert observations(seen, entry) is not seen
    with pytest.raises(Malformed):
        observations(seen, lesson_entries()[FIRST])


@pytest.mark.parametrize(
    "value", ["1/0", "1e99/1", "0x1/2", " 1/2", "1/2; 3", "1", "9" * 700 + "/1", None, [], True, 10**400]
)
def test_a_fraction_is_a_fraction(value):
    entry = lesson_entries("03")["03.char_poly"]
    count = len(entry["at"])
    good = observations({"values": ["-1/2"] * (count - 1) + [0.5]}, entry)
    assert judge(good, entry).status == "wrong"
    with pytest.raises(Malformed):
        observations({"values": ["-1/2"] * (count - 1) + [value]}, entry)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(["shape", "dtype", "data", "parts", "none", "other", "values", "problem"]), inside
        )
        | st.fixed_dictionaries(
            {
                "shape": st.sampled_from([[], [1], [2]]),
                "dtype": st.just("float64"),
                "data": st.lists(st.floats(), max_size=2),
            }
        )
    ),
    max_leaves=8,
)


@given(VALUES)
def test_what_gets_through_can_be_judged(value):
    seen = [{"returned": value, "changed": ["theta"], "asked_at": [value], "error": None}]
    for lesson, key in (("05a", FIRST), ("05a", "05a.overshoot"), ("03", "03.char_poly"), ("01", "01.goal")):
        entry = lesson_entries(lesson)[key]
        whole = seen * len(entry["cases"]) if "cases" in entry else value
        with suppress(Malformed):
            assert isinstance(judge(observations(whole, entry), entry).message, str)


def test_words_hold_no_address_and_no_control_character():
    assert words("<f at 0x7f3a2b1c>\x1b[31m\n\ud800 x") == "<f at 0x…> [31m x"
    assert len(words("x" * 10**6)) == 300 and words(None) == ""


# ------------------------------------------------------------------ nothing is left


def mine():
    return {p.pid for p in psutil.Process().children(recursive=True)}


@pytest.mark.sandbox
def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # the usual one has those of other tests
    before, files = mine(), set(os.listdir(tempfile.gettempdir()))
    sources = [
        "import subprocess\nsubprocess.Popen(['sleep', '77'], start_new_session=True)\n" + RIGHT,
        "import os\nif os.fork() == 0:\n    os.setsid()\n    import time\n    time.sleep(77)\n" + RIGHT,
        "while True: pass",
        "import os; os._exit(3)",
    ]
    for source in sources:
        assessed(with_first(source))
    end = time.monotonic() + 5
    while mine() - before and time.monotonic() < end:
        time.sleep(0.05)
    assert not mine() - before
    assert not [p for p in psutil.process_iter(["cmdline"]) if p.info["cmdline"] == ["sleep", "77"]]
    left = set(os.listdir(tempfile.gettempdir())) - files
    assert not [name for name in left if name.startswith("momentum-lab-grading")]


# ------------------------------------------------------------------ the other back-ends


def test_without_a_sandbox_answers_are_graded_too():
    for source, points in ((RIGHT, 5), ("while True: pass", 3), ("import os; os._exit(0)", 3), ("1 / 0", 3)):
        assert score(assessed(with_first(source), backend="none")) == points


def test_without_forks_every_question_has_an_interpreter(monkeypatch):
    from momentum_lab.grading.unprotected import Unprotected

    monkeypatch.setattr(Unprotected, "forks", False)
    backend, entries = Unprotected(), lesson_entries()
    cells = answers(with_first("import os; os._exit(0)"))
    questions = [{"id": k, "cells": [[3, cells[k]["source"]]], "item": public(e)} for k, e in entries.items()]
    seen = session.observe(backend, FAST, [[1, "import numpy as np"]], questions, False)
    assert set(seen.results) == set(entries) - {FIRST} and seen.starts == len(entries)


def test_a_sandbox_that_does_not_start_is_no_submissions_fault(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    for name in ("auto", "bwrap", "container"):
        with pytest.raises(SandboxError, match=r"install|Podman"):
            sandbox.choose(name)
    with pytest.raises(Slip):
        sandbox.choose("jail")


def test_a_container_gets_no_network_and_a_name_to_end_it_by():
    container = Container("some/image")
    container.program = "podman"
    start = container.start(FAST, "/nowhere")
    command = " ".join(start.command)
    assert "--network none" in command and "--read-only" in command and "--pids-limit 64" in command
    assert "--pull never" in command and "/checks/banks" not in command and ".solutions" not in command
    assert list(start.stop[:2]) == ["podman", "kill"] and start.stop[2] in start.command


# ------------------------------------------------------------------ the review list

ATTEMPTS = {
    "import os\nhere = list(os.walk('/'))": "looks through files",
    "from os import walk\nhere = list(walk('/'))": "looks through files",
    "import glob": "looks through files",
    "x = open('/etc/passwd').read()": "opens a file",
    "import socket": "network",
    "from urllib.request import urlopen": "network",
    "import subprocess": "processes",
    "import numpy as np\nnp.allclose = lambda *a, **k: True": "changes the library",
    "import numpy\nsetattr(numpy, 'allclose', None)": "changes the library",
    "import json as j\nj.dumps = None": "changes the library",
    "import gc": "looks into Python",
    "import sys\nsys._getframe(1)": "looks into Python",
    "from momentum_lab.checks import bank": "reaches for the checks",
    "import momentum_lab.checks.bank": "reaches for the checks",
    "x = eval('1')": "evaluates text",
    "path = '/proc/self/environ'": "names a file",
    "import os\nos.kill(1, 9)": "ends processes",
}


@pytest.mark.parametrize("source", ATTEMPTS)
def test_an_attempt_is_listed(source):
    from momentum_lab.grading.matching import match
    from momentum_lab.grading.reader import read

    nb = notebook()
    nb["cells"].insert(3, code(source))
    notebook_read = read(data(nb))
    (said, *more) = flags(notebook_read, match(notebook_read, lesson_entries()))
    assert said.startswith("Cell 4 ") and ATTEMPTS[source] in said + " ".join(more)


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "source",
    [
        "from momentum_lab.optimizers import Nesterov\n"
        + HEAD
        + "    return Nesterov(lr, beta).step(theta, velocity, grad)",
        "import momentum_lab.optimizers as o\n" + HEAD + "    return o.Nesterov(lr, beta)",
        HEAD + "    import momentum_lab.running\n    return momentum_lab.running.run",
    ],
)
def test_an_answer_that_calls_the_library_is_listed(source):
    row = assessed(with_first(source))
    assert any("answers with the library" in sentence for sentence in row["review"])


@pytest.mark.sandbox
def test_an_edited_check_is_listed_and_a_deleted_one_is_not():
    nb = notebook()
    checks = [c for c in nb["cells"] if c["metadata"].get("momentum_lab", {}).get("role") == "check"]
    checks[0]["source"] = "assert True"
    checks[1]["source"] = ""
    nb["cells"].remove(checks[2])
    row = assessed(nb)
    assert score(row) == POINTS and len(row["review"]) == 1 and "edited" in row["review"][0]


def test_the_courses_own_notebooks_raise_no_alarm():
    from momentum_lab.grading.matching import match
    from momentum_lab.grading.reader import read

    for lesson in bank.lessons():
        for kind in ("solutions", "exercises", "notebooks"):
            notebook_read = read(data(notebook(lesson, kind)))
            assert flags(notebook_read, match(notebook_read, lesson_entries(lesson))) == []


@pytest.mark.skipif(sys.platform == "win32", reason="processor seconds are not counted there")
@pytest.mark.sandbox
def test_a_submission_costs_little():
    """The targets are 0.3 and 0.6 processor seconds; a busy machine may need half as much again."""
    for lesson, most in ((CHEAP, 0.3), ("03", 0.6)):
        assert min(assessed(notebook(lesson), lesson)["cpu"] for _ in range(2)) < 1.5 * most


# ------------------------------------------------------------------ what is compiled once


def test_packages_are_compiled_once_and_not_for_every_submission(tmp_path, monkeypatch):
    (tmp_path / "a_new_package").mkdir()
    (tmp_path / "a_new_package" / "__init__.py").write_text("import a_new_package.part\n")
    (tmp_path / "a_new_package" / "part.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)

    def compiled():
        return sorted(file.name.partition(".")[0] for file in tmp_path.rglob("*.pyc"))

    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    sandbox.keep_compiled(["a_new_package"])
    assert compiled() == []  # whoever has switched that off does not get it
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    sandbox.keep_compiled(["a_new_package"])
    assert compiled() == ["__init__", "part"] and "a_new_package" not in sys.modules
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("compiled again"))
    sandbox.keep_compiled(["a_new_package"])
