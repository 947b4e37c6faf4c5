"""A certificate of a map as a value."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from intertwine.errors import CertificateError

KEYS = frozenset({"schema", "mode", "map", "variables", "status", "claim", "basis", "expressed", "independence",
                  "algebra", "rank", "elements", "refuted", "theorem", "frame", "quotient"})
LARGEST = 8_000_000


class MapCertificate:
    """What is claimed of a map and the evidence for it; :meth:`check` verifies it.

    Notes
    -----
    The check verifies on its own: the basis of V and its independence, every pair (X, Y), the rank that bounds the
    dimension, every element (A, B), and every refuted candidate. Where a method of
    :mod:`intertwine.certificates.maps.counting` applies, it also counts the components, and :attr:`counted` is True.
    Otherwise that no other candidates exist is the theorem named in the certificate, and :attr:`counted` is False.

    Examples
    --------
    >>> from intertwine.maps.solution import solve_map
    >>> certificate = solve_map("[Max(x1, x2)]").certificate
    >>> certificate.check()
    True
    >>> MapCertificate.from_json(certificate.to_json()) == certificate
    True
    """

    __slots__ = ("_text",)
    _text: str

    def __init__(self, data: Mapping[str, Any]) -> None:
        object.__setattr__(self, "_text", json.dumps(data, sort_keys=True))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("certificates cannot be changed")

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str) -> MapCertificate:
        """A certificate from its JSON object or text.

        Raises
        ------
        CertificateError
            It is not a certificate of a map.
        """
        if isinstance(data, str):
            if len(data) > LARGEST:
                raise CertificateError("a certificate that is too long")
            try:
                data = json.loads(data)
            except (ValueError, RecursionError):
                raise CertificateError("not JSON") from None
        if not isinstance(data, Mapping):
            raise CertificateError("a certificate is a JSON object")
        if "certificate" in data:
            inner = cls.from_json(data["certificate"])
            inner._must_match(data)
            return inner
        if set(data) != KEYS:
            raise CertificateError(f"a certificate of a map has the entries {', '.join(sorted(KEYS))}")
        try:
            return cls(data)
        except (TypeError, ValueError, RecursionError):
            raise CertificateError("a certificate is plain JSON data") from None

    def _must_match(self, answer: Mapping[str, Any]) -> None:
        mine = self.to_json()
        claim = mine["claim"] if isinstance(mine["claim"], dict) else {}
        pairs = [(key, mine[key]) for key in ("schema", "map", "variables", "mode", "status")]
        pairs += [(key, claim.get(key)) for key in ("dimension", "components", "unique")]
        for key, value in pairs:
            if answer.get(key) != value:
                raise CertificateError(f"the answer and its certificate differ in {key!r}")
        if "kind" in answer:
            from intertwine.certificates.maps.plausible import kind_fits

            try:
                fits = kind_fits(answer["kind"], mine)
            except (KeyError, TypeError, ValueError, IndexError):
                fits = False
            if not fits:
                raise CertificateError("the answer and its certificate differ in 'kind'")

    def to_json(self) -> dict[str, Any]:
        """The JSON object; a new one each time."""
        data: dict[str, Any] = json.loads(self._text)
        return data

    def check(self, seconds: float = 60.0) -> bool:
        """Verify the certificate, independently of how it was found.

        Raises
        ------
        CertificateError
            Something does not hold; one line says what.
        """
        from intertwine.certificates.maps.checker import check

        return check(self.to_json(), seconds)

    @property
    def counted(self) -> bool:
        """Whether the check counts the components itself; if not, their number rests on the derivation's theorem."""
        return bool(self.to_json()["claim"]["counted"])

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, MapCertificate) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        data = self.to_json()
        return f"<certificate: [{', '.join(data['map'])}], dimension {data['claim']['dimension']}>"
