"""Derivatives of elements, from those of their generators."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from intertwine.certificates.analysis.algebra import Element, Generator, Poly, number, scalar
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.functions import POSITIVE
from intertwine.certificates.analysis.special import bessel, generator

if TYPE_CHECKING:
    from intertwine.certificates.analysis.forms import Forms


def derivative(forms: Forms, e: Element) -> Element:
    """The derivative of an element on an open region where all its generators are smooth."""
    top, bottom = Element(e.top, scalar(1)), Element(e.bottom, scalar(1))
    slope = _polynomial(forms, e.top) * bottom - top * _polynomial(forms, e.bottom)
    return forms.generators.reduced(slope / (bottom * bottom))


def _polynomial(forms: Forms, p: Poly) -> Element:
    total = number(0)
    for place in forms.generators.of(p):
        g = forms.generators.all[place]
        if not g.constant:
            partial = Element(p.derivative(place), scalar(1))
            total = total + partial * _of(forms, g, forms.generators.variable(place))
    return total


def _of(forms: Forms, g: Generator, value: Element) -> Element:
    head, u = g.name[0], g.argument
    if head == "x":
        return number(1)
    if u is None:
        raise TooHard(f"the derivative of {head}")
    return _rule(forms, g, value, u) * derivative(forms, u)


def _rule(forms: Forms, g: Generator, value: Element, u: Element) -> Element:
    """The derivative by the argument."""
    head, region = g.name[0], forms.region
    if head == "exp":
        return value
    if head in ("cos", "sin"):
        other = forms.generators.place(("sin" if head == "cos" else "cos", *g.name[1:]))
        assert other is not None
        return -forms.generators.variable(other) if head == "cos" else forms.generators.variable(other)
    if head in ("log", "root", "abs"):  # of something that vanishes nowhere on the region
        return (number(1) if head == "log" else value * number(Fraction(1, g.scale))) / u
    if head == "atan":
        return number(1) / (number(1) + u * u)
    if head == "asin":
        return number(1) / forms.root(number(1) - u * u, Fraction(1, 2))  # strictly inside, where it was resolved
    if head == "erf":
        return number(2) * forms.exp(-(u * u)) / forms.root(forms.pi, Fraction(1, 2))
    if head == "LambertW":
        if not region.known_element(u) <= {-1, 1} or not region.known_element(value + number(1)) <= POSITIVE:
            raise TooHard("a derivative at the edge of the Lambert function")
        return value / (u * (number(1) + value))
    if head in ("besselj", "besseli") and g.name[1].denominator == 1:
        order, way = g.name[1], -1 if head == "besselj" else 1
        if order == 0:
            return number(way) * bessel(forms, head, Fraction(1), u)
        below, above = bessel(forms, head, order - 1, u), bessel(forms, head, order + 1, u)
        return (below + number(way) * above) * number(Fraction(1, 2))
    if head == "gamma":
        return value * generator(forms, "digamma", u)[0]
    if head == "digamma":
        return generator(forms, "trigamma", u)[0]
    raise TooHard(f"the derivative of {head}")

