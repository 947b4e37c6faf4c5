"""The entry point for layers, and the answer that it gives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from intertwine.api import as_term
from intertwine.calculus.budget import deadline
from intertwine.errors import ExpressionError
from intertwine.groups import MatrixGroup
from intertwine.groups.text import write
from intertwine.layers.blocks import Conjugated
from intertwine.layers.group import LayerGroup
from intertwine.layers.solve import Solution, solve_layer
from intertwine.terms import Term, to_text

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np
    import sympy as sp
    from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

    from intertwine.numeric import Intertwiner


def derive_layer(activations: Sequence[Any], timeout: float | None = 60.0) -> LayerIntertwiners:
    """Derive the intertwiner group of a layer in which every coordinate has its own activation.

    Parameters
    ----------
    activations : sequence of str, sympy.Expr or callable
        σ_1, …, σ_n, each as for :func:`intertwine.derive`; n ≥ 1.
    timeout : float or None
        Seconds for the whole derivation; None: no limit.

    Returns
    -------
    LayerIntertwiners
        The group of all A with σ(Ax) = Bσ(x) for σ(x) = (σ_1(x_1), …, σ_n(x_n)), exact or between proven bounds.

    Raises
    ------
    ExpressionError
        There is no activation, or one cannot be read.
    DerivationTimeout
        No answer within ``timeout``.

    Notes
    -----
    Coordinates that a scaling relates form classes; on each acts a wreath product, conjugated by the scalings. On the
    coordinates c·t + e acts a linear group, and the rows of constant coordinates are free: Theorem 23 of the theory
    page. A constant coordinate other than 0 lets the others drop their values at 0.

    Examples
    --------
    >>> import intertwine as iw
    >>> G = iw.derive_layer(["relu", "tanh", "x", "relu(-x)", "x"])
    >>> G.group
    Δ(R>0 ≀ S_2)Δ⁻¹ with Δ = diag(1, -1) on {1, 4} × {±1} ≀ S_1 on {2} × GL_2 on {3, 5}
    >>> G.status, G.dimension, G.components
    ('exact', 6, 8)
    """
    if isinstance(activations, str) or not isinstance(activations, Sequence) or not activations:
        raise ExpressionError("a layer is a sequence of at least one activation, such as ['relu', 'tanh']")
    terms = tuple(as_term(a) for a in activations)
    with deadline(timeout):
        return LayerIntertwiners(solve_layer(terms))


class LayerIntertwiners:
    """The intertwiner group of a layer of unequal coordinates. Returned by :func:`derive_layer`.

    Attributes
    ----------
    activations : tuple of Term
        σ_1, …, σ_n.
    lower, upper : LayerGroup, MatrixGroup
        Proven bounds; equal when exact.
    """

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        self.activations: tuple[Term, ...] = solution.activations
        self.lower: LayerGroup = solution.lower
        self.upper: MatrixGroup = solution.upper

    @property
    def n(self) -> int:
        """The number of coordinates."""
        return len(self.activations)

    @property
    def status(self) -> str:
        """``"exact"`` or ``"bounded"``."""
        return "bounded" if self.questions else "exact"

    @property
    def questions(self) -> tuple[str, ...]:
        """What is left open; empty when exact."""
        return tuple(self.solution.questions)

    @property
    def group(self) -> LayerGroup:
        """The concrete group (the lower bound, when bounded)."""
        return self.lower

    @property
    def kind(self) -> str:
        """The kind of the group."""
        return self.lower.kind

    @property
    def unique(self) -> bool:
        """Whether B is determined by A: the coordinate functions are linearly independent."""
        return self.lower.unique

    @property
    def classes(self) -> tuple[tuple[int, ...], ...]:
        """The coordinates (from 0) that scalings relate, class by class; only those that are not affine."""
        return tuple(tuple(c.members) for c in self.solution.classes)

    @property
    def gain_graph(self) -> nx.Graph:
        """The coordinates as nodes, proved relations as edges (attribute ``relation``); open ones have ``open``."""
        return self.solution.graph

    def contains(self, matrix: object) -> bool:
        """Whether an exact n×n matrix is in the group (in the lower bound, when bounded)."""
        return self.lower.contains(matrix)

    def __contains__(self, matrix: object) -> bool:
        return self.contains(matrix)

    def phi(self, matrix: object) -> Matrix:
        """A matrix B with σ(Ax) = Bσ(x); φ is a homomorphism."""
        return self.lower.phi(matrix)

    def generators(self) -> tuple[Matrix, ...]:
        """Exact matrices that generate the group, or a dense subgroup of it."""
        return self.lower.generators()

    def lie_algebra(self) -> tuple[Matrix, ...]:
        """A basis of the Lie algebra."""
        return self.lower.lie_algebra()

    @property
    def dimension(self) -> int:
        """The dimension as a Lie group."""
        return self.lower.dimension

    @property
    def components(self) -> sp.Expr:
        """The number of connected components."""
        return self.lower.components

    @property
    def order(self) -> sp.Expr:
        """The number of elements."""
        return self.lower.order

    def sample(self, rng: np.random.Generator, spread: float = 0.5) -> Intertwiner:
        """A random element with its image, as numbers for the numpy backend."""
        return self.lower.sample(rng, spread)

    def exact_sample(self, rng: np.random.Generator) -> Matrix:
        """A random exact element; for tests and examples."""
        return self.lower.exact_sample(rng)

    def explain(self) -> str:
        """The derivation in words.

        Examples
        --------
        >>> print(derive_layer(["relu", "relu(-x)", "x"]).explain())
        σ(x) = (Max(0, x1), Max(0, -x2), x3)
        coordinates 1 and 2: τ(-t) = σ(t) for every t, by an identity
        coordinates 1, 2: R>0 from the first of them
        coordinates 3: linear
        The group is Δ(R>0 ≀ S_2)Δ⁻¹ with Δ = diag(1, -1) on {1, 2} × GL_1 on {3}.
        """
        shown = ", ".join(_named(t, i) for i, t in enumerate(self.activations, 1))
        lines = [f"σ(x) = ({shown})"]
        if self.lower.values:
            lines.append("a constant coordinate lets the others drop their values at 0: what follows is about the rest")
        for i, j, reasons in self.solution.reasons:
            lines += [f"coordinates {i + 1} and {j + 1}: {r.describe()}" for r in reasons]
        for block in self.lower.blocks:
            places = ", ".join(str(i + 1) for i in block.places)
            what = f"{block.scalars} from the first of them" if isinstance(block, Conjugated) else "linear"
            lines.append(f"coordinates {places}: {what}")
        if self.lower.constants:
            lines.append(f"coordinates {', '.join(str(i + 1) for i in self.lower.constants)}: constant, rows are free")
        if self.status == "exact":
            return "\n".join([*lines, f"The group is {self.lower}."])
        lines.append(f"The group contains {self.lower} and is contained in {self.upper}.")
        return "\n".join([*lines, *(f"Open: {q}." for q in self.questions)])

    def to_json(self) -> dict[str, Any]:
        """Plain data; numbers are exact text."""
        data: dict[str, Any] = {
            "schema": 1, "mode": "layer", "activations": [to_text(t) for t in self.activations],
            "status": self.status, "kind": self.kind, "unique": self.unique,
            "blocks": [_block_to_json(b) for b in self.lower.blocks],
            "constants": {str(i): write(e) for i, e in self.lower.constants.items()},
            "dimension": self.dimension, "components": str(self.components),
            "relations": [{"coordinates": [i, j], "reasons": [r.to_json() for r in reasons]}
                          for i, j, reasons in self.solution.reasons],
        }
        if self.questions:
            data["questions"] = list(self.questions)
        return data

    def __repr__(self) -> str:
        names = ", ".join(to_text(t) for t in self.activations)
        if self.status == "exact":
            return f"<({names}): {self.lower}, exact>"
        return f"<({names}): between {self.lower} and {self.upper}>"


def _named(t: Term, i: int) -> str:
    """The text of an activation in the variable ``x_i``."""
    return re.sub(r"(?<![\w.])x(?!\w)", f"x{i}", to_text(t))


def _block_to_json(block: Any) -> dict[str, Any]:
    if isinstance(block, Conjugated):
        return {"coordinates": list(block.places), "scalars": block.scalars.to_json(),
                "character": block.character.to_json(), "scales": [_number(s) for s in block.scales],
                "factors": [_number(s) for s in block.factors]}
    return {"coordinates": list(block.places), "slopes": [_number(s) for s in block.slopes],
            "intercepts": [_number(s) for s in block.intercepts], "free": block.free}


def _number(number: object) -> str:
    """An exact number as text."""
    import sympy

    return write(sympy.sympify(number))
