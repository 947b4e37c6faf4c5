"""Spaces of relations whose dimension a formula gives, and relations that stay zero at thirty digits."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.terms.sympy_bridge import to_sympy
from tests.dependence.truth import CASES

SMALL = st.integers(-3, 3)
SHIFTS = st.lists(st.fractions(-3, 3, max_denominator=4), min_size=1, max_size=6, unique=True)
SLOPES = st.lists(st.integers(1, 4), min_size=1, max_size=4, unique=True)


def at(shifts) -> list[tuple[int, Fraction]]:
    return [(1, c) for c in shifts]


def exactly(R: iw.Relations, dimension: int) -> None:
    assert (R.status, R.dimension) == ("exact", dimension)


@given(st.lists(SMALL, min_size=0, max_size=4), st.integers(1, 3), SHIFTS)
@settings(max_examples=40)
def test_translates_of_a_polynomial_span_all_of_its_degree(lower, lead, shifts) -> None:
    degree = len(lower)
    s = " + ".join(f"({c})*x**{k}" for k, c in enumerate([*lower, lead]))
    exactly(iw.relations(s, at(shifts)), max(0, len(shifts) - degree - 1))


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=3, unique=True), SHIFTS, st.booleans())
@settings(max_examples=40)
def test_translates_of_an_exponential_sum(rates, shifts, constants) -> None:
    # The determinant of exp(r_i c_j) is not zero for different r_i and different c_j.
    s = " + ".join(f"{k + 1}*exp({r}*x)" for k, r in enumerate(rates))
    R = iw.relations(s, at(shifts), admit=[1] if constants else [])
    space = len(set(rates) | ({0} if constants else set()))
    inside = len(rates) - (1 if constants and 0 in rates else 0)
    rank = min(inside, len(shifts)) + 1 if constants else min(len(rates), len(shifts))
    assert rank <= space
    exactly(R, len(shifts) + constants - rank)


@given(st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True), SLOPES)
@settings(max_examples=40)
def test_dilates_of_a_trigonometric_sum(frequencies, slopes) -> None:
    # sin(kt) are independent, so the rank is that of the matrix of frequencies.
    s = " + ".join(f"{f + 1}*sin({f}*x)" for f in frequencies)
    waves = sorted({f * b for f in frequencies for b in slopes})
    matrix = sp.Matrix([[sum(f + 1 for f in frequencies if f * b == w) for w in waves] for b in slopes])
    exactly(iw.relations(s, [(b, 0) for b in slopes]), len(slopes) - matrix.rank())


@given(st.lists(st.tuples(st.sampled_from([1, -1]), st.integers(-3, 3)), min_size=1, max_size=7, unique=True))
@settings(max_examples=40)
def test_relus_are_as_independent_as_their_breaks(units) -> None:
    # relu(b(t - p)): one function for each break, beside 1 and t.
    R = iw.relations("relu", [(b, -b * p) for b, p in units], admit=[1, "t"])
    exactly(R, len(units) - len({p for _, p in units}))


@given(st.lists(st.fractions(-2, 2, max_denominator=3), min_size=1, max_size=4, unique=True), st.integers(20, 60))
@settings(max_examples=25)
def test_a_tiny_summand_makes_translates_independent(shifts, digits) -> None:
    # tan has no relation between translates by less than half a turn.
    shifts = [c / 2 for c in shifts]
    exactly(iw.relations(f"x + tan(x)/10**{digits}", at(shifts), admit=[1, "t"]), 0)


@given(SHIFTS, st.integers(1, 3))
@settings(max_examples=25)
def test_admitting_a_translate_gives_exactly_its_relation(shifts, scale) -> None:
    admit = [f"{scale}*softplus(t + ({c}))" for c in shifts]
    R = iw.relations("softplus", at(shifts), admit=admit)
    exactly(R, len(shifts))
    for k in range(len(shifts)):
        vector = [0] * (2 * len(shifts))
        vector[k], vector[len(shifts) + k] = scale, -1
        assert R.contains(vector)
        vector[len(shifts) + k] = -scale - 1
        assert not R.contains(vector)


def value(R: iw.Relations, relation, point: sp.Rational) -> tuple[mpmath.mpf, mpmath.mpf]:
    """The combination at a point by mpmath, and the size of its summands."""
    x = sp.Symbol("x", real=True)
    total, size = mpmath.mpf(0), mpmath.mpf(1)
    values = [sp.N(to_sympy(f).subs(x, point), 50) for f in R.solution.family.functions]
    if not all(v.is_real for v in values):
        return total, size  # outside the common domain
    for c, v in zip(relation.coefficients, values, strict=True):
        summand = mpmath.mpf(sp.N(c, 50)) * mpmath.mpf(v)
        total += summand
        size = max(size, abs(summand))
    return total, size


@pytest.mark.parametrize("case", [c for c in CASES if c.dimension], ids=lambda c: c.name)
def test_relations_are_zero_at_thirty_digits(case) -> None:
    R = iw.relations(case.activation, case.arguments, admit=case.admit)
    with mpmath.workdps(50):
        for relation in R.relations:
            for point in ("1/3", "-2/7", "5/11", "-9/4", "37/8"):
                total, size = value(R, relation, sp.Rational(point))
                assert abs(total) < size * mpmath.mpf(10) ** -30
