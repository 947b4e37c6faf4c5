"""The functions of one variable behind an activation on vectors, and what is known of each."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb

from intertwine.api import IntertwinerGroup, derive
from intertwine.calculus.constants import constants_equal
from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.enclosure import ball
from intertwine.calculus.identity import prove_equal
from intertwine.errors import DomainError
from intertwine.groups.characters import Character
from intertwine.groups.scalars import ScalarGroup
from intertwine.solve.affine import ConstantOnDomain, value_at_zero
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import Sampler
from intertwine.terms import ZERO, Term, X, apply, piecewise, to_text

BITS = 320


@dataclass(frozen=True)
class Elementwise:
    """The linear intertwiner group of a function of one variable, with its certificate."""

    term: Term
    group: IntertwinerGroup

    @property
    def settled(self) -> bool:
        """Whether the group is known exactly."""
        return self.group.status == "exact"

    @property
    def scalars(self) -> ScalarGroup:
        """S."""
        return self.group.scalars

    @property
    def character(self) -> Character:
        """χ."""
        return self.group.chi

    @property
    def is_constant(self) -> bool:
        """Whether the function has one value wherever it is defined."""
        return not self.group.unique

    def value_is_zero(self) -> bool | None:
        """Whether the one value of a constant function is 0; None if that is open."""
        facts = self.group.solution.facts
        values = [f.value for f in facts if isinstance(f, ConstantOnDomain)]
        values += [f.intercept for f in facts if hasattr(f, "intercept")]
        return constants_equal(values[0], ZERO) if values else None

    def fact(self, role: str) -> dict[str, Any]:
        """The certificate, as a fact about the activation."""
        return {"fact": "elementwise", "role": role, "certificate": self.group.certificate.to_json()}


def on_the_line(term: Term) -> Elementwise:
    """A function on its natural domain."""
    return Elementwise(term, derive(term, timeout=None))


def on_radii(profile: Term) -> Elementwise:
    """A function of a radius r > 0: undefined elsewhere, so that its scalars are positive."""
    term = radial_part(profile)
    try:
        return Elementwise(term, derive(term, timeout=None))
    except DomainError:
        raise DomainError(f"{to_text(profile)} is not seen to be real and defined on an interval of positive numbers, "
                          "which a radius is; check the domains of its logarithms, roots and quotients") from None


def radial_part(profile: Term) -> Term:
    """h on r > 0.

    Examples
    --------
    >>> radial_part(X**2)
    Piecewise((x**2, 0 < x))
    """
    return piecewise((profile, apply("lt", ZERO, X)))


def defined_around(role: str, *terms: Term, positive: bool = False) -> dict[str, Any] | None:
    """The fact that functions are defined on an interval around a point (> 0, if wanted); None if none is found."""
    cores = [to_core(t) for t in terms]
    samplers = [Sampler(c) for c in cores]
    for point in dict.fromkeys(p for c in cores for p in probe_points(c)):
        if point > 0 or (point and not positive):
            values = (s.at_ball(_around(point), BITS) for s in samplers)
            if all(isinstance(v, arb) and v.is_finite() for v in values):
                return {"fact": "defined around", "role": role, "point": str(point)}
    return None


def undefined_around(role: str, term: Term) -> dict[str, Any] | None:
    """The fact that a function is undefined on an interval around a point; None if none is found."""
    core = to_core(term)
    sampler = Sampler(core)
    for point in probe_points(core):
        if sampler.undefined_near(point):
            return {"fact": "undefined around", "role": role, "point": str(point)}
    return None


def zero_but_at_zero(term: Term) -> bool:
    """A proof that a function is zero everywhere but at 0, and not zero there."""
    core = to_core(term)
    sides = (core, reflected(core))
    return value_at_zero(core) == "nonzero" and all(prove_equal(s, ZERO) is not None for s in sides)


def _around(point: Fraction) -> arb:
    return ball(point) * arb(1, 2.0**-30)


def somewhere_else(role: str, term: Term) -> dict[str, Any] | None:
    """The fact that a function is not zero at some point that is not 0; None if no such point is found."""
    core = to_core(term)
    sampler = Sampler(core)
    for point in probe_points(core):
        value = sampler.at(point, BITS)
        if point and isinstance(value, arb) and value != 0:
            return {"fact": "not zero", "role": role, "point": str(point)}
    return None
