"""Architectures as graphs, and the symmetry groups of their parameters."""

from __future__ import annotations

from intertwine.networks.affine_symmetry import AffineSymmetry, AffineTransformation
from intertwine.networks.architecture import Architecture
from intertwine.networks.files import transform_file, transform_files
from intertwine.networks.kernels import InvariantCount, KernelCheck, check_kernel, count_invariants, orbit_directions
from intertwine.networks.onnx_files import OnnxNetwork, read_onnx
from intertwine.networks.perm_spec import PermutationSpec
from intertwine.networks.sklearn_estimators import SklearnNetwork, read_sklearn
from intertwine.networks.symmetry import NetworkSpace, ParameterSymmetry
from intertwine.networks.torch_modules import TorchNetwork, read_torch
from intertwine.networks.transformation import Transformation

__all__ = [
    "AffineSymmetry", "AffineTransformation", "Architecture", "InvariantCount", "KernelCheck", "NetworkSpace",
    "OnnxNetwork", "ParameterSymmetry", "PermutationSpec", "SklearnNetwork", "TorchNetwork", "Transformation",
    "check_kernel", "count_invariants", "orbit_directions", "read_onnx", "read_sklearn", "read_torch", "transform_file",
    "transform_files",
]  # fmt: skip
