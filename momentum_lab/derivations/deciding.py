"""Whether a claim follows: what is left of it once everything known is put in."""

import sympy as sp


class DerivationError(ValueError):
    """A step that does not follow; the message names it and what is left over."""


def remainders(step, before):
    """Yield what must be zero (for an inequality: positive) for a claim to follow from the steps before it."""
    # What was shown for certain values only may be used for the same values only.
    usable = [s for s in before if not s.where or s.where == step.where]
    known = [sp.Eq(_bind(e.lhs), _bind(e.rhs), evaluate=False) for s in usable if isinstance(e := s.equation, sp.Eq)]
    left, right = (_bind(side) for side in _sides(step.equation))
    if left == right:
        raise DerivationError(f"The step {step.title!r} says nothing: its two sides are the same.")
    if left.has(sp.Integral, sp.Product) or right.has(sp.Integral, sp.Product):
        raise DerivationError(f"The step {step.title!r} holds an integral or a product, which nothing here can decide.")
    _respect_assumptions(step)
    _stay_within(step, before)
    if step.over is not None:
        yield from _by_induction(left, right, step, known)
    elif isinstance(right, sp.Expr) and right.getO() is not None:
        yield from _as_series(left, right, step, known)
    else:
        yield _put(left - right, known, step.where)


def _as_series(left, right, step, known):
    """Yield the difference to the series, up to the order that is printed, from either side of 0."""
    order = right.getO()
    if len(order.variables) != 1 or order.point != (0,) or order.variables[0] in step.where:
        raise DerivationError(f"The step {step.title!r} needs a series in one letter at 0.")
    x = order.variables[0]
    function, terms = _put(left, known, step.where), _put(right.removeO(), known, step.where)
    for side in ("+",) if x.is_positive else ("+", "-"):
        yield sp.series(function, x, 0, sp.degree(order.expr, x), dir=side).removeO() - terms


def holds(equation, left_over):
    """True if what is left over is zero, or positive for an inequality; what cannot be decided is not."""
    return is_zero(left_over) if isinstance(equation, sp.Eq) else is_positive(left_over)


def _sides(equation):
    """Return the two sides; of an inequality the larger one first."""
    return (equation.lhs, equation.rhs) if isinstance(equation, sp.Eq) else (equation.gts, equation.lts)


def _put(expression, known, where):
    """Put in what is known, then the values; doing a derivative or a determinant may bring up more that is known."""
    expression = settle(rewrite(expression, known).subs(list(where.items())))
    return settle(rewrite(expression, known).subs(list(where.items())))


def _respect_assumptions(step):
    """A positive letter must not get a value that is not, nor a whole number one that is none."""
    values = list(step.where.items())
    for i, (letter, value) in enumerate(values):
        final = sp.sympify(value).subs(values[i + 1 :])
        for kind in ("positive", "nonnegative", "real", "integer", "nonzero"):
            fits = getattr(final, f"is_{kind}") or (kind != "integer" and is_positive(final))
            if getattr(letter, f"is_{kind}") and not fits:
                raise DerivationError(f"The step {step.title!r} puts {final} in for {letter}, which is {kind}.")


def _stay_within(step, before):
    """The values put in must obey the inequalities that were given, and the equations that fix their letters."""
    values = list(step.where.items())
    for given in before:
        if not given.premise or not given.equation.free_symbols & step.where.keys():
            continue
        left, right = _sides(given.equation)
        if isinstance(given.equation, sp.Eq):
            # An equation for another letter only says what that letter stands for.
            allowed = not left.free_symbols <= step.where.keys() or is_zero((left - right).subs(values))
        else:
            allowed = is_positive((left - right).subs(values))
        if not allowed:
            raise DerivationError(f"The step {step.title!r} puts in values that {given.title!r} does not allow.")


_BOUND = {}


def _bind(expression):
    """Rename the letter that a sum or a place runs over, so that nothing known about that letter gets in.

    A limit keeps its letter: what depends on it moves with it.
    """

    def rename(node):
        letters = [limit[0] for limit in node.limits] if isinstance(node, sp.Sum) else node.args[1]
        letters = letters if isinstance(letters, list | tuple | sp.Tuple) else [letters]
        return node.xreplace({letter: _BOUND.setdefault(letter, letter.as_dummy()) for letter in letters})

    return expression.replace(lambda e: isinstance(e, sp.Sum | sp.Subs), rename)


# ------------------------------------------------------------------ what is known


def _by_induction(left, right, step, known):
    """Yield the first cases and the step from the indices before to the next one."""
    n = step.over
    if not (isinstance(step.equation, sp.Eq) and n.is_integer and n.is_nonnegative):
        raise DerivationError(f"The step {step.title!r} needs an equation over a whole number from 0 on.")
    recurrence = {equation.lhs: equation.rhs for equation in known if _is_at(equation.lhs, n)}
    reach = _reach(recurrence.get(left, sp.Integer(0)), left, n)
    for first in range(reach):
        yield settle(rewrite((left - right).subs(n, first), known))
    # A sequence is carried on by its recurrence, a sum by one term more.
    grown = recurrence.get(left) or settle(left - left.subs(n, n - 1)) + left.subs(n, n - 1)
    before = {left.subs(n, n - lag): right.subs(n, n - lag) for lag in range(1, reach + 1)}
    # The right side may hold other sequences, each carried on by its own recurrence.
    carried = right.xreplace({term: value for term, value in recurrence.items() if term != left})
    # From n + reach on, so that no index lies before the start.
    yield settle(rewrite((grown.xreplace(before) - carried).subs(n, n + reach), known))


def _is_at(term, n):
    return isinstance(term, sp.Indexed) and term.indices[0] == n


def _reach(value, left, n):
    """Return how many indices back a recurrence looks, at least one."""
    if not isinstance(left, sp.Indexed):
        return 1
    lags = [n - term.indices[0] for term in value.atoms(sp.Indexed) if term.base == left.base]
    return max([1, *lags])


def rewrite(expression, known):
    """Replace every term that a known equation gives by what it gives.

    Single values such as c[0] come first, where a sequence starts; then the newest equation first.
    """
    newest_first = known[::-1]
    ordered = [e for e in newest_first if _is_value(e.lhs)] + [e for e in newest_first if not _is_value(e.lhs)]
    for _ in range(100):
        before = expression
        for equation in ordered:
            expression = expression.xreplace(_instances(equation, expression))
        if expression == before:
            return expression
    raise DerivationError(f"Replacing known terms does not come to an end at {expression}.")


def _is_value(left):
    return isinstance(left, sp.Indexed) and left.indices[0].is_number


def _instances(equation, expression):
    """Return what an equation says about the terms of an expression: {term: its value}.

    An equation for v[n] holds at every index from 0 on.  One that gives v[n] by v[n - 1] would never
    end at a symbol, so it is used at numbers only, where it ends at the first term.
    """
    left, right = equation.lhs, equation.rhs
    if not isinstance(left, sp.Indexed) or not left.indices[0].is_Symbol:
        return {left: right}
    if len(left.indices) != 1:
        raise DerivationError(f"A sequence has one index here; {left} has more.")
    index = left.indices[0]
    is_recurrence = any(term.base == left.base for term in right.atoms(sp.Indexed))
    found = {}
    for term in expression.atoms(sp.Indexed):
        at = term.indices[0]
        if term.base == left.base and at.is_nonnegative and (at.is_number or not is_recurrence):
            found[term] = right.subs(index, at)
    return found


# ------------------------------------------------------------------ sums, limits, derivatives, determinants


def settle(expression):
    """Put in values, take limits, derivatives and determinants, and write sums so that equal ones look equal.

    A sum whose terms depend on its end, such as g[t - k] for k from 0 to t, is counted from the other
    end; factors that do not depend on the index come out; sums of the same terms end at the same place.
    """
    if isinstance(expression, sp.MatrixExpr):
        expression = expression.doit()
    for kind in (sp.Subs, sp.Determinant, sp.Derivative):
        expression = expression.replace(lambda e, kind=kind: isinstance(e, kind), lambda e: e.doit())
    expression = expression.replace(lambda e: isinstance(e, sp.Limit), _limit)
    expression = expression.replace(lambda e: isinstance(e, sp.Sum), _tidy_sum)
    sums = {}
    for total in expression.atoms(sp.Sum):
        sums.setdefault((total.function, total.limits[0][1]), []).append(total)
    for same in sums.values():
        shortest = min(same, key=lambda total: sp.expand(total.limits[0][2] - same[0].limits[0][2]))
        expression = expression.xreplace({total: _open(total, shortest) for total in same})
    return expression


def _limit(limit):
    """Take a limit, and do not trust it: SymPy's can be wrong, so numbers far out must be near it."""
    function, variable, goal, _ = limit.args
    value = limit.doit()
    far = sp.Integer(10) ** 6 if goal == sp.oo else goal - sp.Rational(1, 10**6)
    if goal == 0:
        far = sp.Rational(1, 10**6)
    places = sorted((function.free_symbols | value.free_symbols) - {variable}, key=str)
    numbers = {symbol: sp.Rational(3 + i, 5) for i, symbol in enumerate(places)}
    gap = sp.N(function.subs(variable, far).subs(numbers), 20) - sp.N(value.subs(numbers), 20)
    if not (gap.is_number and abs(gap) < 1e-3):
        raise DerivationError(f"SymPy takes {limit} for {value}, but at {variable} = {far} the two are {gap} apart.")
    return value


def _tidy_sum(total):
    if len(total.limits) != 1:
        raise DerivationError(f"A sum runs over one index here; {total} has more.")
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
    if isinstance(expression, sp.MatrixBase):
        return all(is_zero(entry) for entry in expression)
    # A sum that is still there is a quantity by itself; as a plain symbol it is quicker to handle.
    expression = expression.xreplace({total: sp.Dummy() for total in expression.atoms(sp.Sum)})
    expression = _split_powers(expression)
    waves = expression.has(sp.I) and expression.has(sp.sin, sp.cos)
    expression = expression.rewrite(sp.exp) if waves else expression
    expanded = sp.expand(expression, power_exp=True)
    if expanded == 0 or sp.simplify(sp.together(expanded)) == 0:
        return True
    # A square under a root is seen as one only in factors; half angles cancel as powers of exp(i theta / 2).
    if expression.has(sp.cot):
        return sp.cancel(sp.together(sp.expand(expression.rewrite(sp.exp)))) == 0
    return sp.simplify(sp.factor(expanded, deep=True)) == 0


def _split_powers(expression):
    """Write z**(t + 2), for a complex number z, as a quantity by itself times z**2."""
    names = {}

    def split(power):
        fixed, rest = power.exp.as_independent(*power.exp.free_symbols, as_Add=True)
        return names.setdefault((power.base, rest), sp.Dummy()) * power.base**fixed

    return expression.replace(
        lambda e: e.is_Pow and e.base.is_number and e.base.has(sp.I) and e.exp.free_symbols, split
    )


def is_positive(expression):
    """True if an expression, with its numerator and denominator multiplied out or in factors, is plainly positive.

    Plainly: a sum of positive terms in symbols that are positive.  That is why `where` puts in such symbols.
    """
    together = sp.together(expression)
    if together.is_positive or sp.factor(together).is_positive:
        return True
    top, bottom = (sp.expand(part) for part in sp.fraction(sp.cancel(together)))
    return bool((top.is_positive and bottom.is_positive) or (top.is_negative and bottom.is_negative))
