"""From the full expression language to a small core, without losing a point of the domain.

The core has these operations: literals, ``pi``, ``E``, sums, products, powers; ``exp, log,
sin, cos, tan, asin, atan, sinh, cosh, tanh, asinh, acosh, atanh``; ``erf, gamma, loggamma,
LambertW, besselj, bessely, besseli, airyai, airybi, Si, Ci, fresnels, fresnelc``;
``Abs, sign, floor, Max, cbrt`` and ``piecewise`` with conditions.  Every other
function is its definition in these.
"""

from __future__ import annotations

from collections.abc import Callable

from intertwine.terms import ONE, PI, TRUE, ZERO, Term, apply, mul, neg, num, piecewise, power, rebuild

HALF = num(1, 2)


def _inverse(u: Term) -> Term:
    return power(u, num(-1))


def _mod(a: Term, b: Term) -> Term:
    return a - b * apply("floor", a / b)


def _acot(u: Term) -> Term:
    return piecewise((apply("atan", _inverse(u)), Term("ne", (u, ZERO))), (PI / 2, TRUE))


def _minimum(*args: Term) -> Term:
    return neg(apply("Max", *(neg(a) for a in args)))


_DEFINITIONS: dict[str, Callable[..., Term]] = {
    "cot": lambda u: apply("cos", u) / apply("sin", u),
    "sec": lambda u: _inverse(apply("cos", u)),
    "csc": lambda u: _inverse(apply("sin", u)),
    "acos": lambda u: PI / 2 - apply("asin", u),
    "acot": _acot,
    "asec": lambda u: PI / 2 - apply("asin", _inverse(u)),
    "acsc": lambda u: apply("asin", _inverse(u)),
    "coth": lambda u: apply("cosh", u) / apply("sinh", u),
    "sech": lambda u: _inverse(apply("cosh", u)),
    "csch": lambda u: _inverse(apply("sinh", u)),
    "acoth": lambda u: apply("atanh", _inverse(u)),
    "asech": lambda u: apply("acosh", _inverse(u)),
    "acsch": lambda u: apply("asinh", _inverse(u)),
    "erfc": lambda u: ONE - apply("erf", u),
    "Heaviside": lambda u: (apply("sign", u) + 1) / 2,
    "ceiling": lambda u: neg(apply("floor", neg(u))),
    "frac": lambda u: u - apply("floor", u),
    "Mod": _mod,
    "Min": _minimum,
}


def to_core(term: Term) -> Term:
    """The same function, point by point, written in the core operations.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> to_core(apply("Heaviside", X))
    (sign(x) + 1)/2
    """
    memo: dict[Term, Term] = {}
    for node in term.walk():
        args = tuple(memo[a] for a in node.args)
        define = _DEFINITIONS.get(node.op)
        memo[node] = define(*args) if define else rebuild(node, args)
    return memo[term]


def reflected(term: Term) -> Term:
    """The term with ``x`` replaced by ``-x``."""
    from intertwine.terms import X

    return term.subs(mul(num(-1), X))
