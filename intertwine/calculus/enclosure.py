"""Rigorous values of a term at an exact point, by ball arithmetic (python-flint's ``arb``)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

from flint import arb, ctx, fmpq

from intertwine.calculus.core import to_core
from intertwine.terms import Term

_PRECISION_LOCK = threading.RLock()  # flint keeps one working precision per process
PRECISIONS = (64, 160, 512, 2048, 8192)


class UndefinedAt(Exception):
    """The term is not defined at the point: proved."""


class Unclear(Exception):
    """The enclosure is too wide to tell; more bits may help."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Work with ``bits`` bits in ball arithmetic, in this thread, until the block ends."""
    with _PRECISION_LOCK:
        before = ctx.prec
        ctx.prec = bits
        try:
            yield
        finally:
            ctx.prec = before


def ball(value: Fraction) -> arb:
    """A rational as a ball at the working precision."""
    return arb(fmpq(value.numerator, value.denominator))


def _finite(value: arb) -> arb:
    if not value.is_finite():
        raise Unclear
    return value


def _within(ok: bool, bad: bool) -> None:
    if not ok:
        raise UndefinedAt if bad else Unclear


class Evaluator:
    """Values of core terms at one point and one precision, shared subterms computed once."""

    def __init__(self, point: Fraction | arb) -> None:
        self.x = ball(point) if isinstance(point, Fraction) else point
        self.memo: dict[Term, arb] = {}

    def value(self, t: Term) -> arb:
        """The enclosure of ``t``; :class:`UndefinedAt` or :class:`Unclear` otherwise."""
        known = self.memo.get(t)
        if known is None:
            known = self.memo[t] = _finite(self._value(t))
        return known

    def _value(self, t: Term) -> arb:
        op = t.op
        if op == "x":
            return self.x
        if t.value is not None:
            return ball(t.value)
        if op == "pi":
            return arb.pi()
        if op == "E":
            return arb.const_e()
        if t.is_parameter:
            raise Unclear  # its value is not known
        if op == "piecewise":
            return self._piecewise(t)
        if op == "pow":
            return self._power(t)
        args = self._arguments(t)
        if op == "add":
            total = args[0]
            for a in args[1:]:
                total = total + a
            return total
        if op == "mul":
            total = args[0]
            for a in args[1:]:
                total = total * a
            return total
        return apply_function(t, args)

    def _arguments(self, t: Term) -> list[arb]:
        """Arguments; one that is undefined wins over one that is unclear."""
        values: list[arb] = []
        unclear = False
        for a in t.args:
            try:
                values.append(self.value(a))
            except Unclear:
                unclear = True
        if unclear:
            raise Unclear
        return values

    def _piecewise(self, t: Term) -> arb:
        for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
            if self.truth(condition):
                return self.value(value)
        raise UndefinedAt

    def truth(self, c: Term) -> bool:
        """A condition, decided rigorously."""
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not self.truth(c.args[0])
        if c.op in ("and", "or"):
            return self._connective(c)
        difference = self.value(c.args[0]) - self.value(c.args[1])
        positive, negative, zero = difference > 0, difference < 0, difference == 0
        if not (positive or negative or zero):
            if c.op == "le" and difference <= 0:
                return True
            if c.op == "lt" and difference >= 0:
                return False
            raise Unclear
        return bool({"lt": negative, "le": negative or zero, "eq": zero, "ne": not zero}[c.op])

    def _connective(self, c: Term) -> bool:
        """One false operand settles an "and", one true operand an "or", whatever else is undefined."""
        decisive = c.op == "or"
        unclear = undefined = False
        for a in c.args:
            try:
                if self.truth(a) is decisive:
                    return decisive
            except Unclear:
                unclear = True
            except UndefinedAt:
                undefined = True
        if unclear:
            raise Unclear
        if undefined:
            raise UndefinedAt
        return not decisive

    def _power(self, t: Term) -> arb:
        base, exponent = t.args
        r = exponent.value
        u = self.value(base)
        if r is not None and r.denominator == 1:
            _within(r >= 0 or bool(u != 0), bool(u == 0))
            return u ** int(r) if abs(r) < 10**6 else _general_integer_power(u, int(r))
        if exponent.has_x:
            e = self.value(exponent)
            _within(bool(u > 0), bool(u <= 0))
            return (e * u.log()).exp()
        e = self.value(exponent)
        if r is None and not u >= 0 and e.contains_integer():
            raise Unclear  # an exponent that may be an integer in disguise
        if u == 0:
            _within(bool(e > 0), bool(e <= 0))
            return arb(0)
        _within(bool(u > 0), bool(u < 0))
        if r is not None and r.denominator == 2:
            return u.sqrt() ** r.numerator
        return (e * u.log()).exp()


def _general_integer_power(u: arb, n: int) -> arb:
    if u == 0:
        return arb(0)
    _within(bool(u != 0), False)
    magnitude = (abs(u).log() * n).exp()
    return magnitude if n % 2 == 0 or u > 0 else -magnitude


def apply_function(t: Term, args: list[arb]) -> arb:
    """A core function on balls."""
    u = args[-1]
    match t.op:
        case "exp":
            return u.exp()
        case "log":
            _within(bool(u > 0), bool(u <= 0))
            return u.log()
        case "asin":
            _within(bool(abs(u) <= 1), bool(abs(u) > 1))
            return u.asin()
        case "acosh":
            _within(bool(u >= 1), bool(u < 1))
            return u.acosh()
        case "atanh":
            _within(bool(abs(u) < 1), bool(abs(u) >= 1))
            return u.atanh()
        case "LambertW":
            branch = -(arb(-1).exp())
            _within(bool(u >= branch), bool(u < branch))
            return u.lambertw()
        case "gamma":
            if u.is_exact() and u <= 0 and u == u.floor():
                raise UndefinedAt
            return u.gamma()
        case "digamma":
            if u.is_exact() and u <= 0 and u == u.floor():
                raise UndefinedAt
            return u.digamma()
        case "loggamma":
            _within(bool(u > 0), bool(u <= 0))
            return u.lgamma()
        case "Ci":
            _within(bool(u > 0), bool(u <= 0))
            return u.ci()
        case "besselj" | "besseli" | "bessely":
            return _bessel(t, args[0], u)
        case "sign":
            return _sign(u)
        case "Abs":
            return abs(u)
        case "Max":
            best = args[0]
            for a in args[1:]:
                best = best.max(a)
            return best
        case "cbrt":
            if u == 0:
                return arb(0)
            if u > 0:
                return u.root(3)
            if u < 0:
                return -((-u).root(3))
            raise Unclear
        case "fresnels":
            return u.fresnel_s()
        case "fresnelc":
            return u.fresnel_c()
        case "airyai":
            return u.airy_ai()
        case "airybi":
            return u.airy_bi()
        case "airyaiprime":
            return u.airy_ai(derivative=1)
        case "airybiprime":
            return u.airy_bi(derivative=1)
        case "Si":
            return u.si()
    value: arb = getattr(u, t.op)()
    return value


def _sign(u: arb) -> arb:
    if u > 0:
        return arb(1)
    if u < 0:
        return arb(-1)
    if u == 0:
        return arb(0)
    raise Unclear


def _bessel(t: Term, order: arb, u: arb) -> arb:
    nu = t.args[0].value
    entire = nu is not None and nu.denominator == 1 and t.op != "bessely"
    if not entire:
        if u == 0 and t.op != "bessely" and nu is not None and nu > 0:
            return arb(0)
        _within(bool(u > 0), bool(u <= 0))
    if entire and u == 0:
        return arb(1 if nu == 0 else 0)
    return {"besselj": u.bessel_j, "besseli": u.bessel_i, "bessely": u.bessel_y}[t.op](order)


def enclose(term: Term, point: Fraction | arb, bits: int) -> arb:
    """The value of a core term at a point, as a ball, with ``bits`` bits of working precision.

    Raises
    ------
    UndefinedAt
        The term is provably undefined at the point.
    Unclear
        The balls are too wide to decide a branch or a domain condition.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from intertwine.terms import X, apply
    >>> print(enclose(apply("exp", X), Fraction(1), 64).str(12))
    [2.71828182846 +/- ...]
    """
    with precision(bits):
        return Evaluator(point).value(term)


def sign_at(term: Term, point: Fraction) -> int | None:
    """The sign at a point where it can be proved, else None; :class:`UndefinedAt` passes."""
    core = to_core(term)
    for bits in PRECISIONS:
        try:
            v = enclose(core, point, bits)
        except Unclear:
            continue
        if v > 0:
            return 1
        if v < 0:
            return -1
        if v == 0:
            return 0
    return None
