"""The nodes of an ONNX graph in one list: both branches of every If stand before a choice between their outputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

#: The domain of nodes that are made here, which no model has.
MADE = "intertwine"
CHOICE = "Choice"


@dataclass
class Flat:
    """The nodes with the names that they have outside, and all stored tensors by those names."""

    nodes: list[Any] = field(default_factory=list)
    #: The tensors of the model itself, initialisers first, so that they can be written.
    stored: dict[str, Any] = field(default_factory=dict)
    initialisers: list[str] = field(default_factory=list)
    #: Shapes that the branches declare.
    declared: dict[str, Any] = field(default_factory=dict)


def flattened(model: Any) -> Flat:
    """Everything in a model in one list of nodes.

    A name inside a branch is kept where it is new; else it is given the branch that it belongs to.
    """
    flat, graph = Flat(), model.graph
    used = {t.name for t in graph.initializer} | {i.name for i in graph.input}
    used |= {name for node in graph.node for name in node.output}
    _walk(flat, graph, {}, used, "")
    return flat


def branch_of(node: Any, branch: int) -> list[str]:
    """The outputs of a branch of a choice, 0 or 1."""
    count = len(node.output)
    return list(node.input[1 + branch * count : 1 + (branch + 1) * count])


def _walk(flat: Flat, graph: Any, names: Mapping[str, str], used: set[str], title: str) -> None:
    for tensor in graph.initializer:
        name = names.get(tensor.name, tensor.name)
        flat.stored[name] = tensor
        flat.initialisers.append(name)
    for node in graph.node:
        branches = {a.name: a.g for a in node.attribute if a.type == 5}
        if node.op_type == "If" and node.domain in ("", "ai.onnx") and len(branches) == 2:
            _choice(flat, node, branches, names, used, title)
        elif names:
            flat.nodes.append(_renamed(node, names, used))
        else:
            flat.nodes.append(node)
        if node.op_type == "Constant":
            for attribute in node.attribute:
                if attribute.name == "value":
                    flat.stored[names.get(node.output[0], node.output[0])] = attribute.t


def _choice(flat: Flat, node: Any, branches: Mapping[str, Any], names: Mapping[str, str], used: set[str],
            title: str) -> None:
    from onnx import helper

    outputs: list[str] = []
    for branch in ("then_branch", "else_branch"):
        graph = branches[branch]
        where = f"{title}{node.name or node.output[0]}.{branch}"
        inner = dict(names)
        for name in _made_in(graph):
            inner[name] = name if name not in used else f"{name} ({where})"
            used.add(inner[name])
        for info in (*graph.value_info, *graph.output):
            flat.declared[inner.get(info.name, info.name)] = info
        _walk(flat, graph, inner, used, f"{where}.")
        outputs += [inner.get(o.name, o.name) for o in graph.output]
    condition = names.get(node.input[0], node.input[0])
    made = [names.get(name, name) for name in node.output]
    flat.nodes.append(helper.make_node(CHOICE, [condition, *outputs], made, node.name, domain=MADE))


def _made_in(graph: Any) -> Iterator[str]:
    yield from (t.name for t in graph.initializer)
    for node in graph.node:
        yield from (name for name in node.output if name)


def _renamed(node: Any, names: Mapping[str, str], used: set[str]) -> Any:
    import onnx
    from onnx import helper

    inputs, outputs = ([names.get(n, n) for n in given] for given in (node.input, node.output))
    inner = [g for a in node.attribute for g in ([a.g] if a.type == 5 else a.graphs)]
    if inner:  # a loop inside a branch: what it reads is listed, so that it can be frozen
        read = dict.fromkeys(names.get(n, n) for graph in inner for n in outer_names(graph, {*names, *used}))
        return helper.make_node(node.op_type, [*inputs, *read], outputs, node.name, domain=f"{MADE}.{node.domain}")
    found = onnx.NodeProto()
    found.CopyFrom(node)
    del found.input[:]
    del found.output[:]
    found.input.extend(inputs)
    found.output.extend(outputs)
    return found


def outer_names(graph: Any, known: set[str]) -> Iterator[str]:
    """Names that a subgraph reads from outside."""
    inside = {t.name for t in graph.initializer} | {i.name for i in graph.input}
    for node in graph.node:
        for name in node.input:
            if name and name not in inside and name in known:
                yield name
        for inner in subgraphs(node):
            yield from outer_names(inner, known)
        inside |= set(node.output)
    for output in graph.output:
        if output.name not in inside and output.name in known:
            yield output.name


def subgraphs(node: Any) -> Iterator[Any]:
    """The graphs among the attributes of a node."""
    for attribute in node.attribute:
        if attribute.type == 5:
            yield attribute.g
        yield from attribute.graphs
