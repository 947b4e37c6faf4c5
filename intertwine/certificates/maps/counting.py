"""The number of components, counted by the check itself where a theorem with few hypotheses gives all candidates.

Each method lists classes of matrices such that every component of the group meets one, from what the check verified
before: the Lie algebra g (with its dimension) and the map. A class is taken if the given elements reach it, and
left out if balls refute it. Where no method applies, the number is that of the derivation's theorem, and the
certificate says so.

- g is all of gl(n) or sl(n): the sign of the determinant.
- g is so(S), with or without the multiples of the identity, for one form S: see :mod:`.normalisers`.
- g has a split torus with distinct weights: signed permutations of its weight lines, see :mod:`.normalisers`.
- In the plane, forms with three roots: see :mod:`.planar`.
- The map does not change along a space W: the group of the quotient, whose own certificate is checked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from intertwine.certificates.maps.functions import At, Outside, Unclear, place
from intertwine.terms import Term

Point = tuple[Fraction, ...]
Balls = list[list[arb]]
TAME = frozenset({
    "num", "pi", "E", "add", "mul", "pow", "exp", "log", "tanh", "sinh", "cosh", "coth", "sech", "csch", "atan",
    "asinh", "asin", "acos", "atanh", "erf", "erfc", "cbrt", "Abs", "sign", "Heaviside", "Max", "Min", "piecewise",
    "lt", "le", "eq", "ne", "and", "or", "not", "true", "false",
})  # fmt: skip


class Open(Exception):
    """The method does not apply, or leaves a class undecided."""


@dataclass
class Verified:
    """What the check knows of a map before it counts."""

    n: int
    map: list[Term]
    tau: list[Term]
    points: list[Point]
    algebra: list[list[list[Term]]]
    elements: list[list[list[Term]]]
    leaves: Callable[[Balls, Point], bool]
    frame: list[list[Term]]

    @property
    def tame(self) -> bool:
        """Whether all functions are definable in one o-minimal structure: then the group has finitely many components.

        Powers with an exponent that is not constant have a positive base, so they are definable, too.
        """
        return all(node.op in TAME or place(node) is not None for t in self.map for node in t.walk())

    def rational_algebra(self) -> list[fmpq_mat]:
        """The members as matrices of rational numbers."""
        return [exact(x) for x in self.algebra]

    def balls(self, matrix: Sequence[Sequence[Term]]) -> Balls:
        """The entries as balls at the working precision."""
        return [[At([]).of(t) for t in row] for row in matrix]

    def excluded(self, a: Balls) -> bool:
        """Whether a matrix is not in the group: some function of V after it is not in V, or it leaves the domain."""
        d = len(self.tau)
        for start in (0, 5, 11):
            rows: list[list[arb]] = []
            for p in self.points[start:]:
                try:
                    at = At(p)
                    before = [at.of(t) for t in self.tau]
                    moved = At([sum((e * c for e, c in zip(row, at.point, strict=True)), arb(0)) for row in a])
                    values = before + [moved.of(t) for t in self.tau]
                except (Outside, Unclear):
                    continue
                if any(v != 0 for v in values):  # zeros on both sides add no rank
                    rows.append(values)
                if len(rows) > d:
                    break
            if len(rows) > d and any(arb_mat([row[:d] + [row[d + i]] for row in rows]).det() != 0 for i in range(d)):
                return True
        return any(self.leaves(a, p) for p in self.points)


def exact(matrix: Sequence[Sequence[Term]]) -> fmpq_mat:
    """A matrix of rational numbers; :class:`Open` if it is none."""
    if any(t.value is None for row in matrix for t in row):
        raise Open
    return fmpq_mat([[fmpq(t.value.numerator, t.value.denominator) for t in row if t.value is not None]
                     for row in matrix])


def count(known: Verified) -> int | None:
    """The number of components, if a method gives it; None otherwise."""
    from intertwine.certificates.maps.normalisers import by_form, by_torus
    from intertwine.certificates.maps.planar import by_roots

    ctx.prec = 256
    for method in (_by_determinant, by_form, by_torus, by_roots):
        try:
            return method(known)
        except (Open, Unclear, Outside):
            continue
    return None


def _by_determinant(known: Verified) -> int:
    n, size = known.n, len(known.algebra)
    traceless = n > 1 and all(sum((m[i, i] for i in range(n)), fmpq(0)) == 0 for m in known.rational_algebra())
    if size != n * n and not (size == n * n - 1 and traceless) and not (n == 1 and known.tame):
        raise Open
    if size < n * n and not known.tame:
        raise Open
    if any(arb_mat(known.balls(a)).det() < 0 for a in known.elements):
        return 2
    if not known.excluded([[arb((-1 if i == 0 else 1) * int(i == j)) for j in range(n)] for i in range(n)]):
        raise Open
    return 1
