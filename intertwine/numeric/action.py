"""A group element acting on the rows, the columns and the vectors of a layer.

For a linear layer y = Wx + b, with W of shape (units out, units in), the element of the *outgoing* width acts on the
rows of W and on b, and the image of the element of the *incoming* width acts on the columns, from the right by its
inverse.

Time and memory: an element stored as indices and scales costs about one copy of the array on rows and a few copies on
columns.  Without `out` one array is allocated, the result; besides it, only blocks of some hundred kilobytes.
"""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from intertwine.numeric.arrays import FloatArray, as_floating, check_length
from intertwine.numeric.elements import Element


def act_rows(element: Element, W: npt.ArrayLike, out: npt.NDArray[Any] | None = None) -> FloatArray:
    """The product A·W: the element acts on the units a layer puts out.

    Parameters
    ----------
    element : Element
        A, on m units.
    W : array_like of float, shape (..., m, n)
        One matrix or any batch of them.
    out : ndarray, optional
        Where to write the result, of the shape and dtype of `W`.  It may be `W` (in place).  If it overlaps `W` in any
        other way, `W` is copied first.

    Returns
    -------
    ndarray, shape (..., m, n)
        `out`, or a new array, in the dtype of `W`.

    Raises
    ------
    ShapeError
        If `W` does not have m rows, is not floating-point, or `out` does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from intertwine.numeric import ScaledPermutation
    >>> W = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> act_rows(ScaledPermutation([1, 0], [10.0, 1.0]), W, out=W)
    array([[30., 40.],
           [ 1.,  2.]])
    """
    matrix = as_floating(W, "the weight")
    check_length(matrix, -2, element.n, "the weight")
    return element.apply(matrix, axis=-2, out=out)


def act_columns(W: npt.ArrayLike, element: Element, out: npt.NDArray[Any] | None = None) -> FloatArray:
    """The product W·A⁻¹: the element acts on the units a layer takes in.

    Parameters, errors and the rules for `out` are those of `act_rows`; the element acts on the n columns of `W`.
    The inverse is what makes this a left action: first g and then h is the action of hg.

    Returns
    -------
    ndarray, shape (..., m, n)
        `out`, or a new array, in the dtype of `W`.

    Raises
    ------
    ShapeError
        If `W` does not have n columns, is not floating-point, or `out` does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from intertwine.numeric import ScaledPermutation
    >>> W = np.array([[1.0, 2.0], [3.0, 4.0]])
    >>> act_columns(W, ScaledPermutation([1, 0], [10.0, 1.0]))
    array([[0.2, 1. ],
           [0.4, 3. ]])
    """
    matrix = as_floating(W, "the weight")
    check_length(matrix, -1, element.n, "the weight")
    return element.contragredient().apply(matrix, axis=-1, out=out)


def multiply_columns(W: npt.ArrayLike, element: Element, out: npt.NDArray[Any] | None = None) -> FloatArray:
    """The product W·A from the right, without the inverse; otherwise as `act_columns`.

    Returns
    -------
    ndarray, shape (..., m, n)
        `out`, or a new array, in the dtype of `W`.

    Raises
    ------
    ShapeError
        If `W` does not have n columns, is not floating-point, or `out` does not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from intertwine.numeric import ScaledPermutation
    >>> multiply_columns(np.array([[1.0, 2.0]]), ScaledPermutation([1, 0], [10.0, 1.0]))
    array([[ 2., 10.]])
    """
    matrix = as_floating(W, "the weight")
    check_length(matrix, -1, element.n, "the weight")
    return element.transpose().apply(matrix, axis=-1, out=out)


def act_vector(element: Element, b: npt.ArrayLike, out: npt.NDArray[Any] | None = None) -> FloatArray:
    """The product A·b for a bias, or for any batch of vectors along the last axis.

    Parameters
    ----------
    element : Element
        A, on n units.
    b : array_like of float, shape (..., n)
        The vectors.
    out : ndarray, optional
        As in `act_rows`.

    Returns
    -------
    ndarray, shape (..., n)
        `out`, or a new array, in the dtype of `b`.

    Raises
    ------
    ShapeError
        If the last axis of `b` does not have length n, `b` is not floating-point, or `out` does not fit.

    Examples
    --------
    >>> from intertwine.numeric import ScaledPermutation
    >>> act_vector(ScaledPermutation([1, 0], [10.0, 1.0]), [1.0, 2.0])
    array([20.,  1.])
    """
    vector = as_floating(b, "the vector")
    check_length(vector, -1, element.n, "the vector")
    return element.apply(vector, axis=-1, out=out)
