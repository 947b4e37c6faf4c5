"""Why the group has finitely many components."""

from __future__ import annotations

from intertwine.calculus.tame import ANYWHERE
from intertwine.maps.expressions import index_of
from intertwine.maps.space import Space

ENTIRE = frozenset({"num", "pi", "E", "add", "mul", "exp", "sin", "cos", "sinh", "cosh", "tanh", "erf", "atan", "asinh",
                    "pow", "log", "sinc", "Si", "fresnels", "fresnelc"})


def finitely_many(space: Space, analytic: bool) -> str | None:
    """A reason for finitely many components: the map is definable, or analytic everywhere on Rⁿ; else None.

    A definable group has finitely many components (Pillay 1988), and it is closed. For a map that is analytic on all of
    Rⁿ the group is the stabiliser of the Taylor polynomials of some order, hence a real algebraic group.
    """
    nodes = [node for t in space.terms for node in t.walk() if index_of(node) is None]
    if all(node.op in ANYWHERE for node in nodes):
        return "definable"
    smooth = len(space.cells) == 1 and not space.outside and not space.hard_walls
    if smooth and analytic and all(node.op in ENTIRE for node in nodes):
        return "analytic"
    return None
