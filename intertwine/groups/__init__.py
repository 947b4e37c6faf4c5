"""Exact groups as values: closed subgroups of R*, their characters, and the matrix groups built from them."""

from __future__ import annotations

from intertwine.groups.base import MatrixGroup, phi_from_activation
from intertwine.groups.characters import Character
from intertwine.groups.lattice import contains_kind, kind_lattice, kind_of
from intertwine.groups.linear import GeneralLinear, UnitRowSums
from intertwine.groups.scalars import NONZERO, POSITIVE, SIGN, TRIVIAL, Cyclic, ScalarGroup, SignCyclic
from intertwine.groups.wreath import WreathProduct

__all__ = [
    "NONZERO",
    "POSITIVE",
    "SIGN",
    "TRIVIAL",
    "Character",
    "Cyclic",
    "GeneralLinear",
    "MatrixGroup",
    "ScalarGroup",
    "SignCyclic",
    "UnitRowSums",
    "WreathProduct",
    "contains_kind",
    "kind_lattice",
    "kind_of",
    "phi_from_activation",
]
