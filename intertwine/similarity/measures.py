"""Dissimilarities of representations that do not change under a derived group."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.affine import linear_shape
from intertwine.similarity.kernels import Gram, biased, gram_sums
from intertwine.similarity.kernels import unbiased as _unbiased
from intertwine.similarity.reading import Side, concrete_group, is_affine, read_group
from intertwine.similarity.samples import as_pair
from intertwine.similarity.shapes import Shape


def procrustes(
    X: npt.ArrayLike,
    Y: npt.ArrayLike,
    group: Any = "orthogonal",
    angular: bool = True,
    center: bool = True,
    side: Side = "before",
) -> float:
    """The distance of two representations up to a group: G-Procrustes.

    Parameters
    ----------
    X, Y : array_like, shape (samples, units) or (samples, channels, height, width)
        Activations on the same samples; the numbers of units agree.
    group : str, IntertwinerGroup, MatrixGroup or Product
        As in `align`. For ReLU this is the G_ReLU-Procrustes distance of Godfrey et al., for ``"orthogonal"`` the usual
        Procrustes distance.
    angular : bool
        The angle arccos(s) in radians, or else the chordal distance √(2 - 2s).
    center : bool
        Subtract the mean of every unit first.
    side : {"before", "after"}
        As in `align`.

    Returns
    -------
    float
        0 if Y = X·Aᵀ for an A of the group, up to the rounding of a square root: about 1e-8.

    Raises
    ------
    ShapeError, IntertwineError
        As for `align`; also when a representation is constant, and so has no direction.

    Notes
    -----
    With c(X) the canonical representative of X under the scales of the group (see `align`), divided by its norm,
    and K the compact rest of the group, s = max over k in K of ⟨c(X)·kᵀ, c(Y)⟩, found exactly
    (by descent, so that the distance is an upper bound, for stabilisers of maps that are infinite up to scale). K acts
    by isometries of the sphere, so the angle and the chordal distance are metrics on orbits: they are symmetric,
    they vanish only when c(Y) = t·c(X)·kᵀ with t > 0, and they satisfy the triangle inequality. (The group may be
    smaller than what leaves the value unchanged: representatives are also compared up to one positive factor.)

    Centring commutes with every A, so it costs no invariance. For a group of affine maps x ↦ Ax + c it removes the c,
    and the linear parts are divided out.

    References
    ----------
    C. Godfrey, D. Brown, T. Emerson, H. Kvinge, NeurIPS 2022, arXiv:2205.14258, section 5 (their published code gives
    1 - c/2 for the chordal distance c of activations that are not centred); A. Williams, E. Kunz,
    S. Kornblith, S. Linderman, "Generalized shape metrics on neural representations", NeurIPS 2021.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((40, 3))
    >>> Y = X[:, [2, 0, 1]] * [5.0, 0.1, 2.0]
    >>> bool(procrustes(X, Y, "positive-scaled permutation") < 1e-7), bool(procrustes(X, Y, "orthogonal") > 0.1)
    (True, True)
    """
    x, y = _prepared(X, Y, center, same_units=True)
    shape = _shape(group, x.shape[1], side, center)
    left, right = _representative(shape, x), _representative(shape, y)
    # ‖x·kᵀ - y‖² = 2 - 2s for unit vectors; rounding may take s beyond 1.
    s = min(1.0, max(-1.0, shape.overlap(left, right)))
    return float(np.arccos(s)) if angular else float(np.sqrt(2 - 2 * s))


def cka(
    X: npt.ArrayLike,
    Y: npt.ArrayLike,
    group: Any = "orthogonal",
    unbiased: bool = False,
    center: bool = True,
    side: Side = "before",
    tile: int = 768,
    workers: int | None = None,
    positions: Literal["samples", "features"] = "samples",
) -> float:
    """Centred kernel alignment with a kernel that a group leaves unchanged: G-CKA, between 0 and 1.

    Parameters
    ----------
    X, Y : array_like, shape (samples, units) or (samples, channels, height, width)
        Activations on the same samples; the numbers of units may differ.
    group : str, IntertwinerGroup, MatrixGroup or Product
        As in `align`. For ReLU this is the G_ReLU-CKA of Godfrey et al.; for ``"orthogonal"`` it is linear CKA.
    unbiased : bool
        Use the unbiased estimator of HSIC (Song et al., 2012), which can be negative; needs at least 4 samples.
    center : bool
        Subtract the mean of every unit first. (The Gram matrices are centred in any case, which for linear CKA is the
        same; for the others it is not.)
    side : {"before", "after"}
        As in `align`.
    tile : int
        Gram matrices of maxima are formed in tiles of so many samples, and never kept.
    workers : int, optional
        Threads for the tiles; the number of processors by default.
    positions : {"samples", "features"}
        What the positions of activations with more than two axes are: samples of their own, or features of their
        sample, so that inner products sum over them. The published code of Godfrey et al. does the latter (and is
        `unbiased`).

    Returns
    -------
    float
        Near 1 for Y = X·Aᵀ with A in the group.

    Notes
    -----
    The kernel is k(s, t) = Σ over kinds of cells of max over cells ⟨c(X)_s, c(X)_t⟩, where c(X) is the canonical
    representative and the cells are what the compact part of the group permutes: units for scaled permutations (the
    maximum of x_su·x_tu over units, the kernel of Godfrey et al.), blocks for permuted blocks, everything for
    O(n), where it is the linear kernel. A change of sign of a unit leaves all products x_su·x_tu alone, so that for
    scaled permutations the invariance is always that of the group together with all signs.

    Memory is linear in the samples: O(samples·units + tile·(tile + units)). Time is samples²·units for kernels of
    maxima, and samples·units² for linear ones.

    References
    ----------
    S. Kornblith, M. Norouzi, H. Lee, G. Hinton, "Similarity of neural network representations revisited", ICML 2019.
    L. Song, A. Smola, A. Gretton, J. Bedo, K. Borgwardt, JMLR 13 (2012), 1393-1434 (the unbiased estimator).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> X = rng.standard_normal((40, 3))
    >>> Y = X[:, [2, 0, 1]] * [5.0, 0.1, 2.0]
    >>> round(cka(X, Y, "positive-scaled permutation"), 9), bool(cka(X, Y, "orthogonal") < 0.9)
    (1.0, True)
    """
    x, y = _prepared(X, Y, center, same_units=False)
    left, right = (_shape(group, z.shape[1], side, center) for z in (x, y))
    if positions not in ("samples", "features"):
        raise IntertwineError(f"positions are 'samples' or 'features', not {positions!r}")
    together = _together(X, Y, len(x)) if positions == "features" else 1
    if unbiased and len(x) // together < 4:
        raise ShapeError(f"the unbiased estimator needs at least 4 samples, not {len(x) // together}")
    a, b = (Gram([_joined(cell, together) for cell in shape.cells(_representative(shape, z))])
            for shape, z in ((left, x), (right, y)))
    return _ratio(*_hsic(a, b, unbiased, tile, workers))


def linear_cka(X: npt.ArrayLike, Y: npt.ArrayLike, unbiased: bool = False) -> float:
    """Linear CKA, the orthogonal case of `cka`; invariant under orthogonal matrices and a common scale.

    Examples
    --------
    >>> X = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])
    >>> round(linear_cka(X, X @ np.array([[0.0, -3.0], [3.0, 0.0]])), 12)
    1.0
    """
    return cka(X, Y, "orthogonal", unbiased)


def _shape(group: Any, n: int, side: Side, center: bool) -> Shape:
    if side == "before" and is_affine(group, n):
        if not center:
            raise IntertwineError("affine maps move means: their dissimilarities need center=True")
        return linear_shape(concrete_group(group, n))
    return read_group(group, n, side).shape


def _prepared(X: npt.ArrayLike, Y: npt.ArrayLike, center: bool, same_units: bool) -> tuple[FloatArray, FloatArray]:
    x, y = as_pair(X, Y, same_units)
    return (_centred(x, "X"), _centred(y, "Y")) if center else (x, y)


def _centred(x: FloatArray, what: str) -> FloatArray:
    out = np.asarray(x - x.mean(0, dtype=np.float64).astype(x.dtype))
    # What is left of a constant column is rounding, and must not be blown up to length 1.
    constant = np.abs(out).max(0) <= 64 * np.finfo(x.dtype).eps * np.abs(x).max(0)
    out[:, constant] = 0
    if not out.any():
        raise IntertwineError(f"{what} is constant: it has no direction to compare")
    return out


def _representative(shape: Shape, x: FloatArray) -> FloatArray:
    sliced = shape.slice(x)
    norm = float(np.linalg.norm(sliced))
    if not norm:
        raise IntertwineError("nothing is left of a representation after the group has been divided out")
    return np.asarray(sliced / norm)


def _together(X: npt.ArrayLike, Y: npt.ArrayLike, rows: int) -> int:
    """How many rows are the positions of one sample."""
    first, second = (len(np.asarray(z)) for z in (X, Y))
    if first != second:
        raise ShapeError(f"X has {first} samples and Y has {second}: positions that are features belong to samples")
    return rows // first


def _joined(cells: FloatArray, together: int) -> FloatArray:
    """Cells in which so many neighbouring rows are the features of one sample."""
    if together == 1:
        return cells
    return cells.reshape(len(cells), cells.shape[1] // together, together * cells.shape[2])


def _hsic(a: Gram, b: Gram, debiased: bool, tile: int, workers: int | None) -> tuple[float, float, float]:
    """HSIC of (a, b), (a, a) and (b, b), up to one factor."""
    sums = gram_sums(a, b, tile, workers, diagonal=not debiased)
    estimate = _unbiased if debiased else biased
    n, k, m = a.samples, sums.rows_a, sums.rows_b
    return estimate(sums.ab, k, m, n), estimate(sums.aa, k, k, n), estimate(sums.bb, m, m, n)


def _ratio(cross: float, first: float, second: float) -> float:
    if first <= 0 or second <= 0:
        raise IntertwineError("the kernel of a representation has no variance that this estimator sees")
    return cross / float(np.sqrt(first * second))
