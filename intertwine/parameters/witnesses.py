"""Points that depend on the parameters, and the values of an activation there."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from intertwine.parameters.conditions import NONZERO_SIGNS, Ask, Undefined, Unsupported
from intertwine.parameters.field import Field
from intertwine.parameters.ring import Element, Poly, factored, scalar
from intertwine.terms import ONE, PI, ZERO, Term, X, mul, num

PERIODIC = frozenset({"sin", "cos", "tan"})
_STEPS = [Fraction(p) for p in (1, 2, "1/2", 3, 4, "1/4", "3/2", 5)]
MOST_FRAMES = 18


@dataclass(frozen=True)
class Frame:
    """The points ``(r - shift)/scale``."""

    scale: Term = ONE
    shift: Term = ZERO

    def point(self, r: Term) -> Term:
        """One of its points."""
        if self.scale == ONE and self.shift == ZERO:
            return r
        distance = r if self.shift == ZERO else r - self.shift
        if self.scale.op == "pow" and self.scale.args[1].value == -1:
            return mul(distance, self.scale.args[0])
        return distance / self.scale


@dataclass
class Options:
    """Terms whose sign would settle something, with what it costs to ask for them."""

    found: dict[tuple[Term, bool], tuple[float, Ask]] = field(default_factory=dict)
    seen: dict[Term, int] = field(default_factory=dict)
    zeros: int = 0  # values that were zero everywhere
    opened: int = 0  # values that may be zero somewhere, and need not be everywhere

    @property
    def vanishing(self) -> bool:
        """Whether all that could be computed was zero: an identity is to be expected."""
        return self.zeros > 0 and self.opened == 0

    def add(self, cost: float, ask: Ask) -> None:
        """One more."""
        key = (ask.atom, ask.integer)
        self.seen[ask.atom] = self.seen.get(ask.atom, 0) + 1
        if key not in self.found or cost < self.found[key][0]:
            self.found[key] = (cost, ask)

    def best(self) -> Ask | None:
        """The one to ask for: simple, and wanted by many."""
        if not self.found:
            return None
        scored = [(cost - min(self.seen[key[0]], 8) * 0.25, i, ask)
                  for i, (key, (cost, ask)) in enumerate(self.found.items())]
        return min(scored, key=lambda s: s[:2])[2]


class Values:
    """The values of one activation at points, under conditions."""

    def __init__(self, core: Term, field_: Field) -> None:
        self.core, self.field = core, field_
        self.options = Options()
        self._marks: list[Term] = []
        self.marks: list[Term] = []
        self.periodic = any(node.op in PERIODIC and node.has_x for node in core.walk())
        self._known: dict[Term, Element | None | Exception] = {}
        self.frames = self._frames()

    # -- points ------------------------------------------------------------------
    def _frames(self) -> list[Frame]:
        found = [Frame()]
        for node in self.core.walk():
            if node.has_x and len(node.args) <= 2:
                for u in _arguments(node):
                    found += self._of_argument(u)
        for u in _met(self.core):
            self._of_argument(u)
        found += self._between_marks()
        turning = [n for n in self.core.walk() if n.op in PERIODIC and n.has_x]
        if any(n.args[0].parameters for n in turning) and len(found) > 1:
            found = found[1:]  # at other points there are sines of the parameters
        for name in sorted(self.core.parameters) if not turning else ():
            p = Term(f"@{name}")
            if self._nonzero(p):
                found += [Frame(p), Frame(ONE / p)]
        return list(dict.fromkeys(found))[:MOST_FRAMES]

    def _between_marks(self) -> list[Frame]:
        """Points that lie in proportion to the places where arguments vanish: breaks, above all."""
        found = []
        self.marks = list(dict.fromkeys(self._marks))[:5]
        for i, q in enumerate(self.marks):
            if q != ZERO and self._nonzero(q):
                found.append(Frame(ONE / q))
            for p in self.marks[:i]:
                if self._nonzero(q - p):
                    found += [Frame(ONE / (q - p)), Frame(ONE / (q - p), -p / (q - p))]
        return found

    def ratios(self) -> list[Term]:
        """Numbers ``d`` to be tried as scalings: 2, and the quotients of two such places."""
        marks = [q for q in self.marks if q != ZERO and self._nonzero(q)]
        return [num(2), *(q / p for q in marks for p in marks if q != p and self._positive(q / p))]

    def _positive(self, t: Term) -> bool:
        try:
            return self.field.sign(self.field.of(t)) == {1}
        except (Ask, Undefined, Unsupported):
            return False

    def _of_argument(self, u: Term) -> list[Frame]:
        """Where an argument that is linear in ``x`` has given values."""
        try:
            e = self.field.of(u)
        except (Ask, Undefined, Unsupported):
            return []
        # In a function that oscillates, whether the argument varies at all is the first thing to know.
        place = self.field.ring.place(X)
        if place is None or e.top.degrees()[place] != 1 or e.bottom.degrees()[place]:
            return []
        if any(self.field.ring.atoms[i].term.has_x for i in self.field.ring.used(e.top) if i != place):
            return []
        low, high = self.field.ring.coefficients(e.top, place)
        ring = self.field.ring
        scale, shift = (ring.term(Element(c, scalar(1)) / Element(e.bottom, scalar(1))) for c in (high, low))
        if self._nonzero(scale):
            self._marks.append(ring.term(self.field.of(-shift / scale)))
        if not scale.parameters and not shift.parameters:
            return []
        if self._nonzero(scale):
            return [Frame(scale), Frame(scale, shift)] if scale.parameters else [Frame(scale, shift)]
        if self.periodic:
            self.field.decide(self.field.of(scale), frozenset({0}))
        return []

    def _nonzero(self, t: Term) -> bool:
        try:
            return 0 not in self.field.sign(self.field.of(t))
        except (Ask, Undefined, Unsupported):
            return False

    def steps(self) -> list[Term]:
        """Positive numbers ``r`` for the points of a frame."""
        found = [num(r) for r in _STEPS]
        if self.periodic:
            found = [PI, PI * num(2), PI * num(1, 2), *found]
        return found

    # -- values ------------------------------------------------------------------
    def at(self, t: Term) -> Element | None:
        """The value at a point; None where it is undefined, or where more has to be known (see the options)."""
        if t not in self._known:
            try:
                self._known[t] = self.field.of(self.core.subs(t))
            except (Ask, Undefined, Unsupported) as problem:
                self._known[t] = problem
        v = self._known[t]
        if isinstance(v, Ask):
            self.options.add(_cost(v.atom) + 2.5, v)
        return v if isinstance(v, Element) else None

    def undefined(self, t: Term) -> bool:
        """Whether the point is known to be outside of the domain."""
        self.at(t)
        return isinstance(self._known[t], Undefined)

    def nonzero(self, e: Element) -> bool | None:
        """Whether a value is nowhere zero; False: it is zero everywhere; None: see the options."""
        try:
            e = self.field.simplified(e)
            if e.top.is_zero():
                self.options.zeros += 1
                return False
            _, parts = factored(e.top)
            unknown = [p for p, _ in parts if 0 in self.field.irreducible(p)]
        except Unsupported:
            return None
        if not unknown:
            return True
        self.options.opened += 1
        for p in unknown:
            self._offer(p, len(unknown))
        return None

    def _offer(self, p: Poly, together: int) -> None:
        atom = self.field.sine_for(p) or self.field.ring.polynomial_term(p)
        if atom.has_x:
            return
        parts = (frozenset({0}), NONZERO_SIGNS)
        self.options.add(_cost(atom) + 3 * (together - 1), Ask(atom, parts))


def _arguments(node: Term) -> list[Term]:
    if node.op in ("lt", "le", "eq", "ne", "Max") and len(node.args) == 2:
        return [node.args[0] - node.args[1], node.args[0], node.args[1]]
    if node.op in ("add", "mul", "x", "piecewise", "and", "or", "not"):
        return []
    return [a for a in node.args if a.has_x]


def _met(core: Term) -> list[Term]:
    """Differences of what is compared somewhere: linear terms and constants, whatever stands between them."""
    compared = [a for node in core.walk() if node.op in ("Max", "lt", "le", "eq", "ne") for a in node.args]
    positive = [mul(num(-1), a) if a.op == "mul" and (a.args[0].value or 0) < 0 else a for a in compared]
    constants = list(dict.fromkeys(a for a in positive if not a.has_x and a.parameters))
    moving = list(dict.fromkeys(a for a in positive if a.has_x and not any(n.op == "Max" for n in a.walk())))
    return [u - mul(num(sense), c) for sense in (1, -1) for u in moving for c in constants]


def _cost(atom: Term) -> float:
    """What it costs to ask for a sign: sums of functions of parameters make conditions that nobody wants to read."""
    functions = sum(1 for node in atom.walk() if node.args and node.op not in ("add", "mul", "pow") and node.parameters)
    powers = sum(1 for node in atom.walk() if node.op == "pow" and node.parameters)
    sums = 4.0 if functions and atom.op == "add" else 0.0
    chosen = 2.5 if atom.op == "add" and any(a.value is not None for a in atom.args) else 0.0  # a point's own number
    return 2.0 * len(atom.parameters) + 3.0 * functions + 2.0 * powers + sums + chosen + atom.size / 8
