"""Outputs of functions, compared: arrays, tensors, numbers, and tuples, lists and mappings of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Difference:
    """How far outputs are apart: relative to the largest entry of the part where it is worst, with the place."""

    deviation: float
    place: str
    wanted: float = 0.0
    found: float = 0.0


def flattened(value: Any, place: str = "output") -> dict[str, Array]:
    """The arrays in an output by their place.

    Raises
    ------
    IntertwineError
        Something in it is no array of numbers.
    """
    if isinstance(value, Mapping):
        return {p: a for key, inner in value.items() for p, a in flattened(inner, f"{place}[{key!r}]").items()}
    if isinstance(value, tuple | list) and not all(isinstance(v, int | float) for v in value):
        return {p: a for k, inner in enumerate(value) for p, a in flattened(inner, f"{place}[{k}]").items()}
    array = np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)
    if not np.issubdtype(array.dtype, np.number) and array.dtype != np.bool_:
        raise IntertwineError(f"{place} is {type(value).__name__}; arrays of numbers can be compared")
    return {place: array}


def coarsest(arrays: Mapping[str, Array]) -> float:
    """The largest rounding unit among floating-point arrays; that of float64 if there are none."""
    eps = [float(np.finfo(a.dtype).eps) for a in arrays.values() if np.issubdtype(a.dtype, np.inexact)]
    return max(eps, default=float(np.finfo(np.float64).eps))


def difference(wanted: Mapping[str, Array], found: Mapping[str, Array]) -> Difference:
    """The largest relative deviation between two outputs, and where it is; infinite where they cannot be compared."""
    if wanted.keys() != found.keys():
        return Difference(np.inf, "the parts of the output")
    worst = Difference(0.0, "output")
    for place, a in wanted.items():
        b = found[place]
        if a.shape != b.shape:
            return Difference(np.inf, f"the shape of {place}, {b.shape} and not {a.shape}")
        if not a.size:
            continue
        exact = not (np.issubdtype(a.dtype, np.inexact) or np.issubdtype(b.dtype, np.inexact))
        p, q = (v.astype(np.complex128 if np.iscomplexobj(v) else np.float64) for v in (a, b))
        same = (p == q) | (np.isnan(p) & np.isnan(q))
        with np.errstate(invalid="ignore"):
            gap = np.where(same, 0.0, np.abs(p - q))
        gap[np.isnan(gap)] = np.inf
        finite = np.abs(p[np.isfinite(p)])
        scale = 1.0 if exact else float(finite.max(initial=0.0)) or 1.0
        k = np.unravel_index(int(gap.argmax()), gap.shape)
        if gap[k] / scale > worst.deviation:
            index = f"[{', '.join(str(int(i)) for i in k)}]" if k else ""
            worst = Difference(float(gap[k] / scale), f"{place}{index}", float(np.real(p[k])), float(np.real(q[k])))
    return worst
