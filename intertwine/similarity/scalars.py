"""Closed subgroups of R* as numbers: the best scale for a pair of units, for whole tables of pairs at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.numeric.arrays import FloatArray
from intertwine.numeric.sampling import ScalarType

#: Where the infimum of the distance lies at the scale 0, which is in no group, this fraction of the norm is taken.
VANISHING = 2.0**-20


@dataclass(frozen=True)
class Scales:
    """A closed subgroup S of R*.

    Parameters
    ----------
    type : {"trivial", "sign", "positive", "nonzero", "cyclic", "sign-cyclic"}
        The family.
    generator : float, optional
        g with |g| > 1 for the cyclic types.

    Examples
    --------
    >>> Scales("cyclic", -2.0).nearest(np.array([3.1, -3.0, 0.3]))
    array([ 4. , -2. ,  0.25])
    """

    type: ScalarType = "trivial"
    generator: float | None = None

    def __post_init__(self) -> None:
        if (self.generator is not None) != (self.type in ("cyclic", "sign-cyclic")):
            raise IntertwineError("a generator belongs to the cyclic groups of scalars, and only to them")

    @property
    def negative(self) -> bool:
        """Whether some scale is negative."""
        signed = self.type in ("sign", "nonzero", "sign-cyclic")
        return signed or (self.generator is not None and self.generator < 0)

    @property
    def continuous(self) -> bool:
        """Whether S contains R>0."""
        return self.type in ("positive", "nonzero")

    @property
    def bounded(self) -> bool:
        """Whether S is {1} or {±1}."""
        return self.type in ("trivial", "sign")

    def nearest(self, target: FloatArray) -> FloatArray:
        """The element nearest to each target; where the targets' sign does not occur and no element is nearest, 0."""
        t = np.asarray(target, dtype=np.float64)
        if self.type == "nonzero":
            return t.copy()
        if self.type == "positive":
            return np.maximum(t, 0)
        if self.type == "trivial":
            return np.ones_like(t)
        if self.type == "sign":
            return np.where(t < 0, -1.0, 1.0)
        return self._nearest_power(t)

    def _nearest_power(self, t: FloatArray) -> FloatArray:
        assert self.generator is not None
        base = abs(self.generator)
        # ⟨g⟩ with g < 0 has the positive elements |g|^(2k) and the negative ones -|g|^(2k + 1).
        step, shift = (2.0, np.where(t < 0, 1.0, 0.0)) if self.generator < 0 else (1.0, np.zeros_like(t))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            k = np.floor((np.log(np.abs(t)) / np.log(base) - shift) / step)
            low = base ** np.clip(step * k + shift, -900, 900)
            high = low * base**step
            best = np.where(np.abs(t) - low <= high - np.abs(t), low, high)
        best = np.where(t == 0, 0.0, best)
        return np.where(t < 0, -best if self.negative else 0.0, best)

    def gains(self, products: FloatArray, squares: FloatArray) -> tuple[FloatArray, FloatArray]:
        """For vectors x and y with products ⟨y, x⟩ and squares ‖x‖²: max over a in S of 2a⟨y, x⟩ - a²‖x‖², and a.

        The gain is ‖y‖² - ‖y - ax‖², a parabola in a, so that the best a in S is the one nearest to its vertex
        ⟨y, x⟩/‖x‖². The scale 0 stands for a supremum that no element attains.
        """
        c, p = np.broadcast_arrays(products, squares)
        if self.type == "trivial":
            return 2 * c - p, np.broadcast_to(1.0, c.shape)
        with np.errstate(divide="ignore", invalid="ignore"):
            vertex = np.where(p > 0, c / p, 1.0)
        a = self.nearest(vertex)
        # At the vertex, and at 0, the gain is a⟨y, x⟩.
        return (a * c if self.continuous else a * (2 * c - a * p)), a

    def cosines(self, products: FloatArray, left: FloatArray, right: FloatArray) -> tuple[FloatArray, FloatArray]:
        """For norms ‖y‖ = left and ‖x‖ = right: the largest cosine of ax and y over the signs in S, and the sign."""
        with np.errstate(divide="ignore", invalid="ignore"):
            cosine = products / (left * right)
        cosine = np.nan_to_num(cosine, nan=0.0, posinf=0.0, neginf=0.0)
        if not self.negative:
            return cosine, np.ones_like(cosine)
        return np.abs(cosine), np.where(cosine < 0, -1.0, 1.0)

    def ratio(self, left: FloatArray, right: FloatArray, sign: FloatArray) -> FloatArray:
        """The scale that makes the norms agree, as far as S allows: sign·left/right, or the nearest element of it."""
        with np.errstate(divide="ignore", invalid="ignore"):
            target = np.where((right > 0) & (left > 0), left / right, 1.0)
        return self.nearest(sign * target)

    def normalisers(self, norms: FloatArray) -> FloatArray:
        """Factors f > 0 of a canonical representative, with f(a‖x‖)·|a| = f(‖x‖) for every a in S."""
        safe = np.where(norms > 0, norms, 1.0)
        if self.continuous:
            return 1.0 / safe
        if self.bounded:
            return np.ones_like(safe)
        assert self.generator is not None
        base = abs(self.generator)
        # A norm that is a power of the base up to rounding must not fall to either side of it by chance.
        return np.asarray(base ** -np.floor(np.log(safe) / np.log(base) + 1e-9))
