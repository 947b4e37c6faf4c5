"""Lattices of translations, alone or with reflections."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from intertwine.affine.candidates import simple_candidates
from intertwine.affine.cover import cover
from intertwine.affine.finding import Finding
from intertwine.affine.jumps import exceptional, isolated_jumps
from intertwine.affine.members import AffineMember, NotAffineMember, decide
from intertwine.affine.reflections import reflection_at, symmetric_points
from intertwine.affine.subject import Subject
from intertwine.affine.through import Route
from intertwine.calculus.constants import simplified
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.map import AffineMap
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.groups.constants import constant_to_sympy
from intertwine.terms import ONE, Term, apply, mul, num, power

MOST = 6


def lattice(subject: Subject, route: Route) -> Finding | None:
    """T when its translations are the multiples of a period that an auxiliary function has a fraction of; or None."""
    half = route.halves[0]
    step = simplified(apply("log", half.generator))
    outside: dict[int, NotAffineMember] = {}
    for m in range(1, MOST + 1):
        period = simplified(mul(num(m), step))
        found = decide(subject, ONE, period, (simplified(power(half.value, num(m))),))
        if isinstance(found, NotAffineMember):
            outside[m] = found
            continue
        if found is None:
            return None
        smaller = [outside[m // r] for r in (2, 3, 5) if m % r == 0]
        return _with_reflections(subject, period, found, [route.fact, found, *smaller])
    return None


def _with_reflections(subject: Subject, period: Term, member: AffineMember, facts: list[Any]) -> Finding | None:
    half_period = _upper(period) / 2
    for p in _centres(subject, half_period):
        mirror = reflection_at(subject, p)
        if mirror is not None:
            return Finding("lattice", _character(period, member, p, mirror), [*facts, mirror])
    excluded: list[Any] | None = isolated_jumps(subject, Fraction(0), half_period)
    if excluded is None:
        covered = cover(subject, Fraction(0), half_period)
        excluded = None if covered is None else [covered]
    character = _character(period, member, None, None)
    if excluded is not None:
        return Finding("lattice", character, [*facts, *excluded])
    return Finding("lattice", character, facts, question="whether a reflection t -> 2p - t is in T")


def _centres(subject: Subject, half_period: Fraction) -> Iterator[Term]:
    yield from simple_candidates(subject)
    yield from map(num, exceptional(subject, Fraction(0), half_period))
    yield from symmetric_points(subject, Fraction(0), half_period)


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
    return Fraction((size * scale).__floor__() + 1, scale)


def _character(period: Term, member: AffineMember, p: Term | None,
               mirror: AffineMember | None) -> Callable[[], AffineCharacter]:
    def make() -> AffineCharacter:
        step = AffineMap(constant_to_sympy(member.b), constant_to_sympy(member.d))
        if p is None or mirror is None:
            return AffineCharacter.on_generators(AffineScalarGroup.lattice(constant_to_sympy(period)), translation=step)
        group = AffineScalarGroup.dihedral(constant_to_sympy(period), constant_to_sympy(p))
        image = AffineMap(constant_to_sympy(mirror.b), constant_to_sympy(mirror.d))
        return AffineCharacter.on_generators(group, translation=step, reflection=image)

    return make
