"""Dissimilarities: invariance, independent formulas, the triangle inequality, memory."""

from __future__ import annotations

import tracemalloc
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import sample_general_linear, sample_orthogonal, sample_scaled_permutation
from intertwine.similarity import align, cka, linear_cka, procrustes
from tests.similarity.cases import BLOCKS, DENSE, FLAGS, SCALED

SEEDS = st.integers(0, 2**32 - 1)
ALL = [*SCALED, *DENSE, *BLOCKS, *FLAGS]


def hsic(k, m):
    """tr(KHLH) with the matrices written out."""
    n = len(k)
    h = np.eye(n) - np.ones((n, n)) / n
    return np.trace(k @ h @ m @ h)


def hsic_unbiased(k, m):
    """Song et al. (2012), equation 5, term by term."""
    n, one = len(k), np.ones(len(k))
    k, m = k - np.diag(np.diag(k)), m - np.diag(np.diag(m))
    total = np.trace(k @ m) + (one @ k @ one) * (one @ m @ one) / ((n - 1) * (n - 2))
    return (total - 2 / (n - 2) * (one @ k @ m @ one)) / (n * (n - 3))


def maximum_gram(x):
    """The kernel of Godfrey et al.: centred columns of length 1, the maximum of the entrywise product."""
    x = x - x.mean(0)
    x = x / np.linalg.norm(x, axis=0)
    return np.array([[max(a * b) for b in x] for a in x])


@pytest.mark.parametrize("group", ALL, ids=repr)
@settings(max_examples=10)
@given(seed=SEEDS)
def test_elements_of_the_group_change_nothing(group, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((2, 24, 6))
    gx = group.sample(rng).element.apply(x)
    assert procrustes(x, gx, group) < 1e-6
    assert procrustes(gx, y, group) == pytest.approx(procrustes(x, y, group), abs=1e-7)
    assert cka(x, gx, group) == pytest.approx(1, abs=1e-7)
    assert cka(gx, y, group) == pytest.approx(cka(x, y, group), abs=1e-7)
    assert cka(gx, y, group, unbiased=True) == pytest.approx(cka(x, y, group, unbiased=True), abs=1e-6)


@pytest.mark.parametrize("group", [g for g in ALL if g.kind not in ("general linear", "unit row sums")], ids=repr)
def test_elements_outside_change_something(group, rng):
    x = rng.standard_normal((24, 6))
    outside = sample_general_linear(rng, 6, 1.0).apply(x)
    assert procrustes(x, outside, group) > 0.02
    assert cka(x, outside, group) < 0.999


def test_the_group_matters(rng):
    x = rng.standard_normal((40, 6))
    scaled = sample_scaled_permutation(rng, 6, "positive").apply(x)
    turned = sample_orthogonal(rng, 6).apply(x)
    assert procrustes(x, scaled, iw.derive("relu")) < 1e-6 < 0.05 < procrustes(x, scaled, "orthogonal")
    assert procrustes(x, turned, "orthogonal") < 1e-6 < 0.05 < procrustes(x, turned, iw.derive("relu"))
    assert procrustes(x, scaled, iw.derive("tanh")) > 0.05
    assert procrustes(x, -x, iw.derive("relu")) > 0.05 > procrustes(x, -x, iw.derive("tanh"))


@settings(max_examples=30)
@given(seed=SEEDS)
def test_angles_and_chords_are_metrics(seed):
    rng = np.random.default_rng(seed)
    points = [rng.standard_normal((9, 6)) @ np.diag(np.exp(rng.standard_normal(6))) for _ in range(3)]
    for group in (SCALED[seed % len(SCALED)], DENSE[seed % len(DENSE)], BLOCKS[seed % len(BLOCKS)]):
        for angular in (True, False):
            ab, bc, ac = (procrustes(points[i], points[j], group, angular) for i, j in ((0, 1), (1, 2), (0, 2)))
            assert ac <= ab + bc + 1e-9
            assert ab == pytest.approx(procrustes(points[1], points[0], group, angular), abs=1e-9)


@settings(max_examples=30)
@given(seed=SEEDS)
def test_procrustes_of_relu_against_all_permutations(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((2, 12, 4))
    u, v = ((z - z.mean(0)) / np.linalg.norm(z - z.mean(0), axis=0) / 2 for z in (x, y))
    best = min(np.linalg.norm(u[:, p] - v) for p in permutations(range(4)))
    assert procrustes(x, y, iw.derive("relu"), angular=False) == pytest.approx(best, abs=1e-9)
    assert procrustes(x, y, iw.derive("relu")) == pytest.approx(np.arccos(1 - best**2 / 2), abs=1e-9)


@settings(max_examples=30)
@given(seed=SEEDS)
def test_orthogonal_procrustes_against_the_nuclear_norm(seed):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((2, 12, 5))
    u, v = (z - z.mean(0) for z in (x, y))
    s = np.sqrt(np.linalg.eigvalsh(u.T @ v @ v.T @ u).clip(0)).sum() / np.linalg.norm(u) / np.linalg.norm(v)
    assert procrustes(x, y) == pytest.approx(np.arccos(s), abs=1e-7)


@settings(max_examples=20)
@given(seed=SEEDS, units=st.sampled_from([2, 5, 40]))
def test_cka_against_written_out_matrices(seed, units):
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((15, units)), rng.standard_normal((15, units + 3))
    for group, gram in (("positive-scaled permutation", maximum_gram),
                        ("orthogonal", lambda z: (z - z.mean(0)) @ (z - z.mean(0)).T)):
        k, m = gram(x), gram(y)
        for tile in (4, 1024):
            want = hsic(k, m) / np.sqrt(hsic(k, k) * hsic(m, m))
            assert cka(x, y, group, tile=tile) == pytest.approx(want, abs=1e-9)
            squares = hsic_unbiased(k, k) * hsic_unbiased(m, m)
            want = hsic_unbiased(k, m) / np.sqrt(squares)
            assert cka(x, y, group, unbiased=True, tile=tile) == pytest.approx(want, abs=1e-8)


def test_linear_cka_of_small_matrices_by_hand():
    # Centred already; ‖YᵀX‖² = 2² + 2²·… is done on paper: XᵀX = diag(2, 2), YᵀY = 6, YᵀX = (2, 2).
    x = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    y = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    # ‖YᵀX‖² = 8, ‖XᵀX‖ = √8, ‖YᵀY‖ = 4
    assert linear_cka(x, y) == pytest.approx(8 / (np.sqrt(8) * 4))
    assert linear_cka(x, x) == pytest.approx(1)


def test_general_linear_is_the_mean_of_canonical_correlations(rng):
    x, y = rng.standard_normal((2, 50, 4))
    u, v = (np.linalg.qr(z - z.mean(0))[0] for z in (x, y))
    rho = np.linalg.svd(u.T @ v, compute_uv=False)
    assert procrustes(x, y, "general linear") == pytest.approx(np.arccos(rho.mean()))
    assert cka(x, y, "general linear") == pytest.approx((rho**2).mean())


@pytest.mark.parametrize("units", [30, 200])
def test_the_threshold_changes_nothing(units, rng):
    for x in (rng.standard_normal((120, units)), np.maximum(rng.standard_normal((120, units)) - 1, 0),
              rng.standard_t(2, (120, units))):
        x = x[:, x.std(0) > 0]
        y = rng.standard_normal(x.shape)
        k, m = maximum_gram(x), maximum_gram(y)
        want = hsic(k, m) / np.sqrt(hsic(k, k) * hsic(m, m))
        for tile in (7, 64, 1024):
            assert cka(x, y, iw.derive("relu"), tile=tile) == pytest.approx(want, abs=1e-10)


def test_threads_change_nothing(rng):
    x, y = rng.standard_normal((2, 300, 40))
    assert cka(x, y, "permutation", workers=1, tile=50) == cka(x, y, "permutation", workers=3, tile=50)


def test_memory_is_linear_in_the_samples(rng):
    peaks = []
    for n in (500, 1000, 2000):
        x, y = rng.standard_normal((2, n, 8))
        tracemalloc.start()
        cka(x, y, "positive-scaled permutation", tile=128)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] - peaks[1] < 3 * (peaks[1] - peaks[0]) + 2**20
    assert peaks[2] < 2000 * 2000 * 8 / 4


def test_channels_of_images_are_units(rng):
    x = rng.standard_normal((6, 5, 4, 3))
    y = sample_scaled_permutation(rng, 5, "positive").apply(x, axis=1)
    assert procrustes(x, y, iw.derive("relu")) < 1e-6
    assert cka(x, y, iw.derive("relu")) == pytest.approx(1)


def test_behind_a_cube_scales_are_cubes(rng):
    group = iw.derive("x**3")
    x = rng.standard_normal((30, 5))
    pair = group(5).sample(rng)
    h, gh = x**3, pair.element.apply(x) ** 3
    assert procrustes(h, gh, group, side="after") < 1e-6
    assert procrustes(h, gh, iw.derive("tanh"), side="after") > 0.02


def test_dead_and_constant_units_do_not_count(rng):
    x, y = rng.standard_normal((2, 30, 3))
    more = [np.hstack([z, np.zeros((30, 1)), np.full((30, 1), 0.1)]) for z in (x, y)]
    assert cka(*more) == pytest.approx(cka(x, y), abs=1e-9)
    assert procrustes(*more, iw.derive("relu")) == pytest.approx(procrustes(x, y, iw.derive("relu")), abs=1e-9)


def test_unusable_input_is_named(rng):
    x = rng.standard_normal((5, 2))
    with pytest.raises(IntertwineError, match="X is constant"):
        procrustes(np.ones((5, 2)), x)
    with pytest.raises(ShapeError, match="at least 4 samples"):
        cka(x[:3], x[:3], unbiased=True)
    with pytest.raises(IntertwineError, match="positive"):
        cka(x, x, "permutation", tile=0)
    with pytest.raises(ShapeError, match="keeps their number"):
        procrustes(x, x[:, :1])


def test_published_values_of_small_matrices():
    # The worked examples of scipy.linalg.orthogonal_procrustes and scipy.spatial.procrustes (SciPy's reference, 1.14).
    a = np.array([[2.0, 0, 1], [-2, 0, 0]])
    found = align(a, np.fliplr(a), "orthogonal")
    # R is the reversal of the columns, and the sum of the singular values is 9.0, which is ‖A‖² here.
    assert np.allclose(found.apply(a), np.fliplr(a))
    assert np.vdot(found.apply(a), np.fliplr(a)) == pytest.approx(9.0)
    a = np.array([[1.0, 3], [1, 2], [1, 1], [2, 1]])
    b = np.array([[4.0, -2], [4, -4], [4, -6], [2, -6]])
    # Disparity 0.0: b is a rotated, scaled and shifted mirror image of a. Disparity is 1 - s² for our s.
    assert procrustes(a, b, "orthogonal") < 1e-6
    assert linear_cka(a, b) == pytest.approx(1)


@settings(max_examples=20)
@given(seed=SEEDS)
def test_disparity_of_scipy(seed):
    from scipy.spatial import procrustes as disparity

    x, y = np.random.default_rng(seed).standard_normal((2, 12, 4))
    assert 1 - np.cos(procrustes(x, y)) ** 2 == pytest.approx(disparity(x, y)[2], abs=1e-9)


def test_unbiased_means_zero_on_average():
    # For independent samples the biased estimator is far from 0 when units are many, the unbiased one is 0 on average.
    rng = np.random.default_rng(0)
    pairs = [rng.standard_normal((2, 20, 40)) for _ in range(200)]
    found = np.array([[linear_cka(x, y, unbiased=flag) for flag in (False, True)] for x, y in pairs])
    assert found[:, 0].mean() > 0.5
    assert abs(found[:, 1].mean()) < 4 * found[:, 1].std() / np.sqrt(len(pairs)) + 0.01


def test_positions_as_features(rng):
    """The kernel of Godfrey et al. for convolutions, image by image and with the unbiased estimator."""
    x, y = rng.standard_normal((9, 5, 3, 2)), rng.standard_normal((9, 4, 3, 2))

    def gram(h):
        h = h - h.mean((0, 2, 3), keepdims=True)
        h = h / np.sqrt((h**2).sum((0, 2, 3), keepdims=True))
        return np.array([[max(np.sum(a * b, axis=(1, 2))) for b in h] for a in h])

    k, m = gram(x), gram(y)
    want = hsic_unbiased(k, m) / np.sqrt(hsic_unbiased(k, k) * hsic_unbiased(m, m))
    group = iw.derive("relu")
    assert cka(x, y, group, unbiased=True, positions="features") == pytest.approx(want)
    moved = sample_scaled_permutation(rng, 5, "positive").apply(x, axis=1)
    assert cka(x, moved, group, positions="features") == pytest.approx(1)
    with pytest.raises(IntertwineError, match="'samples' or 'features'"):
        cka(x, y, group, positions="pixels")


def test_positions_are_features_of_the_same_samples(rng):
    x, y = rng.standard_normal((5, 4, 2, 2)), rng.standard_normal((20, 4))
    for one, two in ((x, y), (y, x)):
        with pytest.raises(ShapeError, match="5 samples|20 samples"):
            cka(one, two, "permutation", positions="features")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_what_rounding_leaves_of_a_deficient_rank_is_no_direction(dtype, rng):
    x = np.maximum(rng.standard_normal((40, 6)), 0)
    x[:, 0], x[:, 2] = 0, x[:, 1]
    y = sample_general_linear(rng, 6).apply(x)
    found = procrustes(x.astype(dtype), y.astype(dtype), "general linear")
    assert found < (5e-3 if dtype == "float32" else 1e-6)
    assert cka(x.astype(dtype), y.astype(dtype), "general linear") == pytest.approx(1, abs=1e-5)


def test_sorted_groups_of_equal_units(rng):
    group = iw.derive("group_sort")
    x = rng.standard_normal((40, 6))
    x[:, 1] = x[:, 0]
    assert procrustes(x, group(6).sample(rng).element.apply(x), group) < 1e-6


def test_units_with_norms_that_have_no_inverse_in_single_precision(rng):
    x = rng.standard_normal((30, 4)).astype(np.float32)
    x[:, 0] *= np.float32(1e-40)
    for measure, expected in ((procrustes, 0), (cka, 1)):
        assert measure(x, x, "positive-scaled permutation") == pytest.approx(expected, abs=1e-5)
