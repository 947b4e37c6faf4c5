"""Derivatives of plain terms.

The derivative ``D(t)`` of a term is defined only at points near which ``t`` is analytic by its form: inside the domain
of every part, off every kink and step, and where each comparison of a case distinction has two different sides that are
analytic themselves.  There it is the derivative.  So its domain is an open set, part of the canonical
set on which the function is analytic, and what is proved at its points is true of the function itself.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from intertwine.certificates.analysis.clock import TooHard, tick
from intertwine.certificates.analysis.plain import BESSEL, flip, minus, over
from intertwine.terms import ONE, PI, TRUE, ZERO, Term, add, apply, mul, num, piecewise, power
from intertwine.terms.term import RELATIONS

LARGEST = 40_000  # nodes of a derivative, counted with repetition


def where(value: Term, condition: Term) -> Term:
    """A term on the points where a condition holds, and undefined elsewhere."""
    return piecewise((value, condition))


def _positive(u: Term) -> Term:
    return apply("lt", ZERO, u)


def _root(u: Term) -> Term:
    return power(u, num(1, 2))


def _square(u: Term) -> Term:
    return power(u, num(2))


def _inside(u: Term) -> Term:
    return apply("and", apply("lt", num(-1), u), apply("lt", u, ONE))


# The derivative by the argument, on the inner points of the domain.
_RULES: dict[str, Callable[[Term], Term]] = {
    "exp": lambda u: apply("exp", u),
    "log": lambda u: where(over(u), _positive(u)),
    "sin": lambda u: apply("cos", u),
    "cos": lambda u: flip(apply("sin", u)),
    "asin": lambda u: where(over(_root(minus(ONE, _square(u)))), _inside(u)),
    "atan": lambda u: over(ONE + _square(u)),
    "sinh": lambda u: apply("cosh", u),
    "cosh": lambda u: apply("sinh", u),
    "tanh": lambda u: minus(ONE, _square(apply("tanh", u))),
    "asinh": lambda u: over(_root(ONE + _square(u))),
    "acosh": lambda u: where(over(_root(minus(_square(u), ONE))), apply("lt", ONE, u)),
    "atanh": lambda u: where(over(minus(ONE, _square(u))), _inside(u)),
    "erf": lambda u: num(2) * over(_root(PI)) * apply("exp", flip(_square(u))),
    "gamma": lambda u: apply("gamma", u) * apply("digamma", u),
    "loggamma": lambda u: where(apply("digamma", u), _positive(u)),
    "digamma": lambda u: apply("trigamma", u),
    "LambertW": lambda u: where(
        apply("exp", flip(apply("LambertW", u))) * over(ONE + apply("LambertW", u)),
        apply("lt", num(-1), apply("LambertW", u)),
    ),
    "airyai": lambda u: apply("airyaiprime", u),
    "airybi": lambda u: apply("airybiprime", u),
    "airyaiprime": lambda u: u * apply("airyai", u),
    "airybiprime": lambda u: u * apply("airybi", u),
    "Si": lambda u: apply("sin", u) * over(u),
    "Ci": lambda u: where(apply("cos", u) * over(u), _positive(u)),
    "fresnels": lambda u: apply("sin", num(1, 2) * PI * _square(u)),
    "fresnelc": lambda u: apply("cos", num(1, 2) * PI * _square(u)),
    "Abs": lambda u: apply("Abs", u) * over(u),
    "floor": lambda u: ZERO * over(apply("sin", PI * u)),
}


def derivative(t: Term) -> Term:
    """``D(t)``.

    Raises
    ------
    TooHard
        There is no rule, or the derivative is too large.

    Examples
    --------
    >>> from intertwine.terms import X
    >>> derivative(apply("exp", 2 * X)), derivative(apply("Abs", X))
    (2*exp(2*x), Abs(x)/x)
    """
    memo: dict[Term, Term] = {}
    for node in t.walk():
        tick()
        if not node.is_condition:
            memo[node] = _of(node, memo)
            if memo[node].size > LARGEST:
                raise TooHard("a derivative that is too large")
    return memo[t]


def _of(t: Term, memo: dict[Term, Term]) -> Term:
    if t.op == "x":
        return ONE
    if not t.has_x:
        return ZERO if not t.args else ZERO * t  # a constant may be undefined
    if t.op == "add":
        return add(*(memo[a] for a in t.args))
    if t.op == "mul":
        return add(*(mul(*t.args[:i], memo[a], *t.args[i + 1 :]) for i, a in enumerate(t.args) if a.value is None))
    if t.op == "pow":
        return _power(t, memo)
    if t.op == "piecewise":
        return _cases(t, memo)
    if t.op == "Max":
        return _largest(t, memo)
    if t.op in BESSEL:
        return _bessel(t, t.args[0].value) * memo[t.args[1]]
    rule = _RULES.get(t.op)
    if rule is None:
        raise TooHard(f"the derivative of {t.op}")
    return mul(rule(t.args[0]), memo[t.args[0]])


def _power(t: Term, memo: dict[Term, Term]) -> Term:
    u, e = t.args
    n = e.value
    if n is not None and n.denominator == 1:
        return mul(e, power(u, num(n - 1)), memo[u])
    if not e.has_x:
        return where(mul(e, power(u, minus(e, ONE) if n is None else num(n - 1)), memo[u]), _positive(u))
    return where(t * (memo[e] * apply("log", u) + e * memo[u] * over(u)), _positive(u))


def _steady(c: Term, memo: dict[Term, Term]) -> list[Term]:
    """Terms whose sum is zero where the condition does not change nearby, and undefined elsewhere."""
    if c.op in RELATIONS:
        left, right = c.args
        return [mul(ZERO, memo[left] + flip(memo[right]), over(minus(left, right)))]
    return [part for a in c.args for part in _steady(a, memo)]


def _cases(t: Term, memo: dict[Term, Term]) -> Term:
    steady: list[Term] = []
    branches: list[tuple[Term, Term]] = []
    for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
        steady = steady + [part for part in _steady(condition, memo) if part not in steady]
        branches.append((add(memo[value], *steady), condition))
    return piecewise(*branches)


def _largest(t: Term, memo: dict[Term, Term]) -> Term:
    branches: list[tuple[Term, Term]] = []
    for i, a in enumerate(t.args):
        others = t.args[:i] + t.args[i + 1 :]
        analytic = [ZERO * memo[b] for b in others if memo[b].value is None]
        above = [apply("lt", b, a) for b in others]
        condition = apply("and", *above) if len(above) > 1 else above[0] if above else TRUE
        branches.append((add(memo[a], *analytic), condition))
    return piecewise(*branches)


def _bessel(t: Term, order: Fraction | None) -> Term:
    if order is None:
        raise TooHard("the order of a Bessel function")
    name, u = t.op, t.args[1]
    way = ONE if name == "besseli" else num(-1)
    if order == 0:
        slope = way * apply(name, ONE, u)
    else:
        slope = num(1, 2) * (apply(name, num(order - 1), u) + way * apply(name, num(order + 1), u))
    return slope if order.denominator == 1 and name != "bessely" else where(slope, _positive(u))
