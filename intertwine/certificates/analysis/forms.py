"""Resolved terms as elements: sums, powers, exponentials, logarithms, roots, sines and cosines.

Sines and cosines stay real: each base angle has a pair of generators ``c, s`` with ``s**2 = 1 - c**2``, and
sums and multiples of angles are products of such pairs.  The rest of the functions is in :mod:`special`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import fmpq, fmpz

from intertwine.certificates.analysis import constants
from intertwine.certificates.analysis.algebra import (
    Element,
    Generator,
    Poly,
    divide,
    factored,
    number,
    quotient,
    ring,
    scalar,
)
from intertwine.certificates.analysis.clock import Obstacle, TooHard, tick
from intertwine.certificates.analysis.plain import BESSEL
from intertwine.terms import PI, Term, X, apply, num, power

if TYPE_CHECKING:
    from intertwine.certificates.analysis.regions import Region

Pair = tuple[Element, Element]  # cosine and sine of one angle
LARGEST_MULTIPLE = 60
LARGEST_ROOT = 10**40


class Rescale(Obstacle):
    """A multiple of a base angle or exponent that is no whole one: start again with a smaller base."""

    def __init__(self, family: str, base: Fraction) -> None:
        super().__init__()
        self.family, self.base = family, base


def common_measure(a: Fraction, b: Fraction) -> Fraction:
    """The largest number of which both are whole multiples."""
    return Fraction(
        math.gcd(a.numerator * b.denominator, b.numerator * a.denominator), a.denominator * b.denominator
    )


class Forms:
    """Elements of the terms of one region."""

    def __init__(self, region: Region, bases: dict[str, Fraction]) -> None:
        self.region, self.generators, self.bases = region, region.generators, bases
        self._known: dict[Term, Element] = {}
        self._rules: dict[str, Callable[[Term], Element]] = {
            "x": lambda t: self.x,
            "pi": lambda t: self.pi,
            "E": lambda t: self.exp(number(1)),
            "add": self._sum,
            "mul": self._product,
            "pow": self._power,
            "exp": lambda t: self.exp(self.of(t.args[0])),
            "log": lambda t: self.log(self.of(t.args[0])),
            "cos": lambda t: self.turn(self.of(t.args[0]))[0],
            "sin": lambda t: self.turn(self.of(t.args[0]))[1],
            "sinh": self._hyperbolic,
            "cosh": self._hyperbolic,
            "tanh": self._hyperbolic,
            "asinh": self._area,
            "acosh": self._area,
            "atanh": self._area,
            "Abs": lambda t: self._absolute(self.of(t.args[0])),
        }

    @property
    def x(self) -> Element:
        """The variable; at a point of the line, that number."""
        at = self.region.cell.at
        if at is None:
            return self.generators.element(Generator(("x",), X, constant=False, positive=True))
        if at.rational is not None:
            return number(at.rational)
        lead, degree = at.coefficients[-1], len(at.coefficients) - 1
        place = self.generators.place(("x",))
        if place is None:
            g = Generator(("x",), X, constant=False, positive=True, degree=degree)
            result = self.generators.element(g)
            g.relation = number(0)
            for k, c in enumerate(at.coefficients[:-1]):
                g.relation = g.relation - number(Fraction(c, lead)) * result**k
            return result
        return self.generators.variable(place)

    @property
    def pi(self) -> Element:
        """The number pi."""
        return self.generators.element(Generator(("pi",), PI, constant=True, positive=True))

    def of(self, t: Term) -> Element:
        """The element of a resolved term (without cases).

        Raises
        ------
        TooHard, Rescale
            The expression is outside this algebra, or its base angles have to be chosen again.
        """
        known = self._known.get(t)
        if known is None:
            tick()
            known = self._known[t] = self.generators.reduced(self._of(t))
        return known

    def _of(self, t: Term) -> Element:
        if t.value is not None:
            return number(t.value)
        if t.is_parameter:
            return self.region.given.parameter(self.region, t)
        rule = self._rules.get(t.op)
        if rule is not None:
            return rule(t)
        from intertwine.certificates.analysis import special  # opened for special functions only

        if t.op in BESSEL:
            return special.bessel(self, t.op, t.args[0].value, self.of(t.args[1]))
        return special.function(self, t.op, self.of(t.args[0]))

    def _sum(self, t: Term) -> Element:
        total = number(0)
        if not t.has_x and constants.vanishes(t):
            return total
        for a in t.args:
            total = total + self.of(a)
        return total

    def _product(self, t: Term) -> Element:
        total = number(1)
        for a in t.args:
            total = total * self.of(a)
        return total

    def _power(self, t: Term) -> Element:
        u, e = self.of(t.args[0]), self.of(t.args[1])
        r = e.rational
        if r is None:
            return self.exp(e * self.log(u))
        if r.denominator > 1:
            return self.root(u, r)
        if r < 0 and self.generators.vanishes(u):
            raise TooHard("a division by zero")
        return u ** int(r)

    # -- exponentials and angles -------------------------------------------------------------------
    def pieces(self, e: Element) -> list[tuple[Fraction, Element]]:
        """An element as a sum of rational multiples of elements with leading coefficient 1."""
        whole, rest = (e.top, None) if e.bottom.is_constant() else divide(e.top, e.bottom)
        found = [_monic(exponents, c) for exponents, c in whole.to_dict().items()]
        if rest is not None:
            for exponents, coefficient in rest.to_dict().items():
                c, unit = _monic(exponents, coefficient)
                found.append((c, quotient(unit.top, e.bottom)))
        return found

    def base(self, family: str, multiple: Fraction) -> Fraction:
        """The base of a family of angles or exponents, of which this must be a whole multiple."""
        known = self.bases.get(family)
        if known is None:
            known = self.bases[family] = abs(multiple)
        if (multiple / known).denominator != 1:
            raise Rescale(family, common_measure(multiple, known))
        return known

    def _sole(self, unit: Element) -> Generator | None:
        return self.generators.only(unit.top) if unit.bottom.is_constant() else None

    def exp(self, e: Element) -> Element:
        """The exponential."""
        total = number(1)
        for c, unit in self.pieces(self.generators.reduced(e)):
            total = total * self._exp(c, unit)
        return total

    def _exp(self, c: Fraction, unit: Element) -> Element:
        g = self._sole(unit)
        if g is not None and g.name[0] == "log" and g.argument is not None:
            return self.magnitude_power(g.argument.top, c)
        base = self.base(f"exp {unit}", c)
        angle = number(base) * unit
        made = Generator(
            ("exp", str(unit)), apply("exp", self.generators.term(angle)), self.generators.constant(unit), angle,
            positive=True,
        )
        return self.generators.element(made) ** int(c / base)

    def turn(self, e: Element) -> Pair:
        """Cosine and sine."""
        total: Pair = (number(1), number(0))
        for c, unit in self.pieces(self.generators.reduced(e)):
            total = _together(total, self._turn(c, unit))
        return total

    def _turn(self, c: Fraction, unit: Element) -> Pair:
        g = self._sole(unit)
        if g is not None and g.name == ("pi",):
            return self._turn_of_pi(c % 2)
        if g is not None and g.name[0] in ("atan", "asin") and c.denominator == 1 and g.argument is not None:
            u = g.argument
            if g.name[0] == "atan":
                length = self.root(number(1) + u * u, Fraction(1, 2))
                return self._multiple((number(1) / length, u / length), int(c))
            return self._multiple((self.root(number(1) - u * u, Fraction(1, 2)), u), int(c))
        base = self.base(f"turn {unit}", c)
        angle = number(base) * unit
        return self._multiple(self._pair(str(unit), angle), int(c / base))

    def _pair(self, name: str, angle: Element) -> Pair:
        term, constant = self.generators.term(angle), self.generators.constant(angle)
        cosine = self.generators.element(Generator(("cos", name), apply("cos", term), constant, angle))
        square = number(1) - cosine * cosine
        sine = Generator(("sin", name), apply("sin", term), constant, angle, degree=2, relation=square)
        return cosine, self.generators.element(sine)

    def _turn_of_pi(self, c: Fraction) -> Pair:
        """Cosine and sine of ``c*pi``, exact."""
        quarters, rest = divmod(c, Fraction(1, 2))
        pair = self._acute(rest)
        for _ in range(int(quarters)):
            pair = (-pair[1], pair[0])
        return pair

    def _acute(self, c: Fraction) -> Pair:
        half = number(Fraction(1, 2))
        if c == 0:
            return number(1), number(0)
        if c == Fraction(1, 4):
            both = self.root(number(2), Fraction(1, 2)) * half
            return both, both
        if c in (Fraction(1, 3), Fraction(1, 6)):
            long = self.root(number(3), Fraction(1, 2)) * half
            return (half, long) if c == Fraction(1, 3) else (long, half)
        base = self.base("turn pi", c)
        return self._multiple(self._pair("pi", number(base) * self.pi), int(c / base))

    def _multiple(self, pair: Pair, n: int) -> Pair:
        if abs(n) > LARGEST_MULTIPLE:
            raise TooHard("a multiple of an angle that is too large")
        total: Pair = (number(1), number(0))
        step = pair if n >= 0 else (pair[0], -pair[1])
        for _ in range(abs(n)):
            turned = _together(total, step)
            total = (self.generators.reduced(turned[0]), self.generators.reduced(turned[1]))
        return total

    def _hyperbolic(self, t: Term) -> Element:
        e = self.exp(self.of(t.args[0]))
        square = e * e
        if t.op == "tanh":
            return (square - number(1)) / (square + number(1))
        return (square + number(1 if t.op == "cosh" else -1)) / (number(2) * e)

    def _area(self, t: Term) -> Element:
        u = self.of(t.args[0])
        if t.op == "atanh":
            return (self.log(number(1) + u) - self.log(number(1) - u)) * number(Fraction(1, 2))
        turned = t.op == "asinh" and not u.top.is_zero() and u.top.leading_coefficient() < 0
        u = -u if turned else u
        area = self.log(u + self.root(u * u + number(1 if t.op == "asinh" else -1), Fraction(1, 2)))
        return -area if turned else area

    # -- logarithms and roots ----------------------------------------------------------------------
    def factors(self, e: Element) -> list[tuple[Poly, int]]:
        """Primes and irreducible polynomials with their exponents, up to the sign of the whole."""
        found: list[tuple[Poly, int]] = []
        for p, way in ((e.top, 1), (e.bottom, -1)):
            content, parts = factored(p)
            for n, sense in ((abs(int(content.p)), 1), (int(content.q), -1)):
                if n.bit_length() > 120:
                    found.append((scalar(n), way * sense))
                elif n > 1:
                    found += [(scalar(int(q)), int(k) * way * sense) for q, k in fmpz(n).factor()]
            found += [(q if q.leading_coefficient() > 0 else -q, int(k) * way) for q, k in parts]
        return found

    def log(self, e: Element) -> Element:
        """The logarithm of the absolute value of an element that does not vanish on the region."""
        e = self.generators.reduced(e)
        if e.top.is_zero():
            raise TooHard("the logarithm of zero")
        total = number(0)
        for p, k in self.factors(e):
            total = total + number(k) * self._log(p)
        return total

    def _log(self, p: Poly) -> Element:
        g = self.generators.only(p)
        if g is not None and g.argument is not None:
            if g.name[0] == "exp":
                return g.argument
            if g.name[0] == "root":
                return self._log(g.argument.top) * number(Fraction(1, g.scale))
            if g.name[0] == "abs":
                return self._log(g.argument.top)
        e = Element(p, scalar(1))
        term = apply("log", self.absolute(p))
        return self.generators.element(Generator(("log", str(p)), term, self.generators.constant(e), e))

    def absolute(self, p: Poly) -> Term:
        """``|p|`` as a term, without bars where the sign is known."""
        signs = self.region.known(p)
        term = self.generators.polynomial_term(p)
        return term if signs <= {0, 1} else apply("Abs", term)

    def root(self, e: Element, r: Fraction) -> Element:
        """``e**r`` for an element that is positive on the region (or zero on all of it)."""
        e = self.generators.reduced(e)
        if e.top.is_zero():
            return e
        total = number(1)
        for p, k in self.factors(e):
            total = total * self.magnitude_power(p, r * k)
        return self.generators.reduced(total)

    def magnitude_power(self, p: Poly, r: Fraction) -> Element:
        """``|p|**r`` for a prime or an irreducible polynomial that does not vanish on the region."""
        g = self.generators.only(p)
        if g is not None and g.argument is not None:
            if g.name[0] == "exp":
                return self.exp(number(r) * g.argument)
            if g.name[0] == "root":
                return self.magnitude_power(g.argument.top, r / g.scale)
            if g.name[0] == "abs":
                return self.magnitude_power(g.argument.top, r)
        if r.denominator == 1:
            return self._magnitude(p) ** int(r)
        q = self.base(f"root {p}", Fraction(1, r.denominator)).denominator
        e = Element(p, scalar(1))
        if q > LARGEST_ROOT:
            raise TooHard("a root of too large an order")
        made = Generator(
            ("root", str(p)), power(self.absolute(p), num(1, q)), self.generators.constant(e), e, degree=q,
            relation=self._magnitude(p), positive=True, scale=q,
        )
        return self.generators.element(made) ** int(r * q)

    def _absolute(self, e: Element) -> Element:
        """``|e|``."""
        total = number(0 if e.top.is_zero() else 1)
        for p, k in self.factors(e) if not e.top.is_zero() else []:
            total = total * self._magnitude(p) ** k
        return total

    def _magnitude(self, p: Poly) -> Element:
        e = Element(p, scalar(1))
        signs = self.region.known(p)
        if signs <= {0, 1}:
            return e
        if signs <= {-1, 0}:
            return -e
        made = Generator(
            ("abs", str(p)), apply("Abs", self.generators.polynomial_term(p)), self.generators.constant(e), e, degree=2,
            relation=e * e, positive=True,
        )
        return self.generators.element(made)


def _monic(exponents: tuple[int, ...], c: fmpq) -> tuple[Fraction, Element]:
    q = fmpq(c)
    return Fraction(int(q.p), int(q.q)), Element(ring().from_dict({exponents: 1}), scalar(1))


def _together(a: Pair, b: Pair) -> Pair:
    return a[0] * b[0] - a[1] * b[1], a[1] * b[0] + a[0] * b[1]
