"""Certificates as values and files: round trips, and files that are not certificates."""

from __future__ import annotations

import json
import pickle
import time
from typing import Any

import pytest

import intertwine as iw
from intertwine.certificates import Certificate
from intertwine.errors import CertificateError
from tests.certificates.writing import certificate, claim, power

Json = dict[str, Any]


def relu() -> Json:
    return iw.derive("relu").certificate.to_json()


def test_round_trip() -> None:
    written = iw.derive("relu").certificate
    assert Certificate.from_json(written.to_json()) == written == Certificate.from_json(json.dumps(written.to_json()))
    assert hash(Certificate.from_json(written.to_json())) == hash(written)
    assert pickle.loads(pickle.dumps(written)) == written != iw.derive("gelu").certificate
    assert repr(written) == "<certificate: Max(0, x), positive-scaled permutation>"


def test_it_cannot_be_changed() -> None:
    written = iw.derive("relu").certificate
    written.to_json()["facts"].clear()
    assert written.check() is True
    with pytest.raises(AttributeError):
        written.text = ""  # type: ignore[attr-defined]


def test_the_whole_answer_is_accepted_too() -> None:
    answer = iw.derive("relu").to_json()
    assert Certificate.from_json(answer).check() is True
    assert Certificate.from_json(json.dumps(answer)) == Certificate.from_json(answer["certificate"])


@pytest.mark.parametrize("change", [
    {"kind": "monomial"}, {"scalars": {"type": "nonzero"}}, {"character": "a**2"}, {"unique": False},
    {"activation": "gelu"}, {"status": "bounded"}, {"mode": "affine"}, {"schema": 2},
])  # fmt: skip
def test_an_answer_that_differs_from_its_certificate(change: Json) -> None:
    with pytest.raises(CertificateError, match="differ in"):
        Certificate.from_json(iw.derive("relu").to_json() | change)


@pytest.mark.parametrize("change", [
    {"schema": 2}, {"schema": "1"}, {"schema": None}, {"mode": "affine"}, {"status": "bounded"}, {"status": None},
    {"activation": ""}, {"activation": 7}, {"activation": "x +"}, {"activation": "x"*30_000}, {"activation": "x > 1"},
    {"activation": "log(-1-x**2)"}, {"activation": "__import__('os')"}, {"theorem": None}, {"theorem": 3},
    {"claim": None}, {"claim": []}, {"claim": {}}, {"facts": None}, {"facts": {}}, {"facts": [None]}, {"facts": [[]]},
    {"facts": [{}]}, {"facts": [{"fact": "magic"}]}, {"facts": [{"fact": ["domain"]}]}, {"facts": [{"fact": {}}]},
    {"facts": [{"fact": "domain"}]}, {"facts": [{"fact": "domain", "case": []}]},
    {"facts": [{"fact": "domain", "case": "periodic", "period": "x"}]},
    {"facts": [{"fact": "not affine", "points": ["1", "2"]}]},
    {"facts": [{"fact": "not affine", "points": [1, 2, 3]}]},
    {"facts": [{"fact": "not affine", "points": ["1/0", "2", "3"]}]},
    {"facts": [{"fact": "not affine", "points": ["1", "2", "9"*5000]}]},
    {"facts": [{"fact": "not affine", "points": ["1", "2", "3"], "bits": 10**9}]},
    {"facts": [{"fact": "not affine", "points": ["1", "2", "3"], "bits": True}]},
    {"facts": [{"fact": "member", "d": "-1", "b": "1", "identities": []}]},
    {"facts": [{"fact": "member", "d": "log(-1)", "b": "1", "identities": [{}, {}]}]},
    {"facts": [{"fact": "member", "d": "0", "b": "1", "identities": [{}, {}]}]},
    {"facts": [{"fact": "homogeneous", "side": True, "coefficient": "1", "degree": "1"}]},
    {"facts": [{"fact": "homogeneous", "side": 2, "coefficient": "1", "degree": "1"}]},
    {"facts": [{"fact": "homogeneous", "side": 1, "coefficient": "1/0", "degree": "1"}]},
    {"facts": [{"fact": "gap", "side": 1, "low": "2", "high": "1", "method": "monotone"}]},
    {"facts": [{"fact": "definable", "end": "oo", "low": None, "high": "1"}]},
    {"facts": [{"fact": "definable", "end": ["oo"], "low": None, "high": None}]},
    {"facts": [{"fact": "exponents", "side": 1, "first": [], "second": []}]},
    {"facts": [{"fact": "leading", "side": 1, "end": "x", "wave": "log"}]},
    {"facts": [{"fact": "preserved set", "side": 1, "end": "0", "bound": "-1", "point": "1", "set": "zeros"}]},
    {"facts": [{"fact": "not affine", "points": ["1", "2", "3"]}] * 1000},
])  # fmt: skip
def test_what_is_not_a_certificate_gets_one_line(change: Json) -> None:
    with pytest.raises(CertificateError) as refusal:
        Certificate.from_json(relu() | change).check()
    assert str(refusal.value) and "\n" not in str(refusal.value)


@pytest.mark.parametrize("claim", [
    {"scalars": {"type": "cyclic"}}, {"scalars": {"type": "cyclic", "generator": "1"}}, {"scalars": {"type": []}},
    {"scalars": {"type": "cyclic", "generator": "x"}}, {"scalars": None}, {"more": 1},
    {"scalars": {"type": "positive", "more": 1}},
    {"character": None}, {"character": "b"}, {"character": ["a"]}, {"character": {"generator": "2"}}, {"unique": 1},
    {"kind": "orthogonal"}, {"kind": None}, {"character": "a+0*a"}, {"character": "a" * 5000},
])  # fmt: skip
def test_claims_that_are_none(claim: Json) -> None:
    data = relu()
    data["claim"] |= claim
    with pytest.raises(CertificateError):
        Certificate.from_json(data).check()


NOT_CERTIFICATES = ["", "{", "[]", "7", "null", '{"schema": 1}', "[" * 100_000, '{"certificate": 3}', "{}"]


@pytest.mark.parametrize("text", NOT_CERTIFICATES)
def test_text_that_is_no_certificate(text: str) -> None:
    with pytest.raises(CertificateError) as refusal:
        Certificate.from_json(text)
    assert "\n" not in str(refusal.value)


def test_a_file_cannot_be_too_large() -> None:
    with pytest.raises(CertificateError, match="more than"):
        Certificate.from_json(" " * 5_000_000)


def test_it_stops_in_time() -> None:
    with pytest.raises(CertificateError, match="too long"):
        Certificate(relu()).check(seconds=0.0)


def test_roots_of_very_different_size_are_found_in_time() -> None:
    start = time.monotonic()
    written = certificate("sqrt(abs(x))/10**600 + 1", "homogeneous", claim("positive", "a"), power(1, "1", "1"))
    with pytest.raises(CertificateError):
        written.check(seconds=5.0)
    assert time.monotonic() - start < 20


def test_a_bounded_answer_is_not_certified() -> None:
    data = relu() | {"status": "bounded"}
    with pytest.raises(CertificateError, match="exact"):
        Certificate.from_json(data).check()
