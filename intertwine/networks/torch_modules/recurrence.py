"""PyTorch's recurrent layers: one recurrent operation for each layer and direction."""

from __future__ import annotations

from typing import Any

from intertwine.networks.torch_modules.reader import Reader
from intertwine.parsing import parse_term


def recurrent(reader: Reader, node: Any, a: dict[str, Any], cell: str, gates: str) -> bool:
    """Layers of an LSTM, GRU or plain recurrent network; whether it could be read."""
    if "batch_sizes" in a or a.get("train"):
        return False
    parameters, biased, layers = list(a["params"]), bool(a["has_biases"]), int(a["num_layers"])
    directions = 2 if a["bidirectional"] else 1
    each = 4 if biased else 2
    if len(parameters) != each * layers * directions:  # projections
        return False
    first = a["hx"] if isinstance(a["hx"], list | tuple) else [a["hx"]]
    started = not all(_is_zero(h) for h in first)
    size = parameters[1].meta["val"].shape[1]
    x, name = reader.tensor(a["input"]), node.name
    term = parse_term("relu" if "relu" in str(node.target) else "tanh")
    last: list[str] = []
    for layer in range(layers):
        sides = []
        for side in range(directions):
            w = parameters[(layer * directions + side) * each : (layer * directions + side + 1) * each]
            title = f"{name} (layer {layer}, direction {side})"
            given = [x, reader.tensor(w[0]), reader.tensor(w[1])]
            if biased:
                joined = f"{title} biases"
                both = reader.tensor(w[2]), reader.tensor(w[3])
                reader.architecture.add_operation("concat", both, (joined,), joined, axis=0)
                given.append(joined)
            made = reader.architecture.add_operation(
                "recurrent", given, (title, f"{title} last"), title, cell=cell, size=int(size), format="torch",
                gates=gates, activation=term, started=started, reset_first=False)
            sides.append(made)
        x = sides[0][0]
        if directions == 2:
            joined = f"{name} (layer {layer})"
            x = reader.architecture.add_operation("concat", [s[0] for s in sides], (joined,), joined, axis=2)[0]
        last += [s[1] for s in sides]
    count = len(node.meta["val"])
    if layers * directions == 1:
        title = f"{name} (last)"
        ends = reader.architecture.add_operation("unsqueeze", (last[0],), (title,), title, axes=[0])
        reader.names[node] = [x, *(ends * (count - 1))]
    else:  # the last states of all layers in one tensor: nothing may move on it
        ends = []
        for k in range(count - 1):
            title = f"{name} (last states {k})"
            shape = list(node.meta["val"][k + 1].shape)
            ends += reader.architecture.add_operation("unknown last states", last, (title,), title, shapes=[shape],
                                                      reason="the last states of several layers in one tensor")
        reader.names[node] = [x, *ends]
    return True


def _is_zero(node: Any) -> bool:
    return getattr(getattr(node.target, "_schema", None), "name", "") in ("aten::zeros", "aten::zeros_like")
