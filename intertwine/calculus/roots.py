"""Logarithms, roots and absolute values of elements, through the factors of numerator and denominator.

For real ``p`` and ``q``: ``log|pq| = log|p| + log|q|`` and ``|pq|**r = |p|**r |q|**r``, whatever the signs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flint import fmpq, fmpz

from intertwine.calculus.tower import Element, Generator, NoNormalForm, Poly, constant_poly, factored, rational
from intertwine.terms import Term, apply, num, power

if TYPE_CHECKING:
    from intertwine.calculus.normal import NormalForm


class Base:
    """A prime or an irreducible polynomial as a dictionary key."""

    def __init__(self, value: Poly | int) -> None:
        self.value = value
        self._text = str(value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Base) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __str__(self) -> str:
        return self._text


def factors(e: Element) -> list[tuple[Poly | int, int]]:
    """Primes and irreducible polynomials with exponents; the sign is dropped."""
    result: list[tuple[Poly | int, int]] = []
    for p, direction in ((e.num, 1), (e.den, -1)):
        content, parts = factored(p)
        for integer, way in ((abs(int(content.p)), 1), (int(content.q), -1)):
            if integer.bit_length() > 160:
                result.append((integer, way * direction))
            elif integer > 1:
                result += [(int(q), int(k) * way * direction) for q, k in fmpz(integer).factor()]
        result += [(q if q.leading_coefficient() > 0 else -q, int(k) * direction) for q, k in parts]
    return result


def logarithm(nf: NormalForm, u: Element) -> Element:
    """``log|u|``."""
    u = nf.tower.reduce(u)
    if u.num.is_zero():
        raise NoNormalForm("log of zero")
    if nf.tower.is_imaginary(u.num) or nf.tower.is_imaginary(u.den):
        return _log_generator(nf, ("whole", u.key), u)
    total = rational(0)
    for p, k in factors(u):
        total = total + rational(k) * _log_factor(nf, p)
    return total


def _log_factor(nf: NormalForm, p: Poly | int) -> Element:
    if isinstance(p, int):
        return _log_generator(nf, p, rational(p))
    position = _as_generator(nf, p)
    if position is not None:
        g = nf.tower.generators[position]
        if g.family[0] == "exp" and g.argument is not None:
            return g.argument
        if g.family[0] == "LambertW" and g.argument is not None:
            return logarithm(nf, g.argument) - Element(p, constant_poly(1))
        if g.family[0] == "root":
            return _log_factor(nf, g.family[1].value) / rational(g.scale)
    return _log_generator(nf, Base(p), Element(p, constant_poly(1)))


def _as_generator(nf: NormalForm, p: Poly) -> int | None:
    used = nf.tower.used(p)
    if len(p) == 1 and len(used) == 1 and p.degrees()[used[0]] == 1 and p.leading_coefficient() == 1:
        return used[0]
    return None


def _log_generator(nf: NormalForm, base: Any, u: Element) -> Element:
    imaginary = isinstance(base, tuple)
    head = "logwhole" if imaginary else "log"
    key = base if isinstance(base, (Base, tuple)) else Base(base)
    term = num(0) if imaginary else apply("log", _absolute(nf, u))
    return nf.tower.generator(
        Generator((head, key), term, constant=nf.tower.is_constant(u), argument=u, imaginary=imaginary)
    )


def _absolute(nf: NormalForm, u: Element) -> Term:
    """``|u|`` as a term, without bars where ``u`` is known to be positive."""
    positive = nf.tower.sign_of(u.num) == 1 and nf.tower.sign_of(u.den) == 1
    return nf.term(u) if positive else apply("Abs", nf.term(u))


def absolute_value(nf: NormalForm, t: Term) -> Element:
    """``|u|`` of unknown sign: an opaque generator whose square is known."""
    u = nf.of(t.args[0])
    if u.num.is_zero():
        return u
    if not (nf.tower.is_imaginary(u.num) or nf.tower.is_imaginary(u.den)):
        total = rational(1)
        for p, k in factors(u):
            total = total * root_power(nf, Base(p), fmpq(k))
        return total
    if u.num.leading_coefficient() < 0:
        u = -u
    g = Generator(("Abs", u.key), num(0), nf.tower.is_constant(u), argument=u, power=2, relation=u * u,
                  imaginary=True)
    return nf.tower.generator(g)


def rational_power(nf: NormalForm, u: Element, r: fmpq) -> Element:
    """``u**r`` for an element known to be positive (or nonnegative) on the region."""
    u = nf.tower.reduce(u)
    if u.num.is_zero():
        return u
    if r.q == 1:
        return u ** int(r.p)
    if nf.tower.is_imaginary(u.num) or nf.tower.is_imaginary(u.den):
        family = ("rootwhole", u.key)
        family, unit, times = nf.tower.multiple(family, r, fmpq(1, r.q))
        scale = int(unit.q)
        g = Generator(family, num(0), nf.tower.is_constant(u), argument=u, scale=scale, power=scale,
                      relation=u, imaginary=True)
        return nf.tower.generator(g) ** times
    total = rational(1)
    parts = factors(u)
    unknown = [p for p, k in parts if k % 2 and not isinstance(p, int) and nf.tower.sign_of(p) is None]
    deduced: int | None = None
    if len(unknown) == 1 and nf.tower.interior:  # where the radicand is 0 its factors have no sign
        lead = 1 if u.num.leading_coefficient() > 0 else -1
        for p, k in parts:
            if k % 2 and not isinstance(p, int) and p is not unknown[0]:
                lead *= _nonzero_sign(nf, p)
        deduced = lead
    for p, k in parts:
        known = deduced if unknown and p is unknown[0] else None
        total = total * root_power(nf, Base(p), r * k, known)
    return nf.tower.reduce(total)


def _nonzero_sign(nf: NormalForm, p: Poly) -> int:
    sign = nf.tower.sign_of(p)
    if not sign:
        raise NoNormalForm("a factor that vanishes")
    return sign


def root_power(nf: NormalForm, base: Base, r: fmpq, sign: int | None = None) -> Element:
    """``|p|**r`` for a prime or an irreducible polynomial ``p``."""
    p = base.value
    if isinstance(p, int):
        magnitude, element = rational(p), rational(p)
    else:
        element = Element(p, constant_poly(1))
        position = _as_generator(nf, p)
        if position is not None and nf.tower.generators[position].family[0] == "exp":
            argument = nf.tower.generators[position].argument
            assert argument is not None
            return nf.exp(rational(r) * argument)
        if position is not None and nf.tower.generators[position].family[0] == "root":
            g = nf.tower.generators[position]
            return root_power(nf, g.family[1], r / g.scale)
        magnitude = _magnitude(nf, p, element, sign)
    if r.q == 1:
        return magnitude ** int(r.p)
    family = ("root", base)
    family, unit, times = nf.tower.multiple(family, r, fmpq(1, r.q))
    scale = int(unit.q)
    positive = isinstance(p, int) or (nf.tower.interior and nf.tower.sign_of(p) in (1, -1))
    root = Generator(family, power(_absolute(nf, element), num(1, scale)),
                     constant=nf.tower.is_constant(element), positive=positive, argument=element,
                     scale=scale, power=scale, relation=magnitude)
    return nf.tower.generator(root) ** times


def _magnitude(nf: NormalForm, p: Poly, element: Element, sign: int | None) -> Element:
    known = nf.tower.sign_of(p) or sign
    if known:
        return element if known > 0 else -element
    g = Generator(("abs", Base(p)), apply("Abs", nf.term(element)), nf.tower.is_constant(element),
                  argument=element, power=2, relation=element * element)
    return nf.tower.generator(g)


def cube_root(nf: NormalForm, t: Term) -> Element:
    u = nf.of(t.args[0])
    if nf.tower.is_imaginary(u.num) or nf.tower.is_imaginary(u.den):
        raise NoNormalForm("cube root of an oscillating function")
    total = rational(1 if u.num.is_zero() or u.num.leading_coefficient() > 0 else -1)
    for p, k in [] if u.num.is_zero() else factors(u):
        total = total * _cube_root_factor(nf, p) ** k
    return rational(0) if u.num.is_zero() else total


def _cube_root_factor(nf: NormalForm, p: Poly | int) -> Element:
    if isinstance(p, int):
        return root_power(nf, Base(p), fmpq(1, 3))
    sign = nf.tower.sign_of(p)
    if sign:
        return rational(sign) * root_power(nf, Base(p), fmpq(1, 3))
    element = Element(p, constant_poly(1))
    g = Generator(("cbrt", Base(p)), apply("cbrt", nf.term(element)), nf.tower.is_constant(element),
                  argument=element, power=3, relation=element)
    return nf.tower.generator(g)
