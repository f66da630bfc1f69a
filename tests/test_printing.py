"""A notebook on paper: every picture with its text, every formula set, nothing fetched, nothing folded."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course import source
from momentum_lab import cli
from momentum_lab.printing import WIDGET, mathml, page
from momentum_lab.slips import Slip

NOTEBOOKS = sorted((source.ROOT / "notebooks").glob("*.ipynb"))


def formulas(notebook):
    """Return the formulas in what a notebook shows as Markdown."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    texts += [output.data["text/markdown"] for output in outputs if "text/markdown" in output.get("data", {})]
    return sum(text.count("$$") // 2 for text in texts)


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_page_shows_every_picture_and_every_formula(file):
    notebook = nbformat.read(file, as_version=4)
    printed = page(file)
    outputs = [o.data for cell in notebook.cells for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
    pictures = sum(data.get("text/html", "<img").count("<img") for data in outputs)  # a bet and its answer are two
    assert pictures >= len(outputs)
    images = re.findall(r"<img [^>]*>", printed)
    assert len(images) == pictures
    assert all(re.search(r'src="data:image/png[^"]*"', i) and re.search(r'alt="[^"]{40,}"', i) for i in images)
    assert printed.count('display="block"') - printed.count('math[display="block"]') == formulas(notebook)
    assert "$$" not in printed and "NotReady" not in printed and "<details>" not in printed
    assert not re.search(r"<(script|link|iframe)\b|src=\"http", printed)


def test_words_in_code_and_money_are_no_formulas():
    assert mathml("`$x$` and ```\n$$y$$\n```") == "`$x$` and ```\n$$y$$\n```"
    assert mathml("it costs $5") == "it costs $5"
    assert "<math" in mathml("the rate $\\sqrt{\\beta}$") and "√" not in mathml("`$\\sqrt{x}$`")


def test_what_is_live_is_left_to_its_picture(tmp_path):
    """A learner's own notebook, saved after a run, has widgets in it."""
    data = {WIDGET: {"model_id": "x"}, "image/png": "aGVsbG8=", "text/plain": "a sentence"}
    output = new_output(
        "display_data", data, metadata={"image/png": {"alt": "a sentence with the numbers of this run 1"}}
    )
    notebook = new_notebook(cells=[new_markdown_cell("# Mine"), new_code_cell("1", outputs=[output])])
    file = tmp_path / "mine.ipynb"
    nbformat.write(notebook, file)
    printed = page(file)
    assert "<title>Mine</title>" in printed and 'alt="a sentence with' in printed and "model_id" not in printed


def test_the_verb_writes_a_page_and_overwrites_only_its_own(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["print", str(NOTEBOOKS[0])]) == 0
    file = tmp_path / NOTEBOOKS[0].with_suffix(".html").name
    assert file.exists() and cli.main(["print", str(NOTEBOOKS[0])]) == 0
    file.write_text("my own words", encoding="utf-8")
    assert cli.main(["print", str(NOTEBOOKS[0])]) == 1
    assert file.read_text("utf-8") == "my own words" and "left alone" in capsys.readouterr().err


def test_a_lesson_is_named_by_its_number(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(source.ROOT)
    assert cli.main(["print", "02", str(tmp_path / "two.html")]) == 0
    assert "What the optimizer remembers" in (tmp_path / "two.html").read_text("utf-8")


def test_what_is_no_notebook_is_refused_in_a_sentence(tmp_path, capsys):
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{", encoding="utf-8")
    for name in (broken, tmp_path / "nowhere.ipynb"):
        with pytest.raises(Slip):
            page(name)
        assert cli.main(["print", str(name)]) == 1
        assert str(name) in capsys.readouterr().err


@pytest.mark.browser
def test_the_print_view_of_a_browser_has_it_all(tmp_path):
    from lab import browser

    with browser() as context:
        for file in NOTEBOOKS:
            target = tmp_path / f"{file.stem}.html"
            target.write_text(page(file), encoding="utf-8")
            sheet, asked = context.new_page(), []
            sheet.on("request", lambda request, asked=asked: asked.append(request.url))
            sheet.goto(target.as_uri())
            sheet.emulate_media(media="print")
            sizes = sheet.evaluate(
                "[...document.querySelectorAll('img, math')].map(e => e.getBoundingClientRect())"
                ".map(r => [r.width, r.height, r.right])"
            )
            assert all(width > 3 and height > 3 for width, height, _ in sizes), file.stem
            pictures = sheet.evaluate("[...document.images].map(i => i.naturalWidth)")
            assert all(width >= 600 for width in pictures), file.stem
            assert not [url for url in asked if not url.startswith(("file:", "data:"))], file.stem
            assert len(sheet.pdf(format="A4")) > 10_000
            sheet.close()
