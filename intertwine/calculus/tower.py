"""Quotients of polynomials in generators: the field in which identities are proved.

A generator is ``x``, a constant (``pi``, ``i``, ``log 2``), an exponential, a logarithm, a
root, or an unknown function of an earlier element.  Some satisfy a relation ``g**q = r``.
An element that *reduces to zero* is the zero function wherever it is defined; an element
that does not may still be zero (the generators are not claimed to be independent).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from intertwine.calculus.budget import check
from intertwine.terms import Term

CAPACITY = 40
LARGEST = 4000  # terms of a polynomial before giving up
STEEPEST = 400  # total degree of a polynomial that is factored
TALLEST = 60_000  # degree of a polynomial with all of its coefficients, or times its terms where it is divided
WIDEST = 400  # ratio of exponents of one family
Family = tuple[Any, ...]
Poly = fmpq_mpoly
Sign = Callable[[Term], "int | None"]


class NoNormalForm(Exception):
    """The expression is outside what the normal form can express, or grew too large."""


class Rescale(Exception):
    """An exponent is no multiple of the family's unit: start again with a smaller unit."""

    def __init__(self, family: Family, unit: fmpq) -> None:
        super().__init__()
        self.family, self.unit = family, unit


@cache
def _context() -> Any:
    return fmpq_mpoly_ctx.get([f"g{i}" for i in range(CAPACITY)], Ordering.lex)


@cache
def _generators() -> tuple[Poly, ...]:
    return tuple(_context().gens())


def constant_poly(value: fmpq | int) -> Poly:
    """A rational number as a polynomial."""
    result: Poly = _context().constant(value)
    return result


@dataclass(frozen=True, eq=False)
class Element:
    """A quotient ``num/den`` of polynomials in the generators."""

    num: Poly
    den: Poly

    @property
    def key(self) -> tuple[str, str]:
        """Equal keys mean equal elements (the converse may fail)."""
        return (str(self.num), str(self.den))

    def __add__(self, other: Element) -> Element:
        if self.den == other.den:
            return cancel(self.num + other.num, self.den)
        return cancel(self.num * other.den + other.num * self.den, self.den * other.den)

    def __neg__(self) -> Element:
        return Element(-self.num, self.den)

    def __sub__(self, other: Element) -> Element:
        return self + (-other)

    def __mul__(self, other: Element) -> Element:
        return cancel(self.num * other.num, self.den * other.den)

    def __truediv__(self, other: Element) -> Element:
        if other.num.is_zero():
            raise NoNormalForm("division by zero")
        return cancel(self.num * other.den, self.den * other.num)

    def __pow__(self, n: int) -> Element:
        if n < 0:
            return rational(1) / (self**-n)
        if n * max(len(self.num), len(self.den), 2) > 4 * LARGEST and max(len(self.num), len(self.den)) > 1:
            raise NoNormalForm("power too large")
        return Element(self.num**n, self.den**n)

    @property
    def rational_value(self) -> fmpq | None:
        """The value, if this is literally a rational number."""
        if self.num.is_constant() and self.den.is_constant():
            return fmpq(_leading(self.num)) / fmpq(_leading(self.den))
        return None


def _leading(p: Poly) -> fmpq:
    return fmpq(0) if p.is_zero() else p.leading_coefficient()


def factored(p: Poly) -> tuple[fmpq, list[tuple[Poly, int]]]:
    """The content and the irreducible factors of a polynomial, with exponents.

    Raises
    ------
    NoNormalForm
        The degree is too high, or flint gave up.
    """
    if len(p) > 1 and int(p.total_degree()) > STEEPEST:
        raise NoNormalForm("degree too high")
    try:
        content, parts = p.factor()
    except (RuntimeError, OverflowError) as error:
        raise NoNormalForm("factorisation failed") from error
    return fmpq(content), [(q, int(k)) for q, k in parts]


def cancel(num: Poly, den: Poly) -> Element:
    """The quotient in lowest terms with a monic denominator."""
    check()
    if len(num) > LARGEST or len(den) > LARGEST:
        raise NoNormalForm("too many terms")
    if num.is_zero():
        return Element(num, constant_poly(1))
    if not den.is_constant() and _cheap(num) and _cheap(den):
        common = num.gcd(den)
        if not common.is_constant():
            num, den = divmod(num, common)[0], divmod(den, common)[0]
    lead = fmpq(den.leading_coefficient())
    if lead != 1:
        num, den = num / lead, den / lead
    return Element(num, den)


def _cheap(p: Poly) -> bool:
    """Whether a greatest common divisor is worth its time (it only shortens the quotient)."""
    return len(p) * int(p.total_degree()) <= TALLEST


def divided(p: Poly, q: Poly) -> tuple[Poly, Poly]:
    """Quotient and rest.

    Raises
    ------
    NoNormalForm
        The quotient may have very many terms: ``(y**n - 1)/(y - 1)``.
    """
    if len(q) > 1 and int(p.total_degree()) > TALLEST:
        raise NoNormalForm("degree too high")
    quotient, rest = divmod(p, q)
    return quotient, rest


def rational(value: fmpq | int) -> Element:
    """A rational number as an element."""
    return Element(constant_poly(value), constant_poly(1))


@dataclass
class Generator:
    """One generator of a tower."""

    family: Family
    term: Term
    constant: bool
    positive: bool = False
    argument: Element | None = None
    scale: int = 1  # the generator is the scale-th root of its family's head
    power: int = 0  # g**power = relation, when power > 0
    relation: Element | None = None
    imaginary: bool = False  # involves i


@dataclass
class Tower:
    """Generators introduced so far, in order; ``sign`` answers for terms on the region at hand."""

    sign: Sign
    deep: Callable[[Poly], int | None] = lambda p: None
    units: dict[Family, fmpq] = field(default_factory=dict)
    generators: list[Generator] = field(default_factory=list)
    index: dict[Family, int] = field(default_factory=dict)
    interior: bool = True  # neither a point nor the zeros of an atom: radicands are not 0 there

    def multiple(self, family: Family, exponent: fmpq, first: fmpq) -> tuple[Family, fmpq, int]:
        """The family, its unit (``first`` on first sight) and the exponent as a multiple of the unit.

        Exponents of very different size become families of their own: their relation is lost, and no proof with it.

        Raises
        ------
        Rescale
            The unit has to become smaller.
        """
        unit = self.units.setdefault(family, first)
        ratio = exponent / unit
        top = math.gcd(int(exponent.p) * int(unit.q), int(unit.p) * int(exponent.q))
        common = fmpq(top, int(unit.q) * int(exponent.q))
        if max(abs(exponent / common), unit / common) > WIDEST:
            return (*family, str(first)), first, int((exponent / first).p)
        if ratio.q != 1:
            raise Rescale(family, common)
        return family, unit, int(ratio.p)

    def generator(self, make: Generator) -> Element:
        """The element of a generator, introduced on first sight."""
        position = self.index.get(make.family)
        if position is None:
            position = len(self.generators)
            if position >= CAPACITY:
                raise NoNormalForm("too many generators")
            self.index[make.family] = position
            self.generators.append(make)
        return Element(_generators()[position], constant_poly(1))

    def used(self, p: Poly) -> list[int]:
        """Positions of the generators that occur in a polynomial."""
        return [i for i, d in enumerate(p.degrees()[: len(self.generators)]) if d > 0]

    def is_constant(self, e: Element) -> bool:
        """Whether only constant generators occur."""
        return all(self.generators[i].constant for p in (e.num, e.den) for i in self.used(p))

    def is_imaginary(self, p: Poly) -> bool:
        """Whether ``i`` occurs, directly or inside a generator."""
        return any(self.generators[i].imaginary for i in self.used(p))

    def reduce(self, e: Element) -> Element:
        """The element with every relation applied to numerator and denominator."""
        num, up = self._reduce(e.num)
        den, down = self._reduce(e.den)
        reduced = cancel(num * down, den * up)
        for position in self.used(reduced.den):
            g = self.generators[position]
            lowest = min(int(m[position]) for m in reduced.den.monoms())
            if g.power and g.relation is not None and lowest:  # a root leaves the denominator
                lift = _generators()[position] ** (g.power - lowest)
                num, up = self._reduce(reduced.num * lift)
                den, down = self._reduce(reduced.den * lift)
                reduced = cancel(num * down, den * up)
        return reduced

    def is_zero(self, e: Element) -> bool:
        """Whether the element reduces to zero (a proof that the function is zero)."""
        return bool(self._reduce(e.num)[0].is_zero())

    def _reduce(self, p: Poly) -> tuple[Poly, Poly]:
        """``(q, m)`` with ``p = q/m`` modulo the relations."""
        multiplier = constant_poly(1)
        for position in range(len(self.generators) - 1, -1, -1):
            g = self.generators[position]
            if g.power and p.degrees()[position] >= g.power:
                p, factor = self._apply_relation(p, position, g)
                multiplier = multiplier * factor
        return p, multiplier

    def _apply_relation(self, p: Poly, position: int, g: Generator) -> tuple[Poly, Poly]:
        assert g.relation is not None
        check()
        if len(p) > LARGEST:
            raise NoNormalForm("too many terms")
        parts: dict[int, dict[tuple[int, ...], fmpq]] = {}
        for monomial, coefficient in p.to_dict().items():
            quotient, rest = divmod(int(monomial[position]), g.power)
            lowered = monomial[:position] + (rest,) + monomial[position + 1 :]
            parts.setdefault(quotient, {})[lowered] = coefficient
        top = max(parts)
        if top > 64 and len(g.relation.num) > 1:
            raise NoNormalForm("power too large")
        total = constant_poly(0)
        for quotient, part in parts.items():
            piece = _context().from_dict(part)
            total = total + piece * g.relation.num**quotient * g.relation.den ** (top - quotient)
        return total, g.relation.den**top

    def term_of(self, p: Poly) -> Term:
        """A polynomial as a term in ``x`` (real generators only)."""
        from intertwine.terms import add, mul, num, power

        summands: list[Term] = []
        for monomial, coefficient in p.to_dict().items():
            c = fmpq(coefficient)
            factors = [num(int(c.p), int(c.q))]
            factors += [power(self.generators[i].term, num(int(d))) for i, d in enumerate(monomial) if d]
            summands.append(mul(*factors))
        return add(*summands)

    def sign_of(self, p: Poly) -> int | None:
        """The strict sign of a polynomial on the region, if it can be proved."""
        if p.is_zero():
            return 0
        if self.is_imaginary(p):
            return None
        signs = set()
        for monomial, coefficient in p.to_dict().items():
            known = all(d % 2 == 0 or self.generators[i].positive for i, d in enumerate(monomial) if d)
            strict = all(self.generators[i].positive for i, d in enumerate(monomial) if d)
            signs.add((1 if coefficient > 0 else -1, strict) if known else None)
        if None not in signs:
            values = {s[0] for s in signs if s is not None}
            if len(values) == 1 and any(s is not None and s[1] for s in signs):
                return int(values.pop())
        return self.sign(self.term_of(p)) or self.deep(p)
