"""An independent evaluator of terms: mpmath only, and nothing of the package but ``Term``.

``evaluate`` says what an expression *means* at a point. It follows the definition of the
language, one line per operation, and shares no code with the solver, so tests can hold
the solver against it.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath

from intertwine.terms import Term


class _Undefined(Exception):
    pass


# Binary magnitude of the argument up to which mpmath answers in reasonable time.
_TRIGONOMETRIC = {"sin", "cos", "tan", "cot", "sec", "csc", "sinc", "floor", "ceiling", "frac", "Mod"}
_EXPONENTIAL = {"exp", "sinh", "cosh", "tanh", "coth", "sech", "csch"}
_SPECIAL = {
    "erf", "erfc", "gamma", "loggamma", "besselj", "bessely", "besseli", "airyai", "airybi",
    "Si", "Ci", "fresnels", "fresnelc",
}  # fmt: skip
_REACH = dict.fromkeys(_TRIGONOMETRIC, 4000) | dict.fromkeys(_EXPONENTIAL, 300) | dict.fromkeys(_SPECIAL, 20)


def evaluate(term: Term, x: Any, digits: int = 30) -> Any:
    """The value of a term at a real point, or None where the literal expression is undefined.

    Parameters
    ----------
    term
        A term of numbers (the value is an ``mpf``) or a condition (the value is a ``bool``).
    x
        An int, Fraction, float, decimal text or mpf.
    digits
        Correct digits wanted. The computation carries 15 more, so heavy cancellation can
        still eat some; raise ``digits`` to find out.

    Notes
    -----
    Where a literal subexpression is undefined the value is None, also at a removable
    singularity (``x/x`` at 0).

    Raises
    ------
    OverflowError
        If a function would have to be computed at an argument that mpmath cannot take.
    """
    with mpmath.workdps(digits + 15):
        value = _real(x)
        try:
            return _Evaluator(value).run(term)
        except _Undefined:
            return None


def _real(value: Any) -> Any:
    if isinstance(value, Fraction):
        return mpmath.mpf(value.numerator) / value.denominator
    return mpmath.mpf(value)


class _Evaluator:
    def __init__(self, x: Any) -> None:
        self.x = x
        self.memo: dict[int, Any] = {}

    def run(self, term: Term) -> Any:
        key = id(term)
        if key not in self.memo:
            self.memo[key] = self.compute(term)
        return self.memo[key]

    def compute(self, term: Term) -> Any:
        op = term.op
        if op == "num":
            assert term.value is not None
            return _real(term.value)
        if op == "x":
            return self.x
        if op == "pi":
            return +mpmath.pi
        if op == "E":
            return +mpmath.e
        if op in ("true", "false"):
            return op == "true"
        if op == "piecewise":
            for value, condition in zip(term.args[::2], term.args[1::2], strict=True):
                if self.run(condition):
                    return self.run(value)
            raise _Undefined
        if op == "pow":
            return self.power(term)
        if op in ("and", "or"):
            return self.connective(term)
        args = [self.run(a) for a in term.args]
        reach(args, _REACH.get(op))
        try:
            result = _OPERATIONS[op](*args)
        except (mpmath.libmp.NoConvergence, ValueError) as error:
            raise OverflowError(f"mpmath gives up on {op} at {args}") from error
        if isinstance(result, mpmath.mpc):
            if abs(result.imag) > mpmath.mpf(10) ** (-mpmath.mp.dps // 2) * (1 + abs(result.real)):
                raise _Undefined
            result = result.real
        if not isinstance(result, bool) and not mpmath.isfinite(result):
            raise _Undefined
        return result

    def connective(self, term: Term) -> bool:
        """One false operand settles an "and", one true operand an "or", whatever else is undefined."""
        decisive = term.op == "or"
        undefined = False
        for a in term.args:
            try:
                if self.run(a) is decisive:
                    return decisive
            except _Undefined:
                undefined = True
        need(not undefined)
        return not decisive

    def power(self, term: Term) -> Any:
        base, exponent = self.run(term.args[0]), self.run(term.args[1])
        literal = term.args[1].value
        if literal is not None and literal.denominator == 1:
            n = literal.numerator
            if n < 0:
                need(base != 0)
            reach([n * mpmath.mag(base) if base else 0], 60)
            return base**n
        if term.args[1].has_x:
            need(base > 0)
            return exponential(exponent * mpmath.log(base))
        # A constant exponent that is not a literal is an integer only by luck of its spelling.
        if literal is None and abs(exponent - mpmath.nint(exponent)) < mpmath.mpf(10) ** (10 - mpmath.mp.dps):
            reach([exponent, exponent * mpmath.mag(base) if base else 0], 30)
            n = int(mpmath.nint(exponent))
            need(n >= 0 or base != 0)
            return base**n
        need(base > 0 or (base == 0 and exponent > 0))
        return mpmath.mpf(0) if base == 0 else exponential(exponent * mpmath.log(base))


def need(condition: Any) -> None:
    if not condition:
        raise _Undefined


def reach(args: list[Any], limit: int | None) -> None:
    if limit is not None and any(a and mpmath.mag(a) > limit for a in args):
        raise OverflowError(f"an argument beyond 2**{limit}")


def exponential(u: Any) -> Any:
    reach([u], _REACH["exp"])
    return mpmath.exp(u)


def _total(*args: Any) -> Any:
    return mpmath.fsum(args)


def _product(*args: Any) -> Any:
    return mpmath.fprod(args)


def _quotient(a: Any, b: Any) -> Any:
    need(b != 0)
    return a / b


def _within(f: Any, inside: Any) -> Any:
    def g(u: Any) -> Any:
        need(inside(u))
        return f(u)

    return g


def _reciprocal(f: Any) -> Any:
    return lambda u: _quotient(1, f(u))


def _acot(u: Any) -> Any:
    return mpmath.pi / 2 if u == 0 else mpmath.atan(1 / u)


def _frac(u: Any) -> Any:
    return u - mpmath.floor(u)


def _mod(a: Any, b: Any) -> Any:
    return a - b * mpmath.floor(_quotient(a, b))


def _step(u: Any) -> Any:
    return mpmath.mpf(1) if u > 0 else mpmath.mpf(0) if u < 0 else mpmath.mpf(1) / 2


def _cbrt(u: Any) -> Any:
    return mpmath.sign(u) * mpmath.cbrt(abs(u))


def _bessel_first(f: Any) -> Any:
    def g(order: Any, u: Any) -> Any:
        if not mpmath.isint(order):
            need(u > 0 or (u == 0 and order > 0))
        return f(order, u)

    return g


def _bessely(order: Any, u: Any) -> Any:
    need(u > 0)
    return mpmath.bessely(order, u)


def _integer_at_most_zero(u: Any) -> bool:
    return bool(u <= 0 and mpmath.isint(u))


_OPERATIONS: dict[str, Any] = {
    "add": _total,
    "mul": _product,
    "lt": lambda a, b: bool(a < b),
    "le": lambda a, b: bool(a <= b),
    "eq": lambda a, b: bool(a == b),
    "ne": lambda a, b: bool(a != b),
    "not": lambda a: not a,
    "exp": mpmath.exp,
    "log": _within(mpmath.log, lambda u: u > 0),
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": lambda u: _quotient(mpmath.sin(u), mpmath.cos(u)),
    "cot": lambda u: _quotient(mpmath.cos(u), mpmath.sin(u)),
    "sec": _reciprocal(mpmath.cos),
    "csc": _reciprocal(mpmath.sin),
    "asin": _within(mpmath.asin, lambda u: abs(u) <= 1),
    "acos": _within(mpmath.acos, lambda u: abs(u) <= 1),
    "atan": mpmath.atan,
    "acot": _acot,
    "asec": _within(lambda u: mpmath.acos(1 / u), lambda u: abs(u) >= 1),
    "acsc": _within(lambda u: mpmath.asin(1 / u), lambda u: abs(u) >= 1),
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "coth": lambda u: _quotient(1, mpmath.tanh(u)),
    "sech": _reciprocal(mpmath.cosh),
    "csch": _reciprocal(mpmath.sinh),
    "asinh": mpmath.asinh,
    "acosh": _within(mpmath.acosh, lambda u: u >= 1),
    "atanh": _within(mpmath.atanh, lambda u: abs(u) < 1),
    "acoth": _within(lambda u: mpmath.atanh(1 / u), lambda u: abs(u) > 1),
    "asech": _within(lambda u: mpmath.acosh(1 / u), lambda u: 0 < u <= 1),
    "acsch": _within(lambda u: mpmath.asinh(1 / u), lambda u: u != 0),
    "erf": mpmath.erf,
    "erfc": mpmath.erfc,
    "sinc": mpmath.sinc,
    "gamma": _within(mpmath.gamma, lambda u: not _integer_at_most_zero(u)),
    "loggamma": _within(mpmath.loggamma, lambda u: u > 0),
    "LambertW": _within(mpmath.lambertw, lambda u: u >= -mpmath.exp(-1)),
    "besselj": _bessel_first(mpmath.besselj),
    "besseli": _bessel_first(mpmath.besseli),
    "bessely": _bessely,
    "airyai": mpmath.airyai,
    "airybi": mpmath.airybi,
    "Si": mpmath.si,
    "Ci": _within(mpmath.ci, lambda u: u > 0),
    "fresnels": mpmath.fresnels,
    "fresnelc": mpmath.fresnelc,
    "Abs": abs,
    "sign": mpmath.sign,
    "Heaviside": _step,
    "floor": mpmath.floor,
    "ceiling": mpmath.ceil,
    "frac": _frac,
    "Mod": _mod,
    "Max": max,
    "Min": min,
    "cbrt": _cbrt,
}
