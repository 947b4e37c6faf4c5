"""Reading characters back from the text that they are written as."""

from __future__ import annotations

import re
from collections.abc import Mapping

import sympy as sp

from intertwine.errors import IntertwineError
from intertwine.groups import exact
from intertwine.groups.characters import Character
from intertwine.groups.constants import constant_to_sympy, parse_constant
from intertwine.groups.scalars import ScalarGroup
from intertwine.terms import Term

_Rule = tuple[sp.Expr, int]


def read_character(group: ScalarGroup, data: str | Mapping[str, object]) -> Character:
    """The character of ``group`` described by an expression in ``a``, or by values on the generators.

    Raises
    ------
    IntertwineError
        If the data do not describe a character of the group.

    Examples
    --------
    >>> from intertwine.groups import POSITIVE, SignCyclic
    >>> read_character(POSITIVE, "sqrt(a)")
    χ: R>0 → R*, a ↦ sqrt(a)
    >>> read_character(SignCyclic(2), {"generator": "2", "value": "4", "minus_one": "-1"})
    χ: ±⟨2⟩ → R*, 2 ↦ 4, -1 ↦ -1
    """
    if isinstance(data, str):
        return _from_rule(group, data)
    if not isinstance(data, Mapping) or group.generator is None:
        raise IntertwineError(f"{data!r} does not describe a character of {group}")
    unknown = set(data) - {"generator", "value", "minus_one"}
    texts = {key: value for key, value in data.items() if isinstance(value, str)}
    if unknown or len(texts) != len(data) or not {"generator", "value"} <= texts.keys():
        raise IntertwineError(f"{dict(data)!r} does not describe a character of {group}")
    if not exact.equal(parse_constant(texts["generator"]), group.generator):
        raise IntertwineError(f"{texts['generator']} is not the generator of {group}")
    minus = parse_constant(texts["minus_one"]) if "minus_one" in texts else None
    return Character.on_generator(group, parse_constant(texts["value"]), minus)


def _from_rule(group: ScalarGroup, text: str) -> Character:
    from intertwine.parsing import parse_term

    refusal = IntertwineError(f"{text!r} does not describe a character of {group}")
    if group.generator is not None or re.search(r"\bx\b", text):
        raise refusal
    rule = _rule(parse_term(re.sub(r"\ba\b", "x", text)), positive=not group.has_minus_one)
    if rule is None:
        raise refusal
    return Character(group, exact.as_exact(rule[0]), rule[1])


def _rule(term: Term, positive: bool) -> _Rule | None:
    """The (p, ε) with term = |a|**p * sign(a)**ε, or None."""
    if term.op == "x":
        return sp.S.One, 1
    if not term.has_x:
        return (sp.S.Zero, 0) if term.value == 1 else None
    parts = [_rule(a, positive) for a in term.args[: 1 if term.op == "pow" else None]]
    if any(part is None for part in parts):
        return None
    rules = [part for part in parts if part is not None]
    if term.op == "mul":
        return sp.Add(*(p for p, _ in rules)), sum(e for _, e in rules) % 2
    power, sign = rules[0]
    if term.op == "Abs":
        return power, 0
    if term.op == "sign":
        return sp.S.Zero, sign
    if term.op == "pow" and not term.args[1].has_x:
        exponent = constant_to_sympy(term.args[1])
        if isinstance(exponent, sp.Integer):
            return power * exponent, sign * int(exponent) % 2
        return (power * exponent, 0) if positive or sign == 0 else None
    return None
