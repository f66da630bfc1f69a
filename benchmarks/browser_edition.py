"""How large the browser edition is, how soon it answers, and how long a slider step takes in it.

    python benchmarks/browser_edition.py SITE [--presses 20] [--megabits 50]

SITE is a folder made by `workshop/build_lite.py`.  It is served from the loopback as on a line of so many megabits a
second, which all answers share.  Three visits, each by a browser with a profile and a cache on disk, and for each the
seconds until the lesson is on the screen, until Python is ready, until the first output and until the first picture:

* straight to lesson 01, with nothing in the cache,
* to the first page, and from there to lesson 01 as soon as it says that Python is here,
* to lesson 02, again in the browser of the second visit.

Then key presses on a slider of the dots race: time stamp of the key event to the first frame with the new picture.
Machines differ: look at the ratios, and at `calibration`, a fixed loop timed first.
"""

import argparse
import gzip
import os
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from lab import FLAGS, find_browser
from lite import LiteNotebook, Site
from playwright.sync_api import sync_playwright
from slider import PROBE, press

LESSONS = ("notebooks/01_the_race.ipynb", "notebooks/02_what_it_remembers.ipynb")
PICTURE = ".jp-OutputArea-output .widget-image"


@contextmanager
def visitor():
    """A browser with a cache on disk, as people have it."""
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=find_browser(), headless=True, args=FLAGS + root,
            viewport={"width": 1400, "height": 1000},
        )  # fmt: skip
        context.set_default_timeout(180_000)
        try:
            yield context
        finally:
            context.close()


def visit(page, site, lesson):
    """Open a lesson and run it; return the seconds of each stage, and the bytes that were sent meanwhile."""
    site.sent.clear()
    start, seconds = time.perf_counter(), {}
    notebook = LiteNotebook(page, site, lesson).open()
    seconds["shown"] = time.perf_counter() - start
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs') }")
    notebook.ready()
    seconds["Python"] = time.perf_counter() - start
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells') }")
    page.locator(".jp-OutputArea-output").first.wait_for()
    seconds["output"] = time.perf_counter() - start
    page.locator(PICTURE).first.wait_for()
    seconds["picture"] = time.perf_counter() - start
    notebook.ready()
    seconds["all run"] = time.perf_counter() - start
    return seconds, sum(size for _, size in site.sent)


def slider(page, presses):
    """Return the latencies in ms of key presses on the first slider of the dots race."""
    code = "race = __import__('momentum_lab.explorers', fromlist=['x']).dots_race(); race.predict('skipped'); race"
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs') }")
    page.evaluate(
        """code => { const notebook = window.jupyterapp.shell.currentWidget.content;
        const first = notebook.widgets.findIndex(cell => cell.model.type === 'code');
        notebook.activeCellIndex = first; notebook.widgets[first].model.sharedModel.setSource(code);
        window.jupyterapp.commands.execute('notebook:run-cell') }""",
        code,
    )
    handle = page.locator(".jp-OutputArea-output .noUi-handle").nth(3)
    handle.wait_for()
    handle.focus()
    press(page, 8)
    return press(page, presses)


def sizes(folder):
    """Print what the site weighs."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    raw = sum(file.stat().st_size for file in files)
    packed = sum(min(file.stat().st_size, len(gzip.compress(file.read_bytes(), 6))) for file in files)
    print(f"site: {len(files)} files, {raw / 1e6:.1f} MB, {packed / 1e6:.1f} MB with gzip")


def packed(site):
    """Return the bytes of the answers so far if the server had compressed each of them."""
    found = 0
    for path, size in site.sent:
        file = site.folder / path.partition("?")[0].lstrip("/")
        found += min(size, len(gzip.compress(file.read_bytes(), 6))) if file.is_file() else size
    return found


def tell(title, measured, site):
    """Print one visit."""
    seconds, sent = measured
    stages = "   ".join(f"{name} {value:5.1f} s" for name, value in seconds.items())
    print(f"{title:22} {stages}   fetched {sent / 1e6:5.1f} MB, {packed(site) / 1e6:5.1f} MB with gzip", flush=True)


def main():
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site", type=Path)
    parser.add_argument("--presses", type=int, default=20)
    parser.add_argument("--megabits", type=float, default=50.0)
    options = parser.parse_args()
    start = time.perf_counter()
    sum(i * i for i in range(1_000_000))
    print(f"calibration {1e3 * (time.perf_counter() - start):.0f} ms, load {os.getloadavg()[0]:.1f}")
    sizes(options.site)
    site = Site(options.site, rate=options.megabits * 1e6 / 8)
    with visitor() as context:
        tell("straight to lesson 01", visit(context.new_page(), site, LESSONS[0]), site)
    with visitor() as context:
        context.add_init_script(PROBE)
        page, start = context.new_page(), time.perf_counter()
        page.goto(f"{site.url}/")
        page.get_by_text("Begin with lesson 00").wait_for()
        read = time.perf_counter() - start
        page.get_by_text("Python is here").wait_for()
        print(f"first page: text after {read:.1f} s, Python fetched after {time.perf_counter() - start:.1f} s")
        tell("from the first page", visit(page, site, LESSONS[0]), site)
        latencies = sorted(slider(page, options.presses))
        tell("second lesson", visit(page, site, LESSONS[1]), site)
    p95 = latencies[int(0.95 * (len(latencies) - 1))]
    print(f"slider step: median {statistics.median(latencies):.0f} ms, p95 {p95:.0f} ms, {len(latencies)} presses")
    site.stop()


if __name__ == "__main__":
    main()
