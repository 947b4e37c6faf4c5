"""The sign of a smooth term on a cell: proved to be constant, or unknown."""

from __future__ import annotations

from flint import arb, fmpq, fmpq_poly

from intertwine.calculus.cells import Cell, RealRoot, polynomial_ratio, roots
from intertwine.calculus.enclosure import Unclear, UndefinedAt, precision, sign_at
from intertwine.calculus.ranges import range_of
from intertwine.terms import Term


def rational_sign(t: Term, cell: Cell) -> int | None | list[RealRoot]:
    """The sign of a rational function on a cell, or the interior points where it may change.

    None when the term is not literally a rational function of ``x``.
    """
    ratio = polynomial_ratio(t)
    if ratio is None:
        return None
    num, den = ratio
    if num.is_zero():
        return 0
    if cell.point is not None:
        return _sign_at_root(num, cell.point) * _sign_at_root(den, cell.point)
    inner = cell.inside(r for p in (num, den) if p.degree() > 0 for r in roots(p))
    if inner:
        return inner
    s = cell.sample()
    value = num(fmpq(s.numerator, s.denominator)) * den(fmpq(s.numerator, s.denominator))
    return 1 if value > 0 else -1


def _sign_at_root(p: fmpq_poly, r: RealRoot) -> int:
    """The exact sign of a polynomial at an algebraic number."""
    minimal = fmpq_poly(list(r.coefficients))
    rest = p % minimal
    if rest.is_zero():
        return 0
    bits = 64
    while True:  # the value is a nonzero algebraic number
        point = r.enclosure(bits)
        with precision(bits):
            value = arb(0)
            for c in reversed(rest.coeffs()):
                value = value * point + arb(c)
        if value > 0:
            return 1
        if value < 0:
            return -1
        bits *= 2


def basic_sign(t: Term, cell: Cell) -> int | None:
    """The sign on the cell by constants, rational functions, or interval arithmetic."""
    if not t.has_x:
        try:
            return sign_at(t, cell.sample())
        except UndefinedAt:
            return None
    rational = rational_sign(t, cell)
    if isinstance(rational, int):
        return rational
    if rational is None:
        try:
            r = range_of(t, *cell.bounds())
        except (Unclear, ValueError):
            return None
        if r.sign is not None:
            return r.sign
        if cell.point is not None and cell.point.rational is not None:
            try:
                return sign_at(t, cell.point.rational)
            except UndefinedAt:
                return None
    return None


_ANALYTIC = frozenset({
    "x", "num", "pi", "E", "add", "mul", "exp", "sin", "cos", "sinh", "cosh", "tanh", "sinc", "erf", "atan", "asinh",
    "airyai", "airybi", "Si", "fresnels", "fresnelc",
})  # fmt: skip


def isolated_zeros(t: Term, cell: Cell) -> bool:
    """Whether the zeros of a smooth term in a cell are isolated: analytic on all of it and not zero throughout."""
    while t.op == "Abs":  # the zeros of |u| are those of u
        t = t.args[0]
    if cell.point is not None or not all(_analytic(node, cell) for node in t.walk()):
        return False
    start = cell.sample()
    for k in range(6):
        try:
            if sign_at(t, start + k * (start / 8 if cell.high is None else 0)):
                return True
        except UndefinedAt:
            return False
    return False


def _analytic(node: Term, cell: Cell) -> bool:
    """Whether one operation is analytic at every value that its arguments take on the cell."""
    if node.op in _ANALYTIC or not node.has_x:
        return True
    try:
        if node.op == "pow":
            r = node.args[1].value
            sign = range_of(node.args[0], *cell.bounds()).sign
            whole = r is not None and r.denominator == 1
            return (whole and r is not None and r >= 0) or sign == 1 or (whole and sign == -1)
        if node.op in ("log", "loggamma", "gamma"):
            return range_of(node.args[0], *cell.bounds()).sign == 1
    except (Unclear, ValueError):
        return False
    return False
