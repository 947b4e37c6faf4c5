"""Activations as matrices of samples by units, whatever the layer they come from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.arrays import FloatArray, as_array

#: Entries of these sizes have squares, and products with others, that are neither 0 nor infinite in each precision.
_RANGE = {np.dtype(np.float32): 2.0**40, np.dtype(np.float64): 2.0**400}


def as_rows(values: npt.ArrayLike, what: str = "X") -> FloatArray:
    """Activations as a matrix with one column for each unit.

    Parameters
    ----------
    values : array_like, shape (samples, units) or (samples, channels, height, width)
        Any number of axes after the second one is taken for positions: a unit is a channel, and every position of
        every sample is a row, because one group element acts on the channels at all positions.
    what : str
        What the array is called in an error.

    Returns
    -------
    ndarray of float32 or float64, shape (rows, units)
        In double precision where the squares of single ones would overflow or vanish.

    Raises
    ------
    ShapeError
        If there are fewer than two axes, or no rows or units.
    IntertwineError
        If an entry is not finite, or all are so large or so small that their squares are not numbers.

    Examples
    --------
    >>> as_rows(np.zeros((5, 3, 2, 2))).shape
    (20, 3)
    """
    array = as_array(values, what)
    if array.ndim < 2 or 0 in array.shape:
        raise ShapeError(f"{what} has shape {array.shape}, not samples × units or samples × channels × positions")
    if array.dtype not in (np.float32, np.float64):
        if not (np.issubdtype(array.dtype, np.number) or array.dtype == bool) or np.iscomplexobj(array):
            raise ShapeError(f"{what} has dtype {array.dtype}; real numbers are needed")
        array = array.astype(np.float64)
    # The extremes are finite just when all entries are, and need no array of truth values.
    with np.errstate(invalid="ignore"):
        size = max(float(array.max()), -float(array.min()))
    if not np.isfinite(size):
        raise IntertwineError(f"{what} has an entry that is not finite")
    if size and not 1 / _RANGE[array.dtype] < size < _RANGE[array.dtype]:
        array = array.astype(np.float64)
        if not 1 / _RANGE[array.dtype] < size < _RANGE[array.dtype]:
            raise IntertwineError(f"the largest entry of {what} has size {size:.0e}; divide X and Y by such a number")
    if array.ndim > 2:
        array = np.moveaxis(array, 1, -1).reshape(-1, array.shape[1])
    return array


def as_pair(first: npt.ArrayLike, second: npt.ArrayLike, same_units: bool) -> tuple[FloatArray, FloatArray]:
    """Two matrices of activations on the same samples, of one precision.

    Raises
    ------
    ShapeError
        If the rows do not correspond, or `same_units` and the numbers of units differ; and the errors of `as_rows`.
    """
    x, y = as_rows(first, "X"), as_rows(second, "Y")
    if len(x) != len(y):
        raise ShapeError(f"X has {len(x)} rows and Y has {len(y)}: both are activations on the same samples")
    if same_units and x.shape[1] != y.shape[1]:
        raise ShapeError(f"X has {x.shape[1]} units and Y has {y.shape[1]}; a group element keeps their number")
    dtype = np.result_type(x, y)
    return x.astype(dtype, copy=False), y.astype(dtype, copy=False)


def square_sums(x: FloatArray) -> FloatArray:
    """The squared norm of every column, in double precision."""
    return np.asarray(np.einsum("ij,ij->j", x, x, dtype=np.float64))


def inner_products(y: FloatArray, x: FloatArray) -> FloatArray:
    """The matrix ⟨y_i, x_j⟩ of columns."""
    return np.asarray((y.T @ x).astype(np.float64, copy=False))
