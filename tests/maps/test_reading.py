"""Input: text and SymPy in several variables, and one clear line for what cannot be used."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from intertwine.calculus.core import to_core
from intertwine.errors import DomainError, ExpressionError, IntertwineError
from intertwine.maps.expressions import read_map
from intertwine.maps.feasible import interior_point, quadratic_sign, signature
from intertwine.maps.jets import Jets
from intertwine.maps.regions import Region
from intertwine.maps.report import expression
from intertwine.maps.solution import solve_map


def test_text_and_sympy_are_the_same_map() -> None:
    a, b = sp.symbols("a b", real=True)
    text = read_map("[Max(x1, x2), x1*exp(x2)]")
    assert read_map([sp.Max(a, b), a * sp.exp(b)], variables=(a, b)).terms == text.terms
    assert read_map(["Max(u, v)", "u*exp(v)"], variables=("u", "v")).terms == text.terms
    assert read_map(text.texts()).terms == text.terms


def test_a_float_is_the_decimal_that_it_prints_as() -> None:
    x, y = sp.symbols("x y", real=True)
    exact = read_map(["x1/10", "7/2"], dim=2).terms
    assert read_map([0.1 * x, 3.5], variables=(x, y)).terms == exact
    assert read_map([sp.Float("0.1") * x, sp.Float(3.5)], variables=(x, y)).terms == exact
    assert read_map(["0.1*x1", "3.5"], dim=2).terms == exact


@pytest.mark.parametrize(
    "text", ["[log(-1 - x1**2)]", "[x2/(x1 - x1)]", "[sqrt(-1 - x1**2) + x2]", "[log(x1) + log(-x1)]"]
)
def test_a_map_that_is_defined_nowhere(text: str) -> None:
    with pytest.raises(DomainError, match="nowhere"):
        solve_map(text)


def test_parts_that_are_constant_make_no_cases() -> None:
    answer = solve_map("[-4*x2*x3**2, Abs(x2**2 - x2**2)]")
    assert (answer.status, answer.dimension, answer.components) == ("exact", 5, 8)
    assert read_map("[sign(x2 - x2) + x1, Abs(x1 - x1 - 3)*x2]").core() == read_map("[x1, 3*x2]").core()


def test_removable_singularities_do_not_end_the_domain() -> None:
    assert read_map("[x1**2/x1, (x1**2 - x2**2)/(x1 - x2), sin(x1*x2)/(x1*x2)]").core() == read_map(
        "[x1, x1 + x2, sinc(x1*x2)]").core()
    for kept in ("log(x1)/log(x1)", "Max(x1, 0)*x2/Max(x1, 0)", "x1/x2", "(x1 + x2)/(x1 - x2)"):
        assert read_map(kept, dim=2).core() == tuple(to_core(t) for t in read_map(kept, dim=2).terms)


def test_dimension_beyond_the_variables_that_occur() -> None:
    assert read_map("x1", dim=3).n == 3
    assert solve_map("x1", dim=2).dimension == 3


@pytest.mark.parametrize(
    ("given_", "options"),
    [
        ("[]", {}), ("[x1,", {}), ("x7", {}), ("x3", {"dim": 2}), ("foo(x1)", {}), ("[x1, y]", {}), ("x1 > x2", {}),
        (["x1"] * 7, {}), ("x1", {"dim": 0}), ("x1", {"dim": 9}), ("u", {"variables": ("u", "u")}),
        ("sin", {"variables": ("u", "v")}), ([3.5j], {}), ("x1", {"variables": ("x1", "x2"), "dim": 3}),
        (sp.Symbol("x", positive=True), {}), ([sp.zeta(sp.Symbol("x", real=True))], {}),
        ([sp.I * sp.Symbol("x", real=True)], {}), ([sp.nan], {"variables": ("x",)}), ([sp.oo], {"variables": ("x",)}),
        ([sp.zoo], {"variables": ("x",)}), ([float("nan")], {"variables": ("x",)}), ([1j], {"variables": ("x",)}),
        (["nan*x1"], {}), ([], {"variables": ("x",)}), (["x1"], {"variables": ()}), ([None, "x1"], {}),
        (["x*z"], {"variables": ("x", "y")}), ([sp.Symbol("z", real=True)], {"variables": ("x", "y")}),
        (["x1"], {"variables": tuple("abcdefg")}), (["a*b"], {"variables": "a b"}), (["x1"], {"variables": 2}),
        (["x1"], {"variables": {"x1", "x2"}}), ({"x1", "x2"}, {}), (["lambda*x"], {"variables": ("lambda", "x")}),
        ([True, "x1"], {}), ([["x1"]], {}), ([sp.Symbol("x") < 1], {"variables": ("x",)}),
    ],
)
def test_one_clear_line(given_: object, options: dict[str, object]) -> None:
    with pytest.raises(ExpressionError) as caught:
        read_map(given_, **options)  # type: ignore[arg-type]
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("text", ["[floor(x1) + x2]", "[Max(sin(x1), x2)]", "[log(-1 - x1**2)]", "[tan(x1)*x2]"])
def test_what_cannot_be_analysed_is_said(text: str) -> None:
    try:
        answer = solve_map(text)
    except IntertwineError as error:
        assert len(str(error).splitlines()) == 1
    else:
        assert answer.status == "bounded" or answer.dimension >= 0


@given(st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4), st.integers(-4, 4)), max_size=7))
def test_linear_programming_by_its_definition(rows: list[tuple[int, int, int]]) -> None:
    exact = [tuple(map(Fraction, r)) for r in rows]
    point = interior_point(exact, 2)
    if point is not None:
        assert all(r[0] * point[0] + r[1] * point[1] + r[2] > 0 for r in exact)
    else:
        grid = [Fraction(k, 3) for k in range(-40, 41)]
        assert not any(all(r[0] * x + r[1] * y + r[2] > 0 for r in exact) for x in grid for y in grid)


@given(st.lists(st.integers(-3, 3), min_size=6, max_size=6))
def test_signature_against_eigenvalues(entries: list[int]) -> None:
    a, b, c, d, e, f = entries
    matrix = sp.Matrix([[a, b, c], [b, d, e], [c, e, f]])
    found = signature([[Fraction(int(v)) for v in row] for row in matrix.tolist()])
    values = [float(v) for v in mpmath.eigsy(mpmath.matrix(matrix.tolist()), eigvals_only=True)]
    assert found == (sum(v > 1e-9 for v in values), sum(v < -1e-9 for v in values))


@given(st.lists(st.integers(-3, 3), min_size=6, max_size=6))
def test_sign_of_a_quadratic_by_values(c: list[int]) -> None:
    keys = [(2, 0), (1, 1), (0, 2), (1, 0), (0, 1), (0, 0)]
    polynomial = {k: Fraction(v) for k, v in zip(keys, c, strict=True) if v}
    if not polynomial:
        return
    found = quadratic_sign(polynomial, 2)
    values = [sum(v * x**i * y**j for (i, j), v in polynomial.items()) for x in range(-6, 7) for y in range(-6, 7)]
    if found is not None:
        assert all(v * found[0] >= 0 for v in values)
        assert not found[1] or all(values)


@pytest.mark.parametrize(
    "text",
    ["exp(x1*x2) + sin(x1)", "log(1 + exp(x1 - x2))", "tanh(x1)*x2", "erf(x1 + x2**2)", "sqrt(1 + x1 + x2)",
     "atan(x1)*cos(x2)", "1/(2 + x1*x2)", "asinh(x1) + asin(x2/2)", "(2 + x1)**x2"],
)
def test_jets_against_sympy(text: str) -> None:
    source = read_map(text)
    order = 4
    region = Region(2)
    parts = Jets(region, order).of(source.core()[0])
    x, y, t = sp.symbols("x1 x2 t", real=True)
    f = expression(source.terms[0])
    line = f.subs({x: 3 * t, y: -2 * t}, simultaneous=True)
    for k in range(order + 1):
        expected = sp.diff(line, t, k).subs(t, 0) / sp.factorial(k)
        term = region.tower.term_of(parts[k])
        got = expression(term).subs({x: 3, y: -2}, simultaneous=True) if not parts[k].is_zero() else sp.S.Zero
        assert abs(sp.N(expected - got, 30)) < 1e-25
