"""``intertwine derive``: one activation, as text, JSON or LaTeX."""

from __future__ import annotations

import json

from intertwine.api import IntertwinerGroup, derive
from intertwine.cli import status
from intertwine.explain import derivation, summary


def run(expression: str, form: str, timeout: float) -> int:
    """Derive and print; the exit status says whether the answer is exact."""
    group = derive(expression, timeout=timeout)
    print(_shown(group, form))
    return status.EXACT if group.status == "exact" else status.BOUNDED


def _shown(group: IntertwinerGroup, form: str) -> str:
    if form == "json":
        return json.dumps(group.to_json())
    if form == "latex":
        return group._repr_latex_()
    return f"{summary(group.solution)}\n\n{derivation(group.solution)}"
