"""Claims 44 to 52: Adam and its kin, and momentum in PyTorch."""

from itertools import cycle, islice

import numpy as np

from momentum_lab.claims.claim import Claim
from momentum_lab.claims.mechanism import pushed
from momentum_lab.networks import Network
from momentum_lab.optimizers import LAMB, AdaGrad, Adam, AdamW, HeavyBall, Nadam, RMSProp, TorchSGD
from momentum_lab.running import run
from momentum_lab.schedules import momentum_correction
from momentum_lab.slips import Slip
from momentum_lab.surfaces import Ravine


def _way(rule, gradients, start=0.0):
    """Return the length of every step under the given gradients."""
    return -np.diff(pushed(rule, gradients, [start]).thetas[:, 0])


def two_averages():
    """Adam's defaults, and its averages after three gradients of 2."""
    memory = pushed(Adam(0.1), [2.0, 2.0, 2.0]).states[-1]
    return {
        "default in this library: beta1": Adam(0.1).beta1,
        "default in this library: beta2": Adam(0.1).beta2,
        "m": memory.m[0],
        "s": memory.s[0],
    }


def first_moment():
    """Steps of the heavy ball, of an average and of Adam under a gradient of 1, and of Adam without correction."""
    ones, signs = np.ones(1000), list(islice(cycle([1.0, -1.0]), 1000))
    heavy, average, adam = (_way(rule, ones) for rule in (HeavyBall(0.1, 0.9), HeavyBall(0.01, 0.9), Adam(0.1)))
    states = pushed(Adam(0.1), ones).states[1:]
    uncorrected = np.array([state.m[0] / np.sqrt(state.s[0]) for state in states])
    return {
        **{f"heavy ball, step {t}": heavy[t - 1] for t in (1, 2, 5, 10)},
        "heavy ball, last step": heavy[-1],
        "average, step 1": average[0],
        "average, last step": average[-1],
        "Adam, step 1": adam[0],
        "Adam, step 10": adam[9],
        **{f"uncorrected over corrected, step {t}": uncorrected[t - 1] for t in (1, 50, 1000)},
        "uncorrected over corrected, largest": uncorrected.max(),
        "at step": 1 + uncorrected.argmax(),
        "Adam, step / lr under alternating gradients": abs(_way(Adam(0.1), signs)[-1]) / 0.1,
    }


def borrowed_scale():
    """Adam without its first average is RMSProp with a corrected learning rate."""
    ravine, decay = Ravine(), 0.999
    adam = run(Adam(0.01, beta1=0.0, beta2=decay, eps=0.0), ravine, ravine.start, 300)
    corrected = RMSProp(lambda t: 0.01 * np.sqrt(1 - decay ** (t + 1)), decay=decay, eps=0.0)
    rmsprop = run(corrected, ravine, ravine.start, 300)
    return {
        "same path": np.allclose(adam.thetas, rmsprop.thetas, rtol=0, atol=1e-10),
        "first step of RMSProp over lr": _way(RMSProp(1.0, decay=0.9), [1.0])[0],
        "first step of Adam over lr": _way(Adam(1.0), [1.0])[0],
    }


def bias_correction():
    """What the correction corrects: steady gradients at once, growing ones never."""
    steady = pushed(Adam(0.1), np.full(50, 3.0)).states
    growing = pushed(Adam(0.1), np.arange(1.0, 501.0)).states[-1]
    first = pushed(Adam(0.01), [np.array([1e-4, 50.0])], [0.0, 0.0]).thetas[-1]
    return {
        "m at step 1, gradient 3": steady[1].m[0],
        "corrected is 3 at every step": np.allclose([s.m[0] / (1 - 0.9**s.t) for s in steady[1:]], 3.0),
        "lag in steps under a growing gradient": 500 - growing.m[0] / (1 - 0.9**500),
        "first step, gradient 0.0001": -first[0],
        "first step, gradient 50": -first[1],
    }


def inertia():
    """Who still moves, after one gradient of 1, when the gradient is 0."""
    rules = {
        "AdaGrad": AdaGrad(0.1),
        "RMSProp": RMSProp(0.1),
        "RMSProp, momentum 0.9": RMSProp(0.1, momentum=0.9),
        "AdamW": AdamW(0.1, weight_decay=0.0),
        "Nadam": Nadam(0.1),
        "LAMB": LAMB(0.1, weight_decay=0.0),
    }
    return {f"{name} moves on": bool(_way(rule, [1.0, 0.0], start=1.0)[1]) for name, rule in rules.items()}


def snippet():
    """The network of the example, and the defaults in its table."""
    rule, names = TorchSGD(), ("momentum", "dampening", "weight_decay", "nesterov")
    defaults = {f"default in this library: {name}": getattr(rule, name) for name in names}
    return {"parameters": Network((784, 256, 10)).dim, **defaults}


def default_lr():
    """The default learning rate, and the two combinations that PyTorch refuses."""
    return {
        "default in this library: lr": TorchSGD().lr,
        "nesterov without momentum is refused": _refused(nesterov=True),
        "nesterov with dampening is refused": _refused(nesterov=True, momentum=0.9, dampening=0.1),
    }


def _refused(**settings):
    try:
        TorchSGD(**settings)
    except Slip:
        return True
    return False


def decay_through_the_buffer():
    """A thousand steps of weight decay 0.0005 alone, with lr 0.1: in PyTorch's SGD, and by itself as in AdamW."""
    zeros = np.zeros(1000)
    coupled = pushed(TorchSGD(0.1, momentum=0.9, weight_decay=5e-4), zeros, [1.0]).thetas[:, 0]
    decoupled = pushed(AdamW(0.1, weight_decay=5e-4), zeros, [1.0]).thetas[:, 0]
    per_step = [1 - way[-1] / way[-2] for way in (coupled, decoupled)]
    return {"through the buffer": coupled[-1], "by itself": decoupled[-1], "ratio": per_step[0] / per_step[1]}


def drop_of_lr():
    """Steps under a gradient of 1 after lr falls from 0.1 to 0.01: learning rate inside and outside the memory."""
    ones = np.ones(800)

    def lr(t):
        return 0.1 if t < 400 else 0.01

    inside, outside = _way(HeavyBall(lr, 0.9), ones), _way(TorchSGD(lr, momentum=0.9), ones)
    corrected = _way(HeavyBall(lr, momentum_correction(0.9, lr)), ones)
    return {
        "same steps before": np.allclose(inside[:400], outside[:400], atol=1e-12),
        **{f"inside, step {j}": inside[399 + j] for j in (1, 2, 3)},
        "outside, step 1": outside[400],
        "inside, steps until within 10 per cent": 1 + np.argmax(inside[400:] <= 0.11),
        "way too far": (inside - outside).sum(),
        "with momentum correction the same": np.allclose(corrected, outside, atol=1e-12),
    }


CLAIMS = (
    Claim(
        44,
        "Adam keeps two exponential averages, of gradients and of their squares, with decay rates 0.9 and 0.999.",
        "true",
        "m averages the gradients with beta1 = 0.9, and s, which the paper calls v, their squares with beta2 = 0.999. "
        "Both start at zero. After three gradients of 2, m is 0.542 and s 0.011988.",
        ("kingma2015",),
        {
            "default in this library: beta1": "0.9",
            "default in this library: beta2": "0.999",
            "m": "0.542",
            "s": "0.011988",
        },
        two_averages,
    ),
    Claim(
        45,
        "Adam's first moment works exactly like classical momentum.",
        "false",
        "It is an average, it is corrected by 1 / (1 - beta1^t), and the step divides it by a root mean square. With "
        "gradient 1 and lr 0.1 the heavy ball's steps are 0.1, 0.19, ... 0.651 (the tenth), and 1 in the end; Adam's "
        "are 0.1 from the first. Without both corrections the first would be 3.16 times as large, the 12th 6.57 times.",
        ("kingma2015",),
        {
            "heavy ball, step 1": "0.1",
            "heavy ball, step 2": "0.19",
            "heavy ball, step 5": "0.4095",
            "heavy ball, step 10": "0.6513",
            "heavy ball, last step": "1.0",
            "average, step 1": "0.01",
            "average, last step": "0.1",
            "Adam, step 1": "0.1",
            "Adam, step 10": "0.1",
            "uncorrected over corrected, step 1": "3.1623",
            "uncorrected over corrected, step 50": "4.50",
            "uncorrected over corrected, step 1000": "1.258",
            "uncorrected over corrected, largest": "6.5685",
            "at step": "12",
            "Adam, step / lr under alternating gradients": "0.0526",
        },
        first_moment,
    ),
    Claim(
        46,
        "Adam's second moment comes from RMSProp and scales each coordinate's step by one over the typical size of its "
        "gradients.",
        "true with condition",
        "Up to eps and the bias correction: with beta1 = 0, Adam's step t is that of RMSProp with lr multiplied by "
        "sqrt(1 - beta2^t). Adam's first step is lr; that of RMSProp with a decay of 0.9 is 3.162 lr. AdaGrad, an "
        "older relative, divides by the root of the sum of all squares.",
        ("tieleman2012", "kingma2015", "duchi2011"),
        {"same path": "yes", "first step of RMSProp over lr": "3.162", "first step of Adam over lr": "1.000"},
        borrowed_scale,
    ),
    Claim(
        47,
        "Adam corrects both averages for their start at zero.",
        "true with condition",
        "While the gradients' distribution does not change, the corrected averages are right in expectation. Under a "
        "gradient that grows steadily a lag of beta1 / (1 - beta1) = 9 steps remains. The first step is lr times the "
        "sign of the gradient, up to eps: with lr 0.01, 0.0099990 for a gradient of 0.0001 and 0.0100000 for one of "
        "50.",
        ("kingma2015",),
        {
            "m at step 1, gradient 3": "0.3",
            "corrected is 3 at every step": "yes",
            "lag in steps under a growing gradient": "9.00",
            "first step, gradient 0.0001": "0.0099990",
            "first step, gradient 50": "0.0100000",
        },
        bias_correction,
    ),
    Claim(
        48,
        "AdaGrad, RMSProp, AdamW, Nadam and LAMB use momentum as well.",
        "false",
        "AdaGrad has none, and RMSProp has none unless it is asked for: in PyTorch its momentum is 0 by default. "
        "AdamW, Nadam and LAMB have it. After one gradient of 1 and then none, AdaGrad and plain RMSProp stand still; "
        "AdamW, Nadam and LAMB move on.",
        ("duchi2011", "tieleman2012", "loshchilov2019", "dozat2016", "you2020", "torch"),
        {
            "AdaGrad moves on": "no",
            "RMSProp moves on": "no",
            "RMSProp, momentum 0.9 moves on": "yes",
            "AdamW moves on": "yes",
            "Nadam moves on": "yes",
            "LAMB moves on": "yes",
        },
        inertia,
    ),
    Claim(
        49,
        "A few lines of PyTorch train a network with momentum, classical or Nesterov's.",
        "true with condition",
        "The example needs a loss, a data loader and flattened images before it runs, and its second, Nesterov "
        "optimizer is made but never used. Its network has 203530 parameters. The table's defaults of 0 for momentum, "
        "dampening and weight_decay and False for nesterov are right; for lr see claim 50.",
        ("torch",),
        {
            "parameters": "203530",
            "default in this library: momentum": "0",
            "default in this library: dampening": "0",
            "default in this library: weight_decay": "0",
            "default in this library: nesterov": "no",
        },
        snippet,
    ),
    Claim(
        50,
        "In PyTorch's SGD the learning rate has no default: it is required.",
        "false",
        "It was required once, as in the documentation of PyTorch 2.1. In 2.3 and in 2.13 the default is 0.001. What "
        "it does refuse is nesterov=True with momentum 0 or with any dampening.",
        ("torch",),
        {
            "default in this library: lr": "0.001",
            "nesterov without momentum is refused": "yes",
            "nesterov with dampening is refused": "yes",
        },
        default_lr,
    ),
    Claim(
        51,
        "weight_decay in PyTorch's SGD is an L2 penalty.",
        "true",
        "And it goes through the buffer, so momentum makes it about 1 / (1 - beta) times as strong. With zero loss "
        "gradient, lr 0.1, weight_decay 0.0005 and momentum 0.9, a weight of 1 is 0.607841 after 1000 steps; decay "
        "apart from the gradient would leave 0.951228. Per step it is 10.045 times as strong.",
        ("torch", "loshchilov2019"),
        {"through the buffer": "0.607841", "by itself": "0.951228", "ratio": "10.045"},
        decay_through_the_buffer,
    ),
    Claim(
        52,
        "Learning rate inside or outside the velocity is equivalent, except while the learning rate changes.",
        "true",
        "If lr falls from 0.1 to 0.01 (gradient 1, beta 0.9, at terminal speed), PyTorch's next step is 0.1. With lr "
        "inside, they are 0.91, 0.829, 0.7561, ...; the 43rd is the first within 10 per cent of 0.1, and the way is "
        "8.1 longer. Momentum correction, velocity times new lr over old, makes both the same.",
        ("torch", "goyal2017"),
        {
            "same steps before": "yes",
            "inside, step 1": "0.91",
            "inside, step 2": "0.829",
            "inside, step 3": "0.7561",
            "outside, step 1": "0.1",
            "inside, steps until within 10 per cent": "43",
            "way too far": "8.1",
            "with momentum correction the same": "yes",
        },
        drop_of_lr,
    ),
)
