"""The tree of a case distinction as the plain data of a certificate."""

from __future__ import annotations

from typing import Any

from intertwine.parameters.conditions import Conditions
from intertwine.parameters.tree import Claim, Empty, Leaf, Node
from intertwine.terms import Term, to_text

Json = dict[str, Any]


def certificate(activation: Term, names: tuple[str, ...], assumptions: Conditions, tree: Node,
                claims: list[Claim | None], integers: frozenset[str] = frozenset()) -> Json:
    """The certificate of a whole case distinction."""
    return {
        "schema": 1, "mode": "parameters", "activation": to_text(activation), "parameters": list(names),
        "assumptions": [{"atom": str(c.atom), "signs": sorted(c.signs)} for c in assumptions],
        "integers": sorted(integers),
        "cases": [None if claim is None else claim_to_json(claim) for claim in claims],
        "tree": node_to_json(tree, {claim.key: i for i, claim in enumerate(claims) if claim is not None}),
    }


def claim_to_json(claim: Claim) -> Json:
    """What is claimed of a case."""
    return {"kind": claim.kind, "scalars": claim.scalars, "degree": str(claim.degree), "odd": claim.odd,
            "unique": claim.unique}


def leaf_to_json(leaf: Leaf) -> Json:
    """The theorem and the facts of a cell."""
    return {"theorem": leaf.theorem, "facts": leaf.facts, "claim": None if leaf.claim is None else claim_to_json(
        leaf.claim)}


def node_to_json(node: Node, cases: dict[Any, int]) -> Json:
    """A node with all below it."""
    if isinstance(node, Empty):
        return {"empty": True}
    if isinstance(node, Leaf):
        if not node.exact or node.claim is None:
            return {"case": None, "question": node.question}
        found: Json = {"case": cases[node.claim.key], "theorem": node.theorem, "facts": node.facts}
        if node.ordinary is not None:
            found["certificate"] = node.ordinary.certificate.to_json()
        return found
    branches = []
    for b in node.branches:
        entry: Json = {"class": b.whole} if b.signs is None else {"signs": sorted(b.signs)}
        if b.solution is not None:
            entry |= {"parameter": b.solution[0], "value": str(b.solution[1])}
        branches.append({**entry, "node": node_to_json(b.node, cases)})
    return {"split": str(node.atom), "branches": branches}
