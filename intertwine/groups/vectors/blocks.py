"""H ≀ Sym(m): a group H on blocks of coordinates, and the permutations of the blocks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError
from intertwine.groups import exact
from intertwine.groups.base import MatrixGroup
from intertwine.groups.vectors.base import VectorGroup

if TYPE_CHECKING:
    import numpy as np

    from intertwine.numeric import Intertwiner


class BlockWreath(VectorGroup):
    """The block permutation matrices whose blocks lie in a group H; φ acts block by block.

    Parameters
    ----------
    block : MatrixGroup
        H, on k coordinates, with images of size k'.
    m : int
        The number of blocks.
    interleaved : bool
        False: block b consists of the coordinates kb, …, kb + k - 1. True: of b, m + b, 2m + b, …
    images_interleaved : bool
        The same for the images.

    Examples
    --------
    >>> from intertwine.groups import TRIVIAL, Character
    >>> from intertwine.groups.vectors import Similarities
    >>> H = BlockWreath(Similarities(TRIVIAL, Character(TRIVIAL), 2), 3)
    >>> H, H.n, H.dimension, H.components
    (O(2) ≀ S_3, 6, 3, 48)
    """

    def __init__(self, block: MatrixGroup, m: int, interleaved: bool = False, images_interleaved: bool = False) -> None:
        if isinstance(m, bool) or not isinstance(m, int) or m < 1:
            raise IntertwineError(f"the number of blocks is a positive integer, not {m!r}")
        super().__init__(block.n * m)
        self.block, self.m = block, m
        self.interleaved, self.images_interleaved = bool(interleaved), bool(images_interleaved)
        self.unique = block.unique

    @property
    def _k(self) -> int:
        return self.block.n

    @property
    def _image(self) -> int:
        return self.block.image_dimension if isinstance(self.block, VectorGroup) else self.block.n

    @property
    def image_dimension(self) -> int:
        return self._image * self.m

    @property
    def kind(self) -> str:
        return f"{self.block.kind} on permuted blocks"

    def _places(self, b: int) -> list[int]:
        k, m = self._k, self.m
        return [m * i + b for i in range(k)] if self.interleaved else [k * b + i for i in range(k)]

    def _image_places(self, b: int) -> list[int]:
        k, m = self._image, self.m
        return [m * i + b for i in range(k)] if self.images_interleaved else [k * b + i for i in range(k)]

    def _blocks(self, matrix: Matrix) -> list[tuple[int, Matrix]] | None:
        """For each block row, the one block column with something in it, and the block."""
        found: list[tuple[int, Matrix]] = []
        for b in range(self.m):
            rows = self._places(b)
            hits = [c for c in range(self.m)
                    if any(not exact.is_zero(matrix[i, j]) for i in rows for j in self._places(c))]
            if len(hits) != 1:
                return None
            found.append((hits[0], matrix.extract(rows, self._places(hits[0])).as_immutable()))
        return found if len({c for c, _ in found}) == self.m else None

    def _contains(self, matrix: Matrix) -> bool:
        blocks = self._blocks(matrix)
        return blocks is not None and all(self.block.contains(part) for _, part in blocks)

    def _phi(self, matrix: Matrix) -> Matrix:
        blocks = self._blocks(matrix)
        assert blocks is not None
        out = sp.zeros(self.image_dimension)
        for b, (c, part) in enumerate(blocks):
            image = self.block.phi(part)
            for i, row in enumerate(self._image_places(b)):
                for j, column in enumerate(self._image_places(c)):
                    out[row, column] = image[i, j]
        return out.as_immutable()

    def _assemble(self, targets: list[int], parts: list[Matrix]) -> Matrix:
        out = sp.zeros(self.n)
        for b, (c, part) in enumerate(zip(targets, parts, strict=True)):
            for i, row in enumerate(self._places(b)):
                for j, column in enumerate(self._places(c)):
                    out[row, column] = part[i, j]
        return out.as_immutable()

    def _one_block(self, part: Matrix) -> Matrix:
        rest = [self.block.identity()] * (self.m - 1)
        return self._assemble(list(range(self.m)), [part, *rest])

    def generators(self) -> tuple[Matrix, ...]:
        turns: list[list[int]] = []
        if self.m > 1:
            turns.append([1, 0, *range(2, self.m)])
        if self.m > 2:
            turns.append([*range(1, self.m), 0])
        ones = [self.block.identity()] * self.m
        inner = (self._one_block(g) for g in self.block.generators())
        return (*(self._assemble(t, ones) for t in turns), *inner)

    def lie_algebra(self) -> tuple[Matrix, ...]:
        zero = sp.zeros(self._k).as_immutable()
        found = []
        for b in range(self.m):
            for part in self.block.lie_algebra():
                found.append(self._assemble(list(range(self.m)), [part if c == b else zero for c in range(self.m)]))
        return tuple(found)

    @property
    def dimension(self) -> int:
        return self.m * self.block.dimension

    @property
    def components(self) -> sp.Expr:
        return sp.Integer(math.factorial(self.m)) * self.block.components**self.m

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        targets = [int(i) for i in rng.permutation(self.m)]
        return self._assemble(targets, [self.block.exact_sample(rng) for _ in range(self.m)])

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        import numpy as np

        from intertwine.numeric import Blocks, Intertwiner

        sources = rng.permutation(self.m)
        parts = [self.block.sample(rng, spread) for _ in range(self.m)]
        elements = np.array([g.element.to_matrix() for g in parts])
        images = np.array([g.image.to_matrix() for g in parts])
        image = Blocks(sources, images, self.images_interleaved)
        return Intertwiner(Blocks(sources, elements, self.interleaved), image)

    def _key(self) -> tuple[object, ...]:
        return (self.block, self.m, self.interleaved, self.images_interleaved)

    def __repr__(self) -> str:
        inner = repr(self.block)
        if self.m == 1:
            return inner
        return f"({inner}) ≀ S_{self.m}" if " " in inner or "·" in inner else f"{inner} ≀ S_{self.m}"

    def latex(self) -> str:
        return self.block.latex() if self.m == 1 else rf"\left({self.block.latex()}\right) \wr S_{{{self.m}}}"


