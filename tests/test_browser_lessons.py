"""Lessons by keyboard alone: bets, explorers, questions, exercises wrong then right, progress."""

import shutil

import pytest
from barriers import serious
from lab import ROOT, Lab, Notebook, browser
from playwright.sync_api import expect
from test_browser import tab_to

from momentum_lab.checks import bank
from momentum_lab.explorers import breaker, lookahead, promises
from momentum_lab.progress import FILE, Progress

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

LESSONS = (
    "01_the_race.ipynb",
    "02_what_it_remembers.ipynb",
    "05a_look_before_you_leap.ipynb",
    "05b_what_can_be_promised.ipynb",
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A learner's folder with the lessons in it, and the progress kept there as for everybody."""
    folder = tmp_path_factory.mktemp("learner")
    (folder / "notebooks").mkdir()
    for name in LESSONS:
        shutil.copy(ROOT / "notebooks" / name, folder / "notebooks" / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MOMENTUM_LAB_PROGRESS")
        server = Lab(folder)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture
def page():
    with browser() as context:
        yield context.new_page()


def focus_cell(notebook, name):
    """Put the focus on a cell, in command mode, as its keyboard user would have it."""
    cell = notebook.cell(name)
    cell.locator(".cm-content").first.click()
    notebook.page.keyboard.press("Escape")
    return cell


def write(notebook, name, code):
    """Type code into a cell and run it from the keyboard; return the cell below, which has been run too."""
    editor = notebook.cell(name).locator(".cm-content")
    editor.click()
    notebook.page.keyboard.press("ControlOrMeta+a")
    notebook.page.keyboard.insert_text(code)
    notebook.page.keyboard.press("Shift+Enter")
    notebook.page.keyboard.press("Shift+Enter")
    notebook.ready()


def says(notebook, name, words):
    notebook.cell(name).locator(".jp-OutputArea-output").get_by_text(words).first.wait_for()


def solve(notebook, answer, check, wrong, words, item_id):
    """Answer an exercise wrong, then right, and see both verdicts."""
    write(notebook, answer, wrong)
    says(notebook, check, words)
    write(notebook, answer, bank.solution(item_id))
    says(notebook, check, "Passed")


def put_in_order(notebook, name, item_id):
    """Put lines in order from the keyboard: a known mistake first, where there is one, then right."""
    page, entry = notebook.page, bank.load(item_id)
    count = len(entry["lines"])
    for order, words in (*((m["order"], m["says"]) for m in entry["mistakes"][:1]), (list(range(count)), "Passed")):
        cell = focus_cell(notebook, name)
        for letter in "ABCDEFGH"[:count]:
            line = cell.locator(".jp-OutputArea").get_by_text(f"{letter}. ").inner_text().partition(". ")[2]
            tab_to(page, f"place of line {letter}")
            page.keyboard.press("ControlOrMeta+a")
            page.keyboard.type(str(1 + order.index(entry["lines"].index(line))))
        tab_to(page, "Answer")
        page.keyboard.press("Enter")
        cell.locator("[role=status]").get_by_text(words.replace("`", "")).wait_for()


def fill_gaps(notebook, name, texts, words):
    """Fill the gaps of a text from the keyboard, and wait for what is said."""
    cell = focus_cell(notebook, name)
    for number, text in enumerate(texts, 1):
        tab_to(notebook.page, f"gap {number}")
        notebook.page.keyboard.press("ControlOrMeta+a")
        notebook.page.keyboard.type(text)
    tab_to(notebook.page, "Answer")
    notebook.page.keyboard.press("Enter")
    cell.locator("[role=status]").get_by_text(words).wait_for()


def choose(notebook, name, item_id, place):
    """Answer a question from the keyboard, wrong and then right; it is the one at that place in its cell."""
    entry = bank.load(item_id)
    for right, words in ((False, "Not yet"), (True, "Passed")):
        cell = focus_cell(notebook, name)
        text = next(o["text"] for o in entry["options"] if (o["key"] == entry["expected"]) == right)
        tab_to(notebook.page, text, whole=True)
        notebook.page.keyboard.press("Enter")
        cell.locator("[role=status]").nth(place).get_by_text(words).wait_for()


def set_box(notebook, name, label, value):
    """Write a value into a box of an explorer from the keyboard; return its cell."""
    cell = focus_cell(notebook, name)
    tab_to(notebook.page, label)
    notebook.page.keyboard.press("ControlOrMeta+a")
    notebook.page.keyboard.type(str(value))
    notebook.page.keyboard.press("Enter")
    return cell


def run_again(notebook, name):
    focus_cell(notebook, name)
    notebook.page.keyboard.press("ControlOrMeta+Enter")
    notebook.ready()


def test_lesson_01_second_half(lab, page):
    notebook = Notebook(page, lab, f"notebooks/{LESSONS[0]}").open().run_all()
    race = focus_cell(notebook, "race")
    tab_to(page, "Keep B")
    page.keyboard.press("Enter")
    race.locator("[role=status]").get_by_text("Your bet: B").wait_for()

    slow, fast = '{"lr": 0.330579, "beta": 0.669421}', "best rates in the long run"
    solve(notebook, "goal-answer", "goal-check", f"goal = {slow}", fast, "01.goal")

    paper = focus_cell(notebook, "timeline")
    tab_to(page, "1983 Nesterov")
    page.keyboard.press("Enter")
    paper.locator("[role=status]").get_by_text("In 1983 Yurii Nesterov").wait_for()

    quiz = focus_cell(notebook, "quiz")
    tab_to(page, "It calms the zigzag")
    page.keyboard.press("Enter")
    quiz.locator("[role=status]").first.get_by_text("Not yet").wait_for()
    focus_cell(notebook, "quiz")
    tab_to(page, "In the long run both")
    page.keyboard.press("Enter")
    quiz.locator("[role=status]").first.get_by_text("Passed").wait_for()

    run_again(notebook, "standing")
    says(notebook, "standing", "Lesson 01: 1 of 2 exercises passed, 1 of 3 points; 1 of 10 questions answered right.")
    kept = Progress(lab.folder / FILE)
    assert [e.detail["option"] for e in kept.events("prediction")] == ["B"]
    assert kept.passed() == {"01.goal", "01.why"}


def test_lesson_02(lab, page):
    notebook = Notebook(page, lab, f"notebooks/{LESSONS[1]}").open().run_all()
    assert notebook.cell("recall").get_by_role("button").count() >= 12

    bench = focus_cell(notebook, "bench")
    tab_to(page, "steady and flipping")
    page.keyboard.press("Enter")
    bench.locator("[role=status]").get_by_text("a flipping one 0.526 times").wait_for()
    tab_to(page, "beta")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    bench.locator("[role=status]").get_by_text("With beta 0.5").wait_for()

    def held(name, body):
        return bank.solution(name).replace(*body)

    for answer, check, item, wrong, words in (
        ("window-answer", "window-check", "02.window", "newest = 20", "less than 99 %"),
        ("ema-answer", "ema-check", "02.ema_weights", held("02.ema_weights", ("(1 - beta) * ", "")), "one more factor"),
        ("bias-answer", "bias-check", "02.bias_correction",
         held("02.bias_correction", (" / (1 - beta**t)", "")), "not corrected"),
        ("alternating-answer", "alternating-check", "02.alternating", "settles = 0", "do not cancel"),
        ("total-answer", "total-check", "02.total",
         held("02.total", ("(t_ + 1)", "t_")), "Try t = 0"),
        ("plateau-answer", "plateau-check", "02.plateau", "steps_needed = 100", "building up takes time"),
        ("run-answer", "run-check", "02.momentum_step",
         held("02.momentum_step", ("theta = theta - velocity", "theta -= velocity")), "one and the same array"),
    ):  # fmt: skip
        solve(notebook, answer, check, wrong, words, item)

    put_in_order(notebook, "order", "02.order")

    fill_gaps(notebook, "gaps", ("beta", "lr", "theta"), "Passed")

    run_again(notebook, "standing")
    says(notebook, "standing", "Lesson 02: 7 of 7 exercises passed, 8 of 8 points; 2 of 5 questions answered right.")

    # The kernel dies, and the progress is still there.
    for session in lab.api("api/sessions"):
        lab.api(f"api/sessions/{session['id']}", method="DELETE")
    assert len([item for item in Progress(lab.folder / FILE).passed() if item.startswith("02.")]) == 9


def held(item_id, old, new):
    """The solution of an exercise with one mistake put in."""
    solution = bank.solution(item_id)
    assert old in solution
    return solution.replace(old, new)


def told(item_id, name):
    """The beginning of what is said to a known mistake, as it stands on the screen."""
    says = next(mistake["says"] for mistake in bank.load(item_id)["mistakes"] if mistake["name"] == name)
    return says.partition("`")[0].strip()


def test_lesson_05a(lab, page):
    notebook = Notebook(page, lab, f"notebooks/{LESSONS[2]}").open().run_all()
    expect(set_box(notebook, "look", "stiffness u", 2).locator("[role=status]")).to_have_text(
        lookahead().set(u=2.0).sentence
    )
    put_in_order(notebook, "order", "05a.order")
    for answer, item, wrong, mistake in (
        ("step", "05a.nag_step", held("05a.nag_step", "theta - beta * velocity", "theta"), "where it stands"),
        ("overshoot", "05a.overshoot", "lowest = -0.708974", "heavy ball"),
        ("max", "05a.max_lr", held("05a.max_lr", "np.max(", "np.min("), "softest direction"),
        ("shift", "05a.shift_map", held("05a.shift_map", "lr * buffer", "buffer"), "buffer for velocity"),
    ):
        solve(notebook, f"{answer}-answer", f"{answer}-check", wrong, told(item, mistake), item)
    for place, question in enumerate(("05a.limits", "05a.future", "05a.brake")):
        choose(notebook, "quiz", question, place)
    run_again(notebook, "standing")
    says(notebook, "standing", "Lesson 05a: 4 of 4 exercises passed")
    assert len([item for item in Progress(lab.folder / FILE).passed() if item.startswith("05a.")]) == 8


def test_lesson_05b(lab, page):
    notebook = Notebook(page, lab, f"notebooks/{LESSONS[3]}").open().run_all()
    broken = breaker().set(function="Lessard's curve", start=3.06)
    cell = focus_cell(notebook, "breaker")
    tab_to(page, "Lessard's curve")
    page.keyboard.press("Enter")
    set_box(notebook, "breaker", "start", 3.06)
    expect(cell.locator("[role=status]")).to_have_text(broken.sentence)
    cell = focus_cell(notebook, "promises")
    for option in ("bowl, kappa 1000", "with restart"):
        tab_to(page, option)
        page.keyboard.press("Enter")
    cured = promises().set(problem="bowl, kappa 1000", schedule="with restart")
    expect(cell.locator("[role=status]")).to_have_text(cured.sentence)
    for answer, item, wrong, mistake in (
        ("cycle", "05b.cycle", held("05b.cycle", "points - lr * slopes", "points + lr * slopes"), "uphill"),
        ("edge", "05b.edge", 'edge = {"start": 3.1}', "the next notch"),
        ("slope", "05b.slope", "log_slope = 1.773969", "sign lost"),
        ("bound", "05b.bound", "sure_after = 85", "k for k + 1"),
        ("restart", "05b.restart", held("05b.restart", "velocity) < 0", "velocity) > 0"), "restart on agreement"),
    ):
        solve(notebook, f"{answer}-answer", f"{answer}-check", wrong, told(item, mistake), item)
    fill_gaps(notebook, "gaps", ("convex", "2/L", "exact", "grows"), "too large here")
    fill_gaps(notebook, "gaps", ("convex", "1/L", "exact", "grows"), "Passed")
    for place, question in enumerate(("05b.constant_beta", "05b.can_circle", "05b.rate", "05b.promise")):
        choose(notebook, "quiz", question, place)
    run_again(notebook, "standing")
    says(notebook, "standing", "Lesson 05b: 5 of 5 exercises passed")
    assert len([item for item in Progress(lab.folder / FILE).passed() if item.startswith("05b.")]) == 10


SHOWN = {
    LESSONS[0]: ("race", "timeline", "quiz", "goal-check", "standing"),
    LESSONS[1]: ("recall", "unrolled", "bench", "standing"),
    LESSONS[2]: ("recall", "standing"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_what_a_running_lesson_shows_has_no_serious_barrier(lab, page, name):
    """The outputs that are ours; the page around them is JupyterLab's."""
    notebook = Notebook(page, lab, f"notebooks/{name}").open().run_all()
    for cell in SHOWN[name]:
        notebook.cell(cell).locator(".jp-OutputArea-output").first.wait_for()
        place = f'.jp-Notebook .jp-Cell[data-windowed-list-index="{notebook.ids().index(cell)}"] .jp-OutputArea-output'
        assert [one for one in serious(page, within=place) if not is_core_slider(one)] == [], cell


def is_core_slider(barrier):
    """True for the handle of a slider, which ipywidgets 8.1.9 gives no name; the box before it has one."""
    return barrier.startswith("aria-input-field-name") and "noUi-handle" in barrier
