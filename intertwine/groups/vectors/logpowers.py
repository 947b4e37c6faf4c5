"""Scalings of one unit whose images are combinations of powers, logarithms and waves of the logarithm."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sympy as sp
from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

from intertwine.groups import exact, matrices
from intertwine.groups.characters import Character
from intertwine.groups.scalars import ScalarGroup
from intertwine.groups.vectors.base import expanded, floats
from intertwine.groups.vectors.logspace import LogSpace
from intertwine.groups.vectors.one_unit import OneUnit

if TYPE_CHECKING:
    import numpy as np

    from intertwine.groups.vectors.base import Floats
    from intertwine.numeric import Intertwiner


class ScaledUnit(OneUnit):
    """Scalings d in S of one unit with m images s_1(t), …, s_m(t); what φ(d) is differs.

    Of the images those in ``basis`` are independent, and ``rest`` gives the coefficients of the others in these.
    """

    def __init__(self, scalars: ScalarGroup, basis: list[int], rest: dict[int, list[sp.Expr]], unique: bool) -> None:
        super().__init__(scalars, unique)
        m, r = len(basis) + len(rest), len(basis)
        frame = sp.zeros(m)
        for i, k in enumerate([*basis, *rest]):
            frame[k, i] = 1
        for k, row in rest.items():
            for i, c in enumerate(row):
                frame[k, i] = c
        # frame·diag(ρ, 1)·frame⁻¹ acts as ρ on the basis, and the others follow
        self._frame, self._rank = frame.as_immutable(), r

    @property
    def image_dimension(self) -> int:
        return int(self._frame.rows)

    @abstractmethod
    def _action(self, d: sp.Expr) -> Matrix:
        """The matrix of f ↦ f(d·) on the basis."""

    @abstractmethod
    def _derivative(self) -> Matrix:
        """M with d^M the action of d > 0 on the basis, where all of these are in S."""

    def lie_image(self) -> Matrix:
        """M with φ(d) = d^M for d > 0.

        Examples
        --------
        >>> from intertwine.groups import POSITIVE
        >>> Multiples(POSITIVE, Character(POSITIVE, 2), 0, [sp.S(1), sp.S(3)]).lie_image()
        Matrix([
        [2, 0],
        [6, 0]])
        """
        m, r = self.image_dimension, self._rank
        core = sp.zeros(m)
        if r:
            core[:r, :r] = self._derivative()
        return expanded((self._frame * core * matrices.inverse(self._frame)).as_immutable())

    def _phi(self, matrix: Matrix) -> Matrix:
        m, r = self.image_dimension, self._rank
        if not r:
            return Matrix(sp.eye(m))
        core = sp.diag(self._action(matrix[0, 0]), sp.eye(m - r)) if m > r else self._action(matrix[0, 0])
        return expanded((self._frame * core * matrices.inverse(self._frame)).as_immutable())

    @abstractmethod
    def _numeric_action(self, d: float) -> Floats:
        """The same in floating point."""

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        import numpy as np

        from intertwine.numeric import Dense, Intertwiner, ScaledPermutation, sample_scales

        generator = None if self.scalars.generator is None else exact.to_float(self.scalars.generator)
        d = sample_scales(rng, 1, self.scalars.type, spread, generator)  # type: ignore[arg-type]
        m, r = self.image_dimension, self._rank
        core, frame = np.eye(m), floats(self._frame)
        if r:
            core[:r, :r] = self._numeric_action(float(d[0]))
        return Intertwiner(ScaledPermutation([0], d), Dense(frame @ core @ np.linalg.inv(frame)))


class LogPowers(ScaledUnit):
    """The scalings that keep the span of functions t^α·(log t)^j·cos(β log t), with their action on the functions.

    Parameters
    ----------
    space : LogSpace
        The functions.
    alone : bool
        Whether the unit is the only one. If not, it shares constants in the span with others, and B is not unique.

    Examples
    --------
    For t² and t²·log|t|:

    >>> from intertwine.groups.vectors.logspace import OnHalfLines, Part
    >>> square = (Part(sp.S(1), sp.S(2)),)
    >>> bent = (Part(sp.S(1), sp.S(2), log=1),)
    >>> H = LogPowers(LogSpace([OnHalfLines(square, square, sp.S(0)), OnHalfLines(bent, bent)]))
    >>> H, H.phi([[-3]])
    (R*, Matrix([
    [       9, 0],
    [9*log(3), 9]]))
    """

    def __init__(self, space: LogSpace, alone: bool = True) -> None:
        unique = not space.rest and (alone or not space.holds_constants)
        super().__init__(space.scalars, space.basis, space.rest, unique)
        self.space, self.alone = space, bool(alone)

    def _action(self, d: sp.Expr) -> Matrix:
        return self.space.action(d).as_immutable()

    def _derivative(self) -> Matrix:
        return self.space.derivative().as_immutable()

    def _numeric_action(self, d: float) -> Floats:
        return floats(self.space.action(sp.Rational(d)).as_immutable())

    def _key(self) -> tuple[object, ...]:
        return (tuple(self.space.columns), tuple(map(tuple, self.space.rows)), self.unique)


class Multiples(ScaledUnit):
    """Scalings of one unit whose images are multiples c_1·s, …, c_m·s of one function, with s(d·) = χ(d)·s.

    Parameters
    ----------
    scalars : ScalarGroup
        S.
    character : Character
        χ, defined on S.
    base : int
        The image that is s, so that c is 1 there.
    coefficients : sequence of m numbers
        c.

    Examples
    --------
    >>> from intertwine.groups import POSITIVE, Character
    >>> Multiples(POSITIVE, Character(POSITIVE, 2), 0, [sp.S(1), sp.S(3)]).phi([[2]])
    Matrix([
    [4, 0],
    [9, 1]])
    """

    def __init__(self, scalars: ScalarGroup, character: Character, base: int, coefficients: Sequence[sp.Expr]) -> None:
        rest = {k: [c] for k, c in enumerate(coefficients) if k != base}
        super().__init__(scalars, [base], rest, not rest)
        self.character, self.base, self.coefficients = character, base, tuple(coefficients)

    def _action(self, d: sp.Expr) -> Matrix:
        return Matrix([[self.character(d)]])

    def _derivative(self) -> Matrix:
        return Matrix([[sp.simplify(sp.log(self.character(sp.Integer(2))) / sp.log(2))]])

    def _numeric_action(self, d: float) -> Floats:
        import numpy as np

        return np.asarray(self.character.numeric()(np.array([d])), dtype=np.float64).reshape(1, 1)

    def _key(self) -> tuple[object, ...]:
        return (self.scalars, self.character, self.base, self.coefficients)
