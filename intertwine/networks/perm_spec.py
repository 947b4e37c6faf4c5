"""The permutation part of the group in the formats of two published projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from intertwine.networks.interpreter import Reading
from intertwine.networks.plans import AxisPlan, Factor
from intertwine.networks.spaces import find

if TYPE_CHECKING:
    from intertwine.networks.symmetry import ParameterSymmetry


class PermutationSpec(NamedTuple):
    """Which permutation acts on which axis, as git-re-basin writes it (Ainsworth et al., arXiv 2209.04836).

    Attributes
    ----------
    perm_to_axes : dict
        For each permutation the pairs of a weight and one of its axes.
    axes_to_perm : dict
        For each weight the permutation of each axis, or None where nothing moves.
    """

    perm_to_axes: dict[str, list[tuple[str, int]]]
    axes_to_perm: dict[str, tuple[str | None, ...]]


def git_re_basin(symmetry: ParameterSymmetry) -> PermutationSpec:
    """The permutations by name, ``P_0``, ``P_1``, … in the order of the weights."""
    names: dict[int, str] = {}
    weights: dict[str, tuple[str | None, ...]] = {}
    for weight, axes in _leaves_of_axes(symmetry).items():
        weights[weight] = tuple(None if k is None else names.setdefault(k, f"P_{len(names)}") for k in axes)
    places: dict[str, list[tuple[str, int]]] = {name: [] for name in names.values()}
    for weight, axis_names in weights.items():
        for axis, name in enumerate(axis_names):
            if name is not None:
                places[name].append((weight, axis))
    return PermutationSpec(places, weights)


def universal_neural_functional(symmetry: ParameterSymmetry) -> dict[str, tuple[int, ...]]:
    """An integer for every axis; axes with one integer are permuted alike (Zhou et al., arXiv 2402.05232).

    The format has no axes that stay, so that those have integers of their own, shared where they are tied.
    """
    spec = _leaves_of_axes(symmetry)
    numbers: dict[tuple[str, int], int] = {}
    keys = {weight: [("still", symmetry.still_axes[weight][axis]) if k is None else ("moving", k)
                     for axis, k in enumerate(axes)] for weight, axes in spec.items()}
    for part in ("moving", "still"):
        for found in keys.values():
            for key in found:
                if key[0] == part:
                    numbers.setdefault(key, len(numbers))
    return {weight: tuple(numbers[key] for key in found) for weight, found in keys.items()}


def still_axes(reading: Reading) -> dict[str, tuple[int, ...]]:
    """For each weight a number for each axis, equal where two axes are one space."""
    numbers: dict[object, int] = {}
    found = {}
    for name, signal in reading.moved.items():
        keys: list[object] = []
        for k, axis in enumerate(signal.axes or ()):
            alone = len(axis) == 1 and len(axis[0].refs) == 1
            keys.append(id(find(axis[0].refs[0]).space) if alone else (name, k))
        found[name] = tuple(numbers.setdefault(key, len(numbers)) for key in keys)
    return found


def _leaves_of_axes(symmetry: ParameterSymmetry) -> dict[str, tuple[int | None, ...]]:
    """The leaf that permutes each axis; None where nothing does.

    A leaf that is but a part of some axis (a block of a concatenation, the channels of a flattened image, one head)
    is not permuted anywhere: neither format can say how it acts there.
    """
    partial: set[int] = set()
    alone: dict[str, list[int | None]] = {}
    for name, shape in symmetry.shapes.items():
        plan = symmetry.plans.get(name)
        alone[name] = [None] * len(shape)
        for axis, factors in enumerate(plan or ()):
            found = [f for f in _flat(factors) if f.leaf is not None]
            if len(found) == 1 and len(factors) == 1 and factors[0] == (found[0],):
                alone[name][axis] = found[0].leaf
            else:
                partial.update(f.leaf for f in found if f.leaf is not None)
    able = {k for k in symmetry.moving_leaves
            if k not in partial and not symmetry.chains[k] and not symmetry.leaves[k].space.pinned
            and symmetry.leaves[k].size > 1}
    return {name: tuple(k if k in able else None for k in axes) for name, axes in alone.items()}


def _flat(axis: AxisPlan) -> list[Factor]:
    return [g for part in axis for f in part for g in (_flat(f.nested) if f.nested else [f])]
