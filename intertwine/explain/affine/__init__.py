"""The derivation of an affine intertwiner group for people, and its answer as LaTeX."""

from __future__ import annotations

from intertwine.explain.affine.notation import latex
from intertwine.explain.affine.steps import derivation, explain, generators, image, summary

__all__ = ["derivation", "explain", "generators", "image", "latex", "summary"]
