"""The papers of the timeline, in order of year: who, when, for which problem, and what was claimed.

Each has its own update rule, ready to run on a quadratic with given curvatures.  What we have not read
again in the paper itself is marked "not re-read".
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from momentum_lab.optimizers import Adam, HeavyBall, Nesterov, Optimizer
from momentum_lab.schedules import nesterov_1983_beta, sutskever_beta
from momentum_lab.theory import best_settings


@dataclass(frozen=True)
class Card:
    """One paper.

    Attributes
    ----------
    year : int
    authors : tuple of str
        Last names.
    history : str
        At most sixty words.
    rule : callable
        Takes the curvatures, smallest first, and returns the paper's rule with its settings.
    choice : str
        Where the settings of this run come from, in one sentence.
    source : str
        Where the paper is.
    """

    year: int
    authors: tuple[str, ...]
    history: str
    rule: Callable[[np.ndarray], Optimizer]
    choice: str
    source: str

    @property
    def title(self):
        """Year and authors, as the menu shows them."""
        return f"{self.year} {', '.join(self.authors)}"


def _best_heavy_ball(curvatures):
    best = best_settings("heavy ball", curvatures[0], curvatures[-1])
    return HeavyBall(best.lr, best.beta)


def _one_over_steepest(curvatures):
    return float(1 / curvatures[-1])


CARDS = (
    Card(
        1950,
        ("Frankel",),
        "In 1950 Stanley Frankel (not re-read) solves partial differential equations by iteration, which means large "
        "linear systems. His second-order Richardson method adds a share of the last step to the new one. Polyak's "
        "method of 1964, made for functional equations and minimisation, is the same recurrence.",
        _best_heavy_ball,
        "Both settings are the best ones in the long run for these two curvatures.",
        "S. P. Frankel, Convergence rates of iterative treatments of partial differential equations, "
        "Mathematical Tables and Other Aids to Computation 4(30) (1950) 65-75",
    ),
    Card(
        1964,
        ("Polyak",),
        "In 1964 Boris Polyak looks for faster iterations for functional equations, and with them for minimisation. "
        "His method adds a share of the last step to the new one. He proves its rate for quadratics, and near a "
        "minimum of a twice differentiable function. Frankel's method of 1950, made for linear systems, is the same "
        "recurrence.",
        _best_heavy_ball,
        "Both settings are the best ones in the long run for these two curvatures.",
        "B. T. Polyak, Some methods of speeding up the convergence of iteration methods, "
        "USSR Comput. Math. Math. Phys. 4(5) (1964) 1-17",
    ),
    Card(
        1983,
        ("Nesterov",),
        "In 1983 Yurii Nesterov minimises smooth convex functions whose gradients are exact. His method asks for the "
        "gradient ahead of the point, and its beta grows with every step. His claim: after k steps the loss lies "
        "within O(1/k²) of the lowest one, for any such function.",
        lambda curvatures: Nesterov(_one_over_steepest(curvatures), nesterov_1983_beta()),
        "Its learning rate is one over the steepest curvature, and its beta is 0 at first.",
        "Yu. E. Nesterov, A method of solving a convex programming problem with convergence rate O(1/k^2), "
        "Soviet Math. Dokl. 27(2) (1983) 372-376",
    ),
    Card(
        1986,
        ("Rumelhart", "Hinton", "Williams"),
        "In 1986 David Rumelhart, Geoffrey Hinton and Ronald Williams train networks with hidden units. Each change "
        "of the weights is a gradient step plus alpha times the last change. The gradient is that of the whole set of "
        "cases. They call it an acceleration method, and their references do not include Polyak.",
        lambda curvatures: HeavyBall(0.1, 0.9),
        "Their alpha is our beta, and both settings are the course's choice.",
        "D. E. Rumelhart, G. E. Hinton, R. J. Williams, Learning representations by back-propagating errors, "
        "Nature 323 (1986) 533-536, eq. 9",
    ),
    Card(
        2013,
        ("Sutskever", "Martens", "Dahl", "Hinton"),
        "In 2013 Ilya Sutskever, James Martens, George Dahl and Geoffrey Hinton train deep and recurrent networks. "
        "They write Nesterov's method in today's form, with a beta that grows by a schedule (not re-read). Their "
        "claim: with careful initialisation it trains networks that were thought to need second-order methods.",
        lambda curvatures: Nesterov(_one_over_steepest(curvatures), sutskever_beta()),
        "Its schedule has two levels in 300 steps: 0.5, where lr 0.1 acts like 0.2 along the valley, then 0.75.",
        "I. Sutskever, J. Martens, G. Dahl, G. Hinton, On the importance of initialization and momentum in deep "
        "learning, ICML 2013, PMLR 28(3) 1139-1147",
    ),
    Card(
        2014,
        ("Kingma", "Ba"),
        "In 2014 Diederik Kingma and Jimmy Ba look at noisy gradients, with much data or many parameters. Adam "
        "averages gradients and squared gradients, corrects both averages for their start at zero, and divides. They "
        "also claim a bound for convex problems; Reddi, Kale and Kumar showed in 2018 where its proof fails.",
        lambda curvatures: Adam(0.1),
        "Its lr is the course's choice: with the paper's 0.001, 95 % of the distance would be left.",
        "D. P. Kingma, J. Ba, Adam: a method for stochastic optimization, ICLR 2015, arXiv 1412.6980; "
        "S. J. Reddi, S. Kale, S. Kumar, On the convergence of Adam and beyond, ICLR 2018, arXiv 1904.09237",
    ),
)
