"""Against PyTorch and Optax themselves, where they are installed: random gradients, random settings.

They are no part of any environment of this project (each is larger than all the rest); `tests/test_parity.py` holds
their numbers.  To run these tests, install torch, optax and scikit-learn beside the test packages.
"""

import numpy as np
import pytest

from momentum_lab import schedules
from momentum_lab.networks import load_digits
from momentum_lab.optimizers import LAMB, AdaGrad, Adam, AdamW, Lion, Nadam, RMSProp, TorchSGD
from momentum_lab.running import iterate

STEPS, DIM = 40, 5


def ours(rule, slopes, start):
    oracle = [lambda theta, slope=slope: slope for slope in slopes]
    return np.array([theta for theta, _ in iterate(rule, oracle, start)])[1:]


def problem(seed):
    rng = np.random.default_rng(seed)
    return rng, rng.normal(size=(STEPS, DIM)) * 10.0 ** rng.integers(-4, 3, DIM), rng.normal(size=DIM)


TORCH = [
    (
        "SGD",
        TorchSGD,
        lambda r: {"momentum": r.uniform(0.1, 0.99), "dampening": r.uniform(0, 1), "weight_decay": r.uniform()},
    ),
    ("SGD", TorchSGD, lambda r: {"momentum": r.uniform(0.1, 0.99), "nesterov": True, "weight_decay": r.uniform()}),
    ("SGD", TorchSGD, lambda r: {"momentum": 0.0, "dampening": r.uniform(0, 1)}),
    ("Adagrad", AdaGrad, lambda r: {"eps": 10 ** r.uniform(-10, -1), "initial_accumulator": r.uniform()}),
    (
        "RMSprop",
        RMSProp,
        lambda r: {
            "decay": r.uniform(0.5, 0.999),
            "eps": 10 ** r.uniform(-8, -1),
            "momentum": r.uniform(),
            "centered": bool(r.integers(2)),
        },
    ),
    (
        "Adam",
        Adam,
        lambda r: {
            "beta1": r.uniform(),
            "beta2": r.uniform(0.5, 0.999),
            "eps": 10 ** r.uniform(-8, -1),
            "amsgrad": bool(r.integers(2)),
            "weight_decay": r.uniform(),
        },
    ),
    (
        "AdamW",
        AdamW,
        lambda r: {
            "beta1": r.uniform(),
            "beta2": r.uniform(0.5, 0.999),
            "eps": 10 ** r.uniform(-8, -1),
            "amsgrad": bool(r.integers(2)),
            "weight_decay": r.uniform(),
        },
    ),
]
THEIR_WORDS = {"decay": "alpha", "initial_accumulator": "initial_accumulator_value"}


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("theirs", "rule", "draw"), TORCH, ids=lambda v: v if isinstance(v, str) else "")
def test_pytorch(theirs, rule, draw, seed):
    torch = pytest.importorskip("torch")
    rng, slopes, start = problem(seed)
    settings = draw(rng)
    words = {THEIR_WORDS.get(name, name): value for name, value in settings.items()}
    if "beta1" in words:
        words["betas"] = (words.pop("beta1"), words.pop("beta2"))
    theta = torch.tensor(start, requires_grad=True)
    optimizer = getattr(torch.optim, theirs)([theta], lr=0.01, foreach=False, **words)
    points = []
    for slope in slopes:
        theta.grad = torch.tensor(slope)
        optimizer.step()
        points.append(theta.detach().numpy().copy())
    np.testing.assert_allclose(ours(rule(0.01, **settings), slopes, start), points, rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize("seed", range(10))
def test_pytorch_s_one_cycle(seed):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(seed)
    steps, rise, divide, final = (
        int(rng.integers(5, 200)),
        rng.uniform(0.25, 0.45),
        rng.uniform(2, 50),
        rng.uniform(2, 1e5),
    )
    shape, three = ("cosine", "line")[seed % 2], bool(rng.integers(2))
    cycle = schedules.one_cycle(
        0.3, steps, rise=rise, divide=divide, final_divide=final, shape=shape, three_phases=three
    )
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0, momentum=0.5)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.3, total_steps=steps, pct_start=rise, div_factor=divide, final_div_factor=final,
        anneal_strategy={"cosine": "cos", "line": "linear"}[shape], three_phase=three,
    )  # fmt: skip
    for t in range(steps):
        group = optimizer.param_groups[0]
        assert (group["lr"], group["momentum"]) == pytest.approx((cycle.lr(t), cycle.beta(t)), rel=1e-12, abs=1e-15)
        optimizer.step()
        if t < steps - 1:
            scheduler.step()


OPTAX = [
    ("nadam", Nadam, lambda r: {"beta1": r.uniform(), "beta2": r.uniform(0.5, 0.999), "eps": 10 ** r.uniform(-8, -1)}),
    (
        "lamb",
        LAMB,
        lambda r: {
            "beta1": r.uniform(),
            "beta2": r.uniform(0.5, 0.999),
            "eps": 10 ** r.uniform(-8, -1),
            "weight_decay": r.uniform(),
        },
    ),
    ("lion", Lion, lambda r: {"beta1": r.uniform(), "beta2": r.uniform(), "weight_decay": r.uniform()}),
    ("adamw", AdamW, lambda r: {"beta1": r.uniform(), "beta2": r.uniform(0.5, 0.999), "weight_decay": r.uniform()}),
    ("sgd", TorchSGD, lambda r: {"momentum": r.uniform(0.1, 1), "nesterov": bool(r.integers(2))}),
]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("theirs", "rule", "draw"), OPTAX, ids=lambda v: v if isinstance(v, str) else "")
def test_optax(theirs, rule, draw, seed):
    jax = pytest.importorskip("jax")
    optax = pytest.importorskip("optax")
    jax.config.update("jax_enable_x64", True)
    rng, slopes, start = problem(seed)
    settings = draw(rng)
    words = {{"beta1": "b1", "beta2": "b2"}.get(name, name): value for name, value in settings.items()}
    optimizer = getattr(optax, theirs)(0.01, **words)
    theta = jax.numpy.asarray(start)
    state, points = optimizer.init(theta), []
    for slope in slopes:
        updates, state = optimizer.update(jax.numpy.asarray(slope), state, theta)
        theta = optax.apply_updates(theta, updates)
        points.append(np.asarray(theta))
    np.testing.assert_allclose(ours(rule(0.01, **settings), slopes, start), points, rtol=1e-10, atol=1e-11)


def test_the_digits_are_scikit_learn_s():
    datasets = pytest.importorskip("sklearn.datasets")
    theirs, order = datasets.load_digits(), np.random.default_rng(0).permutation(1797)
    digits = load_digits()
    np.testing.assert_array_equal(np.concatenate([digits.x, digits.held_out_x]) * 16, theirs.data[order])
    np.testing.assert_array_equal(np.concatenate([digits.labels, digits.held_out_labels]), theirs.target[order])
