"""The possible signs of quotients in ``x > 0`` and parameters, by what the conditions say."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq

from intertwine.parameters.conditions import (
    ANY,
    MINUS,
    NONZERO_SIGNS,
    PLUS,
    ZERO_SIGN,
    Ask,
    Conditions,
    Signs,
    Unsupported,
)
from intertwine.parameters.onevariable import constant_signs, possible_signs
from intertwine.parameters.ring import Atom, Element, Poly, Ring, factored, scalar
from intertwine.terms import Term, X, apply

LIKE_ARGUMENT = frozenset({"erf", "atan", "asin", "asinh", "cbrt"})


class SignedRing:
    """A ring of atoms, and what is known of the signs of polynomials in them."""

    def __init__(self, conditions: Conditions) -> None:
        self.conditions = conditions
        self.ring = Ring()
        self._facts: list[tuple[Poly, Signs]] = []
        self._zeros: list[Poly] = []
        self._signs: dict[str, Signs] = {}

    def learn(self, e: Element, signs: Signs) -> None:
        """The sign of a value is one of these, from now on."""
        self._signs = {}
        content, parts = factored(e.top)
        if len(parts) == 1 and parts[0][1] == 1:
            below = self.sign(Element(e.bottom, scalar(1)))
            sense = (1 if content > 0 else -1) * (next(iter(below)) if len(below) == 1 else 0)
            if sense:
                self._facts.append((parts[0][0], frozenset(s * sense for s in signs)))
            elif 0 not in signs:
                self._facts.append((parts[0][0], NONZERO_SIGNS))
        elif 0 not in signs:
            self._facts += [(q, NONZERO_SIGNS) for q, _ in parts]
        if signs == ZERO_SIGN and not e.top.is_constant():
            self._zeros.append(e.top)
            sine = self.ring.only(parts[0][0]) if len(parts) == 1 else None
            if sine is not None and sine.term.op == "sin" and sine.relation is not None:
                self._zeros.append(sine.relation.top)

    def simplified(self, e: Element) -> Element:
        """The value with the relations of the atoms and the conditions ``... = 0`` applied."""
        e = self.ring.reduced(e)
        top = e.top
        for z in self._zeros:
            top = divmod(top, z)[1] if not top.is_zero() else top
        return e if top == e.top else self.ring.reduced(Element(top, scalar(1)) / Element(e.bottom, scalar(1)))

    def sign(self, e: Element) -> Signs:
        """The possible signs of a value."""
        e = self.simplified(e)
        if e.top.is_zero():
            return ZERO_SIGN
        total, factors = self.factors(e)
        found: Signs = frozenset({total})
        for p, k in factors:
            signs = self.irreducible(p) - (ZERO_SIGN if k < 0 else frozenset())
            found = frozenset(s * (t ** abs(k)) for s in found for t in signs)
        return found

    def factors(self, e: Element) -> tuple[int, list[tuple[Poly, int]]]:
        """A sign, and irreducible polynomials with exponents."""
        total, found = 1, []
        for p, way in ((e.top, 1), (e.bottom, -1)):
            content, parts = factored(p)
            total *= 1 if content > 0 else -1
            found += [(q, k * way) for q, k in parts]
        return total, found

    def irreducible(self, p: Poly) -> Signs:
        """The possible signs of an irreducible polynomial with positive leading coefficient."""
        key = str(p)
        if key not in self._signs:
            self._signs[key] = ANY  # while it is being found
            self._signs[key] = self._irreducible(p)
        return self._signs[key]

    def _irreducible(self, p: Poly) -> Signs:
        found = self._by_monomials(p)
        for q, signs in self._facts:
            if q == p:
                found &= signs
        if len(found) > 1 and int(p.total_degree()) == 1:
            found &= self._as_sum(p)
        if len(found) > 1:
            found &= self._of_atom(p)
        if len(found) > 1:
            term = self.ring.polynomial_term(p)
            names = sorted(term.parameters)
            if not names and not term.has_x:
                found &= constant_signs(term)
            elif not names:
                found &= possible_signs(term, Fraction(0), None, ())  # where x > 0
            elif len(names) == 1 and not term.has_x:
                found &= self._in_one_parameter(term, names[0])
        return found

    def _as_sum(self, p: Poly) -> Signs:
        """A linear polynomial as a multiple of what the conditions speak of, and a rest of the same sign."""
        own = dict(p.to_dict())
        for q, signs in self._facts:
            if len(signs) == 3 or signs >= NONZERO_SIGNS:
                continue
            for monomial, c in q.to_dict().items():
                if monomial not in own:
                    continue
                factor = fmpq(own[monomial]) / fmpq(c)
                first = frozenset(s * (1 if factor > 0 else -1) for s in signs)
                found = _added(first, self._rest(p - q * factor))
                if len(found) < 3:
                    return found
        return ANY

    def _rest(self, rest: Poly) -> Signs:
        if rest.is_zero():
            return ZERO_SIGN
        found = self._by_monomials(rest)
        for q, signs in self._facts:
            factor = fmpq(rest.leading_coefficient()) / fmpq(q.leading_coefficient())
            if rest == q * factor:
                found &= frozenset(s * (1 if factor > 0 else -1) for s in signs)
        return found

    def _of_atom(self, p: Poly) -> Signs:
        atom = self.ring.only(p)
        sine = self.sine_for(p)
        if sine is not None:
            place = self.ring.place(sine)
            known = [signs for q, signs in self._facts if place is not None
                     and self.ring.only(q) is self.ring.atoms[place]]
            return NONZERO_SIGNS if any(0 not in signs for signs in known) else ANY
        if atom is None or atom.argument is None:
            return ANY
        if atom.term.op in LIKE_ARGUMENT:
            return self.sign(atom.argument)
        other = {"sin": "cos", "cos": "sin"}.get(atom.term.op)
        if other is not None:  # cosine and sine of one angle are not both zero
            place = self.ring.place(apply(other, *atom.term.args))
            if any(signs == ZERO_SIGN and self.ring.only(q) is self.ring.atoms[place] for q, signs in self._facts
                   if place is not None):
                return NONZERO_SIGNS
        return ANY

    def sine_for(self, p: Poly) -> Term | None:
        """``sin(u)`` for the factors ``cos(u) - 1`` and ``cos(u) + 1`` of its square."""
        used = self.ring.used(p)
        if len(used) == 1 and self.ring.atoms[used[0]].term.op == "cos" and p.degrees()[used[0]] == 1 and len(p) == 2:
            low, high = self.ring.coefficients(p, used[0])
            if abs(fmpq(low.leading_coefficient())) == abs(fmpq(high.leading_coefficient())):
                return apply("sin", *self.ring.atoms[used[0]].term.args)
        return None

    def _in_one_parameter(self, term: Term, name: str) -> Signs:
        low, high, without = self.range_of(name)
        return possible_signs(term.with_parameters({name: X}), low, high, without)

    def range_of(self, name: str) -> tuple[Fraction | None, Fraction | None, tuple[Fraction, ...]]:
        """Bounds of a parameter, and the values that are left out, as the conditions say them."""
        low: Fraction | None = None
        high: Fraction | None = None
        without: list[Fraction] = []
        for p, signs in self._facts:
            used = self.ring.used(p)
            if len(used) != 1 or self.ring.atoms[used[0]].term.op != f"@{name}" or p.degrees()[used[0]] != 1:
                continue
            b, a = (fmpq(c.leading_coefficient()) if not c.is_zero() else fmpq(0)
                    for c in self.ring.coefficients(p, used[0]))
            q = Fraction(int((-b / a).p), int((-b / a).q))
            if 0 not in signs:
                without.append(q)
            if -1 not in signs:
                low = q if low is None else max(low, q)
            if 1 not in signs:
                high = q if high is None else min(high, q)
        return low, high, tuple(without)

    def _by_monomials(self, p: Poly) -> Signs:
        signs: set[int] = set()
        strict = False
        for monomial, c in p.to_dict().items():
            powers = [(self.ring.atoms[i], int(d)) for i, d in enumerate(monomial) if d]
            sense = 1 if fmpq(c) > 0 else -1
            positive = True
            for atom, d in powers:
                if atom.positive:
                    continue
                known = self._atom_signs(atom)
                if d % 2 == 0:
                    positive = positive and 0 not in known
                elif len(known) == 1 and 0 not in known:
                    sense *= next(iter(known))
                else:
                    return ANY
            signs.add(sense)
            strict = strict or positive
        if len(signs) > 1:
            return ANY
        return frozenset(signs if strict else signs | {0})

    def _atom_signs(self, atom: Atom) -> Signs:
        for p, signs in self._facts:
            if self.ring.only(p) is atom:
                return signs
        return ANY

    def decide(self, e: Element, yes: Signs) -> bool:
        """Whether the sign of a value is one of these, or none of them.

        Raises
        ------
        Ask
            It may be either.
        """
        signs = self.sign(e)
        if not signs:
            raise Unsupported("conditions that exclude each other")
        if signs <= yes or not signs & yes:
            return signs <= yes
        _, factors = self.factors(self.simplified(e))
        unknown = [(p, k) for p, k in factors if len(self.irreducible(p)) > 1]
        zero_only = yes in (ZERO_SIGN, NONZERO_SIGNS)
        p = next((p for p, _ in unknown if not zero_only or 0 in self.irreducible(p)), unknown[0][0])
        signs = self.irreducible(p)
        parts = (ZERO_SIGN, NONZERO_SIGNS) if zero_only else tuple(frozenset({s}) for s in (-1, 0, 1) if s in signs)
        raise Ask(self.ring.polynomial_term(p), parts)




def _added(a: Signs, b: Signs) -> Signs:
    """The possible signs of a sum."""
    for side in (PLUS, MINUS):
        if a <= side | ZERO_SIGN and b <= side | ZERO_SIGN:
            return side if side in (a, b) else side | ZERO_SIGN
    return ANY
