"""The README's promises: its set-up commands, and their use by the checks."""

from __future__ import annotations

import pytest

from tests.docs.blocks import fenced_blocks
from tests.docs.console import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_there_are_exactly_two_set_up_commands() -> None:
    commands = [block.text.strip() for block in fenced_blocks(README) if block.language == "sh"]
    assert len(commands) == 2
    assert all("\n" not in command and "pip install" in command for command in commands)
    assert commands[0].endswith("python -m intertwine.demo")
    assert commands[1].endswith("python -m pytest -n auto")


def test_the_first_block_is_a_short_example() -> None:
    first = next(fenced_blocks(README))
    assert first.language == "python"
    assert len(first.text.strip().splitlines()) <= 11


def test_the_checks_run_the_readme_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert 'grep -m 1 -F \'".[test]"\' README.md' in script
    lines = [line for line in README.splitlines() if '".[test]"' in line]
    assert lines == ['python -m pip install ".[test]" && python -m pytest -n auto']


def test_the_demonstration_runs(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn")
    from intertwine.demo import main

    assert main() == 0
    output = capsys.readouterr().out
    assert "relu: positive-scaled permutation (exact)" in output
    assert "identity: general linear (exact)" in output
