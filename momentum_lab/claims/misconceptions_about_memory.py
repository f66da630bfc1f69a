"""Misconceptions about what an optimizer remembers, how programs write it down, and what noise does to it."""

import numpy as np

from momentum_lab.claims.batches import fewest_steps
from momentum_lab.claims.misconception import Misconception
from momentum_lab.optimizers import Adam, HeavyBall, Nesterov, TorchSGD
from momentum_lab.oracles import AdditiveNoise
from momentum_lab.running import run
from momentum_lab.schedules import step_decay
from momentum_lab.surfaces import Quadratic
from momentum_lab.theory import noise_floor

BOWL = Quadratic([1.0])


def _fed(rule, pushes, start=0.0):
    """Run a rule on given gradients, whatever the surface; the moves are the steps it takes downhill."""
    oracle = (lambda theta, push=push: np.full_like(theta, push) for push in pushes)
    return run(rule, BOWL, np.array([start]), len(pushes), oracle=oracle, keep_states=True)


def _moves(trajectory):
    return -np.diff(trajectory.thetas[:, 0])


def sum_or_average():
    """Feed a constant gradient to a velocity, and to the running average inside Adam."""
    pushes = [1.0] * 200
    return {
        "velocity": float(_fed(HeavyBall(1.0, 0.9), pushes).states[-1].velocity[0]),
        "running average": float(_fed(Adam(1.0, beta1=0.9), pushes).states[-1].m[0]),
    }


def window():
    """Remember ones, then ten zeros: what is left is the weight of everything older than ten steps."""
    rule = HeavyBall(0.1, 0.9)  # with lr 1 - beta the weights add up to 1
    older = float(_fed(rule, [1.0] * 300 + [0.0] * 10).states[-1].velocity[0])
    filled = np.array([state.velocity[0] for state in _fed(rule, [1.0] * 100).states])
    return {
        "per cent in the newest ten": 100 * (1 - older),
        "per cent in older ones": 100 * older,
        "gradients for 95 per cent": int(np.argmax(filled >= 0.95)),
    }


def alternating():
    """Feed gradients +1, -1, +1, ... to a velocity and to the running average inside Adam."""
    pushes = [1.0, -1.0] * 100
    return {
        "size of the velocity": abs(float(_fed(HeavyBall(1.0, 0.9), pushes).states[-1].velocity[0])),
        "size of the average": abs(float(_fed(Adam(1.0, beta1=0.9), pushes).states[-1].m[0])),
    }


def noise_averaged_out():
    """Compare the closed form of the noise floor, at the same lr / (1 - beta) and at the same lr, with simulations."""
    settings = {"plain": (0.1, 0.0), "same effective lr": (0.01, 0.9), "same lr": (0.1, 0.9)}
    floors = {name: noise_floor("heavy ball", lr, beta, 1.0) for name, (lr, beta) in settings.items()}
    lr, beta = (np.array(column)[:, np.newaxis, np.newaxis] for column in zip(*settings.values(), strict=True))
    rolling = run(HeavyBall(lr, beta), BOWL, np.zeros((3, 400, 1)), 500, oracle=AdditiveNoise(BOWL.grad, 1.0, seed=0))
    simulated = (rolling.thetas[200:] ** 2).mean(axis=(0, 2, 3))
    return {
        "floor without momentum": floors["plain"],
        "floor at the same lr / (1 - beta)": floors["same effective lr"],
        "times higher at the same lr": floors["same lr"] / floors["plain"],
        "simulations within 3 per cent": bool(np.allclose(simulated, list(floors.values()), rtol=0.03)),
    }


def any_batch_size():
    """Tune lr with and without momentum in a noisy quadratic of 30 directions, for a small and a large batch."""
    pairs = ((1000, 0.0), (1000, 0.9), (1000000, 0.0), (1000000, 0.8))
    tuned = {f"steps at batch {batch}, beta {beta:g}": fewest_steps(batch, beta)[0] for batch, beta in pairs}
    plain, ball = list(tuned.values())[:2]
    return {**tuned, "per cent fewer at batch 1000": 100 * (1 - ball / plain)}


def inside_or_outside():
    """Divide lr by ten under a steady gradient, with lr inside the velocity and outside the buffer."""
    lr = step_decay(0.1, 0.1, every=300)
    inside = _moves(_fed(HeavyBall(lr, 0.9), [1.0] * 600))
    outside = _moves(_fed(TorchSGD(lr, momentum=0.9), [1.0] * 600))
    return {
        "step after the drop, lr inside": inside[300],
        "step after the drop, lr outside": outside[300],
        "equal before the drop": bool(np.allclose(inside[:300], outside[:300])),
        "extra distance, lr inside": (inside - outside)[300:].sum(),
    }


def adam_is_momentum():
    """Feed a constant gradient to Adam and to the heavy ball at the same lr."""
    adam, ball = (_moves(_fed(rule, [1.0] * 200)) for rule in (Adam(0.1), HeavyBall(0.1, 0.9)))
    return {"Adam's step 10": adam[9], "heavy ball's step 10": ball[9], "heavy ball's last step": ball[-1]}


def bias_correction():
    """Divide Adam's averages without correcting them; corrected, every step is one lr long."""
    states = _fed(Adam(1.0), [1.0] * 1000).states[1:]
    uncorrected = np.array([state.m[0] / np.sqrt(state.s[0]) for state in states])
    return {
        "times too long at step 1": uncorrected[0],
        "times too long at most": uncorrected.max(),
        "longest step": int(uncorrected.argmax()) + 1,
    }


def weight_decay_in_the_buffer():
    """Let a weight decay for 1000 steps without any gradient, through a buffer and without one."""
    left = {
        momentum: _fed(TorchSGD(0.1, momentum, weight_decay=5e-4), [0.0] * 1000, start=1.0) for momentum in (0.0, 0.9)
    }
    return {
        "left with momentum 0.9": left[0.9].thetas[-1, 0],
        "left without momentum": left[0.0].thetas[-1, 0],
    }


def torch_parameters():
    """Run PyTorch's form and Nesterov's own on the same bowl, and look where the second one looks ahead to."""
    torch = run(TorchSGD(0.1, momentum=0.9, nesterov=True), BOWL, np.array([1.0]), 50)
    own = run(Nesterov(0.1, 0.9), BOWL, np.array([1.0]), 50, keep_states=True)
    ahead = own.thetas - 0.9 * np.array([state.velocity for state in own.states])
    return {
        "PyTorch after one step": torch.thetas[1, 0],
        "Nesterov after one step": own.thetas[1, 0],
        "PyTorch is at the lookahead points": bool(np.allclose(torch.thetas, ahead, rtol=0, atol=1e-15)),
    }


def warm_up_for_the_velocity():
    """Feed a constant gradient to a heavy ball at rest, and measure its steps by the last one."""
    moves = _moves(_fed(HeavyBall(1.0, 0.99), [1.0] * 4000))
    return {f"step {t}, per cent": 100 * moves[t - 1] / moves[-1] for t in (1, 10, 100)}


ABOUT_MEMORY = (
    Misconception(
        1,
        "The velocity is the average of the gradients so far.",
        "It is a sum with fading weights. Under a constant gradient of 1, with lr 1 and beta 0.9, it settles at 10. "
        "A running average of the same gradients settles at 1.",
        "02",
        {"velocity": "10.000", "running average": "1.000"},
        sum_or_average,
    ),
    Misconception(
        2,
        "With beta 0.9 the velocity holds the last ten gradients, and nothing older.",
        "The weights fade and never stop. With beta 0.9 the newest ten gradients carry 65.1 % of the weight and older "
        "ones 34.9 %. It takes 29 gradients to carry 95 %.",
        "02",
        {"per cent in the newest ten": "65.1", "per cent in older ones": "34.9", "gradients for 95 per cent": "29"},
        window,
    ),
    Misconception(
        3,
        "Gradients that alternate in sign cancel to nothing.",
        "What remains is 1 / (1 + beta) of one gradient. With lr 1 and beta 0.9 the velocity keeps a size of 0.526, "
        "about half a gradient. In a running average it is 0.0526.",
        "02",
        {"size of the velocity": "0.526", "size of the average": "0.0526"},
        alternating,
    ),
    Misconception(
        13,
        "Momentum averages the gradient noise out.",
        "At the same lr / (1 - beta) the noise floor hardly moves. With that at 0.1, and curvature and noise variance "
        "1, it is 0.0526 with beta 0 and 0.0501 with beta 0.9. At the same lr, 0.1, beta 0.9 makes it 9.8 times as "
        "high.",
        "06",
        {
            "floor without momentum": "0.0526",
            "floor at the same lr / (1 - beta)": "0.0501",
            "times higher at the same lr": "9.8",
            "simulations within 3 per cent": "yes",
        },
        noise_averaged_out,
    ),
    Misconception(
        14,
        "Momentum helps as much with small batches as with large ones.",
        "The gain grows with the batch. In a noisy quadratic of 30 directions, lr tuned on a grid, a mean loss of 1e-5 "
        "takes 7307 steps with beta 0 and 6934 with 0.9 at batch 1000: 5 per cent fewer. At batch 1000000 it takes "
        "433, and 55 with beta 0.8.",
        "06",
        {
            "steps at batch 1000, beta 0": "7307",
            "steps at batch 1000, beta 0.9": "6934",
            "per cent fewer at batch 1000": "5",
            "steps at batch 1000000, beta 0": "433",
            "steps at batch 1000000, beta 0.8": "55",
        },
        any_batch_size,
    ),
    Misconception(
        16,
        "It makes no difference whether lr stands inside or outside the buffer.",
        "It makes none while lr is constant. Let lr drop from 0.1 to 0.01, under a steady gradient of 1 with beta 0.9. "
        "The next step is 0.91 with lr inside and 0.1 with lr outside. In all, lr inside travels 8.1 further.",
        "06",
        {
            "step after the drop, lr inside": "0.91",
            "step after the drop, lr outside": "0.10",
            "equal before the drop": "yes",
            "extra distance, lr inside": "8.1",
        },
        inside_or_outside,
    ),
    Misconception(
        17,
        "Adam's first moment is the momentum of SGD.",
        "It is an average, corrected and then divided by the size of the gradients. Under a constant gradient of 1 "
        "with lr 0.1, Adam's tenth step is 0.1 long. The heavy ball's is 0.651, on its way to 1.",
        "07",
        {"Adam's step 10": "0.100", "heavy ball's step 10": "0.651", "heavy ball's last step": "1.000"},
        adam_is_momentum,
    ),
    Misconception(
        18,
        "Adam's bias correction is cosmetic.",
        "Under a constant gradient, with betas 0.9 and 0.999, every corrected step is one lr long. Without the "
        "correction the first step is 3.16 times as long, and step 12, the longest, 6.57 times.",
        "07",
        {"times too long at step 1": "3.16", "times too long at most": "6.57", "longest step": "12"},
        bias_correction,
    ),
    Misconception(
        21,
        "In SGD a weight shrinks by lr times weight_decay per step.",
        "With momentum the decay passes through the buffer, which makes it about 1 / (1 - beta) times as strong. After "
        "1000 steps without gradient, lr 0.1, weight_decay 0.0005 and momentum 0.9, 0.6078 is left, not 0.9512.",
        "06",
        {"left with momentum 0.9": "0.6078", "left without momentum": "0.9512"},
        weight_decay_in_the_buffer,
    ),
    Misconception(
        22,
        "With nesterov=True, PyTorch's parameters are the points of Nesterov's method.",
        "They are the points the method looks ahead to. On f = x^2 / 2 from 1, with lr 0.1 and beta 0.9, PyTorch is at "
        "0.81 after one step, where Nesterov's own point is 0.9.",
        "06",
        {
            "PyTorch after one step": "0.81",
            "Nesterov after one step": "0.90",
            "PyTorch is at the lookahead points": "yes",
        },
        torch_parameters,
    ),
    Misconception(
        23,
        "Warm-up is needed because the velocity starts at zero.",
        "A velocity of zero makes the first steps smaller, not larger: it is a warm-up by itself. With beta 0.99 and a "
        "constant gradient, the first step is 1 % of the final one, step 10 is 9.6 %, step 100 is 63.4 %.",
        "08",
        {"step 1, per cent": "1.0", "step 10, per cent": "9.6", "step 100, per cent": "63.4"},
        warm_up_for_the_velocity,
    ),
)
