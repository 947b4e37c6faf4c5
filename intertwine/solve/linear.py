"""The linear intertwiner group of an elementwise activation: theory, sections 2 and 3, put together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from intertwine.calculus.constants import constants_equal
from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.tame import tame
from intertwine.errors import DomainError, IntertwineError
from intertwine.groups.characters import Character
from intertwine.groups.constants import constant_to_sympy
from intertwine.groups.family import GroupFamily
from intertwine.groups.scalars import NONZERO, POSITIVE, SIGN, TRIVIAL, Cyclic, ScalarGroup, SignCyclic
from intertwine.solve.affine import affine, constant_on_domain
from intertwine.solve.constants import settle_constants
from intertwine.solve.domain import domain_case
from intertwine.solve.halfline import Homogeneous, undefined_throughout
from intertwine.solve.negative import NegativePart, negative_part
from intertwine.solve.positive import PositivePart, positive_part
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import UNDEFINED, NotMember, Sampler, non_affine, non_constant
from intertwine.terms import ONE, ZERO, Term


@dataclass(frozen=True)
class Solution:
    """What was derived, and from which facts; ``lower == upper`` when ``status`` is exact."""

    activation: Term
    status: str
    theorem: str
    lower: GroupFamily
    upper: GroupFamily
    facts: tuple[Any, ...]
    questions: tuple[str, ...] = ()


def unconfirmed(solution: Solution, reason: str) -> Solution:
    """The same activation with the bounds that hold for every activation: permutations, and all matrices."""
    smallest = GroupFamily.monomial(TRIVIAL, Character(TRIVIAL))
    largest = GroupFamily("general linear", NONZERO, Character(NONZERO))
    question = f"whether the group is {solution.lower}, as derived (the check of the proof says: {reason})"
    return replace(solution, status="bounded", lower=smallest, upper=largest, questions=(question,))


@dataclass
class _Work:
    core: Term
    sampler: Sampler
    points: list[Fraction]
    facts: list[Any] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


def solve_linear(activation: Term) -> Solution:
    """Derive ``{A : s(Ax) = B s(x)}`` for every ``n >= 2`` at once.

    Raises
    ------
    DomainError
        The expression is real and defined at no interval of points.
    """
    core = settle_constants(to_core(activation))
    work = _Work(core, Sampler(core), probe_points(core))
    require_domain(activation, work.sampler, work.points)
    bend = non_affine(work.sampler, work.points)
    if bend is None:
        line = affine(core, work.sampler)
        if line is not None:
            return _affine_solution(activation, line.slope, line.intercept, line)
    everywhere = tame(core, "everywhere")
    positive = positive_part(core, work.sampler, work.points, everywhere)
    generator = positive.generator if positive.kind == "cyclic" else None
    negative = negative_part(core, work.sampler, work.points, generator)
    monomial = _monomial(work, bend, positive, negative, everywhere)
    unique = _unique(work)
    return _assemble(activation, work, positive, negative, monomial, unique)


def require_domain(activation: Term, sampler: Sampler, points: list[Fraction]) -> None:
    """Refuse a condition, and an expression that is seen to be real and defined on no interval.

    Where values are undecided, as those of ``sign(sin(x)**2 + cos(x)**2 - 1)``, nothing is refused.

    Raises
    ------
    DomainError
        With one line that says which of the two it is.
    """
    if activation.is_condition:
        raise DomainError(f"{activation} is a condition, not a real number; use Piecewise to turn it into one")
    if any(sampler.at(p, 160) is None for p in points):
        if undefined_throughout(sampler.core) and undefined_throughout(reflected(sampler.core)):
            raise DomainError(f"{activation} is real and defined at no interval of points; check the domains of its "
                              "logarithms, roots and quotients")
        return
    if not sampler.values(points, 64) and not sampler.values(points, 512):
        raise DomainError(f"{activation} is not real and defined at any of {len(points)} points tried; "
                          "check the domains of its logarithms, roots and quotients")
    if not any(_defined_near(sampler, p) for p, _ in sampler.values(points, 160)):
        raise DomainError(f"{activation} is real and defined at isolated points only; an activation needs an interval")


def _defined_near(sampler: Sampler, p: Fraction) -> bool:
    step = Fraction(1, 2**20) * (abs(p) if p else 1)
    return any(sampler.at(p + s * step, 160) != UNDEFINED for s in (1, -1, 7, -7))


def _affine_solution(activation: Term, slope: Term, intercept: Term, line: Any) -> Solution:
    flat, through = constants_equal(slope, ZERO), constants_equal(intercept, ZERO)
    linear = GroupFamily("general linear", NONZERO, Character(NONZERO, 1, 1))
    constant = GroupFamily("general linear", NONZERO, Character(NONZERO), unique=False)
    shifted = GroupFamily("unit row sums", TRIVIAL, Character(TRIVIAL))
    if flat is True:
        return Solution(activation, "exact", "constant", constant, constant, (line,))
    if flat is False and through is not None:
        group = linear if through else shifted
        return Solution(activation, "exact", "affine", group, group, (line,))
    question = f"whether {slope if flat is None else intercept} is zero"
    return Solution(activation, "bounded", "affine", shifted, linear, (line,), (question,))


def _monomial(work: _Work, bend: Any, positive: PositivePart, negative: NegativePart, everywhere: Any) -> bool:
    """Whether Theorem 1 applies: not affine or not on the whole line, with a domain it covers."""
    if bend is not None:
        work.facts.append(bend)
    else:
        holes = [f for f in (*positive.facts, *negative.facts) if _shows_hole(f)]
        if not holes:
            hole = next((p for p in work.points if work.sampler.at(p, 64) == "undefined"
                         and work.sampler.undefined_near(p)), None)
            if hole is None:
                work.questions.append("whether the activation is affine")
                return False
            work.facts.append(UndefinedNear(hole))
    case = domain_case(work.core, everywhere)
    if case is None:
        work.questions.append("whether a matrix that maps the domain to itself has to be monomial")
        return False
    if case.case == "definable" and everywhere not in positive.facts:
        work.facts.append(everywhere)
    work.facts.append(case)
    return True


@dataclass(frozen=True)
class UndefinedNear:
    """``s`` is undefined on a neighbourhood of a point: the domain is not the whole line."""

    point: Fraction


def _shows_hole(fact: Any) -> bool:
    if isinstance(fact, NotMember):
        return fact.method == "domain"
    return isinstance(fact, Homogeneous) and fact.coefficient is None


def _unique(work: _Work) -> bool | None:
    """Whether B is unique: unless the activation is constant on its domain."""
    pair = non_constant(work.sampler, work.points)
    if pair is not None:
        work.facts.append(NotConstant(pair))
        return True
    proof = constant_on_domain(work.core, work.sampler, work.points)
    if proof is None:
        work.questions.append("whether the activation is constant on its domain")
        return None
    work.facts.append(proof)
    return False


@dataclass(frozen=True)
class NotConstant:
    """Two points with different values."""

    points: tuple[Fraction, Fraction]


def _assemble(activation: Term, work: _Work, positive: PositivePart, negative: NegativePart, monomial: bool,
              unique: bool | None) -> Solution:
    work.facts += positive.facts + negative.facts
    work.questions += [q for q in (positive.question, negative.question) if q]
    try:
        lower = _lower(positive, negative)
    except IntertwineError as error:  # a constant that the groups cannot hold exactly
        positive = PositivePart("open", positive.theorem, question=str(error))
        negative = NegativePart(None, [], "which negative scalings are in S")
        work.questions.append(positive.question)
        lower = TRIVIAL, Character(TRIVIAL)
    family = GroupFamily.monomial(*lower, unique=unique is not False)
    exact = monomial and positive.kind != "open" and not negative.question and unique is not None
    if exact:
        return Solution(activation, "exact", positive.theorem, family, family, tuple(work.facts))
    largest = GroupFamily("general linear", NONZERO, Character(NONZERO))
    if monomial:
        scalars = _upper(positive, negative)
        largest = GroupFamily.monomial(scalars, Character(scalars))
    return Solution(activation, "bounded", positive.theorem, family, largest, tuple(work.facts), tuple(work.questions))


def _lower(positive: PositivePart, negative: NegativePart) -> tuple[ScalarGroup, Character]:
    """The group generated by what was proved to be in S, with its character."""
    minus = negative.element
    if positive.generator is not None and positive.kind in ("cyclic", "open"):
        g, value = constant_to_sympy(positive.generator), constant_to_sympy(positive.value or ONE)
        if minus is None:
            return Cyclic(g), Character.on_generator(Cyclic(g), value)
        b = constant_to_sympy(minus.b)
        if minus.d.value == -1:
            return SignCyclic(g), Character.on_generator(SignCyclic(g), value, b)
        below_zero = Cyclic(constant_to_sympy(minus.d))
        return below_zero, Character.on_generator(below_zero, b)
    epsilon = 0 if minus is None or constants_equal(minus.b, ONE) is True else 1
    if positive.kind == "all":
        group = POSITIVE if minus is None else NONZERO
        return group, Character(group, constant_to_sympy(positive.degree), epsilon)
    group = TRIVIAL if minus is None else SIGN
    return group, Character(group, 0, epsilon)


def _upper(positive: PositivePart, negative: NegativePart) -> ScalarGroup:
    """A group that surely contains S."""
    maybe_negative = negative.element is not None or bool(negative.question)
    if positive.kind == "trivial":
        return SIGN if maybe_negative else TRIVIAL
    return NONZERO if maybe_negative else POSITIVE


