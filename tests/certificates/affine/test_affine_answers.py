"""The answer around a certificate has to say the same about the affine maps."""

from __future__ import annotations

from typing import Any

import pytest

from intertwine.certificates import Certificate
from intertwine.errors import CertificateError
from tests.certificates.affine.writing import Json
from tests.certificates.affine.written import CERTIFICATES


def answer(certificate: Certificate) -> Json:
    """What is printed around a certificate."""
    data = certificate.to_json()
    claim = data["claim"]
    character = claim["character"]
    images = {key: character[key] for key in ("reflection", "translation") if key in character}
    group = claim["affine"]
    if group["type"] == "translations":
        group = group | {"rate": character["rate"]}
    found = {key: data[key] for key in ("schema", "activation", "mode", "status")}
    linear = {"kind": "permutation", "scalars": {"type": "trivial"}, "character": "1"}
    return found | linear | images | {
        "affine": group, "psi": character, "unique": claim["unique"], "certificate": data,
    }  # fmt: skip


def other(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return value | {"b": "7", "type": "lattice"}
    return not value if isinstance(value, bool) else 2 if key == "schema" else "x"


@pytest.mark.parametrize("written", CERTIFICATES, ids=lambda c: c.to_json()["activation"])
def test_an_answer_that_differs_from_its_certificate_is_refused(written: Certificate) -> None:
    whole = answer(written)
    assert Certificate.from_json(whole) == written
    for key in ("schema", "activation", "mode", "status", "affine", "psi", "unique", "reflection", "translation"):
        for changed in [whole | {key: other(key, whole.get(key))}, {k: v for k, v in whole.items() if k != key}]:
            if changed == whole or (key in ("psi", "unique") and key not in changed):
                continue
            with pytest.raises(CertificateError):
                Certificate.from_json(changed)
