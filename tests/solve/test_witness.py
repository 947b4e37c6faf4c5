"""Non-membership: each witness holds when the oracle computes it anew, and members have none."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from intertwine.calculus.core import to_core
from intertwine.errors import ExpressionError
from intertwine.parsing import parse_term
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import NotMember, Sampler, non_affine, non_constant, not_member
from intertwine.terms import Term, num
from tests.calculus.reference import examples
from tests.solve.expressions import activations
from tests.solve.numeric_check import value

SCALES = [Fraction(p) for p in ("-1", "2", "3", "1/2", "-2", "5/7")]
IRRATIONAL = ["exp(pi)", "sqrt(2)", "-exp(2*pi)", "2**(1/3)"]


def readable(text: str) -> Term:
    """The term of a random text; some are refused (``x/(0*x)``)."""
    try:
        term = parse_term(text)
    except ExpressionError:
        reject()
    assume(not term.is_condition)
    return term


def scaled(d: Term, t: Fraction, digits: int) -> object:
    if d.value is not None:
        return d.value * t
    with mpmath.workdps(digits + 15):
        return value(d, 1, digits) * mpmath.mpf(t.numerator) / t.denominator


def holds(term: Term, proof: NotMember) -> bool | None:
    """Whether the oracle confirms a witness; None where it gives up."""
    digits = max(60, int(proof.bits * 0.31) + 30)
    if proof.method == "domain":
        inside = proof.points[0]
        outside = proof.points[1] if len(proof.points) == 2 else scaled(proof.d, inside, digits)
        near = [value(term, inside, 40), value(term, outside, 40)]
        return None if "?" in map(str, near) else near[0] is not None and near[1] is None
    t, u = proof.points
    with mpmath.workdps(digits + 15):
        vs = [value(term, p, digits) for p in (t, scaled(proof.d, t, digits), u, scaled(proof.d, u, digits))]
        if "?" in map(str, vs):
            return None
        if None in vs:
            return False
        v0, w0, v, w = vs
        return bool(abs(w0 * v - w * v0) > mpmath.mpf(10) ** (12 - digits) * (abs(w0 * v) + abs(w * v0)))


@examples(60)
@given(activations, st.sampled_from(SCALES))
def test_every_witness_is_confirmed(text: str, scale: Fraction) -> None:
    term = readable(text)
    core = to_core(term)
    proof = not_member(Sampler(core), num(scale), probe_points(core))
    if proof is not None:
        assert proof.d == num(scale)
        assert holds(term, proof) in (True, None)


@pytest.mark.parametrize("d", IRRATIONAL)
@pytest.mark.parametrize("text", [
    "tanh(x)", "sqrt(sin(x))", "log(x)", "1/(x-1)", "sqrt(1-x**2)", "sin(log(Abs(x)))+x", "gamma(x)",
])  # fmt: skip
def test_irrational_scales(text: str, d: str) -> None:
    core = to_core(parse_term(text))
    proof = not_member(Sampler(core), to_core(parse_term(d)), probe_points(core))
    assert proof is not None
    assert holds(parse_term(text), proof) is True


MEMBERS = (
    ("Max(0,x)", "2"), ("x**3", "-7"), ("cbrt(x)", "-1/2"), ("Abs(x)**pi", "3"), ("sin(log(x))", "exp(2*pi)"),
    ("sin(log(x))", "exp(pi)"), ("sin(x)", "-1"),
    ("cosh(x)", "-1"), ("sign(x)", "-9"), ("1/x", "5"), ("log(x/x)", "4"), ("frac(log(x)/log(2))", "2"),
    ("x*frac(log(Abs(x))/log(3))", "3"), ("Max(0,x)**2-x", "1"),
    ("x**sqrt(4)*cosh(x)", "-1"), ("x**(2*cos(pi/3)+1)+x**4", "-1"), ("Piecewise((x,x>0),(0,True))", "1/3"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "d"), MEMBERS, ids=str)
def test_a_member_has_no_witness(text: str, d: str) -> None:
    core = to_core(parse_term(text))
    assert not_member(Sampler(core), to_core(parse_term(d)), probe_points(core)) is None


def test_tiny_differences_are_found() -> None:
    for exponent in (30, 100, 300, 500):
        core = parse_term(f"x**3 + x/10**{exponent}")
        proof = not_member(Sampler(core), num(2), [Fraction(1), Fraction(2)])
        assert proof is not None and holds(core, proof) is True


@examples(60)
@given(activations)
def test_bends_and_steps_are_confirmed(text: str) -> None:
    term = readable(text)
    core = to_core(term)
    sampler, points = Sampler(core), probe_points(core)
    bend, pair = non_affine(sampler, points), non_constant(sampler, points)
    if bend is not None:
        vs = [value(term, p, 180) for p in bend.points]
        if "?" not in map(str, vs):
            with mpmath.workdps(190):
                (a, b, c), (v, w, u) = [mpmath.mpf(p.numerator) / p.denominator for p in bend.points], vs
                assert (w - v) * (c - a) != (u - v) * (b - a)
    if pair is not None:
        for digits in (60, 650):
            v, w = (value(term, p, digits) for p in pair)
            if "?" in (str(v), str(w)) or v != w:
                return
        raise AssertionError(f"{v} at both points {pair}")


def test_lines_have_no_bend() -> None:
    for text in ("3*x-1", "x/7", "5", "Max(x,x)+1", "sqrt(2)*x+pi", "log(exp(x))"):
        core = to_core(parse_term(text))
        assert non_affine(Sampler(core), probe_points(core)) is None
    for text in ("5", "sin(x)**2+cos(x)**2", "x-x", "sign(exp(x))", "pi"):
        core = to_core(parse_term(text))
        assert non_constant(Sampler(core), probe_points(core)) is None


def test_isolated_holes_are_no_witness() -> None:
    core = to_core(parse_term("x*(x-2)/(x-2)"))
    for d in ("2", "-1", "1/2"):
        proof = not_member(Sampler(core), to_core(parse_term(d)), probe_points(core))
        assert proof is None
