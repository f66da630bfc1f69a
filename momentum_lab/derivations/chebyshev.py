"""The best method of k steps on quadratics is a heavy ball whose settings change, and tend to the best constant ones.

Source: G. H. Golub, R. S. Varga, Numer. Math. 3 (1961) 147-156.
"""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal
from momentum_lab.derivations.symbols import L, mu

lam = sp.Symbol("lambda", positive=True)
c0, c1, c2, c3, p0, p1, p2 = sp.symbols("c_0 c_1 c_2 c_3 p_0 p_1 p_2")
omega, following, limit, sigma = sp.symbols("omega omega_next omega_end sigma")
high, low = sp.symbols("l m", positive=True)


@functools.cache
def changing_settings():
    """Return the derivation of lr = 2 w / (L + mu) and beta = w - 1, with w from step to step and in the end."""
    return Derivation(
        "Chebyshev's steps",
        (
            Step(
                "Three Chebyshev polynomials in a row",
                equal(c2, 2 * sigma * c1 - c0),
                "Their values at σ, just outside the interval from −1 to 1.",
                premise=True,
            ),
            Step(
                "What is left of an error",
                equal(p2, (2 * (sigma - 2 * lam / (L - mu)) * c1 * p1 - c0 * p0) / c2),
                "The polynomial in the curvature λ that is smallest between μ and L and 1 at λ = 0: the same "
                "recurrence, at the place that belongs to λ.",
                premise=True,
            ),
            Step("The place of zero curvature", equal(sigma, (L + mu) / (L - mu)), "λ = 0 lies there.", premise=True),
            Step("A number w", equal(omega, 2 * sigma * c1 / c2), "Here written ω.", premise=True),
            Step("What the older one weighs", equal(c0 / c2, omega - 1), "From the recurrence."),
            Step(
                "It is a heavy ball",
                equal(p2, p1 - 2 * omega / (L + mu) * lam * p1 + (omega - 1) * (p1 - p0)),
                "Learning rate 2ω/(L + μ), momentum ω − 1.",
            ),
            Step("One more polynomial", equal(c3, 2 * sigma * c2 - c1), "The recurrence again.", premise=True),
            Step("The next w", equal(following, 2 * sigma * c2 / c3), "One step later.", premise=True),
            Step(
                "From one to the next", equal(following, 1 / (1 - omega / (4 * sigma**2))), "No polynomial is needed."
            ),
            Step("Roots of the curvatures", equal(L, high**2), "l is the root of L.", premise=True),
            Step("And of the smallest", equal(mu, low**2), "m is the root of μ.", premise=True),
            Step(
                "A w that stays",
                equal(limit, 1 + ((high - low) / (high + low)) ** 2),
                "Try the best constant momentum plus 1.",
                premise=True,
            ),
            Step("It stays", equal(1 / (1 - limit / (4 * sigma**2)), limit), "The next one is the same."),
            Step(
                "With the best constant learning rate",
                equal(2 * limit / (L + mu), 4 / (high + low) ** 2),
                "4/(√L + √μ)²: Polyak's heavy ball is where Chebyshev's steps end.",
            ),
        ),
    )
