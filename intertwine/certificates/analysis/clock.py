"""The time that a check may take: files are not trusted to be easy."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from intertwine.errors import CertificateError


class Obstacle(Exception):
    """The checker cannot go on like this; what is at stake is then not established."""


class TooHard(Obstacle):
    """Outside what the checker can do: the certificate will not be accepted."""


SECONDS = 60.0
_end: ContextVar[float | None] = ContextVar("end", default=None)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Let :func:`tick` raise after so many seconds, until the block ends."""
    token = _end.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _end.reset(token)


def tick() -> None:
    """Give up when the time is over."""
    end = _end.get()
    if end is not None and time.monotonic() > end:
        raise CertificateError("the check takes too long: the certificate is not accepted")
