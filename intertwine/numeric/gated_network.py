"""Gated blocks of networks: v ↦ W_down·(g(W_gate·x + b_gate) ⊙ (W_up·x + b_up)) + b_down."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from intertwine.errors import ShapeError
from intertwine.numeric.action import act_columns, act_rows, act_vector
from intertwine.numeric.arrays import FloatArray, as_floating
from intertwine.numeric.elements import ScaledPermutation
from intertwine.numeric.intertwiner import Intertwiner


@dataclass(frozen=True)
class GatedBlock:
    """The weights of a gated block, such as a SwiGLU layer; layers are y = Wx, as in ``torch.nn.Linear``.

    Parameters
    ----------
    gate, up : array of float, shape (h, n)
        The layers in front of the gate and of its factor.
    down : array of float, shape (m, h)
        The layer behind.
    gate_bias, up_bias : array of float, shape (h,), optional
        Biases of the first two; a bias of the last does not change.

    Raises
    ------
    ShapeError
        If the shapes do not fit.
    """

    gate: FloatArray
    up: FloatArray
    down: FloatArray
    gate_bias: FloatArray | None = None
    up_bias: FloatArray | None = None

    def __post_init__(self) -> None:
        for name in ("gate", "up", "down"):
            object.__setattr__(self, name, as_floating(getattr(self, name), name))
        h = self.gate.shape[0]
        if self.gate.ndim != 2 or self.up.shape != self.gate.shape or self.down.shape[1:] != (h,):
            raise ShapeError(f"gate {self.gate.shape}, up {self.up.shape} and down {self.down.shape} do not fit: "
                             "(h, n), (h, n) and (m, h) are needed")
        for name in ("gate_bias", "up_bias"):
            bias = getattr(self, name)
            if bias is not None and np.shape(bias) != (h,):
                raise ShapeError(f"{name} has shape {np.shape(bias)}; ({h},) is needed")

    def moved(self, gate: Intertwiner, factors: npt.ArrayLike) -> GatedBlock:
        """The block after a symmetry; the function it computes is the same.

        Parameters
        ----------
        gate : Intertwiner
            An element of the group of the gate's activation, on h units: P·diag(d) with its image P·diag(χ(d)).
        factors : array_like of float, shape (h,)
            e, not zero: the factor of each unit of the other branch.

        Returns
        -------
        GatedBlock
            gate ↦ A·gate, up ↦ P·diag(e)·up, down ↦ down·(P·diag(χ(d)e))⁻¹.

        Raises
        ------
        ShapeError
            If the sizes do not fit, or the element is not a scaled permutation.

        Examples
        --------
        >>> block = GatedBlock(np.ones((2, 3)), np.ones((2, 3)), np.ones((1, 2)))
        >>> A = ScaledPermutation([1, 0], [2.0, 1.0])
        >>> block.moved(Intertwiner(A, A), [4.0, 1.0]).down
        array([[0.125, 1.   ]])
        """
        element, image = gate.element, gate.image
        if not (isinstance(element, ScaledPermutation) and isinstance(image, ScaledPermutation)):
            raise ShapeError("the units of a gate are permuted and scaled: a ScaledPermutation is needed")
        if element.n != len(self.gate):
            raise ShapeError(f"the block has {len(self.gate)} units, but the element acts on {element.n}")
        other = ScaledPermutation(element.indices, factors)
        behind = ScaledPermutation(element.indices, image.scales * other.scales)
        return replace(
            self,
            gate=act_rows(element, self.gate),
            up=act_rows(other, self.up),
            down=act_columns(self.down, behind),
            gate_bias=None if self.gate_bias is None else act_vector(element, self.gate_bias),
            up_bias=None if self.up_bias is None else act_vector(other, self.up_bias),
        )
