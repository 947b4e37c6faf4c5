"""Signs that bounds alone do not show: roots outside a range, elimination of roots, monotonicity."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb, ctx, fmpq_poly

from intertwine.certificates.analysis import constants
from intertwine.certificates.analysis.algebra import Element, Generator, Poly, number, scalar, univariate
from intertwine.certificates.analysis.cells import Cell, point, roots
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.derivatives import derivative
from intertwine.certificates.analysis.functions import ANY, FUNCTIONS, Signs
from intertwine.certificates.analysis.spans import BITS, exact
from intertwine.certificates.analysis.values import sign_at
from intertwine.terms import Term, num

if TYPE_CHECKING:
    from intertwine.certificates.analysis.regions import Region

DEEPEST = 3


def signs(region: Region, p: Poly) -> Signs:
    """The possible signs of an irreducible polynomial in the generators, on an open cell."""
    if not region.connected:
        return ANY
    used = region.generators.of(p)
    found = _of_fraction(region, p)
    if len(used) == 1:
        found = _of_one(region, p, used[0])
    if len(found) > 1:
        found &= _without_roots(region, p)
        if len(found) > 1:
            found &= _monotone(region, p)
    return found


def _sampled(region: Region, p: Poly) -> Signs:
    """The sign at one point, for a polynomial in the generators that has the same sign at all."""
    sign = sign_at(region.generators.polynomial_term(p), region.cell.samples()[0])
    return frozenset({sign}) if sign else ANY


def _of_one(region: Region, p: Poly, place: int) -> Signs:
    g = region.generators.all[place]
    coefficients = univariate(p, place)
    simple = _like_another(region, g, [Fraction(int(c.p), int(c.q)) for c in coefficients])
    if simple is not None:
        return simple
    with ctx.workprec(BITS):
        s = region.span(g.term)
        try:
            numbers = roots(fmpq_poly(coefficients))
        except TooHard:
            return ANY
        for r in numbers:
            v = r.ball(BITS)
            if not (v < s.low or v > s.high):
                return ANY
    # No root between the least and the largest value: one sign at all values.
    middle = _value_between(s.low, s.high)
    value = sum((exact(Fraction(int(c.p), int(c.q))) * middle**k for k, c in enumerate(coefficients)), arb(0))
    return frozenset({1}) if value > 0 else frozenset({-1}) if value < 0 else _sampled(region, p)


def _value_between(low: arb, high: arb) -> arb:
    if low.is_finite() and high.is_finite():
        return ((low + high) / 2).mid()
    if low.is_finite():
        return (low + 1).mid()
    return (high - 1).mid() if high.is_finite() else arb(0)


def _like_another(region: Region, g: Generator, c: list[Fraction]) -> Signs | None:
    """Linear in a function whose sign is that of something simpler."""
    u = g.argument
    if len(c) != 2 or u is None:
        return None
    if g.name[0] == "sin" and c[0] == 0:
        part = region.generators.reduced(u / region.forms.pi)
        for sign in (1, -1):
            inside = (number(sign) * part, number(1) - number(sign) * part)
            if all(region.known_element(e) <= {1} for e in inside):
                return frozenset({sign})
        return None
    if g.name[0] == "exp" and c[0] == -c[1]:  # exp(u) - 1
        return region.known_element(u)
    if g.name[0] in FUNCTIONS and (FUNCTIONS[g.name[0]].odd or g.name[0] == "LambertW") and c[0] == 0:
        return region.known_element(u)
    if g.name[0] == "log" and c[0] == 0:
        size = region.known_element(u)
        if size <= {1} or size <= {-1}:
            return region.known_element((u if size <= {1} else -u) - number(1))
    return None


def _of_fraction(region: Region, p: Poly) -> Signs:
    """``k*(u - floor(u)) + c`` with numbers ``k, c``: the fractional part is at least 0 and less than 1."""
    gens = region.generators
    for place in gens.of(p):
        g = gens.all[place]
        if g.name[0] != "floor" or g.argument is None or p.degrees()[place] != 1:
            continue
        slope = p.derivative(place)
        if not slope.is_constant():
            continue
        k = -Fraction(int(slope.leading_coefficient().p), int(slope.leading_coefficient().q))
        c = gens.reduced(Element(p, scalar(1)) - number(k) * (g.argument - gens.variable(place))).rational
        if c is None:
            continue
        found = {1 if c > 0 else -1 if c < 0 else 0}  # where the fractional part is 0
        inside = {1 if v > 0 else -1 if v < 0 else 0 for v in (c, c + k)} - {0}
        return frozenset(found | inside | ({0} if len(inside) == 2 else set()))
    return ANY


def _without_roots(region: Region, p: Poly) -> Signs:
    """Roots eliminated by resultants: where the norm does not vanish, the polynomial does not."""
    gens = region.generators
    norm = p
    for place in range(len(gens.all) - 1, -1, -1):
        g = gens.all[place]
        if not norm.degrees()[place] or g.name[0] == "x":
            continue
        if g.name[0] != "root" or g.relation is None or not g.relation.bottom.is_constant():
            return ANY
        degrees = [int(d) for d in norm.degrees()]
        if len(norm) > 60 or g.degree * max(degrees) * max(degrees[place], 1) > 300:
            return ANY
        norm = norm.resultant(gens.variable(place).top ** g.degree - g.relation.top, place)
        if norm.is_zero():
            return ANY
    if norm == p:
        return ANY
    used = gens.of(norm)
    try:
        if not used or not region.cell.inside(roots(fmpq_poly(univariate(norm, used[0])))):
            return _sampled(region, p)
    except TooHard:
        pass
    return ANY


def _monotone(region: Region, p: Poly) -> Signs:
    """A monotone function that starts, or ends, with the right sign."""
    if len(region._busy) > DEEPEST or len(p) > 40:
        return ANY
    term = region.generators.polynomial_term(p)
    if not analytic(region.cell, term):
        return ANY
    try:
        slope = region.known_element(derivative(region.forms, Element(p, scalar(1))))
    except TooHard:
        return ANY
    if not sign_at(term, region.cell.samples()[0]):
        return ANY
    for way, end in ((1, region.cell.low or point(Fraction(0))), (-1, region.cell.high)):
        if end is None or end.rational is None:
            continue
        start = constants.signs(term.subs(num(end.rational)))
        if not start:
            continue
        if frozenset(way * s for s in slope) <= {0, 1} and start <= {0, 1}:
            return frozenset({1})
        if frozenset(way * s for s in slope) <= {0, -1} and start <= {0, -1}:
            return frozenset({-1})
    return ANY


def analytic(cell: Cell, t: Term) -> bool:
    """Whether a plain term is defined and analytic on a whole open cell."""
    from intertwine.certificates.analysis.cases import on_the_whole

    return bool(on_the_whole(cell, lambda region: all(_analytic(region, node) for node in region.resolve(t).walk())))


def _analytic(region: Region, node: Term) -> bool:
    """One operation of a resolved term; the strict conditions of the domains hold already."""
    if not node.has_x:
        return True
    if node.op == "LambertW":
        return bool(region.span(node.args[0]).low > -(-arb(1)).exp())
    return node.op not in ("floor", "digamma", "trigamma")


def isolated_zeros(t: Term, cell: Cell) -> bool:
    """Whether the zeros of a term in an open cell are isolated: analytic on all of it, and not zero throughout."""
    return analytic(cell, t) and any(sign_at(t, s) for s in cell.samples(5))
