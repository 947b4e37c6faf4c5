"""The public entry point: an activation and arguments in, the space of relations out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from intertwine.calculus.budget import check, deadline, remaining
from intertwine.dependence.evidence import certificate_of
from intertwine.dependence.family import Family
from intertwine.dependence.reading import read_activation, read_admitted, read_arguments
from intertwine.dependence.result import Relations
from intertwine.dependence.solver import Found, Independence, Solution, solve_relations
from intertwine.errors import CertificateError
from intertwine.terms import Term

if TYPE_CHECKING:
    import sympy


def relations(
    activation: str | sympy.Expr | Term | Callable[..., Any],
    arguments: Sequence[Any],
    admit: Sequence[Any] = (),
    timeout: float | None = 30.0,
) -> Relations:
    """All relations ``sum(a_k s(b_k t + c_k)) + sum(z_j f_j(t)) = 0`` with constant coefficients, exactly.

    Parameters
    ----------
    activation : str, sympy.Expr or callable
        The function s, as for :func:`intertwine.derive`.
    arguments : sequence of m arguments
        Text such as ``"2*t + 1"``, pairs ``(b, c)`` of exact constants, or SymPy expressions; b is not 0.
    admit : sequence of p functions of ``t``
        What else may occur: ``[1, "t"]`` admits affine functions of the argument.
    timeout : float or None
        Seconds; None: no limit.

    Returns
    -------
    Relations
        A basis of the space of relations, with m + p coefficients each; exact, or between proven bounds.

    Raises
    ------
    ExpressionError
        Something cannot be read, or an argument is not of the form ``b*t + c``.
    DomainError
        The functions have no common domain.
    DerivationTimeout
        No answer within ``timeout``.

    Notes
    -----
    These are the affine symmetries of an activation in the sense of V. Vlačić and H. Bölcskei, "Affine symmetries and
    neural network identifiability", Advances in Mathematics 376, 2021 (doi:10.1016/j.aim.2020.107485). A relation has
    to hold at every ``t`` at which all functions are defined as they are written. Its proof is an identity;
    independence is proved by a determinant of values in ball arithmetic. So the dimension is exact when both meet,
    and no numerical coincidence counts as a proof.

    Examples
    --------
    >>> import intertwine as iw
    >>> iw.relations("softplus", ["t", "-t"], admit=[1, "t"])
    <relations of log(exp(x) + 1): dimension 1, exact: s(t) - s(-t) - t = 0>
    >>> R = iw.relations("sin", ["t", "t + pi/2", "t + 1"])
    >>> R.basis
    Matrix([[cos(1), sin(1), -1]])
    """
    family = Family(read_activation(activation), read_arguments(arguments), read_admitted(admit))
    with deadline(timeout):
        return Relations(solve_and_check(family))


def solve_and_check(family: Family) -> Solution:
    """The solution, as far as the checker accepts it: what is called proved has been proved in two ways."""
    size = len(family)

    def accept(found: Found) -> bool:
        # On its own, without a rank: the bounds are then 1 and all.
        return _accepted(Solution(family, (found,), Independence((), (), 64), tuple(range(size))))

    solution = solve_relations(family, accept)
    if _accepted(solution):
        return solution
    return replace(solution, independence=Independence((), (), 64))


def _accepted(solution: Solution) -> bool:
    check()
    try:
        return certificate_of(solution).check(seconds=remaining())
    except CertificateError:
        return False
