"""Closed subgroups of R* as values."""

import copy
import pickle

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.errors import IntertwineError
from intertwine.groups import NONZERO, POSITIVE, SIGN, TRIVIAL, Cyclic, ScalarGroup, SignCyclic
from tests.groups.strategies import scalar_groups, scalars_in

E_PI = sp.exp(sp.pi)


@pytest.mark.parametrize(
    ("s", "t", "meet"),
    [
        (Cyclic(-2), POSITIVE, Cyclic(4)),
        (Cyclic(2), Cyclic(8), Cyclic(8)),
        (Cyclic(2), Cyclic(3), TRIVIAL),
        (Cyclic(4), Cyclic(8), Cyclic(64)),
        (Cyclic(-2), Cyclic(8), Cyclic(64)),
        (Cyclic(-2), Cyclic(-8), Cyclic(-8)),
        (Cyclic(-4), Cyclic(-8), Cyclic(4096)),
        (Cyclic(-2), Cyclic(2), Cyclic(4)),
        (SignCyclic(2), Cyclic(-8), Cyclic(-8)),
        (SignCyclic(4), Cyclic(-2), Cyclic(4)),
        (SignCyclic(2), SignCyclic(3), SIGN),
        (SignCyclic(2), Cyclic(3), TRIVIAL),
        (SignCyclic(4), SignCyclic(8), SignCyclic(64)),
        (SignCyclic(4), POSITIVE, Cyclic(4)),
        (Cyclic(E_PI), Cyclic(sp.exp(sp.pi / 3)), Cyclic(E_PI)),
        (Cyclic(-E_PI), Cyclic(sp.exp(sp.pi * sp.sqrt(2))), TRIVIAL),
        (SIGN, POSITIVE, TRIVIAL),
        (SIGN, Cyclic(-2), TRIVIAL),
        (SIGN, SignCyclic(2), SIGN),
        (NONZERO, Cyclic(-2), Cyclic(-2)),
    ],
    ids=str,
)
def test_intersections(s, t, meet):
    assert s & t == meet
    assert t & s == meet


@pytest.mark.parametrize(
    ("given_as", "group"),
    [
        (Cyclic(sp.Rational(1, 2)), Cyclic(2)),
        (Cyclic(sp.Rational(-1, 2)), Cyclic(-2)),
        (SignCyclic(-3), SignCyclic(3)),
        (SignCyclic(sp.Rational(-1, 3)), SignCyclic(3)),
        (Cyclic(sp.exp(sp.log(2), evaluate=False)), Cyclic(2)),
        (Cyclic(sp.sqrt(3 + 2 * sp.sqrt(2))), Cyclic(1 + sp.sqrt(2))),
        (Cyclic(sp.sqrt(2) - 1), Cyclic(1 + sp.sqrt(2))),
    ],
    ids=str,
)
def test_one_value_for_one_group(given_as, group):
    assert given_as == group
    assert hash(given_as) == hash(group)
    assert abs(given_as.generator) > 1


def test_different_groups_differ():
    groups = [TRIVIAL, SIGN, POSITIVE, NONZERO, Cyclic(2), Cyclic(-2), SignCyclic(2), Cyclic(3), Cyclic(E_PI)]
    assert all((s == t) == (i == j) for i, s in enumerate(groups) for j, t in enumerate(groups))
    assert TRIVIAL != "trivial"


@pytest.mark.parametrize("make", [Cyclic, SignCyclic])
@pytest.mark.parametrize("bad", [0, 1, -1, 0.5, sp.I, sp.Symbol("x"), sp.nan, "2", sp.exp(sp.log(3) - sp.log(3))])
def test_generators_that_are_none(make, bad):
    with pytest.raises(IntertwineError) as caught:
        make(bad)
    assert "\n" not in str(caught.value)


def test_one_and_minus_one_name_the_finite_group():
    with pytest.raises(IntertwineError, match="SIGN"):
        Cyclic(-1)
    with pytest.raises(IntertwineError, match="TRIVIAL"):
        Cyclic(1)


def test_membership():
    assert sp.Rational(1, 4) in Cyclic(-2)
    assert -4 not in Cyclic(-2)
    assert sp.Rational(-1, 8) in Cyclic(-2)
    assert 6 not in Cyclic(2)
    assert -9 in SignCyclic(3)
    assert sp.exp(-6 * sp.pi) in Cyclic(sp.exp(2 * sp.pi))
    assert 0 not in NONZERO
    assert sp.sqrt(2) in POSITIVE
    assert sp.sqrt(3 + 2 * sp.sqrt(2)) - sp.sqrt(2) in TRIVIAL
    with pytest.raises(IntertwineError, match="not exact"):
        assert 2.0 in Cyclic(2)


@settings(max_examples=150, deadline=None)
@given(scalar_groups, scalar_groups)
def test_meet_is_the_greatest_lower_bound(s, t):
    meet = s & t
    assert meet <= s
    assert meet <= t
    assert meet == t & s
    assert (s <= t) == (meet == s)
    assert s & s == s


@settings(max_examples=100, deadline=None)
@given(scalar_groups, scalar_groups, scalar_groups)
def test_inclusion_is_a_partial_order(s, t, u):
    assert TRIVIAL <= s <= NONZERO
    assert s <= s
    if s <= t and t <= s:
        assert s == t
        assert hash(s) == hash(t)
    if s <= t and t <= u:
        assert s <= u
    assert (s & t) & u == s & (t & u)
    if u <= s and u <= t:
        assert u <= s & t
    assert (s < t) == (s <= t and s != t)
    assert (s >= t) == (t <= s)


@settings(max_examples=150, deadline=None)
@given(st.data(), scalar_groups, scalar_groups)
def test_elements_agree_with_the_lattice(data, s, t):
    a, b = data.draw(scalars_in(s)), data.draw(scalars_in(s))
    assert a in s
    assert a * b in s
    assert 1 / a in s
    assert (a in t) == (a in s & t)
    if s <= t:
        assert a in t
    assert (a in s.positive_part()) == (sp.sign(a) == 1)


@settings(max_examples=50, deadline=None)
@given(scalar_groups)
def test_round_trips(s):
    assert ScalarGroup.from_json(s.to_json()) == s
    assert pickle.loads(pickle.dumps(s)) == s
    assert copy.deepcopy(s) == s
    assert all(g in s for g in s.generators())
    assert s.order == sp.oo or s.dimension == 0


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"type": "circle"},
        {"type": ["cyclic"]},
        {"type": "cyclic"},
        {"type": "cyclic", "generator": 2},
        {"type": "cyclic", "generator": "x"},
        {"type": "cyclic", "generator": "1"},
        {"type": "cyclic", "generator": "__import__('os')"},
        {"type": "trivial", "generator": "2"},
    ],
)
def test_unreadable_json(data):
    with pytest.raises(IntertwineError):
        ScalarGroup.from_json(data)


def test_text():
    groups = [TRIVIAL, SIGN, POSITIVE, NONZERO, Cyclic(-2), SignCyclic(sp.sqrt(3))]
    assert [repr(s) for s in groups] == ["{1}", "{±1}", "R>0", "R*", "⟨-2⟩", "±⟨sqrt(3)⟩"]
    assert [(s.dimension, s.components, s.order) for s in groups] == [
        (0, 1, 1), (0, 2, 2), (1, 1, sp.oo), (1, 2, sp.oo), (0, sp.oo, sp.oo), (0, sp.oo, sp.oo),
    ]  # fmt: skip
    assert Cyclic(-2).latex() == r"\langle -2 \rangle"


def test_immutable():
    with pytest.raises(AttributeError):
        Cyclic(2)._generator = 3
