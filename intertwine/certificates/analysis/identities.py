"""Proofs that one function is another on all of ``x > 0``.

The steps of a certificate say where the cases are divided and how each is settled.  The checker verifies that
the cases cover the half-line, divides them further where it has to, and settles each
on its own: both sides undefined, or a difference that is zero.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from intertwine.certificates.analysis import signs as deep
from intertwine.certificates.analysis.algebra import Element, divide
from intertwine.certificates.analysis.cases import attempt, explore
from intertwine.certificates.analysis.cells import Cell, TooHard, point
from intertwine.certificates.analysis.plain import minus
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.special import derivative
from intertwine.certificates.analysis.splits import NOTHING, AskSign, Given
from intertwine.terms import Term, num

#: What may happen where one side is undefined and the other is not.
STRICT, FILL, WHERE_DEFINED = "strict", "fill", "where defined"


class Unproved(Exception):
    """The identity was not established; the message says where."""


def prove(left: Term, right: Term, cells: list[Cell], mode: str = STRICT, bases: tuple[Fraction, ...] = (),
          given: Given = NOTHING) -> None:
    """Establish ``left = right`` on all of the cells.

    ``strict``: they are defined at the same points.  ``fill``: an isolated point where the left side alone is
    undefined does not matter.  ``where defined``: nothing is claimed where the left side is undefined.

    Raises
    ------
    Unproved
        It could not be established.
    """

    filled: list[Region] = []

    def visit(region: Region) -> None:
        a = attempt(region, left)
        if a is None and mode == WHERE_DEFINED:
            return
        b = attempt(region, right)
        if a is None and b is None:
            return
        if a is None and mode == FILL:
            if region.thin():
                filled.append(region)
                return
            _sharpen(region)
        if a is None or b is None:
            raise Unproved(f"one side alone is undefined {describe(region)}")
        if a != b and not _zero(region, minus(a, b), bases):
            raise Unproved(f"the two sides could not be shown equal {describe(region)}")

    try:
        explore(cells, visit, given)
    except TooHard as problem:
        raise Unproved(f"the identity is out of reach: {problem}") from None
    for region in filled:
        _only_isolated(region, left)


def _only_isolated(region: Region, left: Term) -> None:
    """Points to be filled in do not accumulate at an end of the cell that would be filled in, too."""
    if region.cell.at is not None or all(_entire(a.atom) for a in region.assumptions if a.signs == {0}):
        return
    for end in (region.cell.low or point(Fraction(0)), region.cell.high):
        if end is None:
            continue
        there = Cell(at=point(Fraction(1))) if end.rational == 0 else Cell(at=end)
        if not everywhere(left.subs(num(0)) if end.rational == 0 else left, [there]):
            raise Unproved(f"undefined points may accumulate {describe(region)}")


_ENTIRE = frozenset("x num pi E add mul exp sin cos sinh cosh erf airyai airybi Si fresnels fresnelc".split())


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


def _zero(region: Region, difference: Term, bases: tuple[Fraction, ...]) -> bool:
    """Whether a resolved term is zero on the region."""
    e = region.forms.of(difference)
    if region.generators.vanishes(e) or _zero_by_assumption(region, e):
        return True
    if region.cell.at is not None:
        return False
    return _by_derivative(region.cell, difference, bases)


def _zero_by_assumption(region: Region, e: Element) -> bool:
    """Whether an element is a combination of those that are assumed to be zero."""
    rest = region.generators.reduced(e).top
    for a in region.assumptions:
        if a.signs == {0}:
            atom = region.generators.reduced(region.forms.of(a.atom)).top
            if not atom.is_constant():
                rest = divide(rest, atom)[1]
    return bool(rest.is_zero())


def _by_derivative(cell: Cell, difference: Term, bases: tuple[Fraction, ...]) -> bool:
    """Zero at one point, with a derivative that is zero or a multiple of the function, on the whole cell.

    The point may be an end of the cell for the former only: ``f' = f/x`` says nothing about ``f`` near 0.
    """
    if not deep.analytic(cell, difference):
        return False
    found: list[str] = []

    def visit(region: Region) -> None:
        if not region.connected:
            raise TooHard("a case distinction in a smooth function")
        f = region.forms.of(region.resolve(difference))
        slope = derivative(region.forms, f)
        if region.generators.vanishes(slope):
            found.append("constant")
        elif _multiple(region, f, slope):
            found.append("equation")

    try:
        explore([cell], visit)
    except TooHard:
        return False
    if found not in (["constant"], ["equation"]):
        return False
    return any(zero_at(difference, at) for at in _candidates(cell, bases, found == ["constant"]))


def _multiple(region: Region, f: Element, slope: Element) -> bool:
    """Whether ``slope = a*f`` with a factor ``a`` that is continuous on the region: its denominator has no zero there.

    ``W(x - 10)`` solves such an equation with a pole at its own zero.
    """
    f = region.generators.reduced(f)
    if f.top.is_constant():
        return False
    rate = region.generators.reduced(slope / f)
    return region.known(rate.bottom) <= {-1, 1}


def _candidates(cell: Cell, bases: tuple[Fraction, ...], with_ends: bool) -> list[Fraction]:
    """Points of a cell, and perhaps its ends, at which a function may be known."""
    low = Fraction(0) if cell.low is None else cell.low.rational
    high = None if cell.high is None else cell.high.rational
    points = [*bases, *([] if low is None else [low]), *([] if high is None else [high]), Fraction(1), Fraction(2)]
    points += [Fraction(1, 2), *cell.samples()]
    return [p for p in dict.fromkeys(points) if (with_ends and p in (low, high)) or cell.inside([point(p)])]


def zero_at(t: Term, at: Fraction) -> bool:
    """Whether a term is defined and zero at a rational point: proved."""
    return is_zero(t.subs(num(at)))


def is_zero(t: Term) -> bool:
    """Whether a constant term is defined and zero: proved."""
    return deep.constant_signs(t) == frozenset({0})


def nowhere(t: Term, cells: list[Cell], given: Given = NOTHING) -> bool:
    """Whether a term is undefined at every point of the cells."""

    def visit(region: Region) -> None:
        if attempt(region, t) is not None:
            raise TooHard("defined somewhere")

    return _explored(cells, visit, given)


def everywhere(t: Term, cells: list[Cell], given: Given = NOTHING) -> bool:
    """Whether a term is defined at every point of the cells."""

    def visit(region: Region) -> None:
        if attempt(region, t) is None:
            raise TooHard("undefined somewhere")

    return _explored(cells, visit, given)


def nearly_everywhere(t: Term, cells: list[Cell]) -> bool:
    """Whether a term is defined on the cells, isolated points aside."""

    def visit(region: Region) -> None:
        if attempt(region, t) is None and not region.thin():
            _sharpen(region)
            raise TooHard("undefined on an interval")

    return _explored(cells, visit)


def _explored(cells: list[Cell], visit: Callable[[Region], None], given: Given = NOTHING) -> bool:
    try:
        explore(cells, visit, given)
    except TooHard:
        return False
    return True


def nowhere_zero(t: Term, cells: list[Cell]) -> bool:
    """Whether a term has no zero on the cells; where it is undefined it has none."""

    def visit(region: Region) -> None:
        a = attempt(region, t)
        if a is not None and not region.decide(a, frozenset({-1, 1})):
            raise TooHard("zero somewhere")

    return _explored(cells, visit)


def power_on(t: Term, cell: Cell) -> bool:
    """Whether a term is undefined, zero, or ``c*x**p`` with constants ``c, p``, on a whole open cell."""

    def visit(region: Region) -> None:
        a = attempt(region, t)
        if not region.connected or region.cell != cell:
            raise TooHard("cases inside the interval")
        if a is None:
            return
        e = region.forms.of(a)
        if region.generators.vanishes(e):
            return
        if not deep.analytic(cell, a):
            raise TooHard("not smooth on the interval")
        if not region.known_element(e) <= {-1, 1}:
            raise TooHard("a zero in the interval")
        q = region.generators.reduced(region.forms.x * derivative(region.forms, e) / e)
        if not region.generators.constant(q):
            raise TooHard("not a power on the interval")

    return _explored([cell], visit)

