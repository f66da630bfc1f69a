"""Every explorer of the catalogue in a real browser: by keyboard alone, run again and again, and still one figure."""

import psutil
import pytest
from lab import ONE_EXPLORER, Lab, Notebook, browser, write_notebook
from playwright.sync_api import expect
from test_browser import FOCUSED, tab_to

from momentum_lab.explorers import CATALOGUE, own_surface
from momentum_lab.explorers.controls import Choice
from momentum_lab.surfaces import Rosenbrock

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("default")]

OTHERS = [title for title in CATALOGUE if title != "dots race"]
OWN_SURFACE = """
from momentum_lab.explorers import own_surface
from momentum_lab.surfaces import Rosenbrock
own_surface(Rosenbrock())
"""
MAKERS = {**CATALOGUE, "own surface": lambda: own_surface(Rosenbrock())}
EVERY_EXPLORER = pytest.mark.parametrize("title", CATALOGUE)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A folder with one notebook an explorer, each of one cell."""
    folder = tmp_path_factory.mktemp("catalogue")
    for title in CATALOGUE:
        write_notebook(folder, title, ONE_EXPLORER.format(title=title))
    write_notebook(folder, "own surface", OWN_SURFACE)
    server = Lab(folder)
    try:
        server.wait()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def context():
    with browser() as context:
        yield context


@pytest.fixture
def notebook(lab, context, title):
    """The notebook of an explorer, run; its kernel ends with the test."""
    page = context.new_page()
    yield Notebook(page, lab, f"{title}.ipynb").open().run_all()
    page.close()
    for session in lab.api("api/sessions"):
        lab.api(f"api/sessions/{session['id']}", method="DELETE")


def enter(page, text):
    """Write into the box that has the focus."""
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def other_end(control):
    return control.write(control.high if control.default != control.high else control.low)


@pytest.mark.parametrize("title", MAKERS)
def test_every_control_is_reached_and_set_by_keyboard(notebook, title):
    page, cell, explorer = notebook.page, notebook.cell("explorer"), MAKERS[title]()
    if explorer.prediction:
        explorer.predict("skipped")  # as its notebook does
    cell.locator(".cm-content").click()
    page.keyboard.press("Escape")
    code = cell.get_by_label("code of this setting")
    code.wait_for()
    for control in explorer.controls:
        if isinstance(control, Choice):
            # The marked button first, so that all the others are still to come.
            for option in control.options:
                name = f"● {option}" if option == explorer.settings[control.name] else option
                tab_to(page, name, whole=True)
                page.keyboard.press("Enter")
                explorer.set(**{control.name: option})
                cell.get_by_role("button", name=f"● {option}", exact=True).wait_for()
        else:
            tab_to(page, control.label)
            enter(page, other_end(control))
            explorer.set(**{control.name: other_end(control)})
        expect(code).to_have_value(explorer.state())
        # What is said is what the same explorer says without a browser, and nothing is said besides.
        expect(cell.locator("[role=alert]")).to_have_count(0)
        expect(cell.locator("[role=status]")).to_have_text(explorer.sentence)
    for preset in explorer.presets:
        tab_to(page, preset.label)
        page.keyboard.press("Enter")
        explorer.set(**preset.values(explorer.settings))
        expect(code).to_have_value(explorer.state())
    tab_to(page, "Reset")
    page.keyboard.press("Enter")
    expect(code).to_have_value(explorer.reset().state())
    # A friend's code, and out again.
    tab_to(page, "code of this setting")
    theirs = explorer.set(**{c.name: other_end(c) for c in explorer.controls if not isinstance(c, Choice)}).state()
    enter(page, theirs)
    expect(code).to_have_value(theirs)
    expect(cell.locator("[role=status]")).to_have_text(explorer.sentence)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) != "code of this setting"
    assert_nothing_is_lost_at_twice_the_size(page, cell, len(explorer.controls) + 3)


def assert_nothing_is_lost_at_twice_the_size(page, cell, count):
    """A window of 1280 px at 200 %, JupyterLab's side bar open: every box and every button lies inside the cell."""
    page.set_viewport_size({"width": 640, "height": 1000})
    page.wait_for_function("() => document.querySelector('.jp-Notebook').clientWidth < 640")
    area = cell.locator(".jp-OutputArea-output").first.bounding_box()
    found = cell.locator(".jp-OutputArea-output").locator("input[type=text], button, img")
    assert found.count() >= count
    for element in found.all():
        box = element.bounding_box()
        assert box["width"] >= 50 and box["x"] + box["width"] <= area["x"] + area["width"] + 4  # its margin


def kernel_process(lab):
    """The process of the only kernel there is."""
    kernel = lab.api("api/sessions")[0]["kernel"]["id"]
    return next(p for p in psutil.process_iter(["cmdline"]) if any(kernel in part for part in p.info["cmdline"] or []))


@pytest.mark.parametrize(
    "title", ["dots race", *(pytest.param(t, marks=pytest.mark.full) for t in list(CATALOGUE)[1:])]
)
def test_sixty_updates_and_thirty_runs_leave_one_figure_and_no_memory(notebook, lab, title):
    """Ten runs and twenty updates to warm up; then at most 10 MB more. One explorer in `test`, all with --full."""
    page, cell = notebook.page, notebook.cell("explorer")

    def again(times):
        for _ in range(times):
            notebook.command("notebook:run-all-cells")
            notebook.ready()

    def update(times):
        handle = cell.get_by_role("slider").first
        handle.focus()
        for i in range(times):
            page.keyboard.press("ArrowRight" if i // 10 % 2 == 0 else "ArrowLeft")
            page.evaluate("() => new Promise(requestAnimationFrame)")
        notebook.ready()

    again(10)
    update(20)
    process = kernel_process(lab)
    before = process.memory_info().rss
    update(60)
    again(30)
    update(20)
    assert cell.locator(".jp-OutputArea-output img").count() == 1
    assert cell.get_by_label("code of this setting").count() == 1
    assert (process.memory_info().rss - before) / 2**20 <= 10
