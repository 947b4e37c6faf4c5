"""The solver against the collection: never a wrong exact answer, hardly ever a bounded one."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
import sympy

import intertwine as iw
from intertwine.errors import DomainError
from intertwine.groups import NONZERO, POSITIVE, SIGN, TRIVIAL, Cyclic, ScalarGroup, SignCyclic
from tests.solve.collection import CASES, FAMILIES, Case
from tests.solve.collection.case import KINDS
from tests.solve.collection.evidence import INVISIBLE, A, objections

ACCEPTED = [case for case in CASES if case.kind != "refused"]
REFUSED = [case for case in CASES if case.kind == "refused"]
PLAIN = {"trivial": TRIVIAL, "sign": SIGN, "positive": POSITIVE, "nonzero": NONZERO}


def text_of(case: Case) -> str:
    return case.text


@cache
def answer(text: str) -> Any:
    return iw.derive(text)


def group_of(case: Case) -> ScalarGroup:
    if case.generator is None:
        return PLAIN[case.scalars]
    generator = sympy.sympify(case.generator)
    return Cyclic(generator) if case.scalars == "cyclic" else SignCyclic(generator)


def values_of(case: Case) -> list[tuple[sympy.Expr, sympy.Expr]]:
    """Elements that determine the character, and its values on them."""
    if case.generator is not None:
        values = [(sympy.sympify(case.generator), sympy.sympify(case.character))]
        if case.minus_one is not None:
            values.append((sympy.Integer(-1), sympy.sympify(case.minus_one)))
        return values
    chi = sympy.sympify(case.character, locals={"a": A})
    elements = {"trivial": ("1",), "sign": ("1", "-1"), "positive": ("2", "1/3"), "nonzero": ("2", "-1", "-3/7")}
    return [(sympy.sympify(d), chi.subs(A, sympy.sympify(d))) for d in elements[case.scalars]]


@pytest.mark.parametrize("case", [case for case in CASES if case.text not in INVISIBLE], ids=text_of)
def test_truth_agrees_with_the_reference_evaluator(case: Case) -> None:
    assert objections(case) == []


def test_truths_are_consistent() -> None:
    assert len({case.text for case in CASES}) == len(CASES) >= 320
    assert set(INVISIBLE) <= {case.text for case in CASES}
    for case in ACCEPTED:
        assert case.why
        assert case.character is not None
        assert (case.generator is None) == (case.scalars in PLAIN)
        assert (case.minus_one is None) == (case.scalars != "sign-cyclic")
        assert case.unique or case.character == "1"
        expected = KINDS.get(case.scalars, "discretely scaled permutation")
        assert case.kind in (expected, "general linear", "unit row sums")


@pytest.mark.parametrize("case", ACCEPTED, ids=text_of)
def test_never_wrong(case: Case) -> None:
    result, truth = answer(case.text), group_of(case)
    if result.status == "bounded":
        if case.kind != "general linear":
            assert result.lower <= truth <= result.upper, case.why
        return
    assert result.status == "exact"
    assert (result.kind, result.unique) == (case.kind, case.unique), case.why
    assert result.scalars == truth, case.why
    for element, value in values_of(case):
        assert abs(sympy.N(result.character(element) - value, 40)) < 1e-25 * (1 + abs(sympy.N(value))), case.why


@pytest.mark.parametrize("case", REFUSED, ids=text_of)
def test_empty_domain_is_refused(case: Case) -> None:
    with pytest.raises(DomainError):
        iw.derive(case.text)


def test_hardly_ever_bounded() -> None:
    ordinary = [case for case in ACCEPTED if case not in FAMILIES["traps"]]
    bounded = [case.text for case in ordinary if answer(case.text).status != "exact"]
    assert len(bounded) <= 0.02 * len(ordinary), bounded
