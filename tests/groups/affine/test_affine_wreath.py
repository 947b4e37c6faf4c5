"""T ≀ Sym(n) and the general affine group: axioms, ψ, exact and numeric elements."""

import numpy as np
import pytest
import sympy as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError, ShapeError, Undecided
from intertwine.groups import (
    AffineCharacter,
    AffineFamily,
    AffinePair,
    AffineScalarGroup,
    AffineWreath,
    GeneralAffine,
)
from intertwine.groups.affine.base import same
from tests.groups.affine.strategies import MODELS, Model, affine_characters, on, seeds

T = AffineScalarGroup
POINTS = np.linspace(-3.13, 3.41, 7)


def concrete(psi, n):
    return AffineFamily(psi)(n)


groups = st.builds(concrete, affine_characters(), st.integers(1, 3))


@settings(max_examples=100)
@given(groups, seeds)
def test_group_axioms_and_psi(h, seed):
    rng = np.random.default_rng(seed)
    f, g, k = (h.exact_sample(rng) for _ in range(3))
    one = h.identity()
    assert f in h
    assert one in h
    fg = h.multiply(f, g)
    assert fg in h
    assert same(h.multiply(fg, k), h.multiply(f, h.multiply(g, k)))
    inverse = h.inverse(f)
    assert inverse in h
    assert same(h.multiply(f, inverse), one)
    image = h.psi(f)
    expected = AffinePair(image.matrix * h.psi(g).matrix, image.matrix * h.psi(g).shift + image.shift)
    assert same(h.psi(fg), expected)
    assert same(h.psi(one), one)


@settings(max_examples=80)
@given(groups)
def test_generators_and_lie_algebra(h):
    assert all(g in h for g in h.generators())
    algebra = h.lie_algebra()
    assert len(algebra) == h.dimension
    if algebra:
        assert sp.Matrix([[*x, *v] for x, v in algebra]).rank() == h.dimension
    one, half = h.identity(), sp.Rational(1, 2)
    for x, v in algebra:
        # exp(t(X, v)) = 1 + f·(X, v), with f = t if X² = 0 and f = e^t - 1 if X² = X; then Xv = 0 or Xv = v.
        factor = half if (x * x).is_zero_matrix else sp.exp(half) - 1
        assert (x * x).is_zero_matrix or (x * x == x and x * v == v)
        assert (one.matrix + factor * x, factor * v) in h


@settings(max_examples=60)
@given(groups, seeds)
def test_perturbed_elements_are_rejected(h, seed):
    a, c = h.exact_sample(np.random.default_rng(seed))
    tiny = sp.Rational(1, 10**40)
    moved = c.as_mutable()
    moved[0] += tiny
    free = isinstance(h, GeneralAffine) or h.scalars.type == "translations"
    assert ((a, moved) in h) == free
    assert (sp.zeros(h.n), c) not in h
    if h.n > 1 and not isinstance(h, GeneralAffine):
        assert (a + tiny * sp.ones(h.n), c) not in h


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.name)
@pytest.mark.parametrize("exact", [False, True])
def test_numeric_elements_satisfy_the_equation(model, exact):
    h = concrete(model.psi, 4)
    for seed in range(10):
        rng = np.random.default_rng(seed)
        g = h.to_numeric(h.exact_sample(rng)) if exact else h.sample(rng)
        x = rng.permuted(np.tile(POINTS, (4, 1)), axis=1).T
        left, right = model.function(g.element.apply(x)), g.image.apply(model.function(x))
        size = 1 + np.abs(left).max() + np.abs(g.image.shift).max()
        np.testing.assert_allclose(left, right, rtol=1e-10, atol=1e-12 * size)


def test_samples_are_not_all_the_identity_and_differ_in_every_part():
    for model in MODELS:
        h = concrete(model.psi, 12)
        g = h.sample(np.random.default_rng(1))
        if model.psi.group.type != "trivial":
            one = np.eye(12)
            assert not np.allclose(np.abs(g.element.linear.to_matrix()), one) or g.element.shift.any()
            f = h.sample(np.random.default_rng(2), spread=0.0)
            assert np.allclose(np.linalg.svd(f.element.linear.to_matrix(), compute_uv=False), 1)


@settings(max_examples=60)
@given(groups, affine_characters(), seeds)
def test_inclusion_and_intersection(h, psi, seed):
    k = concrete(psi, h.n)
    try:
        meet = h & k
    except Undecided:
        assume(False)
    rng = np.random.default_rng(seed)
    assert meet <= h
    assert meet <= k
    assert (h <= k) == (meet <= h and h <= meet)
    f = h.exact_sample(rng)
    assert (f in k) == (f in meet)
    x = meet.exact_sample(rng)
    if h.unique:
        assert same(meet.psi(x), h.psi(x))
    else:  # a constant activation: any image that keeps a constant vector will do
        b, d = meet.psi(x)
        assert b * sp.ones(h.n, 1) + d == sp.ones(h.n, 1)
    assert h <= GeneralAffine(h.n)


def test_counts_and_text():
    def wreath(group, n=3):
        return AffineWreath(group, AffineCharacter.trivial(group), n)

    assert (wreath(T.trivial()).order, wreath(T.reflection(1)).order) == (6, 48)
    assert (wreath(T.dihedral(1, 0)).components, wreath(T.dihedral(1, 0)).dimension) == (sp.oo, 0)
    assert (wreath(T.translations()).components, wreath(T.translations()).dimension) == (6, 3)
    assert (wreath(T.signed_dilations(1)).components, wreath(T.signed_dilations(1)).dimension) == (48, 3)
    assert (GeneralAffine(3).components, GeneralAffine(3).dimension, GeneralAffine(3).order) == (2, 12, sp.oo)
    texts = [(T.trivial(), "S_3"), (T.reflection(0), "⟨t ↦ -t⟩ ≀ S_3"), (T.lattice(2 * sp.pi), "Z·2π ≀ S_3"),
             (T.dihedral(sp.pi, 0), "D_∞(π, 0) ≀ S_3"), (T.dilations(1), "(R>0 at 1) ≀ S_3")]  # fmt: skip
    for group, text in texts:
        h = wreath(group)
        assert repr(h) == text
        assert repr(AffineFamily(h.character)) == text.replace("S_3", "S_n")
        assert h.latex()
        assert AffineFamily(h.character).latex()
    assert GeneralAffine(2).latex() == r"\mathrm{AGL}_{2}(\mathbb{R})"
    assert repr(AffineFamily(AffineCharacter.affine(1))) == "AGL_n"


def test_equality_compares_psi():
    by_name = {m.name: m for m in MODELS}
    sin, other, cos = (concrete(by_name[n].psi, 2) for n in ("sin", "sin, other centre", "cos"))
    assert sin == other
    assert hash(sin) == hash(other)
    assert sin != cos
    assert sin <= cos <= sin
    assert sin != concrete(by_name["sin"].psi, 3)
    assert GeneralAffine(2, 3, 1) == GeneralAffine(2, 3, 1) != GeneralAffine(2, 3, 2)
    assert GeneralAffine(2, 0, 1) == GeneralAffine(2, 0, 2)
    assert not GeneralAffine(2, 0).unique
    assert GeneralAffine(2) & sin == AffineWreath(sin.scalars, AffineCharacter.affine(1).restrict(sin.scalars), 2)
    assert AffineFamily(by_name["snake, translations"].psi) <= AffineFamily(by_name["snake"].psi)


def test_families_of_groups_without_a_line():
    family = AffineFamily(AffineCharacter.affine(2, 1))
    assert family(2) == GeneralAffine(2, 2, 1)
    assert family.unique
    assert family.scalars == T.affine_line()


def test_sigmoid_by_hand():
    group = T.reflection(0)
    h = AffineWreath(group, on(group, reflection=(-1, 1)), 2)
    b, d = h.psi((Matrix([[0, -1], [1, 0]]), [0, 0]))
    assert b == Matrix([[0, -1], [1, 0]])
    assert list(d) == [1, 0]
    assert ([[0, -1], [1, 0]], [1, 0]) not in h


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda h: h.contains(sp.eye(2)), ShapeError),
        (lambda h: h.contains((sp.eye(2), 1)), ShapeError),
        (lambda h: h.contains((sp.eye(2), [1])), ShapeError),
        (lambda h: h.contains((sp.eye(3), [0, 0, 0])), ShapeError),
        (lambda h: h.contains((sp.eye(2), [0.5, 0])), IntertwineError),
        (lambda h: h.contains((np.eye(2), [0, 0])), IntertwineError),
        (lambda h: h.psi((sp.zeros(2), [0, 0])), IntertwineError),
        (lambda h: h.inverse(([[1, 1], [1, 1]], [0, 0])), IntertwineError),
        (lambda h: h <= GeneralAffine(3), ShapeError),
        (lambda h: h & GeneralAffine(3), ShapeError),
    ],
)
@pytest.mark.parametrize("h", [concrete(MODELS[0].psi, 2), GeneralAffine(2)], ids=str)
def test_refusals(call, error, h):
    with pytest.raises(error) as caught:
        call(h)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "make",
    [
        lambda: AffineWreath(T.lattice(1), AffineCharacter.trivial(T.lattice(2)), 2),
        lambda: AffineWreath(T.lattice(1), "1", 2),
        lambda: AffineWreath(T.affine_line(), AffineCharacter.affine(1), 2),
        lambda: AffineWreath(T.lattice(1), AffineCharacter.trivial(T.lattice(1)), 0),
        lambda: GeneralAffine(2.0),
        lambda: GeneralAffine(2, 0.5),
    ],
)
def test_bad_groups(make):
    with pytest.raises(IntertwineError) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_models_are_what_they_say():
    assert len({m.name for m in MODELS}) == len(MODELS)
    assert all(isinstance(m, Model) for m in MODELS)
    kinds = {m.psi.group.type for m in MODELS}
    assert kinds == {"trivial", "reflection", "translations", "dilations", "signed-dilations", "lattice", "dihedral",
                     "cyclic-dilations", "affine-line"}  # fmt: skip
