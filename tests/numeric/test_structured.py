"""Reflections and blocks against dense matrices."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import Blocks, Dense, Element, Reflections, ScaledPermutation, sample_reflections

seeds = st.integers(0, 10**6)


def reflections(rng: np.random.Generator, n: int) -> Reflections:
    return Reflections(rng.standard_normal((int(rng.integers(1, n + 1)), n)), float(rng.choice([-2.0, 0.5, 3.0])))


def blocks(rng: np.random.Generator, m: int, k: int, interleaved: bool) -> Blocks:
    return Blocks(rng.permutation(m), rng.standard_normal((m, k, k)) + 3 * np.eye(k), interleaved)


def places(b: int, m: int, k: int, interleaved: bool) -> list[int]:
    return [m * i + b for i in range(k)] if interleaved else [k * b + i for i in range(k)]


def agree(element: Element, matrix: np.ndarray) -> None:  # type: ignore[type-arg]
    np.testing.assert_allclose(element.to_matrix(), matrix, rtol=1e-9, atol=1e-9)


@given(seeds, st.integers(1, 6))
def test_reflections_are_what_their_definition_says(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    a = reflections(rng, n)
    matrix = a.scale * np.eye(n)
    for v in a.vectors:
        matrix = matrix @ (np.eye(n) - 2 * np.outer(v, v))
    agree(a, matrix)


@given(seeds, st.integers(1, 3), st.integers(1, 3), st.booleans())
def test_blocks_are_what_their_definition_says(seed: int, m: int, k: int, interleaved: bool) -> None:
    rng = np.random.default_rng(seed)
    a = blocks(rng, m, k, interleaved)
    matrix = np.zeros((m * k, m * k))
    for b, c in enumerate(a.sources):
        matrix[np.ix_(places(b, m, k, interleaved), places(int(c), m, k, interleaved))] = a.matrices[b]
    agree(a, matrix)


@given(seeds, st.booleans(), st.booleans())
def test_algebra_agrees_with_matrices(seed: int, interleaved: bool, reflected: bool) -> None:
    rng = np.random.default_rng(seed)
    one, two = (reflections(rng, 6) if reflected else blocks(rng, 3, 2, interleaved) for _ in range(2))
    a, b = one.to_matrix(), two.to_matrix()
    agree(one @ two, a @ b)
    agree(one.inverse(), np.linalg.inv(a))
    agree(one.transpose(), a.T)
    agree(one.contragredient(), np.linalg.inv(a).T)
    for other in (Dense(b), ScaledPermutation(rng.permutation(6), rng.uniform(1, 2, 6))):
        agree(one @ other, a @ other.to_matrix())
        agree(other @ one, other.to_matrix() @ a)
    x = rng.standard_normal((4, 6, 3))
    np.testing.assert_allclose(one.apply(x, axis=1), np.einsum("ij,bjk->bik", a, x), rtol=1e-9, atol=1e-9)
    expected = one.apply(x, axis=1)
    one.apply(x, axis=1, out=x)
    np.testing.assert_array_equal(x, expected)
    assert one == one.astype(np.float64)
    assert one.astype(np.float32).dtype == np.float32


def test_haar_samples_are_orthogonal_and_of_both_orientations() -> None:
    rng = np.random.default_rng(0)
    matrices = [sample_reflections(rng, 4).to_matrix() for _ in range(400)]
    for a in matrices[:20]:
        np.testing.assert_allclose(a @ a.T, np.eye(4), atol=1e-12)
    signs = [np.sign(np.linalg.det(a)) for a in matrices]
    assert 120 < signs.count(1.0) < 280
    # the entries of a Haar matrix have mean 0 and mean square 1/n
    assert abs(np.mean(matrices)) < 0.05
    np.testing.assert_allclose(np.mean(np.square(matrices), axis=0), np.full((4, 4), 0.25), atol=0.06)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Reflections([[0.0, 0.0]]),
        lambda: Reflections([[1.0, 0.0]], scale=0.0),
        lambda: Reflections([1.0, 0.0]),
        lambda: Blocks([0, 0], np.ones((2, 1, 1))),
        lambda: Blocks([0, 1], np.ones((1, 1, 1))),
        lambda: Blocks([0], [[[np.nan]]]),
        lambda: Blocks([0], [[[0.0]]]).inverse(),
    ],
)
def test_what_is_no_element_is_refused(make: object) -> None:
    with pytest.raises((IntertwineError, ShapeError)):
        make()  # type: ignore[operator]
