"""Random expressions: affine groups are found or refused in bounded time, and never contradicted by numbers.

Forty examples, the same on every machine. For two thousand new ones, with statistics::

    HYPOTHESIS_PROFILE=search python -m pytest tests/affine/test_random_affine.py \\
        --hypothesis-seed=7 --hypothesis-show-statistics

Answers are held against numbers in both directions. That a map is outside has to be seen at some point, which can
fail for a feature far away or very small; such cases are counted in the statistics, not failed.
"""

from __future__ import annotations

import json
import time
from fractions import Fraction

from hypothesis import event, given, note, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.parsing import parse_term
from intertwine.terms import X, add, mul, num, to_text
from tests.affine.numeric_check import refuted, violation
from tests.affine.truth import members, others
from tests.effort import examples
from tests.solve.expressions import activations

TIMEOUT = 20.0
_shifts = st.sampled_from([Fraction(p) for p in ("0", "0", "1", "-1/2", "3")])


def _moved(text: str, shift: Fraction, added: Fraction) -> str:
    """s(x - shift) + added: centres and offsets other than 0."""
    return to_text(add(parse_term(text).subs(add(X, mul(num(-1), num(shift)))), num(added)))


@settings(max_examples=examples(40))
@given(activations, _shifts, _shifts)
def test_answers_are_not_contradicted(plain: str, shift: Fraction, added: Fraction) -> None:
    text = _moved(plain, shift, added)
    note(text)
    start = time.monotonic()
    try:
        answer = iw.derive(text, affine=True, timeout=TIMEOUT)
    except iw.IntertwineError as error:
        assert "\n" not in str(error)
        event(f"refused: {type(error).__name__}")
        return
    finally:
        assert time.monotonic() - start < TIMEOUT + 10
    event(answer.status)
    event(answer.type if answer.status == "exact" else "bounded")
    note(repr(answer))
    assert answer.explain() and answer._repr_latex_() and json.dumps(answer.to_json())
    for f in members(answer.scalars):
        image = answer.psi(f)
        if answer.unique:
            assert violation(answer.activation, f.a, f.c, image.a, image.c, generic=True) is None
    if answer.status == "exact" and not all(refuted(answer.activation, f.a, f.c) for f in others(answer.scalars)[:12]):
        event("an outsider without a visible violation")
