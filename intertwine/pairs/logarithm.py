"""Functions that are ``k*log|t| + m`` on each half-line: the scalings between two of them are known at once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.core import reflected
from intertwine.calculus.enclosure import UndefinedAt, sign_at
from intertwine.calculus.identity import prove_equal
from intertwine.pieces.locations import constant_sign
from intertwine.solve.halfline import undefined_throughout
from intertwine.terms import ONE, Term, X, apply, mul, num


@dataclass(frozen=True)
class Logarithm:
    """``slope*log(t) + constant`` on a half-line, proved."""

    slope: Term
    constant: Term


Halves = tuple[Logarithm | None, Logarithm | None]
"""On the right and on the left (as a function of ``|t|``); None: undefined there."""


def logarithms(core: Term) -> Halves | None:
    """The logarithms on the two half-lines, if the function is one where it is defined.

    Examples
    --------
    >>> logarithms(mul(num(3), apply("log", X / 2)))
    (Logarithm(slope=3, constant=-3*log(2)), None)
    """
    found = [_half(core), _half(reflected(core))]
    if "no" in found or found == [None, None]:
        return None
    right, left = (h if isinstance(h, Logarithm) else None for h in found)
    return right, left


def _half(positive: Term) -> Logarithm | str | None:
    try:
        sign_at(positive, Fraction(1))
    except UndefinedAt:
        return None if undefined_throughout(positive) else "no"
    constant = simplified(positive.subs(ONE))
    slope = simplified((positive.subs(num(2)) - constant) / apply("log", num(2)))
    if constant_sign(slope) not in (1, -1):
        return "no"
    model = mul(slope, apply("log", X)) + constant
    return Logarithm(slope, constant) if prove_equal(positive, model, fill=True) is not None else "no"


def between_logarithms(first: Halves, second: Halves, sign: int) -> Term | str | None:
    """``d`` of one sign with ``τ(dt) = bσ(t)``; "none" if there is none; None: not settled.

    ``k' log|d| + m' = b m`` with ``b = k'/k`` on every half-line.
    """
    found: list[tuple[Term, Term]] = []
    for here, there in zip(first, second if sign > 0 else second[::-1], strict=True):
        if (here is None) is not (there is None):
            return "none"
        if here is not None and there is not None:
            b = there.slope / here.slope
            found.append((simplified(b), simplified((b * here.constant - there.constant) / there.slope)))
    for b, size in found[1:]:
        same = constants_equal(b, found[0][0]), constants_equal(size, found[0][1])
        if False in same:
            return "none"
        if None in same:
            return None
    return mul(num(sign), simplified(apply("exp", found[0][1])))
