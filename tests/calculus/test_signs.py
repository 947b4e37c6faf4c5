"""Every proved sign agrees with the oracle's values, for easy signs and for deep ones."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flint import fmpq_poly
from hypothesis import assume, given
from hypothesis import strategies as st

from intertwine.calculus.cases import Region, explore
from intertwine.calculus.cells import Cell, RealRoot, rational_root, roots
from intertwine.calculus.core import to_core
from intertwine.calculus.deepsigns import deep_sign, monotone_sign
from intertwine.calculus.signs import basic_sign, isolated_zeros, rational_sign
from intertwine.parsing import parse_term
from intertwine.terms import Term, num
from tests.calculus.reference import examples, holds, known, value
from tests.terms.strategies import terms

POINTS = [Fraction(k, 6) for k in range(1, 60)] + [Fraction(1, 10**6), Fraction(10**5)]
ROOT2 = RealRoot((-2, 0, 1), 1)
CELLS = [
    Cell(), Cell(None, rational_root(Fraction(1))), Cell(rational_root(Fraction(1)), None),
    Cell(ROOT2, rational_root(Fraction(5, 2))), Cell(rational_root(Fraction(1, 2)), ROOT2),
    Cell(point=rational_root(Fraction(3, 2))), Cell(point=rational_root(Fraction(1))),
]  # fmt: skip


def objection(term: Term, cell: Cell, sign: int) -> str | None:
    for p in POINTS:
        v = value(term, p, 60) if holds(cell, p) else None
        if known(v) and (v > 0) - (v < 0) != sign:
            return f"{v} at {p} in {cell}, but the sign is said to be {sign}"
    return None


@examples(120)
@given(terms, st.sampled_from(CELLS))
def test_random_terms(term: Term, cell: Cell) -> None:
    assume(not term.is_condition and term.size <= 30)
    core = to_core(term)
    for proved in (basic_sign(core, cell), monotone_sign(core, cell)):
        if proved is not None:
            assert objection(core, cell, proved) is None


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=5), st.sampled_from(CELLS))
def test_polynomials(c: list[int], cell: Cell) -> None:
    term = parse_term(" + ".join(f"({a})*x**{k}" for k, a in enumerate(c)))
    found = rational_sign(term, cell)
    if isinstance(found, int):
        assert objection(term, cell, found) is None
    elif found is not None:
        assert cell.point is None and found == cell.inside(roots(fmpq_poly(c)))
        for part in cell.split(found):
            assert isinstance(rational_sign(term, part), int)


def test_an_irrational_point_has_exact_signs() -> None:
    at = Cell(point=ROOT2)
    assert rational_sign(parse_term("x**2-2"), at) == 0
    assert rational_sign(parse_term("x**3-2*x"), at) == 0
    assert rational_sign(parse_term("x**2-2+1/10**60"), at) == 1
    assert rational_sign(parse_term("(x-1414213562373095048801688724209698/10**33)"), at) == 1
    assert rational_sign(parse_term("sin(x)"), at) is None


@pytest.mark.parametrize("text", [
    "sqrt(x)-1", "log(x)", "exp(x-1)-1", "acosh(x)", "sin(x-1)", "tanh(x-1)", "cbrt(x)-1", "erf(log(x))",
])  # fmt: skip
def test_a_zero_at_a_rational_point_is_no_strict_sign(text: str) -> None:
    assert basic_sign(to_core(parse_term(text)), Cell(point=rational_root(Fraction(1)))) in (None, 0)


# Strict signs on x > 0 that interval arithmetic alone does not see.
MONOTONE = (
    ("x-sin(x)", 1), ("sin(x)-x", -1), ("exp(x)-1-x", 1), ("x-log(1+x)", 1), ("x-tanh(x)", 1), ("x-atan(x)", 1),
    ("sinh(x)-x", 1),
    ("exp(x)-1-x-x**2/2", 1), ("cos(x)-1+x**2/2", 1), ("x-asinh(x)", 1), ("cosh(x)-1-x**2/2", 1),
)  # fmt: skip


@pytest.mark.parametrize(("text", "sign"), MONOTONE, ids=str)
def test_signs_by_monotonicity(text: str, sign: int) -> None:
    term = parse_term(text)
    assert objection(term, Cell(), sign) is None
    assert monotone_sign(term, Cell()) == sign


@pytest.mark.parametrize("text", [
    "x-2*sin(x)", "sin(x)", "x-1", "exp(x)-2", "x-sin(x)-1/10**30", "log(x)", "1/x-1", "tan(x)-x", "gamma(x)-1",
    "Abs(x-1)", "floor(x)",
    "x**2*sin(x)", "cos(x)-1", "2-2*cos(x)", "sqrt(x)-x", "x*exp(-x)-1/3", "exp(-x)-1/2",
])  # fmt: skip
def test_no_sign_where_there_is_none(text: str) -> None:
    assert monotone_sign(to_core(parse_term(text)), Cell()) is None


@pytest.mark.parametrize("text", [
    "x-1-log(x)", "3*x-1-log(3*x)", "exp(x-1)-x", "x+1/x-2", "cosh(log(x))-1", "x*log(x)-x+1",
])  # fmt: skip
def test_a_minimum_with_the_value_zero_is_no_strict_sign(text: str) -> None:
    term = parse_term(text)
    assert monotone_sign(term, Cell()) is None
    assert basic_sign(term, Cell()) is None


# Polynomials in one generator, and roots that go away by resultants.
DEEP = (
    ("exp(x)**2-2*exp(x)+2", 1), ("exp(2*x)-1", 1), ("exp(2*x)+exp(x)-2", 1), ("1-exp(x)**3", -1),
    ("sqrt(x**2+1)-x", 1),
    ("x-sqrt(x**2+1)", -1), ("sqrt(x**2+1)-1", 1), ("sqrt(x**4+1)-x**2", 1), ("sqrt(x+1)-sqrt(x)", 1),
    ("sqrt(x**2+x+1)-x-1/2", 1),
)  # fmt: skip


@pytest.mark.parametrize(("text", "sign"), DEEP, ids=str)
def test_deep_signs(text: str, sign: int) -> None:
    term = parse_term(text)
    assert objection(term, Cell(), sign) is None
    assert found_by_deep_sign(text) == sign


def found_by_deep_sign(text: str) -> int | None:
    """What ``deep_sign`` says of a term without breaks on the half-line."""
    found: list[int | None] = []

    def visit(region: Region, resolved: tuple[Term | None, ...]) -> bool:
        element = region.normal.of(parse_term(text))
        assert element.den.is_constant()
        found.append(deep_sign(region.normal, Cell(), element.num))
        return False

    explore((num(0),), visit)
    return found[-1]


@pytest.mark.parametrize("text", [
    "exp(2*x)-3*exp(x)+2", "sqrt(x**2+1)-2*x", "sqrt(x)-x", "exp(x)-2", "log(x)", "log(x)**2+log(x)-1",
])  # fmt: skip
def test_no_deep_sign_where_there_is_none(text: str) -> None:
    assert found_by_deep_sign(text) is None


def test_isolated_zeros() -> None:
    for text in ("sin(x)", "x-1", "exp(x)-2", "sin(x)*x", "log(x)", "x**2*cos(1/x)", "airyai(x)"):
        assert isolated_zeros(to_core(parse_term(text)), Cell())
    for text in ("0*x", "Max(0,x-1)", "Abs(x)-x", "floor(x)", "sin(x)**2+cos(x)**2-1", "sqrt((x-1)**2)-x+1"):
        assert not isolated_zeros(to_core(parse_term(text)), Cell())
