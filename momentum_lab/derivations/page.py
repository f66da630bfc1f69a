"""How a derivation looks: Markdown with formulas in a notebook, plain lines in a terminal."""

import textwrap

import sympy as sp
from sympy.printing.latex import LatexPrinter
from sympy.printing.str import StrPrinter

WIDE = 76
"""A formula is broken into lines when it is wider than this many letters."""


def markdown(derivation):
    """Return the numbered list of steps, the folded ones at the end."""
    shown, folded = [], []
    for number, step in enumerate(derivation.steps, 1):
        formula = _formula_latex(step, step.title == derivation.blank)
        # No Markdown list: it would count anew where steps are folded away.
        entry = f"**{number}. {step.title}.** *{_kind(step)}.* {step.reason}\n\n$${formula}$$\n"
        (folded if step.title in derivation.folded else shown).append(entry)
    lines = f"**{derivation.title}**\n\n" + "\n".join(shown)
    if folded:
        count = f"{len(folded)} more" if len(folded) > 1 else "One more"
        lines += f"\n<details><summary>{count}, for those who want to know</summary>\n\n" + "\n".join(folded)
        lines += "\n</details>"
    return lines


def plain(derivation):
    """Return one line a step, broken where it is long."""
    lines = [derivation.title]
    for number, step in enumerate(derivation.steps, 1):
        right = "?" if step.title == derivation.blank else text(step.equation.rhs)
        said = f"{text(step.equation.lhs)} {_SIGNS[type(step.equation)][0]} {right}"
        line = f"{number}. {step.title} ({_kind(step).lower()}): {said}"
        lines += textwrap.wrap(line, 110, subsequent_indent="      ", break_long_words=False)
    return "\n".join(lines)


def _kind(step):
    if step.premise:
        return "Given"
    return f"Shown, for {step.when}" if step.when else "Shown"


def verdict(attempt, write):
    """Return a sentence about a reader's own step."""
    sign = _SIGNS[type(attempt.step.equation)][0]
    own = f"{write(attempt.step.equation.lhs)} {sign} {write(attempt.step.equation.rhs)}"
    if attempt.follows:
        return f"This follows: {own}."
    if isinstance(attempt.step.equation, sp.Eq):
        return f"This does not follow: {own}. Left minus right should be zero, and is {write(attempt.left_over)}."
    return f"This does not follow: {own}. The difference should be positive, and is {write(attempt.left_over)}."


def latex(expression):
    """Write an expression in LaTeX, terms in the order people write them."""
    return _Latex({"ln_notation": True}).doprint(expression)


def text(expression):
    """Write an expression on one line, terms in the order people write them."""
    return _Text().doprint(expression).replace(", dir='-'", "")


_SIGNS = {sp.Eq: ("=", "="), sp.StrictGreaterThan: (">", ">"), sp.StrictLessThan: ("<", "<")}


def _formula_latex(step, is_blank):
    sign = _SIGNS[type(step.equation)][1]
    left, right = step.equation.lhs, step.equation.rhs
    if is_blank:
        return rf"{latex(left)} {sign} \;?"
    if _width(left) + _width(right) <= WIDE:
        return f"{latex(left)} {sign} {latex(right)}"
    if _width(left) <= WIDE // 3:
        return rf"\begin{{aligned}}{latex(left)} {sign}{{}}& {_broken(right)}\end{{aligned}}"
    return rf"\begin{{aligned}}& {_broken(left)} \\ & {sign} {_broken(right)}\end{{aligned}}"


def _broken(expression):
    """Break a long sum before its terms; leave everything else whole."""
    if not isinstance(expression, sp.Add) or _width(expression) <= WIDE:
        return latex(expression)
    lines, width = [""], 0
    for term in _Latex()._as_ordered_terms(expression):
        written = latex(term)
        signed = written if written.lstrip().startswith("-") or not lines[0] else f"+ {written}"
        if width and width + _width(term) > WIDE:
            lines.append("")
            width = 0
        lines[-1] += f" {signed}"
        width += _width(term)
    return r" \\ & \quad ".join(line.strip() for line in lines)


def _width(expression):
    """Return how wide an expression is on the page, in letters: fractions stand one over the other."""
    drawn = sp.pretty(expression, use_unicode=True, wrap_line=False)
    return max(len(line) for line in drawn.splitlines())


class _Ordered:
    """Terms in the order people write them: t - 1, 1 - beta, the newest gradient first."""

    def _as_ordered_terms(self, expression, order=None):
        terms = super()._as_ordered_terms(expression, order="rev-lex")
        return sorted(terms, key=lambda term: (term.is_Order, term.could_extract_minus_sign()))


class _Latex(_Ordered, LatexPrinter):
    def _print_Symbol(self, symbol, **rest):
        """Words below a letter stand upright."""
        letter, _, below = symbol.name.partition("_")
        if len(below) > 1 and below.isalpha():
            return rf"{super()._print_Symbol(sp.Symbol(letter))}_{{\mathrm{{{below}}}}}"
        return super()._print_Symbol(symbol, **rest)

    def _print_Subs(self, subs):
        """An expression at a place, in brackets, so that it is plain what is meant."""
        expression, places, values = subs.args
        at = r" \\ ".join(f"{self._print(p)}={self._print(v)}" for p, v in zip(places, values, strict=True))
        return rf"\left.\left({self._print(expression)}\right)\right|_{{\substack{{{at}}}}}"


class _Text(_Ordered, StrPrinter):
    pass
