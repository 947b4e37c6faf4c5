"""Orbits of the group at given weights: their directions, the kernel of the network's Jacobian, invariants counted.

The orbit of some weights lies in the fibre of the network function through them, so its tangent space lies in the
kernel of the Jacobian of the function with respect to the weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError
from intertwine.networks.affine_symmetry import AffineSymmetry, AffineTransformation
from intertwine.networks.symmetry import ParameterSymmetry
from intertwine.networks.transformation import Transformation

Array = npt.NDArray[Any]
Symmetry = ParameterSymmetry | AffineSymmetry
Element = Transformation | AffineTransformation

_LARGEST = 20_000_000
_PRIME = 2**31 - 1


@dataclass(frozen=True)
class KernelCheck:
    """What a look at the Jacobian of a network found.

    Attributes
    ----------
    parameters
        The number of entries of the weights.
    kernel
        The dimension of the kernel of the Jacobian, numerically.
    dimension
        The dimension of the group.
    orbit
        The dimension of the orbit, numerically; less than that of the group where some of it leaves the weights alone.
    residual
        The largest change of the function along a direction of the orbit, relative to the Jacobian.
    """

    parameters: int
    kernel: int
    dimension: int
    orbit: int
    residual: float

    @property
    def contained(self) -> bool:
        """Whether the orbit's directions lie in the kernel, as they must."""
        return self.orbit <= self.kernel and self.residual < 1e-6

    @property
    def equal(self) -> bool:
        """Whether the kernel is nothing but them: near these weights, the group has the whole fibre."""
        return self.contained and self.orbit == self.kernel


@dataclass(frozen=True)
class InvariantCount:
    """Bounds for the number of independent continuous invariants of generic weights.

    ``least`` is the number of parameters less the dimension of the group; ``most`` that less the dimension of an orbit
    at integer weights, which is computed exactly. They differ where the group may have continuous stabilisers.
    """

    least: int
    most: int

    @property
    def exact(self) -> bool:
        """Whether the number is known."""
        return self.least == self.most


def orbit_directions(symmetry: Symmetry, weights: Mapping[str, Any], step: float = 1e-4) -> Array:
    """The directions in which the continuous part of the group moves the weights.

    Parameters
    ----------
    symmetry : ParameterSymmetry or AffineSymmetry
        The group.
    weights : mapping of str to array
        The weights.
    step : float
        Of the central differences.

    Returns
    -------
    array of shape (directions, entries)
        A row for each coordinate of the group, weights one after the other in the order of ``symmetry.shapes``.
    """
    names = list(_linear(symmetry).shapes)
    arrays = {name: np.asarray(weights[name], dtype=np.float64) for name in names}

    def flat(g: Element) -> Array:
        moved = g.apply(arrays)
        return np.concatenate([moved[name].ravel() for name in names])

    rows = [(flat(curve(step)) - flat(curve(-step))) / (2 * step) for curve in _curves(symmetry)]
    total = sum(a.size for a in arrays.values())
    return np.array(rows) if rows else np.zeros((0, total))


def _linear(symmetry: Symmetry) -> ParameterSymmetry:
    return symmetry if isinstance(symmetry, ParameterSymmetry) else symmetry.linear


def _curves(symmetry: Symmetry) -> Iterator[Callable[[float], Element]]:
    """Curves through the identity, one for each coordinate."""
    linear = _linear(symmetry)
    still = linear.identity().moves
    zero = {} if isinstance(symmetry, ParameterSymmetry) else symmetry.identity().coordinates

    def element(k: int, **change: Any) -> Element:
        moves = (*still[:k], replace(still[k], **change), *still[k + 1 :])
        moved = Transformation(linear, moves)
        return moved if isinstance(symmetry, ParameterSymmetry) else AffineTransformation(symmetry, moved, zero)

    for k, leaf in enumerate(linear.leaves):
        if leaf.space.frozen:
            continue
        for index in np.ndindex(still[k].logs.shape):
            direction = np.zeros(still[k].logs.shape)
            direction[index] = 1
            yield lambda t, k=k, x=direction: element(k, logs=t * x)  # type: ignore[misc]
        matrix = still[k].matrix
        if leaf.dense is None or matrix is None:
            continue
        for outer in np.ndindex(matrix.shape[:-2]):
            for generator in leaf.dense.algebra():
                yield lambda t, k=k, o=outer, x=generator, m=matrix: element(k, matrix=_turned(m, o, t * x))  # type: ignore[misc]
    if isinstance(symmetry, AffineSymmetry):
        for site in symmetry.sites:
            if site.group is None:
                for i in range(zero[site.name].size):
                    yield lambda t, n=site.name, i=i: _shifted(symmetry, zero, n, i, t)  # type: ignore[misc]


def _turned(still: Array, outer: tuple[int, ...], x: Array) -> Array:
    """(1 + x/2)(1 - x/2)⁻¹, which is in every group that x is in the Lie algebra of."""
    found = still.copy()
    one = np.eye(len(x))
    found[outer] = np.linalg.solve(one - x / 2, one + x / 2)
    return found


def _shifted(symmetry: AffineSymmetry, zero: Mapping[str, Array], name: str, i: int, t: float) -> AffineTransformation:
    vector = zero[name].copy()
    vector[i] = t
    return AffineTransformation(symmetry, symmetry.linear.identity(), {**zero, name: vector})


def check_kernel(symmetry: Symmetry, function: Callable[[dict[str, Array]], Any], weights: Mapping[str, Any], *,
                 jacobian: Any = None) -> KernelCheck:
    """Compare the group with the kernel of the Jacobian of the network at some weights.

    Parameters
    ----------
    symmetry : ParameterSymmetry or AffineSymmetry
        The group.
    function : callable
        From a dictionary of float64 arrays to the outputs at some inputs. These have to be many and generic: with too
        few of them, the kernel is too large.
    weights : mapping of str to array
        The weights, generic ones.
    jacobian : array of shape (outputs, entries), optional
        The Jacobian, if it is known (by automatic differentiation, say), with its columns in the order of
        ``symmetry.shapes``; otherwise central differences are taken.

    Returns
    -------
    KernelCheck

    Notes
    -----
    Fibres of the network function contain the orbits, so ``kernel >= orbit`` always. Equality at generic weights is a
    theorem for networks whose weights are determined by the function up to finitely many choices, such as perceptrons
    with tanh (Sussmann; both are 0), and for two linear layers around a bottleneck of full rank (both are n²).

    References
    ----------
    H. J. Sussmann, "Uniqueness of the weights for minimal feedforward nets with a given input-output map",
    Neural Networks 5 (1992), doi:10.1016/S0893-6080(05)80037-1.

    Examples
    --------
    >>> from intertwine.networks import Architecture, check_kernel
    >>> net = Architecture()
    >>> h = net.linear(net.input("x", ("n", 3)), net.weight("W", (4, 3)))
    >>> y = net.output(net.linear(net.activation(h, "relu"), net.weight("V", (2, 4))))
    >>> rng = np.random.default_rng(0)
    >>> weights, x = {"W": rng.normal(size=(4, 3)), "V": rng.normal(size=(2, 4))}, rng.normal(size=(60, 3))
    >>> found = check_kernel(net.symmetry(), lambda w: np.maximum(x @ w["W"].T, 0) @ w["V"].T, weights)
    >>> found.kernel, found.dimension, found.equal
    (4, 4, True)
    """
    names = list(_linear(symmetry).shapes)
    arrays = {name: np.asarray(weights[name], dtype=np.float64) for name in names}
    total = sum(a.size for a in arrays.values())
    directions = orbit_directions(symmetry, arrays)
    matrix = np.asarray(jacobian, dtype=np.float64) if jacobian is not None else _differences(function, arrays)
    if matrix.ndim != 2 or matrix.shape[1] != total:
        raise IntertwineError(f"the Jacobian has the shape {matrix.shape}; {total} columns are needed")
    size = float(np.linalg.norm(matrix, 2))
    rank = int(np.linalg.matrix_rank(matrix, tol=1e-7 * size))
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    unit = directions / np.where(lengths > 0, lengths, 1)
    orbit = int(np.linalg.matrix_rank(unit, tol=1e-6)) if len(unit) else 0
    residual = float(np.abs(matrix @ unit.T).max(initial=0.0)) / size if size else 0.0
    return KernelCheck(total, total - rank, symmetry.dimension, orbit, residual)


def _differences(function: Callable[[dict[str, Array]], Any], arrays: Mapping[str, Array]) -> Array:
    """Central differences of fourth order."""
    columns = []
    for name, array in arrays.items():
        for index in np.ndindex(array.shape):
            step = 1e-5 * max(1.0, abs(float(array[index])))  # small, so that kinks are seldom in between

            def moved(t: float, name: str = name, index: tuple[int, ...] = index) -> Array:
                changed = arrays[name].copy()
                changed[index] += t
                return np.asarray(function({**arrays, name: changed}), dtype=np.float64).ravel()

            near, far = moved(step) - moved(-step), moved(2 * step) - moved(-2 * step)
            columns.append((8 * near - far) / (12 * step))
    return np.array(columns).T


def count_invariants(symmetry: ParameterSymmetry, rng: np.random.Generator) -> InvariantCount:
    """Count the independent continuous invariants of generic weights.

    The directions of an orbit at random integer weights are integers up to a common factor; their rank modulo a prime
    is at most the dimension of a generic orbit, which is at most the dimension of the group.

    Raises
    ------
    IntertwineError
        The network is too large for a matrix of all directions.

    Examples
    --------
    A linear layer of width 8 between 3 and 2 channels: the product of the two matrices is all that remains.

    >>> from intertwine.networks import Architecture, count_invariants
    >>> net = Architecture()
    >>> h = net.linear(net.input("x", ("n", 3)), net.weight("W", (8, 3)))
    >>> y = net.output(net.linear(h, net.weight("V", (2, 8))))
    >>> count_invariants(net.symmetry(), np.random.default_rng(0)).most
    6
    """
    from flint import nmod_mat

    coordinates = symmetry.dimension + sum(leaf.size for leaf in symmetry.leaves)
    if coordinates * symmetry.parameters > _LARGEST:
        raise IntertwineError(f"{symmetry.parameters} parameters are too many to count invariants")
    weights: dict[str, Array] = {}
    for name, shape in symmetry.shapes.items():
        size = tuple(n for n in shape if isinstance(n, int))
        values = rng.integers(1, 10, size) * rng.choice([-1, 1], size)
        weights[name] = (np.sign(values) if name in symmetry.gain_names else values).astype(float)
    directions = orbit_directions(symmetry, weights, step=1e-3)
    factor = 1
    for leaf in symmetry.leaves:
        for vector in leaf.scales:
            for value in vector.values():
                factor = int(np.lcm(factor, value.denominator))
        if leaf.dense and leaf.dense.fixes_ones:
            factor = int(np.lcm(factor, leaf.size**2))
    scaled = directions * factor
    whole = np.rint(scaled)
    if directions.size and np.abs(scaled - whole).max() > 0.01:
        return InvariantCount(symmetry.parameters - symmetry.dimension, symmetry.parameters)
    rows = [[int(v) % _PRIME for v in row] for row in whole]
    rank = nmod_mat(rows, _PRIME).rank() if rows else 0
    return InvariantCount(max(0, symmetry.parameters - symmetry.dimension), symmetry.parameters - rank)
