"""Compare the representations of two networks up to the symmetries of their activation."""

from __future__ import annotations

from intertwine.similarity.alignment import Alignment, align
from intertwine.similarity.balancing import balance
from intertwine.similarity.barriers import barrier, height, interpolate
from intertwine.similarity.basis import BasisScores, basis_scores, probe, selectivity
from intertwine.similarity.closure import Relaxation, relax
from intertwine.similarity.measures import cka, linear_cka, procrustes
from intertwine.similarity.networks import MLP, Layered, accuracy, cross_entropy
from intertwine.similarity.reading import KINDS, Product
from intertwine.similarity.refining import Refinement, refine, torch_top
from intertwine.similarity.stitching import Stitch, stitch, stitch_chain, stitch_closure, stitch_ranks
from intertwine.similarity.symmetry import (
    NetworkSymmetry,
    Space,
    Symmetry,
    TensorAxis,
    mlp_parameters,
    mlp_symmetry,
    move,
)
from intertwine.similarity.weights import WeightAlignment, align_weights, canonicalize

__all__ = [
    "KINDS",
    "MLP",
    "Alignment",
    "BasisScores",
    "Layered",
    "NetworkSymmetry",
    "Product",
    "Refinement",
    "Relaxation",
    "Space",
    "Stitch",
    "Symmetry",
    "TensorAxis",
    "WeightAlignment",
    "accuracy",
    "align",
    "align_weights",
    "balance",
    "barrier",
    "basis_scores",
    "canonicalize",
    "cka",
    "cross_entropy",
    "height",
    "interpolate",
    "linear_cka",
    "mlp_parameters",
    "mlp_symmetry",
    "move",
    "probe",
    "procrustes",
    "refine",
    "relax",
    "selectivity",
    "stitch",
    "stitch_chain",
    "stitch_closure",
    "stitch_ranks",
    "torch_top",
]
