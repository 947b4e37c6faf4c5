"""What has been verified about affine maps: the values that the conclusion is drawn from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from intertwine.certificates import established as est
from intertwine.terms import Term


@dataclass(frozen=True)
class AffineMember:
    """``s(a*t + c) = b*s(t) + d`` on the whole line."""

    a: Term
    c: Term
    b: Term
    d: Term


@dataclass(frozen=True)
class NotAffineMember:
    """No ``b, d`` go with ``(a, c)``."""

    a: Term
    c: Term


@dataclass(frozen=True)
class Exponential:
    """``s(t) = coefficient*exp(rate*t) + offset`` on the whole line; coefficient and rate are not 0."""

    rate: Term
    offset: Term


@dataclass(frozen=True)
class About:
    """The function on one side of a point: ``undefined``, ``constant``, ``power`` or ``log`` with its numbers."""

    centre: Term
    side: int
    form: str
    offset: Term
    coefficient: Term
    degree: Term


@dataclass(frozen=True)
class ValueAt:
    """``s(point)``; None if it is undefined as it is written."""

    point: Term
    value: Term | None


@dataclass(frozen=True)
class NotExponential:
    """Neither ``alpha*exp(lambda*t) + beta`` nor affine."""


@dataclass(frozen=True)
class Span:
    """No point outside of ``[low, high]`` (of both None: no point at all) is the centre of a group of all dilations.

    ``rigid``: there is no one-parameter group at all, of translations neither.
    """

    low: Fraction | None
    high: Fraction | None
    rigid: bool = False


@dataclass(frozen=True)
class Confined:
    """A non-empty bounded preserved set has its midpoint in ``[low, high]``; ``wide``: it is more than one point."""

    low: Fraction
    high: Fraction
    wide: bool


@dataclass(frozen=True)
class MirrorsWithin:
    """The limits at both ends are alike; reflections have their centre in ``[low, high]``; no translations.

    A translation would repeat ``b*s + d`` in both directions: what tends to one limit at both ends would be constant,
    and what tends to one infinity at both ends cannot be.
    """

    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class NoDilation:
    """No ``t -> p + scale*(t - p)`` with its centre ``p`` in ``[low, high]``."""

    scale: Fraction
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class OnlyCentre:
    """No reflection has its centre ``p`` with ``low + point < 2*p < point + high``, unless it is the point."""

    low: Fraction
    high: Fraction
    point: Fraction


@dataclass(frozen=True)
class EndsDiffer:
    """There is no reflection."""


@dataclass(frozen=True)
class Limits:
    """Bounded, with limits at both ends, and at least four values: nothing but the identity and one reflection."""


@dataclass(frozen=True)
class End:
    """The leading behaviour of ``s'``: ``|a| = 1`` for all elements, perhaps unless ``s'`` is a power on that side."""

    side: int
    rigid: bool


@dataclass(frozen=True)
class Waves:
    """``|a| = 1`` for all elements, no translation, and the only centre that a reflection can have."""

    centre: Term


@dataclass(frozen=True)
class AnalyticOff:
    """Analytic on both sides of a point, or undefined on one of them."""

    point: Term


@dataclass(frozen=True)
class Through:
    """An auxiliary function with the linear facts about it; ``centre`` None: that of the translations."""

    centre: Term | None
    subject: est.Subject
    facts: tuple[object, ...]
