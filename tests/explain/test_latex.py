"""LaTeX for notebooks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

import intertwine as iw
from intertwine.explain.notation import character_latex, term_latex
from intertwine.groups import Character, SignCyclic
from intertwine.parsing import parse_term
from intertwine.terms import Term
from tests.terms.strategies import terms


@pytest.mark.parametrize(("activation", "group"), [
    ("x", r"G_\sigma = \mathrm{GL}_n(\mathbb{R}),\quad \phi(A) = A"),
    ("relu", r"G_\sigma = \mathbb{R}_{>0} \wr \mathrm{Sym}(n)"),
    ("sigmoid", r"G_\sigma = \mathrm{Sym}(n),\quad \phi(P) = P"),
    ("exp(-x**2/2)", r"G_\sigma = \{\pm 1\} \wr \mathrm{Sym}(n)"),
    ("x**3", r"\chi(a) = a^{3}"),
    ("x*sin(log(Abs(x)))", r"\pm\langle e^{\pi} \rangle \wr \mathrm{Sym}(n)"),
    ("2*x + 1", r"A\mathbf{1} = \mathbf{1}"),
    ("3", r"\mathrm{GL}_n(\mathbb{R})"),
])
def test_answers(activation: str, group: str) -> None:
    shown = iw.derive(activation)._repr_latex_()
    assert shown.startswith("$") and shown.endswith("$") and "\n" not in shown
    assert group in shown


@pytest.mark.parametrize(("text", "latex"), [
    ("x*(1 + x)/2", r"\frac{x \, \left(x + 1\right)}{2}"),
    ("1/(1 + exp(-x))", r"\frac{1}{e^{-x} + 1}"),
    ("-x**2", r"-x^{2}"),
    ("(x + 1)**(2/3)", r"\left(x + 1\right)^{2/3}"),
    ("2**x", r"2^{x}"),
    ("sqrt(x)/x", r"\frac{\sqrt{x}}{x}"),
    ("asin(x) - atan(x)", r"\arcsin(x) - \arctan(x)"),
    ("erf(x)*gamma(x)", r"\mathrm{erf}(x) \, \Gamma(x)"),
    ("besselj(1/2, x)", r"J_{\frac{1}{2}}(x)"),
    ("floor(x) + cbrt(x) + Mod(x, 2)", r"\left\lfloor x \right\rfloor + \sqrt[3]{x} + \left(x \bmod 2\right)"),
    ("Piecewise((x, x > 0), (0, True))", r"\begin{cases} x & 0 < x \\ 0 & \text{true} \end{cases}"),
    ("Piecewise((x, ~((x < 1) & Ne(x, 0))))", r"\neg\left(\left(x < 1\right) \wedge \left(x \ne 0\right)\right)"),
])
def test_terms(text: str, latex: str) -> None:
    assert latex in term_latex(parse_term(text))


def test_characters() -> None:
    import sympy as sp

    chi = Character.on_generator(SignCyclic(sp.sqrt(3)), -3, -1)
    assert character_latex(chi) == r"\chi(\sqrt{3}) = -3,\ \chi(-1) = -1"


def test_exponents_beyond_the_language_are_shown_as_text() -> None:
    assert iw.derive("(x**(1/1000000))**(1/3)")._repr_latex_().endswith(r"\chi(a) = \text{a**(1/3000000)}$")


@settings(max_examples=150)
@given(terms)
def test_brackets_of_any_term_are_balanced(term: Term) -> None:
    shown = term_latex(term)
    assert shown.count("{") == shown.count("}")
    assert shown.count(r"\left") - shown.count(r"\left\l") == shown.count(r"\right") - shown.count(r"\right\r")


def test_long_expressions_are_named_by_their_size() -> None:
    term = parse_term(" + ".join(f"sin({k}*x)" for k in range(1, 200)))
    assert term_latex(term) == rf"\text{{(an expression of {term.size} symbols)}}"


def test_a_constant_that_sympy_cannot_order_is_written() -> None:
    # SymPy's own printers would evaluate exp(exp(exp(100))).
    assert term_latex(parse_term("1 + exp(exp(exp(100)))")) == "e^{e^{e^{100}}} + 1"
