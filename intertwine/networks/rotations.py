"""Rotary embeddings, found in the graph by what they compute.

Cuts, sums, products with tensors on which nothing moves, and concatenations, all along the channels of one tensor x,
make a linear map y_i = Σ_j m_ij·x_j whose coefficients are sums of products of given entries. This module follows such
chains of operations back to x, entry by entry, so that it does not matter how a rotation is spelled: halves or
neighbours, all channels or some. If y has the channels of x and is made of single channels and of turned pairs, the
chain is replaced by one operation ``mixture`` of x and the tensors that the coefficients come from. Two coefficients
count as equal if the graph computes them in the same way from the same entries, or from columns of a constant tensor
that are equal in every bit.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from intertwine.calculus.budget import check
from intertwine.networks.channel_maps import DEEPEST, LARGEST, STEPS, Cell, Followed, Lost, Shapes, Tables, data_of
from intertwine.networks.commutants import Commutant
from intertwine.networks.operations import Operation


def find_rotations(operations: Sequence[Operation], shapes: Shapes, numbers: Mapping[str, Any],
                   tables: Tables) -> list[Operation]:
    """The operations with every rotation of pairs of channels written as one operation.

    Parameters
    ----------
    operations
        In the order in which they are carried out.
    shapes
        The shape of a tensor by name; None where it is not known.
    numbers
        Names of tensors that are single numbers.
    tables
        For constant tensors a function that gives labels of their columns.
    """
    graph = Followed({name: (k, op) for k, op in enumerate(operations) for name in op.outputs}, shapes, numbers, tables)
    found: dict[int, Operation] = {}
    inside: set[int] = set()
    for k in range(len(operations) - 1, -1, -1):
        operation = operations[k]
        if not _may_end(operation) or k in inside:
            continue
        made = _rotation(graph, operation)
        if made is not None and operation.kind == "reshape":
            # Heads that are put side by side after each of them has been turned: the rotation is that of each head.
            before = graph.makers.get(operation.inputs[0])
            if before is not None and _may_end(before[1]) and _rotation(graph, before[1]) is not None:
                continue
        if made is not None:
            found[k], passed = made
            inside |= passed
    return [found.get(k, op) for k, op in enumerate(operations)] if found else list(operations)


def _may_end(operation: Operation) -> bool:
    kinds = operation.kind in ("concat", "reshape") or operation.settings.get("function") in ("add", "sub")
    return kinds and len(operation.outputs) == 1


def _rotation(graph: Followed, operation: Operation) -> tuple[Operation, set[int]] | None:
    """The operation as a mixture of the nearest tensor that makes it one, and the operations it stands for."""
    target = operation.outputs[0]
    shape = graph.shapes(target)
    if not shape or not isinstance(shape[-1], int) or not 2 <= shape[-1] <= LARGEST:
        return None
    behind = _behind(graph, target)
    kinds = {graph.makers[n][1].kind for n in behind if n in graph.makers}
    if "concat" not in kinds or kinds.isdisjoint(("slice", "split", "select")):
        return None
    for root in sorted(behind - {target}, key=lambda n: -graph.makers[n][0] if n in graph.makers else 1):
        check()
        whole = graph.shapes(root)
        if not whole or len(whole) != len(shape) or whole[-1] != shape[-1]:
            continue
        graph.factors = {}
        passed: set[int] = set()
        try:
            mixed = graph.mixed(target, root, {}, passed)
        except Lost:
            continue
        if mixed.cells.ndim != 1 or mixed.lead != len(shape) - 1:
            continue
        commutant = commutant_of(list(mixed.cells))
        if commutant is None or all(i == j for i, j in enumerate(commutant.pairs)):
            continue
        settings = {"commutant": commutant, "along": tuple(n for _, n in graph.factors), "shown": "rotation",
                    "shapes": operation.settings.get("shapes") or [list(shape)]}
        names = (root, *(name for name, _ in graph.factors))
        return Operation(operation.name, "mixture", names, operation.outputs, settings), passed
    return None


def _behind(graph: Followed, target: str) -> set[str]:
    """Tensors from which a target is made by operations that can be followed."""
    found, front = {target}, [target]
    for _ in range(DEEPEST):
        made = [graph.makers[n][1] for n in front if n in graph.makers]
        front = [n for op in made if op.kind in STEPS for n in data_of(op) if n and n not in found]
        found.update(front)
    return found


def commutant_of(cells: Sequence[Cell]) -> Commutant | None:
    """What commutes with a square matrix of linear combinations, if it is made of single channels and turned pairs."""
    n = len(cells)
    rows: list[dict[int, dict[tuple[Any, ...], Fraction]]] = []
    for cell in cells:
        row: dict[int, dict[tuple[Any, ...], Fraction]] = {}
        for (j, labels), value in cell.items():
            row.setdefault(j, {})[labels] = value
        rows.append(row)
    keys: list[Hashable] = [None] * n
    pairs, turns = list(range(n)), [1] * n
    for i, row in enumerate(rows):
        others = set(row) - {i}
        if keys[i] is not None:
            continue
        diagonal = row.get(i, {})
        if not others:
            if any(i in r for k, r in enumerate(rows) if k != i):
                return None
            keys[i] = frozenset(diagonal.items())
            continue
        (j, *more) = others
        back = rows[j]
        if more or j < i or set(back) - {i, j} or back.get(j, {}) != diagonal:
            return None
        if any(i in r or j in r for k, r in enumerate(rows) if k not in (i, j)):
            return None
        sine = back.get(i, {})  # y_i = c·x_i - s·x_j and y_j = s·x_i + c·x_j
        if row[j] != {labels: -value for labels, value in sine.items()}:
            return None
        first = min(sine, key=repr)
        turns[i] = turns[j] = 1 if sine[first] > 0 else -1
        keys[i] = keys[j] = (frozenset(diagonal.items()),
                             frozenset((labels, turns[i] * value) for labels, value in sine.items()))
        pairs[i], pairs[j] = j, i
    return Commutant.of(keys, pairs, turns)
