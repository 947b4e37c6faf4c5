"""Activations that are not definable."""

from __future__ import annotations

from intertwine.affine.finding import Finding
from intertwine.affine.subject import Subject


def oscillating(subject: Subject) -> Finding | None:
    """Nothing yet."""
    return None
