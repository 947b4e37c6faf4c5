"""Activations with their affine intertwiners argued by hand, in families."""

from __future__ import annotations

from tests.affine.collection import (
    dilations,
    disguised,
    domains,
    exponentials,
    hinges,
    kinked_periodic,
    oscillation,
    periodic,
    piecewise_linear,
    polynomial,
    rational,
    sigmoidal,
    steps,
    traps,
)  # fmt: skip
from tests.affine.collection.case import Case

FAMILIES: dict[str, tuple[Case, ...]] = {
    module.__name__.rpartition(".")[2]: module.CASES
    for module in (
        sigmoidal, polynomial, rational, exponentials, piecewise_linear, hinges, steps, domains, periodic,
        kinked_periodic, oscillation, dilations, disguised, traps,
    )
}  # fmt: skip
CASES = tuple(case for family in FAMILIES.values() for case in family)
