"""The blocks of the intertwiner group of a layer: what acts on the coordinates of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.groups import exact, matrices
from intertwine.groups.linear import GeneralLinear, UnitRowSums
from intertwine.groups.text import show
from intertwine.groups.wreath import WreathProduct

if TYPE_CHECKING:
    import numpy as np

    from intertwine.groups.characters import Character
    from intertwine.groups.scalars import ScalarGroup


@dataclass(frozen=True)
class Conjugated:
    """The matrices ``Δ·M·Δ⁻¹`` with M in ``S ≀ Sym(m)``, on coordinates that scalings relate to the first of them.

    Attributes
    ----------
    places : tuple of int
        The coordinates.
    scalars, character : ScalarGroup, Character
        S and χ of the first coordinate.
    scales, factors : tuple of sympy.Expr
        ``σ_i(scales[i]·t) = factors[i]·σ_first(t)``; Δ is diagonal with the scales. For the first one both are 1.
    """

    places: tuple[int, ...]
    scalars: ScalarGroup
    character: Character
    scales: tuple[sp.Expr, ...]
    factors: tuple[sp.Expr, ...]

    def __post_init__(self) -> None:
        _make_exact(self, "scales", "factors")

    @property
    def inner(self) -> WreathProduct:
        """``S ≀ Sym(m)``."""
        return WreathProduct(self.scalars, self.character, len(self.places))

    @property
    def plain(self) -> bool:
        """Whether Δ is the identity."""
        return all(s == 1 for s in self.scales)

    def contains(self, block: Matrix) -> bool:
        """Whether a matrix on the coordinates is in the group."""
        return self.inner.contains(_conjugated(block, self.scales, -1))

    def phi(self, block: Matrix) -> Matrix:
        """The image, on the same coordinates."""
        return _conjugated(self.inner.phi(_conjugated(block, self.scales, -1)), self.factors, 1)

    def generators(self) -> tuple[Matrix, ...]:
        """Exact generators (of a dense subgroup)."""
        return tuple(_conjugated(g, self.scales, 1) for g in self.inner.generators())

    def lie_algebra(self) -> tuple[Matrix, ...]:
        """A basis of the Lie algebra; diagonal, so that Δ does not change it."""
        return self.inner.lie_algebra()

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        """A random exact element."""
        return _conjugated(self.inner.exact_sample(rng), self.scales, 1)

    def sample(self, rng: np.random.Generator, spread: float) -> tuple[np.ndarray, np.ndarray]:
        """A random element and its image as dense arrays."""
        import numpy as np

        g = self.inner.sample(rng, spread)
        parts = []
        for element, sizes in ((g.element, self.scales), (g.image, self.factors)):
            d = np.array([exact.to_float(s) for s in sizes])
            parts.append(element.to_matrix() * d[:, None] / d[None, :])
        return parts[0], parts[1]

    def __repr__(self) -> str:
        if self.plain:
            return str(self.inner)
        return f"Δ({self.inner})Δ⁻¹ with Δ = diag({', '.join(show(s) for s in self.scales)})"


@dataclass(frozen=True)
class Linear:
    """The block of the coordinates ``c·t + e`` with ``c ≠ 0``: all invertible matrices, or those that fix a vector.

    Attributes
    ----------
    places : tuple of int
        The coordinates.
    slopes, intercepts : tuple of sympy.Expr
        c and e.
    free : bool
        Whether intercepts are no condition, because a constant coordinate takes care of them.
    """

    places: tuple[int, ...]
    slopes: tuple[sp.Expr, ...]
    intercepts: tuple[sp.Expr, ...]
    free: bool

    def __post_init__(self) -> None:
        _make_exact(self, "slopes", "intercepts")

    @property
    def fixed(self) -> Matrix | None:
        """The vector of ``e/c`` that has to be fixed; None if there is none."""
        if self.free or all(exact.is_zero(e) for e in self.intercepts):
            return None
        return Matrix([e / c for c, e in zip(self.slopes, self.intercepts, strict=True)])

    @property
    def inner(self) -> GeneralLinear | UnitRowSums:
        """GL_m, or the matrices with unit row sums, of which the group is a conjugate."""
        size = len(self.places)
        return GeneralLinear(size) if self.fixed is None else UnitRowSums(size)

    def _basis(self) -> tuple[Matrix, Matrix]:
        """A matrix that maps the vector of ones to the fixed vector, and its inverse."""
        size, v = len(self.places), self.fixed
        one = Matrix(sp.eye(size))
        if v is None:
            return one, one
        j = next(k for k in range(size) if not exact.is_zero(v[k]))
        step = (v - sp.ones(size, 1)) * one.row(j)  # only column j, and v_j - 1 is its diagonal entry
        return (one + step).as_immutable(), (one - step / v[j]).as_immutable()

    def contains(self, block: Matrix) -> bool:
        """Whether a matrix on the coordinates is in the group."""
        v = self.fixed
        if v is not None and not matrices.same((block * v).as_immutable(), v):
            return False
        return matrices.is_invertible(block)

    def phi(self, block: Matrix) -> Matrix:
        """``c_i A_ij / c_j``."""
        return _conjugated(block, self.slopes, 1)

    def _turned(self, m: Matrix) -> Matrix:
        t, back = self._basis()
        return (t * m * back).as_immutable()

    def generators(self) -> tuple[Matrix, ...]:
        """Exact generators (of a dense subgroup)."""
        return tuple(self._turned(g) for g in self.inner.generators())

    def lie_algebra(self) -> tuple[Matrix, ...]:
        """A basis of the Lie algebra."""
        return tuple(self._turned(g) for g in self.inner.lie_algebra())

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        """A random exact element."""
        return self._turned(self.inner.exact_sample(rng))

    def sample(self, rng: np.random.Generator, spread: float) -> tuple[np.ndarray, np.ndarray]:
        """A random element and its image as dense arrays."""
        import numpy as np

        t, back = (np.array([[exact.to_float(x) for x in row] for row in m.tolist()]) for m in self._basis())
        a = t @ self.inner.sample(rng, spread).element.to_matrix() @ back
        c = np.array([exact.to_float(s) for s in self.slopes])
        return a, a * c[:, None] / c[None, :]

    def __repr__(self) -> str:
        if self.fixed is None:
            return str(self.inner)
        return f"{{A ∈ GL_{len(self.places)} : A·v = v}} with v = ({', '.join(show(x) for x in self.fixed)})"


def _make_exact(block: object, *names: str) -> None:
    for name in names:
        object.__setattr__(block, name, tuple(exact.as_exact(value) for value in getattr(block, name)))


def _conjugated(m: Matrix, scales: tuple[sp.Expr, ...], way: int) -> Matrix:
    """``Δ·m·Δ⁻¹`` or ``Δ⁻¹·m·Δ`` with a diagonal Δ."""
    def entry(i: int, j: int) -> sp.Expr:
        ratio = scales[i] / scales[j]
        return m[i, j] * (ratio if way > 0 else 1 / ratio)

    return Matrix(m.rows, m.cols, entry)
