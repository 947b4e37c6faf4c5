"""The experiments: gradients, determinism, resuming, executors, what is written, the command."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest

from intertwine.cli import main
from intertwine.errors import IntertwineError
from intertwine.experiments import (
    COLUMNS,
    EXPERIMENTS,
    NONLINEARITIES,
    ConvNet,
    Settings,
    digits,
    measure,
    run,
    train,
    train_convolutional,
)
from intertwine.similarity import Layered, accuracy, align_weights, mlp_parameters, mlp_symmetry, move

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
    more = ("similarity-depth.png", "similarity-depth.svg") if experiment == "similarity" else ()
    for name in ("results.csv", f"{experiment}.png", f"{experiment}.svg", "index.html", *more):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    next((tmp_path / "one" / "parts").iterdir()).unlink()
    seen.clear()
    assert run([experiment], tmp_path / "one", ["relu"], 2, SMALL, progress=lambda d, n: seen.append((d, n))) == rows
    assert seen == [(1, 2), (2, 2)]
    with (tmp_path / "one" / "results.csv").open(encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    assert tuple(table[0]) == COLUMNS and len(table) == len(rows)
    assert all(np.isfinite(float(row["value"])) for row in table)


def test_processes_measure_the_same(tmp_path):
    rows = run(["merging"], tmp_path / "one", ["tanh"], 1, SMALL)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert run(["merging"], tmp_path / "two", ["tanh"], 1, SMALL, pool) == rows


def test_a_killed_run_is_resumed_with_the_same_result(tmp_path):
    program = ("import sys; from intertwine.experiments import Settings, run; "
               "run(['stitching', 'merging'], sys.argv[1], ['relu'], 3, Settings(width=8, depth=2, epochs=2))")
    root = Path(__file__).resolve().parents[2]
    started = subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "one")], cwd=root,
                               env=os.environ | {"PYTHONPATH": str(root)})
    parts = tmp_path / "one" / "parts"
    while started.poll() is None and not (parts.is_dir() and len(list(parts.glob("*.json"))) >= 2):
        time.sleep(0.005)
    started.send_signal(signal.SIGKILL)
    started.wait()
    experiments = ["stitching", "merging"]
    one, two = (run(experiments, tmp_path / name, ["relu"], 3, SMALL) for name in ("one", "two"))
    assert one == two
    first, second = ((tmp_path / name / "results.csv").read_bytes() for name in ("one", "two"))
    assert first == second


def test_other_settings_are_measured_again(tmp_path):
    first = run(["merging"], tmp_path, ["tanh"], 1, SMALL)
    assert run(["merging"], tmp_path, ["tanh"], 1, Settings(width=9, depth=2, epochs=2)) != first


def test_a_convolutional_network_computes_what_pytorch_does(rng):
    torch = pytest.importorskip("torch")
    weights = [rng.standard_normal(shape) for shape in ((3, 1, 3, 3), (3, 3, 3, 3), (10, 48))]
    net = ConvNet(weights, [rng.standard_normal(len(w)) for w in weights], [1, 2], NONLINEARITIES["radial"].forward)
    x = rng.random((5, 64))
    h = torch.as_tensor(x.reshape(5, 1, 8, 8))
    for i, step in enumerate((1, 2)):
        w, b = (torch.as_tensor(t[i]) for t in (net.weights, net.biases))
        h = torch.nn.functional.conv2d(h, w, b, stride=step, padding=1)
        r = torch.linalg.vector_norm(h, dim=1, keepdim=True)
        h = h * 4 * torch.tanh(r / 4) / r
        assert np.allclose(net.bottom(x, i + 1), h.numpy())
    want = h.flatten(1).numpy() @ weights[2].T + net.biases[2]
    assert isinstance(net, Layered) and np.allclose(net(x), want) and np.allclose(net.top(net.bottom(x, 2), 2), want)


@pytest.mark.torch
def test_convolutional_networks_are_measured():
    pytest.importorskip("torch")
    small = Settings(network="convolutional", width=4, depth=2, epochs=2)
    one, two = train_convolutional(small, 3), train_convolutional(small, 3)
    assert all(np.array_equal(a, b) for a, b in zip(one.weights, two.weights, strict=True))
    for experiment in EXPERIMENTS:
        rows = measure(experiment, small, 0)
        assert rows and all(np.isfinite(row["value"]) and row["network"] == "convolutional" for row in rows)
    # A planted element of the derived group is found in the trained network, and leaves its outputs alone.
    group, rng = NONLINEARITIES["relu"].group(), np.random.default_rng(0)
    weights = mlp_parameters(one.weights, one.biases)
    symmetry = mlp_symmetry(weights, group)
    elements = {space.name: group(space.width).sample(rng) for space in symmetry.spaces}
    moved = move(weights, symmetry, elements)
    found = align_weights(weights, moved, symmetry, restarts=1)
    assert all(found.elements[name].allclose(pair, rtol=1e-8) for name, pair in elements.items())
    other = ConvNet([moved[f"W{i}"] for i in (1, 2, 3)], [moved[f"b{i}"] for i in (1, 2, 3)], one.strides,
                    one.activation)
    x = digits().test_inputs[:20]
    assert np.allclose(other(x), one(x))


def test_the_score_survives_the_group_of_relu_and_changes_under_rotations():
    rows = measure("basis", Settings(width=16, depth=1, epochs=5), 0)
    for name in ("probe", "selectivity"):
        by_variant = {v: [r["value"] for r in rows if (r["variant"], r["measure"]) == (v, name)]
                      for v in ("activation basis", "intertwiner group", "rotations")}
        given, draws = by_variant["activation basis"], by_variant["intertwiner group"]
        assert len(draws) == 20 * len(given)
        assert all(np.isclose(draws[20 * i : 20 * i + 20], value, atol=1e-12).all() for i, value in enumerate(given))
        assert np.std(by_variant["rotations"]) > 1e-3


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
    with pytest.raises(IntertwineError, match="unknown network 'x'"):
        run(["basis"], tmp_path, networks=["x"])
    with pytest.raises(IntertwineError, match="at least one seed"):
        run(["basis"], tmp_path, seeds=0)


def test_broken_parts_are_measured_again_and_names_count_once(tmp_path):
    rows = run(["basis"], tmp_path, ["relu"], 1, SMALL)
    (part,) = (tmp_path / "parts").glob("*.json")
    for rest in ("", "[{", "null"):
        part.write_text(rest)
        assert run(["basis", "basis"], tmp_path, ["relu", "relu"], 1, SMALL) == rows
