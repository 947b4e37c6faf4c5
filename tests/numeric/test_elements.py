"""Structured elements against the dense matrices they stand for."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import Dense, ScaledPermutation, sample_general_linear


@st.composite
def scaled_permutations(draw, n):
    scale = st.floats(0.1, 10) | st.floats(-10, -0.1)
    return ScaledPermutation(draw(st.permutations(range(n))), draw(st.lists(scale, min_size=n, max_size=n)))


@st.composite
def dense_elements(draw, n):
    return sample_general_linear(np.random.default_rng(draw(st.integers(0, 2**32))), n)


def elements(n):
    return scaled_permutations(n) | dense_elements(n)


def tuples_of_elements(count):
    return st.integers(1, 6).flatmap(lambda n: st.tuples(*[elements(n)] * count))


def assert_same(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-10, atol=1e-10)


def test_convention():
    A = ScaledPermutation([2, 0, 1], [1.0, 2.0, 3.0])
    assert A.to_matrix().tolist() == [[0, 0, 1], [2, 0, 0], [0, 3, 0]]
    assert A.apply([10.0, 20.0, 30.0]).tolist() == [30, 20, 60]


@given(tuples_of_elements(2))
def test_composition_is_the_matrix_product(pair):
    A, B = pair
    assert_same((A @ B).to_matrix(), A.to_matrix() @ B.to_matrix())


@given(tuples_of_elements(3))
def test_composition_is_associative(triple):
    A, B, C = triple
    assert ((A @ B) @ C).allclose(A @ (B @ C), rtol=1e-9, atol=1e-9)


@given(tuples_of_elements(1))
def test_inverse_transpose_and_contragredient(single):
    (A,) = single
    one = ScaledPermutation.identity(A.n)
    assert (A @ A.inverse()).allclose(one, atol=1e-9)
    assert (A.inverse() @ A).allclose(one, atol=1e-9)
    assert np.array_equal(A.transpose().to_matrix(), A.to_matrix().T)
    assert_same(A.contragredient().to_matrix(), np.linalg.inv(A.to_matrix()).T)


@given(tuples_of_elements(1), st.integers(0, 2**32))
def test_apply_is_the_matrix_vector_product(single, seed):
    (A,) = single
    x = np.random.default_rng(seed).standard_normal((3, A.n, 2))
    assert_same(A.apply(x, axis=1), np.einsum("ij,bjc->bic", A.to_matrix(), x))
    assert_same(A.apply(x[0, :, 0]), A.to_matrix() @ x[0, :, 0])


def test_products_of_scaled_permutations_stay_structured():
    A = ScaledPermutation([1, 0], [2.0, 3.0])
    assert isinstance(A @ A, ScaledPermutation)
    assert isinstance(A @ Dense(np.eye(2)), Dense)
    assert isinstance(Dense(np.eye(2)) @ A, Dense)


def test_equality_and_hash_are_exact():
    A = ScaledPermutation([1, 0], [2.0, 3.0])
    same = ScaledPermutation(np.array([1, 0], dtype=np.int32), np.array([2, 3], dtype=np.float32))
    assert A == same and hash(A) == hash(same)
    assert A != ScaledPermutation([1, 0], [2.0, np.nextafter(3.0, 4)])
    assert A != ScaledPermutation([0, 1], [2.0, 3.0])
    assert A.allclose(ScaledPermutation([1, 0], [2.0, np.nextafter(3.0, 4)]))
    assert A.allclose(Dense(A.to_matrix())) and Dense(A.to_matrix()).allclose(A)
    assert Dense([[0.0, 1.0], [1.0, 0.0]]) == Dense([[-0.0, 1.0], [1.0, 0.0]])
    assert hash(Dense([[0.0, 1.0], [1.0, 0.0]])) == hash(Dense([[-0.0, 1.0], [1.0, 0.0]]))
    assert A != "A" and Dense(np.eye(2)) != A
    assert not A.allclose(ScaledPermutation.identity(3)) and not A.allclose(Dense(np.eye(3)))


def test_elements_are_immutable_and_own_their_arrays():
    scales = np.array([2.0, 3.0])
    A = ScaledPermutation([1, 0], scales)
    scales[0] = 7
    assert A.scales.tolist() == [2, 3]
    with pytest.raises(ValueError, match="read-only"):
        A.scales[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        A.indices[0] = 1
    with pytest.raises(AttributeError):
        A.scales = scales
    matrix = np.eye(2)
    B = Dense(matrix)
    matrix[0, 0] = 5
    B.to_matrix()[0, 0] = 5
    assert B == Dense(np.eye(2))


@pytest.mark.parametrize("A", [ScaledPermutation([1, 0], [2.0, 3.0]), Dense([[1.0, 2.0], [0.0, 1.0]])])
def test_copies_and_pickles(A):
    assert copy.deepcopy(A) == A
    assert pickle.loads(pickle.dumps(A)) == A


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_dtypes(dtype):
    A = ScaledPermutation([1, 0], np.array([2, 3], dtype=dtype))
    B = Dense(np.array([[1, 2], [3, 5]], dtype=dtype))
    for element in (A, B, A.inverse(), B.inverse(), A @ A, A @ B, B @ A, A.transpose(), B.contragredient()):
        assert element.dtype == dtype
    np.testing.assert_allclose(
        B.inverse().to_matrix(), np.array([[-5, 2], [3, -1]], dtype=dtype), rtol=64 * float(np.finfo(dtype).eps)
    )


def test_mixed_precision_takes_the_wider():
    A = ScaledPermutation([1, 0], np.array([2, 3], dtype=np.float32))
    assert (A @ ScaledPermutation([0, 1], [1.0, 0.1])).dtype == np.float64
    assert (A @ Dense(np.eye(2))).dtype == np.float64
    assert (Dense(np.eye(2)) @ A).dtype == np.float64


def test_the_empty_element():
    A = ScaledPermutation([])
    assert A.n == 0 and A @ A == A.inverse()
    assert A.apply(np.zeros((3, 0))).shape == (3, 0)


def test_repr():
    assert repr(ScaledPermutation([1, 0], [2.0, 3.0])) == "ScaledPermutation([1, 0], [2.0, 3.0])"
    assert repr(ScaledPermutation.identity(100)) == "ScaledPermutation([0, 1, 2, …, 99], [1.0, 1.0, 1.0, …, 1.0])"
    assert repr(Dense([[2.0]])) == "Dense([[2.0]])"
    assert repr(Dense(np.eye(9))) == "<Dense element on 9 units>"


@pytest.mark.parametrize(
    ("indices", "scales", "message"),
    [
        ([0, 0], None, "not a permutation of 0, …, 1: 0 occurs twice"),
        ([0, 2], None, "not a permutation of 0, …, 1: 2 is out of range"),
        ([0, -1], None, "-1 is out of range"),
        ([[0, 1]], None, r"the indices must be one-dimensional, not of shape \(1, 2\)"),
        ([0.0, 1.0], None, "the indices have dtype float64; integers are needed"),
        ([True, False], None, "the indices have dtype bool; integers are needed"),
        ([0, 1], [1.0], "2 indices but 1 scales"),
        ([0, 1], [[1.0, 2.0]], "the scales must be one-dimensional"),
        ([0, 1], [1.0, 0.0], "scale 1 is 0.0"),
        ([0, 1], [np.nan, 1.0], "scale 0 is nan"),
        ([0, 1], [np.inf, 1.0], "scale 0 is inf"),
        ([0, 1], ["a", "b"], "the array of scales has dtype"),
        ([0, 1], [1j, 1.0], "the array of scales has dtype complex128"),
        ([[0], [1, 2]], None, "the array of indices cannot be read as an array"),
    ],
)
def test_bad_scaled_permutations(indices, scales, message):
    with pytest.raises(IntertwineError, match=message) as caught:
        ScaledPermutation(indices, scales)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[1.0, 2.0]], r"a group element is a square matrix, not an array of shape \(1, 2\)"),
        ([1.0], "a square matrix"),
        ([[np.nan]], "not finite"),
        ([[1.0], [1.0, 2.0]], "the matrix cannot be read as an array of numbers"),
    ],
)
def test_bad_dense_elements(matrix, message):
    with pytest.raises(IntertwineError, match=message):
        Dense(matrix)


def test_singular_matrix():
    with pytest.raises(IntertwineError, match="the matrix is singular"):
        Dense(np.ones((2, 2))).inverse()


def test_composition_needs_equal_widths_and_elements():
    A = ScaledPermutation.identity(2)
    with pytest.raises(ShapeError, match="an element on 2 units cannot be composed with one on 3 units"):
        A @ ScaledPermutation.identity(3)
    with pytest.raises(TypeError):
        A @ np.eye(2)
    with pytest.raises(TypeError):
        np.eye(2) @ A


def test_overflow_on_inversion_or_rounding_is_an_error_not_an_infinity():
    with pytest.raises(IntertwineError, match="scale 0 is inf in float64"):
        ScaledPermutation([0], [5e-324]).inverse()
    with pytest.raises(IntertwineError, match="scale 0 is inf in float16"):
        ScaledPermutation([0], [1e6]).apply(np.ones(1, dtype=np.float16))
    with pytest.raises(IntertwineError, match="scale 0 is 0.0 in float32"):
        ScaledPermutation([0], [1e-60]).astype(np.float32)
