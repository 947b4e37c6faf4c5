"""ONNX operators that move entries, or interpolate along axes."""

from __future__ import annotations

from typing import Any

from intertwine.networks.onnx_files.reader import Reader
from intertwine.networks.onnx_files.sizes import product, target_shape
from intertwine.networks.spaces import Size


def resize(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    old, new = reader.shapes.get(node.input[0]), reader.shapes.get(node.output[0])
    if attributes.get("coordinate_transformation_mode") == "tf_crop_and_resize" or old is None or new is None:
        return False
    kept = old[:2] == new[:2] and None not in old[:2]
    if len(old) != len(new) or not (kept or _spares(reader, node, attributes)):
        return False
    reader.add("resample", node.input[:1], node.output, title, sizes={k: new[k] for k in range(2, len(new))})
    return True


def _spares(reader: Reader, node: Any, attributes: dict[str, Any]) -> bool:
    """Whether a resize has the scale one on batch and channels."""
    if attributes.get("axes"):
        return bool(min(attributes["axes"]) >= 2)
    old = reader.shapes.get(node.input[0])
    sizes = reader.vector(node.input[3]) if len(node.input) > 3 and node.input[3] else None
    if sizes is not None and old is not None and None not in old[:2]:
        return len(sizes) == len(old) and sizes[:2] == old[:2]
    for name in node.input[1:]:
        tensor = reader.stored.get(name)
        if tensor is not None and tensor.data_type == 1 and tensor.dims and tensor.dims[0] > 2:
            scales = reader.array(tensor)
            return bool(len(scales) == reader.rank(node.input[0]) and scales[0] == 1 and scales[1] == 1)
    return False


def grid_sample(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    """Images read off at places that a second input gives, on which nothing moves."""
    rank, new = reader.rank(node.input[0]), reader.shapes.get(node.output[0])
    if rank is None:
        return False
    sizes = {k: new[k] if new is not None else None for k in range(2, rank)}
    reader.add("resample", node.input, node.output, title, sizes=sizes)
    return True


def top_k(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    """The largest or smallest entries along an axis, each of which moves as the largest one does; places are not read.
    """
    rank, new = reader.rank(node.input[0]), reader.shapes.get(node.output[0])
    used = {name for other in reader.flat.nodes for name in other.input} | {o.name for o in reader.graph.output}
    if rank is None or (len(node.output) > 1 and node.output[1] in used):
        return False
    axis, first = attributes.get("axis", -1) % rank, f"{title} (1)"
    how = "max" if attributes.get("largest", 1) else "min"
    reader.add("reduce", node.input[:1], (first,), first, how=how, axes=[axis], keep=True)
    reader.add("resample", (first,), node.output[:1], title, sizes={axis: new[axis] if new is not None else None})
    return True


def pad(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    rank, new = reader.rank(node.input[0]), reader.shapes.get(node.output[0])
    pads = attributes.get("pads", attributes.get("paddings"))
    if pads is None and len(node.input) > 1:
        pads = reader.vector(node.input[1])
    if pads is None or rank is None:
        return False
    places = list(range(rank))
    if len(node.input) > 3 and node.input[3]:
        found = reader.vector(node.input[3])
        if found is None or not all(isinstance(a, int) for a in found):
            return False
        places = [int(a) % rank for a in found]  # type: ignore[arg-type]
    half = len(pads) // 2
    if half != len(places):
        return False
    constant = attributes.get("value", 0.0)
    if len(node.input) > 2 and node.input[2]:
        constant = reader.floats.get(node.input[2], 1.0)
    sizes = {a: new[a] if new else None for k, a in enumerate(places) if pads[k] != 0 or pads[half + k] != 0}
    reader.add("pad", node.input[:1], node.output, title, sizes=sizes,
               constant=attributes.get("mode", "constant") == "constant" and constant != 0)
    return True


def along(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    """Linear maps along some axes, which are frozen: cumulative sums, triangles, repetitions."""
    new, rank = reader.shapes.get(node.output[0]), reader.rank(node.input[0])
    if rank is None:
        return False
    if node.op_type == "Tile":
        repeats = reader.vector(node.input[1])
        if repeats is None or len(repeats) != rank:
            return False
        places = [k for k, n in enumerate(repeats) if n != 1]
    elif node.op_type == "CumSum":
        axes = reader.vector(node.input[1])
        if axes is None or not all(isinstance(a, int) for a in axes):
            return False
        places = [int(a) % rank for a in axes]  # type: ignore[arg-type]
    else:
        places = [rank - 2, rank - 1]
    reader.add("resample", node.input[:1], node.output, title, sizes={k: new[k] if new else None for k in places})
    return True


def argument(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    """The place of the largest or smallest entry."""
    reader.add("extreme_place", node.input[:1], node.output, title, axis=attributes.get("axis", 0),
               keep=bool(attributes.get("keepdims", 1)))
    return True


def response_norm(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    reader.add("neighbours", node.input[:1], node.output, title)
    return True


def concat(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    reader.add("concat", node.input, node.output, title, axis=attributes.get("axis", 1))
    return True


def split(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    axis = attributes.get("axis", 0)
    sizes = attributes.get("split")
    if len(node.input) > 1 and node.input[1]:
        sizes = reader.vector(node.input[1])
        if sizes is None:
            return False
    if sizes is None:
        shape = reader.shapes.get(node.input[0])
        total = shape[axis] if shape else None
        count = len(node.output)
        if not isinstance(total, int):
            return False
        size = -(-total // count)
        sizes = [size] * (count - 1) + [total - size * (count - 1)]
    reader.add("split", node.input[:1], node.output, title, axis=axis, sizes=list(sizes))
    return True


def slicing(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    shape = reader.shapes.get(node.input[0])
    if shape is None:
        return False
    if "starts" in attributes:
        starts, stops, axes = attributes["starts"], attributes["ends"], attributes.get("axes")
        steps: Any = None
    else:
        starts, stops = reader.vector(node.input[1]), reader.vector(node.input[2])
        axes = reader.vector(node.input[3]) if len(node.input) > 3 and node.input[3] else None
        steps = reader.vector(node.input[4]) if len(node.input) > 4 and node.input[4] else None
        given = [*node.input, "", ""]
        if given[3] and axes is None or given[4] and steps is None:
            return False
    if axes is None and starts is not None:
        axes = list(range(len(starts)))
    if axes is None or not all(isinstance(a, int) for a in axes):
        if axes is None and starts is None:
            axes = list(range(len(shape)))
        else:
            return False
    ranges: dict[int, tuple[Any, Any, Any]] = {}
    for k, a in enumerate(axes):
        start = starts[k] if starts is not None else None
        stop = stops[k] if stops is not None else None
        step = steps[k] if steps is not None else 1
        ranges[a % len(shape)] = _normal(start, stop, step, shape[a])
    reader.add("slice", node.input[:1], node.output, title, ranges=ranges)
    return True


def _normal(start: Any, stop: Any, step: Any, size: Size) -> tuple[Any, Any, Any]:
    if isinstance(size, int) and all(isinstance(n, int) for n in (start, stop, step)):
        return slice(start, stop, step).indices(size)
    if start == 0 and step == 1 and isinstance(stop, int) and stop >= 2**31 - 1:
        return 0, size, 1
    return None, None, 1 if step == 1 else None


def gather(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    axis, known = attributes.get("axis", 0), reader.vectors.get(node.input[1])
    if known is not None and known[1] == 0 and isinstance(known[0][0], int):
        reader.add("select", node.input[:1], node.output, title, axis=axis, index=known[0][0])
        return True
    shape = reader.shapes.get(node.input[0])
    size = shape[axis] if shape else None
    if known is not None and known[1] == 1 and isinstance(size, int) and all(isinstance(i, int) for i in known[0]):
        reader.add("pick", node.input[:1], node.output, title, axis=axis, indices=[int(i) % size for i in known[0]])  # type: ignore[arg-type]
        return True
    reader.add("embedding", node.input[:2], node.output, title, axis=axis)
    return True


def reshape(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    old, new = reader.shapes.get(node.input[0]), reader.shapes.get(node.output[0])
    wanted = attributes.get("shape") if "shape" in attributes else reader.vector(node.input[1])
    if wanted is not None:
        new = target_shape(old, list(wanted), new, not attributes.get("allowzero", 0))
    if new is not None:
        reader.shapes[node.output[0]] = new
    reader.add("reshape", node.input[:1], node.output, title, shape=new)
    return True


def flatten(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    old, axis = reader.shapes.get(node.input[0]), attributes.get("axis", 1)
    shape = None if old is None else [product(old[:axis]), product(old[axis:])]
    if shape is not None and axis < 0:
        shape = [product(old[:axis]), product(old[axis:])]  # type: ignore[index]
    reader.add("reshape", node.input[:1], node.output, title, shape=shape)
    return True


def transpose(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    reader.add("transpose", node.input, node.output, title, order=attributes.get("perm"))
    return True


def squeeze(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    axes = attributes.get("axes")
    if len(node.input) > 1 and node.input[1]:
        axes = reader.vector(node.input[1])
        if axes is None:
            return False
    if axes is None and node.op_type == "Unsqueeze":
        return False
    kind = "squeeze" if node.op_type == "Squeeze" else "unsqueeze"
    reader.add(kind, node.input[:1], node.output, title, axes=None if axes is None else list(axes))
    return True


def expand(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    shape = reader.vector(node.input[1])
    inferred = reader.shapes.get(node.output[0])
    if shape is None and inferred is None:
        return False
    wanted: list[Size] = list(inferred) if inferred is not None else list(shape or [])
    for k, size in enumerate(reversed(shape or []), 1):  # what is wanted tells sizes that were not inferred
        if k <= len(wanted) and not isinstance(wanted[-k], int) and isinstance(size, int) and size > 0:
            old = reader.shapes.get(node.input[0]) or []
            wanted[-k] = size if size > 1 or k > len(old) else old[-k]
    reader.shapes[node.output[0]] = wanted
    reader.add("expand", node.input[:1], node.output, title, shape=wanted)
    return True


def depth_to_space(reader: Reader, node: Any, attributes: dict[str, Any], title: str) -> bool:
    shape, b = reader.shapes.get(node.input[0]), attributes["blocksize"]
    if shape is None or len(shape) != 4 or not isinstance(shape[1], int):
        return False
    n, c, h, w = shape
    after = reader.shapes.get(node.output[0]) or [n, None, None, None]
    if node.op_type == "SpaceToDepth":
        wide: list[Size] = [n, c, after[2], b, after[3], b]
        order, last = [0, 3, 5, 1, 2, 4], [n, c * b * b, after[2], after[3]]
        if not isinstance(h, int) or not isinstance(w, int):
            return False
    elif attributes.get("mode", "DCR") == "DCR":
        wide, order, last = [n, b, b, c // b**2, h, w], [0, 3, 4, 1, 5, 2], [n, c // b**2, after[2], after[3]]
    else:
        wide, order, last = [n, c // b**2, b, b, h, w], [0, 1, 4, 2, 5, 3], [n, c // b**2, after[2], after[3]]
    reader.add("reshape", node.input, (f"{title} (1)",), f"{title} (1)", shape=wide)
    reader.add("transpose", (f"{title} (1)",), (f"{title} (2)",), f"{title} (2)", order=order)
    reader.add("reshape", (f"{title} (2)",), node.output, title, shape=last)
    return True
