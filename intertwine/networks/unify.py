"""Making two axes one: permutations, dense elements and block structures agree afterwards, or are frozen."""

from __future__ import annotations

from intertwine.networks.spaces import (
    NO_GAINS,
    NO_REASON,
    Axis,
    Block,
    Product,
    Ref,
    Size,
    Space,
    Unknown,
    add_gains,
    commute,
    find,
    forbid_dense,
    freeze,
    freeze_axis,
    freeze_leaf,
    leaves,
    parts,
    pin,
    product_size,
)

_UNKNOWN = Unknown("the sizes of two sides that are tied here are not known to agree")
_DIVIDED = "what is tied together here is divided into blocks of channels in two ways that do not fit"
_INSIDE = "a space would have to be tied to a part of itself"
_PAIRS = "rotated pairs of channels would be divided"


def unify(first: Axis, second: Axis, dual: bool = False) -> None:
    """Tie two axes of equal length; with ``dual``, the second one moves by the contragredient element.

    What cannot be matched is frozen: a smaller group, but a right one.
    """
    left = [p for block in first for p in parts(block.refs)]
    right = [p for block in second for p in parts(block.refs)]
    if dual:
        right = [tuple(ref.dualised() for ref in p) for p in right]
    marks = _boundaries(left), _boundaries(right)
    if marks[0] is None or marks[1] is None or marks[0][-1] != marks[1][-1]:
        if len(left) == len(right) == 1 and len(left[0]) == len(right[0]) == 1:
            _unify_refs(left[0][0], right[0][0])
            return
        freeze_axis(first, _UNKNOWN)
        freeze_axis(second, _UNKNOWN)
        return
    cuts = sorted({*marks[0], *marks[1]})
    if len(cuts) > max(len(left), len(right)) or len(left) != len(right) or marks[0] != marks[1]:
        left, right = cut(left, cuts), cut(right, cuts)
    for p, q in zip(left, right, strict=True):
        unify_products(p, q)


def _boundaries(items: list[Product]) -> list[int] | None:
    """Where the items end; None if a size is not a number."""
    ends, total = [], 0
    for item in items:
        size = product_size(item)
        if not isinstance(size, int):
            return None
        total += size
        ends.append(total)
    return ends


def cut(items: list[Product], cuts: list[int]) -> list[Product]:
    """Neighbouring products cut at the given places, which contain all present boundaries."""
    found: list[Product] = []
    start = 0
    for item in items:
        size = product_size(item)
        assert isinstance(size, int)
        inside = [c - start for c in cuts if start < c <= start + size]
        start += size
        if len(inside) == 1:
            found.append(item)
            continue
        sizes = [b - a for a, b in zip([0, *inside], inside, strict=False)]
        found += _cut_product(item, sizes)
    return found


def _cut_product(item: Product, sizes: list[int]) -> list[Product]:
    if len(item) == 1:
        ref = find(item[0])
        again = parts((ref,))
        if len(again) > 1 and [product_size(p) for p in again] == sizes:  # cut a moment ago, beside itself
            return again
        if not ref.space.frozen and ref.space.shape is None and ref.space.commutant is None:
            old = ref.space
            pieces = tuple((Ref(Space(n, old.over, monomial=old.monomial, pinned=old.pinned)),) for n in sizes)
            if ref.gains or ref.space.orthogonal or ref.space.fixes_ones:
                for p in pieces:
                    forbid_dense(p)
            ref.space.shape = pieces
            return [(p[0].dualised() if ref.dual else p[0],) for p in pieces]
    tail = product_size(item[1:]) if len(item) > 1 else None
    if isinstance(tail, int) and tail and all(n % tail == 0 for n in sizes):  # the outermost factor is cut
        return [(*p, *item[1:]) for p in _cut_product(item[:1], [n // tail for n in sizes])]
    freeze(item, _DIVIDED if len(item) > 1 else _PAIRS)
    return [(Ref(Space(n, frozen=True)),) for n in sizes]


def unify_products(left: Product, right: Product) -> None:
    """Tie two products of equal size."""
    if len(left) > 1 or len(right) > 1:
        left, right = _merged(left), _merged(right)
    if len(left) == 1 and len(right) == 1:
        _unify_refs(left[0], right[0])
        return
    for single, other in ((left, right), (right, left)):
        if len(single) == 1:
            ref = find(single[0])
            if ref.space.frozen or all(leaf.frozen for leaf in leaves(other)):
                freeze((ref, *other), NO_REASON)
                return
            if ref.space.shape is None:
                if ref.space in leaves(other):
                    freeze(other, _INSIDE)
                else:
                    _give_shape(ref, other)
                return
    _zip_factors(left, right)


def _merged(product: Product) -> Product:
    """Neighbouring frozen factors as one, and factors of size 1 left out."""
    found: list[Ref] = []
    for item in product:
        ref = find(item)
        if ref.space.frozen and ref.space.size == 1 and len(product) > 1:
            continue
        last = found[-1].space if found else None
        if last is not None and last.frozen and ref.space.frozen:
            sizes = last.size, ref.space.size
            both = sizes[0] * sizes[1] if isinstance(sizes[0], int) and isinstance(sizes[1], int) else None
            found[-1] = Ref(Space(both, frozen=True))
        else:
            found.append(ref)
    return tuple(found) or product[:1]


def _give_shape(ref: Ref, product: Product) -> None:
    """A leaf space becomes a product."""
    if ref.space.commutant is not None:  # turned pairs of channels lie across the factors
        freeze((ref, *product), _PAIRS)
        return
    if ref.gains or ref.space.monomial or ref.space.orthogonal or ref.space.fixes_ones:
        forbid_dense(product)
    if ref.space.pinned:
        pin(product)
    ref.space.shape = (tuple(r.dualised() for r in product) if ref.dual else product,)


def split_leaf(space: Space, outer: Size, inner: Size, still: bool = False) -> tuple[Ref, Ref]:
    """A leaf of composite size as a product: each outer index gets inner elements of its own, unless they are still."""
    if space.commutant is not None:
        freeze_leaf(space, _PAIRS)
    if still and not (space.frozen or space.orthogonal or space.fixes_ones):
        first = Space(outer, space.over, monomial=space.monomial, pinned=space.pinned)
        space.shape = ((Ref(first), Ref(Space(inner, frozen=True))),)
        return space.shape[0][0], space.shape[0][1]
    first = Space(outer, space.over, frozen=space.frozen, monomial=True, pinned=space.pinned)
    dense = not (space.monomial or space.orthogonal or space.fixes_ones)
    second = Space(inner, (*space.over, first), frozen=space.frozen, monomial=not dense, pinned=space.pinned)
    space.shape = ((Ref(first), Ref(second)),)
    return Ref(first), Ref(second)


def _zip_factors(left: Product, right: Product) -> None:
    """Tie factor by factor, splitting leaves where sizes differ."""
    first, second = list(left), list(right)
    while first and second:
        a, b = find(first.pop(0)), find(second.pop(0))
        m, n = a.space.size, b.space.size
        if not (isinstance(m, int) and isinstance(n, int)):
            freeze((a, b, *first, *second), _DIVIDED)
            return
        if m == n:
            _unify_refs(a, b)
            continue
        large, small, rest = (a, b, first) if m > n else (b, a, second)
        big, little = max(m, n), min(m, n)
        if big % little or large.space.shape is not None or large.gains:
            freeze((a, b, *first, *second), _DIVIDED)
            return
        if large.space.frozen:
            outer, inner = Ref(Space(little, frozen=True)), Ref(Space(big // little, frozen=True))
        else:
            outer, inner = split_leaf(large.space, little, big // little)
            if large.dual:
                outer, inner = outer.dualised(), inner.dualised()
        rest.insert(0, inner)
        _unify_refs(outer, small)
    freeze((*first, *second), _DIVIDED)


def _unify_refs(first: Ref, second: Ref) -> None:
    a, b = find(first), find(second)
    if a.space is b.space:
        if a.dual != b.dual and a.space.shape is not None and not a.space.frozen:
            _unify_shapes(a, b)  # what is inside is orthogonal
        elif a.dual != b.dual:
            a.space.orthogonal = True
        if a.gains != b.gains:
            forbid_dense((a,))
        return
    if a.space.frozen or b.space.frozen or a.space.size != b.space.size:
        if a.space.size != b.space.size:
            freeze((a, b), _UNKNOWN)
        pin((a, b))  # whether scales pass is for the equations of the operation to say
        if a.space.size == b.space.size and a.space.fixed and b.space.fixed:
            a.space.link = Ref(b.space)
        return
    if a.space.shape is not None and b.space.shape is not None:
        _unify_shapes(a, b)
        return
    if a.space.shape is not None:
        a, b = b, a
    if a.space in leaves((b,)):
        freeze((a, b), _INSIDE)
        return
    _link(a, b)


def _unify_shapes(a: Ref, b: Ref) -> None:
    if a.gains != b.gains:
        forbid_dense((a, b))
    unify(tuple(Block(p) for p in parts((a,))), tuple(Block(p) for p in parts((b,))))


def _link(a: Ref, b: Ref) -> None:
    """Link the leaf of ``a`` to the space of ``b``."""
    if a.gains != b.gains and (a.space.orthogonal or a.space.fixes_ones):
        # What is orthogonal is so in its own coordinates: they have to stay those of the root.
        if b.space.shape is None and not (b.space.orthogonal or b.space.fixes_ones):
            a, b = b, a
        else:
            forbid_dense((a, b))
    leaf, target = a.space, b.space
    # D_a·A^(a)·D_a⁻¹ = D_b·B^(b)·D_b⁻¹ solved for A.
    gains = add_gains(b.gains, tuple((n, -p) for n, p in a.gains))
    if target.shape is None:
        mine, theirs = _roots(leaf.over), _roots(target.over)
        if not theirs <= mine:
            # The element is the same for every index of what only one of them lies over.
            target.over = tuple(s for s in target.over if _roots((s,)) <= mine)
    if target.shape is not None and (leaf.monomial or leaf.orthogonal or leaf.fixes_ones):
        forbid_dense((b,))
    if leaf.commutant is not None:
        if target.shape is not None:
            freeze((b,), _PAIRS)
        else:
            if gains != NO_GAINS:
                forbid_dense((b,))
            commute(Ref(target), leaf.commutant)
    elif target.commutant is not None and gains != NO_GAINS:
        forbid_dense((b,))
    if leaf.pinned:
        pin((b,))
    target.monomial |= leaf.monomial
    target.orthogonal |= leaf.orthogonal
    target.fixes_ones |= leaf.fixes_ones
    if leaf.origin is not None and target.origin is None:
        target.origin = leaf.origin
    link = Ref(target, b.dual, gains)
    if a.dual:
        link = Ref(target, not b.dual, tuple((n, -p) for n, p in gains))
    leaf.link = link


def _roots(spaces: tuple[Space, ...]) -> set[int]:
    return {id(leaf) for space in spaces for leaf in leaves((Ref(space),))}


def rooted(ref: Ref) -> Ref | None:
    """A leaf reference without gains, its coordinates made those of the root; None if other ones are needed already."""
    ref = find(ref)
    old = ref.space
    if not ref.gains:
        return ref
    if old.shape is not None or old.frozen or old.monomial or old.orthogonal or old.fixes_ones or old.commutant:
        return None
    new = Space(old.size, old.over, origin=old.origin)
    gains = ref.gains if ref.dual else tuple((name, -power) for name, power in ref.gains)
    old.link = Ref(new, ref.dual, gains)
    return Ref(new)
