"""The reasons for a case in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intertwine.parameters.tree import Leaf

if TYPE_CHECKING:
    from intertwine.parameters.group import Case

_THEOREMS = {
    "dichotomy": "s is definable, so S has all positive scalings or only 1 (Theorem 3), and one of them is not in it",
    "one tame end": "s is definable near 0 but not homogeneous on a half-line, so 1 is the only positive scaling "
                    "(Theorem 2)",
    "homogeneous": "s is a power on each half-line, so all positive scalings are in S",
    "two half-lines": "s is a power on each half-line, but their degrees differ, so 1 is the only positive scaling",
    "affine": "s is affine on the line", "constant": "s is constant on the line",
    "undefined": "the activation is not defined on any interval",
    "ordinary": "the parameters are gone: the activation has a certificate of its own",
}


def explain_case(case: Case) -> str:
    """A case with its theorem and the facts on each of its cells."""
    lines = [f"If {case.condition}:" if case.condition != "always" else "Always:"]
    if case.claim is None:
        lines.append("  bounded: at least the permutation matrices, at most all invertible matrices")
        return "\n".join([*lines, *(f"  open: {q}" for q in case.questions)])
    lines.append(f"  {case.kind}" + (f", S = {case.scalars}, chi(a) = {case.character_text}" if case.scalars else ""))
    for number, leaf in enumerate(case.leaves, 1):
        start = f"  cell {number}: " if len(case.leaves) > 1 else "  "
        lines.append(start + _THEOREMS.get(leaf.theorem, leaf.theorem) + ".")
        lines += [f"    {text}" for text in _facts(leaf)]
    return "\n".join(lines)


def _facts(leaf: Leaf) -> list[str]:
    return [text for fact in leaf.facts if (text := _fact(fact))]


def _fact(f: dict[str, Any]) -> str:
    points = ", ".join(f.get("points", []))
    match f["fact"]:
        case "not affine":
            return f"The points of the graph over {points} are not on a line."
        case "not constant":
            return f"s has different values at {points}."
        case "separation":
            return f"d = {f['d']} is not in S: s(d t1) s(t2) differs from s(d t2) s(t1) for t1, t2 = {points}."
        case "homogeneous":
            side = "t" if f["side"] > 0 else "-t"
            value = "0" if f["coefficient"] == "0" else f"({f['coefficient']}) t**({f['degree']})"
            return f"s({side}) = {value} for t > 0."
        case "undefined side":
            return f"s is undefined for x {'>' if f['side'] > 0 else '<'} 0."
        case "at zero":
            return f"s(0) is {f['value']}."
        case "not even" | "not odd":
            sign = "" if f["fact"] == "not even" else "-"
            return f"s(-t) is not {sign}s(t) at t = {f['point']}."
        case "member":
            return f"s(-t) = {'' if f['b'] == 1 else '-'}s(t) for all t."
        case "affine":
            return f"s(t) = ({f['slope']}) t + {f['intercept']}."
        case "constant on domain":
            return f"s is {f['value']} wherever it is defined."
        case "definable":
            return "s is definable in an o-minimal structure."
        case "total":
            return "s is defined on the whole line."
    return ""
