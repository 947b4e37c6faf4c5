"""Special functions as elements.

A function without further structure is a generator for each different argument; what is known of it
are its symmetries, functional equations and a few exact values.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from intertwine.certificates.analysis.algebra import Element, Generator, number
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.functions import FUNCTIONS
from intertwine.terms import apply, num

if TYPE_CHECKING:
    from intertwine.certificates.analysis.forms import Forms

FURTHEST, HIGHEST = 40, 12  # of shifts; of orders that are taken apart


def function(forms: Forms, name: str, u: Element) -> Element:
    """``name(u)`` for a function of one argument."""
    u = forms.generators.reduced(u)
    if name in FUNCTIONS and FUNCTIONS[name].odd:
        return _odd(forms, name, u)
    if name == "floor":
        return _floor(forms, u)
    if name == "gamma":
        return _gamma(forms, u)
    if name == "loggamma":
        return forms.log(_gamma(forms, u))
    if name == "LambertW":
        return _lambert(forms, u)
    if name in ("airyai", "airybi", "Ci"):
        return generator(forms, name, u)[0]
    raise TooHard(f"{name} in an identity")


def generator(
    forms: Forms, name: str, u: Element, order: Fraction | None = None, mirror: bool = False
) -> tuple[Element, int]:
    """The generator of ``name(u)`` or, with ``mirror``, of ``name(-u)``; and 1 or -1 for which of the two."""
    gens = forms.generators
    for place, g in enumerate(gens.all):
        if g.name[:2] != (name, order) or g.argument is None:
            continue
        if gens.vanishes(g.argument - u):
            return gens.variable(place), 1
        if mirror and gens.vanishes(g.argument + u):
            return gens.variable(place), -1
    argument = gens.term(u)
    term = apply(name, argument) if order is None else apply(name, num(order), argument)
    return gens.element(Generator((name, order, str(u)), term, gens.constant(u), u)), 1


def _odd(forms: Forms, name: str, u: Element) -> Element:
    if u.top.is_zero():
        return number(0)
    value, sign = generator(forms, name, u, mirror=True)
    return number(sign) * value


def _whole_part(forms: Forms, u: Element) -> int:
    """The whole part of the rational constant in ``u``."""
    for c, unit in forms.pieces(u):
        if unit.rational == 1:
            return c.__floor__()
    return 0


def _floor(forms: Forms, u: Element) -> Element:
    steps = number(0)  # whole multiples of other floors come out
    for c, unit in forms.pieces(u):
        g = forms.generators.only(unit.top) if unit.bottom.is_constant() else None
        if g is not None and g.name[0] == "floor" and c.denominator == 1:
            steps = steps + number(c) * unit
    if not steps.top.is_zero():
        return steps + _floor(forms, u - steps)
    whole = _whole_part(forms, u)
    rest = u - number(whole)
    value = rest.rational
    if value is not None:
        return number(whole + value.__floor__())
    for place, g in enumerate(forms.generators.all):  # floor(n - v) = n - floor(v), or one less
        if g.name[0] == "floor" and g.argument is not None:
            n = _difference(forms, rest, -g.argument)
            if n is not None:
                known = forms.generators.variable(place)
                integral = forms.region.decide(g.argument - known, frozenset({0}))
                return number(whole + n - (0 if integral else 1)) - known
    return number(whole) + generator(forms, "floor", rest)[0]


def _difference(forms: Forms, a: Element, b: Element) -> int | None:
    """``a - b`` if it is visibly a whole number."""
    value = forms.generators.reduced(a - b).rational
    return int(value) if value is not None and value.denominator == 1 else None


def _gamma(forms: Forms, u: Element) -> Element:
    """The gamma function where it is defined, by its shifts and its reflection."""
    value = u.rational
    if value is not None and value.denominator <= 2 and abs(value) <= FURTHEST:
        start = number(1) if value.denominator == 1 else forms.root(forms.pi, Fraction(1, 2))
        base = number(1 if value.denominator == 1 else Fraction(1, 2))
        return start * _rising(base, _difference(forms, u, base) or 0)
    for place, g in enumerate(forms.generators.all):
        if g.name[0] != "gamma" or g.argument is None:
            continue
        v, known = g.argument, forms.generators.variable(place)
        shift = _difference(forms, u, v)
        if shift is not None:
            return known * _rising(v, shift)
        shift = _difference(forms, u, -v)  # u = shift - v: reflected, then shifted
        if shift is not None:
            sine = forms.turn(forms.pi * v)[1]
            if not forms.region.decide(sine, frozenset({-1, 1})):
                continue
            return forms.pi / (sine * known) * _rising(number(1) - v, shift - 1)
    return generator(forms, "gamma", u)[0]


def _rising(v: Element, k: int) -> Element:
    """``gamma(v + k)/gamma(v)``; both are defined."""
    if abs(k) > FURTHEST:
        raise TooHard("a gamma function with a large shift")
    product = number(1)
    for j in range(k):
        product = product * (v + number(j))
    for j in range(k, 0):
        product = product / (v + number(j))
    return product


def _lambert(forms: Forms, u: Element) -> Element:
    """``W(y exp(y)) = y`` for ``y >= -1``, where ``u`` shows it."""
    if u.top.is_zero():
        return number(0)
    exponent, rest = number(0), u
    for place, g in enumerate(forms.generators.all):
        if g.name[0] == "exp" and g.argument is not None:
            for p, way in ((u.top, 1), (u.bottom, -1)):
                d = min((int(m[place]) for m in p.to_dict()), default=0)
                exponent = exponent + number(way * d) * g.argument
                rest = rest * forms.generators.variable(place) ** (-way * d)
    if forms.generators.vanishes(rest - exponent) and forms.region.known_element(rest + number(1)) <= {0, 1}:
        return rest
    return generator(forms, "LambertW", u)[0]


def bessel(forms: Forms, name: str, order: Fraction | None, u: Element) -> Element:
    """Bessel functions: their parity, and orders from 2 by the two before."""
    if order is None:
        raise TooHard("a Bessel function of such an order")
    u, whole, sign = forms.generators.reduced(u), order.denominator == 1, 1
    if whole and order < 0:
        order, sign = -order, -1 if order % 2 and name != "besseli" else 1
    if whole and name != "bessely" and u.top.is_zero():
        return number(1 if order == 0 else 0)
    if 2 <= order <= HIGHEST and forms.region.known_element(u) <= {-1, 1}:
        low, high = (bessel(forms, name, order - k, u) for k in (2, 1))
        step = number(2 * (order - 1)) / u * high
        return number(sign) * (low - step if name == "besseli" else step - low)
    value, side = generator(forms, name, u, order, mirror=whole and name != "bessely")
    return number(-sign if side < 0 and order % 2 else sign) * value
