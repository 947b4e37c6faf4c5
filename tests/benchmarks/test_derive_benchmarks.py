"""What a derivation costs, as a multiple of other things done in the same run; no absolute time is asserted.

``python -m pytest tests/benchmarks --benchmark-enable --benchmark-only`` prints the times, and ``-rP`` the numbers
that the tests print.
"""

from __future__ import annotations

import signal
import statistics
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from types import FrameType
from typing import Any

import pytest

from intertwine import api
from intertwine.activations import CATALOGUE
from intertwine.api import IntertwinerGroup
from intertwine.parsing import parse_term
from intertwine.solve.linear import Solution
from intertwine.terms.sympy_bridge import to_sympy

ROOT = Path(__file__).resolve().parents[2]
#: SymPy's ``simplify`` is asked about these; it is stopped after ``CAP`` seconds each.
COMPARED = (
    "relu", "leaky_relu", "gelu", "silu", "tanh_shrink", "softsign", "hard_swish", "softplus", "squareplus", "gaussian",
    "symlog", "dsu",
)  # fmt: skip
CAP = 3.0
CHECKED = ("relu", "gelu", "sin", "x**3", "1/x", "tan(x)", "softsign", "sqnl", "x*sin(log(Abs(x)))", "sin(1/x)")


def seconds(function: Callable[[], object]) -> float:
    start = perf_counter()
    function()
    return perf_counter() - start


def derive_afresh(text: str) -> Solution:
    """A derivation that no cache of answers shortens, with the check of its certificate."""
    api._cache.clear()
    return api.derive(text).solution


def in_new_process(statement: str) -> float:
    """The time in which a new interpreter carries out a statement, without its own start."""
    program = f"import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return float(result.stdout)


def median_of(statement: str, rounds: int = 7) -> float:
    return statistics.median(in_new_process(statement) for _ in range(rounds))


class _Late(Exception):
    pass


@contextmanager
def at_most(limit: float) -> Iterator[None]:
    """Raise ``_Late`` in the block after so many seconds (in the main thread, where there are signals)."""

    def late(number: int, frame: FrameType | None) -> None:
        raise _Late

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def simplify_time(expression: Any) -> float:
    import sympy

    start = perf_counter()
    try:
        with at_most(CAP):
            sympy.simplify(expression)
    except _Late:
        return CAP
    return perf_counter() - start


def catalogue_times() -> list[float]:
    return [seconds(lambda name=name: derive_afresh(name)) for name in CATALOGUE]  # type: ignore[misc]


def test_whole_catalogue(benchmark: Any) -> None:
    derive_afresh("tanh")  # what is loaded on first use is not part of it
    times = benchmark.pedantic(catalogue_times, rounds=3)
    total, median = sum(times), statistics.median(times)
    benchmark.extra_info |= {"entries": len(times), "total": total, "median": median, "slowest": max(times)}
    print(f"{len(times)} entries: total {total:.2f} s, median {1000 * median:.1f} ms, slowest {max(times):.3f} s")
    # On a machine that loads SymPy in half a second these are 20 s and 0.25 s.
    loading = in_new_process("import sympy")
    assert total < 40 * loading
    assert median < loading / 2


def affine_catalogue_times() -> list[float]:
    def afresh(name: str) -> None:
        api._affine_cache.clear()
        api.derive(name, affine=True)

    return [seconds(lambda name=name: afresh(name)) for name in CATALOGUE]  # type: ignore[misc]


def test_affine_table_of_the_catalogue(benchmark: Any) -> None:
    api.derive("tanh", affine=True)
    times = benchmark.pedantic(affine_catalogue_times, rounds=1)
    total, median = sum(times), statistics.median(times)
    benchmark.extra_info |= {"entries": len(times), "total": total, "median": median, "slowest": max(times)}
    print(f"{len(times)} entries: total {total:.2f} s, median {1000 * median:.1f} ms, slowest {max(times):.3f} s")
    # On a machine that loads SymPy in half a second this is 40 s.
    assert total < 80 * in_new_process("import sympy")


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="simplify could not be stopped")
@pytest.mark.skipif(threading.current_thread() is not threading.main_thread(), reason="signals need the main thread")
def test_against_simplify() -> None:
    import sympy

    derive_afresh("tanh")
    sympy.simplify(sympy.sin(sympy.Symbol("x")) ** 2)
    ratios = {}
    for name in COMPARED:
        term = parse_term(name)
        ratios[name] = seconds(lambda name=name: derive_afresh(name)) / simplify_time(to_sympy(term))  # type: ignore[misc]
        print(f"{name:16} derive / simplify = {ratios[name]:.3f}")
    print(f"{'median':16} derive / simplify = {statistics.median(ratios.values()):.3f}")
    assert statistics.median(ratios.values()) < 10


def test_import_is_about_that_of_numpy() -> None:
    in_new_process("import numpy, intertwine")  # compiled files and the disk's cache
    ratio = median_of("import intertwine") / median_of("import numpy")
    print(f"import intertwine / import numpy = {ratio:.3f}")
    assert ratio < 1.5


def test_checking_a_certificate(benchmark: Any) -> None:
    groups = [IntertwinerGroup(derive_afresh(text)) for text in CHECKED]
    certificates = [group.certificate for group in groups]
    derive_time = sum(seconds(lambda text=text: derive_afresh(text)) for text in CHECKED)  # type: ignore[misc]
    times = benchmark.pedantic(lambda: [seconds(c.check) for c in certificates], rounds=3)
    median, multiple = statistics.median(times), sum(times) / derive_time
    benchmark.extra_info |= {"checks": len(times), "median": median, "per_derivation": multiple}
    print(f"check: median {1000 * median:.1f} ms, {multiple:.2f} times the derivation")
    assert sum(times) < 25 * derive_time
