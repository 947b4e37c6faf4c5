"""The checker accepts what is derived, and nothing that has been tampered with."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

import intertwine as iw
from intertwine.errors import CertificateError
from intertwine.parameters import ParametricCertificate
from tests.parameters.test_cases import derived

Json = dict[str, Any]


def leaves(node: Json) -> list[Json]:
    if "branches" in node:
        return [leaf for b in node["branches"] for leaf in leaves(b["node"])]
    return [node]


def splits(node: Json) -> list[Json]:
    return [node, *(s for b in node["branches"] for s in splits(b["node"]))] if "branches" in node else []


def refused(data: Json) -> None:
    with pytest.raises(CertificateError) as caught:
        ParametricCertificate.from_json(data).check()
    assert "\n" not in str(caught.value)


def proofs(data: Json) -> list[Json]:
    return [leaf for leaf in leaves(data["tree"]) if leaf.get("facts")]


def change_claims(key: str, value: Any) -> Callable[[Json], None]:
    def mutate(data: Json) -> None:
        for case in data["cases"]:
            case[key] = value if case[key] != value else "permutation"

    return mutate


def drop_fact(name: str) -> Callable[[Json], None]:
    def mutate(data: Json) -> None:
        found = [leaf for leaf in proofs(data) if any(f["fact"] == name for f in leaf["facts"])]
        found[0]["facts"] = [f for f in found[0]["facts"] if f["fact"] != name]

    return mutate


def set_in_fact(name: str, key: str, value: Any) -> Callable[[Json], None]:
    def mutate(data: Json) -> None:
        for leaf in proofs(data):
            for f in leaf["facts"]:
                if f["fact"] == name:
                    f[key] = value

    return mutate


def wrong_value(data: Json) -> None:
    for s in splits(data["tree"]):
        for b in s["branches"]:
            if "value" in b:
                b["value"] = "7/5"


def missing_branch(data: Json) -> None:
    splits(data["tree"])[0]["branches"].pop()


def doubled_sign(data: Json) -> None:
    splits(data["tree"])[0]["branches"][0]["signs"] = [0, 1]


def empty_leaf(data: Json) -> None:
    branch = splits(data["tree"])[0]["branches"][-1]
    branch["node"] = {"empty": True}


def other_split(data: Json) -> None:
    splits(data["tree"])[0]["split"] = splits(data["tree"])[0]["split"] + " + 1"


MUTATIONS: list[tuple[str, Callable[[Json], None]]] = [
    ("leaky_relu(x, alpha)", change_claims("scalars", "nonzero")),
    ("leaky_relu(x, alpha)", change_claims("kind", "monomial")),
    ("leaky_relu(x, alpha)", drop_fact("not affine")),
    ("leaky_relu(x, alpha)", drop_fact("not even")),
    ("leaky_relu(x, alpha)", drop_fact("not odd")),
    ("leaky_relu(x, alpha)", drop_fact("definable")),
    ("leaky_relu(x, alpha)", drop_fact("at zero")),
    ("leaky_relu(x, alpha)", set_in_fact("homogeneous", "degree", "2")),
    ("leaky_relu(x, alpha)", set_in_fact("homogeneous", "coefficient", "1/2")),
    ("leaky_relu(x, alpha)", set_in_fact("not even", "point", "0")),
    ("leaky_relu(x, alpha)", wrong_value),
    ("leaky_relu(x, alpha)", missing_branch),
    ("leaky_relu(x, alpha)", doubled_sign),
    ("leaky_relu(x, alpha)", empty_leaf),
    ("leaky_relu(x, alpha)", other_split),
    ("elu(x, alpha)", set_in_fact("separation", "d", "1")),
    ("elu(x, alpha)", set_in_fact("separation", "d", "-2")),
    ("elu(x, alpha)", set_in_fact("separation", "points", ["1", "2"])),
    ("elu(x, alpha)", drop_fact("separation")),
    ("a*x**2 + b*x + c", set_in_fact("affine", "slope", "b + 1")),
    ("a*x**2 + b*x + c", set_in_fact("affine", "intercept", "0")),
    ("a*x**2 + b*x + c", set_in_fact("member", "b", -1)),
    ("a*x**2 + b*x + c", wrong_value),
    ("a*x**2 + b*x + c", empty_leaf),
    ("x**p", change_claims("degree", "p + 1")),
    ("x**p", change_claims("odd", 1)),
    ("x**p", set_in_fact("undefined side", "side", 1)),
    ("x**p", set_in_fact("at zero", "value", "nonzero")),
    ("sin(w*x + b)", set_in_fact("separation", "points", ["1", "2"])),
    ("sin(w*x + b)", set_in_fact("separation", "points", ["1/w", "-1/w"])),
    ("sin(w*x + b)", drop_fact("total")),
    ("sin(w*x)", change_claims("unique", False)),
]


@pytest.mark.parametrize("number", range(len(MUTATIONS)))
def test_mutations_are_refused(number: int) -> None:
    text, mutate = MUTATIONS[number]
    data = derived(text).certificate.to_json()
    before = copy.deepcopy(data)
    mutate(data)
    assert data != before
    refused(data)


def test_another_activation_is_refused() -> None:
    data = derived("leaky_relu(x, alpha)").certificate.to_json()
    data["activation"] = "Max(0, x) + alpha**2*Min(0, x)"
    refused(data)


def test_weaker_assumptions_are_refused() -> None:
    data = iw.derive("leaky_relu(x, alpha)", assume="alpha > 0").certificate.to_json()
    data["assumptions"] = []
    refused(data)


def test_a_claim_for_all_parameters_that_fails_for_one_is_refused() -> None:
    data = derived("swish(x, beta)").certificate.to_json()
    data["tree"] = data["tree"]["branches"][-1]["node"]  # the generic cell, for beta = 0 as well
    refused(data)
