"""Homomorphisms from subgroups of Aff(R) to Aff(R), and the functions that they belong to."""

import pickle

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from intertwine.errors import IntertwineError
from intertwine.groups import AffineCharacter, AffineMap, AffineScalarGroup
from intertwine.groups.exact import to_float
from tests.groups.affine.strategies import MODELS, affine_characters, affine_groups, element, on, seeds

T = AffineScalarGroup
POINTS = np.array([-3.7, -1.9, -0.61, 0.11, 0.83, 1.27, 2.6, 3.3])


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
def test_the_functional_equation(model):
    for seed in range(25):
        f = element(model.psi.group, seed)
        g = model.psi(f)
        a, c, b, d = map(to_float, (f.a, f.c, g.a, g.c))
        left, right = model.function(a * POINTS + c), b * model.function(POINTS) + d
        np.testing.assert_allclose(left, right, rtol=1e-9, atol=1e-9 * (1 + abs(d) + np.abs(left).max()))


@settings(max_examples=200)
@given(affine_characters(), seeds, seeds)
def test_homomorphism(psi, one, two):
    f, g = element(psi.group, one), element(psi.group, two)
    assert psi(f @ g) == psi(f) @ psi(g)
    assert psi(f.inverse()) == psi(f).inverse()
    assert psi(AffineMap.identity()).is_identity


@settings(max_examples=150)
@given(affine_characters(), affine_groups, seeds)
def test_restriction(psi, other, seed):
    if not other <= psi.group:
        with pytest.raises(IntertwineError, match="not contained"):
            psi.restrict(other)
        return
    smaller = psi.restrict(other)
    f = element(other, seed)
    assert smaller.group == other
    assert smaller(f) == psi(f)
    assert psi.restrict(psi.group) == psi


@settings(max_examples=100)
@given(affine_characters(), st.data())
def test_restriction_to_parts(psi, data):
    f = element(psi.group, data.draw(seeds))
    centre = f.fixed_point
    if centre is None:
        part = T.trivial() if f.is_identity else T.lattice(f.c)
    elif f.a == -1:
        part = T.reflection(centre)
    else:
        part = T.cyclic_dilations(centre, f.a)
    assert psi.restrict(part)(f) == psi(f)


@settings(max_examples=100)
@given(affine_characters())
def test_round_trips(psi):
    assert AffineCharacter.from_json(psi.group, psi.to_json()) == psi
    assert pickle.loads(pickle.dumps(psi)) == psi
    assert hash(pickle.loads(pickle.dumps(psi))) == hash(psi)
    assert T.from_json(psi.affine_json()) == psi.group
    assert repr(psi).startswith(f"ψ: {psi.group} → Aff(R), ")


def test_equality_is_of_functions():
    by_name = {m.name: m.psi for m in MODELS}
    assert by_name["sin"] == by_name["sin, other centre"]
    assert by_name["sin"] != by_name["cos"]
    assert by_name["snake"].restrict(T.lattice(sp.pi)) == by_name["snake, translations"]
    assert AffineCharacter.power(T.dilations(0), 0, 0, 5) == AffineCharacter.trivial(T.dilations(0))
    assert AffineCharacter.logarithmic(T.dilations(0), 0) == AffineCharacter.trivial(T.dilations(0))
    assert AffineCharacter.power(T.dilations(0), 2, 1) == AffineCharacter.power(T.dilations(0), 2)
    assert AffineCharacter.power(T.dilations(0), 2, 0, 1) != AffineCharacter.power(T.dilations(0), 2)
    assert AffineCharacter.affine(0, 3) == AffineCharacter.trivial(T.affine_line())
    assert AffineCharacter.affine(2).restrict(T.dilations(1)) == AffineCharacter.power(T.dilations(1), 1, 0, 2)
    assert not AffineCharacter.affine(0).unique
    assert AffineCharacter.affine(1).unique
    for group in (T.trivial(), T.dihedral(1, 0), T.translations(), T.signed_dilations(1), T.cyclic_dilations(0, 2)):
        trivial = AffineCharacter.trivial(group)
        assert all(trivial(f).is_identity for f in group.generators())


@pytest.mark.parametrize(
    ("name", "affine", "rest"),
    [
        ("sigmoid", {"type": "reflection", "centre": "0"}, {"reflection": {"b": "-1", "d": "1"}}),
        ("shifted sigmoid", {"type": "reflection", "centre": "log(3)/2"}, {"reflection": {"b": "-1", "d": "1"}}),
        (
            "sin",
            {"type": "dihedral", "period": "pi", "centre": "0"},
            {"translation": {"b": "-1", "d": "0"}, "reflection": {"b": "-1", "d": "0"}},
        ),
        ("snake, translations", {"type": "lattice", "period": "pi"}, {"translation": {"b": "1", "d": "pi"}}),
        ("decay", {"type": "translations", "rate": "-3"}, {"rate": "-3", "offset": "5"}),
        ("log", {"type": "signed-dilations", "centre": "2"}, {"logarithm": "1", "reflection": {"b": "1", "d": "0"}}),
        ("ramp", {"type": "dilations", "centre": "-3/2"}, {"degree": "1", "offset": "0"}),
        (
            "parabola",
            {"type": "signed-dilations", "centre": "-1/2"},
            {"degree": "2", "offset": "-1/4", "reflection": {"b": "1", "d": "0"}},
        ),
        (
            "spiral",
            {"type": "cyclic-dilations", "centre": "1", "generator": "2", "signed": True},
            {"dilation": {"b": "2", "d": "-5"}, "reflection": {"b": "-1", "d": "10"}},
        ),
        ("softplus", {"type": "trivial"}, {}),
        ("line", {"type": "affine-line"}, {"slope": "3", "intercept": "-2"}),
    ],
)
def test_json(name, affine, rest):
    [psi] = [m.psi for m in MODELS if m.name == name]
    assert psi.affine_json() == affine
    assert psi.to_json() == rest


@pytest.mark.parametrize(
    ("psi", "text"),
    [
        (on(T.trivial()), "ψ: {id} → Aff(R), t ↦ y"),
        (AffineCharacter.power(T.dilations(0), 2), "ψ: R>0 at 0 → Aff(R), a ↦ a**2*y"),
        (AffineCharacter.power(T.dilations(0), 2, offset=-3), "ψ: R>0 at 0 → Aff(R), a ↦ a**2*(y + 3) - 3"),
        (AffineCharacter.power(T.dilations(0), 1, offset=sp.pi), "ψ: R>0 at 0 → Aff(R), a ↦ a*(y - π) + π"),
        (AffineCharacter.logarithmic(T.signed_dilations(0), 2), "ψ: R* at 0 → Aff(R), a ↦ y + 2*log(Abs(a))"),
        (AffineCharacter.exponential(-1, 0), "ψ: R → Aff(R), c ↦ exp(-c)*y"),
        (AffineCharacter.affine(2).restrict(T.translations()), "ψ: R → Aff(R), f ↦ s∘f∘s⁻¹ with s(t) = 2*t"),
        (AffineCharacter.affine(2), "ψ: Aff(R) → Aff(R), f ↦ s∘f∘s⁻¹ with s(t) = 2*t"),
        (AffineCharacter.affine(2, 5), "ψ: Aff(R) → Aff(R), f ↦ s∘f∘s⁻¹ with s(t) = 2*t + 5"),
        (AffineCharacter.affine(0, 5), "ψ: Aff(R) → Aff(R), t ↦ y"),
    ],
    ids=str,
)
def test_text(psi, text):
    assert repr(psi) == text


@pytest.mark.parametrize(
    "make",
    [
        lambda: on(T.reflection(0)),
        lambda: on(T.reflection(0), translation=(1, 0), reflection=(1, 0)),
        lambda: on(T.reflection(0), reflection=(1, 5)),
        lambda: on(T.reflection(0), reflection=(2, 0)),
        lambda: on(T.dihedral(1, 0), translation=(2, 0), reflection=(1, 0)),
        lambda: on(T.dihedral(1, 0), translation=(1, 3), reflection=(1, 0)),
        lambda: on(T.cyclic_dilations(0, 2, signed=True), dilation=(1, 3), reflection=(-1, 0)),
        lambda: on(T.lattice(1), translation=(0, 3)),
        lambda: on(T.translations()),
        lambda: AffineCharacter.power(T.lattice(1), 2),
        lambda: AffineCharacter.power(T.dilations(1), 0.5),
        lambda: AffineCharacter.power(T.dilations(1), 1, 2),
        lambda: AffineCharacter.logarithmic(T.translations(), 1),
        lambda: AffineCharacter.exponential(0),
        lambda: AffineCharacter.exponential(1)((2, 0)),
        lambda: AffineCharacter.from_json(T.lattice(1), {}),
        lambda: AffineCharacter.from_json(T.lattice(1), {"translation": {"b": "1"}}),
        lambda: AffineCharacter.from_json(T.lattice(1), {"translation": {"b": 1, "d": "0"}}),
        lambda: AffineCharacter.from_json(T.lattice(1), {"translation": {"b": "1", "d": "0"}, "rate": "1"}),
        lambda: AffineCharacter.from_json(T.lattice(1), "1"),
        lambda: AffineCharacter.from_json(T.dilations(1), {"rate": "1", "offset": "0"}),
        lambda: AffineCharacter.from_json(T.signed_dilations(1), {"degree": "1", "offset": "0"}),
        lambda: AffineCharacter.from_json(
            T.signed_dilations(1), {"degree": "1", "offset": "0", "reflection": {"b": "1", "d": "3"}}
        ),
        lambda: AffineCharacter.from_json(T.translations(), {"rate": "x", "offset": "0"}),
    ],
)
def test_refusals(make):
    with pytest.raises(IntertwineError) as caught:
        make()
    assert "\n" not in str(caught.value)
