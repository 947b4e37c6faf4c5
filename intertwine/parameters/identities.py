"""Identities in ``x > 0`` and the parameters, as the search believes them; the checker proves them again."""

from __future__ import annotations

from intertwine.parameters.conditions import Ask, Condition, Conditions, Undefined, Unsupported, joined
from intertwine.parameters.field import Field
from intertwine.parameters.ring import Element
from intertwine.terms import Term

MOST_CASES = 200


def same(left: Term, right: Term, conditions: Conditions, broken: frozenset[str], fill: bool = False) -> bool:
    """Whether two core terms agree for every ``x > 0`` under the conditions, domains included.

    With ``fill``, single points where the left side alone is undefined do not matter.

    Examples
    --------
    >>> from intertwine.terms import X, apply, parameter
    >>> same(apply("Abs", parameter("a") * X), apply("Abs", parameter("a")) * X, (), frozenset())
    True
    """
    stack = [conditions]
    for _ in range(MOST_CASES):
        if not stack:
            return True
        case = stack.pop()
        field = Field(case, broken)
        try:
            thin = fill and any(c.atom.has_x and c.signs == {0} for c in case)
            a, b = _value(field, left), _value(field, right)
            if a is None and (b is None or thin):
                continue
            if a is None or b is None or not field.simplified(a - b).top.is_zero():
                return False
        except Ask as ask:
            if ask.integer:
                return False
            stack += [joined(case, Condition(ask.atom, part)) for part in ask.parts]
        except Unsupported as problem:
            if str(problem) != "conditions that exclude each other":
                return False
    return False


def nowhere(term: Term, conditions: Conditions, broken: frozenset[str]) -> bool:
    """Whether a core term is undefined for every ``x > 0`` under the conditions."""
    stack = [conditions]
    for _ in range(MOST_CASES):
        if not stack:
            return True
        case = stack.pop()
        try:
            if _value(Field(case, broken), term) is not None:
                return False
        except Ask as ask:
            if ask.integer:
                return False
            stack += [joined(case, Condition(ask.atom, part)) for part in ask.parts]
        except Unsupported as problem:
            if str(problem) != "conditions that exclude each other":
                return False
    return False


def _value(field: Field, t: Term) -> Element | None:
    try:
        return field.of(t)
    except Undefined:
        return None
