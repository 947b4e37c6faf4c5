"""What the values are made from: functions of one variable, and exact numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import sympy as sp

from intertwine.errors import ExpressionError, ShapeError
from intertwine.groups import exact
from intertwine.groups.constants import parse_constant
from intertwine.parsing import parse_term
from intertwine.terms import Term
from intertwine.terms.sympy_bridge import from_callable, from_sympy

Function: TypeAlias = str | sp.Expr | Term | Callable[..., Any]
Number: TypeAlias = int | Fraction | str | sp.Expr


def read_function(given: Function, variable: str = "x") -> Term:
    """A function of one variable as a term in ``x``.

    Raises
    ------
    ExpressionError
        It is not text in the expression language, a SymPy expression in one symbol or a function.
    """
    if isinstance(given, Term):
        return given
    if isinstance(given, str):
        return parse_term(given, variable)
    if isinstance(given, sp.Basic):
        return from_sympy(given)
    if callable(given):
        return from_callable(given)
    raise ExpressionError(f"a function is text, a SymPy expression or callable, not {type(given).__name__}")


def as_read(function: Function) -> Term:
    """A function that has been read."""
    assert isinstance(function, Term)
    return function


def read_number(given: Number, what: str) -> sp.Expr:
    """An exact number; floats are refused.

    Raises
    ------
    IntertwineError
        It is not an exact real number.
    """
    if isinstance(given, str):
        return parse_constant(given)
    if isinstance(given, float):
        raise ExpressionError(f"{what} {given!r} is not exact: write it as text, '{given!r}', or as a fraction")
    return exact.as_exact(given)


def read_size(given: object, what: str, least: int = 1) -> int:
    """A whole number.

    Raises
    ------
    ShapeError
        It is not a whole number, or too small.
    """
    if isinstance(given, bool) or not isinstance(given, int | sp.Integer) or given < least:
        raise ShapeError(f"{what} is a whole number, at least {least}, not {given!r}")
    return int(given)


def read_vector(given: Sequence[Number] | None, what: str) -> tuple[sp.Expr, ...] | None:
    """A tuple of exact numbers, or None."""
    if given is None:
        return None
    if isinstance(given, str):
        raise ShapeError(f"{what} is a sequence of numbers, not text")
    return tuple(read_number(v, what) for v in given)
