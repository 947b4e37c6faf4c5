"""Assertions that a function of weights does not see the symmetry, or commutes with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks import ParameterSymmetry, Transformation
from intertwine.testing.outputs import Array, Difference, coarsest, difference, flattened
from intertwine.testing.reduction import smallest
from intertwine.testing.steps import Step, compose, describe, random_steps

Only = Collection[str] | str | None


class SymmetryViolation(AssertionError):
    """An element of the group that a function sees although it should not, cut down to what matters.

    Attributes
    ----------
    steps : tuple of Step
        The steps that are left; usually one swap or one scaled unit.
    element : Transformation
        Their product.
    deviation, tolerance : float
        The largest deviation, relative to the largest entry of the output, and what is allowed.
    """

    def __init__(self, message: str, steps: Sequence[Step], element: Transformation, deviation: float,
                 tolerance: float) -> None:
        super().__init__(message)
        self.steps, self.element, self.deviation, self.tolerance = tuple(steps), element, deviation, tolerance


def assert_invariant(f: Callable[[Any, Any], Any], weights: Mapping[str, Any], symmetry: ParameterSymmetry, inputs: Any,
                     *, elements: int = 10, rtol: float | None = None, only: Only = None, seed: int = 0) -> None:
    """Assert that ``f(weights, inputs)`` stays when a group moves the weights.

    Parameters
    ----------
    f : callable
        Takes a dictionary of arrays and the inputs; returns an array, or arrays in tuples, lists or dictionaries.
    weights : mapping of str to array
        The weights, numpy arrays or PyTorch tensors, with the names and shapes of the group's.
    symmetry : ParameterSymmetry
        The group.
    inputs
        Given to ``f`` as they are.
    elements : int
        The number of random elements.
    rtol : float, optional
        The deviation that is allowed, relative to the largest entry of each output array; ε^0.6 if left out, for the
        rounding unit ε of the outputs: 4e-10 for float64, 7e-5 for float32.
    only : str or collection of str, optional
        Some of ``permutations``, ``scales``, ``signs`` and ``dense``.
    seed : int
        Of the random elements.

    Raises
    ------
    SymmetryViolation
        An output changes. The element is reduced first, and the message says which units of which space it moves.
    IntertwineError
        The group is trivial, so that there is nothing to test, or ``f`` gives two different answers for one input.

    Examples
    --------
    >>> from intertwine.networks import Architecture
    >>> net = Architecture()
    >>> h = net.activation(net.linear(net.input("x", (None, 2)), net.weight("W", (3, 2))), "tanh")
    >>> _ = net.output(net.linear(h, net.weight("V", (1, 3))))
    >>> rng = np.random.default_rng(0)
    >>> weights, x = {"W": rng.normal(size=(3, 2)), "V": rng.normal(size=(1, 3))}, rng.normal(size=(5, 2))
    >>> def f(w, x):
    ...     return np.tanh(x @ w["W"].T) @ w["V"].T
    >>> assert_invariant(f, weights, net.symmetry(), x)
    >>> def broken(w, x):
    ...     return np.tanh(x @ w["W"].T + 0.1) @ w["V"].T
    >>> try:
    ...     assert_invariant(broken, weights, net.symmetry(), x)
    ... except SymmetryViolation as violation:
    ...     violation.steps[0].kind, len(violation.steps)
    ('sign', 1)
    """
    before = _twice("the function", lambda: f(dict(weights), inputs))
    allowed = coarsest(before) ** 0.6 if rtol is None else rtol

    def compare(g: Transformation) -> Difference:
        return difference(before, flattened(f(symmetry.apply(g, weights), inputs)))

    _search("the output of the function", symmetry, compare, allowed, elements, only, seed)


def assert_equivariant(metanetwork: Callable[[Any], Any], symmetry: ParameterSymmetry,
                       weights: Mapping[str, Any] | None = None, *, elements: int = 10, rtol: float | None = None,
                       only: Only = None, gradients: bool = False, seed: int = 0) -> None:
    """Assert that a function of weights, such as a network that reads networks, commutes with the group.

    Parameters
    ----------
    metanetwork : callable
        Takes a dictionary of arrays. If it returns a dictionary with the tensors that the group moves, F(g·w) = g·F(w)
        has to hold (equivariance); for anything else, such as a predicted accuracy, F(g·w) = F(w) (invariance).
    symmetry : ParameterSymmetry
        The group.
    weights : mapping of str to array, optional
        Where to start from; standard normal numbers if left out.
    elements, rtol, only, seed
        As for :func:`assert_invariant`. Most weight-space networks are made for ``only="permutations"``.
    gradients : bool
        What is returned is a gradient, or another covector: it moves contragrediently, so that scales act by their
        inverses.

    Raises
    ------
    SymmetryViolation
        F does not commute with an element, which is reduced as for :func:`assert_invariant`.
    IntertwineError
        The group is trivial; some weights are returned but not all of them; or ``gradients`` is asked for and the
        group passes gains by dense matrices, where it does not act linearly.

    Examples
    --------
    >>> from intertwine.networks import Architecture
    >>> net = Architecture()
    >>> h = net.activation(net.linear(net.input("x", (None, 2)), net.weight("W", (3, 2))), "relu")
    >>> _ = net.output(net.linear(h, net.weight("V", (1, 3))))
    >>> assert_equivariant(lambda w: {name: 2 * array for name, array in w.items()}, net.symmetry())
    >>> assert_equivariant(lambda w: np.linalg.norm(w["W"]), net.symmetry(), only="permutations")
    >>> assert_equivariant(lambda w: np.linalg.norm(w["W"]), net.symmetry())
    Traceback (most recent call last):
        ...
    intertwine.testing.assertions.SymmetryViolation: the output of the metanetwork changes along an element of the group
      element: unit 0 of the space W:0 (3 channels, positive-scaled permutation) scaled by 0.333333 along axis 0 of W
      deviation: 0.0171 at output, where 4.05e-10 is allowed: 0.934 becomes 0.918
      random element 1 of 10 (seed 0), reduced from 5 steps to 1
    """
    if weights is None:
        rng = np.random.default_rng(seed)
        shapes = {name: tuple(n for n in shape if isinstance(n, int)) for name, shape in symmetry.shapes.items()}
        weights = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    start = dict(weights)
    answer = metanetwork(start)
    before = _twice("the metanetwork", lambda: metanetwork(start))
    allowed = coarsest(before) ** 0.6 if rtol is None else rtol
    moves = isinstance(answer, Mapping) and set(symmetry.plans) <= set(answer)
    if isinstance(answer, Mapping) and not moves and set(symmetry.plans) & set(answer):
        missing = sorted(set(symmetry.plans) - set(answer))
        raise IntertwineError(f"the metanetwork returns some of the weights but not {', '.join(missing[:5])}: give all "
                              "of them, or what does not move under other names")
    if gradients and symmetry.gain_names:
        raise IntertwineError("dense elements pass gains, so that the group does not act linearly on gradients; "
                              'leave them out with only=("permutations", "scales", "signs")')

    def compare(g: Transformation) -> Difference:
        acting = contragredient(g) if gradients else g
        wanted = flattened(acting.apply(answer)) if moves else before
        return difference(wanted, flattened(metanetwork(symmetry.apply(g, start))))

    subject = "the output of the metanetwork"
    _search(subject, symmetry, compare, allowed, elements, only, seed, "does not move with" if moves else "")


def contragredient(g: Transformation) -> Transformation:
    """The element that acts on gradients as ``g`` acts on weights: its inverse transpose on every axis."""
    return Transformation(g.symmetry, tuple(
        replace(m, logs=-m.logs, matrix=None if m.matrix is None else np.swapaxes(np.linalg.inv(m.matrix), -1, -2))
        for m in g.moves))


def _twice(subject: str, call: Callable[[], Any]) -> dict[str, Array]:
    """An output, which has to be the same again."""
    first, second = flattened(call()), flattened(call())
    if difference(first, second).deviation > coarsest(first) ** 0.6:
        raise IntertwineError(f"{subject} gives two different answers for the same weights and inputs: is it random, "
                              "or does it change its weights?")
    if not all(np.all(np.isfinite(a)) for a in first.values() if np.issubdtype(a.dtype, np.inexact)):
        raise IntertwineError(f"{subject} gives numbers that are not finite; they cannot be compared")
    return {place: array.copy() for place, array in first.items()}


def _search(subject: str, symmetry: ParameterSymmetry, compare: Callable[[Transformation], Difference], allowed: float,
            elements: int, only: Only, seed: int, verb: str = "") -> None:
    rng = np.random.default_rng(seed)
    tested = False
    for number in range(elements):
        steps = random_steps(symmetry, rng, only)
        tested = tested or bool(steps)
        if compare(compose(symmetry, steps)).deviation <= allowed:
            continue
        left = smallest(steps, lambda part: compare(compose(symmetry, part)).deviation > allowed)
        element = compose(symmetry, left)
        found = compare(element)
        value = f": {found.wanted:.3g} becomes {found.found:.3g}" if np.isfinite(found.deviation) else ""
        raise SymmetryViolation(
            f"{subject} {verb or 'changes along'} an element of the group\n"
            f"  element: {describe(symmetry, left)}\n"
            f"  deviation: {found.deviation:.3g} at {found.place}, where {allowed:.3g} is allowed{value}\n"
            f"  random element {number + 1} of {elements} (seed {seed}), "
            f"reduced from {len(steps)} steps to {len(left)}",
            left, element, found.deviation, allowed)
    if elements > 0 and not tested:
        raise IntertwineError("nothing moves: the group is trivial, or it has none of the parts that were asked for")
