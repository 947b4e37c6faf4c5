"""The command: what it prints, where, and its exit statuses."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import intertwine
from intertwine.activations import CATALOGUE
from intertwine.cli import main

ROOT = Path(__file__).resolve().parents[2]
Output = pytest.CaptureFixture[str]


def run(*arguments: str, given: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.run([sys.executable, "-m", "intertwine", *arguments], input=given, capture_output=True,
                          env={**os.environ, "PYTHONPATH": path, **environment}, timeout=120)


def refused(output: Output, *arguments: str) -> str:
    """The one line on standard error of a command that ends with status 2 and prints nothing."""
    assert main(arguments) == 2
    printed = output.readouterr()
    assert printed.out == ""
    lines = printed.err.splitlines()
    assert len(lines) == 1 and "Traceback" not in lines[0]
    return lines[0]


# -- derive ----------------------------------------------------------------------
def test_derive_prints_the_answer_and_the_derivation(capsys: Output) -> None:
    assert main(["derive", "x*tanh(x)"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    for words in ("s(x) = x*tanh(x)", "signed permutation", "χ(a) = 1", "diag(-1, 1, ..., 1)", "\n1. ", "\n2. "):
        assert words in printed.out


DISCRETE = "x*(3 + sin(2*pi*log(Abs(x))/log(2)))"


@pytest.mark.parametrize(("expression", "kind", "scalars", "character"), [
    ("Max(0, x)", "positive-scaled permutation", {"type": "positive"}, "a"),
    ("gelu", "permutation", {"type": "trivial"}, "1"),
    ("-x**2", "monomial", {"type": "nonzero"}, "a**2"),
    (DISCRETE, "discretely scaled permutation", {"type": "sign-cyclic", "generator": "2"},
     {"generator": "2", "value": "2", "minus_one": "-1"}),
])
def test_derive_json(capsys: Output, expression: str, kind: str, scalars: object, character: object) -> None:
    assert main(["derive", expression, "--json"]) == 0
    text = capsys.readouterr().out
    assert text.isascii() and text.count("\n") == 1
    data = json.loads(text)
    assert data["schema"] == 1 and data["mode"] == "linear" and data["status"] == "exact"
    assert (data["kind"], data["scalars"], data["character"]) == (kind, scalars, character)
    assert isinstance(data["certificate"], dict) and data["certificate"]


def test_derive_latex(capsys: Output) -> None:
    assert main(["derive", "relu", "--latex"]) == 0
    assert capsys.readouterr().out.startswith(r"$\sigma(x) = \max(0, x):")


@pytest.mark.parametrize("arguments", [
    ["-x"], ["--", "-x"], ["-x", "--json"], ["--json", "-x"], ["--timeout", "9", "-x"], ["-x", "--timeout=9"], ["-(x)"],
    ["--(x)"], ["-0.5*x"], ["--x"], ["-sin(x)/sin(x)*x"],
])
def test_an_expression_may_begin_with_a_minus_sign(capsys: Output, arguments: Sequence[str]) -> None:
    assert main(["derive", *arguments]) == 0
    assert "general linear" in capsys.readouterr().out


def test_a_bounded_answer_has_status_3(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    from intertwine import api

    group = api.derive("x**2")
    group.status, group.solution = "bounded", _bounded(group.solution)
    monkeypatch.setattr("intertwine.cli.derive.derive", lambda expression, **options: group)
    assert main(["derive", "x**2"]) == 3
    assert "bounded" in capsys.readouterr().out


def _bounded(solution: object) -> object:
    from dataclasses import replace

    return replace(solution, status="bounded", questions=("whether -1 is in S",))  # type: ignore[type-var]


@pytest.mark.parametrize(
    "expression", ["x.__class__", "", "foo(x)", "log(-1 - x**2)", "9**9**9**9", "x +", "(" * 10**5, "y"]
)
def test_unusable_expressions(capsys: Output, expression: str) -> None:
    assert refused(capsys, "derive", expression).startswith("intertwine: ")


@pytest.mark.parametrize("arguments", [
    [], ["derive"], ["derive", "x", "y"], ["derive", "--affines", "x"], ["derive", "--foo", "x"],
    ["derive", "x", "--timeout"],
    ["derive", "x", "--timeout", "-3"], ["derive", "x", "--timeout", "nan"], ["derive", "x", "--timeout", "soon"],
    ["derive", "x", "--json", "--latex"], ["sing"], ["check"], ["table", "x"],
])
def test_unusable_arguments(capsys: Output, arguments: Sequence[str]) -> None:
    assert "--help" in refused(capsys, *arguments)


def test_out_of_time(capsys: Output) -> None:
    assert main(["derive", "sin(sin(x)**2 + x/7)*tanh(x - 3/11)", "--timeout", "1e-9"]) == 4
    printed = capsys.readouterr()
    assert printed.out == "" and len(printed.err.splitlines()) == 1


# -- table -----------------------------------------------------------------------
def test_table_is_the_one_of_the_paper(capsys: Output) -> None:
    assert main(["table"]) == 0
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    for name, kind, image in [
        ("identity", "general linear", "φ(A) = A"), ("ReLU", "positive-scaled permutation", "χ(a) = a "),
        ("LeakyReLU", "positive-scaled permutation", "χ(a) = a "), ("sigmoid", " permutation", "φ(A) = A"),
        ("Gaussian", "signed permutation", "χ(a) = 1"), ("x^2", "monomial", "χ(a) = a**2"),
        ("x^3", "monomial", "χ(a) = a**3"), ("x^7", "monomial", "χ(a) = a**7"),
    ]:  # fmt: skip
        assert kind in rows[name] and image in rows[name] and rows[name].endswith(" s")


def test_table_of_the_catalogue(capsys: Output) -> None:
    assert main(["table", "--catalogue"]) in (0, 3)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(CATALOGUE) + 3
    assert "total" in lines[-1] and "median" in lines[-1]


def test_table_json(capsys: Output) -> None:
    assert main(["table", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == 1 and data["rows"][1]["kind"] == "positive-scaled permutation"
    assert data["total_seconds"] >= data["median_seconds"] > 0


def test_a_row_that_runs_out_of_time_does_not_stop_the_table(capsys: Output, monkeypatch: pytest.MonkeyPatch) -> None:
    from intertwine.cli import table

    monkeypatch.setattr(table, "PAPER", (("slow", "sin(sin(x)**2 + x/9)*tanh(x - 3/13)"), ("identity", "x")))
    monkeypatch.setattr(table, "derive", _impatient(table.derive))
    assert main(["table"]) == 4
    printed = capsys.readouterr().out
    assert "(out of time)" in printed and "general linear" in printed


def _impatient(derive: object) -> object:
    def quick(expression: str, timeout: float = 30.0) -> object:
        return derive(expression, timeout=1e-9 if "13" in expression else timeout)  # type: ignore[operator]

    return quick


# -- check -----------------------------------------------------------------------
@pytest.fixture(scope="module")
def answer() -> str:
    return run("derive", "relu", "--json").stdout.decode()


def test_check_a_whole_answer(answer: str, tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "relu.json"
    file.write_text(answer, encoding="utf-8")
    assert main(["check", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "valid" in printed and "Max(0, x)" in printed and "positive" in printed


def test_check_a_certificate_alone_from_standard_input(answer: str) -> None:
    alone = json.dumps(json.loads(answer)["certificate"]).encode()
    result = run("check", "-", given=alone)
    assert result.returncode == 0 and b"valid" in result.stdout


@pytest.mark.parametrize(("old", "new"), [
    ('"positive"', '"nonzero"'), ('"positive-scaled permutation"', '"monomial"'), ('"Max(0, x)"', '"Max(1, x)"'),
    ('"exact"', '"certain"'), ('"homogeneous"', '"dichotomy"'), ('"character": "a"', '"character": "a**2"'),
])
def test_altered_answers_are_rejected(answer: str, tmp_path: Path, capsys: Output, old: str, new: str) -> None:
    for altered in (answer.replace(old, new), answer.replace(old, new, 1)):
        assert altered != answer
        file = tmp_path / "altered.json"
        file.write_text(altered, encoding="utf-8")
        refused(capsys, "check", str(file))


@pytest.mark.parametrize("content", [
    b"", b"[]", b"{", b"{}", b"\xff\xfe\x00", b'{"certificate": 3}', b'{"certificate": {}}', b"[" * 100_000,
    b'"relu"', b"null", b'{"schema": 2}', b'{"schema": 1, "activation": "x"}',
])
def test_malformed_certificates(tmp_path: Path, capsys: Output, content: bytes) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    refused(capsys, "check", str(file))


def test_a_file_that_is_not_there(tmp_path: Path, capsys: Output) -> None:
    assert "nothing.json" in refused(capsys, "check", str(tmp_path / "nothing.json"))
    refused(capsys, "check", str(tmp_path))


# -- streams ---------------------------------------------------------------------
def test_version_and_help(capsys: Output) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"intertwine {intertwine.__version__}\n"
    assert main(["derive", "--help"]) == 0
    assert "--timeout" in capsys.readouterr().out


def test_as_a_module_on_a_terminal_without_unicode() -> None:
    result = run("derive", "relu", PYTHONIOENCODING="ascii", LC_ALL="C", PYTHONUTF8="0")
    assert result.returncode == 0 and result.stderr == b""
    assert b"positive-scaled permutation" in result.stdout and b"?(a) = a" in result.stdout


@pytest.mark.skipif(os.name == "nt", reason="pipes close differently there")
def test_a_closed_pipe_is_no_error() -> None:
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen([sys.executable, "-m", "intertwine", "table", "--catalogue"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path})
    assert process.stdout is not None and process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=120) == 0
    process.stderr.close()


def test_output_that_is_no_terminal_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert main(["derive", "x"]) == 0


def test_help_needs_neither_sympy_nor_flint() -> None:
    program = ("import sys; from intertwine.cli import main; main(['--help']); "
               "print([m for m in ('sympy', 'flint', 'networkx') if m in sys.modules])")
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert result.stdout.splitlines()[-1] == "[]"


# -- parameters ------------------------------------------------------------------
def test_assumptions_lead_to_a_case_distinction(capsys: Output, tmp_path: Path) -> None:
    assert main(["derive", "leaky_relu(x, alpha)", "--assume", "alpha > -1", "--assume", "alpha < 2", "--json"]) == 0
    printed = capsys.readouterr().out
    data = json.loads(printed)
    assert data["assumptions"] == ["alpha > -1", "alpha < 2"]
    assert [case["kind"] for case in data["cases"]] == ["general linear", "positive-scaled permutation"]
    file = tmp_path / "cases.json"
    file.write_text(printed)
    assert main(["check", str(file)]) == 0
    assert "general linear" in capsys.readouterr().out
    data["certificate"]["assumptions"].pop(0)
    file.write_text(json.dumps(data))
    assert main(["check", str(file)]) == 2


def test_assumptions_that_cannot_be_read_take_one_line(capsys: Output) -> None:
    assert "comparison" in refused(capsys, "derive", "a*x", "--assume", "(a > 0) | (a < -1)")
    assert "LaTeX" in refused(capsys, "derive", "a*x", "--latex")
