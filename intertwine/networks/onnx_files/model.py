"""An ONNX model as a network: graph, weights, inputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks.architecture import Architecture
from intertwine.networks.arrays import gain_vector
from intertwine.networks.transformation import Array

if TYPE_CHECKING:
    from intertwine.networks.symmetry import ParameterSymmetry
    from intertwine.networks.transformation import Transformation

LARGEST_CONSTANT = 1024


class OnnxNetwork:
    """An ONNX model with its architecture.

    Attributes
    ----------
    architecture : Architecture
        The graph with weights named as initialisers (and outputs of Constant nodes) are.
    model : onnx.ModelProto
        The model as it was read.
    """

    def __init__(self, model: Any) -> None:
        from intertwine.networks.onnx_files.reader import Reader

        self.model = model
        reader = Reader(model)
        self.architecture: Architecture = reader.read()
        self._stored: dict[str, Any] = reader.stored

    def symmetry(self) -> ParameterSymmetry:
        """The symmetry group of the model."""
        return self.architecture.symmetry()

    @property
    def weights(self) -> dict[str, Array]:
        """The weights as arrays by name."""
        from onnx import numpy_helper

        return {name: np.asarray(numpy_helper.to_array(self._stored[name])) for name in self.architecture.weights}

    def moved(self, g: Transformation) -> Any:
        """A copy of the model with its weights moved, tensor by tensor.

        Returns
        -------
        onnx.ModelProto
        """
        import onnx
        from onnx import numpy_helper

        result = onnx.ModelProto()
        result.CopyFrom(self.model)
        from intertwine.networks.onnx_files.reader import stored_tensors

        tensors = stored_tensors(result)
        gains = {name: gain_vector(name, numpy_helper.to_array(self._stored[name])) for name in g.symmetry.gain_names}
        for name in g.symmetry.plans:
            array = np.array(numpy_helper.to_array(tensors[name]))
            new = g.act(name, array, gains.__getitem__)
            tensors[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(new), tensors[name].name))
        return result


def read_onnx(source: str | Path | bytes | Any) -> OnnxNetwork:
    """Read an ONNX model.

    Parameters
    ----------
    source : str, path, bytes or onnx.ModelProto
        A file, its content, or a model.

    Returns
    -------
    OnnxNetwork

    Raises
    ------
    IntertwineError
        The file cannot be read, or is no ONNX model; or the package ``onnx`` is not installed.
    """
    try:
        import onnx
    except ImportError:
        raise IntertwineError('reading ONNX files needs the package onnx: pip install "intertwine[onnx]"') from None
    if isinstance(source, onnx.ModelProto):
        return OnnxNetwork(source)
    try:
        model = onnx.load_from_string(source) if isinstance(source, bytes) else onnx.load(str(source))
    except OSError as error:
        raise IntertwineError(f"{str(source)[:200]} cannot be read: {error.strerror or error}") from None
    except Exception as error:  # protobuf's errors have no common public base
        shown = "what was given" if isinstance(source, bytes) else str(source)
        raise IntertwineError(f"{shown} is not an ONNX model ({type(error).__name__})") from None
    if not model.graph.node or not model.graph.output:
        raise IntertwineError("the ONNX model has no operations or no outputs")
    return OnnxNetwork(model)


def as_mapping(weights: Mapping[str, Any]) -> dict[str, Array]:
    """Weights as numpy arrays."""
    return {name: np.asarray(value) for name, value in weights.items()}
