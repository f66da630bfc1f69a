"""What is special in lesson 10: questions that repeat others word by word, and the ledger as a page."""

import re

import pytest

from course import source
from momentum_lab.checks import bank
from momentum_lab.claims import CLAIMS, MISCONCEPTIONS, VERDICTS
from momentum_lab.claims.page import claims_table, misconceptions_table
from momentum_lab.slips import Slip

AGAIN = [entry for entry in bank.entries("10").values() if entry.get("first_asked")]


@pytest.mark.parametrize("entry", AGAIN, ids=lambda entry: entry["id"])
def test_a_question_asked_again_is_the_same_question(entry):
    first = bank.load(entry["first_asked"])
    assert (entry["text"], entry["title"], entry["expected"]) == (first["text"], first["title"], first["expected"])
    assert [(o["text"], o["belief"]) for o in entry["options"]] == [(o["text"], o["belief"]) for o in first["options"]]


def test_there_are_twelve_and_none_of_them_comes_back():
    assert len(AGAIN) == len({entry["first_asked"] for entry in AGAIN}) == 12
    assert not any(entry["recalled"] for entry in AGAIN)
    assert not any("this lesson" in option["says"] for entry in AGAIN for option in entry["options"])


def test_the_ledger_as_a_page():
    page = claims_table(CLAIMS)
    assert [len(rows) for rows in page.groups.values()] == [9, 22, 12, 3, 1, 12]
    shown = page._repr_markdown_()
    assert shown.count("<details>") == shown.count("</details>") == len(VERDICTS)
    rows = re.findall(r"^\| \d+ \|.*\|$", shown, re.M)
    assert len(rows) == len(CLAIMS) and all(len(re.findall(r"(?<!\\)\|", row)) == 4 for row in rows)
    assert r"x\_before" in shown and "beta &lt; 1" in shown
    assert len(repr(page).splitlines()) == len(CLAIMS) + len(VERDICTS)


def test_one_verdict_alone_is_open():
    shown = claims_table(CLAIMS, "false")._repr_markdown_()
    assert shown.startswith("**false: 12**") and "<details>" not in shown
    with pytest.raises(Slip, match="There is no verdict 'wrong'; there are true"):
        claims_table(CLAIMS, "wrong")


def test_the_misconceptions_as_a_page():
    page = misconceptions_table(MISCONCEPTIONS)
    assert sum(map(len, page.groups.values())) == len(MISCONCEPTIONS)
    assert list(page.groups) == sorted(page.groups) and "lesson 02" in page.groups


def test_the_example_of_the_audit_is_true():
    import numpy as np

    (path,) = (path for path in source.sources() if source.key(path) == "10")
    (item,) = (item for item in source.items(path) if item.id == "10.audit")
    verdicts = source.reference(path, item)(np.array([0.65, 29.0, 0.53]), np.array([0.6513, 28.98, 0.5263]), 2)
    assert verdicts.tolist() == [True, False, True]
