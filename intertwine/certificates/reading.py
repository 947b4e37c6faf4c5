"""The data of a certificate file, read with suspicion: every size is bounded, everything has a type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from intertwine.certificates.analysis import values
from intertwine.certificates.analysis.plain import plain
from intertwine.errors import CertificateError, ExpressionError
from intertwine.parsing import parse_term
from intertwine.terms import Term

LONGEST_TEXT = 20_000
MOST_FACTS = 400
MOST_BITS = 8192
_RATIONAL = re.compile(r"-?[0-9]{1,1500}(/[0-9]{1,1500})?")

Json = Mapping[str, Any]


def fields(data: object, what: str) -> Json:
    """A JSON object."""
    if not isinstance(data, Mapping):
        raise CertificateError(f"{what} is not an object")
    return data


def items(data: object, what: str, most: int) -> list[Any]:
    """A JSON array of bounded length."""
    if not isinstance(data, list) or len(data) > most:
        raise CertificateError(f"{what} is not a list of at most {most} items")
    return data


def text(data: object, what: str) -> str:
    """A string of bounded length."""
    if not isinstance(data, str) or len(data) > LONGEST_TEXT:
        raise CertificateError(f"{what} is not a text of at most {LONGEST_TEXT} characters")
    return data


def rational(data: object, what: str) -> Fraction:
    """A fraction, written as such."""
    if not isinstance(data, str) or not _RATIONAL.fullmatch(data):
        raise CertificateError(f"{what} is not a fraction written as text")
    try:
        return Fraction(data)
    except ZeroDivisionError:
        raise CertificateError(f"{what} has the denominator 0") from None


def rationals(data: object, what: str, *counts: int) -> list[Fraction]:
    """So many fractions."""
    found = items(data, what, max(counts))
    if len(found) not in counts:
        raise CertificateError(f"{what} is not a list of {' or '.join(map(str, counts))} fractions")
    return [rational(item, what) for item in found]


def term(data: object, what: str) -> Term:
    """An expression in ``x``, in plain operations."""
    try:
        return plain(parse_term(text(data, what)))
    except ExpressionError as error:
        raise CertificateError(f"{what} cannot be read: {error}") from None


def constant(data: object, what: str) -> Term:
    """A constant that is defined."""
    found = term(data, what)
    if found.has_x or found.is_condition:
        raise CertificateError(f"{what} is not a constant")
    return found


def side(data: Json) -> int:
    """1 or -1 for the half-line."""
    found = data.get("side")
    if isinstance(found, bool) or found not in (1, -1):
        raise CertificateError("the side of a half-line is 1 or -1")
    return int(found)


def bits(data: Json) -> tuple[int, ...]:
    """Working precisions to try: the one of the certificate first."""
    found = data.get("bits", 64)
    if isinstance(found, bool) or not isinstance(found, int) or not 1 <= found <= MOST_BITS:
        raise CertificateError(f"a precision is between 1 and {MOST_BITS} bits")
    return (found + 16, *(b for b in values.BITS if b > found))
