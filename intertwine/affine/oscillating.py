"""Activations that are not definable: T may be a lattice, a dihedral group, or cyclic about a centre."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from intertwine.affine import through
from intertwine.affine.candidates import numeric_candidates, simple_candidates
from intertwine.affine.cyclic import cyclic_dilations
from intertwine.affine.definable import at_most_one, without_dilations
from intertwine.affine.finding import Finding, identity_alone
from intertwine.affine.lattices import lattice
from intertwine.affine.level import level
from intertwine.affine.oneends import end
from intertwine.affine.reflections import reflecting, reflection_at
from intertwine.affine.subject import Subject
from intertwine.terms import Term


def oscillating(subject: Subject) -> Finding | None:
    """T, by the translations that it may contain, and then by its centres; or None."""
    found = lattice(subject) or cyclic_dilations(subject)
    if found is not None:
        return found
    still = without_translations(subject)
    if still is None:
        return None
    return regular_ends(subject, still) or one_centre(subject, still)


def without_translations(subject: Subject) -> Any | None:
    """A fact by which no translation is in T, or None.

    With the same infinity at both ends ``s(t + c) = b s(t) + d`` has ``b = 1`` and then ``d = 0``, so that ``s``
    would be periodic.
    """
    route = next((r for r in through.translations(subject) if r.only_one), None)
    if route is not None:
        return route.fact
    found = level(subject)
    return found if found is not None and found.sign else None


def regular_ends(subject: Subject, still: Any) -> Finding | None:
    """No translations, and an end that excludes every ``|a| != 1``, or ends that ask for powers that are none."""
    ends = [found for side in (1, -1) if (found := end(subject, side)) is not None]
    rigid = next((e for e in ends if e.rigid), None)
    facts: list[Any] = [still]
    if rigid is not None:
        facts.append(rigid)
    elif len(ends) == 2 and all(e.unless_power for e in ends):
        spans = without_dilations(subject)
        if spans is None:
            return None
        facts += [*ends, *spans]
    else:
        return None
    return at_most_one(subject, "regular ends", facts)


def one_centre(subject: Subject, still: Any) -> Finding | None:
    """No translations and one reflection: then all of T fixes its centre."""
    for p in _centres(subject):
        member = reflection_at(subject, p)
        if member is None:
            continue
        about = next((r for r in through.centre(subject, p) if r.only_one), None)
        if about is not None:
            return Finding("one centre", reflecting(p, member), [still, member, about.fact])
        return Finding("one centre", reflecting(p, member), [still, member],
                       question=f"which dilations about {p} are in T")
    return Finding("open", identity_alone, question="which maps t -> at + c are in T")


def _centres(subject: Subject) -> Iterator[Term]:
    yield from simple_candidates(subject)
    yield from numeric_candidates(subject, Fraction(-8), Fraction(8))
