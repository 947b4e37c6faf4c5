"""What every conclusion rests on: the activation is not affine, not constant, and its domain lets matrices be
monomial.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from intertwine.affine.subject import Subject
from intertwine.solve.affine import constant_on_domain
from intertwine.solve.domain import domain_case
from intertwine.solve.linear import NotConstant, UndefinedNear
from intertwine.solve.witness import NonAffine, non_constant


@dataclass
class Hypotheses:
    """Facts, and the questions that are open: with any, no conclusion is exact.

    ``determined``: whether the activation determines ψ, as it does unless it is constant where it is defined.
    """

    determined: bool = True
    facts: list[Any] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


def hole(subject: Subject) -> UndefinedNear | None:
    """A point around which the activation is undefined, or None."""
    sampler = subject.sampler
    found = next((p for p in subject.points if sampler.at(p, 64) == "undefined" and sampler.undefined_near(p)), None)
    return None if found is None else UndefinedNear(found)


def hypotheses(subject: Subject, bend: NonAffine | None) -> Hypotheses:
    """The facts that the theorems on elementwise activations ask for."""
    result = Hypotheses()
    if bend is not None:
        result.facts.append(bend)
    else:
        gap = hole(subject)
        if gap is None:
            result.questions.append("whether the activation is affine")
        else:
            result.facts.append(gap)
    case = domain_case(subject.core, subject.everywhere)
    if case is None:
        result.questions.append("whether a matrix that maps the domain to itself has to be monomial")
    else:
        if subject.everywhere is not None:
            result.facts.append(subject.everywhere)
        result.facts.append(case)
    pair = non_constant(subject.sampler, subject.points)
    constant = constant_on_domain(subject.core, subject.sampler, subject.points) if pair is None else None
    if pair is not None:
        result.facts.append(NotConstant(pair))
    elif constant is not None:
        result.determined = False
        result.facts.append(constant)
    else:
        result.questions.append("whether the activation is constant on its domain")
    return result
