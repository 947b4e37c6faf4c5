"""Leading behaviours on a region that reaches to infinity, where normal forms are at hand."""

from __future__ import annotations

from collections.abc import Callable

from intertwine.calculus.asymptotics import Asymptotic, Asymptotics
from intertwine.calculus.cases import Region
from intertwine.calculus.tower import Element, NoNormalForm
from intertwine.terms import Term

Behaviour = Callable[[Term], "Asymptotic | None"]


def behaviour(region: Region) -> Behaviour:
    """The function that gives the leading behaviour of a term on a region, None where it does not know."""

    def normal(t: Term) -> Element | None:
        try:
            return region.normal.of(t)
        except NoNormalForm:
            return None

    def zero(t: Term) -> bool:
        e = normal(t)
        return e is not None and region.tower.is_zero(e)

    def constant(t: Term) -> bool:
        e = normal(t)
        return e is not None and region.tower.is_constant(e)

    return Asymptotics(zero, constant).of
