"""The letters of the derivations, the same in all of them, and how SymPy is told between which bounds they lie."""

import sympy as sp

beta, eta, G = sp.symbols("beta eta G", positive=True)
"""Momentum, learning rate, a steady gradient."""

u, q, kappa, mu, L = sp.symbols("u q kappa mu L", positive=True)
"""eta times curvature; sqrt(beta); condition number; smallest and largest curvature."""

z = sp.Symbol("z")
"""Unknown of a characteristic polynomial.  No assumption: `charpoly` would return another z than a positive one."""

s, a = sp.symbols("s a", positive=True)
"""Positive numbers that are put in to say "between": 1 / (1 + s) lies between 0 and 1."""

t, k, n = sp.symbols("t k n", integer=True, nonnegative=True)

FADING = {beta: sp.exp(-s)}
"""0 < beta < 1, in the form that suits powers."""

BELOW_ONE = {beta: 1 / (1 + s)}
"""0 < beta < 1, in the form that suits fractions."""


def between(low, high):
    """Return an expression that takes every value between low and high as the positive symbol a does."""
    return (low + high * a) / (1 + a)


def beyond(low):
    """Return an expression that takes every value above low as the positive symbol a does."""
    return low + a
