"""A derivation is a list of equations, and every one of them is checked before it is shown.

A step is a premise (what the method does, or what is put in) or a claim.  A claim may use the premises
and the claims before it, and nothing else.  It holds if the difference of its two sides simplifies to
zero; what SymPy cannot decide does not hold.  The same object is checked and displayed, so a formula on
the page cannot differ from the one that was proved.
"""

from dataclasses import dataclass, field

import sympy as sp
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

from momentum_lab.slips import Slip


class DerivationError(ValueError):
    """A step that does not follow; the message names it and what is left over."""


def equal(left, right):
    """Return the equation of two sides, as they were written."""
    return sp.Eq(left, right, evaluate=False)


@dataclass(frozen=True)
class Step:
    """One equation of a derivation.

    Attributes
    ----------
    title : str
        What the step says, in a few words; unique within a derivation.
    equation : sympy.Eq
        The equation itself.
    reason : str
        Why it holds, in a sentence.
    premise : bool
        True for what is put in, False for what is shown.
    where : dict
        Values put in for symbols before the check.  {beta: exp(-s)} with a positive s is how SymPy is
        told that 0 < beta < 1.
    over : sympy.Symbol or None
        Show the claim by induction over this whole number: it holds at 0, and from one to the next.
    """

    title: str
    equation: sp.Eq
    reason: str
    premise: bool = False
    where: dict = field(default_factory=dict)
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

    def verify(self):
        """Check every claim and return the derivation.

        Raises
        ------
        DerivationError
            At the first claim that does not follow.
        """
        known = []
        for number, step in enumerate(self.steps, 1):
            if not step.premise:
                for left_over in remainders(step, known):
                    if not is_zero(left_over):
                        raise DerivationError(
                            f"{self.title}, step {number} ({step.title}) does not follow: {left_over} is left over."
                        )
            known.append(step.equation)
        return self

    def step(self, title):
        """Return the step of that title."""
        for step in self.steps:
            if step.title == title:
                return step
        raise Slip(f"{self.title} has no step {title!r}; it has {', '.join(s.title for s in self.steps)}.")

    def fold(self, *titles):
        """Return the derivation with these steps folded away."""
        return Derivation(self.title, self.steps, tuple(self.step(t).title for t in titles), self.blank)

    def with_blank(self, title):
        """Return the derivation with the right-hand side of one step left out."""
        return Derivation(self.title, self.steps, self.folded, self.step(title).title)

    # -------------------------------------------------------------- on the page

    def _repr_markdown_(self):
        self.verify()
        shown, folded = [], []
        for number, step in enumerate(self.steps, 1):
            kind = "Given" if step.premise else "Shown"
            formula = self._formula(step, _latex, r"\;?")
            text = f"{number}. **{step.title}.** *{kind}.* {step.reason}\n\n    $${formula}$$\n"
            (folded if step.title in self.folded else shown).append(text)
        page = f"**{self.title}**\n\n" + "\n".join(shown)
        if folded:
            count = f"{len(folded)} more" if len(folded) > 1 else "One more"
            page += f"\n<details><summary>{count}, for those who want to know</summary>\n\n" + "\n".join(folded)
            page += "\n</details>"
        return page

    def __repr__(self):
        lines = [
            f"{number}. {step.title}: {self._formula(step, _text, '?')}" for number, step in enumerate(self.steps, 1)
        ]
        return "\n".join([self.title, *lines])

    def _formula(self, step, write, gap):
        right = gap if step.title == self.blank else write(step.equation.rhs)
        return f"{write(step.equation.lhs)} = {right}"


class _Ordered:
    """Terms in the order people write them: t - 1, 1 - beta, the newest gradient first."""

    def _as_ordered_terms(self, expression, order=None):
        terms = super()._as_ordered_terms(expression, order="rev-lex")
        return sorted(terms, key=lambda term: term.could_extract_minus_sign())


class _Latex(_Ordered, LatexPrinter):
    pass


class _Text(_Ordered, StrPrinter):
    pass


def _latex(expression):
    return _Latex({"ln_notation": True}).doprint(expression)


def _text(expression):
    return _Text().doprint(expression).replace(", dir='-'", "")


# ------------------------------------------------------------------ what is left of a claim


def remainders(step, known):
    """Yield the expressions that must be zero for a claim to follow from what is known."""
    left, right, n = step.equation.lhs, step.equation.rhs, step.over
    if n is None:
        yield settle(rewrite(left - right, known).subs(step.where))
        return
    yield settle(rewrite((left - right).subs(n, 0), known))
    # From n - 1 to n: one term more, and the claim at n - 1 may be used.
    before = {left.subs(n, n - 1): right.subs(n, n - 1)}
    grown = settle(left - left.subs(n, n - 1)) + left.subs(n, n - 1)
    for equation in known:
        if equation.lhs == left:
            grown = equation.rhs
    yield settle(rewrite(grown.xreplace(before) - right, known))


def rewrite(expression, known):
    """Replace every term that a known equation gives by what it gives, the newest equation first."""
    for _ in range(100):
        before = expression
        for equation in reversed(known):
            expression = expression.xreplace(_instances(equation, expression))
        if expression == before:
            return expression
    raise DerivationError(f"Replacing known terms does not come to an end at {expression}.")


def _instances(equation, expression):
    """Return what an equation says about the terms of an expression: {term: its value}.

    An equation for v[n] holds at every index from 0 on.  One that gives v[n] by v[n - 1] would never
    end at a symbol, so it is used at numbers only, where it ends at the first term.
    """
    left, right = equation.lhs, equation.rhs
    if not isinstance(left, sp.Indexed) or not left.indices[0].is_Symbol:
        return {left: right}
    index = left.indices[0]
    is_recurrence = any(term.base == left.base for term in right.atoms(sp.Indexed))
    found = {}
    for term in expression.atoms(sp.Indexed):
        at = term.indices[0]
        if term.base == left.base and not at.is_negative and (at.is_number or not is_recurrence):
            found[term] = right.subs(index, at)
    return found


# ------------------------------------------------------------------ sums and limits


def settle(expression):
    """Take limits, and write sums so that equal ones look equal.

    A sum whose terms depend on its end, such as g[t - k] for k from 0 to t, is counted from the other
    end; factors that do not depend on the index come out; sums of the same terms end at the same place.
    """
    expression = expression.replace(lambda e: isinstance(e, sp.Limit), lambda e: e.doit())
    expression = expression.replace(lambda e: isinstance(e, sp.Sum), _tidy_sum)
    sums = {}
    for total in expression.atoms(sp.Sum):
        sums.setdefault((total.function, total.limits[0][1]), []).append(total)
    for same in sums.values():
        shortest = min(same, key=lambda total: sp.expand(total.limits[0][2] - same[0].limits[0][2]))
        expression = expression.xreplace({total: _open(total, shortest) for total in same})
    return expression


def _tidy_sum(total):
    index, low, high = total.limits[0]
    if sp.expand(high - low).is_number:
        return total.doit()
    function = total.function
    if low == 0 and function.free_symbols & high.free_symbols:
        function = function.subs(index, high - index)
    terms = sp.Add.make_args(sp.expand(function, power_exp=True))
    parts = [term.as_independent(index, as_Add=False) for term in terms]
    return sp.Add(*[outside * sp.Sum(inside, (index, low, high)) for outside, inside in parts])


def _open(total, shortest):
    """Write a sum as a shorter one and the terms that come after it."""
    index, _, high = total.limits[0]
    end = shortest.limits[0][2]
    extra = int(sp.expand(high - end))
    return shortest + sp.Add(*[total.function.subs(index, end + i) for i in range(1, extra + 1)])


# ------------------------------------------------------------------ deciding


def is_zero(expression):
    """True if SymPy shows that an expression is zero; what it cannot decide is not."""
    # A sum that is still there is a quantity by itself; as a plain symbol it is quicker to handle.
    expression = expression.xreplace({total: sp.Dummy() for total in expression.atoms(sp.Sum)})
    expression = expression.rewrite(sp.exp) if expression.has(sp.I) else expression
    expanded = sp.expand(expression, power_exp=True)
    return expanded == 0 or sp.simplify(sp.together(expanded)) == 0
