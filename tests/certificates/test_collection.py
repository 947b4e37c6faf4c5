"""The checker against the solver: exact answers of the collection have certificates that hold."""

from __future__ import annotations

import time

import intertwine as iw
from intertwine.certificates import Certificate
from tests.effort import every
from tests.solve.collection import CASES


def test_every_exact_answer_is_certified() -> None:
    count, seconds = 0, 0.0
    for case in every(3, CASES):
        if case.kind == "refused":
            continue
        answer = iw.derive(case.text)
        if answer.status != "exact":
            continue
        written = answer.certificate
        start = time.perf_counter()
        assert written.check() is True, case.text
        seconds += time.perf_counter() - start
        assert Certificate.from_json(written.to_json()) == written
        count += 1
    assert count >= 300
    assert seconds / count < 0.1
