"""Why a case distinction has to go on: what a region asks for, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intertwine.certificates.analysis.cells import Root
from intertwine.certificates.analysis.clock import Obstacle, TooHard
from intertwine.certificates.analysis.functions import ANY, Signs
from intertwine.terms import Term

if TYPE_CHECKING:
    from intertwine.certificates.analysis.algebra import Element, Poly
    from intertwine.certificates.analysis.regions import Region


class Nowhere(TooHard):
    """The term is undefined at every point of the region."""


class Empty(Obstacle):
    """The region has no points."""


class CutCell(Obstacle):
    """Split the cell at these inner points."""

    def __init__(self, points: list[Root]) -> None:
        super().__init__()
        self.points = points


class AskSign(Obstacle):
    """Split the region by the sign of a polynomial that is given as a term."""

    def __init__(self, atom: Term, parts: tuple[Signs, ...]) -> None:
        super().__init__()
        self.atom, self.parts = atom, parts


@dataclass(frozen=True)
class Assumption:
    """The sign of a term is one of these."""

    atom: Term
    signs: Signs


class Given:
    """What is known beside the cell: nothing, unless a subclass knows of symbolic parameters."""

    assumptions: tuple[Assumption, ...] = ()

    def possible(self, atom: Term) -> Signs:
        """The signs that a term may have."""
        return ANY

    def signs(self, region: Region, p: Poly) -> Signs:
        """The signs that a polynomial in generators with parameters may have on a region."""
        return ANY

    def parameter(self, region: Region, t: Term) -> Element:
        """A parameter as an element."""
        raise TooHard("a parameter")

    def power_of_zero(self, region: Region, exponent: Term) -> Term:
        """``0**p`` where parameters occur in the exponent."""
        raise TooHard("a parameter")


NOTHING = Given()
