"""The element of a derived group that aligns the activations of two networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError
from intertwine.numeric import AffineElement, Element, Intertwiner, ScaledPermutation
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.affine import affine_fit
from intertwine.similarity.reading import Side, concrete_group, is_affine, read_group
from intertwine.similarity.samples import as_pair
from intertwine.similarity.shapes import Objective

_PIECE = 1 << 16


@dataclass(frozen=True)
class Alignment:
    """A group element with what is known about how good it is.

    Attributes
    ----------
    element : Element
        The matrix that is applied to the units of X (φ(A), when the activations lie behind the nonlinearity).
    intertwiner : Intertwiner or None
        The pair (A, φ(A)), where it is determined; it moves weights.
    distance : float
        ‖X·Aᵀ - Y‖ in the Frobenius norm.
    correlation : float
        The cosine of the angle between X·Aᵀ and Y as vectors.
    objective : str
        What was optimised.
    is_global : bool
        Whether no element of the group is better (proven, up to rounding).
    attained : bool
        False if the optimum is a limit on the edge of the group (a scale of 0, a singular matrix) that no element
        attains; `element` is then near it, or singular.
    shift : ndarray of shape (units,) or None
        For a group of affine maps the c of x ↦ Ax + c; the correlation is then that of X·Aᵀ + c and Y.
    """

    element: Element
    intertwiner: Intertwiner | None
    distance: float
    correlation: float
    objective: Objective
    is_global: bool
    attained: bool
    shift: FloatArray | None = None

    def apply(self, activations: npt.ArrayLike) -> FloatArray:
        """Other activations of the first network, moved by the element; units lie along axis 1."""
        if self.shift is None:
            return self.element.apply(activations, axis=1)
        return AffineElement(self.element, self.shift).apply(activations, axis=1)


def align(
    X: npt.ArrayLike, Y: npt.ArrayLike, group: Any, objective: Objective = "distance", side: Side = "before"
) -> Alignment:
    """The element A of a group for which X·Aᵀ is nearest to Y.

    Parameters
    ----------
    X, Y : array_like, shape (samples, units) or (samples, channels, height, width)
        Activations of two networks on the same samples. In the second form the channels are the units, and every
        position counts as a sample.
    group : str, IntertwinerGroup, MatrixGroup or Product
        What ``iw.derive`` (with ``affine=True``, too) or ``iw.derive_layer`` returned, that group in the dimension of
        the units, or the name of a kind such as ``"orthogonal"``. Where an answer is bounded, its lower bound is taken.
    objective : {"distance", "correlation"}
        ``"distance"`` minimises ‖X·Aᵀ - Y‖. ``"correlation"`` treats X and Y alike: with c(X) the canonical
        representative of X under the continuous scales of the group (columns of length 1 for positive scales, length
        1 as a whole for conformal groups, whitened for GL), it maximises ⟨c(X)·kᵀ, c(Y)⟩ over the rest k of the
        group. Scaled permutations maximise the sum of the cosines of matched units, also if their scales are 1, ±1 or
        powers: then the units are matched by their shape and not by their length.
    side : {"before", "after"}
        Whether the activations lie before the nonlinearity and are moved by A, or behind it and are moved by φ(A).

    Returns
    -------
    Alignment

    Raises
    ------
    ShapeError
        If the arrays do not fit together or do not fit the group.
    IntertwineError
        If an entry is not finite, or no method is known for the group.

    Notes
    -----
    Optima are global, for the reasons below, unless `is_global` is False.

    *Scaled permutations* S ≀ Sym(n): ‖X·Aᵀ - Y‖² = Σ_i ‖a_i x_π(i) - y_i‖², and for each candidate pair the best a in
    S is the element nearest to the vertex of a parabola, so that a linear assignment of the n² gains is exact
    (`scipy.optimize.linear_sum_assignment`). Where the best positive scale would be 0 the optimum is not attained.
    *Orthogonal and conformal*: the polar factor of YᵀX (Procrustes; Schönemann, Psychometrika 31, 1966). *GL and
    {A·1 = 1}*: linear least squares; a singular minimiser is a limit of elements. *Permuted blocks*: an assignment
    whose gains are the optima for pairs of blocks. *Products*: each factor by itself. *Groups that keep the line
    R·1* (softmax, normalisation): rows split orthogonally into their mean and the rest, which are fitted separately.
    *Affine maps* T ≀ Sym(n): the best map of T for each pair of units, then an assignment. *Finite groups*, up to
    scale: every element.

    Not proven to be global: the distance under the similitudes of an indefinite quadratic form (its correlation is
    exact), under images with unequal gains, and everything under stabilisers of maps that are not finite. These are
    found by descent along the Lie algebra from several elements.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((50, 3))
    >>> found = align(X, X[:, [2, 0, 1]] * [2.0, 0.5, 3.0], "positive-scaled permutation")
    >>> found.element.indices.tolist(), found.element.scales.round(9).tolist()
    ([2, 0, 1], [2.0, 0.5, 3.0])
    >>> found.is_global, found.attained, found.distance < 1e-12
    (True, True, True)
    """
    if objective not in ("distance", "correlation"):
        raise IntertwineError(f"the objective is 'distance' or 'correlation', not {objective!r}")
    x, y = as_pair(X, Y, same_units=True)
    if is_affine(group, x.shape[1], side):
        return _aligned_affine(x, y, group, objective, side)
    reading = read_group(group, x.shape[1], side)
    fitted = reading.shape.fit(x, y, objective)
    distance, correlation = compare(fitted.element, x, y)
    pair = reading.lift(fitted.element) if fitted.attained else None
    return Alignment(fitted.element, pair, distance, correlation, objective, reading.shape.proves(objective),
                     fitted.attained)


def _aligned_affine(x: FloatArray, y: FloatArray, group: Any, objective: Objective, side: Side) -> Alignment:
    if side != "before" or objective != "distance":
        raise IntertwineError("affine maps are aligned by the distance, in front of the nonlinearity")
    found, attained = affine_fit(concrete_group(group, x.shape[1]), x, y)
    moved = found.apply(x)
    norms = float(np.linalg.norm(moved)) * float(np.linalg.norm(y))
    correlation = float(np.vdot(moved, y)) / norms if norms else 0.0
    distance = float(np.linalg.norm(moved - y))
    return Alignment(found.linear, None, distance, correlation, objective, True, attained, found.shift)


def compare(element: Element, x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """The Frobenius distance of x·Aᵀ and y and the cosine of their angle (0 when one vanishes)."""
    element = element.astype(x.dtype)
    total = np.zeros(4)
    # In pieces that stay in the cache; a dense element is better applied to larger ones.
    step = max(1, (_PIECE if isinstance(element, ScaledPermutation) else 16 * _PIECE) // x.shape[1])
    for start in range(0, len(x), step):
        moved, part = element.apply(x[start : start + step]), y[start : start + step]
        total[1:] += np.vdot(moved, moved), np.vdot(part, part), np.vdot(moved, part)
        moved -= part
        total[0] += np.vdot(moved, moved)
    norms = float(np.sqrt(total[1]) * np.sqrt(total[2]))
    return float(np.sqrt(total[0])), float(total[3]) / norms if norms else 0.0
