"""Every topic of the article that the course covers has its place, and every claim is taught or left out with a reason.

A place is a lesson and the id of a cell; the words beside it must stand in that cell, so that a cell which is rewritten
or moved takes its topic along, or this table is put right.
"""

import re

import pytest

from course import source
from momentum_lab.claims import CLAIMS, VERDICTS
from momentum_lab.claims.page import claims_table
from momentum_lab.optimizers import RULES

CELLS = {
    (source.key(path), cell.metadata["id"]): cell.source for path in source.sources() for cell in source.read(path)
}

# What the article has, in our words -> where the course has it, and a pattern that stands there.
ARTICLE = {
    # headings
    "what momentum is: a velocity made of past gradients": ("01", "one-more-line", "one more line"),
    "origin: Polyak 1964, the heavy ball": ("04", "box", "In 1964 Boris Polyak"),
    "physics: friction and inertia": ("03", "mass", "friction"),
    "Polyak's rates on strongly convex quadratics": ("04", "circle-said", r"sqrt\(kappa\)"),
    "backpropagation, Rumelhart, Hinton, Williams 1986": ("02", "box", "In 1986 Rumelhart"),
    "Nesterov 1983, Sutskever 2013": ("05b", "box", "1983.*Sutskever"),
    "classical momentum, update rule": ("01", "both-by-hand", "beta"),
    "the velocity as an average": ("02", "average-said", "differ by the factor 1 - beta"),
    "the sum unrolled": ("02", "unrolled", "unrolled"),
    "effective window": ("02", "weights-said", "newest ten carry"),
    "Nesterov's rule, the lookahead": ("05a", "one-change", "where the memory alone would lead"),
    "comparison of classical and Nesterov": ("05a", "garden-said", "smaller garden"),
    "Nesterov in practice": ("06a", "tempting-nesterov", "no proof of such a ranking"),
    "ravines": ("01", "two-lanes", "valley"),
    "plateaus": ("02", "plateau", "plateau"),
    "local minima": ("03", "escape-said", "better"),
    "saddle points": ("03", "saddle-said", "gradient descent is not stuck"),
    "the square root of the condition number": ("04", "root-said", "sqrt\\(kappa\\)/2"),
    "choosing beta": ("08a", "beta-lead", "table that is often copied"),
    "beta near 1, then the largest lr": ("04", "too-much", "as near to 1 as you can"),
    "momentum in other optimizers": ("07", "who-said", "no momentum"),
    "SGD with momentum and vision": ("08b", "vision", "images"),
    "PyTorch: the training example": ("06b", "loop", "As it is printed it does not run"),
    "PyTorch: lr inside or outside": ("06b", "tempting-equal", "tempting to call the two forms equivalent"),
    "warm-up": ("08a", "warm-lead", "What is a warm-up for"),
    "momentum schedules, 1cycle": ("08a", "cycle-lead", "while the learning rate rises to a peak, `beta` falls"),
    "lr and beta together: the gain": ("02", "weights-said", r"1/\(1 - beta\)"),
    "lr and beta together: stability": ("05a", "garden-said", "up to 3.8"),
    "lr and beta together: noise": ("06a", "tempting-average", "hardly moves"),
    "batch size": ("06a", "size-said", "With a batch of 1000"),
    "the sled": ("03", "newton-said", "Snow is much friction"),
    # rows of the table of symbols
    "symbol: velocity": ("02", "glossary", r"\| velocity \|"),
    "symbol: beta": ("02", "glossary", r"\| `beta` \|"),
    "symbol: learning rate": ("01", "words", "learning rate"),
    "symbol: gradient": ("01", "words", r"\| gradient \|"),
    "symbol: updated parameters": ("01", "both-by-hand", "theta"),
    # rows of the comparison
    "row: where the gradient is taken": ("05a", "one-change", "`ahead`"),
    "row: reactive and proactive": ("05a", "future", "tempting to say that the method looks into the future"),
    "row: rate on convex functions": ("05b", "tempting-name", r"1/k\^2"),
    "row: rate on strongly convex functions": ("05b", "rates-said", "that is its `beta`"),
    "row: stability at a high beta": ("05a", "garden-said", "From `u` 1.357 on"),
    "row: benefit under noise": (
        "06a",
        "tempting-nesterov",
        "significant benefit there, and Nesterov's method a modest one",
    ),
    # rows of the table of betas
    "row: beta 0": ("08a", "beta-rows", r"\| 0 \| for comparison"),
    "row: beta 0.5 to 0.8": ("08a", "beta-rows", r"\| 0.5 to 0.8 \| for noisy training"),
    "row: beta 0.9": ("08a", "beta-rows", r"\| 0.9 \| the default"),
    "row: beta 0.95 to 0.99": ("08a", "beta-rows", r"\| 0.95 to 0.99 \|"),
    # rows of the table of moments, and the other optimizers
    "row: first moment": ("07", "glossary", "first moment"),
    "row: second moment": ("07", "glossary", "second moment"),
    "optimizer: Adam": ("07", "adam", "Kingma and Ba"),
    "bias correction": ("07", "correction-said", "corrected"),
    "optimizer: AdaGrad": ("07", "adagrad", "Duchi"),
    "optimizer: RMSProp": ("07", "rmsprop", "Tieleman"),
    "optimizer: AdamW": ("07", "adamw", "Loshchilov"),
    "optimizer: Nadam": ("07", "nadam", "Dozat"),
    "optimizer: LAMB": ("07", "lamb", "You"),
    # rows of the table of PyTorch's parameters
    "row: lr": ("06b", "five-table", r"\| `lr` \| 0.001"),
    "row: momentum": ("06b", "five-table", r"\| `momentum` \| 0"),
    "row: dampening": ("06b", "five-table", r"\| `dampening` \| 0"),
    "row: nesterov": ("06b", "five-table", r"\| `nesterov` \| False"),
    "row: weight_decay": ("06b", "five-table", r"\| `weight_decay` \| 0"),
}

# The two systems of the first lessons and the six of lesson 07: explained, run, and practised in an exercise.
SYSTEMS = {
    "heavy ball": (("01", "one-more-line"), ("01", "both-by-hand"), "01.one_more_line"),
    "Nesterov": (("05a", "one-change"), ("05a", "both"), "05a.nag_step"),
    "AdaGrad": (("07", "adagrad"), ("07", "fed"), "07.adagrad_step"),
    "RMSProp": (("07", "rmsprop"), ("07", "rmsprop-numbers"), "07.rmsprop_step"),
    "Adam": (("07", "adam"), ("07", "first-step-numbers"), "07.adam_step"),
    "AdamW": (("07", "adamw"), ("07", "adamw-numbers"), "07.adamw"),
    "Nadam": (("07", "nadam"), ("07", "nadam-numbers"), "07.nadam"),
    "LAMB": (("07", "lamb"), ("07", "lamb-numbers"), "07.lamb"),
}


@pytest.mark.parametrize("topic", ARTICLE)
def test_every_topic_of_the_article_has_a_cell(topic):
    lesson, cell, words = ARTICLE[topic]
    assert re.search(words, CELLS[lesson, cell].replace("\n", " "), re.I), f"{lesson} {cell}: {words}"


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_is_explained_run_and_practised(name):
    explained, run, exercise = SYSTEMS[name]
    assert explained in CELLS and exercise in {item.id for path in source.sources() for item in source.items(path)}
    rule = next(rule for rule in RULES if rule.name == name)
    assert rule.__name__ in CELLS[run] or "velocity" in CELLS[run], "the run is of this rule"


def test_there_are_at_least_44_exercises():
    marked = [item.id for path in source.sources() for item in source.items(path) if item.points]
    assert len(marked) >= 44, marked


# Claim of the ledger -> the cell that says what is true of it, and a pattern that stands there; or why it is left out.
# Lesson 10 shows all of them with their verdicts.
TAUGHT = {
    1: ("02", "average-said", "differ by the factor 1 - beta"),
    2: ("01", "harder", "given list of gradients"),
    3: ("01", "history-said", "Frankel"),
    4: ("07", "who-said", "no momentum"),
    5: ("04", "box", "functional equations"),
    6: ("03", "escape-said", "Friction takes"),
    7: ("04", "root-said", "ten times those of the heavy ball"),
    8: ("04", "one-knob-said", "0.9802"),
    9: ("04", "nothing-better-said", "on a quadratic"),
    10: ("05b", "tempting-polyak", "tempting to say that Polyak's settings converge"),
    11: ("02", "box", "all cases together"),
    12: ("05b", "two-bounds-said", "growing `beta`"),
    13: ("05b", "two-bounds-said", r"L R\^2 / \(4 k \+ 2\)"),
    14: ("05a", "box", "In 2013 Sutskever"),
    15: ("02", "unrolled-said", "learning rate inside|inside the velocity|stays as it is"),
    16: ("08a", "beta-rows", "best for kappa 1442 only"),
    17: ("02", "average-said", "velocity goes to 10, the average to 1"),
    18: ("02", "unrolled-said", "start at rest"),
    19: ("02", "weights-said", "65.1 %"),
    20: ("02", "weights-said", "soft edge, and no cut"),
    21: ("05a", "one-change", "Everything else stays"),
    22: ("05a", "both-said", "It does shoot past, only less"),
    23: "The lessons promise nothing for the heavy ball on convex functions; lesson 10 has the bound.",
    24: ("05b", "tempting-name", "for ever the worst quadratics already fall only like 1/k"),
    25: ("05b", "tempting-polyak", "a soft stretch is enough"),
    26: ("05b", "rates-said", "0.90 and not 0.82"),
    27: ("05a", "garden-said", "Both statements are true"),
    28: ("06a", "tempting-nesterov", "no proof of such a ranking"),
    29: ("06a", "tempting-nesterov", "in either order"),
    30: ("01", "harder", "wilder zigzag"),
    31: ("02", "fed-said", "about half as large"),
    32: ("02", "plateau", "building up takes time"),
    33: ("03", "escape-said", "out of the \\*better\\* well"),
    34: ("03", "saddle-said", "Started at rest exactly on the ridge"),
    35: ("04", "nothing-better-said", "without noise"),
    36: ("04", "root-said", r"kappa/2 against sqrt\(kappa\)/2"),
    37: ("02", "box", "`alpha` times the last change"),
    38: ("02", "weights-said", "There are more exact answers"),
    39: ("08a", "beta-tempting", "noise alone asks for no light `beta`"),
    40: ("08a", "beta-tempting", "the best `beta` grows with kappa"),
    41: ("04", "too-much-said", "Where does the advice hold"),
    42: ("06a", "tempting-average", "But the velocity is a sum"),
    43: ("08b", "vision", "tempting to say that SGD with momentum is the method for images"),
    44: ("07", "adam", "two averages|it has an average"),
    45: ("07", "same-said", "raising `beta1` does not lengthen the step"),
    46: ("07", "rmsprop", "average with a share"),
    47: ("07", "correction-said", "a lag remains"),
    48: ("07", "who-said", "AdaGrad and plain RMSProp stand still"),
    49: ("06b", "loop", "never used"),
    50: ("06b", "five-table", "older versions required"),
    51: ("06b", "decay-said", "0.607841"),
    52: ("06b", "changing-said", "8.1"),
    53: ("08a", "warm-tempting", "momentum is a warm-up itself"),
    54: ("08a", "cycle-said", "8.33"),
    55: ("08a", "interplay-said", "tells the gain on a steady push"),
    56: ("06a", "stable-said", "the limit rises with `beta`"),
    57: ("06a", "size-said", "makes large batches worth their price"),
    58: ("08a", "batch-said", "does not ask for a low `beta` as such"),
    59: ("03", "newton-said", "Snow is much friction, ice is little"),
}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: str(claim.id))
def test_every_claim_is_taught_or_left_out_with_a_reason(claim):
    place = TAUGHT[claim.id]
    if isinstance(place, str):
        assert len(place.split()) > 5, "a reason is a sentence"
        return
    lesson, cell, words = place
    assert re.search(words, CELLS[lesson, cell].replace("\n", " ")), f"{lesson} {cell}: {words}"


def test_lesson_10_shows_every_claim_with_its_verdict():
    assert "claims_table(CLAIMS)" in CELLS["10", "ledger"]

    def plain(text):  # the table escapes what Markdown would take as its own
        return re.sub(r"&\w+;|\W", "", text.replace("<", "&lt;").replace(">", "&gt;"))

    shown = plain(claims_table(CLAIMS)._repr_markdown_())
    for claim in CLAIMS:
        assert plain(claim.claim) in shown and plain(claim.statement) in shown, claim.id
    assert all(plain(verdict) in shown for verdict in VERDICTS)
