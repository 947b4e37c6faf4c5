"""Two networks matched along the symmetry that was derived from their description: any architecture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.numeric.arrays import FloatArray, IndexArray
from intertwine.similarity.shapes import assign
from intertwine.similarity.sites import Balance, Piece, Site, pieces, rows

if TYPE_CHECKING:
    from intertwine.networks.symmetry import ParameterSymmetry
    from intertwine.networks.transformation import Transformation

Weights = dict[str, FloatArray]
_MOST_SIGNS = 8


def element(
    symmetry: ParameterSymmetry,
    logs: Mapping[int, FloatArray] | None = None,
    orders: Mapping[int, IndexArray] | None = None,
    signs: Mapping[int, np.ndarray] | None = None,
) -> Transformation:
    """The element with the given log scales, permutations and signs on some leaves, and the identity elsewhere."""
    from intertwine.networks.transformation import Move, Transformation

    moves = []
    for k, still in enumerate(symmetry.identity().moves):
        moves.append(Move((orders or {}).get(k, still.permutation), (logs or {}).get(k, still.logs),
                          (signs or {}).get(k, still.signs), still.matrix))
    return Transformation(symmetry, tuple(moves))


def balanced(symmetry: ParameterSymmetry, weights: Mapping[str, FloatArray]) -> tuple[Weights, Transformation]:
    """The balanced point of the orbit of the positive scales, and the element that leads there."""
    turn = element(symmetry, logs=Balance(symmetry, weights).solve())
    return turn.apply(weights), turn


def free_leaves(symmetry: ParameterSymmetry) -> list[int]:
    """The leaves whose units are permuted or change signs."""
    touched = {s.leaf for plan in _sites_of(symmetry) for s in plan}
    found = []
    for k, leaf in enumerate(symmetry.leaves):
        if k in touched and not leaf.space.frozen and not leaf.dense and (not leaf.space.pinned or leaf.signs):
            found.append(k)
    return found


def _sites_of(symmetry: ParameterSymmetry) -> list[tuple[Site, ...]]:
    empty = {name: np.zeros([int(n) for n in shape if isinstance(n, int)])
             for name, shape in symmetry.shapes.items() if name in symmetry.plans}
    return [p.sites for p in pieces(symmetry, empty)]


def align_whole(
    a: Mapping[str, FloatArray], b: Mapping[str, FloatArray], symmetry: ParameterSymmetry, restarts: int, seed: int,
    sweeps: int,
) -> tuple[Transformation, list[float], list[float]]:
    """The element that brings a near to b, squared distances after each step of the best start, and of all starts."""
    (start, to_a), (target, to_b) = balanced(symmetry, a), balanced(symmetry, b)
    goal, rng = pieces(symmetry, target), np.random.default_rng(seed)
    best: tuple[list[float], Transformation] | None = None
    finals = []
    for attempt in range(restarts):
        first = _along(symmetry, start, goal) if attempt == 0 else _random(symmetry, rng)
        history, found = _descend(symmetry, start, goal, first, sweeps, rng)
        finals.append(history[-1])
        if best is None or history[-1] < best[0][-1]:
            best = history, found
    assert best is not None
    return to_b.inverse() @ best[1] @ to_a, best[0], finals


def _square(current: Sequence[Piece], goal: Sequence[Piece]) -> float:
    return float(sum(np.sum((p.array - q.array) ** 2) for p, q in zip(current, goal, strict=True)))


def _random(symmetry: ParameterSymmetry, rng: np.random.Generator) -> Transformation:
    orders, signs = {}, {}
    for k in free_leaves(symmetry):
        still = symmetry.identity().moves[k]
        if not symmetry.leaves[k].space.pinned:
            orders[k] = rng.permuted(still.permutation, axis=-1)
        signs[k] = rng.integers(0, 2, still.signs.shape).astype(bool)
    return element(symmetry, orders=orders, signs=signs)


def _descend(
    symmetry: ParameterSymmetry, start: Weights, goal: Sequence[Piece], first: Transformation, sweeps: int,
    rng: np.random.Generator,
) -> tuple[list[float], Transformation]:
    found, weights = first, first.apply(start)
    current = pieces(symmetry, weights)
    history, leaves = [_square(current, goal)], free_leaves(symmetry)
    for _ in range(sweeps):
        before = history[-1]
        for k in rng.permutation(leaves):
            step = _best(symmetry, int(k), current, goal, _all(current, int(k)))
            trial = step.apply(weights)
            moved = pieces(symmetry, trial)
            value = _square(moved, goal)
            # The step is optimal with everything else fixed; one that rounding makes worse is not taken.
            if value < history[-1]:
                found, weights, current = step @ found, trial, moved
                history.append(value)
        if before - history[-1] <= 1e-12 * max(before, 1e-300):
            break
    return history, found


Places = list[tuple[int, Site]]
#: A piece, a site in it, and the axes of it that are not known yet.
Place = tuple[int, Site, list[int]]


def _all(found: Sequence[Piece], leaf: int) -> Places:
    return [(i, s) for i, p in enumerate(found) for s in p.sites if s.leaf == leaf]


def _flips(odd: frozenset[int], choice: Sequence[bool]) -> float:
    return -1.0 if sum(choice[i] for i in odd) % 2 else 1.0


def _choices(symmetry: ParameterSymmetry, leaf: int) -> list[tuple[bool, ...]]:
    count = len(symmetry.leaves[leaf].signs)
    if count > _MOST_SIGNS:
        raise IntertwineError(f"{count} independent signs for each unit of one space are too many to match")
    return list(product((False, True), repeat=count))


def _best(
    symmetry: ParameterSymmetry, leaf: int, current: Sequence[Piece], goal: Sequence[Piece], places: Places
) -> Transformation:
    """The permutation and signs of one leaf that bring the rows at some places nearest to those of the goal."""
    still = symmetry.identity().moves[leaf]
    order, signs = still.permutation.copy(), still.signs.copy()
    pinned, choices = symmetry.leaves[leaf].space.pinned, _choices(symmetry, leaf)
    n = order.shape[-1]
    for index in np.ndindex(order.shape[:-1]):
        tables: dict[frozenset[int], FloatArray] = {}
        for i, s in places:
            table = rows(goal[i], s)[index] @ rows(current[i], s)[index].T
            tables[s.odd] = tables[s.odd] + table if s.odd in tables else table
        gains = np.array([
            sum((_flips(odd, c) * t for odd, t in tables.items()), np.zeros((n, n))) for c in choices
        ])
        most = gains.max(0)
        order[index] = np.arange(n) if pinned else assign(most)
        chosen = gains[:, np.arange(n), order[index]].argmax(0)
        for i in range(len(signs)):
            signs[(i, *index)] = [choices[c][i] for c in chosen]
    return element(symmetry, orders={leaf: order}, signs={leaf: signs})


def _flow(symmetry: ParameterSymmetry, found: Sequence[Piece]) -> Iterator[tuple[int, list[Place]]]:
    """The leaves in an order in which each has rows along leaves that are known, with the places of these rows."""
    waiting = free_leaves(symmetry)
    unknown = set(waiting)
    while waiting:
        ready = {k: _places(found, k, unknown) for k in waiting}
        outer = {k: [m for m in symmetry.chains[k] if m in unknown] for k in waiting}
        candidates = [k for k in waiting if not outer[k]]
        clear = {k: sum(found[i].array.size for i, _, blurred in ready[k] if not blurred) for k in candidates}
        best = next((k for k in candidates if _leading(found, ready[k])), max(candidates, key=lambda k: clear[k]))
        waiting.remove(best)
        unknown.discard(best)
        clean = [place for place in ready[best] if not place[2]]
        yield best, clean or ready[best]


def _places(found: Sequence[Piece], leaf: int, unknown: set[int]) -> list[Place]:
    places = []
    for i, s in _all(found, leaf):
        blurred = [t.axis for t in found[i].sites if t.leaf in unknown and t.axis not in (s.axis, *s.outer)]
        places.append((i, s, blurred))
    return places


def _leading(found: Sequence[Piece], places: Sequence[Place]) -> bool:
    """Whether the first weight (not a bias) that the network writes into a leaf is known along its other axes."""
    first = next(((i, blurred) for i, s, blurred in places if found[i].array.ndim > 1), None)
    return first is not None and not first[1]


def _along(symmetry: ParameterSymmetry, start: Weights, goal: Sequence[Piece]) -> Transformation:
    """Leaf by leaf along the data flow: rows whose other axes are matched already."""
    found, weights = element(symmetry), dict(start)
    current = pieces(symmetry, weights)
    for leaf, places in _flow(symmetry, current):
        blurred = any(b for _, _, b in places)
        if blurred:
            step = _by_profiles(symmetry, leaf, current, goal, places)
        else:
            step = _best(symmetry, leaf, current, goal, [(i, s) for i, s, _ in places])
        found, weights = step @ found, step.apply(weights)
        current = pieces(symmetry, weights)
    return found


def _by_profiles(
    symmetry: ParameterSymmetry, leaf: int, current: Sequence[Piece], goal: Sequence[Piece],
    places: Sequence[Place],
) -> Transformation:
    """A permutation by sums of squares along axes that are not matched yet; these do not show signs."""
    order = symmetry.identity().moves[leaf].permutation.copy()
    if symmetry.leaves[leaf].space.pinned:
        return element(symmetry)
    for index in np.ndindex(order.shape[:-1]):
        tables = [-_squares(np.sqrt(rows(goal[i], s, b)[index]), np.sqrt(rows(current[i], s, b)[index]))
                  for i, s, b in places]
        order[index] = assign(np.sum(tables, axis=0))
    return element(symmetry, orders={leaf: order})


def _squares(y: FloatArray, x: FloatArray) -> FloatArray:
    return np.asarray((y**2).sum(1)[:, None] + (x**2).sum(1)[None, :] - 2 * y @ x.T)


def canonical_whole(
    weights: Mapping[str, FloatArray], symmetry: ParameterSymmetry
) -> tuple[Weights, Transformation]:
    """A representative of the orbit, and the element that leads there.

    Scales are balanced. Along the data flow, units are put in the order of the products of their known weights with
    fixed vectors, with signs that make such products positive.
    """
    moved, total = balanced(symmetry, weights)
    for leaf, places in _flow(symmetry, pieces(symmetry, moved)):
        step = _standard(symmetry, leaf, pieces(symmetry, moved), places)
        total, moved = step @ total, step.apply(moved)
    return moved, total


def _standard(
    symmetry: ParameterSymmetry, leaf: int, current: Sequence[Piece], places: Sequence[Place]
) -> Transformation:
    still = symmetry.identity().moves[leaf]
    order, signs = still.permutation.copy(), still.signs.copy()
    choices = _choices(symmetry, leaf)
    keys: dict[frozenset[int], FloatArray] = {}
    for i, s, blurred in places:
        table = rows(current[i], s, blurred)
        odd = frozenset() if blurred else s.odd
        key = table @ np.random.default_rng(table.shape[-1]).standard_normal(table.shape[-1])
        keys[odd] = keys[odd] + key if odd in keys else key
    masks = sorted((m for m in keys if m), key=sorted)
    if len({tuple(_flips(m, c) for m in masks) for c in choices}) < len(choices):
        name = symmetry.spaces[0].name if symmetry.spaces else "a space"
        raise IntertwineError(f"the known weights of a space do not show its signs (the symmetry begins at {name})")
    for index in np.ndindex(order.shape[:-1]):
        # The first choice that makes the most leading products positive; the masks tell all choices apart.
        scores = [np.stack([_flips(m, c) * keys[m][index] > 0 for m in masks]) if masks else None for c in choices]
        chosen = np.zeros(order.shape[-1], dtype=int)
        if masks:
            weights = 2.0 ** -np.arange(len(masks))
            chosen = np.argmax([weights @ score for score in scores if score is not None], axis=0)
        flips = {m: np.array([_flips(m, choices[c]) for c in chosen]) for m in masks}
        final = sum((flips.get(m, np.ones(len(chosen))) * keys[m][index] for m in keys), np.zeros(len(chosen)))
        if not symmetry.leaves[leaf].space.pinned:
            order[index] = np.argsort(final, kind="stable")
        for i in range(len(signs)):
            signs[(i, *index)] = [choices[chosen[u]][i] for u in order[index]]
    return element(symmetry, orders={leaf: order}, signs={leaf: signs})
