"""Relations against hand-made truth."""

from __future__ import annotations

import pytest
import sympy as sp

import intertwine as iw
from tests.dependence.truth import CASES, Case


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_space_is_what_it_is_by_hand(case: Case) -> None:
    R = iw.relations(case.activation, case.arguments, admit=case.admit)
    assert (R.status, R.dimension, R.upper) == ("exact", case.dimension, case.dimension), case.why
    assert R.basis.shape == (case.dimension, len(case.arguments) + len(case.admit))
    assert all(R.contains(v) for v in case.holds)
    assert not any(R.contains(v) for v in case.fails)
    assert R.certificate.check()


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 40


def test_the_basis_is_contained_and_independent() -> None:
    R = iw.relations("sin", ["t", "t + 1", "t + 3", "t + sqrt(2)", "t + pi"])
    assert R.dimension == 3 == R.basis.rank()
    assert all(R.contains(list(R.basis.row(k))) for k in range(3))


def test_arguments_may_be_expressions_of_sympy() -> None:
    t = sp.Symbol("t", real=True)
    R = iw.relations(sp.Max(0, t), [t, -t], admit=[1, t])
    S = iw.relations(lambda u: sp.Max(0, u), [(1, 0), (sp.Integer(-1), 0)], admit=[sp.Integer(1), "x"])
    assert R.basis == S.basis == sp.Matrix([[1, -1, 0, -1]])


def test_what_is_open_is_said() -> None:
    # W exp(-W) is no quotient that the normal form knows on the whole domain.
    R = iw.relations("LambertW", ["t"], admit=["t*exp(-LambertW(t))"])
    assert R.status == "bounded"
    assert R.lower <= 1 <= R.upper
    assert R.questions
    assert R.certificate.check()
    assert "Open:" in R.explain()


def test_functions_that_seem_dependent_stand_beside_each_other() -> None:
    # Nothing is proved of s(t) alone, but the mirror relation is.
    R = iw.relations("x*LambertW(x**2) + x", ["t", "-t"], admit=["t**3*exp(-LambertW(t**2)) + t"])
    assert R.lower >= 1
    assert R.contains([1, 1, 0])


def test_the_explanation_has_every_relation_and_its_reason() -> None:
    text = iw.relations("softplus", ["t", "-t"], admit=[1, "t"]).explain()
    assert "s(t) - s(-t) - t = 0" in text
    assert "dimension 1, exactly" in text
    assert "ball arithmetic" in text


def test_plain_data() -> None:
    data = iw.relations("floor", ["2*t", "t", "t + 1/2"]).to_json()
    assert data["basis"] == [["1", "-1", "-1"]]
    assert data["dimension"] == {"lower": 1, "upper": 1}
    assert data["functions"] == ["s(2*t)", "s(t)", "s(t + 1/2)"]
