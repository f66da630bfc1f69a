import re

import numpy as np
import pytest

from momentum_lab import plots
from momentum_lab.explorers.spring import spring
from momentum_lab.words import number

RULES = {
    "heavy ball": lambda u, beta: (1 + beta - u, beta),
    "Nesterov": lambda u, beta: ((1 + beta) * (1 - u), beta * (1 - u)),
}


def by_hand(method, u, beta, steps=100):
    """The motion from 1 at rest, by its recurrence, and the two roots by NumPy's root finder."""
    p, d = RULES[method](u, beta)
    # Before the first step the mass rests; what rest means for Nesterov's method is its velocity of zero.
    places, velocity = [1.0], 0.0
    for _ in range(steps):
        here = places[-1] - (beta * velocity if method == "Nesterov" else 0)
        velocity = beta * velocity + u * here
        places.append(places[-1] - velocity)
    return np.array(places), np.roots([1, -p, d])


def test_at_rest():
    assert spring().sentence == (
        "The heavy ball swings, with a period of 19.5 steps; it passes the minimum by 0.604, at step 9. "
        "Both roots lie on the circle of radius √beta: every step takes 5.13 % off the swing (rate 0.9487), "
        "for every u from 0.00263 to 3.797 alike. "
        "With beta 0.9 it passes the minimum where u is above 0.00263, and diverges from 3.8 on. "
        "At step 100 it is 0.00374 from the minimum, gradient descent with the same u 2.66 × 10⁻⁵. "
        "Goal: set u to 0.04 and find the largest beta that does not pass the minimum."
    )


@pytest.mark.parametrize(
    ("method", "u", "beta"), [("heavy ball", 0.5, 0.8), ("Nesterov", 0.1, 0.95), ("heavy ball", 1.7, 0.97)]
)
def test_the_numbers_are_those_of_the_motion_by_hand(method, u, beta):
    text = spring().set(method=method, u=u, beta=beta).sentence
    places, roots = by_hand(method, u, beta)
    assert f"period of {number(2 * np.pi / abs(np.angle(roots[0])))} steps" in text
    assert f"passes the minimum by {number(-places.min())}, at step {places.argmin()}." in text
    assert f"takes {number(100 * (1 - abs(roots[0])))} % off the swing" in text
    assert f"At step 100 it is {number(abs(places[-1]))} from the minimum" in text


def test_beyond_the_threshold_the_rate_does_not_depend_on_u():
    rates = {re.search(r"takes .* u from .* alike", spring().set(u=u).sentence)[0] for u in (0.01, 0.1, 1, 3)}
    assert len(rates) == 1


def test_two_equal_roots_are_the_goal():
    text = spring().set(u=0.04, beta=0.64).sentence
    assert "critically damped: its two roots are equal, 0.8, and it never passes the minimum" in text
    assert "20 % off the distance (rate 0.8)" in text and "That is the goal" in text
    assert "critically" in spring().set(u=0.04, beta=0.6415).sentence
    for beta, way in ((0.63, "larger"), (0.65, "smaller")):
        assert f"beta can be {way} still" in spring().set(u=0.04, beta=beta).sentence
    assert "That is the goal" in spring().set(u=0.04, beta=2 / 3, method="Nesterov").sentence


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"u": 0.02, "beta": 0.1}, "overdamped: it creeps home without a swing and never passes"),
        ({"u": 4.2}, "The heavy ball diverged at step 23: its motion flips sides"),
        ({"u": 4.2}, "Gradient descent with this u diverged at step 12"),
        ({"u": 1.5, "method": "Nesterov"}, "Nesterov's method diverged at step"),
        ({"u": 3.801}, "flips sides and grows without end"),
        ({"u": 2.0, "beta": 0.0}, "rate 1, to six digits"),
        ({"u": 1.0, "beta": 0.0}, "lands on the minimum with the first step"),
        ({"u": 0.0}, "nothing pulls, and the mass stays at 1"),
        ({"u": 3.9, "beta": 0.999}, "for every u from 2.5 × 10⁻⁷ to 3.998 alike"),
    ],
)
def test_every_way_to_move_has_its_words(settings, words):
    assert words in spring().set(**settings).sentence


def test_the_limits_of_both_methods():
    assert "above 0.00263, and diverges from 3.8 on" in spring().sentence
    assert "above 0.00277, and diverges from 1.36 on" in spring().set(method="Nesterov").sentence


def test_the_presets():
    explorer = spring()
    critical, ringing = (preset.values for preset in explorer.presets)
    for method in RULES:
        for u in (0.001, 0.1, 0.7):
            values = critical({"u": u, "beta": 0.5, "method": method})
            assert np.ptp(by_hand(method, u, **values)[1]) < 0.01
            assert "critically" in spring().set(u=u, method=method, **values).sentence
    assert critical({"u": 1.5, "beta": 0.5, "method": "heavy ball"}) == {}
    assert "it passes the minimum by 0.911" in explorer.set(**ringing(explorer.settings)).sentence


def test_the_roots_are_drawn_where_they_are():
    for method in RULES:
        explorer = spring().set(method=method, u=0.5, beta=0.8)
        explorer.show()
        shown = [marks for marks in explorer._stage.artists.marks if marks.get_visible()]
        roots = by_hand(method, 0.5, 0.8)[1]
        assert len(shown) == 1
        drawn = shown[0].get_xdata() + 1j * shown[0].get_ydata()
        np.testing.assert_allclose(sorted(drawn, key=np.imag), sorted(roots, key=np.imag), atol=1e-12)
        assert explorer._stage.artists.sample.get_color() == plots.STYLES[method].color
