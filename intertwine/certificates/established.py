"""What has been verified: the values that the conclusion is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from intertwine.certificates.analysis.plain import scaled
from intertwine.terms import Term, num


@dataclass(frozen=True)
class Subject:
    """The activation as a plain term."""

    term: Term

    def on(self, side: int) -> Term:
        """``t -> s(side*t)``, for ``t > 0``."""
        return scaled(self.term, num(side))


@dataclass(frozen=True)
class NotAffine:
    """Three points of the graph are not on a line; so there are two different values, too."""


@dataclass(frozen=True)
class NotConstant:
    """Two different values."""


@dataclass(frozen=True)
class Affine:
    """``s(t) = slope*t + intercept`` on the whole line."""

    slope: Term
    intercept: Term


@dataclass(frozen=True)
class Constant:
    """One value wherever ``s`` is defined."""


@dataclass(frozen=True)
class Hole:
    """``s`` is undefined on an interval: its domain is not the line."""


@dataclass(frozen=True)
class Domain:
    """An invertible matrix that maps the domain to itself is monomial, if the domain is not the line.

    ``scale``: provided that this number is in S.
    """

    scale: Term | None = None


@dataclass(frozen=True)
class Definable:
    """Definable near an end, or everywhere."""

    end: str


@dataclass(frozen=True)
class Outside:
    """``d`` is not in S; ``side`` if already the half-line shows it; ``hole``: ``s`` is undefined on an interval."""

    d: Term
    side: int | None
    hole: bool = False


@dataclass(frozen=True)
class Homogeneous:
    """``s(side*t) = coefficient*t**degree``; ``free``: zero or undefined on the half-line."""

    side: int
    degree: Term
    free: bool
    undefined: bool


@dataclass(frozen=True)
class Member:
    """``s(dt) = b s(t)``, on the whole line (``side`` None) or on a half-line."""

    d: Term
    b: Term
    side: int | None


@dataclass(frozen=True)
class Gap:
    """No element of S is between 1 and ``ratio``; ``plateau``: provided that the half-line is not homogeneous."""

    side: int
    ratio: Fraction
    plateau: bool


@dataclass(frozen=True)
class OneSided:
    """No negative number is in S."""


@dataclass(frozen=True)
class Rigid:
    """The half-line leaves 1 as the only positive number in S, by this theorem."""

    side: int
    theorem: str


@dataclass(frozen=True)
class Leading:
    """The leading behaviour at an end leaves 1 as the only positive number in S.

    At once (``rigid``), or unless the half-line is a power, or is equal to its leading term.
    """

    side: int
    end: str
    rigid: bool
    unless_power: bool
    unless_equal: bool


@dataclass(frozen=True)
class NotLeading:
    """The activation is not equal to its leading term at the end of this half-line."""

    side: int
    end: str
