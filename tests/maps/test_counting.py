"""The check counts components itself: a certificate with fewer or more, or of another algebra or map, is refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from intertwine.certificates.maps import MapCertificate
from intertwine.errors import CertificateError
from intertwine.maps.solution import solve_map

#: Maps by the method that counts their components: the determinant, a form, a torus, roots, a quotient.
COUNTED = (
    "[x1, x2]", "[7]", "[tanh(x1)]", "[x1**2 + x2**2]", "[x1**2 - x2**2 - x3**2]", "[x1*x2*x3]",
    "[relu(x1), relu(x2)]", "[x1**2 + x2*x3, x2**2]", "[x1*sqrt(x2)]", "[x1**3 + x2**3]", "[x1**4 + x2**3 + x1*x2**2]",
    "[x1 + x2]", "[sign(x1 + x2)]",
)


def _refused(data: dict[str, Any]) -> bool:
    try:
        MapCertificate.from_json(data).check()
    except CertificateError as error:
        assert len(str(error).splitlines()) == 1
        return True
    return False


@pytest.mark.parametrize("text", COUNTED)
def test_another_number_of_components_is_refused(text: str) -> None:
    answer = solve_map(text)
    assert answer.status == "exact" and answer.certificate.counted and answer.certificate.check()
    data = answer.certificate.to_json()
    order = int(data["claim"]["components"]["order"])
    for other, counted in {(2 * order, True), (2 * order, False), (max(1, order // 2), False)}:
        if other != order:
            new = copy.deepcopy(data)
            new["claim"]["components"]["order"] = str(other)
            new["claim"]["counted"] = counted
            assert _refused(new), other


@pytest.mark.parametrize("text", COUNTED)
def test_fewer_elements_are_refused_or_not_said_to_be_counted(text: str) -> None:
    """Without some generator the rest must not pass for the whole group."""
    data = solve_map(text).certificate.to_json()
    order = int(data["claim"]["components"]["order"])
    for k in range(len(data["elements"])):
        new = copy.deepcopy(data)
        del new["elements"][k]
        new["claim"]["components"]["order"] = str(max(1, order // 2))
        assert _refused(new), k
    if data["refuted"]:
        new = copy.deepcopy(data)
        new["refuted"] = []  # the check excludes what it needs to exclude on its own
        assert not _refused(new)


@pytest.mark.parametrize("text", COUNTED)
def test_a_smaller_algebra_and_another_map_are_refused(text: str) -> None:
    data = solve_map(text).certificate.to_json()
    if data["algebra"]:
        new = copy.deepcopy(data)
        del new["algebra"][0]
        assert _refused(new)
        new["claim"]["dimension"] -= 1
        assert _refused(new)
        new = copy.deepcopy(data)
        new["algebra"].append(copy.deepcopy(new["algebra"][0]))
        new["claim"]["dimension"] += 1
        assert _refused(new)
    other = f"({data['map'][0]})*exp(x1)"
    changed = solve_map("[" + ", ".join([other, *data["map"][1:]]) + "]").to_json()
    if changed["components"] != data["claim"]["components"]:
        new = copy.deepcopy(data)
        new["map"][0] = other
        assert _refused(new)
    if data["quotient"] is not None and data["claim"]["dimension"] < data["variables"] ** 2:
        new = copy.deepcopy(data)
        new["quotient"] = None
        assert _refused(new)


def test_a_frame_that_is_none_proves_nothing() -> None:
    data = solve_map("[x1*x2*x3]").certificate.to_json()
    data["frame"] = [["1", "1", "0"], ["0", "1", "0"], ["0", "0", "1"]]
    assert _refused(data)


def test_what_is_not_counted_says_so() -> None:
    certificate = solve_map("[tanh(x1), tanh(x2)]").certificate
    assert certificate.check() and not certificate.counted
    data = certificate.to_json()
    data["claim"]["counted"] = True
    assert _refused(data)
