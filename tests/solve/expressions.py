"""Random activations as text: wild ones, and ones built to have symmetry."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from intertwine.activations import CATALOGUE
from intertwine.errors import ExpressionError
from intertwine.terms import PI, TRUE, E, Term, X, add, apply, mul, num, piecewise, power, to_text

ELEMENTARY = ("exp", "log", "sin", "cos", "tanh", "atan", "Abs", "sign", "sinh", "cosh", "erf", "asinh", "cbrt", "tan")
RARE = (
    "cot", "sec", "csc", "asin", "acos", "acot", "asec", "acsc", "coth", "sech", "csch", "acosh", "atanh", "acoth",
    "asech", "acsch", "erfc", "sinc", "gamma", "loggamma", "LambertW", "airyai", "airybi", "Si", "Ci", "fresnels",
    "fresnelc", "Heaviside", "floor", "ceiling", "frac",
)  # fmt: skip
EXPONENTS = [Fraction(p) for p in ("2", "3", "-1", "1/2", "-2", "1/3", "3/2", "-1/2", "4", "5")]
NEGATIVE = mul(num(-1), X)
SIZE = apply("Abs", X)

_small = st.builds(Fraction, st.integers(-6, 6), st.sampled_from([1, 1, 1, 2, 3, 5]))
_nonzero = _small.filter(bool).map(num)
literals = st.one_of(_small.map(num), _small.map(num), st.sampled_from([PI, E, num(1, 10**6), num(1000)]))
atoms = st.one_of(st.just(X), st.just(X), st.just(X), literals)
functions = st.one_of(st.sampled_from(ELEMENTARY), st.sampled_from(ELEMENTARY), st.sampled_from(RARE))


def _named(name: str, u: Term) -> Term:
    """A catalogue entry of ``u``; ``u`` itself where its numbers are too large for that entry."""
    try:
        return CATALOGUE[name].build(u)
    except ExpressionError:
        return u


def _is_safe(base: Term, exponent: Fraction) -> bool:
    return not (base.value == 0 and exponent < 0)


def _is_interesting(t: Term) -> bool:
    """More than a constant, or a line as it is written."""
    return t.has_x and any(n.op not in ("x", "num", "add", "mul") for n in t.walk())


def _condition(a: Term, b: Term, relation: str) -> Term:
    return apply(relation, a, b)


def _compound(parts: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    powers = st.tuples(parts, st.sampled_from(EXPONENTS)).filter(lambda pair: _is_safe(*pair))
    conditions = st.builds(_condition, parts, st.one_of(literals, parts), st.sampled_from(["lt", "le", "eq", "ne"]))
    order = st.sampled_from([0, 1, 2, Fraction(1, 2)]).map(num)
    return st.one_of(
        st.builds(add, parts, parts),
        st.builds(mul, parts, parts),
        st.builds(mul, st.just(X), parts),
        st.builds(lambda a, b: a if b.value == 0 else a / b, parts, parts),
        powers.map(lambda pair: power(pair[0], num(pair[1]))),
        st.builds(apply, functions, parts),
        st.builds(apply, functions, parts),
        st.builds(apply, st.sampled_from(["Max", "Min"]), parts, parts),
        st.builds(lambda a, b, c: piecewise((a, c), (b, TRUE)), parts, parts, conditions),
        st.builds(lambda a, c, d: piecewise((a, c), (a, d)), parts, conditions, conditions),
        st.builds(_named, st.sampled_from(sorted(CATALOGUE)), parts),
        st.builds(lambda a, b: apply("Mod", a, b), parts, _nonzero),
        st.builds(apply, st.sampled_from(["besselj", "bessely", "besseli"]), order, parts),
        st.builds(lambda a, b: power(a, b), parts, parts).filter(lambda t: t.args == () or t.args[0].value != 0),
    )


_of_x = _compound(atoms)
wild: st.SearchStrategy[Term] = st.recursive(st.one_of(atoms, _of_x), _compound, max_leaves=6).filter(_is_interesting)
_mild: st.SearchStrategy[Term] = st.recursive(atoms, _compound, max_leaves=4).filter(_is_interesting)


def _halves(right: Term, left: Term, at_zero: Term) -> Term:
    return piecewise((right, apply("lt", num(0), X)), (left, apply("lt", X, num(0))), (at_zero, TRUE))


# A function of log|x| that repeats itself, and powers.
_rates = st.one_of(_nonzero, st.just(2 * PI))
_angle = st.builds(lambda k, shift: add(mul(k, apply("log", SIZE)), shift), _rates, literals)
_wave = st.builds(apply, st.sampled_from(["sin", "cos", "tan", "floor", "frac"]), _angle)
_monomial = st.builds(lambda c, p: mul(c, power(SIZE, num(p))), _nonzero, st.sampled_from(EXPONENTS))
_repeating = st.builds(lambda m, w, c: mul(m, add(w, c)), _monomial, _wave, _small.map(num))
_sides = st.one_of(_monomial, _monomial, _repeating, st.just(num(0)), _mild)

symmetric: st.SearchStrategy[Term] = st.one_of(
    st.builds(lambda f: f + f.subs(NEGATIVE), _mild),
    st.builds(lambda f: f - f.subs(NEGATIVE), _mild),
    st.builds(lambda f: f.subs(SIZE), _mild),
    st.builds(lambda f: mul(apply("sign", X), f.subs(SIZE)), _mild),
    st.builds(lambda f: mul(X, f, f.subs(NEGATIVE)), _mild),
    st.builds(_halves, _sides, _sides, st.sampled_from([num(0), num(0), num(1)])),
    st.builds(lambda m, f: mul(m, add(f, mul(num(-1), f), num(1))), _monomial, _mild),
    st.builds(lambda m, f: mul(m, f, power(f, num(-1))), _monomial, _mild.filter(lambda f: f.value != 0)),
    st.builds(lambda m, f: add(m, f), _monomial, _mild),
    st.builds(lambda w, m: mul(m, w), _wave, _monomial),
    _repeating,
    st.builds(lambda a, b: add(a, b), _repeating, _repeating),
    st.builds(lambda f, k: apply("log", apply("exp", mul(k, f))), _mild, _nonzero),
)

activations: st.SearchStrategy[str] = st.one_of(wild, symmetric).map(to_text)
