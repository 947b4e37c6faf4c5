"""A deadline that long computations look at, so that none of them hangs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from intertwine.errors import DerivationTimeout

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def deadline(seconds: float | None) -> Iterator[None]:
    """Give the block this many seconds, or as many as the block around it still has; :func:`check` raises after that.

    Examples
    --------
    >>> with deadline(60.0), deadline(None):
    ...     remaining() < 60
    True
    """
    outer, own = _deadline.get(), None if seconds is None else time.monotonic() + seconds
    token = _deadline.set(min((end for end in (outer, own) if end is not None), default=None))
    try:
        yield
    finally:
        _deadline.reset(token)


def check() -> None:
    """Raise :class:`DerivationTimeout` if the time of the current block is over."""
    end = _deadline.get()
    if end is not None and time.monotonic() > end:
        raise DerivationTimeout("the derivation ran out of time; a larger timeout may help")


def remaining() -> float | None:
    """The seconds left in the current block; None without a deadline."""
    end = _deadline.get()
    return None if end is None else max(0.0, end - time.monotonic())
