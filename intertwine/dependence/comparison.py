"""Linear conditions on the coefficients of a relation: functions in one tower, compared monomial by monomial.

Where the generators of the tower are algebraically independent over the constants, these conditions are also
necessary.  Here they only say where to look: what is found is proved afterwards.
"""

from __future__ import annotations

import contextlib

from flint import fmpq

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.core import reflected
from intertwine.calculus.tower import Element, NoNormalForm, Poly, constant_poly
from intertwine.dependence.real_parts import real_parts
from intertwine.terms import ZERO, Term

Row = tuple[Term, ...]
MOST_ROWS = 200


def comparisons(functions: tuple[Term, ...]) -> list[Row]:
    """Rows of constants that a relation annihilates, simple ones first.

    Examples
    --------
    >>> from intertwine.terms import X, apply, num
    >>> comparisons((apply("exp", X), apply("exp", X + 1)))
    [(1, exp(1))]
    """
    found: dict[Row, None] = {}
    for side in (functions, tuple(map(reflected, functions))):
        # What was seen before the cases became too many is still worth a look.
        with contextlib.suppress(TooManyCases, NoNormalForm):
            explore(side, lambda region, terms: _collect(region, terms, found))
    return sorted(found, key=lambda row: sum(t.size for t in row))


def _collect(region: Region, terms: tuple[Term | None, ...], found: dict[Row, None]) -> bool:
    if region.cell.point is not None or any(t is None for t in terms):
        return True
    try:
        elements = [region.normal.of(t) for t in terms if t is not None]
        rows = _rows(region, _cleared(region, elements))
    except NoNormalForm:
        return True
    found.update(dict.fromkeys(rows))
    return len(found) < MOST_ROWS


def _cleared(region: Region, elements: list[Element]) -> list[Poly]:
    """Multiples of the elements, all by the same factor, that are polynomials."""
    for _ in range(4):
        common = constant_poly(1)
        for e in elements:
            common = common * divmod(e.den, common.gcd(e.den))[0]
        factor = Element(common, constant_poly(1))
        elements = [region.tower.reduce(e * factor) for e in elements]
        if all(e.den.is_constant() for e in elements):
            return [e.num / e.den.leading_coefficient() for e in elements]
    raise NoNormalForm("a denominator that does not go away")


def _rows(region: Region, polynomials: list[Poly]) -> list[Row]:
    """The coefficients of each monomial in the generators that vary, real and imaginary parts apart."""
    generators = region.tower.generators
    table: dict[tuple[int, ...], list[dict[tuple[int, ...], fmpq]]] = {}
    for k, p in enumerate(polynomials):
        for monomial, c in p.to_dict().items():
            exponents = tuple(map(int, monomial))
            varying = tuple(0 if i >= len(generators) or generators[i].constant else d for i, d in enumerate(exponents))
            rest = tuple(a - b for a, b in zip(exponents, varying, strict=True))
            columns = table.setdefault(varying, [{} for _ in polynomials])
            columns[k][rest] = fmpq(c)
    rows: list[Row] = []
    for columns in table.values():
        parts = [real_parts(region.normal, _polynomial(c)) for c in columns]
        rows += [row for row in zip(*parts, strict=True) if any(t != ZERO for t in row)]
    return rows


def _polynomial(coefficients: dict[tuple[int, ...], fmpq]) -> Poly:
    found: Poly = constant_poly(0).context().from_dict(coefficients)
    return found
