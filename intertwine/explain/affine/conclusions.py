"""What follows from the facts about affine maps: one paragraph for each theorem."""

from __future__ import annotations

from intertwine.affine.solver import AffineSolution
from intertwine.groups import AffineFamily
from intertwine.groups.affine.map import AffineMap, plain
from intertwine.solve.linear import UndefinedNear

MONOMIAL = (
    "Theorem 1 for affine maps: x -> Ax + c is in G exactly when A = P*diag(a1, ..., an) with a permutation matrix P "
    "and every x -> ai*x + ci is in the group T of the maps with s(a*x + c) = b*s(x) + d for all x and "
    "some (b, d) = ψ(a, c)."
)
_BEFORE = {
    "definable": "Theorem 4: s is definable, so T is trivial, one reflection with the identity, all translations, or "
                 "all dilations about a point (perhaps with their negatives). Translations are excluded, since s is "
                 "not an exponential function{hole}, and so are dilations, as no point is left for their "
                 "centre. What "
                 "remains is whether there is a reflection.",
    "limits": "So T contains nothing but the identity and perhaps one reflection.",
    "preserved set": "T keeps this set of points. So there is no translation and no element with |a| != 1 in T: it "
                     "contains the identity and perhaps one reflection.",
    "regular ends": "There is no translation and no element with |a| != 1 in T: it contains the identity and perhaps "
                    "one reflection.",
    "lattice": "Theorem 11: the translations in T are the multiples of {period}; then a = 1 or a = -1 for all of T.",
}  # fmt: skip
_LINE = ("An affine function passes every affine map: if s(x) = m*x + q, then s(Ax + c) = A s(x) + d with d = m*c + "
         "q*(1 - A*1), where 1 is the vector of ones.")
_CONSTANT = (
    "A constant function passes every affine map: s(Ax + c) = s(x), and (B, d) is any map that fixes this vector."
)


def before_reflections(solution: AffineSolution) -> str:
    """What is known of T before reflections are looked at; empty where nothing is to be said."""
    pattern = _BEFORE.get(solution.theorem, "")
    period = solution.lower.scalars.period
    if solution.theorem == "lattice" and (period is None or solution.status != "exact"):
        return ""
    hole = ", and is not defined on the whole line" if any(isinstance(f, UndefinedNear) for f in solution.facts) else ""
    return pattern.format(hole=hole, period="" if period is None else plain(period))


def after_reflections(solution: AffineSolution) -> str:
    """The last step of an exact derivation."""
    lower, theorem = solution.lower, solution.theorem
    kind = lower.scalars.type
    if kind == "affine-line":
        return _LINE if lower.unique else _CONSTANT
    if theorem == "exponential":
        return (f"An exponential function passes every translation, with b = exp(λ*c) and d = β*(1 - b), and nothing "
                f"else: the functions exp(λ*a*x), exp(λ*x) and 1 are linearly independent for a != 1. So T = "
                f"{lower.scalars}.")
    if theorem == "dilations":
        return _dilations(lower)
    if theorem == "one centre":
        return ("Theorem 12: there is no translation, and a reflection is in T, so every element of T fixes its "
                f"centre. No dilation about it but the identity is in T. So T = {lower.scalars}.")
    if theorem == "cyclic dilations":
        return _cyclic(lower)
    if kind == "trivial":
        return "So there is no reflection in T, and T contains the identity alone."
    if kind == "lattice":
        return ("The centres of reflections would repeat with half the period, so there is none. So T = "
                f"{lower.scalars}.")
    return f"So T = {lower.scalars}."


def _dilations(lower: AffineFamily) -> str:
    group = lower.scalars
    rule = lower.character.rule.text(group)
    p = plain(group.centre) if group.centre is not None else "the centre"
    signed = "" if group.type == "dilations" else " and, with the reflection, for a < 0"
    return (f"What is on both sides of {p} and at {p} itself fits together: the dilation by a about {p} passes for all "
            f"a > 0{signed}, with {rule}. By Theorem 4 there is nothing else. So T = {group}.")


def _cyclic(lower: AffineFamily) -> str:
    group = lower.scalars
    f = group.generator_map
    moved = "" if f is None else f" {AffineMap.rule(f, 'x')}"
    return (f"Theorem 13: x ->{moved} is in T with a fixed point, so there is no translation in T (it would give "
            "arbitrarily small ones), and every element of T fixes this point. The factors in T are scalings of g, and "
            f"the roots and signs that would give more are excluded. So T = {group}.")
