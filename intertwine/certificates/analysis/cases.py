"""All cases of a case distinction, one region after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from intertwine.certificates.analysis.cells import Cell, TooHard
from intertwine.certificates.analysis.clock import tick
from intertwine.certificates.analysis.forms import Rescale
from intertwine.certificates.analysis.regions import Region
from intertwine.certificates.analysis.spans import Signs
from intertwine.certificates.analysis.splits import (
    NOTHING,
    AskSign,
    Assumption,
    CutCell,
    Empty,
    Given,
    Nowhere,
)
from intertwine.terms import Term

MOST_REGIONS = 400


def attempt(region: Region, t: Term) -> Term | None:
    """The term on a region; None where it is undefined."""
    try:
        return region.resolve(t)
    except Nowhere:
        return None


def explore(cells: Iterable[Cell], visit: Callable[[Region], None], given: Given = NOTHING) -> None:
    """Visit regions that together are all of the cells; ``visit`` may ask for further cases.

    What is ``given`` holds on all of them, such as the signs of symbolic parameters.

    Raises
    ------
    TooHard
        There are too many cases, or ``visit`` gives up.
    """
    bases: dict[str, Fraction] = {}
    stack: list[tuple[Cell, tuple[Assumption, ...]]] = [(c, given.assumptions) for c in cells]
    for _ in range(MOST_REGIONS):
        if not stack:
            return
        tick()
        cell, assumptions = stack.pop()
        try:
            visit(Region(cell, assumptions, dict(bases)))
        except CutCell as cut:
            stack += [(c, assumptions) for c in cell.cut(cut.points)]
        except AskSign as ask:
            parts = [part & given.possible(ask.atom) for part in ask.parts]
            stack += [(cell, _with(assumptions, ask.atom, part)) for part in parts if part]
        except Rescale as rescale:
            bases[rescale.family] = rescale.base
            stack.append((cell, assumptions))
        except Empty:
            continue
    raise TooHard("too many cases")


def _with(assumptions: tuple[Assumption, ...], atom: Term, signs: Signs) -> tuple[Assumption, ...]:
    """The assumptions with one more, which may sharpen an old one."""
    kept = tuple(a for a in assumptions if a.atom != atom)
    return (*kept, Assumption(atom, signs))

