"""The case distinction as a tree: each node divides the values of the parameters, each leaf says what holds there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from intertwine.parameters.conditions import Signs
from intertwine.terms import ONE, ZERO, Term

Fact = dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """A group with its character ``|a|**degree * sign(a)**odd``, where the degree may depend on the parameters."""

    kind: str
    scalars: str = "nonzero"
    degree: Term = ZERO
    odd: int = 0
    unique: bool = True

    @property
    def key(self) -> tuple[Any, ...]:
        """Equal keys: the same claim."""
        return (self.kind, self.scalars, self.degree, self.odd, self.unique)


UNDEFINED = Claim("undefined", "", unique=False)
GENERAL = Claim("general linear", "nonzero", ONE, 1)
CONSTANT = Claim("general linear", "nonzero", ZERO, 0, False)
ROW_SUMS = Claim("unit row sums", "trivial")
KINDS = {"trivial": "permutation", "sign": "signed permutation", "positive": "positive-scaled permutation",
         "nonzero": "monomial"}  # fmt: skip


@dataclass
class Leaf:
    """What holds for all values of the parameters that lead here."""

    claim: Claim | None
    theorem: str = ""
    facts: list[Fact] = field(default_factory=list)
    ordinary: Any = None  # the group of an activation without parameters
    question: str = ""

    @property
    def exact(self) -> bool:
        """Whether the claim is proved."""
        return self.claim is not None and not self.question


@dataclass
class Empty:
    """No values of the parameters lead here: a condition excludes those before it."""


@dataclass(frozen=True)
class Branch:
    """The values for which the sign of the atom of a node is one of these, or for which a parameter is of a class.

    ``solution``: a parameter and the only value of it for which the atom is zero.
    """

    signs: Signs | None
    whole: str | None
    node: Node
    solution: tuple[str, Term] | None = None


@dataclass
class Split:
    """A division by the sign of a term in the parameters, or by what kind of number a parameter is."""

    atom: Term
    branches: tuple[Branch, ...]


Node = Leaf | Empty | Split


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves below a node."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Split):
        for branch in node.branches:
            yield from leaves(branch.node)


def collapsed(node: Node) -> Node:
    """The tree without divisions that led to nothing: below them everything is open."""
    if not isinstance(node, Split):
        return node
    branches = tuple(replace(b, node=collapsed(b.node)) for b in node.branches)
    below = [b.node for b in branches if not isinstance(b.node, Empty)]
    if below and all(isinstance(n, Leaf) and n.claim is None for n in below):
        questions = sorted({n.question for n in below if isinstance(n, Leaf)}, key=lambda q: (len(q), q))
        return Leaf(None, question=questions[0])
    return Split(node.atom, branches)
