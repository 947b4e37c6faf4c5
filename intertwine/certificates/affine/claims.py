"""The claim of a certificate in the affine mode: a group of affine maps with its character."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from intertwine.certificates import reading
from intertwine.errors import CertificateError, IntertwineError
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.scalars import AffineScalarGroup

LONGEST = 2000


@dataclass(frozen=True)
class Claim:
    """The character, on its group, and whether it is the only one."""

    character: AffineCharacter
    unique: bool

    def must_be(self, character: AffineCharacter, unique: bool) -> None:
        """Raise if the claim is not this one."""
        if self.character.group != character.group:
            raise CertificateError(f"the claim does not follow: the group is {character.group}")
        if self.character != character or self.unique != unique:
            raise CertificateError(f"the claim does not follow: {character}, {'' if unique else 'not '}unique")


def read_claim(data: object) -> Claim:
    """The claim in a certificate.

    Raises
    ------
    CertificateError
        It is malformed.
    """
    fields = reading.fields(data, "the claim")
    unique = fields.get("unique")
    if set(fields) != {"affine", "character", "unique"} or not isinstance(unique, bool):
        raise CertificateError("the claim is not a group, a character, and whether it is unique")
    group = reading.fields(fields["affine"], "the group of the claim")
    character = reading.fields(fields["character"], "the character of the claim")
    for text in (*_texts(group), *_texts(character)):
        if len(text) > LONGEST:
            raise CertificateError("the claim has a text that is too long")
    try:
        found = AffineCharacter.from_json(AffineScalarGroup.from_json(group), character)
    except (IntertwineError, TypeError, AttributeError) as error:
        raise CertificateError(f"the claim is not that of a group with a character: {error}") from None
    if "rate" in group and group != found.affine_json():
        raise CertificateError("the rate of the claim is not that of its character")
    return Claim(found, unique)


def _texts(data: reading.Json) -> Iterator[str]:
    for value in data.values():
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts(value)
