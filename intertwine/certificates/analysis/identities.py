"""Proofs that one function is another on all of ``x > 0``.

Nothing is taken from the certificate but the two sides: the half-line is divided where a sign is needed, and in
each case both sides are undefined, or their difference is zero.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from intertwine.certificates.analysis.algebra import Element, divide
from intertwine.certificates.analysis.cases import attempt, explore, on_the_whole
from intertwine.certificates.analysis.cells import Cell, point
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.constants import is_zero
from intertwine.certificates.analysis.functions import NONZERO
from intertwine.certificates.analysis.plain import minus
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.splits import NOTHING, AskSign, Given
from intertwine.terms import Term, num

#: What may happen where one side is undefined and the other is not.
STRICT, FILL, WHERE_DEFINED = "strict", "fill", "where defined"


class Unproved(Exception):
    """The identity was not established; the message says where."""


def prove(left: Term, right: Term, mode: str = STRICT, cells: list[Cell] | None = None, given: Given = NOTHING) -> None:
    """Establish ``left = right`` for all ``x > 0``, or on the given cells.

    ``strict``: they are defined at the same points.  ``fill``: an isolated point where the left side alone is
    undefined does not matter.  ``where defined``: nothing is claimed where the left side is undefined.

    Raises
    ------
    Unproved
        It could not be established.
    """

    def visit(region: Region) -> None:
        a = attempt(region, left)
        if a is None and mode == WHERE_DEFINED:
            return
        b = attempt(region, right)
        if a is None and b is None:
            return
        if a is None and mode == FILL:
            if _removable(region):
                return
            _sharpen(region)
        if a is None or b is None:
            raise Unproved(f"one side alone is undefined {describe(region)}")
        if a != b and not _zero(region, minus(a, b)):
            raise Unproved(f"the two sides could not be shown equal {describe(region)}")

    try:
        explore([Cell()] if cells is None else cells, visit, given)
    except TooHard as problem:
        raise Unproved(f"the identity is out of reach: {problem}") from None


_ENTIRE = frozenset("x num pi E add mul exp sin cos sinh cosh erf airyai airybi Si fresnels fresnelc".split())


def _removable(region: Region) -> bool:
    """Whether a region consists of points that accumulate nowhere: one point, or zeros of an entire function."""
    zeros = [a.atom for a in region.assumptions if a.signs == {0}]
    return region.cell.at is not None or (region.thin() and all(map(_entire, zeros)))


def _entire(t: Term) -> bool:
    """Whether a term is analytic on the whole line, as it is written."""
    return all(
        node.op in _ENTIRE or not node.has_x or (node.op == "pow" and (node.args[1].value or -1) in range(1, 10**6))
        for node in t.walk()
    )


def _sharpen(region: Region) -> None:
    """Divide a region that may be thin in part."""
    for a in region.assumptions:
        if 0 in a.signs and len(a.signs) > 1:
            raise AskSign(a.atom, tuple(frozenset({s}) for s in a.signs))


def describe(region: Region) -> str:
    """Where a region is, for a message."""
    low, high = region.cell.bounds()
    if region.cell.at is not None:
        return f"near x = {float(low):.6g}"
    return f"on {float(low):.6g} < x < {'oo' if high is None else f'{float(high):.6g}'}"


def _zero(region: Region, difference: Term) -> bool:
    """Whether a resolved term is zero on the region."""
    e = region.forms.of(difference)
    if region.generators.vanishes(e) or _zero_by_assumption(region, e):
        return True
    if region.cell.at is not None:
        return False
    return _by_derivative(region.cell, difference)


def _zero_by_assumption(region: Region, e: Element) -> bool:
    """Whether an element is a combination of those that are assumed to be zero."""
    rest = region.generators.reduced(e).top
    for a in region.assumptions:
        if a.signs == {0}:
            atom = region.generators.reduced(region.forms.of(a.atom)).top
            if not atom.is_constant():
                rest = divide(rest, atom)[1]
    return bool(rest.is_zero())


def _by_derivative(cell: Cell, difference: Term) -> bool:
    """Zero at one point, with a derivative that is zero or a multiple of the function, on the whole cell.

    The point may be an end of the cell for the former only: ``f' = f/x`` says nothing about ``f`` near 0.
    """
    from intertwine.certificates.analysis.derivatives import derivative
    from intertwine.certificates.analysis.signs import analytic

    if not analytic(cell, difference):
        return False

    def law(region: Region) -> str:
        f = region.forms.of(region.resolve(difference))
        slope = derivative(region.forms, f)
        return "constant" if region.generators.vanishes(slope) else "equation" if _multiple(region, f, slope) else ""

    found = on_the_whole(cell, law)
    return bool(found) and any(zero_at(difference, at) for at in _candidates(cell, found == "constant"))


def _multiple(region: Region, f: Element, slope: Element) -> bool:
    """Whether ``slope = a*f`` with a factor ``a`` that is continuous on the region: its denominator has no zero there.

    ``W(x - 10)`` solves such an equation with a pole at its own zero.
    """
    f = region.generators.reduced(f)
    if f.top.is_constant():
        return False
    rate = region.generators.reduced(slope / f)
    return region.known(rate.bottom) <= {-1, 1}


def _candidates(cell: Cell, with_ends: bool) -> list[Fraction]:
    """Points of a cell, and perhaps its ends, at which a function may be known."""
    low = Fraction(0) if cell.low is None else cell.low.rational
    high = None if cell.high is None else cell.high.rational
    points = [*([] if low is None else [low]), *([] if high is None else [high]), Fraction(1), Fraction(2)]
    points += [Fraction(1, 2), *cell.samples()]
    return [p for p in dict.fromkeys(points) if (with_ends and p in (low, high)) or cell.inside([point(p)])]


def zero_at(t: Term, at: Fraction) -> bool:
    """Whether a term is defined and zero at a rational point: proved."""
    return is_zero(t.subs(num(at)))


# -- where a term is defined, or zero ----------------------------------------------------------------


def _throughout(
    t: Term, cells: list[Cell], holds: Callable[[Region, Term | None], bool], given: Given = NOTHING
) -> bool:
    """Whether something holds, on each region of the cells, of what a term is there (None: undefined)."""

    def visit(region: Region) -> None:
        if not holds(region, attempt(region, t)):
            raise TooHard("not on all regions")

    try:
        explore(cells, visit, given)
    except TooHard:
        return False
    return True


def nowhere(t: Term, cells: list[Cell], given: Given = NOTHING) -> bool:
    """Whether a term is undefined at every point of the cells."""
    return _throughout(t, cells, lambda region, a: a is None, given)


def everywhere(t: Term, cells: list[Cell], given: Given = NOTHING) -> bool:
    """Whether a term is defined at every point of the cells."""
    return _throughout(t, cells, lambda region, a: a is not None, given)


def nearly_everywhere(t: Term, cells: list[Cell]) -> bool:
    """Whether a term is defined on the cells, isolated points aside."""

    def holds(region: Region, a: Term | None) -> bool:
        if a is None and not region.thin():
            _sharpen(region)
            return False
        return True

    return _throughout(t, cells, holds)


def nowhere_zero(t: Term, cells: list[Cell]) -> bool:
    """Whether a term has no zero on the cells; where it is undefined it has none."""
    return _throughout(t, cells, lambda region, a: a is None or region.decide(a, NONZERO))


def reduces_to_zero(t: Term) -> bool:
    """Whether a constant term is defined and has the normal form 0."""
    here = [Cell(at=point(Fraction(1)))]
    return _throughout(t, here, lambda region, a: a is not None and region.generators.vanishes(region.forms.of(a)))
