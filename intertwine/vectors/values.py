"""Activations on vectors as values: what they are, in every dimension, and nothing about their groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from intertwine.errors import ExpressionError, ShapeError
from intertwine.groups import exact
from intertwine.terms import Term, to_text
from intertwine.vectors.activation import Expressions, VectorActivation, at
from intertwine.vectors.reading import Function, Number, as_read, read_function, read_number, read_size, read_vector


@dataclass(frozen=True, repr=False)
class Radial(VectorActivation):
    """σ(x) = h(|x|)·x with h in the expression language, its variable written ``r`` (or ``x``).

    Examples
    --------
    >>> Radial("tanh(r)/r")
    Radial(function='tanh(x)/x')
    """

    function: Function
    name = "radial"

    def __post_init__(self) -> None:
        object.__setattr__(self, "function", read_function(self.function, "r"))

    @property
    def profile(self) -> Term:
        """h as a term in ``x``."""
        return as_read(self.function)

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        factor = at(self.profile, sp.sqrt(sum(t**2 for t in x)))
        return [factor * t for t in x]

    def _parameters(self) -> dict[str, Any]:
        return {"function": to_text(self.profile)}


@dataclass(frozen=True, repr=False)
class BlockRadial(VectorActivation):
    """Radial on neighbouring blocks of k coordinates: norm nonlinearities of steerable networks, modReLU (k = 2)."""

    function: Function
    k: int
    name = "block radial"

    def __post_init__(self) -> None:
        object.__setattr__(self, "function", read_function(self.function, "r"))
        object.__setattr__(self, "k", read_size(self.k, "the size of a block"))

    @property
    def profile(self) -> Term:
        """h as a term in ``x``."""
        return as_read(self.function)

    @property
    def multiple_of(self) -> int:
        return self.k

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        found: Expressions = []
        for start in range(0, len(x), self.k):
            block = x[start : start + self.k]
            factor = at(self.profile, sp.sqrt(sum(t**2 for t in block)))
            found += [factor * t for t in block]
        return found

    def _parameters(self) -> dict[str, Any]:
        return {"function": to_text(self.profile), "k": self.k}


@dataclass(frozen=True, repr=False)
class Normalisation(VectorActivation):
    """Gain, bias and ε of a normalisation; ε is 0 or positive, gains are not 0."""

    eps: Number = 0
    gain: Sequence[Number] | None = None
    bias: Sequence[Number] | None = None

    def __post_init__(self) -> None:
        eps = read_number(self.eps, "eps")
        if exact.sign(eps) < 0:
            raise ShapeError(f"eps is 0 or positive, not {eps}")
        gain, bias = read_vector(self.gain, "the gain"), read_vector(self.bias, "the bias")
        if gain is not None and bias is not None and len(gain) != len(bias):
            raise ShapeError(f"a gain of length {len(gain)} and a bias of length {len(bias)}")
        if gain is not None and any(exact.is_zero(g) for g in gain):
            raise ShapeError("a gain of 0 hides a coordinate that still counts in the norm: gains are not 0 here")
        object.__setattr__(self, "eps", eps)
        object.__setattr__(self, "gain", gain)
        object.__setattr__(self, "bias", bias)
        if self.only_dimension is not None:
            self.check_dimension(self.only_dimension)

    @property
    def only_dimension(self) -> int | None:
        given = self.gain if self.gain is not None else self.bias
        return None if given is None else len(given)

    def _after(self, values: Expressions) -> Expressions:
        if self.gain is not None:
            values = [g * v for g, v in zip(self.gain, values, strict=True)]
        if self.bias is not None:
            values = [v + b for v, b in zip(values, self.bias, strict=True)]
        return values

    def _parameters(self) -> dict[str, Any]:
        found: dict[str, Any] = {"eps": str(self.eps)}
        for key in ("gain", "bias"):
            if getattr(self, key) is not None:
                found[key] = [str(v) for v in getattr(self, key)]
        return found


@dataclass(frozen=True, repr=False)
class RMSNorm(Normalisation):
    """x / √(mean(x²) + ε), then gain and bias (``torch.nn.RMSNorm``, which has no bias).

    Examples
    --------
    >>> RMSNorm(eps="1e-6")
    RMSNorm(eps='1/1000000')
    """

    name = "rms_norm"

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        size = sp.sqrt(sum(t**2 for t in x) / sp.Integer(len(x)) + self.eps)
        return self._after([t / size for t in x])


@dataclass(frozen=True, repr=False)
class LayerNorm(Normalisation):
    """(x - mean) / √(variance + ε), then gain and bias (``torch.nn.LayerNorm``)."""

    name = "layer_norm"

    def check_dimension(self, n: object) -> int:
        size = super().check_dimension(n)
        if size == 1 and self.eps == 0:
            raise ShapeError("one number less its mean is 0, which has no direction: eps = 0 needs n > 1")
        return size

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        mean = sum(x) / sp.Integer(len(x))
        size = sp.sqrt(sum((t - mean) ** 2 for t in x) / sp.Integer(len(x)) + self.eps)
        return self._after([(t - mean) / size for t in x])


@dataclass(frozen=True, repr=False)
class _Tempered(VectorActivation):
    """A function of x divided by a positive temperature."""

    temperature: Number = 1

    def __post_init__(self) -> None:
        if isinstance(self.temperature, sp.Expr) and self.temperature.free_symbols:
            raise ExpressionError(f"the temperature {self.temperature} is not a number; the group is the same for "
                                  "every positive temperature, so leave it out")
        value = read_number(self.temperature, "the temperature")
        if exact.sign(value) <= 0:
            raise ShapeError(f"a temperature is positive, not {value}")
        object.__setattr__(self, "temperature", value)

    def _parameters(self) -> dict[str, Any]:
        return {"temperature": str(self.temperature)}

    def _scaled(self, x: list[sp.Symbol], sign: int = 1) -> list[sp.Expr]:
        return [sign * t / self.temperature for t in x]


@dataclass(frozen=True, repr=False)
class Softmax(_Tempered):
    """exp(x_i/T) / Σ exp(x_j/T)."""

    name = "softmax"

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        weights = [sp.exp(t) for t in self._scaled(x)]
        return [w / sum(weights) for w in weights]


@dataclass(frozen=True, repr=False)
class LogSoftmax(_Tempered):
    """x_i/T - log Σ exp(x_j/T)."""

    name = "log_softmax"

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        scaled = self._scaled(x)
        total = sp.log(sum(sp.exp(t) for t in scaled))
        return [t - total for t in scaled]


@dataclass(frozen=True, repr=False)
class Softmin(_Tempered):
    """The softmax of -x."""

    name = "softmin"

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        weights = [sp.exp(t) for t in self._scaled(x, -1)]
        return [w / sum(weights) for w in weights]


@dataclass(frozen=True, repr=False)
class Sparsemax(_Tempered):
    """The nearest point of the probability simplex to x/T (Martins and Astudillo, ICML 2016)."""

    name = "sparsemax"

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        scaled = self._scaled(x)
        threshold = _sparsemax_threshold(scaled)
        return [sp.Max(0, t - threshold) for t in scaled]


def _sparsemax_threshold(x: list[sp.Expr]) -> sp.Expr:
    """The τ with Σ max(x_i - τ, 0) = 1: the largest (Σ of a subset - 1)/size of the subset."""
    from itertools import combinations

    means = [(sum(part) - 1) / sp.Integer(size) for size in range(1, len(x) + 1) for part in combinations(x, size)]
    return sp.Max(*means)


@dataclass(frozen=True, repr=False)
class Gated(VectorActivation):
    """(u, v) ↦ g(u) ⊙ v on R²ⁿ; ``gate`` says which half of the coordinates is u: "first" or "second".

    GLU in PyTorch is ``Gated("sigmoid", gate="second")``; SwiGLU, GeGLU and ReGLU are ``Gated("silu")``,
    ``Gated("gelu")``, ``Gated("relu")``; the bilinear unit is ``Gated("x")``.
    """

    function: Function
    gate: str = "first"
    name = "gated"

    def __post_init__(self) -> None:
        if self.gate not in ("first", "second"):
            raise ShapeError(f"the gate is the 'first' or the 'second' half, not {self.gate!r}")
        object.__setattr__(self, "function", read_function(self.function))

    @property
    def profile(self) -> Term:
        """g as a term in ``x``."""
        return as_read(self.function)

    @property
    def multiple_of(self) -> int:
        return 2

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        half = len(x) // 2
        u, v = (x[:half], x[half:]) if self.gate == "first" else (x[half:], x[:half])
        return [at(self.profile, a) * b for a, b in zip(u, v, strict=True)]

    def _parameters(self) -> dict[str, Any]:
        return {"function": to_text(self.profile), "gate": self.gate}


@dataclass(frozen=True, repr=False)
class Stack(VectorActivation):
    """x ↦ (s_1(x), …, s_m(x)), several elementwise functions of the same input, one after the other.

    CReLU is ``Stack(["relu(x)", "relu(-x)"])``.
    """

    functions: Sequence[Function]
    name = "stack"

    def __post_init__(self) -> None:
        if isinstance(self.functions, str) or not 1 <= len(self.functions) <= 6:
            raise ShapeError("a stack has one to six functions, in a list")
        object.__setattr__(self, "functions", tuple(read_function(f) for f in self.functions))

    @property
    def profiles(self) -> tuple[Term, ...]:
        """The functions as terms in ``x``."""
        return tuple(as_read(f) for f in self.functions)

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        return [at(s, t) for s in self.profiles for t in x]

    def _parameters(self) -> dict[str, Any]:
        return {"functions": [to_text(s) for s in self.profiles]}


@dataclass(frozen=True, repr=False)
class _Grouped(VectorActivation):
    """On neighbouring groups of k coordinates."""

    k: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", read_size(self.k, "the size of a group"))

    @property
    def multiple_of(self) -> int:
        return self.k

    def _groups(self, x: list[sp.Symbol]) -> list[list[sp.Symbol]]:
        return [x[i : i + self.k] for i in range(0, len(x), self.k)]

    def _parameters(self) -> dict[str, Any]:
        return {"k": self.k}


@dataclass(frozen=True, repr=False)
class MaxPool(_Grouped):
    """The largest coordinate of each group."""

    name = "max_pool"

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        return [sp.Max(*group) for group in self._groups(x)]


@dataclass(frozen=True, repr=False)
class Maxout(MaxPool):
    """The same function as :class:`MaxPool`, under the name it has after a linear layer."""

    name = "maxout"


@dataclass(frozen=True, repr=False)
class GroupSort(_Grouped):
    """The coordinates of each group in ascending order (Anil, Lucas and Grosse, ICML 2019); MaxMin for k = 2."""

    name = "group_sort"

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        from itertools import combinations

        found: Expressions = []
        for group in self._groups(x):
            for place in range(1, len(group) + 1):
                found.append(sp.Max(*(sp.Min(*part) for part in combinations(group, len(group) - place + 1))))
        return found


@dataclass(frozen=True, repr=False)
class QuadraticForm(VectorActivation):
    """xᵀMx; the symmetric part of M is what counts.

    Examples
    --------
    >>> QuadraticForm([[1, 0], [0, -1]]).expressions(2)
    [x1**2 - x2**2]
    """

    matrix: Any
    name = "quadratic form"

    def __post_init__(self) -> None:
        from intertwine.groups import matrices

        rows = self.matrix.rows if isinstance(self.matrix, sp.MatrixBase) else len(list(self.matrix))
        read_size(rows, "the dimension")
        given = matrices.as_square(self.matrix, rows)
        object.__setattr__(self, "matrix", ((given + given.T) / 2).as_immutable())

    @property
    def only_dimension(self) -> int | None:
        return int(self.matrix.rows)

    def _expressions(self, x: list[sp.Symbol]) -> Expressions:
        column = sp.Matrix(x)
        return [sp.expand((column.T * self.matrix * column)[0])]

    def _parameters(self) -> dict[str, Any]:
        return {"matrix": [[str(v) for v in row] for row in self.matrix.tolist()]}
