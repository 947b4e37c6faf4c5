"""Sums of monomials in primes, pi, logarithms and exponentials: a normal form for exp-log constants.

A *form* is a sum of rational multiples of monomials; a monomial is a product of rational powers of
*atoms*: primes (with exponent in [0, 1)), pi, E, log(p), exp(m), and whatever is left opaque. Logarithms of
products and powers are expanded, exponentials of rational multiples of log(p) become powers, and
exponentials of sums become products. A :class:`Quotient` of forms is closed under everything needed.

Equal forms are equal numbers; different forms prove nothing by themselves.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp
from flint import fmpz

from intertwine.errors import Undecided
from intertwine.groups.balls import enclose
from intertwine.groups.text import show

Monomial = frozenset[tuple[sp.Expr, Fraction]]
Form = Mapping[Monomial, Fraction]

UNIT: Monomial = frozenset()
ONE: Form = {UNIT: Fraction(1)}
MAX_TERMS = 256
MAX_BITS = 1 << 16


def as_sympy(value: Fraction) -> sp.Rational:
    """A fraction as a SymPy number."""
    return sp.Rational(value.numerator, value.denominator)


def as_fraction(value: sp.Rational) -> Fraction:
    """A SymPy rational as a fraction."""
    return Fraction(int(value.p), int(value.q))


def monomial_to_sympy(monomial: Monomial) -> sp.Expr:
    """The product of a monomial's atoms as an expression."""
    return sp.Mul(*(atom ** as_sympy(e) for atom, e in sorted(monomial, key=lambda item: sp.default_sort_key(item[0]))))


def form_to_sympy(form: Form) -> sp.Expr:
    """A form as an expression."""
    return sp.Add(*(as_sympy(c) * monomial_to_sympy(m) for m, c in form.items()))


def plus(f: Form, g: Form, scale: Fraction = Fraction(1)) -> Form:
    """``f + scale*g``."""
    out = dict(f)
    for monomial, c in g.items():
        out[monomial] = out.get(monomial, Fraction(0)) + scale * c
    if len(out) > MAX_TERMS:
        raise Undecided("an exact constant expands into too many terms to be compared")
    return {m: c for m, c in out.items() if c}


def times(f: Form, g: Form) -> Form:
    """``f * g``."""
    out: Form = {}
    if len(f) * len(g) > MAX_TERMS**2:
        raise Undecided("an exact constant expands into too many terms to be compared")
    for m1, c1 in f.items():
        for m2, c2 in g.items():
            out = plus(out, _merge(m1, m2), c1 * c2)
    return out


def _merge(m1: Monomial, m2: Monomial) -> Form:
    exponents = dict(m1)
    for atom, e in m2:
        exponents[atom] = exponents.get(atom, Fraction(0)) + e
    return collect(exponents)


def collect(exponents: Mapping[sp.Expr, Fraction]) -> Form:
    """A product of powers of atoms as a form: whole powers of primes and of sums are multiplied out."""
    coefficient, kept = Fraction(1), {}
    expand: Form = ONE
    for atom, exponent in exponents.items():
        rest = exponent
        if isinstance(atom, sp.Integer | sp.Add):
            whole = math.floor(exponent)
            rest = exponent - whole
            if isinstance(atom, sp.Integer):
                if abs(whole) * int(atom).bit_length() > MAX_BITS:
                    raise Undecided(f"{atom}**{whole} is too large to be compared exactly")
                coefficient *= Fraction(int(atom)) ** whole
            elif whole:
                expand = times(expand, _small_power(quotient(atom).top, whole))
        if rest:
            kept[atom] = rest
    single: Form = {frozenset(kept.items()): coefficient}
    return single if expand == ONE else times(expand, single)


def _small_power(form: Form, n: int) -> Form:
    if n < 0 or n > 32:
        raise Undecided("an exact constant expands into too many terms to be compared")
    out: Form = ONE
    for _ in range(n):
        out = times(out, form)
    return out


@dataclass(frozen=True)
class Quotient:
    """A quotient of two forms, the lower one a non-zero number."""

    top: Form
    bottom: Form = field(default_factory=lambda: ONE)

    def __post_init__(self) -> None:
        if len(self.bottom) == 1:
            [(monomial, c)] = self.bottom.items()
            if monomial or c != 1:
                if any(isinstance(atom, sp.Add) for atom, _ in monomial):
                    return
                inverse = collect({atom: -e for atom, e in monomial})
                object.__setattr__(self, "top", times(self.top, {m: v / c for m, v in inverse.items()}))
                object.__setattr__(self, "bottom", ONE)

    def __add__(self, other: Quotient) -> Quotient:
        if self.bottom == other.bottom:
            return Quotient(plus(self.top, other.top), self.bottom)
        top = plus(times(self.top, other.bottom), times(other.top, self.bottom))
        return Quotient(top, times(self.bottom, other.bottom))

    def __mul__(self, other: Quotient) -> Quotient:
        return Quotient(times(self.top, other.top), times(self.bottom, other.bottom))

    def inverse(self) -> Quotient:
        """The reciprocal; the caller knows that the number is not zero."""
        if not self.top:
            raise Undecided("an exact constant divides by something that is zero")
        return Quotient(self.bottom, self.top)

    def to_sympy(self) -> sp.Expr:
        """The quotient as an expression."""
        return form_to_sympy(self.top) / form_to_sympy(self.bottom)


ZERO = Quotient({})


def opaque(atom: sp.Expr, exponent: Fraction = Fraction(1)) -> Quotient:
    """A constant about which nothing is known but itself."""
    return Quotient({frozenset({(atom, exponent)}): Fraction(1)})


def quotient(number: sp.Expr) -> Quotient:
    """The normal form of a real constant.

    Raises
    ------
    Undecided
        If the constant expands beyond fixed limits, or holds an integer too large to factor.

    Examples
    --------
    >>> quotient(sp.exp(2 * sp.log(3) + sp.pi, evaluate=False)).to_sympy()
    9*exp(pi)
    """
    if isinstance(number, sp.Rational):
        return Quotient({UNIT: as_fraction(number)} if number else {})
    if number == sp.E:
        return opaque(number)
    if isinstance(number, sp.Add):
        total = ZERO
        for part in number.args:
            total = total + quotient(part)
        return total
    if isinstance(number, sp.Mul):
        product = Quotient(ONE)
        for part in number.args:
            product = product * quotient(part)
        return product
    if isinstance(number, sp.exp):
        return exponential(quotient(number.args[0]))
    if isinstance(number, sp.log):
        return logarithm(quotient(number.args[0]))
    if isinstance(number, sp.Pow):
        base = quotient(number.base)
        if isinstance(number.exp, sp.Rational):
            return raised(base, as_fraction(number.exp))
        return exponential(quotient(number.exp) * logarithm(base))
    if isinstance(number, sp.Abs):
        inner = number.args[0]
        return quotient(inner if positive(inner) else -inner)
    if isinstance(number, sp.sinh | sp.cosh | sp.tanh):
        return quotient(number.rewrite(sp.exp))
    return opaque(number)


def positive(number: sp.Expr) -> bool:
    """The sign of a constant that is not zero, by enclosures alone."""
    for bits in (64, 256, 1024, 4096):
        ball = enclose(number, bits)
        if ball > 0 or ball < 0:
            return bool(ball > 0)
    raise Undecided(f"the sign of {show(number)} could not be settled")


def factor(n: int) -> dict[int, int]:
    """The prime factorisation of a positive integer of bounded difficulty."""
    small: dict[int, int] = {}
    if n.bit_length() > 160:
        found = {int(p): int(e) for p, e in sp.factorint(n, limit=1 << 15, use_rho=False, use_pm1=False).items()}
        small = {p: e for p, e in found.items() if fmpz(p).is_prime()}
        n //= math.prod(p**e for p, e in small.items())
        if n.bit_length() > 160:
            raise Undecided(f"an integer of {n.bit_length()} bits is too large to be factored")
    for p, e in fmpz(n).factor():
        small[int(p)] = small.get(int(p), 0) + int(e)
    return small


def prime_exponents(value: Fraction) -> dict[sp.Expr, Fraction]:
    """The exponents of the primes in a positive fraction."""
    out = {sp.Integer(p): Fraction(e) for p, e in factor(value.numerator).items()}
    for p, e in factor(value.denominator).items():
        out[sp.Integer(p)] = out.get(sp.Integer(p), Fraction(0)) - e
    return out


def content(form: Form) -> tuple[Fraction, Monomial]:
    """The rational and the monomial common to all terms of a form; sums are left inside."""
    coefficient = Fraction(
        math.gcd(*(c.numerator for c in form.values())), math.lcm(*(c.denominator for c in form.values()))
    )
    atoms = {atom for m in form for atom, _ in m if not isinstance(atom, sp.Add)}
    tables = [dict(m) for m in form]
    shared = {a: min(t.get(a, Fraction(0)) for t in tables) for a in atoms}
    return coefficient, frozenset((a, e) for a, e in shared.items() if e)


def primitive(form: Form) -> tuple[Fraction, Monomial, Form]:
    """A non-zero form as content times monomial times a *positive* primitive form, which is 1 for a single term."""
    if len(form) == 1:
        [(single, c)] = form.items()
        return c, single, ONE
    coefficient, monomial = content(form)
    inverse = collect({atom: -e for atom, e in monomial})
    rest = times(form, {m: c / coefficient for m, c in inverse.items()})
    if not positive(form_to_sympy(rest)):
        coefficient, rest = -coefficient, {m: -c for m, c in rest.items()}
    return coefficient, monomial, rest


def raised(base: Quotient, exponent: Fraction) -> Quotient:
    """A rational power of a constant."""
    if exponent.denominator == 1:
        n = exponent.numerator
        if abs(n) > 32 and len(base.top) == 1 and base.bottom == ONE and not _has_sum(base.top):
            return _whole_power(base.top, n)
        out = base if n >= 0 else base.inverse()
        return Quotient(_small_power(out.top, abs(n)), _small_power(out.bottom, abs(n)))
    if not base.top:
        return ZERO
    up, low = _root(base.top, exponent), _root(base.bottom, exponent)
    return up * low.inverse()


def _has_sum(form: Form) -> bool:
    return any(isinstance(atom, sp.Add) for m in form for atom, _ in m)


def _whole_power(form: Form, n: int) -> Quotient:
    [(monomial, c)] = form.items()
    if abs(n) * max(c.numerator.bit_length(), c.denominator.bit_length()) > MAX_BITS:
        raise Undecided("a power of an exact constant is too large to be compared")
    return Quotient({m: v * c**n for m, v in collect({atom: e * n for atom, e in monomial}).items()})


def _root(form: Form, exponent: Fraction) -> Quotient:
    c, monomial, rest = primitive(form)
    if c < 0 or any(not positive(atom) for atom, _ in monomial):
        return opaque(form_to_sympy(form) ** as_sympy(exponent))
    exponents = prime_exponents(abs(c))
    sums = [(form_to_sympy(rest), exponent)] if rest != ONE else []
    for atom, e in monomial:
        if isinstance(atom, sp.Add):
            sums.append((atom, e * exponent))
        else:
            exponents[atom] = exponents.get(atom, Fraction(0)) + e
    out = Quotient(collect({atom: e * exponent for atom, e in exponents.items()}))
    for atom, e in sums:
        whole = math.floor(e)
        out = out * (opaque(atom, e - whole) if e != whole else Quotient(ONE)) * raised(quotient(atom), Fraction(whole))
    return out


def exponential(argument: Quotient) -> Quotient:
    """exp of a constant."""
    if argument.bottom != ONE:
        return opaque(sp.exp(argument.to_sympy()))
    out = Quotient(ONE)
    for monomial, c in argument.top.items():
        out = out * _exp_term(monomial, c)
    return out


def _exp_term(monomial: Monomial, c: Fraction) -> Quotient:
    if monomial == UNIT:
        return opaque(sp.E, c)
    if len(monomial) == 1:
        [(atom, e)] = monomial
        if e == 1 and isinstance(atom, sp.log):
            inner = atom.args[0]
            if isinstance(inner, sp.Integer):
                return Quotient(collect({inner: c}))
            return raised(quotient(inner), c)
    return opaque(sp.exp(monomial_to_sympy(monomial)), c)


def logarithm(argument: Quotient) -> Quotient:
    """log of the absolute value of a constant that is not zero."""
    return _log(argument.top) + Quotient({UNIT: Fraction(-1)}) * _log(argument.bottom)


def _log(form: Form) -> Quotient:
    if not form:
        raise Undecided("an exact constant takes the logarithm of zero")
    if form == ONE:
        return ZERO
    c, monomial, rest = primitive(form)
    total = Quotient({frozenset({(sp.log(p), Fraction(1))}): e for p, e in prime_exponents(abs(c)).items()})
    for atom, e in monomial:
        total = total + Quotient({UNIT: e}) * _log_atom(atom)
    return total if rest == ONE else total + opaque(sp.log(form_to_sympy(rest)))


def exponent_of(atom: sp.Expr) -> sp.Expr | None:
    """The exponent m of an atom exp(m); SymPy writes exp(sqrt(2)*log(2)) as 2**sqrt(2)."""
    if isinstance(atom, sp.exp):
        return atom.args[0]
    if isinstance(atom, sp.Pow) and not isinstance(atom.exp, sp.Rational):
        return atom.exp * sp.log(atom.base)
    return None


def _log_atom(atom: sp.Expr) -> Quotient:
    if atom == sp.E:
        return Quotient(ONE)
    exponent = exponent_of(atom)
    if exponent is not None:
        return quotient(exponent)
    return opaque(sp.log(atom if positive(atom) else -atom))

