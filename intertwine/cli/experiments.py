"""``intertwine experiments``: train small networks, measure, and write a table, figures and a page."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context

from intertwine.cli import status


def run(experiments: list[str], seeds: int, activations: list[str], folder: str, workers: int,
        networks: list[str]) -> int:
    """Run, with a progress bar on standard error."""
    from intertwine.experiments import run as measure_all

    # One thread of linear algebra for each process: the matrices are small.
    if workers > 1:
        for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
            os.environ.setdefault(name, "1")
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn")) if workers > 1 else nullcontext()
    with pool as executor:
        rows = measure_all(experiments, folder, activations, seeds, executor=executor, progress=_bar,
                           networks=networks)
    print(f"{len(rows)} numbers in {os.path.join(folder, 'results.csv')}; "
          f"figures and the page {os.path.join(folder, 'index.html')}")
    return status.EXACT


def _bar(done: int, total: int) -> None:
    width = 40 * done // total
    end = "\n" if done == total else "\r" if sys.stderr.isatty() else "\n"
    print(f"[{'#' * width}{'.' * (40 - width)}] {done}/{total}", end=end, file=sys.stderr, flush=True)
