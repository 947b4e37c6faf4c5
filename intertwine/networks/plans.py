"""How an element acts on each weight: axis by axis, block by block, factor by factor."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from intertwine.networks.solve import Component, Solved, components_of
from intertwine.networks.spaces import Axis, Form, Gains, Product, Ref, carrier, find, scaled_leaves

Exponents = tuple[tuple[Component, Fraction], ...]


@dataclass(frozen=True)
class Factor:
    """A factor of an axis: a leaf by its number (None: nothing moves), or an axis made of several parts."""

    size: int
    leaf: int | None = None
    dual: bool = False
    gains: Gains = ()
    scale: Exponents = ()
    sign: frozenset[Component] = frozenset()
    #: This is a gain: dense elements pass it by and only scales act on it.
    is_gain: bool = False
    nested: tuple[Part, ...] = ()

    @property
    def still(self) -> bool:
        """Whether nothing moves here."""
        return self.leaf is None and not self.nested


Part = tuple[Factor, ...]
AxisPlan = tuple[Part, ...]
Plan = tuple[AxisPlan, ...]


def plan_weights(solved: Solved, numbers: dict[int, int]) -> dict[str, Plan]:
    """The plans of all weights on which something moves; ``numbers`` counts the leaves by identity."""
    plans: dict[str, Plan] = {}
    outer = {id(s) for leaf in solved.leaves.values() for s in leaf.chain}
    numbers = {k: v for k, v in numbers.items() if k in outer or not _is_still(solved, k)}
    for name, signal in solved.reading.moved.items():
        gain = solved.reading.gains.get(name)
        plan = tuple(_axis_plan(solved, numbers, axis, gain is axis) for axis in signal.axes or ())
        if any(not still(axis) for axis in plan):
            plans[name] = plan
    return plans


def _is_still(solved: Solved, key: int) -> bool:
    """Whether a leaf neither is permuted nor scaled."""
    leaf = solved.leaves[key]
    return leaf.space.pinned and not leaf.scales and not leaf.signs


def still(axis: AxisPlan) -> bool:
    """Whether nothing moves along an axis."""
    return all(f.still for part in axis for f in part)


def part_size(part: Part) -> int:
    """The number of channels of a part."""
    total = 1
    for f in part:
        total *= f.size
    return total


def _axis_plan(solved: Solved, numbers: dict[int, int], axis: Axis, is_gain: bool) -> AxisPlan:
    found: list[Part] = []
    for block in axis:
        found += _product_plan(solved, numbers, block.refs, _entries(solved, block.refs, block.form), is_gain)
    if all(f.still for part in found for f in part):
        return ((Factor(sum(part_size(part) for part in found)),),)
    return tuple(found)


Entry = tuple[Exponents, frozenset[Component]]


def _entries(solved: Solved, refs: Product, form: Form) -> list[Entry]:
    """What each carrier of a form is scaled by, frozen carriers included."""
    scales = components_of(solved.reading, refs, form, "scale") or []
    signs = components_of(solved.reading, refs, form, "sign") or []
    found: list[Entry] = []
    moving = 0
    for leaf in scaled_leaves(refs):
        if leaf.frozen or not scales or not signs:
            found.append(((), frozenset()))
            continue
        odd = frozenset(c for c, v in signs[moving].items() if v.numerator % 2)
        found.append((tuple((c, v) for c, v in scales[moving].items() if v), odd))
        moving += 1
    return found


def _product_plan(solved: Solved, numbers: dict[int, int], product: Product, entries: list[Entry],
                  is_gain: bool) -> list[Part]:
    if len(product) == 1:
        ref = find(product[0])
        space = ref.space
        if space.shape is not None and not space.frozen:
            found: list[Part] = []
            for inner in space.shape:
                count = len(scaled_leaves(inner))
                turned = tuple(r.dualised() for r in inner) if ref.dual else inner
                found += _product_plan(solved, numbers, turned, entries[:count], is_gain)
                entries = entries[count:]
            return found
        assert isinstance(space.size, int) or space.frozen
        size = space.size if isinstance(space.size, int) else 1
        if id(space) not in numbers:
            return [(Factor(size),)]
        scale, sign = entries[0] if entries else ((), frozenset())
        return [(Factor(size, numbers[id(space)], ref.dual, ref.gains, scale, sign, is_gain),)]
    place = carrier(product)
    factors: list[Factor] = []
    for k, item in enumerate(product):
        inner_parts = _product_plan(solved, numbers, (Ref(item.space, item.dual, item.gains),),
                                    entries if k == place else [], is_gain)
        if len(inner_parts) == 1:
            factors += inner_parts[0]
        else:
            factors.append(Factor(sum(part_size(p) for p in inner_parts), nested=tuple(inner_parts)))
    return [tuple(factors)]
