"""The certificate of a derivation: what the checker needs, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from intertwine.calculus.enclosure import ball, precision
from intertwine.maps.algebra import _ball_rows
from intertwine.maps.balls import Point, certified_rank
from intertwine.maps.expressions import SmallMap, show
from intertwine.maps.generators import generating
from intertwine.maps.membership import Terms, expressed, full_image
from intertwine.maps.solver import Derivation
from intertwine.maps.space import BITS, Space
from intertwine.terms import num

if TYPE_CHECKING:
    from intertwine.certificates.maps import MapCertificate
    from intertwine.maps.solution import MapSolution


def certificate_of(solution: MapSolution) -> MapCertificate:
    """The certificate of a solution."""
    from intertwine.certificates.maps import MapCertificate

    data = evidence(solution.source, solution.derivation)
    return MapCertificate.from_json(data)


def evidence(source: SmallMap, d: Derivation) -> dict[str, Any]:
    """The content of the certificate of a map, and of the quotients that it rests on."""
    from intertwine.certificates.maps.checker import counts

    space, lie, found = d.space, d.lie, d.components
    field = space.mixed.field
    elements = generating(space, found.proofs)
    frame = found.frame or tuple(tuple(num(int(i == j)) for j in range(space.n)) for i in range(space.n))
    data: dict[str, Any] = {
        "schema": 1, "mode": "map", "map": list(source.texts()), "variables": source.n,
        "status": "exact" if d.exact else "bounded",
        "claim": {"dimension": lie.lower, "unique": space.d == source.m,
                  "components": {"order": str(found.order), "exact": d.exact}, "counted": False},
        "basis": list(space.basis),
        "expressed": _texts([[field.term(e) for e in row] for row in expressed(space)]),
        "independence": [_numbers(p) for p in _independence(space)],
        "algebra": [{"x": _texts(m.x), "y": _texts(m.y)} for m in lie.members],
        "rank": _rank(d),
        "elements": [{"a": _texts(p.matrix), "b": _texts(full_image(space, p.image))} for p in elements],
        "refuted": [{"a": _texts(r.matrix), "kind": r.kind, "points": [_numbers(p) for p in r.points],
                     "function": r.function} for r in found.refuted],
        "theorem": found.theorem, "frame": _texts(frame), "quotient": _quotient(d),
    }
    data["claim"]["counted"] = d.exact and counts(data)
    return data


def _quotient(d: Derivation) -> dict[str, Any] | None:
    """The directions along which a map does not change, and the evidence for the map without them."""
    if not d.exact or not d.inertia.size or not d.inertia.exact:
        return None
    inner, source = d.quotient, d.inertia.quotient
    return {"still": [[str(Fraction(int(v.p), int(v.q))) for e in row if (v := e.rational_value) is not None]
                      for row in d.inertia.basis],
            "certificate": None if inner is None or source is None else evidence(source, inner)}


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


def _rank(d: Derivation) -> dict[str, Any]:
    space, witness = d.space, d.lie.witness
    bits = witness.bits or BITS[0]
    rows, used = _ball_rows(space, bits)
    with precision(bits):
        rows += [[ball(c) for c in j.row] + [ball(c - c) for c in j.row[:1]] * (space.d**2) for j in witness.jumps]
        _, chosen, columns = certified_rank(rows)
    return {"bits": bits, "points": [_numbers(p) for p in used], "rows": chosen, "columns": columns,
            "jumps": [{"point": _numbers(j.point), "normal": _numbers(j.normal), "why": j.why} for j in witness.jumps]}
