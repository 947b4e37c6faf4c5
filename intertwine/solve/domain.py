"""Why every intertwiner is a monomial matrix (Theorem 1): the hypotheses on the domain of ``s``."""

from __future__ import annotations

from dataclasses import dataclass

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.cells import RealRoot
from intertwine.calculus.core import reflected
from intertwine.calculus.enclosure import Unclear
from intertwine.calculus.identity import Identity, prove_equal
from intertwine.calculus.ranges import range_of
from intertwine.calculus.tame import Tame
from intertwine.calculus.tower import NoNormalForm
from intertwine.terms import Term, X, add


@dataclass(frozen=True)
class Domain:
    """One of the cases of Theorem 1.

    ``definable``: then the domain is the line, or has a convex hull other than the line, or contains a
    half-line.  ``thin complement``: undefined at isolated points only.  ``unbounded piece``: on ``side*(start, oo)``
    everywhere defined or nowhere.  ``periodic``: invariant under a translation.
    """

    case: str
    side: int = 0
    start: str | None = None
    period: Term | None = None
    identity: Identity | None = None


def domain_case(core: Term, everywhere: Tame | None) -> Domain | None:
    """The first case of Theorem 1 whose hypothesis can be proved, or None."""
    if everywhere is not None:
        return Domain("definable")
    try:
        if range_of(core, None, None).total:
            return Domain("thin complement")
    except Unclear:
        pass
    pieces = [_pieces(core), _pieces(reflected(core))]
    if all(p is not None and p[0] for p in pieces):
        return Domain("thin complement")
    for side, piece in ((1, pieces[0]), (-1, pieces[1])):
        if piece is not None and piece[1] is not None:
            return Domain("unbounded piece", side, piece[1])
    return _periodic(core)


def _pieces(term: Term) -> tuple[bool, str | None] | None:
    """Whether undefined points are isolated on the half-line, and where an unbounded uniform piece starts."""
    thin: list[bool] = []
    start: list[str] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        ok = terms[0] is not None or region.thin
        if region.connected and region.cell.high is None:
            start.append(_above(region.cell.low))
        thin.append(ok)
        return True

    try:
        explore((term,), visit, lazy=True)  # only where the term is defined matters
    except (TooManyCases, NoNormalForm):
        return None
    return all(thin), start[0] if start else None


def _above(low: RealRoot | None) -> str:
    """The start of a cell, or a whole number above it where it is not rational."""
    if low is None or low.rational is not None:
        return str(low.rational) if low else "0"
    return str(low.enclosure(64).upper().ceil().unique_fmpz())


def _periodic(core: Term) -> Domain | None:
    """``s(x + T) = s(x)`` for a common period of the trigonometric functions, as written."""
    from intertwine.solve.translation import period_candidates

    for period in period_candidates(core):
        shifted = core.subs(add(X, period))
        right = prove_equal(shifted, core)
        left = prove_equal(reflected(core).subs(add(X, period)), reflected(core)) if right else None
        if right is not None and left is not None:
            return Domain("periodic", period=period, identity=right)
    return None


