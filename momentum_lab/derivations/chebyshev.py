"""The best method of k steps on quadratics is a heavy ball whose settings change, and tend to the best constant ones.

Source: G. H. Golub, R. S. Varga, Numer. Math. 3 (1961) 147-156.
"""

import functools

import sympy as sp

from momentum_lab.derivations.core import Derivation, Step, equal, less
from momentum_lab.derivations.symbols import L, a, mu

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
                "c is the value of the k-th one at σ, a place just outside the interval from −1 to 1.",
                premise=True,
            ),
            Step(
                "What is left of an error",
                equal(p2, (2 * (sigma - 2 * lam / (L - mu)) * c1 * p1 - c0 * p0) / c2),
                "p is the factor left of an error after k steps: the polynomial in the curvature λ that is 1 at λ "
                "= 0 and "
                "smallest between μ and L (Chebyshev's theorem, taken from the literature). The same recurrence.",
                premise=True,
            ),
            Step("The place of zero curvature", equal(sigma, (L + mu) / (L - mu)), "λ = 0 lies there.", premise=True),
            Step("A number ω", equal(omega, 2 * sigma * c1 / c2), "It is 1 at the first step.", premise=True),
            Step("What the older one weighs", equal(c0 / c2, omega - 1), "From the recurrence."),
            Step(
                "It is a heavy ball",
                equal(p2, p1 - 2 * omega / (L + mu) * lam * p1 + (omega - 1) * (p1 - p0)),
                "Learning rate 2ω/(L + μ), momentum ω − 1.",
            ),
            Step("One more polynomial", equal(c3, 2 * sigma * c2 - c1), "The recurrence again.", premise=True),
            Step("The next ω", equal(following, 2 * sigma * c2 / c3), "One step later.", premise=True),
            Step(
                "From one to the next",
                equal(following, 1 / (1 - omega / (4 * sigma**2))),
                "No polynomial is needed, from the third step on. The second has ω = 2σ²/(2σ² − 1).",
            ),
            Step("Roots of the curvatures", equal(L, high**2), "l is the root of L.", premise=True),
            Step("And of the smallest", equal(mu, low**2), "m is the root of μ.", premise=True),
            Step(
                "An ω that stays",
                equal(limit, 1 + ((high - low) / (high + low)) ** 2),
                "Try the best constant momentum plus 1.",
                premise=True,
            ),
            Step("It stays", equal(1 / (1 - limit / (4 * sigma**2)), limit), "The next one is the same."),
            Step(
                "And it attracts",
                less(limit**2 / (4 * sigma**2), 1),
                "The slope of the rule from one ω to the next, at the one that stays: a small deviation shrinks.",
                where={L: high**2, mu: low**2, sigma: (high**2 + low**2) / (high**2 - low**2), high: low + a},
                when="L > μ",
            ),
            Step(
                "With the best constant learning rate",
                equal(2 * limit / (L + mu), 4 / (high + low) ** 2),
                "4/(√L + √μ)²: Polyak's heavy ball is where Chebyshev's steps end.",
            ),
        ),
    )
