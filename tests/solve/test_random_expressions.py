"""Random expressions: answered or refused in bounded time, and never contradicted by numbers.

Forty examples, the same on every machine. For two thousand new ones, with statistics::

    HYPOTHESIS_PROFILE=search python -m pytest tests/solve/test_random_expressions.py \\
        --hypothesis-seed=7 --hypothesis-show-statistics

Answers are checked numerically with thirty digits in both directions: that what is claimed to pass does, and that
what is not claimed to pass does not. For the second a violation has to be found, which can fail for a feature
far away or very small; such cases are counted in the statistics, not failed.
"""

from __future__ import annotations

import json
import time

from hypothesis import event, given, note, settings

import intertwine as iw
from tests.effort import examples
from tests.solve.expressions import activations
from tests.solve.numeric_check import compare

TIMEOUT = 20.0


@settings(max_examples=examples(40))
@given(activations)
def test_answers_are_not_contradicted(text: str) -> None:
    start = time.monotonic()
    try:
        answer = iw.derive(text, timeout=TIMEOUT)
    except iw.IntertwineError as error:
        assert "\n" not in str(error)
        event(f"refused: {type(error).__name__}")
        return
    finally:
        assert time.monotonic() - start < TIMEOUT + 10
    event(answer.status)
    event(answer.kind if answer.status == "exact" else "bounded")
    note(repr(answer))
    assert answer.explain() and answer._repr_latex_() and json.dumps(answer.to_json())
    verdict = compare(answer)
    assert verdict.wrong == []
    if verdict.unseen:
        event("an outsider without a visible violation")
