"""From ties to the group: what each leaf space admits, and the exact linear systems of scales and signs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from intertwine.networks.alignment import matched, stretches
from intertwine.networks.dense import DenseGroup
from intertwine.networks.interpreter import Reading
from intertwine.networks.spaces import (
    NO_REASON,
    Axis,
    Block,
    Form,
    Product,
    Ref,
    Signal,
    Space,
    find,
    freeze_leaf,
    leaves,
    parts,
    scaled_leaves,
)

#: A component of a scale variable: the variable and its place among the leaves of its space.
Component = tuple[int, int]


@dataclass
class Leaf:
    """A space with the group that acts on it.

    ``dense`` is the group of matrices that acts, if any; ``scales`` and ``signs`` are bases of the solutions of the
    linear systems: each vector gives the exponents of the components that live here.
    """

    space: Space
    chain: tuple[Space, ...]
    dense: DenseGroup | None = None
    components: list[Component] = field(default_factory=list)
    scales: list[dict[Component, Fraction]] = field(default_factory=list)
    signs: list[frozenset[Component]] = field(default_factory=list)

    @property
    def size(self) -> int:
        """The number of channels for one index of the spaces it lies over."""
        assert isinstance(self.space.size, int)
        return self.space.size

    @property
    def copies(self) -> int:
        """The number of indices of the spaces it lies over."""
        total = 1
        for s in self.chain:
            assert isinstance(s.size, int)
            total *= s.size
        return total


@dataclass
class Solved:
    """The leaves of a network by identity, and the parts of each weight."""

    reading: Reading
    leaves: dict[int, Leaf]


def solve(reading: Reading) -> Solved:
    """The leaves that move, with their groups."""
    for axis in _all_axes(reading):
        _parts_of(axis)  # unfolds shapes, which may forbid dense elements
    _settle_commutants(reading)
    _freeze_unused(reading)
    while _freeze_incoherent(reading):
        pass
    found: dict[int, Leaf] = {}
    for axis in _all_axes(reading):
        for block in axis:
            for leaf in leaves(block.refs):
                if leaf.frozen:
                    continue
                for space in (*(chain(leaf) or ()), leaf):  # frozen outer spaces are kept as indices
                    if id(space) not in found:
                        # What is frozen is the same for every index of what it lies over.
                        found[id(space)] = Leaf(space, () if space.frozen else chain(space) or ())
    for item in found.values():
        item.dense = DenseGroup.of(item.space)
    _solve_scales(reading, found)
    return Solved(reading, found)


def _all_axes(reading: Reading) -> Iterator[Axis]:
    for signal in _all_signals(reading):
        yield from signal.axes or ()


def _all_signals(reading: Reading) -> Iterator[Signal]:
    stack = [*reading.moved.values(), *reading.signals]
    while stack:
        signal = stack.pop()
        yield signal
        stack.extend(signal.pile)


def _parts_of(axis: Axis) -> list[Product]:
    return [p for block in axis for p in parts(block.refs)]


def _freeze_unused(reading: Reading) -> None:
    """Weights that no operation has read, or that have never been asked for, do not move."""
    for name in reading.weights:
        if name not in reading.moved:
            continue
        if not reading.consumers.get(name):
            for axis in reading.moved[name].axes or ():
                for block in axis:
                    for leaf in leaves(block.refs):
                        freeze_leaf(leaf, NO_REASON)


def chain(leaf: Space) -> tuple[Space, ...] | None:
    """The leaf spaces that a space lies over, outer ones first; None if they are no plain product."""
    found: list[Space] = []
    for over in leaf.over:
        items = parts((Ref(over),))
        if len(items) != 1:
            return None
        for ref in items[0]:
            space = find(ref).space
            if space.shape is not None or not isinstance(space.size, int):
                return None
            if space not in found:
                found.append(space)
    return tuple(found)


def _freeze_incoherent(reading: Reading) -> bool:
    """Freeze leaves over spaces that are not, or not once, in each tensor with them; whether any was."""
    changed = False
    for signal in _all_signals(reading):
        axes = [_parts_of(axis) for axis in signal.axes or ()]
        whole = [[leaf for p in items for leaf in leaves(p)] if len(items) == 1 else [] for items in axes]
        anywhere = [{id(leaf) for p in items for leaf in leaves(p)} for items in axes]
        for k, items in enumerate(axes):
            for p in items:
                here = leaves(p)
                for leaf in here:
                    if not leaf.frozen and leaf.over and not _coherent(leaf, here, k, whole, anywhere):
                        freeze_leaf(leaf, "groups of channels meet here that cannot be exchanged alike")
                        reading.report((leaf,), reading.kept_at.get(id(signal), ""))
                        changed = True
    return changed


def _coherent(leaf: Space, here: list[Space], k: int, whole: list[list[Space]], anywhere: list[set[int]]) -> bool:
    """Whether everything that a leaf lies over is there once: beside it, or as one product along another axis."""
    over = chain(leaf)
    if over is None:
        return False
    for s in over:
        before = chain(s)
        if before is None or any(o not in over for o in before) or not (s.monomial or s.frozen):
            return False
        beside = sum(t is s for t in here)
        elsewhere = [axis for j, axis in enumerate(whole) if j != k]
        others = sum(id(s) in ids for j, ids in enumerate(anywhere) if j != k)
        if (beside, others) == (1, 0):
            continue
        if (beside, others) != (0, 1) or sum(t is s for axis in elsewhere for t in axis) != 1:
            return False
    return True


def _settle_commutants(reading: Reading) -> None:
    """Where turned pairs meet something that no dense matrix passes, scales that are equal in each pair are left."""
    for signal, axis in ((s, a) for s in _all_signals(reading) for a in s.axes or ()):
        for block in axis:
            for leaf in leaves(block.refs):
                if leaf.commutant is None or leaf.frozen or not (leaf.monomial or leaf.fixes_ones):
                    continue
                layout = leaf.commutant.layout
                if not layout:
                    freeze_leaf(leaf, "rotated pairs of channels lie in no plain order")
                    reading.report((leaf,), reading.kept_at.get(id(signal), ""))
                    continue
                both = Ref(Space(2, frozen=True)), Ref(
                    Space(leaf.commutant.size // 2, leaf.over, monomial=True, pinned=True))
                leaf.shape = (both if layout == "halves" else both[::-1],)


def components_of(reading: Reading, refs: Product, form: Form, which: str) -> list[dict[Component, Fraction]] | None:
    """A form, leaf by leaf of what carries it (frozen ones left out); None if a variable lives elsewhere.

    Where a leaf is in a product twice, as for a square block beside its transpose, a variable may live on either.
    """
    carriers = [leaf for leaf in scaled_leaves(refs) if not leaf.frozen]
    if form != Form() and any(_twice(leaf, product) for product in parts(refs) for leaf in carriers):
        return None
    found: list[dict[Component, Fraction]] = [{} for _ in carriers]
    terms: Any = form.scale if which == "scale" else [(v, Fraction(1)) for v in form.sign]
    for v, c in terms:
        own = [leaf for leaf in scaled_leaves((Ref(reading.book.variables[v]),)) if not leaf.frozen]
        if [id(a) for a in own] != [id(b) for b in carriers]:
            return None
        for j, entry in enumerate(found):
            entry[v, j] = entry.get((v, j), Fraction(0)) + c
    return found


def _twice(leaf: Space, product: Product) -> bool:
    """Whether a leaf is in two factors of a product, and not only in neighbouring parts of one."""
    if sum(any(other is leaf for other in leaves((ref,))) for ref in product) > 1:
        return True
    return any(_twice(leaf, inner) for ref in product for inner in find(ref).space.shape or ())


def _solve_scales(reading: Reading, found: dict[int, Leaf]) -> None:
    homes: dict[int, list[Leaf]] = {}
    for v, space in enumerate(reading.book.variables):
        own = [found[id(leaf)] for leaf in scaled_leaves((Ref(space),)) if not leaf.frozen and id(leaf) in found]
        homes[v] = own
        for j, item in enumerate(own):
            item.components.append((v, j))
    rows: dict[str, dict[int, list[dict[Component, Fraction]]]] = {"scale": {}, "sign": {}}
    for which in ("scale", "sign"):
        for equation in reading.book.equations:
            if getattr(equation, which):
                _add_rows(reading, found, equation.terms, which, rows[which])
        for key, terms in _dense_terms(reading, found):
            _add_rows(reading, found, terms, which, rows[which], key)
        _check_forms(reading, found, which, rows[which])
    for key, item in found.items():
        item.scales = _kernel(item.components, rows["scale"].get(key, []))
        item.signs = _kernel_mod_2(item.components, rows["sign"].get(key, []))


def _add_rows(reading: Reading, found: dict[int, Leaf], terms: list[tuple[Fraction, Axis]], which: str,
              rows: dict[int, list[dict[Component, Fraction]]], only: int | None = None) -> None:
    total = _sum_of_forms(reading, terms, which)
    if total is None:  # structures that do not match: all scales in it are one
        for _, axis in terms:
            for block in axis:
                _silence(reading, found, block.form, rows)
        return
    for key, row in total:
        if row and only in (None, key):
            rows.setdefault(key, []).append(row)


def _sum_of_forms(reading: Reading, terms: list[tuple[Fraction, Axis]],
                  which: str) -> list[tuple[int, dict[Component, Fraction]]] | None:
    """A combination of forms, leaf by leaf; None if their axes cannot be compared."""
    lines: list[list[dict[Component, Fraction]]] = []
    carriers: list[list[Space]] = []
    for c, axis in terms:
        line: list[dict[Component, Fraction]] = []
        for block in axis:
            entries = components_of(reading, block.refs, block.form, which)
            if entries is None:
                return None
            line += [{k: c * v for k, v in e.items()} for e in entries]
        lines.append(line)
        carriers.append([leaf for b in axis for leaf in scaled_leaves(b.refs)])
    places = [stretches(axis) for _, axis in terms]
    known = [p for p in places if p is not None]
    alike = len(known) < len(places) or all(p == known[0] for p in known)
    if alike and all([id(w) for w in other] == [id(w) for w in carriers[0]] for other in carriers):
        keys = [id(leaf) for leaf in carriers[0] if not leaf.frozen]
        return [(key, _total(line[j] for line in lines)) for j, key in enumerate(keys)]
    wanted = matched(known) if len(known) == len(places) else None
    if wanted is None:
        return None
    rows = [dict(zip([s for s in p if s.leaf is not None], line, strict=True))
            for p, line in zip(known, lines, strict=True)]
    return [(id(s.leaf), _total(row[s] for row in rows if s in row)) for s in wanted]


def _total(rows: Iterable[dict[Component, Fraction]]) -> dict[Component, Fraction]:
    total: dict[Component, Fraction] = {}
    for row in rows:
        for k, v in row.items():
            total[k] = total.get(k, Fraction(0)) + v
    return total


def _silence(reading: Reading, found: dict[int, Leaf], form: Form,
             rows: dict[int, list[dict[Component, Fraction]]]) -> None:
    for v in {*(v for v, _ in form.scale), *form.sign}:
        for j, leaf in enumerate(w for w in scaled_leaves((Ref(reading.book.variables[v]),)) if not w.frozen):
            if id(leaf) in found:
                rows.setdefault(id(leaf), []).append({(v, j): Fraction(1)})


def _check_forms(reading: Reading, found: dict[int, Leaf], which: str,
                 rows: dict[int, list[dict[Component, Fraction]]]) -> None:
    """A form whose variables do not live on what it scales has to be one."""
    for axis in _all_axes(reading):
        for block in axis:
            if components_of(reading, block.refs, block.form, which) is None:
                _silence(reading, found, block.form, rows)


def _dense_terms(reading: Reading, found: dict[int, Leaf]) -> Iterator[tuple[int, list[tuple[Fraction, Axis]]]]:
    """Where dense elements act, the only scales are those of the gains that they are conjugated with."""
    gain_blocks = {id(axis) for axis in reading.gains.values()}
    for axis in _all_axes(reading):
        if id(axis) in gain_blocks:
            continue
        for block in axis:
            for p in parts(block.refs):
                for ref in p:
                    r = find(ref)
                    if id(r.space) in found and found[id(r.space)].dense:
                        yield id(r.space), _gain_terms(reading, block, r)


def _gain_terms(reading: Reading, block: Block, ref: Ref) -> list[tuple[Fraction, Axis]]:
    return [(Fraction(1), (block,)), *((Fraction(-power), reading.gains[name]) for name, power in ref.gains)]


def _kernel(components: list[Component], rows: list[dict[Component, Fraction]]) -> list[dict[Component, Fraction]]:
    """A basis of the solutions, by reduction to echelon form with exact fractions."""
    place = {c: k for k, c in enumerate(components)}
    pivots: dict[int, dict[int, Fraction]] = {}
    for row in rows:
        line = {place[c]: v for c, v in row.items() if v}
        line = _reduce(line, pivots)
        if line:
            lead = min(line)
            line = {k: v / line[lead] for k, v in line.items()}
            for other in pivots.values():
                _eliminate(other, lead, line)
            pivots[lead] = line
    basis = []
    for free in range(len(components)):
        if free not in pivots:
            vector = {components[free]: Fraction(1)}
            for lead, line in pivots.items():
                if line.get(free):
                    vector[components[lead]] = -line[free]
            basis.append(vector)
    return basis


def _reduce(line: dict[int, Fraction], pivots: dict[int, dict[int, Fraction]]) -> dict[int, Fraction]:
    for lead in [k for k in line if k in pivots]:
        _eliminate(line, lead, pivots[lead])
    return line


def _eliminate(line: dict[int, Fraction], lead: int, by: dict[int, Fraction]) -> None:
    factor = line.get(lead)
    if factor:
        for k, v in by.items():
            value = line.get(k, Fraction(0)) - factor * v
            if value:
                line[k] = value
            else:
                line.pop(k, None)


def _kernel_mod_2(components: list[Component], rows: list[dict[Component, Fraction]]) -> list[frozenset[Component]]:
    """A basis of the solutions over the field of two elements."""
    place = {c: k for k, c in enumerate(components)}
    pivots: dict[int, int] = {}
    for row in rows:
        line = 0
        for c, v in row.items():
            if v.denominator == 1 and v.numerator % 2:
                line ^= 1 << place[c]
        for lead, other in pivots.items():
            if line >> lead & 1:
                line ^= other
        if line:
            lead = line.bit_length() - 1
            for key, other in pivots.items():
                if other >> lead & 1:
                    pivots[key] = other ^ line
            pivots[lead] = line
    basis = []
    for free in range(len(components)):
        if free not in pivots:
            bound = (components[k] for k, line in pivots.items() if line >> free & 1)
            basis.append(frozenset({components[free], *bound}))
    return basis
