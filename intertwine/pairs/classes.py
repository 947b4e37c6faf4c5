"""The classes of many activations under scalings or affine maps, as a graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intertwine.activations import activation_names
from intertwine.api import as_term
from intertwine.calculus.budget import deadline
from intertwine.errors import DerivationTimeout
from intertwine.pairs.compare import Verdict, compare
from intertwine.pairs.equivalence import Equivalence, profile

if TYPE_CHECKING:
    import networkx as nx


def equivalence_classes(names: Iterable[str] | None = None, affine: bool = True,
                        timeout: float | None = 20.0) -> EquivalenceClasses:
    """Sort activations into classes: two are in one class if they are proved to be related.

    Parameters
    ----------
    names : iterable of str, optional
        Names of the catalogue or expressions; by default the whole catalogue.
    affine : bool
        Affine maps (True) or scalings (False); see :func:`equivalent`.
    timeout : float or None
        Seconds for each comparison; what takes longer is listed as open.

    Returns
    -------
    EquivalenceClasses

    Examples
    --------
    >>> found = equivalence_classes(["sigmoid", "tanh", "relu6", "hard_tanh", "erf"])
    >>> found.classes
    (('sigmoid', 'tanh'), ('relu6', 'hard_tanh'), ('erf',))
    >>> found.open
    ()
    >>> str(found.graph.edges["sigmoid", "tanh"]["equivalence"].a)
    '1/2'
    """
    listed = list(dict.fromkeys(activation_names() if names is None else names))
    terms = {name: as_term(name) for name in listed}
    related: list[tuple[str, str, Equivalence]] = []
    undecided: list[tuple[str, str, str]] = []
    heads: list[str] = []
    members: dict[str, list[str]] = {}
    for name in listed:
        # a relation with one member of a class is one with all of them, and so is the lack of it
        for head in heads:
            verdict = _verdict(terms[head], terms[name], affine, timeout)
            if verdict.answer:
                related.append((head, name, Equivalence(terms[head], terms[name], affine, verdict)))
                members[head].append(name)
                break
            if verdict.answer is None:
                undecided.append((head, name, verdict.question))
        else:
            heads.append(name)
            members[name] = [name]
    of = {name: head for head, names_ in members.items() for name in names_}
    return EquivalenceClasses(affine, tuple(tuple(members[h]) for h in heads), tuple(related),
                              tuple(_still_open(undecided, of)))


def _verdict(first: Any, second: Any, affine: bool, timeout: float | None) -> Verdict:
    try:
        with deadline(timeout):
            return compare(profile(first), profile(second), affine)
    except DerivationTimeout:
        return Verdict(None, (), question="the comparison ran out of time")


def _still_open(undecided: list[tuple[str, str, str]], of: dict[str, str]) -> list[tuple[str, str, str]]:
    """The open pairs of classes."""
    found: dict[tuple[str, str], str] = {}
    for one, other, question in undecided:
        a, b = of[one], of[other]
        if a != b and (b, a) not in found:
            found.setdefault((a, b), question)
    return [(a, b, question) for (a, b), question in found.items()]


@dataclass(frozen=True)
class EquivalenceClasses:
    """Activations in classes. Returned by :func:`equivalence_classes`.

    Attributes
    ----------
    affine : bool
        Under which maps.
    classes : tuple of tuple of str
        Each with its first member, in the order given.
    related : tuple of (str, str, Equivalence)
        One proved relation for every further member of a class, with the first one.
    open : tuple of (str, str, str)
        Pairs of classes (by their first members) of which it is not decided whether they are one, with the question.
        All other pairs of classes are proved to be different.
    """

    affine: bool
    classes: tuple[tuple[str, ...], ...]
    related: tuple[tuple[str, str, Equivalence], ...]
    open: tuple[tuple[str, str, str], ...]

    @property
    def graph(self) -> nx.Graph:
        """The activations as nodes (attribute ``number`` of the class), with an edge for every pair in ``related``.

        The attribute ``equivalence`` of an edge holds the maps and the proof. Open pairs are edges as well, with the
        attribute ``open``; a pair without a path is proved to be different.
        """
        import networkx as nx

        graph = nx.Graph(affine=self.affine)
        for number, names in enumerate(self.classes):
            graph.add_nodes_from(names, number=number)
        for one, other, equivalence in self.related:
            graph.add_edge(one, other, equivalence=equivalence)
        for one, other, question in self.open:
            graph.add_edge(one, other, open=question)
        return graph

    def class_of(self, name: str) -> tuple[str, ...]:
        """The class of a member."""
        return next(names for names in self.classes if name in names)

    def table(self) -> str:
        """The classes with more than one member as a Markdown table, with the maps from the first member.

        Examples
        --------
        >>> print(equivalence_classes(["relu", "frelu", "elu"]).table())
        | σ | τ | relation |
        |---|---|---|
        | relu | frelu | τ(t) = σ(t) - 199/500 |
        """
        rows = ["| σ | τ | relation |", "|---|---|---|"]
        for one, other, equivalence in self.related:
            assert equivalence.relation is not None
            text = equivalence.relation.describe().partition(" for every")[0]
            rows.append(f"| {one} | {other} | {text} |")
        return "\n".join(rows)

    def __repr__(self) -> str:
        how = "affine maps" if self.affine else "scalings"
        count = sum(map(len, self.classes))
        return f"<{count} activations in {len(self.classes)} classes under {how}, {len(self.open)} pairs open>"

