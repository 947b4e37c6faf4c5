"""Architectures as graphs, and the symmetry groups of their parameters."""

from __future__ import annotations

from intertwine.networks.architecture import Architecture
from intertwine.networks.symmetry import NetworkSpace, ParameterSymmetry
from intertwine.networks.transformation import Transformation

__all__ = ["Architecture", "NetworkSpace", "ParameterSymmetry", "Transformation"]
