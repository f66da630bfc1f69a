"""Stand-ins for what a lesson shows and asks: importing and calling them does nothing.

In the sandbox there is no bank to look into and nobody to look at an explorer.
"""

import importlib.abc
import importlib.machinery
import sys
import types

PACKAGE = "momentum_lab"
SILENT = (
    "checks", "quizzes", "quiz_panel", "explorers", "progress", "standing", "cli", "doctor", "grading", "lessons",
    "jupyterlab",
)  # fmt: skip


class Nothing:
    """Takes every call and every attribute, and gives itself."""

    def __call__(self, *arguments, **options):
        """Do nothing."""
        return self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, key):
        return self

    def __iter__(self):
        return iter(())

    def __repr__(self):
        return ""


class _Module(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answer for the silent modules and all their sub-modules, before any file is looked for."""

    def find_spec(self, name, path=None, target=None):
        """Return a spec for a silent module, None for every other one."""
        parts = name.split(".")
        if parts[0] == PACKAGE and len(parts) > 1 and parts[1] in SILENT:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        """Return the module that does nothing."""
        return _Module(spec.name)

    def exec_module(self, module):
        """Leave it empty."""


def install():
    """Let the silent modules be found first, and give cells the names that a notebook has by itself."""
    import builtins

    sys.meta_path.insert(0, Finder())
    builtins.display = Nothing()
    builtins.get_ipython = Nothing()
    for leave in ("exit", "quit"):
        setattr(builtins, leave, sys.exit)
