"""Which terms are definable at which ends: a table, and the reasons that are recorded."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from intertwine.calculus.core import to_core
from intertwine.calculus.tame import ANYWHERE, BOUNDED, BOUNDED_BELOW, ENDS, sensitive, tame
from intertwine.parsing import parse_term
from intertwine.terms import Term
from tests.calculus.reference import examples, known, value
from tests.calculus.test_ranges import points_inside
from tests.terms.strategies import terms

EVERY = ("everywhere", "0+", "0-", "oo", "-oo")
ALL = frozenset(EVERY)
NEAR_ZERO = frozenset({"0+", "0-"})
FAR = frozenset({"oo", "-oo"})

TABLE: tuple[tuple[str, frozenset[str]], ...] = (
    ("x", ALL), ("exp(exp(x))", ALL), ("log(Abs(x))", ALL), ("tanh(x)", ALL), ("erf(x)", ALL), ("atan(x)", ALL),
    ("asin(x)", ALL),
    ("Abs(x)**pi", ALL), ("x**x", ALL), ("Max(x,x**3)", ALL), ("sign(x)", ALL), ("LambertW(x)", ALL),
    ("loggamma(x)", ALL),
    ("besseli(1,x)", ALL), ("Piecewise((x,x>1),(exp(x),True))", ALL), ("cbrt(x)", ALL), ("exp(-1/x**2)", ALL),
    ("asinh(1/x)", ALL),
    # bounded arguments make the oscillating functions harmless
    ("sin(tanh(x))", ALL), ("cos(1/(1+x**2))", ALL), ("besselj(0,atan(x))", ALL), ("floor(tanh(x))", ALL),
    ("gamma(x**2)", ALL),
    ("airyai(exp(x))", ALL), ("sin(sin(tanh(x)))", ALL), ("Si(erf(x))", ALL), ("sin(Min(Max(x,-1),1))", ALL),
    # one end or the other
    ("sin(x)", NEAR_ZERO), ("x*cos(x)", NEAR_ZERO), ("sinc(x)", NEAR_ZERO), ("floor(x)", NEAR_ZERO),
    ("frac(x)", NEAR_ZERO),
    ("besselj(0,x)", NEAR_ZERO), ("Si(x)", NEAR_ZERO), ("fresnels(x)", NEAR_ZERO), ("tan(x)", NEAR_ZERO),
    ("Ci(x)", NEAR_ZERO),
    ("sin(1/x)", FAR), ("x*sin(1/x)", FAR), ("cos(1/x**2)", FAR), ("tan(1/x)", FAR), ("floor(1/x)", FAR),
    ("sin(exp(x))", NEAR_ZERO | {"-oo"}), ("sin(exp(-x))", NEAR_ZERO | {"oo"}), ("sin(exp(1/x))", FAR | {"0-"}),
    ("gamma(x)", NEAR_ZERO | {"oo"}), ("gamma(-x)", NEAR_ZERO | {"-oo"}), ("airyai(x)", NEAR_ZERO | {"oo"}),
    ("airybi(-x)", NEAR_ZERO | {"-oo"}), ("gamma(1/x)", FAR | {"0+"}), ("sin(Max(0,x))", NEAR_ZERO | {"-oo"}),
    ("sin(log(x))", frozenset()), ("sin(log(Abs(x)))", frozenset()), ("sin(x)+sin(1/x)", frozenset()),
    ("floor(log(Abs(x)))", frozenset()),
    ("sin(x+1/x)", frozenset()), ("x**2*sin(log(Abs(x)))*exp(-x)", frozenset()), ("besselj(1,log(x)**2)", frozenset()),
    ("tan(log(Abs(x)))", frozenset()), ("cos(x)*0+sin(1/x)*0", frozenset()),
)  # fmt: skip


@pytest.mark.parametrize(("text", "ends"), TABLE, ids=lambda v: v if isinstance(v, str) else "")
def test_ends(text: str, ends: frozenset[str]) -> None:
    core = to_core(parse_term(text))
    assert {end for end in EVERY if tame(core, end) is not None} == ends


def test_oscillation_on_the_other_half_line_does_not_count() -> None:
    one_sided = to_core(parse_term("Piecewise((x,x>0),(sin(x),True))"))
    assert tame(one_sided, "0+") is not None
    # conservative: the branch is not looked at
    assert tame(to_core(parse_term("sin(x)")), "oo") is None


@examples(80)
@given(terms, st.sampled_from(EVERY))
def test_the_arguments_of_sensitive_functions_are_bounded_as_claimed(term: Term, end: str) -> None:
    assume(not term.is_condition and term.size <= 40)
    core = to_core(term)
    proof = tame(core, end)
    if proof is None:
        return
    assert (proof.low, proof.high) in ENDS[end]
    assert {t for t, _ in proof.reasons} == set(sensitive(core))
    for node, text in proof.reasons:
        low, high = (float(part) for part in text.split(" .. "))
        for p in points_inside(proof.low, proof.high)[:12]:
            v = value(node.args[-1], p)
            if known(v):
                assert low - 0.01 * abs(low) - 1e-6 <= v
                assert node.op in BOUNDED_BELOW or v <= high + 0.01 * abs(high) + 1e-6


def test_every_core_operation_is_in_exactly_one_class() -> None:
    assert not BOUNDED & BOUNDED_BELOW and not (BOUNDED | BOUNDED_BELOW) & ANYWHERE
    oscillating = {"sin", "cos", "tan", "floor", "sinc", "Si", "Ci", "fresnels", "fresnelc", "besselj", "bessely"}
    assert oscillating <= BOUNDED
    assert not {"airyai", "airybi", "gamma"} & ANYWHERE


def test_a_narrower_neighbourhood_is_tried() -> None:
    proof = tame(to_core(parse_term("gamma(x-100)")), "oo")
    assert proof is not None and proof.low == Fraction(16)
    proof = tame(to_core(parse_term("sin(1/(x-20))")), "oo")
    assert proof is not None and proof.low == Fraction(2**40)
