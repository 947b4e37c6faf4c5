"""Case distinctions: on each region of ``x > 0`` a term with cases becomes one smooth expression, or undefined.

A region is a cell together with signs assumed for some polynomials in its generators.  Whatever a term needs to
know is *decided* on the region, or the region is split into parts that together are all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from flint import arb, ctx, fmpq, fmpq_poly

from intertwine.certificates.analysis import constants
from intertwine.certificates.analysis.algebra import Element, Generators, Poly, divide, factored, scalar, univariate
from intertwine.certificates.analysis.cells import Cell, roots
from intertwine.certificates.analysis.clock import TooHard, tick
from intertwine.certificates.analysis.forms import Forms, Rescale
from intertwine.certificates.analysis.functions import (
    ANY,
    FUNCTIONS,
    HOLDS,
    NEGATIVE,
    NONE,
    NONZERO,
    NOT_NEGATIVE,
    POSITIVE,
    Signs,
)
from intertwine.certificates.analysis.plain import BESSEL, minus
from intertwine.certificates.analysis.spans import BITS, Span, Spans, between
from intertwine.certificates.analysis.splits import NOTHING, AskSign, Assumption, CutCell, Empty, Given, Nowhere
from intertwine.certificates.analysis.values import Evaluation, Unclear, Undefined, constant_sign
from intertwine.terms import PI, ZERO, Term, X, add, apply, mul, num, power, rebuild


@dataclass
class Region:
    """A cell and assumptions on it."""

    cell: Cell
    assumptions: tuple[Assumption, ...] = ()
    bases: dict[str, Fraction] = field(default_factory=dict)
    given: Given = NOTHING

    def __post_init__(self) -> None:
        self.generators = Generators()
        self.forms = Forms(self, self.bases)
        with ctx.workprec(BITS):
            self.spans = Spans(between(*self.cell.bounds()))
        self._resolved: dict[Term, Term | None] = {}
        self._signs: dict[str, Signs] = {}
        self._busy: set[str] = set()
        self._bare: Region | None = None

    @property
    def connected(self) -> bool:
        """Whether the region is an open interval."""
        return self.cell.at is None and not self.assumptions

    def thin(self) -> bool:
        """Whether the region is surely a set of isolated points."""
        from intertwine.certificates.analysis.signs import isolated_zeros

        return self.cell.at is not None or any(
            a.signs == NONE and isolated_zeros(a.atom, self.cell) for a in self.assumptions
        )

    def span(self, t: Term) -> Span:
        """The values of a term over the cell."""
        with ctx.workprec(BITS):
            return self.spans.of(t)

    # -- signs ----------------------------------------------------------------------------------
    def known_element(self, e: Element) -> Signs:
        """The possible signs of an element on the region, as far as they are known."""
        e = self.generators.reduced(e)
        if e.top.is_zero():
            return NONE
        return self._product_signs(*self._factored(e))

    def known(self, p: Poly) -> Signs:
        """The possible signs of a polynomial on the region, as far as they are known."""
        return self.known_element(Element(p, scalar(1)))

    def _factored(self, e: Element) -> tuple[int, list[tuple[Poly, int]]]:
        """A sign and irreducible polynomials with exponents; those of the denominator do not vanish."""
        sign, found = 1, []
        for p, way in ((e.top, 1), (e.bottom, -1)):
            content, parts = factored(p)
            sign *= 1 if content > 0 else -1
            for q, k in parts:
                if q.leading_coefficient() < 0:
                    q, sign = -q, sign * (-1) ** int(k)
                found.append((q, int(k) * way))
        return sign, found

    def _product_signs(self, sign: int, factors: list[tuple[Poly, int]]) -> Signs:
        total: Signs = frozenset({sign})
        for p, k in factors:
            signs = self._irreducible(p) if k > 0 else self._irreducible(p) - {0}
            total = frozenset(s * t**k if t else 0 for s in total for t in signs)
        return total

    def _irreducible(self, p: Poly) -> Signs:
        """The possible signs of an irreducible polynomial with positive leading coefficient."""
        key = str(p)
        found = self._signs.get(key)
        if found is None:
            if key in self._busy:
                return ANY
            self._busy.add(key)
            try:
                found = self._plain_signs(p)
                found &= self._assumed(p)
                if len(found) > 1:
                    found &= self._deep_signs(p) if not self.assumptions else self._on_cell(p)
            finally:
                self._busy.discard(key)
            self._signs[key] = found
        return found

    def _deep_signs(self, p: Poly) -> Signs:
        """What more than bounds is needed for."""
        from intertwine.certificates.analysis.signs import signs

        return signs(self, p)

    def _on_cell(self, p: Poly) -> Signs:
        """What is known without the assumptions, on all of the cell."""
        if self._bare is None:
            self._bare = Region(self.cell, (), dict(self.bases), self.given)
        try:
            return self._bare.known_element(self._bare.forms.of(self.generators.polynomial_term(p)))
        except (TooHard, Rescale, AskSign):
            return ANY

    def _plain_signs(self, p: Poly) -> Signs:
        used = self.generators.of(p)
        if not used:
            return frozenset({1 if p.leading_coefficient() > 0 else -1})
        names = [self.generators.all[i].name for i in used]
        if names == [("x",)]:
            return self._rational_signs(univariate(p, used[0]))
        sole = self.generators.only(p)
        if sole is not None and sole.name[0] == "gamma":
            return NONZERO  # the gamma function has no zeros
        term = self.generators.polynomial_term(p)
        if term.parameters:
            return self.given.signs(self, p)
        if all(self.generators.all[i].constant for i in used):
            sign = constant_sign(term)
            if sign is None and constants.vanishes(term):
                sign = 0
            return ANY if sign is None else frozenset({sign})
        return self.span(term).signs if self.cell.at is None else self._at_point(term)

    def _rational_signs(self, coefficients: list[fmpq]) -> Signs:
        polynomial = fmpq_poly(coefficients)
        inner = self.cell.inside(roots(polynomial))
        if inner:
            raise CutCell(inner)
        if self.cell.at is not None:
            return self._at_point(_polynomial_term(coefficients))
        s = self.cell.samples()[0]
        value = polynomial(fmpq(s.numerator, s.denominator))
        return POSITIVE if value > 0 else NEGATIVE

    def _at_point(self, t: Term) -> Signs:
        """The sign at the point that the cell is, where balls can tell."""
        assert self.cell.at is not None
        for bits in (64, 256, 1024):
            with ctx.workprec(bits):
                try:
                    v = Evaluation(self.cell.at.ball(bits)).of(t)
                except (Unclear, Undefined):
                    continue
                if v > 0 or v < 0:
                    return POSITIVE if v > 0 else NEGATIVE
                if v == 0:
                    return NONE
        return ANY

    def _assumed(self, p: Poly) -> Signs:
        """What the assumptions say of a polynomial, of its negative, or of its rest modulo one that is zero."""
        found = ANY
        e = Element(p, scalar(1))
        for a in self.assumptions:
            atom = self.forms.of(a.atom)
            if a.signs == NONE and not atom.top.is_constant():
                rest = divide(p, atom.top)[1]
                if rest != p:
                    found &= self.known(rest)
            if self.generators.vanishes(atom - e):
                found &= a.signs
            elif self.generators.vanishes(atom + e):
                found &= frozenset(-s for s in a.signs)
        return found

    def decide(self, e: Element | Term, yes: Signs) -> bool:
        """Whether the sign is always, or never, one of these; the region is split if it may be either.

        Raises
        ------
        CutCell, AskSign
            Cases that have to be distinguished first.
        Empty
            No sign is possible.
        """
        quick = ANY
        if isinstance(e, Term):
            quick = self._quick(e)
            if quick <= yes or not quick & yes:
                return quick <= yes
            e = self.forms.of(e)
        e = self.generators.reduced(e)
        if e.top.is_zero():
            return 0 in yes
        sign, factors = self._factored(e)
        signs = self._product_signs(sign, factors) & quick
        if not signs:
            raise Empty
        return self._split(sign, factors, yes) if signs & yes and signs - yes else signs <= yes

    def _quick(self, t: Term) -> Signs:
        """Signs that need no algebra."""
        if not t.has_x:
            sign = constant_sign(t)
            return ANY if sign is None else frozenset({sign})
        if self.cell.at is not None:
            return self._at_point(t)
        s = self.span(t)
        return s.signs or ANY

    def _split(self, sign: int, factors: list[tuple[Poly, int]], yes: Signs) -> bool:
        """Ask for the sign of a factor that is not settled."""
        signs = [self._irreducible(p) - (NONE if k < 0 else frozenset()) for p, k in factors]
        open_ = [i for i, s in enumerate(signs) if len(s) > 1]
        (p, k), s = factors[open_[0]], signs[open_[0]]
        parts: tuple[Signs, ...] = tuple(frozenset({one}) for one in s)
        rest = self._product_signs(sign, [f for f in factors if f[0] is not p])
        if k % 2 == 0:
            parts = (s & NONZERO, s & NONE)
        elif len(open_) == 1 and len(rest) == 1 and 0 not in rest:
            wanted = frozenset(one for one in s if one * next(iter(rest)) in yes)
            parts = (wanted, s - wanted)
        parts = tuple(part for part in parts if part)
        if len(parts) < 2:
            raise TooHard("an empty case distinction")
        raise AskSign(self.generators.polynomial_term(p), parts)

    # -- terms ----------------------------------------------------------------------------------
    def resolve(self, t: Term) -> Term:
        """The expression without cases that a plain term is on the region.

        Raises
        ------
        Nowhere
            It is undefined there.
        """
        if t not in self._resolved:
            tick()
            try:
                self._resolved[t] = self._resolve(t)
            except Nowhere:
                self._resolved[t] = None
        found = self._resolved[t]
        if found is None:
            raise Nowhere
        return found

    def _resolve(self, t: Term) -> Term:
        if not t.args:
            return t
        if t.op == "piecewise":
            for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
                if self.holds(condition):
                    return self.resolve(value)
            raise Nowhere
        args = tuple(self.resolve(a) for a in t.args)
        u = args[0]
        if t.op == "Abs":
            return u if self.decide(u, NOT_NEGATIVE) else mul(num(-1), u)
        if t.op == "Max":
            top = args[0]
            for a in args[1:]:
                top = top if a == top or self.decide(minus(top, a), NOT_NEGATIVE) else a
            return top
        if t.op == "pow":
            return self._resolve_power(u, args[1])
        if t.op == "floor":
            step = self._step(u)
            return apply("floor", u) if step is None else num(step)
        if t.op in BESSEL:
            self._bessel_domain(t.op, args)
        elif t.op == "gamma":
            self._off_the_poles(u)
        elif t.op in FUNCTIONS and (guard := FUNCTIONS[t.op].guard) is not None:
            if t.op in ("asin", "acosh"):
                return self._to_the_edge(t.op, u, guard(u))
            if not self.decide(guard(u), FUNCTIONS[t.op].inside):
                raise Nowhere
        return rebuild(t, args)

    def holds(self, c: Term) -> bool:
        """Whether a condition holds on the region (or nowhere on it)."""
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not self.holds(c.args[0])
        if c.op in ("and", "or"):
            return self._connected(c)
        left, right = (self.resolve(a) for a in c.args)
        return self.decide(minus(left, right), HOLDS[c.op])

    def _connected(self, c: Term) -> bool:
        """One part that settles an ``and`` or an ``or`` is enough; the others need not be defined."""
        settles, defined = c.op == "or", True
        for a in c.args:
            try:
                if self.holds(a) is settles:
                    return settles
            except Nowhere:
                defined = False
        if not defined:
            raise Nowhere
        return not settles

    def _resolve_power(self, base: Term, exponent: Term) -> Term:
        r = exponent.value
        if r is None:
            r = self.forms.of(exponent).rational
            if r is None and exponent.parameters and self.decide(base, NONE):
                return self.given.power_of_zero(self, exponent)
            if r is None and _perhaps_whole(exponent) and not self.decide(base, POSITIVE):
                raise TooHard("an exponent that may be a whole number")
            exponent = exponent if r is None else num(r)
        if r is not None and r.denominator == 1:
            if r < 0 and not self.decide(base, NONZERO):
                raise Nowhere
            return power(base, exponent)
        if self.decide(base, POSITIVE):
            return power(base, exponent)
        if self.decide(base, NONE) and self.decide(exponent, POSITIVE):
            return ZERO
        raise Nowhere

    def _off_the_poles(self, u: Term) -> None:
        """Go on where the gamma function is defined."""
        if self._quick(u) <= POSITIVE or self.known_element(self.forms.of(u)) <= POSITIVE:
            return
        if not self.decide(apply("sin", PI * u), NONZERO) and not self.decide(u, POSITIVE):
            raise Nowhere

    def _to_the_edge(self, op: str, u: Term, room: Term) -> Term:
        """``asin`` and ``acosh``, with the ends of their domains apart."""
        if self.decide(room, POSITIVE):
            return apply(op, u)
        if self.decide(room, NONE):
            return mul(num(1, 2), PI, u) if op == "asin" else ZERO
        raise Nowhere

    def _step(self, u: Term) -> int | None:
        """The value of ``floor(u)`` where it is one number on all of the cell."""
        if self.cell.at is not None:
            return None
        s = self.span(u)
        if not s.bounded or s.high - s.low > 2 or abs(s.low) > 2**64:
            return None
        step = int(((s.low + s.high) / 2).mid().floor().unique_fmpz() or 0)
        if s.low < step - _NEAR or s.high > step + 1 + _NEAR:
            return None
        from_below = s.low >= step or self.known_element(self.forms.of(minus(u, num(step)))) <= {0, 1}
        to_above = s.high < step + 1 or self.known_element(self.forms.of(minus(num(step + 1), u))) <= {1}
        return step if from_below and to_above else None

    def _bessel_domain(self, op: str, args: tuple[Term, ...]) -> None:
        order = args[0].value
        if order is None:
            raise TooHard("the order of a Bessel function")
        if op != "bessely" and order.denominator == 1:
            return
        if self.decide(args[1], POSITIVE):
            return
        if op == "bessely" or order <= 0 or not self.decide(args[1], NONE):
            raise Nowhere
        raise TooHard("a Bessel function of broken order at zero")


_NEAR = 2.0**-20  # how far the ends of a ball may be off, where an exact comparison is worth while


def _perhaps_whole(exponent: Term) -> bool:
    with ctx.workprec(256):
        try:
            return bool(Evaluation(arb(1)).of(exponent).contains_integer())
        except (Unclear, Undefined):
            return True


def _polynomial_term(coefficients: list[fmpq]) -> Term:
    return add(*(mul(num(int(c.p), int(c.q)), power(X, num(k))) for k, c in enumerate(coefficients) if c))
