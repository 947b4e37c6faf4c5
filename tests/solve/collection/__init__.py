"""Activations with independently argued intertwiner groups, by family."""

from tests.solve.collection import (
    catalogue,
    compositions,
    disguised,
    domains,
    homogeneous,
    log_periodic,
    near_misses,
    nested,
    oscillation,
    parity,
    point_values,
    special,
    steps,
    traps,
)
from tests.solve.collection.case import Case

FAMILIES: dict[str, list[Case]] = {
    "catalogue": catalogue.CASES,
    "disguised": disguised.CASES,
    "homogeneous": homogeneous.CASES,
    "point values": point_values.CASES,
    "parity": parity.CASES,
    "near misses": near_misses.CASES,
    "domains": domains.CASES,
    "nested": nested.CASES,
    "steps": steps.CASES,
    "log-periodic": log_periodic.CASES,
    "oscillation": oscillation.CASES,
    "special": special.CASES,
    "compositions": compositions.CASES,
    "traps": traps.CASES,
}
CASES: list[Case] = [case for cases in FAMILIES.values() for case in cases]

__all__ = ["CASES", "FAMILIES", "Case"]
