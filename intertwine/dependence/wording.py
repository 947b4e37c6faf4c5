"""Relations and what is known of them, for a person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from intertwine.calculus.enclosure import PRECISIONS, Unclear, UndefinedAt, enclose
from intertwine.calculus.identity import Identity
from intertwine.dependence.named import below_zero, negative
from intertwine.dependence.reading import in_t
from intertwine.dependence.solver import Found, Solution
from intertwine.dependence.steps import Periodic
from intertwine.terms import ONE, ZERO, Term, num, to_text

METHODS = {
    "algebra": "both sides have the same normal form", "identical": "both sides are the same expression",
    "undefined": "nothing is defined there", "point": "an exact value",
    "derivative": "the derivative is zero, and so is one value",
    "ode": "a linear differential equation, with the value zero at one point",
}  # fmt: skip


def tidied(coefficients: Sequence[Term]) -> tuple[Term, ...]:
    """The same relation up to a factor: whole numbers without a common divisor where possible, the first one positive.

    Examples
    --------
    >>> tidied([num(-1, 2), ZERO, num(3, 4)])
    (2, 0, -3)
    """
    values = [c.value for c in coefficients]
    fractions = [v for v in values if v is not None]
    if len(fractions) < len(values):
        lead = next((c for c in coefficients if c != ZERO), ZERO)
        return tuple(negative(c) for c in coefficients) if _negative(lead) else tuple(coefficients)
    factor = Fraction(math.lcm(*(v.denominator for v in fractions)))
    whole = [int(v * factor) for v in fractions]
    divisor = math.gcd(*whole) or 1
    first = next((w for w in whole if w), 1)
    return tuple(num(w // divisor if first > 0 else -w // divisor) for w in whole)


def _negative(c: Term) -> bool:
    for bits in PRECISIONS[:3]:
        try:
            ball = enclose(c, Fraction(1), bits)
        except (Unclear, UndefinedAt):
            continue
        if ball < 0 or ball > 0:
            return bool(ball < 0)
    return False


def written(coefficients: Sequence[Term], labels: Sequence[str]) -> str:
    """A relation as an equation.

    Examples
    --------
    >>> written([ONE, num(-1), num(-2)], ["s(t)", "s(-t)", "t"])
    's(t) - s(-t) - 2*t = 0'
    """
    return f"{combined(coefficients, labels) or '0'} = 0"


def combined(coefficients: Sequence[Term], labels: Sequence[str]) -> str:
    """A combination of functions; empty if there is nothing in it."""
    text = ""
    for c, label in zip(coefficients, labels, strict=True):
        if c == ZERO:
            continue
        minus = below_zero(c)
        size = negative(c) if minus else c
        sign = ("-" if minus else "") if not text else (" - " if minus else " + ")
        text += sign + _product(size, label)
    return text


def _product(c: Term, label: str) -> str:
    if label == "1":
        return f"({to_text(c)})" if c.op == "add" else to_text(c)
    if _is_sum(label):
        label = f"({label})"
    if c == ONE:
        return label
    return f"({to_text(c)})*{label}" if c.op == "add" else f"{to_text(c)}*{label}"


def _is_sum(text: str) -> bool:
    """Whether a sign stands outside all brackets."""
    depth = 0
    for k, character in enumerate(text):
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth == 0 and (character == "+" or (character == "-" and k > 0 and text[k - 1] != "(")):
            return True
    return text.startswith("-")


def questions(solution: Solution) -> tuple[str, ...]:
    """What is left open."""
    family, columns = solution.family, solution.independence.columns
    known = ", ".join(family.labels[c] for c in sorted(columns)) or "nothing"
    return tuple(f"whether {family.labels[k]} is a combination of {known}" for k in solution.open)


def explained(solution: Solution) -> str:
    """The result with its reasons, in numbered steps."""
    family, independence = solution.family, solution.independence
    n, r = len(family), len(independence.columns)
    lines = [
        f"s = {in_t(family.activation)}. Relations between the {n} functions {', '.join(family.labels)}, "
        "at all t where every one of them is defined:",
    ]
    if r:
        names = ", ".join(family.labels[c] for c in sorted(independence.columns))
        points = ", ".join(str(p) for p in independence.points)
        what = "are independent" if r > 1 else "is not zero"
        lines.append(f"1. {names} {what}: the {r}x{r} determinant of the values at t = {points} is not zero "
                     f"({independence.bits} bits of ball arithmetic). So there are at most {n} - {r} = {n - r} "
                     "independent relations.")
    else:
        lines.append(f"1. No function is known to be different from zero, so there are at most {n} relations.")
    for number, found in enumerate(solution.relations, 2):
        lines.append(f"{number}. {written(tidied(found.proof.coefficients), family.labels)}: {_reasons(found)}.")
    if solution.exact:
        lines.append(f"The space of relations has dimension {solution.lower}, exactly.")
    else:
        lines.append(f"The dimension is at least {solution.lower} and at most {solution.upper}. Open: "
                     + "; ".join(questions(solution)) + ".")
    return "\n".join(lines)


def _reasons(found: Found) -> str:
    methods: dict[str, None] = {}
    for side in found.proof.sides:
        identity: Identity = side.identity if isinstance(side, Periodic) else side
        if isinstance(side, Periodic):
            methods[f"periodic with period {side.period}, and zero on one period"] = None
        for step in identity.steps:
            methods[METHODS.get(step.method, step.method)] = None
    cells = max(len(s.identity.steps) if isinstance(s, Periodic) else len(s.steps) for s in found.proof.sides)
    where = "" if cells < 2 else f" on each of up to {cells} parts of a half-line"
    return "; ".join(methods) + where
