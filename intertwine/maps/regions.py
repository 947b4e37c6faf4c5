"""Case distinctions in several variables: expressions with breaks become smooth on each of finitely many regions.

A region is given by signs of atoms. *Soft* atoms come from ``Max`` and ``Abs``: the functions are continuous across
their zeros, which need no regions of their own. *Hard* atoms come from domains (``log``, roots, quotients), ``sign``
and ``piecewise``: their zeros are regions, too, and on a region with given signs of the hard atoms every expression
is continuous. The regions of one exploration cover the space up to the zeros of soft atoms; some may be empty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from flint import arb, fmpq

from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import Evaluator, Unclear, UndefinedAt, precision
from intertwine.calculus.tower import Element, NoNormalForm, Poly, Tower, factored
from intertwine.maps.expressions import index_of, substitute, variable, variables_of
from intertwine.maps.feasible import interior_point, quadratic_sign
from intertwine.maps.forms import VariableForm
from intertwine.terms import ONE, ZERO, E, Term, apply, mul, num, power, rebuild

NONZERO = 2


class Undefined(Exception):
    """The expression is undefined everywhere on the region."""


class Empty(Exception):
    """The region has no points."""


class Split(Exception):
    """The sign of an atom has to be known."""

    def __init__(self, atom: Term, hard: bool, signs: tuple[int, ...]) -> None:
        super().__init__()
        self.atom, self.hard, self.signs = atom, hard, signs


@dataclass(frozen=True)
class Assumption:
    """The sign of an atom on a region: 1, -1, 0, or 2 for "not zero"."""

    atom: Term
    sign: int
    hard: bool


Units = dict[tuple[object, ...], fmpq]


@dataclass
class Region:
    """Signs of atoms, variables replaced on thin regions, and the normal forms of terms there."""

    n: int
    assumptions: tuple[Assumption, ...] = ()
    replaced: tuple[tuple[int, Term], ...] = ()
    units: Units = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tower = Tower(self._tower_sign, lambda p: None, self.units)
        self.normal = VariableForm(self.tower, lambda u, ask: None)
        self._signs: dict[str, int] = {}
        self._resolved: dict[Term, Term] = {}
        self._linear: list[tuple[Fraction, ...]] = []
        for a in self.assumptions:
            self._assume(a)
        if interior_point(self._linear, self.n) is None:
            raise Empty

    @property
    def thin(self) -> bool:
        """Whether the region is contained in the zeros of an atom."""
        return bool(self.replaced) or any(a.sign == 0 for a in self.assumptions)

    @property
    def free(self) -> tuple[int, ...]:
        """The variables that are coordinates on the region."""
        gone = {j for j, _ in self.replaced}
        return tuple(j for j in range(self.n) if j not in gone)

    def coordinate(self, j: int) -> Term:
        """The variable ``x_j`` in terms of the coordinates of the region."""
        return dict(self.replaced).get(j, variable(j))

    def point(self) -> tuple[Fraction, ...] | None:
        """A point that satisfies the linear assumptions."""
        found = interior_point(self._linear, self.n)
        return None if found is None else tuple(found)

    # -- signs -----------------------------------------------------------------
    def _assume(self, a: Assumption) -> None:
        e = self.normal.of(substitute(a.atom, dict(self.replaced)))
        if self.tower.is_zero(e):
            if a.sign != 0:
                raise Empty
            return
        if e.rational_value is not None:
            if not self._fits(1 if e.rational_value > 0 else -1, a.sign):
                raise Empty
            return
        content, parts = factored(e.num)
        odd = [(q, k) for q, k in parts if k % 2]
        lead = 1 if content > 0 else -1
        if len(parts) != 1 or len(odd) != 1 or not e.den.is_constant():
            if a.sign == 0:
                raise NoNormalForm("a wall that falls apart")
            return
        q, sign = odd[0][0], a.sign
        if q.leading_coefficient() < 0:
            q, lead = -q, -lead
        sign = sign if sign in (0, NONZERO) else sign * lead
        known = self._intrinsic(q)
        if known is not None and (known[1] or sign != 0) and not self._fits(known[0], sign):
            raise Empty
        old = self._signs.get(str(q))
        if old is not None and old not in (sign, NONZERO):
            raise Empty
        self._signs[str(q)] = sign
        row = self._linear_row(q)
        if row is not None and sign in (1, -1):
            self._linear.append(tuple(sign * c for c in row))

    @staticmethod
    def _fits(actual: int, wanted: int) -> bool:
        return actual == wanted or (wanted == NONZERO and actual != 0)

    def _polynomial(self, q: Poly) -> dict[tuple[int, ...], Fraction] | None:
        """The coefficients of a polynomial in the variables alone, with rational coefficients."""
        where = {}
        for i in self.tower.used(q):
            family = self.tower.generators[i].family
            if family[0] != "x":
                return None
            where[i] = family[1]
        result: dict[tuple[int, ...], Fraction] = {}
        for monomial, c in q.to_dict().items():
            key = [0] * self.n
            for i, j in where.items():
                key[j] = int(monomial[i])
            value = fmpq(c)
            result[tuple(key)] = Fraction(int(value.p), int(value.q))
        return result

    def _linear_row(self, q: Poly) -> tuple[Fraction, ...] | None:
        if int(q.total_degree()) > 1:
            return None
        p = self._polynomial(q)
        if p is None:
            return None
        row = [Fraction(0)] * (self.n + 1)
        for key, c in p.items():
            row[key.index(1) if any(key) else self.n] = c
        return tuple(row)

    def _intrinsic(self, q: Poly) -> tuple[int, bool] | None:
        """The sign that a polynomial has everywhere, and whether it is strict."""
        if self.tower.is_imaginary(q):
            return None
        monomials = q.to_dict()
        even = all(d % 2 == 0 or self.tower.generators[i].positive for m in monomials for i, d in enumerate(m) if d)
        signs = {1 if fmpq(c) > 0 else -1 for c in monomials.values()}
        if even and len(signs) == 1:
            strict = any(all(self.tower.generators[i].positive for i, d in enumerate(m) if d) for m in monomials)
            return signs.pop(), strict
        if all(self.tower.generators[i].constant for i in self.tower.used(q)):
            sign = constant_sign(self.tower.term_of(q))
            return None if sign is None else (sign, True)
        p = self._polynomial(q) if int(q.total_degree()) <= 2 else None
        return None if p is None else quadratic_sign(p, self.n)

    def _tower_sign(self, t: Term) -> int | None:
        """The sign of a term up to a thin set, for the rules of roots and logarithms."""
        e = self.normal.of(t)
        if not e.den.is_constant() or e.num.is_zero():
            return None
        content, parts = factored(e.num)
        total = 1 if content > 0 else -1
        for q, k in parts:
            s = self._known(q)
            if s is None and k % 2:
                return None
            if k % 2:
                total *= s or 1
        return total

    def _known(self, q: Poly) -> int | None:
        """The sign of an irreducible polynomial up to a thin set."""
        flip = 1
        if q.leading_coefficient() < 0:
            q, flip = -q, -1
        assumed = self._signs.get(str(q))
        if assumed in (1, -1):
            return flip * assumed
        intrinsic = self._intrinsic(q)
        if intrinsic is not None:
            return flip * intrinsic[0]
        row = self._linear_row(q)
        if row is not None and self._linear:
            for s in (1, -1):
                if interior_point([*self._linear, tuple(-s * c for c in row)], self.n) is None:
                    return flip * s
        return None

    def sign(self, t: Term, hard: bool) -> int:
        """The sign of a smooth term; for a soft atom, up to a thin set. Asks for a split if it is not known."""
        e = self.normal.of(t)
        if self.tower.is_zero(e):
            return 0
        sign = 1
        for p, below in ((e.num, False), (e.den, True)):
            content, parts = factored(p)
            sign *= 1 if content > 0 else -1
            for q, k in parts:
                sign *= self._factor_sign(q, hard and not below, k % 2 == 1)
                if sign == 0:
                    return 0
        return sign

    def _factor_sign(self, q: Poly, hard: bool, odd: bool) -> int:
        flip = 1
        if q.leading_coefficient() < 0:
            q, flip = -q, -1
        flip = flip if odd else 1
        if self.tower.is_imaginary(q):
            raise NoNormalForm("the sign of an oscillating function")
        assumed = self._signs.get(str(q))
        if assumed == 0:
            return 0
        if assumed is not None and (assumed != NONZERO or not odd):
            return flip * (assumed if odd else 1)
        intrinsic = self._intrinsic(q)
        if intrinsic is not None and (intrinsic[1] or not hard or assumed == NONZERO):
            return flip * (intrinsic[0] if odd else 1)
        if not hard and not odd:
            return 1
        atom = self.tower.term_of(q)
        if intrinsic is not None:
            raise Split(atom, hard, (intrinsic[0], 0))
        if assumed == NONZERO:
            raise Split(atom, hard, (1, -1))
        if not odd:
            raise Split(atom, hard, (NONZERO, 0))
        raise Split(atom, hard, (1, -1, 0) if hard else (1, -1))

    def require_nonzero(self, t: Term) -> bool:
        """Whether a term is zero nowhere on the region; False: everywhere."""
        e = self.normal.of(t)
        if self.tower.is_zero(e):
            return False
        _, parts = factored(e.num)
        for q, _ in parts:
            if self.tower.is_imaginary(q):
                raise NoNormalForm("the zeros of an oscillating function")
            if self._factor_sign(q, True, False) == 0:
                return False
        return True

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
            j = index_of(t)
            return t if j is None else self.coordinate(j)
        if t.op == "piecewise":
            for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
                if self.truth(condition):
                    return self.resolve(value)
            raise Undefined
        args = tuple(self.resolve(a) for a in t.args)
        if t.op == "Abs":
            return mul(num(self.sign(args[0], False) or 1), args[0])
        if t.op == "sign":
            return num(self.sign(args[0], True))
        if t.op == "Max":
            best = args[0]
            for a in args[1:]:
                if a != best:
                    best = best if self.sign(best - a, False) >= 0 else a
            return best
        if t.op == "pow":
            return self._resolve_power(args[0], args[1], bool(variables_of(t.args[1])))
        if t.op == "floor":
            raise NoNormalForm("a step function of several variables")
        self._require_domain(t.op, args)
        return rebuild(t, args)

    def truth(self, c: Term) -> bool:
        """A condition on this region."""
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not self.truth(c.args[0])
        if c.op in ("and", "or"):
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
        s = self.sign(self.resolve(c.args[0]) - self.resolve(c.args[1]), True)
        return {"lt": s < 0, "le": s <= 0, "eq": s == 0, "ne": s != 0}[c.op]

    def _resolve_power(self, base: Term, exponent: Term, varying: bool) -> Term:
        if varying:
            if self.sign(base, True) <= 0:
                raise Undefined
            return power(base, exponent)
        r = exponent.value
        if r is None:
            value = self.normal.of(exponent).rational_value
            if value is not None:
                exponent = num(int(value.p), int(value.q))
                r = exponent.value
            elif _may_be_whole(exponent):
                raise NoNormalForm("an exponent that may be an integer")
        if r is not None and r.denominator == 1:
            if r < 0 and not self.require_nonzero(base):
                raise Undefined
            return power(base, exponent)
        s = self.sign(base, True)
        if s < 0 or (s == 0 and constant_sign(exponent) != 1):
            raise Undefined
        return ZERO if s == 0 else power(base, exponent)

    def _require_domain(self, op: str, args: tuple[Term, ...]) -> None:
        u = args[-1]
        bad = False
        if op in ("log", "loggamma", "Ci", "bessely", "gamma"):
            bad = self.sign(u, True) <= 0
            if bad and op == "gamma":
                raise NoNormalForm("gamma of negative numbers")
        elif op in ("besselj", "besseli"):
            nu = args[0].value
            if nu is None or nu.denominator != 1:
                bad = self.sign(u, True) <= 0
        elif op == "asin":
            bad = self.sign(ONE - u**2, True) < 0
        elif op == "atanh":
            bad = self.sign(ONE - u**2, True) <= 0
        elif op == "acosh":
            bad = self.sign(u - 1, True) < 0
        elif op == "LambertW":
            bad = self.sign(E * u + 1, True) < 0
        elif op == "tan":
            bad = not self.require_nonzero(apply("cos", u))
        elif op == "sinc" and self.normal.of(u).num.is_zero():
            raise NoNormalForm("sinc at zero")
        if bad:
            raise Undefined

    def element(self, t: Term) -> Element:
        """The element of a resolved term."""
        return self.normal.of(t)


def constant_sign(t: Term) -> int | None:
    """The sign of a closed term, where balls or exact arithmetic tell."""
    if t.value is not None:
        return (t.value > 0) - (t.value < 0)
    for bits in (64, 512, 2048):
        try:
            with precision(bits):
                ball = Evaluator(arb(0)).value(t)
        except (Unclear, UndefinedAt):
            continue
        if ball > 0 or ball < 0:
            return 1 if ball > 0 else -1
    return None


def _may_be_whole(exponent: Term) -> bool:
    try:
        with precision(256):
            return bool(Evaluator(arb(0)).value(exponent).contains_integer())
    except (Unclear, UndefinedAt):
        return True
