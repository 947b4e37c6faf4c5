"""The cost of acting on a 4096×4096 float32 matrix, as a multiple of copying it in the same run."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest

from intertwine.numeric import (
    Blocks,
    Dense,
    ScaledPermutation,
    act_columns,
    act_rows,
    sample_reflections,
    sample_rotations,
    sample_scaled_permutation,
)

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


STRUCTURED = {
    "8 reflections": lambda rng, n: sample_reflections(rng, n, count=8),
    "rotations in planes": lambda rng, n: sample_rotations(rng, n),
    "blocks of 2": lambda rng, n: Blocks(rng.permutation(n // 2), rng.standard_normal((n // 2, 2, 2))),
    "blocks of 16": lambda rng, n: Blocks(rng.permutation(n // 16), rng.standard_normal((n // 16, 16, 16))),
}


@pytest.mark.parametrize("kind", STRUCTURED)
@pytest.mark.parametrize("act", [rows, columns])
def test_structured_orthogonal_over_dense(benchmark, kind, act):
    """Elements that mix few units cost a fraction of a dense product."""
    n, rng = 1024, np.random.default_rng(0)
    W = rng.standard_normal((n, n))
    element = STRUCTURED[kind](rng, n)
    dense = Dense(element.to_matrix())
    ratio = min(_seconds(lambda: act(element, W)) for _ in range(3)) / _seconds(lambda: act(dense, W))
    benchmark.extra_info["over_dense"] = ratio
    assert ratio < 1
    benchmark.pedantic(lambda: act(element, W), rounds=1)
