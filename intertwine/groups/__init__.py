"""Exact groups as values: closed subgroups of R* and of Aff(R), their characters, and the groups built from them."""

from __future__ import annotations

from intertwine.groups.affine.base import AffineMatrixGroup, AffinePair
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.family import AffineFamily
from intertwine.groups.affine.general import GeneralAffine
from intertwine.groups.affine.map import AffineMap
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.groups.affine.wreath import AffineWreath
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
    "AffineCharacter",
    "AffineFamily",
    "AffineMap",
    "AffineMatrixGroup",
    "AffinePair",
    "AffineScalarGroup",
    "AffineWreath",
    "Character",
    "Cyclic",
    "GeneralAffine",
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
