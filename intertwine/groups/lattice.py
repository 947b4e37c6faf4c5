"""The kinds of intertwiner groups, and which kind lies in which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intertwine.errors import IntertwineError
from intertwine.groups.scalars import ScalarGroup

if TYPE_CHECKING:
    import networkx as nx

_KIND_OF_SCALARS = {
    "trivial": "permutation",
    "sign": "signed permutation",
    "positive": "positive-scaled permutation",
    "nonzero": "monomial",
    "cyclic": "discretely scaled permutation",
    "sign-cyclic": "discretely scaled permutation",
}

# Each kind with the kinds directly above it, in every dimension n.
_ABOVE = {
    "permutation": (
        "signed permutation",
        "positive-scaled permutation",
        "discretely scaled permutation",
        "unit row sums",
        "permutation with a common shift",
    ),
    "signed permutation": ("monomial", "orthogonal"),
    "positive-scaled permutation": ("monomial",),
    "discretely scaled permutation": ("monomial",),
    "orthogonal": ("discretely scaled orthogonal",),
    "discretely scaled orthogonal": ("conformal orthogonal",),
    "permutation with a common shift": ("general linear",),
    "monomial": ("general linear",),
    "conformal orthogonal": ("general linear",),
    "unit row sums": ("general linear",),
    "general linear": (),
}


def kind_of(scalars: ScalarGroup) -> str:
    """The kind of the group S ≀ Sym(n).

    Examples
    --------
    >>> from intertwine.groups import POSITIVE, kind_of
    >>> kind_of(POSITIVE)
    'positive-scaled permutation'
    """
    return _KIND_OF_SCALARS[scalars.type]


def kind_lattice() -> nx.DiGraph[str]:
    """The kinds as a directed graph: an edge from the smaller to the next larger one.

    Returns
    -------
    networkx.DiGraph
        K → L when every group of kind K lies in every group of kind L of the same n, and no kind is in between
        (the group ⟨2⟩ ≀ Sym(n) stands in no general relation to the signed permutations).

    Examples
    --------
    >>> from intertwine.groups import kind_lattice
    >>> sorted(kind_lattice().successors("signed permutation"))
    ['monomial', 'orthogonal']
    """
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(_ABOVE)
    graph.add_edges_from((low, high) for low, above in _ABOVE.items() for high in above)
    return graph


def contains_kind(larger: str, smaller: str) -> bool:
    """Whether every group of the kind ``smaller`` lies in every group of the kind ``larger`` of the same n.

    Raises
    ------
    IntertwineError
        If a kind is unknown.

    Notes
    -----
    "discretely scaled permutation" and "discretely scaled orthogonal" name families of groups that do not all contain
    each other; each is taken to contain itself.

    Examples
    --------
    >>> from intertwine.groups import contains_kind
    >>> contains_kind("general linear", "permutation"), contains_kind("orthogonal", "monomial")
    (True, False)
    """
    for kind in (larger, smaller):
        if kind not in _ABOVE:
            raise IntertwineError(f"{kind!r} is not a kind of group; the kinds are {', '.join(_ABOVE)}")
    return smaller == larger or any(contains_kind(larger, above) for above in _ABOVE[smaller])
