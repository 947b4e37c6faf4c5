"""A group given by its Lie algebra and representatives of its components, with membership by the definition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError, Undecided
from intertwine.groups import matrices
from intertwine.groups.base import MatrixGroup

if TYPE_CHECKING:
    import numpy as np

    from intertwine.numeric import Intertwiner

Decide = Callable[[Matrix], "Matrix | None"]
Pair = tuple[Matrix, Matrix]


class Stabiliser(MatrixGroup):
    """The matrices A with σ(Ax) = Bσ(x) for some B, for one map σ of fixed size.

    Parameters
    ----------
    n : int
        The dimension.
    algebra : sequence of pairs of matrices
        A basis (X, Y) of the Lie algebra: Dσ(x)·Xx = Yσ(x).
    representatives : sequence of pairs of matrices
        Elements (A, B) that generate the group together with the identity component.
    components : int
        The number of components.
    decide : callable
        For a matrix its image B, None if it is no element; it may raise :class:`~intertwine.errors.Undecided`.
    name : tuple of str
        The map, which makes the group; for equality and display.
    kind : str
        The kind in the field's terms.
    unique : bool
        Whether B is determined by A.
    title : str
        The group as a person writes it.

    Notes
    -----
    Membership is the definition itself: V∘A = V for the span V of the coordinates of σ, decided exactly.
    """

    def __init__(self, n: int, algebra: Sequence[Pair], representatives: Sequence[Pair], components: int,
                 decide: Decide, name: tuple[str, ...], kind: str = "stabiliser", unique: bool = True,
                 title: str = "") -> None:
        super().__init__(n)
        self._algebra, self._representatives = tuple(algebra), tuple(representatives)
        self._components, self._decide, self._name = components, decide, name
        self._kind, self.unique, self._title = kind, unique, title or f"Stab[{', '.join(name)}]"

    @property
    def kind(self) -> str:
        return self._kind

    def _contains(self, matrix: Matrix) -> bool:
        return matrices.is_invertible(matrix) and self._decide(matrix) is not None

    def _phi(self, matrix: Matrix) -> Matrix:
        image = self._decide(matrix)
        if image is None:
            raise IntertwineError(f"the matrix is not an element of {self}")
        return image

    def phi(self, matrix: object) -> Matrix:
        element = matrices.as_square(matrix, self.n)
        if not matrices.is_invertible(element):
            raise IntertwineError(f"the matrix is not an element of {self}")
        return self._phi(element)

    def generators(self) -> tuple[Matrix, ...]:
        found = [a for a, _ in self._representatives]
        for x, _ in self._algebra:
            found += exact_elements(x, self._decide)[:1]
        return tuple(found)

    def representatives(self) -> tuple[Pair, ...]:
        """Elements with their images that generate the group together with the identity component.

        Returns
        -------
        tuple of pairs of sympy.ImmutableDenseMatrix
        """
        return self._representatives

    def lie_algebra(self) -> tuple[Matrix, ...]:
        return tuple(x for x, _ in self._algebra)

    def lie_images(self) -> tuple[Matrix, ...]:
        """For each element X of the basis of the Lie algebra the Y with Dσ(x)·Xx = Yσ(x)."""
        return tuple(y for _, y in self._algebra)

    @property
    def components(self) -> sp.Expr:
        return sp.Integer(self._components)

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        import numpy as np

        from intertwine.numeric import Dense, Intertwiner

        n = self.n
        element, image = np.eye(n), None
        for a, b in self._representatives:
            if image is None:
                image = np.eye(b.rows)
            if rng.integers(2):
                element, image = _floats(a) @ element, _floats(b) @ image
        if self._algebra:
            weights = rng.normal(scale=spread, size=len(self._algebra))
            x = sum(w * _floats(m) for w, (m, _) in zip(weights, self._algebra, strict=True))
            y = sum(w * _floats(m) for w, (_, m) in zip(weights, self._algebra, strict=True))
            image = np.eye(len(y)) if image is None else image
            element, image = element @ _exponential(x), image @ _exponential(y)
        assert image is not None
        return Intertwiner(Dense(element), Dense(image))

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        result = self.identity()
        for a, _ in self._representatives:
            if rng.integers(2):
                result = (a * result).as_immutable()
        for x, _ in self._algebra:
            if rng.integers(2):
                found = exact_elements(x, self._decide)
                if found:
                    result = (found[int(rng.integers(len(found)))] * result).as_immutable()
        return result.applyfunc(sp.nsimplify).as_immutable() if result.has(sp.Float) else result

    def _le(self, other: MatrixGroup) -> bool | None:
        from intertwine.groups.linear import GeneralLinear

        if isinstance(other, GeneralLinear):
            return True
        if not isinstance(other, Stabiliser):
            return None
        rows = [list(x) for x in other.lie_algebra()]
        rank = sp.Matrix(rows).rank() if rows else 0
        if any(sp.Matrix([*rows, list(x)]).rank() != rank for x in self.lie_algebra()):
            return False
        return all(other.contains(a) for a, _ in self._representatives)

    def _and(self, other: MatrixGroup) -> MatrixGroup | None:
        return None

    def _key(self) -> tuple[object, ...]:
        return (self._name,)

    def __repr__(self) -> str:
        return self._title

    def latex(self) -> str:
        return rf"\mathrm{{{self._title}}}" if self._title.isidentifier() else rf"\text{{{self._title}}}"


def exact_elements(x: Matrix, decide: Decide) -> list[Matrix]:
    """Exact elements of the one-parameter group of X, where some are easy to write down.

    For nilpotent X the exponential is a polynomial; for X with rational eigenvalues, ``2^X``; for X with X³ = -c²X the
    Cayley transform of X is a rotation. Every matrix is checked by the definition.
    """
    candidates: list[Matrix] = []
    n = x.rows
    power, total, factorial = sp.eye(n), sp.eye(n), 1
    for k in range(1, n + 1):
        power, factorial = power * x, factorial * k
        if power == sp.zeros(n, n):
            candidates.append(Matrix(total))
            break
        total = total + power / factorial
    if not candidates and x.is_diagonal():
        candidates.append(Matrix(sp.diag(*[sp.Integer(2) ** e for e in x.diagonal()])))
    if not candidates:
        for c in (1, sp.Rational(1, 2)):
            bottom = sp.eye(n) - c * x
            if bottom.det() != 0:
                candidates.append(Matrix(((sp.eye(n) + c * x) * bottom.inv()).applyfunc(sp.simplify)))
    if not candidates or not x.is_diagonal():
        values = x.eigenvals() if n <= 4 and all(e.is_Rational for e in x) else {}
        if values and all(v.is_Rational for v in values) and x.is_diagonalizable():
            p, d = x.diagonalize()
            candidates.append(Matrix(p * sp.diag(*[sp.Integer(2) ** e for e in d.diagonal()]) * p.inv()))
    result = []
    for c in candidates:
        try:
            if matrices.is_invertible(c) and decide(c) is not None:
                result.append(c)
        except (Undecided, IntertwineError):
            continue
    return result


def _floats(matrix: Matrix) -> np.ndarray:
    import numpy as np

    return np.array([[float(e) for e in row] for row in matrix.tolist()])


def _exponential(x: np.ndarray) -> np.ndarray:
    """The exponential of a small matrix: Taylor's series after halving, squared back."""
    import numpy as np

    squarings = max(0, int(np.ceil(np.log2(max(np.abs(x).sum(axis=1).max(), 1e-30)))) + 4)
    y = x / 2.0**squarings
    total, term = np.eye(len(x)), np.eye(len(x))
    for k in range(1, 14):
        term = term @ y / k
        total = total + term
    for _ in range(squarings):
        total = total @ total
    return np.asarray(total)
