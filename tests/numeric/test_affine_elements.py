"""Affine elements and intertwiners: group laws, action on arrays, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import (
    AffineElement,
    AffineIntertwiner,
    Dense,
    Intertwiner,
    ScaledPermutation,
    sample_general_linear,
    sample_scaled_permutation,
)

P = ScaledPermutation([1, 0], [-1.0, 2.0])


def random_element(rng, n, dense=False):
    linear = sample_general_linear(rng, n) if dense else sample_scaled_permutation(rng, n, "nonzero")
    return AffineElement(linear, rng.standard_normal(n))


@given(st.integers(0, 2**32), st.integers(1, 5), st.booleans(), st.booleans())
def test_group_laws(seed, n, dense, other):
    rng = np.random.default_rng(seed)
    f, g, h = random_element(rng, n, dense), random_element(rng, n, other), random_element(rng, n)
    one = AffineElement.identity(n)
    x = rng.standard_normal((3, n))
    np.testing.assert_allclose((f @ g).apply(x), f.apply(g.apply(x)), rtol=1e-9, atol=1e-11)
    assert ((f @ g) @ h).allclose(f @ (g @ h), atol=1e-9)
    assert f.compose(g) == f @ g
    assert (f @ f.inverse()).allclose(one, atol=1e-9)
    np.testing.assert_allclose(f.inverse().apply(f.apply(x)), x, rtol=1e-8, atol=1e-9)
    assert f @ one == f if not dense else (f @ one).allclose(f)
    a, b = AffineIntertwiner(f, g), AffineIntertwiner(g, f)
    assert (a @ b).element == f @ g
    assert (a @ b).image == g @ f
    assert (a @ a.inverse()).allclose(AffineIntertwiner.identity(n), atol=1e-9)
    assert a.compose(b).allclose(a @ b)
    assert a.n == n


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_apply_keeps_dtype_and_writes_where_told(dtype, axis):
    f = AffineElement(P, [0.5, -1.0])
    x = np.arange(4, dtype=dtype).reshape(2, 2)
    expected = np.moveaxis(np.moveaxis(x, axis, -1) @ P.to_matrix().T.astype(dtype), -1, axis)
    expected = expected + (np.array([0.5, -1]) if axis else np.array([[0.5], [-1]])).astype(dtype)
    result = f.apply(x, axis)
    assert result.dtype == dtype
    np.testing.assert_array_equal(result, expected)
    assert f.apply(x, axis, out=x) is x
    np.testing.assert_array_equal(x, expected)


def test_values():
    f = AffineElement(P, [0.5, -1.0])
    assert f == AffineElement(P, np.array([0.5, -1.0])) != AffineElement(P)
    assert hash(f) == hash(AffineElement(P, [0.5, -1.0]))
    assert repr(f) == "AffineElement(ScaledPermutation([1, 0], [-1.0, 2.0]), [0.5, -1.0])"
    assert repr(AffineElement.identity(9)) == "<AffineElement on 9 units>"
    assert AffineElement(P).is_linear
    assert AffineElement(P, [0, 0]).is_linear
    assert not f.is_linear
    assert f != P
    assert f.linear is P
    assert f.n == 2
    assert f.astype(np.float32).dtype == np.float32
    assert f.astype(np.float64) is f
    with pytest.raises(ValueError, match="read-only"):
        f.shift[0] = 1
    lifted = AffineIntertwiner.from_linear(Intertwiner(P, P))
    assert lifted.element == AffineElement(P)
    assert lifted.linear == Intertwiner(P, P)
    with pytest.raises(TypeError):
        np.eye(2) @ f


def test_the_caller_keeps_the_array():
    shift = np.ones(2)
    f = AffineElement(P, shift)
    shift[0] = 7
    assert f.shift.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: AffineElement(P, [1.0]), ShapeError, r"the shift has shape \(1,\) but the group element acts on 2"),
        (lambda: AffineElement(P, 1.0), ShapeError, r"the shift has shape \(\)"),
        (lambda: AffineElement(P, ["a", "b"]), ShapeError, "the shift has dtype"),
        (lambda: AffineElement(P, [np.nan, 0]), IntertwineError, "shift 0 is nan in float64"),
        (lambda: AffineElement(np.eye(2)), IntertwineError, "the linear part is a group element, not a ndarray"),
        (lambda: AffineElement(P, [1e6, 0]).astype(np.float16), IntertwineError, "shift 0 is inf in float16"),
        (lambda: AffineElement(P).apply([1.0]), ShapeError, "has length 1"),
        (lambda: AffineElement(P).apply([1, 2]), ShapeError, "dtype int64"),
        (lambda: AffineElement(P) @ AffineElement.identity(3), ShapeError, "cannot be composed"),
        (lambda: AffineIntertwiner.identity(2) @ AffineIntertwiner.identity(3), ShapeError, "cannot be composed"),
        (lambda: AffineElement(Dense(np.ones((2, 2)))).inverse(), IntertwineError, "singular"),
    ],
)
def test_refusals(make, error, message):
    with pytest.raises(error, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)
