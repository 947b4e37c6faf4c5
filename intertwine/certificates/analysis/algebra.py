"""Quotients of polynomials in real generators, with the relations that hold between them.

A generator is a real function of ``x`` (or a constant) that is defined on the region at hand.  An element
stands for the value of a term at every point of the region: no denominator vanishes there, and every rule
used is an equality of real numbers at each point.  So an element that reduces to zero is zero on all of the region.
Nothing is said about an element that does not: the generators may have relations that are not known here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from intertwine.certificates.analysis.clock import TooHard, tick
from intertwine.terms import Term, add, mul, num, power

ROOM = 44  # generators in one region
LONGEST = 2500  # monomials of a polynomial
LARGEST_DEGREE, LONGEST_TO_FACTOR, STEEPEST = 400, 600, 60_000
Poly = fmpq_mpoly


@cache
def ring() -> Any:
    """The polynomial ring."""
    return fmpq_mpoly_ctx.get([f"y{i}" for i in range(ROOM)], Ordering.lex)


@cache
def _variables() -> tuple[Poly, ...]:
    return tuple(ring().gens())


def scalar(value: fmpq | int | Fraction) -> Poly:
    """A rational number as a polynomial."""
    if isinstance(value, Fraction):
        value = fmpq(value.numerator, value.denominator)
    found: Poly = ring().constant(value)
    return found


def _steep(p: Poly) -> bool:
    """Whether what is computed with a polynomial may have as many terms as its degree says."""
    return len(p) * int(p.total_degree()) > STEEPEST


def divide(p: Poly, q: Poly) -> tuple[Poly, Poly]:
    """Quotient and rest of polynomials; FLINT ends the process where there is no memory for them."""
    if len(q) > 1 and _steep(p):
        raise TooHard("a polynomial of too large a degree")
    return divmod(p, q)


@dataclass(frozen=True, eq=False)
class Element:
    """``top/bottom``."""

    top: Poly
    bottom: Poly

    def __add__(self, other: Element) -> Element:
        if self.bottom == other.bottom:
            return quotient(self.top + other.top, self.bottom)
        return quotient(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __neg__(self) -> Element:
        return Element(-self.top, self.bottom)

    def __sub__(self, other: Element) -> Element:
        return self + (-other)

    def __mul__(self, other: Element) -> Element:
        return quotient(self.top * other.top, self.bottom * other.bottom)

    def __truediv__(self, other: Element) -> Element:
        """The quotient; the caller has made sure that ``other`` vanishes at no point of the region."""
        if other.top.is_zero():
            raise TooHard("a division by zero")
        return quotient(self.top * other.bottom, self.bottom * other.top)

    def __pow__(self, n: int) -> Element:
        if n < 0:
            return number(1) / self**-n
        size = max(len(self.top), len(self.bottom))
        if size > 1 and n * (size + 2) > 2 * LONGEST:
            raise TooHard("a power with too many terms")
        return Element(self.top**n, self.bottom**n)

    @property
    def rational(self) -> Fraction | None:
        """The number, if this is literally a rational one."""
        if not (self.top.is_constant() and self.bottom.is_constant()):
            return None
        if self.top.is_zero():
            return Fraction(0)
        q = fmpq(self.top.leading_coefficient()) / fmpq(self.bottom.leading_coefficient())
        return Fraction(int(q.p), int(q.q))

    def __str__(self) -> str:
        return f"{self.top}|{self.bottom}"


def quotient(top: Poly, bottom: Poly) -> Element:
    """In lowest terms, with leading coefficient 1 below."""
    tick()
    if len(top) > LONGEST or len(bottom) > LONGEST:
        raise TooHard("an expression with too many terms")
    if top.is_zero():
        return Element(top, scalar(1))
    if not bottom.is_constant():
        common = scalar(1) if _steep(top) or _steep(bottom) else top.gcd(bottom)  # it only shortens the quotient
        if not common.is_constant():
            top, bottom = divide(top, common)[0], divide(bottom, common)[0]
    lead = fmpq(bottom.leading_coefficient())
    return Element(top / lead, bottom / lead) if lead != 1 else Element(top, bottom)


def number(value: fmpq | int | Fraction) -> Element:
    """A rational number as an element."""
    return Element(scalar(value), scalar(1))


@dataclass
class Generator:
    """A real function (or constant) with a name, its term, and perhaps ``generator**degree = relation``."""

    name: tuple[Any, ...]
    term: Term
    constant: bool
    argument: Element | None = None
    degree: int = 0
    relation: Element | None = None
    positive: bool = False
    scale: int = 1


class Generators:
    """The generators of a region, in the order in which they came."""

    def __init__(self) -> None:
        self.all: list[Generator] = []
        self._places: dict[tuple[Any, ...], int] = {}

    def place(self, name: tuple[Any, ...]) -> int | None:
        """Where a generator of this name is."""
        return self._places.get(name)

    def element(self, g: Generator) -> Element:
        """A generator as an element; a known name is not added again."""
        place = self._places.get(g.name)
        if place is None:
            place = len(self.all)
            if place >= ROOM:
                raise TooHard("an expression with too many different parts")
            self._places[g.name] = place
            self.all.append(g)
        return self.variable(place)

    def variable(self, place: int) -> Element:
        """The generator at a place."""
        return Element(_variables()[place], scalar(1))

    def of(self, p: Poly) -> list[int]:
        """The places of the generators in a polynomial."""
        return [i for i, d in enumerate(p.degrees()[: len(self.all)]) if d > 0]

    def only(self, p: Poly) -> Generator | None:
        """The generator that a polynomial literally is."""
        used = self.of(p)
        if len(used) == 1 and len(p) == 1 and p.degrees()[used[0]] == 1 and p.leading_coefficient() == 1:
            return self.all[used[0]]
        return None

    def constant(self, e: Element) -> bool:
        """Whether no generator in an element depends on ``x``."""
        return all(self.all[i].constant for p in (e.top, e.bottom) for i in self.of(p))

    def reduced(self, e: Element) -> Element:
        """The same with the relations applied."""
        top, up = self._reduced(e.top)
        bottom, down = self._reduced(e.bottom)
        if bottom.is_zero():
            raise TooHard("a denominator that is zero")
        return quotient(top * down, bottom * up)

    def vanishes(self, e: Element) -> bool:
        """Whether an element reduces to zero: then it is zero at every point of the region."""
        return bool(self._reduced(e.top)[0].is_zero())

    def _reduced(self, p: Poly) -> tuple[Poly, Poly]:
        """``(q, m)`` with ``p = q/m``, where ``m`` vanishes nowhere."""
        multiplier = scalar(1)
        for place in range(len(self.all) - 1, -1, -1):
            g = self.all[place]
            if g.degree and p.degrees()[place] >= g.degree:
                p, m = _lowered(p, place, g)
                multiplier = multiplier * m
        return p, multiplier

    def term(self, e: Element) -> Term:
        """An element as a term."""
        top = self.polynomial_term(e.top)
        return top if e.bottom.is_constant() else mul(top, power(self.polynomial_term(e.bottom), num(-1)))

    def polynomial_term(self, p: Poly) -> Term:
        """A polynomial as a term."""
        summands = []
        for exponents, coefficient in p.to_dict().items():
            c = fmpq(coefficient)
            factors = [power(self.all[i].term, num(int(d))) for i, d in enumerate(exponents) if d]
            summands.append(mul(num(int(c.p), int(c.q)), *factors))
        return add(*summands)


def _lowered(p: Poly, place: int, g: Generator) -> tuple[Poly, Poly]:
    assert g.relation is not None
    by_power: dict[int, dict[tuple[int, ...], Any]] = {}
    for exponents, coefficient in p.to_dict().items():
        tick()
        times, rest = divmod(int(exponents[place]), g.degree)
        left = exponents[:place] + (rest,) + exponents[place + 1 :]
        by_power.setdefault(times, {})[left] = coefficient
    most = max(by_power)
    if most > 80 and (len(g.relation.top) > 1 or len(g.relation.bottom) > 1):
        raise TooHard("a power with too many terms")
    total = scalar(0)
    for times, part in by_power.items():
        piece = ring().from_dict(part)
        total = total + piece * g.relation.top**times * g.relation.bottom ** (most - times)
        if len(total) > 4 * LONGEST:
            raise TooHard("an expression with too many terms")
    return total, g.relation.bottom**most


def factored(p: Poly) -> tuple[fmpq, list[tuple[Poly, int]]]:
    """A number, and irreducible polynomials with exponents; powers of the generators may be large.

    Raises
    ------
    TooHard
        Apart from them the polynomial has too large a degree.
    """
    tick()
    exponents = [[int(d) for d in m] for m in p.monoms()]
    least = [min(column) for column in zip(*exponents, strict=True)]
    found: list[tuple[Poly, int]] = []
    for place, d in enumerate(least):
        if d:
            found.append((_variables()[place], d))
    if found:
        terms = p.to_dict().items()
        p = ring().from_dict({tuple(int(a) - b for a, b in zip(m, least, strict=True)): c for m, c in terms})
    if len(p) > LONGEST_TO_FACTOR or max((sum(m) for m in p.monoms()), default=0) > LARGEST_DEGREE:
        raise TooHard("a polynomial of too large a degree")
    content, parts = p.factor()
    return fmpq(content), [*found, *((q, int(k)) for q, k in parts)]


def univariate(p: Poly, place: int) -> list[fmpq]:
    """The coefficients of a polynomial in one generator, from the constant up."""
    if int(p.degrees()[place]) > STEEPEST:
        raise TooHard("a polynomial of too large a degree")
    coefficients = [fmpq(0)] * (int(p.degrees()[place]) + 1)
    for exponents, c in p.to_dict().items():
        coefficients[int(exponents[place])] = fmpq(c)
    return coefficients
