"""Networks built by hand, carried out with numpy: the independent side of the comparisons."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from intertwine.networks import Architecture
from intertwine.terms import Term

Array = np.ndarray
_FUNCTIONS: dict[str, Any] = {
    "exp": np.exp, "log": np.log, "tanh": np.tanh, "sin": np.sin, "cos": np.cos, "sqrt": np.sqrt, "Abs": np.abs,
    "sigmoid": lambda t: 1 / (1 + np.exp(-t)), "erf": np.vectorize(math.erf, otypes=[float]), "sign": np.sign,
}  # fmt: skip


def value(term: Term, x: Array) -> Array:
    """A function of one variable at many points."""
    given = [value(a, x) for a in term.args if not a.is_condition]
    if term.op == "x":
        return x
    if term.is_number:
        return np.full_like(x, float(term.value))
    if term.op == "pi":
        return np.full_like(x, np.pi)
    if term.op == "add":
        return np.sum(given, axis=0)
    if term.op == "mul":
        return np.prod(given, axis=0)
    if term.op == "pow":
        exponent = term.args[1]
        whole = exponent.is_number and exponent.value.denominator == 1
        return given[0] ** (int(exponent.value) if whole else given[1])
    if term.op in ("Max", "Min"):
        return (np.maximum if term.op == "Max" else np.minimum).reduce(given)
    return _FUNCTIONS[term.op](*given)


def carry_out(net: Architecture, weights: Mapping[str, Array], inputs: Mapping[str, Array]) -> list[Array]:
    """The outputs of a network; inputs include the tensors of constants."""
    found: dict[str, Any] = {**weights, **inputs}
    for name, number in net.numbers.items():
        found[name] = float(number.term.value)
    for op in net.operations:
        made = _STEPS[op.kind](op.settings, *(found[name] if name else None for name in op.inputs))
        found.update(zip(op.outputs, made if isinstance(made, list) else [made], strict=True))
    return [found[name] for name in net.outputs]


def _softmax(x: Array) -> Array:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def _attention(s: Any, q: Array, k: Array, v: Array) -> Array:
    k, v = (np.repeat(z, s["repeat"], axis=-3) for z in (k, v))
    return _softmax(q @ np.swapaxes(k, -1, -2)) @ v


def _convolution(s: Any, x: Array, w: Array, b: Array | None = None) -> Array:
    """Without padding, stride one."""
    size = w.shape[2:]
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis=(2, 3))  # n c h w i j
    rows, columns = w.shape[0] // s["groups"], w.shape[1]
    parts = [np.einsum("nchwij,ocij->nohw", windows[:, g * columns : (g + 1) * columns],
                       w[g * rows : (g + 1) * rows]) for g in range(s["groups"])]
    y = np.concatenate(parts, axis=1)
    return y if b is None else y + b[:, None, None]


def _linear(s: Any, x: Array, w: Array, b: Array | None = None) -> Array:
    return x @ w.T if b is None else x @ w.T + b


def _batch_norm(s: Any, x: Array, gain: Array, bias: Array, mean: Array, variance: Array) -> Array:
    shape = (-1, *[1] * (x.ndim - 2))
    gain, bias, mean, variance = (v.reshape(shape) for v in (gain, bias, mean, variance))
    return (x - mean) / np.sqrt(variance + 1e-5) * gain + bias


def _layer_norm(s: Any, x: Array, gain: Array | None = None, bias: Array | None = None) -> Array:
    y = (x - x.mean(s["axes"], keepdims=True)) / np.sqrt(x.var(s["axes"], keepdims=True) + 1e-5)
    return (y if gain is None else y * gain) + (0 if bias is None else bias)


def _rms_norm(s: Any, x: Array, gain: Array | None = None) -> Array:
    y = x / np.sqrt((x**2).mean(s["axes"], keepdims=True) + 1e-5)
    return y if gain is None else y * gain


def _split(s: Any, x: Array) -> list[Array]:
    return np.split(x, np.cumsum(s["sizes"])[:-1], axis=s["axis"])


def _reshape(s: Any, x: Array) -> Array:
    unknown = [k for k, n in enumerate(s["shape"]) if not isinstance(n, int)]
    shape = [n if isinstance(n, int) else x.shape[k] for k, n in enumerate(s["shape"])]
    assert unknown in ([], [0], [0, 1])
    return x.reshape(shape)


_POINTWISE = {"add": np.add, "mul": np.multiply, "sub": np.subtract, "div": np.divide}
_STEPS: dict[str, Any] = {
    "linear": _linear, "matmul": lambda s, a, b: a @ b, "convolution": _convolution,
    "activation": lambda s, x: value(s["term"], x), "pointwise": lambda s, a, b: _POINTWISE[s["function"]](a, b),
    "concat": lambda s, *x: np.concatenate(x, axis=s["axis"]), "reshape": _reshape,
    "transpose": lambda s, x: np.transpose(x, s["order"]), "batch_norm": _batch_norm, "layer_norm": _layer_norm,
    "rms_norm": _rms_norm, "reduce": lambda s, x: x.mean(s["axes"], keepdims=s["keep"]),
    "embedding": lambda s, table, i: table[i], "attention": _attention, "split": _split,
    "select": lambda s, x: np.take(x, s["index"], axis=s["axis"]),
    "unsqueeze": lambda s, x: np.expand_dims(x, tuple(s["axes"])),
}  # fmt: skip


def random_weights(net: Architecture, seed: int = 0) -> dict[str, Array]:
    """Weights without accidental relations; vectors are away from zero."""
    rng = np.random.default_rng(seed)
    found = {}
    for name, w in net.weights.items():
        array = rng.normal(size=w.shape)
        found[name] = array / np.sqrt(w.shape[-1]) if len(w.shape) > 1 else np.abs(array) + 0.3
    return found
