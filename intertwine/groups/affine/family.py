"""The affine intertwiner group of an elementwise activation in every dimension at once."""

from __future__ import annotations

from dataclasses import dataclass

from intertwine.errors import IntertwineError
from intertwine.groups.affine.base import AffineMatrixGroup
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.general import GeneralAffine
from intertwine.groups.affine.rules import Conjugation
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.groups.affine.wreath import AffineWreath


@dataclass(frozen=True)
class AffineFamily:
    """A group for each n: ``T ≀ Sym(n)``, or the whole affine group when T is Aff(R).

    Families are compared by inclusion of their groups of one variable.

    Attributes
    ----------
    character : AffineCharacter
        ψ on T.
    determined : bool
        False for an activation that is constant on a domain other than the line: ψ is then one of many.

    Examples
    --------
    >>> T = AffineScalarGroup.translations()
    >>> family = AffineFamily(AffineCharacter.exponential(1))
    >>> family, family(3), AffineFamily(AffineCharacter.affine(2))(3), family.scalars == T
    (R ≀ S_n, R ≀ S_3, AGL_3, True)
    """

    character: AffineCharacter
    determined: bool = True

    @property
    def scalars(self) -> AffineScalarGroup:
        """T."""
        return self.character.group

    @property
    def unique(self) -> bool:
        """Whether ψ is determined by the activation."""
        return self.determined and self.character.unique

    def __call__(self, n: int) -> AffineMatrixGroup:
        """The group in dimension ``n``."""
        if self.scalars.type != "affine-line":
            return AffineWreath(self.scalars, self.character, n)
        rule = self.character.rule
        if not isinstance(rule, Conjugation):
            raise IntertwineError(f"{self.character} does not come from an affine function")
        return GeneralAffine(n, rule.slope, rule.intercept)

    def __le__(self, other: object) -> bool:
        return self.scalars <= other.scalars if isinstance(other, AffineFamily) else NotImplemented

    def __repr__(self) -> str:
        if self.scalars.type == "affine-line":
            return "AGL_n"
        if self.scalars.type == "trivial":
            return "S_n"
        name = repr(self.scalars)
        return f"({name}) ≀ S_n" if " at " in name else f"{name} ≀ S_n"

    def latex(self) -> str:
        """The family in LaTeX."""
        if self.scalars.type == "affine-line":
            return r"\mathrm{AGL}_n(\mathbb{R})"
        wreath = "" if self.scalars.type == "trivial" else rf"\left({self.scalars.latex()}\right) \wr "
        return wreath + r"\mathrm{Sym}(n)"
