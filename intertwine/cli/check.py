"""``intertwine check``: a certificate from a file, or the whole object that ``derive --json`` printed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from intertwine.certificates import Certificate
from intertwine.certificates.maps import MapCertificate
from intertwine.cli import status
from intertwine.errors import CertificateError
from intertwine.parameters import ParametricCertificate

LARGEST = 50_000_000


def run(name: str) -> int:
    """Check and say what was checked; what does not hold raises ``CertificateError``."""
    data = _read(name)
    inner = data.get("certificate", data)
    if isinstance(inner, dict) and inner.get("mode") == "parameters":
        return _check_cases(data)
    if isinstance(inner, dict) and inner.get("mode") == "map":
        return _check_map(data, inner)
    certificate = Certificate.from_json(data)
    certificate.check()
    print(_report(certificate.to_json(), enclosed="certificate" in data))
    return status.EXACT


def _check_map(data: dict[str, Any], inner: dict[str, Any]) -> int:
    """Check the answer for a map of fixed size."""
    certificate = MapCertificate.from_json(inner)
    certificate.check()
    claim = inner["claim"]
    if inner is not data:
        told = {"map": inner["map"], "variables": inner["variables"], "status": inner["status"]}
        told |= {key: claim[key] for key in ("dimension", "unique") if key in claim}
        for key, value in told.items():
            if data.get(key) != value:
                raise CertificateError(f"the answer and its certificate differ in {key!r}")
    print(f"The certificate is valid.\n  map          {', '.join(inner['map'])}\n  claim        {json.dumps(claim)}")
    return status.EXACT


def _check_cases(data: dict[str, Any]) -> int:
    """Check a case distinction: the cells cover the parameter space, and every claim holds."""
    certificate = ParametricCertificate.from_json(data)
    certificate.check()
    found = certificate.to_json()
    lines = ["The certificate is valid.", f"  activation   {found['activation']}"]
    lines += [f"  case         {case['kind']}, scalars: {case['scalars'] or 'none'}" for case in found["cases"] if case]
    if None in found["cases"]:
        lines.append("  Some cases are open.")
    print("\n".join(lines))
    return status.EXACT


def _read(name: str) -> dict[str, Any]:
    shown = "standard input" if name == "-" else name
    try:
        raw = sys.stdin.buffer.read(LARGEST + 1) if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise CertificateError(f"{shown} cannot be read: {error.strerror or error}") from None
    if len(raw) > LARGEST:
        raise CertificateError(f"{shown} is too large for a certificate")
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise CertificateError(f"{shown} is not JSON: {error}") from None
    if not isinstance(data, dict):
        raise CertificateError(f"{shown} holds no JSON object")
    return data


def _report(certificate: dict[str, Any], enclosed: bool) -> str:
    """What was claimed and what it rests on."""
    claim, facts = certificate["claim"], certificate.get("facts", [])
    lines = [
        "The certificate is valid.",
        f"  activation   {certificate['activation']}",
        f"  claim        {_claim(claim)}",
        f"  theorem      {certificate['theorem']}",
        f"  evidence     {len(facts)} facts: {', '.join(_counted(facts))}",
    ]
    if enclosed:
        lines.append("  The answer that it came with makes the same claim.")
    return "\n".join(lines)


def _claim(claim: dict[str, Any]) -> str:
    if "scalars" not in claim and "affine" not in claim or "character" not in claim:
        return ", ".join(f"{key}: {value}" for key, value in claim.items())
    if "affine" in claim:
        numbers = [f"{key}: {value}" for key, value in claim["affine"].items() if key != "type"]
        return ", ".join([f"affine, {claim['affine']['type']}", *numbers, f"images: {_character(claim['character'])}"])
    scalars = " ".join(str(value) for value in claim["scalars"].values())
    return f"{claim['kind']}, scalars: {scalars}, character: {_character(claim['character'])}"


def _character(character: object) -> str:
    if isinstance(character, dict):
        return ", ".join(f"{key} {_character(value)}" for key, value in character.items()) or "the identity"
    return str(character)


def _counted(facts: list[Any]) -> list[str]:
    names = [str(f.get("fact")) for f in facts]
    return [f"{name}{f' ({names.count(name)})' if names.count(name) > 1 else ''}" for name in dict.fromkeys(names)]
