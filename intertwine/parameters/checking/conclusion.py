"""From the facts about a cell to its group: the theorems of the theory page, for all values of the parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intertwine.certificates.analysis.plain import minus
from intertwine.errors import CertificateError
from intertwine.parameters.checking.cellfacts import CellFacts
from intertwine.terms import ONE, ZERO, Term

KINDS = {"trivial": "permutation", "sign": "signed permutation", "positive": "positive-scaled permutation",
         "nonzero": "monomial"}  # fmt: skip
Claimed = tuple[str, str, Term, int, bool]


def refuse(why: str) -> CertificateError:
    """The conclusion does not follow."""
    return CertificateError(f"the claim does not follow: {why}")


def conclude(cell: CellFacts, claim: Claimed, theorem: object) -> None:
    """Draw the group of a cell from what is established, and compare it with the claim.

    Raises
    ------
    CertificateError
        It does not follow.
    """
    facts = cell.established
    if theorem == "undefined":
        if set(facts["sides"]) != {1, -1} or any(side[0] != "undefined" for side in facts["sides"].values()):
            raise refuse("the activation may be defined somewhere")
        _same(cell, claim, ("undefined", "", ZERO, 0, False))
    elif theorem in ("affine", "constant"):
        _same(cell, claim, _affine(cell, theorem))
    else:
        _same(cell, claim, _monomial(cell, facts, theorem))


def _affine(cell: CellFacts, theorem: object) -> Claimed:
    if "line" not in cell.established:
        raise refuse("the activation is not shown to be affine")
    slope, intercept = cell.established["line"]
    if theorem == "constant":
        if not cell.known.zero(slope):
            raise refuse("the slope may not be zero")
        return "general linear", "nonzero", ZERO, 0, False
    if not cell.known.nowhere_zero(slope):
        raise refuse("the slope may be zero")
    if cell.known.zero(intercept):
        return "general linear", "nonzero", ONE, 1, True
    if cell.known.nowhere_zero(intercept):
        return "unit row sums", "trivial", ZERO, 0, True
    raise refuse("the intercept may or may not be zero")


def _monomial(cell: CellFacts, facts: Mapping[str, Any], theorem: object) -> Claimed:
    one_sided = any(side[0] == "undefined" for side in facts["sides"].values())
    # Theorem 1: not affine on the whole line, with a domain that is definable or the whole line.
    if not (facts.get("not affine") or one_sided) or not (facts.get("definable") or facts.get("total")):
        raise refuse("the matrices are not shown to be monomial")
    if not (facts.get("not constant") or facts.get("constant")):
        raise refuse("the activation is not shown to be constant, or not")
    if not cell.on_an_interval():
        raise refuse("the activation may be defined at isolated points only")
    degree = _positive(cell, facts, theorem)
    if one_sided:
        negative = None
    elif facts.get("member"):
        negative = facts["member"]
    elif facts.get("not even") and facts.get("not odd"):
        negative = None
    else:
        raise refuse("-1 is neither in the group nor outside")
    if degree is None:
        scalars = "trivial" if negative is None else "sign"
    else:
        scalars = "positive" if negative is None else "nonzero"
    return KINDS[scalars], scalars, degree or ZERO, 1 if negative == -1 else 0, bool(facts.get("not constant"))


def _positive(cell: CellFacts, facts: Mapping[str, Any], theorem: object) -> Term | None:
    """The degree of the character on the positive scalings, None if 1 is the only one."""
    if theorem == "dichotomy":
        if facts.get("separation") and facts.get("definable"):
            return None
        raise refuse("Theorem 3 needs a definable activation and a separation")
    if theorem == "one tame end":
        if facts.get("separation") and facts.get("on one half-line") and cell.tame_at_zero():
            return None
        raise refuse("Theorem 2 needs a separation on one half-line and a tame end")
    sides = facts["sides"]
    if set(sides) != {1, -1} or "at zero" not in facts:
        raise refuse("a half-line is not accounted for")
    active = [(c, p) for kind, c, p in sides.values() if kind == "power"]
    if theorem == "homogeneous":
        degree = active[0][1] if active else ZERO
        if len(active) == 2 and not cell.known.zero(minus(active[0][1], active[1][1])):
            raise refuse("two half-lines have different degrees")
        if facts["at zero"] == "nonzero" and not cell.known.zero(degree):
            raise refuse("s(0) is not zero")
        if not active and facts["at zero"] != "undefined" and not facts.get("constant"):
            raise refuse("the activation is zero but at one point")
        return degree
    if theorem == "two half-lines":
        moving = [(c, p) for c, p in active if cell.known.nowhere_zero(c)]
        if facts["at zero"] == "nonzero" and any(cell.known.nowhere_zero(p) for _, p in moving):
            return None
        if len(moving) == 2 and cell.known.nowhere_zero(minus(moving[0][1], moving[1][1])):
            return None
    raise refuse(f"by the theorem {theorem!r}")


def _same(cell: CellFacts, claim: Claimed, found: Claimed) -> None:
    kind, scalars, degree, odd, unique = found
    if (kind, scalars, odd, unique) != (claim[0], claim[1], claim[3], claim[4]):
        raise refuse(f"the group is {kind}, with another character or scalars")
    if claim[2] != degree and not cell.known.zero(minus(claim[2], degree)):
        raise refuse("the character has another degree")
