"""What is derived for an activation on vectors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from intertwine.api import IntertwinerGroup
from intertwine.groups.base import MatrixGroup
from intertwine.groups.linear import GeneralLinear
from intertwine.vectors.activation import VectorActivation

N = sp.Symbol("n", integer=True, positive=True)


@dataclass(frozen=True)
class Family:
    """A group for every dimension, with its size as an expression in ``n``.

    ``build(n)`` is the group; ``dimension`` and ``components`` are those of ``build(n)`` for n that are not special
    (n = 1, for some).
    """

    kind: str
    build: Callable[[int], MatrixGroup]
    dimension: sp.Expr
    components: sp.Expr
    unique: bool = True
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FamilySolution:
    """The group of a family of activations, or bounds for it; ``lower is upper`` when exact."""

    value: VectorActivation
    status: str
    theorem: str
    lower: Family
    upper: Family
    facts: tuple[dict[str, Any], ...] = ()
    questions: tuple[str, ...] = ()
    functions: tuple[tuple[str, IntertwinerGroup], ...] = ()


def all_matrices() -> Family:
    """GL_n, φ(A) = A."""
    return Family("general linear", GeneralLinear, N**2, sp.Integer(2), True, "GL_n",
                  {"kind": "general linear", "unique": True})


def nothing_seen(images: Callable[[int], int]) -> Family:
    """GL_n for an activation that is zero, with m = ``images(n)`` functions."""
    from intertwine.groups.vectors import Unseen

    return Family("general linear", lambda n: Unseen(n, images(n)), N**2, sp.Integer(2), False, "GL_n",
                  {"kind": "general linear", "unique": False})


def exact(value: VectorActivation, theorem: str, family: Family, *facts: dict[str, Any]) -> FamilySolution:
    """An exact answer."""
    return FamilySolution(value, "exact", theorem, family, family, facts)


def bounded(
    value: VectorActivation, theorem: str, lower: Family, question: str, *facts: dict[str, Any]
) -> FamilySolution:
    """An answer between a group that is proved to be contained, and GL_n."""
    return FamilySolution(value, "bounded", theorem, lower, all_matrices(), facts, (question,))


def trivial() -> Family:
    """The identity alone, the bound that holds for everything."""
    from intertwine.groups.vectors import IdentityGroup

    return Family("trivial", IdentityGroup, sp.Integer(0), sp.Integer(1), True, "{1}", {"kind": "trivial"})
