"""A parameter that a condition ``... = 0`` determines."""

from __future__ import annotations

from intertwine.certificates.analysis.algebra import scalar
from intertwine.certificates.analysis.cases import explore
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.analysis.functions import Signs
from intertwine.certificates.analysis.plain import plain
from intertwine.certificates.analysis.regions import Region
from intertwine.parameters.checking.knowledge import SOMEWHERE, Knowledge
from intertwine.terms import Term


def only_solution(atom: Term, name: str, value: Term, conditions: tuple[tuple[Term, Signs], ...]) -> bool:
    """Whether ``atom = 0`` exactly if the parameter has the value: linear in it, with a slope that is nowhere zero."""
    if name in value.parameters or value.has_x:
        return False
    knowledge = Knowledge(conditions)
    slopes: list[Term] = []

    def visit(region: Region) -> None:
        e = region.generators.reduced(region.forms.of(region.resolve(plain(atom))))
        names = [(head, f"@{name}") for head in ("parameter", "minus parameter")]
        place = next((p for p in map(region.generators.place, names) if p is not None), None)
        if place is None or e.top.degrees()[place] != 1 or e.bottom.degrees()[place]:
            raise TooHard("not linear")
        others = {i for p in (e.top, e.bottom) for i in region.generators.of(p)} - {place}
        if any(name in region.generators.all[i].term.parameters for i in others):
            raise TooHard("not linear")
        slopes.append(region.generators.term(type(e)(e.top.derivative(place), scalar(1))))

    try:
        explore(SOMEWHERE, visit, knowledge.given)
    except TooHard:
        return False
    return (
        bool(slopes) and all(knowledge.nowhere_zero(t) for t in slopes)
        and knowledge.zero(atom.with_parameters({name: value}))
    )
