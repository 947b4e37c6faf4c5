"""What groups of affine intertwiners say about pairs: never a wrong "no", and "no" where nothing else decides."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.pairs.profile import Profile
from intertwine.pairs.reasons import Differs
from intertwine.pairs.symmetry import by_groups
from intertwine.parsing import parse_term
from intertwine.terms import num
from tests.effort import examples
from tests.pairs.moved import factors, moved, shifts

#: Activations with every type of group, some with groups that are not derived exactly.
SYMMETRIC = (
    "exp(sin(x))", "tan(x)", "Max(0, sin(x))", "Abs(sin(x))", "floor(x)", "frac(x)", "exp(x)*(2 + sin(x))",
    "x + sin(x)", "atan(x)", "x/(1 + x**2)", "log(Abs(x))", "x*Abs(x)", "relu", "exp(x)", "log(x)", "sign(x)",
    "cbrt(x) + x", "x*sin(log(Abs(x)))", "exp(x) + exp(-2*x)", "1/sin(x)", "sin(x) + sin(sqrt(2)*x)", "exp(-Abs(x))",
    "floor(x) + x/3",
)  # fmt: skip


@settings(max_examples=examples(12))
@given(st.sampled_from(SYMMETRIC), factors, shifts, factors, shifts)
def test_related_activations_are_not_told_apart(name, a, c, b, d):
    s = parse_term(name)
    t = moved(s, a, c, b, d)
    found = by_groups(Profile(s), Profile(t), True)
    assert not isinstance(found, Differs)
    assert iw.equivalent(s, t).answer is not False
    t = moved(s, a, num(0), b, num(0))
    assert not isinstance(by_groups(Profile(s), Profile(t), False), Differs)
    assert iw.equivalent(s, t, affine=False).answer is not False


@pytest.mark.parametrize(("first", "second"), [
    ("floor(x)", "frac(x)"), ("exp(sin(x))", "exp(2*sin(x))"), ("tan(x)", "tan(x)**3"), ("log(Abs(x))", "cos(x)"),
    ("exp(x)*(2 + sin(x))", "exp(2*x)*(2 + sin(x))"), ("sin(x) + sin(sqrt(2)*x)", "sin(x) + sin(sqrt(3)*x)"),
    ("exp(sin(x))", "exp(sin(x)) + x"), ("Abs(sin(x))", "Max(0, sin(x))"),
])  # fmt: skip
@pytest.mark.parametrize("affine", [False, True])
def test_unrelated_by_their_groups(first: str, second: str, affine: bool) -> None:
    """By hand: periods with and without a growth, another shape within one period, another ratio of frequencies."""
    assert iw.equivalent(first, second, affine=affine).answer is False


def test_no_affine_map_means_no_scaling() -> None:
    assert iw.equivalent("log(Abs(x))", "cos(x)", affine=False).answer is False
    assert iw.derive_layer(["exp(x) - 1", "floor(x)", "log(Abs(x))"]).status == "exact"
