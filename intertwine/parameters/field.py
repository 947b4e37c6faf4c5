"""The value of a term in ``x > 0`` and parameters as a quotient, under conditions on the parameters.

Cases (``Max``, ``Abs``, ``Piecewise``) and domains are decided on the way; where the conditions do not say enough,
:class:`Ask` names the term whose sign is needed.  The search works with these values; what it finds is verified
by the checker, which knows nothing of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from flint import fmpq, fmpz

from intertwine.calculus.budget import check
from intertwine.parameters import circular
from intertwine.parameters.conditions import (
    MINUS,
    NONZERO_SIGNS,
    PLUS,
    ZERO_SIGN,
    Ask,
    Conditions,
    Undefined,
    Unsupported,
)
from intertwine.parameters.ring import Atom, Element, factored, number, scalar
from intertwine.parameters.signs import SignedRing
from intertwine.terms import PI, Term, X, apply, mul, num, power

ODD = frozenset({"erf", "atan", "asin", "asinh", "Si", "fresnels", "fresnelc", "cbrt"})
OPAQUE = ODD | {"airyai", "airybi", "acosh", "atanh", "loggamma", "Ci", "sinc"}


class Field(SignedRing):
    """Values of terms where ``x > 0`` and the conditions hold."""

    def __init__(self, conditions: Conditions, broken: frozenset[str] = frozenset()) -> None:
        super().__init__(conditions)
        self.broken = broken
        self._known: dict[Term, Element] = {}
        for c in conditions:
            with contextlib.suppress(Ask, Unsupported, Undefined):
                self.learn(self.ring.reduced(self.of(c.atom)), c.signs)
        self._known.clear()
        self._signs.clear()

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
