"""Elements of matrix groups, stored by structure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.arrays import (
    FloatArray,
    IndexArray,
    as_array,
    as_floating,
    check_length,
    check_out,
    overlap,
    same_view,
)
from intertwine.numeric.kernels import gather_scaled, multiply_matrix

_Array = TypeVar("_Array", bound=npt.NDArray[Any])


class Element(ABC):
    """An invertible real n×n matrix that knows its structure.

    Elements are immutable values: compare them with ``==`` (exactly) or `allclose`, compose them with ``@``.
    Everything is done on the structure; only `to_matrix` forms n² numbers.
    """

    # ndarray @ element must not be computed entry by entry by numpy: it is left to Element, which refuses it.
    __array_ufunc__ = None

    @property
    @abstractmethod
    def n(self) -> int:
        """The number of units the element acts on."""

    @property
    @abstractmethod
    def dtype(self) -> np.dtype[Any]:
        """The floating-point type the element is stored in."""

    @abstractmethod
    def compose(self, other: Element) -> Element:
        """The product A·B of this element A with `other` = B: first B acts, then A."""

    @abstractmethod
    def inverse(self) -> Element:
        """The inverse A⁻¹."""

    @abstractmethod
    def transpose(self) -> Element:
        """The transpose Aᵀ."""

    @abstractmethod
    def astype(self, dtype: npt.DTypeLike) -> Element:
        """The element rounded to another floating-point type; refused where a number would become 0 or infinite."""

    @abstractmethod
    def to_matrix(self) -> FloatArray:
        """The element as a new dense array of shape (n, n)."""

    @abstractmethod
    def _act(self, source: FloatArray, axis: int, out: FloatArray) -> None:
        """Write the action along `axis` to `out`, which is the same view as `source` or disjoint from it."""

    def contragredient(self) -> Element:
        """The inverse transpose A⁻ᵀ: acting with it along the columns of W gives W·A⁻¹."""
        return self.inverse().transpose()

    def apply(self, x: npt.ArrayLike, axis: int = -1, out: npt.NDArray[Any] | None = None) -> FloatArray:
        """Apply the matrix to every vector that lies along an axis of `x`.

        Parameters
        ----------
        x : array_like of floats, shape (..., n, ...)
            The vectors; `axis` has length n.
        axis : int
            The axis the vectors lie along, the last one by default.
        out : ndarray, optional
            Where to write the result; it may be `x` itself.  If it overlaps `x` in any other way, `x` is copied first.

        Returns
        -------
        ndarray
            `out`, or a new array, of the shape and dtype of `x`.

        Raises
        ------
        ShapeError
            If the axis has another length than n, `x` is not floating-point, or `out` does not fit.

        Examples
        --------
        >>> A = ScaledPermutation([2, 0, 1], [1.0, -1.0, 0.5])
        >>> A.apply([1.0, 2.0, 3.0])
        array([ 3., -1.,  1.])
        """
        source = as_floating(x, "the array")
        check_length(source, axis, self.n, "the array")
        if out is None:
            result = np.empty_like(source, subok=False)
        else:
            result = check_out(out, source)
            if not same_view(source, result) and overlap(source, result):
                source = source.copy()
        self.astype(source.dtype)._act(source, axis, result)
        return result

    def allclose(self, other: Element, rtol: float = 1e-9, atol: float = 0.0) -> bool:
        """Whether the two matrices are equal up to rounding, compared as ``numpy.allclose`` does."""
        return self.n == other.n and bool(np.allclose(self.to_matrix(), other.to_matrix(), rtol=rtol, atol=atol))

    def __matmul__(self, other: object) -> Element:
        if not isinstance(other, Element):
            return NotImplemented
        if other.n != self.n:
            raise ShapeError(f"an element on {self.n} units cannot be composed with one on {other.n} units")
        return self.compose(other)


class ScaledPermutation(Element):
    """The matrix A with ``A[i, indices[i]] = scales[i]`` and zeros elsewhere, so (Ax)_i = scales[i]·x[indices[i]].

    Parameters
    ----------
    indices : array_like of int, shape (n,)
        A permutation of 0, …, n-1.
    scales : array_like of float, shape (n,), optional
        Finite and not zero; ones by default.

    Raises
    ------
    ShapeError
        If the arrays are not one-dimensional and of one length, or of the wrong type.
    IntertwineError
        If the indices are not a permutation, or a scale is zero or not finite.

    Notes
    -----
    With A as above, A⁻¹ has ``A⁻¹[indices[i], i] = 1/scales[i]``, and A⁻ᵀ has the indices of A and the scales 1/scales.

    Examples
    --------
    >>> A = ScaledPermutation([1, 0], [2.0, 3.0])
    >>> A.to_matrix()
    array([[0., 2.],
           [3., 0.]])
    >>> A @ A
    ScaledPermutation([0, 1], [6.0, 6.0])
    >>> A @ A.inverse() == ScaledPermutation.identity(2)
    True
    """

    def __init__(self, indices: npt.ArrayLike, scales: npt.ArrayLike | None = None) -> None:
        index = _as_permutation(indices)
        scale = np.ones(len(index)) if scales is None else _as_scales(scales)
        if scale.shape != index.shape:
            raise ShapeError(f"{len(index)} indices but {len(scale)} scales")
        self._indices = _frozen(index)
        self._scales = _frozen(scale)

    @classmethod
    def identity(cls, n: int) -> ScaledPermutation:
        """The identity on n units."""
        return cls(np.arange(n))

    @classmethod
    def _trusted(cls, indices: IndexArray, scales: FloatArray) -> ScaledPermutation:
        """Indices known to be a permutation; the scales are new numbers and are looked at."""
        element = cls.__new__(cls)
        element._indices = _frozen(indices)
        element._scales = _frozen(_as_scales(scales))
        return element

    @property
    def indices(self) -> IndexArray:
        """Where each output unit reads from, read-only."""
        return self._indices

    @property
    def scales(self) -> FloatArray:
        """The factor of each output unit, read-only."""
        return self._scales

    @property
    def n(self) -> int:
        return len(self._indices)

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._scales.dtype

    def compose(self, other: Element) -> Element:
        if isinstance(other, ScaledPermutation):
            with np.errstate(over="ignore", under="ignore"):
                scales = self._scales * other._scales[self._indices]
            return self._trusted(other._indices[self._indices], scales)
        return Dense(self.apply(other.to_matrix(), axis=0))

    def inverse(self) -> ScaledPermutation:
        inverse = _inverse_permutation(self._indices)
        return self._trusted(inverse, _reciprocal(self._scales)[inverse])

    def transpose(self) -> ScaledPermutation:
        inverse = _inverse_permutation(self._indices)
        return self._trusted(inverse, self._scales[inverse])

    def contragredient(self) -> ScaledPermutation:
        return self._trusted(self._indices, _reciprocal(self._scales))

    def astype(self, dtype: npt.DTypeLike) -> ScaledPermutation:
        if self.dtype == dtype:
            return self
        with np.errstate(over="ignore", under="ignore"):
            return self._trusted(self._indices, self._scales.astype(dtype))

    def to_matrix(self) -> FloatArray:
        matrix = np.zeros((self.n, self.n), dtype=self.dtype)
        matrix[np.arange(self.n), self._indices] = self._scales
        return matrix

    def _act(self, source: FloatArray, axis: int, out: FloatArray) -> None:
        scales = None if bool(np.all(self._scales == 1)) else self._scales
        gather_scaled(source, self._indices, scales, axis, out, in_place=same_view(source, out))

    def allclose(self, other: Element, rtol: float = 1e-9, atol: float = 0.0) -> bool:
        if not isinstance(other, ScaledPermutation):
            return super().allclose(other, rtol, atol)
        return np.array_equal(self._indices, other._indices) and bool(
            np.allclose(self._scales, other._scales, rtol=rtol, atol=atol)
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ScaledPermutation):
            return NotImplemented
        return np.array_equal(self._indices, other._indices) and np.array_equal(self._scales, other._scales)

    def __hash__(self) -> int:
        return hash((self._indices.tobytes(), tuple(self._scales.tolist())))

    def __repr__(self) -> str:
        return f"ScaledPermutation({_short(self._indices)}, {_short(self._scales)})"


class Dense(Element):
    """An invertible matrix without further structure, such as an element of GL_n or of {A : A·1 = 1}.

    Parameters
    ----------
    matrix : array_like of float, shape (n, n)
        Copied; finite and invertible.

    Raises
    ------
    ShapeError
        If the matrix is not square.
    IntertwineError
        If an entry is not finite; on inversion, if the matrix is singular.

    Examples
    --------
    >>> A = Dense([[1.0, 1.0], [0.0, 2.0]])
    >>> A.apply([1.0, 3.0])
    array([4., 6.])
    >>> (A @ A.inverse()).allclose(ScaledPermutation.identity(2))
    True
    """

    def __init__(self, matrix: npt.ArrayLike) -> None:
        array = as_floating(matrix, "the matrix").copy()
        if array.ndim != 2 or array.shape[0] != array.shape[1]:
            raise ShapeError(f"a group element is a square matrix, not an array of shape {array.shape}")
        if not np.isfinite(array).all():
            raise IntertwineError("the matrix has an entry that is not finite")
        self._matrix = _frozen(array)

    @property
    def n(self) -> int:
        return len(self._matrix)

    @property
    def dtype(self) -> np.dtype[Any]:
        return self._matrix.dtype

    def compose(self, other: Element) -> Dense:
        # A·B has the rows of A acted on by Bᵀ; a structured B keeps this at O(n²).
        return Dense(other.transpose().apply(self._matrix.astype(np.result_type(self.dtype, other.dtype)), axis=1))

    def inverse(self) -> Dense:
        return self._inverse

    @cached_property
    def _inverse(self) -> Dense:
        # LAPACK knows single and double precision only.
        working = np.result_type(self.dtype, np.float32) if self.dtype.itemsize <= 8 else np.dtype(np.float64)
        try:
            inverse = np.linalg.inv(self._matrix.astype(working))
        except np.linalg.LinAlgError as error:
            raise IntertwineError("the matrix is singular: it is not an element of a group") from error
        inverse = inverse.astype(self.dtype)
        if self.dtype.itemsize > 8:
            # One Newton step X(2 - AX) doubles the number of correct digits.
            inverse = inverse @ (2 * np.eye(self.n, dtype=self.dtype) - self._matrix @ inverse)
        return Dense(inverse)

    def transpose(self) -> Dense:
        return Dense(self._matrix.T)

    def astype(self, dtype: npt.DTypeLike) -> Dense:
        if self.dtype == dtype:
            return self
        with np.errstate(over="ignore", under="ignore"):
            return Dense(self._matrix.astype(dtype))

    def to_matrix(self) -> FloatArray:
        return self._matrix.copy()

    def _act(self, source: FloatArray, axis: int, out: FloatArray) -> None:
        multiply_matrix(source, self._matrix, axis, out)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dense):
            return NotImplemented
        return np.array_equal(self._matrix, other._matrix)

    def __hash__(self) -> int:
        return hash((self.n, tuple(self._matrix.ravel().tolist())))

    def __repr__(self) -> str:
        if self.n > 4:
            return f"<Dense element on {self.n} units>"
        return f"Dense({self._matrix.tolist()})"


def _as_permutation(indices: npt.ArrayLike) -> IndexArray:
    array = as_array(indices, "the array of indices")
    if array.ndim != 1:
        raise ShapeError(f"the indices must be one-dimensional, not of shape {array.shape}")
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise ShapeError(f"the indices have dtype {array.dtype}; integers are needed")
    n = len(array)
    wrong = array[(array < 0) | (array >= n)]
    if len(wrong):
        raise IntertwineError(f"the indices are not a permutation of 0, …, {n - 1}: {wrong[0]} is out of range")
    index = array.astype(np.intp)
    counts = np.bincount(index, minlength=n)
    if (counts > 1).any():
        raise IntertwineError(
            f"the indices are not a permutation of 0, …, {n - 1}: {int(np.argmax(counts > 1))} occurs twice"
        )
    return index


def _as_scales(scales: npt.ArrayLike) -> FloatArray:
    array = as_array(scales, "the array of scales")
    if array.ndim != 1:
        raise ShapeError(f"the scales must be one-dimensional, not of shape {array.shape}")
    if np.issubdtype(array.dtype, np.integer):
        array = array.astype(np.float64)
    array = as_floating(array, "the array of scales").copy()
    bad = ~np.isfinite(array) | (array == 0)
    if bad.any():
        place = int(np.argmax(bad))
        raise IntertwineError(f"scale {place} is {array[place]} in {array.dtype}; scales are finite and not zero")
    return array


def _inverse_permutation(indices: IndexArray) -> IndexArray:
    inverse = np.empty_like(indices)
    inverse[indices] = np.arange(len(indices))
    return inverse


def _reciprocal(scales: FloatArray) -> FloatArray:
    with np.errstate(over="ignore", under="ignore"):
        return 1 / scales


def _frozen(array: _Array) -> _Array:
    array.flags.writeable = False
    return array


def _short(array: npt.NDArray[Any]) -> str:
    values = array.tolist()
    if len(values) <= 8:
        return str(values)
    return "[" + ", ".join(map(str, values[:3])) + ", …, " + str(values[-1]) + "]"
