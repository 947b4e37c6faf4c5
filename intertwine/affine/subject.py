"""An activation with the points, values, derivatives and laws that every part of the proof looks at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from flint import arb

from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.cells import Cell, RealRoot, rational_root
from intertwine.calculus.core import to_core
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.calculus.tame import Tame, tame
from intertwine.calculus.tower import NoNormalForm
from intertwine.solve.constants import settle_constants
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import Sampler
from intertwine.terms import Term, X, add, mul, num

BREAKS = frozenset({"Abs", "sign", "floor", "Max", "piecewise"})
T = TypeVar("T")


@dataclass(frozen=True)
class Law:
    """On ``side*(start, oo)`` the activation is the smooth term ``term`` (in ``t`` itself)."""

    side: int
    start: RealRoot
    term: Term | None


class Subject:
    """One activation ``s`` and what is known of it so far.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> s = Subject(parse_term("Max(0, 2*x + 3)"))
    >>> s.law(1).term, s.law(-1).term, s.breaks
    (2*x + 3, 0, [-3/2, 0])
    """

    def __init__(self, activation: Term) -> None:
        self.activation = activation
        self.core = settle_constants(to_core(activation))
        self.sampler = Sampler(self.core)
        self.points = probe_points(self.core)
        self._derivatives: list[Term | None] = [self.core]

    @cached_property
    def everywhere(self) -> Tame | None:
        """A proof that the activation is definable, or None."""
        return tame(self.core, "everywhere")

    @cached_property
    def kink_free(self) -> bool:
        """Whether the activation is written with smooth functions alone."""
        return not any(t.op in BREAKS and t.has_x for t in self.core.walk())

    def derivative(self, order: int) -> Term | None:
        """The formal derivative of a kink-free activation; None if there is none in the language."""
        while len(self._derivatives) <= order:
            last = self._derivatives[-1]
            try:
                following = None if last is None or not self.kink_free else differentiate(last)
            except NoDerivative:
                following = None
            self._derivatives.append(None if following is not None and following.size > 4000 else following)
        return self._derivatives[order]

    def value(self, t: Fraction, bits: int = 160) -> arb | None:
        """The value at a point, or None."""
        v = self.sampler.at(t, bits)
        return v if isinstance(v, arb) else None

    # -- pieces ------------------------------------------------------------------
    @cached_property
    def _explored(self) -> dict[int, list[Cell]]:
        """The cells of each half-line without further assumptions, and those of points."""
        found: dict[int, list[Cell]] = {1: [], -1: []}
        for side in (1, -1):
            cells: list[Cell] = []

            def visit(region: Region, terms: tuple[Term | None, ...], into: list[Cell] = cells) -> bool:
                into.append(region.cell)
                return True

            try:
                explore((self.seen_from(Fraction(0), side),), visit)
            except (TooManyCases, NoNormalForm):
                continue
            found[side] = list(dict.fromkeys(cells))
        return found

    @cached_property
    def breaks(self) -> list[RealRoot]:
        """Where the expression changes, as far as algebraic numbers: candidates, from left to right; 0 included."""
        left = [_negative(c.point) for c in self._explored[-1] if c.point is not None][::-1]
        right = [c.point for c in self._explored[1] if c.point is not None]
        return [*left, rational_root(Fraction(0)), *right]

    def seen_from(self, point: Term | Fraction, side: int) -> Term:
        """``x -> s(point + side*x)``."""
        origin = num(point) if isinstance(point, Fraction) else point
        if side == 1 and origin.value == 0:
            return self.core
        return self.core.subs(add(mul(num(side), X), origin))

    def law(self, side: int) -> Law | None:
        """The smooth term that the activation is far out on one side, or None; its term is None where undefined."""
        if side not in self._laws:
            self._laws[side] = self._find_law(side)
        return self._laws[side]

    @cached_property
    def _laws(self) -> dict[int, Law | None]:
        return {}

    def _find_law(self, side: int) -> Law | None:
        cells = [c for c in self._explored[side] if c.point is None and c.high is None]
        first = rational_root(Fraction(0)) if not cells or cells[-1].low is None else cells[-1].low
        term = self.seen_from(Fraction(0), side)
        for start in (first, *(rational_root(Fraction(2) ** k) for k in (2, 6, 20, 40))):

            def take(region: Region, resolved: Term | None, start: RealRoot = start) -> Law:
                back = resolved if resolved is None or side == 1 else resolved.subs(mul(num(-1), X))
                return Law(side, start, back)

            found = on_cell(term, Cell(start, None), take)
            if found is not None:
                return found
        return None


def _negative(root: RealRoot) -> RealRoot:
    flipped = [(-1) ** k * c for k, c in enumerate(root.coefficients)]
    if flipped[-1] < 0:
        flipped = [-c for c in flipped]
    if root.rational is not None:
        return RealRoot(tuple(flipped), 0)
    from intertwine.calculus.cells import _real_roots

    return RealRoot(tuple(flipped), len(_real_roots(tuple(flipped), 64)) - 1 - root.index)


def on_cell(term: Term, cell: Cell, use: Callable[[Region, Term | None], T | None], lazy: bool = False) -> T | None:
    """What ``use`` finds on the first region of a cell, if that is all of the cell and needs no assumption.

    With ``lazy``, absolute values of unknown sign stay in the term.
    """
    found: list[T] = []

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        if region.connected and region.cell == cell:
            answer = use(region, terms[0])
            if answer is not None:
                found.append(answer)
        return False

    try:
        explore((term,), visit, cell, lazy)
    except (TooManyCases, NoNormalForm):
        return None
    return found[-1] if found else None
