"""The derivation of an affine group in numbered steps: facts, and what follows from them."""

from __future__ import annotations

import textwrap
from typing import Any

from intertwine.affine.cover import NoCentre
from intertwine.affine.ends import EndsDiffer
from intertwine.affine.filled import Filled
from intertwine.affine.jumps import OnlyCentre
from intertwine.affine.level import Level
from intertwine.affine.members import AffineMember
from intertwine.affine.solver import AffineSolution
from intertwine.affine.within import CentresWithin
from intertwine.calculus.core import to_core
from intertwine.calculus.tame import Tame
from intertwine.explain.affine.conclusions import MONOMIAL, after_reflections, before_reflections
from intertwine.explain.affine.facts import describe
from intertwine.explain.affine.wording import is_reflection
from intertwine.explain.wording import text
from intertwine.groups import AffineFamily
from intertwine.groups.affine.map import AffineMap
from intertwine.groups.affine.rules import Conjugation
from intertwine.solve.affine import Affine, ConstantOnDomain
from intertwine.solve.domain import Domain
from intertwine.solve.linear import NotConstant, UndefinedNear
from intertwine.solve.witness import NonAffine

WIDTH = 100
_SHAPE = (Filled, NonAffine, UndefinedNear, Domain, NotConstant, ConstantOnDomain)


def explain(solution: AffineSolution) -> str:
    """The derivation of an affine group, for a person.

    Parameters
    ----------
    solution : AffineSolution
        What :func:`intertwine.affine.solver.solve_affine` found.

    Returns
    -------
    str
        The activation, numbered steps, the answer, and what is open. Theorems are those of the theory page.

    Examples
    --------
    >>> from intertwine.affine.solver import solve_affine
    >>> from intertwine.terms import X
    >>> print(explain(solve_affine(X + 1)))
    The activation is s(x) = x + 1.
    <BLANKLINE>
    1. s(x) = x + 1 for all x. Proof: on x > 0 and on x < 0 both sides are the same expression.
    2. An affine function passes every affine map: if s(x) = m*x + q, then s(Ax + c) = A s(x) + d with
       d = m*c + q*(1 - A*1), where 1 is the vector of ones.
    <BLANKLINE>
    Answer: G = AGL_n, for every n: all maps x ↦ Ax + c with A invertible. (B, d): B = A.
    """
    head = _wrap(f"The activation is s(x) = {text(solution.activation)}.", "")
    tail = [_wrap(paragraph, "") for paragraph in (*_answer(solution), *_open(solution))]
    return "\n".join([head, "", derivation(solution), "", *tail])


def derivation(solution: AffineSolution) -> str:
    """The numbered steps alone."""
    return "\n".join(_wrap(step, f"{number}. ") for number, step in enumerate(_steps(solution), 1))


def summary(solution: AffineSolution) -> str:
    """The activation and its affine group in a few lines.

    Examples
    --------
    >>> from intertwine.affine.solver import solve_affine
    >>> from intertwine.parsing import parse_term
    >>> print(summary(solve_affine(parse_term("sigmoid"))))
    s(x) = 1/(exp(-x) + 1)
      status      exact
      type        reflection
      group       ⟨t ↦ -t⟩ ≀ S_n
      image       -t ↦ 1 - y
      generators  the permutations; on one coordinate: t ↦ -t
    """
    lower, upper = solution.lower, solution.upper
    lines = [("status", solution.status)]
    if solution.status == "exact":
        lines += [("type", lower.scalars.type), ("group", str(lower)), ("image", image(lower)),
                  ("generators", generators(lower))]
    else:
        lines += [("contains", str(lower)), ("image", f"{image(lower)} on that group"), ("is within", str(upper)),
                  *(("open", q) for q in solution.questions)]
    return "\n".join([f"s(x) = {text(solution.activation)}", *(f"  {name:10}  {value}" for name, value in lines)])


def _wrap(paragraph: str, mark: str) -> str:
    return textwrap.fill(paragraph, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark),
                         break_long_words=False, break_on_hyphens=False)


def _steps(solution: AffineSolution) -> list[str]:
    core = to_core(solution.activation)
    facts = list(dict.fromkeys(solution.facts))
    if any(isinstance(f, Affine) for f in facts):
        return [*(describe(f, core) for f in facts), after_reflections(solution)]
    shape = [f for f in facts if isinstance(f, _SHAPE) or (isinstance(f, Tame) and f.end == "everywhere")]
    shape.sort(key=lambda f: (isinstance(f, Domain), isinstance(f, NotConstant | ConstantOnDomain)))
    turning = [f for f in facts if f not in shape and _is_about_reflections(f)]
    others = [f for f in facts if f not in shape and f not in turning]
    steps = [describe(f, core) for f in shape]
    if any(isinstance(f, Domain) for f in shape):
        steps.append(MONOMIAL)
    steps += [describe(f, core) for f in others]
    steps += filter(None, [before_reflections(solution)])
    steps += [describe(f, core) for f in turning]
    if solution.status == "exact":
        steps.append(after_reflections(solution))
    return steps


def _is_about_reflections(fact: Any) -> bool:
    if isinstance(fact, AffineMember):
        return is_reflection(fact.a)
    if isinstance(fact, NoCentre):
        return fact.scale == -1
    return isinstance(fact, EndsDiffer | CentresWithin | Level | OnlyCentre)


def _answer(solution: AffineSolution) -> list[str]:
    lower = solution.lower
    if solution.status != "exact":
        return [f"Answer: bounded. It is proved that G contains {lower} and that G is contained in {solution.upper}."]
    if lower.scalars.type == "affine-line":
        rule = f"(B, d): {image(lower)}" if lower.unique else "(B, d) is not unique"
        return [f"Answer: G = AGL_n, for every n: all maps x ↦ Ax + c with A invertible. {rule}."]
    if lower.scalars.type == "trivial":
        return ["Answer: G = S_n, for every n: the permutations of the coordinates, with the same images.",
                f"Generators: {generators(lower)}."]
    return [f"Answer: G = {lower}, for every n: the maps x ↦ Ax + c with A = P*diag(a1, ..., an) that act on each "
            f"coordinate by an element of T. The image on one coordinate: {image(lower)}.",
            f"Generators: {generators(lower)}."]


def image(family: AffineFamily) -> str:
    """What ψ does on one coordinate, in one line.

    Examples
    --------
    >>> from intertwine.groups import AffineCharacter
    >>> image(AffineFamily(AffineCharacter.exponential(2, 1))), image(AffineFamily(AffineCharacter.affine(0)))
    ('c ↦ exp(2*c)*(y - 1) + 1', 'not unique')
    """
    if not family.unique:
        return "not unique"
    if isinstance(family.character.rule, Conjugation):
        return "B = A"
    if family.scalars.type == "trivial":
        return "the same"
    return family.character.rule.text(family.scalars)


def generators(family: AffineFamily) -> str:
    """Maps that generate the group in every dimension, in words.

    Examples
    --------
    >>> from intertwine.groups import AffineCharacter, AffineScalarGroup
    >>> generators(AffineFamily(AffineCharacter.power(AffineScalarGroup.dilations(1), 2)))
    'the permutations; on one coordinate: t ↦ a*(t - 1) + 1 for a > 0'
    """
    group = family.scalars
    if group.type == "affine-line":
        return "all maps x ↦ Ax + c with A invertible"
    if group.type == "trivial":
        return "the permutations"
    if group.type == "translations":
        words = "t ↦ t + c for every c"
    elif group.type in ("dilations", "signed-dilations"):
        about = AffineMap.translation(0 if group.centre is None else -group.centre).rule()
        back = AffineMap.translation(0 if group.centre is None else group.centre)
        dilation = "a*t" if group.centre == 0 else back.rule(f"a*({about})")
        words = f"t ↦ {dilation} for a {'> 0' if group.type == 'dilations' else 'not zero'}"
    else:
        words = ", ".join(map(str, group.generators()))
    return f"the permutations; on one coordinate: {words}"


def _open(solution: AffineSolution) -> list[str]:
    return [f"Open: {text(q)}." for q in solution.questions]
