"""What a hostile hour has found: every hole that it went through, and those beside it."""

import ctypes
import io
import json
import os
import re
import time
import zipfile
from dataclasses import replace

import pytest
from grading_samples import (
    CHEAP,
    FAST,
    FIRST,
    POINTS,
    answers,
    assessed,
    code,
    data,
    notebook,
    score,
    settings,
    with_first,
)

from momentum_lab.checks import bank
from momentum_lab.checks.judge import judge
from momentum_lab.grading import secrecy
from momentum_lab.grading.assess import assess
from momentum_lab.grading.exports import canvas, moodle
from momentum_lab.grading.feedback import markdown, page
from momentum_lab.grading.finding import find
from momentum_lab.grading.grade import Row
from momentum_lab.grading.kernel import MACHINES, closed
from momentum_lab.grading.limits import Limits
from momentum_lab.grading.matching import match
from momentum_lab.grading.memory import used
from momentum_lab.grading.outcome import _ended
from momentum_lab.grading.reader import MOST_CELLS, MOST_CODE, read
from momentum_lab.grading.review import flags

HEAD = "def nesterov_step(theta, velocity, grad, lr, beta):\n"
ENTRIES = bank.entries(CHEAP)


def row(name="a", said="", status="wrong"):
    """A row with one question."""
    outcome = {"status": status, "message": said, "points": 0.0, "out_of": 2.0, "mistake": None, "cell": 5, "notes": []}
    return Row(name, "graded", "0 of 1.", {FIRST: outcome}, [], [], "1", 2.0)


# ------------------------------------------------------------------ a secret bank


# A cell of no question runs in the process that holds the inputs of all questions, and the mark of its messages.
REACH = (
    "import sys, os, json\nframe = sys._getframe()\n"
    "while 'job' not in frame.f_locals:\n    frame = frame.f_back\n"
    "job = frame.f_locals['job']\n"
    "inputs = str([s['item']['cases'] for s in job['steps'] if isinstance(s, dict) and 'cases' in s['item']])[:250]\n"
)
SAY = REACH + (
    "def say(**message):\n"
    "    line = '\\n' + job['nonce'] + ' ' + json.dumps(message) + '\\n'\n"
    "    for number in range(3, 20):\n"
    "        try:\n            os.write(number, line.encode())\n"
    "        except OSError:\n            pass\n"
)
PROBLEM = f"say(question={FIRST!r}, result={{'problem': {{'type': 'TimeUp', 'message': inputs, 'cell': 1, 'at': 1}}}})"
CARRIERS = {
    "a helper's error": REACH + "raise ImportError(inputs)",
    "a forged time limit": SAY + PROBLEM,
    "a forged problem": SAY + PROBLEM.replace("TimeUp", "ValueError"),
    "a forged kind": SAY + PROBLEM.replace("'TimeUp'", "inputs[:50]"),
    "a forged cell": SAY + "say(problem={'type': 'ImportError', 'message': inputs, 'cell': 1})",
}


@pytest.mark.sandbox
@pytest.mark.parametrize("way", CARRIERS)
def test_a_cell_that_reads_the_hidden_inputs_cannot_tell_them(way):
    nb = notebook()
    nb["cells"].insert(2, code(CARRIERS[way]))
    row = assessed(nb, hidden=True)
    hidden = json.dumps({part: row[part] for part in row if part not in ("cpu", "seconds")})  # 0.123 s is no input
    inside = {f"{case['arguments']['lr']}" for case in ENTRIES[FIRST]["cases"]} | {"arguments", "minimum"}
    assert not [word for word in inside if len(word) > 3 and word in hidden]
    assert "arguments" in json.dumps(assessed(nb)), "with the open bank it is told: the test is not vacuous"


NUMBERS = {
    "a shape": "    return np.zeros((int(lr * 1e6), 77, 0)), velocity",
    "a distance": "    return theta + 1e6 * lr, velocity",
    "a count": "    return (1.0,) * int(10 + lr * 1000)",
}


@pytest.mark.sandbox
@pytest.mark.parametrize("way", NUMBERS)
def test_no_number_that_an_answer_chose_is_told_with_a_secret_bank(way):
    nb = with_first(HEAD + NUMBERS[way])
    message = assessed(nb, hidden=True)["questions"][FIRST]["message"]
    says = [case["says"] for case in ENTRIES[FIRST]["cases"]]
    assert not re.search(r"\d", message) and not [said for said in says if said in message]


@pytest.mark.sandbox
def test_the_line_at_which_an_answer_stops_is_not_told_with_a_secret_bank():
    """There may be a line for every value of an input."""
    for source in (HEAD + "    raise ValueError  # the line", "1 / 0  # the line\n" + HEAD + "    pass"):
        assert "the line" in assessed(with_first(source))["questions"][FIRST]["message"]
        message = assessed(with_first(source), hidden=True)["questions"][FIRST]["message"]
        assert "the line" not in message and "Error" in message


def test_a_goal_keeps_its_own_numbers_and_no_others():
    entry = bank.entries("04")["04.beat_polyak"]
    said = judge({"lr": 0.3123, "beta": 0.7}, entry).message
    assert re.search(r"step \d+ ", said)
    kept = secrecy.without_inputs(said, entry)
    assert not re.search(r"step \d+ on", kept) and kept.endswith(entry["goal"])
    outside = judge({"lr": 637.123, "beta": 0.5}, entry).message
    assert "637" in outside and "637" not in secrecy.without_inputs(outside, entry)


def test_points_and_cases_have_one_name_with_a_secret_bank():
    symbolic = bank.entries("02")["02.total"]
    for entry, said in [
        (symbolic, symbolic["says_points"]),
        (ENTRIES[FIRST], [c["says"] for c in ENTRIES[FIRST]["cases"]]),
    ]:
        for one in said:
            assert secrecy.without_inputs(f"It is off, with {one}.", entry) == f"It is off, with {secrecy.CASE}."


@pytest.mark.parametrize("how", ["signal 0.637", "signal 11 0.637", "signal 123456", "0.637"])
def test_the_end_of_a_process_is_no_place_for_words(how):
    assert how not in " ".join(_ended(how, Limits()))
    assert "signal 11" in _ended("signal 11", Limits())[1]


# ------------------------------------------------------------------ the time outside the sandbox


def grown(*cells):
    nb = notebook()
    nb["cells"] += [code(source) for source in cells]
    return data(nb)


TOO_MUCH = {
    "copies": [f"lowest = {i}" for i in range(30_000)],
    "empty cells": [""] * 50_000,
    "lines": ["lowest = 1\n" * 500_000],
    "functions": ["\n".join(f"def f{i}(): return f{i + 1}()" for i in range(20_000))],
    "levels": ["\n".join(" " * i + "if 1:" for i in range(2000)) + "\n" + " " * 2000 + "pass"],
}


@pytest.mark.parametrize("way", TOO_MUCH)
def test_a_monstrous_notebook_is_turned_away_at_once(way):
    text = grown(*TOO_MUCH[way])
    begin = time.process_time()
    result = assess(text, settings())
    assert result["status"] == "unreadable" and "are not graded" in result["reason"] and not result.get("failed")
    assert time.process_time() - begin < 5


LARGEST_ALLOWED = {
    "copies": [f"lowest = {i}" for i in range(MOST_CELLS - 50)],
    "a chain": [f"a{i} = a{i + 1}" for i in range(MOST_CELLS - 50)] + ["lowest = a0"],
    "lines": ["x = 1\n" * (MOST_CODE // 8)],
    "functions": ["\n".join(f"def f{i}(): return f{i + 1}()" for i in range(5000))],
}


@pytest.mark.parametrize("way", LARGEST_ALLOWED)
def test_what_is_just_small_enough_takes_seconds(way):
    text = grown(*LARGEST_ALLOWED[way])
    begin = time.process_time()
    read_ = read(text)
    flags(read_, match(read_, ENTRIES))
    assert time.process_time() - begin < 15


# ------------------------------------------------------------------ an archive in an archive


def packed(files, level=1):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return stream.getvalue()


INNER = {
    "many bytes": lambda: packed([(f"{i}.bin", b"{" + bytes(30 << 20)) for i in range(5)]),
    "many files": lambda: packed([(f"{i}.ipynb", b"{}") for i in range(400)]),
    "larger than is read": lambda: packed([("a.ipynb", bytes(51 << 20))]),
}


@pytest.mark.parametrize("way", INNER)
def test_an_archive_of_one_learner_costs_the_others_nothing(tmp_path, way):
    inner = INNER[way]()
    names = [(f"a{i}.zip", inner) for i in range(2)] + [("bob.ipynb", data(notebook()))]
    (tmp_path / "class.zip").write_bytes(packed(names))
    found = find([tmp_path / "class.zip"])
    ids = [one.id for one in found]
    assert "class/bob" in ids and len(found) < 500 and not next(o for o in found if o.id == "class/bob").trouble
    for learner in ("class/a0", "class/a1"):
        assert [one for one in found if one.id.startswith(learner) and one.trouble], (
            "the rest is not passed over in silence"
        )


# ------------------------------------------------------------------ somebody else's mark


@pytest.mark.parametrize("inside", ["/alice_333_444_w", "/x/alice_333_444_w", "/alice_LATE_333_444_w"])
def test_the_name_inside_a_learners_archive_is_nobodys_number(inside):
    for top in ("mallory_222_555_work", "class/mallory_222_555_work", "class/mallory_LATE_222_555_work"):
        text = canvas([row(top + inside)], ENTRIES)["canvas.csv"]
        assert "mallory,222," in text and "333" not in text
    name = f"Mallory X_222_assignsubmission_file_{inside.replace('_444_', '_assignsubmission_file_')}"
    assert "Participant 222,Mallory X" in moodle([row(name)], ENTRIES)["moodle.csv"]


# ------------------------------------------------------------------ what a reader's program would obey


def test_moodle_gets_no_elements_of_a_learners():
    text = moodle([row(said="ValueError: <img src='http://evil.example/x.png'>")], ENTRIES)["moodle.csv"]
    assert "<img" not in text and "&lt;img" in text


ODD = ["esc\x1b[31m", "\x9b31m", "\u202eevil", "\u2066x", "a\x00b", "\x07", "\u2028x"]


@pytest.mark.parametrize("odd", ODD)
def test_a_file_name_cannot_steer_a_terminal_or_turn_a_line(odd):
    one = row(odd, said=f"ValueError: {odd}")
    for text in (markdown(one, ENTRIES), page(one, ENTRIES)):
        assert not [c for c in text if not c.isprintable() and c != "\n"]


@pytest.mark.parametrize("ticks", ["`", "``", "```", "` ``", "`` `", "\\`", "``\\`"])
def test_backticks_open_no_element_in_markdown(ticks):
    said = f"ValueError: {ticks} <img src=x> ![q](http://evil.example) {ticks} <b> in the line `raise {ticks} <i>`."
    line = next(line for line in markdown(row(said=said), ENTRIES).splitlines() if "ValueError" in line)
    assert "``" not in line  # so a code is what is between two single ones, for every reader of Markdown
    outside = re.sub(r"\\.", "", line)
    outside = re.sub(r"`[^`]+`", "", outside)
    assert "<" not in outside and "[" not in outside


# ------------------------------------------------------------------ the kernel and the memory


def said(expression, setup="import os, ctypes"):
    """What an expression is inside the sandbox."""
    result = assessed(with_first(f"{setup}\n{HEAD}    raise ValueError({expression})"))
    return result["questions"][FIRST]["message"].partition("ValueError: ")[2]


CALL = (
    "import ctypes\nlibrary = ctypes.CDLL(None, use_errno=True)\n"
    "def call(name, *arguments):\n"
    "    return getattr(library, name)(*arguments) < 0 and ctypes.get_errno() == 1\n"
)


REFUSED = (
    "unshare, 0x10000000", "unshare, 0x20000", "mount, b'x', b'/tmp', b'tmpfs', 0, None", "ptrace, 16, 1, 0, 0",
    "memfd_create, b'x', 0", "shmget, 0, 4096, 0o1600", "msgget, 0, 0o1600", "semget, 0, 1, 0o1600",
)  # fmt: skip


@pytest.mark.sandbox
def test_the_kernel_refuses_what_no_exercise_needs():
    calls = [f"call('{name}',{rest})" for name, _, rest in (one.partition(",") for one in REFUSED)]
    assert said(f"repr([{', '.join(calls)}])", CALL).startswith(repr([True] * len(REFUSED)))


@pytest.mark.sandbox
def test_threads_and_processes_still_start():
    setup = (
        "import threading, subprocess\nseen = []\nthread = threading.Thread(target=seen.append, args=(1,))\n"
        "thread.start()\nthread.join()\nseen.append(subprocess.run(['true']).returncode)"
    )
    assert said("repr(seen)", setup).startswith("[1, 0]")


@pytest.mark.parametrize("machine", MACHINES)
def test_every_jump_of_the_filter_ends_inside_it(machine):
    program = closed(machine)
    lines = [program[i : i + 8] for i in range(0, len(program), 8)]
    assert len(program) % 8 == 0 and len(lines) > 30
    for place, line in enumerate(lines):
        kind, yes, no = line[0], line[2], line[3]
        if kind != 0x06:
            assert place + 1 + max(yes, no) < len(lines)
            for target in {place + 1 + yes, place + 1 + no} if kind in (0x15, 0x35, 0x45) else ():
                assert target == place + 1 or lines[target][0] in (0x06, 0x20)
    assert closed("pdp11") == b""


@pytest.mark.sandbox
def test_the_memory_of_all_processes_counts_together():
    source = (
        f"import os, time\n{HEAD}    for _ in range(4):\n        if os.fork() == 0:\n"
        "            held = b'x' * (150 << 20)\n            time.sleep(20)\n            os._exit(0)\n"
        "    time.sleep(20)\n"
    )
    limits = replace(FAST, memory=512 << 20, calls=6.0, question=8.0)
    result = assessed(with_first(source), limits=limits)
    assert result["questions"][FIRST]["message"] == "Its processes used more than 512 MB of memory together."
    assert score(result) == POINTS - 2


def test_what_processes_share_counts_once():
    held = ctypes.create_string_buffer(b"x" * (64 << 20))
    plain, exact = used(os.getpid(), 1 << 40), used(os.getpid(), 0)
    assert len(held) < exact <= plain


@pytest.mark.sandbox
@pytest.mark.parametrize("hidden_in", ["", "os.setsid()"])
def test_what_an_answer_leaves_running_takes_no_room_from_the_next_one(hidden_in):
    nb = with_first(
        f"import os, time\n{answers(notebook())[FIRST]['source']}\nfor _ in range(200):\n    try:\n"
        f"        if os.fork() == 0:\n            {hidden_in or 'pass'}\n            time.sleep(30)\n"
        "            os._exit(0)\n    except OSError:\n        break\n"
    )
    result = assessed(nb)
    assert score(result) == POINTS, result["questions"]


# ------------------------------------------------------------------ what a person should look at


@pytest.mark.parametrize(
    "source",
    ["import momentum_lab as m\nimport momentum_lab.optimizers\n{}    m.optimizers.Nesterov",
     "import momentum_lab.optimizers as quiet\n{}    quiet.Nesterov",
     "from momentum_lab import optimizers as o\n{}    o.RULES"],
)  # fmt: skip
def test_the_library_under_a_nickname_is_seen(source):
    cells = read(data(with_first(source.format(HEAD))))
    assert any("answers with the library" in flag for flag in flags(cells, match(cells, ENTRIES)))


def test_an_archive_in_a_folder_has_the_room_of_one_learner(tmp_path):
    (tmp_path / "a.zip").write_bytes(INNER["many files"]())
    (refused,) = find([tmp_path])
    assert "name this archive" in refused.trouble and len(find([tmp_path / "a.zip"])) == 400
