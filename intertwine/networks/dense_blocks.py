"""Dense matrices on a weight: a matrix product for every block of an axis."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Entries of a block that is multiplied at once in double precision.
_BLOCK_ENTRIES = 1 << 18


def strips(start: int, legs: list[tuple[int, int]], k: int) -> list[tuple[tuple[int, ...], slice]]:
    """The strips along leg ``k`` of a cell, each with the indices of the other legs.

    Parameters
    ----------
    start
        Where the cell begins.
    legs
        The size and the stride of each leg.
    k
        The leg along which the strips run.
    """
    n, stride = legs[k]
    others = [range(size) for m, (size, _) in enumerate(legs) if m != k]
    steps = [step for m, (_, step) in enumerate(legs) if m != k]
    found = []
    for places in itertools.product(*others):
        first = start + sum(i * step for i, step in zip(places, steps, strict=True))
        found.append((places, slice(first, first + stride * (n - 1) + 1, stride)))
    return found


def multiply_strip(array: Array, axis: int, strip: slice, matrix: Array) -> None:
    """Replace a strip of an axis by its product with a matrix, block by block, formed in double precision."""
    before, after = math.prod(array.shape[:axis]), math.prod(array.shape[axis + 1 :])
    view = array.reshape(before, array.shape[axis], after)[:, strip]
    n = len(matrix)
    if after == 1:
        turned = np.ascontiguousarray(matrix.T)
        step = max(1, _BLOCK_ENTRIES // n)
        for i in range(0, before, step):
            part = view[i : i + step, :, 0]
            part[...] = part.astype(matrix.dtype) @ turned
        return
    step = max(1, _BLOCK_ENTRIES // n)
    for row in view:
        for i in range(0, after, step):
            part = row[:, i : i + step]
            part[...] = matrix @ part.astype(matrix.dtype)
