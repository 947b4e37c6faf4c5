"""Elements in words, so that a failing test can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from intertwine.networks.transformation import Move, Transformation

_MOST = 4


def shown(g: Transformation) -> str:
    """What an element does on each space where it does anything, in cycles and scaled units.

    Scales and signs are coordinates of the space: how they act on an axis is for the exponents to say.
    """
    spaces = [(g.symmetry.space_of(k), g.moves[k]) for k in g.symmetry.moving_leaves]
    lines = [f"{space.name}: {text}" for space, move in spaces if space is not None and (text := _move(move))]
    more = f"; and {len(lines) - _MOST} more spaces" if len(lines) > _MOST else ""
    return "; ".join(lines[:_MOST]) + more if lines else "the identity"


def _move(move: Move) -> str:
    found = []
    for outer in np.ndindex(move.permutation.shape[:-1]):
        cycles = _cycles(move.permutation[outer])
        if cycles:
            found.append(_copy(outer) + _few(["(" + " ".join(map(str, c)) + ")" for c in cycles], " "))
    scaled = [f"{_copy(tuple(outer))}unit {unit} x{np.exp(move.logs[(c, *outer, unit)]):.4g}"
              for c, *outer, unit in np.argwhere(move.logs)]
    turned = [f"{_copy(tuple(outer))}unit {unit} with its sign changed" for _, *outer, unit in np.argwhere(move.signs)]
    for parts in (scaled, turned):
        if parts:
            found.append(_few(parts, ", "))
    if move.matrix is not None and np.any(move.matrix != np.eye(move.matrix.shape[-1])):
        found.append("a dense matrix")
    return ", ".join(found)


def _cycles(permutation: npt.NDArray[np.intp]) -> list[list[int]]:
    left, found = set(np.flatnonzero(permutation != np.arange(permutation.size)).tolist()), []
    while left:
        cycle = [min(left)]
        while (k := int(permutation[cycle[-1]])) != cycle[0]:
            cycle.append(k)
        left -= set(cycle)
        found.append(cycle)
    return found


def _copy(outer: tuple[int, ...]) -> str:
    return f"in copy {', '.join(str(int(n)) for n in outer)} " if outer else ""


def _few(parts: list[str], between: str) -> str:
    more = f"{between}… ({len(parts)} in all)" if len(parts) > _MOST else ""
    return between.join(parts[:_MOST]) + more


__all__ = ["shown"]
