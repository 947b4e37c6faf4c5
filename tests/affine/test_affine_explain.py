"""The affine derivation for people: its steps, its numbers and its words."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

import intertwine as iw
from intertwine.activations import CATALOGUE
from intertwine.affine.oneends import End
from intertwine.affine.spans import Span
from intertwine.calculus.core import to_core
from intertwine.explain.affine.facts import describe
from intertwine.parsing import parse_term
from intertwine.terms import X
from tests.affine.collection import FAMILIES

SAMPLE = sorted({case.text for family in FAMILIES.values() for case in family[::4]})


def plain(activation: str) -> str:
    """The explanation in one line."""
    return " ".join(iw.derive(activation, affine=True).explain().split())


@pytest.mark.parametrize("activation", [*CATALOGUE][::5] + SAMPLE)
def test_steps_are_numbered_and_every_fact_has_a_sentence(activation: str) -> None:
    group = iw.derive(activation, affine=True)
    lines = group.explain().splitlines()
    numbers = [int(found[1]) for line in lines if (found := re.match(r"(\d+)\. ", line))]
    assert numbers == list(range(1, len(numbers) + 1)) and numbers
    assert all(len(line) <= 100 or " " not in line.strip() for line in lines)
    assert lines[0].startswith("The activation is s(x) = ")
    assert any(line.startswith("Answer: ") for line in lines)
    core = to_core(group.activation)
    for fact in group.solution.facts:
        said = describe(fact, core)
        assert said.endswith(".") and not said.startswith(type(fact).__name__)


def test_sigmoid_in_words() -> None:
    story = plain("sigmoid")
    assert "Theorem 1 for affine maps" in story and "(B, d) is determined by (A, c)" in story
    assert "differences of these values are not in geometric progression" in story
    assert "If all dilations about a point p are in T, then 5 <= p <= 8" in story
    assert "x -> -x (the reflection in 0) is in T: s(-x) = 1 - s(x) for all x." in story
    assert "So T = ⟨t ↦ -t⟩." in story and "on one coordinate: t ↦ -t." in story


def test_a_lattice_in_words() -> None:
    story = plain("exp(x)*sin(x)")
    assert "let g(x) = s'(log(x)) for x > 0" in story and "exp(c) is a scaling of g" in story
    assert "no such d lies strictly between 1 and" in story
    assert "x -> x + pi is in T: s(x + pi) = -exp(pi)*s(x) for all x." in story
    assert "Theorem 11: the translations in T are the multiples of π" in story
    assert "No reflection with a centre p between" in story and "So T = Z·π." in story


def test_dilations_in_words() -> None:
    story = plain("Max(0, 2*x + 3)")
    assert "On x > -3/2, s(x) = 2*(x + 3/2): a power of the distance with an offset." in story
    assert "On x < -3/2, s(x) = 0: a constant." in story and "s(-3/2) = 0." in story
    assert "So T = R>0 at -3/2" in story
    assert "on one coordinate: t ↦ a*(t + 3/2) - 3/2 for a > 0" in story


def test_discrete_dilations_and_logarithms_in_words() -> None:
    assert "Theorem 13" in plain("sin(log(x))") and "So T = R* at 2" in plain("log(Abs(x - 2))")
    assert "log(Abs(x - 2)): a logarithm of the distance" in plain("log(Abs(x - 2))")


def test_exponentials_and_affine_functions_in_words() -> None:
    assert "passes every translation, with b = exp(λ*c) and d = β*(1 - b)" in plain("exp(-x) + 2")
    assert "An affine function passes every affine map" in plain("2*x + 1")
    assert "(B, d) is not unique" in plain("5")


def test_reflections_that_are_excluded() -> None:
    story = plain("gelu")
    assert "The first of the zeros of the derivative of s of order 2 is within" in story
    assert "of 0 is in T: for each such p the three points (s(x), s(2*p - x))" in story
    assert "so no reflection is in T, which would exchange the ends" in plain("softplus")


@pytest.mark.parametrize(("fact", "words"), [
    (Span("exponential", (), Fraction(0), Fraction(1)), "For 0 < x < 1 s is an exponential function with an offset"),
    (Span("bend", (Fraction(1), Fraction(2), Fraction(5)), Fraction(0), Fraction(1)), "then 0 <= p <= 5: s is affine"),
])
def test_spans(fact: object, words: str) -> None:
    assert words in describe(fact, X)


@pytest.mark.parametrize("activation", ["sin(x**2)", "x**3 + sin(x)", "sin(x)/x"])
def test_ends(activation: str) -> None:
    facts = iw.derive(activation, affine=True).solution.facts
    ends = [f for f in facts if isinstance(f, End)]
    assert ends and all("the leading term of s' is" in describe(f, X) for f in ends)


@pytest.mark.parametrize(("activation", "latex"), [
    ("sigmoid", r"\psi(t \mapsto - t) = (y \mapsto 1 - y)"), ("gelu", r"\widehat G_\sigma = \mathrm{Sym}(n)$"),
    ("x**2 + x", r"b = |a|^{2},\ d = - \frac{1}{4} \, (1 - b)"), ("relu", r"b = a,\ d = 0"),
    ("sign(x)", r"b = \mathrm{sgn}(a),\ d = 0"), ("exp(-2*x) + 1", r"b = e^{- 2 c},\ d = 1 - b"),
    ("log(x)", r"b = 1,\ d = \log a"), ("x", r"\mathrm{AGL}_n(\mathbb{R}),\quad B = A"),
    ("5", r"\mathrm{AGL}_n(\mathbb{R})$"),
])  # fmt: skip
def test_latex(activation: str, latex: str) -> None:
    shown = iw.derive(activation, affine=True)._repr_latex_()
    assert latex in shown and shown.startswith("$") and shown.endswith("$") and "\n" not in shown
    assert shown.count("{") == shown.count("}")


def test_the_activation_is_shown_as_it_was_read() -> None:
    assert plain("Max(0, x)").startswith(f"The activation is s(x) = {parse_term('Max(0, x)')}.")
