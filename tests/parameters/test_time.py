"""When the time is over, the cases that were decided stay, and the others are named."""

from __future__ import annotations

import time

import pytest

import intertwine as iw
from intertwine.calculus.budget import check, deadline, remaining
from intertwine.errors import DerivationTimeout


def test_an_unfinished_case_is_named() -> None:
    start = time.monotonic()
    G = iw.derive("log(1 + alpha*exp(x))", timeout=6, parameters=["alpha"])
    assert time.monotonic() - start < 9
    assert isinstance(G, iw.ParametricGroup)
    assert G.status == "bounded"
    assert any("alpha" in q and "no time" in q for q in G.questions)
    assert any(case.status == "exact" for case in G.cases)


def test_an_inner_block_has_no_more_time_than_the_outer_one() -> None:
    with deadline(0.05), deadline(None):
        left = remaining()
        assert left is not None
        assert left <= 0.05
        time.sleep(0.06)
        with deadline(10), pytest.raises(DerivationTimeout):
            check()
    assert remaining() is None
