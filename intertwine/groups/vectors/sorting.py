"""The intertwiners of sorting within groups of coordinates."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError
from intertwine.groups import exact, matrices
from intertwine.groups.linear import GeneralLinear
from intertwine.groups.vectors.base import VectorGroup, expanded

if TYPE_CHECKING:
    from intertwine.groups.vectors.base import Floats

_Part = tuple[int, sp.Expr, list[int]]


class SortingGroup(VectorGroup):
    """The matrices that intertwine sorting m groups of k ≥ 2 neighbouring coordinates.

    With x_h = mean + deviation in group h, an element maps deviations by (c_g·w_g) ≀ Sym(m), where c_g ≠ 0 and w_g is
    a permutation of the k coordinates, and the m means by any matrix in GL_m. φ does the same to the sorted groups,
    with c_g times the reversal in place of w_g where c_g < 0.

    Parameters
    ----------
    k, m : int
        Size and number of the groups.

    Examples
    --------
    Sorting two numbers leaves two independent scalars, on the sum and on the difference:

    >>> H = SortingGroup(2, 1)
    >>> H.dimension, H.components, [[2, 1], [1, 2]] in H, [[2, 0], [1, 2]] in H
    (2, 4, True, False)
    >>> SortingGroup(3, 1).components
    24
    """

    def __init__(self, k: int, m: int) -> None:
        if isinstance(k, bool) or not isinstance(k, int) or k < 2:
            raise IntertwineError(f"a group that is sorted has at least 2 coordinates, not {k!r}")
        super().__init__(k * m)
        self.k, self.m = k, m

    @property
    def kind(self) -> str:
        return "sorting"

    def _rows(self, g: int) -> list[int]:
        return list(range(self.k * g, self.k * (g + 1)))

    def _means(self, matrix: Matrix) -> Matrix | None:
        """The action on the means, if means and deviations are not mixed."""
        out = sp.zeros(self.m)
        for g in range(self.m):
            rows = matrix.extract(self._rows(g), list(range(self.n)))
            totals = [sp.expand_mul(sum(rows.col(j))) for j in range(self.n)]
            for h in range(self.m):
                places = self._rows(h)
                # the mean of the new group must not see deviations of the old one, and a mean stays a mean
                if any(not exact.equal(totals[places[0]], totals[j]) for j in places):
                    return None
                images = [sp.expand_mul(sum(rows[i, j] for j in places)) for i in range(self.k)]
                if any(not exact.equal(images[0], t) for t in images):
                    return None
                out[g, h] = images[0]
        return out.as_immutable()

    def _deviations(self, matrix: Matrix, means: Matrix) -> list[_Part] | None:
        """For each group the one it comes from, its factor c and its permutation w."""
        found: list[_Part] = []
        for g in range(self.m):
            hits: list[_Part] = []
            for h in range(self.m):
                part = matrix.extract(self._rows(g), self._rows(h)) - means[g, h] / sp.Integer(self.k) * sp.ones(self.k)
                part = expanded(part)
                if all(exact.is_zero(t) for t in part):
                    continue
                turned = self._turned(part)
                if turned is None:
                    return None
                hits.append((h, *turned))
            if len(hits) != 1:
                return None
            found.append(hits[0])
        return found if len({h for h, _, _ in found}) == self.m else None

    def _turned(self, part: Matrix) -> tuple[sp.Expr, list[int]] | None:
        """c and w with ``part = c*(w - 11ᵀ/k)``."""
        k = sp.Integer(self.k)
        for c in (part[0, 0] * k / (k - 1), -part[0, 0] * k):
            if exact.is_zero(c):
                continue
            candidate = expanded(part / c + sp.ones(self.k) / k)
            rows = matrices.support(candidate)
            single = all(len(row) == 1 for row in rows) and len({row[0] for row in rows}) == self.k
            if single and all(exact.equal(candidate[i, row[0]], 1) for i, row in enumerate(rows)):
                return c, [row[0] for row in rows]
        return None

    def _contains(self, matrix: Matrix) -> bool:
        means = self._means(matrix)
        if means is None or not matrices.is_invertible(means):
            return False
        return self._deviations(matrix, means) is not None

    def _phi(self, matrix: Matrix) -> Matrix:
        means = self._means(matrix)
        assert means is not None
        parts = self._deviations(matrix, means)
        assert parts is not None
        backwards = [exact.sign(c) < 0 for _, c, _ in parts]
        turns = [list(range(self.k))[:: -1 if back else 1] for back in backwards]
        return self._build(means, [(h, c, turn) for (h, c, _), turn in zip(parts, turns, strict=True)])

    def _build(self, means: Matrix, parts: list[_Part]) -> Matrix:
        out, k = sp.zeros(self.n), sp.Integer(self.k)
        for g, (h, c, turn) in enumerate(parts):
            rows = self._rows(g)
            deviation = c * (matrices.permutation(turn) - sp.ones(self.k) / k)
            for other in range(self.m):
                block = means[g, other] / k * sp.ones(self.k) + (deviation if other == h else sp.zeros(self.k))
                for i, row in enumerate(rows):
                    for j, column in enumerate(self._rows(other)):
                        out[row, column] = block[i, j]
        return expanded(out)

    def _straight(self) -> list[_Part]:
        return [(g, sp.S.One, list(range(self.k))) for g in range(self.m)]

    def generators(self) -> tuple[Matrix, ...]:
        one, straight = Matrix(sp.eye(self.m)), self._straight()
        found = [self._build(g, straight) for g in GeneralLinear(self.m).generators()]
        turns = [[1, 0, *range(2, self.k)], [*range(1, self.k), 0]]
        found += [self._build(one, [(0, sp.S.One, t), *straight[1:]]) for t in turns]
        found += [self._build(one, [(0, sp.Integer(c), straight[0][2]), *straight[1:]]) for c in (-1, 2, 3)]
        if self.m > 1:
            for order in ([1, 0, *range(2, self.m)], [*range(1, self.m), 0]):
                found.append(self._build(one, [(h, sp.S.One, straight[0][2]) for h in order]))
        return tuple(dict.fromkeys(found))

    def lie_algebra(self) -> tuple[Matrix, ...]:
        k, found = sp.Integer(self.k), []
        for g in range(self.m):
            block = sp.zeros(self.n)
            for i in self._rows(g):
                for j in self._rows(g):
                    block[i, j] = int(i == j) - 1 / k
            found.append(block.as_immutable())
        for g in range(self.m):
            for h in range(self.m):
                found.append((self._lift(matrices.unit(self.m, g, h)) / k).as_immutable())
        return tuple(found)

    def _lift(self, means: Matrix) -> Matrix:
        """Each entry as a constant k×k block."""
        return Matrix(self.n, self.n, lambda i, j: means[i // self.k, j // self.k])

    @property
    def dimension(self) -> int:
        return self.m + self.m**2

    @property
    def components(self) -> sp.Expr:
        # For k = 2 the exchange of the two coordinates is the factor -1 on their difference.
        turns = 2 if self.k == 2 else 2 * math.factorial(self.k)
        return sp.Integer(turns**self.m * math.factorial(self.m) * 2)

    def _image_of(self, matrix: Floats) -> Floats:
        import numpy as np

        k, m = self.k, self.m
        lifted = np.kron(np.eye(m), np.ones((k, 1)))
        means = lifted.T @ matrix @ lifted / k
        out = lifted @ means @ lifted.T / k
        rest = matrix - out
        for g in range(m):
            sizes = [float(np.abs(rest[k * g : k * g + k, k * h : k * h + k]).max()) for h in range(m)]
            h = int(np.argmax(sizes))
            block = rest[k * g : k * g + k, k * h : k * h + k]
            # k - 1 entries of a row are -c/k, one is c(k - 1)/k: the farthest from the row's median
            c = _factor(block[0], k)
            turn = np.eye(k)[:: -1 if c < 0 else 1]
            out[k * g : k * g + k, k * h : k * h + k] += c * (turn - np.ones((k, k)) / k)
        return out

    def _key(self) -> tuple[object, ...]:
        return (self.k, self.m)

    def __repr__(self) -> str:
        turns = "R*" if self.k == 2 else f"(R* × S_{self.k})"
        return f"{turns} ≀ S_{self.m} × GL_{self.m}" if self.m > 1 else f"{turns} × R*"

    def latex(self) -> str:
        turns = r"\mathbb{R}^*" if self.k == 2 else rf"(\mathbb{{R}}^* \times S_{{{self.k}}})"
        if self.m == 1:
            return rf"{turns} \times \mathbb{{R}}^*"
        return rf"({turns} \wr S_{{{self.m}}}) \times \mathrm{{GL}}_{{{self.m}}}(\mathbb{{R}})"


def _factor(row: Floats, k: int) -> float:
    import numpy as np

    if k == 2:
        return float(2 * abs(row[0]))
    place = int(np.argmax(np.abs(row - np.median(row))))
    return float(row[place] * k / (k - 1))


