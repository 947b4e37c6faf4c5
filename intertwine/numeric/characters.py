"""Characters χ: S → R* as numpy callables on arrays of scales.

A character of R>0 or R* is |a|^p·sign(a)^ε; a character of a discrete group is fixed by its values on the generators.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError
from intertwine.numeric.arrays import FloatArray, as_floating

# A scale may have gone through this many roundings, roughly, and still be recognised as a power of the generator.
_ROUNDINGS = 1024


class Character(Protocol):
    """Anything that maps an array of scales to the array of their images, entry by entry, in the same dtype."""

    def __call__(self, scales: npt.ArrayLike, /) -> FloatArray: ...


@dataclass(frozen=True)
class PowerCharacter:
    """The character a ↦ |a|^power · sign(a)^sign.

    Parameters
    ----------
    power : float
        The exponent p; 0 and 1 are exact, integers are as exact as repeated multiplication.
    sign : int
        0 or 1.

    Raises
    ------
    IntertwineError
        If the sign is not 0 or 1 or the power is not finite.

    Examples
    --------
    >>> PowerCharacter(2, 1)([3.0, -3.0])
    array([ 9., -9.])
    >>> PowerCharacter(0, 0)([3.0, -3.0])
    array([1., 1.])
    """

    power: float
    sign: int = 0

    def __post_init__(self) -> None:
        if self.sign not in (0, 1):
            raise IntertwineError(f"the sign exponent of a character is 0 or 1, not {self.sign!r}")
        if not np.isfinite(self.power):
            raise IntertwineError(f"the power of a character is a finite number, not {self.power!r}")

    def __call__(self, scales: npt.ArrayLike, /) -> FloatArray:
        a = as_floating(scales, "the array of scales")
        if self.power == 0:
            values = np.ones_like(a)
        elif self.power == 1:
            values = np.abs(a)
        else:
            with np.errstate(over="ignore", under="ignore"):
                values = np.power(np.abs(a), a.dtype.type(float(self.power)))
        return cast(FloatArray, np.copysign(values, a) if self.sign else values)


@dataclass(frozen=True)
class CyclicCharacter:
    """The character of ⟨g⟩ with χ(g) = value, or of ±⟨g⟩ when χ(-1) = minus_one is given too.

    Parameters
    ----------
    generator : float
        g with |g| > 1; positive when `minus_one` is given.
    value : float
        χ(g), not zero.
    minus_one : float, optional
        χ(-1), 1 or -1.

    Raises
    ------
    IntertwineError
        If a number above is not as described; on a call, if a scale is not in the group up to rounding.

    Notes
    -----
    The exponent k of a = ±gᵏ is recovered as the integer next to log|a|/log|g|, and a is then compared with gᵏ.

    Examples
    --------
    >>> CyclicCharacter(-2.0, 4.0)([-2.0, 4.0, -0.5])
    array([ 4.  , 16.  ,  0.25])
    """

    generator: float
    value: float
    minus_one: float | None = None

    def __post_init__(self) -> None:
        if not (np.isfinite(self.generator) and abs(self.generator) > 1):
            raise IntertwineError(f"the generator is a finite number with |g| > 1, not {self.generator!r}")
        if not np.isfinite(self.value) or self.value == 0:
            raise IntertwineError(f"the value on the generator is finite and not zero, not {self.value!r}")
        if self.minus_one is not None and (self.generator < 0 or self.minus_one not in (1, -1)):
            raise IntertwineError("with a value on -1, which is 1 or -1, the generator is positive")

    def exponents(self, scales: npt.ArrayLike, /) -> npt.NDArray[np.int64]:
        """The integers k with a = ±gᵏ."""
        a = as_floating(scales, "the array of scales")
        step = float(np.log(abs(self.generator)))
        eps = max(float(np.finfo(a.dtype).eps), float(np.finfo(np.float64).eps))
        if step < 64 * eps:
            raise IntertwineError(f"powers of {self.generator!r} cannot be told apart in {a.dtype}")
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(np.abs(a.astype(np.result_type(a.dtype, np.float64))))
            k = np.rint(logs / step)
            outside = ~(np.abs(logs - k * step) <= min(_ROUNDINGS * eps, step / 8))
        if self.minus_one is None:
            negative = (k % 2 == 1) if self.generator < 0 else np.zeros(a.shape, dtype=bool)
            outside |= np.signbit(a) != negative
        if outside.any():
            group = f"⟨{self.generator}⟩" if self.minus_one is None else f"±⟨{self.generator}⟩"
            raise IntertwineError(f"the scale {a[outside].flat[0]} is not in the group {group}")
        return cast("npt.NDArray[np.int64]", k.astype(np.int64))

    def __call__(self, scales: npt.ArrayLike, /) -> FloatArray:
        a = as_floating(scales, "the array of scales")
        with np.errstate(over="ignore", under="ignore"):
            values = np.power(float(self.value), self.exponents(a).astype(np.float64)).astype(a.dtype)
        return np.where(np.signbit(a), -values, values) if self.minus_one == -1 else values
