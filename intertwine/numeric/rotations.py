"""Scaled rotations in disjoint coordinate planes: the cheapest orthogonal matrices that mix units."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.arrays import FloatArray, IndexArray, as_array, as_floating
from intertwine.numeric.elements import Dense, Element


class Rotations(Element):
    """c times the rotation by ``angles[k]`` in the plane of the units ``planes[k] = (i, j)``, for each k.

    Applying it costs 6 operations for each plane and vector, a dense product 2n².

    Parameters
    ----------
    n : int
        The number of units.
    planes : array_like of int, shape (m, 2)
        Pairs of units, all different.
    angles : array_like of float, shape (m,)
        (e_i, e_j) becomes (cos·e_i + sin·e_j, -sin·e_i + cos·e_j).
    scale : float
        c.

    Raises
    ------
    ShapeError
        If the planes are not disjoint pairs of units, or there are not as many angles.
    IntertwineError
        If an angle or the scale is not finite, or the scale is zero.

    Examples
    --------
    >>> A = Rotations(3, [[0, 2]], [np.pi / 2], scale=2.0)
    >>> np.round(A.apply([1.0, 5.0, 0.0]), 12) + 0.0
    array([ 0., 10.,  2.])
    >>> (A @ A.inverse()).allclose(Rotations(3, [], []))
    True
    """

    def __init__(self, n: int, planes: npt.ArrayLike, angles: npt.ArrayLike, scale: float = 1.0) -> None:
        pairs = as_array(planes, "the planes")
        pairs = pairs.reshape(-1, 2).astype(np.intp) if not pairs.size else pairs
        turns = as_array(angles, "the angles")
        turns = as_floating(turns if turns.size else np.zeros(0), "the angles")
        if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.issubdtype(pairs.dtype, np.integer):
            raise ShapeError(f"planes are pairs of units, not an array of shape {pairs.shape} and dtype {pairs.dtype}")
        flat = pairs.ravel()
        if len(np.unique(flat)) != len(flat) or (len(flat) and not (flat.min() >= 0 and flat.max() < n)):
            raise ShapeError(f"the planes share a unit, or name one that is not among 0, …, {n - 1}")
        if turns.shape != (len(pairs),):
            raise ShapeError(f"{len(pairs)} planes need as many angles, not an array of shape {turns.shape}")
        if not (np.isfinite(turns).all() and np.isfinite(scale) and scale != 0):
            raise IntertwineError("an angle is not finite, or the scale is zero or not finite")
        self._n, self._planes, self._angles = int(n), pairs.astype(np.intp), turns.copy()
        self._scale = turns.dtype.type(scale)
        if not (np.isfinite(self._scale) and self._scale != 0):
            raise IntertwineError(f"the scale {scale!r} is 0 or infinite in {turns.dtype}")
        for array in (self._planes, self._angles):
            array.flags.writeable = False

    @property
    def planes(self) -> IndexArray:
        """The pairs of units, read-only."""
        return self._planes

    @property
    def angles(self) -> FloatArray:
        """The angles, read-only."""
        return self._angles

    @property
    def scale(self) -> float:
        """c."""
        return float(self._scale)

    @property
    def n(self) -> int:
        return self._n

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._angles.dtype

    def compose(self, other: Element) -> Element:
        if isinstance(other, Rotations) and np.array_equal(self._planes, other._planes):
            return Rotations(self.n, self._planes, self._angles + other._angles, self.scale * other.scale)
        return Dense(self.apply(other.to_matrix().astype(np.result_type(self.dtype, other.dtype)), axis=0))

    def inverse(self) -> Rotations:
        return Rotations(self.n, self._planes, -self._angles, 1 / self.scale)

    def transpose(self) -> Rotations:
        return Rotations(self.n, self._planes, -self._angles, self.scale)

    def contragredient(self) -> Rotations:
        return Rotations(self.n, self._planes, self._angles, 1 / self.scale)

    def astype(self, dtype: npt.DTypeLike) -> Rotations:
        return self if self.dtype == dtype else Rotations(
            self.n, self._planes, self._angles.astype(dtype), self.scale)

    def to_matrix(self) -> FloatArray:
        return self.apply(np.eye(self.n, dtype=self.dtype), axis=0)

    def _act(self, source: FloatArray, axis: int, out: FloatArray) -> None:
        given, result = np.moveaxis(source, axis, -1), np.moveaxis(out, axis, -1)
        first, second = given[..., self._planes[:, 0]], given[..., self._planes[:, 1]]
        cos, sin = self._scale * np.cos(self._angles), self._scale * np.sin(self._angles)
        np.multiply(source, self._scale, out=out)
        result[..., self._planes[:, 0]] = cos * first - sin * second
        result[..., self._planes[:, 1]] = sin * first + cos * second

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Rotations):
            return NotImplemented
        same = self.n == other.n and self._scale == other._scale
        return same and np.array_equal(self._planes, other._planes) and np.array_equal(self._angles, other._angles)

    def __hash__(self) -> int:
        return hash((self.n, self._planes.tobytes(), self._angles.tobytes(), float(self._scale)))

    def __repr__(self) -> str:
        return f"<{self.scale:g} times rotations in {len(self._planes)} planes of {self.n} units>"


def sample_rotations(rng: np.random.Generator, n: int, scale: float = 1.0) -> Rotations:
    """Rotations by uniform angles in the planes of a random matching of the units, times a scale.

    Every unit but one, for odd n, is turned. (The product of several such elements tends to a uniform rotation.)

    Examples
    --------
    >>> A = sample_rotations(np.random.default_rng(0), 5).to_matrix()
    >>> bool(np.allclose(A.T @ A, np.eye(5)))
    True
    """
    planes = rng.permutation(n)[: n - n % 2].reshape(-1, 2)
    return Rotations(n, planes, rng.uniform(-np.pi, np.pi, len(planes)), scale)
