"""A small drawing of an acyclic graph in layers, as SVG text."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import Any

import networkx as nx

ROW, BOX_WIDTH, BOX_HEIGHT, GAP, MARGIN = 84, 226, 36, 24, 20
Point = tuple[float, float]


def draw(graph: nx.DiGraph[Any]) -> str:
    """The Hasse diagram of a containment graph, small groups at the bottom.

    Parameters
    ----------
    graph
        An edge runs from the smaller kind to the larger one that contains it.

    Returns
    -------
    str
        A complete SVG document that reads on a light and on a dark page.
    """
    reduced = nx.transitive_reduction(graph)
    layers, chains = _layers(reduced)
    _order(layers, chains)
    width = 2 * MARGIN + max(map(_width, layers))
    height = 2 * MARGIN + ROW * (len(layers) - 1) + BOX_HEIGHT
    place = _places(layers, width)
    lines = [_line([place[node] for node in chain]) for chain in chains]
    boxes = [_box(str(node), place[node]) for node in reduced]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="sans-serif" font-size="14" text-anchor="middle" role="img"'
        ' aria-label="Kinds of groups by containment">'
    )
    return "\n".join([head, *lines, *boxes, "</svg>", ""])


def _layers(graph: nx.DiGraph[Any]) -> tuple[list[list[Any]], list[list[Any]]]:
    """Nodes by their distance from the top; an edge over several layers gets a bend (a tuple) in each one between."""
    layers = [sorted(layer, key=str) for layer in nx.topological_generations(graph.reverse())]
    level = {node: i for i, layer in enumerate(layers) for node in layer}
    chains = []
    for small, large in sorted(graph.edges, key=str):
        bends = [(small, large, i) for i in range(level[large] + 1, level[small])]
        for bend in bends:
            layers[bend[2]].append(bend)
        chains.append([large, *bends, small])
    return layers, chains


def _order(layers: list[list[Any]], chains: list[list[Any]]) -> None:
    """Sort each layer by the mean position of what it hangs from, so that few lines cross."""
    above: dict[Any, list[Any]] = {}
    for chain in chains:
        for upper, lower in pairwise(chain):
            above.setdefault(lower, []).append(upper)
    for upper_layer, layer in pairwise(layers):
        at = _places([upper_layer], 0)
        layer.sort(key=lambda node: sum(at[u][0] for u in above[node]) / len(above[node]))


def _is_bend(node: Any) -> bool:
    return isinstance(node, tuple)


def _width(layer: list[Any]) -> float:
    return sum(0 if _is_bend(node) else BOX_WIDTH for node in layer) + GAP * (len(layer) - 1)


def _places(layers: list[list[Any]], width: float) -> dict[Any, Point]:
    """The centre of each node, the layers centred one below the other."""
    place = {}
    for i, layer in enumerate(layers):
        x = (width - _width(layer)) / 2
        for node in layer:
            own = 0 if _is_bend(node) else BOX_WIDTH
            place[node] = (x + own / 2, MARGIN + BOX_HEIGHT / 2 + ROW * i)
            x += own + GAP
    return place


def _line(points: list[Point]) -> str:
    (x0, y0), *bends, (x1, y1) = points
    half = BOX_HEIGHT / 2
    upright = [point for x, y in bends for point in ((x, y - half), (x, y + half))]
    path = " ".join(f"{x:g},{y:g}" for x, y in [(x0, y0 + half), *upright, (x1, y1 - half)])
    return f'<polyline points="{path}" fill="none" stroke="#888" stroke-width="1.5"/>'


def _box(text: str, at: Point) -> str:
    x, y = at
    return (
        f'<rect x="{x - BOX_WIDTH / 2:g}" y="{y - BOX_HEIGHT / 2:g}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="8"'
        f' fill="#eef3fb" stroke="#456"/><text x="{x:g}" y="{y + 5:g}" fill="#123">{escape(text)}</text>'
    )
