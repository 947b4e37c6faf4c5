"""``derive``: what is given decides which question is asked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from intertwine import api
from intertwine.api import IntertwinerGroup
from intertwine.calculus.budget import deadline
from intertwine.errors import ExpressionError
from intertwine.terms import Term

if TYPE_CHECKING:
    import sympy

    from intertwine.affine_api import AffineIntertwinerGroup
    from intertwine.maps.solution import MapSolution
    from intertwine.parameters import ParametricGroup
    from intertwine.vectors import VectorActivation, VectorIntertwiners

#: The names of activations on vectors, known here so that they need not be loaded for other names.
VECTOR_NAMES = frozenset({
    "softmax", "log_softmax", "softmin", "sparsemax", "layer_norm", "rms_norm", "glu", "swiglu", "geglu", "reglu",
    "bilinear", "crelu", "group_sort", "max_min", "max_pool", "maxout",
})  # fmt: skip
_HEAD = re.compile(r"\s*([a-z_]+)\s*(\(|$)")


@overload
def derive(
    activation: list[Any] | tuple[Any, ...], timeout: float | None = ..., *, variables: Sequence[Any] | None = ...
) -> MapSolution: ...


@overload
def derive(
    activation: VectorActivation, timeout: float | None = ..., *, affine: Literal[False] = ...
) -> VectorIntertwiners: ...


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


@overload
def derive(
    activation: str | sympy.Expr | Term | Callable[..., Any],
    timeout: float | None = ...,
    *,
    affine: bool = ...,
    assume: str | Iterable[str] | None = ...,
    parameters: Iterable[str] = ...,
) -> IntertwinerGroup | AffineIntertwinerGroup | ParametricGroup: ...


def derive(
    activation: Any,
    timeout: float | None = 30.0,
    *,
    affine: bool = False,
    assume: str | Iterable[str] | None = None,
    parameters: Iterable[str] = (),
    variables: Sequence[Any] | None = None,
) -> Any:
    """Derive the intertwiner group of an activation.

    Parameters
    ----------
    activation : str, sympy.Expr, callable, VectorActivation or list
        Text in the safe expression language (``"x*sigmoid(x)"``), a catalogue name (``"gelu"``), a SymPy
        expression, a function of a SymPy expression; or an activation on vectors, such as ``Radial("tanh(r)/r")``
        or the name ``"softmax"``; or the list of the expressions of a map of a few variables.
    timeout : float or None
        Seconds; None: no limit.
    affine : bool
        Derive the maps x ↦ Ax + c with σ(Ax + c) = Bσ(x) + d instead of the matrices with σ(Ax) = Bσ(x).
    assume : str or list of str, optional
        Comparisons of symbolic parameters with exact numbers or each other, such as ``"alpha > 0"``; a comparison of
        ``x`` with a number restricts the domain. SymPy's assumptions about symbols are read, too.
    parameters : iterable of str, optional
        Names that stand for parameters. Greek letters and ``a, b, c, k, p, w`` need not be declared.
    variables : sequence of symbols or names, optional
        The variables of a map in the order of its coordinates; ``x1``, …, ``xn`` unless given.

    Returns
    -------
    IntertwinerGroup
        For an elementwise activation: exact, or bounded by a proven lower and a proven upper group.
    AffineIntertwinerGroup
        With ``affine``.
    ParametricGroup
        With symbolic parameters: a case distinction over their values.
    VectorIntertwiners
        For an activation on vectors.
    MapSolution
        For a map of fixed size.

    Raises
    ------
    ExpressionError
        The activation cannot be read, or is not real on any interval (one line that says where).
    DerivationTimeout
        No answer within ``timeout``.

    Notes
    -----
    For ``s`` not affine on the line, the group is ``S ≀ Sym(n)`` with ``S = {d : s(dt) = b s(t) for some b}``
    (Theorem 1 of the theory page, after Godfrey, Brown, Emerson and Kvinge, NeurIPS 2022, arXiv 2205.14258). The
    answer does not depend on names: equal expressions give equal answers, and every exact one carries a certificate.
    The affine maps form ``T ≀ Sym(n)`` in the same way (Theorems 4 and 9 to 14).

    Examples
    --------
    >>> import intertwine as iw
    >>> G = iw.derive("relu")
    >>> G.kind, G.scalars, G.certificate.check()
    ('positive-scaled permutation', R>0, True)
    >>> iw.derive("x**3 + x/10**30").kind
    'signed permutation'
    >>> iw.derive("sigmoid", affine=True)
    <1/(exp(-x) + 1): ⟨t ↦ -t⟩ ≀ S_n, exact>
    >>> [case.kind for case in iw.derive("leaky_relu(x, alpha)").cases]
    ['general linear', 'monomial', 'positive-scaled permutation']
    >>> iw.derive("softmax").dimension
    n
    >>> iw.derive(["x1**2 - x2**2", "2*x1*x2"]).kind
    'conformal orthogonal'
    """
    if variables is not None or isinstance(activation, list | tuple):
        from intertwine.maps.solution import solve_map

        if affine or assume is not None or tuple(parameters):
            raise ExpressionError("affine groups and symbolic parameters are those of elementwise activations")
        return solve_map(activation, variables, timeout)
    vector = _vector(activation)
    if vector is not None:
        return _derive_vector(vector, timeout, affine or assume is not None or bool(tuple(parameters)))
    declared = tuple(parameters)
    family = _family(activation, assume, declared)
    if family is None:
        return api.derive(activation, timeout, affine=True) if affine else api.derive(activation, timeout)
    if affine:
        raise ExpressionError("affine groups are derived without symbolic parameters: put numbers for them")
    from intertwine.parameters import derive_family

    with deadline(timeout):
        return derive_family(family, lambda term: api.derive(term, timeout=None))


def vector_name(text: str) -> str | None:
    """The name of an activation on vectors with which a text begins, if it is one such as ``rms_norm(eps=1e-6)``."""
    head = _HEAD.match(text)
    return head[1] if head is not None and head[1] in VECTOR_NAMES else None


def _vector(activation: Any) -> VectorActivation | None:
    """The activation on vectors that is meant, by its value or its name."""
    if isinstance(activation, str):
        if vector_name(activation) is None:
            return None
        from intertwine.vectors import named

        return named(activation.strip())
    if isinstance(activation, Term) or not hasattr(activation, "check_dimension"):
        return None
    from intertwine.vectors import VectorActivation

    return activation if isinstance(activation, VectorActivation) else None


def _derive_vector(vector: VectorActivation, timeout: float | None, more: bool) -> VectorIntertwiners:
    from intertwine.vectors import derive_family

    if more:
        raise ExpressionError("affine groups and symbolic parameters are those of elementwise activations")
    return derive_family(vector, timeout)


def _family(activation: Any, assume: str | Iterable[str] | None, declared: tuple[str, ...]) -> Any:
    """The family with symbolic parameters that is meant, or None."""
    from intertwine.parameters import read_family

    return read_family(activation, assume, declared)
