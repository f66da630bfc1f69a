"""Build the browser edition: the whole course as a folder of files that any web server can hand out.

    python workshop/build_lite.py OUT [--pyodide ARCHIVE]

Python runs in the reader's browser (JupyterLite and Pyodide), and nothing is asked of any other machine.  What this
command needs is in `workshop/requirements-lite.txt`; `workshop/pyodide_kit.py` says where Pyodide comes from.  A site
for other people is built with a release archive of Pyodide; one built without is for trying out on your own machine.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from momentum_lab.workspace.originals import originals  # noqa: E402
from workshop import lite_landing, pyodide_kit  # noqa: E402

# Loaded together with Python itself.  Left to the first cell, they would come one after the other.
AT_START = (
    "micropip", "piplite", "ipykernel", "comm", "pyodide-kernel", "jedi", "ipython", "ipywidgets", "matplotlib",
    "numpy", "sympy", "momentum-lab-course",
)  # fmt: skip
KERNEL = "@jupyterlite/pyodide-kernel-extension"
CONFIG = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "Momentum Lab",
        "exposeAppInBrowser": True,
        "litePluginSettings": {
            f"{KERNEL}:kernel": {
                "pyodideUrl": "./static/pyodide/pyodide.mjs",
                "disablePyPIFallback": True,
                "loadPyodideOptions": {"packages": list(AT_START)},
            },
        },
    },
}


def build(out, archive=None):
    """Build the site into a folder that does not exist yet.

    Raises
    ------
    Missing
        If something that the build needs cannot be had; the message is one sentence.
    """
    if out.exists():
        raise pyodide_kit.Missing(f"{out} exists already and was left alone: name a new folder, or delete it.")
    of_the_kernel = _wheels_of_the_kernel()
    kit = Path(os.environ.get("MOMENTUM_LAB_PYODIDE") or pyodide_kit.CACHE)
    pyodide_kit.make(kit, archive)
    with tempfile.TemporaryDirectory() as scratch:
        lite, site = Path(scratch) / "lite", Path(scratch) / "site"
        shutil.copytree(kit, lite / "static" / "pyodide", ignore=shutil.ignore_patterns("kit.json"))
        pyodide_kit.add(lite / "static" / "pyodide", [*of_the_kernel, _wheel_of_the_course(Path(scratch))])
        _write_course(lite / "course")
        (lite / "jupyter-lite.json").write_text(json.dumps(CONFIG))
        shutil.copy2(ROOT / "momentum_lab" / "jupyterlab" / "overrides.json", lite)
        _run_jupyterlite(lite, site)
        lite_landing.write(site)
        shutil.copytree(site, out)


def _wheels_of_the_kernel():
    """Return the wheels that come with the kernel, such as a stand-in for what only a notebook server needs."""
    wheels = Path(sys.prefix, "share", "jupyter", "labextensions", KERNEL, "static", "pypi").glob("*.whl")
    found = [wheel for wheel in sorted(wheels) if not wheel.name.startswith("widgetsnbextension-3")]
    if not found:
        raise pyodide_kit.Missing("JupyterLite is not installed: pip install -r workshop/requirements-lite.txt")
    return found


def _wheel_of_the_course(folder):
    pyodide_kit.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], ROOT)
    return next(folder.glob("momentum_lab_course-*.whl"))


def _write_course(folder):
    for path, data in originals().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(joined(data) if path.endswith(".ipynb") else data)


def joined(notebook):
    """Return a notebook whose texts are no lists of lines: a notebook server joins them, and there is none here."""
    found = json.loads(notebook)
    for cell in found["cells"]:
        cell["source"] = "".join(cell["source"])
        for output in cell.get("outputs", ()):
            if "text" in output:
                output["text"] = "".join(output["text"])
            for kind, data in output.get("data", {}).items():
                if isinstance(data, list) and not kind.endswith("json"):
                    output["data"][kind] = "".join(data)
    return json.dumps(found, ensure_ascii=False).encode("utf-8")


def _run_jupyterlite(lite, site):
    options = ["--apps", "lab", "--no-sourcemaps", "--no-unused-shared-packages", "--no-libarchive"]
    options += ["--lite-dir", str(lite), "--contents", str(lite / "course"), "--output-dir", str(site)]
    pyodide_kit.run([sys.executable, "-m", "jupyterlite_core", "build", *options], lite)


def main():
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="a new folder")
    parser.add_argument("--pyodide", type=Path, metavar="ARCHIVE", help="a release archive of Pyodide")
    options = parser.parse_args()
    try:
        build(options.out.resolve(), options.pyodide)
    except (pyodide_kit.Missing, OSError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    print(f"The site is in {options.out}. To look at it: python -m http.server -d {options.out}")
    if not options.pyodide:
        print("It is for trying out. To publish it, build it with --pyodide and a release archive of Pyodide.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
