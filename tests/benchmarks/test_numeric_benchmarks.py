"""The cost of acting on a 4096×4096 float32 matrix, as a multiple of copying it in the same run."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from intertwine.numeric import ScaledPermutation, act_columns, act_rows, sample_scaled_permutation

N = 4096
ROUNDS = 9


@pytest.fixture(scope="module")
def element() -> ScaledPermutation:
    # Signs, so that acting in place again and again neither overflows nor ends in slow subnormal numbers.
    return sample_scaled_permutation(np.random.default_rng(0), N, "sign")


@pytest.fixture(scope="module")
def matrices():
    W = np.random.default_rng(1).standard_normal((N, N), dtype=np.float32)
    return W, W.copy()


def fastest(function) -> float:
    return min(_seconds(function) for _ in range(ROUNDS))


def _seconds(function) -> float:
    start = perf_counter()
    function()
    return perf_counter() - start


def rows(A, W, out=None):
    return act_rows(A, W, out=out)


def columns(A, W, out=None):
    return act_columns(W, A, out=out)


@pytest.mark.parametrize("act", [rows, columns])
@pytest.mark.parametrize("where", ["out", "in place", "new array"])
def test_action_over_copyto(benchmark, element, matrices, act, where):
    W, out = matrices
    calls = {
        "out": lambda: act(element, W, out),
        "in place": lambda: act(element, out, out),
        "new array": lambda: act(element, W),
    }
    # Copy and action alternate, so that both see the same state of the machine.
    copies, ours = [], []
    for _ in range(3):
        copies.append(fastest(lambda: np.copyto(out, W)))
        ours.append(fastest(calls[where]))
    benchmark.extra_info["copyto_seconds"] = min(copies)
    benchmark.extra_info["times_copyto"] = min(ours) / min(copies)
    benchmark.pedantic(calls[where], rounds=ROUNDS, warmup_rounds=1)


def test_composition(benchmark, element):
    benchmark(lambda: element @ element)


def test_dense_product_for_comparison(benchmark, element, matrices):
    W, out = matrices
    A = element.astype(np.float32).to_matrix()
    copy = fastest(lambda: np.copyto(out, W))
    product = benchmark.pedantic(lambda: _seconds(lambda: np.matmul(A, W, out=out)), rounds=1)
    benchmark.extra_info["times_copyto"] = product / copy
