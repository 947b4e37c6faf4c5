"""Alignment: optima against brute force, planted elements, every kind of group, convolutional activations."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import ScaledPermutation, sample_orthogonal, sample_scaled_permutation
from intertwine.similarity import KINDS, Product, align
from tests.similarity.cases import BLOCKS, DENSE, FLAGS, LARGE_SEEDS, SCALED, best_scaled

SEEDS = st.integers(0, 2**32 - 1)


def positive(x, y):
    c = x @ y / (x @ x)
    return [max(c, 0.0)]


CANDIDATES = {
    "permutation": lambda x, y: [1.0],
    "signed permutation": lambda x, y: [1.0, -1.0],
    "positive-scaled permutation": positive,
    "monomial": lambda x, y: [x @ y / (x @ x)],
}


@pytest.mark.parametrize("kind", CANDIDATES)
@settings(max_examples=15)
@given(seed=SEEDS)
def test_scaled_permutations_are_optimal(kind, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((2, 7, 4)) + rng.standard_normal((2, 1, 4))
    found = align(x, y, kind)
    best = best_scaled(x, y, CANDIDATES[kind])
    # An optimum that is not attained is approached.
    assert best - 1e-9 <= found.distance <= best * (1 + 1e-5) + 1e-9
    assert found.is_global


@settings(max_examples=25)
@given(seed=SEEDS)
def test_discrete_scales_are_optimal(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((2, 7, 6))
    y *= np.exp(rng.standard_normal(6))
    for group, scales in ((SCALED[5], [(-2.0) ** k for k in range(-40, 20)]),
                          (SCALED[7], [s * 2.0**k for k in range(-40, 20) for s in (1, -1)])):
        found = align(x, y, group)
        n = 6
        table = np.array([[min(np.sum((a * x[:, j] - y[:, i]) ** 2) for a in scales) for j in range(n)]
                          for i in range(n)])
        from scipy.optimize import linear_sum_assignment

        rows, columns = linear_sum_assignment(table)
        assert found.distance == pytest.approx(np.sqrt(table[rows, columns].sum()), rel=1e-5)


@pytest.mark.parametrize("group", [*SCALED, *DENSE, *BLOCKS, *FLAGS], ids=repr)
@settings(max_examples=15)
@given(seed=SEEDS)
def test_no_random_element_is_better(group, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((2, 30, 6))
    found = align(x, y, group)
    for _ in range(4):
        other = group.sample(rng).element.apply(x)
        assert found.distance <= np.linalg.norm(other - y) * (1 + 1e-5)


@pytest.mark.parametrize("objective", ["distance", "correlation"])
@pytest.mark.parametrize("group", [*SCALED, *DENSE, *BLOCKS], ids=repr)
@settings(max_examples=15)
@given(seed=SEEDS)
def test_planted_elements_are_found(group, objective, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((30, 6))
    planted = group.sample(rng)
    found = align(x, planted.element.apply(x), group, objective)
    assert found.attained and found.is_global
    assert found.element.allclose(planted.element, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("objective", ["distance", "correlation"])
@pytest.mark.parametrize("group", FLAGS, ids=repr)
def test_planted_flags_are_found(group, objective, rng):
    x = rng.standard_normal((30, 6))
    planted = group.sample(rng)
    found = align(x, planted.element.apply(x), group, objective)
    assert found.is_global and found.element.allclose(planted.element, rtol=1e-7, atol=1e-8)


@pytest.mark.parametrize("expression", ["relu", "tanh", "gelu", "x", "x + 1", "x*abs(x)", "x**3"])
def test_behind_the_activation_the_pair_is_found(expression, rng):
    group = iw.derive(expression)
    pair = group(5).sample(rng)
    h = rng.standard_normal((40, 5))
    found = align(h, pair.image.apply(h), group, side="after")
    assert found.element.allclose(pair.image, rtol=1e-7, atol=1e-9)
    assert found.intertwiner is not None
    assert found.intertwiner.image.allclose(pair.image, rtol=1e-7, atol=1e-9)
    assert found.intertwiner.allclose(pair, rtol=1e-7, atol=1e-9)


def test_an_image_has_one_of_its_preimages(rng):
    # A square forgets signs: the pair found has the same image, not the same element.
    group = iw.derive("x**2")
    pair = group(5).sample(rng)
    h = rng.standard_normal((40, 5)) ** 2
    found = align(h, pair.image.apply(h), group, side="after").intertwiner
    assert found is not None and found.image.allclose(pair.image, rtol=1e-7)
    z = rng.standard_normal((9, 5))
    assert np.allclose(found.element.apply(z) ** 2, found.image.apply(z**2))


@pytest.mark.parametrize("seed", LARGE_SEEDS)
def test_permutations_and_scales_at_width_512(seed):
    rng = np.random.default_rng(seed)
    scalars = ("trivial", "sign", "positive", "nonzero")[seed % 4]
    kind = ("permutation", "signed permutation", "positive-scaled permutation", "monomial")[seed % 4]
    x = np.maximum(rng.standard_normal((600, 512)) + rng.uniform(-1, 1, 512), 0)
    planted = sample_scaled_permutation(rng, 512, scalars)
    for objective in ("distance", "correlation"):
        found = align(x, planted.apply(x), kind, objective).element
        assert isinstance(found, ScaledPermutation)
        assert np.array_equal(found.indices, planted.indices)
        assert np.allclose(found.scales, planted.scales, rtol=1e-8, atol=0)


@pytest.mark.parametrize("seed", LARGE_SEEDS)
def test_channels_of_a_convolution_at_width_512(seed):
    rng = np.random.default_rng(seed)
    x = np.maximum(rng.standard_normal((40, 512, 4, 4)), 0)
    planted = sample_scaled_permutation(rng, 512, "positive")
    found = align(x, planted.apply(x, axis=1), "positive-scaled permutation").element
    assert np.array_equal(found.indices, planted.indices)
    assert np.allclose(found.scales, planted.scales, rtol=1e-8, atol=0)


def test_noise_does_not_hide_a_permutation(rng):
    x = rng.standard_normal((500, 40))
    planted = sample_scaled_permutation(rng, 40, "nonzero")
    found = align(x, planted.apply(x) + 0.05 * rng.standard_normal(x.shape), "monomial")
    assert np.array_equal(found.element.indices, planted.indices)
    assert 0 < found.distance < 0.1 * np.sqrt(x.size) and found.correlation > 0.9


@given(seed=SEEDS)
def test_correlation_treats_both_sides_alike(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((2, 25, 5)) + 1.5
    for kind in ("positive-scaled permutation", "monomial", "conformal orthogonal"):
        there, back = align(x, y, kind, "correlation"), align(y, x, kind, "correlation")
        assert there.element.allclose(back.element.inverse(), rtol=1e-7, atol=1e-9)


def test_a_larger_group_fits_better(rng):
    x, y = rng.standard_normal((2, 60, 8))
    d = {kind: align(x, y, kind).distance for kind in KINDS}
    assert d["general linear"] <= d["conformal orthogonal"] <= d["orthogonal"] <= d["signed permutation"]
    assert d["signed permutation"] <= d["permutation"] <= d["identity"]
    assert d["general linear"] <= d["monomial"] <= d["positive-scaled permutation"] <= d["permutation"]
    assert d["general linear"] <= d["unit row sums"] <= d["permutation"]


def test_channels_of_images_are_units(rng):
    x = rng.standard_normal((6, 5, 4, 3))
    planted = sample_scaled_permutation(rng, 5, "positive")
    y = planted.apply(x, axis=1)
    found = align(x, y, "positive-scaled permutation")
    assert found.element.allclose(planted)
    assert np.allclose(found.apply(x), y)


def test_products_are_fitted_part_by_part(rng):
    x = rng.standard_normal((50, 7))
    first, second = sample_scaled_permutation(rng, 4, "positive"), sample_orthogonal(rng, 3)
    y = np.hstack([first.apply(x[:, :4]), second.apply(x[:, 4:])])
    group = Product([(iw.derive("relu"), 4), ("orthogonal", 3)])
    found = align(x, y, group)
    assert found.distance < 1e-12 * np.linalg.norm(y) * 100 and found.is_global


def test_an_optimum_on_the_edge_is_said_to_be_one(rng):
    x = rng.standard_normal((20, 1))
    found = align(x, -x, "positive-scaled permutation")
    assert not found.attained and found.is_global
    assert found.intertwiner is None
    assert found.distance == pytest.approx(np.linalg.norm(x), rel=1e-5)
    flat = align(rng.standard_normal((20, 3)), np.zeros((20, 3)), "general linear")
    assert not flat.attained


def test_dead_units_do_no_harm(rng):
    x = np.maximum(rng.standard_normal((30, 4)), 0)
    x[:, 2] = 0
    planted = ScaledPermutation([2, 0, 3, 1], [1.0, 2.0, 3.0, 4.0])
    found = align(x, planted.apply(x), "positive-scaled permutation")
    assert found.distance < 1e-12
    assert np.array_equal(found.element.indices, planted.indices)


def test_single_precision_stays_single(rng):
    x = rng.standard_normal((30, 4)).astype(np.float32)
    found = align(x, x[:, ::-1], "permutation")
    assert found.apply(x).dtype == np.float32
    assert found.element.indices.tolist() == [3, 2, 1, 0]


@pytest.mark.parametrize(
    ("x", "y", "group", "message"),
    [
        (np.ones((3, 2)), np.ones((4, 2)), "permutation", "same samples"),
        (np.ones((3, 2)), np.ones((3, 3)), "permutation", "keeps their number"),
        (np.ones(3), np.ones(3), "permutation", "samples × units"),
        (np.ones((3, 2)) * 1j, np.ones((3, 2)), "permutation", "real numbers"),
        (np.full((3, 2), np.nan), np.ones((3, 2)), "permutation", "not finite"),
        (np.ones((3, 2)), np.ones((3, 2)), "permutations", "unknown kind"),
        (np.ones((3, 2)), np.ones((3, 2)), 7, "not int"),
        (np.ones((3, 2)), np.ones((3, 2)), SCALED[0], "acts on 6"),
    ],
)
def test_unusable_input_is_named(x, y, group, message):
    with pytest.raises((ShapeError, IntertwineError), match=message) as caught:
        align(x, y, group)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["permutation", "positive-scaled permutation", "orthogonal", "general linear"])
@pytest.mark.parametrize(
    ("size", "dtype"), [(1e25, "float32"), (1e-25, "float32"), (1e100, "float64"), (1e-100, "float64")]
)
def test_large_and_small_entries(kind, size, dtype, rng):
    x = rng.standard_normal((20, 4))
    y = x[:, [1, 0, 3, 2]]
    found = align((x * size).astype(dtype), (y * size).astype(dtype), kind)
    np.testing.assert_allclose(found.element.to_matrix(), np.eye(4)[[1, 0, 3, 2]], atol=1e-5)
    assert found.distance < 1e-5 * size


@pytest.mark.parametrize("size", [1e200, 1e-200])
def test_entries_whose_squares_are_no_numbers_are_refused(size, rng):
    x = rng.standard_normal((20, 4)) * size
    with pytest.raises(IntertwineError, match="divide X and Y"):
        align(x, x, "permutation")


@pytest.mark.parametrize("name", ["maxout", "swiglu"])
def test_odd_numbers_of_images(name, rng):
    # The group is that of 6 units in front of the activation; none is defined for 3.
    group = iw.derive(name)
    pair, h = group(6).sample(rng), rng.standard_normal((30, 3))
    assert align(h, pair.image.apply(h), group, side="after").distance < 1e-9


@pytest.mark.parametrize("parts", [[3], [("permutation", -1), ("permutation", 5)], [("permutation", "many")]])
def test_parts_of_products_are_checked(parts):
    with pytest.raises(IntertwineError, match="part"):
        Product(parts)


@pytest.mark.parametrize("kind", ["permutation", "signed permutation", "positive-scaled permutation", "monomial"])
def test_the_correlation_matches_units_by_their_cosines(kind, rng):
    x, y = rng.standard_normal((2, 6, 4)) * np.exp(rng.standard_normal((2, 1, 4)))
    cosines = (y / np.linalg.norm(y, axis=0)).T @ (x / np.linalg.norm(x, axis=0))
    if kind in ("signed permutation", "monomial"):
        cosines = abs(cosines)
    best = max(itertools.permutations(range(4)), key=lambda order: cosines[range(4), order].sum())
    assert align(x, y, kind, "correlation").element.indices.tolist() == list(best)
