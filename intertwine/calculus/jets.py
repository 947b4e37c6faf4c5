"""Values and derivatives of a term over a whole ball of points: Taylor coefficients as ``arb`` series."""

from __future__ import annotations

from fractions import Fraction

from flint import arb, arb_series, ctx

from intertwine.calculus.enclosure import Unclear, UndefinedAt, ball, precision
from intertwine.terms import Term

ORDER = 3
_PLAIN = ("exp", "sin", "cos", "tan", "atan", "asin", "erf", "gamma")
_SERIES = {name: name for name in _PLAIN} | {
    "LambertW": "lambertw", "loggamma": "lgamma", "Si": "si", "Ci": "ci", "fresnels": "fresnel_s",
    "fresnelc": "fresnel_c", "airyai": "airy_ai", "airybi": "airy_bi",
}  # fmt: skip


class Jets:
    """Series in ``h`` of core terms at ``x + h`` for every ``x`` in a ball; breaks must not meet the ball."""

    def __init__(self, point: arb) -> None:
        self.x = arb_series([point, 1], ORDER)
        self.memo: dict[Term, arb_series] = {}

    def of(self, t: Term) -> arb_series:
        """The series of a subterm.

        Raises
        ------
        Unclear
            A break or an edge of the domain may lie in the ball, or the function has no series here.
        """
        known = self.memo.get(t)
        if known is None:
            known = self.memo[t] = self._of(t)
        return known

    def _of(self, t: Term) -> arb_series:
        if t.op == "x":
            return self.x
        if t.value is not None:
            return _constant(ball(t.value))
        if t.op == "pi":
            return _constant(arb.pi())
        if t.op == "E":
            return _constant(arb.const_e())
        if t.op == "piecewise":
            return self._piecewise(t)
        args = [self.of(a) for a in t.args]
        if t.op == "add":
            return _total(args)
        if t.op == "mul":
            product = args[0]
            for a in args[1:]:
                product = product * a
            return product
        if t.op == "pow":
            return _power(t, args)
        if t.op in ("besselj", "bessely", "besseli"):
            return _bessel(t, args[1])
        return _function(t.op, args)

    def _piecewise(self, t: Term) -> arb_series:
        for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
            if self.truth(condition):
                return self.of(value)
        raise UndefinedAt

    def truth(self, c: Term) -> bool:
        """A condition that holds at every point of the ball, or at none."""
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not self.truth(c.args[0])
        if c.op in ("and", "or"):
            values = [self.truth(a) for a in c.args]
            return all(values) if c.op == "and" else any(values)
        d = _head(self.of(c.args[0])) - _head(self.of(c.args[1]))
        if not (d > 0 or d < 0):
            raise Unclear
        return bool({"lt": d < 0, "le": d < 0, "eq": False, "ne": True}[c.op])


def _constant(value: arb) -> arb_series:
    return arb_series([value], ORDER)


def _total(args: list[arb_series]) -> arb_series:
    total = args[0]
    for a in args[1:]:
        total = total + a
    return total


def _head(s: arb_series) -> arb:
    value: arb = s[0]
    return value


def _strict(s: arb_series) -> int:
    value = _head(s)
    if value > 0:
        return 1
    if value < 0:
        return -1
    raise Unclear


def _power(t: Term, args: list[arb_series]) -> arb_series:
    base, r = args[0], t.args[1].value
    if r is not None and r.denominator == 1 and abs(r) <= 64:
        if r < 0:
            _strict(base)
        whole: arb_series = base ** int(r) if r >= 0 else _constant(arb(1)) / base ** int(-r)
        return whole
    if _strict(base) < 0:
        raise Unclear
    return (args[1] * base.log()).exp()


def _function(op: str, args: list[arb_series]) -> arb_series:
    u = args[-1]
    if op in ("Abs", "sign"):
        s = _strict(u)
        return _constant(arb(s)) if op == "sign" else u * s
    if op == "Max":
        best = args[0]
        for a in args[1:]:
            best = best if _strict(best - a) > 0 else a
        return best
    if op == "floor":
        value = _head(u).floor()
        if not value.is_exact():
            raise Unclear
        return _constant(value)
    if op == "log":
        if _strict(u) < 0:
            raise UndefinedAt
        return u.log()
    if op == "asin" and not abs(_head(u)) < 1:
        raise Unclear
    lower = {"gamma": arb(0), "LambertW": arb(-36) / 100, "loggamma": arb(0), "Ci": arb(0)}.get(op)
    if lower is not None and not _head(u) > lower:
        raise Unclear
    if op in _SERIES:
        result: arb_series = getattr(u, _SERIES[op])()
        return result
    if op in ("sinh", "cosh", "tanh"):
        e, f = u.exp(), (-u).exp()
        if op == "tanh":
            return (e - f) / (e + f)
        half: arb_series = (e + f if op == "cosh" else e - f) / 2
        return half
    if op in ("asinh", "acosh", "atanh"):
        return _area(op, u)
    if op == "sinc":
        _strict(u)
        return u.sin() / u
    if op == "cbrt":
        s = _strict(u)
        return ((u * s).log() / 3).exp() * s
    raise Unclear


def _area(op: str, u: arb_series) -> arb_series:
    """The inverse hyperbolic functions by their logarithms."""
    one = _constant(arb(1))
    head = _head(u)
    if (op == "acosh" and not head > 1) or (op == "atanh" and not abs(head) < 1):
        raise Unclear
    if op == "atanh":
        half: arb_series = ((one + u).log() - (one - u).log()) / 2
        return half
    root = (u * u + (1 if op == "asinh" else -1)).sqrt()
    if op == "asinh" and head < 0:
        return -((root - u).log())
    return (u + root).log()


def _bessel(t: Term, u: arb_series) -> arb_series:
    """A Bessel function composed with a series, by its first two derivatives."""
    nu = t.args[0].value
    x = _head(u)
    if nu is None or (nu.denominator != 1 and not x > 0):
        raise Unclear
    name = {"besselj": "bessel_j", "bessely": "bessel_y", "besseli": "bessel_i"}[t.op]
    if t.op == "bessely" and not x > 0:
        raise Unclear
    f = [getattr(x, name)(ball(nu + k)) for k in (-2, -1, 0, 1, 2)]
    sign = 1 if t.op == "besseli" else -1
    first = (f[1] + sign * f[3]) / 2
    second = (f[0] + 2 * sign * f[2] + f[4]) / 4
    step = u - _constant(x)
    series: arb_series = _constant(f[2]) + step * first + step * step * (second / 2)
    return series


def derivatives_at(t: Term, point: Fraction, bits: int) -> tuple[arb, arb, arb]:
    """Value, first and second derivative at a point at which the term is smooth.

    Raises
    ------
    Unclear, UndefinedAt
        A break or an edge of the domain is too near, or the function has no series here.

    Examples
    --------
    >>> from intertwine.terms import X
    >>> derivatives_at(X**3, Fraction(2), 64)
    (8.00000000000000, 12.0000000000000, 12.0000000000000)
    """
    with precision(bits):
        before, ctx.cap = ctx.cap, ORDER
        try:
            s = Jets(ball(point)).of(t)
            values = s[0], s[1], 2 * s[2]
        except ValueError as error:  # flint refuses to divide
            raise Unclear from error
        finally:
            ctx.cap = before
    if not all(v.is_finite() for v in values):
        raise Unclear
    return values


def log_derivative_slope(t: Term, low: Fraction, high: Fraction, bits: int = 96) -> int | None:
    """The strict sign on ``[low, high]`` of the derivative of ``q = x t'/t``, if it is proved.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> log_derivative_slope(apply("exp", X), Fraction(1), Fraction(9, 8))
    1
    """
    with precision(bits):
        before, ctx.cap = ctx.cap, ORDER
        try:
            point = ball(low).union(ball(high))
            s = Jets(point).of(t)
            v, first, second = s[0], s[1], 2 * s[2]
            _strict(s)
            slope = (first + point * second) / v - point * (first / v) ** 2
        except (Unclear, UndefinedAt, ValueError):  # ValueError: flint refuses to divide
            return None
        finally:
            ctx.cap = before
    return 1 if slope > 0 else -1 if slope < 0 else None
