"""Cutting a failing product of steps down to as few steps as possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def smallest(items: Sequence[T], fails: Callable[[Sequence[T]], bool], evaluations: int = 400) -> list[T]:
    """A part of a failing sequence that still fails, with no item that can be left out.

    The method is delta debugging (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002): one
    culprit among n is found with about 2·log₂(n) evaluations.

    Parameters
    ----------
    items : sequence
        Fails as a whole.
    fails : callable
        Whether a part fails.
    evaluations : int
        The most evaluations; what is left then is returned as it is.

    Examples
    --------
    >>> smallest(range(100), lambda part: 17 in part and 42 in part)
    [17, 42]
    """
    left, pieces, spent = list(items), 2, 0
    while len(left) >= 2:
        size = -(-len(left) // pieces)
        chunks = [left[k : k + size] for k in range(0, len(left), size)]
        parts = chunks + [[x for j, c in enumerate(chunks) if j != k for x in c] for k in range(len(chunks))]
        for number, part in enumerate(parts if len(chunks) > 2 else chunks):
            spent += 1
            if spent > evaluations:
                return left
            if fails(part):
                left, pieces = part, 2 if number < len(chunks) else max(pieces - 1, 2)
                break
        else:
            if pieces >= len(left):
                return left
            pieces = min(2 * pieces, len(left))
    return left
