"""What the number of components and the kind have to agree with, also where no method counts the components.

These are necessary conditions, so that a claim that breaks one is refused; they do not replace a count.

- Monomial elements over a diagonal Lie algebra t of a map that is definable: a positive diagonal element of the group
  lies in exp t, as its powers would give infinitely many components otherwise. So the components are told apart by
  the signed permutations, and there are as many as these generate.
- Rational elements that differ by a positive factor are in one component, as its powers are symmetries, too. Over the
  multiples of the identity, or none, others are in different ones.
- The sign of the determinant is a homomorphism on components: if both signs occur, their number is even.
- Signed permutations that the map does not tell from symmetries at any point have to be among the components.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import permutations, product
from typing import Any

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from intertwine.certificates.maps.counting import Balls, Verified
from intertwine.certificates.maps.functions import At, Outside, Unclear, read
from intertwine.terms import Term

Signed = tuple[tuple[int, int], ...]  # for every row the column and the sign of its entry
MOST = 60_000
MOST_RATIONAL = 2_000
BITS = 256


def doubt(known: Verified, order: int, complete: bool = True) -> str:
    """Why the number of components cannot be the given one, or as large; empty if nothing speaks against it."""
    ctx.prec = BITS
    signed = [_signed(a) for a in known.elements]
    if known.tame and _diagonal(known) and None not in signed:
        group = _generated_signed([s for s in signed if s is not None], known.n)
        if group is not None:
            if len(group) < order or (complete and len(group) != order):
                return "the number of components is not that of the signed permutations"
            missing = complete and any(s not in group and _fits(known, s) for s in _candidates(known.n))
            return "a symmetry is in none of the components" if missing else ""
    if known.tame and all(t.value is not None for a in known.elements for r in a for t in r):
        rays, told_apart = _generated_rays([_rational(a) for a in known.elements], known.n), _scalar(known)
        if rays is not None:
            if len(rays) < order or (complete and told_apart and len(rays) != order):
                return "the number of components is not that of the elements up to positive factors"
            if complete and told_apart and any(
                    _ray(_matrix(s)) not in rays and _fits(known, s) for s in _candidates(known.n)):
                return "a symmetry is in none of the components"
    if not complete:
        return ""
    turned = any(arb_mat(known.balls(a)).det() < 0 for a in known.elements) or (
        order % 2 == 1 and any(_det(s) < 0 and _fits(known, s) for s in _candidates(known.n)))
    return "the number of components is odd, though both signs of the determinant occur" if turned and order % 2 else ""


def _diagonal(known: Verified) -> bool:
    return all(t.value == 0 for x in known.algebra for i, r in enumerate(x) for j, t in enumerate(r) if i != j)


def _scalar(known: Verified) -> bool:
    return _diagonal(known) and len(known.algebra) <= 1 and all(
        x[i][i].value is not None and x[i][i].value == x[0][0].value for x in known.algebra for i in range(known.n))


# -- signed permutations -------------------------------------------------------------------------
def _signed(a: list[list[Term]]) -> Signed | None:
    """The places and signs of the entries of a monomial matrix."""
    result = []
    for row in a:
        places = [j for j, t in enumerate(row) if t.value != 0]
        if len(places) != 1:
            return None
        value = At([]).of(row[places[0]])
        if value.contains(0):
            return None
        result.append((places[0], 1 if value > 0 else -1))
    return tuple(result) if len({j for j, _ in result}) == len(a) else None


def _generated_signed(moves: list[Signed], n: int) -> set[Signed] | None:
    one: Signed = tuple((j, 1) for j in range(n))
    found, queue = {one}, [one]
    while queue:
        g = queue.pop()
        for h in moves:
            new = tuple((h[j][0], s * h[j][1]) for j, s in g)
            if new not in found:
                found.add(new)
                queue.append(new)
        if len(found) > MOST:
            return None
    return found


def _candidates(n: int) -> Iterator[Signed]:
    """All signed permutations of up to three coordinates; of more, signs and exchanges of two."""
    plain = tuple(range(n))
    orders = list(permutations(plain)) if n <= 3 else [plain]
    for order in orders:
        for signs in product((1, -1), repeat=n):
            yield tuple(zip(order, signs, strict=True))
    if n > 3:
        for i in range(n):
            for j in range(i):
                yield tuple((i if k == j else j if k == i else k, 1) for k in plain)


def _matrix(s: Signed) -> fmpq_mat:
    return fmpq_mat([[fmpq(sign if k == j else 0) for k in range(len(s))] for j, sign in s])


def _det(s: Signed) -> int:
    return 1 if _matrix(s).det() > 0 else -1


def _fits(known: Verified, s: Signed) -> bool:
    """Whether σ(Ax) is in the span of σ at all points where both are known, and these are enough to tell."""
    a: Balls = [[arb(sign if k == j else 0) for k in range(known.n)] for j, sign in s]
    if known.excluded(a):
        return False
    rows = []
    for p in known.points:
        try:
            at = At(p)
            before = [at.of(t) for t in known.tau]
            moved = At([sign * at.point[j] for j, sign in s])
            after = [moved.of(t) for t in known.tau]
        except (Outside, Unclear):
            return False
        if any(v != 0 for v in before + after):
            rows.append((before, after))
    d = len(known.tau)
    if len(rows) < d + 3:
        return False
    return all(arb_mat([b + [c[i]] for b, c in rows[k : k + d + 1]]).det().contains(0)
               for i in range(d) for k in range(len(rows) - d))


# -- up to positive factors ----------------------------------------------------------------------
def _rational(a: list[list[Term]]) -> fmpq_mat:
    return fmpq_mat([[fmpq(t.value.numerator, t.value.denominator) for t in row if t.value is not None] for row in a])


def _ray(m: fmpq_mat) -> str:
    """A name of the positive multiples of a matrix."""
    largest = max((abs(e) for row in m.tolist() for e in row), default=fmpq(1))
    return str((m * (1 / largest)).tolist())


def _generated_rays(moves: list[fmpq_mat], n: int) -> set[str] | None:
    one = fmpq_mat([[fmpq(int(i == j)) for j in range(n)] for i in range(n)])
    found, queue = {_ray(one)}, [one]
    while queue:
        g = queue.pop()
        for h in moves:
            new = g * h
            if _ray(new) not in found:
                found.add(_ray(new))
                queue.append(new)
        if len(found) > MOST_RATIONAL:
            return None
    return found


# -- the kind ------------------------------------------------------------------------------------
def kind_fits(kind: object, data: Mapping[str, Any]) -> bool:
    """Whether a kind agrees with the dimension, the number of components and the Lie algebra of a certificate."""
    n, size, order = int(data["variables"]), int(data["claim"]["dimension"]), int(data["claim"]["components"]["order"])
    if data["status"] != "exact":
        return kind == "stabiliser"
    full, turns = math.factorial(n), n * (n - 1) // 2
    if kind in ("orthogonal", "conformal orthogonal"):
        return size == turns + (kind != "orthogonal") and order == 2 and _rotations(data, n)
    sizes: dict[object, tuple[int, bool]] = {
        "general linear": (n * n, order == 2), "monomial": (n, order == 2**n * full), "trivial": (0, order == 1),
        "positive-scaled permutation": (n, order == full), "signed permutation": (0, order == 2**n * full),
        "permutation": (0, order == full), "finite": (0, True), "stabiliser": (size, True),
        "orthogonal of a form": (turns, order == 2), "conformal orthogonal of a form": (turns + 1, order == 2),
        "pseudo-orthogonal": (turns, order > 2), "conformal pseudo-orthogonal": (turns + 1, order > 2),
    }  # fmt: skip
    if not isinstance(kind, str) or sizes.get(kind) != (size, True):
        return False
    if kind == "monomial" or kind.endswith("permutation"):
        return all(_at_most_one(e["a"]) for e in data["elements"]) and all(_plain(e["x"]) for e in data["algebra"])
    if kind.endswith("of a form"):  # so(S) for a definite S has no diagonal members
        return not all(_plain(e["x"]) for e in data["algebra"]) and not _rotations(data, n)
    return True


def _at_most_one(rows: list[list[str]]) -> bool:
    """Whether a matrix has at most one entry that is not 0 in every row."""
    return all(sum(read(e, 0).value != 0 for e in row) <= 1 for row in rows)


def _plain(rows: list[list[str]]) -> bool:
    """Whether a matrix is diagonal."""
    return all(read(e, 0).value == 0 for i, row in enumerate(rows) for j, e in enumerate(row) if i != j)


def _rotations(data: Mapping[str, Any], n: int) -> bool:
    """Whether every member of the Lie algebra is antisymmetric up to a multiple of the identity."""
    ctx.prec = BITS
    for member in data["algebra"]:
        x = [[At([]).of(read(e, 0)) for e in row] for row in member["x"]]
        sums = [x[i][j] + x[j][i] - (2 * x[0][0] if i == j else 0) for i in range(n) for j in range(n)]
        if not all(s.contains(0) for s in sums):
            return False
    return True
