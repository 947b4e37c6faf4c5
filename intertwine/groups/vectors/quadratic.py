"""The similitudes of a quadratic form: AᵀMA = bM."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError, ShapeError
from intertwine.groups import exact, matrices
from intertwine.groups.linear import GeneralLinear
from intertwine.groups.vectors.base import VectorGroup, expanded

if TYPE_CHECKING:
    from intertwine.groups.vectors.base import Floats


class FormSimilitudes(VectorGroup):
    """The invertible A with AᵀMA = b·M for some b ≠ 0, for a symmetric matrix M that is not zero; φ(A) = b.

    Parameters
    ----------
    form : matrix, shape (n, n)
        M, exact and symmetric.

    Raises
    ------
    ShapeError
        If M is not symmetric.
    IntertwineError
        If M is zero.

    Notes
    -----
    For signature (p, q) and a kernel of dimension z this is R>0·O(p, q), for p = q together with the maps that send M
    to -M; the kernel is mapped to itself by any of GL_z, and receives any linear image of the rest.

    Examples
    --------
    >>> H = FormSimilitudes([[1, 0], [0, -1]])
    >>> H, H.signature, H.dimension, H.components, H.phi([[0, 1], [1, 0]])
    (R>0·O(1, 1) ⋊ Z/2, (1, 1, 0), 2, 8, Matrix([[-1]]))
    """

    def __init__(self, form: object) -> None:
        rows = form.rows if isinstance(form, sp.MatrixBase) else len(list(form))  # type: ignore[call-overload]
        super().__init__(rows)
        self.form = matrices.as_square(form, rows)
        if not matrices.same(self.form, self.form.T.as_immutable()):
            raise ShapeError("a quadratic form is given by a symmetric matrix")
        self._base, self._values = _diagonal(self.form)
        if not any(self._values):
            raise IntertwineError("the quadratic form is zero")

    @property
    def image_dimension(self) -> int:
        return 1

    @property
    def signature(self) -> tuple[int, int, int]:
        """The numbers of positive, negative and zero squares."""
        signs = [0 if v == 0 else exact.sign(v) for v in self._values]
        return signs.count(1), signs.count(-1), signs.count(0)

    @property
    def kind(self) -> str:
        p, q, z = self.signature
        name = "conformal orthogonal" if not (p and q) else "conformal indefinite orthogonal"
        return name if not z else f"{name} with a kernel"

    def _ratio(self, matrix: Matrix) -> sp.Expr | None:
        image = expanded(matrix.T * self.form * matrix)
        for i in range(self.n):
            for j in range(self.n):
                if not exact.is_zero(self.form[i, j]):
                    b = sp.expand_mul(image[i, j] / self.form[i, j])
                    good = not exact.is_zero(b) and matrices.same(image, expanded(b * self.form))
                    return b if good else None
        return None

    def _contains(self, matrix: Matrix) -> bool:
        if self._ratio(matrix) is None:
            return False
        return self.signature[2] == 0 or matrices.is_invertible(matrix)

    def _phi(self, matrix: Matrix) -> Matrix:
        return Matrix([[self._ratio(matrix)]])

    # -- generators, in coordinates where the form is ±1 on the first r of them and 0 on the others -----------------
    def _sizes(self) -> list[sp.Expr]:
        return [sp.S.One if v == 0 else sp.sqrt(sp.Abs(v)) for v in self._values]

    def _back(self, matrix: Matrix) -> Matrix:
        scale = sp.diag(*self._sizes())
        inverse = matrices.inverse(self._base)
        return expanded(self._base * scale.inv() * matrix * scale * inverse)

    def _signs(self) -> list[int]:
        return [0 if v == 0 else exact.sign(v) for v in self._values]

    def _reflection(self, w: Matrix, signs: list[int]) -> Matrix:
        d = sp.diag(*signs)
        return (self.identity() - 2 * w * w.T * d / (w.T * d * w)[0]).as_immutable()

    def generators(self) -> tuple[Matrix, ...]:
        n, signs = self.n, self._signs()
        r = sum(1 for s in signs if s)
        eye = self.identity()
        found = [self._reflection(eye.col(i), signs) for i in range(r)]
        # t = 1/2, 1/3: rotations by an irrational angle, boosts by log 3 and log 2
        for i in range(r - 1):
            for t in (sp.Rational(1, 2), sp.Rational(1, 3)):
                found.append(self._reflection(eye.col(i) + t * eye.col(i + 1), signs))
        found += [sp.diag(*[g if s else 1 for s in signs]).as_immutable() for g in (2, 3)]
        p, q, z = self.signature
        if p == q:
            order = list(range(n))
            for i, j in zip([i for i in range(r) if signs[i] > 0], [i for i in range(r) if signs[i] < 0], strict=True):
                order[i], order[j] = j, i
            found.append(matrices.permutation(order))
        if z:
            for g in GeneralLinear(z).generators():
                found.append(sp.diag(sp.eye(r), g).as_immutable() if r else g)
            found += [expanded(eye + t * matrices.unit(n, r, i)) for i in range(r) for t in (sp.S.One, sp.sqrt(2))]
        return tuple(self._back(g) for g in found)

    def lie_algebra(self) -> tuple[Matrix, ...]:
        n, signs = self.n, self._signs()
        r = sum(1 for s in signs if s)
        found = []
        for i in range(r):
            for j in range(i + 1, r):
                found.append(expanded(signs[i] * matrices.unit(n, i, j) - signs[j] * matrices.unit(n, j, i)))
        found.append(sp.diag(*[abs(s) for s in signs]).as_immutable())
        found += [matrices.unit(n, i, j) for i in range(r, n) for j in range(n)]
        return tuple(self._back(x) for x in found)

    @property
    def dimension(self) -> int:
        p, q, z = self.signature
        r = p + q
        return r * (r - 1) // 2 + 1 + z * self.n

    @property
    def components(self) -> sp.Expr:
        p, q, z = self.signature
        return sp.Integer((4 if p and q else 2) * (2 if p == q else 1) * (2 if z else 1))

    def _image_of(self, matrix: Floats) -> Floats:
        import numpy as np

        from intertwine.groups.vectors.base import floats

        form = floats(self.form)
        place = np.unravel_index(int(np.argmax(np.abs(form))), form.shape)
        return np.array([[float((matrix.T @ form @ matrix)[place] / form[place])]])

    def _key(self) -> tuple[object, ...]:
        return (self.form,)

    def __repr__(self) -> str:
        p, q, z = self.signature
        name = f"R>0·O({p + q})" if not (p and q) else f"R>0·O({p}, {q})"
        name = f"{name} ⋊ Z/2" if p == q else name
        return f"R^{{{z}×{p + q}}} ⋊ ({name} × GL_{z})" if z else name

    def latex(self) -> str:
        p, q, z = self.signature
        name = rf"\mathbb{{R}}_{{>0}}\cdot\mathrm{{O}}({p + q if not (p and q) else f'{p}, {q}'})"
        name = rf"{name} \rtimes \mathbb{{Z}}/2" if p == q else name
        if not z:
            return name
        return rf"\mathbb{{R}}^{{{z}\times {p + q}}} \rtimes \left({name} \times \mathrm{{GL}}_{{{z}}}\right)"


def _diagonal(form: Matrix) -> tuple[Matrix, list[sp.Expr]]:
    """C and d with CᵀMC = diag(d), the zeros of d last."""
    n = form.rows
    base, work = sp.eye(n), sp.Matrix(form)
    for i in range(n):
        pivot = next((j for j in range(i, n) if not exact.is_zero(work[j, j])), None)
        if pivot is None:
            pair = next(((j, k) for j in range(i, n) for k in range(j + 1, n) if not exact.is_zero(work[j, k])), None)
            if pair is None:
                break
            # no squares left: x_j x_k becomes a difference of squares
            step = sp.eye(n)
            step[pair[1], pair[0]] = 1
            work, base = (step.T * work * step).applyfunc(sp.expand_mul), base * step
            pivot = pair[0]
        swap = sp.eye(n)
        swap.col_swap(i, pivot)
        work, base = swap.T * work * swap, base * swap
        step = sp.eye(n)
        for j in range(i + 1, n):
            step[i, j] = -work[i, j] / work[i, i]
        work, base = (step.T * work * step).applyfunc(sp.expand_mul), (base * step).applyfunc(sp.expand_mul)
    values = [sp.S.Zero if exact.is_zero(work[i, i]) else work[i, i] for i in range(n)]
    return base.as_immutable(), values
