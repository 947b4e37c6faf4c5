"""Intervals of the extended real line with ``arb`` ends that may be open, and their arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.calculus.enclosure import ball

INF, NEG_INF = arb.pos_inf(), arb.neg_inf()


@dataclass(frozen=True)
class Range:
    """Values lie between ``lo`` and ``hi``, not at an end that is open.

    ``total`` says that the term is proved to be defined on the whole interval.
    """

    lo: arb
    hi: arb
    lo_open: bool = False
    hi_open: bool = False
    total: bool = True

    @property
    def sign(self) -> int | None:
        """1, -1 or 0 when the sign is the same at every point, else None."""
        if self.lo > 0 or (self.lo_open and self.lo >= 0):
            return 1
        if self.hi < 0 or (self.hi_open and self.hi <= 0):
            return -1
        if self.lo == 0 and self.hi == 0:
            return 0
        return None

    @property
    def bounded(self) -> bool:
        """Whether both ends are finite."""
        return bool(self.lo.is_finite()) and bool(self.hi.is_finite())

    @property
    def nonnegative(self) -> bool:
        """Whether no value is negative."""
        return bool(self.lo >= 0)


def make_range(lo: arb, hi: arb, lo_open: bool = False, hi_open: bool = False, total: bool = True) -> Range:
    """A range with exact ends; rounding outwards makes an end open, unknown ends are infinite."""
    low = NEG_INF if lo.is_nan() else lo if not lo.is_finite() else lo.lower()
    high = INF if hi.is_nan() else hi if not hi.is_finite() else hi.upper()
    return Range(low, high, lo_open, hi_open, total)


def interval(low: Fraction | None, high: Fraction | None) -> Range:
    """The open interval from ``low`` to ``high`` (None: unbounded) as the range of ``x``."""
    lo, hi = NEG_INF if low is None else ball(low), INF if high is None else ball(high)
    proper = low is None or high is None or low < high  # otherwise a single point, which is attained
    return make_range(lo, hi, proper, proper)


def whole_line(total: bool = False) -> Range:
    """Every real number."""
    return Range(NEG_INF, INF, False, False, total)


def join(a: Range, b: Range) -> Range:
    """The smallest range that contains both."""
    lo_open = a.lo_open if a.lo < b.lo else b.lo_open if b.lo < a.lo else a.lo_open and b.lo_open
    hi_open = a.hi_open if a.hi > b.hi else b.hi_open if b.hi > a.hi else a.hi_open and b.hi_open
    return Range(a.lo.min(b.lo), a.hi.max(b.hi), lo_open, hi_open, a.total and b.total)


def negated(a: Range) -> Range:
    """The negatives."""
    return Range(-a.hi, -a.lo, a.hi_open, a.lo_open, a.total)


def _bound(a: arb, b: arb) -> arb:
    """A product of endpoints, with 0 times infinity being 0."""
    if (a == 0 and not b.is_finite()) or (b == 0 and not a.is_finite()):
        return arb(0)
    return a * b


def times(a: Range, b: Range) -> Range:
    """Products of two independent values."""
    if (a.lo == 0 and a.hi == 0) or (b.lo == 0 and b.hi == 0):
        return Range(arb(0), arb(0), False, False, a.total and b.total)
    if a.hi <= 0 and b.hi <= 0:
        return times(negated(a), negated(b))
    if a.hi <= 0 or b.hi <= 0:
        return negated(times(negated(a), b) if a.hi <= 0 else times(a, negated(b)))
    total = a.total and b.total
    if a.nonnegative and b.nonnegative:
        lo_open = (a.lo_open and b.sign == 1) or (b.lo_open and a.sign == 1)
        return make_range(_bound(a.lo, b.lo), _bound(a.hi, b.hi), lo_open, a.hi_open or b.hi_open, total)
    corners = [_bound(x, y) for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
    lo, hi = corners[0], corners[0]
    for c in corners[1:]:
        lo, hi = lo.min(c), hi.max(c)
    return make_range(lo, hi, False, False, total)


def magnitude(a: Range) -> Range:
    """The range of the absolute value."""
    if a.nonnegative:
        return a
    if a.hi <= 0:
        return negated(a)
    joined = join(a, negated(a))
    return Range(arb(0), joined.hi, False, joined.hi_open, a.total)


def square(a: Range) -> Range:
    """The range of the square."""
    m = magnitude(a)
    return make_range(_bound(m.lo, m.lo), _bound(m.hi, m.hi), m.lo_open, m.hi_open, a.total)


def real_power(v: arb, r: Fraction) -> arb:
    """``v**r`` for an end ``v >= 0``, with limits at 0 and infinity."""
    if v == 0:
        return arb(0) if r > 0 else INF
    if not v.is_finite():
        return INF if r > 0 else arb(0)
    return v ** ball(r) if abs(r) < 2**16 else (v.log() * ball(r)).exp()


def integer_power(u: Range, n: int, total: bool) -> Range:
    """Integer powers; negative ones where the base is not 0."""
    if n == 0:
        return make_range(arb(1), arb(1), False, False, total)
    if n < 0:
        return _reciprocal(integer_power(u, -n, total), n % 2 == 0)
    if n % 2 == 0:
        m = magnitude(u)
        lo, hi = real_power(m.lo, Fraction(n)), real_power(m.hi, Fraction(n))
        return make_range(lo, hi, m.lo_open, m.hi_open, total)
    ends = [real_power(abs(v), Fraction(n)) for v in (u.lo, u.hi)]
    lo = ends[0] if u.lo >= 0 else -ends[0]
    hi = ends[1] if u.hi >= 0 else -ends[1]
    return make_range(lo, hi, u.lo_open, u.hi_open, total)


def _reciprocal(p: Range, positive: bool) -> Range:
    if p.sign == 1 or (positive and p.nonnegative and p.hi > 0):
        lo = 1 / p.hi if p.hi.is_finite() else arb(0)
        hi = INF if p.lo <= 0 or not p.lo.is_finite() else 1 / p.lo
        return make_range(lo, hi, p.hi_open or not p.hi.is_finite(), p.lo_open, p.total and p.sign == 1)
    if p.sign == -1:
        return negated(_reciprocal(negated(p), False))
    return whole_line()


def maximum(args: list[Range], total: bool) -> Range:
    """The larger of several values."""
    lo, hi = args[0].lo, args[0].hi
    for a in args[1:]:
        lo, hi = lo.max(a.lo), hi.max(a.hi)
    lo_open = any(a.lo_open and a.lo >= lo for a in args)
    hi_open = all(a.hi_open or a.hi < hi for a in args)
    return make_range(lo, hi, lo_open, hi_open, total)
