"""The checker's reading of an expression: every function by its definition in a few plain ones.

Plain terms have sums, products, powers with constant exponents; ``exp log sin cos asin atan sinh cosh tanh asinh acosh
atanh erf gamma loggamma LambertW besselj bessely besseli airyai airybi Si Ci fresnels fresnelc
Abs floor Max`` and ``piecewise``.  A definition has the same natural domain as what it defines.
"""

from __future__ import annotations

from collections.abc import Callable

from intertwine.terms import ONE, PI, TRUE, ZERO, Term, X, apply, mul, num, piecewise, power, rebuild

BESSEL = frozenset({"besselj", "bessely", "besseli"})


def flip(t: Term) -> Term:
    """The negative of a term."""
    return mul(num(-1), t)


def over(t: Term) -> Term:
    """One over a term."""
    return power(t, num(-1))


def minus(a: Term, b: Term) -> Term:
    """A difference."""
    return a + flip(b)


def _sinc(u: Term) -> Term:
    return piecewise((ONE, apply("eq", u, ZERO)), (apply("sin", u) * over(u), TRUE))


def _acot(u: Term) -> Term:
    return piecewise((PI * num(1, 2), apply("eq", u, ZERO)), (apply("atan", over(u)), TRUE))


def _frac(u: Term) -> Term:
    return minus(u, apply("floor", u))


def _quarter_turn_less(u: Term) -> Term:
    return minus(PI * num(1, 2), apply("asin", u))


def _by_sign(positive: Term, negative: Term, u: Term) -> Term:
    """One value where ``u > 0``, another where ``u < 0``, and 0 where ``u = 0``."""
    return piecewise((positive, apply("lt", ZERO, u)), (negative, apply("lt", u, ZERO)), (ZERO, TRUE))


def _sign(u: Term) -> Term:
    return _by_sign(ONE, num(-1), u)


def _cube_root(u: Term) -> Term:
    return _by_sign(power(u, num(1, 3)), flip(power(flip(u), num(1, 3))), u)


def _varying(base: Term, exponent: Term) -> Term:
    """A power whose exponent depends on ``x``: only where the base is positive, whatever the exponent happens to be."""
    return apply("exp", exponent * apply("log", base))


_MEANING: dict[str, Callable[..., Term]] = {
    "tan": lambda u: apply("sin", u) * over(apply("cos", u)),
    "cot": lambda u: apply("cos", u) * over(apply("sin", u)),
    "sec": lambda u: over(apply("cos", u)),
    "csc": lambda u: over(apply("sin", u)),
    "acos": _quarter_turn_less,
    "asec": lambda u: _quarter_turn_less(over(u)),
    "acsc": lambda u: apply("asin", over(u)),
    "acot": _acot,
    "coth": lambda u: apply("cosh", u) * over(apply("sinh", u)),
    "sech": lambda u: over(apply("cosh", u)),
    "csch": lambda u: over(apply("sinh", u)),
    "acoth": lambda u: apply("atanh", over(u)),
    "asech": lambda u: apply("acosh", over(u)),
    "acsch": lambda u: apply("asinh", over(u)),
    "erfc": lambda u: minus(ONE, apply("erf", u)),
    "sinc": _sinc,
    "sign": _sign,
    "cbrt": _cube_root,
    "Heaviside": lambda u: num(1, 2) + num(1, 2) * _sign(u),
    "ceiling": lambda u: flip(apply("floor", flip(u))),
    "frac": _frac,
    "Mod": lambda a, b: minus(a, b * apply("floor", a * over(b))),
    "Min": lambda *args: flip(apply("Max", *map(flip, args))),
}


def plain(term: Term) -> Term:
    """The same function, point by point, in the plain operations.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> plain(apply("Heaviside", X))
    Piecewise((1, 0 < x), (-1, x < 0), (0, True))/2 + 1/2
    """
    memo: dict[Term, Term] = {}
    for node in term.walk():
        args = tuple(memo[a] for a in node.args)
        meaning = _varying if node.op == "pow" and args[1].has_x else _MEANING.get(node.op)
        memo[node] = meaning(*args) if meaning else rebuild(node, args)
    return memo[term]


def scaled(term: Term, factor: Term) -> Term:
    """The function ``x -> term(factor * x)``."""
    return term if factor == ONE else term.subs(mul(factor, X))


def mirrored(term: Term) -> Term:
    """The function ``x -> term(-x)``, by which a statement about ``x > 0`` becomes one about ``x < 0``."""
    return scaled(term, num(-1))
