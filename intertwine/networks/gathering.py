"""The loop that moves a weight: a gather and a multiplication for every axis, block by block.

A block of rows is small enough to stay in the cache between the gathers and the multiplications, and it bounds the
temporary memory. ``numpy.take`` is called with ``mode="wrap"``: the indices are known to be valid, and the default mode
would fill a hidden buffer first.
"""

from __future__ import annotations

import itertools
import math
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

#: Bytes of a block of rows: well inside the second-level cache.
BLOCK_BYTES = 1 << 18
#: In small tensors, pieces of at least so many numbers are gathered along two axes at once.
_LEAST_PIECE = 4
#: From this length on, products of a row with numbers are formed by numpy's own loop, below it by the BLAS.
_LONG_ROW = 2048
#: Tensors of so many bytes for each thread are worth the trouble of sharing them.
_SHARED_BYTES = 1 << 20


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


class Threads:
    """Threads that share the work on large tensors; they are started when they are first needed.

    Parameters
    ----------
    count : int, optional
        How many; by default one for each processor and at most four, and one where the caller is itself a thread that
        an executor may have started beside others.
    """

    def __init__(self, count: int | None = None) -> None:
        self._pool: ThreadPoolExecutor | None = None
        if count is None:
            count = min(4, _processors()) if threading.current_thread() is threading.main_thread() else 1
        self.count = count

    def run(self, function: Callable[[int, int], object], bounds: list[int]) -> None:
        """Call a function for the ranges between neighbouring bounds, all at a time."""
        pairs = list(itertools.pairwise(bounds))
        if len(pairs) == 1:
            function(*pairs[0])
            return
        self._pool = self._pool or ThreadPoolExecutor(self.count)
        for future in [self._pool.submit(function, *pair) for pair in pairs]:
            future.result()

    def __enter__(self) -> Threads:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Recipe(Protocol):
    """How tensors of one shape and type are moved: ``out`` becomes ``source`` moved.

    Both are C-contiguous, without memory in common.
    """

    def run(self, source: Array, out: Array, workspace: Workspace, threads: Threads) -> None: ...


def recipe_for(shape: Sequence[int], dtype: Any, actions: Sequence[AxisAction | None]) -> Recipe:
    """The recipe for an action on each axis.

    Parameters
    ----------
    shape, dtype
        Of the tensors.
    actions
        One for every axis; None where nothing moves.
    """
    if len(shape) == 1 and actions[0] is not None:
        return _Vector(actions[0], dtype)
    sizes, moving = _collapsed(shape, actions)
    if not moving or not math.prod(sizes):
        return _Copy()
    after = math.prod(sizes[2:])
    small = math.prod(sizes) * dtype.itemsize <= BLOCK_BYTES and _LEAST_PIECE <= after
    if small and len(moving) == 2 and 0 in moving and 1 in moving:
        return _Pieces(sizes, moving[0], moving[1], dtype)
    return _Blocks(sizes, moving, dtype)


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


class _Copy:
    """Nothing moves."""

    def run(self, source: Array, out: Array, workspace: Workspace, threads: Threads) -> None:
        np.copyto(out, source)


class _Vector:
    """One axis."""

    def __init__(self, action: AxisAction, dtype: Any) -> None:
        self.index, self.scales = action.index, action.scales(_computed(dtype))

    def run(self, source: Array, out: Array, workspace: Workspace, threads: Threads) -> None:
        if source.ndim > 1:  # axes that were joined
            source, out = source.reshape(-1), out.reshape(-1)
        if self.index is not None:
            np.take(source, self.index, out=out, mode="wrap")
        else:
            np.copyto(out, source)
        if self.scales is not None:
            np.multiply(out, self.scales, out=out, casting="unsafe")


class _Pieces:
    """A small tensor of which the first two axes move: one gather of pieces and one product."""

    def __init__(self, sizes: list[int], rows: AxisAction, columns: AxisAction, dtype: Any) -> None:
        first = np.arange(sizes[0]) if rows.index is None else rows.index
        second = np.arange(sizes[1]) if columns.index is None else columns.index
        self.index = (first[:, None] * sizes[1] + second).reshape(-1)
        after = math.prod(sizes[2:])
        self.pieces, self.rows = (sizes[0] * sizes[1], after), (sizes[0], sizes[1] * after)
        self.dtype = _computed(dtype)
        left, right = rows.scales(self.dtype), columns.scales(self.dtype, after)
        self.left = None if left is None else left[:, None]
        self.right = None if right is None else right[None, :]

    def run(self, source: Array, out: Array, workspace: Workspace, threads: Threads) -> None:
        # A copy reads the source in its order, which brings it into the cache much faster than a gather does.
        near = workspace.get(0, self.pieces, source.dtype)
        np.copyto(near, source.reshape(self.pieces))
        np.take(near, self.index, axis=0, out=out.reshape(self.pieces), mode="wrap")
        scales = self.left if self.right is None else self.right
        if self.left is not None and self.right is not None:
            scales = _products(self.left, self.right, workspace)
        if scales is not None:
            out = out.reshape(self.rows)
            np.multiply(out, scales, out=out, casting="unsafe")


def _products(left: Array, right: Array, workspace: Workspace) -> Array:
    """All products of the numbers in a column and those in a row, which together cost less than either on a tensor."""
    out = workspace.get(4, (left.shape[0], right.shape[1]), left.dtype)
    if right.shape[1] < _LONG_ROW:
        return np.dot(left, right, out=out)
    return np.multiply(left, right, out=out)


class _Blocks:
    """Blocks of rows, one after the other."""

    def __init__(self, sizes: list[int], moving: dict[int, AxisAction], dtype: Any) -> None:
        self.dtype, self.sizes, self.row = dtype, sizes, tuple(sizes[1:])
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

    def run(self, source: Array, out: Array, workspace: Workspace, threads: Threads) -> None:
        source, out = source.reshape(self.sizes), out.reshape(self.sizes)
        parts = min(threads.count, source.nbytes // _SHARED_BYTES) or 1
        blocks = -(-self.sizes[0] // self.rows)

        def move(start: int, stop: int) -> None:
            memory = workspace if parts == 1 else Workspace()
            for k in range(start, stop):
                self._move(source, out, memory, k * self.rows, min((k + 1) * self.rows, self.sizes[0]))

        threads.run(move, sorted({blocks * k // parts for k in range(parts + 1)}))

    def _move(self, source: Array, out: Array, workspace: Workspace, start: int, stop: int) -> None:
        """Move the rows that end up from ``start`` to ``stop``."""
        out, shape = out[start:stop], (stop - start, *self.row)
        left = len(self.gathers) + (self.index is not None)
        if self.index is None:
            block = source[start:stop]
        else:
            left -= 1
            target = workspace.get(0, shape, self.dtype) if left or self.narrow else out
            block = np.take(source, self.index[start:stop], axis=0, out=target, mode="wrap")
        for k, index in self.gathers:
            left -= 1
            target = workspace.get(1 + left % 2, shape, self.dtype) if left or self.narrow else out
            block = np.take(block, index, axis=k, out=target, mode="wrap")
        self._scale(block, out, workspace, start, stop)

    def _scale(self, block: Array, out: Array, workspace: Workspace, start: int, stop: int) -> None:
        """Multiply the gathered block into its place; the first product is the copy, if there was no gather."""
        factors = self.factors
        if self.scales is not None:
            rows = self.scales[start:stop]
            if len(factors) == 1 and factors[0][1].size == math.prod(self.row):
                factors = [((stop - start, -1), _products(rows, factors[0][1].reshape(1, -1), workspace))]
            else:
                factors = [((stop - start, -1), rows), *factors]
        work = out
        if self.narrow:
            work = workspace.get(3, block.shape, self.computed)
            np.copyto(work, block)
            block = work
        for shape, scales in factors:
            np.multiply(block.reshape(shape), scales, out=work.reshape(shape))
            block = work
        if block is not out:
            np.copyto(out, block, casting="unsafe")
