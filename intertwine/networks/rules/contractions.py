"""Sums over products: matrix products, convolutions, lookups and attention."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from intertwine.networks.interpreter import NotAllowed, NotUnderstood, Reading, Value
from intertwine.networks.operations import Operation
from intertwine.networks.reading import (
    added,
    as_one_space,
    combined,
    contracted,
    merged,
    monomial,
    multiplied,
    only_permutations,
    require_one,
)
from intertwine.networks.spaces import (
    NO_REASON,
    Axis,
    Block,
    Ref,
    Signal,
    axis_size,
    commute,
    find,
    fixed,
    freeze_axis,
    freeze_signal,
    is_fixed,
    unscaled_axis,
)
from intertwine.networks.unify import split_leaf, unify

_PLACES = "entries are taken by their places"


def axes_of(reading: Reading, value: Value | None) -> tuple[Axis, ...]:
    """The axes of a value, which must be known."""
    signal = reading.signal(value)
    if signal.axes is None or signal.pile:
        raise NotUnderstood("the shape of what goes in is not known")
    return signal.axes


def product(reading: Reading, first: tuple[Axis, ...], second: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """A batched matrix product."""
    if not first or not second:
        raise NotUnderstood("a matrix product of a number")
    if len(second) == 1:
        contracted(reading.book, first[-1], second[0])
        together(reading, *first)
        return first[:-1]
    if len(first) == 1:
        contracted(reading.book, first[0], second[-2])
        together(reading, *second)
        return (*second[:-2], second[-1])
    batch = max(len(first), len(second)) - 2
    pads = [(*(fixed(1) for _ in range(batch + 2 - len(s))), *s) for s in (first, second)]
    left, right = pads
    # The outer axes come first: spaces over them are compared afterwards.
    outer = tuple(multiplied(reading.book, a, b) for a, b in zip(left[:-2], right[:-2], strict=True))
    if axis_size(left[-1]) != axis_size(right[-2]):
        raise NotUnderstood("the inner sizes of a matrix product are not known to agree")
    contracted(reading.book, left[-1], right[-2])
    together(reading, *outer, left[-2], left[-1], right[-1])
    return (*outer, left[-2], right[-1])


def together(reading: Reading, *axes: Axis) -> None:
    """All axes that are in play before a sum is taken.

    Spaces that lie over others are looked at in the tensor of all products: there, what they lie over has to be once.
    """
    reading.keep(Signal(axes))


def summarised(reading: Reading, axes: tuple[Axis, ...], places: Iterable[int]) -> None:
    """Entries along some axes are put together to one number, which has the other axes only.

    So nothing may move on these that lies over the former: every index there would have an element of its own, and
    the number would be made of entries that belong to different ones.
    """
    gone = {k % len(axes) for k in places}
    together(reading, *(a for k, a in enumerate(axes) if k not in gone))


def matmul(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """A matrix product, the settings ``transposed`` saying which of the two has its last axes exchanged."""
    first, second = axes_of(reading, given[0]), axes_of(reading, given[1])
    flags = operation.settings.get("transposed", (False, False))
    if flags[0]:
        first = (*first[:-2], first[-1], first[-2])
    if flags[1]:
        second = (*second[:-2], second[-1], second[-2])
    found = product(reading, first, second)
    if len(given) > 2 and given[2] is not None:
        found = with_bias(reading, found, axes_of(reading, given[2]))
    return [Signal(found)]


def with_bias(reading: Reading, axes: tuple[Axis, ...], bias: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """A bias added, aligned at the last axis."""
    if len(bias) > len(axes):
        raise NotUnderstood("a bias of higher rank")
    padded = (*(fixed(1) for _ in range(len(axes) - len(bias))), *bias)
    return tuple(added(reading.book, a, b) for a, b in zip(axes, padded, strict=True))


def linear(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """y = x·Wᵀ + b along the last axis."""
    x, weight = axes_of(reading, given[0]), axes_of(reading, given[1])
    if len(weight) != 2 or axis_size(x[-1]) != axis_size(weight[1]):
        raise NotUnderstood("the weight of a linear layer does not fit")
    contracted(reading.book, x[-1], weight[1])
    together(reading, *x, weight[0])
    found = (*x[:-1], weight[0])
    if len(given) > 2 and given[2] is not None:
        found = with_bias(reading, found, axes_of(reading, given[2]))
    return [Signal(found)]


def embedding(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Rows of a table at given indices, along the setting ``axis``."""
    table, indices = axes_of(reading, given[0]), axes_of(reading, given[1])
    axis = operation.settings.get("axis", 0) % len(table)
    # The rows of a table are positions, as those of a kernel are; entries of anything else are channels.
    freeze_axis(table[axis], NO_REASON if reading.is_table(operation.inputs[0]) else _PLACES)
    for a in indices:
        freeze_axis(a, "numbers of entries to be looked up")
    return [Signal((*table[:axis], *(unscaled_axis(a) for a in indices), *table[axis + 1 :]))]


def convolution(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """A convolution (batch, channels, space) with the setting ``groups``; ``transposed`` exchanges in and out."""
    x, weight = axes_of(reading, given[0]), axes_of(reading, given[1])
    transposed = bool(operation.settings.get("transposed"))
    groups = operation.settings.get("groups", 1)
    if len(x) != len(weight) or len(x) < 3:
        raise NotUnderstood("a convolution whose weight has another rank than the signal")
    for a in x[2:]:
        freeze_axis(a, "a convolution reads positions in their order")
    for a in weight[2:]:
        freeze_axis(a, NO_REASON)
    space = tuple(fixed(n) for n in operation.settings.get("space") or [None] * (len(x) - 2))
    if groups == 1:
        inner, outer = (weight[0], weight[1]) if transposed else (weight[1], weight[0])
        contracted(reading.book, x[1], inner)
        together(reading, x[0], x[1], outer)
    elif not transposed and axis_size(weight[1]) == 1 and axis_size(weight[0]) == groups == axis_size(x[1]):
        freeze_axis(weight[1])
        unify(x[1], weight[0])
        monomial(x[1])
        outer = combined(reading.book, x[1], weight[0])
    else:
        outer = _grouped(reading, x[1], weight, groups, transposed)
    found: tuple[Axis, ...] = (x[0], outer, *space)
    if len(given) > 2 and given[2] is not None:
        found = with_bias(reading, found, (*axes_of(reading, given[2]), *(fixed(1) for _ in space)))
    return [Signal(found)]


def _grouped(reading: Reading, channels: Axis, weight: tuple[Axis, ...], groups: int, transposed: bool) -> Axis:
    """Channels in groups that do not mix: each group has elements of its own, and groups may be exchanged."""
    sizes = axis_size(channels), axis_size(weight[0]), axis_size(weight[1])
    if not all(isinstance(n, int) for n in sizes) or groups < 1:
        raise NotUnderstood("a grouped convolution of unknown size")
    total, rows, columns = (int(n) for n in sizes)  # type: ignore[arg-type]
    if total % groups or rows % groups or (rows if transposed else columns * groups) != total:
        raise NotUnderstood("the groups of a convolution do not fit its channels")
    incoming = _in_groups(reading, channels, groups)
    own = _in_groups(reading, weight[0], groups)
    inner = as_one_space(reading.book, weight[1])
    group = Ref(find(incoming.refs[0]).space)
    unify((Block(own.refs[:1]),), (Block((group,)),))
    if len(inner.refs) == 1 and not is_fixed(weight[1]):
        leaf = find(inner.refs[0]).space
        if leaf.shape is None and not leaf.over:
            leaf.over = (group.space,)
    if transposed:
        contracted(reading.book, (Block(incoming.refs[1:], incoming.form),), (Block(own.refs[1:], own.form),))
        return merged(reading.book, [(Block((group,)),), weight[1]], groups * columns)
    contracted(reading.book, (Block(incoming.refs[1:], incoming.form),), weight[1])
    return weight[0]


def _in_groups(reading: Reading, axis: Axis, groups: int) -> Block:
    """An axis as a product whose first factor has the size ``groups``, the rest over it."""
    block = as_one_space(reading.book, axis)
    total = axis_size(axis)
    assert isinstance(total, int)
    target = find(block.refs[0])
    if len(block.refs) == 1 and target.space.shape is None and not target.space.frozen:
        if target.gains:
            monomial(axis)
        outer, inner = split_leaf(target.space, groups, total // groups)
        if target.dual:
            outer, inner = outer.dualised(), inner.dualised()
        return Block((outer, inner), block.form)
    from intertwine.networks.rules.reshapes import divided

    outer_axis, inner_axis = divided(reading, axis, [groups, total // groups])
    first, second = outer_axis[0], inner_axis[0]
    if len(first.refs) != 1 or len(inner_axis) != 1 or len(outer_axis) != 1:
        raise NotAllowed("the groups of a convolution do not match the channels that come in")
    require_one(reading.book, outer_axis)  # a scale that lives on the groups is no scale inside of each
    return Block((*first.refs, *second.refs), second.form)


def attention(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """softmax(q·kᵀ + mask)·v over (…, heads, positions, channels), the fourth input being the mask.

    ``repeat`` queries share a key and a value; ``causal`` says that no position sees a later one.
    """
    query, key, value = (axes_of(reading, v) for v in given[:3])
    repeat = operation.settings.get("repeat", 1)
    if repeat != 1:
        key, value = _repeated(reading, key, repeat), _repeated(reading, value, repeat)
    scores = product(reading, query, (*key[:-2], key[-1], key[-2]))
    if len(given) > 3 and given[3] is not None:
        scores = _masked(reading, scores, axes_of(reading, given[3]))
    if operation.settings.get("causal"):  # what a position sees depends on its place
        for a in scores[-2:]:
            freeze_axis(a, "a causal mask")
    for a in scores:
        only_permutations(reading.book, a)
    summarised(reading, scores, (-1,))
    weights = tuple(unscaled_axis(a) for a in scores)
    return [Signal(product(reading, weights, value))]


def _masked(reading: Reading, scores: tuple[Axis, ...], mask: tuple[Axis, ...]) -> tuple[Axis, ...]:
    """Scores with a mask, of numbers or of truth values, which has to be permuted as they are."""
    if len(mask) > len(scores):
        raise NotUnderstood("a mask of higher rank than the scores of an attention")
    found = list(scores)
    for k, m in enumerate(mask, len(scores) - len(mask)):
        only_permutations(reading.book, m)
        only_permutations(reading.book, found[k])
        found[k] = added(reading.book, unscaled_axis(found[k]), unscaled_axis(m), dense=False)
    return tuple(found)


def _repeated(reading: Reading, axes: tuple[Axis, ...], repeat: int) -> tuple[Axis, ...]:
    """Each head ``repeat`` times in a row."""
    from intertwine.networks.rules.shapes import free_copies

    heads = axes[-3]
    size = axis_size(heads)
    copies = free_copies(repeat, heads)
    joined = merged(reading.book, [heads, copies], size * repeat if isinstance(size, int) else None)
    return (*axes[:-3], joined, *axes[-2:])


def mixture(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """A linear map along the last axis with coefficients that do not move: what commutes with them all passes.

    The setting ``commutant`` says what that is; ``along`` says for each tensor of coefficients how many of its last
    axes lie along the channels. The other ones are broadcast with those of the signal.
    """
    axes = list(axes_of(reading, given[0]))
    for name, value, count in zip(operation.inputs[1:], given[1:], operation.settings["along"], strict=True):
        signal = reading.signal(value)
        freeze_signal(signal, NO_REASON if reading.is_table(name) else "coefficients of a map along the channels")
        if signal.axes is None:
            raise NotUnderstood("the shape of a coefficient is not known")
        others = signal.axes[: max(0, len(signal.axes) - count)]
        for k, a in enumerate(others, len(axes) - 1 - len(others)):
            if k < 0:
                raise NotUnderstood("coefficients of higher rank")
            axes[k] = multiplied(reading.book, axes[k], a)
    last = axes[-1]
    summarised(reading, tuple(axes), (-1,))
    single = len(last) == 1 and len(last[0].refs) == 1
    target = find(last[0].refs[0]) if single else None
    if target is not None and target.space.shape is None and target.space.size == operation.settings["commutant"].size:
        commute(target, operation.settings["commutant"])
    else:
        freeze_axis(last, "rotated pairs of channels cut across blocks of channels")
    return [Signal(tuple(axes))]


def einsum(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """A sum of products of two tensors by the indices of an equation such as ``bij,bjk->bik``."""
    equation = str(operation.settings["equation"]).replace(" ", "")
    if "->" not in equation or "." in equation or len(given) != 2:
        raise NotUnderstood("this kind of equation")
    left, out = equation.split("->")
    terms = left.split(",")
    if len(terms) != 2 or any(len(set(t)) != len(t) for t in (*terms, out)):
        raise NotUnderstood("an equation with a repeated index")
    first, second = (dict(zip(t, axes_of(reading, v), strict=True)) for t, v in zip(terms, given, strict=True))
    found: dict[str, Axis] = {}
    for i in out:
        both = i in first and i in second
        found[i] = multiplied(reading.book, first[i], second[i]) if both else {**second, **first}[i]
    for i in {**first, **second}:
        if i in found:
            continue
        if i in first and i in second and axis_size(first[i]) == axis_size(second[i]):
            contracted(reading.book, first[i], second[i])
        else:
            freeze_axis({**second, **first}[i], "entries of one factor alone are summed")
    together(reading, *{**second, **first, **found}.values())
    return [Signal(tuple(found[i] for i in out))]
