"""From a derived group, or the name of a kind, to its shape and to the pair (A, φ(A)) of a fitted matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import Element, Intertwiner, PowerCharacter, ScaledPermutation
from intertwine.similarity.blocks import Direct
from intertwine.similarity.dense import Linear, LinearQuotient, Orthogonal, Quotient
from intertwine.similarity.scalars import Scales
from intertwine.similarity.scales import image_scales, read_scales
from intertwine.similarity.shapes import Identity, Monomial, Shape

if TYPE_CHECKING:
    from intertwine.groups import Character, MatrixGroup, ScalarGroup

#: "before": activations in front of the nonlinearity, moved by A. "after": behind it, moved by φ(A).
Side = Literal["before", "after"]

_NAMED: dict[str, Callable[[int], Shape]] = {
    "identity": Identity,
    "permutation": lambda n: Monomial(n, Scales("trivial")),
    "signed permutation": lambda n: Monomial(n, Scales("sign")),
    "positive-scaled permutation": lambda n: Monomial(n, Scales("positive")),
    "monomial": lambda n: Monomial(n, Scales("nonzero")),
    "orthogonal": Orthogonal,
    "conformal orthogonal": lambda n: Orthogonal(n, Scales("positive")),
    "general linear": Linear,
    "unit row sums": lambda n: Quotient(LinearQuotient(n), "one"),
}
#: The kinds that may be given by name.
KINDS = tuple(_NAMED)


class Product:
    """A direct product of groups on consecutive units, for layers with several activations.

    Parameters
    ----------
    parts : sequence of (group, int)
        Each a group as `align` takes it, with its number of units.

    Examples
    --------
    >>> Product([("permutation", 3), ("orthogonal", 2)]).n
    5
    """

    def __init__(self, parts: list[tuple[Any, int]]) -> None:
        try:
            self.parts = tuple((group, int(n)) for group, n in parts)
        except (TypeError, ValueError) as error:
            raise IntertwineError("a product has parts (group, number of units)") from error
        if any(n < 1 for _, n in self.parts):
            raise ShapeError("every part of a product has at least one unit")
        self.n = sum(n for _, n in self.parts)

    def __repr__(self) -> str:
        return f"Product({list(self.parts)!r})"


@dataclass(frozen=True)
class Reading:
    """The shape of a group on one side of the activation, and the lift of a fitted matrix to a pair (A, φ(A))."""

    shape: Shape
    lift: Callable[[Element], Intertwiner | None]


def read_group(group: Any, n: int, side: Side = "before") -> Reading:
    """The shape of a group in dimension n.

    Parameters
    ----------
    group : str, IntertwinerGroup, MatrixGroup, Product or Shape
        A name in `KINDS`, what ``derive`` returned, or a concrete group.
    n : int
        The number of units, on the side that is looked at.
    side : {"before", "after"}
        Whether the matrices A or their images φ(A) are meant. For a named kind they are the same.

    Raises
    ------
    IntertwineError
        If nothing is known about fitting such a group.
    ShapeError
        If the group acts on another number of units.
    """
    if side not in ("before", "after"):
        raise IntertwineError(f"the side is 'before' or 'after', not {side!r}")
    if isinstance(group, str):
        if group not in _NAMED:
            raise IntertwineError(f"unknown kind {group!r}; known are {', '.join(KINDS)}")
        return Reading(_NAMED[group](n), lambda a: None)
    if isinstance(group, Shape):
        return _checked(Reading(group, lambda a: None), n, group)
    if isinstance(group, Product):
        parts = [read_group(g, m, side).shape for g, m in group.parts]
        return _checked(Reading(Direct(parts), lambda a: None), n, group)
    group = concrete_group(group, n, side)
    from intertwine.groups.affine.base import AffineMatrixGroup

    if isinstance(group, AffineMatrixGroup):
        raise IntertwineError(f"{group!r} is a group of affine maps, which only align and the dissimilarities take")
    return _checked(_read(group, side), n, group)


def is_affine(group: Any, n: int, side: Side = "before") -> bool:
    """Whether a group consists of affine maps x ↦ Ax + c; the units are those on the given side."""
    if isinstance(group, str | Shape | Product):
        return False
    from intertwine.groups.affine.base import AffineMatrixGroup

    return isinstance(concrete_group(group, n, side), AffineMatrixGroup)


def concrete_group(group: Any, n: int, side: Side = "before") -> Any:
    """The group of matrices or affine maps in one dimension that is meant by what a derivation returned.

    Raises
    ------
    IntertwineError
        If it is no group.
    ShapeError
        If the group acts on another number of units.
    """
    from intertwine.groups.affine.base import AffineMatrixGroup
    from intertwine.groups.base import MatrixGroup

    if not isinstance(group, MatrixGroup | AffineMatrixGroup):
        inner = getattr(group, "group", None)
        if isinstance(inner, MatrixGroup):
            return inner
        if not callable(group):
            raise IntertwineError(f"a group is a kind, a derived group or a product, not {type(group).__name__}")
        group = _in_dimension(group, n, side)
    if isinstance(group, AffineMatrixGroup) and group.n != n:
        raise ShapeError(f"the activations have {n} units but {group!r} acts on {group.n}")
    return group


def _checked(reading: Reading, n: int, group: object) -> Reading:
    if reading.shape.n != n:
        raise ShapeError(f"the activations have {n} units but {group!r} acts on {reading.shape.n}")
    return reading


def _in_dimension(family: Callable[[int], Any], n: int, side: Side) -> Any:
    """The concrete group with n units on the given side, for activations that change the width too."""
    if side == "before":
        return family(n)
    for candidate in (n, 2 * n, n // 2, *range(1, 4 * n + 1)):
        try:
            found = family(candidate) if candidate else None
        except IntertwineError:
            continue
        if found is not None and getattr(found, "image_dimension", found.n) == n:
            return found
    raise ShapeError(f"no dimension gives {n} units behind the activation")


def _read(group: MatrixGroup, side: Side) -> Reading:
    from intertwine import groups as g
    from intertwine.groups import vectors as v
    from intertwine.similarity.concrete import shape_after, shape_before

    after = side == "after"
    if isinstance(group, g.WreathProduct):
        return _wreath(group.n, group.scalars, group.character, after)
    if isinstance(group, v.Unseen) and after:
        return Reading(Identity(group.m), lambda a: None)
    if isinstance(group, g.GeneralLinear):
        return Reading(Linear(group.n), lambda a: Intertwiner(a, a) if group.unique else None)
    if isinstance(group, g.UnitRowSums):
        return Reading(Quotient(LinearQuotient(group.n), "one"), lambda a: Intertwiner(a, a))
    if isinstance(group, v.IdentityGroup):
        return Reading(Identity(group.n), lambda a: Intertwiner(a, a))
    return Reading(shape_after(group) if after else shape_before(group), lambda a: None)


def _wreath(n: int, scalars: ScalarGroup, character: Character, after: bool) -> Reading:
    chi = character.numeric()

    def forward(a: Element) -> Intertwiner | None:
        return Intertwiner.from_character(a, chi)

    if not after:
        return Reading(Monomial(n, read_scales(scalars)), forward)
    return Reading(Monomial(n, image_scales(scalars, chi)), lambda b: _preimage(b, scalars, chi))


def _preimage(image: Element, scalars: ScalarGroup, chi: Any) -> Intertwiner | None:
    """Some pair whose second part is the image: χ is inverted scale by scale, with the identity for its kernel."""
    if not isinstance(image, ScaledPermutation):
        return None
    b = image.scales.astype(np.float64)
    if scalars.generator is not None:
        g = float(scalars.generator)
        value = float(chi(np.array([g]))[0])
        if abs(value) == 1:
            return None
        k = np.rint(np.log(np.abs(b)) / np.log(abs(value)))
        a = np.power(g, k)
        if scalars.has_minus_one and float(chi(np.array([-1.0]))[0]) == -1:
            a = np.where(np.sign(np.power(value, k)) == np.sign(b), a, -a)
    else:
        power = chi.power if isinstance(chi, PowerCharacter) else 0.0
        a = np.abs(b) ** (1 / power) if power and not scalars.is_discrete else np.ones_like(b)
        a = np.where(b < 0, -a, a)
    element = ScaledPermutation(image.indices, a)
    return Intertwiner(element, ScaledPermutation(image.indices, chi(a)))
