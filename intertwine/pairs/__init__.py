"""Pairs of activations: which matrices carry one to the other, and which are the same up to maps of the line."""

from __future__ import annotations

from intertwine.pairs.affine_torsor import AffineIntertwiners
from intertwine.pairs.classes import EquivalenceClasses, equivalence_classes
from intertwine.pairs.equivalence import Equivalence, equivalent
from intertwine.pairs.torsor import Intertwiners, intertwiners

__all__ = [
    "AffineIntertwiners", "Equivalence", "EquivalenceClasses", "Intertwiners", "equivalence_classes", "equivalent",
    "intertwiners",
]  # fmt: skip
