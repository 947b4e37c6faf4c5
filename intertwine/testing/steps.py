"""Elements of the group of a network as products of small steps: one swap, one rescaled unit, one sign, one turn.

Leaving steps out of such a product gives another element, so that a counterexample can be cut down to the one step
that matters.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks import ParameterSymmetry, Transformation
from intertwine.networks.plans import Factor, Plan
from intertwine.networks.transformation import Move

#: What a step may be, under the name by which ``only`` asks for it.
PARTS = {"permutations": ("swap",), "scales": ("scale",), "signs": ("sign",),
         "dense": ("shear", "turn", "reflection", "matrix")}
_FACTORS = (math.log(2), -math.log(2), math.log(3), -math.log(3))
_SHEARS = (1.0, -1.0, 0.5, -0.5)
_ANGLES = (math.pi / 2, math.pi / 3, -math.pi / 4)


@dataclass(frozen=True, eq=False)
class Step:
    """One small factor of an element.

    Attributes
    ----------
    leaf
        The number of the space in :attr:`ParameterSymmetry.leaves`.
    kind
        ``swap``, ``scale``, ``sign``, ``shear``, ``turn``, ``reflection`` or ``matrix``.
    units
        The channels that it moves.
    outer
        The index of the spaces that the space lies over, such as the head of an attention layer.
    coordinate
        Which of the independent scales (or signs) of the space.
    amount
        The logarithm of a scale, the factor of a shear, the angle of a turn; a whole matrix for ``matrix``.
    """

    leaf: int
    kind: str
    units: tuple[int, ...] = ()
    outer: tuple[int, ...] = ()
    coordinate: int = 0
    amount: Any = 0.0


def random_steps(symmetry: ParameterSymmetry, rng: np.random.Generator,
                 only: Collection[str] | str | None = None) -> list[Step]:
    """The steps of a random element, in the order of the spaces.

    Parameters
    ----------
    symmetry : ParameterSymmetry
        The group.
    rng : numpy.random.Generator
        The source of randomness.
    only : str or collection of str, optional
        Some of ``permutations``, ``scales``, ``signs`` and ``dense``; all of them if left out.

    Returns
    -------
    list of Step
        Uniform permutations and signs, factors 1/3, 1/2, 2 and 3, and products of shears or turns.

    Raises
    ------
    IntertwineError
        ``only`` names something else.

    Examples
    --------
    >>> from intertwine.networks import Architecture
    >>> net = Architecture()
    >>> h = net.activation(net.linear(net.input("x", (None, 2)), net.weight("W", (3, 2))), "relu")
    >>> _ = net.output(net.linear(h, net.weight("V", (1, 3))))
    >>> symmetry = net.symmetry()
    >>> steps = random_steps(symmetry, np.random.default_rng(3), only="permutations")
    >>> {step.kind for step in steps}
    {'swap'}
    >>> print(describe(symmetry, steps[:1]))
    units 0 and 2 of the space W:0 (3 channels, positive-scaled permutation) swapped
    """
    kinds = _kinds(only)
    g = symmetry.sample(rng)
    found: list[Step] = []
    for k in symmetry.moving_leaves:
        found += _scales(k, g.moves[k], rng)
        found += _swaps(k, g.moves[k])
        if g.moves[k].matrix is not None:
            found += _dense(symmetry, k, g.moves[k], rng)
    return [step for step in found if step.kind in kinds]


def _kinds(only: Collection[str] | str | None) -> set[str]:
    names = [only] if isinstance(only, str) else list(PARTS) if only is None else list(only)
    for name in names:
        if name not in PARTS:
            raise IntertwineError(f"there is no part {name!r} of an element: {', '.join(PARTS)} are possible")
    return {kind for name in names for kind in PARTS[name]}


def _swaps(k: int, move: Move) -> Iterable[Step]:
    for outer in np.ndindex(move.permutation.shape[:-1]):
        wanted = move.permutation[outer]
        now, place = np.arange(wanted.size), np.arange(wanted.size)
        for i in range(wanted.size):
            j = int(place[wanted[i]])
            if i != j:
                now[[i, j]] = now[[j, i]]
                place[now[i]], place[now[j]] = i, j
                yield Step(k, "swap", (i, j), outer)


def _scales(k: int, move: Move, rng: np.random.Generator) -> Iterable[Step]:
    for coordinate, *outer, unit in np.ndindex(move.logs.shape):
        yield Step(k, "scale", (unit,), tuple(outer), coordinate, float(rng.choice(_FACTORS)))
    for coordinate, *outer, unit in np.argwhere(move.signs):
        yield Step(k, "sign", (int(unit),), tuple(int(n) for n in outer), int(coordinate))


def _dense(symmetry: ParameterSymmetry, k: int, move: Move, rng: np.random.Generator) -> Iterable[Step]:
    group, n = symmetry.leaves[k].dense, symmetry.leaves[k].size
    assert group is not None and move.matrix is not None
    first = 1 if group.fixes_ones else 0
    for outer in np.ndindex(move.permutation.shape[:-1]):
        if group.commutant is not None:
            yield Step(k, "matrix", outer=outer, amount=move.matrix[outer])
            continue
        # A pass over all units so that every one takes part, and as many pairs again.
        pairs = [(i, i + 1) for i in range(first, n - 1)]
        for _ in range(len(pairs)):
            i, j = rng.choice(np.arange(first, n), 2, replace=False)
            pairs.append((int(i), int(j)))
        for pair in pairs:
            if group.orthogonal:
                yield Step(k, "turn", pair, outer, amount=float(rng.choice(_ANGLES)))
            else:
                yield Step(k, "shear", pair, outer, amount=float(rng.choice(_SHEARS)))
        unit = (int(rng.integers(first, n)),)
        if not group.orthogonal:
            yield Step(k, "shear", unit, outer, amount=1.0)
        elif n > first and rng.integers(2):
            yield Step(k, "reflection", unit, outer)


def compose(symmetry: ParameterSymmetry, steps: Iterable[Step]) -> Transformation:
    """The product of steps, the first one acting first.

    Returns
    -------
    Transformation
    """
    moves = list(symmetry.identity().moves)
    for step in steps:
        move = moves[step.leaf]
        if step.kind == "swap":
            places, turned = list(step.units), list(step.units[::-1])
            for array in (move.permutation, *move.logs, *move.signs):  # what was scaled before is carried along
                row = array[step.outer]
                row[places] = row[turned]
        elif step.kind == "scale":
            move.logs[(step.coordinate, *step.outer, step.units[0])] += step.amount
        elif step.kind == "sign":
            move.signs[(step.coordinate, *step.outer, step.units[0])] ^= True
        else:
            assert move.matrix is not None
            move.matrix[step.outer] = _elementary(symmetry, step) @ move.matrix[step.outer]
    return Transformation(symmetry, tuple(moves))


def _elementary(symmetry: ParameterSymmetry, step: Step) -> Any:
    n = symmetry.leaves[step.leaf].size
    if step.kind == "matrix":
        return np.asarray(step.amount)
    found = np.eye(n)
    if step.kind == "reflection":
        found[step.units[0], step.units[0]] = -1
    elif step.kind == "shear":
        found[step.units[0], step.units[-1]] += step.amount
    else:
        i, j = step.units
        c, s = math.cos(step.amount), math.sin(step.amount)
        found[i, i], found[i, j], found[j, i], found[j, j] = c, -s, s, c
    if _fixes_ones(symmetry, step):
        # The reflection that swaps the first basis vector and 1/√n takes the first axis to the line of ones.
        normal = np.full(n, -1 / math.sqrt(n))
        normal[0] += 1
        basis = np.eye(n) - 2 * np.outer(normal, normal) / (normal @ normal)
        found = basis @ found @ basis
    return found


def describe(symmetry: ParameterSymmetry, steps: Sequence[Step], most: int = 6) -> str:
    """What steps do, in words.

    Parameters
    ----------
    symmetry : ParameterSymmetry
        The group.
    steps : sequence of Step
        The steps.
    most : int
        How many are shown.
    """
    if not steps:
        return "the identity"
    shown = "; ".join(_described(symmetry, step) for step in steps[:most])
    return shown if len(steps) <= most else f"{shown}; and {len(steps) - most} more steps"


def _described(symmetry: ParameterSymmetry, step: Step) -> str:
    space = symmetry.space_of(step.leaf)
    where = f"of the space {space.name} ({space.width} channels, {space.kind})" if space else f"of leaf {step.leaf}"
    if step.outer:
        where = f"in copy {', '.join(map(str, step.outer))} {where}"
    names = " and ".join(map(str, step.units))
    title = f"unit {names}" if len(step.units) == 1 else f"units {names}"
    if step.kind == "swap":
        return f"{title} {where} swapped"
    if step.kind == "scale":
        return f"{title} {where} scaled{_first_factor(symmetry, step)}"
    if step.kind == "sign":
        return f"{title} {where} with the sign changed{_first_factor(symmetry, step)}"
    if step.kind == "matrix":
        return f"a dense matrix {where}"
    if step.kind == "shear":
        if len(step.units) == 1:
            return f"{title} {where} scaled by {1 + step.amount:.6g}"
        return f"{step.amount:.6g} times unit {step.units[1]} added to unit {step.units[0]} {where}"
    kept = ", in coordinates that keep the ones" if _fixes_ones(symmetry, step) else ""
    if step.kind == "reflection":
        return f"{title} {where} reflected{kept}"
    return f"{title} {where} turned by {math.degrees(step.amount):.0f} degrees{kept}"


def _fixes_ones(symmetry: ParameterSymmetry, step: Step) -> bool:
    group = symmetry.leaves[step.leaf].dense
    return group is not None and group.fixes_ones


def _first_factor(symmetry: ParameterSymmetry, step: Step) -> str:
    """The first axis on which a scale or a sign acts, with its factor: a coordinate need not act on all of them."""
    leaf = symmetry.leaves[step.leaf]
    for name, plan in symmetry.plans.items():
        for axis, factors in enumerate(factors_of(plan)):
            for f in factors:
                if f.leaf != step.leaf:
                    continue
                if step.kind == "sign":
                    if len(f.sign & leaf.signs[step.coordinate]) % 2:
                        return f" along axis {axis} of {name}"
                    continue
                exponent = sum(c * leaf.scales[step.coordinate].get(v, 0) for v, c in f.scale)
                if exponent:
                    return f" by {math.exp(float(exponent) * step.amount):.6g} along axis {axis} of {name}"
    return ""


def factors_of(plan: Plan) -> list[list[Factor]]:
    """The factors of each axis of a plan, nested ones unfolded."""
    def unfold(axis: Iterable[Iterable[Factor]]) -> list[Factor]:
        return [g for part in axis for f in part for g in (unfold(f.nested) if f.nested else [f])]

    return [unfold(axis) for axis in plan]
