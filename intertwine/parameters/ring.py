"""Quotients of polynomials in atoms: ``x``, parameters, exponentials and other functions of simpler quotients."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from intertwine.calculus.budget import check
from intertwine.parameters.conditions import Unsupported
from intertwine.terms import Term, add, mul, num, power

ROOM = 36
LONGEST = 600
STEEPEST = 160
Poly = fmpq_mpoly


@cache
def _context() -> Any:
    return fmpq_mpoly_ctx.get([f"q{i}" for i in range(ROOM)], Ordering.lex)


@cache
def _variables() -> tuple[Poly, ...]:
    return tuple(_context().gens())


def scalar(value: fmpq | int) -> Poly:
    """A rational number as a polynomial."""
    found: Poly = _context().constant(value)
    return found


@dataclass(frozen=True, eq=False)
class Element:
    """``top/bottom``, in lowest terms."""

    top: Poly
    bottom: Poly

    def __add__(self, other: Element) -> Element:
        return quotient(self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom)

    def __neg__(self) -> Element:
        return Element(-self.top, self.bottom)

    def __sub__(self, other: Element) -> Element:
        return self + (-other)

    def __mul__(self, other: Element) -> Element:
        return quotient(self.top * other.top, self.bottom * other.bottom)

    def __truediv__(self, other: Element) -> Element:
        if other.top.is_zero():
            raise Unsupported("a division by zero")
        return quotient(self.top * other.bottom, self.bottom * other.top)

    def __pow__(self, n: int) -> Element:
        if n < 0:
            return number(1) / self**-n
        if n * max(len(self.top), len(self.bottom)) > LONGEST and max(len(self.top), len(self.bottom)) > 1:
            raise Unsupported("a power with too many terms")
        return Element(self.top**n, self.bottom**n)

    @property
    def rational(self) -> fmpq | None:
        """The number, if it is literally a rational one."""
        if self.top.is_zero():
            return fmpq(0)
        if not (self.top.is_constant() and self.bottom.is_constant()):
            return None
        return fmpq(self.top.leading_coefficient()) / fmpq(self.bottom.leading_coefficient())


def quotient(top: Poly, bottom: Poly) -> Element:
    """In lowest terms, with leading coefficient 1 below."""
    check()
    if len(top) > LONGEST or len(bottom) > LONGEST:
        raise Unsupported("an expression with too many terms")
    if top.is_zero():
        return Element(top, scalar(1))
    if not bottom.is_constant():
        steep = max(len(p) * int(p.total_degree()) for p in (top, bottom)) > 60_000
        common = scalar(1) if steep else top.gcd(bottom)
        if not common.is_constant():
            top, bottom = divmod(top, common)[0], divmod(bottom, common)[0]
    lead = fmpq(bottom.leading_coefficient())
    return Element(top / lead, bottom / lead)


def number(value: fmpq | int) -> Element:
    """A rational number as an element."""
    return Element(scalar(value), scalar(1))


def factored(p: Poly) -> tuple[fmpq, list[tuple[Poly, int]]]:
    """A number, and the irreducible factors with their exponents; leading coefficients are positive."""
    if len(p) > 1 and int(p.total_degree()) > STEEPEST:
        raise Unsupported("a polynomial of too large a degree")
    content, parts = p.factor()
    content, found = fmpq(content), []
    for q, k in parts:
        if q.leading_coefficient() < 0:
            q, content = -q, content * (-1) ** int(k)
        found.append((q, int(k)))
    return content, found


@dataclass
class Atom:
    """A generator: its term, what it is a function of, and perhaps ``atom**degree = relation``."""

    term: Term
    argument: Element | None = None
    positive: bool = False
    degree: int = 0
    relation: Element | None = None


class Ring:
    """The atoms that have occurred, in order."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self._places: dict[Term, int] = {}

    def atom(self, make: Atom) -> Element:
        """The element of an atom, introduced on first sight."""
        place = self._places.get(make.term)
        if place is None:
            place = len(self.atoms)
            if place >= ROOM:
                raise Unsupported("an expression with too many different parts")
            self._places[make.term] = place
            self.atoms.append(make)
        return Element(_variables()[place], scalar(1))

    def place(self, t: Term) -> int | None:
        """Where an atom is, if it has occurred."""
        return self._places.get(t)

    def used(self, p: Poly) -> list[int]:
        """The places of the atoms in a polynomial."""
        return [i for i, d in enumerate(p.degrees()[: len(self.atoms)]) if d > 0]

    def only(self, p: Poly) -> Atom | None:
        """The atom that a polynomial literally is."""
        used = self.used(p)
        if len(used) == 1 and len(p) == 1 and p.degrees()[used[0]] == 1 and p.leading_coefficient() == 1:
            return self.atoms[used[0]]
        return None

    def coefficients(self, p: Poly, place: int) -> list[Poly]:
        """A polynomial as one in a single atom, its coefficients from the constant up."""
        parts: list[dict[tuple[int, ...], fmpq]] = [{} for _ in range(int(p.degrees()[place]) + 1)]
        for monomial, c in p.to_dict().items():
            parts[int(monomial[place])][(*monomial[:place], 0, *monomial[place + 1 :])] = c
        return [_context().from_dict(part) for part in parts]

    def reduced(self, e: Element) -> Element:
        """The same with the relations of the atoms applied."""
        for _ in range(40):
            top, bottom = self._lowered(e.top), self._lowered(e.bottom)
            if top is None and bottom is None:
                return e
            e = (top or Element(e.top, scalar(1))) / (bottom or Element(e.bottom, scalar(1)))
        return e

    def _lowered(self, p: Poly) -> Element | None:
        for place in range(len(self.atoms) - 1, -1, -1):
            atom = self.atoms[place]
            if not atom.degree or p.degrees()[place] < atom.degree:
                continue
            assert atom.relation is not None
            total, own = number(0), Element(_variables()[place], scalar(1))
            for k, c in enumerate(self.coefficients(p, place)):
                times, rest = divmod(k, atom.degree)
                total = total + Element(c, scalar(1)) * atom.relation**times * own**rest
            return total
        return None

    def pieces(self, e: Element) -> list[tuple[fmpq, Element]]:
        """An element as a sum of rational multiples of units."""
        whole, rest = (e.top, scalar(0)) if e.bottom.is_constant() else divmod(e.top, e.bottom)
        found: list[tuple[fmpq, Element]] = []
        for p, below in ((whole, scalar(1)), (rest, e.bottom)):
            for monomial, c in p.to_dict().items():
                found.append((fmpq(c), quotient(_context().from_dict({monomial: fmpq(1)}), below)))
        return found

    def term(self, e: Element) -> Term:
        """An element as a term."""
        top = self.polynomial_term(e.top)
        return top if e.bottom.is_constant() else mul(top, power(self.polynomial_term(e.bottom), num(-1)))

    def polynomial_term(self, p: Poly) -> Term:
        """A polynomial as a term."""
        summands = []
        for monomial, coefficient in p.to_dict().items():
            c = fmpq(coefficient)
            factors = [power(self.atoms[i].term, num(int(d))) for i, d in enumerate(monomial) if d]
            summands.append(mul(num(int(c.p), int(c.q)), *factors))
        return add(*summands)
