"""The range of each core function over an interval of arguments."""

from __future__ import annotations

from fractions import Fraction

from flint import arb

from intertwine.calculus.enclosure import Unclear, apply_function, ball
from intertwine.calculus.intervals import INF, NEG_INF, Range, magnitude, make_range, whole_line
from intertwine.terms import Term

# Limits at -oo and +oo of the increasing functions, and their domains.
_INCREASING: dict[str, tuple[arb, arb]] = {
    "exp": (arb(0), INF), "log": (NEG_INF, INF), "sinh": (NEG_INF, INF), "tanh": (arb(-1), arb(1)),
    "atan": (-arb(3217) / 2048, arb(3217) / 2048), "asinh": (NEG_INF, INF), "acosh": (arb(0), INF),
    "erf": (arb(-1), arb(1)), "cbrt": (NEG_INF, INF), "floor": (NEG_INF, INF), "LambertW": (arb(-1), INF),
}


def monotone(name: str, u: Range, total: bool) -> Range:
    """The range of an increasing function."""
    lo, hi = _monotone_end(name, u.lo, 0), _monotone_end(name, u.hi, 1)
    lo_open = u.lo_open or not u.lo.is_finite()
    hi_open = u.hi_open or not u.hi.is_finite()
    if name == "floor":
        if u.hi_open and u.hi.is_finite() and u.hi == u.hi.floor():
            hi = (hi - 1).max(lo)
        return make_range(lo, hi, False, False, total)
    edge = {"acosh": arb(1), "LambertW": arb(-36) / 100}.get(name)
    clipped = edge is not None and not u.lo >= edge  # the lower end is attained at the edge of the domain
    return make_range(lo, hi, lo_open and not clipped, hi_open, total)


def _monotone_end(name: str, v: arb, end: int) -> arb:
    """The value at an end, or the limit there."""
    if not v.is_finite():
        return _INCREASING[name][1 if v > 0 else 0]
    if name == "log" and v <= 0:
        return NEG_INF
    if name == "acosh" and v < 1:
        return arb(0)
    if name == "LambertW" and v < arb(-367) / 1000:
        return arb(-1) if end == 0 else arb(-9) / 10
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


def function_range(t: Term, u: Range, total: bool) -> Range:
    """The range of a core function of the last argument."""
    name = t.op
    try:
        if name == "Abs":
            m = magnitude(u)
            return Range(m.lo, m.hi, m.lo_open, m.hi_open, total)
        if name == "sign":
            if u.sign is not None:
                return make_range(arb(u.sign), arb(u.sign), False, False, total)
            return make_range(arb(0 if u.nonnegative else -1), arb(0 if u.hi <= 0 else 1), False, False, total)
        if name in _INCREASING:
            inside = {"log": u.sign == 1, "acosh": u.lo >= 1, "LambertW": u.lo >= arb(-36) / 100}
            return monotone(name, u, total and bool(inside.get(name, True)))
        if name == "cosh":
            m = magnitude(u)
            hi = m.hi.cosh() if m.hi.is_finite() else INF
            return make_range(m.lo.cosh().max(arb(1)), hi, m.lo_open, m.hi_open, total)
        if name in ("asin", "atanh"):
            return _inverse(name, u, total)
        return _special(t, u, total)
    except Unclear:
        return whole_line()


def _inverse(name: str, u: Range, total: bool) -> Range:
    if name == "asin":
        inside = u.lo >= -1 and u.hi <= 1
        if not inside:
            return make_range(-arb(3217) / 2048, arb(3217) / 2048, False, False, False)
        return make_range(u.lo.asin(), u.hi.asin(), u.lo_open and bool(u.lo == 0), u.hi_open and bool(u.hi == 0), total)
    inside = (u.lo > -1 or (u.lo >= -1 and u.lo_open)) and (u.hi < 1 or (u.hi <= 1 and u.hi_open))
    if not inside:
        return whole_line()
    lo, hi = (NEG_INF if u.lo == -1 else u.lo.atanh()), (INF if u.hi == 1 else u.hi.atanh())
    return make_range(lo, hi, u.lo_open and bool(u.lo == 0), u.hi_open and bool(u.hi == 0), total)


def _special(t: Term, u: Range, total: bool) -> Range:
    name = t.op
    if name == "tan":
        small = u.bounded and abs(u.lo) < 1.5 and abs(u.hi) < 1.5
        zero = u.lo_open and bool(u.lo == 0), u.hi_open and bool(u.hi == 0)
        return make_range(u.lo.tan(), u.hi.tan(), *zero, total) if small else whole_line()
    if name in ("gamma", "loggamma"):
        if u.sign != 1:
            return whole_line()
        return make_range(arb(22) / 25 if name == "gamma" else arb(-1) / 8, INF, False, False, total)
    if name in ("besselj", "besseli", "bessely"):
        return _bessel_range(t, u, total)
    if name == "Ci":
        return whole_line(total and u.sign == 1)
    if name == "airyai" and u.nonnegative:
        return make_range(arb(0), arb(36) / 100, True, False, total)
    if name == "airybi" and u.nonnegative:
        return make_range(arb(61) / 100, INF, False, False, total)
    if name in ("sin", "cos") and u.bounded:
        return _wave(u, arb(0) if name == "sin" else arb.pi() / 2, total)
    bound = _BOUNDS.get(name)
    whole = whole_line(total) if bound is None else make_range(-ball(bound), ball(bound), False, False, total)
    if name in _ENTIRE and u.bounded:
        value = apply_function(Term(name), [u.lo.union(u.hi)])
        if value.is_finite():
            return make_range(value.lower().max(whole.lo), value.upper().min(whole.hi), False, False, total)
    return whole


def _wave(u: Range, shift: arb, total: bool) -> Range:
    """The sine of ``[lo + shift, hi + shift]`` by the extrema inside."""
    lo, hi = u.lo + shift, u.hi + shift
    left, right = (lo / arb.pi() - arb(0.5)).floor(), (hi / arb.pi() - arb(0.5)).floor()
    ends = [lo.sin(), hi.sin()]
    low, high = ends[0].min(ends[1]), ends[0].max(ends[1])
    if left.is_exact() and right.is_exact() and right - left <= 1:
        turning = bool(right - left == 1)
        index = right.unique_fmpz()
        upward = index is not None and int(index) % 2 == 0  # the turning point inside is a maximum
        if turning:
            low, high = (low, arb(1)) if upward else (arb(-1), high)
        # an end at an exact zero of the sine, not attained: the range starts there, open
        at_zero = bool(shift == 0) and ((bool(lo == 0) and u.lo_open) or (bool(hi == 0) and u.hi_open))
        touches_low = at_zero and bool(low == 0) and not (turning and not upward)
        touches_high = at_zero and bool(high == 0) and not (turning and upward)
        return make_range(low.max(arb(-1)), high.min(arb(1)), touches_low, touches_high, total)
    return make_range(arb(-1), arb(1), False, False, total)


def _bessel_range(t: Term, u: Range, total: bool) -> Range:
    nu = t.args[0].value
    integer = nu is not None and nu.denominator == 1
    if t.op == "bessely" or not integer:
        total = total and u.sign == 1
    if t.op == "besselj" and nu is not None and (nu >= 0 or integer):
        return make_range(arb(-1), arb(1), False, False, total)
    positive = t.op == "besseli" and u.sign == 1 and nu is not None and nu >= -1
    return Range(arb(0) if positive else NEG_INF, INF, positive, False, total)
