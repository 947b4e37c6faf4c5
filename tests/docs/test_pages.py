"""Every block of the documentation and the README runs and shows what it says."""

from __future__ import annotations

import doctest
import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.docs.blocks import Block, fenced_blocks
from tests.docs.console import ROOT, Console, read_session

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
NOT_RUN = {"sh", "json", "text"}  # set-up commands, formats, and diagrams


def run_python(block: Block, names: dict[str, Any], page: Path) -> None:
    """Run a block as a program or, if it has prompts, as a doctest."""
    if re.search(r"^>>> ", block.text, flags=re.MULTILINE):
        test = doctest.DocTestParser().get_doctest(block.text, {}, page.name, str(page), block.line - 1)
        test.globs = names  # shared by the whole page, not a copy
        report: list[str] = []
        results = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=report.append, clear_globs=False)
        assert results.failed == 0, "".join(report)
    else:
        source = "\n" * (block.line - 1) + block.text  # so that tracebacks show the page's line
        exec(compile(source, str(page), "exec"), names)


def run_console(block: Block, console: Console, page: Path) -> None:
    """Run a session and compare what it prints."""
    for command, wanted in read_session(block.text):
        got = console.run(command)
        if not doctest.OutputChecker().check_output(wanted, got, FLAGS):
            pytest.fail(f"{page.name}:{block.line}: $ {command}\nexpected:\n{wanted}\ngot:\n{got}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])))
    names: dict[str, Any] = {"__name__": "__page__"}
    console = Console(tmp_path)
    for block in fenced_blocks(page.read_text(encoding="utf-8")):
        if block.needs is not None and find_spec(block.needs) is None:
            continue
        if block.language == "python":
            run_python(block, names, page)
        elif block.language == "console":
            run_console(block, console, page)
        else:
            # Directives of the documentation system are in braces; Sphinx checks them.
            assert block.language in NOT_RUN or block.language.startswith("{"), f"{page.name}:{block.line}"


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+\.md)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).is_file(), f"{page.name}: {target}"
