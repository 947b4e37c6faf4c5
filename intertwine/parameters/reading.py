"""What the caller gives: an activation with parameters, and assumptions about them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from intertwine.errors import ExpressionError
from intertwine.parameters.conditions import (
    MINUS,
    NONZERO_SIGNS,
    PLUS,
    ZERO_SIGN,
    Condition,
    Conditions,
    Signs,
    joined,
)
from intertwine.parsing import parse_condition, parse_term
from intertwine.parsing.names import parameter_name, parameters_in
from intertwine.terms import Term, X, apply, num, parameter, piecewise
from intertwine.terms.sympy_bridge import from_sympy

_SIGNS: dict[str, Signs] = {"lt": PLUS, "le": PLUS | ZERO_SIGN, "eq": ZERO_SIGN, "ne": NONZERO_SIGNS}
_ALLOWED = frozenset({"num", "pi", "E", "add", "mul", "pow", "log", "exp"})
_PROPERTIES: tuple[tuple[str, Signs], ...] = (
    ("positive", PLUS), ("negative", MINUS), ("zero", ZERO_SIGN), ("nonnegative", PLUS | ZERO_SIGN),
    ("nonpositive", MINUS | ZERO_SIGN), ("nonzero", NONZERO_SIGNS),
)  # fmt: skip


@dataclass(frozen=True)
class Family:
    """An activation with parameters, and what is assumed of them."""

    activation: Term
    names: tuple[str, ...]
    assumptions: Conditions
    integers: frozenset[str] = frozenset()


def read_family(activation: Any, assume: str | Iterable[str] | None, declared: Iterable[str]) -> Family | None:
    """The family that is meant; None if no parameters occur and none are spoken of.

    Raises
    ------
    ExpressionError
        The activation or an assumption cannot be read; one line.
    """
    texts = [] if assume is None else [assume] if isinstance(assume, str) else list(assume)
    if not all(isinstance(text, str) for text in texts):
        raise ExpressionError("an assumption is text such as \"alpha > 0\"")
    spoken = [name for text in texts for name in _names(text)]
    named = [parameter_name(name) for name in [*declared, *spoken]]
    if isinstance(activation, str):
        found = parameters_in(activation, named)
        if not found:
            _refuse_unused(named, texts)
            return None
        family = Family(parse_term(activation, parameters=found), tuple(found), ())
    else:
        import sympy

        if isinstance(activation, Term):
            family = Family(activation, tuple(sorted(activation.parameters)), ())
        elif isinstance(activation, sympy.Basic) and not isinstance(activation, sympy.Lambda):
            family = _of_sympy(sympy, activation)
        else:
            _refuse_unused(named, texts)
            return None
        if not family.names:
            _refuse_unused(named, texts)
            return None
    unused = sorted(set(named) - set(family.names))
    if unused:
        raise ExpressionError(f"{unused[0]!a} does not occur in the activation")
    for text in texts:
        family = _assumed(family, text)
    return family


def _refuse_unused(named: list[str], texts: list[str]) -> None:
    if named:
        raise ExpressionError(f"{named[0]!a} does not occur in the activation")
    if texts:
        raise ExpressionError("assumptions are about parameters, and the activation has none")


def _names(text: str) -> list[str]:
    from intertwine.parsing.names import free_names

    return free_names(text)


def _assumed(family: Family, text: str) -> Family:
    """The family with one more assumption."""
    condition = parse_condition(text, family.names)
    parts = condition.args if condition.op == "and" else (condition,)
    for part in parts:
        if part.op not in _SIGNS:
            raise ExpressionError(f"an assumption is a comparison, not {part}")
        if part.has_x:
            if any(node.op not in {*_SIGNS, "x", "num", "pi", "E"} for node in part.walk()) or part.op == "eq":
                raise ExpressionError(f"x can only be compared with a number, not {part}")
            restricted = piecewise((family.activation, part))
            family = Family(restricted, family.names, family.assumptions, family.integers)
            continue
        left, right = part.args
        for node in (*left.walk(), *right.walk()):
            if node.op not in _ALLOWED and not node.is_parameter:
                raise ExpressionError(f"{node.op} cannot be part of an assumption: compare parameters and numbers")
        atom = right - left if right != num(0) else -left
        signs = _SIGNS[part.op]
        if left == num(0):
            atom = right
        elif right == num(0):
            atom, signs = left, frozenset(-s for s in signs)
        family = Family(family.activation, family.names, joined(family.assumptions, Condition(atom, signs)),
                        family.integers)
    return family


def _of_sympy(sympy: Any, expression: Any) -> Family:
    symbols = sorted(expression.free_symbols, key=lambda s: s.name)
    variable = _variable(symbols)
    others = [s for s in symbols if s != variable]
    if not others:
        return Family(X, (), ())
    assumptions: Conditions = ()
    names: dict[Any, Term] = {}
    for s in others:
        if s.is_real is False:
            raise ExpressionError(f"the parameter {s} is not real")
        term = names[s] = parameter(parameter_name(s.name))
        signs = next((signs for name, signs in _PROPERTIES if getattr(s, f"is_{name}")), None)
        if signs is not None:
            assumptions = joined(assumptions, Condition(term, signs))
    if len({s.name for s in symbols}) < len(symbols):
        raise ExpressionError("two symbols of one name with different assumptions")
    plain = sympy.Symbol("x", real=True)
    term = from_sympy(expression.xreplace({variable: plain}), names)
    for name, relation in (("positive", "lt"), ("negative", "gt"), ("nonnegative", "le"), ("nonpositive", "ge")):
        if getattr(variable, f"is_{name}"):
            zero = num(0)
            condition = apply(relation, zero, X) if relation in ("lt", "le") else apply(
                {"gt": "lt", "ge": "le"}[relation], X, zero)
            term = piecewise((term, condition))
            break
    integers = frozenset(s.name for s in others if s.is_integer)
    return Family(term, tuple(s.name for s in others), assumptions, integers)


def _variable(symbols: list[Any]) -> Any:
    if len(symbols) == 1:
        return symbols[0]
    named = [s for s in symbols if s.name == "x"]
    if len(named) != 1:
        raise ExpressionError(f"one of the symbols {', '.join(s.name for s in symbols)} has to be named x")
    return named[0]
