"""ATen operations that are several steps of known kinds."""

from __future__ import annotations

from typing import Any

from intertwine.networks.torch_modules.reader import Handler, Reader, name_of, rank_of, shape_of
from intertwine.parsing import parse_term


def weight_norm(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    """A direction divided by its length for every index of one axis, times a length of its own."""
    direction, length = reader.tensor(a["v"]), reader.tensor(a["g"])
    rank, dim = rank_of(node), a.get("dim", 0)
    axes = [k for k in range(rank) if dim == -1 or k != dim % rank]
    net, norm, ratio = reader.architecture, f"{node.name} (norm)", f"{node.name} (ratio)"
    net.add_operation("reduce", (direction,), (norm,), norm, how="l2", axes=axes, keep=True)
    net.add_operation("pointwise", (length, norm), (ratio,), ratio, function="div")
    reader.add(node, "pointwise", (direction, ratio), function="mul")
    return True


def contraction(equation: str, first: str, second: str) -> Handler:
    """A sum of products over indices that are known."""

    def handle(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
        reader.add(node, "einsum", (a[first], a[second]), equation=equation)
        return True

    return handle


def variance(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    """The mean square of what the mean leaves, times n/(n - correction)."""
    source, correction = reader.tensor(a["self"]), a.get("correction")
    rank, sizes = len(a["self"].meta["val"].shape), a["self"].meta["val"].shape
    axes = a.get("dim")
    places = sorted(range(rank) if not axes else [k % rank for k in ([axes] if isinstance(axes, int) else axes)])
    count = 1
    for k in places:
        count *= int(sizes[k])
    correction = int(a.get("unbiased", True)) if correction is None else correction
    if count <= correction:
        return False
    net, mean, rest, square, plain = reader.architecture, *(f"{node.name} ({k})" for k in range(4))
    net.add_operation("reduce", (source,), (mean,), mean, how="mean", axes=places, keep=True)
    net.add_operation("pointwise", (source, mean), (rest,), rest, function="sub")
    net.add_operation("activation", (rest,), (square,), square, term=parse_term("x**2"), shown="square")
    net.add_operation("reduce", (square,), (plain,), plain, how="mean", axes=places, keep=bool(a.get("keepdim")))
    reader.add(node, "pointwise", (plain, count / (count - correction)), function="mul")
    return True


def extreme(how: str) -> Handler:
    """The largest or smallest entry along an axis, with its place, which may not be used."""

    def handle(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
        if "dim" not in a or not isinstance(node.meta["val"], tuple | list):
            if "other" in a:
                reader.add(node, "pointwise", (a["self"], a["other"]), function=how)
            else:
                reader.add(node, "reduce", (a["self"],), how=how, axes=None, keep=False)
            return True
        if any(user.args[1] == 1 and user.users for user in node.users):
            return False
        made = [f"{node.name}.0", f"{node.name}.1"]
        shapes = [list(v.shape) for v in node.meta["val"]]
        reader.architecture.add_operation("reduce", (reader.tensor(a["self"]),), made[:1], node.name, how=how,
                                          axes=[a["dim"]], keep=bool(a.get("keepdim")), shapes=shapes[:1])
        reader.names[node] = made
        return True

    return handle


def windows(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    """Windows along an axis, with the places inside them along a new last axis."""
    shape = shape_of(node) or []
    wide = f"{node.name} (1)"
    reader.architecture.add_operation("unsqueeze", (reader.tensor(a["self"]),), (wide,), wide, axes=[len(shape) - 1])
    axis = a["dimension"] % (len(shape) - 1)
    reader.add(node, "resample", (wide,), sizes={axis: shape[axis], len(shape) - 1: shape[-1]})
    return True


def patches(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    """Patches of images as columns, channel by channel."""
    old, shape = list(a["self"].meta["val"].shape), shape_of(node) or []
    if len(old) != 4 or len(shape) != 3 or not all(isinstance(n, int) for n in (*old, *shape)):
        return False
    size = int(shape[1]) // old[1]  # type: ignore[arg-type]
    spread = f"{node.name} (1)"
    reader.architecture.add_operation("resample", (reader.tensor(a["self"]),), (spread,), spread,
                                      sizes={2: size, 3: shape[2]})
    reader.add(node, "reshape", (spread,), shape=shape)
    return True


def picked(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    """Entries at stored places along one axis."""
    places = [(k, t) for k, t in enumerate(a["indices"]) if t is not None]
    if len(places) != 1:
        return False
    (axis, index), shape = places[0], shape_of(node) or []
    while index.op == "call_function" and name_of(index) in ("lift_fresh_copy", "clone", "detach_", "alias"):
        index = index.args[0]
    if index.op != "placeholder" or len(index.meta["val"].shape) != 1:
        return False
    reader.add(node, "resample", (a["self"],), sizes={axis: shape[axis]})
    return True


def ordered(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    """Entries along an axis by their order, each of which moves as the largest one does; their places are not read."""
    values = node.meta["val"]
    if not isinstance(values, tuple | list) or any(u.args[1] == 1 and u.users for u in node.users):
        return False
    shape = list(a["self"].meta["val"].shape)
    axis, first, made = a.get("dim", -1) % len(shape), f"{node.name} (1)", [f"{node.name}.0", f"{node.name}.1"]
    net, keep = reader.architecture, len(values[0].shape) == len(shape)
    net.add_operation("reduce", (reader.tensor(a["self"]),), (first,), first, how="max", axes=[axis], keep=keep)
    sizes = {axis: int(values[0].shape[axis])} if keep else {}
    net.add_operation("resample", (first,), made[:1], node.name, sizes=sizes, shapes=[list(values[0].shape)])
    reader.names[node] = made
    return True


def sampled(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    """Images read off at places that a second input gives, on which nothing moves."""
    shape = shape_of(node) or []
    reader.add(node, "resample", (a["input"], a["grid"]), sizes={k: shape[k] for k in range(2, len(shape))})
    return True
