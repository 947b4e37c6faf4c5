"""The intertwiner group of an elementwise activation in every dimension at once."""

from __future__ import annotations

from dataclasses import dataclass

from intertwine.groups.base import MatrixGroup
from intertwine.groups.characters import Character
from intertwine.groups.lattice import kind_of
from intertwine.groups.linear import GeneralLinear, UnitRowSums
from intertwine.groups.scalars import ScalarGroup
from intertwine.groups.wreath import WreathProduct


@dataclass(frozen=True)
class GroupFamily:
    """A group for each n: ``S ≀ Sym(n)``, GL_n, or the matrices with unit row sums.

    Families of one activation are compared by inclusion, also with a scalar group (which
    stands for its wreath products).

    Examples
    --------
    >>> from intertwine.groups import POSITIVE, SIGN, Character
    >>> family = GroupFamily.monomial(POSITIVE, Character(POSITIVE, 1))
    >>> family, family(3), SIGN <= family
    (R>0 ≀ S_n, R>0 ≀ S_3, False)
    """

    kind: str
    scalars: ScalarGroup
    character: Character
    unique: bool = True

    @classmethod
    def monomial(cls, scalars: ScalarGroup, character: Character, unique: bool = True) -> GroupFamily:
        """``S ≀ Sym(n)``."""
        return cls(kind_of(scalars), scalars, character, unique)

    def __call__(self, n: int) -> MatrixGroup:
        """The group in dimension ``n``."""
        if self.kind == "general linear":
            return GeneralLinear(n, unique=self.unique)
        if self.kind == "unit row sums":
            return UnitRowSums(n)
        return WreathProduct(self.scalars, self.character, n)

    def __le__(self, other: object) -> bool:
        if isinstance(other, ScalarGroup):
            return self.kind not in ("general linear", "unit row sums") and self.scalars <= other
        if not isinstance(other, GroupFamily):
            return NotImplemented
        if other.kind == "general linear" or self.kind == other.kind == "unit row sums":
            return True
        return self.kind not in ("general linear", "unit row sums") and (
            other.kind != "unit row sums" or self.scalars.type == "trivial"
        ) and (other.kind == "unit row sums" or self.scalars <= other.scalars)

    def __ge__(self, other: object) -> bool:
        if isinstance(other, ScalarGroup):
            if self.kind == "unit row sums":
                return other.type == "trivial"
            return self.kind == "general linear" or other <= self.scalars
        return other <= self if isinstance(other, GroupFamily) else NotImplemented

    def __repr__(self) -> str:
        if self.kind == "general linear":
            return "GL_n"
        if self.kind == "unit row sums":
            return "{A in GL_n : A·1 = 1}"
        return "S_n" if self.scalars.type == "trivial" else f"{self.scalars} ≀ S_n"

    def latex(self) -> str:
        """The family in LaTeX."""
        if self.kind == "general linear":
            return r"\mathrm{GL}_n(\mathbb{R})"
        if self.kind == "unit row sums":
            return r"\{A \in \mathrm{GL}_n(\mathbb{R}) : A\mathbf{1} = \mathbf{1}\}"
        wreath = "" if self.scalars.type == "trivial" else self.scalars.latex() + r" \wr "
        return wreath + r"\mathrm{Sym}(n)"
