"""What holds for every explorer: those of the course, and those on a surface or on dots of one's own."""

import re
import warnings
from itertools import repeat

import numpy as np
import pytest
from explorer_samples import (
    EVERY_EXPLORER,
    assert_words_inside,
    at_share,
    ends,
    pixels,
    settings_of,
    words_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from momentum_lab import plots
from momentum_lab.explorers import CATALOGUE, memory_bench
from momentum_lab.explorers.controls import Choice
from momentum_lab.explorers.panel import Menu, Panel


def most_bytes(make):
    """Return how large a picture may be; a chaotic run on a function of one's own fills it with 200 long lines.

    The largest of 480 such runs had 52 kB.
    """
    return 40_000 if make in CATALOGUE.values() else 60_000


@EVERY_EXPLORER
@settings(max_examples=settings().max_examples // 3)  # 20, and 200 with --full
@given(data=st.data())
def test_any_setting_gives_a_picture_and_a_sentence(make, data):
    explorer = make()
    explorer.set(**data.draw(settings_of(explorer)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        png, sentence = explorer.show()
    assert pixels(png).shape == (400, 900, 3) and len(png) <= most_bytes(make)
    assert len(sentence) >= 40 and re.search(r"\d", sentence)
    assert not re.search(r"\b(nan|inf|infinity|None)\b|[!?]", sentence)
    assert max(len(part.split()) for part in re.split(r"(?<=\.) (?=[A-Z])", sentence)) <= 34
    for axes in explorer._stage.figure.axes:
        assert np.isfinite([*axes.get_xlim(), *axes.get_ylim()]).all()


@EVERY_EXPLORER
def test_both_ends_of_every_control_give_other_pictures(make):
    explorer = make()
    for control in explorer.controls:
        shown = {explorer.reset().set(**{control.name: end}).show()[0] for end in ends(control)}
        assert len(shown) == len(ends(control)), control.name
        assert max(map(len, shown)) <= most_bytes(make)


@EVERY_EXPLORER
def test_the_layers_draw_what_a_full_redraw_draws(make):
    """The kept pixels must never show another setting's problem."""
    worn, rng = make(), np.random.default_rng(3)
    worn.show()
    for _ in range(6):
        values = at_share(worn, rng.uniform(size=len(worn.controls)))
        np.testing.assert_array_equal(pixels(worn.set(**values).show()[0]), pixels(make().set(**values).show()[0]))


@EVERY_EXPLORER
def test_the_sixty_four_colours_show_what_was_drawn(make):
    """At random settings, 99.9 % of the pixels are off by at most 40 of 255 in any channel: soft edges only."""
    explorer, rng = make(), np.random.default_rng(5)
    for _ in range(5):
        explorer.set(**at_share(explorer, rng.uniform(size=len(explorer.controls))))
        shown = pixels(explorer.show()[0])
        drawn = np.asarray(explorer._stage.canvas.buffer_rgba())[..., :3].astype(int)
        assert np.mean(np.abs(shown - drawn).max(axis=-1) <= 40) >= 0.999


@EVERY_EXPLORER
def test_a_code_reproduces_the_setting(make):
    one = make()
    one.set(**at_share(one, repeat(0.37)))
    other = make().at(one.state())
    assert other.settings == one.settings
    assert other.show() == one.show()


@EVERY_EXPLORER
def test_numbers_never_move_the_axes(make):
    """What a slider does can be seen only against a frame that stands still; a choice may bring another frame."""
    explorer, rng, frames = make(), np.random.default_rng(7), {}
    for _ in range(12):
        values = at_share(explorer, rng.uniform(size=len(explorer.controls)))
        explorer.set(**values).show()
        choices = tuple(values[control.name] for control in explorer.controls if isinstance(control, Choice))
        frame = [(axes.get_xlim(), axes.get_ylim()) for axes in explorer._stage.figure.axes]
        if make is memory_bench:  # its velocities grow from 1 to 1000 times the gradient: one lane has two scales
            frame = frame[:-1]
        assert frames.setdefault(choices, frame) == frame


@pytest.mark.parametrize("theme", plots.THEMES)
@EVERY_EXPLORER
def test_every_word_stays_inside_the_picture(make, theme):
    try:
        plots.use_theme(theme)
        explorer, rng = make(), np.random.default_rng(11)
        for _ in range(5):
            explorer.set(**at_share(explorer, rng.uniform(size=len(explorer.controls)))).show()
            assert_words_inside(explorer._stage)
    finally:
        plots.use_theme("light")


@EVERY_EXPLORER
def test_a_projector_shows_the_same_picture_twice_as_large(make):
    """Every word stands where it stood, twice as large, but that small letters snap to whole pixels (6 %)."""
    small, large = make(), make()
    try:
        plots.use_theme("light", projector=True)
        png, sentence = large.show()
        data, _ = large._repr_mimebundle_()
        shown = Panel(make())
    finally:
        plots.use_theme("light")
    assert pixels(png).shape == (800, 1800, 3) and sentence == small.show()[1]
    for one, other in zip(words_of(small._stage), words_of(large._stage), strict=True):
        assert one.get_text() == other.get_text()
        boxes = [text.get_window_extent(e._stage.canvas.get_renderer()) for text, e in ((one, small), (other, large))]
        np.testing.assert_allclose(2 * boxes[0].extents, boxes[1].extents, atol=6 + 0.06 * boxes[1].width)
        assert boxes[1].height == pytest.approx(2 * boxes[0].height, abs=6)
    assert 'width="1800"' in data["text/html"] and "font-size: 2em" in data["text/html"]
    assert shown.picture.layout.width == "1800px" and "font-size: 2em" in shown.caption.value


@EVERY_EXPLORER
def test_the_dark_picture_tells_the_same(make):
    try:
        plots.use_theme("dark")
        png, sentence = make().show()
    finally:
        plots.use_theme("light")
    assert sentence == make().sentence and len(png) <= most_bytes(make)
    assert pixels(png)[0, 0].max() < 40


@EVERY_EXPLORER
def test_every_control_has_a_name_of_its_own_that_fits_its_place(make):
    labels = [control.label for control in make().controls]
    assert len(set(labels)) == len(labels) and max(map(len, labels)) <= 40


@EVERY_EXPLORER
def test_a_browser_sends_back_what_a_slider_was_set_to(make):
    """Only whole numbers come back as they went: 0.9 in steps of 0.01 comes back as 0.9000000000000001."""
    for row in Panel(make()).rows:
        if isinstance(row, Menu):
            continue
        assert (type(row.slider.value), row.slider.min, row.slider.step) == (int, 0, 1)
        for value in (row.quantity.low, row.quantity.default, row.quantity.high):
            row.show(value)
            assert row.slider.value == row.quantity.notch(value)  # not cut off at an end
