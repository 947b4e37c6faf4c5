"""The drawing of the lattice."""

from __future__ import annotations

import sys
from xml.etree import ElementTree

import networkx as nx

from tests.docs.console import ROOT

sys.path.append(str(ROOT / "docs"))
from lattice import draw  # noqa: E402


def test_every_node_and_every_covering_relation_is_drawn() -> None:
    graph = nx.DiGraph([("a", "b"), ("b", "c"), ("a", "c"), ("a", "<d>")])
    root = ElementTree.fromstring(draw(graph))
    space = "{http://www.w3.org/2000/svg}"
    assert sorted(text.text or "" for text in root.iter(space + "text")) == ["<d>", "a", "b", "c"]
    assert len(list(root.iter(space + "polyline"))) == 3  # a-c follows from the others


def test_the_kinds_of_the_library_can_be_drawn() -> None:
    from intertwine.groups import kind_lattice

    root = ElementTree.fromstring(draw(kind_lattice()))
    assert any(text.text == "monomial" for text in root.iter("{http://www.w3.org/2000/svg}text"))
