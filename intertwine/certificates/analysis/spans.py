"""The values that a plain term can take while ``x`` runs over an interval or a ball: bounds and possible signs.

A span bounds the values at those points where the term is defined, and says whether that is everywhere.  Signs are
kept beside the bounds because they can be sharper: the values of ``exp(x)`` have the infimum 0 and are never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache, reduce
from itertools import pairwise
from typing import NamedTuple

from flint import arb, ctx, fmpq

from intertwine.certificates.analysis.clock import tick
from intertwine.certificates.analysis.functions import (
    ANY,
    BOTTOM,
    FUNCTIONS,
    HOLDS,
    NEGATIVE,
    NONE,
    NOT_NEGATIVE,
    POLES,
    POSITIVE,
    TOP,
    Signs,
)
from intertwine.certificates.analysis.plain import BESSEL
from intertwine.terms import Term

BITS = 100
PARTS = 8
Truth = tuple[frozenset[bool], bool | None]


class Span(NamedTuple):
    """Values in ``[low, high]`` with one of the signs; ``defined`` is None where it is not known to be everywhere."""

    low: arb
    high: arb
    signs: Signs
    defined: bool | None = True

    @property
    def bounded(self) -> bool:
        """Whether both bounds are finite."""
        return bool(self.low.is_finite() and self.high.is_finite())

    @property
    def ball(self) -> arb:
        """A ball around bounded values."""
        return self.low if self.low == self.high else self.low.union(self.high)

    def where(self, defined: bool | None) -> Span:
        """The same span with less known of where it is defined."""
        return self if defined else self._replace(defined=defined)


UNKNOWN, NOWHERE = Span(BOTTOM, TOP, ANY, None), Span(arb(0), arb(0), frozenset(), False)


def exact(value: Fraction) -> arb:
    """A ball around a rational number."""
    return arb(fmpq(value.numerator, value.denominator))


def span(low: arb, high: arb, signs: Signs = ANY) -> Span:
    """A span from balls for its ends, rounded outwards."""
    lo = low.lower() if low.is_finite() else TOP if low > 0 else BOTTOM
    hi = high.upper() if high.is_finite() else BOTTOM if high < 0 else TOP
    if lo >= 0:
        signs = signs - NEGATIVE
    if hi <= 0:
        signs = signs - POSITIVE
    if lo > 0 or hi < 0:
        signs = signs - NONE
    return Span(lo, hi, signs)


def between(low: Fraction | None, high: Fraction | None) -> Span:
    """The points of an open interval (None: unbounded)."""
    right, left = low is not None and low >= 0, high is not None and high <= 0
    signs = POSITIVE if right else NEGATIVE if left else ANY
    return span(BOTTOM if low is None else exact(low), TOP if high is None else exact(high), signs)


class Spans:
    """Spans of plain terms while ``x`` has the values of a span; functions are enclosed on so many parts of theirs."""

    def __init__(self, x: Span, parts: int = PARTS) -> None:
        self._parts = parts
        self._known: dict[Term, Span] = {Term("x"): x}

    def of(self, t: Term) -> Span:
        """The span of a term."""
        known = self._known.get(t)
        if known is None:
            tick()
            known = self._known[t] = self._compute(t)
        return known

    def _compute(self, t: Term) -> Span:
        if t.value is not None:
            return span(exact(t.value), exact(t.value))
        if t.is_parameter:
            return UNKNOWN  # its value is not known
        if t.op == "piecewise":
            return self._piecewise(t)
        args = [self.of(a) for a in t.args]
        defined = _all(a.defined for a in args)
        if defined is False:
            return NOWHERE
        found = self._apply(t, args)
        return found.where(_all((found.defined, defined)))

    def _apply(self, t: Term, args: list[Span]) -> Span:
        if t.op == "pi":
            return span(arb.pi(), arb.pi())
        if t.op == "E":
            return span(arb(1).exp(), arb(1).exp())
        if t.op == "add":
            return reduce(_sum, args)
        if t.op == "mul":
            if len(args) == 2 and t.args[0] == t.args[1]:
                return _whole_power(args[0], 2)
            product = reduce(_product, args)
            sinc = len(args) == 2 and (_is_sinc(*t.args) or _is_sinc(*t.args[::-1]))
            return span(product.low.max(arb(-1)), product.high.min(arb(1)), product.signs) if sinc else product
        if t.op == "pow":
            return _power(args[0], args[1], t.args[1].value)
        if t.op == "Max":
            return reduce(_larger, args)
        if t.op in BESSEL:
            return self._bessel(t.op, t.args[0].value, args[0], args[1])
        return self._function(t.op, t.args[0], args[0])

    def _function(self, name: str, argument: Term, u: Span) -> Span:
        f, defined = FUNCTIONS.get(name), _off_the_poles(u) if name in POLES else True
        if f is None:
            return UNKNOWN
        if f.guard is not None:
            signs = self.of(f.guard(argument)).signs
            defined = None if signs - f.inside else True
            if not signs & f.inside:
                return NOWHERE
        if defined is False:
            return NOWHERE
        if name in ("Abs", "cosh"):
            size = _size(u)
            return size if name == "Abs" else span(size.low.cosh(), size.high.cosh() if size.bounded else TOP)
        ends = (_at(f.ball, v) for v in (u.low, u.high)) if f.rising else self._swept(f.ball, u)
        low, high = (v if v.is_finite() else bound for v, bound in zip(ends, (f.low, f.high), strict=True))
        low, high = low.max(f.low), high.min(f.high)
        positive = name == "exp" or u.signs <= POSITIVE and (name == "sin" and u.high < arb.pi() or name == "gamma")
        positive = positive or u.signs <= NOT_NEGATIVE and name in ("airyai", "airybi")
        low = low.max(arb(88) / 100) if positive and name == "gamma" else low
        like = f.odd or name == "LambertW"
        return span(low, high, POSITIVE if positive else u.signs if like else ANY).where(defined)

    def _swept(self, ball: Callable[[arb], arb], u: Span) -> tuple[arb, arb]:
        """Bounds of a function that is not monotone, by balls over parts of a span."""
        if not u.bounded:
            return arb.nan(), arb.nan()
        ends = [u.low + (u.high - u.low) * k / self._parts for k in range(1, self._parts)]
        found = [ball(a.union(b)) for a, b in pairwise([u.low, *ends, u.high])]
        if not all(v.is_finite() for v in found):
            return arb.nan(), arb.nan()
        return reduce(arb.min, [v.lower() for v in found]), reduce(arb.max, [v.upper() for v in found])

    def _bessel(self, name: str, order: Fraction | None, nu: Span, u: Span) -> Span:
        if order is None:
            return UNKNOWN
        whole = order.denominator == 1 and name != "bessely"
        inside = ANY if whole else NOT_NEGATIVE if name != "bessely" and order > 0 else POSITIVE
        if not u.signs & inside:
            return NOWHERE
        if inside != POSITIVE and u.signs == NONE:
            value = arb(1 if order == 0 else 0)
            return span(value, value)
        values = {"besselj": arb.bessel_j, "besseli": arb.bessel_i, "bessely": arb.bessel_y}
        low, high = self._swept(lambda v: values[name](v, nu.ball), u) if nu.bounded else (arb.nan(), arb.nan())
        signs = ANY
        if name == "besselj" and (whole or order >= 0):
            low, high = (v if v.is_finite() else bound for v, bound in ((low, arb(-1)), (high, arb(1))))
        if name == "besseli" and (whole or order >= 0) and u.signs <= POSITIVE:
            low, signs = low if low.is_finite() else arb(0), POSITIVE
        return span(low, high, signs).where(None if u.signs - inside else True)

    # -- cases --------------------------------------------------------------------------------------
    def _piecewise(self, t: Term) -> Span:
        """The values of all branches that may be reached."""
        found: list[Span] = []
        defined: bool | None = True
        for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
            possible, clear = self.truth(condition)
            defined = None if clear is not True else defined
            if True in possible:
                found.append(self.of(value))
            if False not in possible:
                break
        else:
            defined = None
        kept = [s for s in found if s.signs]
        if not kept:
            return NOWHERE
        return reduce(_either, kept).where(None if len(kept) < len(found) else defined)

    def truth(self, c: Term) -> Truth:
        """What a condition may be on the points where it is defined, and whether that is everywhere."""
        if c.op in ("true", "false"):
            return frozenset({c.op == "true"}), True
        if c.op in HOLDS:
            sides = [self.of(a) for a in c.args]
            defined = _all(a.defined for a in sides)
            if defined is False:
                return frozenset(), False
            difference = _sum(sides[0], _minus(sides[1]))
            return frozenset(s in HOLDS[c.op] for s in difference.signs), defined
        parts = [self.truth(a) for a in c.args]
        if c.op == "not":
            return frozenset(not p for p in parts[0][0]), parts[0][1]
        # One part that settles the matter is enough, the others need not be defined.
        settles = c.op == "or"
        if (frozenset({settles}), True) in parts:
            return frozenset({settles}), True
        perhaps = {settles} if any(settles in possible for possible, _ in parts) else set()
        defined = _all(clear for _, clear in parts)
        if defined is False and not perhaps:
            return frozenset(), False
        rest = {not settles} if all((not settles) in possible for possible, _ in parts) else set()
        return frozenset(perhaps | rest), None if defined is False else defined


def _all(flags: Iterable[bool | None]) -> bool | None:
    """Whether all are defined: nowhere if one is nowhere, everywhere if all are."""
    found = set(flags)
    return False if False in found else None if None in found else True


def _either(a: Span, b: Span) -> Span:
    """The values of both."""
    return span(a.low.min(b.low), a.high.max(b.high), a.signs | b.signs).where((a.defined and b.defined) or None)


def _larger(a: Span, b: Span) -> Span:
    signs = frozenset(max(p, q) for p in a.signs for q in b.signs)
    return span(a.low.max(b.low), a.high.max(b.high), signs)


def _is_sinc(a: Term, b: Term) -> bool:
    """``sin(u)/u``."""
    return a.op == "sin" and b.op == "pow" and b.args[1].value == -1 and a.args[0] == b.args[0]


# -- arithmetic ------------------------------------------------------------------------------------


@cache
def _signs_of_sum(a: Signs, b: Signs) -> Signs:
    return frozenset(s for p in a for q in b for s in ({p, q} - {0} or {0} if p * q >= 0 else ANY))


@cache
def _signs_of_product(a: Signs, b: Signs) -> Signs:
    return frozenset(p * q for p in a for q in b)


def _minus(a: Span) -> Span:
    return Span(-a.high, -a.low, _signs_of_product(a.signs, NEGATIVE), a.defined)


def _sum(a: Span, b: Span) -> Span:
    return span(a.low + b.low, a.high + b.high, _signs_of_sum(a.signs, b.signs))


def _product(a: Span, b: Span) -> Span:
    signs = _signs_of_product(a.signs, b.signs)
    if a.low == a.high:
        a, b = b, a
    if b.low == b.high and a.bounded:
        low, high = (a.low, a.high) if b.low >= 0 else (a.high, a.low)
        return span(low * b.low, high * b.low, signs)
    corners = [p * q for p in (a.low, a.high) for q in (b.low, b.high) if not (p == 0 or q == 0)]
    if len(corners) < 4:
        corners.append(arb(0))  # zero times infinity is zero, as a product of bounds
    if not (a.bounded and b.bounded) and any(c.is_nan() for c in corners):
        return Span(BOTTOM, TOP, signs)
    return span(reduce(arb.min, corners), reduce(arb.max, corners), signs)


def _size(a: Span) -> Span:
    """The span of the absolute value."""
    low = arb(0) if a.low <= 0 and a.high >= 0 else abs(a.low).min(abs(a.high))
    return span(low, abs(a.low).max(abs(a.high)), frozenset(abs(s) for s in a.signs))


def _raise(v: arb, n: int) -> arb:
    """A power of a bound that is not negative, ``n > 0``."""
    if v == 0 or not v.is_finite():
        return v
    return v**n if n <= 4096 else (v.log() * n).exp()


def _whole_power(u: Span, n: int) -> Span:
    if n < 0:
        return _over(_whole_power(u, -n))
    if n == 0:
        return span(arb(1), arb(1))
    if n % 2 == 0:
        size = _size(u)
        return span(_raise(size.low, n), _raise(size.high, n), size.signs)
    ends = [_raise(abs(v), n) if v >= 0 else -_raise(abs(v), n) for v in (u.low, u.high)]
    return span(ends[0], ends[1], u.signs)


def _over(p: Span) -> Span:
    """One over a span, where it is not zero."""
    signs, defined = p.signs - NONE, None if 0 in p.signs else True
    if not signs:
        return NOWHERE
    if len(signs) == 2:
        return Span(BOTTOM, TOP, signs, defined)
    if signs == NEGATIVE:
        return _minus(_over(_minus(p)))
    low = arb(0) if not p.high.is_finite() else 1 / p.high
    return span(low, 1 / p.low if p.low > 0 else TOP, signs).where(defined)


def _power(u: Span, e: Span, r: Fraction | None) -> Span:
    """A power with a constant exponent."""
    if r is not None and r.denominator == 1:
        return _whole_power(u, int(r))
    if r is None and -1 in u.signs and not (e.bounded and not e.ball.contains_integer()):
        return UNKNOWN  # a whole number in disguise, perhaps
    inside = u.signs & (NOT_NEGATIVE if 1 in e.signs else POSITIVE)
    if not inside:
        return NOWHERE
    if u.signs == NONE and e.signs <= POSITIVE:
        return span(arb(0), arb(0))
    base = span(u.low.max(arb(0)), u.high.max(arb(0)), inside)
    low, high = (BOTTOM if v == 0 else v.log() if v.is_finite() else v for v in (base.low, base.high))
    size = _product(e, span(low, high))
    low = size.low.exp() if size.low.is_finite() else arb(0) if size.low < 0 else TOP
    high = size.high.exp() if size.high.is_finite() else TOP if size.high > 0 else arb(0)
    sure = u.signs <= POSITIVE or u.signs <= NOT_NEGATIVE and e.signs <= POSITIVE
    return span(arb(0) if 0 in inside else low, high, inside).where(sure or None)


# -- functions -------------------------------------------------------------------------------------


def _at(ball: Callable[[arb], arb], v: arb) -> arb:
    """The value of a function at a bound; nan where it has none."""
    return ball(v) if v.is_finite() else arb.nan()


def _off_the_poles(u: Span) -> bool | None:
    """Whether no value is 0, -1, -2, ...; False if all are the same one of these."""
    if u.signs <= POSITIVE:
        return True
    if not u.bounded:
        return None
    return False if u.low == u.high and u.low.is_integer() else None if u.ball.contains_integer() else True


def span_of(t: Term, low: Fraction | None, high: Fraction | None) -> Span:
    """The span of a plain term over an open interval.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> sorted(span_of(apply("exp", X) - 1, Fraction(0), None).signs)
    [0, 1]
    """
    with ctx.workprec(BITS):
        return Spans(between(low, high)).of(t)
