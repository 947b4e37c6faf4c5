"""Relations between activations: argued by hand, made by construction, and broken on purpose."""

from __future__ import annotations

import json
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

import intertwine as iw
from intertwine.activations import activation_names
from intertwine.errors import DomainError, ExpressionError, Undecided
from intertwine.pairs.compare import compare
from intertwine.pairs.equivalence import profile
from intertwine.pairs.reasons import Relation
from intertwine.terms import apply, mul, num, power
from tests.effort import examples
from tests.pairs.moved import X, factors, moved, names, read, shifts

# (σ, τ): related by scalings, related by affine maps
BY_HAND = [
    ("relu", "leaky_relu(x, 0.1)", False, False),  # zero on a half-line, or not
    ("relu", "relu(-3*x)", True, True),
    ("relu", "absolute", False, False),  # |t| = relu(t) + relu(-t) needs two units
    ("relu", "relu6", False, False),
    ("tanh", "sigmoid", False, True),  # tanh(t/2) = 2σ(t) - 1
    ("softplus(3*x)/3", "softplus", True, True),
    ("softplus", "log_sigmoid", True, True),  # log σ(-t) = -softplus(t)
    ("sin", "cos", False, True),
    ("sin(x) + cos(x)", "sin", False, True),
    ("snake", "sin", False, False),  # unbounded, bounded
    ("exp(x)", "2**x", True, True),
    ("exp(x) + x", "exp(x) + 2*x", False, True),  # t + log 2
    ("exp(x) + x", "exp(x) - 2*x", False, False),
    ("exp(x)", "exp(x) + x", False, False),
    ("erf(x)", "erfc(x)", False, True),
    ("gelu", "x*(1 + erf(x/sqrt(2)))", True, True),
    ("gelu", "gelu_tanh", False, False),
    ("gelu", "silu", False, False),
    ("silu", "quick_gelu", True, True),
    ("silu", "logish", False, False),
    ("mish", "serf", False, False),
    ("hard_tanh", "relu6", False, True),
    ("hard_sigmoid", "hard_tanh", False, True),
    ("hard_sigmoid", "sigmoid", False, False),
    ("x**2", "x**2 + x", False, True),
    ("x**3", "x**3 + x", False, False),
    ("x**3", "(2*x + 1)**3 - 5", False, True),
    ("x**2", "bent_identity", False, False),
    ("x**2", "x**4", False, False),
    ("bent_identity", "multiquadric", False, False),  # the linear part of one is no multiple of a constant
    ("gaussian", "rbf", True, True),
    ("gaussian", "quadratic", False, False),
    ("signum", "step", False, True),
    ("cloglog", "loglog", False, True),
    ("log(x)", "log(2*x + 1)", False, True),
    ("log(x)", "log(x)/3 + 1", True, True),
    ("1/x", "5/(2*x - 1) + 3", False, True),
    ("sqrt(x)", "sqrt(3 - 2*x)", False, True),
    ("cbrt(x)", "cbrt(-sqrt(3)*x - 2)", False, True),
    ("tan(x)", "cot(x)", False, True),
    ("sin(log(Abs(x)))", "cos(log(Abs(x)))", True, True),
    ("sin(log(Abs(x)))", "2 + sin(log(Abs(x)))", False, True),
    ("x", "-5*x", True, True),
    ("x", "x + 1", False, True),
    ("x + 1", "3*x - 2", True, True),
    ("x", "1", False, False),
    ("1", "5", True, True),
    ("1", "0", False, True),
    ("0", "0", True, True),
    ("log(exp(x))", "x", True, True),
]


@pytest.mark.parametrize(("first", "second", "linear", "affine"), BY_HAND)
def test_argued_by_hand(first: str, second: str, linear: bool, affine: bool) -> None:
    for a, b in ((first, second), (second, first)):
        assert iw.equivalent(a, b, affine=False).answer is linear
        assert iw.equivalent(a, b, affine=True).answer is affine


def check_relation(e: iw.Equivalence) -> None:
    """The maps, at many floating-point arguments, against SymPy's own evaluation."""
    x = sp.Symbol("x", real=True)
    from intertwine.terms.sympy_bridge import to_sympy

    s, t = (sp.lambdify(x, to_sympy(u), "mpmath") for u in (e.first, e.second))
    a, c, b, d = (sp.N(v, 30) for v in (e.a, e.c, e.b, e.d))
    for p in (-2.3, -1.1, -0.37, 0.2, 0.9, 1.7, 2.6):
        try:
            left, right = complex(t(a * p + c)), complex(b * s(sp.Float(p)) + d)
        except (ValueError, ZeroDivisionError, TypeError):
            continue
        if abs(left.imag) + abs(right.imag) > 1e-12:
            continue
        assert abs(left - right) <= 1e-9 * max(1, abs(left)), (e, p)


@pytest.mark.parametrize(("first", "second"), [(a, b) for a, b, _, yes in BY_HAND if yes and "Abs" not in a])
def test_the_maps_hold_numerically(first: str, second: str) -> None:
    check_relation(iw.equivalent(first, second))


@settings(max_examples=examples(40))
@given(names, factors, shifts, factors, shifts)
def test_what_is_related_by_construction_is_never_called_unrelated(name, a, c, b, d):
    s = read(name)
    for t in (moved(s, a, c, b, d), moved(s, a, num(0), b, num(0))):
        affine = True
        assert compare(profile(s), profile(t), affine).answer is not False
        assert compare(profile(t), profile(s), affine).answer is not False


@settings(max_examples=40)
@given(names, factors, factors)
def test_scalings_by_construction_are_found(name, a, b):
    s = read(name)
    t = moved(s, a, num(0), b, num(0))
    verdict = compare(profile(s), profile(t), False)
    assert verdict.answer is True
    assert isinstance(verdict.relation, Relation)


@settings(max_examples=examples(12))
@given(names, st.sampled_from([num(2), num(-1), num(1, 3)]), st.sampled_from([num(1), num(-1, 2)]))
def test_a_hidden_term_breaks_a_relation(name, a, c):
    # x**5*exp(-x**2)/10**25 is far below floating-point resolution
    s = read(name)
    dent = mul(num(1, 10**25), power(X, num(5)), apply("exp", mul(num(-1), power(X, num(2)))))
    t = moved(s, a, c, num(1), num(0)) + dent.subs(mul(a, X) + c)
    assert compare(profile(s), profile(t), True).answer is not True


@pytest.mark.parametrize("affine", [False, True])
@settings(max_examples=40)
@given(data=st.data())
def test_symmetric_and_transitive(affine, data):
    one, two, three = (data.draw(names) for _ in range(3))
    ab, ba = (iw.equivalent(x, y, affine=affine).answer for x, y in ((one, two), (two, one)))
    assert not (ab is True and ba is False) and not (ab is False and ba is True)
    bc, ac = (iw.equivalent(x, y, affine=affine).answer for x, y in ((two, three), (one, three)))
    if ab and bc:
        assert ac is not False


def test_every_activation_is_related_to_itself() -> None:
    for name in activation_names():
        assert iw.equivalent(name, name, affine=False).answer is True


def test_answers_as_text_and_data() -> None:
    e = iw.equivalent("sigmoid", "tanh")
    assert (e.a, e.c, e.b, e.d) == (sp.Rational(1, 2), 0, 2, -1)
    assert bool(e) and len(e.identities) == 2
    data = json.loads(json.dumps(e.to_json()))
    assert data["maps"] == {"a": "1/2", "c": "0", "b": "2", "d": "-1"}
    no = iw.equivalent("relu", "relu6")
    assert not no and no.a is None and "break points" in no.explain()
    json.dumps(no.to_json())


def test_open_answers_say_so() -> None:
    e = iw.equivalent("floor(x)", "floor(x) + exp(-x**2)")
    assert e.answer is None and e.status == "open" and e.question
    with pytest.raises(Undecided):
        bool(e)
    assert "open" in e.explain() and e.to_json()["question"]


def test_bad_input_gets_one_line() -> None:
    with pytest.raises(ExpressionError):
        iw.equivalent("relu", "no_such_thing(x)")
    with pytest.raises(DomainError) as error:
        iw.equivalent("relu", "log(-1 - x**2)")
    assert "\n" not in str(error.value)


def test_accepts_sympy_and_callables() -> None:
    x = sp.Symbol("x", real=True)
    assert iw.equivalent(sp.tanh(x), lambda t: 1 / (1 + sp.exp(-t))).answer is True


def test_a_break_point_that_is_not_located_is_not_overlooked() -> None:
    # the listed pieces of this one have no break; the root at -2/sqrt(3) is none the less one
    assert profile(read("cbrt(-sqrt(3)*x - 2)")).breaks is None
    assert profile(read("cbrt(x)")).orders == (Fraction(1, 3),)


def test_numbers_do_not_decide() -> None:
    # equal to 40 digits at every point that is tried in floating point
    assert iw.equivalent("tanh(x)", "tanh(x) + x/10**40").answer is False
    assert np.isclose(float(sp.tanh(1)), float(sp.tanh(1) + sp.Rational(1, 10**40)))
