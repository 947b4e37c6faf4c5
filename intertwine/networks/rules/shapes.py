"""Operations that move entries without changing them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from intertwine.networks.interpreter import NotUnderstood, Number, Reading, Repile, Value
from intertwine.networks.operations import Operation
from intertwine.networks.reading import (
    cut_axis,
    opaque,
    require,
)
from intertwine.networks.rules.contractions import axes_of
from intertwine.networks.rules.places import picked
from intertwine.networks.spaces import (
    Axis,
    Block,
    Ref,
    Signal,
    Size,
    Space,
    Unknown,
    axis_size,
    find,
    fixed,
    freeze_axis,
    is_fixed,
    leaves,
    parts,
)
from intertwine.networks.unify import unify

_UNKNOWN = Unknown("the sizes of what is put side by side are not known to agree")


def identity(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """The first input, unchanged."""
    value = given[0]
    if value is None:
        raise NotUnderstood("an input is missing")
    return [value]


def shape_only(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """What depends on shapes alone: nothing moves in it, and nothing is frozen."""
    shapes = operation.settings.get("shapes") or [None] * len(operation.outputs)
    return [opaque(shape) for shape in shapes]


def _lifted(value: Value | None, reading: Reading) -> Signal | Number:
    return value if isinstance(value, Number) else reading.signal(value)


def transpose(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Axes in another order."""
    signal = reading.signal(given[0])
    if signal.axes is None:
        return [signal]
    order = operation.settings.get("order") or list(range(len(signal.axes)))[::-1]
    if signal.index is not None:
        place = order.index(signal.index)
        inner = [k - (k > signal.index) for k in order if k != signal.index]
        pile = tuple(Signal(tuple(cast(tuple[Axis, ...], s.axes)[k] for k in inner)) for s in signal.pile)
        return [Signal(tuple(signal.axes[k] for k in order), place, pile)]
    return [Signal(tuple(signal.axes[k] for k in order))]


def unsqueeze(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """New axes of length one, at places counted in the result."""
    value = _lifted(given[0], reading)
    places = operation.settings["axes"]
    if isinstance(value, Number):
        return [Number(value.term, value.rank + len(places))]
    if value.index is not None and value.axes is not None:
        return [_wider_pile(value, {p % (len(value.axes) + len(places)) for p in places})]
    axes = axes_of(reading, value)
    rank = len(axes) + len(places)
    new = {p % rank for p in places}
    rest = list(axes)
    return [Signal(tuple(fixed(1) if k in new else rest.pop(0) for k in range(rank)))]


def squeeze(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Axes of length one dropped."""
    value = _lifted(given[0], reading)
    places = operation.settings.get("axes")
    if isinstance(value, Number):
        return [Number(value.term, 0 if places is None else value.rank - len(places))]
    if value.index is not None and value.axes is not None and places is not None:
        found = _narrower_pile(value, {p % len(value.axes) for p in places})
        if found is not None:
            return [found]
    axes = axes_of(reading, value)
    if places is None:
        if any(not isinstance(axis_size(a), int) for a in axes):
            raise NotUnderstood("which axes have length one is not known")
        places = [k for k, a in enumerate(axes) if axis_size(a) == 1]
    gone = {p % len(axes) for p in places}
    for k in gone:
        freeze_axis(axes[k])
    return [Signal(tuple(a for k, a in enumerate(axes) if k not in gone))]


def _wider_pile(signal: Signal, new: set[int]) -> Signal:
    """A pile with new axes of length one."""
    assert signal.index is not None and signal.axes is not None
    rank = len(signal.axes) + len(new)
    old = [k for k in range(rank) if k not in new]
    place = old[signal.index]
    inner = [k for k in range(rank) if k != place]

    def widened(axes: Sequence[Axis], places: Sequence[int]) -> tuple[Axis, ...]:
        rest = list(axes)
        return tuple(fixed(1) if k in new else rest.pop(0) for k in places)

    pile = tuple(Signal(widened(s.axes or (), inner)) for s in signal.pile)
    return Signal(widened(signal.axes, range(rank)), place, pile)


def _narrower_pile(signal: Signal, gone: set[int]) -> Signal | None:
    """A pile with axes of length one dropped."""
    assert signal.index is not None and signal.axes is not None
    if signal.index in gone or not all(is_fixed(signal.axes[k]) for k in gone):
        return None
    kept = [k for k in range(len(signal.axes)) if k not in gone]
    inner = [k - (k > signal.index) for k in kept if k != signal.index]
    pile = tuple(Signal(tuple((s.axes or ())[k] for k in inner)) for s in signal.pile)
    return Signal(tuple(signal.axes[k] for k in kept), kept.index(signal.index), pile)


def free_copies(count: Size, beside: Axis | None) -> Axis:
    """An axis along which all entries are equal: its permutations do nothing, for each index of its neighbour."""
    if not isinstance(count, int):
        return fixed(count)
    over: tuple[Space, ...] = ()
    if beside is not None and len(beside) == 1 and not is_fixed(beside):
        over = tuple(leaf for leaf in leaves(beside[0].refs) if not leaf.frozen)
        for leaf in over:
            leaf.monomial = True
    return (Block((Ref(Space(count, over, monomial=True)),)),)


def expand(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Axes of length one repeated: the setting ``shape`` has the wanted sizes, 1 or None where an axis stays."""
    value = _lifted(given[0], reading)
    shape: Sequence[Size] = operation.settings["shape"]
    if isinstance(value, Number):
        return [opaque(shape)]
    axes = axes_of(reading, value)
    axes = (*(fixed(1) for _ in range(len(shape) - len(axes))), *axes)
    wanted = [1] * (len(axes) - len(shape)) + list(shape)
    found: list[Axis] = []
    for a, n in zip(axes, wanted, strict=True):
        size = axis_size(a)
        if n in (1, -1) or n == size:
            found.append(a)
        elif size == 1:
            freeze_axis(a)
            found.append(free_copies(n, found[-1] if found else None))
        elif not isinstance(size, int):
            freeze_axis(a, Unknown("whether this axis is repeated is not known"))
            found.append(fixed(None))
        elif not isinstance(n, int):  # the wanted size is not known, but can only be this one, or 1
            found.append(a)
        else:
            raise NotUnderstood(f"an axis of length {size} cannot be expanded to {n}")
    return [Signal(tuple(found))]


def concat(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Tensors side by side along an axis."""
    if all(isinstance(v, Number) for v in given):
        return [opaque([len(given)])]
    signals = [Signal(axes_of(reading, v)) for v in given]
    axis = operation.settings["axis"]
    first = cast(tuple[Axis, ...], signals[0].axes)
    axis %= len(first)
    joined: list[Block] = []
    for signal in signals:
        blocks = cast(tuple[Axis, ...], signal.axes)[axis]
        joined += [Block(p) for p in parts(blocks[0].refs)] if is_fixed(blocks) and len(blocks) == 1 else blocks
    rest = list(first)
    for signal in signals[1:]:
        for k, a in enumerate(cast(tuple[Axis, ...], signal.axes)):
            if k == axis:
                continue
            if axis_size(a) == axis_size(rest[k]) is not None:
                unify(rest[k], a)
                require(reading.book, (1, rest[k]), (-1, a))
            else:
                freeze_axis(rest[k], _UNKNOWN)
                freeze_axis(a, _UNKNOWN)
                rest[k] = fixed(None)
    sizes = [axis_size(cast(tuple[Axis, ...], s.axes)[axis]) for s in signals]
    if all(isinstance(n, int) for n in sizes):
        rest[axis] = tuple(joined)
    else:
        for s in signals:
            freeze_axis(cast(tuple[Axis, ...], s.axes)[axis], Unknown("channels of unknown number are concatenated"))
        rest[axis] = fixed(None)
    return [Signal(tuple(rest))]


def split(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """A tensor cut along an axis into pieces of the sizes in the settings."""
    signal = reading.signal(given[0])
    if signal.axes is None:
        raise NotUnderstood("the shape of what is split is not known")
    axis, sizes = operation.settings["axis"] % len(signal.axes), list(operation.settings["sizes"])
    if signal.index == axis and all(n == 1 for n in sizes):
        return [_unsqueezed(s, axis) for s in signal.pile]
    axes = axes_of(reading, signal)
    if is_fixed(axes[axis]):
        pieces = [fixed(n) for n in sizes]
    elif all(isinstance(n, int) for n in sizes) and sum(sizes) == axis_size(axes[axis]):
        if all(n == 1 for n in sizes):
            _wish_for_index(reading, axes[axis])
        pieces = cut_axis(reading.book, axes[axis], sizes)
    else:
        raise NotUnderstood("the sizes of a split are not known")
    return [Signal((*axes[:axis], p, *axes[axis + 1 :])) for p in pieces]


def _unsqueezed(signal: Signal, axis: int) -> Signal:
    axes = cast(tuple[Axis, ...], signal.axes)
    return Signal((*axes[:axis], fixed(1), *axes[axis:]))


def _wish_for_index(reading: Reading, axis: Axis) -> None:
    """Single entries of an outer index are taken: the reshape that made it has to keep it as an index."""
    if len(axis) == 1 and len(axis[0].refs) == 1:
        origin = find(axis[0].refs[0]).space.origin
        if origin is not None and origin not in reading.indices:
            raise Repile(origin)


def select(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """One entry along an axis, which is dropped."""
    signal = reading.signal(given[0])
    if signal.axes is None:
        raise NotUnderstood("the shape of what is indexed is not known")
    axis, index = operation.settings["axis"] % len(signal.axes), operation.settings["index"]
    if signal.index == axis:
        return [signal.pile[index]]
    axes = axes_of(reading, signal)
    _wish_for_index(reading, axes[axis])
    size = axis_size(axes[axis])
    if not is_fixed(axes[axis]):
        if not isinstance(size, int):
            raise NotUnderstood("one entry of an axis of unknown length is taken")
        index %= size
        pieces = cut_axis(reading.book, axes[axis], [n for n in (index, 1, size - index - 1) if n])
        freeze_axis(pieces[1 if index else 0])
    return [Signal((*axes[:axis], *axes[axis + 1 :]))]


def take_slice(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """A range ``start:stop:step`` along each of some axes; sizes of the result are in ``sizes``."""
    signal = reading.signal(given[0])
    if signal.axes is None:
        raise NotUnderstood("the shape of what is sliced is not known")
    if signal.index is not None and all(
        r == (0, signal.axes and axis_size(signal.axes[a % len(signal.axes)]), 1)
        for a, r in operation.settings["ranges"].items() if a % len(signal.axes) != signal.index
    ):
        start, stop, step = operation.settings["ranges"].get(signal.index, (0, len(signal.pile), 1))
        if (stop, step) == (start + 1, 1):
            return [_unsqueezed(signal.pile[start], signal.index)]
    axes = list(axes_of(reading, signal))
    for place, (start, stop, step) in operation.settings["ranges"].items():
        k = place % len(axes)
        size = axis_size(axes[k])
        if is_fixed(axes[k]):
            axes[k] = fixed(_slice_size(start, stop, step, size))
            continue
        if step not in (1, None) and isinstance(size, int) and isinstance(start, int) and isinstance(stop, int):
            axes[k] = picked(reading, axes[k], list(range(start, stop, step)))
            continue
        if step != 1 or not isinstance(size, int) or not isinstance(start, int) or not isinstance(stop, int):
            raise NotUnderstood("a moving axis is sliced with a step, or at places that are not known")
        if stop - start == 1:
            _wish_for_index(reading, axes[k])
        sizes = [start, stop - start, size - stop]
        if sizes[1] <= 0 or sizes[2] < 0:
            raise NotUnderstood("an empty slice")
        pieces = cut_axis(reading.book, axes[k], [n for n in sizes if n])
        axes[k] = pieces[1 if start else 0]
    return [Signal(tuple(axes))]


def _slice_size(start: Any, stop: Any, step: Any, size: Size) -> Size:
    if isinstance(size, int) and all(isinstance(n, int) for n in (start, stop, step)):
        return len(range(size)[start:stop:step] if step > 0 else range(start, stop, step))
    return None
