"""Two networks of one architecture, matched along the symmetry of their weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from intertwine.errors import IntertwineError, ShapeError
from intertwine.numeric import Dense, Element, Intertwiner, ScaledPermutation
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.balancing import balance
from intertwine.similarity.shapes import assign
from intertwine.similarity.symmetry import (
    Parameters,
    Space,
    SpaceGroup,
    Symmetry,
    TensorAxis,
    as_parameters,
    check_symmetry,
    move,
    space_group,
    unfolded,
)

if TYPE_CHECKING:
    from intertwine.networks.symmetry import ParameterSymmetry
    from intertwine.networks.transformation import Transformation


@dataclass(frozen=True)
class WeightAlignment:
    """A network moved as near to another as was found.

    Attributes
    ----------
    elements : dict of str to Intertwiner
        For every space, by name.
    parameters : dict of str to ndarray
        The first network, moved; it computes the same function as before.
    distance : float
        The Euclidean distance of the moved parameters to those of the second network.
    history : tuple of float
        Squared distances of the balanced networks after each step of the best restart; never increasing.
    restarts : tuple of float
        The final squared distance of each restart.
    transformation : Transformation or None
        For a `ParameterSymmetry`, whose spaces may be products, the element as a whole; `elements` is empty then.
    """

    elements: dict[str, Intertwiner]
    parameters: dict[str, FloatArray]
    distance: float
    history: tuple[float, ...]
    restarts: tuple[float, ...]
    transformation: Transformation | None = None


def align_weights(
    net_a: Parameters, net_b: Parameters, symmetry: Symmetry | ParameterSymmetry, restarts: int = 3, seed: int = 0,
    sweeps: int = 100,
) -> WeightAlignment:
    """Move a network along its symmetry as near as possible to another of the same architecture.

    Parameters
    ----------
    net_a, net_b : mapping of str to ndarray
        Their parameters, with the same names and shapes.
    symmetry : Symmetry or ParameterSymmetry
        The spaces of hidden units, each with its group: permutations with or without signs and positive scales,
        or rotations. Or the symmetry that `intertwine.networks` derived from a network of any architecture, of which
        permutations, signs and scales are used (dense matrices stay the identity).
    restarts : int
        The first starts from a pass along the data flow that uses known units only, the others from random elements.
    seed : int
        Of the restarts; equal seeds give equal results.
    sweeps : int
        At most so many rounds for each restart.

    Returns
    -------
    WeightAlignment

    Raises
    ------
    ShapeError
        If the networks do not fit.
    IntertwineError
        If a group is of another kind.

    Notes
    -----
    Both networks are first moved to the point of least norm on their orbit under the positive scales (`balance`),
    which is unique; what is left are permutations, signs and rotations, which are isometries. So the squared distance
    of the balanced networks is minimised, over one space after another: with the others fixed this is an assignment
    problem (or a Procrustes problem), solved exactly. Each step can only lower the distance. The result is a local
    optimum: over all spaces together the problem is a sum of bilinear assignments, which is NP-hard.

    If the two networks are the same up to the symmetry, and the rows that write into each space are different from one
    another (with signs: also from their negatives, so that none is 0), the first restart finds the element: the pass
    along the data flow matches equal rows, and an assignment of equal sets of vectors is optimal only if equal ones are
    matched.

    References
    ----------
    S. Ainsworth, J. Hayase, S. Srinivasa, "Git Re-Basin", ICLR 2023 (permutations alone).
    """
    if restarts < 1:
        raise IntertwineError("at least one start is needed")
    if not isinstance(seed, Integral) or seed < 0:
        raise IntertwineError(f"a seed is a whole number from 0, not {seed!r}")
    net_a, net_b = as_parameters(net_a, "of the first network"), as_parameters(net_b, "of the second network")
    if net_a.keys() != net_b.keys() or any(np.shape(net_a[k]) != np.shape(net_b[k]) for k in net_a):
        raise ShapeError("the two networks have different parameters")
    if _whole(symmetry):
        return _aligned_whole(net_a, net_b, symmetry, restarts, seed, sweeps)
    assert _listed(symmetry)
    check_symmetry(net_a, symmetry)
    groups = {space.name: space_group(space) for space in symmetry.spaces}
    (start, to_a), (target, to_b) = balance(net_a, symmetry), balance(net_b, symmetry)
    rng = np.random.default_rng(seed)
    best: tuple[list[float], dict[str, Element]] | None = None
    finals = []
    for attempt in range(restarts):
        first = _along_the_flow(start, target, symmetry, groups) if attempt == 0 else _random(symmetry, groups, rng)
        history, found = _descend(start, target, symmetry, groups, first, sweeps, rng)
        finals.append(history[-1])
        if best is None or history[-1] < best[0][-1]:
            best = history, found
    assert best is not None
    elements = {
        name: groups[name].pair(to_b[name].inverse().compose(core).compose(to_a[name]))
        for name, core in best[1].items()
    }
    moved = move(net_a, symmetry, elements)
    return WeightAlignment(elements, moved, _square_distance(moved, net_b) ** 0.5, tuple(best[0]), tuple(finals))


def _whole(symmetry: Any) -> TypeGuard[ParameterSymmetry]:
    """Whether a symmetry is that of a network as a whole, and not a list of spaces."""
    return hasattr(symmetry, "plans")


def _listed(symmetry: Any) -> TypeGuard[Symmetry]:
    return not _whole(symmetry)


def _aligned_whole(
    net_a: Parameters, net_b: Parameters, symmetry: ParameterSymmetry, restarts: int, seed: int, sweeps: int
) -> WeightAlignment:
    from intertwine.similarity.whole import align_whole

    found, history, finals = align_whole(net_a, net_b, symmetry, restarts, seed, sweeps)
    moved = found.apply(net_a)
    return WeightAlignment({}, moved, _square_distance(moved, net_b) ** 0.5, tuple(history), tuple(finals), found)


def _square_distance(a: Parameters, b: Parameters) -> float:
    return float(sum(np.sum((np.asarray(a[k], np.float64) - b[k]) ** 2) for k in b))


def _best(a: Parameters, b: Parameters, space: Space, group: SpaceGroup, axes: Sequence[TensorAxis]) -> Element:
    """The element of the compact part that brings the given axes of one network nearest to those of the other."""
    n = space.width
    tables = {"element": np.zeros((n, n)), "image": np.zeros((n, n))}
    for axis in axes:
        tables[axis.role] += unfolded(b, axis, n).astype(np.float64) @ unfolded(a, axis, n).astype(np.float64).T
    if group.kind == "orthogonal":
        u, _, vt = np.linalg.svd(tables["element"] + tables["image"])
        return Dense(u @ vt)
    plain = tables["element"] + tables["image"]
    if not group.signs:
        return ScaledPermutation(assign(plain))
    flipped = group.minus * tables["image"] - tables["element"]
    order = assign(np.maximum(plain, flipped))
    rows = np.arange(n)
    return ScaledPermutation(order, np.where(flipped[rows, order] > plain[rows, order], -1.0, 1.0))


def flow(symmetry: Symmetry) -> list[tuple[Space, list[TensorAxis]]]:
    """The spaces in an order in which each has axes of tensors that no later space moves, with these axes."""
    touching: dict[str, set[str]] = {}
    for space in symmetry.spaces:
        for axis in space.axes:
            touching.setdefault(axis.tensor, set()).add(space.name)
    found: list[tuple[Space, list[TensorAxis]]] = []
    waiting, known = list(symmetry.spaces), set[str]()
    while waiting:
        ready = [[a for a in s.axes if touching[a.tensor] - {s.name} <= known] for s in waiting]
        # The first space whose weights, not only its bias, are known; else the first with anything; else any.
        sizes = [len([a for a in axes if a.role == "element"]) * 2 + len(axes) for axes in ready]
        first = next((i for i, s in enumerate(waiting) if ready[i] and _writes(s, ready[i])), int(np.argmax(sizes)))
        space = waiting.pop(first)
        found.append((space, ready[first]))
        known.add(space.name)
    return found


def _writes(space: Space, axes: Sequence[TensorAxis]) -> bool:
    leading = next((a for a in space.axes if a.role == "element"), None)
    return leading is None or leading in axes


def _along_the_flow(
    a: Parameters, b: Parameters, symmetry: Symmetry, groups: Mapping[str, SpaceGroup]
) -> dict[str, Element]:
    moved, found = dict(a), {}
    for space, axes in flow(symmetry):
        group = groups[space.name]
        found[space.name] = _best(moved, b, space, group, axes or space.axes)
        moved = move(moved, _Only(space), {space.name: group.pair(found[space.name])})
    return found


@dataclass(frozen=True)
class _Only:
    space: Space

    @property
    def spaces(self) -> Sequence[Space]:
        return (self.space,)


def _random(symmetry: Symmetry, groups: Mapping[str, SpaceGroup], rng: np.random.Generator) -> dict[str, Element]:
    found: dict[str, Element] = {}
    for space in symmetry.spaces:
        if groups[space.name].kind == "orthogonal":
            found[space.name] = Dense(np.linalg.qr(rng.standard_normal((space.width, space.width)))[0])
        else:
            signs = rng.choice((-1.0, 1.0), space.width) if groups[space.name].signs else np.ones(space.width)
            found[space.name] = ScaledPermutation(rng.permutation(space.width), signs)
    return found


def _descend(
    a: Parameters, b: Parameters, symmetry: Symmetry, groups: Mapping[str, SpaceGroup], first: dict[str, Element],
    sweeps: int, rng: np.random.Generator,
) -> tuple[list[float], dict[str, Element]]:
    found = dict(first)
    moved = move(a, symmetry, {name: groups[name].pair(e) for name, e in found.items()})
    history = [_square_distance(moved, b)]
    spaces = list(symmetry.spaces)
    for _ in range(sweeps):
        before = history[-1]
        for i in rng.permutation(len(spaces)):
            space, group = spaces[i], groups[spaces[i].name]
            step = _best(moved, b, space, group, space.axes)
            trial = move(moved, _Only(space), {space.name: group.pair(step)})
            value = _square_distance(trial, b)
            # The step is optimal up to rounding; one that rounding makes worse is not taken.
            if value < history[-1]:
                moved, found[space.name] = trial, step.compose(found[space.name])
                history.append(value)
        if before - history[-1] <= 1e-12 * max(before, 1e-300):
            break
    return history, found


def canonicalize(
    parameters: Parameters, symmetry: Symmetry | ParameterSymmetry
) -> tuple[dict[str, FloatArray], dict[str, Intertwiner] | Transformation]:
    """A representative of the orbit of a network that does not depend on where in the orbit it was.

    Parameters
    ----------
    parameters : mapping of str to ndarray
        Of a network.
    symmetry : Symmetry or ParameterSymmetry
        Its spaces, of the kinds that `align_weights` takes; or the derived symmetry of a network, whose dense matrices
        are left out.

    Returns
    -------
    parameters, elements
        The canonical network, and the elements that lead to it (one transformation for a `ParameterSymmetry`).

    Notes
    -----
    The positive scales are balanced. Then, along the data flow, the units of a space are put in the order of the
    products of their known weights with fixed vectors, with the signs that make these products positive; for
    rotations the known weights are brought to triangular form with a positive diagonal. canonicalize(g·w) =
    canonicalize(w), up to rounding, wherever these products are different and not zero (or the leading square block
    has full rank): for generic weights.
    """
    parameters = as_parameters(parameters, "of the network")
    if _whole(symmetry):
        from intertwine.similarity.whole import canonical_whole

        return canonical_whole(parameters, symmetry)
    assert _listed(symmetry)
    groups = {space.name: space_group(space) for space in symmetry.spaces}
    moved, scales = balance(parameters, symmetry)
    elements: dict[str, Intertwiner] = {}
    for space, axes in flow(symmetry):
        group = groups[space.name]
        if not axes:
            raise IntertwineError(f"{space.name}: no weights connect it with units that are already in order")
        rows = np.hstack([unfolded(moved, a, space.width) for a in axes if a.role == axes[0].role])
        step = _standard(rows.astype(np.float64), group, axes[0].role == "element", space.name)
        moved = move(moved, _Only(space), {space.name: group.pair(step)})
        elements[space.name] = group.pair(step.compose(scales[space.name]))
    return moved, elements


def _standard(rows: FloatArray, group: SpaceGroup, written: bool, name: str) -> Element:
    n = group.width
    if group.kind == "orthogonal":
        if rows.shape[1] < n:
            raise IntertwineError(f"{name}: {rows.shape[1]} weights for each of {n} units do not fix a rotation")
        q, r = np.linalg.qr(rows[:, :n])
        return Dense((q * np.where(np.diagonal(r) < 0, -1.0, 1.0)).T)
    key = rows @ np.random.default_rng(rows.shape[1]).standard_normal(rows.shape[1])
    signs = np.ones(n)
    if group.signs:
        if not written and group.minus > 0:
            raise IntertwineError(f"{name}: only weights that read from it are known, and they do not see signs")
        signs = np.where(key < 0, -1.0, 1.0)
    order = np.argsort(key * signs, kind="stable")
    return ScaledPermutation(order, signs[order])
