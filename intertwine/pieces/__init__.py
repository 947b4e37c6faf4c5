"""The pieces of the real line on which an activation is one analytic expression, and what happens between them."""

from intertwine.pieces.table import BreakPoint, Condition, Piece, Pieces, Value, pieces

__all__ = ["BreakPoint", "Condition", "Piece", "Pieces", "Value", "pieces"]
