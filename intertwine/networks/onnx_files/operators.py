"""Each ONNX operator in terms of the operations that have rules; anything else becomes an operation without a rule."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from intertwine.networks.onnx_files.branches import CHOICE, MADE, branch_of, outer_names, subgraphs
from intertwine.networks.onnx_files.inference import possible
from intertwine.networks.onnx_files.moving import (
    along,
    argument,
    concat,
    depth_to_space,
    expand,
    flatten,
    gather,
    grid_sample,
    pad,
    reshape,
    resize,
    response_norm,
    slicing,
    split,
    squeeze,
    top_k,
    transpose,
)
from intertwine.networks.onnx_files.reader import Reader, attributes_of
from intertwine.networks.onnx_files.rotary import rotary
from intertwine.networks.spaces import Size
from intertwine.parsing import build_activation, parse_term
from intertwine.terms import Term, num

Translator = Callable[[Reader, Any, dict[str, Any], str], bool]


#: What makes zeros of zeros.
_KEEP_ZEROS = ("Expand", "Slice", "Identity", "Unsqueeze", "Squeeze", "Reshape", "Transpose", "Concat", "Tile")


def translate(reader: Reader, node: Any, title: str) -> None:
    """Add the operations of one node."""
    attributes = attributes_of(node)
    if node.op_type == "Constant" and "value" in attributes:
        return  # stored already
    if node.op_type in _KEEP_ZEROS:
        values = node.input if node.op_type == "Concat" else node.input[:1]
        if all(name in reader.zeros for name in values):
            reader.zeros.update(node.output)
    if node.domain == MADE and node.op_type == CHOICE:
        choice(reader, node, title)
        return
    handler = HANDLERS.get(node.op_type) if node.domain in ("", "ai.onnx") else CONTRIBUTED.get(node.op_type)
    if handler is not None and not any(True for _ in subgraphs(node)) and handler(reader, node, attributes, title):
        return
    unknown(reader, node, title, None if handler is None else f"this use of {node.op_type} is not known")


def unknown(reader: Reader, node: Any, title: str, reason: str | None = None) -> None:
    """An operation without a rule: everything that it reads, also inside its subgraphs, is frozen."""
    inside = [name for graph in subgraphs(node) for name in outer_names(graph, reader.architecture._made)]
    inputs = [name for name in (*node.input, *inside) if name]
    shown = node.op_type if node.domain in ("", "ai.onnx") else f"{node.domain}.{node.op_type}"
    reader.add(f"unknown {shown}", dict.fromkeys(inputs), node.output, title, reason=reason or f"{shown} is not known")


def choice(reader: Reader, node: Any, title: str) -> None:
    """The outputs of one of two branches: of one alone, if the condition is known or the other cannot be used."""
    taken = reader.taken(node)
    if taken is None and len({len(reader.shapes.get(name, ())) for name in node.input[1:]}) > 1:
        able = [branch for branch in (0, 1) if possible(reader, node, branch)]
        taken = able[0] if len(able) == 1 else None
    if taken is not None:
        reader.follow(node, taken)
    for k, name in enumerate(node.output):
        made = f"{title} ({k})" if len(node.output) > 1 else title
        branches = [branch_of(node, branch)[k] for branch in (0, 1)]
        if taken is not None:
            reader.add("identity", branches[taken : taken + 1], (name,), made)
        else:
            reader.add("choice", (*branches, node.input[0]), (name,), made)


def exact(value: float) -> Term:
    """A floating-point attribute, exactly."""
    return num(Fraction(value))


_NAMED = {
    "Relu": "relu", "Sigmoid": "sigmoid", "Tanh": "tanh", "Softplus": "softplus", "Softsign": "softsign", "Erf": "erf",
    "Mish": "mish", "HardSwish": "hard_swish", "Sin": "sin", "Cos": "cos",
}
_TEXTS = {
    "Exp": "exp(x)", "Log": "log(x)", "Sqrt": "sqrt(x)", "Abs": "Abs(x)", "Neg": "-x", "Reciprocal": "1/x",
    "Sign": "sign(x)",
    "Floor": "floor(x)", "Ceil": "ceiling(x)", "Atan": "atan(x)", "Asinh": "asinh(x)", "Sinh": "sinh(x)",
    "Cosh": "cosh(x)",
    "Tan": "tan(x)", "Acos": "acos(x)", "Asin": "asin(x)", "Acosh": "acosh(x)", "Atanh": "atanh(x)",
}
_WITH_PARAMETERS: dict[str, tuple[str, dict[str, tuple[str, float]]]] = {
    "LeakyRelu": ("leaky_relu", {"negative_slope": ("alpha", 0.01)}),
    "Elu": ("elu", {"alpha": ("alpha", 1.0)}),
    "Celu": ("celu", {"alpha": ("alpha", 1.0)}),
    "ThresholdedRelu": ("thresholded_relu", {"theta": ("alpha", 1.0)}),
    "Swish": ("silu", {"beta": ("alpha", 1.0)}),
}
_BINARY = {"Add": "add", "Sub": "sub", "Mul": "mul", "Div": "div", "Pow": "pow", "PRelu": "prelu",
           "Less": "less", "LessOrEqual": "less_equal", "Greater": "greater", "GreaterOrEqual": "greater_equal"}
#: Functions entry by entry of which nothing but that is used.
_ANY = ("Equal", "And", "Or", "Xor", "Not", "IsNaN", "IsInf", "Mod",
        "Round", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseNot", "BitwiseXor")


def _activation(reader: Reader, node: Any, term: Term, title: str) -> bool:
    reader.add("activation", node.input[:1], node.output, title, term=term, shown=node.op_type)
    return True


def unary(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    kind = node.op_type
    if kind in _NAMED:
        return _activation(reader, node, parse_term(_NAMED[kind]), title)
    if kind in _TEXTS:
        return _activation(reader, node, parse_term(_TEXTS[kind]), title)
    name, parameters = _WITH_PARAMETERS[kind]
    given = {key: exact(attributes.get(source, default)) for key, (source, default) in parameters.items()}
    return _activation(reader, node, build_activation(name, **given), title)


def selu(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    alpha, gamma = attributes.get("alpha", 1.6732632423543772), attributes.get("gamma", 1.0507009873554805)
    return _activation(reader, node, exact(gamma) * build_activation("elu", alpha=exact(alpha)), title)


def hard_sigmoid(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    a, b = Fraction(attributes.get("alpha", 0.2)), Fraction(attributes.get("beta", 0.5))
    return _activation(reader, node, parse_term(f"Max(0, Min(1, ({a})*x + ({b})))"), title)


def gelu(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    name = "gelu_tanh" if attributes.get("approximate") == "tanh" else "gelu"
    return _activation(reader, node, parse_term(name), title)


def binary(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    if "axis" in attributes or "broadcast" in attributes:  # broadcasting as in the first versions
        return False
    reader.add("pointwise", node.input, node.output, title, function=_BINARY[node.op_type])
    return True


def several(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    """Sum, Max and Min of any number of tensors, two by two."""
    function = {"Sum": "add", "Max": "max", "Min": "min"}[node.op_type]
    left = node.input[0]
    if len(node.input) == 1:
        reader.add("identity", node.input, node.output, title)
    for k, name in enumerate(node.input[1:], 1):
        last = k == len(node.input) - 1
        made = node.output[0] if last else f"{title} ({k})"
        reader.add("pointwise", (left, name), (made,), title if last else f"{title} ({k})", function=function)
        left = made
    return True


def anything(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    reader.add("pointwise", node.input, node.output, title, function="any")
    return True


def clip(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    inputs = list(node.input)
    for k, key in ((1, "min"), (2, "max")):
        if key in attributes:
            inputs += [""] * (k + 1 - len(inputs))
            inputs[k] = reader.architecture.number(float(attributes[key]), f"{title} ({key})")
    reader.add("pointwise", inputs, node.output, title, function="clip")
    return True


def cast(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    floats = {1, 10, 11, 16}
    plain = attributes.get("to") in floats and reader.types.get(node.input[0]) in (*floats, 6, 7)
    reader.add("identity" if plain else "pointwise", node.input[:1], node.output, title, function="any")
    return True


def identity(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    if len(node.output) > 1 and node.output[1]:
        return False
    reader.add("identity", node.input[:1], node.output[:1], title)
    return True


def matmul(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    reader.add("matmul", node.input, node.output, title)
    return True


def gemm(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    if attributes.get("alpha", 1.0) == 0 or attributes.get("beta", 1.0) == 0:
        return False
    flags = (bool(attributes.get("transA", 0)), bool(attributes.get("transB", 0)))
    weighted = (attributes.get("alpha", 1.0), attributes.get("beta", 1.0)) != (1.0, 1.0)
    reader.add("matmul", [n for n in node.input if n], node.output, title, transposed=flags, weighted=weighted)
    return True


def convolution(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    shape = reader.shapes.get(node.output[0])
    reader.add("convolution", node.input, node.output, title, groups=attributes.get("group", 1),
               transposed=node.op_type == "ConvTranspose", space=shape[2:] if shape else None)
    return True


def batch_norm(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    if attributes.get("training_mode") or len([o for o in node.output if o]) > 1:
        return False
    if reader.version < 9 and not attributes.get("spatial", 1):
        return False
    reader.add("batch_norm", node.input, node.output[:1], title)
    return True


def layer_norm(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    rank = reader.rank(node.input[0])
    if rank is None:
        return False
    axis = attributes.get("axis", -1)
    centred = node.op_type == "LayerNormalization"
    if any(o for o in node.output[1:]):
        return False
    reader.add("layer_norm" if centred else "rms_norm", node.input, node.output[:1], title,
               axes=tuple(range(axis % rank, rank)))
    return True


def group_norm(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    reader.add("group_norm", node.input, node.output, title, groups=attributes.get("num_groups"))
    return True


def softmax(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    rank = reader.rank(node.input[0])
    if not rank:
        return False
    old = reader.version < 13  # the softmax of a matrix, to which the tensor is flattened
    axes = list(range(attributes.get("axis", 1) % rank, rank)) if old else [attributes.get("axis", -1)]
    reader.add("softmax", node.input, node.output, title, axes=axes)
    return True


_REDUCTIONS = {"ReduceMean": "mean", "ReduceSum": "sum", "ReduceMax": "max", "ReduceMin": "min", "ReduceL1": "l1",
               "ReduceL2": "l2", "ReduceSumSquare": "sum_square", "ReduceProd": "product", "ReduceLogSum": "log_sum",
               "ReduceLogSumExp": "log_sum_exp"}


def reduce(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    axes = attributes.get("axes")
    if len(node.input) > 1 and node.input[1]:
        axes = reader.vector(node.input[1])
        if axes is None or not all(isinstance(a, int) for a in axes):
            return False
    if axes is not None and not len(axes):
        axes = None
    if axes is None and attributes.get("noop_with_empty_axes"):
        return False
    reader.add("reduce", node.input[:1], node.output, title, how=_REDUCTIONS[node.op_type], axes=axes,
               keep=bool(attributes.get("keepdims", 1)))
    return True


def pool(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    how = "max" if "Max" in node.op_type else "average"
    shape = reader.shapes.get(node.output[0])
    rank = reader.rank(node.input[0])
    space: list[Size] | None = shape[2:] if shape else None
    if node.op_type.startswith("Global") and rank is not None:
        space = [1] * (rank - 2)
    reader.add("pool", node.input, node.output, title, how=how, space=space)
    return True


def where(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    reader.add("where", node.input, node.output, title)
    return True


def free(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    """What depends on shapes or on nothing."""
    inputs = () if node.op_type in ("Shape", "Size") else node.input
    if inputs and any(i in reader.architecture.weights for i in inputs):
        return False
    reader.add("shape_only" if not inputs else "unknown", inputs, node.output, title)
    return True


def einsum(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    reader.add("einsum", node.input, node.output, title, equation=attributes["equation"])
    return True


_ACTIVATIONS = {"LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"]}


def recurrent(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    plain = {"direction", "hidden_size", "linear_before_reset", "layout", "activations", "input_forget"}
    directions = 2 if attributes.get("direction") == "bidirectional" else 1
    if set(attributes) - plain or attributes.get("layout") or attributes.get("input_forget"):
        return False
    given = [a.decode() if isinstance(a, bytes) else a for a in attributes.get("activations", [])]
    activation = parse_term("tanh")
    if node.op_type == "RNN":
        given = given or ["Tanh"] * directions
        if len(set(given)) != 1 or given[0] not in _NAMED:
            return False
        activation = parse_term(_NAMED[given[0]])
    elif given and given != _ACTIVATIONS[node.op_type] * directions:
        return False
    if len(node.input) > 7 and node.input[7]:  # peepholes
        return False
    first = [name for name in node.input[5:7] if name]
    started = not all(name in reader.zeros for name in first)
    inputs = [name if name not in reader.zeros else "" for name in node.input]
    reader.add("recurrent", inputs, node.output, title, cell=node.op_type, format="onnx",
               size=attributes.get("hidden_size"), directions=directions, activation=activation, started=started,
               reset_first=not attributes.get("linear_before_reset", 0))
    return True


def zeros(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    """ConstantOfShape, and what keeps zeros zero."""
    if node.op_type == "ConstantOfShape":
        value = attributes.get("value")
        from onnx import numpy_helper

        if value is None or not numpy_helper.to_array(value).any():
            reader.zeros.add(node.output[0])
    reader.add("shape_only", (), node.output, title)
    return True


HANDLERS: dict[str, Translator] = {
    **dict.fromkeys((*_NAMED, *_TEXTS, *_WITH_PARAMETERS), unary), **dict.fromkeys(_BINARY, binary),
    **dict.fromkeys(_ANY, anything), **dict.fromkeys(("Sum", "Max", "Min"), several),
    **dict.fromkeys(_REDUCTIONS, reduce), **dict.fromkeys(("Identity", "Dropout"), identity),
    **dict.fromkeys(("Conv", "ConvTranspose"), convolution),
    **dict.fromkeys(("Softmax", "LogSoftmax", "Hardmax"), softmax),
    **dict.fromkeys(("MaxPool", "AveragePool", "GlobalMaxPool", "GlobalAveragePool"), pool),
    **dict.fromkeys(("LayerNormalization", "RMSNormalization"), layer_norm),
    **dict.fromkeys(("GroupNormalization", "InstanceNormalization"), group_norm),
    **dict.fromkeys(("Tile", "CumSum", "Trilu"), along), **dict.fromkeys(("Squeeze", "Unsqueeze"), squeeze),
    "GridSample": grid_sample, "LRN": response_norm, "ArgMax": argument, "ArgMin": argument, "TopK": top_k,
    **dict.fromkeys(("Shape", "Size"), free), **dict.fromkeys(("Resize", "Upsample"), resize),
    **dict.fromkeys(("DepthToSpace", "SpaceToDepth"), depth_to_space),
    **dict.fromkeys(("LSTM", "GRU", "RNN"), recurrent),
    "ConstantOfShape": zeros, "Selu": selu, "HardSigmoid": hard_sigmoid, "Gelu": gelu, "Clip": clip,
    "Cast": cast, "MatMul": matmul, "Gemm": gemm,
    "BatchNormalization": batch_norm, "Pad": pad, "Concat": concat, "Split": split, "Slice": slicing, "Gather": gather,
    "Reshape": reshape, "Flatten": flatten, "Transpose": transpose, "Expand": expand, "Where": where, "Einsum": einsum,
    "RotaryEmbedding": rotary,
}
#: Operators outside of the standard that ONNX Runtime's tools write.
CONTRIBUTED: dict[str, Translator] = {
    "SimplifiedLayerNormalization": layer_norm, "RotaryEmbedding": rotary, "Gelu": gelu,
}
