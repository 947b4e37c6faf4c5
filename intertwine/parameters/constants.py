"""Exact numbers at the border: SymPy numbers as terms."""

from __future__ import annotations

from typing import Any

from intertwine.terms import Term
from intertwine.terms.sympy_bridge import from_sympy


def as_term(value: Any) -> Term:
    """An exact constant of the groups as a term."""
    import sympy

    return from_sympy(sympy.sympify(value)) if not isinstance(value, Term) else value
