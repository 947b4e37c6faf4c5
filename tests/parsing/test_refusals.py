"""What the language refuses: in under a second, in one line, with the place."""

from __future__ import annotations

import gc
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intertwine.errors import ExpressionError
from intertwine.parsing import parse_term


def refusal(text: Any) -> str:
    gc.disable()  # its walks over what the other tests of this process keep alive are not the reader's time
    try:
        start = time.process_time()
        with pytest.raises(ExpressionError) as caught:
            parse_term(text)
        assert time.process_time() - start < 1
    finally:
        gc.enable()
    message = str(caught.value)
    assert "\n" not in message and len(message) < 300 and message.isascii() and message.isprintable()
    return message


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["no expression", "column 1"]),
        ("   ", ["no expression"]),
        ("x.__class__", ["column 2", "no attributes"]),
        ("x.real", ["column 2", "attributes"]),
        ("().__class__.__bases__", ["column 3", "attributes"]),
        ('"a"', ["column 1", "no strings"]),
        ("'a'", ["column 1", "no strings"]),
        ("f'{x}'", ["column 2", "no strings"]),
        ("gelu(x, approximate='tanh')", ["column 21", "no strings"]),
        ("lambda x: x", ["column 1", "lambda"]),
        ("lambda: 0", ["column 1", "lambda"]),
        ("[x for x in x]", ["column 1", "no lists"]),
        ("(x for x in x)", ["column 4", "'for'"]),
        ("{x}", ["column 1"]),
        ("x[0]", ["column 2"]),
        ("sin(x)(x)", ["column 1", "a call of something", "write *"]),
        ("(x + 1)(x)", ["column", "write *"]),
        ("x(x + 1)", ["column 1", "x*(...)"]),
        ("pi(x)", ["pi*(...)"]),
        ("x if x else x", ["column 3", "Piecewise"]),
        ("(x:=1)", ["column 3"]),
        ("x:=1", ["column 2"]),
        ("x = 1", ["column 3"]),
        ("print(x)", ["column 1", "'print'"]),
        ("__import__('os')", ["column 12"]),
        ("__import__(x)", ["column 1", "unknown function"]),
        ("eval(x)", ["unknown function"]),
        ("exec", ["unknown name"]),
        ("import os", ["column 1"]),
        ("await x", ["column 1"]),
        ("x; x", ["column 2"]),
        ("x # x", ["column 3"]),
        ("x\\\n+1", ["column 2"]),
        ("x @ x", ["column 3"]),
        ("x ^ 2", ["column 3", "x**2"]),
        ("x // 2", ["column 3", "floor(a/b)"]),
        ("x % 2", ["column 3", "Mod(a, b)"]),
        ("x!", ["column 2", "gamma"]),
        ("x << 2", ["column 3"]),
        ("x is x", ["column 3"]),
        ("x in x", ["column 3"]),
        ("None", ["column 1"]),
        ("...", ["column 1"]),
        ("1j*x", ["column 1", "complex"]),
        ("2x", ["column 1", "2*x"]),
        ("2(x)", ["column 1", "write *"]),
        ("0x10", ["column 1"]),
        ("1_000", ["column 1"]),
        ("007", ["column 1", "write 7"]),
        ("1.2.3", ["column 1", "two points"]),
        ("x +", ["column 3"]),
        ("x + * x", ["column 5"]),
        ("x x", ["column"]),
        ("(x", ["column 1", "never closed"]),
        ("x)", ["column 2", "never opened"]),
        (")x(", ["column 1", "never opened"]),
        ("x) + (x", ["column 2", "never opened"]),
        ("x,", ["column 2", "nothing follows"]),
        ("x, x", ["column 1", "pair"]),
        ("()", ["column 1"]),
        ("sin(*x)", ["column 5"]),
        ("sin(**x)", ["column"]),
        ("relu(x, **x)", ["column"]),
        ("x > 0", ["column 1", "condition where a number"]),
        ("True", ["condition where a number"]),
        ("True + x", ["column 1", "condition"]),
        ("sin(x > 0)", ["column 5", "condition"]),
        ("Max(x, x > 0)", ["column 8"]),
        ("(x > 0)*x", ["column 2", "Heaviside"]),
        ("-(x > 0)", ["condition"]),
        ("Piecewise((x, x))", ["column 15", "a number where a condition"]),
        ("Piecewise((x, 1))", ["column 15"]),
        ("Piecewise((x > 0, x > 0))", ["column 12"]),
        ("Piecewise((x, x > 0 & x < 1))", ["brackets"]),
        ("Piecewise((x, x > 0), x)", ["column 23", "(value, condition)"]),
        ("Piecewise(x)", ["column 11", "(value, condition)"]),
        ("Piecewise()", ["(value, condition)"]),
        ("~x", ["column 2", "condition"]),
        ("not x", ["column 5"]),
        ("x and x", ["column 1"]),
        ("Not(x)", ["column 5"]),
        ("Piecewise((x, (x > 0) > 0))", ["column 16"]),
        ("Eq(x > 0, True)", ["column 4"]),
        ("sin()", ["sin takes 1 argument, not 0"]),
        ("sin(x, x, x)", ["column 1"]),
        ("exp(x, x)", ["exp takes 1 argument, not 2"]),
        ("Max()", ["Max takes 1 or more arguments, not 0"]),
        ("root(x)", ["root takes 2 arguments, not 1"]),
        ("log(x, 2, 3)", ["log takes 1 to 2 arguments, not 3"]),
        ("exp(x=1)", ["no named arguments"]),
        ("root(x, 0)", ["order 0"]),
        ("Rational(1, 0)", ["division by zero"]),
        ("Rational(x, 2)", ["literal"]),
        ("besselj(x, x)", ["rational"]),
        ("besselj(pi, x)", ["rational"]),
        ("relu(x, 1)", ["relu takes x, not 2"]),
        ("leaky_relu()", ["leaky_relu takes x, negative_slope"]),
        ("leaky_relu(x, slope=1)", ["column 21", "negative_slope"]),
        ("leaky_relu(x, 1, negative_slope=1)", ["negative_slope"]),
        ("leaky_relu(x, x)", ["column 15", "constant"]),
        ("softplus(x, 0)", ["column 1", "division by zero", "softplus"]),
        ("x*sigmiod(x)", ["column 3", "did you mean sigmoid?"]),
        ("gelou", ["did you mean gelu"]),
        ("y", ["column 1", "the variable is x"]),
        ("x + y", ["column 5", "'y'"]),
        ("x + sin", ["column 5", "write sin(x)"]),
        ("x + gelu", ["column 5", "write gelu(x)"]),
        ("e", ["unknown name"]),
        ("I*x", ["unknown name"]),
        ("oo", ["unknown name"]),
        ("softmax", ["unknown name"]),
        ("1/0", ["division by zero", "column 1"]),
        ("x/(1 - 1)", ["division by zero"]),
        ("0**-1", ["division by zero"]),
        ("x/(0*x)", ["division by zero"]),
        ("x\u00b2", ["column 2", "ASCII"]),
        ("\u0445", ["column 1", "ASCII"]),  # a Cyrillic letter that looks like x
        ("sin\uff08x\uff09", ["column 4", "ASCII"]),
        ("\u03c0*x", ["column 1", "ASCII"]),
        ("x\u2212 1", ["column 2", "ASCII"]),
        ("\uff11", ["ASCII"]),
        ("\u0663", ["ASCII"]),
        ("x\x00", ["column 2", "ASCII"]),
        ("\ud800", ["column 1", "ASCII"]),
        ("x\u2028+ 1", ["ASCII"]),
        ("\ufeffx", ["column 1", "ASCII"]),
        ("x\x1b[31m", ["column 2"]),
        (b"x", ["bytes"]),
        (None, ["NoneType"]),
        (1, ["int"]),
    ],
)
def test_refused_with_its_place(text: Any, parts: list[str]) -> None:
    message = refusal(text)
    for part in parts:
        assert part in message, message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("x" * 10**6, "characters"),
        ("x+" * 500_000 + "x", "characters"),
        ("(" * 10**5 + "x" + ")" * 10**5, "characters"),
        ("-" * 10**5 + "x", "characters"),
        ("(" * 9999 + "x" + ")" * 9999, "deep"),
        ("-" * 19_999 + "x", "deep"),
        ("- " * 9_999 + "x", "deep"),
        ("~" * 9_999 + "x", "deep"),
        ("not " * 4_999 + "x", "deep"),
        ("x**" * 6_000 + "x", "deep"),
        ("x**-" * 4_000 + "x", "deep"),
        ("sin(" * 3_000 + "x" + ")" * 3_000, "deep"),
        ("relu(-" * 60 + "x" + ")" * 60, "deep"),
        ("(-" * 70 + "x" + ")" * 70, "deep"),
        ("2**(" * 99 + "x" + ")" * 99, "deep"),
        ("x+" * 9_999 + "x", "operators"),
        ("x<" * 9_999 + "x", "operators"),
        ("1 if x else " * 1_600 + "x", "'if'"),
        ("x*" * 9_999, "operators"),
        ("gelu(" * 30 + "x" + ")" * 30, "parts"),
        ("gelu(" * 95 + "x" + ")" * 95, "parts"),
        ("tanh_shrink(" * 95 + "x" + ")" * 95, "parts"),
        ("siren(sigmoid(" * 45 + "x" + "))" * 45, "deep"),
        ("9**9**9**9", "literal power"),
        ("(10**10)**10000", "literal power"),
        ("2**10000*x", "literal power"),
        ("x**9**9", "exponent"),
        ("x**(1/10**9)", "exponent"),
        ("*".join(["(10**1000)"] * 200), "digits"),
        ("+".join([f"1/(10**1000+{k})" for k in range(200)]), "digits"),
        ("(1/3)**100000", "literal power"),
        ("9" * 5000, "digits"),
        ("0." + "1" * 5000, "digits"),
        ("1e999999999", "digits"),
        ("1e-999999999", "digits"),
        ("1e" + "9" * 10_000, "digits"),
        ("z" * 19_000, "unknown name"),
        ("z" * 19_000 + "(x)", "unknown function"),
        (",".join(["x"] * 9_000), "pair"),
        ("Max(" + ",".join(["gelu(x)"] * 2_400) + ")", "parts"),
        ("Piecewise(" + "(x,x<1)," * 2_400 + ")", "operators"),
    ],
)  # fmt: skip
def test_hostile_texts(text: str, part: str) -> None:
    assert part in refusal(text)


LANGUAGE = ["x", "1", "0.5", "+", "-", "*", "**", "/", "(", ")", ",", "<", "==", "&", "~", " ", "sin", "gelu", "Max(",
            "Piecewise((", "not ", " and ", "pi", "True", "9", "e", ".", "=", "beta", "softplus(x,"]  # fmt: skip


@given(st.one_of(st.text(max_size=40), st.lists(st.sampled_from(LANGUAGE), max_size=25).map("".join)))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_term(text)
    except ExpressionError as error:
        assert "\n" not in str(error) and str(error).isascii()
