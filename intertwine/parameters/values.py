"""Exact values of the parameters, and the cell to which they belong."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from intertwine.calculus.constants import rational_constant
from intertwine.calculus.core import to_core
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.errors import ExpressionError, Undecided
from intertwine.parameters.conditions import Conditions, Signs
from intertwine.parameters.onevariable import constant_signs
from intertwine.parameters.tree import Leaf, Node, Split
from intertwine.parsing import parse_term
from intertwine.terms import Term, num
from intertwine.terms.sympy_bridge import from_sympy


def exact_value(name: str, value: Any) -> Term:
    """A value as a constant term.

    Raises
    ------
    ExpressionError
        It is not an exact real number.
    """
    if isinstance(value, Term):
        term = value
    elif isinstance(value, str):
        term = parse_term(value)
    elif isinstance(value, bool):
        raise ExpressionError(f"{name} is a number, not {value}")
    elif isinstance(value, int | Fraction):
        term = num(Fraction(value))
    else:
        import sympy

        if not isinstance(value, sympy.Expr) or value.free_symbols:
            raise ExpressionError(f"{name} needs an exact number: text, a fraction or a SymPy number, not "
                                  f"{type(value).__name__}")
        term = from_sympy(value)
    if term.has_x or term.parameters:
        raise ExpressionError(f"{name} needs a number, not {term}")
    if not constant_signs(to_core(term)):
        raise ExpressionError(f"{term} is not a real number")
    rational = rational_constant(to_core(term)) if term.value is None else None
    return term if rational is None else num(int(rational.p), int(rational.q))


def sign_at(atom: Term, values: dict[str, Term]) -> int:
    """The exact sign of a term for values of the parameters.

    Raises
    ------
    Undecided
        It could not be settled.
    """
    signs = constant_signs(to_core(atom.with_parameters(values)))
    if len(signs) != 1:
        raise Undecided(f"the sign of {atom.with_parameters(values)} could not be settled")
    return next(iter(signs))


def class_of(value: Term) -> str:
    """Whether a number is ``even``, ``odd`` or ``broken``: no whole number."""
    if value.value is not None:
        whole = value.value.denominator == 1
        return ("even" if value.value.numerator % 2 == 0 else "odd") if whole else "broken"
    try:
        if not enclose(to_core(value), Fraction(1), 512).contains_integer():
            return "broken"
    except (Unclear, UndefinedAt):
        pass
    raise Undecided(f"whether {value} is a whole number could not be settled")


def satisfies(assumptions: Conditions, integers: frozenset[str], values: dict[str, Term]) -> bool:
    """Whether values are among those that are assumed."""
    whole = all(class_of(values[name]) != "broken" for name in integers)
    return whole and all(sign_at(c.atom, values) in c.signs for c in assumptions)


def follow(node: Node, values: dict[str, Term]) -> Leaf:
    """The leaf to which values lead."""
    while isinstance(node, Split):
        found: Signs | None = None
        kind = ""
        if node.branches[0].signs is None:
            kind = class_of(values[node.atom.op[1:]])
        else:
            found = frozenset({sign_at(node.atom, values)})
        node = next(b.node for b in node.branches
                    if (b.whole == kind if found is None else b.signs is not None and found <= b.signs))
    if not isinstance(node, Leaf):
        raise Undecided("these values belong to a cell that has none")
    return node
