"""Concrete groups of activations that act on vectors: orthogonal, conformal, blockwise, sorting and quadratic."""

from __future__ import annotations

from intertwine.groups.vectors.blocks import BlockWreath
from intertwine.groups.vectors.cells import GatedPair, PooledBlock, Represented
from intertwine.groups.vectors.gates import GatesApart
from intertwine.groups.vectors.quadratic import FormSimilitudes
from intertwine.groups.vectors.reindexed import Reindexed
from intertwine.groups.vectors.shared import SharedShift
from intertwine.groups.vectors.similarities import Similarities
from intertwine.groups.vectors.sorting import SortingGroup
from intertwine.groups.vectors.triangular import BlockTriangular
from intertwine.groups.vectors.trivial import IdentityGroup, Unseen

__all__ = [
    "BlockTriangular",
    "BlockWreath",
    "FormSimilitudes",
    "IdentityGroup",
    "GatedPair",
    "GatesApart",
    "PooledBlock",
    "Reindexed",
    "Represented",
    "SharedShift",
    "Similarities",
    "SortingGroup",
    "Unseen",
]
