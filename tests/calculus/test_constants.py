"""Exact questions about constants, and the deadline that computations look at."""

from __future__ import annotations

import threading
import time
from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import assume, given

from intertwine.calculus.budget import check, deadline
from intertwine.calculus.constants import constant_is_zero, constants_equal, rational_constant, simplified
from intertwine.errors import DerivationTimeout
from intertwine.parsing import parse_term
from intertwine.terms import Term, num
from tests.calculus.reference import close, examples, known, value
from tests.terms.strategies import terms

EQUAL = (
    ("sqrt(2)*sqrt(3)", "sqrt(6)"), ("exp(log(5)/2)", "sqrt(5)"), ("log(8)", "3*log(2)"), ("atan(1)", "pi/4"),
    ("cos(pi/3)", "1/2"), ("gamma(5)", "24"),
    ("Abs(1-sqrt(2))", "sqrt(2)-1"), ("Max(3,pi)", "pi"), ("sign(E-3)", "-1"), ("cbrt(-8)", "-2"),
    ("2**(1/2)*2**(1/3)", "2**(5/6)"), ("floor(pi)", "3"),
    ("exp(2*log(3))", "9"), ("cosh(log(2))", "5/4"), ("Piecewise((1,pi>3),(2,True))", "1"),
    ("besselj(1/2,pi/2)", "2/pi"), ("4**sqrt(2)", "2**(2*sqrt(2))"),
)  # fmt: skip
UNEQUAL = (
    ("pi", "355/113"), ("exp(pi*sqrt(163))", "262537412640768744"), ("sqrt(2)+sqrt(3)", "pi"), ("E", "2721/1001"),
    ("1/10**100", "0"), ("log(2)", "7/10"),
    ("gamma(1/3)", "26789385/10**7"), ("sqrt(2)", "1+41421356237309504880168872420969807/10**35"), ("erf(1)", "1"),
)  # fmt: skip


@pytest.mark.parametrize(("a", "b"), EQUAL, ids=str)
def test_equal_constants(a: str, b: str) -> None:
    left, right = parse_term(a), parse_term(b)
    assert close(value(left, 0), value(right, 0), 25)
    assert constants_equal(left, right) is True
    assert constant_is_zero(left - right)
    assert constants_equal(left, right + num(1, 10**60)) is False
    assert not constant_is_zero(left - right + num(1, 10**60))


@pytest.mark.parametrize(("a", "b"), UNEQUAL, ids=str)
def test_unequal_constants(a: str, b: str) -> None:
    assert constants_equal(parse_term(a), parse_term(b)) is False


def test_rational_values() -> None:
    assert rational_constant(parse_term("sin(pi/6)")) == fmpq(1, 2)
    assert rational_constant(parse_term("log(8)/log(2)")) == fmpq(3)
    assert rational_constant(parse_term("pi")) is None
    assert rational_constant(parse_term("log(-1)")) is None


@examples(60)
@given(terms)
def test_simplified_keeps_the_value(term: Term) -> None:
    assume(not term.is_condition and term.size <= 25)
    constant = term.subs(num(Fraction(7, 3)))
    v, w = value(constant, 0), value(simplified(constant), 0)
    if known(v) and known(w):
        assert close(v, w, 20)


def test_deadline() -> None:
    with deadline(None):
        check()
    with deadline(60):
        check()
        with pytest.raises(DerivationTimeout) as caught, deadline(-1):
            check()
        check()  # the outer deadline is back
    assert isinstance(caught.value, TimeoutError) and "\n" not in str(caught.value)
    check()


def test_a_deadline_belongs_to_its_thread() -> None:
    errors: list[BaseException] = []

    def other() -> None:
        try:
            for _ in range(100):
                check()
        except DerivationTimeout as error:
            errors.append(error)

    with deadline(-1):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert errors == []


def test_a_deadline_is_met() -> None:
    start = time.monotonic()
    with pytest.raises(DerivationTimeout), deadline(0.2):
        while True:
            check()
    assert time.monotonic() - start < 5
