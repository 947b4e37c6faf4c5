"""Identities: the true ones of the table are proved, the false ones never are."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intertwine.calculus.core import to_core
from intertwine.calculus.identity import Identity, prove_equal
from intertwine.parsing import parse_term
from intertwine.terms import Term, X, add, mul, num, power, to_text
from tests.calculus.identities import FALSE, TRUE
from tests.calculus.reference import MISSING, close, examples, holds, known, value
from tests.terms.strategies import terms

POINTS = [Fraction(p) for p in (
    "1", "2", "3", "4", "6", "7", "1/2", "1/3", "7/3", "13/10", "5", "17/4", "9/10", "1/10", "40", "1/100",
    "1/10000000000"
)]  # fmt: skip
FAR = Fraction(10**7)


def prove(left: str, right: str) -> Identity | None:
    return prove_equal(to_core(parse_term(left)), to_core(parse_term(right)))


def differ(a: Term, b: Term, points: list[Fraction] = POINTS) -> bool:
    """Whether the oracle sees a point of the half-line where two terms differ, domains included."""
    for p in points:
        v, w = value(a, p, 90), value(b, p, 90)
        if MISSING in (v, w):
            continue
        if (v is None) != (w is None) or (known(v) and not close(v, w, 60)):
            return True
    return False


# Differences that are seen only at multiples of pi, which no fraction is.
AT_PI = {"tan(x)*cos(x)", "sign((1+sin(x)**2)**pi-1)", "sign(E**Abs(sin(x))-1)", "floor((1+sin(x)**2)**(-pi))"}


def test_the_tables_are_long_enough() -> None:
    assert len(set(TRUE)) == len(TRUE) >= 60
    assert len(set(FALSE)) == len(FALSE) >= 60


@pytest.mark.parametrize(("left", "right"), TRUE, ids=str)
def test_true_identities_are_proved(left: str, right: str) -> None:
    assert not differ(parse_term(left), parse_term(right))
    assert prove(left, right) is not None


@pytest.mark.parametrize(("left", "right"), FALSE, ids=str)
def test_false_identities_are_not_proved(left: str, right: str) -> None:
    assert left in AT_PI or differ(parse_term(left), parse_term(right), [*POINTS, FAR])
    assert prove(left, right) is None


@pytest.mark.parametrize(("left", "right"), TRUE[::2], ids=str)
def test_true_identities_with_one_coefficient_changed_are_not_proved(left: str, right: str) -> None:
    a, b = parse_term(left), parse_term(right)
    for changed in (b + num(1, 10**40), b * (1 + num(1, 10**30)), b + X * num(1, 10**30)):
        if differ(a, changed):
            assert prove_equal(to_core(a), to_core(changed)) is None
        else:
            assert b.value == 0


@examples(40)
@given(terms, terms, st.sampled_from(["commute", "double", "square", "split"]))
def test_laws_of_arithmetic(f: Term, g: Term, law: str) -> None:
    assume(not f.is_condition and not g.is_condition and f.size + g.size <= 24)
    left, right = {
        "commute": (f * g, mul(g, f)),
        "double": (add(f, f), 2 * f),
        "square": (power(f + g, num(2)), power(f, num(2)) + 2 * f * g + power(g, num(2))),
        "split": (f * (g + 1), f * g + f),
    }[law]
    left, right = to_core(left), to_core(right)
    # Not every term has a normal form, but what is proved about a changed one would be wrong.
    prove_equal(left, right)
    if differ(left, right + num(1, 10**20)):
        assert prove_equal(left, right + num(1, 10**20)) is None


@examples(60)
@given(terms, terms)
def test_what_is_proved_is_true(f: Term, g: Term) -> None:
    assume(not f.is_condition and not g.is_condition and f.size + g.size <= 30)
    if prove_equal(to_core(f), to_core(g)) is not None:
        assert not differ(f, g), (to_text(f), to_text(g))


def test_each_method_of_proof() -> None:
    methods = {
        "algebra": ("exp(2*x)", "exp(x)**2"),
        "derivative": ("atan(x)+atan(1/x)", "pi/2"),
        "identical": ("Max(0,x)", "x"),
        "undefined": ("sqrt(-1-x)", "log(-x)"),
    }
    for method, (left, right) in methods.items():
        proof = prove(left, right)
        assert proof is not None
        assert method in {step.method for step in proof.steps}, left


def test_a_removable_point_is_filled_only_when_asked() -> None:
    left, right = to_core(parse_term("(x**2-1)/(x-1)")), to_core(parse_term("x+1"))
    assert prove_equal(left, right) is None
    filled = prove_equal(left, right, fill=True)
    assert filled is not None and "removable" in {step.method for step in filled.steps}
    assert prove_equal(to_core(parse_term("Piecewise((x, x>1))")), X, fill=True) is None  # a whole interval is missing
    jump = to_core(parse_term("Piecewise((5,Eq(x,1)),(x,True))"))
    assert prove_equal(jump, X, fill=True) is None


def test_the_steps_cover_the_half_line() -> None:
    proof = prove("Abs(x-1)+Abs(x-2)", "Max(3-2*x, 1, 2*x-3)")
    assert proof is not None
    for p in (*POINTS, Fraction(3, 2)):
        assert any(holds(step.cell, p) for step in proof.steps), p
