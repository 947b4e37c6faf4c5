"""Activations given in any of the forms that :func:`intertwine.derive` takes, as terms."""

from __future__ import annotations

from typing import Any

from intertwine.errors import ExpressionError
from intertwine.parsing import parse_term
from intertwine.terms import Term
from intertwine.terms.sympy_bridge import from_callable, from_sympy


def as_term(activation: Any) -> Term:
    """A catalogue name, text, SymPy expression or function as a term.

    Examples
    --------
    >>> as_term("relu")
    Max(0, x)
    """
    if isinstance(activation, Term):
        return activation
    if isinstance(activation, str):
        return parse_term(activation)
    import sympy

    if isinstance(activation, sympy.Basic):
        return from_sympy(activation)
    if callable(activation):
        return from_callable(activation)
    raise ExpressionError(f"an activation is text, a SymPy expression or a function, not {type(activation).__name__}")
