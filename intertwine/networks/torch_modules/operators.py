"""Each ATen operation in terms of the operations that have rules."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from intertwine.networks.torch_modules.complex_numbers import is_complex, translate_complex
from intertwine.networks.torch_modules.compound import (
    contraction,
    extreme,
    ordered,
    patches,
    picked,
    sampled,
    variance,
    weight_norm,
    windows,
)
from intertwine.networks.torch_modules.moving import (
    along,
    concat,
    embedding,
    expand,
    extreme_place,
    padding,
    permute,
    pixel_shuffle,
    reordered,
    repeat,
    repeat_interleave,
    resample,
    reshape,
    select,
    split,
    squeeze,
    stack,
    take_slice,
    transpose,
    unbind,
    unsqueeze,
)
from intertwine.networks.torch_modules.reader import Handler, Reader, _flat, name_of, rank_of, shape_of
from intertwine.parsing import build_activation, parse_term
from intertwine.terms import Term, num


def translate(reader: Reader, node: Any) -> None:
    """Add the operations of one node."""
    if node.target is operator.getitem:
        source, index = node.args
        found = reader.names[source]
        if isinstance(found, list) and isinstance(index, int):
            reader.names[node] = found[index]
            return
    name = name_of(node)
    handler = HANDLERS.get(name)
    before = len(reader.architecture.operations)
    if is_complex(node) or any(is_complex(given) for given in _flat(list(node.args))):
        if not translate_complex(reader, node):
            _unknown(reader, node, name)
        return
    if handler is not None and handler(reader, node, _arguments(node)):
        return
    assert len(reader.architecture.operations) == before
    _unknown(reader, node, name)


def _unknown(reader: Reader, node: Any, name: str) -> None:
    inputs: dict[str, None] = {}
    for given in (*_flat(list(node.args)), *_flat(dict(node.kwargs))):
        found = reader.names[given]
        inputs.update(dict.fromkeys(found if isinstance(found, list) else [found]))
    value = node.meta.get("val")
    free = not inputs
    kind = "shape_only" if free else f"unknown {name}"
    if isinstance(value, list | tuple):
        made = [f"{node.name}.{k}" for k in range(len(value))]
        shapes = [list(v.shape) if hasattr(v, "shape") else None for v in value]
        reader.architecture.add_operation(kind, inputs, made, node.name, shapes=shapes, reason=f"{name} is not known")
        reader.names[node] = made
        return
    reader.architecture.add_operation(kind, inputs, (node.name,), node.name, shapes=[shape_of(node)],
                                      reason=f"{name} is not known")
    reader.names[node] = node.name


def _arguments(node: Any) -> dict[str, Any]:
    """The arguments by name, with defaults."""
    schema = getattr(node.target, "_schema", None)
    if schema is None:
        return dict(enumerate(node.args))  # type: ignore[arg-type]
    found: dict[str, Any] = {}
    for k, argument in enumerate(schema.arguments):
        if k < len(node.args):
            found[argument.name] = node.args[k]
        elif argument.name in node.kwargs:
            found[argument.name] = node.kwargs[argument.name]
        elif argument.has_default_value():
            found[argument.name] = argument.default_value
    return found


def exact(value: float) -> Term:
    """A number, exactly."""
    return num(Fraction(value))


def _term(build: Callable[[dict[str, Any]], Term | None]) -> Handler:
    def handle(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
        term = build(a)
        if term is None:
            return False
        first = a.get("self", a.get("input"))
        reader.add(node, "activation", (first,), term=term, shown=name_of(node))
        return True

    return handle


def _named(text: str) -> Handler:
    return _term(lambda a: parse_term(text))


def _clamp(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    low, high = a.get("min", a.get("min_val")), a.get("max", a.get("max_val"))
    reader.add(node, "pointwise", (a["self"], low, high), function="clip")
    return True


def _power(a: dict[str, Any]) -> Term | None:
    exponent = a["exponent"]
    return parse_term("x") ** exact(exponent) if isinstance(exponent, int | float) else None


def _softplus(a: dict[str, Any]) -> Term | None:
    # With the threshold the function is another one, linear from some point on.
    beta, threshold = a["beta"], a["threshold"]
    smooth = build_activation("softplus", beta=exact(beta))
    return parse_term(f"Piecewise((x, ({Fraction(beta)})*x > {Fraction(threshold)}), ({smooth}, True))")


def _elu(a: dict[str, Any]) -> Term:
    alpha, scale, inner = (Fraction(a.get(k, 1)) for k in ("alpha", "scale", "input_scale"))
    return parse_term(f"Piecewise((({scale})*x, x > 0), (({scale})*({alpha})*(exp(({inner})*x) - 1), True))")


def _binary(function: str) -> Handler:
    def handle(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
        first, second = a["self"], a["other"] if "other" in a else a["exponent"]
        function_used = function if a.get("rounding_mode") is None else "any"
        if a.get("alpha", 1) != 1:
            factor = reader.tensor(a["alpha"])
            scaled = f"{node.name} (scaled)"
            given = reader.tensor(second), factor
            reader.architecture.add_operation("pointwise", given, (scaled,), scaled, function="mul")
            reader.add(node, "pointwise", (first, scaled), function=function_used)
            return True
        reader.add(node, "pointwise", (first, second), function=function_used)
        return True

    return handle


def _reversed_subtraction(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    if a.get("alpha", 1) != 1:
        return False
    reader.add(node, "pointwise", (a["other"], a["self"]), function="sub")
    return True


def _any(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    given = [v for v in (a.get("self"), a.get("other")) if v is not None]
    reader.add(node, "pointwise", given, function="any")
    return True


def _cast(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    source, result = a["self"], node.meta["val"]
    plain = result.is_floating_point() and source.meta["val"].is_floating_point()
    reader.add(node, "identity" if plain else "pointwise", (source,), function="any")
    return True


def _linear(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    reader.add(node, "linear", (a["input"], a["weight"], a.get("bias")))
    return True


def _matmul(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    reader.add(node, "matmul", (a["self"], a.get("other", a.get("mat2"))))
    return True


def _addmm(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    if a.get("beta", 1) == 0 or a.get("alpha", 1) == 0:
        return False
    first, second = (a["mat1"], a["mat2"]) if "mat1" in a else (a["batch1"], a["batch2"])
    weighted = a.get("beta", 1) != 1 or a.get("alpha", 1) != 1
    reader.add(node, "matmul", (first, second, a["self"]), weighted=weighted)
    return True


def _convolution(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    transposed = "transpose" in name_of(node) or bool(a.get("transposed"))
    if len(a["weight"].meta["val"].shape) != rank_of(node):
        return False
    shape = shape_of(node) or []
    reader.add(node, "convolution", (a["input"], a["weight"], a.get("bias")), groups=a.get("groups", 1),
               transposed=transposed, space=shape[2:])
    return True


def _batch_norm(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    if a.get("training"):
        return False
    made = reader.add(node, "batch_norm", (a["input"], a["weight"], a["bias"], a["running_mean"], a["running_var"]),
                      shapes=[shape_of(a["input"])])
    if isinstance(node.meta["val"], list | tuple):
        empty = [f"{made} (empty {k})" for k in range(len(node.meta["val"]) - 1)]
        for name in empty:
            reader.architecture.add_operation("shape_only", (), (name,), name, shapes=[[0]])
        reader.names[node] = [made, *empty]
    return True


def _normalisation(kind: str) -> Handler:
    def handle(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
        count = len(a["normalized_shape"])
        reader.add(node, kind, (a["input"], a.get("weight"), a.get("bias")), axes=tuple(range(-count, 0)))
        return True

    return handle


def _group_norm(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    if not a.get("use_input_stats", True):
        return False
    reader.add(node, "group_norm", (a["input"], a.get("weight"), a.get("bias")), groups=a.get("num_groups"))
    return True


def _softmax(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    reader.add(node, "softmax", (a["self"],), axes=[a["dim"]] if rank_of(node) else [])
    return True


def _attention(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    if a.get("dropout_p"):  # applied in evaluation mode, too
        return False
    query, key = (a[k].meta["val"].shape for k in ("query", "key"))
    repeat = 1
    if a.get("enable_gqa") and query[-3] != key[-3]:
        repeat = query[-3] // key[-3]
    reader.add(node, "attention", (a["query"], a["key"], a["value"], a.get("attn_mask")), repeat=repeat,
               causal=bool(a.get("is_causal")))
    return True


def _reduce(how: str) -> Handler:
    def handle(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
        axes = a.get("dim")
        if isinstance(axes, int):
            axes = [axes]
        reader.add(node, "reduce", (a["self"],), how=how, axes=list(axes) if axes else None,
                   keep=bool(a.get("keepdim", False)))
        return True

    return handle


def _vector_norm(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    how = {1: "l1", 2: "l2"}.get(a.get("ord", 2))
    return False if how is None else _reduce(how)(reader, node, a)


def _pool(how: str) -> Handler:
    def handle(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
        source = a.get("self", a.get("input"))
        value = node.meta["val"]
        shapes = [list(v.shape) for v in value] if isinstance(value, list | tuple) else [list(value.shape)]
        places = 3 if "3d" in name_of(node) else 1 if "1d" in name_of(node) else 2
        if len(shapes[0]) != places + 2:
            return False
        made = [node.name] if len(shapes) == 1 else [f"{node.name}.{k}" for k in range(len(shapes))]
        reader.architecture.add_operation("pool", (reader.tensor(source),), made, node.name, how=how, shapes=shapes,
                                          space=shapes[0][2:])
        reader.names[node] = made[0] if len(shapes) == 1 else made
        return True

    return handle


def _identity(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    reader.add(node, "identity", (a.get("self", a.get("input")),))
    return True


def _dropout(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    return False if a.get("train") else _identity(reader, node, a)


def _where(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    if "other" not in a:
        return False
    reader.add(node, "where", (a["condition"], a["self"], a["other"]))
    return True


def _masked_fill(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    reader.add(node, "where", (a["mask"], a["value"], a["self"]))
    return True


def _einsum(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    reader.add(node, "einsum", a["tensors"], equation=a["equation"])
    return True


def _free(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    """Tensors that depend on shapes alone."""
    reader.add(node, "shape_only", ())
    return True


def _recurrent(cell: str, gates: str) -> Handler:
    def handle(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
        from intertwine.networks.torch_modules.recurrence import recurrent

        return recurrent(reader, node, a, cell, gates)

    return handle


def _table(keys: str, handler: Handler) -> dict[str, Handler]:
    return dict.fromkeys(keys.split(), handler)


_SIMPLE = {
    "relu": "relu", "relu6": "relu6", "silu": "silu", "hardswish": "hard_swish", "hardsigmoid": "hard_sigmoid",
    "mish": "mish", "tanh": "tanh", "sigmoid": "sigmoid", "erf": "erf", "exp": "exp(x)", "log": "log(x)",
    "sqrt": "sqrt(x)", "rsqrt": "1/sqrt(x)", "abs": "Abs(x)", "neg": "-x", "reciprocal": "1/x", "sin": "sin(x)",
    "cos": "cos(x)", "square": "x**2", "log_sigmoid": "log_sigmoid", "softsign": "softsign", "sign": "sign(x)",
    "log1p": "log(1 + x)", "expm1": "exp(x) - 1", "floor": "floor(x)", "ceil": "ceiling(x)", "atan": "atan(x)",
    "sinh": "sinh(x)", "cosh": "cosh(x)", "asinh": "asinh(x)",
}

HANDLERS: dict[str, Handler] = {
    **{name: _named(text) for name, text in _SIMPLE.items()},
    "gelu": _term(lambda a: parse_term("gelu_tanh" if a.get("approximate") == "tanh" else "gelu")),
    "leaky_relu": _term(lambda a: build_activation("leaky_relu", negative_slope=exact(a["negative_slope"]))),
    "elu": _term(_elu), "softplus": _term(_softplus), "pow": _binary("pow"),
    "celu": _term(lambda a: build_activation("celu", alpha=exact(a["alpha"]))),
    "threshold": _term(lambda a: build_activation(
        "threshold", threshold=exact(a["threshold"]), value=exact(a["value"]))),
    **_table("clamp hardtanh clamp_min clamp_max", _clamp),
    "add": _binary("add"), "sub": _binary("sub"), "mul": _binary("mul"), "div": _binary("div"),
    "lt": _binary("less"), "le": _binary("less_equal"), "gt": _binary("greater"), "ge": _binary("greater_equal"),
    "maximum": _binary("max"), "minimum": _binary("min"), "rsub": _reversed_subtraction,
    "prelu": lambda r, n, a: _prelu(r, n, a),
    **_table("eq ne logical_and logical_or logical_not bitwise_not bitwise_and bitwise_or isnan isinf "
             "remainder fmod round floor_divide", _any),
    **_table("_to_copy to type_as", _cast), "linear": _linear, **_table("mm matmul bmm", _matmul),
    **_table("addmm baddbmm", _addmm),
    **_table("conv1d conv2d conv3d convolution conv_transpose1d conv_transpose2d conv_transpose3d", _convolution),
    **_table("batch_norm _native_batch_norm_legit_no_training", _batch_norm),
    "layer_norm": _normalisation("layer_norm"), "rms_norm": _normalisation("rms_norm"),
    **_table("group_norm instance_norm", _group_norm),
    **_table("softmax _softmax log_softmax _log_softmax", _softmax), "scaled_dot_product_attention": _attention,
    "mean": _reduce("mean"), "sum": _reduce("sum"), "amax": _reduce("max"), "amin": _reduce("min"),
    "logsumexp": _reduce("log_sum_exp"), "linalg_vector_norm": _vector_norm,
    **_table("max_pool1d max_pool2d max_pool3d max_pool2d_with_indices adaptive_max_pool2d "
             "adaptive_max_pool1d", _pool("max")),
    **_table("avg_pool1d avg_pool2d avg_pool3d adaptive_avg_pool1d adaptive_avg_pool2d "
             "adaptive_avg_pool3d", _pool("average")),
    **_table("upsample_nearest1d upsample_nearest2d upsample_bilinear2d upsample_linear1d upsample_bicubic2d "
             "_upsample_nearest_exact2d upsample_nearest3d upsample_trilinear3d", resample),
    "cumsum": along("dim"), "flip": reordered, "roll": lambda r, n, a: bool(a.get("dims")) and reordered(r, n, a),
    "argmax": extreme_place, "argmin": extreme_place,
    **_table("tril triu", along("none")),
    **_table("pad constant_pad_nd reflection_pad1d reflection_pad2d replication_pad2d replication_pad1d", padding),
    **_table("view reshape _unsafe_view flatten unflatten", reshape), "permute": permute,
    **_table("transpose t", transpose), "unsqueeze": unsqueeze, "squeeze": squeeze, "expand": expand,
    "repeat": repeat, "repeat_interleave": repeat_interleave, "cat": concat, "stack": stack,
    **_table("split split_with_sizes chunk", split), "unbind": unbind, "select": select, "slice": take_slice,
    "embedding": embedding,
    **_table("clone contiguous alias detach lift_fresh_copy detach_ positive", _identity),
    **_table("dropout feature_dropout alpha_dropout", _dropout), "where": _where, "masked_fill": _masked_fill,
    "einsum": _einsum, "_weight_norm": weight_norm, "var": variance, "max": extreme("max"),
    "min": extreme("min"), "unfold": windows, "im2col": patches, "index": picked,
    **_table("topk sort median kthvalue", ordered),
    **_table("grid_sampler grid_sampler_2d grid_sampler_3d", sampled), "prod": _reduce("product"),
    "rrelu": _term(lambda a: build_activation("rrelu", lower=exact(a["lower"]), upper=exact(a["upper"]))),
    "selu": _term(lambda a: parse_term("selu")), "mv": contraction("ij,j->i", "self", "vec"),
    "vdot": contraction("i,i->", "self", "other"), "dot": contraction("i,i->", "self", "tensor"),
    **_table("zeros ones full arange empty zeros_like ones_like full_like scalar_tensor eye linspace", _free),
    "pixel_shuffle": pixel_shuffle,
    "lstm": _recurrent("LSTM", "ifco"), "gru": _recurrent("GRU", "rzh"), "rnn_tanh": _recurrent("RNN", "h"),
    "rnn_relu": _recurrent("RNN", "h"),
}


def _prelu(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    """A slope for each channel, which is axis 1."""
    weight, rank = a["weight"], rank_of(node)
    if weight.meta["val"].numel() == 1:
        reader.add(node, "pointwise", (a["self"], weight), function="prelu")
        return True
    name = f"{node.name} (slopes)"
    places = list(range(1, rank - 1))
    reader.architecture.add_operation("unsqueeze", (reader.tensor(weight),), (name,), name, axes=places)
    reader.add(node, "pointwise", (a["self"], name), function="prelu")
    return True
