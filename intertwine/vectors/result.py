"""The answer for an activation on vectors."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp

from intertwine.calculus.budget import deadline, remaining
from intertwine.errors import CertificateError
from intertwine.groups.base import MatrixGroup
from intertwine.vectors.activation import VectorActivation
from intertwine.vectors.solution import FamilySolution, all_matrices, trivial
from intertwine.vectors.solve import solve_family

if TYPE_CHECKING:
    from intertwine.certificates import Certificate


class VectorIntertwiners:
    """The intertwiner group of an activation on vectors, for every dimension at once.

    Calling it with ``n``, the length of the vectors that the activation takes, gives the concrete group.

    Attributes
    ----------
    activation : VectorActivation
        The activation.
    status : str
        ``"exact"`` or ``"bounded"``.

    Examples
    --------
    >>> from intertwine.vectors import Radial
    >>> G = derive_family(Radial("tanh(r)/r"))
    >>> G.kind, G.dimension, G(3).components
    ('orthogonal', n*(n - 1)/2, 2)
    """

    def __init__(self, solution: FamilySolution) -> None:
        self.solution = solution
        self.activation = solution.value
        self.status = solution.status
        self.lower, self.upper = solution.lower, solution.upper

    @property
    def kind(self) -> str:
        """The kind of the group (of the lower bound, when bounded)."""
        return self.lower.kind

    @property
    def dimension(self) -> sp.Expr:
        """The dimension as a Lie group, in terms of ``n``."""
        return sp.factor_terms(self.lower.dimension)

    @property
    def components(self) -> sp.Expr:
        """The number of connected components, in terms of ``n``."""
        return sp.oo if self.lower.components.has(sp.oo) else self.lower.components

    @property
    def unique(self) -> bool:
        """Whether B is determined by A (for n ≥ 2)."""
        return self.lower.unique

    @property
    def questions(self) -> tuple[str, ...]:
        """What is left open; empty when exact."""
        return self.solution.questions

    @cached_property
    def certificate(self) -> Certificate:
        """The machine-checkable proof."""
        return certificate_of(self.solution)

    def __call__(self, n: int) -> MatrixGroup:
        """The concrete group in dimension ``n`` (the lower bound, when bounded)."""
        return self.lower.build(self.activation.check_dimension(n))

    def to_json(self, n: int | None = None) -> dict[str, Any]:
        """The object that ``intertwine derive --json`` prints, for one dimension if it is given."""
        data: dict[str, Any] = {
            "schema": 1, "activation": str(self.activation), "family": self.activation.to_json(), "mode": "family",
            "status": self.status, "kind": self.kind, "unique": self.unique,
        }
        if n is None and self.activation.only_dimension is not None:
            n = self.activation.only_dimension
        group = None if n is None else self(n)
        order = self.components if group is None else group.components
        data["dimension"] = str(self.dimension) if group is None else group.dimension
        data["components"] = {"order": str(order), "exact": self.status == "exact"}
        if group is not None:
            data["unique"], data["n"] = group.unique, group.n
        data |= {key: value for key, value in self.lower.data.items() if key in ("scalars", "character", "signature")}
        if self.status == "bounded":
            data["lower"], data["upper"] = self.lower.data, self.upper.data
            data["questions"] = list(self.questions)
        data["certificate"] = self.certificate.to_json()
        return data

    def explain(self) -> str:
        """The derivation in numbered steps."""
        from intertwine.vectors.explain import explain

        return explain(self.solution, self.lower.text)

    def _repr_latex_(self) -> str:
        size = self.activation.only_dimension or 2 * self.activation.multiple_of
        relation = "=" if self.status == "exact" else r"\supseteq"
        return rf"$G_\sigma {relation} {self(size).latex()}$ for $n = {size}$"

    def __repr__(self) -> str:
        bound = self.lower.text if self.status == "exact" else f"between {self.lower.text} and {self.upper.text}"
        return f"<{self.activation}: {bound}{', exact' if self.status == 'exact' else ''}>"


def derive_family(value: VectorActivation, timeout: float | None = 30.0) -> VectorIntertwiners:
    """The intertwiner group of an activation on vectors.

    Raises
    ------
    ExpressionError
        It is not a known family.
    DerivationTimeout
        No answer in time.
    """
    with deadline(timeout):
        solution = solve_family(value)
        if solution.status == "exact":
            try:
                certificate_of(solution).check(seconds=remaining())
            except CertificateError as error:
                question = f"whether the group is {solution.lower.text}, as derived (the check says: {error})"
                solution = FamilySolution(value, "bounded", solution.theorem, trivial(), all_matrices(),
                                          solution.facts, (question,), solution.functions)
    return VectorIntertwiners(solution)


def certificate_of(solution: FamilySolution) -> Certificate:
    """The certificate of a solution."""
    from intertwine.certificates import Certificate

    return Certificate.from_json({
        "schema": 1, "activation": solution.value.to_json(), "mode": "family", "status": solution.status,
        "claim": solution.lower.data, "theorem": solution.theorem, "facts": list(solution.facts),
    })
