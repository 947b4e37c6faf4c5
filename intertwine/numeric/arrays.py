"""What may be passed as weights and as ``out=``: dtype, shape and memory, checked before anything is written."""

from __future__ import annotations

from typing import Any, cast

import numpy as np
import numpy.typing as npt

from intertwine.errors import ShapeError

#: An array of real floating-point numbers of any precision.
FloatArray = npt.NDArray[np.floating[Any]]
IndexArray = npt.NDArray[np.intp]

# How hard numpy may try to prove that two strided views are disjoint before they are taken to overlap.
_OVERLAP_WORK = 10_000


def as_array(values: npt.ArrayLike, what: str) -> npt.NDArray[Any]:
    """`values` as an array of whatever dtype it has."""
    try:
        return np.asarray(values)
    except (ValueError, TypeError, RuntimeError) as error:
        reason = str(error).partition("\n")[0]
        raise ShapeError(f"{what} cannot be read as an array of numbers: {reason}") from error


def as_floating(values: npt.ArrayLike, what: str) -> FloatArray:
    """`values` as an array of real floats, without a copy where numpy allows it.

    Integers are refused rather than converted: a result of another dtype than the weights given would surprise, and
    rounding back to integers would be wrong.
    """
    array = as_array(values, what)
    if not np.issubdtype(array.dtype, np.floating):
        raise ShapeError(f"{what} has dtype {array.dtype}; floating-point numbers are needed, try .astype(float)")
    return array


def check_length(array: FloatArray, axis: int, n: int, what: str) -> None:
    """Raise unless `array` has the axis `axis` and its length is `n`."""
    if not -array.ndim <= axis < array.ndim:
        raise ShapeError(f"{what} has shape {array.shape}, which has no axis {axis}")
    if array.shape[axis] != n:
        raise ShapeError(
            f"{what} has shape {array.shape}: axis {axis} has length {array.shape[axis]} "
            f"but the group element acts on {n} units"
        )


def check_out(out: object, source: FloatArray) -> FloatArray:
    """`out` as an array that can take a result of the shape and dtype of `source`."""
    if not isinstance(out, np.ndarray):
        raise ShapeError(f"out is a {type(out).__name__}; it must be a numpy array")
    if out.shape != source.shape:
        raise ShapeError(f"out has shape {out.shape} but the result has shape {source.shape}")
    if out.dtype != source.dtype:
        raise ShapeError(f"out has dtype {out.dtype} but the result has dtype {source.dtype}")
    if not out.flags.writeable:
        raise ShapeError("out is read-only")
    return out


def overlap(first: FloatArray, second: FloatArray) -> bool:
    """Whether two arrays share memory; True also when that is too hard to tell."""
    try:
        # The annotations of numpy know only the two named values of max_work.
        return np.shares_memory(first, second, max_work=cast(Any, _OVERLAP_WORK))
    except np.exceptions.TooHardError:
        return True


def same_view(first: FloatArray, second: FloatArray) -> bool:
    """Whether two arrays are the same elements in the same order: writing in place is then well defined."""
    return (
        first.__array_interface__["data"][0] == second.__array_interface__["data"][0]
        and first.shape == second.shape
        and first.strides == second.strides
    )
