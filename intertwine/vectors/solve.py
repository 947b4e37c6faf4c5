"""From an activation on vectors to its group: each family by its theorem."""

from __future__ import annotations

from dataclasses import replace

from intertwine.api import IntertwinerGroup
from intertwine.errors import ExpressionError
from intertwine.vectors.activation import VectorActivation
from intertwine.vectors.elementwise import on_radii, on_the_line, somewhere_else
from intertwine.vectors.fixed import solve_form, solve_pool, solve_softmax, solve_sort
from intertwine.vectors.gated import solve_gated
from intertwine.vectors.radial import normalisation_profile, solve_block_radial, solve_normalisation, solve_radial
from intertwine.vectors.solution import FamilySolution
from intertwine.vectors.stack import solve_stack
from intertwine.vectors.values import (
    BlockRadial,
    Gated,
    GroupSort,
    LayerNorm,
    LogSoftmax,
    MaxPool,
    QuadraticForm,
    Radial,
    RMSNorm,
    Softmax,
    Softmin,
    Sparsemax,
    Stack,
)


def solve_family(value: VectorActivation) -> FamilySolution:
    """The intertwiner group of a family, for every dimension at once.

    Raises
    ------
    ExpressionError
        A family that is not known here.

    Examples
    --------
    >>> solve_family(Radial("tanh(r)/r")).lower.text
    'O(n)'
    """
    solution = _by_theorem(value)
    named = tuple((role, function) for role, function in _functions(value, solution.theorem))
    return replace(solution, functions=named)


def _functions(value: VectorActivation, theorem: str) -> list[tuple[str, IntertwinerGroup]]:
    """The groups of the functions of one variable that the answer rests on."""
    match value:
        case Radial() | BlockRadial():
            return [("h(r), r > 0", on_radii(value.profile).group)]
        case RMSNorm() | LayerNorm():
            return [("h(r), r > 0, up to the units of length", on_radii(normalisation_profile(value)).group)]
        case Gated():
            return [("g", on_the_line(value.profile).group)]
        case Stack() if theorem == "stack of multiples":
            profile = next(s for s in value.profiles if somewhere_else("function", s) is not None)
            return [("s", on_the_line(profile).group)]
    return []


def _by_theorem(value: VectorActivation) -> FamilySolution:
    match value:
        case Radial():
            return solve_radial(value)
        case BlockRadial():
            return solve_block_radial(value)
        case RMSNorm() | LayerNorm():
            return solve_normalisation(value)
        case Gated():
            return solve_gated(value)
        case Stack():
            return solve_stack(value)
        case Softmax() | LogSoftmax() | Softmin() | Sparsemax():
            return solve_softmax(value)
        case MaxPool():
            return solve_pool(value)
        case GroupSort():
            return solve_sort(value)
        case QuadraticForm():
            return solve_form(value)
    raise ExpressionError(f"no theorem here covers {value}")
