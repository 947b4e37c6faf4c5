"""The experiments: gradients, determinism, resuming, executors, what is written, the command."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from intertwine.cli import main
from intertwine.errors import IntertwineError
from intertwine.experiments import COLUMNS, EXPERIMENTS, NONLINEARITIES, Settings, digits, run, train
from intertwine.similarity import accuracy

SMALL = Settings(width=8, depth=2, epochs=2)


@pytest.mark.parametrize("name", NONLINEARITIES)
def test_derivatives_and_groups_belong_to_the_formula(name, rng):
    sigma = NONLINEARITIES[name]
    z, g, step = rng.standard_normal((5, 4)) * 2, rng.standard_normal((5, 4)), 1e-6
    for i in range(4):
        e = np.eye(4)[i] * step
        slope = np.sum(g * (sigma.forward(z + e) - sigma.forward(z - e)), axis=1) / (2 * step)
        assert np.allclose(sigma.backward(z, g)[:, i], slope, atol=1e-6)
    group = sigma.group()
    assert group.status == "exact"
    pair = group(4).sample(rng)
    assert np.allclose(sigma.forward(pair.element.apply(z)), pair.image.apply(sigma.forward(z)))


def test_training_learns_and_repeats():
    settings = Settings(width=32, depth=2, epochs=15)
    one, two = train(settings, 3), train(settings, 3)
    assert all(np.array_equal(a, b) for a, b in zip(one.weights, two.weights, strict=True))
    assert accuracy(one(digits().test_inputs), digits().test_labels) > 0.9
    assert not np.array_equal(one.weights[0], train(settings, 4).weights[0])


@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_results_do_not_depend_on_executor_or_interruption(experiment, tmp_path):
    seen = []
    rows = run([experiment], tmp_path / "one", ["relu"], 2, SMALL, progress=lambda d, n: seen.append((d, n)))
    assert seen[0] == (0, 2) and seen[-1] == (2, 2)
    with ThreadPoolExecutor(2) as pool:
        assert run([experiment], tmp_path / "two", ["relu"], 2, SMALL, pool) == rows
    for name in ("results.csv", f"{experiment}.png", f"{experiment}.svg", "index.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    next((tmp_path / "one" / "parts").iterdir()).unlink()
    seen.clear()
    assert run([experiment], tmp_path / "one", ["relu"], 2, SMALL, progress=lambda d, n: seen.append((d, n))) == rows
    assert seen == [(1, 2), (2, 2)]
    with (tmp_path / "one" / "results.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert tuple(table[0]) == COLUMNS and len(table) == len(rows)
    assert all(np.isfinite(float(row["value"])) for row in table)


def test_other_settings_are_measured_again(tmp_path):
    first = run(["merging"], tmp_path, ["tanh"], 1, SMALL)
    assert run(["merging"], tmp_path, ["tanh"], 1, Settings(width=9, depth=2, epochs=2)) != first


def test_the_command_writes_and_says_where(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("intertwine.experiments.running.Settings", lambda: SMALL)
    folder = str(tmp_path / "out")
    assert main(["experiments", "merging", "--seeds", "1", "--activation", "relu", "--workers", "1", "-o", folder]) == 0
    captured = capsys.readouterr()
    assert "results.csv" in captured.out and "1/1" in captured.err
    assert (tmp_path / "out" / "index.html").is_file()


@pytest.mark.parametrize("words", [["nothing"], ["basis", "--activation", "softmax"], ["basis", "--seeds", "0"]])
def test_the_command_refuses_in_one_line(words, tmp_path, capsys):
    assert main(["experiments", *words, "--workers", "1", "-o", str(tmp_path / "out")]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_unusable_input_is_named(tmp_path):
    with pytest.raises(IntertwineError, match="unknown experiment 'x'"):
        run(["x"], tmp_path)
    with pytest.raises(IntertwineError, match="no network is trained"):
        run(["basis"], tmp_path, ["gelu"])
    with pytest.raises(IntertwineError, match="at least one seed"):
        run(["basis"], tmp_path, seeds=0)
