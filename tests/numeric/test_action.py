"""The actions on rows, columns and vectors: laws, dtypes, memory layouts and aliasing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.errors import ShapeError
from intertwine.numeric import (
    Dense,
    ScaledPermutation,
    act_columns,
    act_rows,
    act_vector,
    kernels,
    multiply_columns,
    sample_general_linear,
    sample_scaled_permutation,
)

DTYPES = [np.float16, np.float32, np.float64, np.longdouble, np.dtype(">f4"), np.dtype(">f8")]


@pytest.fixture(params=["blocks of 64 bytes", "blocks of 1 kB", "one block"], autouse=True)
def block_bytes(request, monkeypatch):
    """Every law at several block sizes, so that small arrays take every path."""
    size = {"blocks of 64 bytes": 64, "blocks of 1 kB": 1024, "one block": 1 << 18}[request.param]
    monkeypatch.setattr(kernels, "BLOCK_BYTES", size)
    monkeypatch.setattr(kernels, "_LONG_ROW_BYTES", 48)
    monkeypatch.setattr(kernels, "_TURNED_ROW_BYTES", range(40, 65))
    monkeypatch.setattr(kernels, "_TURNED_ROWS", 2)


def random_element(rng, n, kind):
    if kind == "dense":
        return sample_general_linear(rng, n)
    return sample_scaled_permutation(rng, n, kind)


KINDS = ["trivial", "nonzero", "dense"]
kinds = st.sampled_from(KINDS)
sizes = st.integers(1, 9)
batches = st.lists(st.integers(0, 3), max_size=2).map(tuple)
seeds = st.integers(0, 2**32)


@st.composite
def layouts(draw, shape):
    """A function that makes an uninitialised array of the shape in some memory layout."""
    order = draw(st.permutations(range(len(shape))))
    steps = [draw(st.sampled_from([1, 1, 2, -1])) for _ in shape]

    def make(dtype=np.float64):
        stored = [shape[k] * abs(steps[k]) for k in order]
        array = np.zeros(stored, dtype=dtype).transpose(np.argsort(order))
        return array[tuple(slice(None, None, step) for step in steps)]

    return make


@st.composite
def cases(draw):
    shape = (*draw(batches), draw(sizes), draw(sizes))
    rng = np.random.default_rng(draw(seeds))
    W = draw(layouts(shape))()
    W[...] = rng.standard_normal(shape)
    return W, draw(layouts(shape))(), rng, draw(kinds)


def close(actual, expected):
    np.testing.assert_allclose(actual, expected, rtol=1e-10, atol=1e-10)


ACTIONS = {
    "rows": (lambda A, W, out=None: act_rows(A, W, out=out), lambda A, W: A.to_matrix() @ W, -2),
    "columns": (
        lambda A, W, out=None: act_columns(W, A, out=out),
        lambda A, W: W @ np.linalg.inv(A.to_matrix()),
        -1,
    ),
    "right": (lambda A, W, out=None: multiply_columns(W, A, out=out), lambda A, W: W @ A.to_matrix(), -1),
    "vectors": (lambda A, W, out=None: act_vector(A, W, out=out), lambda A, W: W @ A.to_matrix().T, -1),
}
actions = pytest.mark.parametrize("name", ACTIONS)


@actions
@given(case=cases())
def test_action_is_the_matrix_product(name, case):
    W, out, rng, kind = case
    act, product, axis = ACTIONS[name]
    A = random_element(rng, W.shape[axis], kind)
    original, expected = W.copy(), product(A, W)
    close(act(A, W), expected)
    assert act(A, W, out) is out
    close(out, expected)
    assert np.array_equal(W, original)
    assert act(A, W, W) is W
    close(W, expected)
    if kind != "dense":
        # A scaled permutation does the same roundings wherever it writes.
        assert np.array_equal(W, out)


@actions
@given(case=cases())
def test_action_law(name, case):
    W, _, rng, kind = case
    act, _, axis = ACTIONS[name]
    g, h = (random_element(rng, W.shape[axis], kind) for _ in range(2))
    if name == "right":
        g, h = h, g
        close(act(g, act(h, W)), act(h @ g, W))
    else:
        close(act(g, act(h, W)), act(g @ h, W))


@actions
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_dtype_is_kept(name, kind, dtype):
    rng = np.random.default_rng(1)
    act, product, axis = ACTIONS[name]
    W = rng.standard_normal((2, 7, 6)).astype(dtype)
    A = random_element(rng, W.shape[axis], kind)
    tolerance = 100 * max(float(np.finfo(dtype).eps), 1e-16)
    for out in (None, np.empty_like(W)):
        result = act(A, W, out)
        assert result.dtype == dtype
        np.testing.assert_allclose(result.astype(float), product(A, W.astype(float)), rtol=tolerance, atol=tolerance)


@actions
@pytest.mark.parametrize("kind", KINDS)
def test_partly_overlapping_output_is_as_if_the_input_had_been_copied(name, kind):
    rng = np.random.default_rng(2)
    act, product, _ = ACTIONS[name]
    A = random_element(rng, 6, kind)
    for view in (
        lambda memory: (memory[:6, :6], memory[1:7, :6]),
        lambda memory: (memory[:6, :6], memory[:6, :6].T),
        lambda memory: (memory[:6, :6], memory[5::-1, :6]),
        lambda memory: (memory[:6, :6], memory[:6, 5::-1]),
    ):
        memory = rng.standard_normal((8, 8))
        W, out = view(memory)
        expected = product(A, W.copy())
        assert act(A, W, out) is out
        close(out, expected)


@actions
def test_interleaved_output_leaves_the_input_alone(name):
    rng = np.random.default_rng(3)
    act, product, _ = ACTIONS[name]
    memory = rng.standard_normal((6, 12))
    W, out = memory[:, ::2], memory[:, 1::2]
    A, original = random_element(rng, 6, "nonzero"), W.copy()
    close(act(A, W, out), product(A, original))
    assert np.array_equal(W, original)


def test_broadcast_and_readonly_inputs_can_be_read():
    A = ScaledPermutation([1, 0], [2.0, 3.0])
    W = np.broadcast_to(np.array([[1.0], [2.0]]), (3, 2, 4))
    assert act_rows(A, W)[2, :, 3].tolist() == [4, 3]
    assert act_vector(A, np.broadcast_to(1.0, (5, 2))).tolist() == [[2, 3]] * 5


def test_lists_are_taken_and_subclasses_dropped():
    A = ScaledPermutation([1, 0], [2.0, 3.0])
    assert act_rows(A, [[1.0], [2.0]]).tolist() == [[4], [3]]
    assert type(act_rows(A, np.ma.masked_array([[1.0], [2.0]]))) is np.ndarray


@pytest.mark.parametrize("kind", ["nonzero", "trivial"])
def test_signs_and_zeros_and_infinities_pass_through(kind):
    A = random_element(np.random.default_rng(0), 3, kind)
    x = np.array([np.inf, 0.0, np.nan])
    np.testing.assert_array_equal(A.apply(x), A.scales * x[A.indices])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda A, W: act_rows(A, W[0]), r"the weight has shape \(4,\), which has no axis -2"),
        (
            lambda A, W: act_rows(A, W.T),
            r"the weight has shape \(4, 3\): axis -2 has length 4 but the group element acts on 3 units",
        ),
        (lambda A, W: act_columns(W, A), r"axis -1 has length 4 but the group element acts on 3 units"),
        (lambda A, W: multiply_columns(W, A), r"axis -1 has length 4"),
        (lambda A, W: act_vector(A, W), r"the vector has shape \(3, 4\): axis -1 has length 4"),
        (lambda A, W: act_vector(A, 1.0), "the vector has shape \\(\\), which has no axis -1"),
        (lambda A, W: A.apply(W, axis=5), "has no axis 5"),
        (lambda A, W: act_rows(A, W.astype(int)), "the weight has dtype int64; floating-point numbers are needed"),
        (lambda A, W: act_rows(A, W.astype(complex)), "the weight has dtype complex128"),
        (lambda A, W: act_rows(A, W.astype(object)), "the weight has dtype object"),
        (lambda A, W: act_rows(A, W, out=W.T), r"out has shape \(4, 3\) but the result has shape \(3, 4\)"),
        (lambda A, W: act_rows(A, W, out=W.astype("f4")), "out has dtype float32 but the result has dtype float64"),
        (lambda A, W: act_rows(A, W, out=W.tolist()), "out is a list; it must be a numpy array"),
        (lambda A, W: act_rows(A, W, out=np.broadcast_to(1.0, (3, 4))), "out is read-only"),
    ],
)
def test_errors(call, message):
    with pytest.raises(ShapeError, match=message):
        call(ScaledPermutation.identity(3), np.ones((3, 4)))


def test_dense_elements_may_be_singular_on_rows_only():
    A = Dense([[1.0, 1.0], [1.0, 1.0]])
    with pytest.raises(ValueError, match="singular"):
        act_columns(np.eye(2), A)
