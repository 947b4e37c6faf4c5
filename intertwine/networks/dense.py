"""Groups of dense matrices that may act on a space where nothing but linear maps and norms meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.networks.commutants import Commutant
from intertwine.networks.spaces import Space
from intertwine.numeric import sample_general_linear, sample_orthogonal

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class DenseGroup:
    """A group of n×n matrices: GL(n), O(n), its stabiliser of the ones vector, or what commutes with rotations.

    Attributes
    ----------
    size
        n, at least 2.
    orthogonal
        Whether the matrices are orthogonal.
    fixes_ones
        Whether they fix the vector of ones (orthogonal ones only).
    commutant
        What else they have to commute with.
    """

    size: int
    orthogonal: bool = False
    fixes_ones: bool = False
    commutant: Commutant | None = None

    @staticmethod
    def of(space: Space) -> DenseGroup | None:
        """The group of a leaf; None if no dense matrices act on it."""
        if space.frozen or space.monomial or not isinstance(space.size, int) or space.size < 2:
            return None
        return DenseGroup(space.size, space.orthogonal or space.fixes_ones, space.fixes_ones, space.commutant)

    @property
    def kind(self) -> str:
        """What the group is called."""
        if self.commutant is not None:
            return self.commutant.kind + (", orthogonal" if self.orthogonal else "")
        return "orthogonal, ones fixed" if self.fixes_ones else "orthogonal" if self.orthogonal else "general linear"

    @property
    def scalars(self) -> bool:
        """Whether all multiples of the identity are in it."""
        return not self.orthogonal

    @property
    def dimension(self) -> int:
        """As a Lie group."""
        if self.commutant is not None:
            return self.commutant.dimension(self.orthogonal)
        n = self.size - self.fixes_ones
        return n * (n - 1) // 2 if self.orthogonal else n * n

    @property
    def log2_components(self) -> int:
        """The binary logarithm of the number of connected components."""
        return 1 if self.commutant is None else self.commutant.log2_components

    def sample(self, rng: np.random.Generator, spread: float) -> Array:
        """A random matrix: Haar's measure for compact groups, near it for others."""
        n = self.size
        if self.commutant is not None:
            return self.commutant.sample(rng, spread / 2, self.orthogonal)
        if self.fixes_ones:
            block = np.eye(n)
            block[1:, 1:] = sample_orthogonal(rng, n - 1).to_matrix()
            # The reflection that swaps the first basis vector and 1/√n.
            normal = np.full(n, -1 / np.sqrt(n))
            normal[0] += 1
            basis = np.eye(n) - 2 * np.outer(normal, normal) / (normal @ normal)
            return np.asarray(basis @ block @ basis)
        if self.orthogonal:
            return sample_orthogonal(rng, n).to_matrix()
        return sample_general_linear(rng, n, spread / 2).to_matrix()

    def algebra(self) -> Iterator[Array]:
        """Matrices that span the Lie algebra (a basis, except that for fixed ones they may be dependent)."""
        n = self.size
        if self.commutant is not None:
            yield from self.commutant.algebra(self.orthogonal)
            return
        centre = np.eye(n) - 1 / n
        for i in range(n):
            for j in range(n):
                unit = np.zeros((n, n))
                unit[i, j] = 1
                if not self.orthogonal:
                    yield unit
                elif i < j:
                    turn = unit - unit.T
                    yield centre @ turn @ centre if self.fixes_ones else turn
