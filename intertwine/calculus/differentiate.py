"""The derivative of a smooth core term, as a term."""

from __future__ import annotations

from collections.abc import Callable

from intertwine.terms import ONE, PI, ZERO, Term, add, apply, mul, neg, num, power


class NoDerivative(Exception):
    """The term has a break, or a function whose derivative is not in the language."""


def _inverse(u: Term) -> Term:
    return power(u, num(-1))


_RULES: dict[str, Callable[[Term], Term]] = {
    "exp": lambda u: apply("exp", u),
    "log": _inverse,
    "sin": lambda u: apply("cos", u),
    "cos": lambda u: neg(apply("sin", u)),
    "tan": lambda u: ONE + power(apply("tan", u), num(2)),
    "asin": lambda u: power(ONE - power(u, num(2)), num(-1, 2)),
    "atan": lambda u: _inverse(ONE + power(u, num(2))),
    "sinh": lambda u: apply("cosh", u),
    "cosh": lambda u: apply("sinh", u),
    "tanh": lambda u: power(apply("cosh", u), num(-2)),
    "asinh": lambda u: power(ONE + power(u, num(2)), num(-1, 2)),
    "acosh": lambda u: power(power(u, num(2)) - 1, num(-1, 2)),
    "atanh": lambda u: _inverse(ONE - power(u, num(2))),
    "erf": lambda u: mul(num(2), power(PI, num(-1, 2)), apply("exp", neg(power(u, num(2))))),
    "LambertW": lambda u: _inverse(u + apply("exp", apply("LambertW", u))),
    "Si": lambda u: apply("sinc", u),
    "Ci": lambda u: apply("cos", u) / u,
    "fresnels": lambda u: apply("sin", PI * power(u, num(2)) / 2),
    "fresnelc": lambda u: apply("cos", PI * power(u, num(2)) / 2),
}


def differentiate(t: Term) -> Term:
    """``dt/dx`` for a smooth core term.

    Raises
    ------
    NoDerivative
        A break or a function without a rule occurs.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> differentiate(X * apply("sin", X))
    sin(x) + x*cos(x)
    """
    memo: dict[Term, Term] = {}
    for node in t.walk():
        memo[node] = _derivative(node, memo)
    return memo[t]


def _derivative(t: Term, memo: dict[Term, Term]) -> Term:
    if not t.has_x:
        return ZERO
    if t.op == "x":
        return ONE
    if t.op == "add":
        return add(*(memo[a] for a in t.args if a.has_x))
    if t.op == "mul":
        return add(*(
            mul(*(memo[b] if j == i else b for j, b in enumerate(t.args) if j != i or memo[b] != ONE))
            for i, a in enumerate(t.args) if a.has_x
        ))
    if t.op == "pow":
        base, exponent = t.args
        if not exponent.has_x:
            return mul(exponent, power(base, exponent - 1), memo[base])
        return mul(t, add(mul(memo[exponent], apply("log", base)), mul(exponent, memo[base], _inverse(base))))
    rule = _RULES.get(t.op)
    if rule is None or len(t.args) != 1:
        raise NoDerivative(t.op)
    return mul(rule(t.args[0]), memo[t.args[0]])
