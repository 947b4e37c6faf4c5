"""Complex tensors as pairs of real ones: products of numbers of modulus one are how some models write rotations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from intertwine.networks.torch_modules.reader import Reader, name_of, shape_of
from intertwine.parsing import parse_term


def is_complex(node: Any) -> bool:
    """Whether a node has a complex tensor."""
    value: Any = getattr(node, "meta", {}).get("val")
    return bool(hasattr(value, "is_complex") and value.is_complex())


def translate_complex(reader: Reader, node: Any) -> bool:
    """Add the operations of a node that reads or makes complex tensors; False if it is not understood."""
    handler = _HANDLERS.get(name_of(node))
    return handler is not None and handler(reader, node)


def _make(reader: Reader, node: Any, part: str, kind: str, inputs: Sequence[str], shape: Any, **settings: Any) -> str:
    title = f"{node.name} ({part})"
    return reader.architecture.add_operation(kind, inputs, (title,), title, shapes=[shape], **settings)[0]


def _parts(reader: Reader, node: Any, given: Any, which: str) -> tuple[str, str]:
    """The real and the imaginary part of an operand."""
    found = reader.names[given]
    if isinstance(found, list):
        return found[0], found[1]
    return (_make(reader, node, f"{which}, real", "real part", (found,), shape_of(given)),
            _make(reader, node, f"{which}, imaginary", "imaginary part", (found,), shape_of(given)))


def _pairs(reader: Reader, node: Any) -> bool:
    """Neighbours along the last axis as real and imaginary parts."""
    source = reader.tensor(node.args[0])
    reader.names[node] = [_make(reader, node, part, "select", (source,), shape_of(node), axis=-1, index=k)
                          for k, part in enumerate(("real", "imaginary"))]
    return True


def _real_pairs(reader: Reader, node: Any) -> bool:
    found = reader.names[node.args[0]]
    if not isinstance(found, list):
        return False
    wide = [*(shape_of(node) or [])[:-1], 1]
    parts = [_make(reader, node, str(k), "unsqueeze", (name,), wide, axes=[-1]) for k, name in enumerate(found)]
    reader.add(node, "concat", parts, axis=-1)
    return True


def _product(reader: Reader, node: Any) -> bool:
    if len(node.args) != 2 or not all(is_complex(a) for a in node.args):
        return False
    if not any(isinstance(reader.names[a], list) for a in node.args):
        return False  # of two constants
    (a, b), (c, d) = (_parts(reader, node, given, which) for given, which in zip(node.args, ("1", "2"), strict=True))

    def times(first: str, second: str, part: str) -> str:
        return _make(reader, node, part, "pointwise", (first, second), shape_of(node), function="mul")

    real = _make(reader, node, "real", "pointwise", (times(a, c, "ac"), times(b, d, "bd")), shape_of(node),
                 function="sub")
    imaginary = _make(reader, node, "imaginary", "pointwise", (times(a, d, "ad"), times(b, c, "bc")), shape_of(node),
                      function="add")
    reader.names[node] = [real, imaginary]
    return True


def _conjugate(reader: Reader, node: Any) -> bool:
    found = reader.names[node.args[0]]
    if not isinstance(found, list):
        return False
    minus = _make(reader, node, "minus", "activation", (found[1],), shape_of(node), term=parse_term("-x"))
    reader.names[node] = [found[0], minus]
    return True


_HANDLERS: dict[str, Callable[[Reader, Any], bool]] = {
    "view_as_complex": _pairs, "view_as_real": _real_pairs, "mul": _product, "_conj": _conjugate, "conj": _conjugate,
    "conj_physical": _conjugate, "_conj_physical": _conjugate,
}  # fmt: skip
