"""Smooth core terms as elements of a tower: exponentials, logarithms, roots, and the rest.

The rules are identities of real functions, valid wherever both sides are defined:
``exp(a+b) = exp(a) exp(b)``, ``log|pq| = log|p| + log|q|``, ``sin`` and ``cos`` through
``exp(i u)``, roots of products, recurrences of gamma and Bessel functions, and the
definitions of the inverse hyperbolic functions.  Breaks (``Abs``, ``Max``, ``sign``,
``piecewise``) have to be resolved before.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import fmpq

from intertwine.calculus import roots
from intertwine.calculus.budget import check
from intertwine.calculus.special import bessel, gamma_function, special_value
from intertwine.calculus.tower import (
    Element,
    Generator,
    NoNormalForm,
    Tower,
    cancel,
    constant_poly,
    divided,
    rational,
)
from intertwine.terms import PI, Term, X, apply, num

ODD = frozenset({"atan", "asin", "erf", "Si", "fresnels", "fresnelc"})
SIGN_OF_ARGUMENT = frozenset({"atan", "asin", "erf", "LambertW", "gamma"})  # positive where the argument is
OPAQUE = ODD | {"LambertW", "airyai", "airybi", "airyaiprime", "airybiprime", "Ci", "floor", "digamma"}


class NormalForm:
    """Elements of one tower for terms in ``x``; the tower grows as terms come in."""

    def __init__(self, tower: Tower, is_integer: Callable[[Term, bool], bool | None]) -> None:
        self.tower = tower
        self.is_integer = is_integer
        self.memo: dict[Term, Element] = {}
        self.floors = False  # a step function occurs: derivatives prove nothing
        self._rules: dict[str, Callable[[Term], Element]] = {
            "add": self._sum, "mul": self._product, "pow": self._power, "sin": self._trigonometric,
            "cos": self._trigonometric, "tan": self._trigonometric, "sinc": self._trigonometric,
            "sinh": self._hyperbolic, "cosh": self._hyperbolic, "tanh": self._hyperbolic,
            "asinh": self._area, "acosh": self._area, "atanh": self._area, "cbrt": lambda t: roots.cube_root(self, t),
            "loggamma": lambda t: self.log(gamma_function(self, self.of(t.args[0]))),
            "Abs": lambda t: roots.absolute_value(self, t),
            "gamma": lambda t: gamma_function(self, self.of(t.args[0])),
        }  # fmt: skip

    # -- atoms -----------------------------------------------------------------
    def of(self, t: Term) -> Element:
        """The element of a smooth core term.

        Raises
        ------
        NoNormalForm
            A break or an unsupported function occurs, or the element grew too large.
        """
        known = self.memo.get(t)
        if known is None:
            check()
            known = self.memo[t] = self.tower.reduce(self._of(t))
        return known

    def _of(self, t: Term) -> Element:
        op = t.op
        if t.value is not None:
            return rational(fmpq(t.value.numerator, t.value.denominator))
        if op == "x":
            return self.x
        if op == "pi":
            return self.pi
        if op == "E":
            return self.exp(rational(1))
        if op == "exp":
            return self.exp(self.of(t.args[0]))
        if op == "log":
            return self.log(self.of(t.args[0]))
        rule = self._rules.get(op)
        if rule is not None:
            return rule(t)
        if op in ("besselj", "bessely", "besseli"):
            order = t.args[0].value
            if order is None:
                raise NoNormalForm("Bessel order")
            return bessel(self, op, fmpq(order.numerator, order.denominator), self.of(t.args[1]))
        if op in OPAQUE:
            return self.opaque(op, self.of(t.args[0]))
        raise NoNormalForm(op)

    @property
    def x(self) -> Element:
        """The variable."""
        return self.tower.generator(Generator(("x",), X, constant=False, positive=True))

    @property
    def pi(self) -> Element:
        """The constant pi."""
        return self.tower.generator(Generator(("pi",), PI, constant=True, positive=True))

    @property
    def i(self) -> Element:
        """The imaginary unit."""
        return self.tower.generator(
            Generator(("i",), num(0), constant=True, imaginary=True, power=2, relation=rational(-1))
        )

    def _sum(self, t: Term) -> Element:
        total = rational(0)
        for a in t.args:
            total = total + self.of(a)
        return total

    def _product(self, t: Term) -> Element:
        total = rational(1)
        for a in t.args:
            total = total * self.of(a)
        return total

    def term(self, e: Element) -> Term:
        """An element as a term.

        Raises
        ------
        NoNormalForm
            The imaginary unit occurs.
        """
        if self.tower.is_imaginary(e.num) or self.tower.is_imaginary(e.den):
            raise NoNormalForm("no real term")
        numerator = self.tower.term_of(e.num)
        if e.den.is_constant():
            return numerator
        return numerator / self.tower.term_of(e.den)

    # -- exponentials ------------------------------------------------------------
    def pieces(self, e: Element) -> list[tuple[fmpq, Element]]:
        """``e`` as a sum of rational multiples of monomials and one proper fraction."""
        whole, rest = (e.num, None) if e.den.is_constant() else divided(e.num, e.den)
        result: list[tuple[fmpq, Element]] = []
        for monomial, coefficient in whole.to_dict().items():
            unit = whole.context().from_dict({monomial: fmpq(1)})
            result.append((fmpq(coefficient), Element(unit, constant_poly(1))))
        if rest is not None and not rest.is_zero():
            lead = fmpq(rest.leading_coefficient())
            result.append((lead, cancel(rest / lead, e.den)))
        return result

    def exp(self, a: Element) -> Element:
        """The exponential of an element."""
        total = rational(1)
        for c, unit in self.pieces(self.tower.reduce(a)):
            total = total * self._exp_piece(c, unit)
        return total

    def _single(self, unit: Element) -> list[Generator]:
        """The generators of a monomial, with repetition; empty for a proper fraction."""
        if not unit.den.is_constant():
            return []
        ((monomial, _),) = unit.num.to_dict().items()
        return [self.tower.generators[i] for i, d in enumerate(monomial) for _ in range(int(d))]

    def _exp_piece(self, c: fmpq, unit: Element) -> Element:
        factors = self._single(unit)
        heads = [g.family[0] for g in factors]
        if heads == ["log"]:
            return roots.root_power(self, factors[0].family[1], c)
        if sorted(heads) == ["i", "pi"]:
            return self._root_of_unity(c)
        if sorted(heads) in (["atan", "i"], ["asin", "i"]) and c.q == 1:
            inner = next(g for g in factors if g.family[0] != "i")
            assert inner.argument is not None
            return self._turn(inner.family[0], inner.argument) ** int(c.p)
        if heads == ["LambertW"] and c.q == 1:
            assert factors[0].argument is not None
            return (factors[0].argument / unit) ** int(c.p)
        family = ("exp", unit.key)
        family, unit_exponent, times = self.tower.multiple(family, c, abs(c))
        imaginary = self.tower.is_imaginary(unit.num) or self.tower.is_imaginary(unit.den)
        argument = unit * rational(unit_exponent)
        term = num(0) if imaginary else apply("exp", self.term(argument))
        g = self.tower.generator(
            Generator(family, term, constant=self.tower.is_constant(unit), positive=not imaginary, argument=argument,
                      imaginary=imaginary)
        )
        return g**times

    def _turn(self, name: str, u: Element) -> Element:
        """``exp(i atan u)`` or ``exp(i asin u)``."""
        if name == "atan":
            return (rational(1) + self.i * u) / self.rational_power(rational(1) + u * u, fmpq(1, 2))
        return self.rational_power(rational(1) - u * u, fmpq(1, 2)) + self.i * u

    def _root_of_unity(self, c: fmpq) -> Element:
        """``exp(i pi c)``."""
        q = int(c.q)
        if 12 % q:
            g = self.tower.generator(
                Generator(("unity", q), num(0), constant=True, imaginary=True, power=q, relation=rational(-1))
            )
            return g ** (int(c.p) % (2 * q))
        k = int(c.p) * (12 // q) % 24  # exp(i pi k/12)
        half = rational(fmpq(1, 2))
        third = half * (rational(1) + self.i * self.rational_power(rational(3), fmpq(1, 2)))
        quarter = half * (rational(1) + self.i) * self.rational_power(rational(2), fmpq(1, 2))
        if k % 6 == 0:
            return self.i ** (k // 6)
        if k % 4 == 0:
            return self.tower.reduce(third ** (k // 4))
        if k % 3 == 0:
            return self.tower.reduce(quarter ** (k // 3))
        b = -k % 4 or 4  # k = 4a + 3b
        a = ((k - 3 * b) // 4) % 6
        return self.tower.reduce(third**a * quarter**b)

    def _trigonometric(self, t: Term) -> Element:
        u = self.of(t.args[0])
        z = self.exp(self.i * u)
        if t.op == "cos":
            return (z + rational(1) / z) / rational(2)
        sine = (z - rational(1) / z) / (rational(2) * self.i)
        if t.op == "tan":
            return sine * rational(2) / (z + rational(1) / z)
        return sine / u if t.op == "sinc" else sine

    def _hyperbolic(self, t: Term) -> Element:
        e = self.exp(self.of(t.args[0]))
        plus, minus = e + rational(1) / e, e - rational(1) / e
        if t.op == "tanh":
            return minus / plus
        return (plus if t.op == "cosh" else minus) / rational(2)

    def _area(self, t: Term) -> Element:
        u = self.of(t.args[0])
        if not u.num.is_zero() and u.num.leading_coefficient() < 0 and t.op != "acosh":
            return -self._area_of(t.op, -u)
        return self._area_of(t.op, u)

    def _area_of(self, op: str, u: Element) -> Element:
        if op == "atanh":
            return (self.log(rational(1) + u) - self.log(rational(1) - u)) / rational(2)
        inside = u * u + rational(1 if op == "asinh" else -1)
        return self.log(u + self.rational_power(inside, fmpq(1, 2)))

    def _power(self, t: Term) -> Element:
        base, exponent = t.args
        u, e = self.of(base), self.of(exponent)
        r = e.rational_value
        if r is not None:
            if r.q == 1:
                if r < 0 and self.tower.is_zero(u):
                    raise NoNormalForm("division by zero")
                return u ** int(r.p)
            return self.rational_power(u, r)
        return self.exp(e * self.log(u))

    # -- logarithms and roots ------------------------------------------------------
    def log(self, u: Element) -> Element:
        """``log|u|``."""
        return roots.logarithm(self, u)

    def rational_power(self, u: Element, r: fmpq) -> Element:
        """``u**r`` for an element known to be positive (or nonnegative) on the region."""
        return roots.rational_power(self, u, r)

    # -- functions without further structure -----------------------------------------
    def opaque(self, name: str, u: Element, parameters: tuple[Any, ...] = ()) -> Element:
        """A generator for ``name(u)``, after exact special values, parity and integer shifts."""
        u = self.tower.reduce(u)
        value = special_value(self, name, u)
        if value is not None:
            return value
        if name == "floor":
            return self._floor(u)
        negative = not u.num.is_zero() and u.num.leading_coefficient() < 0
        if negative and name in ODD:
            return -self.opaque(name, -u)
        return self.opaque_generator(name, u, parameters)

    def opaque_generator(self, name: str, u: Element, parameters: tuple[Any, ...] = ()) -> Element:
        """The generator itself."""
        imaginary = self.tower.is_imaginary(u.num) or self.tower.is_imaginary(u.den)
        orders = tuple(num(int(q.p), int(q.q)) for q in parameters)
        term = num(0) if imaginary else apply(name, *orders, self.term(u))
        positive = name in SIGN_OF_ARGUMENT and not imaginary and self._is_positive(u)
        return self.tower.generator(
            Generator((name, tuple(str(q) for q in parameters), u.key), term, self.tower.is_constant(u), positive,
                      argument=u, imaginary=imaginary)
        )

    def _is_positive(self, u: Element) -> bool:
        signs = [self.tower.sign_of(p) for p in (u.num, u.den)]
        return None not in signs and (signs[0] or 0) * (signs[1] or 0) > 0

    def _floor(self, u: Element) -> Element:
        """``floor(u)``: integer summands leave, and ``floor(-v)`` becomes ``-floor(v) - 1`` or ``-v``."""
        self.floors = True
        whole = rational(0)
        for c, unit in self.pieces(u):
            if unit.rational_value == 1:
                whole = whole + rational(int(c.floor()))
            elif [g.family[0] for g in self._single(unit)] == ["floor"]:
                whole = whole + rational(int(c.floor())) * unit
        rest = u - whole
        if rest.rational_value is not None:
            return whole + rational(int(rest.rational_value.floor()))
        if self.tower.is_imaginary(rest.num) or self.tower.is_imaginary(rest.den):
            return whole + self.opaque_generator("floor", rest)
        if rest.num.leading_coefficient() < 0:
            if self.is_integer(self.term(-rest), True):
                return whole + rest
            return whole - self._floor(-rest) - rational(1)
        if self.is_integer(self.term(rest), False):
            return whole + rest
        return whole + self.opaque_generator("floor", rest)
