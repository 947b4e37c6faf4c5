"""Scaled orthogonal matrices, on the whole space or on its quotient by the line of equal entries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.errors import IntertwineError, ShapeError
from intertwine.groups import exact, matrices
from intertwine.groups.characters import Character
from intertwine.groups.scalars import POSITIVE, TRIVIAL, ScalarGroup
from intertwine.groups.vectors.base import VectorGroup, expanded, floats, ones

if TYPE_CHECKING:
    import numpy as np

    from intertwine.groups.vectors.base import Floats
    from intertwine.numeric import Intertwiner

_KINDS = {"trivial": "orthogonal", "positive": "conformal orthogonal", "cyclic": "discretely scaled orthogonal"}


class Similarities(VectorGroup):
    """The matrices λQ with Q orthogonal and λ in a closed subgroup Λ of R>0, φ(λQ) = χ(λ)·λQ.

    With ``centred``, the matrices that map the line R·1 to itself and act as such a λQ on the quotient by it, which
    is identified with W = {x : x·1 = 0}. Then φ is χ(λ)·λQ on W, and the identity on R·1 (where it is not unique).

    Parameters
    ----------
    scalars : ScalarGroup
        Λ.
    character : Character
        χ, defined on Λ.
    n : int
        The dimension.
    centred : bool
        Whether the line R·1 is divided out.
    gain : sequence of n numbers, optional
        γ, without zeros: the activation is γ ⊙ σ, and φ becomes diag(γ)·φ(A)·diag(γ)⁻¹.
    bias : sequence of n numbers, optional
        β: the activation is γ ⊙ σ + β, and φ(A)β = β is demanded.
    zero : bool
        Whether the activation is zero wherever it is defined, so that φ is not unique.

    Raises
    ------
    ShapeError
        If gain or bias are not of length n.
    IntertwineError
        If Λ is not a group of positive numbers, or a gain is zero.

    Notes
    -----
    The activations are h(|x|)·x and h(|Px|)·Px with P = I - 11ᵀ/n. If β lies outside diag(γ)·W it imposes nothing, and
    makes φ unique. Otherwise the vector v = β/γ has to be fixed: χ(λ)·λQv = v.

    Examples
    --------
    >>> from intertwine.groups import TRIVIAL
    >>> O = Similarities(TRIVIAL, Character(TRIVIAL), 3)
    >>> O, O.kind, O.dimension, O.components
    (O(3), 'orthogonal', 3, 2)
    >>> conformal = Similarities(POSITIVE, Character(POSITIVE, -1), 2)
    >>> conformal.phi([[0, -5], [5, 0]])
    Matrix([
    [0, -1],
    [1,  0]])
    """

    def __init__(
        self,
        scalars: ScalarGroup,
        character: Character,
        n: int,
        centred: bool = False,
        gain: Sequence[object] | None = None,
        bias: Sequence[object] | None = None,
        zero: bool = False,
    ) -> None:
        super().__init__(n)
        if not scalars <= POSITIVE or character.group != scalars:
            raise IntertwineError(f"{scalars!r} with {character!r} is not a group of positive scales with a character")
        self.scalars, self.character, self.centred = scalars, character, bool(centred)
        self.gain = self._numbers(gain, "gain", 1)
        self.bias = self._numbers(bias, "bias", 0)
        if any(exact.is_zero(g) for g in self.gain):
            raise IntertwineError("a gain of 0 hides a coordinate that still counts in the norm: gains are not 0 here")
        self._fixed = self._fixed_vector()
        self._free = self._free_scales()
        outside = self.centred and self._fixed is None and not all(exact.is_zero(b) for b in self.bias)
        self.zero = bool(zero)
        self.unique = not self.zero and (not self.centred or outside)

    def _numbers(self, given: Sequence[object] | None, what: str, default: int) -> Matrix:
        values = [exact.as_exact(v) for v in given] if given is not None else [sp.Integer(default)] * self.n
        if len(values) != self.n:
            raise ShapeError(f"a {what} of {self.n} numbers is needed, not of {len(values)}")
        return Matrix(self.n, 1, values)

    def _fixed_vector(self) -> Matrix | None:
        """v = β/γ if it is a vector (of W, when centred) that has to be fixed."""
        v = Matrix(self.n, 1, [b / g for b, g in zip(self.bias, self.gain, strict=True)])
        if all(exact.is_zero(t) for t in v):
            return None
        return None if self.centred and not exact.is_zero(sum(v)) else v

    def _free_scales(self) -> ScalarGroup:
        """The λ that occur: all of Λ, or those with χ(λ)·λ = 1 where a vector is fixed."""
        if self._fixed is None or self.scalars.type == "trivial":
            return self.scalars
        g = self.scalars.generator if self.scalars.generator is not None else sp.Integer(2)
        product = self.character(g) * g
        if exact.is_zero(product + 1):
            raise IntertwineError("a bias is not handled where the scale changes the sign of the image")
        return self.scalars if exact.is_zero(product - 1) else TRIVIAL

    # -- structure -----------------------------------------------------------------
    @property
    def rank(self) -> int:
        """The dimension of the space on which Q acts."""
        return self.n - int(self.centred)

    @property
    def kind(self) -> str:
        name = _KINDS[self._free.type]
        name = f"{name} on the quotient by 1" if self.centred else name
        return name if self._fixed is None else f"{name} with a fixed vector"

    @property
    def projection(self) -> Matrix:
        """The orthogonal projection to W, or the identity."""
        if not self.centred:
            return self.identity()
        return Matrix(self.n, self.n, lambda i, j: sp.Rational(int(i == j) * self.n - 1, self.n))

    def scale(self, matrix: Matrix) -> sp.Expr | None:
        """λ for a matrix that acts as λQ, or None."""
        part = expanded(self.projection * matrix * self.projection)
        square = expanded(part.T * part)
        j = 0 if not self.centred else 1 if self.n > 1 else 0
        unit = self.projection[j, j]
        if exact.is_zero(unit):  # W = 0
            return sp.S.One
        c = square[j, j] / unit
        if exact.is_zero(c) or not matrices.same(square, expanded(c * self.projection)):
            return None
        return sp.sqrt(c)

    def _contains(self, matrix: Matrix) -> bool:
        if self.centred:
            image = expanded(matrix * ones(self.n))
            if exact.is_zero(image[0]) or any(not exact.equal(image[0], t) for t in image):
                return False
        scale = self.scale(matrix)
        if scale is None or scale not in self.scalars:
            return False
        if self._fixed is None:
            return True
        moved = expanded(self.character(scale) * self.projection * matrix * self._fixed)
        return matrices.same(moved, self._fixed)

    def _phi(self, matrix: Matrix) -> Matrix:
        scale = self.scale(matrix)
        assert scale is not None
        core = self.character(scale) * self.projection * matrix * self.projection
        if self.centred:
            core = core + self._rest(Matrix(core))
        out = sp.diag(*self.gain) * core * sp.diag(*[1 / g for g in self.gain])
        return expanded(out.as_immutable())

    def _rest(self, core: Matrix) -> Matrix:
        """What φ does beside W, before the gain: it fixes v = β/γ, or the vector 1."""
        v = Matrix(self.n, 1, [b / g for b, g in zip(self.bias, self.gain, strict=True)])
        total = sp.expand_mul(sum(v))
        if exact.is_zero(total):
            v, total = ones(self.n), sp.Integer(self.n)
        # A matrix that kills W and sends v to v - core·v.
        return (v - core * v) * ones(self.n).T / total

    # -- generators -----------------------------------------------------------------
    def _lift(self, matrix: Matrix) -> Matrix:
        """A matrix on W, extended by the identity on R·1."""
        return expanded(matrix + (self.identity() - self.projection))

    def _directions(self) -> list[Matrix]:
        """Vectors of the space, orthogonal to the fixed one, that span what is free to rotate."""
        found: list[Matrix] = []
        normals = ([ones(self.n)] if self.centred else []) + ([self._fixed] if self._fixed is not None else [])
        space = Matrix([list(v) for v in normals]) if normals else Matrix(0, self.n, [])
        for v in space.nullspace() if normals else [self.identity().col(j) for j in range(self.n)]:
            found.append(v.as_immutable())
        return found

    def generators(self) -> tuple[Matrix, ...]:
        found: list[Matrix] = []
        basis = self._directions()
        # Reflections in the vectors of a basis and in combinations of neighbours give a dense set of rotations of each
        # plane of two neighbours, and these generate all rotations.
        for w in basis:
            found.append(self._reflection(w))
        found += [self._reflection(inclined(u, w)) for u, w in zip(basis, basis[1:], strict=False)]
        found += [expanded(self._scaled(g)) for g in self._free.generators()] if self.rank else []
        if self.centred:
            n = self.n
            found += [expanded(self.identity() * 1 + (g - 1) * self._line()) for g in (-1, 2, 3)]
            for j in range(1, n):
                w = Matrix(n, 1, [int(i == 0) - int(i == j) for i in range(n)])
                found += [expanded(self.identity() + r * ones(n) * w.T) for r in (sp.S.One, sp.sqrt(2))]
        return tuple(dict.fromkeys(found))

    def _scaled(self, g: sp.Expr) -> Matrix:
        return self._lift(g * self.projection) if self.centred else (g * self.identity())

    def _line(self) -> Matrix:
        return (self.identity() - self.projection) if self.centred else sp.zeros(self.n).as_immutable()

    def _reflection(self, w: Matrix) -> Matrix:
        return expanded(self.identity() - 2 * w * w.T / (w.T * w)[0])

    def lie_algebra(self) -> tuple[Matrix, ...]:
        found: list[Matrix] = []
        basis = self._directions()
        for i, u in enumerate(basis):
            found += [expanded(u * w.T - w * u.T) for w in basis[i + 1 :]]
        if not self._free.is_discrete and self.rank:
            found.append(self.projection)
        if self.centred:
            found += [(ones(self.n) * self.identity().row(j)).as_immutable() for j in range(self.n)]
        return tuple(found)

    @property
    def dimension(self) -> int:
        k = len(self._directions())
        free = not self._free.is_discrete and self.rank > 0
        return k * (k - 1) // 2 + int(free) + (self.n if self.centred else 0)

    @property
    def components(self) -> sp.Expr:
        reflections = 2 if self._directions() else 1
        scales = self._free.components if self.rank else 1
        return sp.Integer(reflections) * scales * (2 if self.centred else 1)

    # -- samples -----------------------------------------------------------------
    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        # Words in the rational generators, where there are any: nested roots would be slow to compare.
        pool = [g for g in self.generators() if all(t.is_Rational for t in g)] or list(self.generators())
        out = self.identity()
        for _ in range(3 if pool else 0):
            out = expanded(out * pool[int(rng.integers(len(pool)))])
        return out

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        """A random element with its image: Haar-distributed on the orthogonal part."""
        import numpy as np

        from intertwine.numeric import Dense, Intertwiner, sample_orthogonal, sample_scales

        basis = self._directions()
        n = self.n
        projection, fixed = floats(self.projection), np.zeros((n, n))
        frame = np.zeros((n, 0))
        if basis:
            frame = np.linalg.qr(np.hstack([floats(b) for b in basis]))[0]
        if self._fixed is not None:
            v = floats(self._fixed)
            fixed = v @ v.T / float((v.T @ v)[0, 0])
        k = frame.shape[1]
        q = frame @ sample_orthogonal(rng, k).to_matrix() @ frame.T + fixed if k else fixed
        scale = 1.0
        if self._free.type != "trivial":
            generator = None if self._free.generator is None else exact.to_float(self._free.generator)
            scale = float(sample_scales(rng, 1, self._free.type, spread, generator)[0])  # type: ignore[arg-type]
        matrix = scale * q
        if self.centred:
            line = np.exp(spread * rng.standard_normal()) * rng.choice((-1.0, 1.0))
            row = spread * rng.standard_normal(n) @ projection
            matrix = matrix + line * (np.eye(n) - projection) + np.outer(np.ones(n), row)
        value = float(self.character.numeric()(np.array([scale]))[0]) if self.scalars.type != "trivial" else 1.0
        return Intertwiner(Dense(matrix), Dense(self._image(value * scale * q)))

    def _image(self, core: Floats) -> Floats:
        import numpy as np

        gain, bias = floats(self.gain)[:, 0], floats(self.bias)[:, 0]
        if self.centred:
            v = bias / gain
            if self._fixed is not None or not np.any(v):
                v = np.ones(self.n)
            core = core + np.outer(v - core @ v, np.ones(self.n)) / v.sum()
        return gain[:, None] * core / gain[None, :]

    def _key(self) -> tuple[object, ...]:
        return (self.scalars, self.character, self.centred, self.gain, self.bias, self.zero)

    def __repr__(self) -> str:
        k = len(self._directions())
        name = f"O({k})" if self._free.type == "trivial" else f"{self._free}·O({k})"
        return f"{{A : A·1 ∈ R·1, {name} on the quotient}}" if self.centred else name

    def latex(self) -> str:
        k = len(self._directions())
        name = rf"\mathrm{{O}}({k})"
        if self._free.type != "trivial":
            name = rf"{self._free.latex()}\cdot {name}"
        if not self.centred:
            return name
        return rf"(\mathbb{{R}}^{{{self.n - 1}}} \rtimes \mathbb{{R}}^*) \rtimes {name}"



def inclined(u: Matrix, w: Matrix) -> Matrix:
    """A vector in the plane of u and w such that reflections in it and in u make a rotation of infinite order.

    The cosine of the rotation is 2cos² - 1; if it is rational, the order is finite only for 0, ±1/2 and ±1.

    Examples
    --------
    >>> inclined(Matrix([1, 0]), Matrix([0, 1])).T
    Matrix([[2, 1]])
    """
    for a, b in ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (3, 2)):
        v = expanded(a * u + b * w)
        cosine = 2 * (u.T * v)[0] ** 2 / ((u.T * u)[0] * (v.T * v)[0]) - 1
        if cosine.is_Rational and cosine not in (0, 1, -1, sp.Rational(1, 2), sp.Rational(-1, 2)):
            return v
    orthogonal = expanded(w - u * ((u.T * w)[0] / (u.T * u)[0]))
    return expanded(u + orthogonal * sp.sqrt((u.T * u)[0] / (orthogonal.T * orthogonal)[0]) / 2)
