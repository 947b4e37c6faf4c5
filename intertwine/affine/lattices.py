"""Lattices of translations, alone or with reflections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from intertwine.affine.candidates import numeric_candidates, simple_candidates
from intertwine.affine.cover import cover
from intertwine.affine.finding import Finding
from intertwine.affine.jumps import exceptional, isolated_jumps
from intertwine.affine.least import Least, least, translation_gaps
from intertwine.affine.members import AffineMember, decide
from intertwine.affine.reflections import reflection_at
from intertwine.affine.subject import Subject
from intertwine.calculus.constants import simplified
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.map import AffineMap
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.groups.constants import constant_to_sympy
from intertwine.solve.translation import period_candidates
from intertwine.terms import ONE, Term, apply, mul, num

RATES = tuple(Fraction(k, 2) for k in (2, -2, 4, -4, 1, -1, 6, -6))


def lattice(subject: Subject) -> Finding | None:
    """T when it contains a translation and is no continuous group: a lattice, or a dihedral group; or None.

    The curvature of ``s`` excludes translations of every size; with one translation all of T has ``|a| = 1``.
    """
    for period in period_candidates(subject.core):
        member = decide(subject, ONE, period, _factors(period))
        if isinstance(member, AffineMember):
            return _with_reflections(subject, _least(subject, period, member))
    return None


def _least(subject: Subject, period: Term, member: AffineMember) -> Least:
    return least(
        period, member, lambda t, q: simplified(mul(num(1, q), t)),
        lambda q, part: decide(subject, ONE, part, _factors(part)), translation_gaps(subject, period),
    )


def _factors(period: Term) -> tuple[Term, ...]:
    """Candidates for ``b``: exponentials of simple multiples of the period, with both signs."""
    sizes = [simplified(apply("exp", mul(num(r), period))) for r in RATES]
    return tuple(mul(num(sign), t) for t in sizes for sign in (1, -1))


def _with_reflections(subject: Subject, found: Least) -> Finding:
    half_period = _upper(found.size) / 2
    for p in _centres(subject, half_period):
        mirror = reflection_at(subject, p)
        if mirror is not None:
            return Finding("lattice", _character(found, p, mirror), [*found.facts, mirror], found.question)
    excluded: list[Any] | None = isolated_jumps(subject, Fraction(0), half_period)
    if excluded is None:
        covered = cover(subject, Fraction(0), half_period)
        excluded = None if covered is None else [covered]
    question = found.question
    if excluded is None:
        question = question or "whether a reflection t -> 2p - t is in T"
    return Finding("lattice", _character(found, None, None), [*found.facts, *(excluded or [])], question)


def _centres(subject: Subject, half_period: Fraction) -> Iterator[Term]:
    yield from simple_candidates(subject)
    yield from map(num, exceptional(subject, Fraction(0), half_period))
    yield from numeric_candidates(subject, Fraction(0), half_period)


def _upper(period: Term) -> Fraction:
    """A rational number just above a period."""
    try:
        ball = enclose(period, Fraction(1), 64)
    except (Unclear, UndefinedAt):
        return Fraction(1)
    mantissa, exponent = ball.upper().man_exp()
    size = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    scale = 2**16
    while size * scale < 64:
        scale *= 2
    rounded = (size * scale).__floor__()
    return Fraction(rounded if rounded == size * scale else rounded + 1, scale)


def _character(found: Least, p: Term | None, mirror: AffineMember | None) -> Callable[[], AffineCharacter]:
    def make() -> AffineCharacter:
        period = constant_to_sympy(found.size)
        step = AffineMap(constant_to_sympy(found.member.b), constant_to_sympy(found.member.d))
        if p is None or mirror is None:
            return AffineCharacter.on_generators(AffineScalarGroup.lattice(period), translation=step)
        group = AffineScalarGroup.dihedral(period, constant_to_sympy(p))
        image = AffineMap(constant_to_sympy(mirror.b), constant_to_sympy(mirror.d))
        return AffineCharacter.on_generators(group, translation=step, reflection=image)

    return make
