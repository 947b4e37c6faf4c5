"""The scales of an exact group of scalars, and of its images under a character, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from intertwine.similarity.scalars import Scales

if TYPE_CHECKING:
    from intertwine.groups import Character, ScalarGroup


def read_scales(scalars: ScalarGroup) -> Scales:
    """S itself."""
    generator = scalars.generator
    return Scales(scalars.type, None if generator is None else float(generator))  # type: ignore[arg-type]


def image_scales(scalars: ScalarGroup, chi: Any) -> Scales:
    """χ(S), again a closed subgroup of R*."""
    if scalars.generator is not None:
        minus = scalars.has_minus_one and float(chi(np.array([-1.0]))[0]) == -1
        value = float(chi(np.array([float(scalars.generator)]))[0])
        return _generated(value, minus)
    minus = scalars.has_minus_one and float(chi(np.array([-1.0]))[0]) < 0
    spread = not scalars.is_discrete and float(chi(np.array([2.0]))[0]) != 1
    if spread:
        return Scales("nonzero" if minus else "positive")
    return Scales("sign" if minus else "trivial")


def _generated(value: float, minus: bool) -> Scales:
    if abs(value) == 1:
        return Scales("sign" if minus or value < 0 else "trivial")
    base = value if abs(value) > 1 else 1 / value
    return Scales("sign-cyclic", abs(base)) if minus else Scales("cyclic", base)


def conformal_images(scalars: ScalarGroup, character: Character) -> Scales:
    """{χ(λ)·λ}."""
    if scalars.type == "trivial":
        return Scales()
    test = 2.0 if scalars.generator is None else float(scalars.generator)
    value = test * float(character.numeric()(np.array([test]))[0])
    if abs(value - 1) < 1e-12:  # |x|^-1·x and its kin: the scale does not come through
        return Scales()
    return Scales("positive") if scalars.generator is None else _generated(value, False)
