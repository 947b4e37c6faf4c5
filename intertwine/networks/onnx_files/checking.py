"""Comparing a model with its moved copies in ONNX Runtime."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks.gathering import Array, Threads, Workspace
from intertwine.networks.onnx_files.inputs import Inputs
from intertwine.networks.onnx_files.model import OnnxNetwork
from intertwine.networks.symmetry import ParameterSymmetry
from intertwine.networks.transformation import Move, Transformation

#: How much more than by rounding alone outputs may change and still count as unchanged: matrices that are not
#: orthogonal make rounding errors larger, by their condition numbers, which are at most e^1.5 for random elements.
FACTOR = 10.0
#: Outputs that answer to the last digit of the weights by so many units of their own are compared at once; if they
#: answer by more, or not at all, other inputs are tried.
_GOOD = 1000
_TRIED = 16


@dataclass(frozen=True)
class Comparison:
    """How far outputs were apart, relative to the largest entry of each output.

    Attributes
    ----------
    elements
        The number of random elements.
    deviation
        The largest relative deviation.
    permuted
        The same for the permutations of these elements alone, which change nothing but the order of summation.
    rounded
        The same for weights that were changed in their last binary digit, by half a unit on average.
    resolution
        The distance of 1 to the next number in the type of the outputs.
    """

    elements: int
    deviation: float
    permuted: float
    rounded: float
    resolution: float

    @property
    def rounding(self) -> float:
        """What rounding alone does: the order of summation, or the last digit of the weights."""
        return max(self.permuted, self.rounded)

    @property
    def unchanged(self) -> bool:
        """Whether the last digit of the weights, a measure that owes nothing to the group, explains the deviation.

        (Were the permutations of the group wrong, what they do would be no measure.)
        """
        return self.deviation <= FACTOR * max(self.rounded, self.resolution)

    def to_json(self) -> dict[str, Any]:
        """The numbers by name."""
        return {"elements": self.elements, "deviation": self.deviation, "rounding": self.rounding,
                "permuted": self.permuted, "last_digit": self.rounded, "unchanged": self.unchanged}

    def __str__(self) -> str:
        if not self.rounding:
            return "nothing moves, so there is nothing to check"
        verdict = "the outputs are unchanged" if self.unchanged else "THE OUTPUTS CHANGE"
        order = f"{self.permuted:.1e} (permuting the order of summation) and " if self.permuted else ""
        return (f"checked with {self.elements} random element{'s' if self.elements > 1 else ''}: maximum relative "
                f"deviation {self.deviation:.1e}; by rounding alone {order}{self.rounded:.1e} (the last digit of the "
                f"weights): {verdict}")


def compare(network: OnnxNetwork, symmetry: ParameterSymmetry, count: int, seed: int = 0,
            shapes: Mapping[str, Sequence[int]] | None = None, values: Mapping[str, Array] | None = None) -> Comparison:
    """Apply random elements and compare outputs in ONNX Runtime on random inputs.

    Parameters
    ----------
    network, symmetry
        The model and its symmetry group.
    count
        The number of random elements.
    seed
        The seed of elements and inputs.
    shapes, values
        Shapes, and values, of inputs by name, where they are not to be found at random.

    Raises
    ------
    IntertwineError
        ONNX Runtime is not installed, it cannot run the model on the inputs that were tried, or the outputs are not
        finite.
    """
    if not symmetry.routes:
        return Comparison(count, 0.0, 0.0, 0.0, 0.0)
    rng = np.random.default_rng(seed)
    inputs = Inputs(network.outline, shapes, values)
    with tempfile.TemporaryDirectory(prefix="intertwine-", ignore_cleanup_errors=True) as folder:
        runner = _Runner(network, Path(folder))
        feeds, wanted, rounded = _first_run(runner, inputs, symmetry, rng)
        deviation = permuted = 0.0
        for _ in range(count):
            g = symmetry.sample(rng)
            deviation = max(deviation, _distance(wanted, runner.outputs(g, feeds)))
            if any(_permutes(move) for move in g.moves):
                permuted = max(permuted, _distance(wanted, runner.outputs(permutations_of(g), feeds)))
            rounded = max(rounded, _distance(wanted, runner.outputs(_LastDigit(symmetry, rng), feeds)))
    return Comparison(count, deviation, permuted, rounded, _resolution(wanted))


def _permutes(move: Move) -> bool:
    return bool((move.permutation != np.arange(move.permutation.shape[-1])).any())


def _resolution(outputs: list[Array]) -> float:
    return max((float(np.finfo(y.dtype).eps) for y in outputs if y.dtype.kind == "f"), default=0.0)


def permutations_of(g: Transformation) -> Transformation:
    """The permutations of an element without its scales, signs and dense matrices."""
    still = g.symmetry.identity().moves
    moves = (Move(m.permutation, s.logs, s.signs, s.matrix) for m, s in zip(g.moves, still, strict=True))
    return Transformation(g.symmetry, tuple(moves))


class _LastDigit(Transformation):
    """No element: it moves one in two entries of each weight to the next number above or below."""

    def __init__(self, symmetry: ParameterSymmetry, rng: np.random.Generator) -> None:
        super().__init__(symmetry, symmetry.identity().moves)
        self._rng = rng

    def act(self, name: str, array: Array, gain: Callable[[str], Array], out: Array | None = None,
            workspace: Workspace | None = None, threads: Threads | None = None) -> Array:
        steps = self._rng.integers(-1, 3, array.shape) % 3 - 1  # 0 twice as often as 1 and as -1
        infinite = np.array(np.inf, array.dtype)
        found = np.where(steps == 0, array, np.nextafter(array, np.where(steps > 0, infinite, -infinite)))
        return found.astype(array.dtype)


class _Runner:
    """Runs a model and moved copies of it, which are written to a folder if the model was read from a file."""

    def __init__(self, network: OnnxNetwork, folder: Path) -> None:
        self._network, self._folder = network, folder

    def session(self, g: Transformation | None) -> Any:
        try:
            import onnxruntime
        except ImportError:
            raise IntertwineError('--check needs ONNX Runtime: pip install "intertwine[onnx]"') from None
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 4
        # The graph as it is written: fused kernels would round in other places.
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        if self._network.path is None:
            model: Any = (self._network.model if g is None else self._network.moved(g)).SerializeToString()
        elif g is None:
            model = str(self._network.path)
        else:
            for old in self._folder.iterdir():
                old.unlink()
            self._network.write(g, self._folder / "moved.onnx", progress=False)
            model = str(self._folder / "moved.onnx")
        try:
            return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # the runtime's errors have no common public base
            raise IntertwineError(f"ONNX Runtime cannot load the model: {_line(error)}") from None

    def outputs(self, g: Transformation, feeds: dict[str, Array]) -> list[Any]:
        found: list[Any] = self.session(g).run(None, feeds)
        return found


def _first_run(runner: _Runner, inputs: Inputs, symmetry: ParameterSymmetry,
               rng: np.random.Generator) -> tuple[dict[str, Array], list[Array], float]:
    """Inputs on which the model runs and says something, its outputs, and how far rounding moves them."""
    problem, tried = "it has no inputs of a size that was tried", 0
    best: tuple[float, dict[str, Array], list[Array]] | None = None
    session, other = runner.session(None), None
    for feeds in inputs.candidates(rng):
        try:
            outputs = session.run(None, feeds)
        except Exception as error:  # the runtime's errors have no common public base
            problem = _line(error)
            continue
        if not all(isinstance(y, np.ndarray) for y in outputs):
            raise IntertwineError("an output of the model is no tensor; it cannot be compared")
        if not any(y.size and (y.dtype.kind != "f" or np.isfinite(y).any()) for y in outputs):
            problem = "the outputs are empty or not finite"
            continue
        other = other or runner.session(_LastDigit(symmetry, rng))
        rounded = _distance(outputs, other.run(None, feeds))
        problem = "the outputs do not depend on the weights that move"
        if rounded and (best is None or rounded < best[0]):
            best = rounded, feeds, outputs
        tried += 1
        if best is not None and (best[0] <= _GOOD * _resolution(outputs) or tried >= _TRIED):
            break
    if best is None:
        raise IntertwineError("the model cannot be compared on random inputs; shapes can be given by --input-shape "
                              f"NAME=1x3x224x224 and values by --inputs FILE.npz: {problem}")
    return best[1], best[2], best[0]


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _distance(wanted: list[Array], found: list[Array]) -> float:
    worst = 0.0
    for a, b in zip(wanted, found, strict=True):
        if a.shape != b.shape:
            return float("inf")
        if a.dtype.kind != "f":
            worst = max(worst, float(np.mean(a != b)) if a.size else 0.0)
            continue
        finite = np.isfinite(a)
        if not np.array_equal(a[~finite], b[~finite], equal_nan=True) or not np.isfinite(b[finite]).all():
            return float("inf")
        if finite.any():
            x, y = a[finite].astype(np.float64), b[finite].astype(np.float64)
            worst = max(worst, float(np.abs(x - y).max()) / (float(np.abs(x).max()) or 1.0))
    return worst
