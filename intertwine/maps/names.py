"""Names of Lie algebras, by invariants that prove them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

from intertwine.calculus.tower import NoNormalForm, rational
from intertwine.maps.blocks import bracket, decompose, derived, flat
from intertwine.maps.feasible import signature
from intertwine.maps.field import Constants, Matrix
from intertwine.maps.pieces import _frame

Structure = list[list[list[Fraction]]]


def structure_constants(constants: Constants, algebra: Sequence[Matrix]) -> Structure | None:
    """c with [X_i, X_j] = Σ c_ijk X_k; None if they are not all rational."""
    if not algebra:
        return []
    size = len(algebra)
    columns = [flat(x) for x in algebra]
    pairs = list(combinations(range(size), 2))
    brackets = [flat(bracket(constants, algebra[i], algebra[j])) for i, j in pairs]
    solved = constants.solve([list(row) for row in zip(*columns, *brackets, strict=True)], size)
    if solved is None:
        raise NoNormalForm("not closed under brackets")
    result: Structure = [[[Fraction(0)] * size for _ in range(size)] for _ in range(size)]
    for (i, j), values in zip(pairs, solved, strict=True):
        plain = [e.rational_value for e in values]
        if any(v is None for v in plain):
            return None
        result[i][j] = [Fraction(int(v.p), int(v.q)) for v in plain if v is not None]
        result[j][i] = [-v for v in result[i][j]]
    return result


def killing_form(structure: Structure) -> list[list[Fraction]]:
    """trace(ad X_i · ad X_j)."""
    size = len(structure)
    return [[sum((structure[i][k][m] * structure[j][m][k] for k in range(size) for m in range(size)), Fraction(0))
             for j in range(size)] for i in range(size)]


def name_of(constants: Constants, algebra: Sequence[Matrix], n: int) -> str | None:
    """The name of a Lie algebra of n×n matrices up to isomorphism, where an invariant proves it.

    ``gl(n)`` by dimension; the orthogonal and conformal algebras and sums of them over the isotypic blocks by their
    invariant forms; abelian ones by their brackets; simple ones of dimension three by the Killing form.
    """
    size = len(algebra)
    if size == 0:
        return "0"
    if size == n * n:
        return f"gl({n})"
    inner = derived(constants, algebra, n)
    if not inner:
        return "R" if size == 1 else f"R^{size}"
    found = _by_blocks(constants, algebra, n)
    if found is not None:
        return found
    structure = structure_constants(constants, algebra)
    if structure is None:
        return None
    killing = signature(killing_form(structure))
    if size == 3 and killing == (2, 1):
        return "sl(2)"
    if size == 3 and killing == (0, 3):
        return "so(3)"
    if size == 2:
        return "aff(1)"
    if size == 3 and killing == (1, 0) and len(inner) == 1 and len(centre(constants, algebra)) == 1:
        return "R ⊕ aff(1)"  # the other algebra with a centre and a derived algebra of dimension one has Killing form 0
    return None


def _by_blocks(constants: Constants, algebra: Sequence[Matrix], n: int) -> str | None:
    """A direct sum over blocks: rotations or special linear parts, and what is left is central."""
    parts, total = [], 0
    for block in decompose(constants, algebra, n):
        r = block.size
        if block.kind == "orthogonal" and r > 2:
            assert block.form is not None
            plus, minus = _frame(constants, [list(row) for row in block.form])
            p, q = max(len(plus), len(minus)), min(len(plus), len(minus))
            parts.append(f"so({p})" if q == 0 else f"so({p},{q})")
            total += r * (r - 1) // 2
        elif block.kind == "linear":
            parts.append(f"sl({r})")
            total += r * r - 1
    if total != len(derived(constants, algebra, n)):
        return None
    rest = len(algebra) - total
    if rest and len(centre(constants, algebra)) != rest:
        return None
    if rest == 1 and len(parts) == 1 and parts[0].startswith("sl"):
        return f"gl{parts[0][2:]}"
    return " ⊕ ".join([*(["R" if rest == 1 else f"R^{rest}"] if rest else []), *sorted(parts)])


def centre(constants: Constants, algebra: Sequence[Matrix]) -> Matrix:
    """The combinations of the basis that commute with everything."""
    rows = []
    for x in algebra:
        columns = [flat(bracket(constants, z, x)) for z in algebra]
        rows += [list(row) for row in zip(*columns, strict=True)]
    return constants.kernel(rows, len(algebra)) if rows else [[rational(1)]]
