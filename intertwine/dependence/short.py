"""Short relations that follow from the structure of an activation, each with its proof."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intertwine.calculus.budget import check, deadline, remaining
from intertwine.calculus.constants import constants_equal
from intertwine.certificates.relations import RelationCertificate
from intertwine.dependence.entry import solve_and_check
from intertwine.dependence.family import Family
from intertwine.dependence.reading import Argument, read_activation, read_admitted
from intertwine.dependence.result import Relation, Relations
from intertwine.dependence.shapes import Shape, shapes
from intertwine.errors import DerivationTimeout, DomainError
from intertwine.terms import Term, mul

if TYPE_CHECKING:
    import sympy

SHARE = 8.0  # seconds for one set of arguments
REPEATED = 4  # how often a relation of two terms is applied to see that another one follows


@dataclass(frozen=True)
class ShortRelation:
    """A relation with what kind it is.

    Attributes
    ----------
    kind : str
        ``"reflection about 0"``, ``"translation by pi"``, ``"addition formula"``, …
    relation : Relation
        The relation.
    within : Relations
        All relations between the same functions, with the certificate.
    """

    kind: str
    relation: Relation
    within: Relations

    @property
    def certificate(self) -> RelationCertificate:
        """The proof, which can be checked."""
        return self.within.certificate

    def __str__(self) -> str:
        return f"{self.relation}  ({self.kind})"

    def __repr__(self) -> str:
        return f"<{self}>"


def short_relations(
    activation: str | sympy.Expr | Term | Callable[..., Any],
    admit: Sequence[Any] = (1, "t"),
    timeout: float | None = 60.0,
) -> tuple[ShortRelation, ...]:
    """Relations of few terms between an activation at its own arguments, found from its structure and proved.

    Parameters
    ----------
    activation : str, sympy.Expr or callable
        The function s, as for :func:`intertwine.derive`.
    admit : sequence of functions of ``t``
        What else may occur.
    timeout : float or None
        Seconds in all; None: no limit.

    Returns
    -------
    tuple of ShortRelation
        Short ones first; a relation that contains the arguments of a shorter one is left out. The list is of proven
        relations of the forms tried: it does not say that there are no others.

    Raises
    ------
    ExpressionError
        The activation or an admitted function cannot be read.
    DomainError
        They have no common domain.

    Notes
    -----
    Tried are reflections and dilations about the centre of the group of affine intertwiners and about points that the
    formula suggests, translations by 1, by the period of that group and by those of the parts, the addition formula,
    the multiplication formula ``s(2t) = s(t) + s(t + 1/2)`` of step functions, and few translates or dilates.

    Examples
    --------
    >>> import intertwine as iw
    >>> for r in iw.short_relations("relu"):
    ...     print(r)
    s(t) - s(-t) - t = 0  (reflection about 0)
    2*s(t) - s(2*t) = 0  (dilation about 0)
    """
    s, admitted = read_activation(activation), read_admitted(admit)
    found: list[ShortRelation] = []
    with deadline(timeout):
        try:
            for shape in shapes(s):
                check()
                found += _new(shape, Family(s, shape.arguments, admitted), found)
        except DerivationTimeout:
            if not found:
                raise
    return tuple(found)


def _new(shape: Shape, family: Family, known: list[ShortRelation]) -> list[ShortRelation]:
    """The relations between these functions in which every argument occurs, if no shorter one is inside."""
    if any(_inside(old, family.arguments) for old in known):
        return []
    left = remaining()
    try:
        with deadline(SHARE if left is None else min(left, SHARE)):
            result = Relations(solve_and_check(family))
    except DerivationTimeout:
        return []
    except DomainError:
        if shape.kind == "affine":
            raise
        return []  # the dilated or translated functions have no common domain
    every = set(range(len(family.arguments)))
    full = [r for r in result.relations if every <= set(r.support)]
    return [ShortRelation(shape.kind, r, result) for r in full[:1]]


def _inside(old: ShortRelation, arguments: tuple[Argument, ...]) -> bool:
    """Whether the substitution of some ``a t + c`` takes the arguments of a known relation to some of these."""
    family = old.relation.family
    mine = [family.arguments[k] for k in old.relation.support if k < len(family.arguments)]
    (b0, c0), *others = mine
    for start in arguments:
        rest = [other for other in arguments if other is not start]
        here = start
        for _ in range(REPEATED if len(others) == 1 else 1):
            a, c = here[0] / b0, (here[1] - c0) / b0
            images = [(mul(b, a), mul(b, c) + d) for b, d in others]
            if images and all(any(_same(image, other) for other in rest) for image in images):
                return True
            here = images[0] if images else here
    return not others


def _same(a: Argument, b: Argument) -> bool:
    return bool(constants_equal(a[0], b[0]) and constants_equal(a[1], b[1]))
