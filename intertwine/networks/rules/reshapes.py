"""Reshapes: runs of axes with the same entries are merged into one axis, and divided again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from intertwine.networks.interpreter import Division, NotUnderstood, Number, Reading, Value
from intertwine.networks.operations import Operation
from intertwine.networks.reading import cut_axis, fresh_like, merged, monomial, opaque, require
from intertwine.networks.rules.contractions import axes_of
from intertwine.networks.spaces import (
    Axis,
    Block,
    Ref,
    Signal,
    Size,
    Space,
    Unknown,
    axis_size,
    carrier,
    find,
    fixed,
    freeze_axis,
    is_fixed,
    parts,
)
from intertwine.networks.unify import split_leaf, unify

_UNKNOWN = Unknown("which of the old axes make which of the new ones is not known")


def reshape(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """The same entries in row-major order in another shape: the setting ``shape``, None where it is not known."""
    value = given[0] if isinstance(given[0], Number) else reading.signal(given[0])
    shape: Sequence[Size] | None = operation.settings.get("shape")
    if isinstance(value, Number):
        return [Number(value.term, len(shape))] if shape is not None else [opaque(None)]
    if shape is None:
        raise NotUnderstood("the new shape of a reshape is not known")
    axes = axes_of(reading, value)
    found: list[Axis] = []
    for old, new, known in _groups(axes, shape):
        if not known:
            for a in old:
                freeze_axis(a, _UNKNOWN)
            found += [fixed(n) for n in new]
        elif len(old) == 1 and len(new) == 1:
            found.append(old[0])
        else:
            one = merged(reading.book, old, _total(new)) if len(old) != 1 else old[0]
            if len(new) == 1:
                found.append(one)
                continue
            place = len(found)
            if (operation.name, place) in reading.indices:
                return [_piled(reading, axes, found, one, new, old)]
            found += divided(reading, one, new, (operation.name, place))
    return [Signal(tuple(found))]


def _piled(reading: Reading, axes: tuple[Axis, ...], before: list[Axis], axis: Axis, new: list[Size],
           old: list[Axis]) -> Signal:
    """A reshape whose first new axis stays an index: a pile of signals, each with spaces of its own."""
    position = next(i for i, a in enumerate(axes) if a is old[0])
    after = list(axes[position + len(old) :])
    sizes = cast(list[int], new)
    inner = _total(new[1:])
    if not isinstance(inner, int):
        raise NotUnderstood("an index over an axis of unknown length")
    pieces = cut_axis(reading.book, axis, [inner] * sizes[0])
    pile = []
    for piece in pieces:
        rest = divided(reading, piece, new[1:]) if len(new) > 2 else [piece]
        pile.append(Signal((*before, *rest, *after)))
    first = cast(tuple[Axis, ...], pile[0].axes)
    place = len(before)
    return Signal((*first[:place], fixed(sizes[0]), *first[place:]), place, tuple(pile))


def _total(sizes: Sequence[Size]) -> Size:
    total = 1
    for n in sizes:
        if not isinstance(n, int):
            return None
        total *= n
    return total


def _groups(axes: Sequence[Axis], shape: Sequence[Size]) -> list[tuple[list[Axis], list[Size], bool]]:
    """Runs of old and new axes with the same entries; the last flag says that this is known."""
    sizes = [axis_size(a) for a in axes]
    new = list(shape)
    head: list[tuple[list[Axis], list[Size], bool]] = []
    i = 0
    while i < min(len(sizes), len(new)) and sizes[i] == new[i] is not None:
        head.append(([axes[i]], [new[i]], True))
        i += 1
    tail: list[tuple[list[Axis], list[Size], bool]] = []
    j, k = len(sizes), len(new)
    while j > i and k > i:
        run = _run_from_the_end(sizes, new, i, j, k)
        if run is None:
            break
        tail.insert(0, ([*axes[run[0] : j]], new[run[1] : k], True))
        j, k = run
    middle_old, middle_new = list(axes[i:j]), new[i:k]
    if middle_old or middle_new:
        ones = not middle_new and all(n == 1 for n in sizes[i:j]) or not middle_old and all(n == 1 for n in middle_new)
        middle = [(middle_old, middle_new, False)]
        if ones and tail:
            old, fresh, _ = tail[0]
            tail[0], middle = (middle_old + old, middle_new + fresh, True), []
        return [*head, *middle, *tail]
    return [*head, *tail]


def _run_from_the_end(sizes: Sequence[Size], new: Sequence[Size], low: int, j: int, k: int) -> tuple[int, int] | None:
    """The shortest run of trailing axes with equal numbers of entries."""
    if sizes[j - 1] == new[k - 1] is not None:
        return j - 1, k - 1
    a, b = sizes[j - 1], new[k - 1]
    j, k = j - 1, k - 1
    while True:
        if not isinstance(a, int) or not isinstance(b, int) or 0 in (a, b):
            return None
        if a == b:
            return j, k
        if a < b:
            if j == low:
                return None
            j -= 1
            a = a * sizes[j] if isinstance(sizes[j], int) else None  # type: ignore[operator]
        else:
            if k == low:
                return None
            k -= 1
            b = b * new[k] if isinstance(new[k], int) else None  # type: ignore[operator]


def divided(reading: Reading, axis: Axis, new: Sequence[Size], origin: tuple[str, int] | None = None) -> list[Axis]:
    """One axis as several."""
    if is_fixed(axis) or any(not isinstance(n, int) for n in new):
        freeze_axis(axis, _UNKNOWN)
        return [fixed(n) for n in new]
    sizes = cast(list[int], list(new))
    if len(axis) > 1 and sizes[0] == 1:
        return [fixed(1), *divided(reading, axis, sizes[1:], origin)] if len(sizes) > 1 else [axis]
    if len(axis) > 1 or len(parts(axis[0].refs)) > 1:
        return _divided_sum(reading, axis, sizes)
    factors, form = list(parts(axis[0].refs)[0]), axis[0].form
    found: list[Axis] = []
    for place, n in enumerate(sizes):
        taken: list[Ref] = []
        size = 1
        while size < n and factors:
            ref = find(factors[0])
            m = ref.space.size
            assert isinstance(m, int)
            if size * m <= n and n % (size * m) == 0:
                taken.append(factors.pop(0))
                size *= m
                continue
            need = n // size
            if n % size or m % need or ref.space.shape is not None:
                return _give_up(axis, sizes)
            outer, inner = _split(reading, ref, need, m // need, None if origin is None else (*origin, place))
            if place == 0 and not taken and origin is not None:
                outer.space.origin = origin
            factors[0:1] = [outer, inner]
        if size != n:
            return _give_up(axis, sizes)
        found.append((Block(tuple(taken) or (Ref(Space(1, frozen=True)),)),))
    if any(find(r).space.size != 1 for r in factors):
        return _give_up(axis, sizes)
    if factors:
        found[-1] = (Block((*found[-1][0].refs, *factors)),)
    return _with_form(reading, found, form, axis)


def _with_form(reading: Reading, found: list[Axis], form: Any, axis: Axis) -> list[Axis]:
    """The form goes to the axis of the innermost space, which carries it in the undivided axis, too."""
    factors = [(k, ref) for k, a in enumerate(found) for ref in a[0].refs]
    place = carrier(tuple(ref for _, ref in factors))
    if place is not None:
        k = factors[place][0]
        found[k] = (Block(found[k][0].refs, form),)
        for j in range(len(found)):
            if j < k or (j > k and carrier(found[j][0].refs) is not None):
                monomial(found[j])
    return found


def _split(reading: Reading, ref: Ref, outer: int, inner: int, division: Division | None) -> tuple[Ref, Ref]:
    if ref.space.frozen:
        return Ref(Space(outer, frozen=True)), Ref(Space(inner, frozen=True))
    if ref.gains:
        monomial((Block((ref,)),))
    first, second = split_leaf(ref.space, outer, inner, division in reading.still)
    if division is not None:
        reading.divisions[division] = second.space
    return (first.dualised(), second.dualised()) if ref.dual else (first, second)


def _give_up(axis: Axis, sizes: Sequence[int]) -> list[Axis]:
    freeze_axis(axis, "the new axes cut across the blocks of channels that the old one is made of")
    return [fixed(n) for n in sizes]


def _divided_sum(reading: Reading, axis: Axis, sizes: list[int]) -> list[Axis]:
    """A concatenation divided: possible if only the outer axis is made of several blocks."""
    inner = _total(sizes[1:])
    assert isinstance(inner, int)
    blocks: list[Block] = []
    for block in axis:
        pieces = parts(block.refs)
        blocks += [Block(p) for p in pieces] if len(pieces) > 1 else [block]
    whole = tuple(blocks)
    if len(blocks) != len(axis):
        whole = fresh_like(reading.book, whole)
        require(reading.book, (1, whole), (-1, axis))
    if len(whole) == sizes[0] and all(axis_size((b,)) == inner for b in whole):  # equal blocks, to be interleaved
        first = (whole[0],)
        for block in whole[1:]:
            unify(first, (block,))
            require(reading.book, (1, first), (-1, (block,)))
        return [fixed(sizes[0]), *(divided(reading, first, sizes[1:]) if len(sizes) > 2 else [first])]
    heads: list[Block] = []
    tail: Axis | None = None
    for block in whole:
        size = axis_size((block,))
        if not isinstance(size, int) or size % inner:
            return _give_up(axis, sizes)
        outer, tail = divided(reading, (block,), [size // inner, inner])
        if not is_fixed(tail):
            return _give_up(axis, sizes)
        heads += outer
    assert tail is not None
    return [tuple(heads), *[fixed(n) for n in sizes[1:]]]
