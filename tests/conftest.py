"""Two tiers, and tests that need something a bare machine may lack.

Tests marked `full` run with --full only.  Tests marked `browser`, `sandbox` or `hub` skip, with the package to
install, where it is missing; MOMENTUM_LAB_REQUIRE=browser,sandbox turns such a skip into a failure.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
os.environ["MOMENTUM_LAB_PROGRESS"] = "none"  # a test is no learner; tests of the progress file say where it lies
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

settings.register_profile("test", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("full", derandomize=False, deadline=None, max_examples=600, print_blob=True)


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="run the release tier too")


def pytest_configure(config):
    settings.load_profile("full" if config.getoption("--full") else "test")


def _find_browser():
    from lab import find_browser

    return find_browser()


def _find_hub():
    from hub import find_hub

    return find_hub()


NEEDS = {
    "browser": (_find_browser, "Chromium (Debian: apt install chromium; or set MOMENTUM_LAB_CHROMIUM to its path)"),
    "sandbox": (lambda: shutil.which("bwrap"), "bubblewrap (Debian: apt install bubblewrap)"),
    "hub": (_find_hub, "jupyterhub and configurable-http-proxy on the path (workshop/hub.md says how to install them)"),
    "binder": (
        lambda: shutil.which("jupyter-repo2docker"),
        "jupyter-repo2docker on the path (pip install it somewhere)",
    ),
}


def pytest_runtest_setup(item):
    if item.get_closest_marker("full") and not item.config.getoption("--full"):
        pytest.skip("runs with --full")
    required = os.environ.get("MOMENTUM_LAB_REQUIRE", "").split(",")
    for need, (find, package) in NEEDS.items():
        if item.get_closest_marker(need) and not find():
            report = pytest.fail if need in required else pytest.skip
            report(f"This test needs {package}.")
