"""What one theorem says of an activation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.scalars import AffineScalarGroup


@dataclass
class Finding:
    """The maps that were proved to be in T, with ψ, and whether these are all (no ``question``).

    The character is made when it is needed, since its constants may be beyond exact arithmetic.
    """

    theorem: str
    character: Callable[[], AffineCharacter]
    facts: list[Any] = field(default_factory=list)
    question: str = ""
    upper: Callable[[], AffineScalarGroup] | None = None


def identity_alone() -> AffineCharacter:
    """ψ on the trivial group."""
    return AffineCharacter.trivial(AffineScalarGroup.trivial())
