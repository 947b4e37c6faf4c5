"""Activations that act on vectors, as values in every dimension, and the derivation of their intertwiner groups."""

from __future__ import annotations

from intertwine.vectors.activation import VectorActivation
from intertwine.vectors.names import NAMES, named
from intertwine.vectors.result import VectorIntertwiners, derive_family
from intertwine.vectors.solution import FamilySolution
from intertwine.vectors.solve import solve_family
from intertwine.vectors.values import (
    BlockRadial,
    Gated,
    GroupSort,
    LayerNorm,
    LogSoftmax,
    Maxout,
    MaxPool,
    QuadraticForm,
    Radial,
    RMSNorm,
    Softmax,
    Softmin,
    Sparsemax,
    Stack,
)

__all__ = [
    "NAMES",
    "BlockRadial",
    "FamilySolution",
    "Gated",
    "GroupSort",
    "LayerNorm",
    "LogSoftmax",
    "MaxPool",
    "Maxout",
    "QuadraticForm",
    "RMSNorm",
    "Radial",
    "Softmax",
    "Softmin",
    "Sparsemax",
    "Stack",
    "VectorActivation",
    "VectorIntertwiners",
    "derive_family",
    "named",
    "solve_family",
]
