"""The two loops everything rests on: gather-and-scale along an axis, and a matrix product along an axis.

Both work block by block.  A block is small enough to stay in the cache between the gather and the multiplication, and
it bounds the temporary memory, also in place.  ``numpy.take`` is called with ``mode="wrap"``: the indices are known to
be valid here, the default mode would fill a hidden buffer as large as ``out`` before writing it, and of the other two
"wrap" takes about three quarters of the time of "clip" on columns.
"""

from __future__ import annotations

from typing import cast

import numpy as np

from intertwine.numeric.arrays import FloatArray, IndexArray

#: Bytes of one block: well inside the second-level cache of a present-day core.  Timings are flat around this value.
BLOCK_BYTES = 1 << 18
# From this length in bytes, a row is long enough to be worth a step of the interpreter of its own.
_LONG_ROW_BYTES = 1 << 12
# On columns, rows of these lengths are turned eight at a time into columns and back: the gather then moves pieces of
# eight numbers.  Shorter rows stay in the first-level cache anyway, and with longer ones the eight leave the second.
_TURNED_ROW_BYTES = range(1 << 14, (1 << 17) + 1)
_TURNED_ROWS = 8


def gather_scaled(
    source: FloatArray, indices: IndexArray, scales: FloatArray | None, axis: int, out: FloatArray, in_place: bool
) -> None:
    """Write ``out[..., i, ...] = scales[i] * source[..., indices[i], ...]``, the index i at `axis`.

    Parameters
    ----------
    source, out : arrays of one shape and dtype
        Either the same view (then `in_place` is True) or disjoint in memory.
    indices : array of int, shape (n,)
        A permutation.
    scales : array, shape (n,), or None
        Of the dtype of `source`; None stands for ones and saves the multiplication.
    axis : int
        The axis of length n.
    in_place : bool
        Whether `out` is `source`.
    """
    source, out, gather_rows = _as_rows_or_columns(source, out, axis)
    if gather_rows:
        _rows(source, indices, None if scales is None else scales[:, None], out, in_place)
    else:
        _columns(source, indices, scales, out)


def multiply_matrix(source: FloatArray, matrix: FloatArray, axis: int, out: FloatArray) -> None:
    """Write the product of `matrix` with every vector of `source` along `axis` into `out`, which may be `source`."""
    source, out = np.moveaxis(source, axis, -1), np.moveaxis(out, axis, -1)
    _multiply(np.atleast_2d(source), matrix.T, np.atleast_2d(out))


def _as_rows_or_columns(source: FloatArray, out: FloatArray, axis: int) -> tuple[FloatArray, FloatArray, bool]:
    """Views with the gathered axis last (gather columns) or last but one (gather rows), whichever suits the memory.

    Rows move long stretches of memory and are faster, so they are chosen when some other axis is denser than the
    gathered one; that axis is then put last.
    """
    axis %= source.ndim
    others = [k for k in range(source.ndim) if k != axis and source.shape[k] > 1]
    dense = min(others, key=lambda k: abs(source.strides[k]), default=axis)
    if abs(source.strides[dense]) < abs(source.strides[axis]):
        order = (axis, dense)
        return np.moveaxis(source, order, (-2, -1)), np.moveaxis(out, order, (-2, -1)), True
    return np.atleast_2d(np.moveaxis(source, axis, -1)), np.atleast_2d(np.moveaxis(out, axis, -1)), False


def _rows(source: FloatArray, indices: IndexArray, scales: FloatArray | None, out: FloatArray, in_place: bool) -> None:
    if source.nbytes <= BLOCK_BYTES:
        _block(source, indices, scales, -2, out)
    elif source.ndim > 2:
        for part in _slices(len(source), source[0].nbytes):
            if part.stop - part.start == 1:
                _rows(source[part.start], indices, scales, out[part.start], in_place)
            else:
                _block(source[part], indices, scales, -2, out[part])
    elif in_place and source[0].nbytes >= _LONG_ROW_BYTES:
        _follow_cycles(out, indices, scales)
    elif in_place:
        # Rows of the result would overwrite rows still to be read; strips of columns are independent of each other.
        for part in _slices(source.shape[1], source[:, 0].nbytes):
            _block(source[:, part], indices, scales, -2, out[:, part])
    else:
        for part in _slices(len(indices), source[0].nbytes):
            _gather_rows(source, indices[part], None if scales is None else scales[part], out[part])


def _follow_cycles(rows: FloatArray, indices: IndexArray, scales: FloatArray | None) -> None:
    """Permute and scale rows in place, one cycle of the permutation after the other, with a buffer of one row."""
    targets = indices.tolist()
    pending = [True] * len(targets)
    for start, unseen in enumerate(pending):
        if not unseen:
            continue
        first, row = rows[start].copy(), start
        while pending[row]:
            pending[row] = False
            origin = first if targets[row] == start else rows[targets[row]]
            _write(origin, None if scales is None else scales[row], rows[row])
            row = targets[row]


def _columns(source: FloatArray, indices: IndexArray, scales: FloatArray | None, out: FloatArray) -> None:
    if source.nbytes <= BLOCK_BYTES:
        _block(source, indices, scales, -1, out)
        return
    if source.ndim == 2 and source[0].nbytes in _TURNED_ROW_BYTES:
        for start in range(0, len(source), _TURNED_ROWS):
            part = slice(start, start + _TURNED_ROWS)
            turned = cast(FloatArray, np.take(source[part].T, indices, axis=0, mode="wrap"))
            _write(turned.T, scales, out[part])
        return
    for part in _slices(len(source), source[0].nbytes):
        if source.ndim > 2 and part.stop - part.start == 1:
            _columns(source[part.start], indices, scales, out[part.start])
        else:
            _block(source[part], indices, scales, -1, out[part])


def _gather_rows(source: FloatArray, indices: IndexArray, scales: FloatArray | None, out: FloatArray) -> None:
    """Some rows of the result, read from the whole of `source`."""
    if source.flags.c_contiguous and out.flags.c_contiguous:
        np.take(source, indices, axis=0, out=out, mode="wrap")
        if scales is not None:
            np.multiply(out, scales, out=out)
    else:
        # take() would copy all of a source that is not contiguous; indexing does not.
        _write(source[indices], scales, out)


def _block(source: FloatArray, indices: IndexArray, scales: FloatArray | None, axis: int, out: FloatArray) -> None:
    """A block small enough to be gathered into a buffer of its own, so that `out` may be `source`."""
    _write(cast(FloatArray, np.take(source, indices, axis=axis, mode="wrap")), scales, out)


def _write(gathered: FloatArray, scales: FloatArray | None, out: FloatArray) -> None:
    if scales is None:
        np.copyto(out, gathered)
    else:
        np.multiply(gathered, scales, out=out)


def _multiply(source: FloatArray, transposed: FloatArray, out: FloatArray) -> None:
    if source.nbytes <= BLOCK_BYTES or (source.ndim == 2 and len(source) == 1):
        np.copyto(out, source @ transposed)
        return
    for part in _slices(len(source), source[0].nbytes):
        if source.ndim > 2 and part.stop - part.start == 1:
            _multiply(source[part.start], transposed, out[part.start])
        else:
            np.copyto(out[part], source[part] @ transposed)


def _slices(length: int, item_bytes: int) -> list[slice]:
    """Consecutive slices of range(length) of at most `BLOCK_BYTES`, and of at least one item, each."""
    step = max(1, BLOCK_BYTES // max(1, item_bytes))
    return [slice(start, min(start + step, length)) for start in range(0, length, step)]
