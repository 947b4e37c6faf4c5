"""The public entry point: what goes in, what comes out, time limits, caching, threads and processes."""

from __future__ import annotations

import json
import multiprocessing
import pickle
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
import sympy as sp

import intertwine as iw
from intertwine import api
from intertwine.activations import CATALOGUE
from intertwine.parsing import parse_term
from intertwine.terms import X, apply, num, to_text

x = sp.Symbol("x", real=True)
SAMPLE = (
    "relu", "gelu", "tanh(x)", "x**3", "sin(log(x))", "Max(x,-2*x)", "x", "2*x+1", "5", "1/x", "sqrt(x)", "log(Abs(x))",
    "x*abs(x)", "softplus(x)", "x**3+x/10**30",
    "Abs(sin(x))", "frac(log(Abs(x))/log(2))", "floor(x)", "Piecewise((x**2,x>0),(-3*x,True))", "erf(x)/2", "sinc(x)",
    "cbrt(x)", "leaky_relu(x,1/5)", "besselj(0,x)",
)  # fmt: skip


@pytest.fixture
def empty_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_cache", {})


def summary(answer: Any) -> tuple[Any, ...]:
    return answer.status, answer.kind, answer.scalars, str(answer.character), answer.unique, answer.lower, answer.upper


SAME = (
    ("Max(0,x)", sp.Max(0, x), lambda t: sp.Max(0, t)), ("x*tanh(x)", x * sp.tanh(x), lambda t: t * sp.tanh(t)),
    ("x**3/7", x**3 / 7, lambda t: t**3 / 7),
    ("Abs(x)", abs(x), abs), ("2*x+1", 2 * x + 1, lambda t: 2 * t + 1),
    ("exp(-x**2)", sp.exp(-(x**2)), lambda t: sp.exp(-(t**2))), ("x", x, lambda t: t),
    ("Piecewise((x,x>0),(0,True))", sp.Piecewise((x, x > 0), (0, True)), lambda t: sp.Piecewise((t, t > 0), (0, True))),
    ("sign(x)", sp.sign(x), sp.sign),
    ("sin(log(x))", sp.sin(sp.log(x)), lambda t: sp.sin(sp.log(t))),
    ("sqrt(2)*x", sp.sqrt(2) * x, lambda t: sp.sqrt(2) * t),
)  # fmt: skip


@pytest.mark.parametrize(("text", "expression", "function"), SAME, ids=lambda v: v if isinstance(v, str) else "")
def test_text_sympy_and_callable_agree(text: str, expression: sp.Expr, function: Any) -> None:
    answers = [iw.derive(text), iw.derive(expression), iw.derive(function), iw.derive(parse_term(text))]
    assert len({summary(a)[:3] for a in answers}) == 1
    assert {str(a.character) for a in answers} == {str(answers[0].character)}


@pytest.mark.parametrize("name", sorted(CATALOGUE)[::6])
def test_catalogue_names_are_their_expressions(name: str) -> None:
    by_name, by_call = iw.derive(name), iw.derive(f"{name}(x)")
    assert by_name.activation == CATALOGUE[name].build() == by_call.activation
    assert summary(by_name) == summary(by_call) == summary(iw.derive(to_text(CATALOGUE[name].build())))


def test_other_symbols_and_spellings() -> None:
    t = sp.Symbol("t")
    assert iw.derive(sp.tanh(t)).kind == iw.derive("TANH(x)".lower()).kind == "signed permutation"
    assert iw.derive("ReLU").scalars == iw.derive("relu").scalars


@pytest.mark.parametrize("wrong", [None, 3, 2.5, b"x", [], [None], {"x": 1}, object(), np.array([1.0])])
def test_other_types_are_refused(wrong: Any) -> None:
    with pytest.raises(iw.ExpressionError) as caught:
        iw.derive(wrong)
    assert "\n" not in str(caught.value)


BAD = (
    ("x+", 2), ("x + y", 5), ("sin(x", None), ("foo(x)", 1), ("x.real", None), ("__import__('os')", None),
    ("x if x else 1", None), ("[x]", None), ("", None), ("sin(x, x)", None),
    ("9**9**9**9", None), ("lambda x: x", None), ("x; x", None), ("x**", None), ("'x'", None), ("1/0", None),
    ("x @ x", None), ("f(x)(x)", None), ("x > 0", 1),
)  # fmt: skip


@pytest.mark.parametrize(("text", "column"), BAD, ids=lambda v: repr(v))
def test_errors_are_one_line_and_show_the_place(text: str, column: int | None) -> None:
    with pytest.raises(iw.ExpressionError) as caught:
        iw.derive(text)
    message = str(caught.value)
    assert message and "\n" not in message and len(message) < 400
    assert isinstance(caught.value, ValueError)
    if column is not None:
        assert f"column {column}" in message


@pytest.mark.parametrize("text", ["log(-x**2)", "Piecewise((1,Eq(x,3)))"])
def test_an_activation_needs_a_domain(text: str) -> None:
    with pytest.raises(iw.DomainError) as caught:
        iw.derive(text)
    assert "\n" not in str(caught.value)


def test_a_sympy_callable_that_fails_is_reported() -> None:
    def broken(t: sp.Expr) -> sp.Expr:
        raise RuntimeError("no such thing")

    with pytest.raises((iw.ExpressionError, RuntimeError)) as caught:
        iw.derive(broken)
    assert "\n" not in str(caught.value)
    with pytest.raises(iw.ExpressionError):
        iw.derive(lambda t: "x")
    with pytest.raises(iw.ExpressionError):
        iw.derive(sp.Symbol("t") + sp.Symbol("y"))  # which of them is the variable?


# -- time limits ---------------------------------------------------------------------
SLOW = "Max(sin(x),cos(2*x),Abs(sin(3*x)))*gelu(gelu(x))+besselj(3,x)*Abs(tan(x))"


@pytest.mark.usefixtures("empty_cache")
def test_a_tiny_timeout_raises_promptly_and_a_later_call_works() -> None:
    for text in (SLOW, "x*sigmoid(1.7*x)+sin(x)", "relu"):
        start = time.monotonic()
        with pytest.raises(iw.DerivationTimeout) as caught:
            iw.derive(text, timeout=1e-9)
        assert time.monotonic() - start < 2
        assert isinstance(caught.value, TimeoutError) and "\n" not in str(caught.value)
    assert iw.derive("relu").status == iw.derive("x*sigmoid(1.7*x)+sin(x)").status == "exact"
    assert iw.derive("relu", timeout=None).status == "exact"


@pytest.mark.usefixtures("empty_cache")
@pytest.mark.parametrize("text", [
    SLOW, "+".join(f"Abs(sin({k}*x)-x/{k})" for k in range(1, 15)), "gelu(" * 6 + "x" + ")" * 6,
    "(1+x+sin(x)+exp(x))**40", "x**200*log(x**100+1)-sinh(x)**50",
    "Piecewise(" + ",".join(f"(x**{k}, sin({k}*x)>cos(x)/{k})" for k in range(1, 12)) + ",(0,True))",
])  # fmt: skip
def test_a_timeout_is_kept(text: str) -> None:
    start = time.monotonic()
    with suppress(iw.DerivationTimeout):
        iw.derive(text, timeout=0.5)
    assert time.monotonic() - start < 5


@pytest.mark.usefixtures("empty_cache")
def test_answers_are_remembered_and_failures_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[Any] = []
    solve = api.solve_linear
    monkeypatch.setattr(api, "solve_linear", lambda term: calls.append(term) or solve(term))
    first, second = iw.derive("Max(0, x)"), iw.derive("relu")
    assert len(calls) == 1 and first.solution is second.solution
    iw.derive("relu", timeout=1e-9)  # nothing left to compute
    with pytest.raises(iw.DerivationTimeout):
        iw.derive("gelu", timeout=1e-9)
    assert iw.derive("gelu").status == "exact"
    with pytest.raises(iw.DomainError):
        iw.derive("log(-x**2)")
    with pytest.raises(iw.DomainError):
        iw.derive("log(-x**2)")
    assert len(calls) == 5


@pytest.mark.usefixtures("empty_cache")
def test_the_cache_does_not_grow_without_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "MOST_CACHED", 3)
    for k in range(2, 10):
        iw.derive(f"x**{k}")
    assert len(api._cache) <= 3


# -- threads and processes -----------------------------------------------------------
@pytest.mark.usefixtures("empty_cache")
def test_threads_give_the_answers_of_a_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    serial = [summary(iw.derive(text)) for text in SAMPLE]
    monkeypatch.setattr(api, "_cache", {})
    with ThreadPoolExecutor(8) as pool:
        parallel = list(pool.map(lambda text: summary(iw.derive(text)), SAMPLE * 2))
    assert parallel == serial * 2


@pytest.mark.usefixtures("empty_cache")
def test_a_timeout_in_one_thread_leaves_the_others_alone() -> None:
    def attempt(k: int) -> str:
        try:
            return iw.derive(f"x**3+x/{k + 2}", timeout=1e-9 if k % 2 else 30).kind
        except iw.DerivationTimeout:
            return "timeout"

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(attempt, range(12)))
    assert answers == ["signed permutation", "timeout"] * 6


def _in_another_process(text: str) -> tuple[str, str, Any]:
    answer = iw.derive(text)
    return answer.kind, answer.status, answer.activation


def _of_a_term(term: Any) -> tuple[bool, bool, str]:
    return term == parse_term(to_text(term)), hash(term) == hash(parse_term(to_text(term))), iw.derive(term).kind


def test_spawned_processes() -> None:
    texts = ["relu", "x+sin(x)", "sin(log(x))"]
    term = parse_term("x+sin(x)")
    assert hash(term) is not None  # a hash is remembered, and must not travel: it differs from process to process
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        answers = pool.map(_in_another_process, texts)
        assert pool.apply(_of_a_term, (term,)) == (True, True, "signed permutation")
        returned = pool.apply(iw.derive, ("x+sin(x)",))
    for text, (kind, status, activation) in zip(texts, answers, strict=True):
        here = iw.derive(text)
        assert (kind, status) == (here.kind, here.status)
        assert activation == here.activation and hash(activation) == hash(here.activation)
    assert summary(returned) == summary(iw.derive("x+sin(x)")) and returned.activation == term


@pytest.mark.parametrize("text", SAMPLE)
def test_answers_can_be_pickled(text: str) -> None:
    answer = iw.derive(text)
    again = pickle.loads(pickle.dumps(answer))
    assert summary(again) == summary(answer) and again.activation == answer.activation
    assert repr(again) == repr(answer) and again(3) == answer(3)


# -- the answer ----------------------------------------------------------------------
@pytest.mark.parametrize("text", SAMPLE)
def test_the_shape_of_an_answer(text: str) -> None:
    answer = iw.derive(text)
    assert answer.status in ("exact", "bounded")
    assert answer.lower <= answer.upper
    assert (answer.questions == ()) == (answer.status == "exact") == (answer.lower == answer.upper)
    assert to_text(answer.activation) in repr(answer) and "\n" not in repr(answer)
    assert isinstance(answer.character, sp.Lambda) and isinstance(answer.expression, sp.Expr)
    assert answer(2).contains(sp.eye(2)) and not answer(2).contains(sp.zeros(2))


def test_a_bounded_answer_says_what_is_open() -> None:
    hard = ("besselj(0,x)*besselj(0,1/x)", "tan(x)*tan(1/x)+gamma(sin(x)*sin(1/x))", "gamma(-x)*gamma(-1/x)*gamma(x)")
    for answer in filter(lambda a: a.status == "bounded", map(iw.derive, hard)):
        assert answer.questions and all(q and "\n" not in q for q in answer.questions)
        assert answer.lower <= answer.upper and not answer.upper <= answer.lower
        assert "between" in repr(answer)
        data = answer.to_json()
        assert data["lower"] and data["upper"] and data["questions"]


@pytest.mark.parametrize("text", ["relu", "sin(log(x))", "2*x+1", "5", "tanh(x)"])
def test_json_and_latex(text: str) -> None:
    answer = iw.derive(text)
    data = json.loads(json.dumps(answer.to_json()))
    assert (data["schema"], data["mode"], data["status"], data["kind"]) == (1, "linear", answer.status, answer.kind)
    assert parse_term(data["activation"]) == answer.activation
    latex = answer._repr_latex_()
    assert latex.startswith("$") and latex.rstrip().endswith("$") and latex.count("{") == latex.count("}")
    assert answer.explain().strip()


@pytest.mark.parametrize("text", ["relu", "tanh(x)", "x**3", "x", "Max(x,-2*x)"])
def test_the_group_does_what_it_says(text: str, rng: np.random.Generator) -> None:
    answer = iw.derive(text)
    function = sp.lambdify(sp.Symbol("x", real=True), answer.expression, "numpy")
    element = answer(4).sample(rng)
    a, b = np.asarray(element.element.to_matrix()), np.asarray(element.image.to_matrix())
    points = rng.normal(size=(4, 50))
    assert np.allclose(function(a @ points), b @ function(points), rtol=1e-10, atol=1e-12)


def test_terms_are_accepted() -> None:
    assert iw.derive(apply("Max", num(0), X)).kind == "positive-scaled permutation"


@pytest.mark.parametrize(
    "text", ["sign(sin(x)**2+cos(x)**2-1)", "x+sign(sin(x)**2+cos(x)**2-1)", "sign(log(exp(x))-x)+x"]
)
@pytest.mark.parametrize("affine", [False, True])
def test_a_sign_of_something_that_is_zero_everywhere_is_not_refused(text: str, affine: bool) -> None:
    """The balls do not decide a single value, which says nothing about the domain."""
    answer = iw.derive(text, affine=affine)
    assert answer.status == "bounded" or answer.lower(2).dimension >= 4


def test_the_value_of_heaviside_at_zero_may_be_given() -> None:
    assert iw.derive("Heaviside(x, 1)").kind == "positive-scaled permutation"
    assert iw.derive("Heaviside(x, 0) + Heaviside(-x, 0)").kind == "monomial"
