"""Expressions in one real variable: immutable terms and their text."""

from intertwine.terms.printing import to_text
from intertwine.terms.term import (
    FALSE,
    ONE,
    PI,
    TRUE,
    ZERO,
    E,
    Term,
    X,
    add,
    apply,
    as_term,
    mul,
    neg,
    num,
    parameter,
    piecewise,
    power,
    rebuild,
)

__all__ = [
    "FALSE", "ONE", "PI", "TRUE", "X", "ZERO", "E", "Term",
    "add", "apply", "as_term", "mul", "neg", "num", "parameter", "piecewise", "power", "rebuild", "to_text",
]
