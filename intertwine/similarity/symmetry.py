"""How a symmetry of weights is described: spaces of hidden units, and the tensor axes that each of them moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import Element, Intertwiner, ScaledPermutation
from intertwine.numeric.arrays import FloatArray, as_floating
from intertwine.similarity.dense import Orthogonal
from intertwine.similarity.reading import read_group
from intertwine.similarity.shapes import Monomial

#: The parameters of a network by name.
Parameters = Mapping[str, FloatArray]
#: "element": what writes into the space, moved by A. "image": what reads from behind its activation, moved by φ(A)⁻ᵀ.
Role = Literal["element", "image"]


@dataclass(frozen=True)
class TensorAxis:
    """One axis of one tensor that a space moves.

    Parameters
    ----------
    tensor : str
        The name of the parameter.
    axis : int
        The axis, from 0.
    role : {"element", "image"}
        Whether it writes into the space or reads from it.
    inner : int
        Each unit stands for so many neighbouring entries of the axis: height·width, where channels were flattened.
    """

    tensor: str
    axis: int
    role: Role
    inner: int = 1


@dataclass(frozen=True)
class Space:
    """A space of hidden units with its group: ``width`` units, and every tensor axis that an element moves."""

    name: str
    width: int
    group: Any
    axes: tuple[TensorAxis, ...]


class Symmetry(Protocol):
    """What `align_weights` needs to know; the symmetry that an analysis of a whole network finds has these spaces."""

    @property
    def spaces(self) -> Sequence[Space]:
        """The spaces, in the order of the data flow."""


@dataclass(frozen=True)
class NetworkSymmetry:
    """A symmetry given by its spaces."""

    spaces: tuple[Space, ...]


def mlp_parameters(weights: Sequence[FloatArray], biases: Sequence[FloatArray | None]) -> dict[str, FloatArray]:
    """Weights and biases in order, by the names that `mlp_symmetry` uses: ``W1, b1, W2, …``."""
    named = {f"W{i + 1}": np.asarray(w) for i, w in enumerate(weights)}
    return named | {f"b{i + 1}": np.asarray(b) for i, b in enumerate(biases) if b is not None}


def mlp_symmetry(parameters: Parameters, group: Any) -> NetworkSymmetry:
    """The symmetry of a chain of layers ``W1, b1, W2, …`` with one activation.

    Parameters
    ----------
    parameters : mapping of str to ndarray
        Weights (out, in) or convolutions (out, in, height, width), and biases (out,); a missing bias is left out.
        Where a dense layer follows a convolution its inputs are the channels, flattened together with the positions.
    group : str, IntertwinerGroup or MatrixGroup
        The group of the activation.

    Returns
    -------
    NetworkSymmetry

    Examples
    --------
    >>> net = {"W1": np.ones((4, 2, 3, 3)), "b1": np.ones(4), "W2": np.ones((10, 36))}
    >>> space, = mlp_symmetry(net, "permutation").spaces
    >>> space.width, [(axis.tensor, axis.axis, axis.inner) for axis in space.axes]
    (4, [('W1', 0, 1), ('b1', 0, 1), ('W2', 1, 9)])
    """
    depth = 0
    while f"W{depth + 1}" in parameters:
        depth += 1
        if np.ndim(parameters[f"W{depth}"]) < 2:
            raise ShapeError(f"W{depth} has shape {np.shape(parameters[f'W{depth}'])}, not out × in")
    expected = {f"{letter}{i + 1}" for i in range(depth) for letter in "Wb"}
    if unknown := sorted(set(parameters) - expected):
        raise ShapeError(f"{unknown[0]} does not belong to a chain of {depth} layers W1, b1, W2, …")
    spaces = []
    for i in range(1, depth):
        width, reading = len(parameters[f"W{i}"]), np.shape(parameters[f"W{i + 1}"])[1]
        if reading % width:
            raise ShapeError(f"W{i} writes {width} units but W{i + 1} reads {reading}")
        axes = [TensorAxis(f"W{i}", 0, "element")]
        axes += [TensorAxis(f"b{i}", 0, "element")] if f"b{i}" in parameters else []
        axes.append(TensorAxis(f"W{i + 1}", 1, "image", reading // width))
        spaces.append(Space(f"hidden {i}", width, group, tuple(axes)))
    return NetworkSymmetry(tuple(spaces))


@dataclass(frozen=True)
class SpaceGroup:
    """The group of a space as far as weights are aligned: its scales, or that it is orthogonal, and φ."""

    kind: Literal["monomial", "orthogonal"]
    width: int
    signs: bool
    scaled: bool
    #: φ on scales: a positive scale a becomes a**power, and -1 becomes `minus`.
    power: float
    minus: float

    def pair(self, element: Element) -> Intertwiner:
        """(A, φ(A))."""
        if not isinstance(element, ScaledPermutation):
            return Intertwiner(element, element)
        a = element.scales
        image = np.abs(a) ** self.power * np.where(a < 0, self.minus, 1.0)
        return Intertwiner(element, ScaledPermutation(element.indices, image))


def space_group(space: Space) -> SpaceGroup:
    """What is known of the group of a space.

    Raises
    ------
    IntertwineError
        If the group has neither continuous scales and permutations nor rotations alone.
    """
    reading = read_group(space.group, space.width)
    shape = reading.shape
    if isinstance(shape, Orthogonal) and shape.scales.bounded:
        return SpaceGroup("orthogonal", space.width, False, False, 1.0, 1.0)
    if type(shape) is not Monomial or shape.scales.generator is not None:
        raise IntertwineError(f"{space.name}: weights are aligned by permutations, signs, scales and rotations only")
    power = minus = 1.0
    if isinstance(space.group, str):
        minus = -1.0
    else:
        ones = np.ones(space.width)
        if reading.lift(ScaledPermutation.identity(space.width)) is None:
            raise IntertwineError(f"{space.name}: the images of {space.group!r} are not scaled permutations")
        if shape.scales.continuous:
            power = float(np.log2(_image(reading.lift(ScaledPermutation(np.arange(space.width), 2 * ones)))))
        if shape.scales.negative:
            minus = _image(reading.lift(ScaledPermutation(np.arange(space.width), -ones)))
    return SpaceGroup("monomial", space.width, shape.scales.negative, shape.scales.continuous, power, minus)


def _image(pair: Intertwiner | None) -> float:
    if pair is None or not isinstance(pair.image, ScaledPermutation):
        raise IntertwineError("the images of a group of scaled permutations are not known")
    return float(pair.image.scales[0])


def unfolded(parameters: Parameters, axis: TensorAxis, width: int) -> FloatArray:
    """The tensor as a matrix with one row for each unit of the space."""
    tensor = parameters[axis.tensor]
    if tensor.shape[axis.axis] != width * axis.inner:
        raise ShapeError(f"{axis.tensor} has shape {tensor.shape}: axis {axis.axis} is not {width} times {axis.inner}")
    return np.moveaxis(tensor, axis.axis, 0).reshape(width, -1)


def as_parameters(parameters: Parameters, where: str) -> dict[str, FloatArray]:
    """Parameters as finite arrays of floats.

    Raises
    ------
    ShapeError
        If one is no array of floats.
    IntertwineError
        If an entry is not finite.
    """
    found = {name: as_floating(values, f"{name} {where}") for name, values in parameters.items()}
    for name, values in found.items():
        if not np.isfinite(values).all():
            raise IntertwineError(f"{name} {where} has an entry that is not finite")
    return found


def check_symmetry(parameters: Parameters, symmetry: Symmetry) -> None:
    """Raise unless the tensors that a symmetry moves are there."""
    if not hasattr(symmetry, "spaces"):
        raise IntertwineError(f"a symmetry has spaces, as that of mlp_symmetry; {type(symmetry).__name__} has none")
    for space in symmetry.spaces:
        for axis in space.axes:
            if axis.tensor not in parameters:
                raise ShapeError(f"the symmetry moves {axis.tensor}, which is not among the parameters")
            if np.ndim(parameters[axis.tensor]) <= axis.axis:
                raise ShapeError(f"{axis.tensor} has shape {np.shape(parameters[axis.tensor])}: no axis {axis.axis}")


def move(parameters: Parameters, symmetry: Symmetry, elements: Mapping[str, Intertwiner]) -> dict[str, FloatArray]:
    """The parameters moved by an element in each space that is named; the network computes the same function.

    Parameters
    ----------
    parameters : mapping of str to ndarray
        Of the network.
    symmetry : Symmetry
        Its spaces.
    elements : mapping of str to Intertwiner
        An element for some or all spaces.

    Returns
    -------
    dict of str to ndarray
        New arrays where something moved.
    """
    moved = dict(parameters)
    for space in symmetry.spaces:
        pair = elements.get(space.name)
        if pair is None:
            continue
        for axis in space.axes:
            acting = pair.element if axis.role == "element" else pair.image.contragredient()
            tensor = np.moveaxis(moved[axis.tensor], axis.axis, 0)
            rows = np.ascontiguousarray(tensor).reshape(space.width, -1)
            moved[axis.tensor] = np.moveaxis(acting.apply(rows, axis=0).reshape(tensor.shape), 0, axis.axis)
    return moved
