"""The derivative of an element: a derivation of the tower, given on its generators."""

from __future__ import annotations

from intertwine.calculus.normal import NormalForm
from intertwine.calculus.special import derivative_of
from intertwine.calculus.tower import Element, NoNormalForm, Poly, cancel, constant_poly, rational


def derivative(nf: NormalForm, e: Element) -> Element:
    """``d e / d x`` as an element of the same tower."""
    top, bottom = _derivative(nf, e.num), _derivative(nf, e.den)
    den = Element(e.den, constant_poly(1))
    num = Element(e.num, constant_poly(1))
    return nf.tower.reduce((top * den - num * bottom) / (den * den))


def _derivative(nf: NormalForm, p: Poly) -> Element:
    total = rational(0)
    for position in nf.tower.used(p):
        if not nf.tower.generators[position].constant:
            total = total + cancel(p.derivative(position), constant_poly(1)) * _of_generator(nf, position)
    return total


def _of_generator(nf: NormalForm, position: int) -> Element:
    """The derivative of a generator."""
    generator = nf.tower.generators[position]
    g = nf.tower.generator(generator)
    head = generator.family[0]
    if head == "x":
        return rational(1)
    if head in ("floor", "Abs"):
        raise NoNormalForm("a function with breaks has no useful derivative")
    u = generator.argument
    if u is None:
        raise NoNormalForm(str(head))
    du = derivative(nf, u)
    if head == "exp":
        return g * du
    if head in ("log", "logwhole"):
        return du / u
    if head in ("root", "rootwhole"):
        return g * du / (rational(generator.scale) * u)
    if head == "cbrt":
        return g * du / (rational(3) * u)
    if head == "abs":
        return g * du / u
    return derivative_of(nf, generator, g) * du
