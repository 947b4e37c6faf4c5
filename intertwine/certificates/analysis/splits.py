"""Why a case distinction has to go on: what a region asks for, and what it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from intertwine.certificates.analysis.cells import Root, TooHard
from intertwine.certificates.analysis.clock import Obstacle
from intertwine.certificates.analysis.functions import ANY, Signs
from intertwine.terms import Term


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


@dataclass(frozen=True)
class Given:
    """What is known of symbolic parameters: signs of some terms in them, and the signs that others may have."""

    assumptions: tuple[Assumption, ...] = ()
    possible: Callable[[Term], Signs] = lambda _: ANY


NOTHING = Given()
