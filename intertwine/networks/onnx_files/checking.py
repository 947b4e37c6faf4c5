"""Comparing a model with its moved copies in ONNX Runtime, and writing a moved copy."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks.onnx_files.model import OnnxNetwork
from intertwine.networks.symmetry import ParameterSymmetry
from intertwine.networks.transformation import Array, Move, Transformation

_TYPES = {1: np.float32, 10: np.float16, 11: np.float64, 6: np.int32, 7: np.int64, 9: np.bool_, 2: np.uint8, 3: np.int8}
_SIZES = (64, 32, 224, 16, 128, 8, 4, 512, 1)


@dataclass(frozen=True)
class Comparison:
    """How far outputs were apart, relative to the largest entry of each output.

    Attributes
    ----------
    elements
        The number of random elements.
    deviation
        The largest relative deviation.
    rounding
        The same for permutations alone, which change nothing but the order of summation.
    """

    elements: int
    deviation: float
    rounding: float

    def to_json(self) -> dict[str, Any]:
        """The numbers by name."""
        return {"elements": self.elements, "deviation": self.deviation, "rounding": self.rounding}


def compare(network: OnnxNetwork, symmetry: ParameterSymmetry, count: int, seed: int = 0,
            feeds: dict[str, Array] | None = None) -> Comparison:
    """Apply random elements and compare outputs in ONNX Runtime on random inputs, or on those given.

    Raises
    ------
    IntertwineError
        ONNX Runtime is not installed, or it cannot run the model on inputs of the sizes that were tried.
    """
    rng = np.random.default_rng(seed)
    if feeds is None:
        feeds, wanted = _first_run(network.model, rng)
    else:
        wanted = _run(network.model, feeds)
    deviation = rounding = 0.0
    for _ in range(count):
        g = symmetry.sample(rng)
        deviation = max(deviation, _distance(wanted, _run(network.moved(g), feeds)))
        rounding = max(rounding, _distance(wanted, _run(network.moved(permutations_of(g)), feeds)))
    return Comparison(count, deviation, rounding)


def permutations_of(g: Transformation) -> Transformation:
    """The permutations of an element without its scales, signs and dense matrices."""
    still = g.symmetry.identity().moves
    moves = (Move(m.permutation, s.logs, s.signs, s.matrix) for m, s in zip(g.moves, still, strict=True))
    return Transformation(g.symmetry, tuple(moves))


def write(model: Any, target: str | Path) -> None:
    """Write a model under a temporary name beside the target and rename it at the end."""
    path = Path(target)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(model.SerializeToString())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _run(model: Any, feeds: dict[str, Array]) -> list[Array]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    # The graph as it is written: fused kernels would round in other places.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return [np.asarray(y) for y in session.run(None, feeds)]


def _first_run(model: Any, rng: np.random.Generator) -> tuple[dict[str, Array], list[Array]]:
    try:
        import onnxruntime  # noqa: F401
    except ImportError:
        raise IntertwineError('--check needs ONNX Runtime: pip install "intertwine[onnx]"') from None
    problem: Exception | None = None
    for feeds in _candidates(model, rng):
        try:
            return feeds, _run(model, feeds)
        except Exception as error:  # the runtime's errors have no common public base
            problem = error
    raise IntertwineError(f"ONNX Runtime cannot run the model on random inputs: {str(problem).splitlines()[0]}")


def _candidates(model: Any, rng: np.random.Generator) -> Iterator[dict[str, Array]]:
    """Random inputs of several sizes for the dimensions that are not fixed."""
    stored = {t.name for t in model.graph.initializer}
    inputs = [i for i in model.graph.input if i.name not in stored]
    for batch, size in itertools.product((2, 1), _SIZES):
        feeds: dict[str, Array] = {}
        for info in inputs:
            kind = info.type.tensor_type
            dtype = _TYPES.get(kind.elem_type)
            if dtype is None:
                raise IntertwineError(f"the input {info.name!r} has a type for which no random values are made")
            known = [d.dim_value for d in kind.shape.dim]
            shape = [n if n > 0 else size if k else batch for k, n in enumerate(known)]
            if len(shape) == 4 and kind.shape.dim[1].dim_value <= 0:
                shape[1] = 3
            if np.issubdtype(dtype, np.floating):
                feeds[info.name] = rng.standard_normal(shape).astype(dtype)
            else:
                feeds[info.name] = rng.integers(0, 2, shape).astype(dtype)
        yield feeds


def _distance(wanted: list[Array], found: list[Array]) -> float:
    worst = 0.0
    for a, b in zip(wanted, found, strict=True):
        if np.issubdtype(a.dtype, np.floating) and a.size:
            scale = float(np.abs(a.astype(np.float64)).max()) or 1.0
            worst = max(worst, float(np.abs(a.astype(np.float64) - b.astype(np.float64)).max()) / scale)
        elif not np.array_equal(a, b):
            worst = float("inf")
    return worst
