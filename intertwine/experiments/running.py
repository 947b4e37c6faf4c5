"""Run experiments over seeds: resumable, in parallel, with the same result in any order."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, as_completed
from dataclasses import asdict
from pathlib import Path

from intertwine.errors import IntertwineError
from intertwine.experiments.measurements import COLUMNS, EXPERIMENTS, Row, measure
from intertwine.experiments.training import Settings

#: Called with the number of parts that are done and that there are.
Progress = Callable[[int, int], None]
#: Raised when measurements change, so that parts measured by an older version are measured again.
_VERSION = 3


def run(
    experiments: Sequence[str],
    folder: str | os.PathLike[str],
    activations: Sequence[str] = ("relu", "tanh", "radial"),
    seeds: int = 10,
    settings: Settings | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    networks: Sequence[str] = ("perceptron",),
) -> list[Row]:
    """Measure, and write ``results.csv``, figures and ``index.html``.

    Parameters
    ----------
    experiments : sequence of str
        Some of ``"stitching"``, ``"similarity"``, ``"basis"``, ``"merging"``.
    folder : path
        Where to write. Each part is kept in ``parts/`` as soon as it is measured; a part with the same settings is
        not measured again.
    activations : sequence of str
        Names in ``NONLINEARITIES``.
    seeds : int
        How many pairs of networks for each activation.
    settings : Settings, optional
        Of the training; its network and activation are replaced.
    executor : concurrent.futures.Executor, optional
        For the parts; without one they run one after another.
    progress : callable, optional
        Called after each part.
    networks : sequence of str
        Some of ``"perceptron"`` and ``"convolutional"``, which needs PyTorch.

    Returns
    -------
    list of dict
        The rows of the table, in an order that does not depend on the executor.

    Raises
    ------
    IntertwineError
        If an experiment or an activation is unknown, or there are no seeds.
    """
    # A name that is given twice is measured once.
    experiments, activations, networks = (list(dict.fromkeys(names)) for names in (experiments, activations, networks))
    unknown = [name for name in experiments if name not in EXPERIMENTS]
    if unknown:
        raise IntertwineError(f"unknown experiment {unknown[0]!r}; known are {', '.join(EXPERIMENTS)}")
    if seeds < 1:
        raise IntertwineError(f"at least one seed is needed, not {seeds}")
    base = settings or Settings()
    kinds = [base.of(n, a) for n in networks for a in activations]
    jobs = [(e, kind, s) for e in experiments for kind in kinds for s in range(seeds)]
    target = Path(folder)
    (target / "parts").mkdir(parents=True, exist_ok=True)
    paths = [target / "parts" / _name(*job) for job in jobs]
    # Pair by pair, so that networks are trained once where one process measures all of a pair.
    turns = [i for k in range(len(kinds) * seeds) for i in range(k, len(jobs), len(kinds) * seeds)]
    waiting = [i for i in turns if not _is_whole(paths[i])]
    done = len(jobs) - len(waiting)
    report = progress or (lambda done, total: None)
    report(done, len(jobs))
    if executor is None:
        for i in waiting:
            _keep(paths[i], measure(*jobs[i]))
            done += 1
            report(done, len(jobs))
    else:
        futures = {executor.submit(measure, *jobs[i]): i for i in waiting}
        for future in as_completed(futures):
            _keep(paths[futures[future]], future.result())
            done += 1
            report(done, len(jobs))
    rows: list[Row] = [row for path in paths for row in json.loads(path.read_text(encoding="utf-8"))]
    write_table(rows, target / "results.csv")
    from intertwine.experiments.report import write_report

    write_report(rows, target, {kind.network: asdict(kind) | {"seeds": seeds} for kind in kinds})
    return rows


def _name(experiment: str, settings: Settings, seed: int) -> str:
    key = json.dumps([_VERSION, experiment, asdict(settings), seed], sort_keys=True)
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    return f"{experiment}-{settings.network}-{settings.activation}-{seed}-{digest}.json"


def _is_whole(path: Path) -> bool:
    """Whether a part is there and can be read; one that a full disk or a crash has cut short is measured again."""
    try:
        return isinstance(json.loads(path.read_text(encoding="utf-8")), list)
    except (FileNotFoundError, ValueError):
        return False


def _keep(path: Path, rows: list[Row]) -> None:
    """Write a part so that it is there in full or not at all."""
    draft = path.with_suffix(".partial")
    draft.write_text(json.dumps(rows), encoding="utf-8")
    draft.replace(path)


def write_table(rows: Sequence[Row], path: Path) -> None:
    """The rows as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
