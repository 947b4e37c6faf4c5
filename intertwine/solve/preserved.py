"""Preserved sets: zeros or the domain on a half-line, seen to keep away from one end."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.calculus.core import reflected
from intertwine.calculus.enclosure import Unclear
from intertwine.calculus.ranges import range_of
from intertwine.solve.witness import Sampler
from intertwine.terms import Term


@dataclass(frozen=True)
class PreservedSet:
    """``s`` has no zero towards an end of ``side * (0, oo)`` (beyond ``bound``), but one at ``side * point``."""

    side: int
    end: str
    bound: Fraction
    point: Fraction
    set: str = "zeros"


def preserved_set(core: Term, sampler: Sampler, side: int, points: list[Fraction]) -> PreservedSet | None:
    """Zeros on a half-line that are bounded, or bounded away from 0: then 1 is the only positive scaling.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> s = apply("floor", apply("log", X))
    >>> preserved_set(s, Sampler(s), 1, [Fraction(1), Fraction(2)]).end
    '0'
    """
    zeros = [p for p in points if p * side > 0 and _is_zero(sampler.at(p, 160))]
    if not zeros:
        return None
    positive = core if side > 0 else reflected(core)
    for end, low, high in (
        ("0", Fraction(0), Fraction(1, 16)), ("0", Fraction(0), Fraction(1, 2**40)),
        ("oo", Fraction(16), None), ("oo", Fraction(2**40), None),
    ):  # fmt: skip
        try:
            r = range_of(positive, low, high)
        except (Unclear, ValueError):
            continue
        if r.total and r.sign in (1, -1):
            return PreservedSet(side, end, high if high is not None else low, abs(zeros[0]))
    return None


def _is_zero(v: object) -> bool:
    return isinstance(v, arb) and bool(v == 0)
