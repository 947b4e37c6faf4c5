"""``derive(affine=True)``: what comes out, its bounds, the linear group inside, and its agreement with the checker."""

from __future__ import annotations

import json
import pickle
import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import sympy as sp

import intertwine as iw
from intertwine import affine_api, api
from intertwine.activations import CATALOGUE
from intertwine.groups import AffineCharacter, AffineFamily, AffineScalarGroup
from intertwine.parsing import parse_term
from intertwine.terms import to_text

x = sp.Symbol("x", real=True)
SAMPLE = (
    "relu", "sigmoid", "gelu", "sin", "x + sin(x)**2", "exp(x)*(2 + sin(x))", "exp(-2*x) + 1", "x**2 + x",
    "log(Abs(x - 2))", "x", "2*x + 1", "5", "sin(log(x))", "Max(0, 2*x + 3)", "sign(x - 1)", "floor(x)", "tanh(x)",
)  # fmt: skip


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_affine_cache", {})


def derive(activation: Any) -> Any:
    return iw.derive(activation, affine=True)


@pytest.mark.parametrize("text", SAMPLE)
def test_the_shape_of_an_answer(text: str) -> None:
    answer = derive(text)
    assert answer.status == "exact" and answer.questions == () and answer.lower == answer.upper
    assert answer.certificate.check() is True
    assert answer.psi.group == answer.scalars and answer.type == answer.scalars.type
    assert to_text(answer.activation) in repr(answer) and "\n" not in repr(answer)
    assert answer(2) == answer.lower(2) and answer(2).n == 2
    assert (sp.eye(2), [0, 0]) in answer(2)
    assert answer.pieces is not None and isinstance(answer.expression, sp.Expr)


@pytest.mark.parametrize("text", SAMPLE)
def test_json_holds_the_numbers_and_the_certificate(text: str) -> None:
    answer = derive(text)
    data = json.loads(json.dumps(answer.to_json()))
    assert (data["schema"], data["mode"], data["status"], data["unique"]) == (1, "affine", "exact", answer.unique)
    assert parse_term(data["activation"]) == answer.activation
    group = AffineScalarGroup.from_json(data["affine"])
    assert group == answer.scalars
    assert AffineCharacter.from_json(group, data["psi"]) == answer.psi
    for name, element in (("reflection", group.reflection_map), ("translation", group.period and group.generator_map)):
        assert (name in data) == (element is not None and element is not False)
        if name in data:
            image = answer.psi(element)
            assert data[name] == image.to_json()
    assert iw.Certificate.from_json(data) == answer.certificate
    linear = iw.derive(text)
    assert (data["kind"], data["scalars"]) == (linear.kind, linear.scalars.to_json())
    assert data["character"] == linear.chi.to_json()


@pytest.mark.parametrize(("text", "key", "value"), [
    ("sigmoid", "reflection", {"b": "-1", "d": "0"}), ("sigmoid", "affine", {"type": "reflection", "centre": "1"}),
    ("sin", "translation", {"b": "1", "d": "0"}), ("sin", "affine", {"type": "lattice", "period": "pi"}),
    ("x**2 + x", "psi", {"degree": "2", "offset": "0"}), ("exp(x)", "affine", {"type": "translations", "rate": "2"}),
    ("gelu", "unique", False), ("gelu", "reflection", {"b": "1", "d": "0"}),
])
def test_an_answer_that_says_something_else_than_its_certificate_is_refused(text: str, key: str, value: Any) -> None:
    data = derive(text).to_json()
    data[key] = value
    with pytest.raises(iw.CertificateError):
        iw.Certificate.from_json(data)


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_linear_group_is_the_part_that_fixes_zero(name: str) -> None:
    affine, linear = derive(name), iw.derive(name)
    if affine.status == linear.status == "exact":
        inside = affine.linear
        assert (inside.kind, inside.unique) == (linear.kind, linear.unique)
        assert inside.scalars == linear.scalars and inside.character == linear.chi


def test_the_catalogue_is_hardly_ever_bounded() -> None:
    bounded = [name for name in CATALOGUE if derive(name).status != "exact"]
    print(f"exact: {len(CATALOGUE) - len(bounded)} of {len(CATALOGUE)}; bounded: {bounded}")
    assert len(bounded) <= 0.05 * len(CATALOGUE), bounded


@pytest.mark.parametrize(("text", "function"), [
    ("sin(x)", np.sin), ("1/(1 + exp(-x))", lambda t: 1 / (1 + np.exp(-t))), ("x**2 + x", lambda t: t**2 + t),
    ("x + sin(x)**2", lambda t: t + np.sin(t) ** 2), ("exp(-x/3) + 1", lambda t: np.exp(-t / 3) + 1),
    ("Max(0, 2*x + 3)", lambda t: np.maximum(0, 2 * t + 3)), ("log(Abs(x - 2))", lambda t: np.log(np.abs(t - 2))),
    ("sin(log(x))", lambda t: np.sin(np.log(t))), ("2*x + 1", lambda t: 2 * t + 1),
    ("x**3 + x**2", lambda t: t**3 + t**2),
])  # fmt: skip
def test_the_group_does_what_it_says(text: str, function: Any, rng: np.random.Generator) -> None:
    group = derive(text)(4)
    points = rng.uniform(0.5, 1.5, size=(4, 50))
    for _ in range(5):
        element = group.sample(rng)
        moved = element.element.apply(points, axis=0)
        np.testing.assert_allclose(function(moved), element.image.apply(function(points), axis=0), rtol=1e-9, atol=1e-9)


def test_text_sympy_and_callable_agree() -> None:
    answers = [derive(s) for s in ("x*tanh(x) + 1", x * sp.tanh(x) + 1, lambda t: t * sp.tanh(t) + 1)]
    assert {repr(a) for a in answers} == {repr(answers[0])} and answers[0].type == "reflection"


def test_the_linear_question_is_asked_unless_said_otherwise() -> None:
    assert isinstance(iw.derive("sin"), iw.IntertwinerGroup)
    assert isinstance(iw.derive("sin", affine=True), iw.AffineIntertwinerGroup)


@pytest.mark.parametrize("text", SAMPLE[:8])
def test_answers_can_be_pickled(text: str) -> None:
    answer = derive(text)
    again = pickle.loads(pickle.dumps(answer))
    assert repr(again) == repr(answer) and again.psi == answer.psi and again(3) == answer(3)


@pytest.mark.usefixtures("empty_cache")
def test_answers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    solve = affine_api.solve_affine
    monkeypatch.setattr(affine_api, "solve_affine", lambda term: calls.append(term) or solve(term))
    assert derive("relu").solution is derive("Max(0, x)").solution and len(calls) == 1
    with pytest.raises(iw.DerivationTimeout):
        iw.derive("gelu", affine=True, timeout=1e-9)
    assert derive("gelu").status == "exact"


@pytest.mark.usefixtures("empty_cache")
def test_threads_share_the_memory() -> None:
    found: list[Any] = []
    threads = [threading.Thread(target=lambda: found.append(repr(derive("sigmoid")))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4 and len(set(found)) == 1


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("forge", ["group", "image", "fact"])
def test_what_the_checker_does_not_accept_is_bounded(monkeypatch: pytest.MonkeyPatch, forge: str) -> None:
    solve = affine_api.solve_affine

    def wrong(term: Any) -> Any:
        solution = solve(term)
        other = AffineScalarGroup.reflection(1)
        if forge == "group":
            family = AffineFamily(AffineCharacter.on_generators(other, reflection=(-1, 1)))
            return replace(solution, lower=family, upper=family)
        if forge == "image":
            family = AffineFamily(AffineCharacter.on_generators(solution.lower.scalars, reflection=(-1, 2)))
            return replace(solution, lower=family, upper=family)
        return replace(solution, facts=solution.facts[:-1])

    monkeypatch.setattr(affine_api, "solve_affine", wrong)
    answer = derive("sigmoid")
    assert answer.status == "bounded" and answer.questions
    assert answer.lower.scalars.type == "trivial" and answer.upper.scalars.type == "affine-line"
    assert "the check of the proof says" in answer.questions[0]
    data = answer.to_json()
    assert data["lower"]["affine"] == {"type": "trivial"} and data["upper"]["affine"] == {"type": "affine-line"}
    assert "between S_n and AGL_n" in repr(answer) and "Open: " in answer.explain()
    assert r"\le \widehat G_\sigma \le" in answer._repr_latex_()


def test_an_activation_needs_a_domain() -> None:
    for text in ("log(-1 - x**2)", "x > 0", "x +"):
        with pytest.raises(iw.IntertwineError) as caught:
            derive(text)
        assert "\n" not in str(caught.value)
