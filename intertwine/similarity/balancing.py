"""The point of least norm on the orbit of a network under the positive scales of its units."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError
from intertwine.numeric import ScaledPermutation
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.symmetry import (
    Parameters,
    Space,
    SpaceGroup,
    Symmetry,
    check_symmetry,
    move,
    space_group,
    unfolded,
)

_BALANCED = 1e-14
_SWEEPS = 2000


def balance(parameters: Parameters, symmetry: Symmetry) -> tuple[dict[str, FloatArray], dict[str, ScaledPermutation]]:
    """The point of least norm on the orbit of the positive scales, and the scales that lead to it.

    Parameters
    ----------
    parameters : mapping of str to ndarray
        Of a network.
    symmetry : Symmetry
        Its spaces.

    Returns
    -------
    parameters, scales
        The balanced network and for every space the scales, as a `ScaledPermutation` without permutation.

    Notes
    -----
    With φ(a) = a^r, r > 0, the squared norm is a sum of exponentials of linear functions of the log scales, hence
    convex; for units with something that writes and something that reads it has one minimum, which is found space by
    space in closed form: a^(2 + 2r) = r·‖reads‖²/‖writes‖². For a unit without one of the two the other is brought to
    the norm 1, as far as it is connected with units that have both. Units that are connected with none are left alone.
    """
    check_symmetry(parameters, symmetry)
    squares: dict[str, FloatArray] = {name: np.asarray(t, np.float64) ** 2 for name, t in parameters.items()}
    groups = {space.name: space_group(space) for space in symmetry.spaces}
    logs = {space.name: np.zeros(space.width) for space in symmetry.spaces}
    scaled = [space for space in symmetry.spaces if groups[space.name].scaled]
    for space in scaled:
        if groups[space.name].power <= 0:
            power = groups[space.name].power
            raise IntertwineError(f"{space.name}: the scales have no balance, for φ(a) = a**{power:g}")
    alive = _alive(squares, scaled)
    for _ in range(_SWEEPS if scaled else 0):
        change = 0.0
        for space, uniform in zip(scaled, _common(squares, scaled, groups), strict=True):
            together = np.where(alive[space.name], uniform, 0.0)
            _scale(squares, space, 2 * together, groups[space.name].power)
            logs[space.name] += together
        for space in scaled:
            r = groups[space.name].power
            writes, reads = _sums(squares, space)
            live = alive[space.name]
            step = np.zeros(space.width)
            step[live] = np.log(r * reads[live] / writes[live]) / (2 + 2 * r)
            _scale(squares, space, 2 * step, r)
            logs[space.name] += step
            change = max(change, float(np.abs(step).max()))
        if change < _BALANCED:
            break
    if not all(live.all() for live in alive.values()):
        for space in scaled:
            logs[space.name] += _one_sided(parameters, space, scaled, logs, alive, groups)
    scales = {name: ScaledPermutation(np.arange(len(u)), np.exp(u)) for name, u in logs.items()}
    return move(parameters, symmetry, {name: groups[name].pair(a) for name, a in scales.items()}), scales


def _sums(squares: Parameters, space: Space) -> tuple[FloatArray, FloatArray]:
    """For every unit, the squared norms of what writes and of what reads."""
    sums = {"element": np.zeros(space.width), "image": np.zeros(space.width)}
    for axis in space.axes:
        sums[axis.role] += unfolded(squares, axis, space.width).sum(1)
    return sums["element"], sums["image"]


def _one_sided(
    parameters: Parameters, space: Space, scaled: Sequence[Space], logs: Mapping[str, FloatArray],
    alive: Mapping[str, FloatArray], groups: Mapping[str, SpaceGroup],
) -> FloatArray:
    """Log scales that bring to the norm 1 what connects the dead units of a space with living ones."""
    squares: dict[str, FloatArray] = {name: np.asarray(t, np.float64) ** 2 for name, t in parameters.items()}
    for other in scaled:
        live = alive[other.name] > 0
        _scale(squares, other, 2 * np.where(live, logs[other.name], 0.0), groups[other.name].power)
        if other is not space:
            _silence(squares, other, ~live)
    writes, reads = _sums(squares, space)
    step = np.zeros(space.width)
    for norms, factor in ((writes, -0.5), (reads, 0.5 / groups[space.name].power)):
        dead = (alive[space.name] == 0) & (norms > 0)
        step[dead] = factor * np.log(norms[dead])
    return step


def _silence(squares: dict[str, FloatArray], space: Space, dead: npt.NDArray[np.bool_]) -> None:
    """Set to 0 all that some units write and read."""
    _scale(squares, space, np.where(dead, -np.inf, 0.0), 1.0, only="element")
    _scale(squares, space, np.where(dead, np.inf, 0.0), 1.0, only="image")


def _alive(squares: dict[str, FloatArray], spaces: Sequence[Space]) -> dict[str, FloatArray]:
    """Which units have something that writes and something that reads; the weights of the others are set to 0.

    A unit without one of the two can be scaled at will, and its other weights must not count for its neighbours.
    """
    alive = {space.name: np.ones(space.width, dtype=bool) for space in spaces}
    changed = True
    while changed:
        changed = False
        for space in spaces:
            writes, reads = _sums(squares, space)
            dead = ((writes == 0) | (reads == 0)) & alive[space.name]
            if dead.any():
                alive[space.name] &= ~dead
                _silence(squares, space, dead)
                changed = True
    return alive


def _common(squares: Parameters, spaces: Sequence[Space], groups: Mapping[str, SpaceGroup]) -> FloatArray:
    """One step of Newton's method for a common log scale in each space: unit by unit these directions converge slowly.

    The squared norm is Σ_T m_T·exp(2·Σ_s k_Ts·c_s) with the masses m_T of the tensors.
    """
    names = sorted({axis.tensor for space in spaces for axis in space.axes})
    k = np.zeros((len(names), len(spaces)))
    for j, space in enumerate(spaces):
        for axis in space.axes:
            k[names.index(axis.tensor), j] += 1.0 if axis.role == "element" else -groups[space.name].power
    mass = np.array([float(squares[name].sum()) for name in names])
    gradient, hessian = k.T @ mass, 2 * (k.T * mass) @ k
    step = -np.linalg.lstsq(hessian, gradient, rcond=1e-12)[0]
    step /= max(1.0, float(np.abs(step).max()))

    def norm(c: FloatArray) -> float:
        return float(mass @ np.exp(2 * k @ c))

    while norm(step) > norm(0 * step) and np.abs(step).max() > _BALANCED:
        step /= 2
    return np.asarray(step if norm(step) <= norm(0 * step) else 0 * step)


def _scale(
    tensors: dict[str, FloatArray], space: Space, logs: FloatArray, power: float, only: str | None = None
) -> None:
    for axis in space.axes:
        if only is not None and axis.role != only:
            continue
        factor = np.exp(logs if axis.role == "element" else -power * logs).repeat(axis.inner)
        shape = [1] * tensors[axis.tensor].ndim
        shape[axis.axis] = -1
        tensors[axis.tensor] *= factor.reshape(shape)


__all__ = ["balance"]
