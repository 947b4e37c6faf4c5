"""Finite sums of powers and log-oscillations (Theorem 8): ``s(t) = sum_j c_j t^(p_j) exp(i w_j log t)``.

``s(gt) = b s(t)`` forces ``g^(p_j) exp(i w_j log g) = b`` for every ``j`` with ``c_j != 0``.  Two different
``p_j``, or two frequencies with an irrational ratio, leave only ``g = 1``.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.calculus.normal import NormalForm
from intertwine.calculus.tower import Element, Generator, NoNormalForm, Poly, constant_poly, rational
from intertwine.errors import Undecided
from intertwine.groups.constants import constant_to_sympy
from intertwine.groups.ratios import rational_ratio
from intertwine.terms import ZERO, Term

Pair = tuple[Term, Term]  # a power and a frequency


@dataclass(frozen=True)
class Exponents:
    """Two terms of the sum that exclude every ``g != 1``: by ``powers`` or by ``frequencies``; and all others."""

    side: int
    method: str
    first: Pair
    second: Pair
    others: tuple[Pair, ...]


def exponents(positive: Term, side: int) -> Exponents | None:
    """Two incompatible terms, when the half-line is such a sum."""
    found: list[tuple[list[Pair], list[Pair]]] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        if terms[0] is not None and region.connected and region.cell.low is None and region.cell.high is None:
            parts = _parts(region.normal, region.normal.of(terms[0]))
            if parts is not None:
                found.append(parts)
        return False

    try:
        explore((positive,), visit)
    except (TooManyCases, NoNormalForm):
        return None
    if not found:
        return None
    parts, all_terms = found[0]
    chosen = _incompatible(parts)
    return Exponents(side, *chosen, _others(all_terms, *chosen[1:])) if chosen else None


def _incompatible(parts: list[Pair]) -> tuple[str, Pair, Pair] | None:
    """Two terms of the sum, each provably different from all others, that exclude each other."""
    for i, (p, w) in enumerate(parts):
        for q, v in parts[:i]:
            if _different(p, q):
                return "powers", (p, w), (q, v)
    moving = [(p, w) for p, w in parts if _different(w, ZERO)]
    for i, (p, w) in enumerate(moving):
        for q, v in moving[:i]:
            try:
                if rational_ratio(constant_to_sympy(w), constant_to_sympy(v)) is None:
                    return "frequencies", (p, w), (q, v)
            except Undecided:
                continue
    return None


def _others(terms: list[Pair], first: Pair, second: Pair) -> tuple[Pair, ...]:
    """The other terms, one of each pair of opposite frequencies."""
    kept = [first, second]
    for term in terms:
        if all(_different(term[0], k[0]) or _different(term[1] * term[1], k[1] * k[1]) for k in kept):
            kept.append(term)
    return tuple(kept[2:])


def _different(a: Term, b: Term) -> bool:
    try:
        return bool(enclose(a - b, Fraction(1), 256) != 0)
    except (Unclear, UndefinedAt):
        return False


def _parts(nf: NormalForm, e: Element) -> tuple[list[Pair], list[Pair]] | None:
    """``(p, w)`` of the monomials with provably nonzero total coefficient, and of all; None if it is no such sum."""
    if len(e.den) != 1:
        return None
    base = _exponent(nf, next(iter(e.den.to_dict())))
    if base is None:
        return None
    groups: dict[tuple[str, str, str, str], tuple[Element, Element, Poly]] = {}
    for monomial, coefficient in e.num.to_dict().items():
        found = _exponent(nf, monomial)
        if found is None:
            return None
        p, w, constant = found
        p, w = nf.tower.reduce(p - base[0]), nf.tower.reduce(w - base[1])
        key = (*p.key, *w.key)
        part = constant * fmpq(coefficient)
        groups[key] = (p, w, groups[key][2] + part if key in groups else part)
    listed = list(groups.values())
    if not all(_real(nf, p) and _real(nf, w) for p, w, _ in listed):
        return None
    terms = [(nf.term(p), nf.term(w)) for p, w, _ in listed]
    sure = [
        term for k, (term, (_, _, c)) in enumerate(zip(terms, listed, strict=True))
        if _surely_nonzero(nf, c) and all(_apart(term, other) for j, other in enumerate(terms) if j != k)
    ]
    return sure, terms


def _apart(a: Pair, b: Pair) -> bool:
    """Whether two terms of the sum provably differ in power or frequency, so that they do not add up."""
    return _different(a[0], b[0]) or _different(a[1], b[1])


def _real(nf: NormalForm, e: Element) -> bool:
    return not nf.tower.is_imaginary(e.num) and not nf.tower.is_imaginary(e.den)


def _exponent(nf: NormalForm, monomial: tuple[int, ...]) -> tuple[Element, Element, Poly] | None:
    """The power, the frequency and the constant factor of a monomial in the generators."""
    p, w = rational(0), rational(0)
    constant = constant_poly(1)
    for position, degree in enumerate(monomial):
        if not degree:
            continue
        g = nf.tower.generators[position]
        d = rational(int(degree))
        if g.constant:
            constant = constant * nf.tower.generator(g).num ** int(degree)
        elif g.family[0] == "x":
            p = p + d
        elif g.family[0] == "root" and g.argument is not None and (g.argument - nf.x).num.is_zero():
            p = p + d / rational(g.scale)
        elif g.family[0] == "exp" and g.argument is not None:
            rate = _rate(nf, g)
            if rate is None:
                return None
            real, imaginary = rate
            p, w = p + d * real, w + d * imaginary
        else:
            return None
    return p, w, constant


def _rate(nf: NormalForm, g: Generator) -> tuple[Element, Element] | None:
    """``(a, b)`` when the generator is ``exp((a + i b) log x)`` with ``a = 0`` or ``b = 0``."""
    assert g.argument is not None
    rate = nf.tower.reduce(g.argument / nf.log(nf.x))
    if not nf.tower.is_constant(rate):
        return None
    if _real(nf, rate):
        return rate, rational(0)
    turned = nf.tower.reduce(rate / nf.i)
    return (rational(0), turned) if _real(nf, turned) else None


def _surely_nonzero(nf: NormalForm, c: Poly) -> bool:
    """Whether a constant, possibly complex, is not zero."""
    i = nf.tower.index.get(("i",))
    parts: dict[int, dict[tuple[int, ...], fmpq]] = {0: {}, 1: {}}
    reduced = nf.tower.reduce(Element(c, constant_poly(1)))
    for monomial, coefficient in reduced.num.to_dict().items():
        power = 0 if i is None else int(monomial[i])
        rest = monomial if i is None else (*monomial[:i], 0, *monomial[i + 1 :])
        if power > 1:
            return False
        parts[power][rest] = coefficient
    for part in parts.values():
        polynomial = c.context().from_dict(part)
        if polynomial.is_zero() or nf.tower.is_imaginary(polynomial):
            continue
        try:
            if enclose(nf.tower.term_of(polynomial), Fraction(1), 512) != 0:
                return True
        except (Unclear, UndefinedAt):
            continue
    return False
