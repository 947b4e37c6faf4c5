"""Without ``out`` one new array is made, with ``out`` none: besides it there are only blocks."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from intertwine.numeric import act_columns, act_rows, sample_general_linear, sample_scaled_permutation

N = 1024
BYTES = 4 * N * N
SLACK = BYTES // 4


def peak(function):
    function()
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.fixture(scope="module")
def element():
    return sample_scaled_permutation(np.random.default_rng(0), N, "nonzero")


ACTIONS = {"rows": act_rows, "columns": lambda A, W, out=None: act_columns(W, A, out=out)}
LAYOUTS = {
    "C": lambda: np.ones((N, N), dtype=np.float32),
    "Fortran": lambda: np.ones((N, N), dtype=np.float32, order="F"),
    "strided": lambda: np.ones((N, 2 * N), dtype=np.float32)[:, ::2],
    "batch": lambda: np.ones((2, N // 2, N), dtype=np.float32),
    "interleaved": lambda: np.ones((N, N, 2), dtype=np.float32)[..., 0],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ACTIONS)
def test_temporaries_are_small(name, layout, element):
    act, W = ACTIONS[name], LAYOUTS[layout]()
    if layout == "batch" and name == "rows":
        W = W.reshape(N, N)
    out = np.empty_like(W)
    assert peak(lambda: act(element, W)) < BYTES + SLACK
    assert peak(lambda: act(element, W, out=out)) < SLACK
    assert peak(lambda: act(element, W, out=W)) < SLACK


def test_interleaved_halves_of_one_array_are_not_copied(element):
    both = np.ones((N, 2 * N), dtype=np.float32)
    assert peak(lambda: act_rows(element, both[:, ::2], out=both[:, 1::2])) < SLACK


@pytest.mark.parametrize("name", ACTIONS)
def test_a_dense_element_is_not_a_reason_to_copy_the_weights(name):
    A = sample_general_linear(np.random.default_rng(0), 64)
    W = np.ones((64, N * N // 64), dtype=np.float32)
    W = W if name == "rows" else np.ascontiguousarray(W.T)
    out = np.empty_like(W)
    assert peak(lambda: ACTIONS[name](A, W, out=out)) < SLACK
    assert peak(lambda: ACTIONS[name](A, W, out=W)) < SLACK
