"""Hypothesis strategies for elements, activations, small networks and inputs (needs hypothesis)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st

from intertwine.activations import CATALOGUE
from intertwine.errors import IntertwineError
from intertwine.networks import ParameterSymmetry, Transformation
from intertwine.numeric import Intertwiner, ScaledPermutation
from intertwine.parsing import parse_term
from intertwine.testing.small import ACTIVATIONS, SmallNetwork
from intertwine.testing.steps import compose, random_steps

_SEEDS = st.integers(0, 2**32 - 1)
_UNARY = ("relu", "tanh", "Abs", "sigmoid", "exp", "sin", "cos", "atan", "erf")
_LEAVES = ("x", "1", "2", "1/2", "-1", "3", "pi")


def _some(draw: st.DrawFn, size: int) -> list[int]:
    """Places in a list, in order: all of them half of the time, else a random stretch, after shrinking a short one.

    The stretch runs around the end, so that its two numbers can be lowered and raised apart from each other.
    """
    count = min(draw(st.integers(0, 2 * size)), size)
    start = draw(st.integers(0, max(size - 1, 0)))
    return sorted((start + k) % size for k in range(count))


@st.composite
def transformations(draw: st.DrawFn, symmetry: ParameterSymmetry,
                    only: Collection[str] | str | None = None) -> Transformation:
    """Elements of the group of a network; they shrink to one step, such as one swap, and then to the identity.

    Parameters
    ----------
    symmetry : ParameterSymmetry
        The group.
    only : str or collection of str, optional
        Some of ``permutations``, ``scales``, ``signs`` and ``dense``.

    Examples
    --------
    >>> network = SmallNetwork(2, [("linear", 3, True), ("activation", "tanh")], 1)
    >>> strategy = transformations(network.symmetry)
    """
    steps = random_steps(symmetry, np.random.default_rng(draw(_SEEDS)), only)
    return compose(symmetry, [steps[k] for k in _some(draw, len(steps))])


@st.composite
def intertwiners(draw: st.DrawFn, group: Any) -> Intertwiner:
    """Numeric elements A, with the B for which σ(Ax) = Bσ(x), of the group of an activation in a dimension.

    Parameters
    ----------
    group : MatrixGroup
        Such as ``derive("relu")(4)``, or anything with ``sample(rng)``.

    Examples
    --------
    >>> import intertwine as iw
    >>> strategy = intertwiners(iw.derive("relu")(4))
    """
    g: Intertwiner = group.sample(np.random.default_rng(draw(_SEEDS)))
    a, b = g.element, g.image
    if not (isinstance(a, ScaledPermutation) and isinstance(b, ScaledPermutation)
            and np.array_equal(a.indices, b.indices)):
        return g
    swaps, now = [], np.arange(a.n)
    for i in range(a.n):
        j = int(np.flatnonzero(now == a.indices[i])[0])
        if i != j:
            swaps.append((i, j))
            now[[i, j]] = now[[j, i]]
    indices = np.arange(a.n)
    for k in _some(draw, len(swaps)):
        i, j = swaps[k]
        indices[[i, j]] = indices[[j, i]]
    kept = np.zeros(a.n, dtype=bool)
    kept[_some(draw, a.n)] = True
    return Intertwiner(*(ScaledPermutation(indices, np.where(kept, e.scales, 1.0)) for e in (a, b)))


def activations() -> st.SearchStrategy[str]:
    """Names of the catalogue; they shrink to ``identity`` and ``relu``."""
    return st.sampled_from(list(CATALOGUE))


def expressions(max_leaves: int = 5) -> st.SearchStrategy[str]:
    """Random activations in the expression language, real on the whole line.

    Parameters
    ----------
    max_leaves : int
        About how large they may be.
    """
    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.builds("{}({})".format, st.sampled_from(_UNARY), inner),
            st.builds("({} + {})".format, inner, inner),
            st.builds("({})*({})".format, inner, inner),
            st.builds("Max({}, {})".format, inner, inner),
            st.builds("({})**{}".format, inner, st.integers(2, 3)),
        )

    return st.recursive(st.sampled_from(_LEAVES), extend, max_leaves=max_leaves).filter(_readable)


def _readable(text: str) -> bool:
    try:
        return "x" in text.replace("exp", "").replace("Max", "") and bool(parse_term(text))
    except IntertwineError:
        return False


@st.composite
def small_networks(draw: st.DrawFn, max_layers: int = 4, max_width: int = 5,
                   activations: Sequence[str] = tuple(ACTIVATIONS)) -> SmallNetwork:
    """Small networks with linear layers, skip connections, gates and normalisations, and their weights.

    Parameters
    ----------
    max_layers, max_width : int
        How large they may be.
    activations : sequence of str
        Those of :data:`intertwine.testing.small.ACTIVATIONS` that occur.
    """
    names, widths, flags = st.sampled_from(list(activations)), st.integers(1, max_width), st.booleans()
    layer = st.one_of(
        st.tuples(st.just("activation"), names),
        st.tuples(st.just("linear"), widths, flags),
        st.tuples(st.just("residual"), names, flags),
        st.tuples(st.just("gate"), widths, names),
        st.tuples(st.just("rms_norm"), flags),
        st.tuples(st.just("layer_norm")),
    )
    first = ("linear", draw(widths), draw(flags))
    layers = [first, *draw(st.lists(layer, max_size=max_layers - 1))]
    return SmallNetwork(draw(st.integers(1, 3)), layers, draw(st.integers(1, 3)), draw(st.integers(0, 1000)))


@st.composite
def inputs_of(draw: st.DrawFn, network: SmallNetwork, samples: int = 8) -> npt.NDArray[np.float64]:
    """Inputs for a small network, of shape (samples, inputs)."""
    rng = np.random.default_rng(draw(_SEEDS))
    return rng.standard_normal((samples, network.inputs))


__all__: list[str] = ["activations", "expressions", "inputs_of", "intertwiners", "small_networks", "transformations"]
