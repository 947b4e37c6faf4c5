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


class Workspace:
    """Memory for what lies between two steps, kept from one block and one tensor to the next."""

    def __init__(self) -> None:
        self._slots: dict[int, Array] = {}

    def get(self, slot: int, shape: tuple[int, ...], dtype: Any) -> Array:
        """An array with any content; it lasts until the slot is asked for again."""
        size = math.prod(shape) * dtype.itemsize
        found = self._slots.get(slot)
        if found is None or found.nbytes < size:
            found = self._slots[slot] = np.empty(size, np.uint8)
        view: Array = found[:size].view(dtype).reshape(shape)
        return view


def gather_scaled(source: Array, out: Array, actions: Sequence[AxisAction | None], workspace: Workspace) -> None:
    """Write the entries of ``source``, moved along its axes, into ``out``.

    Parameters
    ----------
    source, out
        C-contiguous, of one shape and dtype, without memory in common.
    actions
        One for every axis; None where nothing moves.
    workspace
        Memory for blocks.
    """
    if source.ndim == 1 and actions[0] is not None:
        _vector(source, out, actions[0])
        return
    sizes, moving = _collapsed(source.shape, actions)
    if not moving or source.size == 0:
        np.copyto(out, source)
        return
    source, out = source.reshape(sizes), out.reshape(sizes)
    job = _Job(sizes, moving, source.dtype, workspace)
    for start in range(0, sizes[0], job.rows):
        job.move(source, out, start, min(start + job.rows, sizes[0]))


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
        if action is not None:
            moving[len(sizes)] = action
            sizes.append(n)
            joins = False
        elif joins:
            sizes[-1] *= n
        elif n != 1:
            sizes.append(n)
            joins = True
    return sizes or [1], moving


class _Job:
    """What is done with every block of rows of one tensor."""

    def __init__(self, sizes: list[int], moving: dict[int, AxisAction], dtype: Any, workspace: Workspace) -> None:
        self.dtype, self.workspace, self.row = dtype, workspace, tuple(sizes[1:])
        self.computed = _computed(dtype)
        self.rows = max(1, min(sizes[0], BLOCK_BYTES // (math.prod(self.row) * self.computed.itemsize)))
        first = moving.pop(0, None)
        self.index = None if first is None else first.index
        scales = None if first is None else first.scales(self.computed)
        self.scales = None if scales is None else scales[:, None]
        self.gathers = [(k, a.index) for k, a in moving.items() if a.index is not None]
        self.factors: list[tuple[tuple[int, ...], Array]] = []
        for k, action in moving.items():
            scales = action.scales(self.computed, math.prod(sizes[k + 1 :]))
            if scales is not None:
                self.factors.append(((-1, len(scales)), scales))
        self.narrow = self.computed != dtype and (self.scales is not None or bool(self.factors))

    def move(self, source: Array, out: Array, start: int, stop: int) -> None:
        """Move the rows that end up from ``start`` to ``stop``."""
        out, shape = out[start:stop], (stop - start, *self.row)
        left = len(self.gathers) + (self.index is not None)
        if self.index is None:
            block = source[start:stop]
        else:
            left -= 1
            target = self.workspace.get(0, shape, self.dtype) if left or self.narrow else out
            block = np.take(source, self.index[start:stop], axis=0, out=target, mode="wrap")
        for k, index in self.gathers:
            left -= 1
            target = self.workspace.get(1 + left % 2, shape, self.dtype) if left or self.narrow else out
            block = np.take(block, index, axis=k, out=target, mode="wrap")
        self._scale(block, out, start, stop)

    def _scale(self, block: Array, out: Array, start: int, stop: int) -> None:
        """Multiply the gathered block into its place; the first product is the copy, if there was no gather."""
        factors = self.factors
        if self.scales is not None:
            factors = [((stop - start, -1), self.scales[start:stop]), *factors]
        work = out
        if self.narrow:
            work = self.workspace.get(3, block.shape, self.computed)
            np.copyto(work, block)
            block = work
        for shape, scales in factors:
            np.multiply(block.reshape(shape), scales, out=work.reshape(shape))
            block = work
        if block is not out:
            np.copyto(out, block, casting="unsafe")
