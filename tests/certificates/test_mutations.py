"""Altered certificates: none is accepted, unless what it says is still true."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

import intertwine as iw
from intertwine.certificates import Certificate
from intertwine.errors import CertificateError
from tests.effort import every

Json = dict[str, Any]
ACTIVATIONS = [
    "relu", "leaky_relu", "x**2", "cbrt(x)", "sqrt(x)", "1/x", "abs(x)", "log(exp(x))", "x+sin(x)**2+cos(x)**2", "x/x",
    "gelu", "tanh", "sigmoid", "exp(-x**2/2)", "log(x+sqrt(x**2+1))", "hard_swish", "x**3+x/10**30", "sin", "tan(x)",
    "sqrt(sin(x))", "sin(1/x)", "gamma(x)", "floor(x)*ceiling(x)", "Max(sin(x), cos(x))", "asin(sin(x))",
    "acosh(abs(x))", "besselj(1, x)", "log(2*x)-log(x)", "sqrt(1-x**2)**2+x**2", "sin(log(x))", "x*sin(log(abs(x)))",
    "exp(sin(log(abs(x))))", "floor(log(x)/log(3))", "2+sign(x)*sin(pi*log(abs(x))/log(2))",
    "Piecewise((sin(log(x)), x>0), (sin(2*log(-x)), x<0))", "sin(log(x))+x", "sin(log(x)**2)", "sin(x-1/x)",
    "sin(log(x))+sin(sqrt(2)*log(x))", "Piecewise((x**2, x>0), (x**3, True))",
]  # fmt: skip
GROUPS = {
    "trivial": "permutation", "sign": "signed permutation", "positive": "positive-scaled permutation",
    "nonzero": "monomial",
}  # fmt: skip
THEOREMS = ("affine", "constant", "dichotomy", "one tame end", "preserved sets", "homogeneous", "least period",
            "two half-lines", "exponents", "asymptotics", "", "theorem 1")


@cache
def genuine(text: str) -> Certificate:
    answer = iw.derive(text)
    assert answer.status == "exact", text
    return answer.certificate


def accepted(data: Json) -> bool:
    """Whether it is accepted; if not, the reason is one line."""
    try:
        return Certificate.from_json(data).check()
    except CertificateError as error:
        assert "\n" not in str(error)
        return False


def still_true(data: Json) -> bool:
    """Whether the claim is that of the activation, whatever the evidence: another valid witness, say."""
    answer = iw.derive(data["activation"])
    return answer.status == "exact" and answer.certificate.to_json()["claim"] == data["claim"]


@pytest.mark.parametrize("text", ACTIVATIONS)
def test_the_genuine_one_is_accepted(text: str) -> None:
    written = genuine(text)
    assert written.check() is True
    assert Certificate.from_json(written.to_json()) == written
    assert still_true(written.to_json())


# -- the claim: nothing that says another group may pass ---------------------------------------------


def other_claims(data: Json) -> Iterator[Json]:
    """The same evidence for other groups and characters."""
    claim = data["claim"]
    for scalars, kind in GROUPS.items():
        for character in ("1", "a", "a**2", "Abs(a)", "sign(a)", "1/a"):
            yield claim | {"kind": kind, "scalars": {"type": scalars}, "character": character}
    for g in ("2", "exp(pi)", "exp(2*pi)", "sqrt(2)", "-2", "-exp(pi)"):
        for value in ("1", "-1", g):
            group, chi = {"type": "cyclic", "generator": g}, {"generator": g, "value": value}
            yield claim | {"kind": "discretely scaled permutation", "scalars": group, "character": chi}
            if not g.startswith("-"):
                group, chi = group | {"type": "sign-cyclic"}, chi | {"minus_one": "-1"}
                yield claim | {"kind": "discretely scaled permutation", "scalars": group, "character": chi}
    for kind in ("general linear", "unit row sums"):
        yield claim | {"kind": kind}
        yield claim | {"kind": kind, "scalars": {"type": "nonzero"}, "character": "a"}
        yield claim | {"kind": kind, "scalars": {"type": "trivial"}, "character": "1"}
    yield claim | {"unique": not claim["unique"]}


@pytest.mark.parametrize("text", ACTIVATIONS)
def test_no_other_claim_is_accepted(text: str) -> None:
    data = genuine(text).to_json()
    others = [c for c in other_claims(data) if c != data["claim"]]
    assert len(others) >= 55
    passed = [c for c in others if accepted(data | {"claim": c})]
    # The group of generators may be written in another way: exp(2*pi) for the square of exp(pi).
    assert [c for c in passed if not same_group(c, data["claim"])] == []


def same_group(a: Json, b: Json) -> bool:
    from intertwine.groups import Character, ScalarGroup

    if (a["kind"], a["unique"], a["scalars"]["type"]) != (b["kind"], b["unique"], b["scalars"]["type"]):
        return False
    s, t = ScalarGroup.from_json(a["scalars"]), ScalarGroup.from_json(b["scalars"])
    return s == t and Character.from_json(s, a["character"]) == Character.from_json(t, b["character"])


# -- the rest: accepted only where the claim is still true ----------------------------------------------


@pytest.mark.parametrize("text", ACTIVATIONS)
def test_another_activation_needs_its_own_proof(text: str) -> None:
    data = genuine(text).to_json()
    changed = [f"{data['activation']} + {term}" for term in ("x/10**9", "1/10**9", "x**2/10**30", "sin(x)", "floor(x)")]
    changed += [f"({data['activation']})*{factor}" for factor in ("x", "exp(x)", "sin(log(x))", "Heaviside(x)")]
    changed += [f"Piecewise((7, Eq(x, {p})), ({data['activation']}, True))" for p in ("0", "3", "sqrt(2)", "pi")]
    for other in [*changed, *ACTIVATIONS]:
        forged = data | {"activation": other}
        if accepted(forged):
            assert still_true(forged), other


@pytest.mark.parametrize("text", ACTIVATIONS)
def test_other_theorems(text: str) -> None:
    data = genuine(text).to_json()
    conclusion = {"affine": "general linear", "constant": "general linear"}
    for theorem in THEOREMS:
        if theorem != data["theorem"] and accepted(data | {"theorem": theorem}):
            # The same facts may suffice for both: a function that is tame everywhere is tame at an end.
            assert {theorem, data["theorem"]} <= {"dichotomy", "one tame end"}
            assert theorem not in conclusion


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of everything in the facts."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        yield (*path, key)
        yield from places(value, (*path, key))


def altered(data: Json, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Json:
    result = copy.deepcopy(data)
    inner: Any = result
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = change(inner[path[-1]])
    return result


CHANGES: dict[str, Callable[[Any], Any]] = {
    "negative": lambda v: f"-({v})" if isinstance(v, str) else -v if isinstance(v, int) else None,
    "another number": lambda v: "7/5",
    "zero": lambda v: "0",
    "one": lambda v: "1",
    "nothing": lambda v: None,
    "doubled": lambda v: f"2*({v})" if isinstance(v, str) else v,
    "a square": lambda v: f"({v})**2" if isinstance(v, str) else v,
    "another word": lambda v: {"oo": "0", "0": "oo", "monotone": "plateau", "zeros": "domain", "log": "drifting",
                               "constant": "log", "everywhere": "0+", "determinant": "domain"}.get(v, "1/3")
                              if isinstance(v, str) else v,
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("text", every(4, ACTIVATIONS))
def test_other_evidence(text: str, change: str) -> None:
    data = genuine(text).to_json()
    for path in places(data["facts"], ("facts",)):
        if "values" in path or "reasons" in path:
            continue  # for people to read; the checker computes its own
        forged = altered(data, path, CHANGES[change])
        if forged != data and accepted(forged):
            # The claim is untouched and was proved all the same: by another witness, or the fact was not needed.
            assert forged["claim"] == data["claim"] and forged["activation"] == data["activation"]


NEEDED = {
    "relu": {"domain", "homogeneous", "not member", "definable|not affine|not constant"},
    "tanh": {"domain", "definable", "not member", "member"},
    "sin(log(x))": {"domain", "half member", "gap", "homogeneous", "one-sided"},
    "sin(x-1/x)": {"domain", "leading", "member"},
    "floor(log(x)/log(3))": {"domain", "preserved set", "one-sided"},
    "sin(log(x))+sin(sqrt(2)*log(x))": {"domain", "exponents"},
    "log(exp(x))": {"affine"},
    "log(2*x)-log(x)": {"constant on domain", "homogeneous", "one-sided|homogeneous"},
}


@pytest.mark.parametrize("text", ACTIVATIONS)
def test_without_a_fact(text: str) -> None:
    data = genuine(text).to_json()
    for index, fact in enumerate(data["facts"]):
        fewer = data | {"facts": data["facts"][:index] + data["facts"][index + 1 :]}
        if accepted(fewer):
            assert fact["fact"] not in NEEDED.get(text, set()), fact


@pytest.mark.parametrize("text", ACTIVATIONS)
def test_without_any_facts(text: str) -> None:
    assert not accepted(genuine(text).to_json() | {"facts": []})


@pytest.mark.parametrize("text", ACTIVATIONS)
def test_without_the_facts_of_one_kind(text: str) -> None:
    data = genuine(text).to_json()
    for kind in NEEDED.get(text, {"domain"} if data["theorem"] not in ("affine", "constant") else {"affine"}):
        left = [f for f in data["facts"] if f["fact"] not in kind.split("|")]
        assert not accepted(data | {"facts": left}), kind


@pytest.mark.parametrize("text", ACTIVATIONS)
def test_the_steps_of_identities_are_not_believed(text: str) -> None:
    """They tell people how the solver went; the checker proves each identity on its own."""
    data = genuine(text).to_json()
    others = [f"{data['activation']} + {term}" for term in ("Heaviside(x-1)", "x/10**9*Heaviside(-2-x)")]
    for path in [p for p in places(data["facts"], ("facts",)) if p[-1] == "steps"]:
        for steps in ([], [{"cell": ["1", "2"]}], [{"cell": [None, None], "assumptions": [["x - 1", 1, False]]}]):
            for other in others:
                forged = altered(data | {"activation": other}, path, lambda _, steps=steps: steps)
                assert not accepted(forged) or still_true(forged)


@pytest.mark.parametrize("text", ACTIVATIONS)
def test_the_sides_are_not_exchanged(text: str) -> None:
    data = genuine(text).to_json()
    forged = copy.deepcopy(data)
    for fact in forged["facts"]:
        if "side" in fact:
            fact["side"] = -fact["side"]
    if forged != data and accepted(forged):
        assert still_true(forged)
        assert any(f["fact"] == "member" and f["d"] == "-1" for f in data["facts"]) or text in ("sin(x-1/x)",)
