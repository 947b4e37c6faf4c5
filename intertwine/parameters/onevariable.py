"""Possible signs of a term in one parameter on a range of it, by the analysis of one variable."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.cells import Cell, rational_root
from intertwine.calculus.constants import constant_is_zero
from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.calculus.enclosure import PRECISIONS, Unclear, UndefinedAt, enclose
from intertwine.calculus.tower import NoNormalForm
from intertwine.parameters.conditions import ANY, Signs
from intertwine.terms import Term, num


@lru_cache(maxsize=4096)
def constant_signs(t: Term) -> Signs:
    """The sign of a constant term; all that is possible when it does not settle, none where it is undefined."""
    for bits in PRECISIONS[:4]:
        try:
            v = enclose(t, Fraction(1), bits)
        except Unclear:
            continue
        except UndefinedAt:
            return frozenset()
        if v > 0 or v < 0:
            return frozenset({1 if v > 0 else -1})
        if v == 0:
            return frozenset({0})
        if bits == PRECISIONS[1] and constant_is_zero(to_core(t)):
            return frozenset({0})
    return ANY


def possible_signs(t: Term, low: Fraction | None, high: Fraction | None, without: tuple[Fraction, ...]) -> Signs:
    """The signs that a term in ``x`` may have on ``low < x < high``, some points left out.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> sorted(possible_signs(apply("exp", X) - 1, None, None, (Fraction(0),)))
    [-1, 1]
    """
    return _possible(to_core(t), low, high, tuple(sorted(set(without))))


@lru_cache(maxsize=4096)
def _possible(t: Term, low: Fraction | None, high: Fraction | None, without: tuple[Fraction, ...]) -> Signs:
    inside = [q for q in without if (low is None or low < q) and (high is None or q < high)]
    zero = Fraction(0)
    spans_zero = (low is None or low < 0) and (high is None or high > 0)
    cuts = sorted({*inside, *([zero] if spans_zero else [])})
    found: Signs = constant_signs(t.subs(num(0))) if spans_zero and zero not in inside else frozenset()
    ends = [low, *cuts, high]
    for a, b in zip(ends, ends[1:], strict=False):
        if b is not None and b <= 0:
            found |= _on_cell(reflected(t), -b, None if a is None else -a)
        else:
            found |= _on_cell(t, a or zero, b)
        if len(found) == 3:
            return found
    return found


def _on_cell(t: Term, low: Fraction, high: Fraction | None, depth: int = 2) -> Signs:
    """Possible signs on a part of ``x > 0``."""
    found: set[int] = set()

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        if terms[0] is not None:
            found.add(region.sign(terms[0]))
        return len(found) < 3

    start = Cell(rational_root(low) if low else None, None if high is None else rational_root(high))
    try:
        explore((t,), visit, start)
    except (TooManyCases, NoNormalForm):
        found = {-1, 0, 1}
    return frozenset(found) if len(found) < 2 else frozenset(found) & _monotone(t, low, high, depth)


def _monotone(t: Term, low: Fraction, high: Fraction | None, depth: int) -> Signs:
    """Strictly monotone from, or to, an exact zero at an end of the range."""
    if depth == 0 or t.size > 60:
        return ANY
    ends = [(way, constant_signs(t.subs(num(q)))) for way, q in ((1, low), (-1, high)) if q is not None]
    start = next((way for way, signs in ends if signs == {0}), None)
    if start is None:
        return ANY
    try:
        slope = _on_cell(differentiate(t), low, high, depth - 1)
    except NoDerivative:
        return ANY
    return frozenset(start * s for s in slope) if slope in ({1}, {-1}) else ANY
