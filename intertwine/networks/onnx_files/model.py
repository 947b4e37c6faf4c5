"""An ONNX model as a network: graph, weights, inputs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks.architecture import Architecture
from intertwine.networks.arrays import gain_vector
from intertwine.networks.described import Described
from intertwine.networks.files.replacing import replacing
from intertwine.networks.files.spans import Span
from intertwine.networks.onnx_files.outline import external_span, is_float, outline_of
from intertwine.networks.transformation import Array, Transformation

if TYPE_CHECKING:
    from intertwine.networks.affine_symmetry import AffineTransformation

class OnnxNetwork(Described):
    """An ONNX model with its architecture.

    Of a file, only the graph is kept in memory; the numbers of large tensors are read from it when they are needed.

    Attributes
    ----------
    architecture : Architecture
        The graph with weights named as initialisers (and outputs of Constant nodes) are.
    path : pathlib.Path or None
        The file that was read.
    """

    def __init__(self, model: Any, path: Path | None = None, spans: Mapping[str, Span] | None = None) -> None:
        from intertwine.networks.onnx_files.reader import Reader

        #: The model without the numbers of its large tensors, if it was read from a file.
        self.outline = model
        self.path = path
        folder = path.parent if path is not None else None
        reader = Reader(model, folder)
        self._stored: dict[str, Any] = reader.stored
        self._values = reader.array
        self._spans = dict(spans or {})
        self._external = False
        for name, tensor in self._stored.items():
            if folder is not None and tensor.data_location == 1 and name not in self._spans:
                self._external = True
                if is_float(tensor.data_type):
                    self._spans[name] = external_span(tensor, folder)
        self.architecture: Architecture = reader.read()

    @cached_property
    def model(self) -> Any:
        """The whole model, as an ``onnx.ModelProto``."""
        if self.path is None:
            return self.outline
        import onnx

        return onnx.load(str(self.path))

    @property
    def weights(self) -> dict[str, Array]:
        """The weights as arrays by name."""
        return {name: self._values(self._stored[name]) for name in self.architecture.weights}

    def moved(self, g: Transformation | AffineTransformation) -> Any:
        """A copy of the model with its weights moved, in memory; see :meth:`write` for files.

        Returns
        -------
        onnx.ModelProto
        """
        import onnx
        from onnx import numpy_helper

        from intertwine.networks.onnx_files.reader import stored_tensors

        result = onnx.ModelProto()
        result.CopyFrom(self.model)
        tensors = stored_tensors(result)
        if not isinstance(g, Transformation):
            names = [name for name in self.architecture.weights if name in tensors]
            arrays = g.apply({name: np.asarray(numpy_helper.to_array(tensors[name])) for name in names})
            for name in names:
                tensors[name].CopyFrom(numpy_helper.from_array(arrays[name], tensors[name].name))
            return result
        gains = {name: gain_vector(name, self._values(self._stored[name])) for name in g.symmetry.gain_names}
        for name in g.symmetry.routes:
            new = g.act(name, np.asarray(numpy_helper.to_array(tensors[name])), gains.__getitem__)
            tensors[name].CopyFrom(numpy_helper.from_array(new, tensors[name].name))
        return result

    def write(self, g: Transformation, target: str | os.PathLike[str], progress: bool | None = None) -> None:
        """Write the model with its weights moved.

        A model that was read from a file is copied, with its weights moved one by one: no more than two tensors are in
        memory. The file appears under its name when it is complete, and may be the one that was read. External data go
        to ``<target>.data``.

        Parameters
        ----------
        g : Transformation
            An element of the symmetry group.
        target : path
            The file to write.
        progress : bool, optional
            Whether to show a bar; by default on terminals, where tqdm is installed.
        """
        from intertwine.networks.onnx_files.writing import write_file, write_with_data

        path = Path(target)
        if self.path is None or any(name not in self._spans for name in g.symmetry.routes):
            content = self.moved(g).SerializeToString()
            with replacing(path) as file:
                file.write(content)
        elif self._external:
            import onnx

            from intertwine.networks.onnx_files.reader import stored_tensors

            outline = onnx.ModelProto()
            outline.CopyFrom(self.outline)
            write_with_data(g, outline, stored_tensors(outline), path, self._spans, self.path.parent, progress)
        else:
            write_file(g, self.path, path, self._spans, progress)


def read_onnx(source: str | Path | bytes | Any) -> OnnxNetwork:
    """Read an ONNX model.

    Parameters
    ----------
    source : str, path, bytes or onnx.ModelProto
        A file, its content, or a model. A file has to stay where it is while the network is used.

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
        return _checked("the model", source)
    path = None if isinstance(source, bytes) else Path(os.fspath(source))
    shown = "what was given" if path is None else str(path)[:200]
    spans: Mapping[str, Span] = {}
    try:
        if isinstance(source, bytes):
            model = onnx.load_from_string(source)
        else:
            found = outline_of(Path(source))
            model, spans = onnx.load_from_string(found.content), found.spans
    except OSError as error:
        raise IntertwineError(f"{shown} cannot be read: {error.strerror or error}") from None
    except Exception as error:  # protobuf's errors have no common public base
        reason = " ".join(str(error).split())[:100]
        raise IntertwineError(f"{shown} is not an ONNX model: {reason}") from None
    return _checked(shown, model, path, spans)


def _checked(shown: str, *given: Any) -> OnnxNetwork:
    """The network of a model; what is wrong inside of a file is said in one line."""
    if not given[0].graph.node or not given[0].graph.output:
        raise IntertwineError("the ONNX model has no operations or no outputs")
    from onnx import TensorProto
    from onnx.defs import onnx_opset_version

    version = max((o.version for o in given[0].opset_import if o.domain in ("", "ai.onnx")), default=1)
    if version > onnx_opset_version():
        raise IntertwineError(f"{shown} is written in operator set {version}; the package onnx that is installed knows "
                              f"them up to {onnx_opset_version()}")
    for tensor in given[0].graph.initializer:
        if tensor.data_type not in TensorProto.DataType.values() or any(n < 0 for n in tensor.dims):
            raise IntertwineError(f"{shown} is damaged: the tensor {tensor.name!r} has a shape or a type that there "
                                  "is not")
    try:
        return OnnxNetwork(*given)
    except IntertwineError:
        raise
    except (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        raise IntertwineError(f"{shown} cannot be understood: {type(error).__name__}: {reason}") from error
