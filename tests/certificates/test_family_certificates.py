"""Certificates of activations on vectors: what is altered is refused, unless it is still true."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from intertwine.certificates import Certificate
from intertwine.errors import CertificateError
from intertwine.vectors import Gated, Stack, derive_family
from tests.vectors.cases import CASES
from tests.vectors.unusual import JUMPS, SMOOTH

Json = dict[str, Any]
CERTIFICATES = [derive_family(case[0]).certificate.to_json() for case in CASES]
IDS = [str(case[0]) for case in CASES]
UNUSUAL = [derive_family(value).certificate.to_json() for value in dict.fromkeys(c[0] for c in [*SMOOTH, *JUMPS])]


def refused(data: Json) -> bool:
    try:
        return not Certificate.from_json(json.loads(json.dumps(data))).check()
    except CertificateError:
        return True


@pytest.mark.parametrize("data", CERTIFICATES, ids=IDS)
def test_round_trip(data: Json) -> None:
    assert Certificate.from_json(json.dumps(data)).check()


@pytest.mark.parametrize("data", [*CERTIFICATES, *UNUSUAL[::3]], ids=lambda d: str(d["activation"]))
def test_another_claim_is_refused(data: Json) -> None:
    for key, value in data["claim"].items():
        for other in _others(key, value):
            changed = copy.deepcopy(data)
            changed["claim"][key] = other
            assert refused(changed), (key, other)
        shorter = copy.deepcopy(data)
        del shorter["claim"][key]
        assert refused(shorter), key
    for other in ("radial", "gated", "stack", "sorting", "identity", ""):
        if other != data["theorem"]:
            assert refused({**data, "theorem": other})


def _others(key: str, value: Any) -> list[Any]:
    if key == "unique" or key == "swap":
        return [not value]
    if key == "kind":
        kinds = ("orthogonal", "conformal orthogonal", "general linear", "sorting", "gated pair on permuted blocks")
        return [k for k in kinds if k != value]
    if key == "scalars":
        groups = ({"type": "trivial"}, {"type": "sign"}, {"type": "positive"}, {"type": "nonzero"},
                  {"type": "cyclic", "generator": "exp(pi)"})
        return [g for g in groups if g != value]
    if key == "character":
        return [c for c in ("1", "a", "a**2", "1/a", "sign(a)") if c != value]
    if key == "k":
        return [value + 1]
    if key == "signature":
        return [[value[1] + 1, value[0], value[2]]]
    if key == "exponents":
        return [[str(int(e) + 1) if e.isdigit() else "7" for e in value]] if value != ["0"] * len(value) else []
    if key == "minus_one":
        return [[["0" if v != "0" else "1" for v in row] for row in value]]
    return []


@pytest.mark.parametrize("data", CERTIFICATES, ids=IDS)
def test_without_its_facts_nothing_follows(data: Json) -> None:
    for i, fact in enumerate(data["facts"]):
        fewer = copy.deepcopy(data)
        del fewer["facts"][i]
        same = [f["fact"] for f in fewer["facts"]]
        if fact["fact"] not in same or fact["fact"] == "outside":
            assert refused(fewer), fact["fact"]


@pytest.mark.parametrize("data", UNUSUAL, ids=lambda d: str(d["activation"]))
def test_a_certificate_is_not_one_for_another_member(data: Json) -> None:
    """Neither the activation nor the facts of another member of the family lead to this claim, if it has another."""
    assert Certificate.from_json(json.dumps(data)).check()
    kin = [d for d in [*UNUSUAL, *CERTIFICATES] if d["activation"]["family"] == data["activation"]["family"]]
    others = [d for d in kin if d["claim"] != data["claim"]]
    place = UNUSUAL.index(data)
    for other in (others[(place + i) % len(others)] for i in range(min(2, len(others)))):
        assert refused({**data, "activation": other["activation"]}), other["activation"]
        assert refused({**data, "claim": other["claim"]}), other["claim"]
        assert refused({**data, "activation": other["activation"], "claim": other["claim"]}) or (
            other["facts"] == data["facts"] or _covered(data["facts"], other["facts"])
        ), other["activation"]


def _covered(facts: list[Json], others: list[Json]) -> bool:
    """Whether all that is needed elsewhere is said here, apart from the points that are looked at."""
    return {f["fact"] for f in others} <= {f["fact"] for f in facts} and not any(
        f["fact"] in ("elementwise", "half-lines", "image") for f in others
    )


HALF_LINES = [d for d in UNUSUAL if d["theorem"] == "stack of powers"]


@pytest.mark.parametrize("data", HALF_LINES, ids=lambda d: str(d["activation"]["functions"]))
def test_what_is_said_of_half_lines_is_checked(data: Json) -> None:
    for i, fact in enumerate(data["facts"]):
        if fact["fact"] != "half-lines":
            continue
        for key, other in _other_sides(fact):
            changed = copy.deepcopy(data)
            changed["facts"][i][key] = other
            assert refused(changed), (key, other)
        fewer = copy.deepcopy(data)
        del fewer["facts"][i]
        assert refused(fewer)


def _other_sides(fact: Json) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [("zero", "1" if fact["zero"] != "1" else "2")]
    for side in ("right", "left"):
        parts = fact[side]
        found.append((side, [] if parts is None else None))
        for k, part in enumerate(parts or []):
            for change in ({"coefficient": f"({part['coefficient']}) + 1/10**30"}, {"power": f"({part['power']}) + 1"},
                           {"log": part.get("log", 0) + 1}, {"frequency": "7", "wave": "sin"}):
                found.append((side, [*parts[:k], {**part, **change}, *parts[k + 1 :]]))
    return found


FALSE = {
    "radial": [{"function": "x"}, {"function": "x**2 + x"}, {"function": "1"}, {"function": "Max(0, 1 - 1/x)/x"}],
    "gated": [{"gate": "third"}, {"function": "x"}, {"function": "Abs(x)"}, {"function": "1"}],
    "rms_norm": [{"eps": "-1"}],
    "layer_norm": [{"eps": "-1"}],
    "stack": [{"functions": ["x"]}, {"functions": []}, {"functions": ["sin(x)", "cos(x)"]}],
    "quadratic form": [{"matrix": [["1", "0"], ["0", "1"]]}, {"matrix": [["1", "0"], ["0", "-1"]]}],
    "max_pool": [{"k": 7}, {"k": True}, {"k": 0}],
    "group_sort": [{"k": 7}, {"k": 0}],
    "softmax": [{"temperature": "-1"}, {"temperature": "0"}],
}


@pytest.mark.parametrize(("data", "case"), list(zip(CERTIFICATES, CASES, strict=True)), ids=IDS)
def test_another_activation_is_refused(data: Json, case: Any) -> None:
    for change in FALSE.get(data["activation"]["family"], []):
        activation = {**data["activation"], **change}
        if activation != data["activation"]:
            changed = {**data, "activation": activation}
            claims = [c["claim"] for c in CERTIFICATES if c["activation"] == activation]
            if data["claim"] not in claims and data["claim"].get("signature") not in ([2, 0, 0], [1, 1, 0]):
                assert refused(changed), change
    assert refused({**data, "activation": {**data["activation"], "family": "unknown"}})
    assert refused({**data, "mode": "linear"})


def test_a_profile_has_to_be_that_of_the_activation() -> None:
    tanh, power = (derive_family(c[0]).certificate.to_json() for c in (CASES[0], CASES[4]))
    assert refused({**tanh, "facts": power["facts"], "claim": power["claim"]})


def test_half_a_line_is_not_the_line() -> None:
    """What is established for x > 0 says nothing about x < 0."""
    text = json.dumps(derive_family(Stack(["x**2", "x**2/3"])).certificate.to_json())
    assert refused(json.loads(text.replace("x**2/3", "x*abs(x)/3")))


def test_a_gate_that_lives_at_one_point_is_not_a_gate() -> None:
    """For g = [t = 0], multiples of u may be added to v: the units are not kept as the theorem says."""
    fake = "1 - abs(sign(x))"
    data = derive_family(Gated(fake)).certificate.to_json()
    fact = {"fact": "defined everywhere", "role": "gate", "function": fake}
    for point in ("0", "1", "-3"):
        witness = {"fact": "not zero", "role": "gate", "point": point}
        facts = [f for f in data["facts"] if f["fact"] == "elementwise"]
        assert refused({**data, "status": "exact", "facts": [*facts, fact, witness]})
