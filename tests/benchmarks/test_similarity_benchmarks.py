"""The cost of aligning activations and of G-CKA, as multiples of simple yardsticks in the same run.

Processor time is compared, so that other programs on the machine matter less; threads add up in it."""

from __future__ import annotations

import tracemalloc
from time import process_time

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from intertwine.similarity import align, cka

pytestmark = pytest.mark.slow


def seconds(function, rounds=3) -> float:
    times = []
    for _ in range(rounds):
        start = process_time()
        function()
        times.append(process_time() - start)
    return min(times)


@pytest.mark.parametrize("kind", ["permutation", "positive-scaled permutation", "monomial"])
def test_align_over_product_and_assignment(benchmark, kind):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((10_000, 2048), dtype=np.float32)
    y = x[:, rng.permutation(2048)] + 0.5 * rng.standard_normal(x.shape, dtype=np.float32)
    yardstick = seconds(lambda: linear_sum_assignment(y.T @ x, maximize=True))
    ours = seconds(lambda: align(x, y, kind))
    benchmark.extra_info["ratio"] = ours / yardstick
    benchmark.pedantic(align, args=(x, y, kind), rounds=1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_loop_over_rows_over_cka(benchmark, dtype):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((2, 3000, 512)).astype(dtype)

    def loop():
        grams = []
        for z in (x - x.mean(0), y - y.mean(0)):
            z /= np.linalg.norm(z, axis=0)
            gram = np.empty((len(z), len(z)), dtype)
            for i, row in enumerate(z):
                gram[i] = (row * z).max(1)
            gram -= gram.mean(0)
            gram -= gram.mean(1, keepdims=True)
            grams.append(gram)
        k, m = grams
        return np.vdot(k, m) / np.sqrt(np.vdot(k, k) * np.vdot(m, m))

    yardstick, ours = seconds(loop, 1), seconds(lambda: cka(x, y, "positive-scaled permutation", workers=1))
    benchmark.extra_info["speedup"] = yardstick / ours
    benchmark.pedantic(cka, args=(x, y, "positive-scaled permutation"), rounds=1)


def test_cka_in_tiles_of_memory(benchmark):
    """Peak memory for twice the samples over that for once: 2 if it is linear, 4 if a Gram matrix is kept."""
    rng = np.random.default_rng(0)
    peaks = []
    for n in (4000, 8000):
        x, y = rng.standard_normal((2, n, 16))
        tracemalloc.start()
        cka(x, y, "positive-scaled permutation", tile=128, workers=1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    benchmark.extra_info["growth"] = peaks[1] / peaks[0]
    benchmark.pedantic(cka, args=(x, y, "positive-scaled permutation"), rounds=1)
