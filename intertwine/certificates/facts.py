"""The facts of a certificate, each verified from the activation and nothing else.

The rules are in chapters, and a chapter is opened only if a certificate has such a fact: witnesses need balls and
nothing more, laws need normal forms and case distinctions, the rest what is known of leading terms and derivatives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from intertwine.certificates import reading, witnesses
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.established import Subject
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError

Rules = Mapping[str, Callable[[Subject, Json], object]]


def chapter(name: str) -> Rules:
    """The chapter with the rule for facts of a name; the last one if there is none."""
    if name in witnesses.RULES:
        return witnesses.RULES
    if name == "gap":
        from intertwine.certificates import gaps

        return gaps.RULES
    if name == "exponents":
        from intertwine.certificates import exponents

        return exponents.RULES
    if name in ("leading", "not leading"):
        from intertwine.certificates import leading

        return leading.RULES
    from intertwine.certificates import laws

    return laws.RULES


def verify(s: Subject, data: object, number: int, others: Rules | None = None) -> object:
    """What one fact of a certificate establishes, by the rules for facts of its name, or by others."""
    fact = reading.fields(data, f"fact {number}")
    name = fact.get("fact")
    rule = ((others or {}).get(name) or chapter(name).get(name)) if isinstance(name, str) else None
    if rule is None:
        raise CertificateError(f"fact {number} is of an unknown kind")
    try:
        return rule(s, fact)
    except TooHard as problem:
        raise CertificateError(f"fact {number} ({name}) is out of reach: {problem}") from None


def at_zero(s: Subject) -> str | None:
    """``"undefined"``, ``"zero"`` or ``"nonzero"``: what ``s(0)`` is as written; None if unknown."""
    seen = witnesses.seen_at_zero(s)
    if seen is None:
        from intertwine.certificates.laws import at_zero

        seen = at_zero(s)
    return seen


def has_interior(s: Subject, points: list[Fraction]) -> bool:
    """Whether the activation is defined on an interval."""
    if witnesses.defined_near(s, points):
        return True
    from intertwine.certificates.laws import has_interior

    return has_interior(s)
