"""The cheat sheet: one page from symptom to cause to knob, with its numbers computed as it is written."""

from momentum_lab.schedules import one_cycle
from momentum_lab.theory import best_settings, curvature_noise_limit, noise_floor, stability_limit, window

PAGE = "docs/cheat_sheet.md"
# What is seen, its cause (a diagnosis of the clinic, in its order), the knob, and the lesson that shows it.
SYMPTOMS = (
    ("it grows, and every other step turns back", "learning rate too high", "lower `lr`, to a third at a time", "04"),
    ("it falls evenly and slowly, without a swing", "learning rate too low", "raise `lr`, three-fold at a time", "04"),
    ("it swings slowly, and the swings shrink", "beta too high", "lower `beta`; keep `lr / (1 - beta)`", "03"),
    ("it zigzags, then crawls, and never swings", "beta too low", "raise `beta`; without noise, keep `lr`", "04"),
    ("it rattles about a level", "noise floor", "lower `lr / (1 - beta)`, or a larger batch", "06a"),
    ("it drops fast, then crawls smoothly", "badly conditioned", "centre and scale the inputs; then `beta`", "04"),
    ("it grows from the first step, nothing turns back", "wrong sign", "look at the sign of the step", "01"),
    ("after a drop of `lr` it overruns its low", "learning rate drop, velocity remembers",
     "multiply the velocity by new `lr` over old", "06b"),
)  # fmt: skip
# Program, what its step is, where the learning rate is, how its settings follow from the course's (lr, beta).
PROGRAMS = (
    ("this course; Keras `SGD`, with the sign of `v` turned",
     "`v = beta v + lr g`, then `theta = theta - v`", "inside the velocity", "the same"),
    ("PyTorch `SGD`, Optax `sgd`", "`b = beta b + g`, then `theta = theta - lr b`", "outside",
     "the same while `lr` is constant; after a change they part"),
    ("an average (EMA)", "`m = beta m + (1 - beta) g`, then `theta = theta - lr m`", "outside",
     "`lr` of the average is `lr / (1 - beta)`"),
    ("PyTorch, `dampening=beta`", "the average, but its first step is not damped", "outside", "as for the average"),
    ("`nesterov=True`, all three",
     "they store the point ahead", "as above", "`theta` is what is stored plus `beta v`; in PyTorch `v` is `lr b`"),
    ("Adam, everywhere",
     "a ratio: about `lr` while the gradient keeps its sign, whatever its size", "outside",
     "`beta1` does not lengthen the step"),
)  # fmt: skip
DECAY = (
    ("PyTorch `SGD`, `Adam`", "added to the gradient: goes through the velocity, or through the ratio"),
    ("Keras, every optimizer", "apart from the gradient"),
    ("`AdamW`", "apart from the gradient; the defaults differ: 0.01 in PyTorch, 0.0001 in Optax, 0.004 in Keras"),
    ("Optax `sgd`, `adam`", "none; chain `add_decayed_weights` before"),
)


def page():
    """Return the cheat sheet as Markdown."""
    return "\n\n".join([
        "# Cheat sheet",
        "One page to keep beside a training run. The numbers are for the heavy ball with the learning rate inside the "
        "velocity; the lesson in the last column shows where they come from and where they stop being true.",
        "## The loss curve: symptom, cause, knob",
        _table(("what the loss does", "cause", "knob", "lesson"), SYMPTOMS),
        "Look at the shape before you touch anything, turn one knob at a time, and the learning rate first.",
        "## What is your `lr` here?",
        _table(("program", "its step", "where `lr` is", "from the course's `lr` and `beta`"), PROGRAMS),
        _table(("weight decay in", "is"), DECAY),
        "## What a `beta` means",
        _table(("`beta`", "gain on a steady push", "half-life, steps", "gain on a flipping push", "largest stable `u`",
                "same for Nesterov", "with curvature noise", "noise floor, `lr` 0.1", "the same, `lr / (1 - beta)` kept"
                ), list(map(_beta_row, (0.0, 0.5, 0.9, 0.99)))),
        "`u` is `lr` times curvature. The limit with curvature noise is that of the mean square for a random factor of "
        "variance 1; the floor is the variance for curvature 1 and noise of variance 1.",
        "## The best constant settings on a quadratic",
        _table(("condition number", "`beta`", "`lr` times the largest curvature", "error left by a step",
                "by a step without memory"), list(map(_kappa_row, (10.0, 100.0, 1000.0, 10000.0)))),
        "Centring the inputs changes the condition number itself, and no setting does that.",
        "## Warm-up and 1cycle",
        _cycle(),
    ]) + "\n"  # fmt: skip


def _beta_row(beta):
    half = f"{window(beta).half_life:.1f}" if beta else "0"
    return (
        f"{beta:g}", f"{1 / (1 - beta):.3g}", half, f"{1 / (1 + beta):.3f}",
        f"{stability_limit('heavy ball', beta):.3g}", f"{stability_limit('Nesterov', beta):.4g}",
        f"{curvature_noise_limit('heavy ball', beta):.3g}", f"{noise_floor('heavy ball', 0.1, beta, 1.0, 1.0):.4f}",
        f"{noise_floor('heavy ball', 0.1 * (1 - beta), beta, 1.0, 1.0):.4f}",
    )  # fmt: skip


def _kappa_row(kappa):
    with_memory, without = best_settings("heavy ball", 1.0, kappa), best_settings("gradient descent", 1.0, kappa)
    return (
        f"{kappa:.0f}", f"{with_memory.beta:.3f}", f"{with_memory.lr * kappa:.2f}", f"{with_memory.rate:.4f}",
        f"{without.rate:.4f}",
    )  # fmt: skip


def _cycle():
    cycle = one_cycle(1.0, 100)
    lr, effective = [cycle.lr(t) for t in (0, 29)], [cycle.lr(t) / (1 - cycle.beta(t)) for t in (0, 29)]
    return (
        f"A velocity that starts at zero makes early steps smaller: with `beta` 0.99 the first is "
        f"{100 * (1 - 0.99):.0f} % of the last, the tenth {100 * (1 - 0.99**10):.1f} %. So momentum needs no warm-up "
        f"for its velocity's sake; the reasons for one are an early curvature that `lr` cannot bear, and Adam's scale, "
        f"learnt from few gradients. In a 1cycle, `lr` rises {lr[1] / lr[0]:.0f}-fold while `beta` falls, so "
        f"`lr / (1 - beta)` rises only {effective[1] / effective[0]:.2f}-fold."
    )


def _table(heads, rows):
    return "\n".join(["| " + " | ".join(row) + " |" for row in (heads, ["---"] * len(heads), *rows)])
