"""What operations do to the spaces of signals: the steps that the rules for operations are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from intertwine.networks.spaces import (
    NO_FORM,
    Axis,
    Block,
    Book,
    Equation,
    Form,
    Ref,
    Signal,
    Size,
    Space,
    Unknown,
    axis_size,
    carrier,
    find,
    fixed,
    forbid_dense,
    freeze_axis,
    freeze_signal,
    is_fixed,
    leaves,
    parts,
    product_size,
    scaled_leaves,
)
from intertwine.networks.unify import cut, rooted, unify

ONE = Fraction(1)
_UNKNOWN = Unknown("the sizes of what meets here are not known to agree")


def new_form(book: Book, space: Space) -> Form:
    """A fresh scale on a space."""
    book.variables.append(space)
    index = len(book.variables) - 1
    return Form(((index, ONE),), frozenset({index}))


def fresh_axis(book: Book, size: Size) -> Axis:
    """An axis of which nothing is known yet: it may be permuted and scaled."""
    if not isinstance(size, int):
        return fixed(size)
    space = Space(size)
    return (Block((Ref(space),), new_form(book, space)),)


def fresh_like(book: Book, axis: Axis) -> Axis:
    """The same spaces with fresh scales."""
    if is_fixed(axis):
        return tuple(Block(b.refs) for b in axis)
    found = []
    for block in axis:
        space = block.refs[0].space
        if len(block.refs) > 1:
            space = Space(product_size(block.refs), shape=(block.refs,))
        found.append(Block(block.refs, new_form(book, space)))
    return tuple(found)


def scaled(axis: Axis, power: Fraction, sign: int) -> Axis:
    """The axis after an activation of character |a|^power·sign(a)^sign."""
    return tuple(Block(b.refs, b.form.times(power, sign)) for b in axis)


def require(book: Book, *terms: tuple[int, Axis], scale: bool = True, sign: bool = True) -> None:
    """A combination of the scales of axes has to vanish."""
    kept = [(Fraction(c), axis) for c, axis in terms if any(b.form for b in axis)]
    if kept:
        book.equations.append(Equation(kept, scale, sign))


def require_one(book: Book, axis: Axis, scale: bool = True, sign: bool = True) -> None:
    """An axis has to have scale one (or sign one)."""
    require(book, (1, axis), scale=scale, sign=sign)


def monomial(axis: Axis) -> None:
    """No dense matrices on this axis."""
    for block in axis:
        forbid_dense(block.refs)


def only_permutations(book: Book, axis: Axis) -> None:
    """Neither scales nor dense matrices on this axis."""
    monomial(axis)
    require_one(book, axis)


def ones_fixed(book: Book, axis: Axis) -> None:
    """The vector of ones along this axis, and the sum along it, must be kept: permutations, or A·1 = 1 orthogonal."""
    for block in axis:
        for product in parts(block.refs):
            ref = rooted(product[0]) if len(product) == 1 and len(axis) == 1 else None
            if ref is None or ref.space.over:
                forbid_dense(product)
            else:
                ref.space.orthogonal = ref.space.fixes_ones = True
    require_one(book, axis)


def squares_kept(book: Book, axis: Axis) -> None:
    """The sum of squares along this axis must be kept: signed permutations or orthogonal matrices."""
    for block in axis:
        for product in parts(block.refs):
            ref = rooted(product[0]) if len(product) == 1 and len(axis) == 1 else None
            if ref is None:
                forbid_dense(product)
            else:
                ref.space.orthogonal = True
    require_one(book, axis, sign=False)


def added(book: Book, first: Axis, second: Axis, dense: bool = True) -> Axis:
    """The axis of a sum (``dense``), or of another function of two values that commutes with equal scalings."""
    m, n = axis_size(first), axis_size(second)
    if m == n and m is not None:
        unify(first, second)
        require(book, (1, first), (-1, second))
        if not dense:
            monomial(first)
        return first if len(first) >= len(second) else second
    for short, long in ((first, second), (second, first)):
        if axis_size(short) == 1 and axis_size(long) is not None:
            freeze_axis(short)
            if dense:
                ones_fixed(book, long)
            else:
                only_permutations(book, long)
            return long
    freeze_axis(first, _UNKNOWN)
    freeze_axis(second, _UNKNOWN)
    return fixed(None)


def multiplied(book: Book, first: Axis, second: Axis, power: int = 1) -> Axis:
    """The axis of a product (or quotient, with power -1) of two values."""
    m, n = axis_size(first), axis_size(second)
    if m == n and m is not None:
        unify(first, second)
        monomial(first)
        return combined(book, first, second, power)
    if n == 1 and m is not None:
        freeze_axis(second)
        return first
    if m == 1 and n is not None:
        freeze_axis(first)
        if power != 1:
            monomial(second)
        return scaled(second, Fraction(power), 1)
    freeze_axis(first, _UNKNOWN)
    freeze_axis(second, _UNKNOWN)
    return fixed(None)


def combined(book: Book, first: Axis, second: Axis, power: int = 1) -> Axis:
    """An axis with the scales of both, which are tied already.

    Forms are added block by block where the blocks are the same products. If one is another's transpose, say, the same
    form means other channels: then a new form has to be the sum of both, channel by channel.
    """
    other = scaled(second, Fraction(power), 1)
    pairs = list(zip(first, other, strict=False))
    if len(first) == len(other) and all(_addable(a, b) for a, b in pairs):
        return tuple(Block(_bearer(a, b).refs, a.form + b.form) for a, b in pairs)
    finer = first if len(first) >= len(other) else other
    found = fresh_like(book, finer)
    require(book, (1, found), (-1, first), (-1, other))
    return found


def _addable(a: Block, b: Block) -> bool:
    if product_size(a.refs) != product_size(b.refs):
        return False
    return not (a.form and b.form) or _same_leaves(a, b)


def _same_leaves(a: Block, b: Block) -> bool:
    return [id(leaf) for leaf in leaves(a.refs)] == [id(leaf) for leaf in leaves(b.refs)]


def _bearer(a: Block, b: Block) -> Block:
    """The block whose channels are those of the forms of both."""
    if _same_leaves(a, b) or not (a.form or b.form):
        return a if scaled_leaves(a.refs) else b
    return a if a.form else b


def contracted(book: Book, first: Axis, second: Axis) -> None:
    """A sum over products of entries along two axes: the elements cancel each other."""
    unify(first, second, dual=True)
    require(book, (1, first), (1, second))


def cut_axis(book: Book, axis: Axis, sizes: Sequence[int]) -> list[Axis]:
    """Neighbouring pieces of an axis."""
    ends = [sum(sizes[: i + 1]) for i in range(len(sizes))]
    if is_fixed(axis):
        return [fixed(n) for n in sizes]
    found: list[Axis] = []
    blocks = [(b, product_size(b.refs)) for b in axis]
    edges, total = {0}, 0
    for _, size in blocks:
        assert isinstance(size, int)
        total += size
        edges.add(total)
    if set(ends) <= edges:  # whole blocks
        position, queue = 0, list(blocks)
        for end in ends:
            piece = []
            while position < end:
                block, size = queue.pop(0)
                assert isinstance(size, int)
                piece.append(block)
                position += size
            found.append(tuple(piece))
        return found
    items = [p for block in axis for p in parts(block.refs)]
    marks, total = set(ends), 0
    for item in items:
        size = product_size(item)
        assert isinstance(size, int)
        total += size
        marks.add(total)
    position, queue_of_items = 0, cut(items, sorted(marks))
    for end in ends:
        piece = []
        while position < end:
            item = queue_of_items.pop(0)
            size = product_size(item)
            assert isinstance(size, int)
            piece.append(Block(item))
            position += size
        found.append(fresh_like(book, tuple(piece)))
    require(book, (1, tuple(b for piece in found for b in piece)), (-1, axis))
    return found


def as_one_space(book: Book, axis: Axis) -> Block:
    """An axis as a single block."""
    if len(axis) == 1:
        return axis[0]
    space = Space(axis_size(axis), shape=tuple(b.refs for b in axis))
    form = new_form(book, space)
    require(book, (1, (Block((Ref(space),), form),)), (-1, axis))
    return Block((Ref(space),), form)


def merged(book: Book, axes: Sequence[Axis], size: Size) -> Axis:
    """Neighbouring axes as one."""
    if all(is_fixed(a) for a in axes):
        return fixed(size)
    moving = [i for i, a in enumerate(axes) if not is_fixed(a)]
    if any(not isinstance(axis_size(a), int) for a in axes):
        for a in axes:
            freeze_axis(a, Unknown("axes of unknown length are made one"))
        return fixed(size)
    axes = [a if not is_fixed(a) or _is_index(a) else fixed(axis_size(a)) for a in axes]
    single = all(len(axes[i]) == 1 for i in moving)
    factors = [(i, r) for i in moving for r in axes[i][0].refs] if single else []
    place = carrier(tuple(r for _, r in factors))
    inner = moving[-1] if place is None else factors[place][0]
    for i in moving:
        if i != inner:
            require_one(book, axes[i])
        if i != moving[-1] or inner != moving[-1]:
            monomial(axes[i])
    if moving == [0] and len(axes[0]) > 1:  # a concatenation, flattened with what comes after it
        rest = tuple(r for a in axes[1:] for r in a[0].refs)
        return tuple(Block((*b.refs, *rest), b.form) for b in axes[0])
    blocks = [as_one_space(book, a) for a in axes]
    if len(moving) == len(axes) == 1 or (len(moving) == 1 and all(axis_size(a) == 1 for a in axes if is_fixed(a))):
        return axes[moving[0]]
    return (Block(tuple(r for b in blocks for r in b.refs), blocks[inner].form),)


def _is_index(axis: Axis) -> bool:
    """Whether an axis has been fixed from the start, so that other spaces may lie over it."""
    return len(axis) == 1 and all(find(r).space.fixed for r in axis[0].refs)


def signals_fixed(signals: Iterable[Signal]) -> None:
    """Freeze signals."""
    for signal in signals:
        freeze_signal(signal)


def opaque(shape: Sequence[Size] | None) -> Signal:
    """A signal on which nothing moves."""
    return Signal(None if shape is None else tuple(fixed(n) for n in shape))


__all__ = ["NO_FORM", "ONE", "added", "as_one_space", "combined", "contracted", "cut_axis", "fresh_axis", "fresh_like",
           "merged", "monomial", "multiplied", "new_form", "ones_fixed", "only_permutations", "opaque", "require",
           "require_one", "scaled", "signals_fixed", "squares_kept"]
