"""The one reflection that T may contain, where T has no translations and no other dilations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from intertwine.affine.candidates import numeric_candidates, recognised_in, simple_candidates
from intertwine.affine.cover import cover
from intertwine.affine.ends import ends_differ
from intertwine.affine.level import level
from intertwine.affine.members import AffineMember, decide
from intertwine.affine.subject import Subject
from intertwine.affine.within import CentresWithin, edges, kinks, zeros
from intertwine.calculus.constants import simplified
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.map import AffineMap
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.groups.constants import constant_to_sympy
from intertwine.terms import Term, mul, num

MINUS_ONE = num(-1)


@dataclass
class Reflection:
    """A reflection that is in T (``member``), or facts that exclude all, or an open question."""

    centre: Term | None = None
    member: AffineMember | None = None
    facts: list[Any] = field(default_factory=list)
    question: str = ""


def reflection_at(subject: Subject, p: Term) -> AffineMember | None:
    """A proof that the reflection in a point is in T, or None."""
    found = decide(subject, MINUS_ONE, simplified(mul(num(2), p)))
    return found if isinstance(found, AffineMember) else None


def reflecting(p: Term, member: AffineMember) -> Callable[[], AffineCharacter]:
    """ψ on the group of one reflection."""

    def make() -> AffineCharacter:
        group = AffineScalarGroup.reflection(constant_to_sympy(p))
        image = AffineMap(constant_to_sympy(member.b), constant_to_sympy(member.d))
        return AffineCharacter.on_generators(group, reflection=image)

    return make


def reflection(subject: Subject) -> Reflection:
    """Which reflection is in T, given that T consists of at most one besides the identity."""
    tried: set[Term] = set()
    for p in simple_candidates(subject):
        tried.add(p)
        proof = reflection_at(subject, p)
        if proof is not None:
            return Reflection(p, proof)
    different = ends_differ(subject)
    if different is not None:
        return Reflection(facts=[different])
    guesses = numeric_candidates(subject, Fraction(-8), Fraction(8))
    found = _first(subject, guesses, tried)
    if found is not None:
        return found
    enclosed = False
    for within in _within(subject):
        found = _first(subject, iter([num(within.low)] if within.low == within.high else []), tried)
        if found is not None:
            return found
        bits = 128 if within.high - within.low > Fraction(1, 2**90) else 512
        excluded = cover(subject, within.low, within.high, bits=bits)
        if excluded is not None:
            return Reflection(facts=[within, excluded])
        found = _first(subject, recognised_in(subject, within), tried)
        if found is not None:
            return found
        enclosed = True
    bounded = None if enclosed else level(subject)
    covered = None if bounded is None else cover(subject, bounded.low, bounded.high)
    if bounded is not None and covered is not None:
        return Reflection(facts=[bounded, covered])
    return Reflection(question="whether a reflection t -> 2p - t is in T")


def _first(subject: Subject, candidates: Iterator[Term], tried: set[Term]) -> Reflection | None:
    """The first candidate that is proved to be a centre."""
    for p in candidates:
        if p in tried:
            continue
        tried.add(p)
        proof = reflection_at(subject, p)
        if proof is not None:
            return Reflection(p, proof)
    return None


def _within(subject: Subject) -> Iterator[CentresWithin]:
    """Intervals for the centre: one of each kind at most, then finer ones."""
    if not subject.kink_free:
        found = kinks(subject)
        if found is not None:
            yield found
    found = edges(subject)
    if found is not None:
        yield found
    for order in (1, 2, 3, 4):
        found = zeros(subject, order)
        if found is not None:
            yield found
            finer = zeros(subject, order, bits=300)
            if finer is not None:
                yield finer
            return


