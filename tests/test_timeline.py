import re

import numpy as np
import pytest

from momentum_lab import plots
from momentum_lab.explorers.papers import CARDS
from momentum_lab.explorers.timeline import METHODS, STEPS, timeline
from momentum_lab.optimizers import Adam, GradientDescent, HeavyBall, Nesterov
from momentum_lab.running import run
from momentum_lab.schedules import nesterov_1983_beta
from momentum_lab.surfaces import twelve_dots
from momentum_lab.words import number

DOTS = twelve_dots()
EVERY_CARD = pytest.mark.parametrize("card", CARDS, ids=lambda card: card.title)


def walk(rule, steps=STEPS):
    return run(rule, DOTS, [0.0, 0.0], steps)


# The rules by hand, with the curvatures 0.1 and 10 written in.
BY_HAND = {
    1950: HeavyBall(4 / (10**0.5 + 0.1**0.5) ** 2, (9 / 11) ** 2),
    1964: HeavyBall(4 / (10**0.5 + 0.1**0.5) ** 2, (9 / 11) ** 2),
    1983: Nesterov(0.1, nesterov_1983_beta()),
    1986: HeavyBall(0.1, 0.9),
    2013: Nesterov(0.1, lambda t: 0.5 if t < 250 else 0.75),
    2014: Adam(0.1, 0.9, 0.999, 1e-8),
}


def test_the_papers_stand_in_order_of_year():
    assert [card.year for card in CARDS] == sorted(BY_HAND)


@EVERY_CARD
def test_the_numbers_of_a_card_are_those_of_the_library(card):
    ours, plain = walk(BY_HAND[card.year]), walk(GradientDescent(2 / 10.1))
    text = timeline().set(paper=card.title, step=50).sentence
    a, b = (run.gaps[50] / run.gaps[0] for run in (ours, plain))
    assert f"At step 50 their losses are {number(a)} and {number(b)} of the start." in text
    left = number(plain.distances[-1] / plain.distances[0])
    assert f"Gradient descent (lr 0.198, its best in the long run) has {left} of its starting distance left" in text
    arrived = ours.steps_to(distance=1e-6)
    if arrived is None:
        left = number(ours.distances[-1] / ours.distances[0])
        assert f"has {left} of its starting distance left after 300 steps. " in text
    else:
        assert f"is within a millionth of its starting distance from step {arrived} on. " in text
    peak = ours.gaps.argmax()
    climb = f"Its loss first climbs to {number(ours.gaps[peak] / ours.gaps[0])} times the start, at step {peak}."
    assert (climb in text) == (peak > 0)


def test_frankel_and_polyak_take_the_same_steps():
    frankel, polyak = (walk(card.rule(DOTS.eigenvalues)).thetas for card in CARDS[:2])
    np.testing.assert_array_equal(frankel, polyak)
    one, other = timeline().set(paper="1950 Frankel").sentence, timeline().set(paper="1964 Polyak").sentence
    assert "is the same recurrence" in one and "is the same recurrence" in other
    assert one.split("On the twelve dots")[1] == other.split("On the twelve dots")[1]


def test_nesterovs_method_is_the_loop_of_1983():
    """x_k = y_k - grad(y_k) / L, y_(k+1) = x_k + (a_k - 1) / a_(k+1) (x_k - x_(k-1)), from y_0 with a_0 = 1."""
    before = ahead = np.zeros(2)
    a, points = 1.0, [ahead]
    for _ in range(STEPS):
        now = ahead - DOTS.grad(ahead) / 10
        points.append(now)
        following = (1 + np.sqrt(4 * a**2 + 1)) / 2
        ahead = now + (a - 1) / following * (now - before)
        before, a = now, following
    card = next(card for card in CARDS if card.year == 1983)
    np.testing.assert_allclose(walk(card.rule(DOTS.eigenvalues)).thetas, points, rtol=0, atol=1e-12)


def test_what_the_cards_say_of_their_settings():
    along, plain = (DOTS.parts(walk(rule).thetas)[:, 0] for rule in (BY_HAND[2013], GradientDescent(0.2)))
    np.testing.assert_allclose(along[:250], plain[:250], rtol=0.05)
    slow = walk(Adam(0.001)).distances
    assert f"{100 * slow[-1] / slow[0]:.0f} %" == "95 %"


def test_the_heavy_ball_of_the_cards_is_the_best_in_the_long_run():
    """The factor per step is the largest root of z^2 - (1 + beta - lr curvature) z + beta."""

    def factor(lr, beta):
        return max(np.abs(np.roots([1, lr * curvature - 1 - beta, beta])).max() for curvature in (0.1, 10))

    rule = CARDS[1].rule(DOTS.eigenvalues)
    best = factor(rule.lr, rule.beta)
    assert best == pytest.approx(9 / 11, abs=1e-6)
    for lr in (0.9, 0.99, 1, 1.01, 1.1):
        for beta in (0.9, 0.99, 1, 1.01, 1.1):
            assert (lr, beta) == (1, 1) or factor(rule.lr * lr, rule.beta * beta) > best + 1e-4


@EVERY_CARD
def test_a_card_reads_like_the_course(card):
    assert len(card.history.split()) <= 60
    text = timeline().set(paper=card.title).sentence
    lengths = [len(sentence.split()) for sentence in re.split(r"(?<=\.) (?=[A-Z0-9])", text)]
    assert max(lengths) <= 30 and 14 <= np.mean(lengths) <= 18
    assert not re.search(r"\b(simply|just|obviously|of course|note that|powerful)\b|[!?]", text)
    assert len(text) <= 6 * 130  # the room the panel keeps


def test_at_rest():
    assert timeline().sentence == (
        "In 1964 Boris Polyak looks for faster iterations for functional equations, and with them for minimisation. "
        "His method adds a share of the last step to the new one. He proves its rate for quadratics, and near a "
        "minimum of a twice differentiable function. Frankel's method of 1950, made for linear systems, is the same "
        "recurrence. On the twelve dots the heavy ball (lr 0.331, beta 0.669) is within a millionth of its starting "
        "distance from step 93 on. Its loss first climbs to 13.6 times the start, at step 4. Both settings are the "
        "best ones in the long run for these two curvatures. Gradient descent (lr 0.198, its best in the long run) has "
        "0.00248 of its starting distance left after 300 steps. At step 30 their losses are 0.018 and 0.301 of the "
        "start."
    )


def test_a_loss_of_dust_is_told_as_such():
    assert "their losses are less than 10⁻¹² and 6.14 × 10⁻⁶ of the start" in timeline().set(step=300).sentence


@EVERY_CARD
def test_only_gradient_descent_and_the_cards_own_method_are_drawn(card):
    explorer = timeline()
    for other in CARDS:  # whatever was shown before
        explorer.set(paper=other.title).show()
    explorer.set(paper=card.title).show()
    artists = explorer._stage.artists
    method = BY_HAND[card.year].name
    for line in (artists.lines, *artists.curves):
        assert [m for m, shown in zip(METHODS, line, strict=True) if shown.get_visible()] == [METHODS[0], method]
    assert artists.sample.get_color() == plots.STYLES[method].color
    assert artists.name.get_text().startswith(str(card.year)) and all(
        a in artists.name.get_text() for a in card.authors
    )


@pytest.mark.parametrize("theme", plots.THEMES)
@EVERY_CARD
def test_the_name_of_a_card_stays_inside_the_picture(card, theme):
    try:
        plots.use_theme(theme)
        explorer = timeline()
        explorer.set(paper=card.title).show()
    finally:
        plots.use_theme("light")
    stage = explorer._stage
    box = stage.artists.name.get_window_extent(stage.canvas.get_renderer())
    lane = stage.figure.axes[-1].get_window_extent()
    assert lane.x1 < box.x0 and box.x1 < plots.WIDTH and box.y0 > 45
