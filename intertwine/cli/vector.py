"""``intertwine derive`` for activations on vectors and for maps of fixed size."""

from __future__ import annotations

import json

from intertwine.cli import status
from intertwine.errors import ExpressionError
from intertwine.maps.solution import MapSolution, solve_map
from intertwine.vectors import Radial, VectorIntertwiners, derive_family, named

Answer = MapSolution | VectorIntertwiners


def map_of(expression: str, timeout: float, dim: int | None) -> MapSolution:
    """The answer for ``--vector``."""
    return solve_map(expression, timeout=timeout, dim=dim)


def radial_of(expression: str, timeout: float, dim: int | None) -> VectorIntertwiners:
    """The answer for ``--radial``."""
    return derive_family(Radial(expression), timeout)


def named_of(expression: str, timeout: float, dim: int | None) -> VectorIntertwiners:
    """The answer for a name.

    Raises
    ------
    ExpressionError
        The name is not that of an activation on vectors.
    """
    value = named(expression.strip())
    if value is None:
        raise ExpressionError(f"--dim is for activations on vectors, and {expression[:40]!a} is none: use --radial or "
                              "--vector, or a name such as softmax")
    return derive_family(value, timeout)


def run(answer: Answer, form: str, dim: int | None) -> int:
    """Print the answer; the exit status says whether it is exact."""
    print(_shown(answer, form, dim))
    return status.EXACT if answer.status == "exact" else status.BOUNDED


def _shown(answer: Answer, form: str, dim: int | None) -> str:
    if form == "latex":
        return answer._repr_latex_()
    if isinstance(answer, MapSolution):
        return json.dumps(answer.to_json()) if form == "json" else answer.explain()
    if form == "json":
        return json.dumps(answer.to_json(dim))
    if dim is None:
        return answer.explain()
    group = answer(dim)
    size = f"In dimension {dim}: {group}, dimension {group.dimension}, components: {group.components}."
    return f"{answer.explain()}\n\n{size}"
