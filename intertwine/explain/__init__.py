"""A derivation for people: numbered steps in plain words, and the answer as LaTeX for notebooks."""

from __future__ import annotations

from intertwine.explain.notation import latex
from intertwine.explain.steps import derivation, explain, generators, image, summary

__all__ = ["derivation", "explain", "generators", "image", "latex", "summary"]
