"""Operations that read channels by their places: picked entries, windows of neighbours, places of maxima."""

from __future__ import annotations

from collections.abc import Sequence

from intertwine.networks.interpreter import NotAllowed, NotUnderstood, Reading, Value
from intertwine.networks.operations import Operation
from intertwine.networks.reading import cut_axis, merged, monomial, only_permutations, require_one
from intertwine.networks.rules.contractions import axes_of
from intertwine.networks.rules.reshapes import divided
from intertwine.networks.spaces import (
    Axis,
    Signal,
    axis_size,
    fixed,
    freeze_axis,
    is_fixed,
    parts,
    pin,
    unscaled_axis,
)

#: Into how many stretches of neighbours an axis may be cut.
MOST_STRETCHES = 64


def pick(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """The entries at the places ``indices`` (not negative) along the setting ``axis``."""
    axes = list(axes_of(reading, given[0]))
    k = operation.settings["axis"] % len(axes)
    axes[k] = picked(reading, axes[k], operation.settings["indices"])
    return [Signal(tuple(axes))]


def picked(reading: Reading, axis: Axis, indices: Sequence[int]) -> Axis:
    """Entries of an axis at known places.

    Every second (third, …) one is one of each pair (triple, …): pairs move as a whole. Otherwise stretches of
    neighbours stay together, and what moves each of them moves it wherever it has been put.
    """
    size = axis_size(axis)
    if is_fixed(axis):
        return fixed(len(indices))
    if not isinstance(size, int):
        raise NotUnderstood("entries of an axis of unknown length are picked")
    if not indices:
        raise NotUnderstood("no entry is picked")
    step = size // len(indices)
    if 1 < step < size and size % step == 0 and list(indices) == list(range(indices[0], size, step)):
        outer, inner = divided(reading, axis, [size // step, step])
        if is_fixed(inner):  # nothing but a frozen part is left of each pair
            return merged(reading.book, [outer, fixed(1)], len(indices))
        start = indices[0]
        pieces = cut_axis(reading.book, inner, [n for n in (start, 1, step - start - 1) if n])
        return merged(reading.book, [outer, pieces[1 if start else 0]], len(indices))
    runs = _runs(indices)
    ends = sorted({*(a for a, _ in runs), *(b for _, b in runs)} - {0} | {size})
    if len(ends) > MOST_STRETCHES:
        raise NotAllowed("channels are taken in another order than the one in which they lie")
    if len(ends) == size > 1:
        reading.frozen.append((reading.current, "channels are taken in another order, so that each keeps its place"))
    starts = [0, *ends[:-1]]
    pieces = cut_axis(reading.book, axis, [b - a for a, b in zip(starts, ends, strict=True)])
    return tuple(block for a, b in runs for place, piece in zip(starts, pieces, strict=True) if a <= place < b
                 for block in piece)


def _runs(indices: Sequence[int]) -> list[tuple[int, int]]:
    """Ranges of neighbours, one after the other, that make up the indices."""
    found: list[tuple[int, int]] = []
    for i in indices:
        if found and found[-1][1] == i:
            found[-1] = (found[-1][0], i + 1)
        else:
            found.append((i, i + 1))
    return found


def neighbours(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Local response normalisation, x/(k + α·(sum of x² over a window of channels))^β: signs of channels pass."""
    axes = axes_of(reading, given[0])
    if len(axes) < 2:
        raise NotUnderstood("a local response normalisation of a vector")
    for k, a in enumerate(axes):
        if k == 1:
            for block in a:
                for product in parts(block.refs):
                    pin(product, "a window of neighbouring channels keeps their order")
            require_one(reading.book, a, sign=False)
        else:
            only_permutations(reading.book, a)
    return [Signal(axes)]


def extreme_place(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """The place of the largest or smallest entry along the setting ``axis``; ``keep`` leaves an axis of length one."""
    axes = axes_of(reading, given[0])
    k = operation.settings["axis"] % len(axes)
    freeze_axis(axes[k], "the place of an extreme entry along it is used as a number")
    found: list[Axis] = []
    for j, a in enumerate(axes):
        if j != k:
            monomial(a)
            require_one(reading.book, a, scale=False)
            found.append(unscaled_axis(a))
        elif operation.settings.get("keep", True):
            found.append(fixed(1))
    return [Signal(tuple(found))]
