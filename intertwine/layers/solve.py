"""The intertwiner group of a layer, put together from the relations between its coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from intertwine.api import IntertwinerGroup, derive
from intertwine.calculus.budget import remaining
from intertwine.calculus.constants import constants_equal
from intertwine.groups import NONZERO, Character, MatrixGroup
from intertwine.groups.constants import constant_to_sympy
from intertwine.groups.linear import GeneralLinear
from intertwine.layers.blocks import Conjugated, Linear
from intertwine.layers.group import LayerGroup
from intertwine.pairs.compare import compare
from intertwine.pairs.equivalence import profile
from intertwine.pairs.local import value_at
from intertwine.pairs.profile import Profile
from intertwine.pairs.reasons import Reason, Relation
from intertwine.terms import ONE, ZERO, Term, mul, num

if TYPE_CHECKING:
    import networkx as nx

COVERED = frozenset({"definable", "thin complement"})


@dataclass
class Class:
    """Coordinates that scalings relate: ``σ_i(scale·t) = factor·σ_first(t)``, constants apart."""

    head: int
    members: list[int]
    relations: dict[int, Relation]
    group: IntertwinerGroup


@dataclass
class Solution:
    """What was derived about one layer."""

    activations: tuple[Term, ...]
    classes: list[Class]
    lower: LayerGroup
    upper: MatrixGroup
    graph: nx.Graph
    reasons: list[tuple[int, int, tuple[Reason, ...]]]
    questions: list[str]


@dataclass
class _Work:
    profiles: list[Profile]
    bent: list[int] = field(default_factory=list)
    linear: list[int] = field(default_factory=list)
    constant: list[int] = field(default_factory=list)
    unclear: list[int] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)


def solve_layer(activations: tuple[Term, ...]) -> Solution:
    """Derive ``{A : σ(Ax) = Bσ(x)}`` for ``σ(x) = (σ_1(x_1), …, σ_n(x_n))``."""
    work = _sorted([profile(t) for t in activations])
    carried = any(constants_equal(_line(work, k)[1], ZERO) is False for k in work.constant)
    based = {i: _based(work.profiles[i], carried) for i in work.bent}
    for i, found in based.items():
        if found is None:
            work.questions.append(f"what a constant coordinate adds to coordinate {i + 1}, which has no value at 0")
    inner = {i: profile(activations[i]) if found is None else found[0] for i, found in based.items()}
    classes, open_pairs, reasons = _classes(work, inner)
    blocks: list[Conjugated | Linear] = [_conjugated(c) for c in classes]
    if work.linear:
        blocks.append(_linear(work, carried))
    constants = {k: constant_to_sympy(_line(work, k)[1]) for k in work.constant}
    values = {}
    if carried:
        values = {i: constant_to_sympy(found[1]) for i, found in based.items() if found is not None}
        values |= {i: constant_to_sympy(_line(work, i)[1]) for i in work.linear}
    fixed = [_single(i) for i in work.unclear]
    lower = LayerGroup(len(activations), [*blocks, *fixed], constants, values)
    upper = _upper(work, classes, open_pairs, lower)
    return Solution(activations, classes, lower, upper, _gain_graph(activations, classes, open_pairs), reasons,
                    work.questions)


def _sorted(profiles: list[Profile]) -> _Work:
    """The coordinates by kind."""
    work = _Work(profiles)
    for i, p in enumerate(profiles):
        if p.bent:
            work.bent.append(i)
            if p.domain is None or p.domain.case not in COVERED:
                work.questions.append(f"whether rows that meet coordinate {i + 1} are monomial: its domain")
        elif p.line is None:
            work.unclear.append(i)
            work.questions.append(f"whether coordinate {i + 1} is affine where it is defined")
        else:
            flat = constants_equal(p.line.slope, ZERO)
            zero = constants_equal(p.line.intercept, ZERO)
            if flat is None or zero is None:
                work.unclear.append(i)
                work.questions.append(f"whether the slope or the value at 0 of coordinate {i + 1} is zero")
            else:
                (work.constant if flat else work.linear).append(i)
    return work


def _line(work: _Work, i: int) -> tuple[Term, Term]:
    line = work.profiles[i].line
    assert line is not None
    return line.slope, line.intercept


def _based(p: Profile, carried: bool) -> tuple[Profile, Term] | None:
    """The coordinate without its value at 0, which a constant coordinate carries; None if it has none."""
    if not carried:
        return p, ZERO
    defined, value = value_at(p.core, ZERO)
    if not defined or value is None:
        return None
    return (p, ZERO) if constants_equal(value, ZERO) is True else (profile(p.activation + mul(num(-1), value)), value)


def _classes(work: _Work, inner: dict[int, Profile]) -> tuple[list[Class], list[tuple[int, int, str]],
                                                              list[tuple[int, int, tuple[Reason, ...]]]]:
    classes: list[Class] = []
    undecided: list[tuple[int, int, str]] = []
    reasons: list[tuple[int, int, tuple[Reason, ...]]] = []
    for i in work.bent:
        found: list[tuple[int, int, str]] = []
        for c in classes:
            verdict = compare(inner[c.head], inner[i], False)
            reasons.append((c.head, i, verdict.reasons))
            if verdict.relation is not None:
                c.members.append(i)
                c.relations[i] = verdict.relation
                found = []
                break
            if verdict.answer is None:
                found.append((c.head, i, verdict.question))
        else:
            group = derive(inner[i].activation, remaining())
            classes.append(Class(i, [i], {i: Relation(ONE, ZERO, ONE, ZERO)}, group))
            work.questions += [f"coordinate {i + 1}: {q}" for q in group.questions]
        undecided += found
    work.questions += [f"coordinates {i + 1} and {j + 1}: {q}" for i, j, q in undecided]
    return classes, undecided, reasons


def _conjugated(c: Class) -> Conjugated:
    scales = tuple(constant_to_sympy(c.relations[i].a) for i in c.members)
    factors = tuple(constant_to_sympy(c.relations[i].b) for i in c.members)
    family = c.group.lower
    return Conjugated(tuple(c.members), family.scalars, family.character, scales, factors)


def _single(i: int) -> Conjugated:
    """A coordinate about which nothing is known: only the identity is proved to act on it."""
    from intertwine.groups import TRIVIAL

    return Conjugated((i,), TRIVIAL, Character(TRIVIAL), (1,), (1,))


def _linear(work: _Work, carried: bool) -> Linear:
    lines = [_line(work, i) for i in work.linear]
    slopes = tuple(constant_to_sympy(c) for c, _ in lines)
    return Linear(tuple(work.linear), slopes, tuple(constant_to_sympy(e) for _, e in lines), carried)


def _upper(work: _Work, classes: list[Class], open_pairs: list[tuple[int, int, str]], lower: LayerGroup) -> MatrixGroup:
    """A group that surely contains the group of the layer."""
    if not work.questions:
        return lower
    uncovered = any(p.domain is None or p.domain.case not in COVERED for p in (work.profiles[i] for i in work.bent))
    if work.unclear or uncovered:
        return GeneralLinear(lower.n)
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(c.head for c in classes)
    graph.add_edges_from((i, j) for i, j, _ in open_pairs)
    of = {c.head: c for c in classes}
    blocks: list[Conjugated | Linear] = []
    for heads in nx.connected_components(graph):
        group = of[min(heads)].group
        if len(heads) == 1 and group.status == "exact" and not _without_value(work, of[min(heads)]):
            blocks.append(_conjugated(of[min(heads)]))
            continue
        places = tuple(sorted(i for h in heads for i in of[h].members))
        ones = (1,) * len(places)
        blocks.append(Conjugated(places, NONZERO, Character(NONZERO), ones, ones))
    blocks += [b for b in lower.blocks if isinstance(b, Linear)]
    return LayerGroup(lower.n, blocks, lower.constants, lower.values)


def _without_value(work: _Work, c: Class) -> bool:
    """Whether a constant coordinate may add to the group of the class."""
    return bool(work.constant) and any(_based(work.profiles[i], True) is None for i in c.members)


def _gain_graph(activations: tuple[Term, ...], classes: list[Class],
                open_pairs: list[tuple[int, int, str]]) -> nx.Graph:
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from((i, {"activation": str(t)}) for i, t in enumerate(activations))
    for c in classes:
        graph.add_edges_from((c.head, i, {"relation": r}) for i, r in c.relations.items() if i != c.head)
    graph.add_edges_from((i, j, {"open": q}) for i, j, q in open_pairs)
    return graph
