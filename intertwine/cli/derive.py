"""``intertwine derive``: one activation, as text, JSON or LaTeX."""

from __future__ import annotations

import json
from collections.abc import Sequence

from intertwine.affine_api import AffineIntertwinerGroup
from intertwine.api import IntertwinerGroup
from intertwine.cli import status
from intertwine.errors import ExpressionError
from intertwine.explain import affine as in_affine
from intertwine.explain import derivation, summary
from intertwine.front import derive
from intertwine.parameters import ParametricGroup


def run(expression: str, form: str, timeout: float, affine: bool = False, assume: Sequence[str] = ()) -> int:
    """Derive and print; the exit status says whether the answer is exact."""
    group = derive(expression, timeout=timeout, affine=affine, assume=assume)
    print(_cases(group, form) if isinstance(group, ParametricGroup) else _shown(group, form))
    return status.EXACT if group.status == "exact" else status.BOUNDED


def _cases(group: ParametricGroup, form: str) -> str:
    if form == "json":
        return json.dumps(group.to_json())
    if form == "latex":
        raise ExpressionError("a case distinction has no form in LaTeX: ask for text or --json")
    return f"{group}\n\n{group.explain()}"


def _shown(group: IntertwinerGroup | AffineIntertwinerGroup, form: str) -> str:
    if form == "json":
        return json.dumps(group.to_json())
    if form == "latex":
        return group._repr_latex_()
    if isinstance(group, AffineIntertwinerGroup):
        return f"{in_affine.summary(group.solution)}\n\n{in_affine.derivation(group.solution)}"
    return f"{summary(group.solution)}\n\n{derivation(group.solution)}"
