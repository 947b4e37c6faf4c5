"""Symbolic parameters for the checker: as elements, as exponents of zero, and the signs of terms in them.

A linear term is a sum of two whose signs are known: ``x - b = (x - a) + (a - b)``.
"""

from __future__ import annotations

from collections.abc import Callable

from flint import fmpq

from intertwine.certificates.analysis.algebra import Element, Generator, Poly
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.functions import ANY, NEGATIVE, POSITIVE, Signs
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.splits import Assumption, Given, Nowhere
from intertwine.terms import ZERO, Term, apply, num


class Parameters(Given):
    """Signs of terms in the parameters that are assumed, and those that others may have."""

    def __init__(self, assumptions: tuple[Assumption, ...], possible: Callable[[Term], Signs]) -> None:
        self.assumptions, self._possible = assumptions, possible

    def possible(self, atom: Term) -> Signs:
        """The signs that a term may have."""
        return self._possible(atom)

    def signs(self, region: Region, p: Poly) -> Signs:
        """The possible signs of a polynomial: from its monomials, or as a sum of two terms."""
        return _by_monomials(region, p) & _of_two(region, p)

    def parameter(self, region: Region, t: Term) -> Element:
        """A constant of which only what is assumed is known."""
        known = [a.signs for a in region.assumptions if a.atom == t]
        if frozenset({-1}) in known:  # minus a positive one
            made = Generator(("minus parameter", t.op), apply("mul", num(-1), t), constant=True, positive=True)
            return -region.generators.element(made)
        positive = frozenset({1}) in known
        return region.generators.element(Generator(("parameter", t.op), t, constant=True, positive=positive))

    def power_of_zero(self, region: Region, exponent: Term) -> Term:
        """``0**p`` for a parameter: 0 if it is positive, undefined if it is negative, whole or not."""
        if region.decide(exponent, POSITIVE):
            return ZERO
        if region.decide(exponent, NEGATIVE):
            raise Nowhere
        raise TooHard("an exponent that may be zero")


def _of_two(region: Region, p: Poly) -> Signs:
    """The possible signs of a linear polynomial in which a parameter occurs, by one assumption and a rest."""
    if int(p.total_degree()) != 1 or not any(
            region.generators.all[i].name[0].endswith("parameter") for i in region.generators.of(p)):
        return ANY
    own = dict(p.to_dict())
    known = [(region.generators.reduced(region.forms.of(a.atom)), a.signs) for a in region.assumptions]
    for e, of_first in known:
        if not e.bottom.is_constant() or len(of_first) == 3 or {1, -1} <= of_first:
            continue
        for monomial, c in e.top.to_dict().items():
            if monomial not in own:
                continue
            factor = fmpq(own[monomial]) / fmpq(c)
            rest = p - e.top * factor
            first = frozenset(s * (1 if factor > 0 else -1) for s in of_first)
            found = _added(first, _plainly(region, rest, known))
            if len(found) < 3:
                return found
    return ANY


def _by_monomials(region: Region, p: Poly) -> Signs:
    """Signs of the monomials, where generators are known to be positive."""
    found: Signs = frozenset()
    generators = region.generators.all
    for exponents, c in p.to_dict().items():
        powers = [(generators[i], int(d)) for i, d in enumerate(exponents) if d]
        if not all(g.positive or d % 2 == 0 for g, d in powers):
            return ANY
        sign = 1 if fmpq(c) > 0 else -1
        found |= {sign} if all(g.positive for g, _ in powers) else {sign, 0}
    if 1 in found and -1 in found:
        return ANY
    strict = any(all(generators[i].positive for i, d in enumerate(m) if d) for m in p.monoms())
    return found - {0} if strict else found


def _plainly(region: Region, rest: Poly, known: list[tuple[Element, Signs]]) -> Signs:
    """The signs of a polynomial by its monomials, or as a multiple of what is assumed."""
    if rest.is_zero():
        return frozenset({0})
    found = _by_monomials(region, rest)
    for e, of_second in known:
        if e.bottom.is_constant() and not e.top.is_zero():
            factor = fmpq(rest.leading_coefficient()) / fmpq(e.top.leading_coefficient())
            if rest == e.top * factor:
                found &= frozenset(s * (1 if factor > 0 else -1) for s in of_second)
    return found


def _added(a: Signs, b: Signs) -> Signs:
    """The possible signs of a sum."""
    if a <= {0, 1} and b <= {0, 1}:
        return frozenset({1}) if a == {1} or b == {1} else frozenset({0, 1})
    if a <= {0, -1} and b <= {0, -1}:
        return frozenset({-1}) if a == {-1} or b == {-1} else frozenset({0, -1})
    return ANY


