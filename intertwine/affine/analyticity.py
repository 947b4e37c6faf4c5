"""Where a smooth term is defined and analytic."""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from intertwine.affine.subject import BREAKS
from intertwine.calculus.enclosure import Unclear, precision
from intertwine.calculus.intervals import Range, interval
from intertwine.calculus.ranges import BITS, Ranger
from intertwine.terms import Term

ENTIRE = frozenset({
    "add", "mul", "exp", "sin", "cos", "sinh", "cosh", "tanh", "sinc", "erf", "atan", "asinh", "airyai", "airybi", "Si",
    "fresnels", "fresnelc",
})  # fmt: skip
POSITIVE = frozenset({"log", "loggamma", "gamma", "digamma", "Ci", "bessely"})


def analytic_on(term: Term, low: Fraction | None, high: Fraction | None) -> bool:
    """Whether a term is defined and analytic at every point of an open interval: a proof.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> analytic_on(apply("log", 1 + X**2), None, None)
    True
    >>> analytic_on(1 / X, Fraction(0), None), analytic_on(1 / X, None, None)
    (True, False)
    """
    if any(t.op in BREAKS and t.has_x for t in term.walk()):
        return False
    try:
        with precision(BITS):
            ranger = Ranger(interval(low, high))
            return all(_analytic(t, ranger) for t in term.walk() if t.has_x and t.op != "x") and (
                term.has_x or ranger.of(term).total
            )
    except (Unclear, ValueError):
        return False


def _analytic(t: Term, ranger: Ranger) -> bool:
    """Whether one operation is analytic at every value of its arguments."""
    if t.op in ENTIRE:
        return all(a.has_x or ranger.of(a).total for a in t.args)
    if t.op == "pow":
        base, r = ranger.of(t.args[0]), t.args[1].value
        if r is not None and r.denominator == 1:
            return r >= 0 or base.sign in (1, -1)
        return base.sign == 1
    u: Range = ranger.of(t.args[-1])
    if t.op in POSITIVE:
        return u.sign == 1
    if t.op in ("besselj", "besseli"):
        nu = t.args[0].value
        return nu is not None and (nu.denominator == 1 or u.sign == 1)
    if t.op == "cbrt":
        return u.sign in (1, -1)
    if t.op in ("asin", "atanh"):
        return bool(u.lo > -1 or (u.lo >= -1 and u.lo_open)) and bool(u.hi < 1 or (u.hi <= 1 and u.hi_open))
    if t.op == "acosh":
        return bool(u.lo > 1 or (u.lo >= 1 and u.lo_open))
    if t.op == "LambertW":
        return bool(u.lo > arb(-36) / 100)
    return False
