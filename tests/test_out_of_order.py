"""A cell that is run too early says which cell comes first."""

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from momentum_lab import opening
from momentum_lab.out_of_order import advice

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def text(source):
    return {"cell_type": "markdown", "source": source}


def code(source, **metadata):
    return {"cell_type": "code", "source": source, "metadata": metadata}


PAGE = [
    code("import numpy as np", jupyter={"source_hidden": True}),
    text("## A run you know\n\nIt goes downhill."),
    code("from os import path\nfor a, b in []:\n    c = a\ndef f():\n    inside = 1"),
    code("%matplotlib inline\nmagic = 1"),
]


@pytest.mark.parametrize("name", ["path", "a", "b", "c", "f"])
def test_the_cell_is_named_by_its_heading(name):
    assert advice(name, PAGE) == 'It is made in the cell under "A run you know": run that one first.'


def test_the_setup_cell_is_the_first_one():
    assert advice("np", PAGE) == "It is made in the first cell of this page: run that one first."


@pytest.mark.parametrize("name", ["inside", "magic", "tehta"])
def test_a_name_that_no_cell_makes_is_a_slip_of_the_readers(name):
    assert advice(name, PAGE) is None


def test_a_cell_is_not_sent_to_itself():
    assert advice("f", PAGE, running=PAGE[2]["source"] + "\n") is None


def run_first(cells, folder, monkeypatch):
    """Run some cells in a fresh kernel, as a course opened by `start` runs them; return what the last one shows."""
    file = folder / "01_the_race.ipynb"
    file.write_bytes((NOTEBOOKS / file.name).read_bytes())
    variables = {}
    opening.own_first(variables, folder, folder / "python")
    monkeypatch.setenv("PYTHONSTARTUP", variables["PYTHONSTARTUP"])
    monkeypatch.setenv("JPY_SESSION_NAME", str(file))
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    with pytest.raises(CellExecutionError):
        client.execute()
    return notebook.cells[-1].outputs[-1]


def test_a_lessons_cell_run_alone_in_a_fresh_kernel_names_the_cell_before_it(tmp_path, monkeypatch):
    cells = {
        cell["id"]: "".join(cell["source"])
        for cell in json.loads((NOTEBOOKS / "01_the_race.ipynb").read_text("utf-8"))["cells"]
    }
    shown = run_first([cells["numbers"]], tmp_path, monkeypatch)
    assert shown["ename"] == "NameError" and len(shown["traceback"]) == 3
    assert shown["traceback"][0] == "NameError: name 'run' is not defined"
    assert 'the cell under "A run you know": run that one first' in shown["traceback"][1]


def test_a_slip_of_the_readers_is_shown_as_python_shows_it(tmp_path, monkeypatch):
    shown = run_first(["tehta"], tmp_path, monkeypatch)
    assert shown["ename"] == "NameError" and "Traceback" in "".join(shown["traceback"])


def test_what_runs_first_leaves_nothing_behind(tmp_path, monkeypatch):
    shown = run_first(["assert 'watch' not in dir(), dir()\ntehta"], tmp_path, monkeypatch)
    assert shown["ename"] == "NameError"
