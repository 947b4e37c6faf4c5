"""Rigorous values: the oracle's number lies in the ball, and undefined means undefined."""

from __future__ import annotations

import threading
from fractions import Fraction

import pytest
from flint import ctx
from hypothesis import assume, given
from hypothesis import strategies as st

from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.enclosure import Unclear, UndefinedAt, ball, enclose, precision, sign_at
from intertwine.parsing import parse_term
from intertwine.terms import Term, X, num
from tests.calculus.reference import MISSING, ball_contains, close, examples, known, value
from tests.terms.strategies import terms

points = st.builds(Fraction, st.integers(-30, 30), st.integers(1, 12))


@examples(150)
@given(terms, points, st.sampled_from([64, 160, 512]))
def test_random_terms(term: Term, point: Fraction, bits: int) -> None:
    assume(not term.is_condition and term.size <= 40)
    v = value(term, point)
    try:
        found = enclose(to_core(term), point, bits)
    except Unclear:
        return
    except UndefinedAt:
        assert not known(v), f"{v} is called undefined"
        return
    assert v is not None, f"{found} where the term is undefined"
    if v is not MISSING:
        assert ball_contains(found, v)


@examples(80)
@given(terms, points)
def test_the_core_is_the_same_function(term: Term, point: Fraction) -> None:
    assume(not term.is_condition and term.size <= 40)
    v, w = value(term, point), value(to_core(term), point)
    if MISSING in (v, w):
        return
    assert (v is None) == (w is None)
    assert v is None or close(v, w, 20)


@examples(50)
@given(terms, points)
def test_reflection(term: Term, point: Fraction) -> None:
    assume(not term.is_condition and term.size <= 30)
    v, w = value(term, -point), value(reflected(term), point)
    assert MISSING in (v, w) or (v is None) == (w is None)
    if known(v) and known(w):
        assert close(v, w, 20)


EDGES = (
    ("log(x)", 0, "undefined"), ("sqrt(x)", 0, 0), ("sqrt(x)", -1, "undefined"), ("x**pi", 0, 0),
    ("x**(-pi)", 0, "undefined"),
    ("0**x", 1, "undefined"), ("x**x", 0, "undefined"), ("1/x", 0, "undefined"), ("x**0", 0, 1), ("asin(x)", 1, None),
    ("acosh(x)", 1, 0), ("acosh(x)", 0, "undefined"), ("atanh(x)", 1, "undefined"), ("gamma(x)", -3, "undefined"),
    ("gamma(x)", 3, 2), ("loggamma(x)", 0, "undefined"), ("besselj(1/2,x)", 0, 0), ("besselj(1/2,x)", -1, "undefined"),
    ("besselj(0,x)", 0, 1), ("besselj(2,x)", 0, 0), ("bessely(0,x)", 0, "undefined"), ("Ci(x)", 0, "undefined"),
    ("LambertW(x)", -1, "undefined"), ("LambertW(x)", 0, 0), ("sinc(x)", 0, 1), ("cbrt(x)", -8, -2), ("cbrt(x)", 0, 0),
    ("x**(1/3)", -8, "undefined"), ("sign(x)", 0, 0), ("Heaviside(x)", 0, Fraction(1, 2)), ("acot(x)", 0, None),
    ("floor(x)", -1, -1), ("frac(x)", 3, 0), ("Mod(x,2)", 2, 0), ("Mod(1,x)", 0, "undefined"), ("x/x", 0, "undefined"),
    ("Piecewise((1,x>0))", 0, "undefined"), ("Piecewise((log(x),x<0),(2,True))", 1, 2), ("0*log(x)", -1, "undefined"),
    ("Max(x,log(x))", -1, "undefined"), ("Piecewise((1,log(x)>0),(2,True))", -1, "undefined"),
    ("x**sqrt(2)", -1, "undefined"), ("x**(1/2+1)", -1, "undefined"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "point", "expected"), EDGES, ids=str)
def test_edges_of_domains(text: str, point: int, expected: object) -> None:
    core = to_core(parse_term(text))
    try:
        found = enclose(core, Fraction(point), 128)
    except UndefinedAt:
        assert expected == "undefined"
        return
    assert expected != "undefined"
    assert expected is None or found.overlaps(ball(Fraction(expected)))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", [
    "x**sqrt(4)", "x**(sqrt(9)-4)", "x**(2*cos(pi/3))", "x**(-log(E**2))", "x**(4*atan(1)/pi)",
])  # fmt: skip
def test_an_exponent_that_is_an_integer_in_disguise_is_not_called_broken(text: str) -> None:
    assert known(value(parse_term(text), -3))
    try:
        found = enclose(to_core(parse_term(text)), Fraction(-3), 128)
    except Unclear:
        return
    assert ball_contains(found, value(parse_term(text), -3))


def test_more_bits_settle_a_sign() -> None:
    close_call = parse_term("exp(pi*sqrt(163)) - 262537412640768744")
    assert sign_at(close_call, Fraction(1)) == -1
    assert sign_at(parse_term("sin(x)**2 + cos(x)**2 - 1"), Fraction(1)) is None
    with pytest.raises(UndefinedAt):
        sign_at(parse_term("log(x)"), Fraction(-1))


@given(st.integers(2, 2000))
def test_precision_is_restored(bits: int) -> None:
    before = ctx.prec
    with pytest.raises(ZeroDivisionError), precision(bits):
        assert ctx.prec == bits
        raise ZeroDivisionError
    assert ctx.prec == before


def test_threads_do_not_disturb_each_other() -> None:
    wide: list[object] = []

    def work(bits: int) -> None:
        for k in range(1, 60):
            b = enclose(parse_term("exp(x)"), Fraction(1, k), bits)
            if not b.rad() < 2.0 ** (3 - bits):
                wide.append((bits, k))

    threads = [threading.Thread(target=work, args=(bits,)) for bits in (64, 300, 64, 300)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert wide == []


def test_a_shared_subterm_is_computed_once() -> None:
    t: Term = X
    for _ in range(60):  # 2**60 paths
        t = t + t * num(1, 2)
    assert sign_at(t, Fraction(1)) == 1
