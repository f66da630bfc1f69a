"""How a learner stands, in a notebook, on the command line and as a page."""

from html.parser import HTMLParser

import pytest

from momentum_lab import cli, progress
from momentum_lab.checks import bank
from momentum_lab.slips import Slip
from momentum_lab.standing import page, standing


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.setenv("MOMENTUM_LAB_PROGRESS", str(tmp_path / "p.sqlite"))
    return progress.current()


def test_nothing_done_yet(mine):
    where = standing("01")
    assert where.summary.startswith(f"Lesson 01: 0 of {len(where.exercises)} exercises passed, 0 of ")
    assert all(row.words == "○ open" for row in where.exercises)
    assert not mine.path.exists()


def test_tried_and_passed(mine):
    mine.record("attempt", "01.one_more_line", status="wrong", mistake="no learning rate", points=0)
    assert "… tried, 1 time " in repr(standing("01"))
    mine.record("attempt", "01.one_more_line", status="wrong", mistake="no learning rate", points=0)
    mine.record("hint", "01.one_more_line", number=1)
    mine.record("attempt", "01.one_more_line", status="passed", mistake=None, points=2)
    (row,) = (row for row in standing("01").exercises if row.item == "01.one_more_line")
    assert (row.passed, row.tries, row.hints, row.mistakes) == (True, 3, 1, ("no learning rate",))
    assert "- ✓ passed: one step of the heavy ball" in standing("01")._repr_markdown_()
    assert "Lesson 01: 1 of" in repr(standing("01")) and ", 2 of " in repr(standing("01"))


def test_an_unknown_lesson_is_named():
    with pytest.raises(Slip, match=r"There is no lesson '77'; there are 00.*, in quotes"):
        standing("77")


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_is_whole_and_escapes_what_it_is_given(mine):
    mine.record("prediction", "dots race", option="<script>alert(1)</script>")
    text = page("2026-01-02")
    tags = Tags()
    tags.feed(text)
    assert tags.open == [] and "<script>" not in text and "&lt;script&gt;" in text
    assert "src" not in str(tags.seen) and "href" not in str(tags.seen) and "http" not in text
    assert sum(tag == "h2" for tag, _ in tags.seen) == len(bank.lessons()) + 1
    assert all("scope" in attributes for tag, attributes in tags.seen if tag == "th")
    assert "2026-01-02" in text and "proves nobody's identity" in text


def test_the_page_shows_what_was_tried_and_says_a_bet_once(mine):
    for option in ("A", "B", "A"):
        mine.record("prediction", "dots race", option=option)
    assert "<table>" not in page("2026-01-02")
    mine.record("attempt", "01.one_more_line", status="wrong", mistake="no learning rate", points=0)
    text = page("2026-01-02")
    assert "<h2>Lesson 02 · What the optimizer remembers</h2>" in text
    assert text.count("<table>") == 1 and "faster than the textbook" in text and "the window of 0.8" not in text
    assert text.count("dots race: A") == text.count("dots race: B") == 1


def test_progress_on_the_command_line(mine, capsys):
    assert cli.main(["progress"]) == 0
    out = capsys.readouterr().out
    assert f"Nothing is recorded yet in {mine.path.parent}." in out and "in the folder of your course" in out
    assert "○ open" not in out and out.count("Lesson ") == len(bank.lessons()), "a line a lesson is enough"
    mine.record("attempt", "01.one_more_line", status="passed", mistake=None, points=2)
    assert cli.main(["progress"]) == 0
    out = capsys.readouterr().out
    assert "✓ passed" in out and f"Kept in {mine.path}." in out
    assert "faster than the textbook" in out and "the window of 0.8" not in out, "what is begun, item by item"


def test_report_overwrites_reports_only(mine, capsys, tmp_path):
    assert cli.main(["report"]) == 0 and cli.main(["report"]) == 0
    file = tmp_path / "momentum-lab-report.html"
    assert str(file) in capsys.readouterr().out and "<h1>" in file.read_text("utf-8")
    diary = tmp_path / "diary.html"
    diary.write_text("mine", encoding="utf-8")
    assert cli.main(["report", str(diary)]) == 1 and diary.read_text("utf-8") == "mine"
    assert "left alone" in capsys.readouterr().err
    assert cli.main(["report", str(tmp_path / "no" / "where.html")]) == 1
    assert "could not be written" in capsys.readouterr().err
