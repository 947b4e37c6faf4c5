"""Is the activation basis special? Scores of single units, in the given basis and in random others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import sample_orthogonal, sample_scaled_permutation
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.blocks import PermutedBlocks
from intertwine.similarity.dense import Orthogonal
from intertwine.similarity.reading import Side, read_group
from intertwine.similarity.samples import as_rows
from intertwine.similarity.shapes import Identity, Monomial, Shape


def selectivity(
    activations: npt.ArrayLike, labels: npt.ArrayLike, tail: float = 0.05, both: bool = False
) -> FloatArray:
    """For every unit, the share of the most frequent class among the samples that excite it most.

    Parameters
    ----------
    activations : array_like, shape (samples, units)
        Of one layer.
    labels : array_like of int, shape (samples,)
        Classes 0, 1, …
    tail : float
        The fraction of samples that is looked at.
    both : bool
        Look at the other end, too, and take the better one: for groups with negative scales.

    Returns
    -------
    ndarray, shape (units,)
        Between 1/classes (roughly) and 1. Permutations move the scores with the units; positive scales (with `both`,
        all scales) do not change them, since only the order of the samples counts. Tied samples count with the mean
        composition of the tie.

    Examples
    --------
    >>> selectivity(np.array([[0.0], [1.0], [2.0], [3.0]]), [0, 1, 0, 0], tail=0.5)
    array([1.])
    """
    x, onehot = _labelled(activations, labels)
    if not 0 < tail <= 1:
        raise IntertwineError(f"the tail is a fraction of the samples, not {tail!r}")
    count = max(1, round(tail * len(x)))
    upper = _shares(x, onehot, count)
    return np.maximum(upper, _shares(-x, onehot, count)) if both else upper


def _shares(x: FloatArray, onehot: FloatArray, count: int) -> FloatArray:
    out = np.empty(x.shape[1])
    for u, column in enumerate(x.T):
        edge = np.partition(column, len(column) - count)[len(column) - count]
        above, tied = column > edge, column == edge
        weights = above + tied * ((count - above.sum()) / tied.sum())
        out[u] = (weights @ onehot).max() / count
    return out


def probe(activations: npt.ArrayLike, labels: npt.ArrayLike) -> FloatArray:
    """For every unit, how much of the indicator of a class a linear probe on this unit alone explains, at best.

    Parameters
    ----------
    activations : array_like, shape (samples, units)
        Of one layer.
    labels : array_like of int, shape (samples,)
        Classes 0, 1, …

    Returns
    -------
    ndarray, shape (units,)
        The largest R² over classes: the squared correlation of the unit and the indicator. Unchanged by scales.

    Examples
    --------
    >>> probe(np.array([[1.0, 0.0], [1.0, 1.0], [5.0, 0.0], [5.0, 1.0]]), [0, 0, 1, 1]).round(9).tolist()
    [1.0, 0.0]
    """
    x, onehot = _labelled(activations, labels)
    z, t = x - x.mean(0), onehot - onehot.mean(0)
    scale = np.outer((t * t).sum(0), (z * z).sum(0))
    with np.errstate(divide="ignore", invalid="ignore"):
        r2 = (t.T @ z) ** 2 / scale
    return np.asarray(np.nan_to_num(r2).max(0))


@dataclass(frozen=True)
class BasisScores:
    """Mean scores over the units, in the activation basis and over random changes of basis.

    Attributes
    ----------
    activation : float
        In the given basis.
    group, rotated : ndarray, shape (draws,)
        After random elements of the group, and after random rotations.
    """

    activation: float
    group: FloatArray
    rotated: FloatArray

    @property
    def drop(self) -> float:
        """How much the score falls under rotations, on average."""
        return self.activation - float(self.rotated.mean())

    @property
    def survives(self) -> bool:
        """Whether no draw from the group changed the score by more than rounding."""
        return bool(np.allclose(self.group, self.activation, rtol=0, atol=1e-9))


def basis_scores(
    activations: npt.ArrayLike,
    labels: npt.ArrayLike,
    group: Any,
    rng: np.random.Generator,
    draws: int = 20,
    side: Side = "after",
) -> dict[str, BasisScores]:
    """How interpretable single units are, in the activation basis, under a group, and under rotations.

    Parameters
    ----------
    activations : array_like, shape (samples, units)
        Of one layer.
    labels : array_like of int, shape (samples,)
        Classes 0, 1, …
    group : str, IntertwinerGroup, MatrixGroup or Product
        As in `align`, of scaled permutations, orthogonal matrices, or blocks of them.
    rng : numpy.random.Generator
        The source of randomness.
    draws : int
        How many random elements and rotations.
    side : {"before", "after"}
        As in `align`.

    Returns
    -------
    dict of str to BasisScores
        ``"selectivity"`` and ``"probe"``.

    Notes
    -----
    Godfrey et al. suggest that the activation basis is special because the intertwiner group is small: what
    training cannot see, it has no reason to prefer. Scores of single units do not change under scaled permutations,
    as a theorem; that they do under rotations is what is measured.
    """
    if draws < 1:
        raise IntertwineError(f"at least one draw is needed, not {draws}")
    if not isinstance(rng, np.random.Generator):
        raise IntertwineError(f"rng is a numpy.random.Generator, not {type(rng).__name__}")
    x = as_rows(activations)
    shape = read_group(group, x.shape[1], side).shape
    scores: dict[str, tuple[list[float], list[float]]] = {"selectivity": ([], []), "probe": ([], [])}
    # Two ends give a unit two chances. Where the group keeps the ends apart, rotated units get one chance as well.
    both = not (isinstance(shape, Monomial) and not shape.scales.negative)
    measures: dict[str, Callable[[FloatArray], FloatArray]] = {
        "selectivity": lambda h: selectivity(h, labels, both=both),
        "probe": lambda h: probe(h, labels),
    }
    for _ in range(draws):
        moved = _drawn(shape, rng) @ x.T
        turned = sample_orthogonal(rng, x.shape[1]).apply(x)
        for name, (inside, outside) in scores.items():
            inside.append(float(measures[name](moved.T).mean()))
            outside.append(float(measures[name](turned).mean()))
    return {
        name: BasisScores(float(measures[name](x).mean()), np.array(inside), np.array(outside))
        for name, (inside, outside) in scores.items()
    }


def _drawn(shape: Shape, rng: np.random.Generator) -> FloatArray:
    """A random element of a shape, as a matrix."""
    if isinstance(shape, Identity):
        return np.eye(shape.n)
    if isinstance(shape, Monomial):
        scales = shape.scales
        return sample_scaled_permutation(rng, shape.n, scales.type, generator=scales.generator).to_matrix()
    if isinstance(shape, Orthogonal):
        return sample_orthogonal(rng, shape.n).to_matrix()
    if isinstance(shape, PermutedBlocks) and not shape.interleaved:
        k, out = shape.inner.n, np.zeros((shape.n, shape.n))
        for b, c in enumerate(rng.permutation(shape.m)):
            out[k * b : k * b + k, k * c : k * c + k] = _drawn(shape.inner, rng)
        return out
    raise IntertwineError("scores of single units are compared under scaled permutations, rotations and blocks of them")


def _labelled(activations: npt.ArrayLike, labels: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    x, y = as_rows(activations).astype(np.float64, copy=False), np.asarray(labels)
    if y.shape != (len(x),) or not np.issubdtype(y.dtype, np.integer) or y.min() < 0:
        raise ShapeError(f"labels are {len(x)} whole numbers from 0, not an array of shape {y.shape} and {y.dtype}")
    return x, np.eye(int(y.max()) + 1)[y]
