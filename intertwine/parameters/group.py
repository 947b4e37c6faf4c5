"""The intertwiner groups of an activation with parameters: an exact case distinction."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from intertwine.calculus.budget import remaining
from intertwine.errors import CertificateError, ExpressionError, Undecided
from intertwine.groups import Character, ScalarGroup
from intertwine.groups.constants import constant_to_sympy
from intertwine.parameters.conditions import Conditions
from intertwine.parameters.evidence import ParametricCertificate
from intertwine.parameters.formulas import FALSE, Formula, to_sympy_condition, to_words, where
from intertwine.parameters.reading import Family
from intertwine.parameters.record import certificate, claim_to_json, leaf_to_json
from intertwine.parameters.search import Search
from intertwine.parameters.tree import Claim, Leaf, collapsed, leaves
from intertwine.parameters.values import exact_value, follow, satisfies
from intertwine.terms import Term, to_text

if TYPE_CHECKING:
    import sympy

_COLUMNS = ("case", "kind", "scalars", "character")


def derive_family(family: Family, ordinary: Callable[[Term], Any]) -> ParametricGroup:
    """The case distinction of a family; ``ordinary`` derives activations without parameters."""
    from intertwine.parameters.checking.checker import check_leaf

    def verify(activation: Term, conditions: Conditions, leaf: Leaf) -> str:
        """Why a cell is not proved; empty if it is."""
        time = remaining()
        try:
            check_leaf(activation, tuple((c.atom, c.signs) for c in conditions), leaf_to_json(leaf), family.names,
                       *(() if time is None else (time,)))
        except CertificateError as error:
            return f"whether the group is {leaf.claim.kind if leaf.claim else '?'} (the check of the proof: {error})"
        return ""

    search = Search(ordinary, verify, family.integers)
    return ParametricGroup(family, collapsed(search.node(family.activation, family.assumptions)), ordinary)


class ParametricGroup:
    """The intertwiner groups of an activation with parameters, for all their values.

    The cases are complete and exclude each other. Returned by :func:`intertwine.derive`.

    Attributes
    ----------
    activation : Term
        The activation.
    parameters : tuple of str
        The names of the parameters.
    cases : tuple of Case
        One for each answer that occurs.

    Examples
    --------
    >>> import intertwine as iw
    >>> G = iw.derive("leaky_relu(x, alpha)")
    >>> for case in G.cases:
    ...     print(case.condition, "->", case.kind)
    alpha = 1 -> general linear
    alpha = -1 -> monomial
    alpha != 1 and alpha != -1 -> positive-scaled permutation
    >>> G.at(alpha="1/100").scalars
    R>0
    """

    def __init__(self, family: Family, tree: Any, ordinary: Callable[[Term], Any]) -> None:
        self.activation, self.parameters = family.activation, family.names
        self._family, self._tree, self._derive = family, tree, ordinary
        found: dict[Any, list[Leaf]] = {}
        for leaf in leaves(tree):
            key = leaf.claim.key if leaf.exact and leaf.claim is not None else ("open", leaf.question)
            found.setdefault(key, []).append(leaf)
        self.cases = tuple(Case(self, i, group) for i, group in enumerate(found.values()))

    @property
    def status(self) -> str:
        """``"exact"`` if every case is."""
        return "exact" if all(case.status == "exact" for case in self.cases) else "bounded"

    @property
    def questions(self) -> tuple[str, ...]:
        """What is left open, and for which parameters."""
        return tuple(f"{case.condition}: {q}" for case in self.cases for q in case.questions)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What is assumed of the parameters."""
        from intertwine.parameters.formulas import Literal

        signs = [to_words(Formula("is", literal=Literal(c.atom, c.signs))) for c in self._family.assumptions]
        return (*signs, *(f"{name} is an integer" for name in sorted(self._family.integers)))

    def at(self, **values: Any) -> Any:
        """The group for exact values of the parameters.

        Parameters
        ----------
        **values
            A number or text for each parameter: ``alpha="1/100"``, ``b=sympy.pi``.

        Returns
        -------
        IntertwinerGroup
            That of the activation with the values put in.

        Raises
        ------
        ExpressionError
            A value is missing, not an exact number, or outside of the assumptions.
        DomainError
            The activation is not defined for these values.
        """
        exact = self._exact(values)
        leaf = follow(self._tree, exact)
        group = self._derive(self.activation.with_parameters(exact))
        if leaf.exact and leaf.claim is not None and group.status == "exact" and not _agree(leaf.claim, exact, group):
            raise Undecided("the case of these values and the activation with them have different groups; this is an "
                            "error of the package")
        return group

    def case_at(self, **values: Any) -> Case:
        """The case to which exact values of the parameters belong."""
        leaf = follow(self._tree, self._exact(values))
        return next(case for case in self.cases if any(other is leaf for other in case.leaves))

    def _exact(self, values: dict[str, Any]) -> dict[str, Term]:
        """The values as terms, if there is one for each parameter and they are among those that are assumed."""
        unknown = sorted(set(values) - set(self.parameters))
        missing = [name for name in self.parameters if name not in values]
        if unknown or missing:
            what = f"no parameter {unknown[0][:40]!a}" if unknown else f"no value for {missing[0]}"
            raise ExpressionError(f"{what}: the parameters are {', '.join(self.parameters)}")
        exact = {name: exact_value(name, value) for name, value in values.items()}
        if not satisfies(self._family.assumptions, self._family.integers, exact):
            shown = ", ".join(f"{name} = {exact[name]}" for name in self.parameters)
            raise ExpressionError(f"{shown} is outside of the assumptions: {', '.join(self.assumptions)}")
        return exact

    @cached_property
    def certificate(self) -> ParametricCertificate:
        """The proof of all cases together."""
        return ParametricCertificate(self._data, None)

    @cached_property
    def _data(self) -> dict[str, Any]:
        return certificate(self.activation, self.parameters, self._family.assumptions, self._tree,
                           [case.claim for case in self.cases], self._family.integers)

    def to_json(self) -> dict[str, Any]:
        """The object that ``intertwine derive --json`` prints."""
        return {
            "schema": 1, "activation": to_text(self.activation), "mode": "parameters", "status": self.status,
            "parameters": list(self.parameters), "assumptions": list(self.assumptions),
            "cases": [case.to_json() for case in self.cases], "questions": list(self.questions),
            "certificate": self._data,
        }

    def explain(self) -> str:
        """All cases with the reasons for them."""
        return "\n\n".join(case.explain() for case in self.cases)

    def __str__(self) -> str:
        rows = [_COLUMNS, *(case.row() for case in self.cases)]
        widths = [max(len(row[i]) for row in rows) for i in range(len(_COLUMNS))]
        lines = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in rows]
        assumed = f", {', '.join(self.assumptions)}" if self.assumptions else ""
        head = f"s(x) = {to_text(self.activation)}{assumed}: {self.status}"
        return "\n".join([head, lines[0], "-" * max(map(len, lines)), *lines[1:]])

    def __repr__(self) -> str:
        return f"<{to_text(self.activation)}: {len(self.cases)} cases, {self.status}>"


def _agree(claim: Claim, values: dict[str, Term], group: Any) -> bool:
    if (claim.kind, claim.unique) != (group.kind, group.unique):
        return False
    scalars = ScalarGroup.from_json({"type": claim.scalars})
    degree = constant_to_sympy(claim.degree.with_parameters(values))
    return bool(scalars == group.scalars and (not group.unique or Character(scalars, degree, claim.odd) == group.chi))


class Case:
    """The parameters with one answer.

    Attributes
    ----------
    condition : str
        Where it holds.
    status : str
        ``"exact"`` or ``"bounded"``; when bounded, :attr:`questions` says what is open.
    """

    def __init__(self, group: ParametricGroup, index: int, found: list[Leaf]) -> None:
        self._group, self.index, self.leaves = group, index, found
        self.claim: Claim | None = found[0].claim if found[0].exact else None
        self.status = "bounded" if self.claim is None else "exact"

    @cached_property
    def formula(self) -> Formula:
        """Where the case holds, as a formula."""
        found = where(self._group._tree, lambda leaf: any(leaf is other for other in self.leaves))
        return found if found != FALSE else FALSE

    @property
    def condition(self) -> str:
        """Where the case holds, in words."""
        return to_words(self.formula)

    @property
    def sympy_condition(self) -> Any:
        """Where the case holds, as a SymPy condition in real symbols."""
        from intertwine.terms.sympy_bridge import to_sympy

        return to_sympy_condition(self.formula, to_sympy)

    @property
    def questions(self) -> tuple[str, ...]:
        """What is left open."""
        return () if self.claim is not None else tuple(dict.fromkeys(leaf.question for leaf in self.leaves))

    @property
    def kind(self) -> str:
        """The kind of the group (``"undefined"``: the activation is not defined); of the lower bound, when bounded."""
        return self.claim.kind if self.claim is not None else "permutation"

    @property
    def unique(self) -> bool:
        """Whether B is determined by A."""
        return self.claim is None or self.claim.unique

    @property
    def scalars(self) -> ScalarGroup | None:
        """The scalar group S; None where the activation is not defined."""
        if self.claim is None:
            return ScalarGroup.from_json({"type": "trivial"})
        return ScalarGroup.from_json({"type": self.claim.scalars}) if self.claim.scalars else None

    @property
    def character(self) -> sympy.Lambda | None:
        """The character as a SymPy function, in which the parameters may occur."""
        scalars = self.scalars
        if scalars is None:
            return None
        claim = self.claim or Claim("permutation", "trivial")
        if not claim.degree.parameters:
            return Character(scalars, constant_to_sympy(claim.degree), claim.odd).as_lambda()
        import sympy

        from intertwine.terms.sympy_bridge import to_sympy

        a = sympy.Symbol("a", real=True)
        size = sympy.Abs(a) ** to_sympy(claim.degree)
        return sympy.Lambda(a, size * sympy.sign(a) if claim.odd else size)

    @property
    def character_text(self) -> str:
        """The character in the expression language, in ``a`` and the parameters."""
        scalars = self.scalars
        if scalars is None:
            return ""
        claim = self.claim or Claim("permutation", "trivial")
        if not claim.degree.parameters:
            return str(Character(scalars, constant_to_sympy(claim.degree), claim.odd).to_json())
        size = "a" if claim.scalars == "positive" else "Abs(a)"
        degree = to_text(claim.degree)
        power = f"{size}**{degree}" if degree.isidentifier() else f"{size}**({degree})"
        return f"{power}*sign(a)" if claim.odd else power

    @cached_property
    def certificate(self) -> ParametricCertificate:
        """The proof of this case."""
        return ParametricCertificate(self._group._data, self.index)

    def explain(self) -> str:
        """Why the group is what it is, cell by cell."""
        from intertwine.parameters.explanation import explain_case

        return explain_case(self)

    def row(self) -> tuple[str, str, str, str]:
        """What the table shows."""
        kind = self.kind if self.claim is not None else "bounded: at least the permutations"
        scalars = "" if self.scalars is None else repr(self.scalars)
        return self.condition, kind, scalars, self.character_text

    def to_json(self) -> dict[str, Any]:
        """The case as plain data."""
        data: dict[str, Any] = {"condition": self.condition, "status": self.status, "kind": self.kind}
        if self.scalars is not None:
            data |= {"scalars": self.scalars.to_json(), "character": self.character_text, "unique": self.unique}
        if self.claim is not None:
            data["claim"] = claim_to_json(self.claim)
        else:
            data["questions"] = list(self.questions)
        return data

    def __repr__(self) -> str:
        return f"<case {self.condition}: {self.kind}, {self.status}>"
