"""The answer for a map of fixed size, as a value."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from intertwine.calculus.budget import deadline, remaining
from intertwine.calculus.tower import NoNormalForm
from intertwine.errors import CertificateError, DerivationTimeout, IntertwineError, Undecided
from intertwine.groups.vectors.stabiliser import Stabiliser
from intertwine.maps.expressions import SmallMap, read_map, show
from intertwine.maps.field import Coarse
from intertwine.maps.generators import generating
from intertwine.maps.kinds import kind_of_map
from intertwine.maps.membership import Proof, Refutation, Terms, decide, full_image
from intertwine.maps.names import name_of, structure_constants
from intertwine.maps.report import explain, notation
from intertwine.maps.solver import Derivation, derive_map
from intertwine.maps.space import Space
from intertwine.maps.witness import certificate_of
from intertwine.terms import Term
from intertwine.terms.sympy_bridge import from_sympy, to_sympy

if TYPE_CHECKING:
    import numpy as np
    import sympy as sp
    from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

    from intertwine.certificates.maps import MapCertificate
    from intertwine.numeric import Intertwiner

MOST_CACHED = 256
DECISION_TIME = 30.0
CHECK_TIME = 60.0
_cache: dict[tuple[Term, ...], Derivation] = {}
_lock = threading.Lock()


def solve_map(expressions: Any, variables: Any = None, timeout: float | None = 30.0, dim: int | None = None,
              ) -> MapSolution:
    """Derive the intertwiner group of a map of fixed size.

    Parameters
    ----------
    expressions : str, SymPy expression, or a sequence of them
        One to six expressions; text may be a list, ``"[Max(x1, x2), Min(x1, x2)]"``.
    variables : sequence of symbols or names, optional
        One to six, in the order of the coordinates; ``x1`` ... ``xn`` if not given.
    timeout : float or None
        Seconds; None: no limit.
    dim : int, optional
        The number of variables, when more than those that occur.

    Returns
    -------
    MapSolution
        With status ``"exact"``, or ``"bounded"`` and the open questions.

    Raises
    ------
    ExpressionError
        Something cannot be read; one line says what.
    IntertwineError
        The expressions are defined nowhere, or outside what can be analysed in several variables.
    DerivationTimeout
        No answer within ``timeout``.

    Notes
    -----
    The group is the stabiliser of the span V of the expressions under linear substitution. Its Lie algebra is found
    by exact linear algebra and bounded from above by a rank in rigorous ball arithmetic; its components are found
    among candidates that a theorem shows to be complete, each decided by the definition.

    Examples
    --------
    >>> G = solve_map("[x1**2 - x2**2, 2*x1*x2]")
    >>> G.status, G.dimension, G.components, G.algebra_name, G.kind
    ('exact', 2, 2, 'R^2', 'conformal orthogonal')
    >>> G.phi([[0, -1], [1, 0]])
    Matrix([
    [-1,  0],
    [ 0, -1]])
    """
    source = read_map(expressions, variables, dim)
    key = (*source.terms, Term(f"x{source.n}"))
    with _lock:
        found = _cache.get(key)
    if found is None:
        with deadline(timeout):
            try:
                found = derive_map(source)
            except NoNormalForm as error:
                reason = str(error) or "the expressions are too large"
                raise IntertwineError(f"this map of several variables cannot be analysed: {reason}") from None
            found.doubt = _doubt(source, found)
        with _lock:
            if found.cut:
                return MapSolution(source, found)
            if len(_cache) >= MOST_CACHED:
                _cache.clear()
            _cache[key] = found
    return MapSolution(source, found)


def _doubt(source: SmallMap, found: Derivation) -> str:
    """What the independent checker does not confirm of an answer that would be exact; empty if it confirms it."""
    if not found.exact:
        return ""
    try:
        left = remaining()
        MapSolution(source, found).certificate.check(CHECK_TIME if left is None else left)
    except DerivationTimeout:
        found.cut = True
        return "the time was over before it began"
    except CertificateError as error:
        left = remaining()
        found.cut = left is not None and left <= 0.0
        return str(error)
    return ""


class MapSolution:
    """The intertwiner group of a map of fixed size. Returned by :func:`solve_map`.

    Attributes
    ----------
    source : SmallMap
        The map as it was read.
    derivation : Derivation
        Everything that was found.
    """

    def __init__(self, source: SmallMap, derivation: Derivation) -> None:
        self.source, self.derivation = source, derivation
        self._space = derivation.space

    # -- the answer ----------------------------------------------------------------------
    @property
    def status(self) -> str:
        """``"exact"``, or ``"bounded"`` when the dimension or the components are only bounded."""
        return "exact" if self.derivation.exact else "bounded"

    @property
    def n(self) -> int:
        """The number of variables."""
        return self.source.n

    @property
    def m(self) -> int:
        """The number of expressions."""
        return self.source.m

    @property
    def dimension(self) -> int:
        """The dimension of the Lie group (a proven lower bound, when it is not exact)."""
        return self.derivation.lie.lower

    @property
    def dimension_exact(self) -> bool:
        """Whether the dimension is proved from both sides."""
        return self.derivation.lie.exact and self.derivation.space.independent

    @property
    def components(self) -> int:
        """The number of connected components (a proven lower bound when not exact, if the dimension is exact)."""
        return self.derivation.components.order

    @property
    def components_exact(self) -> bool:
        """Whether a theorem shows that there are no other components."""
        return self.derivation.exact

    @property
    def unique(self) -> bool:
        """Whether B is determined by A: whether the expressions are linearly independent."""
        return self.derivation.space.d == self.m

    @property
    def questions(self) -> tuple[str, ...]:
        """What is left open; empty when exact."""
        found = []
        if self.derivation.doubt:
            found.append(f"the independent check does not confirm the answer: {self.derivation.doubt}")
        if not self.dimension_exact:
            found.append(f"the dimension is between {self.dimension} and {self.derivation.lie.upper}")
        if not self.derivation.components.complete:
            found.append(f"whether there are more than {self.components} components: "
                         f"{self.derivation.components.theorem}")
        return tuple(found)

    @cached_property
    def algebra_name(self) -> str | None:
        """The Lie algebra up to isomorphism (``"R ⊕ so(3)"``), where invariants prove it; else None."""
        try:
            return name_of(self._space.mixed.field, self.derivation.lie.x_matrices, self.n)
        except NoNormalForm:
            return None

    @cached_property
    def kind(self) -> str:
        """The kind of the group in the field's terms; ``"stabiliser"`` when it has no name."""
        return kind_of_map(self.derivation)

    # -- exact elements --------------------------------------------------------------------
    @cached_property
    def lie_algebra(self) -> tuple[tuple[Matrix, Matrix], ...]:
        """A basis of the Lie algebra: pairs (X, Y) with ``Dσ(x)·Xx = Yσ(x)``."""
        return tuple((_matrix(m.x), _matrix(self._full(m.y, infinitesimal=True))) for m in self.derivation.lie.members)

    @cached_property
    def structure_constants(self) -> Any:
        """c with ``[X_i, X_j] = Σ_k c[i][j][k] X_k``; None if they are not all rational."""
        return structure_constants(self._space.mixed.field, self.derivation.lie.x_matrices)

    @cached_property
    def generators(self) -> tuple[tuple[Matrix, Matrix], ...]:
        """Pairs (A, B) that generate the components: every component meets the group that they generate."""
        chosen = generating(self._space, self.derivation.components.proofs)
        return tuple((_matrix(p.matrix), _matrix(self._full(p.image))) for p in chosen)

    def _full(self, image: Terms, infinitesimal: bool = False) -> Terms:
        return full_image(self._space, image, infinitesimal)

    def image(self, matrix: Matrix) -> Matrix | None:
        """One B for an exact matrix A, or None if A is not in the group.

        Raises
        ------
        Undecided
            Neither a proof nor a refutation is found.
        """
        entries: Terms = tuple(tuple(from_sympy(e) for e in row) for row in matrix.tolist())
        with deadline(DECISION_TIME):
            verdict, space = self._decide(entries)
        if isinstance(verdict, Refutation):
            return None
        if isinstance(verdict, Proof):
            return _matrix(full_image(space, verdict.image))
        raise Undecided("it could not be settled whether the matrix is in the group")

    def _decide(self, entries: Terms) -> tuple[Any, Space]:
        space = self._space
        for _ in range(6):
            try:
                return decide(space, entries), space
            except Coarse as coarse:
                space = Space(self.source, units={**space.units, coarse.family: coarse.unit})
            except NoNormalForm:
                break
        return None, space

    def group(self) -> Stabiliser:
        """The concrete group: membership, φ, generators, Lie algebra, sampling."""
        return Stabiliser(self.n, self.lie_algebra, self.generators, self.components, self.image,
                          self.source.texts(), self.kind, self.unique, notation(self))

    def __call__(self, n: int | None = None) -> Stabiliser:
        """The concrete group; ``n``, if given, has to be the number of variables."""
        if n is not None and n != self.n:
            raise IntertwineError(f"this map has {self.n} variables, not {n}")
        return self.group()

    @cached_property
    def _group(self) -> Stabiliser:
        return self.group()

    def contains(self, matrix: object) -> bool:
        """Whether an exact matrix is in the group, by the definition: V∘A = V and A maps the domain to itself."""
        return self._group.contains(matrix)

    def phi(self, matrix: object) -> Matrix:
        """A matrix B with σ(Ax) = Bσ(x), for an element A."""
        return self._group.phi(matrix)

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        """A random element with its image, as numbers."""
        return self._group.sample(rng, spread)

    # -- for people and files ----------------------------------------------------------------
    @cached_property
    def expressions(self) -> tuple[sp.Expr, ...]:
        """The map as SymPy expressions in ``x1`` ... ``xn``."""
        from intertwine.maps.report import expression

        return tuple(expression(t) for t in self.source.terms)

    @cached_property
    def certificate(self) -> MapCertificate:
        """The machine-checkable evidence."""
        return certificate_of(self)

    @property
    def facts(self) -> tuple[str, ...]:
        """What was established, one line each."""
        from intertwine.maps.report import facts

        return facts(self)

    def explain(self) -> str:
        """The derivation in numbered steps."""
        return explain(self)

    def to_json(self) -> dict[str, Any]:
        """The object that the command line prints."""
        lie = self.derivation.lie
        data: dict[str, Any] = {
            "schema": 1, "activation": f"[{', '.join(self.source.texts())}]", "map": list(self.source.texts()),
            "variables": self.n, "mode": "map", "status": self.status,
            "kind": self.kind, "dimension": self.dimension,
            "components": {"order": str(self.components), "exact": self.components_exact}, "unique": self.unique,
            "algebra": self.algebra_name,
        }
        if not self.dimension_exact:
            data["dimension_bounds"] = [self.dimension, lie.upper]
        if self.status == "bounded":
            data["questions"] = list(self.questions)
        data["generators"] = [{"a": _texts(a), "b": _texts(b)} for a, b in self.generators]
        data["certificate"] = self.certificate.to_json()
        return data

    def _repr_latex_(self) -> str:
        from intertwine.maps.report import latex

        return latex(self)

    def __repr__(self) -> str:
        if self.status == "exact":
            return f"<{self.source}: {notation(self)}, exact>"
        return f"<{self.source}: dimension {self.dimension}, at least {self.components} components>"


def _matrix(rows: Sequence[Sequence[Term]]) -> Matrix:
    from sympy.matrices.immutable import ImmutableDenseMatrix

    return ImmutableDenseMatrix([[to_sympy(t) for t in row] for row in rows])


def _texts(matrix: Matrix) -> list[list[str]]:
    return [[str(e) for e in row] for row in matrix.tolist()]


__all__ = ["MapSolution", "show", "solve_map"]
