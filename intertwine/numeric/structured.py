"""Scaled orthogonal matrices as products of reflections, and block permutation matrices with small dense blocks."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.arrays import FloatArray, IndexArray, as_floating
from intertwine.numeric.elements import Dense, Element, ScaledPermutation


class Reflections(Element):
    """c·H_1·H_2⋯H_k with Householder reflections H_i = 1 - 2 v_i v_iᵀ and a scale c ≠ 0.

    Applying it costs 4nk operations for each vector, a dense product 2n²: it is the cheaper one for k < n/2. A product
    of n reflections in directions of decreasing dimension is Haar-distributed (Stewart, SIAM J. Numer. Anal., 1980).

    Parameters
    ----------
    vectors : array_like of float, shape (k, n)
        Any vectors that are not zero; they are normalised.
    scale : float
        c.

    Raises
    ------
    ShapeError
        If the vectors are not the rows of a matrix.
    IntertwineError
        If a vector or the scale is zero or not finite.

    Examples
    --------
    >>> A = Reflections([[1.0, -1.0]], scale=3.0)
    >>> A.apply([1.0, 2.0])
    array([6., 3.])
    >>> (A @ A.inverse()).allclose(ScaledPermutation.identity(2), atol=1e-12)
    True
    """

    def __init__(self, vectors: npt.ArrayLike, scale: float = 1.0) -> None:
        array = as_floating(vectors, "the vectors")
        if array.ndim != 2 or not array.shape[1]:
            raise ShapeError(f"reflections are given by the rows of a matrix, not by an array of shape {array.shape}")
        norms = np.linalg.norm(array, axis=1)
        if not (np.isfinite(array).all() and (norms > 0).all() and np.isfinite(scale) and scale != 0):
            raise IntertwineError("a vector or the scale is zero or not finite")
        self._set(array / norms[:, None], scale)

    def _set(self, vectors: FloatArray, scale: float) -> None:
        vectors.flags.writeable = False
        self._vectors, self._scale = vectors, vectors.dtype.type(scale)
        if not (np.isfinite(self._scale) and self._scale != 0):
            raise IntertwineError(f"the scale {scale!r} is 0 or infinite in {vectors.dtype}")

    @classmethod
    def _trusted(cls, vectors: FloatArray, scale: float) -> Reflections:
        element = cls.__new__(cls)
        element._set(vectors, scale)
        return element

    @property
    def vectors(self) -> FloatArray:
        """The unit vectors v_i, read-only."""
        return self._vectors

    @property
    def scale(self) -> float:
        """c."""
        return float(self._scale)

    @property
    def n(self) -> int:
        return int(self._vectors.shape[1])

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._vectors.dtype

    def compose(self, other: Element) -> Element:
        if isinstance(other, Reflections) and len(self._vectors) + len(other._vectors) <= self.n:
            return self._trusted(np.concatenate([self._vectors, other._vectors]), self.scale * other.scale)
        return Dense(self.apply(other.to_matrix().astype(np.result_type(self.dtype, other.dtype)), axis=0))

    def inverse(self) -> Reflections:
        return self._trusted(self._vectors[::-1].copy(), 1 / self.scale)

    def transpose(self) -> Reflections:
        return self._trusted(self._vectors[::-1].copy(), self.scale)

    def contragredient(self) -> Reflections:
        return self._trusted(self._vectors.copy(), 1 / self.scale)

    def astype(self, dtype: npt.DTypeLike) -> Reflections:
        return self if self.dtype == dtype else self._trusted(self._vectors.astype(dtype), self.scale)

    def to_matrix(self) -> FloatArray:
        return self.apply(np.eye(self.n, dtype=self.dtype), axis=0)

    def _act(self, source: FloatArray, axis: int, out: FloatArray) -> None:
        given, result = np.moveaxis(source, axis, -1), np.moveaxis(out, axis, -1)
        # H_1⋯H_k = 1 - VᵀTV (Schreiber and Van Loan, 1989): two products of matrices in place of k passes over memory
        changes = ((given @ self._vectors.T) @ self._triangle.T) @ self._vectors
        np.subtract(given, changes, out=result)
        out *= self._scale

    @cached_property
    def _triangle(self) -> FloatArray:
        """T, upper triangular."""
        v = self._vectors
        triangle = 2 * np.eye(len(v), dtype=v.dtype)
        for i in range(1, len(v)):
            triangle[:i, i] = -2 * (triangle[:i, :i] @ (v[:i] @ v[i]))
        return triangle

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Reflections):
            return NotImplemented
        return np.array_equal(self._vectors, other._vectors) and self._scale == other._scale

    def __hash__(self) -> int:
        return hash((self._vectors.tobytes(), float(self._scale)))

    def __repr__(self) -> str:
        return f"<{self.scale:g} times {len(self._vectors)} reflections on {self.n} units>"


class Blocks(Element):
    """A permutation of blocks of k units with a dense k×k matrix for each: block b is M_b times block ``sources[b]``.

    Parameters
    ----------
    sources : array_like of int, shape (m,)
        A permutation of the blocks.
    matrices : array_like of float, shape (m, k, k)
        Finite and invertible.
    interleaved : bool
        False: block b are the units kb, …, kb + k - 1. True: the units b, m + b, 2m + b, …

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    IntertwineError
        If the sources are not a permutation, or a matrix is not finite; on inversion, if one is singular.

    Examples
    --------
    >>> turn = [[0.0, -1.0], [1.0, 0.0]]
    >>> A = Blocks([1, 0], [turn, turn])
    >>> A.apply([1.0, 2.0, 3.0, 4.0])
    array([-4.,  3., -2.,  1.])
    >>> (A @ A.inverse()).allclose(ScaledPermutation.identity(4))
    True
    """

    def __init__(self, sources: npt.ArrayLike, matrices: npt.ArrayLike, interleaved: bool = False) -> None:
        array = as_floating(matrices, "the blocks").copy()
        self._order = ScaledPermutation(sources)
        if array.ndim != 3 or array.shape[1] != array.shape[2] or len(array) != self._order.n or not array.shape[1]:
            raise ShapeError(f"{self._order.n} square blocks are needed, not an array of shape {array.shape}")
        if not np.isfinite(array).all():
            raise IntertwineError("a block has an entry that is not finite")
        array.flags.writeable = False
        self._matrices, self._interleaved = array, bool(interleaved)

    @property
    def sources(self) -> IndexArray:
        """Where each block reads from, read-only."""
        return self._order.indices

    @property
    def matrices(self) -> FloatArray:
        """The blocks, read-only."""
        return self._matrices

    @property
    def n(self) -> int:
        return int(self._matrices.shape[0] * self._matrices.shape[1])

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._matrices.dtype

    def _like(self, sources: IndexArray, matrices: FloatArray) -> Blocks:
        return Blocks(sources, matrices, self._interleaved)

    def compose(self, other: Element) -> Element:
        same = isinstance(other, Blocks) and self._matrices.shape == other._matrices.shape
        if same and isinstance(other, Blocks) and self._interleaved == other._interleaved:
            return self._like(other.sources[self.sources], self._matrices @ other._matrices[self.sources])
        return Dense(self.apply(other.to_matrix().astype(np.result_type(self.dtype, other.dtype)), axis=0))

    def inverse(self) -> Blocks:
        back = self._order.inverse().indices
        try:
            return self._like(back, np.linalg.inv(self._matrices)[back].astype(self.dtype))
        except np.linalg.LinAlgError as error:
            raise IntertwineError("a block is singular: it is not an element of a group") from error

    def transpose(self) -> Blocks:
        back = self._order.inverse().indices
        return self._like(back, np.swapaxes(self._matrices, 1, 2)[back])

    def astype(self, dtype: npt.DTypeLike) -> Blocks:
        if self.dtype == dtype:
            return self
        with np.errstate(over="ignore", under="ignore"):
            return self._like(self.sources, self._matrices.astype(dtype))

    def to_matrix(self) -> FloatArray:
        return self.apply(np.eye(self.n, dtype=self.dtype), axis=0)

    def _act(self, source: FloatArray, axis: int, out: FloatArray) -> None:
        m, k = self._matrices.shape[:2]
        given = np.moveaxis(source, axis, -1)
        shape = (k, m) if self._interleaved else (m, k)
        parts = given.reshape(*given.shape[:-1], *shape)
        if self._interleaved:
            parts = np.swapaxes(parts, -1, -2)
        moved = np.einsum("bij,...bj->...bi", self._matrices, parts[..., self.sources, :])
        if self._interleaved:
            moved = np.swapaxes(moved, -1, -2)
        np.moveaxis(out, axis, -1)[...] = moved.reshape(given.shape)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Blocks):
            return NotImplemented
        same = self._order == other._order and self._interleaved == other._interleaved
        return same and np.array_equal(self._matrices, other._matrices)

    def __hash__(self) -> int:
        return hash((self._order, self._matrices.tobytes(), self._interleaved))

    def __repr__(self) -> str:
        m, k = self._matrices.shape[:2]
        return f"<{m} permuted blocks of {k} units>"


def sample_reflections(rng: np.random.Generator, n: int, scale: float = 1.0, count: int | None = None) -> Reflections:
    """A random orthogonal matrix, times a scale, as a product of reflections.

    Parameters
    ----------
    rng : numpy.random.Generator
        The source of randomness.
    n : int
        The dimension.
    scale : float
        The factor.
    count : int, optional
        How many reflections, in independent directions; unless given, as many as the Haar measure needs.

    Examples
    --------
    >>> A = sample_reflections(np.random.default_rng(0), 5).to_matrix()
    >>> bool(np.allclose(A.T @ A, np.eye(5)))
    True
    """
    if count is not None:
        return Reflections(rng.standard_normal((count, n)), scale)
    vectors = []
    for k in range(n - 1):
        v = np.zeros(n)
        v[k:] = rng.standard_normal(n - k)
        # The reflection that maps e_k to the direction of v or to its opposite, which is uniform as well. (Choosing the
        # farther one of the two would not be.)
        v[k] -= rng.choice((-1.0, 1.0)) * np.linalg.norm(v)
        vectors.append(v)
    if rng.integers(2):
        vectors.append(np.eye(n)[n - 1])
    return Reflections(np.array(vectors).reshape(-1, n), scale)
