"""A fair comparison: every method is tuned, and all of them with the same number of gradient evaluations."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import NamedTuple

import numpy as np

from momentum_lab import entry
from momentum_lab.optimizers import Optimizer
from momentum_lab.oracles import exact
from momentum_lab.running import iterate
from momentum_lab.slips import Slip, is_whole


class Trial(NamedTuple):
    """One candidate's share of a search: what was tried, the loss it ended at, the evaluations it used, and where.

    A run that blew up has an infinite loss.
    """

    optimizer: Optimizer
    loss: float
    evaluations: int
    theta: np.ndarray


def search(candidates, surface, start, budget, *, oracle=None):
    """Share a budget of gradient evaluations between candidates, and return what became of them, best first.

    Trying twice as many settings leaves each half as many steps: that is the price of a method with more to tune.

    Parameters
    ----------
    candidates : list of Optimizer
        The settings to try, such as `[HeavyBall(lr, 0.9) for lr in (0.01, 0.1, 1.0)]`.
    surface : Surface
        What is minimised.
    start : array of floats, shape (dim,)
        Where each candidate starts.
    budget : int
        Gradient evaluations for all candidates together.  Each gets the same whole number of them.
    oracle : iterable of gradient functions, optional
        The surface's exact gradient if left out.  Seeded oracles give every candidate the same noise.

    Returns
    -------
    list of Trial, by loss

    Raises
    ------
    Slip
        If there is no candidate, or less than one evaluation for each.
    """
    candidates = list(candidates) if isinstance(candidates, Iterable) else [candidates]
    if not is_whole(budget):
        raise Slip(f"The budget is a whole number of gradient evaluations for all candidates; this is {budget!r}.")
    if not candidates or budget < len(candidates):
        raise Slip(f"A search needs candidates and an evaluation for each; {len(candidates)} share {budget!r}.")
    if isinstance(oracle, Iterator) and not isinstance(oracle, repeat):
        raise Slip(
            "Every candidate starts the oracle anew; hand over a list or a seeded oracle, which can be started twice."
        )
    share = budget // len(candidates)
    trials = [_trial(candidate, surface, start, share, oracle) for candidate in candidates]
    return sorted(trials, key=lambda trial: trial.loss)


def _trial(optimizer, surface, start, share, oracle):
    entry.check_settings(optimizer, surface)
    theta = entry.enter(start, surface, optimizer)
    if theta.ndim > 1:
        raise Slip(
            f"A candidate is one setting and starts at one point; {optimizer.label} makes {theta.shape[:-1]} runs."
        )
    spending = _Spending(exact(surface.grad) if oracle is None else oracle, share)
    rule = entry.in_precision(optimizer, theta.dtype)
    with np.errstate(all="ignore"):
        try:
            [(theta, _)] = deque(iterate(rule, spending, theta), maxlen=1)
        except Slip as slip:
            raise Slip(f"With {share} evaluations for {optimizer.label}: {slip}") from None
        loss = float(entry.heights(surface, theta))
    if spending.ended_early:
        raise Slip(f"The oracle ended after {spending.calls} of the {share} evaluations each candidate has.")
    return Trial(optimizer, loss if np.isfinite(loss) else np.inf, spending.calls, theta)


class _Spending:
    """An oracle that ends when the next step would cost more than is left."""

    def __init__(self, oracle, share):
        self.oracle, self.share, self.calls, self.ended_early = oracle, share, 0, False

    def __iter__(self):
        cost = 1
        for grad in entry.gradients(self.oracle):
            if self.calls + cost > self.share:
                return
            before = self.calls
            yield self._counted(grad)
            cost = self.calls - before
        self.ended_early = self.calls + cost <= self.share

    def _counted(self, grad):
        def counted(theta):
            self.calls += 1
            return grad(theta)

        return counted
