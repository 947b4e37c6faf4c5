"""Characters of closed subgroups of R*."""

import pickle

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.errors import IntertwineError
from intertwine.groups import NONZERO, POSITIVE, SIGN, TRIVIAL, Character, Cyclic, SignCyclic
from intertwine.groups.exact import equal, to_float
from tests.groups.strategies import characters, scalar_groups, scalars_in


@pytest.mark.parametrize(
    ("chi", "text"),
    [
        (Character(TRIVIAL, 3, 1), "1"),
        (Character(SIGN), "1"),
        (Character(SIGN, 4, 1), "a"),
        (Character(POSITIVE), "1"),
        (Character(POSITIVE, 1, 1), "a"),
        (Character(POSITIVE, sp.Rational(1, 2)), "sqrt(a)"),
        (Character(POSITIVE, -1), "1/a"),
        (Character(POSITIVE, sp.pi), "a**pi"),
        (Character(NONZERO), "1"),
        (Character(NONZERO, 0, 1), "sign(a)"),
        (Character(NONZERO, 1, 1), "a"),
        (Character(NONZERO, 1, 0), "Abs(a)"),
        (Character(NONZERO, 2), "a**2"),
        (Character(NONZERO, 3, 1), "a**3"),
        (Character(NONZERO, 3, 0), "Abs(a)**3"),
        (Character(NONZERO, -3, 1), "a**(-3)"),
        (Character(NONZERO, 2, 1), "Abs(a)**2*sign(a)"),
        (Character(NONZERO, sp.Rational(1, 3), 1), "Abs(a)**(1/3)*sign(a)"),
        (Character(NONZERO, sp.sqrt(2)), "Abs(a)**(sqrt(2))"),
        (Character(Cyclic(-2), 3, 1), "a**3"),
        (Character(Cyclic(-2), 3, 0), "Abs(a)**3"),
        (Character.on_generator(Cyclic(2), 2), "a"),
        (Character.on_generator(Cyclic(2), 1), "1"),
        (Character.on_generator(Cyclic(2), 3), "a**(log(3)/log(2))"),
        (Character.on_generator(Cyclic(2), -2), "a*cos(pi*log(a)/log(2))"),
        (Character.on_generator(Cyclic(-2), 2), "Abs(a)"),
        (Character.on_generator(SignCyclic(2), 8, -1), "a**3"),
    ],
    ids=str,
)
def test_expression(chi, text):
    assert str(chi.expression) == text


@settings(max_examples=200, deadline=None)
@given(st.data(), characters())
def test_homomorphism(data, chi):
    a, b = data.draw(scalars_in(chi.group)), data.draw(scalars_in(chi.group))
    assert equal(chi(a * b), chi(a) * chi(b))
    assert equal(chi(1 / a), 1 / chi(a))
    assert equal(chi(1), 1)
    assert chi(a) in NONZERO


@settings(max_examples=200, deadline=None)
@given(st.data(), characters())
def test_expression_has_the_values(data, chi):
    a = data.draw(scalars_in(chi.group))
    exact, shown = sp.N(chi(a), 30), sp.N(chi.as_lambda()(a), 30)
    assert abs(exact - shown) <= abs(exact) * sp.Float("1e-20")


@settings(max_examples=100, deadline=None)
@given(st.data(), characters())
def test_numeric_view_has_the_values(data, chi):
    a = data.draw(scalars_in(chi.group))
    got = chi.numeric()(np.array([to_float(a)]))
    assert got[0] == pytest.approx(to_float(chi(a)), rel=1e-9)


@settings(max_examples=150, deadline=None)
@given(st.data(), characters(), scalar_groups)
def test_restriction(data, chi, other):
    smaller = chi.group & other
    restricted = chi.restrict(smaller)
    a = data.draw(scalars_in(smaller))
    assert restricted.group == smaller
    assert equal(restricted(a), chi(a))
    if not other <= chi.group:
        with pytest.raises(IntertwineError, match="not contained"):
            chi.restrict(other)


@settings(max_examples=100, deadline=None)
@given(st.data(), characters())
def test_products_and_round_trips(data, chi):
    a = data.draw(scalars_in(chi.group))
    assert equal((chi * chi)(a), chi(a) ** 2)
    assert Character.from_json(chi.group, chi.to_json()) == chi
    assert pickle.loads(pickle.dumps(chi)) == chi
    assert hash(pickle.loads(pickle.dumps(chi))) == hash(chi)
    assert chi.is_trivial == (chi == Character(chi.group))


def test_equality_is_of_functions():
    assert Character(Cyclic(2), 2) == Character.on_generator(Cyclic(2), 4)
    assert Character(POSITIVE, 2, 1) == Character(POSITIVE, 2, 0)
    assert Character(NONZERO, 2, 1) != Character(NONZERO, 2, 0)
    assert Character(POSITIVE, sp.log(4) / sp.log(2)) == Character(POSITIVE, 2)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Character("R*", 1),
        lambda: Character(NONZERO, 0.5),
        lambda: Character(NONZERO, sp.Symbol("p")),
        lambda: Character(NONZERO, 1, 2),
        lambda: Character(NONZERO, 1, True),
        lambda: Character.on_generator(POSITIVE, 2),
        lambda: Character.on_generator(Cyclic(2), 0),
        lambda: Character.on_generator(Cyclic(2), 2, -1),
        lambda: Character.on_generator(SignCyclic(2), 2),
        lambda: Character.on_generator(SignCyclic(2), 2, 3),
        lambda: Character(POSITIVE)(-1),
        lambda: Character(Cyclic(2))(3),
        lambda: Character(POSITIVE) * Character(NONZERO),
        lambda: Character.from_json(NONZERO, "a + 1"),
        lambda: Character.from_json(NONZERO, "2*a"),
        lambda: Character.from_json(NONZERO, "a**(1/2)"),
        lambda: Character.from_json(NONZERO, "exp(a)"),
        lambda: Character.from_json(NONZERO, "x"),
        lambda: Character.from_json(Cyclic(2), "a"),
        lambda: Character.from_json(Cyclic(2), {"generator": "3", "value": "2"}),
        lambda: Character.from_json(Cyclic(2), {"generator": "2"}),
        lambda: Character.from_json(Cyclic(2), {"generator": "2", "value": "x"}),
        lambda: Character.from_json(NONZERO, {"generator": "2", "value": "2"}),
    ],
)
def test_refusals(make):
    with pytest.raises(IntertwineError) as caught:
        make()
    assert "\n" not in str(caught.value)
