"""Affine certificates that nobody's search has found: the checker needs no solver."""

from __future__ import annotations

import pytest

from intertwine.certificates import Certificate
from tests.certificates.affine.written import CERTIFICATES


@pytest.mark.parametrize("written", CERTIFICATES, ids=lambda c: c.to_json()["activation"])
def test_a_proof_from_theory_is_accepted(written: Certificate) -> None:
    assert written.check() is True
    assert written.check_facts() is True
    assert Certificate.from_json(written.to_json()) == written
