"""Activations with T of at most two elements: definable ones without one-parameter groups, and those with limits."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from intertwine.affine.cover import cover
from intertwine.affine.dilations import not_together
from intertwine.affine.exponential import not_exponential
from intertwine.affine.finding import Finding, identity_alone
from intertwine.affine.hypotheses import hole
from intertwine.affine.members import AffineMember, decide
from intertwine.affine.reflections import reflecting, reflection
from intertwine.affine.spans import Span, disjoint, excluding
from intertwine.affine.subject import Subject
from intertwine.affine.within import kinks
from intertwine.calculus.constants import simplified
from intertwine.terms import Term, mul, num

SCALES = (Fraction(2), Fraction(3), Fraction(1, 2))


def definable(subject: Subject) -> Finding | None:
    """T for a definable activation that is no exponential function and has no group of dilations; or None."""
    if subject.everywhere is None:
        return None
    curved: Any = not_exponential(subject) or hole(subject)
    if curved is None:
        return None
    split = not_together(subject)
    if split is not None:
        return _about_one_point(subject, *split, [subject.everywhere, curved])
    rigid = without_dilations(subject)
    if rigid is None:
        return None
    return at_most_one(subject, "definable", [subject.everywhere, curved, *rigid])


def _about_one_point(subject: Subject, p: Term, sides: tuple[Any, ...], facts: list[Any]) -> Finding:
    """Two sides that do not go together: the point between them is the only possible centre."""
    answer = decide(subject, num(-1), simplified(mul(num(2), p)))
    if isinstance(answer, AffineMember):
        return Finding("definable", reflecting(p, answer), [*facts, *sides, answer])
    question = "" if answer is not None else f"whether the reflection in {p} is in T"
    return Finding("definable", identity_alone, [*facts, *sides, *([] if answer is None else [answer])], question)


def preserved(subject: Subject) -> Finding | None:
    """T for an activation whose points of no analyticity are bounded: two at least, or one that is no centre; or None.

    All of T maps the set of these points to itself.  So there is no translation, and a group of dilations has the one
    point as its centre.
    """
    found = None if subject.kink_free else kinks(subject)
    if found is None:
        return None
    if found.first[1] < found.last[0]:
        return at_most_one(subject, "preserved set", [found])
    if subject.everywhere is None:
        return None
    rigid = _between(subject, (), found.low, found.high)
    return None if rigid is None else at_most_one(subject, "preserved set", [subject.everywhere, found, *rigid])


def limits(subject: Subject) -> Finding | None:
    """T for an activation with limits at both ends: see :mod:`intertwine.affine.limits`."""
    from intertwine.affine.limits import limits_at_both_ends

    found = limits_at_both_ends(subject)
    return None if found is None else at_most_one(subject, "limits", [found])


def without_dilations(subject: Subject) -> list[Any] | None:
    """Facts that leave no centre for a group of dilations, or None."""
    spans = excluding(subject)
    if disjoint(spans):
        return list(spans)
    if not spans:
        return None
    return _between(subject, spans, max(s.start for s in spans), min(s.end for s in spans))


def _between(subject: Subject, spans: tuple[Span, ...], low: Fraction, high: Fraction) -> list[Any] | None:
    for scale in SCALES:
        found = cover(subject, low, high, scale, most=200)
        if found is not None:
            return [*_distinct(spans), found]
    return None


def _distinct(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(spans))


def at_most_one(subject: Subject, theorem: str, facts: list[Any]) -> Finding:
    """T has at most one element besides the identity, a reflection: which, if any?"""
    found = reflection(subject)
    if found.member is not None and found.centre is not None:
        return Finding(theorem, reflecting(found.centre, found.member), [*facts, found.member])
    return Finding(theorem, identity_alone, [*facts, *found.facts], found.question)
