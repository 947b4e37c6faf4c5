"""Is ``s = c t^p`` on a whole half-line?  (Zero and undefined half-lines included.)"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.cells import Cell
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.derivation import derivative
from intertwine.calculus.enclosure import PRECISIONS, precision
from intertwine.calculus.identity import Identity, prove_equal
from intertwine.calculus.tower import NoNormalForm
from intertwine.solve.witness import Sampler
from intertwine.terms import ZERO, Term, X, mul, num, power


@dataclass(frozen=True)
class Homogeneous:
    """``s(side*t) = coefficient * t**degree`` for ``t > 0``; ``coefficient`` None: undefined there."""

    side: int
    coefficient: Term | None
    degree: Term
    identity: Identity | None

    @property
    def trivial(self) -> bool:
        """Whether the half-line imposes no condition: zero or undefined there."""
        return self.coefficient is None or self.coefficient == ZERO


def homogeneous(core: Term, sampler: Sampler, side: int, positive_part: Term) -> Homogeneous | None:
    """A proof that ``s`` is a multiple of a power on a half-line, or None.

    ``positive_part`` is the core term as a function of ``t = side * x > 0``.
    """
    point = _first_defined(sampler, side)
    if point is None:
        return _undefined(side, positive_part)
    if _may_vanish(sampler.at(side * point, 512)):
        identity = prove_equal(positive_part, ZERO, fill=True)
        if identity is not None:
            return Homogeneous(side, ZERO, ZERO, identity)
    for degree in _degrees(sampler, side, positive_part):
        value = simplified(positive_part.subs(num(point)))
        coefficient = value if point == 1 else simplified(value * power(num(point), mul(num(-1), degree)))
        identity = prove_equal(positive_part, mul(coefficient, power(X, degree)), fill=True)
        if identity is not None and constants_equal(coefficient, ZERO) is False:
            return Homogeneous(side, coefficient, degree, identity)
    return None


def _may_vanish(v: object) -> bool:
    return isinstance(v, arb) and bool(v.contains(0))


def _first_defined(sampler: Sampler, side: int) -> Fraction | None:
    for p in (1, 2, Fraction(1, 2), 3, Fraction(5, 4), Fraction(5, 2), 10**6, Fraction(1, 10**6)):
        for bits in PRECISIONS[:2]:
            if isinstance(sampler.at(Fraction(side * p), bits), arb):
                return Fraction(p)
    return None


def _undefined(side: int, positive_part: Term) -> Homogeneous | None:
    """The half-line on which the term is undefined, if it is."""
    return Homogeneous(side, None, ZERO, None) if undefined_throughout(positive_part) else None


def undefined_throughout(positive_part: Term, cell: Cell | None = None) -> bool:
    """Whether a term is undefined at every point of ``x > 0`` or of a cell of it: a proof."""

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        return terms[0] is None

    try:
        return explore((positive_part,), visit, cell)
    except (TooManyCases, NoNormalForm):
        return False


def _degrees(sampler: Sampler, side: int, positive_part: Term) -> list[Term]:
    """Candidates for the exponent: the logarithmic derivative, and a rational that fits numerically."""
    found: list[Term] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        if terms[0] is None or region.thin:
            return True
        nf = region.normal
        e = nf.of(terms[0])
        if region.tower.is_zero(e):
            return True
        q = region.tower.reduce(nf.x * derivative(nf, e) / e)
        if region.tower.is_constant(q) and not any(region.tower.is_imaginary(p) for p in (q.num, q.den)):
            found.append(nf.term(q))
        return False

    with contextlib.suppress(TooManyCases, NoNormalForm):
        explore((positive_part,), visit)
    guess = _numeric_degree(sampler, side)
    if guess is not None and num(guess) not in found:
        found.append(num(guess))
    return found


def _numeric_degree(sampler: Sampler, side: int) -> Fraction | None:
    for t in (Fraction(1), Fraction(2), Fraction(5)):
        v, w = sampler.at(side * t, 160), sampler.at(side * 2 * t, 160)
        if isinstance(v, arb) and isinstance(w, arb) and v != 0 and w != 0:
            with precision(160):
                estimate = abs(w / v).log() / arb(2).log()
            value = Fraction(float(estimate.mid())).limit_denominator(120)
            return value if abs(float(value) - float(estimate.mid())) < 1e-12 else None
    return None
