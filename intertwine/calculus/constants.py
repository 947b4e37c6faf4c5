"""Exact questions about constant terms: zero, equality, a rational value, a simpler form."""

from __future__ import annotations

import contextlib
from fractions import Fraction

from flint import fmpq

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.enclosure import PRECISIONS, Unclear, UndefinedAt, enclose
from intertwine.calculus.tower import NoNormalForm
from intertwine.terms import Term


def constant_is_zero(t: Term) -> bool:
    """Whether a constant term reduces to zero (a proof; False proves nothing)."""
    found: list[bool] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        zero = terms[0] is not None and region.tower.is_zero(region.normal.of(terms[0]))
        found.append(zero)
        return zero

    try:
        return explore((t,), visit) and bool(found)
    except (TooManyCases, NoNormalForm):
        return False


def simplified(t: Term) -> Term:
    """A constant in normal form when it has a real one, else as it is."""
    found: list[Term] = [t]

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        if terms[0] is not None and not region.assumptions:
            e = region.normal.of(terms[0])
            if not any(region.tower.is_imaginary(p) for p in (e.num, e.den)):
                candidate = region.normal.term(e)
                if candidate.size < 60:
                    found[0] = candidate
        return False

    with contextlib.suppress(TooManyCases, NoNormalForm):
        explore((t,), visit)
    return found[0]


def rational_constant(t: Term) -> fmpq | None:
    """The value of a constant term that reduces to a rational number, else None."""
    found: list[fmpq] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        value = None if terms[0] is None or region.assumptions else region.normal.of(terms[0]).rational_value
        if value is not None:
            found.append(value)
        return False

    with contextlib.suppress(TooManyCases, NoNormalForm):
        explore((t,), visit)
    return found[0] if found else None


def constants_equal(a: Term, b: Term) -> bool | None:
    """Whether two constants are equal: proved either way, or None."""
    if a == b or constant_is_zero(a - b):
        return True
    for bits in PRECISIONS:
        try:
            if enclose(a - b, Fraction(1), bits) != 0:
                return False
        except (Unclear, UndefinedAt):
            continue
    return None
