"""Sessions of the command line: ``$ command`` followed by the output that is expected."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_MAIN = "import sys; from intertwine.cli import main; sys.exit(main())"


def read_session(text: str) -> list[tuple[str, str]]:
    """Pairs of a command and the output expected from it."""
    steps: list[tuple[str, str]] = []
    for line in text.splitlines(keepends=True):
        if line.startswith("$ "):
            steps.append((line[2:].strip(), ""))
        elif steps:
            steps[-1] = (steps[-1][0], steps[-1][1] + line)
        else:
            raise ValueError(f"output before the first command: {line!r}")
    return steps


class Console:
    """Runs ``intertwine ...``, with ``> file``, and ``echo $?`` in one folder, without a shell."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.status = 0

    def run(self, command: str) -> str:
        """The standard output of a command."""
        if command == "echo $?":
            return f"{self.status}\n"
        words = shlex.split(command)
        target = None
        if len(words) > 2 and words[-2] == ">":
            target, words = words[-1], words[:-2]
        if words[0] != "intertwine":
            raise ValueError(f"only the intertwine command is run here, not {words[0]!r}")
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        result = subprocess.run(
            [sys.executable, "-c", _MAIN, *words[1:]],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        self.status = result.returncode
        if target is not None:
            (self.folder / target).write_text(result.stdout, encoding="utf-8")
            return ""
        return result.stdout
