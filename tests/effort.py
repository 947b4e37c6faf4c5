"""How much expensive tests look at: a part on every run, and all of it when asked.

``HYPOTHESIS_PROFILE=search`` asks for two thousand new random examples where a run takes a few dozen, and for every
case of long lists where a run takes every n-th.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

from hypothesis import settings

T = TypeVar("T")
SEARCH = os.environ.get("HYPOTHESIS_PROFILE") == "search"


def examples(few: int) -> int:
    """The number of random examples of an expensive property."""
    return settings.get_profile("search").max_examples if SEARCH else few


def every(n: int, cases: Sequence[T]) -> Sequence[T]:
    """Every n-th of a list of cases; all of them in a search."""
    return cases if SEARCH else cases[::n]
