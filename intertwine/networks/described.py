"""What every network that was read from elsewhere has: its architecture, and with it its symmetry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

from intertwine.networks.affine_symmetry import AffineSymmetry
from intertwine.networks.symmetry import ParameterSymmetry

if TYPE_CHECKING:
    from intertwine.networks.architecture import Architecture


class Described:
    """A network with an architecture.

    Attributes
    ----------
    architecture : Architecture
        The operations between its named weights.
    """

    architecture: Architecture

    @overload
    def symmetry(self, affine: Literal[False] = ...) -> ParameterSymmetry: ...

    @overload
    def symmetry(self, affine: Literal[True]) -> AffineSymmetry: ...

    def symmetry(self, affine: bool = False) -> ParameterSymmetry | AffineSymmetry:
        """The symmetry group of the weights; ``affine`` as for :meth:`Architecture.symmetry`."""
        return self.architecture.symmetry(True) if affine else self.architecture.symmetry()
