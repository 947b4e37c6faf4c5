"""Sums of powers and log-oscillations (Theorem 8)."""

from __future__ import annotations

from typing import Any

from intertwine.terms import Term


def exponents(positive: Term, side: int) -> Any:
    """To be written."""
    return None
