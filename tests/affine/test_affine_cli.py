"""``intertwine derive --affine``, its certificates, and the affine table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intertwine.activations import CATALOGUE
from intertwine.cli import main

Output = pytest.CaptureFixture[str]


@pytest.mark.parametrize(("expression", "affine", "extra"), [
    ("sigmoid", {"type": "reflection", "centre": "0"}, {"reflection": {"b": "-1", "d": "1"}}),
    ("1/(1 + 3*exp(-2*x))", {"type": "reflection", "centre": "log(3)/2"}, {"reflection": {"b": "-1", "d": "1"}}),
    ("x**3 + x**2", {"type": "reflection", "centre": "-1/3"}, {"reflection": {"b": "-1", "d": "4/27"}}),
    ("softplus", {"type": "trivial"}, {}),
    ("3*exp(-x) + 1", {"type": "translations", "rate": "-1"}, {"psi": {"rate": "-1", "offset": "1"}}),
    ("Max(0, 2*x + 3)", {"type": "dilations", "centre": "-3/2"}, {"psi": {"degree": "1", "offset": "0"}}),
    ("x**2 + x", {"type": "signed-dilations", "centre": "-1/2"}, {"reflection": {"b": "1", "d": "0"}}),
    ("exp(x)*(2 + sin(x))", {"type": "lattice", "period": "2*pi"}, {"translation": {"b": "exp(2*pi)", "d": "0"}}),
    ("sin", {"type": "dihedral", "period": "pi", "centre": "0"}, {"translation": {"b": "-1", "d": "0"}}),
    ("sin(log(x))", {"type": "cyclic-dilations", "centre": "0", "generator": "exp(pi)"}, {}),
    ("x", {"type": "affine-line"}, {"kind": "general linear"}),
])
def test_derive_json(capsys: Output, expression: str, affine: dict[str, str], extra: dict[str, object]) -> None:
    assert main(["derive", expression, "--json", "--affine"]) == 0
    text = capsys.readouterr().out
    assert text.isascii() and text.count("\n") == 1
    data = json.loads(text)
    assert data["schema"] == 1 and data["mode"] == "affine" and data["status"] == "exact"
    assert data["affine"] == affine
    assert extra.items() <= data.items()
    assert {"kind", "scalars", "character", "unique", "certificate"} <= data.keys()


def test_derive_as_text_and_latex(capsys: Output) -> None:
    assert main(["derive", "--affine", "-tanh(x)"]) == 0
    text = capsys.readouterr().out
    assert "type        reflection" in text and "1. s is not affine" in text
    assert main(["derive", "tanh", "--affine", "--latex"]) == 0
    assert r"\widehat G_\sigma" in capsys.readouterr().out


def test_a_bounded_answer_has_status_3(capsys: Output) -> None:
    hard = "besselj(0, x)*besselj(0, 1/x)*gamma(sin(x))"
    assert main(["derive", hard, "--affine", "--json"]) == 3
    data = json.loads(capsys.readouterr().out)
    assert data["status"] == "bounded" and data["questions"] and {"lower", "upper"} <= data.keys()


def test_out_of_time_and_unusable_input(capsys: Output) -> None:
    assert main(["derive", "sin(sin(x)**2 + x/7)*tanh(x - 3/11)", "--affine", "--timeout", "1e-9"]) == 4
    assert main(["derive", "x +", "--affine"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


@pytest.mark.parametrize("expression", ["sigmoid", "sin", "relu", "exp(x)", "sin(log(x))", "x", "5"])
def test_check_accepts_what_derive_prints_and_nothing_else(capsys: Output, tmp_path: Path, expression: str) -> None:
    assert main(["derive", expression, "--affine", "--json"]) == 0
    text = capsys.readouterr().out
    file = tmp_path / "answer.json"
    file.write_text(text, encoding="utf-8")
    assert main(["check", str(file)]) == 0
    assert "affine, " in capsys.readouterr().out
    data = json.loads(text)
    data["certificate"]["claim"]["affine"] = data["affine"] = {"type": "reflection", "centre": "7"}
    file.write_text(json.dumps(data), encoding="utf-8")
    assert main(["check", str(file)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_table(capsys: Output) -> None:
    assert main(["table", "--affine"]) == 0
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    for name, kind, group in [
        ("identity", "affine-line", "AGL_n"), ("ReLU", "dilations", "(R>0 at 0) ≀ S_n"),
        ("sigmoid", "reflection", "1 - y"),
        ("Gaussian", "reflection", "-t ↦ y"), ("x^3", "signed-dilations", "R* at 0"),
    ]:  # fmt: skip
        assert kind in rows[name] and group in rows[name]


def test_table_of_the_catalogue_as_json(capsys: Output) -> None:
    assert main(["table", "--catalogue", "--affine", "--json"]) in (0, 3)
    data = json.loads(capsys.readouterr().out)
    assert data["mode"] == "affine" and len(data["rows"]) == len(CATALOGUE)
    rows = {row["name"]: row for row in data["rows"]}
    assert rows["sin"]["affine"]["type"] == "dihedral" and "certificate" not in rows["sin"]
