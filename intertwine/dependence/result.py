"""The relations of an activation as a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from intertwine.calculus.constants import constants_equal
from intertwine.calculus.enclosure import PRECISIONS
from intertwine.certificates.relations import RelationCertificate
from intertwine.dependence import wording
from intertwine.dependence.evidence import certificate_of
from intertwine.dependence.family import Family
from intertwine.dependence.reading import read_constant
from intertwine.dependence.solver import Solution
from intertwine.dependence.values import Table, sample_points
from intertwine.dependence.vanishing import combination, prove_vanishing
from intertwine.errors import ShapeError, Undecided
from intertwine.terms import ZERO, Term, add, mul, num, to_text
from intertwine.terms.sympy_bridge import to_sympy

if TYPE_CHECKING:
    import sympy

    from intertwine.numeric import UnitRelation


@dataclass(frozen=True)
class Relation:
    """One relation ``sum(c_k f_k) = 0``, proved.

    Attributes
    ----------
    terms : tuple of Term
        The coefficients: whole numbers without a common divisor where possible, the first one positive.
    family : Family
        The activation, its arguments and the admitted functions.
    """

    terms: tuple[Term, ...]
    family: Family

    @property
    def labels(self) -> tuple[str, ...]:
        """The functions, as text."""
        return self.family.labels

    @property
    def coefficients(self) -> tuple[sympy.Expr, ...]:
        """The coefficients as SymPy numbers."""
        return tuple(to_sympy(c) for c in self.terms)

    @property
    def support(self) -> tuple[int, ...]:
        """Places of the functions that occur."""
        return tuple(k for k, c in enumerate(self.terms) if c != ZERO)

    def as_rewriting(self) -> UnitRelation:
        """The relation solved for ``s(t)``, in floats, for :func:`intertwine.numeric.rewrite_units`.

        Raises
        ------
        IntertwineError
            ``s(t)`` does not occur, nothing else of ``s`` does, or an admitted function that occurs is not affine.

        Examples
        --------
        >>> import intertwine as iw
        >>> iw.relations("gelu", ["t", "-t"], admit=[1, "t"]).relations[0].as_rewriting()
        UnitRelation(factors=(1.0,), scales=(-1.0,), shifts=(0.0,), slope=1.0, intercept=0.0)
        """
        from intertwine.dependence.rewriting import solved_for_unit

        return solved_for_unit(self.terms, self.family)

    def __str__(self) -> str:
        return wording.written(self.terms, self.labels)

    def __repr__(self) -> str:
        return f"<{self}>"


class Relations:
    """All linear relations between an activation at given arguments and admitted functions; see :func:`relations`.

    Attributes
    ----------
    status : str
        ``"exact"`` or ``"bounded"``.
    lower, upper : int
        Proven bounds of the dimension; equal when exact.
    labels : tuple of str
        The functions, in the order of the coefficients.
    """

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        self.status = "exact" if solution.exact else "bounded"
        self.lower, self.upper = solution.lower, solution.upper
        self.labels = solution.family.labels

    @property
    def activation(self) -> Term:
        """The activation as it was read."""
        return self.solution.family.activation

    @property
    def dimension(self) -> int:
        """The dimension of the space of relations (a lower bound of it, when bounded)."""
        return self.lower

    @property
    def questions(self) -> tuple[str, ...]:
        """What is left open; empty when exact."""
        return wording.questions(self.solution)

    @cached_property
    def relations(self) -> tuple[Relation, ...]:
        """A basis (of what has been proved, when bounded)."""
        family = self.solution.family
        return tuple(Relation(wording.tidied(r.proof.coefficients), family) for r in self.solution.relations)

    @cached_property
    def basis(self) -> sympy.ImmutableMatrix:
        """The basis as a SymPy matrix: one relation a row, one function a column."""
        import sympy

        rows = [entry for r in self.relations for entry in r.coefficients]
        return sympy.ImmutableMatrix(len(self.relations), len(self.labels), rows)

    @cached_property
    def certificate(self) -> RelationCertificate:
        """The machine-checkable proof."""
        return certificate_of(self.solution)

    def contains(self, vector: Sequence[Any]) -> bool:
        """Whether coefficients make a relation.

        Parameters
        ----------
        vector : sequence of n exact numbers
            Integers, fractions, SymPy numbers, or text; no floats.

        Raises
        ------
        ShapeError
            There are not as many coefficients as functions.
        ExpressionError
            One of them is not an exact constant.
        Undecided
            It could not be settled.

        Examples
        --------
        >>> import intertwine as iw
        >>> R = iw.relations("relu", ["t", "-t"], admit=["t"])
        >>> R.contains([2, -2, -2]), R.contains([1, 1, 0])
        (True, False)
        """
        given = [read_constant(c) for c in vector]
        if len(given) != len(self.labels):
            raise ShapeError(f"{len(self.labels)} coefficients are needed, one for each of "
                             f"{', '.join(self.labels)}; there are {len(given)}")
        rest = self._reduced(given)
        zero = [constants_equal(c, ZERO) for c in rest]
        if all(zero):
            return True
        if self.status == "exact" and False in zero:
            return False
        return self._decide(rest)

    def _reduced(self, given: list[Term]) -> list[Term]:
        """What is left after subtracting the basis relations with the same coefficients at the free functions."""
        rest = list(given)
        for found in self.solution.relations:
            factor = given[found.free]
            if factor != ZERO:
                for k, c in enumerate(found.proof.coefficients):
                    if c != ZERO:
                        rest[k] = add(rest[k], mul(num(-1), factor, c))
        return [ZERO if c.op == "mul" and c.args[0] == ZERO else c for c in rest]

    def _decide(self, rest: list[Term]) -> bool:
        functions = self.solution.family.functions
        table = Table((combination(rest, functions), *functions), sample_points(functions))
        for bits in PRECISIONS[:4]:
            if any(row[0] != 0 for row in table.rows(bits)[1]):
                return False
        if prove_vanishing(rest, functions) is not None:
            return True
        raise Undecided("it could not be settled whether these coefficients make a relation")

    def explain(self) -> str:
        """The result with its reasons."""
        return wording.explained(self.solution)

    def to_json(self) -> dict[str, Any]:
        """The result as plain data, with its certificate."""
        return {
            "schema": 1, "activation": to_text(self.activation), "mode": "relations", "status": self.status,
            "functions": list(self.labels), "dimension": {"lower": self.lower, "upper": self.upper},
            "basis": [[to_text(c) for c in r.terms] for r in self.relations],
            "questions": list(self.questions), "certificate": self.certificate.to_json(),
        }  # fmt: skip

    def __len__(self) -> int:
        return self.lower

    def __repr__(self) -> str:
        bounds = f"dimension {self.lower}" + (", exact" if self.status == "exact" else f" to {self.upper}")
        listed = "; ".join(str(r) for r in self.relations[:4]) + ("; …" if len(self.relations) > 4 else "")
        return f"<relations of {to_text(self.activation)}: {bounds}{': ' + listed if listed else ''}>"
