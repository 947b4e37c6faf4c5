"""Spaces that a symmetry may move, and how they are tied together.

An axis of a tensor is a sum of blocks, a block a product of factors in row-major order, a factor a reference to a
space. A space is a leaf (a symmetry acts on it), is linked to another space, or has a shape: a sum of products of
smaller spaces. Inner factors may be *over* outer ones: then every index of the outer space has its own inner element,
as each head of an attention layer has its own basis.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from intertwine.networks.commutants import Commutant

#: The length of an axis: a number, a symbol (equal symbols are equal lengths), or None where nothing is known.
Size = int | str | None
#: Powers of gain vectors: conjugation by diag(gain) when a dense element passes an elementwise gain.
Gains = tuple[tuple[str, int], ...]
NO_GAINS: Gains = ()


class Unknown(str):
    """A reason that is a want of knowledge: with more of it, the space might move."""


#: Why something is frozen, where the operation at hand is all that can be said.
UNSAID = "its channels cannot move here"
#: Nothing to say: what is tied to inputs, outputs or to something that is frozen already, and positions of a weight.
NO_REASON = ""


@dataclass(eq=False)
class Space:
    """A set of channels; ``size`` is a number unless the space is frozen from the start."""

    size: Size
    over: tuple[Space, ...] = ()
    frozen: bool = False
    #: Only scaled permutations pass, no dense matrices.
    monomial: bool = False
    #: No permutations either: scales at most.
    pinned: bool = False
    #: Dense matrices that pass are orthogonal.
    orthogonal: bool = False
    #: Dense matrices that pass fix the vector of ones.
    fixes_ones: bool = False
    #: Dense matrices that pass commute with fixed rotations of pairs of channels.
    commutant: Commutant | None = None
    link: Ref | None = None
    shape: Structure | None = None
    #: The reshape that made this space an outer index, and where: it may be asked to keep it as an index.
    origin: tuple[str, int] | None = None
    #: Frozen from the start; scales never live on such a space.
    fixed: bool = False
    #: Why it was frozen later on, and the operation that did it.
    why: str = NO_REASON
    blamed: str | None = None

    def __post_init__(self) -> None:
        self.fixed = self.frozen


@dataclass(frozen=True)
class Ref:
    """A space, or its dual, conjugated by gains: the element D·A·D⁻¹ or D·A⁻ᵀ·D⁻¹ for D = diag of the gains."""

    space: Space
    dual: bool = False
    gains: Gains = ()

    def dualised(self) -> Ref:
        """The contragredient reference."""
        return Ref(self.space, not self.dual, tuple((name, -power) for name, power in self.gains))


Product = tuple[Ref, ...]
Structure = tuple[Product, ...]


@dataclass(frozen=True)
class Form:
    """The scale of an axis: exponents of scale variables, and the variables whose signs are multiplied."""

    scale: tuple[tuple[int, Fraction], ...] = ()
    sign: frozenset[int] = frozenset()

    @staticmethod
    def of(scale: dict[int, Fraction], sign: Iterable[int] = ()) -> Form:
        """A form from a dictionary of exponents."""
        return Form(tuple(sorted((v, c) for v, c in scale.items() if c)), frozenset(sign))

    def __add__(self, other: Form) -> Form:
        scale = dict(self.scale)
        for v, c in other.scale:
            scale[v] = scale.get(v, Fraction(0)) + c
        return Form.of(scale, self.sign ^ other.sign)

    def times(self, factor: Fraction, sign: int) -> Form:
        """Exponents multiplied by a number; the sign kept or dropped."""
        return Form.of({v: c * factor for v, c in self.scale}, self.sign if sign else ())

    def __neg__(self) -> Form:
        return self.times(Fraction(-1), 1)

    def __bool__(self) -> bool:
        return bool(self.scale or self.sign)


NO_FORM = Form()


@dataclass(frozen=True)
class Block:
    """Neighbouring channels of an axis: a product of spaces, scaled by a form on the innermost moving one."""

    refs: Product
    form: Form = NO_FORM


Axis = tuple[Block, ...]


@dataclass(frozen=True)
class Signal:
    """A tensor of the network with the spaces of its axes; ``axes`` is None where not even the rank is known.

    A signal with an ``index`` is a pile of signals along that axis, each with spaces of its own.
    """

    axes: tuple[Axis, ...] | None
    index: int | None = None
    pile: tuple[Signal, ...] = ()

    @property
    def rank(self) -> int | None:
        """The number of axes."""
        return None if self.axes is None else len(self.axes)


@dataclass
class Equation:
    """A sum of forms along axes of one structure is zero: scales, signs or both."""

    terms: list[tuple[Fraction, Axis]]
    scale: bool = True
    sign: bool = True


@dataclass
class Book:
    """Everything that is known about the spaces of one network while its graph is read."""

    equations: list[Equation] = field(default_factory=list)
    #: The space on which each scale variable lives.
    variables: list[Space] = field(default_factory=list)
    #: Scale variables of gain vectors, by the name of the gain.
    gain_forms: dict[str, list[Form]] = field(default_factory=dict)


def product_size(product: Product) -> Size:
    """The size of a product; None unless all factors are numbers (or it is one factor)."""
    if len(product) == 1:
        return product[0].space.size
    total = 1
    for ref in product:
        if not isinstance(ref.space.size, int):
            return None
        total *= ref.space.size
    return total


def axis_size(axis: Axis) -> Size:
    """The length of an axis."""
    if len(axis) == 1:
        return product_size(axis[0].refs)
    total = 0
    for block in axis:
        size = product_size(block.refs)
        if not isinstance(size, int):
            return None
        total += size
    return total


def fixed(size: Size) -> Axis:
    """An axis on which nothing moves."""
    return (Block((Ref(Space(size, frozen=True)),)),)


def add_gains(first: Gains, second: Gains, dual: bool = False) -> Gains:
    """The product of two monomials in gain vectors, the second one inverted if ``dual``."""
    powers = dict(first)
    for name, power in second:
        powers[name] = powers.get(name, 0) + (-power if dual else power)
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def find(ref: Ref) -> Ref:
    """The reference with all links followed: its space is a leaf, frozen, or has a shape."""
    space, dual, gains = ref.space, ref.dual, ref.gains
    while space.link is not None:
        link = space.link
        gains = add_gains(gains, link.gains, dual)
        space, dual = link.space, dual != link.dual
    return Ref(space, dual, gains)


def parts(product: Product) -> list[Product]:
    """A product with shapes of single spaces unfolded: a list of neighbouring products."""
    if len(product) == 1:
        ref = find(product[0])
        if ref.space.shape is not None and not ref.space.frozen:
            found: list[Product] = []
            for inner in ref.space.shape:
                found += parts(tuple(_through(ref, r) for r in inner))
            return found
        return [(ref,)]
    flat: list[Ref] = []
    for item in product:
        ref = find(item)
        shape = ref.space.shape
        if shape is not None and len(shape) == 1 and not ref.space.frozen:
            unfolded = parts((ref,))
            if len(unfolded) == 1:
                flat += unfolded[0]
                continue
        flat.append(ref)
    return [tuple(flat)]


def _through(outer: Ref, inner: Ref) -> Ref:
    """A factor of a shaped space, seen through a reference to it."""
    if outer.gains:
        forbid_dense((inner,))
    return inner.dualised() if outer.dual else inner


def leaves(product: Product) -> list[Space]:
    """All leaf spaces of a product, frozen ones too, in order."""
    found: list[Space] = []
    for ref in product:
        space = find(ref).space
        if space.shape is None or space.frozen:
            found.append(space)
        else:
            for inner in space.shape:
                found += leaves(inner)
    return found


def scaled_leaves(product: Product) -> list[Space]:
    """The leaf spaces that carry the form of a product, in order: those of its innermost factor that may move.

    Factors that are fixed from the start are passed over. What is frozen later stays in its place, so that a form never
    moves to another space.
    """
    place = carrier(product)
    return [] if place is None else _scaled(product[place])


def _scaled(ref: Ref) -> list[Space]:
    space = find(ref).space
    if space.fixed:
        return []
    if space.shape is None:
        return [space]
    return [leaf for part in space.shape for leaf in scaled_leaves(part)]


def carrier(product: Product) -> int | None:
    """The place of the innermost factor that may move: the last one over which no other one lies, or else the last.

    Usually outer factors come first; behind a transposition, as in a channel shuffle, inner ones may.
    """
    able = [k for k, ref in enumerate(product) if _scaled(ref)]
    if len(able) < 2:
        return able[0] if able else None
    own = [leaves((ref,)) for ref in product]
    below = [{id(leaf) for inner in part for over in inner.over for leaf in leaves((Ref(over),))} for part in own]
    for k in reversed(able):
        if not any(id(leaf) in ids for j, ids in enumerate(below) if j != k for leaf in own[k]):
            return k
    return able[-1]


def freeze(product: Iterable[Ref], why: str = UNSAID) -> None:
    """Let nothing move on a product of spaces, for a reason."""
    for leaf in leaves(tuple(product)):
        freeze_leaf(leaf, why)


def freeze_leaf(leaf: Space, why: str = UNSAID) -> None:
    """Let nothing move on a leaf; the first reason counts."""
    if not leaf.frozen:
        leaf.frozen, leaf.why = True, why


def forbid_dense(product: Iterable[Ref]) -> None:
    """Let only scaled permutations pass."""
    for leaf in leaves(tuple(product)):
        leaf.monomial = True


def pin(product: Iterable[Ref], why: str = NO_REASON) -> None:
    """Let only scales pass."""
    for leaf in leaves(tuple(product)):
        if not leaf.pinned and not leaf.frozen:
            leaf.why = leaf.why or why
        leaf.pinned = leaf.monomial = True


def commute(ref: Ref, commutant: Commutant) -> None:
    """Let only matrices of a commutant pass on a leaf (the contragredient of such a matrix is one, too)."""
    leaf = ref.space
    both = commutant if leaf.commutant is None else leaf.commutant & commutant
    if both is None:
        freeze_leaf(leaf, "its channels are rotated in pairs in two ways that do not fit each other")
        return
    leaf.commutant = both
    if ref.gains:  # a matrix conjugated by a gain need not commute any more
        forbid_dense((ref,))


def is_fixed(axis: Axis) -> bool:
    """Whether nothing moves on an axis."""
    return all(leaf.frozen for block in axis for leaf in leaves(block.refs))


def freeze_axis(axis: Axis, why: str = UNSAID) -> None:
    """Freeze every block of an axis."""
    for block in axis:
        freeze(block.refs, why)


def freeze_signal(signal: Signal, why: str = UNSAID) -> None:
    """Freeze every axis of a signal."""
    for axis in signal.axes or ():
        freeze_axis(axis, why)
    for inner in signal.pile:
        freeze_signal(inner, why)


def unscaled_axis(axis: Axis) -> Axis:
    """The same spaces with scale one."""
    return tuple(Block(block.refs) for block in axis)
