"""The certificate of a derivation: what the checker needs, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from intertwine.calculus.enclosure import ball, precision
from intertwine.maps.algebra import _ball_rows
from intertwine.maps.balls import Point, certified_rank
from intertwine.maps.expressions import show
from intertwine.maps.generators import generating
from intertwine.maps.membership import Terms, expressed, full_image
from intertwine.maps.space import BITS, Space

if TYPE_CHECKING:
    from intertwine.certificates.maps import MapCertificate
    from intertwine.maps.solution import MapSolution


def certificate_of(solution: MapSolution) -> MapCertificate:
    """The certificate of a solution."""
    from intertwine.certificates.maps import MapCertificate

    d = solution.derivation
    space, lie, found = d.space, d.lie, d.components
    field = space.mixed.field
    elements = generating(space, found.proofs)
    return MapCertificate.from_json({
        "schema": 1, "mode": "map", "map": list(solution.source.texts()), "variables": solution.n,
        "status": solution.status,
        "claim": {"dimension": lie.lower, "unique": solution.unique,
                  "components": {"order": str(found.order), "exact": d.exact}},
        "basis": list(space.basis),
        "expressed": _texts([[field.term(e) for e in row] for row in expressed(space)]),
        "independence": [_numbers(p) for p in _independence(space)],
        "algebra": [{"x": _texts(m.x), "y": _texts(m.y)} for m in lie.members],
        "rank": _rank(solution),
        "elements": [{"a": _texts(p.matrix), "b": _texts(full_image(space, p.image))} for p in elements],
        "refuted": [{"a": _texts(r.matrix), "kind": r.kind, "points": [_numbers(p) for p in r.points],
                     "function": r.function} for r in found.refuted],
        "theorem": found.theorem,
    })


def _numbers(p: Point) -> list[str]:
    return [str(c) for c in p]


def _texts(matrix: Terms | Sequence[Sequence[Any]]) -> list[list[str]]:
    return [[show(t) for t in row] for row in matrix]


def _independence(space: Space) -> list[Point]:
    for bits in BITS:
        rows = space._values(bits, [space.terms[b] for b in space.basis])
        rank, chosen, _ = certified_rank(rows)
        if rank == space.d and len(rows) == len(space.points):
            return [space.points[i] for i in chosen]
    return list(space.points[: space.d])


def _rank(solution: MapSolution) -> dict[str, Any]:
    space, witness = solution.derivation.space, solution.derivation.lie.witness
    bits = witness.bits or BITS[0]
    rows, used = _ball_rows(space, bits)
    with precision(bits):
        rows += [[ball(c) for c in j.row] + [ball(c - c) for c in j.row[:1]] * (space.d**2) for j in witness.jumps]
        _, chosen, columns = certified_rank(rows)
    return {"bits": bits, "points": [_numbers(p) for p in used], "rows": chosen, "columns": columns,
            "jumps": [{"point": _numbers(j.point), "normal": _numbers(j.normal), "why": j.why} for j in witness.jumps]}
