"""What kind of group it is, in the field's terms."""

from __future__ import annotations

import math

from intertwine.maps.blocks import Block, classify
from intertwine.maps.membership import Terms
from intertwine.maps.solver import Derivation
from intertwine.terms import Term, num


def kind_of_map(derivation: Derivation) -> str:
    """The kind of the group of a map; the kinds are listed in the documentation.

    ``"orthogonal"`` and ``"conformal orthogonal"`` are the groups of the standard form |x|²; those of other forms are
    ``"pseudo-orthogonal"`` and ``"conformal pseudo-orthogonal"`` when indefinite, ``"... of a form"`` when definite.
    """
    lie, found, n = derivation.lie, derivation.components, derivation.space.n
    if not derivation.exact:
        return "stabiliser"
    if lie.lower == n * n:
        return "general linear" if found.order == 2 else "positive-scaled permutation"  # n = 1: R* or R>0
    monomial = _monomial(derivation)
    if monomial is not None:
        return monomial
    if n >= 2 and lie.lower in (n * (n - 1) // 2, n * (n - 1) // 2 + 1):
        whole = [[derivation.space.mixed.of(_unit(i, j)) for j in range(n)] for i in range(n)]
        block = classify(derivation.space.mixed.field, lie.x_matrices, whole, n)
        if block.kind == "orthogonal":
            return _orthogonal(derivation, block)
    if lie.lower == 0 and found.order == 1:
        return "trivial"
    return "finite" if lie.lower == 0 else "stabiliser"


def _unit(i: int, j: int) -> Term:
    return num(int(i == j))


def _orthogonal(derivation: Derivation, block: Block) -> str:
    n = derivation.space.n
    scaled = derivation.lie.lower == n * (n - 1) // 2 + 1
    prefix = "conformal " if scaled else ""
    definite = derivation.components.order == 2
    if not definite:
        return prefix + "pseudo-orthogonal"
    assert block.form is not None
    values = [[e.rational_value for e in row] for row in block.form]
    standard = all(v is not None and (v == values[0][0] if i == j else v == 0)
                   for i, row in enumerate(values) for j, v in enumerate(row))
    return prefix + "orthogonal" + ("" if standard else " of a form")


def _monomial(derivation: Derivation) -> str | None:
    """S ≀ Sym(n) for S one of {1}, {±1}, R>0 and R*, recognised by its order."""
    lie, found, n = derivation.lie, derivation.components, derivation.space.n
    if derivation.quotient is not None or n == 1 and lie.lower == 0 and found.order > 2:
        return None
    if not all(_is_monomial(p.matrix) for p in found.proofs):
        return None
    diagonal = all(t.value == 0 for m in lie.members for i, row in enumerate(m.x) for j, t in enumerate(row) if i != j)
    if not diagonal or lie.lower not in (0, n):
        return None
    full = math.factorial(n)
    if found.permuted * found.internal == full * 2**n:
        return "monomial" if lie.lower else "signed permutation"
    if found.permuted * found.internal != full or n == 1:
        return None
    positive = all(t.value is None or t.value >= 0 for p in found.proofs for row in p.matrix for t in row)
    plain = all(t.value in (0, 1) for p in found.proofs for row in p.matrix for t in row)
    if lie.lower and positive:
        return "positive-scaled permutation"
    return "permutation" if plain and not lie.lower else None


def _is_monomial(matrix: Terms) -> bool:
    n = len(matrix)
    rows = [[j for j in range(n) if matrix[i][j].value != 0] for i in range(n)]
    return all(len(r) == 1 for r in rows) and len({r[0] for r in rows}) == n
