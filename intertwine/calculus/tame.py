"""Is a term definable in an o-minimal structure, everywhere or near one end of a half-line?

Terms built from algebraic operations, exp, log and the functions below are definable in
the Pfaffian closure of the reals with restricted analytic functions (Speissegger 1999)
wherever the arguments of the oscillating ones stay in the stated range:

========================================  ===========================================
function                                  definable where the argument is
========================================  ===========================================
sin, cos, tan, sinc, floor, Si, fresnel   bounded
besselj, bessely, Ci                      bounded
gamma, airyai, airybi                     bounded below
all others of the core                    anywhere
========================================  ===========================================

An analytic function on a bounded range is a restricted analytic function; gamma on
``[a, oo)`` is definable by van den Dries and Speissegger (2000); Airy functions and
``besseli`` satisfy Riccati equations without poles on the stated range, so they are
Pfaffian there; erf, LambertW, loggamma (of a positive argument) likewise.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.enclosure import precision
from intertwine.calculus.intervals import Range, interval
from intertwine.calculus.ranges import BITS, Ranger
from intertwine.terms import Term
from intertwine.terms.term import CONDITIONS

BOUNDED = frozenset({"sin", "cos", "tan", "sinc", "floor", "Si", "fresnels", "fresnelc", "besselj", "bessely", "Ci"})
BOUNDED_BELOW = frozenset({"gamma", "airyai", "airybi"})
ANYWHERE = frozenset({
    "x", "num", "pi", "E", "add", "mul", "pow", "piecewise", "exp", "log", "asin", "atan", "sinh", "cosh", "tanh",
    "asinh", "acosh", "atanh", "erf", "loggamma", "LambertW", "besseli", "Abs", "sign", "Max", "cbrt",
}) | CONDITIONS

#: The intervals that stand for each end, tried in turn.
ENDS: dict[str, tuple[tuple[Fraction | None, Fraction | None], ...]] = {
    "everywhere": ((None, None),),
    "0+": ((Fraction(0), Fraction(1, 16)), (Fraction(0), Fraction(1, 2**40)), (Fraction(0), Fraction(1, 2**400))),
    "0-": ((Fraction(-1, 16), Fraction(0)), (Fraction(-1, 2**40), Fraction(0)), (Fraction(-1, 2**400), Fraction(0))),
    "oo": ((Fraction(16), None), (Fraction(2**40), None), (Fraction(2**400), None)),
    "-oo": ((None, Fraction(-16)), (None, Fraction(-(2**40))), (None, Fraction(-(2**400)))),
}


@dataclass(frozen=True)
class Tame:
    """A proof that a term is definable on an interval: the sensitive subterms and their arguments' ranges."""

    end: str
    low: Fraction | None
    high: Fraction | None
    reasons: tuple[tuple[Term, str], ...]


def sensitive(term: Term) -> list[Term]:
    """The subterms that are definable only on part of their domain."""
    return [t for t in term.walk() if t.has_x and t.op not in ANYWHERE]


def tame(term: Term, end: str) -> Tame | None:
    """A proof that the core term is definable at the given end, or None.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> tame(apply("sin", X), "everywhere") is None, tame(apply("sin", X), "0+").high
    (True, Fraction(1, 16))
    """
    nodes = sensitive(term)
    for low, high in ENDS[end]:
        reasons = _reasons(nodes, low, high)
        if reasons is not None:
            return Tame(end, low, high, reasons)
    return None


def _reasons(nodes: list[Term], low: Fraction | None, high: Fraction | None) -> tuple[tuple[Term, str], ...] | None:
    reasons: list[tuple[Term, str]] = []
    with precision(BITS):
        ranger = Ranger(interval(low, high))
        for node in nodes:
            argument: Range = ranger.of(node.args[-1])
            ok = argument.bounded if node.op not in BOUNDED_BELOW else bool(argument.lo.is_finite())
            if not ok:
                return None
            reasons.append((node, f"{float(argument.lo):.3g} .. {float(argument.hi):.3g}"))
    return tuple(reasons)
