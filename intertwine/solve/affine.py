"""Affine and constant activations, in whatever disguise (theory, section 2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.constants import constant_is_zero, simplified
from intertwine.calculus.core import reflected
from intertwine.calculus.enclosure import PRECISIONS, Unclear, UndefinedAt, ball, enclose, precision
from intertwine.calculus.identity import Identity, prove_equal, prove_zero
from intertwine.calculus.tower import NoNormalForm
from intertwine.solve.witness import Sampler
from intertwine.terms import Term, X, mul, num


@dataclass(frozen=True)
class Affine:
    """``s(t) = slope*t + intercept`` on the whole line."""

    slope: Term
    intercept: Term
    identities: tuple[Identity, Identity]


@dataclass(frozen=True)
class ConstantOnDomain:
    """``s = value`` wherever ``s`` is defined."""

    value: Term
    identities: tuple[Identity, Identity]


def value_at_zero(core: Term) -> str | None:
    """``"undefined"``, ``"zero"`` or ``"nonzero"``: what ``s(0)`` is, literally; None if unknown."""
    for bits in PRECISIONS:
        try:
            v = enclose(core, Fraction(0), bits)
        except UndefinedAt:
            return "undefined"
        except Unclear:
            continue
        if v != 0:
            return "nonzero"
        if v == 0:
            return "zero"
    return "zero" if constant_is_zero(core.subs(num(0))) else None


def affine(core: Term, sampler: Sampler) -> Affine | None:
    """A proof that the activation is affine on the line, or None."""
    for slope, intercept in _lines(core, sampler):
        right = prove_equal(core, slope * X + intercept, fill=True)
        left = prove_equal(reflected(core), mul(num(-1), slope, X) + intercept, fill=True) if right else None
        if right is None or left is None:
            continue
        if value_at_zero(core) == "undefined" or constant_is_zero(core.subs(num(0)) - intercept):
            return Affine(slope, intercept, (right, left))
    return None


def _lines(core: Term, sampler: Sampler) -> Iterator[tuple[Term, Term]]:
    """Candidates for slope and intercept: simple rational numbers first, then the exact values."""
    usable = [p for p in map(Fraction, ("1", "2", "1/2", "3", "5/4", "5/2")) if isinstance(sampler.at(p, 160), arb)]
    if len(usable) < 2:
        return
    a, b = usable[:2]
    v, w = sampler.at(a, 512), sampler.at(b, 512)
    if isinstance(v, arb) and isinstance(w, arb):
        with precision(512):
            slope = (w - v) / ball(b - a)
            intercept = v - slope * ball(a)
        simple = _simple(slope), _simple(intercept)
        if simple[0] is not None:
            at_a = simplified(core.subs(num(a)) - simple[0] * a)
            yield num(simple[0]), at_a if simple[1] is None else num(simple[1])
    exact = simplified((core.subs(num(b)) - core.subs(num(a))) / num(b - a))
    yield exact, simplified(core.subs(num(a)) - exact * a)


def _simple(v: arb) -> Fraction | None:
    """A rational number of small height in a narrow ball."""
    if not v.is_finite() or v.rad() > 1e-30:
        return None
    if abs(v) > 10**12:
        return None
    guess = Fraction(float(v.mid())).limit_denominator(1000)
    with precision(512):
        return guess if v.overlaps(ball(guess)) else None


def constant_on_domain(core: Term, sampler: Sampler, points: list[Fraction]) -> ConstantOnDomain | None:
    """A proof that the activation has one value wherever it is defined, or None."""
    for p in points:
        if isinstance(sampler.at(p, 160), arb):
            value = simplified(core.subs(num(p)))
            break
    else:
        return None
    if value_at_zero(core) != "undefined" and not constant_is_zero(core.subs(num(0)) - value):
        return None
    proofs = [_constant_where_defined(side, value) for side in (core, reflected(core))]
    right, left = proofs
    return ConstantOnDomain(value, (right, left)) if right is not None and left is not None else None


def _constant_where_defined(term: Term, value: Term) -> Identity | None:
    """The identity ``term = value`` where ``term`` is defined: compared with ``value + 0*term``."""

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        return terms[0] is None or prove_zero(region, terms[0] - value) is not None

    try:
        if not explore((term,), visit):
            return None
    except (TooManyCases, NoNormalForm):
        return None
    return prove_equal(term, value + mul(num(0), term))
