"""The functions of the expression language: each name, how many arguments, what it builds."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from intertwine.terms import FALSE, ONE, PI, TRUE, E, Term, apply, num, piecewise, power


class Function(NamedTuple):
    """A function of numbers (or of conditions): argument count and what it builds.

    ``build`` raises ``ValueError`` with a short phrase for arguments it cannot take.
    """

    fewest: int
    most: int | None
    build: Callable[..., Term]

    @property
    def arity(self) -> str:
        """The number of arguments in words."""
        if self.most is None:
            return f"{self.fewest} or more arguments"
        if self.most != self.fewest:
            return f"{self.fewest} to {self.most} arguments"
        return "1 argument" if self.most == 1 else f"{self.most} arguments"


def _plain(op: str) -> Callable[..., Term]:
    return lambda *args: apply(op, *args)


def _extremum(op: str) -> Callable[..., Term]:
    return lambda *args: args[0] if len(args) == 1 else apply(op, *args)


def _log(u: Term, base: Term | None = None) -> Term:
    return apply("log", u) if base is None else apply("log", u) / apply("log", base)


def _root(u: Term, n: Term) -> Term:
    if n.value == 0:
        raise ValueError("a root of order 0")
    return power(u, power(n, num(-1)))


def _rational(p: Term, q: Term = ONE) -> Term:
    if p.value is None or q.value is None:
        raise ValueError("Rational of something that is not a literal number")
    if q.value == 0:
        raise ValueError("a division by zero")
    return num(p.value / q.value)


def _heaviside(u: Term, at_zero: Term | None = None) -> Term:
    if at_zero is None:
        return apply("Heaviside", u)
    return piecewise((num(0), apply("lt", u, num(0))), (at_zero, apply("eq", u, num(0))), (ONE, TRUE))


def _bessel(op: str) -> Callable[[Term, Term], Term]:
    def build(order: Term, u: Term) -> Term:
        if order.value is None:
            raise ValueError(f"{op} of an order that is not a rational number")
        return apply(op, order, u)

    return build


_UNARY = (
    "exp sin cos tan cot sec csc asin acos atan acot asec acsc sinh cosh tanh coth sech csch "
    "asinh acosh atanh acoth asech acsch erf erfc sinc gamma loggamma LambertW airyai airybi Si Ci "
    "fresnels fresnelc Abs sign floor ceiling frac cbrt"
).split()

FUNCTIONS: dict[str, Function] = {
    **{name: Function(1, 1, _plain(name)) for name in _UNARY},
    "log": Function(1, 2, _log),
    "log1p": Function(1, 1, lambda u: apply("log", 1 + u)),
    "expm1": Function(1, 1, lambda u: apply("exp", u) - 1),
    "sqrt": Function(1, 1, lambda u: power(u, num(1, 2))),
    "root": Function(2, 2, _root),
    "Rational": Function(1, 2, _rational),
    "Heaviside": Function(1, 2, _heaviside),
    "Mod": Function(2, 2, _plain("Mod")),
    "Max": Function(1, None, _extremum("Max")),
    "Min": Function(1, None, _extremum("Min")),
    **{name: Function(2, 2, _bessel(name)) for name in ("besselj", "bessely", "besseli")},
}
_SPELLINGS = {
    "ln": "log", "ceil": "ceiling", "abs": "Abs", "ABS": "Abs", "max": "Max", "MAX": "Max", "min": "Min", "MIN": "Min",
    **{f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "cot", "sec", "csc")},
    **{f"arc{name}": f"a{name}" for name in ("sinh", "cosh", "tanh", "coth", "sech", "csch")},
}  # fmt: skip
FUNCTIONS.update({spelling: FUNCTIONS[name] for spelling, name in _SPELLINGS.items()})

# Functions of numbers whose value is a condition.
RELATIONS: dict[str, Function] = {
    "Lt": Function(2, 2, _plain("lt")),
    "Le": Function(2, 2, _plain("le")),
    "Gt": Function(2, 2, lambda a, b: apply("lt", b, a)),
    "Ge": Function(2, 2, lambda a, b: apply("le", b, a)),
    "Eq": Function(2, 2, _plain("eq")),
    "Ne": Function(2, 2, _plain("ne")),
}
# Functions of conditions.
CONNECTIVES: dict[str, Function] = {
    "And": Function(1, None, lambda *args: args[0] if len(args) == 1 else apply("and", *args)),
    "Or": Function(1, None, lambda *args: args[0] if len(args) == 1 else apply("or", *args)),
    "Not": Function(1, 1, _plain("not")),
}
CONSTANTS: dict[str, Term] = {"pi": PI, "E": E, "True": TRUE, "False": FALSE, "otherwise": TRUE}
