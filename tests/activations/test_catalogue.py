"""The catalogue against independent evaluations: PyTorch's kernels, and formulas in numpy."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import special

from intertwine.activations import ALIASES, CATALOGUE, activation_names, find_activation
from intertwine.parsing import parse_term
from tests.oracle import evaluate

# Dyadic points, so that float64 holds them exactly; with every kink of a default parameter among them or near.
POINTS = sorted({Fraction(k, 8) for k in range(-64, 65)} | {Fraction(k, 4) for k in range(-80, 81, 7)})
GRID = np.array([float(p) for p in POINTS])


def exact(text: str) -> np.ndarray[Any, Any]:
    values = [evaluate(parse_term(text), p, 20) for p in POINTS]
    return np.array([float("nan") if v is None else float(v) for v in values])


def compare(text: str, expected: np.ndarray[Any, Any], tolerance: float = 1e-13) -> None:
    np.testing.assert_allclose(exact(text), expected, rtol=tolerance, atol=tolerance)


TORCH: dict[str, str] = {
    "identity": "nn.Identity()",
    "relu": "nn.ReLU()",
    "relu6": "nn.ReLU6()",
    "leaky_relu": "nn.LeakyReLU()",
    "leaky_relu(x, 0.25)": "nn.LeakyReLU(0.25)",
    "leaky_relu(x, -2)": "nn.LeakyReLU(-2)",
    "prelu": "nn.PReLU(dtype=torch.float64)",
    "rrelu": "nn.RReLU().eval()",
    "rrelu(x, 0, 1)": "nn.RReLU(0, 1).eval()",
    "threshold": "nn.Threshold(0.1, 20)",
    "threshold(x, 1, -3)": "nn.Threshold(1, -3)",
    "elu": "nn.ELU()",
    "elu(x, 2.5)": "nn.ELU(2.5)",
    "celu": "nn.CELU()",
    "celu(x, alpha=2)": "nn.CELU(2)",
    "selu": "nn.SELU()",
    "gelu": "nn.GELU()",
    "gelu_tanh": "nn.GELU(approximate='tanh')",
    "silu": "nn.SiLU()",
    "mish": "nn.Mish()",
    "softplus": "nn.Softplus(threshold=1000)",
    "softplus(x, 3)": "nn.Softplus(3, threshold=1000)",
    "softsign": "nn.Softsign()",
    "sigmoid": "nn.Sigmoid()",
    "log_sigmoid": "nn.LogSigmoid()",
    "hard_sigmoid": "nn.Hardsigmoid()",
    "hard_swish": "nn.Hardswish()",
    "hard_tanh": "nn.Hardtanh()",
    "hard_tanh(x, -2, 0.5)": "nn.Hardtanh(-2, 0.5)",
    "hard_shrink": "nn.Hardshrink()",
    "hard_shrink(x, 1)": "nn.Hardshrink(1)",
    "soft_shrink": "nn.Softshrink()",
    "soft_shrink(x, 1)": "nn.Softshrink(1)",
    "tanh_shrink": "nn.Tanhshrink()",
    "tanh": "nn.Tanh()",
    "exponential": "torch.exp",
    "arctan": "torch.atan",
    "arcsinh": "torch.asinh",
    "erf": "torch.erf",
    "sin": "torch.sin",
    "cos": "torch.cos",
    "sinc": "lambda t: torch.sinc(t / torch.pi)",
    "square": "torch.square",
    "absolute": "torch.abs",
    "signum": "torch.sign",
    "step": "lambda t: torch.heaviside(t, torch.tensor(0.5, dtype=t.dtype))",
    "probit": "torch.special.ndtr",
}
# Elementwise modules of torch.nn and the entry that each is.
NOT_ELEMENTWISE = {"GLU", "MultiheadAttention", "Softmin", "Softmax", "Softmax2d", "LogSoftmax"}


@pytest.mark.torch
@pytest.mark.parametrize("text", TORCH)
def test_against_pytorch(text: str) -> None:
    torch = pytest.importorskip("torch")
    kernel = eval(TORCH[text], {"torch": torch, "nn": torch.nn})
    with torch.no_grad():
        expected = kernel(torch.tensor(GRID, dtype=torch.float64)).numpy()
    compare(text, expected)


@pytest.mark.torch
def test_every_elementwise_module_of_pytorch_has_an_entry() -> None:
    pytest.importorskip("torch")
    from torch.nn.modules import activation as modules

    for name in set(modules.__all__) - NOT_ELEMENTWISE:
        entry = find_activation(name)
        assert entry is not None and any(f"nn.{name}(" in call for call in TORCH.values()), name


def sigmoid(t: Any) -> Any:
    return special.expit(t)


def softplus(t: Any) -> Any:
    return np.logaddexp(0, t)


def elu(t: Any) -> Any:
    return np.where(t > 0, t, np.expm1(np.minimum(t, 0)))


FORMULAS: dict[str, Callable[[Any], Any]] = {
    "relu2": lambda t: np.square(np.maximum(t, 0)),
    "relu3": lambda t: np.maximum(t, 0) ** 3,
    "thresholded_relu": lambda t: np.where(t > 1, t, 0),
    "quick_gelu": lambda t: t * sigmoid(1.702 * t),
    "dsilu": lambda t: sigmoid(t) * (1 + t * sigmoid(-t)),
    "silu(x, 2)": lambda t: t * sigmoid(2 * t),
    "shifted_softplus": lambda t: softplus(t) - math.log(2),
    "scaled_tanh": lambda t: 1.7159 * np.tanh(t * 2 / 3),
    "hard_mish": lambda t: 0.5 * t * np.clip(t + 2, 0, 2),
    "squareplus": lambda t: 0.5 * (t + np.sqrt(t * t + 4)),
    "sparse_plus": lambda t: np.where(t <= -1, 0, np.where(t >= 1, t, (t + 1) ** 2 / 4)),
    "sparse_sigmoid": lambda t: np.clip(0.5 * (t + 1), 0, 1),
    "siren": lambda t: np.sin(30 * t),
    "snake": lambda t: t + (1 - np.cos(2 * t)) / 2,
    "snake(x, 2)": lambda t: t + (1 - np.cos(4 * t)) / 4,
    "gcu": lambda t: t * np.cos(t),
    "dsu": lambda t: np.pi / 2 * (np.sinc(t / np.pi - 1) - np.sinc(t / np.pi + 1)),
    "gaussian": lambda t: np.exp(-t * t / 2),
    "rbf": lambda t: np.exp(-t * t),
    "laplacian": lambda t: np.exp(-np.abs(t)),
    "laplace": lambda t: special.ndtr((t - math.sqrt(0.5)) / math.sqrt(0.25 / math.pi)),
    "multiquadric": lambda t: np.hypot(t, 1),
    "inverse_multiquadric": lambda t: 1 / np.hypot(t, 1),
    "quadratic": lambda t: 1 / (1 + t * t),
    "bent_identity": lambda t: t + (np.hypot(t, 1) - 1) / 2,
    "soft_exponential": lambda t: 2 * np.expm1(t / 2) + 0.5,
    "isru": lambda t: t / np.hypot(t, 1),
    "isrlu": lambda t: np.where(t < 0, t / np.hypot(t, 1), t),
    "cube": lambda t: t * t * t,
    "symlog": lambda t: np.sign(t) * np.log1p(np.abs(t)),
    "symexp": lambda t: np.sign(t) * np.expm1(np.abs(t)),
    "cloglog": lambda t: -np.expm1(-np.exp(t)),
    "loglog": lambda t: np.exp(-np.exp(-t)),
    "phish": lambda t: t * np.tanh(t * special.ndtr(t)),
    "serf": lambda t: t * special.erf(softplus(t)),
    "logish": lambda t: t * np.log1p(sigmoid(t)),
    "smish": lambda t: t * np.tanh(np.log1p(sigmoid(t))),
    "tanhexp": lambda t: t * np.tanh(np.exp(t)),
    "lisht": lambda t: t * np.tanh(t),
    "eswish": lambda t: 1.5 * t * sigmoid(t),
    "aria2": lambda t: t * sigmoid(2 * t) ** 1.5,
    "elish": lambda t: np.where(t >= 0, t, np.expm1(np.minimum(t, 0))) * sigmoid(t),
    "hard_elish": lambda t: elu(t) * np.clip((t + 1) / 2, 0, 1),
    "elliott": lambda t: 0.5 * t / (1 + np.abs(t)) + 0.5,
    "sqnl": lambda t: np.where(np.abs(t) > 2, np.sign(t), t - np.sign(t) * t * t / 4),
    "smelu": lambda t: np.where(np.abs(t) < 1, (t + 1) ** 2 / 4, np.maximum(t, 0)),
    "star_relu": lambda t: 0.8944 * np.maximum(t, 0) ** 2 - 0.4472,
    "nlrelu": lambda t: np.log1p(np.maximum(t, 0)),
    "frelu": lambda t: np.maximum(t, 0) - 0.398,
    "plu": lambda t: np.where(np.abs(t) <= 1, t, np.sign(t) + 0.1 * (t - np.sign(t))),
    "pelu": elu,
    "xielu": lambda t: t / 2 + 0.8 * np.where(t > 0, t * t, np.expm1(np.minimum(t, 0)) - t),
    "penalized_tanh": lambda t: np.tanh(t) * np.where(t > 0, 1, 0.25),
    "dynamic_tanh": lambda t: np.tanh(t / 2),
    "gish": lambda t: t * np.log(2 - np.exp(-np.exp(t))),
    "atlu": lambda t: t * (np.arctan(t) / np.pi + 0.5),
    "sgelu": lambda t: t * special.erf(t / math.sqrt(2)),
    "colu": lambda t: t / (1 - t * np.exp(-t - np.exp(t))),
    "mexican_hat": lambda t: (1 - t * t) * np.exp(-t * t / 2),
    "wire": lambda t: np.cos(10 * t) * np.exp(-100 * t * t),
    "finer": lambda t: np.sin(30 * t * (1 + np.abs(t))),
    "hosc": lambda t: np.tanh(8 * np.sin(t)),
}


@pytest.mark.parametrize("text", FORMULAS)
def test_against_numpy(text: str) -> None:
    # The formula itself loses digits, sin(30 t (1+|t|)) the most.
    with np.errstate(over="ignore"):
        compare(text, FORMULAS[text](GRID), tolerance=1e-10)


def test_every_entry_is_compared_with_something() -> None:
    compared = {text.partition("(")[0] for text in (*TORCH, *FORMULAS)}
    assert compared == set(CATALOGUE)
    assert len(CATALOGUE) >= 35


def test_selu_has_the_published_constants() -> None:
    term = parse_term("selu")
    assert float(evaluate(term, 1)) == 1.0507009873554804934193349852946
    assert float(evaluate(term, -1000)) == pytest.approx(-1.7580993408473768599402175208123, rel=1e-15)


def test_names() -> None:
    assert activation_names() == tuple(CATALOGUE)
    assert set(activation_names(aliases=True)) == set(CATALOGUE) | set(ALIASES)
    assert set(ALIASES.values()) <= set(CATALOGUE) and not set(ALIASES) & set(CATALOGUE)
    for spelling in ("LeakyReLU", "leaky_relu", "leakyrelu", "LEAKY_RELU"):
        assert find_activation(spelling) is CATALOGUE["leaky_relu"]
    assert find_activation("swish") is CATALOGUE["silu"]
    assert find_activation("softmax") is None
    spellings = [name.replace("_", "") for name in activation_names(aliases=True)]
    assert len(spellings) == len(set(spellings))


def test_entries_are_values() -> None:
    entry = CATALOGUE["softplus"]
    assert entry.parameters == {"beta": Fraction(1)}
    with pytest.raises(TypeError):
        entry.parameters["beta"] = Fraction(2)  # type: ignore[index]
    with pytest.raises(TypeError):
        CATALOGUE["mine"] = entry  # type: ignore[index]
    assert all(a.source and a.name == name for name, a in CATALOGUE.items())
