"""Real constants as text: the language of activations without the variable, read into SymPy."""

from __future__ import annotations

import sympy as sp

from intertwine.errors import ExpressionError, IntertwineError
from intertwine.groups.exact import as_exact
from intertwine.terms import Term

_FUNCTIONS = (
    "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
    "gamma", "LambertW", "Abs", "erf", "erfc",
)  # fmt: skip


def parse_constant(text: str) -> sp.Expr:
    """An exact real constant written as text.

    Raises
    ------
    IntertwineError
        If the text cannot be read, depends on x, or is not a real number.

    Examples
    --------
    >>> parse_constant("-exp(pi*sqrt(2))")
    -exp(sqrt(2)*pi)
    """
    from intertwine.parsing import parse_term

    term = parse_term(text)
    if term.has_x:
        raise ExpressionError(f"{text!r} is not a constant: it depends on x")
    return as_exact(constant_to_sympy(term))


def constant_to_sympy(term: Term) -> sp.Expr:
    """A term without the variable as a SymPy number.

    Examples
    --------
    >>> from intertwine.terms import PI, num
    >>> constant_to_sympy(num(3) ** num(1, 2) * PI)
    sqrt(3)*pi
    """
    memo: dict[Term, sp.Expr] = {}
    for node in term.walk():
        memo[node] = _convert(node, [memo[a] for a in node.args])
    return memo[term]


def _convert(node: Term, args: list[sp.Expr]) -> sp.Expr:
    if node.value is not None:
        return sp.Rational(node.value.numerator, node.value.denominator)
    if node.op == "pi":
        return sp.pi
    if node.op == "E":
        return sp.E
    if node.op == "add":
        return sp.Add(*args)
    if node.op == "mul":
        return sp.Mul(*args)
    if node.op == "pow":
        _check_power(node, *args)
        return args[0] ** args[1]
    if node.op == "cbrt":
        return sp.sign(args[0]) * sp.Abs(args[0]) ** sp.Rational(1, 3)
    if node.op in _FUNCTIONS and len(args) == 1:
        return getattr(sp, node.op)(args[0])
    raise IntertwineError(f"{node} cannot be used as an exact real number")


def _check_power(node: Term, base: sp.Expr, exponent: sp.Expr) -> None:
    if isinstance(base, sp.Rational) and isinstance(exponent, sp.Rational):
        size = max(abs(int(base.p)), int(base.q)).bit_length() * abs(float(exponent))
        if base != 1 and base != -1 and size > 1 << 18:
            raise IntertwineError(f"{node} is too large to be used as an exact number")
