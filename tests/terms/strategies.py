"""Random terms over every operation of the language."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from intertwine.parsing.functions import FUNCTIONS
from intertwine.terms import FALSE, PI, TRUE, E, Term, X, add, apply, mul, num, piecewise, power

UNARY = sorted({
    name for name, f in FUNCTIONS.items()
    if (f.fewest, f.most) == (1, 1) and f.build(X).op == name
})  # fmt: skip
EXPONENTS = [Fraction(p, q) for p in (-3, -2, -1, 1, 2, 3) for q in (1, 2, 3)]

small_fractions = st.builds(Fraction, st.integers(-12, 12), st.integers(1, 9))
literals = st.builds(num, small_fractions)
atoms = st.one_of(st.just(X), st.just(X), literals, st.sampled_from([PI, E]))


def _usable(base: Term, exponent: Fraction) -> bool:
    return not (base.value == 0 and exponent < 0)


def _powers(numbers: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    pairs = st.tuples(numbers, st.sampled_from(EXPONENTS)).filter(lambda pair: _usable(*pair))
    return st.one_of(pairs.map(lambda pair: power(pair[0], num(pair[1]))), st.builds(power, st.just(E), numbers))


def _conditions(numbers: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    relations = st.builds(apply, st.sampled_from(["lt", "le", "eq", "ne"]), numbers, numbers)
    joined = st.builds(apply, st.sampled_from(["and", "or"]), relations, relations)
    return st.one_of(relations, joined, relations.map(lambda c: apply("not", c)), st.sampled_from([TRUE, FALSE]))


def _compound(numbers: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    branches = st.lists(st.tuples(numbers, _conditions(numbers)), min_size=1, max_size=3)
    order = st.builds(num, st.sampled_from([0, 1, 2, Fraction(1, 2), Fraction(-3, 2)]))
    return st.one_of(
        st.lists(numbers, min_size=2, max_size=4).map(lambda ts: add(*ts)),
        st.lists(numbers, min_size=2, max_size=4).map(lambda ts: mul(*ts)),
        _powers(numbers),
        st.builds(apply, st.sampled_from(UNARY), numbers),
        st.builds(apply, st.sampled_from(["Max", "Min"]), numbers, numbers),
        st.builds(lambda a, b: apply("Mod", a, b), numbers, numbers),
        st.builds(apply, st.sampled_from(["besselj", "bessely", "besseli"]), order, numbers),
        branches.map(lambda pairs: piecewise(*pairs)),
    )


terms: st.SearchStrategy[Term] = st.deferred(lambda: st.one_of(atoms, _COMPOUND))
_COMPOUND = _compound(st.one_of(atoms, atoms, terms))
