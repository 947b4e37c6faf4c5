"""T ≀ Sym(n): the affine intertwiner groups of elementwise activations that are not affine."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError
from intertwine.groups import exact, matrices
from intertwine.groups.affine.base import AffineMatrixGroup, AffinePair
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.map import AffineMap
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.groups.characters import Character
from intertwine.groups.scalars import TRIVIAL
from intertwine.groups.wreath import WreathProduct

if TYPE_CHECKING:
    import numpy as np

    from intertwine.numeric import AffineIntertwiner, ScaledPermutation


class AffineWreath(AffineMatrixGroup):
    """The maps x ↦ Ax + c with A = P·diag(a), P a permutation matrix, that act on each coordinate by an element of T.

    Parameters
    ----------
    scalars : AffineScalarGroup
        T, not all of Aff(R).
    character : AffineCharacter
        ψ, defined on T.
    n : int
        The dimension.

    Raises
    ------
    IntertwineError
        If ψ is not defined on T, or T is Aff(R): an affine function has the intertwiners of
        :class:`~intertwine.groups.GeneralAffine`.
    ShapeError
        If n is not a positive integer.

    Notes
    -----
    In row i the map reads (Ax + c)_i = a_i·x_j + c_i with (a_i, c_i) in T, and its image is b_i·y_j + d_i with
    (b_i, d_i) = ψ(a_i, c_i). The group is Tⁿ ⋊ Sym(n).

    Examples
    --------
    >>> T = AffineScalarGroup.reflection(0)
    >>> H = AffineWreath(T, AffineCharacter.on_generators(T, reflection=(-1, 1)), 2)
    >>> H, H.order
    (⟨t ↦ -t⟩ ≀ S_2, 8)
    >>> B, d = H.psi(([[0, -1], [1, 0]], [0, 0]))
    >>> B, list(d)
    (Matrix([
    [0, -1],
    [1,  0]]), [1, 0])
    """

    def __init__(self, scalars: AffineScalarGroup, character: AffineCharacter, n: int) -> None:
        super().__init__(n)
        if not isinstance(character, AffineCharacter) or character.group != scalars:
            raise IntertwineError(f"{character!r} is not defined on {scalars!r}")
        if scalars.type == "affine-line":
            raise IntertwineError("the affine intertwiners of an affine function are all of GeneralAffine")
        self._scalars, self._character = scalars, character

    @property
    def scalars(self) -> AffineScalarGroup:
        """T."""
        return self._scalars

    @property
    def character(self) -> AffineCharacter:
        """ψ."""
        return self._character

    def _contains(self, pair: AffinePair) -> bool:
        rows = matrices.support(pair.matrix)
        if any(len(row) != 1 for row in rows) or len({row[0] for row in rows}) != self.n:
            return False
        return all((pair.matrix[i, j], pair.shift[i]) in self.scalars for i, [j] in enumerate(rows))

    def _rows(self, pair: AffinePair) -> list[tuple[int, AffineMap]]:
        """For each row of an element the column it reads and what it does there."""
        places = matrices.support(pair.matrix)
        return [(j, AffineMap(pair.matrix[i, j], pair.shift[i])) for i, [j] in enumerate(places)]

    def _assemble(self, rows: list[tuple[int, AffineMap]]) -> AffinePair:
        matrix = sp.zeros(self.n)
        for i, (j, f) in enumerate(rows):
            matrix[i, j] = f.a
        return AffinePair(matrix.as_immutable(), Matrix(self.n, 1, [f.c for _, f in rows]))

    def _psi(self, pair: AffinePair) -> AffinePair:
        return self._assemble([(j, self.character(f)) for j, f in self._rows(pair)])

    def inverse(self, element: object) -> AffinePair:
        rows = self._rows(self._element(element))
        back = {j: (i, f.inverse()) for i, (j, f) in enumerate(rows)}
        return self._assemble([back[j] for j in range(self.n)])

    def generators(self) -> tuple[AffinePair, ...]:
        zero = Matrix(sp.zeros(self.n, 1))
        one = [(i, AffineMap.identity()) for i in range(self.n)]
        permutations = WreathProduct(TRIVIAL, Character(TRIVIAL), self.n)
        swaps = [AffinePair(p, zero) for p in permutations.generators()]
        return (*swaps, *(self._assemble([(0, g), *one[1:]]) for g in self.scalars.generators()))

    def lie_algebra(self) -> tuple[AffinePair, ...]:
        if self.scalars.is_discrete:
            return ()
        shifts = [Matrix(self.n, 1, lambda k, _, i=i: int(k == i)) for i in range(self.n)]
        if self.scalars.centre is None:
            return tuple(AffinePair(Matrix(sp.zeros(self.n)), e) for e in shifts)
        # a ↦ (a, p(1 - a)) has the derivative (1, -p).
        p = self.scalars.centre
        return tuple(AffinePair(matrices.unit(self.n, i, i), -p * e) for i, e in enumerate(shifts))

    @property
    def components(self) -> sp.Expr:
        return sp.Integer(math.factorial(self.n)) * self.scalars.components**self.n

    def exact_sample(self, rng: np.random.Generator) -> AffinePair:
        from intertwine.groups.affine.sampling import exact_element

        return self._assemble([(int(j), exact_element(self.scalars, rng)) for j in rng.permutation(self.n)])

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> AffineIntertwiner:
        from intertwine.groups.affine.sampling import sample_maps
        from intertwine.numeric import AffineElement, AffineIntertwiner, ScaledPermutation

        indices = rng.permutation(self.n)
        (a, c), (b, d) = sample_maps(self.character, rng, self.n, spread)
        source, image = (AffineElement(ScaledPermutation(indices, s), t) for s, t in ((a, c), (b, d)))
        return AffineIntertwiner(source, image)

    def _numeric(self, matrix: Matrix) -> ScaledPermutation:
        from intertwine.numeric import ScaledPermutation

        indices = [j for [j] in matrices.support(matrix)]
        return ScaledPermutation(indices, [exact.to_float(matrix[i, j]) for i, j in enumerate(indices)])

    def _le(self, other: AffineMatrixGroup) -> bool:
        return not isinstance(other, AffineWreath) or self.scalars <= other.scalars

    def _and(self, other: AffineMatrixGroup) -> AffineMatrixGroup:
        assert isinstance(other, AffineWreath)
        common = self.scalars & other.scalars
        return AffineWreath(common, self.character.restrict(common), self.n)

    def _key(self) -> tuple[object, ...]:
        return (self.scalars, self.character)

    def __repr__(self) -> str:
        if self.scalars.type == "trivial":
            return f"S_{self.n}"
        name = repr(self.scalars)
        return f"({name}) ≀ S_{self.n}" if " at " in name else f"{name} ≀ S_{self.n}"

    def latex(self) -> str:
        if self.scalars.type == "trivial":
            return f"S_{{{self.n}}}"
        return rf"\left({self.scalars.latex()}\right) \wr S_{{{self.n}}}"
