"""The facts of a certificate, each verified from the activation and nothing else.

The rules are in chapters, and a chapter is opened only if a certificate has such a fact: witnesses need balls and
nothing more, laws need normal forms and case distinctions, the rest what is known of leading terms and derivatives.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from intertwine.certificates import established as est
from intertwine.certificates import reading, witnesses
from intertwine.certificates.analysis.clock import TooHard
from intertwine.certificates.established import Subject
from intertwine.certificates.reading import Json
from intertwine.errors import CertificateError

Rule = Callable[[Subject, Json], object]
Rules = dict[str, Rule]


def _of_laws(name: str) -> Rule:
    """A rule of the chapter on laws, opened when it is needed."""

    def rule(s: Subject, data: Json) -> object:
        from intertwine.certificates import laws

        found: Rule = getattr(laws, name)
        return found(s, data)

    return rule


def _domain(s: Subject, data: Json) -> est.Domain:
    if data.get("case") == "definable":
        return witnesses.definable_domain(s)
    from intertwine.certificates import laws

    return laws.domain(s, data)


def _gap(s: Subject, data: Json) -> est.Gap:
    from intertwine.certificates.gaps import gap

    return gap(s, data)


def _exponents(s: Subject, data: Json) -> est.Rigid:
    from intertwine.certificates.exponents import verify_exponents

    return verify_exponents(s, data)


def _leading(s: Subject, data: Json) -> est.Leading:
    from intertwine.certificates.leading import verify_leading

    return verify_leading(s, data)


def _not_leading(s: Subject, data: Json) -> est.NotLeading:
    from intertwine.certificates.leading import verify_not_leading

    return verify_not_leading(s, data)


LINEAR: Rules = {
    "not affine": witnesses.not_affine,
    "not constant": witnesses.not_constant,
    "affine": _of_laws("affine"),
    "constant on domain": _of_laws("constant_on_domain"),
    "undefined near": witnesses.undefined_near,
    "domain": _domain,
    "not member": witnesses.not_member,
    "member": _of_laws("member"),
    "half member": _of_laws("half_member"),
    "homogeneous": _of_laws("homogeneous"),
    "one-sided": _of_laws("one_sided"),
    "definable": witnesses.tame,
    "gap": _gap,
    "preserved set": _of_laws("preserved_set"),
    "exponents": _exponents,
    "leading": _leading,
    "not leading": _not_leading,
}


def verify(s: Subject, data: object, number: int, rules: Rules = LINEAR) -> object:
    """What one fact of a certificate establishes, by the rules for facts of each name."""
    fact = reading.fields(data, f"fact {number}")
    name = fact.get("fact")
    rule = rules.get(name) if isinstance(name, str) else None
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
