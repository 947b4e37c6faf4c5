"""Where the logarithmic derivative ``q = x*s'/s`` is strictly monotone, or a constant."""

from __future__ import annotations

from fractions import Fraction

from flint import ctx

from intertwine.certificates.analysis import signs
from intertwine.certificates.analysis.cases import attempt, on_the_whole
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.derivatives import derivative
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.spans import exact
from intertwine.certificates.analysis.values import Evaluation, Unclear, Undefined
from intertwine.terms import Term

PARTS, MOST_PARTS, FINEST = 16, 4_000, 2**40


def strictly_monotone(t: Term, low: Fraction, high: Fraction) -> bool:
    """Whether ``q`` is defined and strictly monotone on the open interval: its derivative has one strict sign."""
    return bool(on_the_whole(Cell(point(low), point(high)), lambda region: _monotone(region, t, low, high)))


def _monotone(region: Region, t: Term, low: Fraction, high: Fraction) -> bool:
    smooth = region.resolve(t)
    if not signs.analytic(region.cell, smooth):
        return False
    e = region.forms.of(smooth)
    if not region.known_element(e) <= {-1, 1} and not _one_sign(smooth, low, high):
        return False
    slope = derivative(region.forms, e)
    q = region.generators.reduced(region.forms.x * slope / e)
    change = derivative(region.forms, q)
    if region.known_element(change) in ({1}, {-1}):
        return True
    return _one_sign(region.generators.term(change), low, high)


def _one_sign(t: Term, low: Fraction, high: Fraction) -> bool:
    """Whether a term has one strict sign on a closed interval, by balls over parts that are halved where need be."""
    found = set()
    width = (high - low) / PARTS
    stack = [(low + k * width, low + (k + 1) * width) for k in range(PARTS)]
    with ctx.workprec(128):
        for _ in range(MOST_PARTS):
            if not stack:
                return True
            a, b = stack.pop()
            try:
                v = Evaluation(exact(a).union(exact(b))).of(t)
            except (Unclear, Undefined):
                v = None
            if v is not None and (v > 0 or v < 0):
                found.add(1 if v > 0 else -1)
                if len(found) > 1:
                    return False
                continue
            if b - a < width / FINEST:
                return False  # a zero of the term, or a singularity, is there
            stack += [((a + b) / 2, b), (a, (a + b) / 2)]
    return False


def power_on(t: Term, cell: Cell) -> bool:
    """Whether a term is undefined, zero, or ``c*x**p`` with constants ``c, p``, on a whole open cell."""

    def is_power(region: Region) -> bool:
        a = attempt(region, t)
        if a is None or region.generators.vanishes(e := region.forms.of(a)):
            return True
        if not signs.analytic(cell, a) or not region.known_element(e) <= {-1, 1}:
            return False
        return region.generators.constant(
            region.generators.reduced(region.forms.x * derivative(region.forms, e) / e)
        )

    return bool(on_the_whole(cell, is_power))
