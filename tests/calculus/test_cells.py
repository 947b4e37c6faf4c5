"""Cells and algebraic numbers: exact order, covers, polynomial normal forms."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
from flint import fmpq, fmpq_poly
from hypothesis import assume, given
from hypothesis import strategies as st

from intertwine.calculus.cells import Cell, RealRoot, compare, polynomial_ratio, rational_root, roots
from intertwine.parsing import parse_term
from intertwine.terms import Term
from tests.calculus.reference import close, examples, holds, known, side, to_mpf, value
from tests.terms.strategies import terms

coefficients = st.lists(st.integers(-30, 30), min_size=2, max_size=6).filter(lambda c: any(c[1:]))


def sign_of(p: fmpq_poly, q: Fraction) -> int:
    v = p(fmpq(q.numerator, q.denominator))
    return (v > 0) - (v < 0)


@given(coefficients)
def test_roots_are_all_roots_in_order(c: list[int]) -> None:
    p = fmpq_poly(c)
    found = roots(p)
    assert all(compare(a, b) < 0 for a, b in pairwise(found))
    with mpmath.workdps(60):
        for r in found:
            x = to_mpf(r.enclosure(200))
            assert abs(mpmath.polyval(c[::-1], x)) < mpmath.mpf(10) ** -40 * (1 + abs(x)) ** len(c)
    # Squarefree part: signs on the intervals between neighbours alternate, so that none is missing or extra.
    free = p // p.gcd(p.derivative()) if p.degree() > 0 else p
    between = [_between(a, b) for a, b in pairwise(found)]
    far = Fraction(sum(map(abs, c)) + 1)
    signs = [sign_of(free, q) for q in (-far, *between, far)]
    assert 0 not in signs and all(a == -b for a, b in pairwise(signs)) and len(signs) == len(found) + 1 or not found
    if not found:
        assert sign_of(p, -far) == sign_of(p, far)


def _between(a: RealRoot, b: RealRoot) -> Fraction:
    bits = 64
    while True:
        high, low = to_mpf(b.enclosure(bits).lower()), to_mpf(a.enclosure(bits).upper())
        with mpmath.workdps(200):
            if low < high:
                middle = (low + high) / 2
                sign, man, exp, _ = middle._mpf_
                return Fraction((-1) ** sign * int(man)) * Fraction(2) ** exp
        bits *= 2


@pytest.mark.parametrize("scale", [10, 10**5, 10**10, 10**25])
@pytest.mark.parametrize("degree", [3, 5, 8])
def test_roots_that_are_very_close_together(scale: int, degree: int) -> None:
    # Mignotte's x**n - 2 (a x - 1)**2 has two roots within a**(-n/2 - 1) of 1/a.
    p = fmpq_poly([-2, 4 * scale, -2 * scale**2] + [0] * (degree - 3) + [1])
    near = [r for r in roots(p) if side(r, Fraction(2, scale)) > 0 and side(r, Fraction(1, 2 * scale)) < 0]
    assert len(near) == 2
    for bits in (64, 500, 2000):
        assert not near[1].enclosure(bits) < near[0].enclosure(bits)
    assert compare(*near) == -1 and compare(*near[::-1]) == 1
    # The polynomial is positive at 1/a and negative a little away from it, so 1/a lies strictly between the two.
    assert [side(r, Fraction(1, scale)) for r in near] == [1, -1]


@given(st.fractions(), st.fractions())
def test_rational_numbers_compare_as_fractions(a: Fraction, b: Fraction) -> None:
    assert compare(rational_root(a), rational_root(b)) == (a > b) - (a < b)
    assert rational_root(a).rational == a and (repr(rational_root(a)) == str(a))


def test_order_of_irrational_numbers() -> None:
    golden = RealRoot((-1, -1, 1), 1)
    root2, root3 = RealRoot((-2, 0, 1), 1), RealRoot((-3, 0, 1), 1)
    assert compare(root2, golden) < 0 < compare(root3, golden)
    assert compare(golden, RealRoot((-1, -1, 1), 1)) == 0
    assert compare(golden, rational_root(Fraction(1134903170, 701408733))) == -1  # Fibonacci numbers, 1e-18 away
    assert golden.rational is None and repr(root2) == "root(x**2 - 2, 1)"


@given(coefficients, coefficients)
def test_a_split_covers_the_cell_without_overlap(c: list[int], d: list[int]) -> None:
    cell = Cell()
    inside = cell.inside([*roots(fmpq_poly(c)), *roots(fmpq_poly(d))])
    parts = cell.split(inside)
    assert len(parts) == 2 * len(inside) + 1
    exact = [r.rational for r in inside if r.rational is not None]
    for p in [Fraction(k, 7) for k in range(1, 80)] + exact + [Fraction(1, 10**9), Fraction(10**9)]:
        assert sum(holds(part, p) for part in parts) == 1
    for part in parts:
        if part.point is None:
            s = part.sample()
            assert holds(part, s)
            low, high = part.bounds()
            assert low < s and (high is None or s < high) and low >= 0
        else:
            low, high = part.bounds()
            assert high is not None and side(part.point, low) <= 0 <= side(part.point, high)


def test_cells_as_text() -> None:
    assert repr(Cell()) == "0 < x < oo"
    assert repr(Cell(rational_root(Fraction(1, 2)), RealRoot((-2, 0, 1), 1))) == "1/2 < x < root(x**2 - 2, 1)"
    assert repr(Cell(point=rational_root(Fraction(3)))) == "x = 3"


@examples(60)
@given(terms, st.fractions(Fraction(1, 9), 9, max_denominator=9))
def test_polynomial_ratio_is_the_same_function(term: Term, p: Fraction) -> None:
    assume(term.size <= 30)
    ratio = polynomial_ratio(term)
    if ratio is None:
        return
    point = fmpq(p.numerator, p.denominator)
    top, bottom = (f(point) for f in ratio)
    v = value(term, p)
    if known(v):
        assert bottom != 0
        quotient = top / bottom
        with mpmath.workdps(40):
            assert close(v, mpmath.mpf(int(quotient.p)) / int(quotient.q), 20)


@pytest.mark.parametrize("text", ["sin(x)", "sqrt(x)", "Abs(x)", "x**500", "pi*x", "1/(x-x)", "Max(x,1)"])
def test_other_terms_are_no_polynomial_ratio(text: str) -> None:
    assert polynomial_ratio(parse_term(text)) is None
