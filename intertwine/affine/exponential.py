"""Is ``s(t) = α exp(λt) + β`` on the whole line?  Then every translation is in T."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from flint import arb

from intertwine.affine.subject import Subject, on_cell
from intertwine.calculus.cases import Region
from intertwine.calculus.cells import Cell
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.core import reflected
from intertwine.calculus.derivation import derivative
from intertwine.calculus.enclosure import PRECISIONS, precision
from intertwine.calculus.identity import Identity, prove_equal
from intertwine.solve.witness import shown
from intertwine.terms import ZERO, Term, X, add, apply, mul, num


@dataclass(frozen=True)
class Exponential:
    """``s(t) = coefficient*exp(rate*t) + offset`` for every ``t``; neither coefficient nor rate is 0."""

    coefficient: Term
    rate: Term
    offset: Term
    identities: tuple[Identity, Identity]


@dataclass(frozen=True)
class NotExponential:
    """Four points at equal distances whose three differences of values are not in geometric progression."""

    points: tuple[Fraction, Fraction, Fraction, Fraction]
    values: tuple[str, ...]
    bits: int


_STARTS = [(Fraction(a), Fraction(h)) for a, h in (
    (0, 1), (-2, 1), (1, "1/2"), ("-3/2", 1), (2, 3), (-9, 2), ("1/8", "1/8"), ("-7/8", "1/4"), (16, 16), (-64, 16),
)]  # fmt: skip


def not_exponential(subject: Subject) -> NotExponential | None:
    """Four points that show that ``s`` is no ``α exp(λt) + β``, and not affine; or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> not_exponential(Subject(parse_term("exp(x) + x**2"))).points[:2], not_exponential(Subject(parse_term("2**x")))
    ((Fraction(0, 1), Fraction(1, 1)), None)
    """
    starts = list(_STARTS)
    lively = [t for t in subject.points[:60:4] if t]
    starts += [(t, h) for t in lively for h in (Fraction(1), Fraction(1, 8))]
    starts += [(2 * a - b, b - a) for a, b in pairwise(sorted(subject.points))]
    for bits in PRECISIONS:
        for a, h in starts if bits <= 512 else _STARTS[:2]:
            points = (a, a + h, a + 2 * h, a + 3 * h)
            values = [v for t in points if isinstance(v := subject.sampler.at(t, bits), arb)]
            if len(values) < 4:
                continue
            with precision(bits):
                first, second, third = (values[k + 1] - values[k] for k in range(3))
                bent = first * third - second * second
            if bent != 0:
                return NotExponential(points, tuple(map(shown, values)), bits)
    return None


def exponential(subject: Subject) -> Exponential | None:
    """A proof that the activation is an exponential function with an offset, or None."""
    rate = on_cell(subject.core, Cell(), exponential_rate)
    if rate is None or constants_equal(rate, ZERO) is not False:
        return None
    at_zero, at_one = (simplified(subject.core.subs(num(t))) for t in (0, 1))
    coefficient = simplified((at_one - at_zero) / (apply("exp", rate) - 1))
    offset = simplified(at_zero - coefficient)
    if constants_equal(coefficient, ZERO) is not False:
        return None
    form = add(mul(coefficient, apply("exp", mul(rate, X))), offset)
    right = prove_equal(subject.core, form, fill=True)
    left = prove_equal(reflected(subject.core), reflected(form), fill=True) if right else None
    if right is None or left is None or prove_equal(subject.core.subs(ZERO), at_zero) is None:
        return None
    return Exponential(coefficient, rate, offset, (right, left))


def exponential_rate(region: Region, term: Term | None) -> Term | None:
    """``λ`` when ``s'' = λ s'`` on a region, from the normal form; None also where ``s`` is affine."""
    if term is None:
        return None
    nf = region.normal
    slope = derivative(nf, nf.of(term))
    if region.tower.is_zero(slope) or nf.floors:
        return None
    rate = region.tower.reduce(derivative(nf, slope) / slope)
    if not region.tower.is_constant(rate) or region.tower.is_zero(rate):
        return None
    if any(region.tower.is_imaginary(p) for p in (rate.num, rate.den)):
        return None
    return simplified(nf.term(rate))
