"""Affine group elements x ↦ Ax + c, and the pairs that move through an activation: σ(Ax + c) = Bσ(x) + d."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.arrays import FloatArray, as_array, as_floating
from intertwine.numeric.elements import Element, ScaledPermutation
from intertwine.numeric.intertwiner import Intertwiner


class AffineElement:
    """The map x ↦ Ax + c on n units, with A stored by structure.

    Elements are immutable values: compare them with ``==`` (exactly) or `allclose`, compose them with ``@``.

    Parameters
    ----------
    linear : Element
        A.
    shift : array_like of float, shape (n,), optional
        c, finite; zeros by default.

    Raises
    ------
    ShapeError
        If the shift is not a vector of n numbers.
    IntertwineError
        If a number in it is not finite.

    Examples
    --------
    >>> f = AffineElement(ScaledPermutation([1, 0], [-1.0, 2.0]), [0.5, 0.0])
    >>> f.apply([3.0, 4.0])
    array([-3.5,  6. ])
    >>> (f.inverse() @ f).allclose(AffineElement.identity(2))
    True
    """

    # As for Element: ndarray @ element is refused and not computed entry by entry by numpy.
    __array_ufunc__ = None

    def __init__(self, linear: Element, shift: npt.ArrayLike | None = None) -> None:
        if not isinstance(linear, Element):
            raise IntertwineError(f"the linear part is a group element, not a {type(linear).__name__}")
        self._linear = linear
        self._shift = _as_shift(np.zeros(linear.n, linear.dtype) if shift is None else shift, linear.n)

    @classmethod
    def identity(cls, n: int) -> AffineElement:
        """The identity on n units."""
        return cls(ScaledPermutation.identity(n))

    @property
    def linear(self) -> Element:
        """A."""
        return self._linear

    @property
    def shift(self) -> FloatArray:
        """c, read-only."""
        return self._shift

    @property
    def n(self) -> int:
        """The number of units the element acts on."""
        return self._linear.n

    @property
    def dtype(self) -> np.dtype[Any]:
        """The floating-point type that holds both parts."""
        return np.result_type(self._linear.dtype, self._shift.dtype)

    @property
    def is_linear(self) -> bool:
        """Whether the shift is zero."""
        return not self._shift.any()

    def apply(self, x: npt.ArrayLike, axis: int = -1, out: npt.NDArray[Any] | None = None) -> FloatArray:
        """Apply the map to every vector that lies along an axis of `x`.

        Parameters, errors and the rules for `out` are those of `Element.apply`.

        Returns
        -------
        ndarray
            `out`, or a new array, of the shape and dtype of `x`.
        """
        shift = self.astype(as_floating(x, "the array").dtype)._shift  # refused before anything is written
        result = self._linear.apply(x, axis, out)
        np.add(np.moveaxis(result, axis, -1), shift, out=np.moveaxis(result, axis, -1))
        return result

    def compose(self, other: AffineElement) -> AffineElement:
        """This element after `other`: (A, c)·(A', c') = (AA', Ac' + c)."""
        return self @ other

    def inverse(self) -> AffineElement:
        """The inverse (A⁻¹, -A⁻¹c)."""
        inverse = self._linear.inverse()
        return AffineElement(inverse, -inverse.apply(self._shift.astype(self.dtype)))

    def astype(self, dtype: npt.DTypeLike) -> AffineElement:
        """The element rounded to another floating-point type; refused where a number would become infinite."""
        if self._linear.dtype == dtype and self._shift.dtype == dtype:
            return self
        with np.errstate(over="ignore", under="ignore"):
            return AffineElement(self._linear.astype(dtype), self._shift.astype(dtype))

    def allclose(self, other: AffineElement, rtol: float = 1e-9, atol: float = 1e-12) -> bool:
        """Whether both parts are equal up to rounding, compared as ``numpy.allclose`` does."""
        return self._linear.allclose(other._linear, rtol, atol) and bool(
            np.allclose(self._shift, other._shift, rtol=rtol, atol=atol)
        )

    def __matmul__(self, other: object) -> AffineElement:
        if not isinstance(other, AffineElement):
            return NotImplemented
        linear = self._linear @ other._linear
        moved = self._linear.apply(other._shift.astype(np.result_type(self.dtype, other.dtype)))
        return AffineElement(linear, moved + self._shift)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AffineElement):
            return NotImplemented
        return self._linear == other._linear and np.array_equal(self._shift, other._shift)

    def __hash__(self) -> int:
        return hash((self._linear, tuple(self._shift.tolist())))

    def __repr__(self) -> str:
        if self.n > 8:
            return f"<AffineElement on {self.n} units>"
        return f"AffineElement({self._linear!r}, {self._shift.tolist()})"


@dataclass(frozen=True)
class AffineIntertwiner:
    """A map x ↦ Ax + c together with its image y ↦ By + d, so that σ(Ax + c) = Bσ(x) + d.

    Parameters
    ----------
    element : AffineElement
        (A, c), acting before the activation.
    image : AffineElement
        (B, d), acting after it; on another number of units when the activation changes the width.

    Examples
    --------
    For the logistic function, σ(-x) = 1 - σ(x):

    >>> flip = ScaledPermutation([0, 1], [-1.0, 1.0])
    >>> g = AffineIntertwiner(AffineElement(flip), AffineElement(flip, [1.0, 0.0]))
    >>> (g @ g) == AffineIntertwiner.identity(2)
    True
    """

    element: AffineElement
    image: AffineElement

    @classmethod
    def from_linear(cls, intertwiner: Intertwiner) -> AffineIntertwiner:
        """A linear intertwiner, with shifts zero."""
        return cls(AffineElement(intertwiner.element), AffineElement(intertwiner.image))

    @classmethod
    def identity(cls, n: int) -> AffineIntertwiner:
        """The identity on n units."""
        one = AffineElement.identity(n)
        return cls(one, one)

    @property
    def n(self) -> int:
        """The number of units (A, c) acts on."""
        return self.element.n

    @property
    def linear(self) -> Intertwiner:
        """The pair (A, B) without the shifts, which is an intertwiner only if the shifts are zero."""
        return Intertwiner(self.element.linear, self.image.linear)

    def compose(self, other: AffineIntertwiner) -> AffineIntertwiner:
        """The composition of both parts, `other` first."""
        return self @ other

    def inverse(self) -> AffineIntertwiner:
        """The inverse of both parts."""
        return AffineIntertwiner(self.element.inverse(), self.image.inverse())

    def allclose(self, other: AffineIntertwiner, rtol: float = 1e-9, atol: float = 1e-12) -> bool:
        """Whether both parts are equal up to rounding."""
        return self.element.allclose(other.element, rtol, atol) and self.image.allclose(other.image, rtol, atol)

    def __matmul__(self, other: object) -> AffineIntertwiner:
        if not isinstance(other, AffineIntertwiner):
            return NotImplemented
        if self.image.n != other.image.n:
            raise ShapeError(f"an image on {self.image.n} units cannot be composed with one on {other.image.n} units")
        return AffineIntertwiner(self.element @ other.element, self.image @ other.image)


def _as_shift(shift: npt.ArrayLike, n: int) -> FloatArray:
    array = as_array(shift, "the shift")
    if np.issubdtype(array.dtype, np.integer):
        array = array.astype(np.float64)
    vector = as_floating(array, "the shift").copy()
    if vector.shape != (n,):
        raise ShapeError(f"the shift has shape {vector.shape} but the group element acts on {n} units")
    bad = ~np.isfinite(vector)
    if bad.any():
        place = int(np.argmax(bad))
        raise IntertwineError(f"shift {place} is {vector[place]} in {vector.dtype}; shifts are finite")
    vector.flags.writeable = False
    return vector
