"""All matrices that carry one activation to another: empty, or one coset of the intertwiner group."""

from __future__ import annotations

from collections.abc import Sized
from typing import TYPE_CHECKING, Any, Literal, overload

from intertwine.api import IntertwinerGroup, derive
from intertwine.errors import IntertwineError, Undecided
from intertwine.groups import exact, matrices
from intertwine.groups.text import write
from intertwine.pairs.affine_torsor import AffineIntertwiners
from intertwine.pairs.equivalence import Equivalence, equivalent, profile
from intertwine.terms import Term

if TYPE_CHECKING:
    import numpy as np
    import sympy
    from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

    from intertwine.numeric import Intertwiner


@overload
def intertwiners(first: Any, second: Any, timeout: float | None = ..., *,
                 affine: Literal[False] = ...) -> Intertwiners: ...


@overload
def intertwiners(first: Any, second: Any, timeout: float | None = ..., *,
                 affine: Literal[True]) -> AffineIntertwiners: ...


def intertwiners(first: Any, second: Any, timeout: float | None = 30.0, *,
                 affine: bool = False) -> Intertwiners | AffineIntertwiners:
    """Derive all invertible A for which an invertible B exists with τ(Ax) = Bσ(x) for all x.

    Parameters
    ----------
    first, second : str, sympy.Expr or callable
        The elementwise activations σ and τ, as for :func:`intertwine.derive`.
    timeout : float or None
        Seconds for each of the two parts (the relation, the group); None: no limit.
    affine : bool
        Derive the maps x ↦ Ax + c with τ(Ax + c) = Bσ(x) + d instead.

    Returns
    -------
    Intertwiners, or AffineIntertwiners if ``affine``
        For every dimension n ≥ 2 at once.

    Raises
    ------
    ExpressionError
        An activation cannot be read, or is not real on any interval.
    DerivationTimeout
        No answer within ``timeout``.

    Notes
    -----
    The set is empty or ``d0·G`` with one number d0 and the intertwiner group G of σ, which is then also the one of τ
    (Theorem 21 of the theory page); for σ = τ it is G itself. A has to map the domain of σ onto that of τ.

    Examples
    --------
    >>> import intertwine as iw
    >>> T = iw.intertwiners("silu", "quick_gelu")
    >>> T.representative, T.group.lower, T.status
    ((500/851, 500/851), S_n, 'exact')
    >>> iw.intertwiners("relu", "leaky_relu(x, 0.1)").is_empty
    True
    """
    equivalence = equivalent(first, second, affine=affine, timeout=timeout)
    return AffineIntertwiners(equivalence, timeout) if affine else Intertwiners(equivalence, timeout)


class Intertwiners:
    """The set of all A with τ(Ax) = Bσ(x): empty, or the coset ``d0·G``. Returned by :func:`intertwiners`.

    Attributes
    ----------
    equivalence : Equivalence
        The relation between σ and τ on the line, with its proof.
    group : IntertwinerGroup
        The group G of σ, which acts on the set from the right, simply transitively if the set is not empty.
    is_empty : bool or None
        None: open.
    """

    def __init__(self, equivalence: Equivalence, timeout: float | None = 30.0) -> None:
        self.equivalence = equivalence
        self.group: IntertwinerGroup = derive(equivalence.first, timeout)
        if equivalence.answer and self.group.status != "exact":  # the groups of both are the same
            other: IntertwinerGroup = derive(equivalence.second, timeout)
            self.group = other if other.status == "exact" else self.group
        covered = equivalence.answer or _covered(equivalence)
        self.is_empty: bool | None = None if equivalence.answer is None or not covered else not equivalence.answer
        self._domain_open = equivalence.answer is False and not covered

    @property
    def first(self) -> Term:
        """σ."""
        return self.equivalence.first

    @property
    def second(self) -> Term:
        """τ."""
        return self.equivalence.second

    @property
    def status(self) -> str:
        """``"exact"``, or ``"bounded"``: emptiness or the group is not decided."""
        if self.is_empty is None:
            return "bounded"
        return "exact" if self.is_empty else self.group.status

    @property
    def questions(self) -> tuple[str, ...]:
        """What is left open; empty when exact."""
        if self._domain_open:
            return ("whether a matrix that maps one domain to the other has to be monomial",)
        if self.is_empty is None:
            return (self.equivalence.question,)
        return () if self.is_empty else self.group.questions

    @property
    def representative(self) -> tuple[sympy.Expr, sympy.Expr] | None:
        """(d0, b0) with τ(d0·t) = b0·σ(t); None where the set is empty or open."""
        a, b = self.equivalence.a, self.equivalence.b
        return None if a is None or b is None else (a, b)

    def _base(self) -> tuple[sympy.Expr, sympy.Expr]:
        if self.is_empty is None:
            raise Undecided(f"open: {self.questions[0]}")
        found = self.representative
        if found is None:
            raise IntertwineError("no matrix carries the first activation to the second one: the set is empty")
        return found

    def contains(self, matrix: object) -> bool:
        """Whether an exact n×n matrix is in the set (in the proven part of it, when bounded).

        Raises
        ------
        ShapeError
            It is not square.
        IntertwineError
            An entry is not an exact real number.
        Undecided
            Emptiness is open, or an exact comparison cannot be settled.

        Examples
        --------
        >>> import sympy as sp
        >>> T = intertwiners("gaussian", "rbf")
        >>> sp.Matrix([[0, -sp.sqrt(2) / 2], [sp.sqrt(2) / 2, 0]]) in T, sp.eye(2) in T
        (True, False)
        """
        square = _square(matrix)
        if self.is_empty:
            return False
        d, _ = self._base()
        return self.group(square.rows).contains(_divided(square, d))

    def __contains__(self, matrix: object) -> bool:
        return self.contains(matrix)

    def phi(self, matrix: object) -> Matrix:
        """A matrix B with τ(Ax) = Bσ(x), the only one unless σ is constant.

        Raises
        ------
        IntertwineError
            The matrix is not in the set; and the errors of :meth:`contains`.

        Examples
        --------
        >>> import sympy as sp
        >>> intertwiners("x**2", "3*x**2").phi(sp.diag(1, 2))
        Matrix([
        [3,  0],
        [0, 12]])
        """
        square = _square(matrix)
        d, b = self._base()
        image = self.group(square.rows).phi(_divided(square, d))
        return image.applyfunc(lambda entry: entry * b).as_immutable()

    def exact_sample(self, rng: np.random.Generator, n: int) -> Matrix:
        """A random exact element; for tests and examples, not uniform in any sense."""
        d, _ = self._base()
        return self.group(n).exact_sample(rng).applyfunc(lambda entry: entry * d).as_immutable()

    def sample(self, rng: np.random.Generator, n: int, spread: float = 0.5) -> Intertwiner:
        """A random element with its image, as numbers for the numpy backend.

        Parameters
        ----------
        rng : numpy.random.Generator
            The source of randomness.
        n : int
            The dimension.
        spread : float
            As for the groups.

        Raises
        ------
        IntertwineError
            The set is empty.
        """
        from intertwine.numeric import Intertwiner, ScaledPermutation

        d, b = (exact.to_float(number) for number in self._base())
        g = self.group(n).sample(rng, spread)
        scale, stretch = (ScaledPermutation(range(n), [number] * n) for number in (d, b))
        return Intertwiner(scale @ g.element, stretch @ g.image)

    def explain(self) -> str:
        """The answer in words: the relation on the line, and what follows for matrices."""
        lines = [self.equivalence.explain()]
        if self.is_empty:
            lines.append("So no invertible A has τ(Ax) = Bσ(x) with an invertible B.")
        elif self.is_empty is None:
            lines.append(f"Open: {self.questions[0]}.")
        else:
            lines.append(f"So the matrices A with τ(Ax) = Bσ(x) are {self._shown()}, with B = b0·φ(A/d0).")
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Plain data; numbers are exact text."""
        data = self.equivalence.to_json() | {"mode": "pair", "status": self.status, "empty": self.is_empty}
        if self.representative is not None:
            data["representative"] = {"d": write(self.representative[0]), "b": write(self.representative[1])}
            data["group"] = {"kind": self.group.kind, "scalars": self.group.scalars.to_json(),
                             "character": self.group.chi.to_json(), "status": self.group.status}
        if self.questions:
            data["questions"] = list(self.questions)
        return data

    def _shown(self) -> str:
        d, _ = self._base()
        return str(self.group.lower) if d == 1 else f"{write(d)} · {self.group.lower}"

    def __repr__(self) -> str:
        shown = "empty" if self.is_empty else "open" if self.is_empty is None else self._shown()
        return f"<{self.first} to {self.second}: {shown}, {self.status}>"


def _covered(equivalence: Equivalence) -> bool:
    """Whether matrices without a relation on the line are excluded as well: the domain of τ is one of Theorem 1'."""
    second = profile(equivalence.second)
    return second.line is not None or second.domain is not None


def _square(matrix: object) -> Matrix:
    import sympy

    rows = matrix.rows if isinstance(matrix, sympy.MatrixBase) else len(matrix) if isinstance(matrix, Sized) else 1
    return matrices.as_square(matrix, rows)


def _divided(matrix: Matrix, d: sympy.Expr) -> Matrix:
    return matrix.applyfunc(lambda entry: entry / d).as_immutable()
