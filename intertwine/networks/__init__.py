"""Architectures as graphs, and the symmetry groups of their parameters."""

from __future__ import annotations

from intertwine.networks.architecture import Architecture
from intertwine.networks.onnx_files import OnnxNetwork, read_onnx
from intertwine.networks.perm_spec import PermutationSpec
from intertwine.networks.sklearn_estimators import SklearnNetwork, read_sklearn
from intertwine.networks.symmetry import NetworkSpace, ParameterSymmetry
from intertwine.networks.torch_modules import TorchNetwork, read_torch
from intertwine.networks.transformation import Transformation

__all__ = ["Architecture", "NetworkSpace", "OnnxNetwork", "ParameterSymmetry", "PermutationSpec", "SklearnNetwork",
           "TorchNetwork", "Transformation", "read_onnx", "read_sklearn", "read_torch"]
