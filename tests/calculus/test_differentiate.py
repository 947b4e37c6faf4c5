"""Derivatives as terms, against numeric ones."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intertwine.calculus.core import to_core
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.parsing import parse_term
from intertwine.terms import Term
from tests.calculus.reference import MISSING, close, examples, known, slope, value
from tests.terms.strategies import terms


@examples(120)
@given(terms, st.fractions(Fraction(1, 7), 4, max_denominator=7))
def test_random_terms(term: Term, point: Fraction) -> None:
    assume(not term.is_condition and term.size <= 30)
    core = to_core(term)
    try:
        derivative = differentiate(core)
    except NoDerivative:
        return
    v, expected = value(derivative, point), slope(core, point)
    if known(v) and expected is not MISSING:
        assert close(v, expected, 12)


@pytest.mark.parametrize("text", ["Abs(x)", "sign(x)", "floor(x)", "Max(0,x)", "Piecewise((x,x>0),(0,True))"])
def test_breaks_have_no_derivative(text: str) -> None:
    with pytest.raises(NoDerivative):
        differentiate(parse_term(text))
