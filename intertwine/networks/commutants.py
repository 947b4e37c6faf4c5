"""Matrices that commute with fixed rotations of pairs of channels, and with fixed multiples of single channels.

A linear map y = M(t)·x with coefficients that depend on the position t alone, such as a rotary position embedding,
lets the matrices A pass that commute with every M(t): A·M(t) = M(t)·A. Where M(t) multiplies channel i by c_k(t), and
turns the pair (i, j) by [[c_k, -s_k], [s_k, c_k]](t), with one key k for equal coefficients and coefficients of
different keys linearly independent, these are the block matrices with GL(m, R) on the m single channels of a key,
and GL(m, C) on the m pairs of a key: for a rotary embedding of d channels with d/2 frequencies, (C*)^{d/2}.
(Were two keys to have equal coefficients after all, more matrices would pass: these ones always do.)
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.numeric import sample_general_linear, sample_orthogonal

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Commutant:
    """The group of a product of GL(m, R) and GL(m, C), each on its own channels.

    Attributes
    ----------
    keys
        For each channel what its coefficients are, as numbers from 0 in the order of their first use.
    pairs
        For each channel its partner: itself, if it is not turned. In a pair (i, j) that is turned by the matrix
        [[c, -s], [s, c]] in this order, j > i, ``turns[i]`` and ``turns[j]`` are 1; if by its inverse, they are -1.
    """

    keys: tuple[int, ...]
    pairs: tuple[int, ...]
    turns: tuple[int, ...]

    @staticmethod
    def of(keys: Sequence[Hashable], pairs: Sequence[int], turns: Sequence[int]) -> Commutant:
        """The commutant for keys of any kind; channels that are turned never share a key with others.

        Examples
        --------
        >>> Commutant.of("abab", [2, 3, 0, 1], [1, 1, 1, 1]).dimension()
        4
        """
        numbers: dict[Hashable, int] = {}
        found = [numbers.setdefault((key, i != j), len(numbers))
                 for i, (key, j) in enumerate(zip(keys, pairs, strict=True))]
        return Commutant(tuple(found), tuple(pairs), tuple(turns))

    @property
    def size(self) -> int:
        """The number of channels."""
        return len(self.keys)

    @cached_property
    def blocks(self) -> tuple[tuple[Array, Array | None], ...]:
        """For each key its channels: real parts, and imaginary parts (None for single channels)."""
        found: dict[int, tuple[list[int], list[int]]] = {}
        for i, (key, j) in enumerate(zip(self.keys, self.pairs, strict=True)):
            if j < i:
                continue
            first, second = (i, j) if self.turns[i] > 0 else (j, i)
            real, imaginary = found.setdefault(key, ([], []))
            real.append(first)
            if i != j:
                imaginary.append(second)
        return tuple((np.array(r), np.array(i) if i else None) for r, i in found.values())

    def dimension(self, orthogonal: bool = False) -> int:
        """The dimension of the group, or of its intersection with O(n): a product of groups O(m) and U(m)."""
        total = 0
        for real, imaginary in self.blocks:
            m = len(real)
            if imaginary is None:
                total += m * (m - 1) // 2 if orthogonal else m * m
            else:
                total += m * m if orthogonal else 2 * m * m
        return total

    @property
    def log2_components(self) -> int:
        """GL(m, R) and O(m) have two components, GL(m, C) and U(m) one."""
        return sum(imaginary is None for _, imaginary in self.blocks)

    @property
    def kind(self) -> str:
        """What the group is called."""
        whole = all(imaginary is not None for _, imaginary in self.blocks)
        if whole and all(len(real) == 1 for real, _ in self.blocks):
            return "complex diagonal"
        return "complex linear" if whole else "commutant of rotations"

    def sample(self, rng: np.random.Generator, spread: float, orthogonal: bool = False) -> Array:
        """A random matrix of the group."""
        result = np.zeros((self.size, self.size))
        for real, imaginary in self.blocks:
            m = len(real)
            if imaginary is not None:
                _place(result, real, imaginary, _complex(rng, m, 0.0 if orthogonal else spread))
            elif orthogonal:
                result[np.ix_(real, real)] = sample_orthogonal(rng, m).to_matrix()
            else:
                result[np.ix_(real, real)] = sample_general_linear(rng, m, spread).to_matrix()
        return result

    def algebra(self, orthogonal: bool = False) -> Iterator[Array]:
        """A basis of the Lie algebra."""
        for real, imaginary in self.blocks:
            m = len(real)
            for a in range(m):
                for b in range(m):
                    unit = np.zeros((m, m))
                    unit[a, b] = 1
                    directions: list[Array]
                    if not orthogonal:
                        directions = [unit] if imaginary is None else [unit, 1j * unit]
                    elif a < b:
                        directions = [unit - unit.T] if imaginary is None else [unit - unit.T, 1j * (unit + unit.T)]
                    else:
                        directions = [1j * unit] if a == b and imaginary is not None else []
                    for x in directions:
                        result = np.zeros((self.size, self.size))
                        if imaginary is None:
                            result[np.ix_(real, real)] = x
                        else:
                            _place(result, real, imaginary, x)
                        yield result

    def contains(self, matrix: Array, tolerance: float = 1e-12) -> bool:
        """Whether a matrix lies in the algebra, up to rounding."""
        rest = np.array(matrix, dtype=float)
        scale = np.abs(rest).max(initial=1.0)
        for real, imaginary in self.blocks:
            if imaginary is not None:
                x = (rest[np.ix_(real, real)] + rest[np.ix_(imaginary, imaginary)]) / 2
                y = (rest[np.ix_(imaginary, real)] - rest[np.ix_(real, imaginary)]) / 2
                cover = np.zeros_like(rest)
                _place(cover, real, imaginary, x + 1j * y)
                rest = rest - cover
            else:
                rest[np.ix_(real, real)] = 0
        return bool(np.abs(rest).max(initial=0.0) <= tolerance * scale)

    def __and__(self, other: Commutant) -> Commutant | None:
        """What commutes with both; None if that is not a group of this kind (or is not looked for)."""
        if self == other:
            return self
        keys: list[Hashable] = []
        pairs, turns = [], []
        for i in range(self.size):
            p, q = self.pairs[i], other.pairs[i]
            if p != q and i not in (p, q):
                return None
            j = p if p != i else q
            if p != q and (self.keys[i], other.keys[i])[p != i] != (self.keys[j], other.keys[j])[p != i]:
                return None  # one turns the pair, the other tells its channels apart: multiples of 1 are left
            turn = self.turns[i] if p != i else other.turns[i]
            pairs.append(j)
            turns.append(turn)
            same = p == q != i and self.turns[i] == other.turns[i]
            keys.append((self.keys[i], other.keys[i], same))
        return Commutant.of(keys, pairs, turns)

    @property
    def layout(self) -> str:
        """How pairs lie, if all channels are in pairs: "halves" or "neighbours"; else empty."""
        half = self.size // 2
        if self.size % 2 == 0 and all(self.pairs[i] == (i + half) % self.size for i in range(self.size)):
            return "halves"
        return "neighbours" if all(self.pairs[i] == i ^ 1 for i in range(self.size)) else ""


def _place(result: Array, real: Array, imaginary: Array, z: Array) -> None:
    x, y = np.real(z), np.imag(z)
    result[np.ix_(real, real)] = result[np.ix_(imaginary, imaginary)] = x
    result[np.ix_(imaginary, real)], result[np.ix_(real, imaginary)] = y, -y


def _complex(rng: np.random.Generator, m: int, spread: float) -> Array:
    """U·diag(exp z)·V with unitary U and V by Haar's measure."""
    sides = []
    for _ in range(2):
        q, r = np.linalg.qr(rng.standard_normal((m, m)) + 1j * rng.standard_normal((m, m)))
        sides.append(q * (np.diag(r) / np.abs(np.diag(r))))
    middle = np.exp(spread * np.clip(rng.standard_normal(m), -3, 3))
    return np.asarray(sides[0] * middle @ sides[1])
