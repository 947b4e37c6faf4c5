"""Exact questions at one real algebraic number: values, signs and equality of terms there."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq_mat, fmpq_poly

from intertwine.calculus.cases import Assumption, Region, TooManyCases, explore
from intertwine.calculus.cells import Cell, RealRoot, compare, polynomial_ratio, rational_root, roots
from intertwine.calculus.constants import constant_is_zero, simplified
from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.enclosure import PRECISIONS, Unclear, UndefinedAt, enclose
from intertwine.calculus.identity import prove_zero
from intertwine.calculus.signs import rational_sign
from intertwine.calculus.tower import NoNormalForm
from intertwine.pieces.quadratic import rationalised, square_factor, surd_term
from intertwine.terms import E, Term, X, add, apply, mul, num, power, rebuild

ORIGIN = rational_root(Fraction(0))
LONGEST = 8000  # bits of a number that is shown


@dataclass(frozen=True)
class Value:
    """An exact real number: a constant term, or a term in ``x`` at an algebraic number.

    Examples
    --------
    >>> Value(num(1, 2)), Value(X, RealRoot((-1, -1, 0, 1), 0))
    (1/2, root(x**3 - x - 1, 0))
    >>> round(float(Value(X, RealRoot((-1, -1, 0, 1), 0))), 6)
    1.324718
    """

    term: Term
    root: RealRoot | None = None

    def __repr__(self) -> str:
        if self.root is None:
            return repr(self.term)
        return repr(self.root) if self.term == X else f"({self.term} at x = {self.root!r})"

    def compare(self, x: Fraction) -> int | None:
        """-1, 0 or 1 as this number is less than, equal to or greater than a rational; None if not decided."""
        if self.root is not None and self.term == X:
            return compare(self.root, rational_root(x))
        return constant_sign(self.term - x) if self.root is None else Location(self.root).sign(self.term - x)

    def __float__(self) -> float:
        point = Fraction(1) if self.root is None else self.root.enclosure(200)
        return float(enclose(self.term, point, 200).mid())


def mirrored(r: RealRoot) -> RealRoot:
    """The negative of an algebraic number.

    Examples
    --------
    >>> mirrored(RealRoot((-1, -1, 0, 1), 0))
    root(x**3 - x + 1, 0)
    """
    flipped = [c if k % 2 == 0 else -c for k, c in enumerate(r.coefficients)]
    if flipped[-1] < 0:
        flipped = [-c for c in flipped]
    if len(flipped) == 2:
        return RealRoot(tuple(flipped), 0)
    return RealRoot(tuple(flipped), len(roots(fmpq_poly(flipped))) - 1 - r.index)


def closed_form(r: RealRoot) -> Term | None:
    """A rational number, a quadratic irrational or a root of a rational as a constant term; others have none here.

    Examples
    --------
    >>> [closed_form(r) for r in (RealRoot((-1, -1, 1), 1), RealRoot((-2, 0, 0, 1), 0), RealRoot((-8, 0, 1), 0))]
    [sqrt(5)/2 + 1/2, 2**(1/3), -2*sqrt(2)]
    """
    if r.rational is not None:
        return num(r.rational)
    n = len(r.coefficients) - 1
    if n == 2:
        c, b, a = r.coefficients
        outside, inside = square_factor(b * b - 4 * a * c)
        return surd_term(Fraction(-b, 2 * a), Fraction(outside if r.index else -outside, 2 * a), inside)
    if any(r.coefficients[1:-1]):
        return None
    ratio = Fraction(-r.coefficients[0], r.coefficients[-1])
    size = power(num(abs(ratio)), num(1, n))
    return size if ratio > 0 and (n % 2 or r.index) else mul(num(-1), size)


def constant_sign(t: Term) -> int | None:
    """The sign of a constant term where it can be proved, else None (also where it is undefined)."""
    if t.value is not None:
        return (t.value > 0) - (t.value < 0)
    for bits in (*PRECISIONS[:2], 0, *PRECISIONS[2:4]):
        if not bits:
            if constant_is_zero(t):
                return 0
            continue
        try:
            ball = enclose(t, Fraction(1), bits)
        except UndefinedAt:
            return None
        except Unclear:
            continue
        if ball > 0 or ball < 0 or ball == 0:
            return int(ball > 0) - int(ball < 0)
    return None


def shown(t: Term) -> Term:
    """A constant as ``a + b*sqrt(d)``, else in normal form unless that is longer."""
    if constant_sign(t) == 0:
        return num(0)
    surd = rationalised(t)
    if surd is not None:
        return surd
    choices = [_with_e(u) for u in (simplified(t), t) if brief(u)]
    return min(choices, key=lambda u: len(repr(u))) if choices else t


def brief(t: Term) -> bool:
    """Whether all numbers in a term are short enough to be written down."""
    sizes = (max(abs(n.value.numerator), n.value.denominator) for n in t.walk() if n.value is not None)
    return all(size.bit_length() < LONGEST for size in sizes)


def _with_e(t: Term) -> Term:
    """``exp(1)`` as ``E``."""
    if t.op == "exp" and t.args[0].value == 1:
        return E
    return rebuild(t, tuple(_with_e(a) for a in t.args)) if t.args else t


@dataclass(frozen=True)
class Outcome:
    """What a function is at a location: defined or not (None: not decided), and its smooth term there."""

    defined: bool | None
    term: Term | None = None


class Location:
    """A real algebraic number at which terms are looked at."""

    def __init__(self, root: RealRoot) -> None:
        self.root = root
        self.constant = closed_form(root)
        self._signs: dict[Term, int | None] = {}

    def at(self, t: Term) -> Term:
        """The term with the number put in when it has a closed form, else the term itself."""
        return t if self.constant is None else strict_powers(t).subs(self.constant)

    def resolve(self, core: Term) -> Outcome:
        """Whether a core term is defined here, and a smooth term with the same value here."""
        found: list[tuple[tuple[Assumption, ...], Term | None]] = []

        def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
            found.append((region.assumptions, terms[0]))
            return len(found) < 8

        left = compare(self.root, ORIGIN) < 0
        try:
            if self.constant is not None:
                explore((self.at(core),), visit)
            else:
                place = Cell(point=mirrored(self.root) if left else self.root)
                explore((reflected(core) if left else core,), visit, place)
        except (TooManyCases, NoNormalForm):
            return Outcome(None)
        outcomes = {t for _, t in found}
        if len(outcomes) != 1:
            return Outcome(None)
        (term,) = outcomes
        if term is not None and left and self.constant is None:
            term = reflected(term)
        return Outcome(term is not None, term)

    def sign(self, t: Term) -> int | None:
        """The sign of a smooth term here, if it is defined and the sign is proved."""
        if t not in self._signs:
            self._signs[t] = self._sign(to_core(t))
        return self._signs[t]

    def _sign(self, t: Term) -> int | None:
        if not t.has_x or self.constant is not None:
            return constant_sign(self.at(t))
        exact = rational_sign(t, Cell(point=self.root))
        if isinstance(exact, int):
            return exact
        for bits in PRECISIONS[:3]:
            try:
                ball = enclose(t, self.root.enclosure(bits), bits)
            except (Unclear, UndefinedAt):
                continue
            if ball > 0 or ball < 0:
                return 1 if ball > 0 else -1
        return 0 if self._vanishes(t) else None

    def _vanishes(self, t: Term) -> bool:
        """Whether a term reduces to zero after its rational parts were reduced by the minimal polynomial."""
        reduced = self._reduced(t)
        if not reduced.has_x:
            return constant_is_zero(reduced)
        left = compare(self.root, ORIGIN) < 0
        place = Cell(point=mirrored(self.root) if left else self.root)

        def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
            return terms[0] is not None and prove_zero(region, terms[0]) is not None

        try:
            return explore((reflected(reduced) if left else reduced,), visit, place)
        except (TooManyCases, NoNormalForm):
            return False

    def _reduced(self, t: Term) -> Term:
        p = self.field_element(t)
        if p is not None:
            return _polynomial(p)
        if not t.has_x:
            return t
        built = rebuild(t, tuple(self._reduced(a) for a in t.args))
        return built if built.has_x else simplified(built)

    def field_element(self, t: Term) -> fmpq_poly | None:
        """A rational function of ``x`` here, as a polynomial modulo the minimal polynomial."""
        ratio = polynomial_ratio(t)
        minimal = fmpq_poly(list(self.root.coefficients))
        if ratio is None or (ratio[1] % minimal).is_zero():
            return None
        common, inverse, _ = (ratio[1] % minimal).xgcd(minimal)
        assert common.degree() == 0
        return (ratio[0] * inverse) % minimal

    def equal(self, a: Term, b: Term) -> bool | None:
        """Whether two smooth terms, defined here, have the same value here: proved either way, or None."""
        if a == b:
            return True
        sign = self.sign(a - b)
        return None if sign is None else sign == 0

    def approximate(self, t: Term) -> float | None:
        """The value of a term here to about double precision, if it is defined."""
        try:
            here = self.root.enclosure(256) if self.root.rational is None else self.root.rational
            ball = enclose(t, here, 256)
        except (Unclear, UndefinedAt):
            return None
        return float(ball.mid()) if ball.rad() < 1e-9 else None

    def value(self, t: Term) -> Value:
        """The value of a smooth term that is defined here, in a short exact form."""
        if not t.has_x or self.constant is not None:
            return Value(shown(self.at(t)))
        p = self.field_element(t)
        if p is None:
            reduced = self._reduced(t)
            return Value(reduced, self.root) if reduced.has_x else Value(shown(reduced))
        return min(as_value(self._conjugate(p)), Value(t, self.root), key=lambda v: len(repr(v)))

    def _conjugate(self, p: fmpq_poly) -> RealRoot:
        """The number ``p(root)`` by its own minimal polynomial."""
        minimal = fmpq_poly(list(self.root.coefficients))
        n = minimal.degree()
        columns = [(p * fmpq_poly([0] * k + [1])) % minimal for k in range(n)]
        matrix = fmpq_mat(n, n, [columns[j][i] for i in range(n) for j in range(n)])
        candidates = roots(fmpq_poly(matrix.charpoly()))
        term = _polynomial(p)
        bits = 64
        while True:  # the conjugates are distinct: some precision leaves one of them
            ball = enclose(term, self.root.enclosure(bits), bits)
            close = [r for r in candidates if ball.overlaps(r.enclosure(bits))]
            if len(close) == 1:
                return close[0]
            bits *= 2

    def __repr__(self) -> str:
        return repr(as_value(self.root))


def _polynomial(p: fmpq_poly) -> Term:
    """A polynomial as a term, the highest power first."""
    coefficients = [(k, num(int(c.p), int(c.q))) for k, c in enumerate(p.coeffs()) if c != 0]
    return add(num(0), *(mul(c, power(X, num(k))) if k else c for k, c in reversed(coefficients)))


def as_value(r: RealRoot) -> Value:
    """An algebraic number as a value.

    Examples
    --------
    >>> as_value(RealRoot((-2, 0, 1), 0))
    -sqrt(2)
    """
    term = closed_form(r)
    return Value(X, r) if term is None else Value(term)


def strict_powers(t: Term) -> Term:
    """Powers with ``x`` in the exponent as exponentials: their base has to be positive, whatever the exponent becomes.

    Examples
    --------
    >>> strict_powers(X**X)
    exp(x*log(x))
    """
    memo: dict[Term, Term] = {}
    for node in t.walk():
        args = tuple(memo[a] for a in node.args)
        if node.op == "pow" and node.args[1].has_x:
            memo[node] = apply("exp", args[1] * apply("log", args[0]))
        else:
            memo[node] = rebuild(node, args)
    return memo[t]
