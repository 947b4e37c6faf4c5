"""The value of a term in ``x > 0`` and parameters as a quotient, under conditions on the parameters.

Cases (``Max``, ``Abs``, ``Piecewise``) and domains are decided on the way; where the conditions do not say enough,
:class:`Ask` names the term whose sign is needed.  The search works with these values; what it finds is verified
by the checker, which knows nothing of them.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flint import fmpq, fmpz

from intertwine.calculus.budget import check
from intertwine.parameters import circular
from intertwine.parameters.conditions import (
    ANY,
    MINUS,
    NONZERO_SIGNS,
    PLUS,
    ZERO_SIGN,
    Ask,
    Conditions,
    Signs,
    Undefined,
    Unsupported,
)
from intertwine.parameters.onevariable import constant_signs, possible_signs
from intertwine.parameters.ring import Atom, Element, Poly, Ring, factored, number, scalar
from intertwine.terms import PI, Term, X, apply, mul, num, power

ODD = frozenset({"erf", "atan", "asin", "asinh", "Si", "fresnels", "fresnelc", "cbrt"})
OPAQUE = ODD | {"airyai", "airybi", "acosh", "atanh", "loggamma", "Ci", "sinc"}
LIKE_ARGUMENT = frozenset({"erf", "atan", "asin", "asinh", "cbrt"})


class Field:
    """Values of terms where ``x > 0`` and the conditions hold."""

    def __init__(self, conditions: Conditions, whole: frozenset[str] = frozenset()) -> None:
        self.conditions, self.broken = conditions, whole
        self.ring = Ring()
        self._known: dict[Term, Element] = {}
        self._facts: list[tuple[Poly, Signs]] = []
        self._zeros: list[Poly] = []
        for c in conditions:
            self._learn(c.atom, c.signs)
        self._signs: dict[str, Signs] = {}
        self._known.clear()

    def _learn(self, atom: Term, signs: Signs) -> None:
        try:
            e = self.ring.reduced(self.of(atom))
        except (Ask, Unsupported, Undefined):
            return
        self._signs = {}
        content, parts = factored(e.top)
        if len(parts) == 1 and parts[0][1] == 1:
            sense = (1 if content > 0 else -1) * self._denominator_sign(e.bottom)
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

    def _denominator_sign(self, p: Poly) -> int:
        signs = self.sign(Element(p, scalar(1)))
        return next(iter(signs)) if len(signs) == 1 else 0

    # -- values ------------------------------------------------------------------
    def of(self, t: Term) -> Element:
        """The value of a core term.

        Raises
        ------
        Ask, Undefined, Unsupported
        """
        known = self._known.get(t)
        if known is None:
            check()
            known = self._known[t] = self.simplified(self._of(t))
        return known

    def simplified(self, e: Element) -> Element:
        """The value with the relations of the atoms and the conditions ``... = 0`` applied."""
        e = self.ring.reduced(e)
        top = e.top
        for z in self._zeros:
            top = divmod(top, z)[1] if not top.is_zero() else top
        return e if top == e.top else self.ring.reduced(Element(top, scalar(1)) / Element(e.bottom, scalar(1)))

    def _of(self, t: Term) -> Element:
        if t.value is not None:
            return number(fmpq(t.value.numerator, t.value.denominator))
        rule: dict[str, Callable[[Term], Element]] = {
            "x": lambda t: self.ring.atom(Atom(X, positive=True)), "pi": lambda t: self.pi,
            "E": lambda t: self.exp(number(1)), "add": self._sum, "mul": self._product, "pow": self._power,
            "piecewise": self._piecewise, "exp": lambda t: self.exp(self.of(t.args[0])), "log": self._log,
            "sin": self._sine, "cos": self._sine, "tan": self._sine, "sinh": self._hyperbolic,
            "cosh": self._hyperbolic, "tanh": self._hyperbolic, "Abs": self._absolute, "sign": self._signum,
            "Max": self._maximum,
        }  # fmt: skip
        if t.is_parameter:
            return self.ring.atom(Atom(t, positive=any(c.atom == t and c.signs == PLUS for c in self.conditions)))
        if t.op in rule:
            return rule[t.op](t)
        if t.op in OPAQUE:
            return self._opaque(t.op, self.of(t.args[0]))
        if t.op in ("besselj", "besseli"):
            u = self.of(t.args[1])
            return self.ring.atom(Atom(apply(t.op, t.args[0], self.ring.term(u)), u))
        raise Unsupported(t.op)

    @property
    def pi(self) -> Element:
        """The number pi."""
        return self.ring.atom(Atom(PI, positive=True))

    def _sum(self, t: Term) -> Element:
        total = number(0)
        for a in t.args:
            total = total + self.of(a)
        return total

    def _product(self, t: Term) -> Element:
        total = number(1)
        for a in t.args:
            total = total * self.of(a)
        return total

    def _power(self, t: Term) -> Element:
        base, exponent = self.of(t.args[0]), self.of(t.args[1])
        r = exponent.rational
        if t.args[1].has_x:
            if not self.decide(base, PLUS):
                raise Undefined
            return self.exp(exponent * self.log(base))
        if r is not None and r.q == 1:
            if r < 0 and not self.decide(base, NONZERO_SIGNS):
                raise Undefined
            return base ** int(r.p)
        if self.decide(base, PLUS):
            return self.exp(exponent * self.log(base))
        if r is None and self.decide(base, MINUS):
            e = t.args[1]
            if e.is_parameter and e.op[1:] not in self.broken:
                raise Ask(e, (), integer=True)
            if not e.is_parameter:
                raise Unsupported("an exponent that may be a whole number")
        if not self.decide(base, ZERO_SIGN) or not self.decide(exponent, PLUS):
            raise Undefined
        return number(0)

    def _piecewise(self, t: Term) -> Element:
        for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
            if self.holds(condition):
                return self.of(value)
        raise Undefined

    def holds(self, c: Term) -> bool:
        """Whether a condition of a ``Piecewise`` holds."""
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not self.holds(c.args[0])
        if c.op in ("and", "or"):
            settles, defined = c.op == "or", True
            for a in c.args:
                try:
                    if self.holds(a) is settles:
                        return settles
                except Undefined:
                    defined = False
            if not defined:
                raise Undefined
            return not settles
        yes = {"lt": MINUS, "le": MINUS | ZERO_SIGN, "eq": ZERO_SIGN, "ne": NONZERO_SIGNS}[c.op]
        return self.decide(self.of(c.args[0]) - self.of(c.args[1]), yes)

    def exp(self, e: Element) -> Element:
        """The exponential."""
        total = number(1)
        for c, unit in self.ring.pieces(self.simplified(e)):
            total = total * self._exp(c, unit)
        return total

    def _exp(self, c: fmpq, unit: Element) -> Element:
        atom = self.ring.only(unit.top) if unit.bottom.is_constant() else None
        if atom is not None and atom.term.op == "log" and atom.argument is not None:
            return self._magnitude_power(atom.argument, c)
        q = int(c.q)
        term = apply("exp", mul(self.ring.term(unit), num(1, q)))
        return self.ring.atom(Atom(term, unit * number(fmpq(1, q)), positive=True)) ** int(c.p)

    def _magnitude_power(self, base: Element, c: fmpq) -> Element:
        """``|base|**c`` for an irreducible polynomial or a prime that is not zero."""
        size = base if PLUS >= self.sign(base) else -base if MINUS >= self.sign(base) else None
        if size is None:
            raise Unsupported("a power of something of unknown sign")
        if c.q == 1:
            return size ** int(c.p)
        root = Atom(power(self.ring.term(size), num(1, int(c.q))), size, positive=True, degree=int(c.q), relation=size)
        return self.ring.atom(root) ** int(c.p)

    def _log(self, t: Term) -> Element:
        u = self.of(t.args[0])
        if not self.decide(u, PLUS):
            raise Undefined
        return self.log(u)

    def log(self, e: Element) -> Element:
        """The logarithm of the absolute value of something that is not zero."""
        total = number(0)
        for p, way in ((e.top, 1), (e.bottom, -1)):
            content, parts = factored(p)
            for n, sense in ((abs(int(content.p)), way), (int(content.q), -way)):
                if n.bit_length() > 120:
                    raise Unsupported("a large number")
                for prime, k in fmpz(n).factor() if n > 1 else ():
                    prime_element = number(int(prime))
                    total = total + number(int(k) * sense) * self._log_atom(prime_element)
            for q, k in parts:
                total = total + number(k * way) * self._log_atom(Element(q, scalar(1)))
        return total

    def _log_atom(self, f: Element) -> Element:
        atom = self.ring.only(f.top)
        if atom is not None and atom.argument is not None and atom.term.op == "exp":
            return atom.argument
        if atom is not None and atom.degree and atom.term.op == "pow" and atom.argument is not None:
            return self.log(atom.argument) * number(fmpq(1, atom.degree))
        signs = self.sign(f)
        size = f if signs <= PLUS else -f if signs <= MINUS else None
        inner = apply("Abs", self.ring.term(f)) if size is None else self.ring.term(size)
        return self.ring.atom(Atom(apply("log", inner), f))

    def _sine(self, t: Term) -> Element:
        cosine, sine = circular.turn(self, self.of(t.args[0]))
        if t.op == "tan":
            if not self.decide(cosine, NONZERO_SIGNS):
                raise Undefined
            return sine / cosine
        return sine if t.op == "sin" else cosine

    def _hyperbolic(self, t: Term) -> Element:
        e = self.exp(self.of(t.args[0]))
        square = e * e
        if t.op == "tanh":
            return (square - number(1)) / (square + number(1))
        return (square + number(1 if t.op == "cosh" else -1)) / (number(2) * e)

    def _opaque(self, op: str, u: Element) -> Element:
        room = {"asin": number(1) - u * u, "atanh": number(1) - u * u, "acosh": u - number(1)}.get(op, u)
        if op in ("loggamma", "Ci", "atanh") and not self.decide(room, PLUS):
            raise Undefined
        if op in ("asin", "acosh") and not self.decide(room, PLUS | ZERO_SIGN):
            raise Undefined
        if op in ODD and u.top.is_zero():
            return u
        turned = op in ODD and u.top.leading_coefficient() < 0
        u = -u if turned else u
        found = self.ring.atom(Atom(apply(op, self.ring.term(u)), u))
        return -found if turned else found

    def _absolute(self, t: Term) -> Element:
        u = self.of(t.args[0])
        return u if self.decide(u, PLUS | ZERO_SIGN) else -u

    def _signum(self, t: Term) -> Element:
        u = self.of(t.args[0])
        return number(1 if self.decide(u, PLUS) else -1 if self.decide(u, MINUS) else 0)

    def _maximum(self, t: Term) -> Element:
        best = self.of(t.args[0])
        for a in t.args[1:]:
            other = self.of(a)
            best = best if self.decide(best - other, PLUS | ZERO_SIGN) else other
        return best

    # -- signs -------------------------------------------------------------------
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
