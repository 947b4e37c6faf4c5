"""Certificates of maps: the checker accepts what is derived, and no change of a claim or of evidence."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from intertwine.certificates.maps import MapCertificate
from intertwine.errors import CertificateError
from intertwine.maps.solution import solve_map

MAPS = ("[x1**2 - x2**2, 2*x1*x2]", "[Max(x1, x2), Min(x1, x2)]", "[x1*x2, 3*x1*x2]", "[sign(x1 + x2)]",
        "[x1*sigmoid(x2)]", "[sqrt(x1**2 + x2**2)]", "[x1**2 + sqrt(2)*x2**2]", "[log(x1*x2)]", "[tanh(x1) + x2**3]")


def _refused(data: dict[str, Any]) -> bool:
    try:
        MapCertificate.from_json(data).check()
    except CertificateError as error:
        assert len(str(error).splitlines()) == 1
        return True
    return False


@pytest.mark.parametrize("text", MAPS)
def test_accepted_and_read_back(text: str) -> None:
    certificate = solve_map(text).certificate
    assert certificate.check()
    again = MapCertificate.from_json(json.dumps(certificate.to_json()))
    assert again == certificate and hash(again) == hash(certificate)


@pytest.mark.parametrize("text", MAPS)
def test_every_change_is_refused(text: str) -> None:
    data = solve_map(text).certificate.to_json()
    n, changes = data["variables"], []

    def change(*path: Any, value: Any) -> None:
        new = copy.deepcopy(data)
        target = new
        for key in path[:-1]:
            target = target[key]
        if target[path[-1]] != value:
            target[path[-1]] = value
            changes.append((path, new))

    change("claim", "dimension", value=data["claim"]["dimension"] + 1)
    change("claim", "unique", value=not data["claim"]["unique"])
    change("map", 0, value=data["map"][0] + " + x1**5 + x2**6")
    for k, member in enumerate(data["algebra"]):
        for i in range(n):
            for j in range(n):
                change("algebra", k, "x", i, j, value=f"{member['x'][i][j]} + 1")
        for i in range(len(member["y"])):
            change("algebra", k, "y", i, i, value=f"{member['y'][i][i]} + 1/10**20")
    for k, element in enumerate(data["elements"]):
        for i in range(len(element["b"])):
            change("elements", k, "b", i, i, value=f"{element['b'][i][i]} + 1/10**9")
        change("elements", k, "a", value=[["1", "7"] + ["0"] * (n - 2)] + element["a"][1:])
    for k, _ in enumerate(data["refuted"]):
        identity = [["1" if i == j else "0" for j in range(n)] for i in range(n)]
        change("refuted", k, "a", value=identity)
    if data["rank"]["rows"]:
        change("rank", "rows", value=data["rank"]["rows"][:-1])
        change("rank", "rows", value=[data["rank"]["rows"][0]] * len(data["rank"]["rows"]))
    assert changes
    for path, new in changes:
        if path[0] == "algebra" and _still_true(data, new):
            continue
        assert _refused(new), path


def _still_true(data: dict[str, Any], new: dict[str, Any]) -> bool:
    """Adding a matrix unit to X may give another member with the same Y: that is no false statement."""
    answer = solve_map("[" + ", ".join(data["map"]) + "]")
    for old, changed in zip(data["algebra"], new["algebra"], strict=True):
        if old != changed and old["y"] == changed["y"]:
            import sympy as sp

            x = sp.Matrix([[sp.sympify(e) for e in row] for row in changed["x"]])
            symbols = sp.Matrix(sp.symbols(f"x1:{answer.n + 1}", real=True))
            basis = [answer.expressions[b] for b in data["basis"]]
            y = sp.Matrix([[sp.sympify(e) for e in row] for row in changed["y"]])
            moved = list(zip(symbols, x * symbols, strict=True))
            left = [sum((sp.diff(f, s) * v for s, v in moved), sp.S.Zero) for f in basis]
            right = y * sp.Matrix(basis)
            return all(sp.simplify(u - v) == 0 for u, v in zip(left, right, strict=True))
    return False


@pytest.mark.parametrize(
    "data",
    [{}, [], "no JSON", {"schema": 1}, {"certificate": {}}],
)
def test_what_is_no_certificate(data: Any) -> None:
    with pytest.raises(CertificateError):
        MapCertificate.from_json(data).check()


def test_the_answer_must_match_its_certificate() -> None:
    answer = solve_map("[x1*x2]").to_json()
    assert MapCertificate.from_json(answer).check()
    answer["dimension"] = 3
    with pytest.raises(CertificateError, match="dimension"):
        MapCertificate.from_json(answer)


def test_malformed_entries_are_refused_in_one_line() -> None:
    data = solve_map("[x1*x2]").certificate.to_json()
    for key in set(data) - {"theorem", "status", "refuted", "elements"}:
        for value in (None, 7, "x", [], {}, [["x1"]], -1):
            new = copy.deepcopy(data)
            if new[key] != value:
                new[key] = value
                assert _refused(new), (key, value)


UNCOUNTED = ("[tanh(x1), tanh(x2)]", "[x1**3 + x2**3 + x3**3]", "[Abs(x1) + 2*Abs(x2)]", "[Max(x1, x2, -x1 - x2)]",
             "[x1*x2]", "[x1**2 - x2**2, 2*x1*x2]", "[x1*x4 - x2*x3]", "[x1**2 + x2*x3, x2**2]")


@pytest.mark.parametrize("text", UNCOUNTED)
def test_another_number_of_components_is_refused_also_where_none_is_counted(text: str) -> None:
    data = solve_map(text).certificate.to_json()
    order = int(data["claim"]["components"]["order"])
    for claimed in {1, order - 1, order // 2, order + 1, 2 * order} - {0, order}:
        for without in (False, True):
            new = copy.deepcopy(data)
            new["claim"]["components"]["order"] = str(claimed)
            if without:  # nothing that a count could start from
                new["claim"]["counted"], new["elements"], new["refuted"], new["quotient"] = False, [], [], None
            assert _refused(new), (claimed, without)


def test_more_components_than_elements_are_no_lower_bound() -> None:
    data = solve_map("[x1**3*x2 + x2**3*x3 + x3**3*x1]").certificate.to_json()
    assert data["status"] == "bounded"
    data["claim"]["components"]["order"] = "12"
    assert _refused(data)


def test_a_claim_has_no_other_entries() -> None:
    data = solve_map("[x1*x2]").certificate.to_json()
    data["claim"]["kind"] = "orthogonal"
    assert _refused(data)


@pytest.mark.parametrize("text", ["[x1*x2]", "[x1**2 + x2**2]", "[exp(-x1**2 - x2**2)]", "[relu(x1), relu(x2)]",
                                  "[x1, x2]", "[gelu(x1), gelu(x2)]", "[tanh(x1), tanh(x2)]", "[x1**2 - x2**2]"])
def test_another_kind_is_refused(text: str) -> None:
    answer = solve_map(text).to_json()
    assert MapCertificate.from_json(answer).check()
    for kind in ("general linear", "orthogonal", "conformal orthogonal", "monomial", "permutation", "pseudo-orthogonal",
                 "signed permutation", "positive-scaled permutation", "trivial", "conformal orthogonal of a form", 7):
        if kind != answer["kind"]:
            with pytest.raises(CertificateError, match="kind"):
                MapCertificate.from_json({**answer, "kind": kind})
