"""Compare the representations of two networks up to the symmetries of their activation."""

from __future__ import annotations

from intertwine.similarity.alignment import Alignment, align
from intertwine.similarity.measures import cka, linear_cka, procrustes
from intertwine.similarity.reading import KINDS, Product

__all__ = ["KINDS", "Alignment", "Product", "align", "cka", "linear_cka", "procrustes"]
