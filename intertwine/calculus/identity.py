"""Is one function identically another?  Proved, refuted elsewhere, or open.

``prove_equal(a, b)`` proves ``a = b`` on ``x > 0``, domains included: on every region of a
case distinction both are undefined, or the difference is zero because

- it reduces to zero in the tower ("algebra"), or
- its derivative is zero and it vanishes at one point ("derivative"), or
- it solves ``f' = a f`` with ``a`` continuous on the cell, and vanishes at an inner point ("ode").
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq_poly

from intertwine.calculus.cases import Assumption, Region, TooManyCases, explore
from intertwine.calculus.cells import Cell, polynomial_ratio
from intertwine.calculus.constants import constant_is_zero
from intertwine.calculus.derivation import derivative
from intertwine.calculus.tower import Element, NoNormalForm, factored
from intertwine.terms import Term, num


@dataclass(frozen=True)
class Step:
    """How the identity was proved on one region."""

    cell: Cell
    assumptions: tuple[Assumption, ...]
    method: str
    base: str | None = None


@dataclass(frozen=True)
class Identity:
    """A proof that ``left = right`` for every ``x > 0``."""

    left: Term
    right: Term
    steps: tuple[Step, ...]


def prove_equal(left: Term, right: Term, fill: bool = False) -> Identity | None:
    """A proof that two core terms agree at every ``x > 0``, or None if none was found.

    With ``fill``, an isolated point where ``left`` alone is undefined counts as a removable
    singularity; ``right`` must then be continuous, which the caller vouches for.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> proof = prove_equal(apply("log", apply("exp", X)), X)
    >>> [step.method for step in proof.steps]
    ['algebra']
    """
    steps: list[Step] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        step = _prove_on(region, terms[0], terms[1], fill)
        if step is not None:
            steps.append(step)
        return step is not None

    for lazy in (False, True):
        steps.clear()
        try:
            done = explore((left, right), visit, lazy=lazy)
        except TooManyCases:
            continue
        except NoNormalForm:
            return None
        return Identity(left, right, tuple(steps)) if done else None
    return None


def _prove_on(region: Region, a: Term | None, b: Term | None, fill: bool) -> Step | None:
    def step(method: str, base: str | None = None) -> Step:
        return Step(region.cell, region.assumptions, method, base)

    if a is None and b is None:
        return step("undefined")
    if a is None and fill and region.thin:
        return step("removable")
    if a is None or b is None:
        return None
    if a == b:
        return step("identical")
    found = prove_zero(region, a - b)
    return None if found is None else step(*found)


def prove_zero(region: Region, difference: Term) -> tuple[str, str | None] | None:
    """The method (and base point) by which a smooth term is zero on a region."""
    try:
        e = region.normal.of(difference)
        if region.tower.is_zero(e):
            return ("algebra", None)
        if region.cell.point is not None:
            return ("point", None) if _zero_at_point(region, difference) else None
        if not region.connected:
            return None
        return _by_derivative(region, difference, e)
    except NoNormalForm:
        return None


def _zero_at_point(region: Region, difference: Term) -> bool:
    point = region.cell.point
    assert point is not None
    value = point.rational
    if value is not None:
        return constant_is_zero(difference.subs(num(value)))
    ratio = polynomial_ratio(difference)
    if ratio is None:
        return False
    return bool((ratio[0] % fmpq_poly(list(point.coefficients))).is_zero())


def _by_derivative(region: Region, difference: Term, e: Element) -> tuple[str, str | None] | None:
    if region.normal.floors:
        return None
    slope = derivative(region.normal, e)
    if region.normal.floors:
        return None
    flat = region.tower.is_zero(slope)
    if not flat and not _regular_rate(region, region.tower.reduce(slope / e)):
        return None
    base = _base_point(region, difference, at_end=flat)
    return None if base is None else ("derivative" if flat else "ode", base)


def _regular_rate(region: Region, rate: Element) -> bool:
    """Whether ``rate`` in ``f' = rate * f`` is continuous on the cell, so that a zero of ``f`` spreads to all of it.

    Its denominator must have no zero: ``f' = f/(2x)`` with ``f(0) = 0`` holds for ``sqrt(x)``.
    """
    return all(region.tower.sign_of(q) in (1, -1) for q, _ in factored(rate.den)[1])


def _base_point(region: Region, difference: Term, at_end: bool) -> str | None:
    """An exact point of the cell where the term vanishes; with ``at_end`` also its left end, if it is defined there."""
    cell = region.cell
    lower, upper = cell.bounds()
    candidates = [Fraction(1), Fraction(2), Fraction(1, 2), cell.sample()]
    points = [c for c in candidates if c > lower and (upper is None or c < upper)]
    left = Fraction(0) if cell.low is None else cell.low.rational
    if at_end and left is not None:
        points.insert(0, left)
    return next((str(p) for p in points if constant_is_zero(difference.subs(num(p)))), None)
