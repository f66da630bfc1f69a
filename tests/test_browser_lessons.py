"""Both lessons by keyboard alone: bets, explorers, questions, exercises wrong then right, progress."""

import shutil

import pytest
from lab import ROOT, Lab, Notebook, browser
from test_browser import tab_to

from momentum_lab.checks import bank
from momentum_lab.progress import FILE, Progress

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

LESSONS = ("01_the_race.ipynb", "02_what_it_remembers.ipynb")


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

    order = focus_cell(notebook, "order")
    for letter in "ABCD":
        line = order.get_by_text(f"{letter}. ").inner_text().partition(". ")[2]
        place = 1 + bank.load("02.order")["lines"].index(line)
        tab_to(page, f"place of line {letter}")
        page.keyboard.type(str(place))
    tab_to(page, "Answer")
    page.keyboard.press("Enter")
    order.locator("[role=status]").get_by_text("Passed").wait_for()

    gaps = focus_cell(notebook, "gaps")
    for number, text in enumerate(("beta", "lr", "theta"), 1):
        tab_to(page, f"gap {number}")
        page.keyboard.type(text)
    tab_to(page, "Answer")
    page.keyboard.press("Enter")
    gaps.locator("[role=status]").get_by_text("Passed").wait_for()

    run_again(notebook, "standing")
    says(notebook, "standing", "Lesson 02: 7 of 7 exercises passed, 8 of 8 points; 2 of 5 questions answered right.")

    # The kernel dies, and the progress is still there.
    for session in lab.api("api/sessions"):
        lab.api(f"api/sessions/{session['id']}", method="DELETE")
    assert len([item for item in Progress(lab.folder / FILE).passed() if item.startswith("02.")]) == 9
