"""Activations whose group follows from a theorem without conditions: softmax and its kin, pooling, sorting, forms."""

from __future__ import annotations

import math

import sympy as sp

from intertwine.groups import exact as decide
from intertwine.groups.vectors import BlockWreath, FormSimilitudes, PooledBlock, SharedShift, SortingGroup
from intertwine.vectors.solution import Family, FamilySolution, N, all_matrices, exact, nothing_seen
from intertwine.vectors.values import GroupSort, LogSoftmax, MaxPool, QuadraticForm, Softmax, Softmin, Sparsemax


def solve_softmax(value: Softmax | LogSoftmax | Softmin | Sparsemax) -> FamilySolution:
    """{P + 1vᵀ}, for every temperature."""
    kind = SharedShift(2).kind
    logarithmic = isinstance(value, LogSoftmax)
    family = Family(kind, lambda n: SharedShift(n, logarithmic), N, 2 * sp.factorial(N), True, "{P + 1·vᵀ}",
                    {"kind": kind, "unique": True})
    return exact(value, value.name.replace("_", " "), family)


def solve_pool(value: MaxPool) -> FamilySolution:
    """(R>0 × S_k) ≀ Sym(n/k)."""
    k = value.k
    if k == 1:
        return exact(value, "identity", all_matrices())
    block = PooledBlock(k)
    kind = BlockWreath(block, 2).kind
    m = N / k
    family = Family(kind, lambda n: BlockWreath(block, n // k), m, sp.factorial(m) * sp.Integer(math.factorial(k)) ** m,
                    True, f"(R>0 × S_{k}) ≀ S_(n/{k})", {"kind": kind, "k": k, "unique": True})
    return exact(value, "maximum", family)


def solve_sort(value: GroupSort) -> FamilySolution:
    """Signed scalings and permutations of the deviations in each group, and GL on the means."""
    k = value.k
    if k == 1:
        return exact(value, "identity", all_matrices())
    m = N / k
    turns = 2 if k == 2 else 2 * math.factorial(k)
    components = 2 * sp.Integer(turns) ** m * sp.factorial(m)
    family = Family("sorting", lambda n: SortingGroup(k, n // k), m + m**2, components, True,
                    f"{'R*' if k == 2 else f'(R* × S_{k})'} ≀ S_(n/{k}) × GL_(n/{k})",
                    {"kind": "sorting", "k": k, "unique": True})
    return exact(value, "sorting", family)


def solve_form(value: QuadraticForm) -> FamilySolution:
    """The similitudes of a quadratic form."""
    matrix = value.matrix
    if all(decide.is_zero(t) for t in matrix):
        return exact(value, "zero", nothing_seen(lambda n: 1))
    group = FormSimilitudes(matrix)
    p, q, z = group.signature
    data = {"kind": group.kind, "signature": [p, q, z], "unique": True}
    family = Family(group.kind, lambda n: group, sp.Integer(group.dimension), group.components, True, repr(group), data)
    return exact(value, "quadratic form", family)
