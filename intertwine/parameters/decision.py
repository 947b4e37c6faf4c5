"""One cell of the parameter space: which group its activations have, and the facts that show it.

The theorems are those of the theory page; here the hypotheses are established for all values of the parameters
at once: identities hold for all of them, and witnesses are points that depend on them, at which something is
nowhere zero.
"""

from __future__ import annotations

from collections.abc import Iterator

from intertwine.parameters.conditions import Ask, Conditions, Undefined, Unsupported
from intertwine.parameters.field import Field
from intertwine.parameters.homogeneity import Half, half
from intertwine.parameters.identities import nowhere, same
from intertwine.parameters.ring import Element, number
from intertwine.parameters.tree import CONSTANT, GENERAL, KINDS, ROW_SUMS, UNDEFINED, Claim, Fact, Leaf
from intertwine.parameters.witnesses import Frame, Options, Values
from intertwine.terms import ONE, PI, ZERO, Term, X, mul, neg, num

OSCILLATING = frozenset({
    "sin", "cos", "tan", "sinc", "floor", "Si", "Ci", "fresnels", "fresnelc", "besselj", "bessely", "gamma", "airyai",
    "airybi",
})  # fmt: skip


class Open(Exception):
    """A question that was not settled."""


def decide(core: Term, conditions: Conditions, broken: frozenset[str]) -> Leaf:
    """The group of the activations with parameters that satisfy the conditions.

    Raises
    ------
    Ask
        The conditions have to be divided first.
    Unsupported, Open
        The question stays open.
    """
    return _Decision(core, conditions, broken).leaf()


class _Decision:
    def __init__(self, core: Term, conditions: Conditions, broken: frozenset[str]) -> None:
        self.core, self.conditions, self.broken = core, conditions, broken
        self.mirrored = core.subs(neg(X))
        self.field = Field(conditions, broken)
        self.values = Values(core, self.field)
        self.facts: list[Fact] = []
        self.definable = not any(node.has_x and node.op in OSCILLATING for node in core.walk())

    def leaf(self) -> Leaf:
        missing = self._missing_sides()
        if missing == {1, -1}:
            return Leaf(UNDEFINED, "undefined", self.facts)
        bent = self._bend(missing)
        if bent is not None:
            return bent
        self.facts.append({"fact": "definable"} if self.definable else {"fact": "total"})
        claim, theorem = self._scalars(missing)
        return Leaf(claim, theorem, self.facts)

    def _fresh(self) -> None:
        self.values.options = Options()

    def _ask(self) -> None:
        """Ask for what would settle the matter at hand, if anything would."""
        best = self.values.options.best()
        if best is not None:
            raise best

    # -- points ------------------------------------------------------------------
    def _points(self, signs: tuple[int, ...] = (1, -1), frames: list[Frame] | None = None, most: int = 5) -> list[Term]:
        steps = self.values.steps()[:most]
        return list(dict.fromkeys(
            frame.point(mul(num(s), r) if s < 0 else r)
            for frame in (self.values.frames if frames is None else frames) for r in steps for s in signs
        ))

    def _missing_sides(self) -> set[int]:
        """The half-lines on which the activation is undefined throughout."""
        self._fresh()
        missing = set()
        for side, term in ((1, self.core), (-1, self.mirrored)):
            if all(self.values.undefined(mul(num(side), r)) for r in self.values.steps()) and nowhere(
                    term, self.conditions, self.broken):
                missing.add(side)
                self.facts.append({"fact": "undefined side", "side": side})
        if not any(self.values.at(t) is not None for t in self._points()):
            if missing == {1, -1}:
                return missing
            self._ask()
            raise Open("where the activation is defined")
        return missing

    # -- affine or not -----------------------------------------------------------
    def _bend(self, missing: set[int]) -> Leaf | None:
        """Three points off a line; or the answer for affine activations."""
        if missing:
            self._not_constant()
            return None
        self._fresh()
        straight: tuple[Term, Term] | None = None
        for triple in self._triples():
            values = [self.values.at(t) for t in triple]
            if any(v is None for v in values):
                continue
            a, b, c = (self.field.of(t) for t in triple)
            v, w, z = values
            assert v is not None and w is not None and z is not None
            found = self.values.nonzero((w - v) * (c - a) - (z - v) * (b - a))
            if found:
                self.facts.append({"fact": "not affine", "points": [str(t) for t in triple]})
                return None
            straight = straight or (triple[0], triple[1])
        if straight is not None and self.values.options.vanishing:
            affine = self._affine(*straight)
            if affine is not None:
                return affine
        self._ask()
        raise Open("whether the activation is affine")

    def _triples(self) -> Iterator[tuple[Term, Term, Term]]:
        patterns = ((0, 1, -1), (0, 1, 2), (0, -1, -2), (1, 2, 3), (-1, -2, -3), (1, 2, -1), (1, -1, -2), (2, 3, -3))
        units = (PI * num(1, 2), PI, ONE) if self.values.periodic else (ONE,)
        for frame in self.values.frames:
            for unit in units:
                for p in patterns:
                    a, b, c = (frame.point(num(r) if unit == ONE else mul(num(r), unit)) for r in p)
                    yield a, b, c

    def _affine(self, t1: Term, t2: Term) -> Leaf | None:
        v, w = self.values.at(t1), self.values.at(t2)
        run = self.field.of(t2 - t1)
        if v is None or w is None or 0 in self.field.sign(run):
            return None
        slope = self.field.simplified((w - v) / run)
        intercept = self.field.simplified(v - slope * self.field.of(t1))
        a, b = self.field.ring.term(slope), self.field.ring.term(intercept)
        for term, line in ((self.core, a * X + b), (self.mirrored, mul(num(-1), a, X) + b)):
            if not same(term, line, self.conditions, self.broken, fill=True):
                return None
        at_zero = self.values.at(ZERO)
        if at_zero is None and not self.values.undefined(ZERO):
            return None
        if at_zero is not None and not self.field.simplified(at_zero - intercept).top.is_zero():
            return None
        fact: Fact = {"fact": "affine", "slope": str(a), "intercept": str(b)}
        flat = self._is_zero(slope)
        if flat:
            return Leaf(CONSTANT, "constant", [fact])
        return Leaf(GENERAL if self._is_zero(intercept) else ROW_SUMS, "affine", [fact])

    def _is_zero(self, e: Element) -> bool:
        """Whether a value is zero; asks if it may be and may not be."""
        return self.field.decide(e, frozenset({0}))

    def _not_constant(self) -> None:
        """Two points with different values."""
        self._fresh()
        points = [t for t in self._points() if self.values.at(t) is not None]
        for t in points[1:]:
            v, w = self.values.at(points[0]), self.values.at(t)
            assert v is not None and w is not None
            if self.values.nonzero(v - w):
                self.facts.append({"fact": "not constant", "points": [str(points[0]), str(t)]})
                return
        self._ask()
        value = None if not points else self.values.at(points[0])
        if value is not None:
            c = self.field.ring.term(value)
            proofs = [same(t, c + mul(num(0), t), self.conditions, self.broken) for t in (self.core, self.mirrored)]
            if all(proofs):
                self.facts.append({"fact": "constant on domain", "value": str(c)})
                return
        raise Open("whether the activation is constant on its domain")

    # -- scalars -----------------------------------------------------------------
    def _scalars(self, missing: set[int]) -> tuple[Claim, str]:
        degree, theorem = self._positive(missing)
        unique = not any(f["fact"] == "constant on domain" for f in self.facts)
        negative = None if missing else self._negative()
        if degree is None:
            scalars = "trivial" if negative is None else "sign"
        else:
            scalars = "positive" if negative is None else "nonzero"
        odd = 1 if negative == -1 else 0
        return Claim(KINDS[scalars], scalars, degree or ZERO, odd, unique), theorem

    def _positive(self, missing: set[int]) -> tuple[Term | None, str]:
        """The degree of the character of all positive scalings (None: there are none), and the theorem."""
        self._fresh()
        for t1, t2, one_half in self._pairs():
            for d in self.values.ratios() if self.definable else [num(2)]:
                if self._separated(t1, t2, d):
                    theorem = "dichotomy" if self.definable else "one tame end"
                    self.facts.append({"fact": "separation", "d": str(d), "points": [str(t1), str(t2)]})
                    assert self.definable or one_half
                    return None, theorem
        options = self.values.options
        if options.opened and not self._perhaps_homogeneous(missing):
            self._ask()
        found = [half(self.core if side > 0 else self.mirrored, side, self.values, self.conditions, self.broken)
                 for side in (1, -1) if side not in missing]
        if any(h is None for h in found):
            self.values.options = options
            self._ask()
            raise Open("which scalings d > 0 satisfy s(dt) = b s(t)")
        return self._combined([h for h in found if h is not None])

    def _perhaps_homogeneous(self, missing: set[int]) -> bool:
        """Whether nothing on one half-line is open: only then is an identity to be expected."""
        kept = self.values.options
        self._fresh()
        for side in {1, -1} - missing:
            for t1, t2, _ in self._pairs(frames=[Frame()], signs=(side,)):
                self._separated(t1, t2, num(2))
        nothing = not self.values.options.opened
        self.values.options = kept
        return nothing

    def _pairs(self, frames: list[Frame] | None = None, signs: tuple[int, ...] = (1, -1)) -> Iterator[
            tuple[Term, Term, bool]]:
        for frame in self.values.frames if frames is None else frames:
            centred = frame.shift == ZERO
            if not (centred or self.definable):
                continue
            steps = self.values.steps()
            for i, r in enumerate(steps[:5]):
                for q in steps[:i]:
                    for s in signs:
                        yield frame.point(mul(num(s), q)), frame.point(mul(num(s), r)), centred
            if self.definable and len(signs) == 2:
                for r in steps[:4]:
                    yield frame.point(r), frame.point(neg(r)), False
                    yield frame.point(r), frame.point(mul(num(-2), r)), False

    def _separated(self, t1: Term, t2: Term, d: Term) -> bool:
        """Whether ``s(d t1) s(t2) - s(d t2) s(t1)`` is nowhere zero."""
        v, w = self.values.at(t1), self.values.at(t2)
        v_there, w_there = self.values.at(mul(d, t1)), self.values.at(mul(d, t2))
        if v is None or w is None or v_there is None or w_there is None:
            return False
        return bool(self.values.nonzero(v_there * w - w_there * v))

    def _combined(self, halves: list[Half]) -> tuple[Term | None, str]:
        self.facts += [h.fact for h in halves]
        active = [h for h in halves if not h.zero]
        degree = active[0].degree if active else ZERO
        if len(active) == 2:
            apart = self.field.of(active[0].degree) - self.field.of(active[1].degree)
            if not self._is_zero(apart):
                for h in active:
                    if self._is_zero(self.field.of(h.coefficient)):
                        raise Open("which half-line is zero")
                return None, "two half-lines"
        at_zero = self.values.at(ZERO)
        if at_zero is None and not self.values.undefined(ZERO):
            self._ask()
            raise Open("whether s(0) is zero")
        zero_value = "undefined" if at_zero is None else "zero" if self._is_zero(at_zero) else "nonzero"
        self.facts.append({"fact": "at zero", "value": zero_value})
        if zero_value == "nonzero" and not self._is_zero(self.field.of(degree)):
            if all(self._is_zero(self.field.of(h.coefficient)) for h in active):
                raise Open("an activation that is zero everywhere but at one point")
            return None, "two half-lines"
        return self.field.ring.term(self.field.of(degree)), "homogeneous"

    def _negative(self) -> int | None:
        """The character of -1; None if -1 is not in the group."""
        refuted = 0
        for b, name in ((1, "not even"), (-1, "not odd")):
            point = self._refuter(b)
            if point is not None:
                self.facts.append({"fact": name, "point": str(point)})
                refuted += 1
                continue
            if self.values.options.vanishing and self._is_symmetric(b):
                self.facts.append({"fact": "member", "b": b})
                return b
            self._ask()
        if refuted == 2:
            return None
        raise Open("whether -1 is in S")

    def _is_symmetric(self, b: int) -> bool:
        right = mul(num(-1), self.core) if b < 0 else self.core
        return same(self.mirrored, right, self.conditions, self.broken) and (b > 0 or self._zero_at_zero())

    def _zero_at_zero(self) -> bool:
        v = self.values.at(ZERO)
        return self.values.undefined(ZERO) if v is None else self.field.simplified(v).top.is_zero()

    def _refuter(self, b: int) -> Term | None:
        """A point with ``s(-t)`` different from ``b s(t)``."""
        self._fresh()
        for t in [ZERO, *self._points((1,))] if b < 0 else self._points((1,)):
            v, w = self.values.at(t), self.values.at(neg(t))
            if v is not None and w is not None and self.values.nonzero(w - number(b) * v):
                return t
        return None


__all__ = ["Ask", "Open", "Undefined", "Unsupported", "decide"]
