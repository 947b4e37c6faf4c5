"""For other people's tests: assertions that a network has its symmetry, and hypothesis strategies (extra ``testing``).

The assertions need numpy alone; the strategies need hypothesis, and say so when it is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intertwine.errors import IntertwineError
from intertwine.testing.assertions import SymmetryViolation, assert_equivariant, assert_invariant
from intertwine.testing.small import SmallNetwork
from intertwine.testing.steps import Step, compose, describe, random_steps

if TYPE_CHECKING:
    from intertwine.testing.strategies import (
        activations,
        expressions,
        inputs_of,
        intertwiners,
        small_networks,
        transformations,
    )

_STRATEGIES = ("activations", "expressions", "inputs_of", "intertwiners", "small_networks", "transformations")

__all__ = ["SmallNetwork", "Step", "SymmetryViolation", "activations", "assert_equivariant", "assert_invariant",
           "compose", "describe", "expressions", "inputs_of", "intertwiners", "random_steps", "small_networks",
           "transformations"]


def __getattr__(name: str) -> Any:
    if name not in _STRATEGIES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from intertwine.testing import strategies
    except ImportError:
        raise IntertwineError('strategies need the package hypothesis: pip install "intertwine[testing]"') from None
    return getattr(strategies, name)
