import gc
import re
import subprocess
import sys
import weakref
from html import escape

import numpy as np
import pytest
from explorer_samples import buttons, pixels
from matplotlib import pyplot

from momentum_lab import explorers, plots, progress
from momentum_lab.explorers import memory_bench, panel
from momentum_lab.explorers.controls import Choice, Quantity
from momentum_lab.explorers.dots_race import STEPS, dots_race
from momentum_lab.explorers.explorer import Explorer
from momentum_lab.explorers.panel import Panel
from momentum_lab.explorers.prediction import SKIPPED
from momentum_lab.explorers.stage import Artists, Stage
from momentum_lab.optimizers import GradientDescent, HeavyBall
from momentum_lab.running import run, sweep
from momentum_lab.slips import Slip
from momentum_lab.surfaces import twelve_dots
from momentum_lab.words import number

VIEW = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def race():
    return dots_race()


# ------------------------------------------------------------------ E1, the dots race


def test_the_race_says_what_the_library_computes(race):
    dots = twelve_dots()
    share = {rule.name: run(rule, dots, [0.0, 0.0], STEPS).gaps for rule in
             (GradientDescent(0.15), HeavyBall(0.33, 0.9))}  # fmt: skip
    a, b = (gaps / gaps[0] for gaps in share.values())
    text = race.set(lr_a=0.15, lr_b=0.33, beta=0.9).sentence
    assert f"Gradient descent (lr 0.15) has {number(a[-1])} of its starting loss left after 100 steps" in text
    assert f"The heavy ball (lr 0.33, beta 0.9) has {number(b[-1])} of its starting loss left after 100 steps" in text
    assert f"a climb to {number(b.max())} times the start at step {b.argmax()}" in text
    since = np.flatnonzero(b >= a)[-1] + 1
    assert f"From step {since} to step 100 the heavy ball is ahead." in text
    assert f"At step 30 their losses are {number(a[30])} and {number(b[30])} of the start." in text


def test_the_race_at_rest(race):
    assert race.sentence == (
        "Condition number 100. Gradient descent (lr 0.198) has 0.0183 of its starting loss left after 100 steps. "
        "The heavy ball (lr 0.331, beta 0.669) has less than a billionth of its loss left from step 77 on, "
        "after a climb to 13.6 times the start at step 4. "
        "At step 30 their losses are 0.301 and 0.018 of the start. From step 21 to step 100 the heavy ball is ahead."
    )


def test_a_run_that_diverges_is_told_in_words(race):
    text = race.set(lr_b=0.4).sentence
    assert "The heavy ball (lr 0.4, beta 0.669) diverged at step 20" in text
    assert "learning rate times steepest curvature is 4, and this rule bears less than 3.34" in text
    slow = race.reset().set(lr_a=0.205).sentence
    assert "Gradient descent (lr 0.205) grows without end: learning rate times steepest curvature is 2.05" in slow


def test_a_run_that_is_worse_off_at_the_end_is_not_told_as_a_rest(race):
    text = race.set(beta=0.999).sentence
    assert "The heavy ball (lr 0.331, beta 0.999) stands at 5.09 times its starting loss after 100 steps" in text


def test_the_goal_of_the_lesson_is_open_at_rest_and_can_be_reached():
    """A loss below 0.001 at step 20 (lesson 01, third task)."""
    dots = twelve_dots()
    rest = run(HeavyBall(4 / 12.1, (9 / 11) ** 2), dots, [0.0, 0.0], 20)
    grid = run(HeavyBall(**sweep(lr=np.arange(0.2, 0.36, 0.01), beta=np.arange(0.3, 0.7, 0.01))), dots, [0.0, 0.0], 20)
    assert rest.gaps[20] / rest.gaps[0] > 0.1
    assert (grid.gaps[20] / grid.gaps[0]).min() < 0.001


def test_two_equal_runs_are_never_apart(race):
    assert "never apart" in race.set(lr_a=0.1, lr_b=0.1, beta=0.0).sentence


def test_the_bet_is_asked_first_and_drawn_afterwards(race):
    png, question = race.ask()
    assert "0.67" in question and "13.6" in question
    assert "heavy ball" not in question and "gradient descent" not in question
    without = race.show()
    assert race.predict("A").bet == "A"
    assert race.predict("B").bet == "A"  # a bet stays placed
    assert race.sentence.startswith("Your bet: A, which is gradient descent.")
    assert race.show()[0] not in (png, without[0])


def test_a_bet_is_kept_once(race, monkeypatch):
    monkeypatch.setattr(progress, "_open", {})
    race.predict("A").predict("B")
    assert [e.detail for e in progress.current().events("prediction", "dots race")] == [{"option": "A"}]


def test_a_skipped_bet_is_remembered_said_and_not_drawn(race):
    png, sentence = race.show()
    assert race.predict(SKIPPED).bet == SKIPPED
    assert race.show() == (png, f"You skipped the bet. {sentence}")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda race: race.set(beta=1.0), "beta, heavy ball goes from 0 to 0.999; 1 lies outside"),
        (lambda race: race.set(beta="much"), "is a number from 0 to 0.999; 'much' is none"),
        (lambda race: race.set(beta=float("nan")), "nan is none"),
        (lambda race: race.set(beta=10**400), "is a number from 0 to 0.999"),
        (lambda race: race.at(None), "None' is not one of its codes"),
        (lambda race: race.at(5), "'5' is not one of its codes"),
        (lambda race: race.set(step=3.5), "step shown through the dots is a whole number; 3.5 is none"),
        (lambda race: race.set(betta=0.5), "no control 'betta'; it has offset, lr_a, lr_b, beta, step"),
        (lambda race: race.predict("C"), "A, B, skipped"),
        (lambda race: race.at("memory bench@0.1.0?beta=1"), "not one of its codes"),
        (lambda race: race.at("dots race@9.9.9?gamma=1"), "made by version 9.9.9"),
    ],
)
def test_a_slip_is_told_and_changes_nothing(race, act, words):
    before = race.settings
    with pytest.raises(Slip, match=re.escape(words)):
        act(race)
    assert race.settings == before and race.bet is None


def test_blanks_around_a_pasted_code_do_no_harm(race):
    assert race.at(f"  {race.state()}\n").settings == race.settings


def test_an_unknown_name_of_a_catalogue_is_told_with_those_there_are():
    with pytest.raises(Slip, match="There is no 'dotsrace' here; there are dots race, timeline"):
        explorers.CATALOGUE["dotsrace"]
    assert explorers.CATALOGUE.get("dotsrace") is None and "dotsrace" not in explorers.CATALOGUE


def test_one_bad_value_leaves_the_good_ones_unset(race):
    with pytest.raises(Slip):
        race.set(lr_a=0.3, beta=7)
    assert race.settings == dots_race().settings


# ------------------------------------------------------------------ stage


def test_only_stale_layers_are_painted_again():
    def set_up(figure):
        axes = figure.add_axes((0, 0, 1, 1))
        return Artists(ground={"hill": axes.plot([], [])[0]}, moving={"run": axes.plot([], [])[0]})

    stage = Stage(set_up)
    stage.png()
    base, ground = stage._base_pixels, stage._ground_pixels
    stage.artists.run.set_data([0, 1], [0, 1])
    stage.png()
    assert stage._ground_pixels is ground
    stage.artists.hill.set_data([0, 1], [1, 0])
    stage.png()
    assert stage._ground_pixels is not ground and stage._base_pixels is base
    stage.figure.axes[0].set_xlim(0, 5)
    stage.png()
    assert stage._base_pixels is not base


def test_a_base_that_has_a_name_is_drawn_once_and_shown_again():
    """The memory bench has two scales for its velocities; there and back again is as quick as any other step."""
    bench, drawn = memory_bench(), []
    bench.set(beta=0.95).show()
    draw = bench._stage.canvas.draw
    bench._stage.canvas.draw = lambda: drawn.append(bench.settings["beta"]) or draw()
    for beta in (0.96, 0.95, 0.96, 0.5, 0.97):
        shown = pixels(bench.set(beta=beta).show()[0])
        np.testing.assert_array_equal(shown, pixels(memory_bench().set(beta=beta).show()[0]))
    assert drawn == [0.96]


# ------------------------------------------------------------------ panel


def test_before_the_bet_there_is_nothing_to_move(race):
    shown = Panel(race)
    assert set(buttons(shown.view)) == {"Keep A", "Keep B", "Skip the bet"}
    assert not [w for w in shown.view.children if hasattr(w, "min")]
    buttons(shown.view)["Keep B"].click()
    assert race.bet == "B"
    assert set(buttons(shown.view)) == {"Best long-run rates", "Reset"}
    assert "Your bet: B" in shown.caption.value


def test_on_a_projector_nothing_stands_between_the_picture_and_what_moves_it():
    places = []
    try:
        for projector in (False, True):
            plots.use_theme("light", projector=projector)
            shown = open_panel(dots_race())
            below = [widget for widget in shown.view.children if widget is not shown.notice]
            places.append((below.index(shown.picture), below.index(shown.caption), below.index(shown.rows[0].view)))
    finally:
        plots.use_theme("light")
    assert places == [(0, 1, 2), (0, 1 + len(shown.rows), 1)]


def open_panel(race):
    race.predict(SKIPPED)
    return Panel(race)


def test_box_slider_picture_and_sentence_move_together(race):
    shown = open_panel(race)
    beta = next(row for row in shown.rows if row.quantity.name == "beta")
    picture = shown.picture.value
    beta.box.value = "0.95"
    assert race.settings["beta"] == 0.95 and beta.slider.value == beta.quantity.notch(0.95)
    assert shown.picture.value != picture and "beta 0.95" in shown.caption.value
    assert shown.picture.tooltip == race.sentence
    beta.slider.value = beta.quantity.notch(0.5)
    assert race.settings["beta"] == float(beta.box.value) == 0.5


def test_an_exact_value_survives_its_own_slider(race):
    shown = open_panel(race)
    beta = next(row for row in shown.rows if row.quantity.name == "beta")
    beta.box.value = "0,8437"  # with a decimal comma
    assert beta.slider.value == beta.quantity.notch(0.8437)
    beta.slider.set_state({"value": beta.slider.value})  # what a browser may send back
    assert race.settings["beta"] == 0.8437 and beta.box.value == "0.8437"


def test_a_value_that_cannot_be_is_told_beside_the_explorer(race):
    shown = open_panel(race)
    beta = next(row for row in shown.rows if row.quantity.name == "beta")
    beta.box.value = "3"
    assert "beta, heavy ball goes from 0 to 0.999; 3 lies outside" in shown.notice.value
    assert float(beta.box.value) == race.settings["beta"] == dots_race().settings["beta"]
    beta.box.value = "0.5"
    assert shown.notice.value == ""


def test_the_panel_follows_whoever_changes_the_explorer(race):
    shown = open_panel(race)
    race.set(beta=0.1)
    assert "beta 0.1" in shown.caption.value
    buttons(shown.view)["Reset"].click()
    assert race.settings == dots_race().settings
    race.set(offset=1.0)
    buttons(shown.view)["Best long-run rates"].click()
    assert race.settings["beta"] == pytest.approx(0.2, abs=1e-6)  # kappa 6.854, the golden ratio at work


def test_an_error_in_the_simulation_shows_beside_the_explorer_and_fails_a_test():
    def simulate(settings):
        if settings.x > 0.5:
            raise ValueError("boom")
        return settings.x

    def set_up(figure):
        return Artists(moving={"line": figure.add_axes((0, 0, 1, 1)).plot([], [])[0]})

    explorer = Explorer(
        "broken", [Quantity("x", "x", 0.0, 0.0, 1.0, 0.1)], simulate, set_up, lambda x, artists: f"x is {x}"
    )
    shown = Panel(explorer)
    shown.rows[0].box.value = "0.7"
    assert "boom" in shown.notice.value
    with pytest.raises(ValueError, match="boom"):
        explorer.show()
    shown.rows[0].box.value = "0.3"
    assert shown.notice.value == "" and "x is 0.3" in shown.caption.value


def recipe():
    """The smallest explorer with a choice."""

    def set_up(figure):
        return Artists(moving={"word": figure.text(0.1, 0.5, "")})

    def draw(fruit, artists):
        artists.word.set_text(fruit)
        return f"One {fruit} today."

    fruits = Choice("fruit", "fruit of the day", "plum", ("red apple", "plum"))
    return Explorer("recipe", [fruits], lambda settings: settings.fruit, set_up, draw, lines=5)


def test_a_choice_is_a_button_an_option_and_follows_the_explorer():
    explorer = recipe()
    shown = Panel(explorer)

    def names():
        return [name for name in buttons(shown.view) if name != "Reset"]

    assert names() == ["red apple", "● plum"] and "fruit of the day" in shown.rows[0].view.children[0].value
    buttons(shown.view)["red apple"].click()
    assert explorer.settings == {"fruit": "red apple"} and names() == ["● red apple", "plum"]
    assert "One red apple today." in shown.caption.value and shown.picture.value == explorer.show()[0]
    buttons(shown.view)["Reset"].click()
    assert names() == ["red apple", "● plum"] and "One plum today." in shown.caption.value
    assert recipe().set(fruit="red apple").state().endswith("?fruit=red+apple")
    assert explorer.at(recipe().set(fruit="red apple").state()).settings == {"fruit": "red apple"}
    assert names() == ["● red apple", "plum"]


@pytest.mark.parametrize("value", ["pear", "", 3, None, ["plum"]])
def test_a_choice_that_is_none_is_told_in_a_sentence(value):
    explorer = recipe()
    with pytest.raises(Slip, match=re.escape(f"fruit of the day is one of: red apple; plum. {value!r} is none")):
        explorer.set(fruit=value)
    assert explorer.settings == {"fruit": "plum"}


def test_showing_an_option_is_no_wish():
    explorer, changes = recipe(), []
    row = Panel(explorer).rows[0]
    explorer.watchers.append(lambda: changes.append(1))
    row.show("red apple")
    assert not changes and explorer.settings == {"fruit": "plum"}


def test_a_code_is_shown_and_a_pasted_one_is_followed(race):
    shown = open_panel(race)
    assert shown.code.value == race.state() and shown.code.description == "code of this setting"
    theirs = dots_race().set(beta=0.5, offset=3.0).state()
    shown.code.value = f" {theirs} "
    assert race.settings["beta"] == 0.5 and race.settings["offset"] == 3.0
    assert shown.code.value == theirs and "beta 0.5" in shown.caption.value


@pytest.mark.parametrize("code", ["", "dots race", "spring@0.1.0?u=1", "dots race@0.1.0?beta=7", "dots race?beta=fast"])
def test_a_code_that_is_none_is_told_beside_the_explorer(race, code):
    shown = open_panel(race)
    before = race.settings
    shown.code.value = code
    assert "alert" in shown.notice.value and race.settings == before and shown.code.value == race.state()


def test_an_error_in_a_simulation_is_said_beside_the_explorer_and_stops_a_test(race, monkeypatch):
    shown = open_panel(race)

    def broken(settings):
        raise ZeroDivisionError("nothing <to> divide")

    monkeypatch.setattr(race, "simulate", broken)
    buttons(shown.view)["Best long-run rates"].click()
    race.set(beta=0.4)
    assert "This setting could not be drawn. ZeroDivisionError: nothing &lt;to&gt; divide" in shown.notice.value
    with pytest.raises(ZeroDivisionError):
        race.show()
    monkeypatch.undo()
    race.set(beta=0.5)
    assert shown.notice.value == "" and "beta 0.5" in shown.caption.value


def test_two_runs_that_diverge_have_a_word_each(race):
    race.set(lr_a=1.0, lr_b=0.6).show()
    (first, second) = (word for _, word in race._stage.artists.exits)
    assert first.get_text() == "diverged, step 7" and second.get_text() == "diverged, step 10", (first, second)
    assert not first.get_window_extent().overlaps(second.get_window_extent())


def test_the_panel_keeps_room_for_the_lines_of_its_sentence(race):
    assert Panel(recipe()).caption.layout.min_height == "110px"
    assert Panel(race).caption.layout.min_height == "66px"


def test_the_bundle_has_widget_picture_and_sentence(race):
    data, metadata = race._repr_mimebundle_()
    assert set(data) == {VIEW, "text/html", "image/png", "text/plain"}
    assert data["text/plain"] == race.sentence == metadata["image/png"]["alt"]
    assert isinstance(data["image/png"], str)


def test_a_stored_notebook_asks_before_it_tells(race):
    """A reader of a notebook that nobody ran must not see the answer above the question."""
    shown = race._repr_mimebundle_()[0]["text/html"]
    before, after = shown.split("<details>")
    assert escape(race.ask()[1]) in before and escape(race.prediction.question) in before
    assert escape(race.sentence) not in before and escape(race.sentence) in after
    assert before.count("<img") == after.count("<img") == 1 and shown.count(' alt="') == 2
    assert "<details>" not in race.predict("A")._repr_mimebundle_()[0]["text/html"]


def test_the_best_rates_are_the_best_at_every_origin(race):
    for offset in (0.0, 0.5, 3.0, 10.0):
        dots = twelve_dots(offset)
        values = race.presets[0].values({"offset": offset})
        assert values["lr_a"] == pytest.approx(2 / (dots.eigenvalues[0] + dots.eigenvalues[-1]), rel=1e-5)
        race.set(offset=offset, **values)


def test_without_widgets_there_is_a_picture_and_a_notice():
    """An environment without ipywidgets still runs the lesson's cell."""
    code = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "from momentum_lab.explorers import dots_race\n"
        "data, _ = dots_race()._repr_mimebundle_()\n"
        "print(sorted(data)); print(data['text/plain'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
    kinds, text = done.stdout.split("\n", 1)
    assert kinds == "['image/png', 'text/html', 'text/plain']"
    assert "ipywidgets" in text and "Condition number 100" in text


def test_running_a_cell_again_frees_what_it_showed(monkeypatch):
    monkeypatch.setattr(panel, "_running_cell", lambda: "cell-1")
    first = dots_race()
    first._repr_mimebundle_()
    shown = weakref.ref(panel._open_panels["cell-1"])
    dots_race()._repr_mimebundle_()
    del first
    gc.collect()
    assert shown() is None


def test_no_pyplot_figure_is_ever_open(race):
    race.set(beta=0.2).show()
    race.ask()
    assert pyplot.get_fignums() == []
