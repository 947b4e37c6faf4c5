"""What an identity proof says: on which parts of the half-line, by which method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intertwine.calculus.cells import Cell
from intertwine.calculus.core import reflected
from intertwine.calculus.identity import Identity, Step
from intertwine.explain.wording import text

MOST_STEPS = 5
_METHODS = {
    "identical": "both sides are the same expression",
    "undefined": "both sides are undefined",
    "removable": "the left side has isolated removable singularities, which are filled in",
    "algebra": "the difference reduces to zero in normal form",
    "point": "both sides have the same exact value",
}


def proof(identities: Sequence[tuple[int, Identity]]) -> str:
    """One sentence for the proof of an identity on one or two half-lines, each with its side.

    Examples
    --------
    >>> from intertwine.calculus.identity import prove_equal
    >>> from intertwine.terms import X, apply
    >>> proof([(1, prove_equal(apply("log", apply("exp", X)), X))])
    'Proof: on x > 0 the difference reduces to zero in normal form.'
    """
    parts = [(side, step) for side, identity in identities for step in identity.steps]
    if len({step.method for _, step in parts}) == 1 and all(_is_plain(step) for _, step in parts):
        where = " and on ".join(_region(side, step) for side, step in parts)
        return f"Proof: on {where} {_method(*parts[0])}."
    shown = "; ".join(f"on {_region(side, step)} {_method(side, step)}" for side, step in parts[:MOST_STEPS])
    more = len(parts) - MOST_STEPS
    rest = f"; and {more} more {'case' if more == 1 else 'cases'}" if more > 0 else ""
    return f"Proof in {len(parts)} cases: {shown}{rest}." if len(parts) > 1 else f"Proof: {shown}."


def _is_plain(step: Step) -> bool:
    return step.cell == Cell() and not step.assumptions and step.base is None


def _method(side: int, step: Step) -> str:
    if step.method not in ("derivative", "ode"):
        return _METHODS.get(step.method, step.method)
    base = f"{'-' if side < 0 and step.base not in (None, '0') else ''}{step.base}"
    if step.method == "derivative":
        return f"the difference has derivative zero, and is zero at {base}"
    return f"the difference f satisfies a linear equation f' = a*f, and is zero at {base}"


def _region(side: int, step: Step) -> str:
    """The cell and the assumptions in terms of ``x``; identities on the left half-line are proved at ``-x``."""
    where = _cell(side, step.cell)
    assumptions = [a if side > 0 else replace(a, atom=reflected(a.atom)) for a in step.assumptions]
    if not assumptions:
        return where
    return f"{where}, where {text(' and '.join(map(repr, assumptions[:3])))},"


def _cell(side: int, cell: Cell) -> str:
    sign = "-" if side < 0 else ""
    if cell.point is not None:
        return f"x = {sign}{cell.point!r}"
    low = "0" if cell.low is None else repr(cell.low)
    if cell.high is None:
        zero = low == "0"
        return f"x {'>' if side > 0 else '<'} {'' if zero else sign}{low}"
    if side > 0:
        return f"{low} < x < {cell.high!r}"
    return f"-{cell.high!r} < x < {'' if low == '0' else '-'}{low}"
