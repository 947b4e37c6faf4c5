"""``derive(affine=True)`` over the collection: nothing wrong is called exact, and hardly anything is bounded."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

import intertwine as iw
from tests.affine.collection import CASES
from tests.affine.collection.case import Case
from tests.affine.truth import character_of, elements, group_of


def text_of(case: Case) -> str:
    return case.text


@cache
def answer(text: str) -> Any:
    return iw.derive(text, affine=True)


@pytest.mark.parametrize("case", CASES, ids=text_of)
def test_never_wrong(case: Case) -> None:
    result, truth = answer(case.text), group_of(case)
    if result.status == "bounded":
        assert result.questions
        assert all(f in result.upper.scalars for f in elements(case)), case.why
        assert result.lower.scalars <= truth, case.why
        return
    assert (result.status, result.type, result.unique) == ("exact", case.type, case.unique), case.why
    assert result.scalars == truth, case.why
    if case.unique:
        assert result.psi == character_of(case), case.why


def test_hardly_ever_bounded(record_property: Any) -> None:
    bounded = [case.text for case in CASES if answer(case.text).status != "exact"]
    share = 1 - len(bounded) / len(CASES)
    record_property("exact", share)
    print(f"exact: {len(CASES) - len(bounded)} of {len(CASES)} ({share:.1%}); bounded: {bounded}")
    assert share >= 0.95, bounded
