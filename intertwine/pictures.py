"""Pictures of activations of two variables: their level sets, and where the group moves a point.

Drawing needs matplotlib (the extra ``plot``); computing the curves needs numpy alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from intertwine.errors import IntertwineError, ShapeError
from intertwine.groups.base import MatrixGroup
from intertwine.groups.vectors.base import floats
from intertwine.numeric import exponential
from intertwine.vectors import VectorActivation, derive_family
from intertwine.vectors.activation import coordinates

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEPS = 61


def curves(group: MatrixGroup, point: tuple[float, float], reach: float = 2.0) -> list[NDArray[np.float64]]:
    """The orbits of a point of the plane under the one-parameter subgroups of a basis of the Lie algebra.

    Parameters
    ----------
    group : MatrixGroup
        In dimension 2.
    point : tuple of 2 floats
        Where to start.
    reach : float
        How far to follow each direction, in units of its norm; rotations are followed once round.

    Returns
    -------
    list of ndarray, shape (k, 2)
        One curve for each element of the basis.

    Raises
    ------
    ShapeError
        The group is not one of 2×2 matrices.

    Examples
    --------
    >>> from intertwine.vectors import Radial
    >>> [circle] = curves(derive_family(Radial("tanh(r)/r"))(2), (1.0, 0.0))
    >>> bool(np.allclose(np.linalg.norm(circle, axis=1), 1))
    True
    """
    _check_plane(group)
    found = []
    for direction in map(floats, group.lie_algebra()):
        unit = direction / np.linalg.norm(direction, 2)
        limit = np.pi if np.allclose(unit, -unit.T) else reach
        found.append(np.array([exponential(t * unit) @ np.array(point) for t in np.linspace(-limit, limit, _STEPS)]))
    return found


def images(group: MatrixGroup, point: tuple[float, float], words: int = 4) -> NDArray[np.float64]:
    """The images of a point of the plane under short products of generators: they reach other components.

    Returns
    -------
    ndarray, shape (k, 2)

    Raises
    ------
    ShapeError
        The group is not one of 2×2 matrices.
    """
    _check_plane(group)
    points = np.array([point], dtype=float)
    turns = [floats(g) for g in group.generators() if abs(abs(float(g.det())) - 1) < 1e-12]
    for _ in range(words):
        points = np.unique(np.round(np.concatenate([points, *(points @ g.T for g in turns)]), 9), axis=0)
    return points


def _check_plane(group: MatrixGroup) -> None:
    if group.n != 2:
        raise ShapeError(f"a picture is one of the plane: the group acts on vectors of length {group.n}")


def draw(value: VectorActivation, point: tuple[float, float] = (1.0, 0.5), extent: float = 3.0, ax: Any = None) -> Any:
    """Draw the level sets of the outputs of an activation of two variables, and how its group moves a point.

    Parameters
    ----------
    value : VectorActivation
        With an instance in dimension 2.
    point : tuple of 2 floats
        The point that is moved.
    extent : float
        The picture shows -extent < x1, x2 < extent.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure unless given.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    IntertwineError
        matplotlib is not installed.
    ShapeError
        The activation has no instance in dimension 2.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise IntertwineError("drawing needs matplotlib: pip install intertwine[plot]") from error
    if ax is None:
        ax = Figure(figsize=(4, 4), layout="constrained").subplots()
    grid = np.linspace(-extent, extent, 241)
    x1, x2 = np.meshgrid(grid, grid)
    styles = ("solid", "dashed", "dotted", "dashdot")
    for k, values in enumerate(_outputs(value, x1, x2)[: len(styles)]):
        levels = _levels(values)
        if len(levels):
            ax.contour(x1, x2, values, levels=levels, colors="0.6", linewidths=0.8, linestyles=styles[k])
    group = derive_family(value)(2)
    for color, curve in zip(("tab:blue", "tab:orange", "tab:green", "tab:purple"), curves(group, point), strict=False):
        ax.plot(curve[:, 0], curve[:, 1], color=color, linewidth=2)
    others = images(group, point)
    ax.plot(others[:, 0], others[:, 1], "o", markersize=4, color="tab:blue")
    ax.plot(*point, "o", color="tab:red")
    ax.set(xlim=(-extent, extent), ylim=(-extent, extent), aspect="equal", xlabel="$x_1$", ylabel="$x_2$",
           title=repr(group))
    return ax


def _levels(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Levels that part the plane evenly, where the values are not constant on a whole region."""
    known = np.round(values[np.isfinite(values)], 9)
    found, place, counts = np.unique(known, return_inverse=True, return_counts=True)
    flat = found[counts >= known.size / 50]
    moving = known[counts[place] < known.size / 50]
    if not moving.size:
        return moving
    levels = np.unique(np.quantile(moving, np.linspace(0.06, 0.94, 9)))
    near = 1e-6 * np.ptp(moving)
    return np.array([t for t in levels if not (np.abs(flat - t) <= near).any()])


def _outputs(value: VectorActivation, x1: NDArray[np.float64], x2: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    import sympy as sp

    found = []
    for expression in value.expressions(2):
        function = sp.lambdify(coordinates(2), expression, "numpy")
        with np.errstate(all="ignore"):
            found.append(np.broadcast_to(np.asarray(function(x1, x2), dtype=float), x1.shape))
    return found
