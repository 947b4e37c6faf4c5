"""The values that a plain term can take while ``x`` runs over an interval: bounds and possible signs.

A span bounds the values at those points of the interval where the term is defined.  Signs are kept beside the
bounds because they can be sharper: the values of ``exp(x)`` have the infimum 0 and are never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx

from intertwine.certificates.analysis.clock import tick
from intertwine.certificates.analysis.plain import BESSEL
from intertwine.certificates.analysis.values import Evaluation, Unclear, Undefined, exact
from intertwine.terms import Term

BITS = 100
TOP, BOTTOM = arb.pos_inf(), arb.neg_inf()
Signs = frozenset[int]
ANY: Signs = frozenset({-1, 0, 1})


@dataclass(frozen=True)
class Span:
    """Values in ``[low, high]`` with one of the signs."""

    low: arb
    high: arb
    signs: Signs

    @property
    def bounded(self) -> bool:
        """Whether both bounds are finite."""
        return bool(self.low.is_finite() and self.high.is_finite())


UNKNOWN, NOWHERE = Span(BOTTOM, TOP, ANY), Span(arb(0), arb(0), frozenset())


def span(low: arb, high: arb, signs: Signs = ANY) -> Span:
    """A span from balls for its ends, rounded outwards."""
    lo = low.lower() if low.is_finite() else TOP if low > 0 else BOTTOM
    hi = high.upper() if high.is_finite() else BOTTOM if high < 0 else TOP
    if lo >= 0:
        signs = signs - {-1}
    if hi <= 0:
        signs = signs - {1}
    if lo > 0 or hi < 0:
        signs = signs - {0}
    return Span(lo, hi, signs)


class Spans:
    """Spans of plain terms over the open interval from ``low`` to ``high`` (None: unbounded)."""

    def __init__(self, low: Fraction | None, high: Fraction | None) -> None:
        lo, hi = BOTTOM if low is None else exact(low), TOP if high is None else exact(high)
        signs = ANY
        if low is not None and low >= 0:
            signs = frozenset({1})
        elif high is not None and high <= 0:
            signs = frozenset({-1})
        self.x = Span(lo.lower() if low is not None else lo, hi.upper() if high is not None else hi, signs)
        self._known: dict[Term, Span] = {}

    def of(self, t: Term) -> Span:
        """The span of a term."""
        known = self._known.get(t)
        if known is None:
            tick()
            known = self._known[t] = self._compute(t)
        return known

    def _compute(self, t: Term) -> Span:
        if t.op == "x":
            return self.x
        if not t.has_x:
            return _constant(t)
        if t.op == "piecewise":
            return self._piecewise(t)
        if t.op == "pow":
            return self._power(t)
        args = [self.of(a) for a in t.args]
        if t.op == "add":
            return _sum(args)
        if t.op == "mul":
            if len(t.args) == 2 and (_is_sinc(*t.args) or _is_sinc(*t.args[::-1])):
                return Span(arb(-1), arb(1), ANY)
            product, last = args[0], t.args[0]
            for term, a in zip(t.args[1:], args[1:], strict=True):
                product = _whole_power(product, 2) if term == last and len(t.args) == 2 else _product(product, a)
                last = term
            return product
        if t.op == "Max":
            top = args[0]
            for a in args[1:]:
                signs = frozenset(max(p, q) for p in top.signs for q in a.signs)
                top = span(top.low.max(a.low), top.high.max(a.high), signs)
            return top
        if t.op in BESSEL:
            return _bessel(t, args[1])
        return _function(t.op, args[0])

    def _piecewise(self, t: Term) -> Span:
        """The values of all branches."""
        found = [self.of(value) for value in t.args[::2]]
        low, high, signs = found[0].low, found[0].high, found[0].signs
        for s in found[1:]:
            low, high, signs = low.min(s.low), high.max(s.high), signs | s.signs
        return span(low, high, signs)

    def _power(self, t: Term) -> Span:
        u, r = self.of(t.args[0]), t.args[1].value
        if r is not None and r.denominator == 1:
            return _whole_power(u, int(r))
        e = self.of(t.args[1])
        if r is None and -1 in u.signs and not _no_integer(e):
            return UNKNOWN  # a whole number in disguise, perhaps
        base = span(u.low if u.low > 0 else arb(0), u.high if u.high > 0 else arb(0), u.signs - {-1})
        logarithm = span(_log_bound(base.low), _log_bound(base.high))
        size = _product(e, logarithm)
        signs = frozenset({1}) if 0 not in base.signs else frozenset({0, 1})
        low = size.low.exp() if size.low.is_finite() else arb(0) if size.low < 0 else TOP
        high = size.high.exp() if size.high.is_finite() else TOP if size.high > 0 else arb(0)
        if 0 in base.signs:
            low = arb(0)
        return span(low, high, signs)


def _no_integer(e: Span) -> bool:
    return e.bounded and not e.low.union(e.high).contains_integer()


def _log_bound(v: arb) -> arb:
    if not v.is_finite():
        return TOP
    return v.log() if v > 0 else BOTTOM


def _constant(t: Term) -> Span:
    try:
        value = Evaluation(exact(Fraction(1))).of(t)
    except Undefined:
        return NOWHERE
    except Unclear:
        return UNKNOWN
    return span(value, value)


def _is_sinc(a: Term, b: Term) -> bool:
    """``sin(u)/u``."""
    return a.op == "sin" and b.op == "pow" and b.args[1].value == -1 and a.args[0] == b.args[0]


def _sum(args: list[Span]) -> Span:
    low, high, signs = args[0].low, args[0].high, args[0].signs
    for a in args[1:]:
        low, high = low + a.low, high + a.high
        signs = frozenset(s for p in signs for q in a.signs for s in ({p, q} - {0} or {0} if p * q >= 0 else ANY))
    return span(low, high, signs)


def _times(a: arb, b: arb) -> arb:
    """A product of bounds; zero times infinity is zero."""
    return arb(0) if a == 0 or b == 0 else a * b


def _product(a: Span, b: Span) -> Span:
    corners = [_times(p, q) for p in (a.low, a.high) for q in (b.low, b.high)]
    if any(c.is_nan() for c in corners):
        return Span(BOTTOM, TOP, frozenset(p * q for p in a.signs for q in b.signs))
    low, high = corners[0], corners[0]
    for c in corners[1:]:
        low, high = low.min(c), high.max(c)
    return span(low, high, frozenset(p * q for p in a.signs for q in b.signs))


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
        p = _whole_power(u, -n)
        signs = p.signs - {0}
        if not signs:
            return NOWHERE
        if len(signs) == 2:
            return Span(BOTTOM, TOP, signs)
        low = arb(0) if not p.high.is_finite() else BOTTOM if p.high == 0 else 1 / p.high
        high = arb(0) if not p.low.is_finite() else TOP if p.low == 0 else 1 / p.low
        if signs == {1}:
            low = arb(0) if low < 0 else low
            high = TOP if high < 0 or p.low <= 0 else high
        else:
            high = arb(0) if high > 0 else high
            low = BOTTOM if p.high >= 0 else low
        return span(low, high, signs)
    if n == 0:
        return Span(arb(1), arb(1), frozenset({1}))
    if n % 2 == 0:
        size = _size(u)
        return span(_raise(size.low, n), _raise(size.high, n), size.signs)
    ends = [_raise(abs(v), n) if v >= 0 else -_raise(abs(v), n) for v in (u.low, u.high)]
    return span(ends[0], ends[1], u.signs)


_HALF_PI = arb(1608) / 1023  # above pi/2
# Increasing functions: bounds below and above, and whether the sign is that of the argument.
_RISING: dict[str, tuple[arb, arb, bool]] = {
    "exp": (arb(0), TOP, False), "log": (BOTTOM, TOP, False), "sinh": (BOTTOM, TOP, True),
    "tanh": (arb(-1), arb(1), True), "asinh": (BOTTOM, TOP, True), "acosh": (arb(0), TOP, False),
    "atanh": (BOTTOM, TOP, True), "asin": (-_HALF_PI, _HALF_PI, True), "atan": (-_HALF_PI, _HALF_PI, True),
    "erf": (arb(-1), arb(1), True), "cbrt": (BOTTOM, TOP, True), "LambertW": (arb(-1), TOP, True),
    "floor": (BOTTOM, TOP, False), "sign": (arb(-1), arb(1), True),
}  # fmt: skip
# Functions that oscillate: bounds, and whether they are odd and positive on the right.
_WAVES: dict[str, tuple[arb, arb, bool]] = {
    "sin": (arb(-1), arb(1), False), "cos": (arb(-1), arb(1), False), "Si": (arb(-2), arb(2), True),
    "fresnels": (arb(-1), arb(1), True), "fresnelc": (arb(-1), arb(1), True), "airyai": (arb(-1), arb(1), False),
    "airybi": (BOTTOM, TOP, False),
}  # fmt: skip
_PARTS = 8


def _at(name: str, v: arb) -> arb:
    """The value of a function at a bound, or anything at all if that is not a number."""
    try:
        return Evaluation(v).of(Term(name, (Term("x"),)))
    except (Undefined, Unclear):
        return arb.nan()


def _function(name: str, u: Span) -> Span:
    if name in _RISING:
        bottom, top, odd = _RISING[name]
        low, high = (_at(name, v) if v.is_finite() else arb.nan() for v in (u.low, u.high))
        low, high = low if low.is_finite() else bottom, high if high.is_finite() else top
        return span(low, high, frozenset({1}) if name == "exp" else u.signs if odd else ANY)
    if name in _WAVES:
        return _wave(name, u)
    if name in ("Abs", "cosh"):
        size = _size(u)
        return size if name == "Abs" else span(arb(1), size.high.cosh() if size.bounded else TOP)
    if name == "gamma" and u.signs <= {1}:
        return span(arb(88) / 100, TOP)
    return span(arb(-13) / 100, TOP) if name == "loggamma" else UNKNOWN


def _wave(name: str, u: Span) -> Span:
    low, high, odd = _WAVES[name]
    if u.bounded:
        width = (u.high - u.low) / _PARTS
        found = [_at(name, (u.low + width * k).union(u.low + width * (k + 1))) for k in range(_PARTS)]
        if all(v.is_finite() for v in found):
            total = found[0]
            for v in found[1:]:
                total = total.union(v)
            low, high = low.max(total.lower()), high.min(total.upper())
    right = name in ("airyai", "airybi") and u.signs <= {0, 1} or name == "sin" and u.signs <= {1} and u.high < arb.pi()
    return span(low, high, frozenset({1}) if right else u.signs if odd else ANY)


def _bessel(t: Term, u: Span) -> Span:
    order = t.args[0].value
    if order is not None and (order.denominator == 1 or order >= 0):
        if t.op == "besselj":
            return span(arb(-1), arb(1))
        if t.op == "besseli" and u.signs <= {1}:
            return Span(arb(0), TOP, frozenset({1}))
    return UNKNOWN


def span_of(t: Term, low: Fraction | None, high: Fraction | None) -> Span:
    """The span of a plain term over an open interval.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> sorted(span_of(apply("exp", X) - 1, Fraction(0), None).signs)
    [0, 1]
    """
    with ctx.workprec(BITS):
        return Spans(low, high).of(t)
