"""Where the centre of a reflection can be, by the values alone: a level that is reached on a bounded set only.

If ``s`` tends to the same limit ``L`` at both ends, a reflection in T preserves ``|s - L|``; if it tends to the same
infinity
at both ends, a reflection in T preserves ``s``.  So it preserves the points at which that is at least (at most) as
large as
at a given point, and if all of these lie in ``[low, high]``, so does the centre.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.affine.ends import far_out
from intertwine.affine.subject import Subject
from intertwine.calculus.asymptotics import FLAT, Asymptotic
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose, precision
from intertwine.calculus.intervals import Range
from intertwine.calculus.ranges import range_of
from intertwine.terms import ZERO, Term

REACHES = tuple(map(Fraction, (1, 2, 3, 4, 6, 8, 16, 64, 1024)))


@dataclass(frozen=True)
class Level:
    """Every reflection in T has its centre in ``[low, high]``.

    ``limit`` is the limit at both ends, and ``|s - limit|`` is larger at ``point`` than everywhere outside of the
    interval;
    or None: ``s`` tends to ``sign * oo`` at both ends, and ``sign * s`` is smaller at the point than outside.
    """

    low: Fraction
    high: Fraction
    point: Fraction
    limit: Term | None
    sign: int = 0


def level(subject: Subject) -> Level | None:
    """An interval for the centres, or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> level(Subject(parse_term("x**2 + Abs(sin(x - 1))"))).low
    Fraction(-3, 2)
    """
    right, left = (None if far is None else far.value for far in (far_out(subject, 1), far_out(subject, -1)))
    if right is None or left is None:
        return None
    sign = _infinite(right)
    if sign and sign == _infinite(left):
        return _outside(subject, None, sign)
    limit, other = _limit(right), _limit(left)
    if limit is not None and other is not None and constants_equal(limit, other) is True:
        return _outside(subject, limit, 0)
    return None


def _infinite(a: Asymptotic) -> int:
    if a.growth <= FLAT or a.wave != "constant" or a.lead is None:
        return 0
    try:
        v = enclose(a.lead, Fraction(2) ** 64, 128)
    except (Unclear, UndefinedAt):
        return 0
    return 1 if v > 0 else -1 if v < 0 else 0


def _limit(a: Asymptotic) -> Term | None:
    if a.growth < FLAT:
        return ZERO
    if a.growth == FLAT and a.wave == "constant" and a.lead is not None and not a.lead.has_x:
        return simplified(a.lead)
    return None


def _outside(subject: Subject, limit: Term | None, sign: int) -> Level | None:
    """A point whose value is not reached outside of an interval."""
    shifted = subject.core if limit is None else subject.core - limit
    known = [(t, v) for t, v in subject.sampler.values(subject.points, 160) if abs(t) <= 1024]
    if not known:
        return None
    with precision(160):
        away = arb(0) if limit is None else enclose(limit, Fraction(1), 160)

        def rank(pair: tuple[Fraction, arb]) -> float:
            return float((sign * pair[1] if sign else -abs(pair[1] - away)).mid())

        point, value = min(known, key=rank)
    for reach in REACHES:
        low, high = point - reach, point + reach
        if all(_smaller(_range(shifted, side, low, high), value - away, sign) for side in (1, -1)):
            return Level(low, high, point, limit, sign)
    return None


def _range(t: Term, side: int, low: Fraction, high: Fraction) -> Range | None:
    try:
        return range_of(t, high, None) if side > 0 else range_of(t, None, low)
    except (Unclear, ValueError):
        return None


def _smaller(r: Range | None, value: arb, sign: int) -> bool:
    """Whether the range stays away from the level of a point."""
    if r is None:
        return False
    with precision(160):
        if sign > 0:
            return bool(r.lo > value)
        if sign < 0:
            return bool(r.hi < value)
        return bool(r.hi < abs(value)) and bool(r.lo > -abs(value))
