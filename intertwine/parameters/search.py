"""The search: cells of the parameter space are divided until each has an answer.

What has to be known to go on is asked for by the cell itself (:class:`Ask`): the sign of a term in the parameters.
Where the term is zero for one value of a parameter only, that value is put in and the parameter is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intertwine.calculus.budget import check, deadline, remaining
from intertwine.calculus.core import to_core
from intertwine.errors import DerivationTimeout, DomainError, IntertwineError
from intertwine.parameters.conditions import (
    NONZERO_SIGNS,
    ZERO_SIGN,
    Ask,
    Condition,
    Conditions,
    Signs,
    Undefined,
    Unsupported,
    joined,
    substituted,
)
from intertwine.parameters.decision import Open, decide
from intertwine.parameters.field import Field
from intertwine.parameters.ring import Element, scalar
from intertwine.parameters.roots import sharper
from intertwine.parameters.tree import UNDEFINED, Branch, Claim, Empty, Leaf, Node, Split
from intertwine.parameters.whole import CLASSES, for_class
from intertwine.terms import Term

DEEPEST = 16
MOST_LEAVES = 240
SHARE, LATE = 0.4, 0.15  # of the time that is left, for one cell; of all, kept for those that are still to be divided
LATE_QUESTION = "which group it is (there was no time left for this case)"
Verify = Callable[[Term, Conditions, Leaf], str]


class Search:
    """Builds the tree of one activation."""

    def __init__(self, ordinary: Callable[[Term], Any], verify: Verify, integers: frozenset[str] = frozenset()) -> None:
        self.ordinary, self.verify, self.integers = ordinary, verify, integers
        self.leaves, self.time = 0, remaining()

    def node(self, activation: Term, conditions: Conditions, broken: frozenset[str] = frozenset(),
             depth: int = 0) -> Node:
        """The tree for the values of the parameters that satisfy the conditions."""
        if self._late():
            return self._open(LATE_QUESTION)
        check()
        if not activation.parameters:
            return self._ordinary(activation)
        if depth > DEEPEST or self.leaves > MOST_LEAVES:
            return self._open("the cases grow too many")
        try:
            with deadline(_share()):
                leaf = decide(to_core(activation), conditions, broken)
                leaf.question = self.verify(activation, conditions, leaf)
        except Ask as ask:
            question = ask
        except (Unsupported, Open, Undefined) as problem:
            return self._open(str(problem) or "where the activation is defined")
        except DerivationTimeout:
            return self._open(LATE_QUESTION)
        else:
            self.leaves += 1
            return leaf
        try:
            return self._split(activation, conditions, broken, depth, question)
        except DerivationTimeout:  # between the cases; those that were decided below are lost with their division
            return self._open(LATE_QUESTION)

    def _late(self) -> bool:
        return self.time is not None and (remaining() or 0) < LATE * self.time

    def _open(self, question: str) -> Leaf:
        self.leaves += 1
        return Leaf(None, question=question)

    def _ordinary(self, activation: Term) -> Leaf:
        """A cell on which the activation does not depend on the parameters any more."""
        self.leaves += 1
        try:
            with deadline(_share()):
                group = self.ordinary(activation)
        except DomainError:
            return Leaf(UNDEFINED, "undefined")
        except IntertwineError as error:
            return self._open(str(error))
        if group.status != "exact":
            return Leaf(None, ordinary=group, question="; ".join(group.questions))
        if group.scalars.generator is not None:
            return self._open("a discrete group for a single value of the parameters")
        return Leaf(claim_of(group), "ordinary", ordinary=group)

    # -- division ----------------------------------------------------------------
    def _split(self, activation: Term, conditions: Conditions, broken: frozenset[str], depth: int, ask: Ask) -> Node:
        if ask.integer:
            return self._by_class(activation, conditions, broken, depth, ask.atom)
        ask = sharper(ask, Field(conditions, broken))
        if any(c.atom == ask.atom and c.signs <= part for c in conditions for part in ask.parts):
            return self._open(f"the sign of {ask.atom}")
        branches = []
        rest = frozenset({-1, 0, 1}) - frozenset().union(*ask.parts)
        for part in (*ask.parts, *([rest] if rest else [])):
            branches.append(self._branch(activation, conditions, broken, depth, ask.atom, part))
        return Split(ask.atom, tuple(branches))

    def _branch(self, activation: Term, conditions: Conditions, broken: frozenset[str], depth: int, atom: Term,
                part: Signs) -> Branch:
        if self._late():
            return Branch(part, None, self._open(LATE_QUESTION), None)
        inside = joined(conditions, Condition(atom, part))
        solution = solved(atom, conditions, broken) if part == ZERO_SIGN else None
        if solution is not None:
            values = dict([solution])
            inside = substituted(conditions, values)
            activation = activation.with_parameters(values)
            if solution[0] in broken:  # the value may be a whole number
                return Branch(part, None, self._open(f"whether {solution[1]} is a whole number"), solution)
        try:
            empty = excluded(inside, broken)
        except DerivationTimeout:
            return Branch(part, None, self._open(LATE_QUESTION), solution)
        if empty:
            return Branch(part, None, Empty(), solution)
        return Branch(part, None, self.node(activation, inside, broken, depth + 1), solution)

    def _by_class(self, activation: Term, conditions: Conditions, broken: frozenset[str], depth: int, p: Term) -> Node:
        """A power whose exponent may be a whole number: even, odd or neither."""
        field = Field(conditions, broken)
        if 0 in field.sign(field.of(p)):
            return self._split(activation, conditions, broken, depth, Ask(p, (ZERO_SIGN, NONZERO_SIGNS)))
        branches = []
        for name in CLASSES:
            inner = broken | {p.op[1:]} if name == "broken" else broken
            node: Node = Empty()
            if name != "broken" or p.op[1:] not in self.integers:
                node = self.node(for_class(activation, p, name), conditions, inner, depth + 1)
            branches.append(Branch(None, name, node))
        return Split(p, tuple(branches))


def _share() -> float | None:
    """The time for one cell: a part of what is left, so that the other cells are looked at, too."""
    left = remaining()
    return None if left is None else SHARE * left


def claim_of(group: Any) -> Claim:
    """What an ordinary group says, in the same words as that of a cell."""
    from intertwine.parameters.constants import as_term

    return Claim(group.kind, group.scalars.type, as_term(group.chi.power), int(bool(group.chi.sign)), group.unique)


def solved(atom: Term, conditions: Conditions, broken: frozenset[str]) -> tuple[str, Term] | None:
    """A parameter, and its only value for which the atom is zero: linear, with a coefficient that is nowhere zero."""
    field = Field(conditions, broken)
    try:
        e = field.of(atom)
        for name in sorted(atom.parameters, reverse=True):
            place = field.ring.place(Term(f"@{name}"))
            if place is None or e.top.degrees()[place] != 1:
                continue
            if any(name in field.ring.atoms[i].term.parameters for i in field.ring.used(e.top) if i != place):
                continue
            low, high = (Element(c, scalar(1)) for c in field.ring.coefficients(e.top, place))
            if 0 not in field.sign(high):
                return name, field.ring.term(field.simplified(-low / high))
    except (Ask, Unsupported, Undefined):
        pass
    return None


def excluded(conditions: Conditions, broken: frozenset[str]) -> bool:
    """Whether no values of the parameters satisfy the conditions, as far as that is seen at once."""
    for i, c in enumerate(conditions):
        others = (*conditions[:i], *conditions[i + 1 :])
        field = Field(others, broken)
        try:
            if not field.sign(field.of(c.atom)) & c.signs:
                return True
        except (Ask, Unsupported):
            continue
        except Undefined:
            return True
    return False


