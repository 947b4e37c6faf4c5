"""A certificate as a value."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from intertwine.errors import CertificateError

LARGEST_FILE = 4_000_000
_KEYS = frozenset({"schema", "activation", "mode", "status", "claim", "theorem", "facts"})
_CLAIMED = ("kind", "scalars", "character", "unique")
_IMAGES = ("reflection", "translation")


class Certificate:
    """What is claimed of an activation and the evidence for it; :meth:`check` verifies it.

    Certificates are immutable and are compared by their content.

    Examples
    --------
    >>> import intertwine as iw
    >>> certificate = iw.derive("Max(0, x)").certificate
    >>> certificate, certificate.check()
    (<certificate: Max(0, x), positive-scaled permutation>, True)
    >>> Certificate.from_json(certificate.to_json()) == certificate
    True
    """

    __slots__ = ("_text",)
    _text: str

    def __init__(self, data: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_text", json.dumps(data, sort_keys=True))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("certificates cannot be changed")

    def __reduce__(self) -> tuple[Any, ...]:
        return Certificate, (self.to_json(),)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str) -> Certificate:
        """A certificate from its JSON object, from text, or from all that ``derive --json`` prints.

        Raises
        ------
        CertificateError
            It is not a certificate, or the answer around it says something else than the certificate.
        """
        if isinstance(data, str):
            if len(data) > LARGEST_FILE:
                raise CertificateError(f"a certificate of more than {LARGEST_FILE} characters")
            try:
                data = json.loads(data)
            except (ValueError, RecursionError) as error:
                raise CertificateError(f"not JSON: {str(error).splitlines()[0]}") from None
        if not isinstance(data, Mapping):
            raise CertificateError("a certificate is a JSON object")
        if "certificate" in data:
            inner = cls.from_json(data["certificate"])
            inner._must_match(data)
            return inner
        if set(data) != _KEYS:
            raise CertificateError(f"a certificate has the entries {', '.join(sorted(_KEYS))}")
        try:
            return cls(data)
        except (TypeError, ValueError, RecursionError):
            raise CertificateError("a certificate is plain JSON data") from None

    def _must_match(self, answer: Mapping[str, Any]) -> None:
        """The answer that a certificate came with has to say the same."""
        mine = self.to_json()
        claim = mine["claim"] if isinstance(mine["claim"], dict) else {}
        pairs = [(key, mine[key]) for key in ("schema", "activation", "mode", "status")]
        if mine["mode"] == "family":
            pairs[1] = ("family", mine["activation"])
            named = ("scalars", "character", "signature", *(() if "n" in answer else ("unique",)))  # n may be special
            pairs += [(key, claim[key]) for key in named if key in claim and key in answer]
        if mine["mode"] == "affine":
            pairs += _affine_answer(claim, answer)
        else:
            pairs += [(key, claim.get(key)) for key in (("kind",) if mine["mode"] == "family" else _CLAIMED)]
        for key, value in pairs:
            if key == "unique" and key not in answer and value is True:
                continue
            if answer.get(key) != value:
                raise CertificateError(f"the answer and its certificate differ in {key!r}")

    def to_json(self) -> dict[str, Any]:
        """The JSON object; a new one each time."""
        data: dict[str, Any] = json.loads(self._text)
        return copy.deepcopy(data)

    def check(self, seconds: float | None = None) -> bool:
        """Verify the certificate, independently of how it was found.

        Parameters
        ----------
        seconds : float, optional
            The time it may take; a minute unless given.

        Returns
        -------
        bool
            True.

        Raises
        ------
        CertificateError
            The claim does not follow; one line names the first thing that does not hold.
        """
        from intertwine.certificates.analysis.clock import SECONDS
        from intertwine.certificates.checker import check

        return check(self.to_json(), SECONDS if seconds is None else seconds)

    def check_facts(self, seconds: float | None = None) -> bool:
        """Verify the facts alone; for a bounded answer, which claims no group.

        Raises
        ------
        CertificateError
            A fact does not hold, or is out of reach.
        """
        from intertwine.certificates.analysis.clock import SECONDS
        from intertwine.certificates.checker import check_facts

        return check_facts(self.to_json(), SECONDS if seconds is None else seconds)

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Certificate) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        data = self.to_json()
        claim = data["claim"] if isinstance(data["claim"], dict) else {}
        group = claim.get("affine")
        kind = group.get("type") if isinstance(group, dict) else claim.get("kind")
        return f"<certificate: {data['activation']}, {kind}>"


def _affine_answer(claim: Mapping[str, Any], answer: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What an answer about affine maps says of the group and of the images of its generators."""
    character = claim.get("character")
    images = character if isinstance(character, dict) else {}
    group = claim.get("affine")
    if isinstance(group, dict) and group.get("type") == "translations" and "rate" in images:
        group = {**group, "rate": images["rate"]}
    pairs = [(key, images.get(key)) for key in _IMAGES] + [("affine", group), ("unique", claim.get("unique"))]
    return [*pairs, ("psi", character)] if "psi" in answer else pairs
