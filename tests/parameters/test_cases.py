"""Case distinctions: hand truth, random exact values, completeness and disjointness."""

from __future__ import annotations

import os
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.terms.sympy_bridge import to_sympy as to_number
from tests.parameters.families import FAMILIES, SLOW, values_in

EACH = 50 if os.environ.get("HYPOTHESIS_PROFILE") == "search" else 4


@cache
def derived(text: str) -> Any:
    return iw.derive(text, timeout=120, assume=FAMILIES[text][0])


@pytest.mark.parametrize("text", FAMILIES)
def test_families_are_decided_and_proved(text: str) -> None:
    group = derived(text)
    assert isinstance(group, iw.ParametricGroup)
    assert (group.status, group.questions) == ("exact", ())
    assert group.certificate.check()
    assert all(case.certificate.check() for case in group.cases[:2])


@pytest.mark.parametrize("text", FAMILIES)
def test_hand_truth(text: str) -> None:
    group = derived(text)
    for values, kind, character in FAMILIES[text][1]:
        case = group.case_at(**values)
        assert (case.kind, case.character_text) == (kind, character), (values, case)


@pytest.mark.parametrize("text", [t for t in FAMILIES if t not in SLOW or EACH > 4])
def test_random_values_of_every_case(text: str) -> None:
    group, random = derived(text), Random(text)
    for case in group.cases:
        for i in range(EACH):
            values = values_in(group, case.leaves[i % len(case.leaves)], random)
            if values is None:  # a case that chance does not find
                continue
            if case.kind == "undefined":
                with pytest.raises(iw.DomainError):
                    group.at(**values)
                continue
            direct = iw.derive(group.activation.with_parameters(values))  # not by way of the group
            assert (direct.status, direct.kind, direct.unique) == ("exact", case.kind, case.unique), values
            assert direct.scalars == case.scalars
            if case.unique:
                symbols = {sp.Symbol(name, real=True): to_number(v) for name, v in values.items()}
                a = sp.Symbol("a", real=True)
                for point in (2, -3) if direct.scalars.has_minus_one else (2,):
                    if point in direct.scalars:
                        expected = direct.character(point)
                        assert sp.simplify(case.character(a).subs(a, point).subs(symbols) - expected) == 0


NUMBERS = st.fractions(min_value=-5, max_value=5, max_denominator=6)


@settings(max_examples=40)
@given(st.sampled_from(["leaky_relu(x, alpha)", "a*x**2 + b*x + c", "Max(a*x, b*x)", "x**p", "threshold(x, a, b)"]),
       st.lists(NUMBERS, min_size=3, max_size=3))
def test_cases_are_complete_and_disjoint(text: str, numbers: list[Fraction]) -> None:
    group = derived(text)
    values = dict(zip(group.parameters, numbers, strict=False))
    symbols = {sp.Symbol(n, real=True): sp.Rational(v.numerator, v.denominator) for n, v in values.items()}
    holds = [bool(case.sympy_condition.subs(symbols)) for case in group.cases]
    assert holds.count(True) == 1
    assert group.case_at(**values) is group.cases[holds.index(True)]


def test_the_condition_that_stays_open_is_named() -> None:
    group = iw.derive("sin(a*log(x)) + b", timeout=30)
    assert group.status == "bounded"
    assert group.questions and all(case.condition for case in group.cases)
    assert all(case.kind == "permutation" for case in group.cases if case.status == "bounded")


def test_text_and_json() -> None:
    group = derived("leaky_relu(x, alpha)")
    text = str(group)
    assert "alpha != 1 and alpha != -1  positive-scaled permutation" in text
    data = group.to_json()
    assert (data["mode"], data["status"], len(data["cases"])) == ("parameters", "exact", 3)
    assert "Theorem" in derived("elu(x, alpha)").explain()
