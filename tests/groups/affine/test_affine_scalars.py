"""Closed subgroups of Aff(R) as values."""

import copy
import pickle

import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, Undecided
from intertwine.groups import NONZERO, SIGN, TRIVIAL, AffineMap, AffineScalarGroup, Cyclic
from intertwine.groups.affine.periods import multiple
from tests.groups.affine.strategies import affine_groups, element, maps, seeds

T = AffineScalarGroup
PI, THIRD = sp.pi, sp.Rational(1, 3)


def decided(question):
    """The answer, where exact arithmetic has one."""
    try:
        return question()
    except Undecided:
        assume(False)


@settings(max_examples=100)
@given(maps, maps, maps, st.integers(-4, 4), st.sampled_from([0, 1, PI, sp.sqrt(2)]))
def test_maps_compose_as_functions(f, g, h, k, t):
    f, g, h = AffineMap(*f), AffineMap(*g), AffineMap(*h)
    assert (f @ g)(t) == f(g(t)) or sp.expand((f @ g)(t) - f(g(t))) == 0
    assert (f @ g) @ h == f @ (g @ h)
    assert (f @ f.inverse()).is_identity
    assert f**k @ f == f ** (k + 1)
    assert f**-1 == f.inverse()
    assert (f.fixed_point is None) == (f.a == 1)
    if f.fixed_point is not None:
        assert AffineMap.dilation(f.a, f.fixed_point) == f
    assert hash(f @ f.inverse()) == hash(AffineMap.identity())
    assert pickle.loads(pickle.dumps(f)) == f


@settings(max_examples=150)
@given(affine_groups, seeds, seeds)
def test_group_axioms(s, one, two):
    f, g = element(s, one), element(s, two)
    assert f in s
    assert f @ g in s
    assert f.inverse() in s
    assert AffineMap.identity() in s
    assert (f.a, f.c) in s
    if s.is_discrete:
        k, e = s.word(f)
        word = AffineMap.identity() if s.generator_map is None else s.generator_map**k
        assert (word @ s.reflection_map if e else word) == f


@settings(max_examples=150)
@given(affine_groups, affine_groups, seeds)
def test_meet_is_the_greatest_lower_bound(s, t, seed):
    meet = decided(lambda: s & t)
    assert meet <= s
    assert meet <= t
    assert meet == t & s
    assert (s <= t) == (meet == s)
    f = element(s, seed)
    assert (f in t) == (f in meet)
    assert s & s == s
    assert T.trivial() <= s <= T.affine_line()


@settings(max_examples=150)
@given(affine_groups, affine_groups, affine_groups)
def test_inclusion_is_a_partial_order(s, t, u):
    if s <= t and t <= s:
        assert s == t
        assert hash(s) == hash(t)
    if s <= t and t <= u:
        assert s <= u
    assert (s < t) == (s <= t and s != t)
    if s <= t:
        assert all(f in t for f in s.generators())
    elif s.is_discrete:
        assert not all(f in t for f in s.generators())


@settings(max_examples=80)
@given(affine_groups, st.sampled_from([0, 1, PI / 4, PI / 2, -sp.Rational(3, 2)]))
def test_stabiliser(s, point):
    fixing = s.stabiliser(point)
    assert T.about(fixing, point) == s & T.signed_dilations(point)


@settings(max_examples=80)
@given(affine_groups)
def test_round_trips(s):
    assert T.from_json(s.to_json()) == s
    assert pickle.loads(pickle.dumps(s)) == s
    assert copy.deepcopy(s) == s
    assert s.order == sp.oo or s.dimension == 0
    assert s.latex()


@pytest.mark.parametrize(
    ("s", "t", "meet"),
    [
        (T.dihedral(PI, 0), T.dihedral(PI, PI / 2), T.dihedral(PI, 0)),
        (T.dihedral(PI, 0), T.dihedral(PI, PI / 4), T.lattice(PI)),
        (T.dihedral(PI, 0), T.dihedral(2 * PI, PI), T.dihedral(2 * PI, 0)),
        (T.dihedral(2, 0), T.dihedral(3, sp.Rational(1, 2)), T.dihedral(6, 2)),
        (T.dihedral(2, 0), T.dihedral(3, THIRD), T.lattice(6)),
        (T.dihedral(1, 0), T.dihedral(PI, 0), T.reflection(0)),
        (T.dihedral(1, 0), T.dihedral(PI, 3), T.reflection(3)),
        (T.dihedral(1, 0), T.dihedral(PI, THIRD), T.trivial()),
        (T.dihedral(1, PI), T.dihedral(PI, 0), T.reflection(PI)),
        (T.dihedral(PI, 0), T.lattice(3 * PI / 2), T.lattice(3 * PI)),
        (T.dihedral(PI, 0), T.signed_dilations(3 * PI / 2), T.reflection(3 * PI / 2)),
        (T.dihedral(PI, 0), T.signed_dilations(1), T.trivial()),
        (T.dihedral(PI, 0), T.dilations(0), T.trivial()),
        (T.lattice(2), T.lattice(3), T.lattice(6)),
        (T.lattice(1), T.lattice(sp.sqrt(2)), T.trivial()),
        (T.lattice(1), T.translations(), T.lattice(1)),
        (T.dilations(1), T.translations(), T.trivial()),
        (T.dilations(1), T.dilations(2), T.trivial()),
        (T.cyclic_dilations(1, 4), T.cyclic_dilations(1, 8, signed=True), T.cyclic_dilations(1, 64)),
        (T.affine_line(), T.cyclic_dilations(1, 4), T.cyclic_dilations(1, 4)),
    ],
    ids=str,
)
def test_intersections(s, t, meet):
    assert s & t == meet
    assert t & s == meet


def test_an_open_question_is_not_guessed():
    with pytest.raises(Undecided, match="centre in common"):
        T.dihedral(1, 0) & T.dihedral(PI, sp.Rational(3, 2) + PI)


def test_equal_groups_written_differently():
    assert T.dihedral(PI, 0) == T.dihedral(-PI, 5 * PI / 2)
    assert T.dihedral(PI, 0) != T.dihedral(PI, 1)
    assert T.reflection(sp.log(9) / 2) == T.reflection(sp.log(3))
    assert T.cyclic_dilations(1, sp.Rational(1, 2)) == T.cyclic_dilations(1, 2)
    assert T.about(TRIVIAL, 7) == T.trivial()
    assert T.trivial() != "trivial"


def test_membership_is_exact():
    tiny = sp.Rational(1, 10**40)
    assert (-1, sp.log(3)) in T.reflection(sp.log(3) / 2)
    assert (-1, sp.log(3) + tiny) not in T.reflection(sp.log(3) / 2)
    assert (1, 10 * PI) in T.lattice(2 * PI)
    assert (1, 10 * PI + tiny) not in T.lattice(2 * PI)
    assert (-2, 3) in T.cyclic_dilations(1, -2)
    assert (2, -1) not in T.cyclic_dilations(1, -2)
    assert multiple(sp.log(8), sp.log(2)) == 3


def test_counts():
    groups = [T.trivial(), T.reflection(1), T.translations(), T.dilations(0), T.signed_dilations(0), T.lattice(1),
              T.dihedral(1, 0), T.cyclic_dilations(0, 2), T.affine_line()]  # fmt: skip
    assert [(s.dimension, s.components, s.order) for s in groups] == [
        (0, 1, 1), (0, 2, 2), (1, 1, sp.oo), (1, 1, sp.oo), (1, 2, sp.oo), (0, sp.oo, sp.oo), (0, sp.oo, sp.oo),
        (0, sp.oo, sp.oo), (2, 2, sp.oo),
    ]  # fmt: skip
    assert all((s == t) == (i == j) for i, s in enumerate(groups) for j, t in enumerate(groups))
    assert T.dihedral(PI, 0).stabiliser(0) == SIGN
    assert T.affine_line().stabiliser(5) == NONZERO
    assert T.cyclic_dilations(0, 2).stabiliser(0) == Cyclic(2)


@pytest.mark.parametrize(
    ("s", "text", "data"),
    [
        (T.trivial(), "{id}", {"type": "trivial"}),
        (T.reflection(sp.log(3) / 2), "⟨t ↦ log(3) - t⟩", {"type": "reflection", "centre": "log(3)/2"}),
        (T.translations(), "R", {"type": "translations"}),
        (T.dilations(-sp.Rational(3, 2)), "R>0 at -3/2", {"type": "dilations", "centre": "-3/2"}),
        (T.signed_dilations(0), "R* at 0", {"type": "signed-dilations", "centre": "0"}),
        (T.lattice(2 * PI), "Z·2π", {"type": "lattice", "period": "2*pi"}),
        (T.dihedral(PI, 0), "D_∞(π, 0)", {"type": "dihedral", "period": "pi", "centre": "0"}),
        (
            T.cyclic_dilations(1, 3, signed=True),
            "±⟨3⟩ at 1",
            {"type": "cyclic-dilations", "centre": "1", "generator": "3", "signed": True},
        ),
        (T.affine_line(), "Aff(R)", {"type": "affine-line"}),
    ],
    ids=str,
)
def test_text_and_json(s, text, data):
    assert repr(s) == text
    assert s.to_json() == data
    assert T.from_json(data) == s


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"type": "circle"},
        {"type": ["lattice"]},
        {"type": "lattice"},
        {"type": "lattice", "period": 2},
        {"type": "lattice", "period": "0"},
        {"type": "lattice", "period": "x"},
        {"type": "lattice", "period": "1", "centre": "0"},
        {"type": "lattice", "period": "1", "rate": "1"},
        {"type": "translations", "rate": 1},
        {"type": "cyclic-dilations", "centre": "0", "generator": "1"},
        {"type": "cyclic-dilations", "centre": "0", "generator": "2", "signed": "yes"},
        {"type": "reflection", "centre": "__import__('os')"},
    ],
)
def test_unreadable_json(data):
    with pytest.raises(IntertwineError) as caught:
        T.from_json(data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        lambda: AffineMap(0, 1),
        lambda: AffineMap(1.5, 1),
        lambda: AffineMap(1, sp.Symbol("c")),
        lambda: AffineMap(sp.log(2) - sp.log(4) / 2, 1),
        lambda: AffineMap.of(3),
        lambda: T.lattice(0),
        lambda: T.reflection(0.5),
        lambda: T.cyclic_dilations(0, 1),
        lambda: "ab" in T.lattice(1),
        lambda: (0, 1) in T.affine_line(),
        lambda: T.lattice(1).word((1, sp.Rational(1, 2))),
        lambda: T.translations().word((1, 1)),
    ],
)
def test_refusals(call):
    with pytest.raises(IntertwineError) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_immutable():
    with pytest.raises(AttributeError):
        T.lattice(1).period = sp.S.One
    with pytest.raises(AttributeError):
        AffineMap(1, 2).c = sp.S.One
