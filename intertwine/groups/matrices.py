"""Exact matrices given by a caller: checks, and zero tests that never guess."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp
from flint import arb_mat, ctx
from sympy.matrices.immutable import ImmutableDenseMatrix

from intertwine.errors import IntertwineError, ShapeError, Undecided
from intertwine.groups import exact
from intertwine.groups.balls import enclose
from intertwine.groups.forms import ONE, UNIT, ZERO, Quotient, quotient

MAX_DENSE = 8


def as_square(matrix: object, n: int) -> ImmutableDenseMatrix:
    """An n×n matrix of exact real numbers.

    Parameters
    ----------
    matrix : sympy matrix, or nested sequence of exact numbers, shape (n, n)
    n : int

    Raises
    ------
    ShapeError
        If the shape is not (n, n).
    IntertwineError
        If an entry is a float, a symbol or not real.

    Examples
    --------
    >>> as_square([[1, 0], [0, sp.sqrt(2)]], 2)
    Matrix([
    [1,       0],
    [0, sqrt(2)]])
    """
    try:
        given = matrix if isinstance(matrix, sp.MatrixBase) else ImmutableDenseMatrix(matrix)
    except (TypeError, ValueError) as error:
        raise ShapeError(f"a {n}×{n} matrix is needed, not {type(matrix).__name__}") from error
    if given.shape != (n, n):
        raise ShapeError(f"a matrix of shape ({n}, {n}) is needed, not {given.shape}")
    return ImmutableDenseMatrix(n, n, [exact.as_exact(entry) for entry in given])


def support(matrix: ImmutableDenseMatrix) -> list[list[int]]:
    """For each row, the columns of its non-zero entries."""
    n = matrix.rows
    return [[j for j in range(n) if not exact.is_zero(matrix[i, j])] for i in range(n)]


def is_invertible(matrix: ImmutableDenseMatrix) -> bool:
    """Whether the determinant is not zero.

    Raises
    ------
    Undecided
        If balls do not separate the determinant from zero and no identity shows that it is zero.
    """
    if _is_rational(matrix):
        rows = matrix.to_DM(field=True)
        return bool(rows.det() != rows.domain.zero)
    for bits in (128, 512, 2048):
        balls = arb_mat([[enclose(entry, bits) for entry in row] for row in matrix.tolist()])
        with ctx.workprec(bits):
            det = balls.det()
        if det > 0 or det < 0:
            return True
    if exact.form_vanishes(_minor(_quotients(matrix)).top):
        return False
    raise Undecided("it could not be settled whether the matrix is invertible")


def inverse(matrix: ImmutableDenseMatrix) -> ImmutableDenseMatrix:
    """The inverse of an invertible matrix, by cofactors unless the entries are rational.

    Raises
    ------
    IntertwineError
        If the matrix is singular.
    """
    if not is_invertible(matrix):
        raise IntertwineError("the matrix is singular")
    if _is_rational(matrix):
        return matrix.to_DM(field=True).inv().to_Matrix().as_immutable()
    rows, n = _quotients(matrix), matrix.rows
    scale = _minor(rows).inverse()

    def entry(i: int, j: int) -> sp.Expr:
        minor = _minor([[rows[k][m] for m in range(n) if m != i] for k in range(n) if k != j])
        return (Quotient({UNIT: Fraction((-1) ** (i + j))}) * minor * scale).to_sympy()

    return ImmutableDenseMatrix(n, n, entry)


def _is_rational(matrix: ImmutableDenseMatrix) -> bool:
    return all(isinstance(entry, sp.Rational) for entry in matrix)


def _quotients(matrix: ImmutableDenseMatrix) -> list[list[Quotient]]:
    if matrix.rows > MAX_DENSE:
        raise Undecided(f"dense matrices of irrational numbers are handled up to n = {MAX_DENSE} only")
    return [[quotient(entry) for entry in row] for row in matrix.tolist()]


def _minor(rows: list[list[Quotient]]) -> Quotient:
    """The determinant by Laplace expansion, each set of columns once: no division, so no zero tests."""
    partial: dict[int, Quotient] = {0: Quotient(ONE)}
    for row in rows:
        longer: dict[int, Quotient] = {}
        for chosen, value in partial.items():
            for j, item in enumerate(row):
                if chosen >> j & 1 or not item.top:
                    continue
                sign = (-1) ** (chosen >> j).bit_count()
                term = Quotient({UNIT: Fraction(sign)}) * item * value
                key = chosen | 1 << j
                longer[key] = longer[key] + term if key in longer else term
        partial = longer
    return partial.get((1 << len(rows)) - 1, ZERO)


def same(a: ImmutableDenseMatrix, b: ImmutableDenseMatrix) -> bool:
    """Whether two exact matrices are equal entry by entry.

    Examples
    --------
    >>> same(sp.Matrix([[sp.log(4)]]), sp.Matrix([[2 * sp.log(2)]]))
    True
    """
    return a.shape == b.shape and all(exact.equal(x, y) for x, y in zip(a, b, strict=True))


def transposition(n: int, i: int, j: int) -> ImmutableDenseMatrix:
    """The permutation matrix that swaps two coordinates."""
    return permutation([j if k == i else i if k == j else k for k in range(n)])


def permutation(indices: list[int]) -> ImmutableDenseMatrix:
    """The matrix A with ``A[i, indices[i]] = 1``, the convention of :mod:`intertwine.numeric`."""
    n = len(indices)
    return ImmutableDenseMatrix(n, n, lambda i, j: int(indices[i] == j))


def unit(n: int, i: int, j: int) -> ImmutableDenseMatrix:
    """The matrix unit E_ij."""
    return ImmutableDenseMatrix(n, n, lambda k, m: int(k == i and m == j))
