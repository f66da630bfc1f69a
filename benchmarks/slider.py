"""How long from a key press to the new picture, in a real JupyterLab in a real browser.

    python benchmarks/slider.py [--presses 40] [--rounds 2]
    python benchmarks/slider.py --catalogue [--presses 40]

The dots race, as the course draws it, against the same picture by ipywidgets' `@interact` with a full
redraw, in turns in one run.  Latency: time stamp of the trusted key event to the first animation frame
with a changed, complete picture.  Drag: the mouse sweeps over the slider for three seconds at 60 Hz.
Then, for the explorer only: kernel memory over 200 updates after 100 to warm up, median of three, and the number
of open pyplot figures.  With --catalogue: every explorer, at the slider that costs most.  Machines differ: look at the
ratio, and at `calibration`, a fixed loop timed first.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from lab import ONE_EXPLORER, Lab, Notebook, browser, write_notebook

from momentum_lab.explorers import CATALOGUE
from momentum_lab.explorers.controls import Quantity

PROBE = (Path(__file__).parent / "slider_probe.js").read_text("utf-8")
EXPLORER = """
from momentum_lab.explorers import dots_race
race = dots_race()
race.predict("skipped")
race
"""
INTERACT = """
from types import SimpleNamespace
import matplotlib.pyplot as plt
from ipywidgets import FloatSlider, interact
from momentum_lab.explorers import dots_race
from momentum_lab.explorers.dots_race import draw, set_up, simulate
rest = dots_race().settings
sliders = {
    "offset": FloatSlider(rest["offset"], min=0.0, max=10.0, step=0.02),
    "beta": FloatSlider(rest["beta"], min=0.0, max=0.999, step=0.005),
}
@interact(**sliders)
def show(offset, beta):
    artists = set_up(plt.figure(figsize=(9, 4), dpi=100))
    draw(simulate(SimpleNamespace(**{**rest, "offset": offset, "beta": beta}, bet=None)), artists)
    plt.show()
"""
# technique, code, and the place of each slider among the sliders of the notebook
CASES = [("explorer", EXPLORER, {"beta": 3, "offset": 0}), ("interact", INTERACT, {"beta": 1, "offset": 0})]


def heaviest(make, notches=12):
    """Return the place of the slider whose moves cost most, its label, and the largest picture in kB."""
    costs, largest = {}, 0
    sliders = [control for control in make().controls if isinstance(control, Quantity)]
    for place, control in enumerate(sliders):
        explorer = make()
        explorer.show()
        rest = control.notch(control.default)
        start, pictures = time.process_time(), set()
        for i in range(notches):
            value = control.at(rest + 1 + i)  # as the arrow key does; at the upper end nothing moves
            pictures.add(explorer.set(**{control.name: value}).show()[0])
        largest = max(largest, *map(len, pictures))
        if len(pictures) > notches // 2:  # it may stand at its end, or matter for another choice only
            costs[place] = time.process_time() - start
    place = max(costs, key=costs.get)
    return place, sliders[place].name, largest / 1000


def measure_catalogue(presses):
    """Print one line an explorer."""
    print("\nexplorer        slider        median ms   p95 ms   pictures/s   lag ms   kernel ms   kB")
    with tempfile.TemporaryDirectory() as folder:
        for title in CATALOGUE:
            write_notebook(folder, title, ONE_EXPLORER.format(title=title))
        lab = Lab(folder)
        try:
            lab.wait()
            with browser() as context:
                context.add_init_script(PROBE)
                page = context.new_page()
                for title, make in CATALOGUE.items():
                    place, name, size = heaviest(make)
                    try:
                        latencies, pictures, lag, cpu = measure(page, lab, title, place, presses)
                    except ZeroDivisionError:
                        print(f"{title:15} {name:12} no key press moved the picture", flush=True)
                        continue
                    latencies.sort()
                    median, p95 = statistics.median(latencies), latencies[int(0.95 * (len(latencies) - 1))]
                    cells = f"{median:10.1f} {p95:8.1f} {pictures:12.1f} {lag:8.0f} {cpu:11.1f} {size:4.0f}"
                    print(f"{title:15} {name:12} {cells}", flush=True)
        finally:
            lab.stop()


def kernel_process(lab, notebook):
    """Return the process of the notebook's kernel."""
    kernel = next(s["kernel"]["id"] for s in lab.api("api/sessions") if s["path"] == notebook)
    matches = (p for p in psutil.process_iter(["cmdline"]) if any(kernel in part for part in p.info["cmdline"] or []))
    return next(matches)


def press(page, count, quiet=250):
    """Press arrow keys, four to the right and four back, each allowed to settle; return the latencies in ms."""
    latencies = []
    for i in range(count):
        page.evaluate("() => { notes.inputs.length = notes.changes.length = 0 }")
        page.keyboard.press("ArrowRight" if (i // 4) % 2 == 0 else "ArrowLeft")
        page.evaluate("q => notes.settle(q, 4000)", quiet)
        inputs, changes = page.evaluate("() => [notes.inputs, notes.changes]")
        after = [change for change in changes if change >= inputs[0]]
        if after:
            latencies.append(after[0] - inputs[0])
    return latencies


def drag(page, handle, seconds=3.0, rate=60):
    """Sweep the handle to and fro; return pictures a second, and ms from the last input to the last picture."""
    left, width = handle.evaluate(
        "e => { const t = e.closest('.noUi-target').getBoundingClientRect(); return [t.left, t.width] }"
    )
    box = handle.bounding_box()
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, height)
    page.mouse.down()
    page.evaluate("() => { notes.inputs.length = notes.changes.length = 0 }")
    start = time.perf_counter()
    for tick in range(int(seconds * rate)):
        phase = tick / rate / 2 % 1
        page.mouse.move(left + width * (0.15 + 1.4 * min(phase, 1 - phase)), height)
        time.sleep(max(0.0, start + (tick + 1) / rate - time.perf_counter()))
    page.evaluate("() => notes.settle(600, 6000)")
    page.mouse.up()
    inputs, changes = page.evaluate("() => [notes.inputs, notes.changes]")
    during = [c for c in changes if c <= inputs[-1]]
    return 1e3 * len(during) / (inputs[-1] - inputs[0]), max(0.0, changes[-1] - inputs[-1])


def measure(page, lab, technique, place, presses):
    """Measure one slider of one technique: latencies, pictures a second, lag after the drag, kernel ms a picture."""
    notebook = Notebook(page, lab, f"{technique}.ipynb").open().run_all()
    handle = page.locator(".jp-OutputArea-output .noUi-handle").nth(place)
    handle.wait_for()
    handle.focus()
    press(page, 10)
    process = kernel_process(lab, notebook.path)
    before = sum(process.cpu_times()[:2])
    latencies = press(page, presses)
    cpu = 1e3 * (sum(process.cpu_times()[:2]) - before) / len(latencies)
    pictures, lag = drag(page, handle)
    return latencies, pictures, lag, cpu


def measure_memory(page, lab, repeats=3):
    """Return the kernel's growth in MB over 200 updates after 100 (median), and the number of pyplot figures."""
    growths = []
    for _ in range(repeats):
        notebook = Notebook(page, lab, "explorer.ipynb").open().run_all()
        page.locator(".jp-OutputArea-output .noUi-handle").nth(3).focus()
        press(page, 100, quiet=20)
        process = kernel_process(lab, notebook.path)
        before = process.memory_info().rss
        press(page, 200, quiet=20)
        growths.append((process.memory_info().rss - before) / 2**20)
    figures = page.evaluate(
        """async () => { const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
        const future = kernel.requestExecute({code: '', silent: true, user_expressions:
            {n: "len(__import__('matplotlib.pyplot').pyplot.get_fignums())"}});
        const reply = await future.done; return reply.content.user_expressions.n.data['text/plain'] }"""
    )
    return statistics.median(growths), int(figures)


def main():
    """Run everything and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--presses", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--no-memory", action="store_true")
    parser.add_argument("--catalogue", action="store_true", help="every explorer instead, at its heaviest slider")
    options = parser.parse_args()
    start = time.perf_counter()
    sum(i * i for i in range(1_000_000))
    print(f"calibration {1e3 * (time.perf_counter() - start):.0f} ms, load {os.getloadavg()[0]:.1f}")
    if options.catalogue:
        return measure_catalogue(options.presses)
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for technique, code, _ in CASES:
            write_notebook(folder, technique, code)
        lab = Lab(folder)
        try:
            lab.wait()
            with browser() as context:
                context.add_init_script(PROBE)
                page = context.new_page()
                for _ in range(options.rounds):
                    for technique, _, places in CASES:
                        for slider, place in places.items():
                            results.setdefault((slider, technique), []).append(
                                measure(page, lab, technique, place, options.presses)
                            )
                memory = None if options.no_memory else measure_memory(page, lab)
        finally:
            lab.stop()
    report(results, memory)


def report(results, memory):
    """Print the table and the ratios."""
    print("\nslider   technique  median ms   p95 ms   pictures/s   lag ms   kernel ms")
    medians = {}
    for (slider, technique), rounds in sorted(results.items()):
        latencies = sorted(x for r in rounds for x in r[0])
        medians[slider, technique] = statistics.median(latencies)
        p95 = latencies[int(0.95 * (len(latencies) - 1))]
        pictures, lag, cpu = (statistics.mean(r[i] for r in rounds) for i in (1, 2, 3))
        print(
            f"{slider:8} {technique:9} {medians[slider, technique]:9.1f} {p95:9.1f} "
            f"{pictures:11.1f} {lag:9.0f} {cpu:10.1f}"
        )
    for slider in sorted({slider for slider, _ in results}):
        print(f"ratio, {slider}: {medians[slider, 'interact'] / medians[slider, 'explorer']:.1f}")
    if memory:
        print(f"kernel memory over 200 updates: {memory[0]:+.1f} MB; open pyplot figures: {memory[1]}")


if __name__ == "__main__":
    main()
