"""Every number of the ledger is made anew; what has no number has a source."""

import dataclasses
import re

import pytest

from momentum_lab.claims import CLAIMS, MISCONCEPTIONS, SOURCES, VERDICTS, Claim
from momentum_lab.claims.batches import fewest_steps
from momentum_lab.claims.claim import as_printed, mismatches
from momentum_lab.claims.page import claims_table, misconceptions_table
from momentum_lab.slips import Slip

ENTRIES = [*CLAIMS, *MISCONCEPTIONS]
CHECKED = [entry for entry in ENTRIES if entry.experiment]


def name(entry):
    return f"{type(entry).__name__} {entry.id}"


def test_the_ledger_is_complete():
    assert [claim.id for claim in CLAIMS] == list(range(1, 60))
    assert [belief.id for belief in MISCONCEPTIONS] == list(range(1, 25))
    assert sum(claim.experiment is not None for claim in CLAIMS) >= 50
    assert all(belief.experiment for belief in MISCONCEPTIONS)
    assert {claim.verdict for claim in CLAIMS} == set(VERDICTS)


@pytest.mark.parametrize("entry", CHECKED, ids=name)
def test_every_printed_number_comes_out(entry):
    assert entry.check() == {}


@pytest.mark.parametrize("entry", CHECKED, ids=name)
def test_a_number_that_is_off_by_one_in_its_last_digit_is_caught(entry):
    """The experiment runs once; each printed number is altered in turn."""
    found = entry.experiment()
    for number, printed in entry.numbers.items():
        assert mismatches({**entry.numbers, number: altered(printed)}, found) == {number: (altered(printed), printed)}
    missing = dict(list(entry.numbers.items())[1:])
    assert mismatches(missing, found)


def altered(printed):
    """The same number, its last digit one larger; yes for no."""
    if printed in ("yes", "no"):
        return {"yes": "no", "no": "yes"}[printed]
    mantissa, _, exponent = printed.partition("e")
    return f"{mantissa[:-1]}{(int(mantissa[-1]) + 1) % 10}{'e' * bool(exponent)}{exponent}"


def test_claims_without_numbers_are_history_notation_or_opinion():
    assert {claim.id for claim in CLAIMS if not claim.experiment} == {5, 11, 37, 43}


@pytest.mark.parametrize("claim", CLAIMS, ids=name)
def test_sources_stand_in_the_bibliography(claim):
    assert set(claim.sources) <= set(SOURCES)
    assert claim.sources or claim.experiment


def test_the_bibliography():
    used = {key for claim in CLAIMS for key in claim.sources}
    assert len(used) > 40
    for key, source in SOURCES.items():
        assert source.key == key and re.fullmatch(r"[a-z]+\d{4}[a-z]?|torch", key)
        assert key == "torch" or str(source.year) == key.rstrip("abc")[-4:], key
        assert source.authors and source.title and source.where
        assert source.text.startswith(f"{source.authors} ({source.year})")
        assert source.text.endswith(", not re-read") != source.opened
    assert 5 < sum(not source.opened for source in SOURCES.values()) < 20


@pytest.mark.parametrize("entry", ENTRIES, ids=name)
def test_entries_are_short_sentences(entry):
    said, truth = (entry.claim, entry.statement) if isinstance(entry, Claim) else (entry.belief, entry.truth)
    assert len(said.split()) <= 25 and len(truth.split()) <= 70
    for text in (said, truth):
        assert text.endswith((".", "?"))
        assert all(len(sentence.split()) <= 32 for sentence in re.split(r"(?<=[.!?:]) ", text))


# What goes in, not what comes out: learning rates, betas, a tilt, a decay, a version.
SETTINGS = {"0.0005", "0.001", "0.01", "0.02", "0.15", "0.25", "0.99", "0.999", "2.13"}


@pytest.mark.parametrize("entry", CHECKED, ids=name)
def test_the_numbers_in_a_statement_are_held(entry):
    """Numbers with two decimals or more that a statement prints are settings or come out of its experiment."""
    text = entry.statement if isinstance(entry, Claim) else entry.truth
    held = " ".join([*entry.numbers.values(), *entry.numbers])
    for number in set(re.findall(r"\d+\.\d{2,}", text)) - SETTINGS:
        assert number in held or any(is_rounded(printed, number) for printed in entry.numbers.values()), number


def is_rounded(printed, number):
    """True if a printed number, rounded further, is this number."""
    try:
        return as_printed(float(printed), number) == number
    except ValueError:
        return False


def test_printing():
    assert as_printed(0.98019801, "0.980198") == "0.980198" and as_printed(690.75, "691") == "691"
    assert as_printed(1.961e-4, "1.961e-4") == "1.961e-4" and as_printed(36012.0, "3.60e4") == "3.60e4"
    assert as_printed(True, "yes") == "yes" and as_printed(False, "yes") == "no"
    assert mismatches({"a": "1"}, {"b": 1}) == {"a": ("1", None), "b": (None, "1")}


def test_what_is_no_claim_is_named():
    for wrong in (None, "true", 5, MISCONCEPTIONS, CLAIMS[0].id):
        with pytest.raises(Slip, match="This table is made of CLAIMS"):
            claims_table(wrong)
    with pytest.raises(Slip, match="This table is made of MISCONCEPTIONS"):
        misconceptions_table(CLAIMS)
    assert claims_table(CLAIMS[0]).groups[CLAIMS[0].verdict]
    with pytest.raises(Slip, match="There is no 'polyak' here; there are"):
        SOURCES["polyak"]
    for wrong in (("x", 0.9), (0, 0.9), (1e4, 1.5), (1e4, [0.9])):
        with pytest.raises(Slip, match=r"finite number|a batch above 0"):
            fewest_steps(*wrong)


def test_a_verdict_that_is_none_and_numbers_without_an_experiment_are_refused():
    with pytest.raises(Slip, match="one of true, true with condition"):
        Claim(1, "It works.", "perhaps", "Who knows.")
    with pytest.raises(Slip, match="both printed numbers and an experiment"):
        dataclasses.replace(CLAIMS[0], experiment=None)
