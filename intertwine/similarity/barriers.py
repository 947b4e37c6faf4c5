"""Losses on the straight line between two networks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from intertwine.errors import ShapeError
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.symmetry import Parameters


def interpolate(net_a: Parameters, net_b: Parameters, t: float) -> dict[str, FloatArray]:
    """The network (1 - t)·a + t·b."""
    if net_a.keys() != net_b.keys() or any(np.shape(net_a[k]) != np.shape(net_b[k]) for k in net_a):
        raise ShapeError("the two networks have different parameters")
    return {name: np.asarray((1 - t) * np.asarray(net_a[name]) + t * np.asarray(net_b[name])) for name in net_b}


def barrier(net_a: Parameters, net_b: Parameters, loss: Callable[[Parameters], float], points: int = 11) -> FloatArray:
    """Losses along the straight line between two networks.

    Parameters
    ----------
    net_a, net_b : mapping of str to ndarray
        The ends.
    loss : callable
        From parameters to a number.
    points : int
        How many, with the ends.

    Returns
    -------
    ndarray, shape (points,)
        The barrier is the largest amount by which it exceeds the straight line between its ends: `height`.
    """
    return np.array([loss(interpolate(net_a, net_b, float(t))) for t in np.linspace(0, 1, points)])


def height(losses: FloatArray) -> float:
    """How far losses rise above the straight line between the first and the last, at most; never negative.

    Examples
    --------
    >>> height(np.array([1.0, 4.0, 3.0]))
    2.0
    """
    line = np.linspace(losses[0], losses[-1], len(losses))
    return float(np.max(losses - line))
