"""Case distinctions: a term with breaks becomes smooth on each of finitely many regions.

A region is a cell of ``x > 0`` together with signs assumed of some terms ("free" atoms,
whose zeros are not located: ``sin(x)``, ``exp(x) - 2``).  The regions of one exploration
cover the half-line; some may be empty, which costs work but never soundness.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from flint import fmpq

from intertwine.calculus.budget import check
from intertwine.calculus.cells import Cell, RealRoot
from intertwine.calculus.deepsigns import deep_sign, monotone_sign
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.calculus.normal import NormalForm
from intertwine.calculus.ranges import range_of
from intertwine.calculus.signs import basic_sign, isolated_zeros, rational_sign
from intertwine.calculus.tower import Element, NoNormalForm, Poly, Rescale, Tower, factored, rational
from intertwine.terms import ONE, PI, ZERO, E, Term, X, apply, mul, num, power, rebuild

MOST_LEAVES = 60


class Undefined(Exception):
    """The term is undefined everywhere on the region."""


class TooManyCases(Exception):
    """The case distinction grew beyond its bound."""


class _SplitCell(Exception):
    def __init__(self, points: list[RealRoot]) -> None:
        super().__init__()
        self.points = points


class _SplitSign(Exception):
    def __init__(self, atom: Term, weak: bool) -> None:
        super().__init__()
        self.atom, self.weak = atom, weak


@dataclass(frozen=True)
class Assumption:
    """``sign(atom) = sign``; weak: ``sign * atom >= 0``."""

    atom: Term
    sign: int
    weak: bool = False

    def __repr__(self) -> str:
        relation = {(1, False): "> 0", (-1, False): "< 0", (0, False): "= 0", (1, True): ">= 0", (-1, True): "<= 0"}
        return f"{self.atom} {relation[self.sign, self.weak]}"


Units = dict[tuple[object, ...], fmpq]


@dataclass
class Region:
    """A cell with assumptions, and the normal forms of terms on it."""

    cell: Cell = field(default_factory=Cell)
    assumptions: tuple[Assumption, ...] = ()
    units: Units = field(default_factory=dict)
    lazy: bool = False  # keep absolute values whose sign is unknown instead of asking for a split

    def __post_init__(self) -> None:
        self.tower = Tower(self._tower_sign, self._deep_sign, self.units, interior=self._interior)
        self.normal = NormalForm(self.tower, self._is_integer)
        self._resolved: dict[Term, Term] = {}
        self._signs: dict[Term, int | None] = {}

    @property
    def connected(self) -> bool:
        """Whether the region is surely an interval, without free assumptions."""
        return self.cell.point is None and not self.assumptions

    @property
    def thin(self) -> bool:
        """Whether the region is surely a set of isolated points."""
        return self.cell.point is not None or any(
            a.sign == 0 and isolated_zeros(a.atom, self.cell) for a in self.assumptions
        )

    def _tower_sign(self, t: Term) -> int | None:
        for a in self.assumptions:
            if not a.weak and a.atom == t:
                return a.sign
        return basic_sign(t, self.cell)

    @property
    def _interior(self) -> bool:
        return self.cell.point is None and all(a.sign for a in self.assumptions)

    def _deep_sign(self, p: Poly) -> int | None:
        return deep_sign(self.normal, self.cell, p)

    def _is_integer(self, u: Term, ask: bool) -> bool | None:
        """Whether a term takes integer values on the region; may ask for a split if that is not known."""
        atom = apply("frac", u)
        if ask:
            return self.sign(atom) == 0
        return next((a.sign == 0 for a in self.assumptions if a.atom == atom), None)

    # -- signs -----------------------------------------------------------------
    def sign(self, t: Term, weak: bool = False) -> int:
        """The sign of a smooth term on the region; asks for a split if it is not known."""
        if t in self._signs and self._signs[t] is not None:
            return self._signs[t]  # type: ignore[return-value]
        known = self._sign(t, weak)
        if known is None:
            raise _SplitSign(t, weak)
        return known

    def _sign(self, t: Term, weak: bool) -> int | None:
        rational = rational_sign(t, self.cell) if t.has_x else None
        if isinstance(rational, list):
            raise _SplitCell(rational)
        found = rational if rational is not None else basic_sign(t, self.cell)
        if found is None:
            found = self._sign_by_normal_form(t) if t.op != "frac" else None
        if found is None and t.op != "frac":
            found = monotone_sign(t, self.cell)
        if found is not None:
            self._signs[t] = found
            return found
        return self._assumed(t, weak)

    def _sign_by_normal_form(self, t: Term) -> int | None:
        try:
            e = self.normal.of(t)
        except NoNormalForm:
            return None
        if self.tower.is_zero(e):
            return 0
        fraction = self._fractional_part(e)
        if fraction is not None:
            return fraction[0] * (1 if fraction[1] is None else self.sign(fraction[1]))
        product = 1
        for p in (e.num, e.den):
            _, parts = factored(p)
            lead = p.leading_coefficient()
            for q, k in parts:
                monic = q if q.leading_coefficient() > 0 else -q
                s = self.tower.sign_of(monic)
                if s is None and k % 2:
                    return None
                if s is None:
                    return None  # an even power may still vanish
                product *= s if k % 2 else s * s
            product *= 1 if lead > 0 else -1
        return product

    def _fractional_part(self, e: Element) -> tuple[int, Term | None] | None:
        """The sign of ``c``, with ``frac(u)`` for the element ``c frac(u)``, with None for ``c (1 - frac(u))``."""
        for position in self.tower.used(e.num) if e.den.is_constant() else ():
            g = self.tower.generators[position]
            if g.family[0] != "floor" or g.argument is None or g.imaginary:
                continue
            fraction = g.argument - self.tower.generator(g)
            part = apply("frac", self.normal.term(g.argument))
            for factor, atom in ((fraction, part), (rational(1) - fraction, None)):
                ratio = (e / factor).rational_value
                if ratio is not None:
                    return (1 if ratio > 0 else -1), atom
        return None

    def _assumed(self, t: Term, weak: bool) -> int | None:
        for a in self.assumptions:
            if a.weak and not weak:
                continue
            if a.atom == t:
                return a.sign
            ratio = self._ratio_sign(t, a.atom)
            if ratio is not None:
                return a.sign * ratio
        return None

    def _ratio_sign(self, t: Term, atom: Term) -> int | None:
        try:
            u, v = self.normal.of(t), self.normal.of(atom)
            if v.num.is_zero():
                return None
            ratio: Element = self.tower.reduce(u / v)
        except NoNormalForm:
            return None
        value = ratio.rational_value
        if value is not None:
            return 1 if value > 0 else -1
        signs = [self.tower.sign_of(p) for p in (ratio.num, ratio.den)]
        return None if signs[0] is None or signs[1] is None else signs[0] * signs[1]

    # -- resolution ---------------------------------------------------------------
    def resolve(self, t: Term) -> Term:
        """The smooth term that ``t`` is on this region.

        Raises
        ------
        Undefined
            The term is undefined on the region.
        """
        known = self._resolved.get(t)
        if known is None:
            check()
            known = self._resolved[t] = self._resolve(t)
        return known

    def _resolve(self, t: Term) -> Term:
        if not t.args:
            at = self.cell.point.rational if t.op == "x" and self.cell.point is not None else None
            return t if at is None else num(at)
        if t.op == "piecewise":
            for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
                if self.truth(condition):
                    return self.resolve(value)
            raise Undefined
        args = tuple(self.resolve(a) for a in t.args)
        if t.op == "Abs":
            return self._resolve_absolute(args[0])
        if t.op == "sign":
            return num(self.sign(args[0]))
        if t.op == "Max":
            best = args[0]
            for a in args[1:]:
                best = best if best == a else self._larger(best, a)
            return best
        if t.op == "pow":
            return self._resolve_power(args[0], args[1], t.args[1].has_x)
        self._require_domain(t.op, args)
        built = rebuild(t, args)
        return self._frozen(built) if t.op == "floor" else built

    def _resolve_absolute(self, u: Term) -> Term:
        try:
            return mul(num(self.sign(u, weak=True)), u)
        except _SplitSign:
            if self.lazy:
                return apply("Abs", u)
            raise

    def _larger(self, a: Term, b: Term) -> Term:
        try:
            return a if self.sign(a - b, weak=True) >= 0 else b
        except _SplitSign:
            if self.lazy:
                return (a + b + apply("Abs", a - b)) / 2
            raise

    def _frozen(self, t: Term) -> Term:
        """A step function as a constant where its argument stays between two integers."""
        try:
            r = range_of(t, *self.cell.bounds())
        except (Unclear, ValueError):
            return t
        value = r.lo.unique_fmpz() if r.bounded and r.total and r.lo == r.hi else None
        return t if value is None else num(int(value))

    def truth(self, c: Term) -> bool:
        """A condition on this region."""
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not self.truth(c.args[0])
        if c.op in ("and", "or"):
            return self._connective(c)
        s = self.sign(self.resolve(c.args[0]) - self.resolve(c.args[1]))
        return {"lt": s < 0, "le": s <= 0, "eq": s == 0, "ne": s != 0}[c.op]

    def _connective(self, c: Term) -> bool:
        """One false operand settles an "and", one true operand an "or", whatever else is undefined."""
        decisive = c.op == "or"
        undefined = False
        for a in c.args:
            try:
                if self.truth(a) is decisive:
                    return decisive
            except Undefined:
                undefined = True
        if undefined:
            raise Undefined
        return not decisive

    def _resolve_power(self, base: Term, exponent: Term, varying: bool) -> Term:
        if varying:  # also where the exponent happens to be constant: one domain for one expression
            if self.sign(base) <= 0:
                raise Undefined
            return power(base, exponent)
        r = exponent.value
        if r is None:
            value = self._rational_constant(exponent)
            if value is not None:
                exponent = num(int(value.p), int(value.q))
                r = exponent.value
        if r is not None and r.denominator == 1:
            if r < 0 and self.sign(base) == 0:
                raise Undefined
            return power(base, exponent)
        s = self.sign(base)
        if r is None and s < 0 and _may_be_whole(exponent):
            raise NoNormalForm("an exponent that may be an integer")
        if s < 0 or (s == 0 and self.sign(exponent) <= 0):
            raise Undefined
        return ZERO if s == 0 else power(base, exponent)

    def _rational_constant(self, t: Term) -> fmpq | None:
        if t.has_x:
            return None
        try:
            return self.normal.of(t).rational_value
        except NoNormalForm:
            return None

    def _require_domain(self, op: str, args: tuple[Term, ...]) -> None:
        u = args[-1] if args else X
        bad = False
        if op in ("log", "loggamma", "Ci", "bessely"):
            bad = self.sign(u) <= 0
        elif op in ("besselj", "besseli"):
            nu = args[0].value
            if nu is None or nu.denominator != 1:
                s = self.sign(u)
                bad = s < 0 or (s == 0 and (nu is None or nu <= 0))
        elif op == "asin":
            bad = self.sign(ONE - u**2) < 0
        elif op == "atanh":
            bad = self.sign(ONE - u**2) <= 0
        elif op == "acosh":
            bad = self.sign(u - 1) < 0
        elif op == "LambertW":
            bad = self.sign(E * u + 1) < 0
        elif op == "tan":
            bad = self.sign(apply("cos", u)) == 0
        elif op in ("gamma", "digamma"):
            bad = self.sign(u) <= 0 and self.sign(apply("sin", PI * u)) == 0
        if bad:
            raise Undefined


Visitor = Callable[[Region, tuple["Term | None", ...]], bool]


def explore(terms: tuple[Term, ...], visit: Visitor, start: Cell | None = None, lazy: bool = False) -> bool:
    """Visit regions that cover the half-line, with the terms resolved on each (None: undefined there).

    ``visit`` is called with a region and the resolved terms and says whether to go on; it may
    be interrupted and called again for the same region, so it should record results last.  With
    ``lazy``, absolute values of unknown sign stay in the resolved terms.

    Raises
    ------
    TooManyCases
        More than a fixed number of regions.
    """
    units: Units = {}
    stack: list[tuple[Cell, tuple[Assumption, ...]]] = [(start or Cell(), ())]
    for _ in range(MOST_LEAVES):
        if not stack:
            return True
        cell, assumptions = stack.pop()
        region = Region(cell, assumptions, dict(units), lazy)
        try:
            if not visit(region, tuple(_attempt(region, t) for t in terms)):
                return False
        except _SplitCell as split:
            stack.extend((c, assumptions) for c in reversed(cell.split(split.points)))
        except _SplitSign as split:
            stack.extend((cell, a) for a in reversed(_cases(cell, assumptions, split)))
        except (RecursionError, OverflowError) as error:
            raise NoNormalForm(type(error).__name__) from error
        except Rescale as rescale:
            units[rescale.family] = rescale.unit
            stack.append((cell, assumptions))
    raise TooManyCases


def _cases(cell: Cell, assumptions: tuple[Assumption, ...], split: _SplitSign) -> list[tuple[Assumption, ...]]:
    old = next((a for a in assumptions if a.atom == split.atom), None)
    if old is not None:  # a weak assumption becomes strict or an equality
        kept = tuple(a for a in assumptions if a is not old)
        return [(*kept, Assumption(split.atom, s)) for s in (old.sign, 0)]
    signs = _possible_signs(split.atom, cell)
    if split.weak and 1 in signs and -1 in signs:
        return [(*assumptions, Assumption(split.atom, s, True)) for s in (1, -1)]
    return [(*assumptions, Assumption(split.atom, s)) for s in signs]


def _possible_signs(atom: Term, cell: Cell) -> list[int]:
    """The signs that the range of an atom leaves open; gamma has no zeros, a fractional part is not negative."""
    if atom.op in ("gamma", "frac"):
        return [1, -1] if atom.op == "gamma" else [1, 0]
    try:
        r = range_of(atom, *cell.bounds())
    except (Unclear, ValueError):
        return [1, -1, 0]
    return [s for s in (1, -1, 0) if not (s > 0 and r.hi <= 0) and not (s < 0 and r.lo >= 0)]


def _may_be_whole(exponent: Term) -> bool:
    """Whether a constant exponent is not seen to differ from all integers."""
    try:
        return bool(enclose(exponent, Fraction(1), 256).contains_integer())
    except (Unclear, UndefinedAt):
        return True


def _attempt(region: Region, t: Term) -> Term | None:
    try:
        return region.resolve(t)
    except Undefined:
        return None

