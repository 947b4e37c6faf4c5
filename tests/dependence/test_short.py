"""Short relations from the structure of an activation."""

from __future__ import annotations

import pytest

import intertwine as iw

FOUND = {
    "relu": ["s(t) - s(-t) - t = 0  (reflection about 0)", "2*s(t) - s(2*t) = 0  (dilation about 0)"],
    "leaky_relu": ["100*s(t) - 100*s(-t) - 101*t = 0  (reflection about 0)", "2*s(t) - s(2*t) = 0  (dilation about 0)"],
    "gelu": ["s(t) - s(-t) - t = 0  (reflection about 0)"],
    "silu": ["s(t) - s(-t) - t = 0  (reflection about 0)"],
    "softplus": ["s(t) - s(-t) - t = 0  (reflection about 0)"],
    "sigmoid": ["s(t) + s(-t) - 1 = 0  (reflection about 0)"],
    "sigmoid(x - 3)": ["s(t) + s(6 - t) - 1 = 0  (reflection about 3)"],
    "tanh": ["s(t) + s(-t) = 0  (reflection about 0)"],
    "1/(1 + 3*exp(-2*x))": ["s(t) + s(-t + log(3)) - 1 = 0  (reflection about log(3)/2)"],
    "exp(sin(x))": [
        "s(t) - s(-t + pi) = 0  (reflection about pi/2)", "s(t) - s(t + 2*pi) = 0  (translation by 2*pi)",
    ],
    "mish": [],
    "elu": [],
    "exp": ["E*s(t) - s(t + 1) = 0  (translation by 1)"],
    "log(abs(x - 2))": [
        "s(t) - s(4 - t) = 0  (reflection about 2)", "s(t) - s(2*t - 2) + log(2) = 0  (dilation about 2)",
    ],
    "sin": [
        "s(t) + s(-t) = 0  (reflection about 0)", "s(t) + s(t + pi) = 0  (translation by pi)",
        "cos(1)*s(t) + sin(1)*s(t + pi/2) - s(t + 1) = 0  (addition formula)",
        "s(t) - 2*cos(1)*s(t + 1) + s(t + 2) = 0  (3 translates)",
    ],
    "x + sin(x)**2": [
        "s(t) - s(-t) - 2*t = 0  (reflection about 0)", "s(t) + s(-t + pi/2) - (pi/2 + 1) = 0  (reflection about pi/4)",
        "s(t) - s(t + pi) + pi = 0  (translation by pi)",
        "s(t) - 2*cos(2)*s(t + 1) + s(t + 2) + (3*cos(2) - 3) + (2*cos(2) - 2)*t = 0  (3 translates)",
    ],
    "floor": [
        "s(t) - s(t + 1) + 1 = 0  (translation by 1)", "s(2*t) - s(t) - s(t + 1/2) = 0  (multiplication formula)",
    ],
    "x**3 + x**2": [
        "27*s(t) + 27*s(-t - 2/3) - 4 = 0  (reflection about -1/3)",
        "216*s(t) - 27*s(2*t + 1/3) + 4 + 54*t = 0  (dilation about -1/3)",
        "s(t) - 2*s(t + 1) + s(t + 2) - 8 - 6*t = 0  (3 translates)",
        "32*s(t) - 12*s(2*t) + s(4*t) = 0  (3 dilates)",
    ],
    "sin(log(abs(x)))": [
        "s(t) - s(-t) = 0  (reflection about 0)", "s(t) + s(exp(pi)*t) = 0  (dilation about 0)",
        "s(t) - 2*cos(log(2))*s(2*t) + s(4*t) = 0  (3 dilates)",
    ],
    "2*x + 1": ["s(t) - 1 - 2*t = 0  (affine)"],
}  # fmt: skip


@pytest.mark.parametrize("activation", FOUND)
def test_what_is_found(activation: str) -> None:
    found = iw.short_relations(activation)
    assert [str(r) for r in found] == FOUND[activation]
    assert all(r.certificate.check() for r in found)


def test_what_is_admitted_matters() -> None:
    mirrored = iw.short_relations("relu", admit=["abs(t)"])[0]
    assert str(mirrored) == "s(t) + s(-t) - Abs(t) = 0  (reflection about 0)"
    assert [r.kind for r in iw.short_relations("x**4 + x**3", admit=[])][-1] == "6 translates"
    assert iw.short_relations("softplus", admit=[]) == ()


def test_errors_pass() -> None:
    with pytest.raises(iw.ExpressionError):
        iw.short_relations("nonsense(x)")
    with pytest.raises(iw.DomainError):
        iw.short_relations("log(-1 - x**2)")
