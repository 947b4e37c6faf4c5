"""The affine intertwiner group of an activation, as :func:`intertwine.derive` returns it with ``affine=True``."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from intertwine import answers
from intertwine.affine.evidence import fact_to_json
from intertwine.affine.solver import AffineSolution, solve_affine, unconfirmed
from intertwine.answers import ElementwiseAnswer, objection
from intertwine.groups import AffineCharacter, AffineFamily, AffineMatrixGroup, AffineScalarGroup
from intertwine.groups.affine.linear_part import linear_part
from intertwine.groups.family import GroupFamily
from intertwine.terms import Term

if TYPE_CHECKING:
    from intertwine.certificates import Certificate

#: Images of generators that an answer names beside the group.
_IMAGES = ("reflection", "translation")


def solved(term: Term) -> AffineSolution:
    """A solution whose certificate the checker accepts; otherwise bounds that need no proof."""
    solution = solve_affine(term)
    reason = objection(certificate_of(solution), solution.status)
    return solution if reason is None else unconfirmed(solution, reason)


def certificate_of(solution: AffineSolution) -> Certificate:
    """The certificate of a solution."""
    facts = [fact_to_json(f) for f in solution.facts]
    return answers.certificate_of(solution, "affine", _claim(solution.lower), facts)


def _claim(family: AffineFamily) -> dict[str, Any]:
    return {"affine": family.scalars.to_json(), "character": family.character.to_json(), "unique": family.unique}


class AffineIntertwinerGroup(ElementwiseAnswer[AffineFamily]):
    """The affine intertwiners of an elementwise activation: all x ↦ Ax + c with σ(Ax + c) = Bσ(x) + d.

    They form ``T ≀ Sym(n)`` with T a group of affine maps of the line, or the whole affine group when σ is affine.
    Calling it with ``n`` gives the concrete group. Returned by :func:`intertwine.derive` with ``affine=True``.

    Attributes
    ----------
    activation : Term
        The activation as it was read.
    status : str
        ``"exact"`` or ``"bounded"``.
    lower, upper : AffineFamily
        Proven bounds; equal when exact.

    Notes
    -----
    Theorems 1 (for affine maps), 4 and 9 to 14 of the theory page.

    Examples
    --------
    >>> import intertwine as iw
    >>> G = iw.derive("sin", affine=True)
    >>> G.type, G.scalars, G.psi
    ('dihedral', D_∞(π, 0), ψ: D_∞(π, 0) → Aff(R), -t ↦ -y, t + π ↦ -y)
    >>> G(2)
    D_∞(π, 0) ≀ S_2
    >>> iw.derive("sigmoid", affine=True).to_json()["reflection"]
    {'b': '-1', 'd': '1'}
    """

    _mode = "affine"

    def __init__(self, solution: AffineSolution) -> None:
        super().__init__(solution)
        self.solution = solution

    @property
    def scalars(self) -> AffineScalarGroup:
        """The group T of maps t ↦ at + c (a lower bound of it, when bounded)."""
        return self.lower.scalars

    @property
    def type(self) -> str:
        """The type of T: ``"trivial"``, ``"reflection"``, ``"dihedral"``, … (of the lower bound, when bounded)."""
        return self.scalars.type

    @property
    def psi(self) -> AffineCharacter:
        """The homomorphism (a, c) ↦ (b, d) from T to the affine maps."""
        return self.lower.character

    @cached_property
    def linear(self) -> GroupFamily:
        """The linear intertwiners among them: the matrices A with σ(Ax) = Bσ(x)."""
        return linear_part(self.lower)

    @property
    def kind(self) -> str:
        """The kind of the linear group inside, in the field's terms."""
        return self.linear.kind

    @property
    def unique(self) -> bool:
        """Whether (B, d) is determined by (A, c): unless the activation is constant."""
        return self.lower.unique

    def _certificate(self) -> Certificate:
        return certificate_of(self.solution)

    def __call__(self, n: int) -> AffineMatrixGroup:
        """The concrete group of affine maps of n coordinates (the lower bound, when bounded)."""
        return self.lower(n)

    def _group_json(self) -> dict[str, Any]:
        linear, psi = self.linear, self.psi.to_json()
        return {
            "kind": linear.kind, "scalars": linear.scalars.to_json(), "character": linear.character.to_json(),
            "unique": self.unique, "affine": self.psi.affine_json(), "psi": psi,
            **{name: psi[name] for name in _IMAGES if name in psi},
        }  # fmt: skip

    def _bound_json(self, bound: AffineFamily) -> dict[str, Any]:
        return {"affine": bound.character.affine_json(), "psi": bound.character.to_json()}

    def explain(self) -> str:
        """The derivation in numbered steps."""
        from intertwine.explain.affine import explain

        return explain(self.solution)

    def _repr_latex_(self) -> str:
        from intertwine.explain.affine import latex

        return latex(self.solution)
