"""The loop that moves a weight: a gather and a multiplication for every axis, block by block.

A block of rows is small enough to stay in the cache between the gathers and the multiplications, and it bounds the
temporary memory. ``numpy.take`` is called with ``mode="wrap"``: the indices are known to be valid, and the default mode
would fill a hidden buffer first.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Bytes of a block of rows: well inside the second-level cache.
BLOCK_BYTES = 1 << 18
#: Rows of one number each are turned eight at a time into columns: the gather then moves pieces of eight numbers.
_TURNED_ROWS = 8
_TURNED_ROW_BYTES = range(1 << 14, (1 << 17) + 1)


class AxisAction:
    """What an element does along an axis: entry i becomes ``scale[i]`` times entry ``index[i]``.

    Attributes
    ----------
    index : array of int, or None
        None: every entry stays where it is.
    scale : array of float64, or None
        None: every entry keeps its size.
    """

    __slots__ = ("_cast", "index", "scale")

    def __init__(self, index: npt.NDArray[np.intp] | None, scale: Array | None) -> None:
        self.index, self.scale = index, scale
        self._cast: dict[tuple[Any, int], Array] = {}

    def scales(self, dtype: Any, repeat: int = 1) -> Array | None:
        """The scales in a type, each one ``repeat`` times."""
        if self.scale is None:
            return None
        key = (dtype, repeat)
        found = self._cast.get(key)
        if found is None:
            found = self.scale.astype(dtype)
            found = self._cast[key] = found if repeat == 1 else np.repeat(found, repeat)
        return found


def gather_scaled(source: Array, out: Array, actions: Sequence[AxisAction | None]) -> None:
    """Write the entries of ``source``, moved along its axes, into ``out``.

    Parameters
    ----------
    source, out
        C-contiguous, of one shape and dtype, without memory in common.
    actions
        One for every axis; None where nothing moves.
    """
    if source.ndim == 1 and actions[0] is not None:
        _vector(source, out, actions[0])
        return
    sizes, moving = _collapsed(source.shape, actions)
    if not moving or source.size == 0:
        np.copyto(out, source)
        return
    source, out = source.reshape(sizes), out.reshape(sizes)
    rows = moving.pop(0, None)
    later = sorted(moving.items())
    buffers = _Buffers(sizes, source.dtype)
    step = buffers.rows
    for start in range(0, sizes[0], step):
        stop = min(start + step, sizes[0])
        _block(source, out[start:stop], rows, later, buffers, start, stop)


def _vector(source: Array, out: Array, action: AxisAction) -> None:
    if action.index is not None:
        np.take(source, action.index, out=out, mode="wrap")
    else:
        np.copyto(out, source)
    scales = action.scales(_computed(source.dtype))
    if scales is not None:
        np.multiply(out, scales, out=out, casting="unsafe")


def _computed(dtype: Any) -> Any:
    """The type in which products are formed: the array's own, and float32 for the short ones."""
    return np.dtype(np.float32) if dtype.itemsize == 2 else dtype


def _collapsed(shape: Sequence[int], actions: Sequence[AxisAction | None]) -> tuple[list[int], dict[int, AxisAction]]:
    """Neighbouring axes that stay are made one; axes of length one are left out."""
    sizes: list[int] = []
    moving: dict[int, AxisAction] = {}
    joins = False
    for n, action in zip(shape, actions, strict=True):
        if action is not None and (action.index is not None or action.scale is not None):
            moving[len(sizes)] = action
            sizes.append(n)
            joins = False
        elif joins:
            sizes[-1] *= n
        elif n != 1:
            sizes.append(n)
            joins = True
    return sizes or [1], moving


class _Buffers:
    """Memory for the blocks between two gathers."""

    def __init__(self, sizes: list[int], dtype: Any) -> None:
        self.sizes, self.dtype = sizes, dtype
        row = math.prod(sizes[1:]) * max(dtype.itemsize, 4)
        self.rows = max(1, min(sizes[0], BLOCK_BYTES // max(row, 1)))
        self._made: dict[Any, Array] = {}

    def get(self, key: Any, count: int, dtype: Any = None) -> Array:
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = np.empty((self.rows, *self.sizes[1:]), self.dtype if dtype is None else dtype)
        return found[:count]


def _block(source: Array, out: Array, rows: AxisAction | None, later: list[tuple[int, AxisAction]], buffers: _Buffers,
           start: int, stop: int) -> None:
    count = stop - start
    gathers = [(k, a.index) for k, a in later if a.index is not None]
    narrow = source.dtype.itemsize == 2 and any(a.scale is not None for _, a in later + [(0, rows)] if a is not None)
    block = source[start:stop]
    if rows is not None and rows.index is not None:
        target = buffers.get("rows", count) if gathers or narrow else out
        block = np.take(source, rows.index[start:stop], axis=0, out=target, mode="wrap")
    for number, (k, index) in enumerate(gathers):
        target = buffers.get(number % 2, count) if narrow or number < len(gathers) - 1 else out
        block = _take(block, index, k, target)
    _scale(block, out, rows, later, buffers, start, stop, narrow)


def _take(block: Array, index: npt.NDArray[np.intp], axis: int, out: Array) -> Array:
    if block.ndim == 2 and axis == 1 and block[0].nbytes in _TURNED_ROW_BYTES:
        for start in range(0, len(block), _TURNED_ROWS):
            part = slice(start, start + _TURNED_ROWS)
            out[part] = np.take(block[part].T, index, axis=0, mode="wrap").T
        return out
    return np.take(block, index, axis=axis, out=out, mode="wrap")


def _scale(block: Array, out: Array, rows: AxisAction | None, later: list[tuple[int, AxisAction]], buffers: _Buffers,
           start: int, stop: int, narrow: bool) -> None:
    """Multiply the gathered block into its place; the first product is the copy, where there is one."""
    dtype = _computed(block.dtype) if narrow else block.dtype
    factors: list[tuple[tuple[int, ...], Array]] = []
    if rows is not None and rows.scale is not None:
        scales = rows.scales(dtype)
        assert scales is not None
        factors.append(((stop - start, -1), scales[start:stop, None]))
    for k, action in later:
        after = math.prod(block.shape[k + 1 :])
        scales = action.scales(dtype, after)
        if scales is not None:
            factors.append(((math.prod(block.shape[:k]), -1), scales))
    if not factors:
        if block is not out:
            np.copyto(out, block)
        return
    work = out
    if narrow:
        work = buffers.get("wide", stop - start, dtype)
        np.copyto(work, block)
        block = work
    for shape, scales in factors:
        np.multiply(block.reshape(shape), scales, out=work.reshape(shape))
        block = work
    if narrow:
        np.copyto(out, work, casting="unsafe")
