"""Certificates that claim a little too much are refused; so are those that are not well formed."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest

import intertwine as iw
from intertwine.certificates.relations import RelationCertificate
from intertwine.errors import CertificateError

SUBJECTS = {
    "relu": iw.relations("relu", ["t", "-t", "2*t"], admit=[1, "t"]),
    "sin": iw.relations("sin", ["t", "t + 1", "t + 3", "t + sqrt(2)"]),
    "floor": iw.relations("floor", ["3*t", "t", "t + 1/3", "t + 2/3"]),
    "log": iw.relations("log", ["t", "2*t"], admit=[1, "sqrt(t)"]),
    "cube": iw.relations("x**3", [f"t + {k}" for k in range(6)]),
}


def refused(data: Any) -> None:
    with pytest.raises(CertificateError) as caught:
        RelationCertificate.from_json(data).check(seconds=20)
    assert "\n" not in str(caught.value)


@pytest.fixture(params=SUBJECTS)
def data(request) -> dict[str, Any]:
    return SUBJECTS[request.param].certificate.to_json()


def test_the_originals_are_accepted(data) -> None:
    assert RelationCertificate.from_json(data).check()
    assert RelationCertificate.from_json(json.dumps(data)).check()


def test_every_coefficient_counts(data) -> None:
    for i, relation in enumerate(data["relations"]):
        for k in range(len(relation["coefficients"])):
            if k == relation["free"]:
                continue
            changed = copy.deepcopy(data)
            changed["relations"][i]["coefficients"][k] = f"({relation['coefficients'][k]}) + 1/10**30"
            refused(changed)


def test_a_free_coefficient_is_one(data) -> None:
    data["relations"][0]["coefficients"][data["relations"][0]["free"]] = "2"
    refused(data)


def test_a_relation_twice_is_not_two(data) -> None:
    data["relations"].append(copy.deepcopy(data["relations"][0]))
    data["dimension"]["lower"] += 1
    refused(data)


def test_a_smaller_rank_is_another_claim(data) -> None:
    data["independence"]["columns"].pop()
    data["independence"]["points"].pop()
    refused(data)
    data["dimension"]["upper"] += 1
    refused(data)  # exact no more
    data["status"] = "bounded"
    assert RelationCertificate.from_json(data).check()


def test_a_larger_rank_is_refused(data) -> None:
    used = data["independence"]["columns"]
    extra = next(k for k in range(len(data["arguments"]) + len(data["admit"])) if k not in used)
    used.append(extra)
    data["independence"]["points"].append("17/4")
    data["relations"].pop()
    data["dimension"] = {"lower": len(data["relations"]), "upper": len(data["relations"])}
    refused(data)


def test_repeated_points_and_columns_prove_nothing(data) -> None:
    changed = copy.deepcopy(data)
    changed["independence"]["points"][-1] = changed["independence"]["points"][0]
    refused(changed)
    data["independence"]["columns"][-1] = data["independence"]["columns"][0]
    refused(data)


def test_other_arguments_have_other_relations(data) -> None:
    for k, (slope, shift) in enumerate(data["arguments"]):
        changed = copy.deepcopy(data)
        changed["arguments"][k] = [slope, f"({shift}) + 1/100"]
        if any(r["coefficients"][k] != "0" for r in data["relations"]):
            refused(changed)


def test_another_activation(data) -> None:
    data["activation"] += " + x**5*exp(x)/10**20"
    refused(data)


def test_a_point_outside_the_common_domain() -> None:
    data = SUBJECTS["log"].certificate.to_json()
    data["independence"]["points"][0] = "-1"
    refused(data)


def test_zero_coefficients_do_not_widen_the_domain() -> None:
    # |t| = t holds on the domain of sqrt(t) only.
    R = iw.relations("abs(x)", ["t"], admit=["t", "sqrt(t)"])
    data = R.certificate.to_json()
    assert data["relations"][0]["guarded"] is True
    data["relations"][0]["guarded"] = False
    refused(data)


def test_the_period_of_steps_has_to_be_one() -> None:
    data = SUBJECTS["floor"].certificate.to_json()
    side = data["relations"][0]["proofs"][0]
    assert side["cuts"] == ["1/3", "2/3"]
    for key, value in (("period", "1/2"), ("period", "1/3"), ("period", "-1"), ("period", "0"), ("cuts", ["1/3"]),
                       ("cuts", []), ("cuts", ["2/3", "1/3"]), ("cuts", ["1/3", "2/3", "5/3"])):
        changed = copy.deepcopy(data)
        changed["relations"][0]["proofs"][0][key] = value
        refused(changed)


@pytest.mark.parametrize("change", [
    {"schema": 2}, {"mode": "linear"}, {"status": "certain"}, {"dimension": {"lower": 0, "upper": 0}},
    {"dimension": None}, {"arguments": [["0", "1"]]}, {"arguments": [["x", "1"]]}, {"arguments": "t"},
    {"admit": ["x > 0"]}, {"admit": ["q"]},
    {"relations": {}}, {"relations": [{}]}, {"independence": {}}, {"independence": {"columns": [0], "points": [1]}},
    {"independence": {"columns": [True], "points": ["1"], "bits": 64}},
    {"independence": {"columns": [0], "points": ["x"], "bits": 64}},
    {"independence": {"columns": [99], "points": ["1"], "bits": 64}}, {"activation": 3}, {"activation": "x > 0"},
])  # fmt: skip
def test_what_is_malformed(change) -> None:
    data = SUBJECTS["relu"].certificate.to_json()
    refused({**data, **change})


def test_keys_are_fixed() -> None:
    data = SUBJECTS["relu"].certificate.to_json()
    less = {k: v for k, v in data.items() if k != "admit"}
    for changed in ({**data, "more": 1}, less, [], "{", "[]", "x" * 5_000_000):
        refused(changed)


def test_certificates_are_values() -> None:
    certificate = SUBJECTS["relu"].certificate
    copied = pickle.loads(pickle.dumps(certificate))
    assert copied == certificate
    assert hash(copied) == hash(certificate)
    with pytest.raises(AttributeError):
        certificate.anything = 1
