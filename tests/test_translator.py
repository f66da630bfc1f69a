import numpy as np
import pytest

from momentum_lab.explorers.translator import CORRECTED, DOTS, CourseForm, translator
from momentum_lab.surfaces import twelve_dots
from momentum_lab.words import number


def by_hand(grad, start, settings, inside=False):
    """Both rules written out; with `inside` the course's form, else PyTorch's: (places, what is stored)."""
    before, after, drop, beta, dampening, decay = settings
    theta, memory = np.array(start, dtype=float), np.zeros(len(start))
    places, stored = [theta], []
    for t in range(100):
        lr, slope = before if t < drop else after, grad(theta)
        if inside:
            memory = beta * memory + lr * slope
            theta = theta - memory - lr * decay * theta
        else:
            slope = slope + decay * theta
            memory = slope if t == 0 else beta * memory + (1 - dampening) * slope
            theta = theta - lr * memory
        places.append(theta)
        stored.append(np.linalg.norm(memory))
    return np.array(places), np.array(stored)


def lengths(places):
    return np.linalg.norm(np.diff(places, axis=0), axis=-1)


STEADY = (np.ones_like, [0.0])


def test_at_rest():
    assert translator().sentence == (
        "Both programs take the same 40 steps until lr goes from 0.1 to 0.01. The next step is 0.897 in the course's "
        "form and 0.0987 in PyTorch's; from full speed it would be 0.91 and 0.1. The course's form comes within 10 % "
        "of its new full speed 43 steps after the change. After 100 updates the gap is 7.97; by the law it goes to "
        "7.98, and from full speed to 8.1. The goal: the largest gap, then the correction that closes it."
    )


def test_the_dossiers_numbers_from_full_speed():
    """0.91, 0.829, 0.7561, ... against 0.1 at once, and 8.1 of extra travel; by step 80 the speed is full."""
    steps = 0.1 + 0.9 * 0.9 ** np.arange(1, 400)
    np.testing.assert_allclose(steps[:3], [0.91, 0.829, 0.7561])
    assert np.sum(steps - 0.1) == pytest.approx(8.1) and np.argmax(steps <= 0.11) + 1 == 43
    late = translator().set(drop=80).sentence
    assert "The next step is 0.91 in the course's form and 0.1 in PyTorch's; from full speed it would be 0.91" in late
    assert "by the law it goes to 8.1, and from full speed to 8.1." in late


@pytest.mark.parametrize("values", [(0.2, 0.05, 30, 0.8), (0.02, 0.3, 55, 0.95)])
def test_the_numbers_of_the_sentence_are_those_of_the_rules(values):
    before, after, drop, beta = values
    text = translator().set(lr=before, lr_after=after, drop=drop, beta=beta).sentence
    (one, _), (other, buffer) = (by_hand(*STEADY, (*values, 0, 0), inside) for inside in (True, False))
    steps, others = lengths(one), lengths(other)
    assert f"The next step is {number(steps[drop])} in the course's form and {number(others[drop])} in" in text
    full = 1 / (1 - beta)
    assert f"it would be {number(before * beta * full + after)} and {number(after * full)}." in text
    law = abs(before - after) * beta / (1 - beta) * buffer[drop - 1]
    assert f"the gap is {number(abs(one[-1, 0] - other[-1, 0]))}; by the law it goes to {number(law)}" in text
    near = np.abs(steps[drop:] - after * full) <= 0.1 * after * full
    assert f"new full speed {near.argmax() + 1} steps after the change" in text or not near[-1]


@pytest.mark.parametrize("values", [(0.1, 0.01, 40, 0.9, 0.9, 0.0), (0.2, 0.05, 20, 0.8, 0.3, 0.05)])
@pytest.mark.parametrize("dots", [False, True])
def test_dampening_and_decay_are_those_of_the_rules(values, dots):
    surface = twelve_dots()
    problem = (surface.grad, [0.0, 0.0]) if dots else STEADY
    names = "lr", "lr_after", "drop", "beta", "dampening", "decay"
    explorer = translator().set(**dict(zip(names, values, strict=True)), gradient=DOTS if dots else "steady")
    result, text = explorer._result(), explorer.sentence
    for row, inside in enumerate((True, False)):
        places, stored = by_hand(*problem, values, inside)
        np.testing.assert_allclose(result.runs[row].thetas, places, atol=1e-9)
        np.testing.assert_allclose(result.stored[row], stored, atol=1e-9)
    first, share = number(result.lengths[1][0]), number(1 - values[4])
    assert f"first step, {first}, is not dampened, later gradients enter at {share} of their size" in text
    assert first == number(values[0] * np.linalg.norm(problem[0](np.array(problem[1]))))
    assert ("buffer is about 5 times as strong" in text) == (values[5] > 0)
    assert f"The two programs part at update 2; after step {values[2]} lr goes from" in text


def test_decay_through_the_buffer_is_ten_times_as_strong():
    """No gradient, lr 0.1, decay 5e-4, momentum 0.9, 1000 steps: 0.9512 is left beside the velocity, 0.6078 else."""
    theta, state = np.array([1.0]), CourseForm(0.1, 0.9, 5e-4).init(np.array([1.0]))
    for _ in range(1000):
        theta, state = CourseForm(0.1, 0.9, 5e-4).step(theta, np.zeros_like, state)
    assert theta[0] == pytest.approx(0.951228, abs=5e-7)
    assert "through PyTorch's buffer is about 10 times as strong" in translator().set(decay=0.01).sentence


@pytest.mark.parametrize("gradient", ["steady", DOTS])
@pytest.mark.parametrize("beta", [0.5, 0.9, 0.99])
def test_the_correction_closes_the_gap_and_that_is_the_goal(gradient, beta):
    explorer = translator().set(gradient=gradient, beta=beta)
    assert explorer.sentence.endswith("The goal: the largest gap, then the correction that closes it.")
    explorer.set(correction=CORRECTED)
    assert explorer._result().gaps.max() <= 1e-12
    text = explorer.sentence
    assert text.startswith("The two programs are identical to twelve digits at all 100 updates: when lr goes from 0.1")
    assert "the correction multiplies the velocity by 0.1." in text
    assert text.endswith("That is the goal: with the correction the two paths agree to twelve digits.")


def test_the_correction_does_not_answer_dampening_or_decay():
    # From zero there is nothing to decay at the first step, and what decays at the second reaches the third.
    for extra, update in (({"dampening": 0.5}, 2), ({"decay": 0.05}, 3)):
        text = translator().set(correction=CORRECTED, **extra).sentence
        assert "That is the goal" not in text and f"The two programs part at update {update};" in text


@pytest.mark.parametrize(
    ("values", "why"),
    [({"beta": 0}, "with beta 0 neither remembers anything"), ({"lr_after": 0.1}, "the learning rate never changes"),
     ({"drop": 0}, "the learning rate never changes")],
)  # fmt: skip
def test_where_nothing_tells_them_apart_they_are_identical(values, why):
    text = translator().set(**values).sentence
    assert f"identical to twelve digits at all 100 updates: {why}." in text and "That is the goal" not in text


def test_divergence_is_said_for_both():
    text = translator().set(gradient=DOTS, lr=0.3, lr_after=0.3, beta=0.1).sentence
    places = by_hand(twelve_dots().grad, [0.0, 0.0], (0.3, 0.3, 0, 0.1, 0, 0), True)[0]
    bound = 1e6 * max(1, np.abs(twelve_dots().minimum).max())
    step = int(np.argmax(np.abs(places).max(axis=-1) > bound))
    assert f"The course's form diverged at step {step}, PyTorch's program diverged at step {step}." in text


def test_the_presets_do_what_they_say():
    explorer = translator().set(lr=0.25, beta=0.7)
    equal, damped = (preset.values(explorer.settings) for preset in explorer.presets)
    assert equal == {"lr_after": 0.25} and damped == {"dampening": 0.7}
    assert "the learning rate never changes" in explorer.set(**equal).sentence
    assert "later gradients enter at 0.3 of their size" in explorer.set(**damped).sentence


def test_the_law_is_drawn_where_it_holds():
    explorer = translator()
    for values, drawn in (({}, True), ({"gradient": DOTS}, False), ({"decay": 0.1}, False), ({"beta": 0}, False)):
        explorer.reset().set(**values).show()
        assert (len(explorer._stage.artists.law.get_xdata()) > 0) == drawn
