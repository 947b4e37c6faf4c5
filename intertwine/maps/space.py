"""The space of functions that a map spans, and the linear problem whose solutions are its infinitesimal symmetries."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from flint import arb

from intertwine.calculus.budget import check
from intertwine.calculus.differentiate import NoDerivative
from intertwine.calculus.enclosure import Unclear, UndefinedAt, precision
from intertwine.calculus.tower import Element, NoNormalForm, Tower, rational
from intertwine.maps.balls import Point, PointEvaluator, certified_rank
from intertwine.maps.exploring import Wall, explore
from intertwine.maps.expressions import SmallMap
from intertwine.maps.field import Constants, Matrix
from intertwine.maps.forms import Row, relations
from intertwine.maps.regions import Region, Units
from intertwine.terms import Term

BITS = (192, 512, 1536)
MOST_CROWDED = 700


class Mixed:
    """Constants of the towers of different regions as terms, brought into one tower."""

    def __init__(self, units: Units | None = None) -> None:
        self.region = Region(1, units=dict(units or {}))
        self.field = Constants(self.region.tower, self.region.normal)

    @property
    def tower(self) -> Tower:
        """The tower of the constants."""
        return self.region.tower

    def take(self, constants: Constants, e: Element) -> Element:
        """A constant of another tower."""
        value = e.rational_value
        return rational(value) if value is not None else self.field.of(constants.term(e))

    def of(self, t: Term) -> Element:
        """A closed term."""
        return self.field.of(t)

    def rows(self, region: Region, elements: Sequence[Element]) -> list[Row]:
        """The relations of elements on one region, as rows of this field."""
        constants = Constants(region.tower)
        return [[self.take(constants, e) for e in row] for row in relations(region.normal, elements)]


@dataclass
class Cell:
    """One region of the domain with the elements of the map there."""

    region: Region
    resolved: tuple[Term, ...]
    elements: tuple[Element, ...]
    slopes: tuple[dict[int, Element], ...]


@dataclass
class Space:
    """The span V of the expressions of a map.

    Attributes
    ----------
    source : SmallMap
    cells : list of Cell
        Regions that cover the domain up to the zeros of soft atoms.
    outside : list of Region
        Regions where the map is undefined.
    hard_walls : list of Wall
        The zeros of hard atoms, whose signs describe the domain and the jumps.
    """

    source: SmallMap
    cells: list[Cell] = field(default_factory=list)
    outside: list[Region] = field(default_factory=list)
    units: Units = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.terms = self.source.core()
        self.n, self.m = self.source.n, self.source.m
        self.mixed = Mixed(self.units)

        def visit(region: Region, resolved: tuple[Term | None, ...]) -> bool:
            if any(t is None for t in resolved):
                self.outside.append(region)
                return True
            present = tuple(t for t in resolved if t is not None)
            elements = tuple(region.element(t) for t in present)
            # Here, where exponents that do not fit start the region again with a smaller unit.
            slopes = tuple({j: region.normal.partial(e, j) for j in region.free} for e in elements)
            self.cells.append(Cell(region, present, elements, slopes))
            return True

        walls: dict[Wall, None] = {}
        explore(self.n, self.terms, visit, walls)
        self.hard_walls = list(walls)

    # -- the space ---------------------------------------------------------------------
    @cached_property
    def points(self) -> list[Point]:
        """Exact points of the domain, off the kinks, in as many regions as are met."""
        rng = random.Random(20220514)
        found: list[Point] = []
        tries = 0
        bases = self._bases
        need = 6 + 2 * (self.n * self.n + self.m * self.m) // max(1, self.m)
        while len(found) < need + 2 * len(bases) and tries < 40 * need:
            tries += 1
            check()
            size = rng.choice((1, 1, 3, 8, Fraction(1, 4)))
            point = tuple(Fraction(rng.randint(-97, 97), 53) * size for _ in range(self.n))
            if bases and tries % 2:
                base = bases[tries // 2 % len(bases)]
                point = tuple(b + p / 16 for b, p in zip(base, point, strict=True))
            if self._regular(point):
                found.append(point)
        return found

    @cached_property
    def _bases(self) -> list[Point]:
        """A point of every region that is open."""
        return [p for c in self.cells if not c.region.thin and (p := c.region.point()) is not None]

    def crowd(self) -> bool:
        """Add points until each region alone could determine X; whether there are any new ones.

        A product of ReLUs, say, is zero on all regions but one, which a few points for each do not exhaust.
        """
        rng = random.Random(20220515)
        each = 2 + (self.n * self.n + self.m * self.m) // max(1, self.m)
        if len(self._bases) * each > MOST_CROWDED:
            return False
        before = len(self.points)
        for base in self._bases:
            found: list[Point] = []
            for k in range(4 * each):
                check()
                near = Fraction(1, 2 ** (3 + k // each))
                point = tuple(b + near * Fraction(rng.randint(-97, 97), 53) for b in base)
                if len(found) < each and self._regular(point):
                    found.append(point)
            self.points.extend(found)
        return len(self.points) > before

    def _regular(self, point: Point) -> bool:
        try:
            with precision(128):
                evaluator = PointEvaluator(point)
                for t in self.terms:
                    evaluator.gradient(t)
        except (UndefinedAt, Unclear):
            return False
        except NoDerivative:
            raise NoNormalForm("a function whose derivative is not in the language") from None
        return True

    @cached_property
    def dependencies(self) -> Matrix:
        """A basis of the linear relations between the expressions (proved)."""
        rows = [row for cell in self.cells for row in self.mixed.rows(cell.region, cell.elements)]
        return self.mixed.field.kernel(rows, self.m)

    @cached_property
    def basis(self) -> tuple[int, ...]:
        """Expressions that form a basis of V: the first ones that are independent."""
        rows = [row for cell in self.cells for row in self.mixed.rows(cell.region, cell.elements)]
        return tuple(self.mixed.field.echelon(rows, self.m)[1])

    @property
    def d(self) -> int:
        """The dimension of V, from above by proved relations."""
        return len(self.basis)

    @cached_property
    def independent(self) -> bool:
        """Whether the basis is proved to be independent: a minor of its values is not zero."""
        for bits in BITS:
            rank, _, _ = certified_rank(self._values(bits, [self.terms[i] for i in self.basis]))
            if rank == self.d:
                return True
        return False

    def _values(self, bits: int, terms: Sequence[Term]) -> list[list[arb]]:
        rows = []
        with precision(bits):
            for p in self.points:
                evaluator = PointEvaluator(p)
                try:
                    rows.append([evaluator.value(t) for t in terms])
                except (UndefinedAt, Unclear):
                    continue
        return rows

    # -- walls ---------------------------------------------------------------------------
    @cached_property
    def soft_walls(self) -> list[Term]:
        """Atoms across whose zeros the map is continuous but may have a kink."""
        seen: dict[Term, None] = {}
        for cell in self.cells:
            for a in cell.region.assumptions:
                if not a.hard:
                    seen.setdefault(a.atom)
        return list(seen)


def units(n: int) -> list[tuple[int, int]]:
    """The places of an n×n matrix, row by row."""
    return [(j, k) for j in range(n) for k in range(n)]


def zero_row(width: int) -> Row:
    """A row of zeros."""
    return [rational(0)] * width
