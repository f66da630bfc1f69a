"""Grading in real containers, from an image that is made of this machine's own files."""

import subprocess
import sys

import container_image
import pytest
from grading_samples import CHEAP, FAST, FIRST, POINTS, answers, data, notebook, with_first

from momentum_lab.grading.container import Container
from momentum_lab.grading.finding import Submission
from momentum_lab.grading.grade import grade
from momentum_lab.grading.sandbox import SandboxError

pytestmark = [pytest.mark.full, pytest.mark.skipif(sys.platform != "linux", reason="the image is made of this machine")]

HEAD = "def nesterov_step(theta, velocity, grad, lr, beta):\n"
RIGHT = answers(notebook())[FIRST]["source"]


@pytest.fixture(scope="module")
def image():
    container = Container(container_image.NAME)
    try:
        container.look()
    except SandboxError as error:
        pytest.skip(f"{error} (Debian: apt install podman catatonit)")
    name = container_image.make(container.program)
    # A container program may be installed and not fit the system; our own options are not in this command.
    plain = [container.program, "run", "--rm", "--network", "none", name, "python3", "-c", "import numpy, sympy"]
    tried = subprocess.run(plain, capture_output=True, text=True)
    if not tried.returncode:
        yield name
    subprocess.run([container.program, "rmi", "--force", name], check=True, capture_output=True)
    if tried.returncode:
        pytest.skip(f"{container.program} starts no container here: {tried.stderr.strip().splitlines()[-1]}")
    left = subprocess.run([container.program, "ps", "--all", "--format", "{{.Names}}"], capture_output=True, text=True)
    assert "momentum-lab-" not in left.stdout


def graded(image, source, lesson=CHEAP, limits=FAST):
    nb = with_first(source) if source else notebook(lesson)
    (row,) = grade([Submission("one", data(nb))], lesson, sandbox="container", image=image, limits=limits)
    return row


@pytest.mark.parametrize("lesson", [CHEAP, "02"])
def test_a_right_notebook_gets_full_points(image, lesson):
    row = graded(image, "", lesson, limits=None)
    assert row.status == "graded" and row.score == row.out_of > 4, row


@pytest.mark.parametrize(
    "source",
    [
        HEAD + "    return theta, velocity",
        "while True: pass",
        "import os; os._exit(0)",
        "import os, signal; os.kill(os.getppid(), signal.SIGKILL)",
        "import os, time\nwhile os.fork() >= 0: pass",
        "hold = [bytearray(1 << 26) for _ in range(64)]",
        "open('/tmp/full', 'wb').write(bytes(60_000_000))",
        "import socket\nsocket.create_connection(('192.0.2.1', 80), 2)",
    ],
)
def test_what_goes_wrong_costs_one_question(image, source):
    assert graded(image, source).score == POINTS - 2


SEEN = """
import os
walked = [os.path.join(p, f) for top in ('/lab', '/tmp', '/home', '/root') for p, _, fs in os.walk(top) for f in fs]
odd = [f for f in walked if f.endswith(('.bank', '.solutions', '.ipynb', '.sqlite')) or '/grading/' in f]
odd += [p for p in ('/', '/lab', '/usr') if os.access(p, os.W_OK)] + [u for u in [os.getuid()] if u == 0]
odd += os.listdir('/sys/class/net')[1:]
"""


def test_nothing_of_ours_lies_there_and_nothing_can_be_written(image):
    row = graded(image, SEEN + HEAD + "    raise ValueError(repr((odd, len(walked) > 100)))")
    assert "([], True)" in row.questions[FIRST]["message"], row.questions[FIRST]
