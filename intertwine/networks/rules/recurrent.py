"""Recurrent layers: one step is read by the other rules, and what comes out is tied to what goes in."""

from __future__ import annotations

from collections.abc import Sequence

from intertwine.networks.interpreter import NotUnderstood, Reading, Value
from intertwine.networks.operations import Operation


def recurrent(reading: Reading, operation: Operation, given: Sequence[Value | None]) -> list[Value]:
    """Not read yet."""
    raise NotUnderstood("recurrent layers are not read")
