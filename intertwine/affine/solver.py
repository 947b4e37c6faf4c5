"""The affine intertwiner group of an elementwise activation: theory, section 4, put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from intertwine.affine.definable import definable, limits, preserved
from intertwine.affine.dilations import Dilations, dilations
from intertwine.affine.exponential import Exponential, exponential
from intertwine.affine.filled import filled
from intertwine.affine.finding import Finding, identity_alone
from intertwine.affine.hypotheses import Hypotheses, hypotheses
from intertwine.affine.members import AffineMember
from intertwine.affine.oscillating import oscillating
from intertwine.affine.subject import Subject
from intertwine.affine.waves import waves
from intertwine.calculus.constants import constants_equal
from intertwine.errors import IntertwineError
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.family import AffineFamily
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.groups.constants import constant_to_sympy
from intertwine.solve.affine import Affine, affine
from intertwine.solve.linear import require_domain
from intertwine.solve.witness import non_affine
from intertwine.terms import ONE, ZERO, Term


@dataclass(frozen=True)
class AffineSolution:
    """What was derived, and from which facts; ``lower == upper`` when ``status`` is exact."""

    activation: Term
    status: str
    theorem: str
    lower: AffineFamily
    upper: AffineFamily
    facts: tuple[Any, ...]
    questions: tuple[str, ...] = ()


SMALLEST = AffineFamily(AffineCharacter.trivial(AffineScalarGroup.trivial()))
LARGEST = AffineFamily(AffineCharacter.trivial(AffineScalarGroup.affine_line()))


def unconfirmed(solution: AffineSolution, reason: str) -> AffineSolution:
    """The same activation with the bounds that hold for every activation."""
    question = f"whether the group is {solution.lower}, as derived (the check of the proof says: {reason})"
    return replace(solution, status="bounded", lower=SMALLEST, upper=LARGEST, questions=(question,))


def solve_affine(activation: Term) -> AffineSolution:
    """Derive ``{(A, c) : s(Ax + c) = B s(x) + d}`` for every ``n >= 2`` at once.

    Parameters
    ----------
    activation : Term
        The elementwise activation ``s``.

    Returns
    -------
    AffineSolution

    Raises
    ------
    DomainError
        The expression is real and defined at no interval of points.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> solution = solve_affine(parse_term("sigmoid"))
    >>> solution.status, solution.lower
    ('exact', ⟨t ↦ -t⟩ ≀ S_n)
    """
    hole = filled(activation)
    if hole is not None:
        found = _solve(hole.law)
        return replace(found, activation=activation, facts=(hole, *found.facts))
    return _solve(activation)


def _solve(activation: Term) -> AffineSolution:
    subject = Subject(activation)
    require_domain(subject.activation, subject.sampler, subject.points)
    bend = non_affine(subject.sampler, subject.points)
    line = affine(subject.core, subject.sampler) if bend is None else None
    if line is not None:
        return _line(activation, line)
    common = hypotheses(subject, bend)
    return _assemble(activation, common, _finding(subject))


def _finding(subject: Subject) -> Finding:
    """The first theorem whose hypotheses can be proved."""
    theorems: tuple[Callable[[Subject], Finding | None], ...] = (
        _exponential, _dilations, definable, limits, preserved, waves, oscillating,
    )  # fmt: skip
    for theorem in theorems:
        found = theorem(subject)
        if found is not None:
            return found
    return Finding("open", identity_alone, question="which maps t -> at + c are in T")


def _line(activation: Term, line: Affine) -> AffineSolution:
    flat = constants_equal(line.slope, ZERO)
    try:
        slope, intercept = constant_to_sympy(line.slope), constant_to_sympy(line.intercept)
        family = AffineFamily(AffineCharacter.affine(0 if flat else slope, intercept))
    except IntertwineError as error:
        return AffineSolution(activation, "bounded", "affine line", SMALLEST, LARGEST, (line,), (str(error),))
    if flat is None:
        question = f"whether {line.slope} is zero"
        return AffineSolution(activation, "bounded", "affine line", SMALLEST, LARGEST, (line,), (question,))
    return AffineSolution(activation, "exact", "affine line", family, family, (line,))


def _exponential(subject: Subject) -> Finding | None:
    found = exponential(subject)
    return None if found is None else Finding("exponential", _translations(found), [found])


def _translations(found: Exponential) -> Callable[[], AffineCharacter]:
    return lambda: AffineCharacter.exponential(constant_to_sympy(found.rate), constant_to_sympy(found.offset))


def _dilations(subject: Subject) -> Finding | None:
    found = dilations(subject)
    if found is None:
        return None
    facts = [*found.facts, *([] if found.minus_one is None else [found.minus_one])]
    question = "" if found.minus_one is not None else f"whether the reflection in {found.centre} is in T"
    if subject.everywhere is not None:
        facts.insert(0, subject.everywhere)
    return Finding("dilations", lambda: _dilating(found), facts, question)


def _dilating(found: Dilations) -> AffineCharacter:
    p = constant_to_sympy(found.centre)
    mirror = found.minus_one if isinstance(found.minus_one, AffineMember) else None
    group = AffineScalarGroup.dilations(p) if mirror is None else AffineScalarGroup.signed_dilations(p)
    if found.form == "log":
        return AffineCharacter.logarithmic(group, constant_to_sympy(found.coefficient))
    odd = mirror is not None and constants_equal(mirror.b, ONE) is False
    offset = constant_to_sympy(found.offset)
    if odd and mirror is not None and found.degree == ZERO:
        offset = constant_to_sympy(mirror.d) / 2  # two constant sides: the point between their values
    return AffineCharacter.power(group, constant_to_sympy(found.degree), int(odd), offset)


def _assemble(activation: Term, common: Hypotheses, found: Finding) -> AffineSolution:
    questions = [*common.questions, *([found.question] if found.question else [])]
    try:
        family = AffineFamily(found.character(), determined=common.determined)
        upper = LARGEST if found.upper is None else AffineFamily(AffineCharacter.trivial(found.upper()))
    except IntertwineError as error:  # a constant that the groups cannot hold exactly
        facts = tuple(dict.fromkeys((*common.facts, *found.facts)))
        return AffineSolution(activation, "bounded", found.theorem, SMALLEST, LARGEST, facts, (*questions, str(error)))
    facts = tuple(dict.fromkeys((*common.facts, *found.facts)))
    if not questions:
        return AffineSolution(activation, "exact", found.theorem, family, family, facts)
    if common.questions:
        upper = LARGEST
    return AffineSolution(activation, "bounded", found.theorem, family, upper, facts, tuple(questions))

