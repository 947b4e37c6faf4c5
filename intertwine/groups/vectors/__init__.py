"""Concrete groups of activations that act on vectors: orthogonal, conformal, blockwise, sorting and quadratic."""

from __future__ import annotations

from intertwine.groups.vectors.affine_stack import AffineStack
from intertwine.groups.vectors.blocks import BlockWreath
from intertwine.groups.vectors.cells import GatedPair, PooledBlock, Represented
from intertwine.groups.vectors.gates import GatesApart, SpikedPair
from intertwine.groups.vectors.logpowers import LogPowers, Multiples, ScaledUnit
from intertwine.groups.vectors.logspace import LogSpace, OnHalfLines, Part
from intertwine.groups.vectors.quadratic import FormSimilitudes
from intertwine.groups.vectors.reindexed import Reindexed
from intertwine.groups.vectors.shared import SharedShift
from intertwine.groups.vectors.similarities import Similarities
from intertwine.groups.vectors.sorting import SortingGroup
from intertwine.groups.vectors.triangular import BlockTriangular
from intertwine.groups.vectors.trivial import IdentityGroup, Unseen

__all__ = [
    "AffineStack",
    "BlockTriangular",
    "BlockWreath",
    "FormSimilitudes",
    "IdentityGroup",
    "GatedPair",
    "GatesApart",
    "LogPowers",
    "LogSpace",
    "Multiples",
    "OnHalfLines",
    "Part",
    "PooledBlock",
    "Reindexed",
    "Represented",
    "ScaledUnit",
    "SharedShift",
    "Similarities",
    "SortingGroup",
    "SpikedPair",
    "Unseen",
]
