"""Where a term's values lie when ``x`` runs through an interval, possibly unbounded.

Interval arithmetic over the extended reals with ``arb`` endpoints.  A range remembers
whether an end is open, that is never attained (``exp(x)`` is never 0, ``tanh(x)`` never
1), and whether the term is defined at every point of the interval.
"""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from intertwine.calculus.enclosure import Unclear, ball, precision
from intertwine.calculus.function_ranges import function_range, monotone
from intertwine.calculus.intervals import (
    Range,
    integer_power,
    interval,
    join,
    make_range,
    maximum,
    negated,
    real_power,
    square,
    times,
    whole_line,
)
from intertwine.terms import Term

BITS = 96


def range_of(term: Term, low: Fraction | None, high: Fraction | None) -> Range:
    """A range of a core term over the open interval ``(low, high)``.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> r = range_of(1 + apply("exp", -X**2), None, None)
    >>> r.sign, r.bounded
    (1, True)
    """
    with precision(BITS):
        return Ranger(interval(low, high)).of(term)


class Ranger:
    """Ranges of core terms over one interval, shared subterms computed once."""

    def __init__(self, x: Range) -> None:
        self.x = x
        self.memo: dict[Term, Range] = {}

    def of(self, t: Term) -> Range:
        """The range of a subterm."""
        known = self.memo.get(t)
        if known is None:
            try:
                known = self._of(t)
            except Unclear:  # an end of an interval could not be evaluated
                known = whole_line()
            self.memo[t] = known
        return known

    def _of(self, t: Term) -> Range:
        if t.op == "x":
            return self.x
        if t.value is not None:
            v = ball(t.value)
            return make_range(v, v)
        if t.op == "pi":
            return make_range(arb.pi(), arb.pi())
        if t.op == "E":
            return make_range(arb.const_e(), arb.const_e())
        if t.op == "piecewise":
            return self._piecewise(t)
        args = [self.of(a) for a in t.args]
        total = all(a.total for a in args)
        if t.op == "add":
            return self._sum(args, total)
        if t.op == "mul":
            return self._product(t, args, total)
        if t.op == "pow":
            return self._power(t, args, total)
        if t.op == "Max":
            return maximum(args, total)
        return function_range(t, args[-1], total)

    def _sum(self, args: list[Range], total: bool) -> Range:
        lo, hi = arb(0), arb(0)
        for a in args:
            lo, hi = lo + a.lo, hi + a.hi
        return make_range(lo, hi, any(a.lo_open for a in args), any(a.hi_open for a in args), total)

    def _product(self, t: Term, args: list[Range], total: bool) -> Range:
        result = args[0]
        for previous, a in enumerate(args[1:]):
            # a square written as a product is no product of independent factors
            result = square(result) if len(args) == 2 and t.args[1] == t.args[previous] else times(result, a)
        return Range(result.lo, result.hi, result.lo_open, result.hi_open, total)

    def _power(self, t: Term, args: list[Range], total: bool) -> Range:
        u, r = args[0], t.args[1].value
        if r is not None and r.denominator == 1:
            return integer_power(u, int(r), total)
        if r is None and not t.args[1].has_x and not u.nonnegative and self._may_be_whole(args[1]):
            return whole_line()
        total = total and u.nonnegative
        clipped = u if u.nonnegative else Range(arb(0), u.hi.max(arb(0)), False, u.hi_open)
        if r is not None:
            if r < 0:
                total = total and u.sign == 1
                clipped = clipped if u.sign == 1 else Range(clipped.lo, clipped.hi, True, clipped.hi_open)
                lo, hi = real_power(clipped.hi, r), real_power(clipped.lo, r)
                return make_range(lo, hi, clipped.hi_open or not clipped.hi.is_finite(), clipped.lo_open, total)
            lo, hi = real_power(clipped.lo, r), real_power(clipped.hi, r)
            return make_range(lo, hi, clipped.lo_open, clipped.hi_open, total)
        exponent = args[1]
        if u.sign != 1 and not (u.nonnegative and exponent.sign == 1 and not t.args[1].has_x):
            total = False
        logarithm = monotone("log", clipped, True)
        power = monotone("exp", times(exponent, logarithm), True)
        return make_range(power.lo, power.hi, u.sign == 1 and bool(power.lo <= 0), False, total)

    def _may_be_whole(self, exponent: Range) -> bool:
        """Whether an integer may lie in the range of a constant exponent."""
        return not exponent.bounded or bool(exponent.lo.union(exponent.hi).contains_integer())

    def truth(self, c: Term) -> bool | None:
        """Whether a condition holds at every point, or at none, of the interval."""
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            inner = self.truth(c.args[0])
            return None if inner is None else not inner
        if c.op in ("and", "or"):
            values = [self.truth(a) for a in c.args]
            decisive = c.op == "or"
            if decisive in values:
                return decisive
            return None if None in values else not decisive
        a, b = self.of(c.args[0]), self.of(c.args[1])
        d = self._sum([a, negated(b)], True)
        if c.op in ("lt", "le"):
            if d.sign == -1 or (c.op == "le" and d.hi <= 0):
                return True
            if d.sign == 1 or (c.op == "lt" and d.nonnegative):
                return False
            return None
        if d.sign in (1, -1):
            return c.op == "ne"
        if d.sign == 0:
            return c.op == "eq"
        return None

    def _condition_total(self, c: Term) -> bool:
        """Whether a condition is defined everywhere."""
        if c.op in ("and", "or", "not"):
            return all(self._condition_total(a) for a in c.args)
        return all(self.of(a).total for a in c.args)

    def _piecewise(self, t: Term) -> Range:
        parts: list[Range] = []
        total = False
        decided = True  # every condition so far is defined everywhere
        for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
            holds = self.truth(condition)
            decided = decided and self._condition_total(condition)
            if holds is False:
                continue
            parts.append(self.of(value))
            if holds is True:
                total = decided and all(p.total for p in parts)
                break
        if not parts:
            return Range(arb(0), arb(0), False, False, False)
        joined = parts[0]
        for p in parts[1:]:
            joined = join(joined, p)
        return Range(joined.lo, joined.hi, joined.lo_open, joined.hi_open, total)
