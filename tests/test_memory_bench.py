import itertools
import math
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from momentum_lab import plots
from momentum_lab.explorers.memory_bench import (
    PATTERNS,
    RECORDED,
    STEADY,
    STEPS,
    TURN,
    WAVE,
    gradients_of,
    memory_bench,
    recorded,
    wave_gain,
)
from momentum_lab.optimizers import GradientDescent
from momentum_lab.running import run
from momentum_lab.surfaces import twelve_dots
from momentum_lab.words import number

EVERY_PATTERN = pytest.mark.parametrize("pattern", PATTERNS)
BETAS = (0.0, 0.01, 0.5, 0.8, 0.9, 0.92, 0.93, 0.95, 0.98, 0.99)


def loop(gradients, beta):
    """The velocities of one channel, by hand."""
    velocity, velocities = 0.0, []
    for gradient in gradients:
        velocity = beta * velocity + gradient
        velocities.append(velocity)
    return np.array(velocities)


def formula(beta, period):
    return 1 / math.sqrt(1 - 2 * beta * math.cos(2 * math.pi / period) + beta**2)


def minus(value):
    return number(value).replace("-", "−")


def boxes(*artists, stage):
    renderer = stage.canvas.get_renderer()
    return [artist.get_window_extent(renderer) for artist in artists]


# ------------------------------------------------------------------ what goes in


def test_the_recorded_gradients_are_those_of_lesson_01():
    dots = twelve_dots()
    points = run(GradientDescent(2 / 10.1), dots, [0.0, 0.0], STEPS).thetas
    # The curvatures are 0.1 along and 10 across; what is left of the distance gives the gradient.
    parts = dots.parts(points)[:STEPS] * [0.1, 10]
    for series, expected in zip(recorded(STEPS), (parts / parts[0]).T, strict=True):
        np.testing.assert_allclose(series, expected, rtol=1e-8)
    along, across = recorded(STEPS)
    np.testing.assert_allclose(along, (1 - 0.2 / 10.1) ** np.arange(STEPS), rtol=1e-9)
    np.testing.assert_allclose(across, (1 - 20 / 10.1) ** np.arange(STEPS), rtol=1e-9)
    np.testing.assert_allclose([along[:3], across[:3]], [[1, 0.980, 0.961], [1, -0.980, 0.961]], atol=5e-4)
    assert [len(series) for series in recorded(1)] == [1, 1]


@EVERY_PATTERN
def test_every_pattern_has_two_channels_and_comes_out_the_same_twice(pattern):
    gradients = gradients_of(pattern, 12.0)
    assert gradients.shape == (2, STEPS) and np.isfinite(gradients).all()
    np.testing.assert_array_equal(gradients, gradients_of(pattern, 12.0))


def test_the_patterns_made_by_hand():
    t = np.arange(STEPS)
    np.testing.assert_array_equal(gradients_of(STEADY, 12.0), [np.ones(STEPS), np.where(t % 2, -1, 1)])
    np.testing.assert_array_equal(gradients_of(TURN, 12.0), [np.where(t < 30, 1, -1), np.where(t < 30, 0, 1)])
    np.testing.assert_allclose(gradients_of(WAVE, 7.3)[0], np.cos(2 * np.pi * t / 7.3), atol=1e-12)


# ------------------------------------------------------------------ what comes out


def test_in_the_end_the_recorded_series_come_out_twelve_and_a_half_times():
    """12.2 and 0.521 times the newest gradient, in the long run; 12.1 and 0.518 after sixty of them."""
    for steps, expected in ((300, (12.2, 0.521)), (STEPS, (12.1, 0.518))):
        ratios = [loop(series, 0.9)[-1] / series[-1] for series in recorded(steps)]
        assert [number(ratio) for ratio in ratios] == [number(e) for e in expected]
    assert "is 12.1 times the newest one, across it 0.518 times" in memory_bench().sentence
    assert "the ratios go on to 12.2 and 0.521." in memory_bench().sentence


@given(beta=st.floats(0, 0.99), period=st.floats(2, 40))
@example(beta=0.99, period=2.0)
@example(beta=0.99, period=40.0)
@example(beta=0.99, period=2.0 + 1e-7)
@example(beta=0.99, period=2.0001)
@example(beta=0.0, period=2.0)
def test_the_measured_gain_of_a_wave_is_that_of_the_formula(beta, period):
    assert wave_gain(beta, period) == pytest.approx(formula(beta, period), rel=0, abs=1e-4)


@pytest.mark.parametrize("beta", BETAS)
def test_the_preset_finds_a_wave_that_comes_out_as_it_went_in(beta):
    bench = memory_bench().set(beta=beta)
    bench.set(**bench.presets[0].values(bench.settings))
    assert bench.settings["pattern"] == WAVE and bench.settings["beta"] == beta
    assert wave_gain(beta, bench.settings["period"]) == pytest.approx(1, abs=1e-4)
    if beta > 0:
        assert "comes out 1 times as large, measured once the start has faded; the formula says 1." in bench.sentence


# ------------------------------------------------------------------ the words


def test_at_rest():
    assert memory_bench().sentence == (
        "With beta 0.9 the newest 10 gradients carry 65.1 % of the weight, and all of them together weigh 10. "
        "After 60 gradients the velocity along the valley is 12.1 times the newest one, across it 0.518 times. "
        "Both gradients shrink 2 % a step; the ratios go on to 12.2 and 0.521. "
        "In the long run a steady push comes out 10 times as large, a flipping one 0.526 times. "
        "The average of the first channel ends at 0.373, the corrected one at 0.374; the newest gradient is 0.307."
    )


def test_without_memory():
    assert memory_bench().set(beta=0).sentence == (
        "With beta 0 the newest gradient carries all of the weight, which is 1: nothing is remembered. "
        "Steady, flipping or between, every push comes out as large as it went in. "
        "The average of the first channel ends at 0.307, its newest gradient, and needs no correction."
    )


@EVERY_PATTERN
@pytest.mark.parametrize("beta", BETAS[1:])
def test_the_numbers_are_those_of_a_loop(pattern, beta):
    text = memory_bench().set(pattern=pattern, beta=beta, period=9.5, n=7).sentence
    first, second = gradients_of(pattern, 9.5)
    one, other = loop(first, beta), loop(second, beta)
    share = 100 * sum(beta**k for k in range(7)) / sum(beta**k for k in range(5000))
    assert (f"carry {number(share)} %" if share < 99.9 else "carry more than 99.9 %") in text
    assert f"together weigh {number(sum(beta**k for k in range(5000)))}." in text
    gains = [abs(loop([sign**t for t in range(3000)], beta)[-1]) for sign in (1, -1)]
    assert f"push comes out {number(gains[0])} times as large, a flipping one {number(gains[1])} times." in text
    average = 0.0
    for gradient in first:
        average = beta * average + (1 - beta) * gradient
    corrected = average / (1 - beta**STEPS)
    assert f"ends at {minus(average)}, the corrected one at {minus(corrected)}; " in text
    assert text.endswith(f"the newest gradient is {minus(first[-1])}.")
    ratios = one[-1] / first[-1], other[-1] / second[-1]
    told = {
        STEADY: [f"{minus(ratios[0])} times the steady push, and {minus(ratios[1])} times the flipping one"],
        RECORDED: [f"{minus(ratios[0])} times the newest one, across it {minus(ratios[1])} times"],
        TURN: [
            f"changes sign at step {next((t for t in range(30, 60) if one[t] < 0), None)}.",
            f"velocity of {minus(other[-1])} at",
        ],
        WAVE: [f"A wave of 9.5 steps comes out {number(formula(beta, 9.5))} times as large"],
    }.get(pattern, [f"between {minus(v[20:].min())} and {minus(v[20:].max())}" for v in (one, other)])
    assert all(part in text for part in told)


@pytest.mark.parametrize("beta", BETAS[1:])
def test_where_the_recorded_ratios_go(beta):
    text = memory_bench().set(beta=beta).sentence
    if beta > 0.9803:
        assert "faster than the memory fades, so the ratios never settle." in text
    elif beta < 0.96:
        along, across = (loop(series, beta)[-1] / series[-1] for series in recorded(700))
        assert f"the ratios go on to {number(along)} and {number(across)}." in text


def test_the_shares_of_the_newest():
    bench = memory_bench()
    assert "newest 10 gradients carry 65.1 % of the weight" in bench.sentence
    assert "newest gradient carries 10 % of the weight" in bench.set(n=1).sentence
    assert "newest 40 gradients carry more than 99.9 % of the weight" in bench.set(n=40, beta=0.5).sentence
    bench.show()
    assert bench._stage.artists.share.get_text() == "newest 40: more than 99.9 %"


def test_the_gain_at_the_chosen_period_is_written_whatever_comes_in():
    bench = memory_bench()
    bench.set(period=20).show()
    artists = bench._stage.artists
    assert artists.wave.get_text() == f"wave of 20 steps: {number(formula(0.9, 20))}"
    assert artists.period.get_xdata() == pytest.approx([math.pi / 10] * 2)


@EVERY_PATTERN
@pytest.mark.parametrize("beta", BETAS)
def test_it_reads_like_the_course(pattern, beta):
    text = memory_bench().set(pattern=pattern, beta=beta, period=5.69114).sentence
    lengths = [len(sentence.split()) for sentence in re.split(r"(?<=\.) (?=[A-Z0-9])", text)]
    assert max(lengths) <= 30
    assert not re.search(r"\b(simply|just|obviously|of course|note that|powerful)\b|[!?]|-\d", text)
    assert len(text) <= 5 * 130  # the room the panel keeps


# ------------------------------------------------------------------ the picture


@EVERY_PATTERN
@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("period", [2.0, 5.7, 12.0, 25.0, 40.0])
def test_nothing_is_cut_and_no_curve_runs_under_a_name(pattern, beta, period):
    if period != 12.0 and pattern != WAVE:
        return
    bench = memory_bench().set(pattern=pattern, beta=beta, period=period)
    bench.show()
    artists = bench._stage.artists
    shown = zip(artists.lanes, (*artists.velocities, artists.averages[1]), artists.gradients, strict=True)
    for lane, *lines in shown:
        low, high = lane.get_ylim()
        numbers = np.concatenate([line.get_ydata() for line in lines])
        assert low < numbers.min() and numbers.max() < high - (high - low) / 6
        assert all(low < tick < high for tick in lane.get_yticks())


def test_the_curves_are_what_was_computed():
    bench = memory_bench().set(pattern=WAVE, period=8, beta=0.7, n=3)
    bench.show()
    artists, (first, second) = bench._stage.artists, gradients_of(WAVE, 8)
    for line, series in zip(artists.gradients, (first, second, first), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), series)
    for line, series in zip(artists.velocities, (first, second), strict=True):
        np.testing.assert_allclose(line.get_ydata(), loop(series, 0.7), atol=1e-12)
    average = 0.3 * loop(first, 0.7)
    np.testing.assert_allclose(artists.averages[0].get_ydata(), average, atol=1e-12)
    np.testing.assert_allclose(artists.averages[1].get_ydata(), average / (1 - 0.7 ** np.arange(1, 61)), atol=1e-12)
    heights = [bars.get_ydata()[1::3] for bars in artists.bars]
    np.testing.assert_allclose(np.concatenate(heights), 0.7 ** np.arange(40), atol=1e-15)
    assert len(heights[0]) == 3
    assert [mark.get_ydata()[0] for mark in artists.marks] == pytest.approx([formula(0.7, 8), 1 / 1.7])


@EVERY_PATTERN
def test_channels_with_one_frequency_are_marked(pattern):
    bench = memory_bench().set(pattern=pattern)
    bench.show()
    artists, marked = bench._stage.artists, pattern in (RECORDED, STEADY, WAVE)
    assert [len(mark.get_xdata()) for mark in artists.marks] == [marked, marked]
    assert [name.get_text()[0] in "●■" for name in artists.names] == [marked, marked]
    assert all(name.get_text().endswith(words) for name, words in zip(artists.names, PATTERNS[pattern], strict=True))


@pytest.mark.parametrize("theme", plots.THEMES)
def test_only_the_velocity_has_colour_and_the_names_stay_inside(theme):
    try:
        plots.use_theme(theme)
        bench, look = memory_bench(), plots.theme()
        bench.show()
    finally:
        plots.use_theme("light")
    stage = bench._stage
    lines = [line for axes in stage.figure.axes for line in axes.lines]
    colours = {line.get_color() for line in lines}
    assert colours == {look.ink, look.second_ink, look.contour, plots.STYLES["heavy ball"].color}
    names = boxes(*stage.figure.texts, stage=stage)
    lane = stage.figure.axes[-1].get_window_extent()
    assert len(names) == 4 and all(lane.x1 < box.x0 and box.x1 < plots.WIDTH and box.y0 > 0 for box in names)
    assert all(upper.y0 > lower.y1 for upper, lower in itertools.pairwise(names))


def test_the_template_has_two_panels_in_the_place_of_the_square():
    (upper, lower), lanes = plots.pair_and_when(plots.blank(), 3)
    boxes = np.array([a.get_position().bounds for a in (upper, lower, *lanes)]) * [900, 400, 900, 400]
    square = np.array(plots.where_and_when(plots.blank(), 3)[0].get_position().bounds) * [900, 400, 900, 400]
    assert boxes[:2, 0] == pytest.approx(square[0]) and boxes[:2, 2] == pytest.approx(square[2])
    assert boxes[1, 1] == pytest.approx(square[1]) and boxes[0, 1] + boxes[0, 3] == pytest.approx(square[1] + square[3])
    assert boxes[0, 1] - (boxes[1, 1] + boxes[1, 3]) == pytest.approx(45)  # room for the numbers of the upper one
