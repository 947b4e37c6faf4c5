"""Where a term's values lie when ``x`` runs through an interval, possibly unbounded.

Interval arithmetic over the extended reals with ``arb`` endpoints.  A range remembers
whether an end is open, that is never attained (``exp(x)`` is never 0, ``tanh(x)`` never
1), and whether the term is defined at every point of the interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.calculus.enclosure import Unclear, apply_function, ball, precision
from intertwine.terms import Term

BITS = 96
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


def _range(lo: arb, hi: arb, lo_open: bool = False, hi_open: bool = False, total: bool = True) -> Range:
    """A range with exact ends; rounding outwards makes an end open, unknown ends are infinite."""
    low = NEG_INF if lo.is_nan() else lo if not lo.is_finite() else lo.lower()
    high = INF if hi.is_nan() else hi if not hi.is_finite() else hi.upper()
    return Range(low, high, lo_open, hi_open, total)


def interval(low: Fraction | None, high: Fraction | None) -> Range:
    """The open interval from ``low`` to ``high`` (None: unbounded) as the range of ``x``."""
    return _range(NEG_INF if low is None else ball(low), INF if high is None else ball(high), True, True)


def _whole(total: bool = False) -> Range:
    return Range(NEG_INF, INF, False, False, total)


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
            known = self.memo[t] = self._of(t)
        return known

    def _of(self, t: Term) -> Range:
        if t.op == "x":
            return self.x
        if t.value is not None:
            v = ball(t.value)
            return _range(v, v)
        if t.op == "pi":
            return _range(arb.pi(), arb.pi())
        if t.op == "E":
            return _range(arb.const_e(), arb.const_e())
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
            return _maximum(args, total)
        return _function(t, args[-1], total)

    def _sum(self, args: list[Range], total: bool) -> Range:
        lo, hi = arb(0), arb(0)
        for a in args:
            lo, hi = lo + a.lo, hi + a.hi
        return _range(lo, hi, any(a.lo_open for a in args), any(a.hi_open for a in args), total)

    def _product(self, t: Term, args: list[Range], total: bool) -> Range:
        result = args[0]
        for previous, a in enumerate(args[1:]):
            # a square written as a product is no product of independent factors
            result = _even(result) if len(args) == 2 and t.args[1] == t.args[previous] else _times(result, a)
        return Range(result.lo, result.hi, result.lo_open, result.hi_open, total)

    def _power(self, t: Term, args: list[Range], total: bool) -> Range:
        u, r = args[0], t.args[1].value
        if r is not None and r.denominator == 1:
            return _integer_power(u, int(r), total)
        total = total and u.nonnegative
        clipped = u if u.nonnegative else Range(arb(0), u.hi.max(arb(0)), False, u.hi_open)
        if r is not None:
            if r < 0:
                total = total and u.sign == 1
                clipped = clipped if u.sign == 1 else Range(clipped.lo, clipped.hi, True, clipped.hi_open)
                lo, hi = _real_power(clipped.hi, r), _real_power(clipped.lo, r)
                return _range(lo, hi, clipped.hi_open or not clipped.hi.is_finite(), clipped.lo_open, total)
            lo, hi = _real_power(clipped.lo, r), _real_power(clipped.hi, r)
            return _range(lo, hi, clipped.lo_open, clipped.hi_open, total)
        exponent = args[1]
        if u.sign != 1 and not (u.nonnegative and exponent.sign == 1 and not t.args[1].has_x):
            total = False
        logarithm = _monotone("log", clipped, True)
        power = _monotone("exp", _times(exponent, logarithm), True)
        return _range(power.lo, power.hi, u.sign == 1, False, total)

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
        d = self._sum([a, _negated(b)], True)
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

    def _piecewise(self, t: Term) -> Range:
        parts: list[Range] = []
        total = False
        for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
            holds = self.truth(condition)
            if holds is False:
                continue
            parts.append(self.of(value))
            if holds is True:
                total = all(p.total for p in parts)
                break
        if not parts:
            return Range(arb(0), arb(0), False, False, False)
        joined = parts[0]
        for p in parts[1:]:
            joined = _join(joined, p)
        return Range(joined.lo, joined.hi, joined.lo_open, joined.hi_open, total)


def _join(a: Range, b: Range) -> Range:
    """The smallest range that contains both."""
    lo_open = a.lo_open if a.lo < b.lo else b.lo_open if b.lo < a.lo else a.lo_open and b.lo_open
    hi_open = a.hi_open if a.hi > b.hi else b.hi_open if b.hi > a.hi else a.hi_open and b.hi_open
    return Range(a.lo.min(b.lo), a.hi.max(b.hi), lo_open, hi_open, a.total and b.total)


def _negated(a: Range) -> Range:
    return Range(-a.hi, -a.lo, a.hi_open, a.lo_open, a.total)


def _bound(a: arb, b: arb) -> arb:
    """A product of endpoints, with 0 times infinity being 0."""
    if (a == 0 and not b.is_finite()) or (b == 0 and not a.is_finite()):
        return arb(0)
    return a * b


def _times(a: Range, b: Range) -> Range:
    if (a.lo == 0 and a.hi == 0) or (b.lo == 0 and b.hi == 0):
        return Range(arb(0), arb(0), False, False, a.total and b.total)
    if a.hi <= 0 and b.hi <= 0:
        return _times(_negated(a), _negated(b))
    if a.hi <= 0 or b.hi <= 0:
        return _negated(_times(_negated(a), b) if a.hi <= 0 else _times(a, _negated(b)))
    total = a.total and b.total
    if a.nonnegative and b.nonnegative:
        lo_open = (a.lo_open and b.sign == 1) or (b.lo_open and a.sign == 1)
        return _range(_bound(a.lo, b.lo), _bound(a.hi, b.hi), lo_open, a.hi_open or b.hi_open, total)
    corners = [_bound(x, y) for x in (a.lo, a.hi) for y in (b.lo, b.hi)]
    lo, hi = corners[0], corners[0]
    for c in corners[1:]:
        lo, hi = lo.min(c), hi.max(c)
    return _range(lo, hi, False, False, total)


def _magnitude(a: Range) -> Range:
    """The range of the absolute value."""
    if a.nonnegative:
        return a
    if a.hi <= 0:
        return _negated(a)
    joined = _join(a, _negated(a))
    return Range(arb(0), joined.hi, False, joined.hi_open, a.total)


def _even(a: Range) -> Range:
    """The range of the square."""
    m = _magnitude(a)
    return _range(_bound(m.lo, m.lo), _bound(m.hi, m.hi), m.lo_open, m.hi_open, a.total)


def _real_power(v: arb, r: Fraction) -> arb:
    if v == 0:
        return arb(0) if r > 0 else INF
    if not v.is_finite():
        return INF if r > 0 else arb(0)
    return v ** ball(r) if abs(r) < 2**16 else (v.log() * ball(r)).exp()


def _integer_power(u: Range, n: int, total: bool) -> Range:
    if n == 0:
        return _range(arb(1), arb(1), False, False, total)
    if n < 0:
        return _reciprocal(_integer_power(u, -n, total), n % 2 == 0)
    if n % 2 == 0:
        m = _magnitude(u)
        lo, hi = _real_power(m.lo, Fraction(n)), _real_power(m.hi, Fraction(n))
        return _range(lo, hi, m.lo_open, m.hi_open, total)
    ends = [_real_power(abs(v), Fraction(n)) for v in (u.lo, u.hi)]
    lo = ends[0] if u.lo >= 0 else -ends[0]
    hi = ends[1] if u.hi >= 0 else -ends[1]
    return _range(lo, hi, u.lo_open, u.hi_open, total)


def _reciprocal(p: Range, positive: bool) -> Range:
    if p.sign == 1 or (positive and p.nonnegative and p.hi > 0):
        lo = 1 / p.hi if p.hi.is_finite() else arb(0)
        hi = INF if p.lo <= 0 or not p.lo.is_finite() else 1 / p.lo
        return _range(lo, hi, p.hi_open or not p.hi.is_finite(), p.lo_open, p.total and p.sign == 1)
    if p.sign == -1:
        return _negated(_reciprocal(_negated(p), False))
    return _whole()


def _maximum(args: list[Range], total: bool) -> Range:
    lo, hi = args[0].lo, args[0].hi
    for a in args[1:]:
        lo, hi = lo.max(a.lo), hi.max(a.hi)
    lo_open = any(a.lo_open and a.lo >= lo for a in args)
    hi_open = all(a.hi_open or a.hi < hi for a in args)
    return _range(lo, hi, lo_open, hi_open, total)


# Limits at -oo and +oo of the increasing functions, and their domains.
_INCREASING: dict[str, tuple[arb, arb]] = {
    "exp": (arb(0), INF), "log": (NEG_INF, INF), "sinh": (NEG_INF, INF), "tanh": (arb(-1), arb(1)),
    "atan": (-arb(3217) / 2048, arb(3217) / 2048), "asinh": (NEG_INF, INF), "acosh": (arb(0), INF),
    "erf": (arb(-1), arb(1)), "cbrt": (NEG_INF, INF), "floor": (NEG_INF, INF), "LambertW": (arb(-1), INF),
}


def _monotone(name: str, u: Range, total: bool) -> Range:
    lo, hi = _monotone_end(name, u.lo, 0), _monotone_end(name, u.hi, 1)
    lo_open = u.lo_open or not u.lo.is_finite()
    hi_open = u.hi_open or not u.hi.is_finite()
    if name == "floor":
        if u.hi_open and u.hi.is_finite() and u.hi == u.hi.floor():
            hi = hi - 1
        return _range(lo, hi, False, False, total)
    inside = lo.is_exact() or not lo.is_finite()
    return _range(lo, hi, lo_open and (inside or lo > 0), hi_open, total)


def _monotone_end(name: str, v: arb, end: int) -> arb:
    """The value at an end, or the limit there."""
    if not v.is_finite():
        return _INCREASING[name][1 if v > 0 else 0]
    if name == "log" and v <= 0:
        return NEG_INF
    if name == "acosh" and v < 1:
        return arb(0)
    if name == "LambertW" and v < arb(-367) / 1000:
        return arb(-1)
    if name == "floor":
        return v.floor().lower() if end == 0 else v.floor().upper()
    value = apply_function(Term(name), [v])
    if not value.is_finite():
        raise Unclear
    return value


_BOUNDS: dict[str, Fraction] = {
    "sin": Fraction(1), "cos": Fraction(1), "Si": Fraction(2), "fresnels": Fraction(1), "fresnelc": Fraction(1),
    "besselj": Fraction(1), "airyai": Fraction(1), "sinc": Fraction(1),
}
_ENTIRE = {"sin", "cos", "sinc", "Si", "fresnels", "fresnelc", "airyai", "airybi"}


def _function(t: Term, u: Range, total: bool) -> Range:
    name = t.op
    try:
        if name == "Abs":
            m = _magnitude(u)
            return Range(m.lo, m.hi, m.lo_open, m.hi_open, total)
        if name == "sign":
            if u.sign is not None:
                return _range(arb(u.sign), arb(u.sign), False, False, total)
            return _range(arb(0 if u.nonnegative else -1), arb(0 if u.hi <= 0 else 1), False, False, total)
        if name in _INCREASING:
            inside = {"log": u.sign == 1, "acosh": u.lo >= 1, "LambertW": u.lo >= arb(-36) / 100}
            return _monotone(name, u, total and bool(inside.get(name, True)))
        if name == "cosh":
            m = _magnitude(u)
            hi = m.hi.cosh() if m.hi.is_finite() else INF
            return _range(m.lo.cosh().max(arb(1)), hi, m.lo_open, m.hi_open, total)
        if name in ("asin", "atanh"):
            return _inverse(name, u, total)
        return _special(t, u, total)
    except Unclear:
        return _whole()


def _inverse(name: str, u: Range, total: bool) -> Range:
    if name == "asin":
        inside = u.lo >= -1 and u.hi <= 1
        if not inside:
            return _range(-arb(3217) / 2048, arb(3217) / 2048, False, False, False)
        return _range(u.lo.asin(), u.hi.asin(), u.lo_open and bool(u.lo == 0), u.hi_open and bool(u.hi == 0), total)
    inside = (u.lo > -1 or (u.lo >= -1 and u.lo_open)) and (u.hi < 1 or (u.hi <= 1 and u.hi_open))
    if not inside:
        return _whole()
    lo, hi = (NEG_INF if u.lo == -1 else u.lo.atanh()), (INF if u.hi == 1 else u.hi.atanh())
    return _range(lo, hi, u.lo_open and bool(u.lo == 0), u.hi_open and bool(u.hi == 0), total)


def _special(t: Term, u: Range, total: bool) -> Range:
    name = t.op
    if name == "tan":
        small = u.bounded and abs(u.lo) < 1.5 and abs(u.hi) < 1.5
        zero = u.lo_open and bool(u.lo == 0), u.hi_open and bool(u.hi == 0)
        return _range(u.lo.tan(), u.hi.tan(), *zero, total) if small else _whole()
    if name in ("gamma", "loggamma"):
        if u.sign != 1:
            return _whole()
        return _range(arb(22) / 25 if name == "gamma" else arb(-1) / 8, INF, False, False, total)
    if name in ("besselj", "besseli", "bessely"):
        return _bessel_range(t, u, total)
    if name == "Ci":
        return _whole(total and u.sign == 1)
    if name == "airyai" and u.nonnegative:
        return _range(arb(0), arb(36) / 100, True, False, total)
    if name == "airybi" and u.nonnegative:
        return _range(arb(61) / 100, INF, False, False, total)
    if name in ("sin", "cos") and u.bounded:
        return _wave(u, arb(0) if name == "sin" else arb.pi() / 2, total)
    bound = _BOUNDS.get(name)
    whole = _whole(total) if bound is None else _range(-ball(bound), ball(bound), False, False, total)
    if name in _ENTIRE and u.bounded:
        value = apply_function(Term(name), [u.lo.union(u.hi)])
        if value.is_finite():
            return _range(value.lower().max(whole.lo), value.upper().min(whole.hi), False, False, total)
    return whole


def _wave(u: Range, shift: arb, total: bool) -> Range:
    """The sine of ``[lo + shift, hi + shift]`` by the extrema inside."""
    lo, hi = u.lo + shift, u.hi + shift
    left, right = (lo / arb.pi() - arb(0.5)).floor(), (hi / arb.pi() - arb(0.5)).floor()
    ends = [lo.sin(), hi.sin()]
    low, high = ends[0].min(ends[1]), ends[0].max(ends[1])
    if left.is_exact() and right.is_exact() and right - left <= 1:
        turning = bool(right - left == 1)
        upward = int(float(right.mid())) % 2 == 0  # the turning point inside is a maximum
        if turning:
            low, high = (low, arb(1)) if upward else (arb(-1), high)
        # an end at an exact zero of the sine, not attained: the range starts there, open
        at_zero = bool(shift == 0) and ((bool(lo == 0) and u.lo_open) or (bool(hi == 0) and u.hi_open))
        touches_low = at_zero and bool(low == 0) and not (turning and not upward)
        touches_high = at_zero and bool(high == 0) and not (turning and upward)
        return _range(low.max(arb(-1)), high.min(arb(1)), touches_low, touches_high, total)
    return _range(arb(-1), arb(1), False, False, total)


def _bessel_range(t: Term, u: Range, total: bool) -> Range:
    nu = t.args[0].value
    integer = nu is not None and nu.denominator == 1
    if t.op == "bessely" or not integer:
        total = total and u.sign == 1
    if t.op == "besselj" and nu is not None and (nu >= 0 or integer):
        return _range(arb(-1), arb(1), False, False, total)
    positive = t.op == "besseli" and u.sign == 1 and nu is not None and nu >= -1
    return Range(arb(0) if positive else NEG_INF, INF, positive, False, total)
