"""All cases of a case distinction, one region after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from fractions import Fraction
from typing import TypeVar

from intertwine.certificates.analysis.cells import Cell
from intertwine.certificates.analysis.clock import TooHard, tick
from intertwine.certificates.analysis.forms import Rescale
from intertwine.certificates.analysis.functions import Signs
from intertwine.certificates.analysis.regions import Region
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

MOST_REGIONS, DEEPEST = 400, 6
T = TypeVar("T")
_depth: ContextVar[int] = ContextVar("depth", default=0)  # of case distinctions that are needed to settle others


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
    if _depth.get() > DEEPEST:
        raise TooHard("case distinctions that need others")
    token = _depth.set(_depth.get() + 1)
    try:
        _explore(cells, visit, given)
    finally:
        _depth.reset(token)


def _explore(cells: Iterable[Cell], visit: Callable[[Region], None], given: Given) -> None:
    bases: dict[str, Fraction] = {}
    stack: list[tuple[Cell, tuple[Assumption, ...]]] = [(c, given.assumptions) for c in cells]
    for _ in range(MOST_REGIONS):
        if not stack:
            return
        tick()
        cell, assumptions = stack.pop()
        try:
            visit(Region(cell, assumptions, dict(bases), given))
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


def on_the_whole(cell: Cell, find: Callable[[Region], T]) -> T | None:
    """What is found on an open cell without cases; None where cases have to be distinguished, or it is too hard."""
    found: list[T] = []

    def visit(region: Region) -> None:
        if region.cell != cell or not region.connected:
            raise TooHard("cases")
        found.append(find(region))

    try:
        explore([cell], visit)
    except TooHard:
        return None
    return found[0] if found else None
