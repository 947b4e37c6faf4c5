"""Random group elements, drawn from a ``numpy.random.Generator`` and kept well conditioned.

`spread` is the standard deviation of log|scale| (for dense elements: of the logarithms of the singular values).  It
governs the condition number and nothing else; signs and permutations are uniform.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.numeric.arrays import FloatArray
from intertwine.numeric.elements import Dense, ScaledPermutation

ScalarType = Literal["trivial", "sign", "positive", "nonzero", "cyclic", "sign-cyclic"]

#: The default spread: most scales lie between 1/e and e.
SPREAD = 0.5
# Gaussian draws are cut here (in standard deviations), so that the condition number is bounded, not only likely small.
_CUT = 3.0


def sample_scales(
    rng: np.random.Generator, n: int, scalars: ScalarType, spread: float = SPREAD, generator: float | None = None
) -> FloatArray:
    """Random elements of a closed subgroup of R*.

    Parameters
    ----------
    rng : numpy.random.Generator
        The source of randomness.
    n : int
        How many.
    scalars : {"trivial", "sign", "positive", "nonzero", "cyclic", "sign-cyclic"}
        The type of the group.
    spread : float
        Standard deviation of log|a|, cut at three.  In a discrete group the exponents are rounded Gaussians of at
        least such a width that k = ±1 occurs, however large the generator is.
    generator : float, optional
        g with |g| > 1, for the cyclic types.

    Returns
    -------
    ndarray of float64, shape (n,)

    Raises
    ------
    IntertwineError
        If the type is unknown, the spread is negative or not finite, or the generator is missing or not |g| > 1.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> sorted(set(sample_scales(rng, 200, "cyclic", generator=-2.0).tolist()))
    [-2.0, -0.5, 0.25, 1.0]
    """
    _check_spread(spread)
    if scalars in ("cyclic", "sign-cyclic"):
        if generator is None or not np.isfinite(generator) or abs(generator) <= 1:
            raise IntertwineError(f"a {scalars} group needs a generator with |g| > 1, not {generator!r}")
        magnitudes = np.power(float(generator), _sample_exponents(rng, n, spread, float(np.log(abs(generator)))))
    elif scalars in ("positive", "nonzero"):
        magnitudes = np.exp(_sample_logs(rng, n, spread))
    elif scalars in ("trivial", "sign"):
        magnitudes = np.ones(n)
    else:
        raise IntertwineError(f"unknown scalar group {scalars!r}")
    if scalars in ("sign", "nonzero", "sign-cyclic"):
        magnitudes *= rng.choice((-1.0, 1.0), n)
    return magnitudes


def sample_permutation(rng: np.random.Generator, n: int) -> ScaledPermutation:
    """A uniformly random permutation of n units."""
    return ScaledPermutation(rng.permutation(n))


def sample_scaled_permutation(
    rng: np.random.Generator, n: int, scalars: ScalarType, spread: float = SPREAD, generator: float | None = None
) -> ScaledPermutation:
    """A random element of S ≀ Sym(n): a uniform permutation and the scales of `sample_scales`.

    Examples
    --------
    >>> A = sample_scaled_permutation(np.random.default_rng(0), 3, "sign")
    >>> sorted(set(abs(A.scales).tolist()))
    [1.0]
    """
    return ScaledPermutation(rng.permutation(n), sample_scales(rng, n, scalars, spread, generator))


def sample_orthogonal(rng: np.random.Generator, n: int) -> Dense:
    """A Haar-distributed orthogonal matrix; both signs of the determinant occur.

    References
    ----------
    F. Mezzadri, "How to generate random matrices from the classical compact groups", Notices AMS 54 (2007), 592-604.
    """
    return Dense(_haar(rng, n))


def sample_general_linear(rng: np.random.Generator, n: int, spread: float = SPREAD) -> Dense:
    """A random element U·diag(exp z)·V of GL_n with U, V Haar-orthogonal and condition number at most exp(6·spread).

    Examples
    --------
    >>> A = sample_general_linear(np.random.default_rng(0), 8)
    >>> bool(np.linalg.cond(A.to_matrix()) < np.exp(3))
    True
    """
    return Dense(_well_conditioned(rng, n, spread))


def sample_unit_row_sums(rng: np.random.Generator, n: int, spread: float = SPREAD) -> Dense:
    """A random element of {A ∈ GL_n : A·1 = 1}.

    In an orthonormal basis that starts with 1/√n such a matrix is [[1, v], [0, M]] with M in GL_{n-1}; M is drawn as in
    `sample_general_linear` and v as a Gaussian vector of mean square length spread².

    Examples
    --------
    >>> A = sample_unit_row_sums(np.random.default_rng(0), 4)
    >>> bool(np.allclose(A.apply(np.ones(4)), 1))
    True
    """
    _check_spread(spread)
    if n == 1:
        return Dense(np.ones((1, 1)))
    block = np.zeros((n, n))
    block[0, 0] = 1
    block[0, 1:] = spread / np.sqrt(n - 1) * rng.standard_normal(n - 1)
    block[1:, 1:] = _well_conditioned(rng, n - 1, spread)
    # The reflection that swaps the first basis vector and 1/√n is symmetric, orthogonal and its own inverse.
    normal = np.full(n, -1 / np.sqrt(n))
    normal[0] += 1
    basis = np.eye(n) - 2 * np.outer(normal, normal) / (normal @ normal)
    return Dense(basis @ block @ basis)


def exponential(tangent: FloatArray) -> FloatArray:
    """exp of a square matrix, by scaling and squaring of its power series.

    Examples
    --------
    >>> quarter = exponential(np.array([[0.0, -np.pi / 2], [np.pi / 2, 0.0]]))
    >>> bool(np.allclose(quarter, [[0, -1], [1, 0]]))
    True
    """
    size = float(np.linalg.norm(tangent, 1))
    halvings = max(0, int(np.ceil(np.log2(size))) + 3) if size > 0 else 0
    small = tangent / 2.0**halvings
    term = result = np.eye(len(tangent))
    for k in range(1, 18):  # ‖small‖ <= 1/8, so that the rest is below the precision of a double
        term = term @ small / k
        result = result + term
    for _ in range(halvings):
        result = result @ result
    return np.asarray(result)


def _sample_logs(rng: np.random.Generator, n: int, spread: float) -> FloatArray:
    return spread * np.clip(rng.standard_normal(n), -_CUT, _CUT)


def _sample_exponents(rng: np.random.Generator, n: int, spread: float, step: float) -> FloatArray:
    """Integers k, as floats, with k·step spread as asked for, but with k = ±1 about one time in three at the least."""
    width = max(spread / step, 0.5) if spread > 0 else 0.0
    largest = max(1.0, np.floor(_CUT * spread / step))
    return np.clip(np.rint(width * rng.standard_normal(n)), -largest, largest)


def _well_conditioned(rng: np.random.Generator, n: int, spread: float) -> FloatArray:
    _check_spread(spread)
    return (_haar(rng, n) * np.exp(_sample_logs(rng, n, spread))) @ _haar(rng, n)


def _haar(rng: np.random.Generator, n: int) -> FloatArray:
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    # QR fixes the signs of the columns by convention, not at random; the signs of r's diagonal make them Haar.
    return q * np.where(np.diagonal(r) < 0, -1.0, 1.0)


def _check_spread(spread: float) -> None:
    if not (np.isfinite(spread) and spread >= 0):
        raise IntertwineError(f"the spread is a finite number, 0 or more, not {spread!r}")
