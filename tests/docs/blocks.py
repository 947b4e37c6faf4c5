"""The executable blocks of a Markdown page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(r"^(```+|~~~+)\s*(.*)$")
_NEEDS = re.compile(r"^<!--\s*needs\s+(\w+)\s*-->$")


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line where the text starts, and the module it needs."""

    language: str
    text: str
    line: int
    needs: str | None


def fenced_blocks(page: str) -> Iterator[Block]:
    """Every fenced block of a page; ``<!-- needs NAME -->`` before a block says which module it needs."""
    lines = page.splitlines()
    needs: str | None = None
    i = 0
    while i < len(lines):
        mark = _FENCE.match(lines[i])
        if mark is None:
            if found := _NEEDS.match(lines[i].strip()):
                needs = found[1]
            elif lines[i].strip():
                needs = None
            i += 1
            continue
        end = next((j for j in range(i + 1, len(lines)) if lines[j].rstrip() == mark[1]), None)
        if end is None:
            raise ValueError(f"the block that starts in line {i + 1} has no end")
        yield Block(mark[2].strip(), "\n".join(lines[i + 1 : end]) + "\n", i + 2, needs)
        needs = None
        i = end + 1
