"""An elementwise activation in, its intertwiner group out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, overload

from intertwine import answers
from intertwine.answers import ElementwiseAnswer, objection, remembered
from intertwine.errors import ExpressionError
from intertwine.groups import Character, MatrixGroup, ScalarGroup
from intertwine.groups.family import GroupFamily
from intertwine.parsing import parse_term
from intertwine.solve.evidence import fact_to_json
from intertwine.solve.linear import Solution, solve_linear, unconfirmed
from intertwine.terms import Term
from intertwine.terms.sympy_bridge import from_callable, from_sympy

if TYPE_CHECKING:
    import sympy

    from intertwine.affine.solver import AffineSolution
    from intertwine.affine_api import AffineIntertwinerGroup
    from intertwine.certificates import Certificate

MOST_CACHED = 4096
_cache: dict[Term, Solution] = {}
_affine_cache: dict[Term, AffineSolution] = {}


@overload
def derive(
    activation: str | sympy.Expr | Term | Callable[..., Any],
    timeout: float | None = ...,
    *,
    affine: Literal[False] = ...,
) -> IntertwinerGroup: ...


@overload
def derive(
    activation: str | sympy.Expr | Term | Callable[..., Any], timeout: float | None = ..., *, affine: Literal[True]
) -> AffineIntertwinerGroup: ...


def derive(
    activation: str | sympy.Expr | Term | Callable[..., Any], timeout: float | None = 30.0, *, affine: bool = False
) -> IntertwinerGroup | AffineIntertwinerGroup:
    """The group of an elementwise activation without symbolic parameters; see :func:`intertwine.derive`.

    Examples
    --------
    >>> derive("relu")
    <Max(0, x): R>0 ≀ S_n, exact>
    """
    term = as_term(activation)
    if affine:
        from intertwine.affine_api import AffineIntertwinerGroup, solved

        return AffineIntertwinerGroup(remembered(_affine_cache, MOST_CACHED, term, solved, timeout))
    return IntertwinerGroup(remembered(_cache, MOST_CACHED, term, _solved, timeout))


def _solved(term: Term) -> Solution:
    """A solution whose certificate the checker accepts; otherwise bounds that need no proof."""
    solution = solve_linear(term)
    reason = objection(certificate_of(solution), solution.status)
    return solution if reason is None else unconfirmed(solution, reason)


def certificate_of(solution: Solution) -> Certificate:
    """The certificate of a solution."""
    facts = [fact_to_json(f) for f in solution.facts]
    return answers.certificate_of(solution, "linear", _claim(solution.lower), facts)


def _claim(family: GroupFamily) -> dict[str, Any]:
    return {"kind": family.kind, "scalars": family.scalars.to_json(), "character": family.character.to_json(),
            "unique": family.unique}


def as_term(activation: Any) -> Term:
    """An activation as a caller may give it, as a term: text, a SymPy expression, a function of one, or a term.

    Raises
    ------
    ExpressionError
        It cannot be read.

    Examples
    --------
    >>> as_term("relu")
    Max(0, x)
    """
    if isinstance(activation, Term):
        return activation
    if isinstance(activation, str):
        return parse_term(activation)
    import sympy

    if isinstance(activation, sympy.Basic):
        return from_sympy(activation)
    if callable(activation):
        return from_callable(activation)
    raise ExpressionError(f"an activation is text, a SymPy expression or a function, not {type(activation).__name__}")


class IntertwinerGroup(ElementwiseAnswer[GroupFamily]):
    """The intertwiner group of an elementwise activation, for every dimension at once.

    Calling it with ``n`` gives the concrete matrix group. Returned by :func:`derive`.

    Attributes
    ----------
    activation : Term
        The activation as it was read.
    status : str
        ``"exact"`` or ``"bounded"``.
    lower, upper : GroupFamily
        Proven bounds; equal when exact.
    """

    _mode = "linear"

    def __init__(self, solution: Solution) -> None:
        super().__init__(solution)
        self.solution = solution

    @property
    def kind(self) -> str:
        """The kind of the group (of the lower bound, when bounded), in the field's terms."""
        return self.lower.kind

    @property
    def scalars(self) -> ScalarGroup:
        """The scalar group S (a lower bound of it, when bounded)."""
        return self.lower.scalars

    @property
    def chi(self) -> Character:
        """The character χ: S → R* as a value."""
        return self.lower.character

    @property
    def character(self) -> sympy.Lambda:
        """χ as a SymPy function ``a -> chi(a)``."""
        return self.lower.character.as_lambda()

    @property
    def unique(self) -> bool:
        """Whether B is determined by A: unless the activation is constant."""
        return self.lower.unique

    def _certificate(self) -> Certificate:
        return certificate_of(self.solution)

    def __call__(self, n: int) -> MatrixGroup:
        """The concrete group of n×n matrices (the lower bound, when bounded)."""
        return self.lower(n)

    def _group_json(self) -> dict[str, Any]:
        return _claim(self.lower)

    def _bound_json(self, bound: GroupFamily) -> dict[str, Any]:
        claim = _claim(bound)
        del claim["unique"]
        return claim

    def explain(self) -> str:
        """The derivation in numbered steps."""
        from intertwine.explain import explain

        return explain(self.solution)

    def _repr_latex_(self) -> str:
        from intertwine.explain import latex

        return latex(self.solution)
