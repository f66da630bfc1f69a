"""What the exercises on one step of momentum are tried with: the same calls and laws for every such rule."""

import numpy as np

SHAPES = {
    "a single coordinate": (1,),
    "five coordinates": (5,),
    "three runs at once, theta of shape (3, 2)": (3, 2),
}

# A term is [weight, number of the case, 0 for `theta` or 1 for the velocity]; see `authoring.Item`.
LAWS = [
    {"says": "With beta = 0 the old velocity must not matter, and in your answer it does.",
     "terms": [[1.0, 2, 0], [-1.0, 3, 0]]},
    {"says": "When the gradient grows in equal steps, so must the new velocity, and yours does not.",
     "terms": [[1.0, 0, 1], [-2.0, 4, 1], [1.0, 5, 1]]},
    {"says": "When the gradient grows in equal steps, so must the move of `theta`, and yours does not.",
     "terms": [[1.0, 0, 0], [-2.0, 4, 0], [1.0, 5, 0]]},
]  # fmt: skip


def cases(rng, shapes=SHAPES):
    """Return the calls of a step, from everyday ones to the corners where mistakes show.

    Parameters
    ----------
    rng : numpy.random.Generator
    shapes : dict of str to tuple
        The shapes of `theta` to be tried besides (2,), and what to call them.
    """

    def numbers(*shape):
        return np.round(rng.uniform(0.5, 3.0, shape) * rng.choice([-1.0, 1.0], shape), 3).tolist()

    def call(says, shape=(2,), *, repeat=1, stretch=1.0, like=None, **changes):
        fresh = {
            "theta": numbers(*shape),
            "velocity": numbers(*shape),
            "grad": {
                "quadratic": np.round(rng.uniform(0.2, 5.0, shape[-1:]), 3).tolist(),
                "minimum": numbers(*shape[-1:]),
            },
            "lr": round(float(rng.uniform(0.02, 0.15)), 3),
            "beta": round(float(rng.uniform(0.5, 0.95)), 3),
        }
        arguments = {**(like["arguments"] if like else fresh), **changes}
        curvatures = [round(stretch * c, 6) for c in arguments["grad"]["quadratic"]]
        arguments["grad"] = {**arguments["grad"], "quadratic": curvatures}
        return {"says": says, "arguments": arguments, "repeat": repeat}

    moving = call("two coordinates and a velocity that is not zero")
    no_memory = call("beta = 0", beta=0.0)
    return [
        moving,
        call("a ball at rest (velocity zero)", velocity=[0.0, 0.0]),
        no_memory,
        call("beta = 0 and another velocity", like=no_memory, velocity=numbers(2)),
        call("the gradient twice as large", like=moving, stretch=2.0),
        call("the gradient three times as large", like=moving, stretch=3.0),
        call("lr = 0, so that the ball only coasts", lr=0.0),
        *(call(says, shape=shape) for says, shape in shapes.items()),
        call("six steps in a row, each fed with what the last returned", repeat=6),
    ]
