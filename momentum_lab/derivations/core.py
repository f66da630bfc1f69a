"""A derivation is a list of equations, and every one of them is checked before it is shown.

A step is a premise (what the method does, or what is put in) or a claim.  A claim may use the premises
and the claims before it, and nothing else.  It holds if what is left of it is zero (or, for an inequality,
positive); what SymPy cannot decide does not hold.  The same object is checked and displayed, so a formula on
the page cannot differ from the one that was proved.  `deciding` does the checking, `page` the display.
"""

from dataclasses import dataclass, field, replace

import sympy as sp

from momentum_lab.derivations import page
from momentum_lab.derivations.deciding import DerivationError, holds, remainders
from momentum_lab.slips import Slip


def equal(left, right):
    """Return the equation of two sides, as they were written."""
    return sp.Eq(left, right, evaluate=False)


def greater(left, right):
    """Return the claim that the left side is larger than the right one, as they were written."""
    return sp.StrictGreaterThan(left, right, evaluate=False)


def less(left, right):
    """Return the claim that the left side is smaller than the right one, as they were written."""
    return sp.StrictLessThan(left, right, evaluate=False)


@dataclass(frozen=True)
class Step:
    """One equation or inequality of a derivation.

    Attributes
    ----------
    title : str
        What the step says, in a few words; unique within a derivation.
    equation : sympy.Eq, or an inequality made with `greater` or `less`
        The statement itself.  A right side with sympy.O(x**n) says that the left side has these terms in its
        series at x = 0.
    reason : str
        Why it holds, in a sentence.
    premise : bool
        True for what is put in, False for what is shown.
    where : dict
        Values put in for symbols before the check, one after the other.  {beta: exp(-s)} with a positive s is
        how SymPy is told that 0 < beta < 1, and {u: a * x / (1 + x)} with a positive x that 0 < u < a.  The
        premises must hold for these values, or they would go beyond what is given.
    when : str
        The condition that `where` stands for, in words, such as "0 < β < 1"; shown with the step.
    over : sympy.Symbol or None
        Show the claim by induction over this whole number: it holds at the first indices, and a recurrence
        carries it on.
    """

    title: str
    equation: sp.Basic
    reason: str
    premise: bool = False
    where: dict = field(default_factory=dict)
    when: str = ""
    over: sp.Symbol | None = None


@dataclass(frozen=True)
class Derivation:
    """Steps in their order; displayed in a notebook as a numbered list with its formulas.

    Attributes
    ----------
    title : str
    steps : tuple of Step
    folded : tuple of str
        Titles of the steps that a notebook shows only when asked to.
    blank : str or None
        Title of the step whose right-hand side is left out, for the reader to fill.
    """

    title: str
    steps: tuple[Step, ...]
    folded: tuple[str, ...] = ()
    blank: str | None = None

    def __post_init__(self):
        """Refuse two steps of one title, which could not be told apart."""
        titles = [step.title for step in self.steps]
        if len(set(titles)) < len(titles):
            raise DerivationError(f"{self.title} has two steps with the same title.")

    def verify(self):
        """Check every claim and return the derivation.

        Raises
        ------
        DerivationError
            At the first claim that does not follow; the message names it and what is left over.
        """
        for number in range(len(self.steps)):
            left_over = self._left_over(number)
            if left_over is not None:
                where = f"{self.title}, step {number + 1} ({self.steps[number].title})"
                raise DerivationError(f"{where} does not follow: {page.text(left_over)} is left over.")
        return self

    def step(self, title):
        """Return the step of that title."""
        return self.steps[self._number(title)]

    def fold(self, *titles):
        """Return the derivation with these steps folded away."""
        return replace(self, folded=tuple(self.step(t).title for t in titles))

    def with_blank(self, title):
        """Return the derivation with the right-hand side of one step left out."""
        return replace(self, blank=self.step(title).title)

    def attempt(self, title, right):
        """Put a right-hand side of your own into a step, and see whether it follows from the steps before.

        Parameters
        ----------
        title : str
            The step, usually the one left blank.
        right : sympy expression or number
            What you think stands there.

        Returns
        -------
        Attempt
            Says whether it follows, and if not what is left over.
        """
        number = self._number(title)
        step = self.steps[number]
        own = self._read(right)
        if own == step.equation.lhs:
            raise Slip("This is the left-hand side again; what stands on the right?")
        tried = replace(
            step,
            title=f"{step.title}, yours",
            equation=step.equation.func(step.equation.lhs, own, evaluate=False),
            premise=False,
        )
        # A premise of its own would only be compared with itself; it stays as what the answer must agree with.
        known = self.steps[: number + 1] if step.premise else self.steps[:number]
        steps = (*known, tried)
        return Attempt(tried, replace(self, steps=steps)._left_over(len(steps) - 1))

    def _read(self, right):
        """Return a reader's expression in the letters of the derivation: beta is beta, however it was made."""
        letters = set().union(*(step.equation.free_symbols for step in self.steps))
        names = {letter.name: letter for letter in letters if isinstance(letter, sp.Symbol)}
        try:
            own = sp.sympify(right, locals=names)
            if not isinstance(own, sp.Expr) or own.is_Matrix:  # a pair, a matrix, True, or sin without its argument
                raise TypeError
            return own.xreplace({s: names[s.name] for s in own.free_symbols if getattr(s, "name", None) in names})
        except (sp.SympifyError, TypeError, AttributeError, SyntaxError):
            raise Slip(f"A right-hand side is a SymPy expression such as 1 / (1 - beta); this is {right!r}.") from None

    def _number(self, title):
        titles = [step.title for step in self.steps]
        if title not in titles:
            raise Slip(f"{self.title} has no step {title!r}; it has {', '.join(titles)}.")
        return titles.index(title)

    def _left_over(self, number):
        """Return what is left of a step, None if it follows."""
        step = self.steps[number]
        if step.premise:
            return None
        for left_over in remainders(step, self.steps[:number]):
            if not holds(step.equation, left_over):
                return left_over
        return None

    def _repr_markdown_(self):
        self.verify()
        return page.markdown(self)

    def __repr__(self):
        return page.plain(self)


@dataclass(frozen=True)
class Attempt:
    """A reader's own step: the equation, and what is left over of it (None if it follows)."""

    step: Step
    left_over: sp.Basic | None

    @property
    def follows(self):
        """True if the step follows from those before it."""
        return self.left_over is None

    def __repr__(self):
        return page.verdict(self, page.text)

    def _repr_markdown_(self):
        return page.verdict(self, lambda expression: f"${page.latex(expression)}$")
