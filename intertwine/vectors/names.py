"""The activations on vectors that have a name."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from intertwine.errors import ExpressionError
from intertwine.vectors.activation import VectorActivation
from intertwine.vectors.values import (
    Gated,
    GroupSort,
    LayerNorm,
    LogSoftmax,
    MaxPool,
    RMSNorm,
    Softmax,
    Softmin,
    Sparsemax,
    Stack,
)


def glu() -> Gated:
    """``torch.nn.GLU``: the first half times the sigmoid of the second."""
    return Gated("sigmoid", gate="second")


#: Name → constructor; the parameters are those of the constructor.
NAMES: dict[str, Callable[..., VectorActivation]] = {
    "softmax": Softmax,
    "log_softmax": LogSoftmax,
    "softmin": Softmin,
    "sparsemax": Sparsemax,
    "layer_norm": LayerNorm,
    "rms_norm": RMSNorm,
    "glu": glu,
    "swiglu": lambda: Gated("silu"),
    "geglu": lambda: Gated("gelu"),
    "reglu": lambda: Gated("relu"),
    "bilinear": lambda: Gated("x"),
    "crelu": lambda: Stack(["relu(x)", "relu(-x)"]),
    "group_sort": lambda k=2: GroupSort(k),
    "max_min": lambda: GroupSort(2),
    "max_pool": lambda k=2: MaxPool(k),
    "maxout": lambda k=2: MaxPool(k),
}
_PARAMETERS = {
    "softmax": ("temperature",), "log_softmax": ("temperature",), "softmin": ("temperature",),
    "sparsemax": ("temperature",), "layer_norm": ("eps",), "rms_norm": ("eps",), "group_sort": ("k",),
    "max_pool": ("k",), "maxout": ("k",),
}  # fmt: skip


def named(text: str) -> VectorActivation | None:
    """The activation of a name such as ``softmax`` or ``rms_norm(eps=1e-6)``; None if the name is not one of these.

    Raises
    ------
    ExpressionError
        The name is known, but not its parameters.

    Examples
    --------
    >>> named("layer_norm(eps=1e-5)")
    LayerNorm(eps='1/100000')
    >>> named("relu") is None
    True
    """
    head = text.split("(", 1)[0].strip()
    if head not in NAMES:
        return None
    if "(" not in text:
        return NAMES[head]()
    return NAMES[head](**_arguments(head, text.strip()))


def _arguments(head: str, text: str) -> dict[str, Any]:
    allowed = _PARAMETERS.get(head, ())
    problem = ExpressionError(
        f"{head} takes {' and '.join(f'{p}=number' for p in allowed) or 'no parameters'}: {text[:40]!a}"
    )
    try:
        call = ast.parse(text, mode="eval").body if len(text) <= 200 else None
    except (SyntaxError, ValueError, RecursionError):
        raise problem from None
    if not isinstance(call, ast.Call) or call.args or any(k.arg not in allowed for k in call.keywords):
        raise problem
    found: dict[str, Any] = {}
    for keyword in call.keywords:
        written = ast.get_source_segment(text, keyword.value) or ""
        found[str(keyword.arg)] = int(written) if keyword.arg == "k" and written.isdigit() else written
    return found
