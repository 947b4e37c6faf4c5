"""Signs that interval arithmetic cannot see: by elimination of roots, and by monotonicity."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq, fmpq_poly

from intertwine.calculus.cells import Cell, RealRoot, roots
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.calculus.enclosure import Unclear, UndefinedAt, precision, sign_at
from intertwine.calculus.normal import NormalForm
from intertwine.calculus.ranges import BITS, range_of
from intertwine.calculus.signs import basic_sign, isolated_zeros, rational_sign
from intertwine.calculus.tower import TALLEST, NoNormalForm, Poly
from intertwine.terms import Term


def deep_sign(nf: NormalForm, cell: Cell, p: Poly) -> int | None:
    """The constant sign of a polynomial in the generators on an open cell, if it can be proved."""
    if cell.point is not None or nf.tower.is_imaginary(p):
        return None
    used = nf.tower.used(p)
    if len(used) == 1:
        return _one_generator(nf, cell, p, used[0])
    return _by_elimination(nf, cell, p) or monotone_sign(nf.tower.term_of(p), cell)


def monotone_sign(term: Term, cell: Cell) -> int | None:
    """The strict sign of a smooth term that is monotone on an open cell and known at an end.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> monotone_sign(X - apply("sin", X), Cell())
    1
    """
    return None if cell.point is not None else _by_monotonicity(cell, term)


def _univariate(p: Poly, position: int) -> fmpq_poly:
    if int(p.degrees()[position]) > TALLEST:
        raise NoNormalForm("degree too high")
    coefficients = [fmpq(0)] * (int(p.degrees()[position]) + 1)
    for monomial, c in p.to_dict().items():
        coefficients[int(monomial[position])] = fmpq(c)
    return fmpq_poly(coefficients)


def _one_generator(nf: NormalForm, cell: Cell, p: Poly, position: int) -> int | None:
    """No root of the polynomial lies in the generator's range: its sign is constant."""
    q = _univariate(p, position)
    term = nf.tower.generators[position].term
    try:
        r = range_of(term, *cell.bounds())
    except (Unclear, ValueError):
        return None
    with precision(BITS):
        for root in roots(q):
            value = root.enclosure(BITS)
            edge = (r.lo_open and value == r.lo) or (r.hi_open and value == r.hi)
            outside = value < r.lo or value > r.hi or edge
            if not outside:
                return None
    try:
        return sign_at(nf.tower.term_of(p), cell.sample())
    except UndefinedAt:
        return None


def _by_elimination(nf: NormalForm, cell: Cell, p: Poly) -> int | None:
    """Roots eliminated by resultants: if the norm has no zero in the cell, neither has ``p``."""
    norm = p
    for position in range(len(nf.tower.generators) - 1, -1, -1):
        if not norm.degrees()[position]:
            continue
        g = nf.tower.generators[position]
        if g.family[0] == "x":
            continue
        if g.family[0] != "root" or g.relation is None or not g.relation.den.is_constant() or len(norm) > 60:
            return None
        own = nf.tower.generator(g).num
        relation = own**g.power * g.relation.den - g.relation.num
        norm = norm.resultant(relation, position)
        if norm.is_zero():
            return None
    used = nf.tower.used(norm)
    if used and [nf.tower.generators[i].family[0] for i in used] != ["x"]:
        return None
    if used and cell.inside(roots(_univariate(norm, used[0]))):
        return None
    try:
        return sign_at(nf.tower.term_of(p), cell.sample()) or None
    except UndefinedAt:
        return None


def _by_monotonicity(cell: Cell, term: Term, depth: int = 3) -> int | None:
    """Monotone, and of the right sign at an end; the slope may vanish at isolated points."""
    if depth == 0 or term.size > 120:
        return None
    bounds = cell.bounds()
    try:
        slope = differentiate(term)
        if not (range_of(term, *bounds).total and range_of(slope, *bounds).total):
            return None
        direction = _weak_sign(slope, cell) or _by_monotonicity(cell, slope, depth - 1)
    except (NoDerivative, Unclear, ValueError):
        return None
    if not direction:
        return _between_stationary_points(cell, term, slope, depth)
    for side, end in ((1, cell.low), (-1, cell.high)):
        value = _end_sign(term, end, side)
        if value is not None and value * direction * side >= 0 and _nonzero_inside(term, cell):
            return direction * side
    return None


def _between_stationary_points(cell: Cell, term: Term, slope: Term, depth: int) -> int | None:
    """The cell cut where a rational slope vanishes: monotone on each part, one sign on all of them."""
    points = rational_sign(slope, cell)
    if not isinstance(points, list) or len(points) > 6:
        return None
    signs = set()
    for part in cell.split(points):
        signs.add(basic_sign(term, part) if part.point is not None else _by_monotonicity(part, term, depth - 1))
        if signs not in ({1}, {-1}):
            return None
    return signs.pop()


def _weak_sign(t: Term, cell: Cell) -> int | None:
    """1 if the term is nowhere negative on the cell, -1 if nowhere positive."""
    sign = basic_sign(t, cell)
    if sign is not None:
        return sign
    r = range_of(t, *cell.bounds())
    return 1 if r.lo >= 0 else -1 if r.hi <= 0 else None


def _nonzero_inside(term: Term, cell: Cell) -> bool:
    """Analytic and not zero throughout: then a monotone term that starts at 0 is not 0 inside.

    If it were 0 at an inner point it would be 0 up to there, hence everywhere.
    """
    return isolated_zeros(term, cell)


def _end_sign(term: Term, end: RealRoot | None, side: int) -> int | None:
    if end is None and side == -1:
        return None
    point = Fraction(0) if end is None else end.rational
    if point is None:
        return basic_sign(term, Cell(point=end))
    try:
        return sign_at(term, point)
    except UndefinedAt:
        return None
