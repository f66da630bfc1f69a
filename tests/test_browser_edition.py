"""The browser edition, built and read in a real browser, with Python in the page and no other machine in reach."""

import re

import pytest
from lab import browser
from lite import CannotBuild, Gate, LiteNotebook, Site, build
from playwright.sync_api import expect
from test_browser import tab_to
from test_browser_lessons import focus_cell, set_box, solve

from momentum_lab.contents import LESSONS, lesson
from momentum_lab.progress import FILE, Progress
from workshop import lite_landing

pytestmark = [pytest.mark.full, pytest.mark.browser, pytest.mark.filterwarnings("default")]
PATIENCE = 120_000  # ms: a Python in the browser starts in ten to forty seconds on two busy cores


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    try:
        server = Site(build(tmp_path_factory.mktemp("edition") / "site"))
    except CannotBuild as trouble:
        pytest.skip(f"no browser edition here: {trouble}")
    yield server
    server.stop()


@pytest.fixture
def context():
    """A fresh browser; at the end it must have asked nobody but this machine."""
    gate = Gate()
    with browser(proxy=gate.proxy, accept_downloads=True) as context:
        context.set_default_timeout(PATIENCE)
        yield context
    gate.stop()
    assert gate.asked == []


def test_the_gate_sees_what_goes_elsewhere(site):
    gate = Gate()
    with browser(proxy=gate.proxy) as context:
        page = context.new_page()
        page.goto(f"{site.url}/")
        page.evaluate(
            """() => new Promise(done => {
            const code = "fetch('http://elsewhere.invalid/x').finally(() => postMessage(1))";
            new Worker(URL.createObjectURL(new Blob([code]))).onmessage = done })"""
        )
    gate.stop()
    assert gate.asked == ["http://elsewhere.invalid/x"]


def test_the_first_page_by_keyboard(site, context):
    """It has every lesson, says what is fetched, fetches it, and leads to the first lesson."""
    page = context.new_page()
    page.goto(f"{site.url}/")
    files = lite_landing.fetched(site.folder)
    size = round(sum(file.stat().st_size for file in files) / 1e6)
    assert f"Python and its packages are {size} MB" in page.inner_text("main")
    links = page.locator("main a").evaluate_all("all => all.map(a => a.href)")
    shown = [re.search(r"path=(\S+)$", link).group(1) for link in links]
    assert {f"notebooks/{one.file}" for one in LESSONS} < set(shown)
    assert all((site.folder / "files" / path).is_file() for path in shown)
    page.get_by_text(f"Python is here: {size} of {size} MB.").wait_for()
    assert {f"/{file.relative_to(site.folder).as_posix()}" for file in files} <= {path for path, _ in site.sent}
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Begin with lesson 00")
    page.keyboard.press("Enter")
    notebook = LiteNotebook(page, site, "notebooks/00_start.ipynb").shown()
    assert page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path") == notebook.name
    assert run(notebook) > 0


def test_a_window_in_which_python_cannot_run_is_told(site, context):
    """Such as a private window of Firefox, or an address without https."""
    page = context.new_page()
    site.sent.clear()
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', { get() {} })")
    page.goto(f"{site.url}/")
    page.get_by_text("The lessons cannot run in this window").wait_for()
    assert not [path for path, _ in site.sent if path.endswith(".whl")]


def test_the_page_follows_the_theme_and_fits_a_narrow_window(site):
    for scheme, paper in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(17, 17, 17)")):
        with browser(color_scheme=scheme) as context:
            page = context.new_page()
            page.set_viewport_size({"width": 360, "height": 640})
            page.goto(f"{site.url}/")
            assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == paper
            assert page.evaluate("() => document.documentElement.scrollWidth") <= 360


def run(notebook):
    """Run a notebook to its end; return the number of cells, none of which has failed."""
    notebook.run_all()
    cells = notebook.code_cells()
    assert [name for name, count, _ in cells if not count] == []
    assert [(name, o["evalue"]) for name, _, outputs in cells for o in outputs if o["output_type"] == "error"] == []
    return len(cells)


@pytest.mark.parametrize("key", ["01", "02", "05a"])
def test_a_lesson_runs_to_its_end(site, context, key):
    notebook = LiteNotebook(context.new_page(), site, f"notebooks/{lesson(key).file}").open()
    assert run(notebook) > 15


def test_a_bet_a_number_an_exercise_and_all_of_it_is_kept(site, context, tmp_path):
    """By keyboard alone; then the page is loaded anew, and the progress is taken to another browser."""
    page, name = context.new_page(), "notebooks/01_the_race.ipynb"
    notebook = LiteNotebook(page, site, name).open().run_all()
    race = focus_cell(notebook, "race")
    tab_to(page, "Keep B")
    page.keyboard.press("Enter")
    race.locator("[role=status]").get_by_text("Your bet: B").wait_for()
    before = race.locator("[role=status]").first.inner_text()
    set_box(notebook, "race", "beta", 0.5)
    expect(race.locator("[role=status]").first).not_to_have_text(before)
    solve(notebook, "goal-answer", "goal-check", 'goal = {"lr": 0.1, "beta": 0.0}', "Not yet", "01.goal")
    edited = notebook.cell("goal-answer").locator(".cm-content").inner_text()
    notebook.save()

    page.reload()
    notebook.shown().ready()
    expect(notebook.cell("goal-answer").locator(".cm-content")).to_have_text(edited)  # written once it is in view
    assert "1 of 2 exercises passed" in standing(notebook)

    kept = download(page, FILE, tmp_path)
    assert Progress(kept).passed() == {"01.goal"}
    assert [e.detail["option"] for e in Progress(kept).events("prediction")] == ["B"]

    other = context.browser.new_context()
    other.set_default_timeout(PATIENCE)
    there = LiteNotebook(other.new_page(), site, name).open()
    upload(there.page, kept)
    assert "1 of 2 exercises passed" in standing(there.ready())


def standing(notebook):
    """Run the cell that says how a lesson stands, after the first one; return what it says."""
    for name in ("setup", "standing"):
        place = notebook.ids().index(name)
        notebook.page.evaluate("i => { window.jupyterapp.shell.currentWidget.content.activeCellIndex = i }", place)
        notebook.command("notebook:run-cell")
    ((output,),) = (outputs for name, _, outputs in notebook.code_cells() if name == "standing")
    return output["data"]["text/plain"]


def at_the_top(page):
    """Show the course's folder in the list of files, as a reader does."""
    page.locator(".jp-FileBrowser .jp-BreadCrumbs-home").click()
    page.locator(".jp-DirListing-item", has_text="exercises").wait_for()


def download(page, name, folder):
    at_the_top(page)
    page.locator(".jp-DirListing-item", has_text=name).click(button="right")
    with page.expect_download() as started:
        page.locator(".lm-Menu-item", has_text="Download").click()
    started.value.save_as(folder / name)
    return folder / name


def upload(page, file):
    at_the_top(page)
    with page.expect_file_chooser() as chooser:
        page.locator(".jp-FileBrowser [data-command='filebrowser:upload'], .jp-FileBrowser .jp-id-upload").first.click()
    chooser.value.set_files(file)
    page.locator(".jp-DirListing-item", has_text=file.name).wait_for()
