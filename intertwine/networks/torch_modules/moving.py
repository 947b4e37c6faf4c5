"""ATen operations that move entries, or interpolate along axes."""

from __future__ import annotations

from typing import Any

from intertwine.networks.torch_modules.reader import Handler, Reader, name_of, rank_of, shape_of


def resample(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    shape = shape_of(node) or []
    reader.add(node, "resample", (a.get("input", a.get("self")),), sizes={k: shape[k] for k in range(2, len(shape))})
    return True


def along(key: str) -> Handler:
    def handle(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
        shape = shape_of(node) or []
        axes = a.get(key, [-1, -2])
        axes = [axes] if isinstance(axes, int) else axes
        reader.add(node, "resample", (a["self"],), sizes={k % len(shape): shape[k] for k in axes})
        return True

    return handle


def reordered(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    """Axes that are reversed or rolled: one step for each."""
    shape, dims = shape_of(node) or [], a["dims"]
    dims = [dims] if isinstance(dims, int) else list(dims)
    shifts = a.get("shifts")
    steps = [None] * len(dims) if shifts is None else [shifts] if isinstance(shifts, int) else list(shifts)
    sizes = [shape[d] for d in dims]
    if not dims or len(steps) != len(dims) or not all(isinstance(n, int) for n in (*sizes, *(s or 0 for s in steps))):
        return False
    source = reader.tensor(a["self"])
    for k, (dim, n, step) in enumerate(zip(dims, sizes, steps, strict=True)):
        indices = [n - 1 - i if step is None else (i - step) % n for i in range(n)]
        settings = {"axis": dim, "indices": indices}
        if k == len(dims) - 1:
            reader.add(node, "pick", (source,), **settings)
        else:
            name = f"{node.name} ({k})"
            source = reader.architecture.add_operation("pick", (source,), (name,), name, **settings)[0]
    return True


def extreme_place(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    """The place of the largest or smallest entry along an axis."""
    if a.get("dim") is None:
        return False
    reader.add(node, "extreme_place", (a["self"],), axis=a["dim"], keep=bool(a.get("keepdim")))
    return True


def pad(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    shape, pads = shape_of(node) or [], a["pad"] if "pad" in a else a["padding"]
    sizes = {len(shape) - 1 - k // 2: shape[len(shape) - 1 - k // 2] for k, n in enumerate(pads) if n}
    mode = a.get("mode", "constant")
    value = a.get("value") or 0
    reader.add(node, "pad", (a["self"],), sizes=sizes, constant=mode == "constant" and value != 0)
    return True


def reshape(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    reader.add(node, "reshape", (a["self"],), shape=shape_of(node))
    return True


def permute(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    rank = rank_of(node)
    reader.add(node, "transpose", (a["self"],), order=[d % rank for d in a["dims"]])
    return True


def transpose(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    order = list(range(rank_of(node)))
    if order:
        i, j = (a["dim0"], a["dim1"]) if "dim0" in a else (-1, -2 if len(order) > 1 else -1)
        order[i], order[j] = order[j], order[i]
    reader.add(node, "transpose", (a["self"],), order=order)
    return True


def unsqueeze(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    reader.add(node, "unsqueeze", (a["self"],), axes=[a["dim"]])
    return True


def squeeze(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    shape = a["self"].meta["val"].shape
    axes = a.get("dim", list(range(len(shape))))
    axes = [axes] if isinstance(axes, int) else list(axes)
    reader.add(node, "squeeze", (a["self"],), axes=[d % len(shape) for d in axes if shape[d] == 1])
    return True


def expand(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    reader.add(node, "expand", (a["self"],), shape=shape_of(node))
    return True


def repeat(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    old, shape = a["self"].meta["val"].shape, shape_of(node) or []
    repeats = list(a["repeats"])
    if len(repeats) != len(old):
        return False
    reader.add(node, "resample", (a["self"],), sizes={k: shape[k] for k, n in enumerate(repeats) if n != 1})
    return True


def repeat_interleave(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    count, dim = a.get("repeats"), a.get("dim")
    if not isinstance(count, int) or dim is None:
        return False
    old = list(a["self"].meta["val"].shape)
    dim %= len(old)
    wide = [*old[: dim + 1], count, *old[dim + 1 :]]
    first = reader.architecture.add_operation("unsqueeze", (reader.tensor(a["self"]),), (f"{node.name} (1)",),
                                              f"{node.name} (1)", axes=[dim + 1])[0]
    title = f"{node.name} (2)"
    second = reader.architecture.add_operation("expand", (first,), (title,), title, shape=wide)[0]
    reader.add(node, "reshape", (second,), shape=shape_of(node))
    return True


def concat(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    reader.add(node, "concat", a["tensors"], axis=a.get("dim", 0))
    return True


def stack(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    axis, made = a.get("dim", 0) % rank_of(node), []
    for k, tensor in enumerate(a["tensors"]):
        name = f"{node.name} ({k})"
        made += reader.architecture.add_operation("unsqueeze", (reader.tensor(tensor),), (name,), name, axes=[axis])
    reader.add(node, "concat", made, axis=axis)
    return True


def split(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    axis = a.get("dim", 0)
    shapes = [list(v.shape) for v in node.meta["val"]]
    made = [f"{node.name}.{k}" for k in range(len(shapes))]
    reader.architecture.add_operation("split", (reader.tensor(a["self"]),), made, node.name, axis=axis, shapes=shapes,
                                      sizes=[s[axis] for s in shapes])
    reader.names[node] = made
    return True


def unbind(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    made = []
    for k, value in enumerate(node.meta["val"]):
        name = f"{node.name}.{k}"
        made += reader.architecture.add_operation("select", (reader.tensor(a["self"]),), (name,), name,
                                                  axis=a.get("dim", 0), index=k, shapes=[list(value.shape)])
    reader.names[node] = made
    return True


def select(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    if not isinstance(a["index"], int):
        return False
    reader.add(node, "select", (a["self"],), axis=a["dim"], index=a["index"])
    return True


def take_slice(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    size, step = a["self"].meta["val"].shape[a["dim"]], a.get("step", 1)
    bounds = (a.get("start"), a.get("end"), step)
    if not isinstance(size, int) or not all(n is None or isinstance(n, int) for n in bounds):
        return False
    reader.add(node, "slice", (a["self"],), ranges={a["dim"]: slice(*bounds).indices(size)})
    return True


def embedding(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    reader.add(node, "embedding", (a["weight"], a["indices"]), axis=0)
    return True


def pixel_shuffle(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    shape, r = list(a["self"].meta["val"].shape), a["upscale_factor"]
    if len(shape) != 4:
        return False
    n, c, h, w = shape
    first = reader.architecture.add_operation("reshape", (reader.tensor(a["self"]),), (f"{node.name} (1)",),
                                              f"{node.name} (1)", shape=[n, c // r**2, r, r, h, w])[0]
    second = reader.architecture.add_operation("transpose", (first,), (f"{node.name} (2)",), f"{node.name} (2)",
                                               order=[0, 1, 4, 2, 5, 3])[0]
    reader.add(node, "reshape", (second,), shape=shape_of(node))
    return True


def padding(reader: Reader, node: Any, a: dict[str, Any]) -> bool:
    name = name_of(node)
    if "pad1d" in name or "pad2d" in name:
        a = {**a, "mode": "edge"}
    return pad(reader, node, a)
