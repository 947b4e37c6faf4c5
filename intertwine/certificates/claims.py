"""The claim of a certificate: which group, with which character."""

from __future__ import annotations

import re
from dataclasses import dataclass

from intertwine.certificates import reading
from intertwine.certificates.analysis.numbers import equal
from intertwine.errors import CertificateError, IntertwineError
from intertwine.groups import Character, ScalarGroup
from intertwine.terms import ONE, ZERO, Term

MONOMIAL = {
    "trivial": "permutation", "sign": "signed permutation", "positive": "positive-scaled permutation",
    "nonzero": "monomial", "cyclic": "discretely scaled permutation", "sign-cyclic": "discretely scaled permutation",
}  # fmt: skip
KINDS = {*MONOMIAL.values(), "general linear", "unit row sums"}


@dataclass(frozen=True)
class Claim:
    """Kind, scalar group and character, and whether B is unique.

    ``degree`` and ``minus_one`` describe the character ``|a|**degree``, times the sign of ``a`` if ``minus_one`` is -1;
    ``value`` is that of the generator of a discrete group.
    """

    kind: str
    scalars: str
    degree: Term
    minus_one: int
    unique: bool
    generator: Term = ONE
    value: Term = ONE

    @property
    def monomial_kind(self) -> str:
        """The kind of the monomial matrices with these entries."""
        return MONOMIAL[self.scalars]

    @property
    def trivial_character(self) -> bool:
        """Whether the character is 1."""
        return equal(self.degree, ZERO) and self.minus_one == 1 and equal(self.value, ONE)

    def must_be(self, kind: str, scalars: str, degree: Term, minus_one: int, unique: bool) -> None:
        """Raise if the claim is not this one."""
        same = (self.kind, self.scalars, self.minus_one, self.unique) == (kind, scalars, minus_one, unique)
        if not same or not equal(self.degree, degree):
            raise CertificateError(f"the claim does not follow: the group is {kind}, with another character or scalars")


_LONG_POWER = re.compile(r"(Abs\(a\)|a)\*\*\((-?[0-9]{1,400}/[0-9]{1,400})\)(\*sign\(a\))?")


def _character(group: ScalarGroup, data: object) -> Character:
    """The character that a text or object stands for."""
    power = _LONG_POWER.fullmatch(data) if isinstance(data, str) else None
    if power is not None:  # a fraction that is too long to be an exponent in an activation
        return Character(group, reading.rational(power[2], "the exponent of the character"), int(power[3] is not None))
    return Character.from_json(group, data)  # type: ignore[arg-type]


def read_claim(data: object) -> Claim:
    """The claim in a certificate.

    Raises
    ------
    CertificateError
        It is malformed.
    """
    fields = reading.fields(data, "the claim")
    kind, unique = fields.get("kind"), fields.get("unique")
    if not isinstance(kind, str) or kind not in KINDS or not isinstance(unique, bool):
        raise CertificateError("the claim has no known kind, or does not say whether B is unique")
    scalars = reading.fields(fields.get("scalars"), "the scalars of the claim")
    if set(fields) != {"kind", "scalars", "character", "unique"} or not set(scalars) <= {"type", "generator"}:
        raise CertificateError("the claim has entries that are not known")
    for part in (*scalars.values(), fields.get("character")):
        if isinstance(part, str) and len(part) > 2000:
            raise CertificateError("the claim has a text that is too long")
    try:
        group = ScalarGroup.from_json(scalars)
        character = _character(group, fields.get("character"))
    except (IntertwineError, TypeError, AttributeError) as error:
        raise CertificateError(f"the claim is not that of a group with a character: {error}") from None
    if group.generator is None:
        if fields.get("character") != character.to_json():
            raise CertificateError("the character of the claim is not written in its plain form")
        degree = reading.constant(str(character.power), "the degree of the character")
        return Claim(kind, group.type, degree, -1 if character.sign else 1, unique)
    generator = reading.constant(str(group.generator), "the generator of the claim")
    value = reading.constant(str(character.value), "the value of the character")
    return Claim(kind, group.type, ZERO, character.minus_one or 1, unique, generator, value)
