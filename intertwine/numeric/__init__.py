"""The numpy backend: group elements stored by structure, and their action on the weights of a network.

This package imports numpy and nothing symbolic.  An element of a group of scaled permutations is an index array and a
vector of scales, so acting on a weight matrix costs as much as copying it, and composing two elements costs O(n).

Examples
--------
>>> import numpy as np
>>> from intertwine.numeric import ScaledPermutation, act_rows
>>> A = ScaledPermutation([1, 0], [2.0, 3.0])
>>> act_rows(A, np.array([[1.0, 10.0], [5.0, 50.0]]))
array([[ 10., 100.],
       [  3.,  30.]])
"""

from __future__ import annotations

from intertwine.numeric.action import act_columns, act_rows, act_vector, multiply_columns
from intertwine.numeric.affine import AffineElement, AffineIntertwiner
from intertwine.numeric.affine_network import transform_mlp_affine, transform_network_affine
from intertwine.numeric.characters import Character, CyclicCharacter, PowerCharacter
from intertwine.numeric.elements import Dense, Element, ScaledPermutation
from intertwine.numeric.gated_network import GatedBlock
from intertwine.numeric.intertwiner import Intertwiner
from intertwine.numeric.network import transform_mlp, transform_network
from intertwine.numeric.rotations import Rotations, sample_rotations
from intertwine.numeric.sampling import (
    exponential,
    sample_general_linear,
    sample_orthogonal,
    sample_permutation,
    sample_scaled_permutation,
    sample_scales,
    sample_unit_row_sums,
)
from intertwine.numeric.structured import Blocks, Reflections, sample_reflections
from intertwine.numeric.units import SkipLayers, UnitRelation, rewrite_units

__all__ = [
    "AffineElement",
    "AffineIntertwiner",
    "Blocks",
    "Character",
    "CyclicCharacter",
    "Dense",
    "Element",
    "GatedBlock",
    "Intertwiner",
    "PowerCharacter",
    "Reflections",
    "Rotations",
    "ScaledPermutation",
    "SkipLayers",
    "UnitRelation",
    "act_columns",
    "act_rows",
    "act_vector",
    "exponential",
    "multiply_columns",
    "rewrite_units",
    "sample_general_linear",
    "sample_orthogonal",
    "sample_permutation",
    "sample_reflections",
    "sample_rotations",
    "sample_scaled_permutation",
    "sample_scales",
    "sample_unit_row_sums",
    "transform_mlp",
    "transform_mlp_affine",
    "transform_network",
    "transform_network_affine",
]
