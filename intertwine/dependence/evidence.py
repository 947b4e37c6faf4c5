"""A solution as the plain data of a certificate."""

from __future__ import annotations

from typing import Any

from intertwine.calculus.identity import Identity
from intertwine.certificates.relations import RelationCertificate
from intertwine.dependence.solver import Found, Solution
from intertwine.dependence.steps import Periodic
from intertwine.solve.evidence import identity_to_json
from intertwine.terms import to_text


def certificate_of(solution: Solution) -> RelationCertificate:
    """The certificate of a solution."""
    family, independence = solution.family, solution.independence
    return RelationCertificate.from_json({
        "schema": 1,
        "mode": "relations",
        "activation": to_text(family.activation),
        "arguments": [[to_text(b), to_text(c)] for b, c in family.arguments],
        "admit": [to_text(f) for f in family.admitted],
        "status": "exact" if solution.exact else "bounded",
        "dimension": {"lower": solution.lower, "upper": solution.upper},
        "relations": [_relation(r) for r in solution.relations],
        "independence": {
            "columns": list(independence.columns),
            "points": [to_text(p) for p in independence.points],
            "bits": independence.bits,
        },
    })


def _relation(found: Found) -> dict[str, Any]:
    proof = found.proof
    return {
        "coefficients": [to_text(c) for c in proof.coefficients],
        "free": found.free,
        "guarded": proof.guarded,
        "proofs": [_side(s) for s in proof.sides],
    }


def _side(side: Identity | Periodic) -> dict[str, Any]:
    if isinstance(side, Identity):
        return identity_to_json(side)
    return {"period": str(side.period), "cuts": [str(c) for c in side.cuts],
            "identity": identity_to_json(side.identity)}
