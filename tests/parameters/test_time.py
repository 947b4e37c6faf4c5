"""When the time is over, the cases that were decided stay, and the others are named."""

from __future__ import annotations

import time
from typing import Any

import pytest

import intertwine as iw
from intertwine.calculus.budget import check, deadline, remaining
from intertwine.errors import DerivationTimeout
from intertwine.parameters import search
from intertwine.parameters.decision import decide


def test_an_unfinished_derivation_answers_in_time() -> None:
    start = time.monotonic()
    G = iw.derive("log(1 + alpha*exp(x))", timeout=3, parameters=["alpha"])
    assert time.monotonic() - start < 6
    assert isinstance(G, iw.ParametricGroup)
    assert G.status == "bounded"
    assert G.questions


@pytest.mark.parametrize("slow", [1, 2])
def test_an_unfinished_case_is_named_and_the_others_are_kept(slow: int, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    def decide_but_one(core: Any, conditions: Any, broken: Any) -> Any:
        nonlocal calls
        leaf = decide(core, conditions, broken)
        calls += 1
        if calls == slow:
            raise DerivationTimeout("no more time")
        return leaf

    monkeypatch.setattr(search, "decide", decide_but_one)
    G = iw.derive("elu(x, alpha)", parameters=["alpha"])
    assert isinstance(G, iw.ParametricGroup)
    assert G.status == "bounded"
    assert sum(case.status == "bounded" for case in G.cases) == 1
    assert any("alpha" in q and "no time" in q for q in G.questions)
    assert sum(case.status == "exact" for case in G.cases) >= 2


def test_an_inner_block_has_no_more_time_than_the_outer_one() -> None:
    with deadline(0.05), deadline(None):
        left = remaining()
        assert left is not None
        assert left <= 0.05
        time.sleep(0.06)
        with deadline(10), pytest.raises(DerivationTimeout):
            check()
    assert remaining() is None
