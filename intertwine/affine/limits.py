"""Activations with finite limits at both ends: no translation and no dilation by a number other than ±1."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.affine.analyticity import analytic_on
from intertwine.affine.ends import far_out
from intertwine.affine.subject import Subject
from intertwine.calculus.asymptotics import FLAT
from intertwine.calculus.enclosure import Unclear
from intertwine.calculus.ranges import range_of


@dataclass(frozen=True)
class Limits:
    """``s`` has finite limits at both ends, is bounded, and takes four different values."""

    points: tuple[Fraction, ...]


def limits_at_both_ends(subject: Subject) -> Limits | None:
    """A proof, or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> limits_at_both_ends(Subject(parse_term("sinc"))) is None
    False
    """
    if not _converges(subject, 1) or not _converges(subject, -1) or not _bounded(subject):
        return None
    chosen: list[tuple[Fraction, arb]] = []
    for t, v in subject.sampler.values(subject.points, 160):
        if all(v != w for _, w in chosen):
            chosen.append((t, v))
        if len(chosen) == 4:
            return Limits(tuple(t for t, _ in chosen))
    return None


def _converges(subject: Subject, side: int) -> bool:
    far = far_out(subject, side)
    if far is None or far.value is None:
        return False
    value = far.value
    if value.growth < FLAT:
        return True
    return value.growth == FLAT and value.wave == "constant" and value.lead is not None and not value.lead.has_x


def _bounded(subject: Subject) -> bool:
    """Bounded as it is written, or analytic on the whole line: then the limits bound it."""
    try:
        if range_of(subject.core, None, None).bounded:
            return True
    except (Unclear, ValueError):
        pass
    return analytic_on(subject.core, None, None)
