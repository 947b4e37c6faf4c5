"""To be written."""

from __future__ import annotations

from typing import Any


def oscillation(*args: Any) -> list[Any]:
    """To be written."""
    return []
