"""Reflections and blocks against dense matrices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import (
    Blocks,
    Dense,
    Element,
    Reflections,
    Rotations,
    ScaledPermutation,
    act_columns,
    act_rows,
    sample_reflections,
    sample_rotations,
)

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


@given(seeds, st.integers(1, 6))
def test_rotations_are_what_their_definition_says(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    a = sample_rotations(rng, n, -2.0)
    matrix = np.eye(n)
    for (i, j), t in zip(a.planes, a.angles, strict=True):
        turn = np.eye(n)
        turn[i, i], turn[i, j], turn[j, i], turn[j, j] = np.cos(t), -np.sin(t), np.sin(t), np.cos(t)
        matrix = turn @ matrix
    agree(a, a.scale * matrix)
    np.testing.assert_allclose(a.to_matrix().T @ a.to_matrix(), 4 * np.eye(n), atol=1e-12)


MAKERS = {
    "reflections": lambda rng: reflections(rng, 6),
    "blocks": lambda rng: blocks(rng, 3, 2, False),
    "interleaved blocks": lambda rng: blocks(rng, 3, 2, True),
    "rotations": lambda rng: sample_rotations(rng, 6, 3.0),
    "rotations in the same planes": lambda rng: Rotations(6, [[4, 1], [0, 5]], rng.uniform(-3, 3, 2), 0.5),
}


@given(seeds, st.sampled_from(sorted(MAKERS)))
def test_algebra_agrees_with_matrices(seed: int, kind: str) -> None:
    rng = np.random.default_rng(seed)
    one, two = (MAKERS[kind](rng) for _ in range(2))
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
        lambda: Rotations(3, [[0, 0]], [1.0]),
        lambda: Rotations(3, [[0, 3]], [1.0]),
        lambda: Rotations(3, [[0, 1], [1, 2]], [1.0, 1.0]),
        lambda: Rotations(3, [[0, 1]], [1.0, 1.0]),
        lambda: Rotations(3, [[0, 1]], [np.inf]),
        lambda: Rotations(3, [[0, 1]], [1.0], scale=0.0),
        lambda: Rotations(3, [0, 1], [1.0]),
    ],
)
def test_what_is_no_element_is_refused(make: object) -> None:
    with pytest.raises((IntertwineError, ShapeError)):
        make()  # type: ignore[operator]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_the_type_of_the_weights_is_kept(make: Callable[[np.random.Generator], Element], dtype: type) -> None:
    rng = np.random.default_rng(0)
    element, weight = make(rng), rng.standard_normal((6, 6)).astype(dtype)
    for moved in (act_rows(element, weight), act_columns(weight, element)):
        assert moved.dtype == dtype
    np.testing.assert_allclose(act_rows(element, weight), element.to_matrix() @ weight, rtol=1e-4, atol=1e-4)
    with pytest.raises(ShapeError, match="acts on 6 units"):
        act_rows(element, weight[:5])
