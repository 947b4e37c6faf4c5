"""Exact coefficients of a column in terms of independent ones: linear equations between constants, in a tower."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose, precision
from intertwine.calculus.tower import Element, NoNormalForm, rational
from intertwine.dependence.comparison import Row
from intertwine.dependence.elimination import eliminate
from intertwine.dependence.real_parts import real_term
from intertwine.terms import Term

BITS = 512


@dataclass
class _Equation:
    """One row: exact entries with balls around their values."""

    exact: list[Element]
    balls: list[arb]


def solve_exactly(rows: list[Row], columns: tuple[int, ...], wanted: int) -> tuple[Term, ...] | None:
    """Constants ``c_j`` with ``row[wanted] = sum(c_j row[columns[j]])`` for as many rows as there are columns.

    Returns
    -------
    tuple of Term or None
        The only possible coefficients, if the rows determine them; they still have to be proved.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> row = [parse_term(t) for t in ("sqrt(2)", "2")]
    >>> solve_exactly([tuple(row)], (0,), 1)
    (sqrt(2),)
    """
    chosen = _independent(rows, columns)
    if chosen is None:
        return None
    entries = tuple(rows[i][c] for i in chosen for c in (*columns, wanted))
    values = [_value(t) for t in entries]
    balls = [v for v in values if v is not None]
    if len(balls) != len(entries):
        return None
    found: list[tuple[Term, ...]] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        if region.assumptions or any(t is None for t in terms):
            return False
        elements = [region.normal.of(t) for t in terms if t is not None]
        width = len(columns) + 1
        system = [
            _Equation(elements[i : i + width], balls[i : i + width]) for i in range(0, len(elements), width)
        ]
        found.append(tuple(real_term(region.normal, e) for e in _solved(region, system)))
        return False

    with contextlib.suppress(TooManyCases, NoNormalForm):
        explore(entries, visit)
    return found[0] if found else None


def _value(t: Term) -> arb | None:
    try:
        return enclose(t, Fraction(1), BITS)
    except (Unclear, UndefinedAt):
        return None


def _independent(rows: list[Row], columns: tuple[int, ...]) -> list[int] | None:
    """Rows with a nonzero minor on the columns, the earliest ones."""
    known: list[tuple[int, list[arb]]] = []
    for i, row in enumerate(rows):
        values = [_value(row[c]) for c in columns]
        balls = [v for v in values if v is not None]
        if len(balls) == len(columns):
            known.append((i, balls))
    result = eliminate([balls for _, balls in known], len(columns), BITS)
    if len(result.pivots) < len(columns):
        return None
    return [known[place][0] for place, _ in result.pivots]


def _solved(region: Region, system: list[_Equation]) -> list[Element]:
    """Gauss and Jordan, with pivots that are proved not to be zero."""
    for k in range(len(system)):
        check()
        place = _shortest(system, k)
        system[k], system[place] = system[place], system[k]
        lead = system[k]
        _scale(region, lead, k)
        for i, equation in enumerate(system):
            if i != k and not equation.exact[k].num.is_zero():
                _subtract(region, equation, lead, k)
    return [equation.exact[-1] for equation in system]


def _shortest(system: list[_Equation], k: int) -> int:
    usable = [i for i in range(k, len(system)) if system[i].balls[k] != 0]
    if not usable:
        raise NoNormalForm("no pivot")
    return min(usable, key=lambda i: len(system[i].exact[k].num) + len(system[i].exact[k].den))


def _scale(region: Region, equation: _Equation, k: int) -> None:
    pivot, ball = equation.exact[k], equation.balls[k]
    with precision(BITS):
        equation.balls[:] = [b / ball for b in equation.balls]
    equation.exact[:] = [region.tower.reduce(e / pivot) for e in equation.exact]
    equation.exact[k] = rational(1)


def _subtract(region: Region, equation: _Equation, lead: _Equation, k: int) -> None:
    factor, ball = equation.exact[k], equation.balls[k]
    with precision(BITS):
        equation.balls[:] = [b - ball * c for b, c in zip(equation.balls, lead.balls, strict=True)]
    equation.exact[:] = [
        region.tower.reduce(e - factor * f) for e, f in zip(equation.exact, lead.exact, strict=True)
    ]
    equation.exact[k] = rational(0)
