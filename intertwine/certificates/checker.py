"""The check of a certificate: read it, verify its facts, draw the conclusion, compare it with the claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from intertwine.certificates import reading
from intertwine.certificates.analysis.clock import SECONDS, Obstacle, limited
from intertwine.certificates.analysis.constants import settled
from intertwine.certificates.claims import read_claim
from intertwine.certificates.conclusions import Evidence, conclude
from intertwine.certificates.established import Subject
from intertwine.certificates.facts import Rules, verify
from intertwine.errors import CertificateError


def check(data: Mapping[str, Any], seconds: float = SECONDS) -> bool:
    """Verify a certificate.

    Parameters
    ----------
    data : mapping
        The JSON object of a certificate.
    seconds : float
        The time it may take; then it is not accepted.

    Returns
    -------
    bool
        True.

    Raises
    ------
    CertificateError
        The claim does not follow from the facts, or a fact does not hold: one line that says which and why.
    """
    return _guarded(lambda: _check(data), seconds)


def check_facts(data: Mapping[str, Any], seconds: float = SECONDS) -> bool:
    """Verify each fact of a certificate, and no conclusion: what a bounded answer rests on.

    Raises
    ------
    CertificateError
        A fact does not hold, or is out of reach.
    """
    return _guarded(lambda: bool(_established(data)) or True, seconds)


def _guarded(work: Callable[[], bool], seconds: float) -> bool:
    with limited(seconds):
        try:
            return work()
        except CertificateError:
            raise
        except (Obstacle, ValueError, ArithmeticError, RecursionError, MemoryError) as problem:
            line = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
            raise CertificateError(f"the certificate is out of reach: {line}") from None


def _check(data: Mapping[str, Any]) -> bool:
    if data.get("status") != "exact":
        raise CertificateError("only an exact answer has a certificate that can be checked")
    if data.get("mode") == "family":
        from intertwine.certificates.families import check_family  # the other modes are opened for their own files only

        if data.get("schema") != 1:
            raise CertificateError("a certificate has schema 1")
        check_family(data, _check)
        return True
    subject, facts, established = _established(data)
    theorem = reading.text(data.get("theorem"), "the theorem")
    if data["mode"] == "affine":
        from intertwine.certificates import affine

        claim = affine.read_claim(data.get("claim"))
        claim.must_be(*affine.conclude(affine.AffineEvidence(subject, established, _points(facts)), theorem))
    else:
        conclude(Evidence(subject, established, _points(facts)), read_claim(data.get("claim")), theorem)
    return True


def _established(data: Mapping[str, Any]) -> tuple[Subject, list[Any], list[object]]:
    """The activation, the facts as they are written, and what each establishes."""
    mode, first = data.get("mode"), 1
    others: Rules = {}
    if data.get("schema") != 1 or mode not in ("linear", "affine"):
        raise CertificateError("a certificate has schema 1 and mode 'linear' or 'affine'")
    subject = Subject(settled(reading.term(data.get("activation"), "the activation")))
    if subject.term.is_condition:
        raise CertificateError("the activation is a condition, not a number")
    facts = reading.items(data.get("facts"), "the facts", reading.MOST_FACTS)
    if mode == "affine":
        from intertwine.certificates import affine

        others = affine.AFFINE
        if facts and affine.is_filled(facts[0]):
            subject, first = Subject(settled(affine.filled(subject, facts[0]))), 2
    established = [verify(subject, fact, number, others) for number, fact in enumerate(facts[first - 1 :], first)]
    return subject, facts, established


def _points(facts: list[Any]) -> list[Fraction]:
    """The points that the facts name: places to look at."""
    found: list[Fraction] = []
    for fact in facts:
        entries = [*fact.get("points", []), fact.get("point")] if isinstance(fact.get("points", []), list) else []
        for entry in entries:
            try:
                found.append(reading.rational(entry, "a point"))
            except CertificateError:
                continue
    return list(dict.fromkeys(found))[:20]
