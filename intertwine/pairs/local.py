"""An activation seen from one point: exact expansions to both sides, and how far they are the function itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from intertwine.calculus.budget import check
from intertwine.calculus.cases import Region, TooManyCases, explore
from intertwine.calculus.constants import constants_equal, simplified
from intertwine.calculus.core import to_core
from intertwine.calculus.enclosure import PRECISIONS, Unclear, UndefinedAt, ball, enclose, precision
from intertwine.calculus.ranges import range_of
from intertwine.calculus.tower import NoNormalForm
from intertwine.pairs.smooth import analytic_on
from intertwine.pieces import Piece, Pieces, Value
from intertwine.pieces.expansions import Expander, Expansion, NoExpansion
from intertwine.pieces.locations import constant_sign, strict_powers
from intertwine.terms import ONE, ZERO, Term, X, add, mul, num, power, rebuild

ORDER = Fraction(7)
NEAR = Fraction(1, 1024)


@dataclass(frozen=True)
class Side:
    """One side of a point ``p``: the function ``s(p + side*h) - value`` for small ``h > 0``.

    Attributes
    ----------
    defined : bool or None
        Whether the function is defined near the point on this side; None: not known.
    expansion : Expansion or None
        With exact coefficients, each proved not to be zero; None: undefined or not known.
    reach : Term or None
        If the function is exactly one power near the point (or zero, or undefined): up to which ``h``, but not
        further. None: on the whole side, if ``whole``.
    whole : bool or None
        Whether it is that power on the whole side; None: not known.
    """

    defined: bool | None
    expansion: Expansion | None = None
    reach: Term | None = None
    whole: bool | None = None

    @property
    def coefficients(self) -> dict[Fraction, Term]:
        """The nonzero coefficients by exponent."""
        return {} if self.expansion is None else dict(self.expansion.coefficients)

    @property
    def order(self) -> Fraction | None:
        """All exponents below this one are listed; None: all there are."""
        return None if self.expansion is None else self.expansion.order


@dataclass(frozen=True)
class Local:
    """Both sides of a point, and the point itself.

    ``value`` is what the function is there and ``rest`` what is left of it when the value is taken off (None: undefined
    or not known, as ``defined`` says).
    """

    point: Term
    defined: bool | None
    value: Term | None
    rest: Term | None
    right: Side
    left: Side

    def side(self, sign: int) -> Side:
        """The right (1) or the left (-1) side."""
        return self.right if sign > 0 else self.left


def look(core: Term, cut: Pieces, point: Term, subtract: bool) -> Local:
    """The function seen from a constant point; with ``subtract``, its value there is taken off.

    Where it has none, the constants of the expansions take the place of the value: their mean, if there are two.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> from intertwine.pieces import pieces
    >>> t = parse_term("relu6(x)")
    >>> here = look(to_core(t), pieces(t), ZERO, False)
    >>> here.right.coefficients, here.right.reach, here.left.coefficients, here.left.whole
    ({Fraction(1, 1): 1}, 6, {}, True)
    """
    defined, value = value_at(core, point)
    taken = value if subtract and defined else None
    right, left = (_side(cut, point, sign, taken) for sign in (1, -1))
    if subtract and taken is None:
        middle = None if defined is None else _finite_part(right, left)
        right, left = (
            Side(None) if middle is None else _side(cut, point, sign, middle) for sign in (1, -1)
        )
        return Local(point, defined, value, None, right, left)
    return Local(point, defined, value, value if taken is None else ZERO, right, left)


def _finite_part(right: Side, left: Side) -> Term | None:
    """The mean of the constants of the expansions; None unless all of them are known."""
    if any(s.defined is None or (s.defined and s.expansion is None) for s in (right, left)):
        return None
    constants = [s.coefficients.get(Fraction(0), ZERO) for s in (right, left) if s.defined]
    return simplified(add(*constants) / len(constants)) if constants else ZERO


def value_at(core: Term, point: Term) -> tuple[bool | None, Term | None]:
    """Whether the function is defined at a constant point, literally, and its exact value there.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> value_at(parse_term("Piecewise((x, x > 1/10), (20, True))"), num(1, 10))
    (True, 20)
    """
    t = _without_sinc(core.subs(point))
    for bits in PRECISIONS[:2]:
        try:
            enclose(t, Fraction(1), bits)
        except UndefinedAt:
            return False, None
        except Unclear:
            continue
        return True, simplified(t)
    return _resolved(t)


def _without_sinc(t: Term) -> Term:
    """The value 1 of ``sinc`` at 0, which no normal form finds."""
    if all(node.op != "sinc" for node in t.walk()):
        return t
    args = tuple(_without_sinc(a) for a in t.args)
    return ONE if t.op == "sinc" and constant_sign(args[0]) == 0 else rebuild(t, args)


def _resolved(t: Term) -> tuple[bool | None, Term | None]:
    """The same where balls do not decide: conditions that hold with equality, say."""
    found: set[Term | None] = set()

    def visit(region: Region, terms: tuple[Term | None, ...]) -> bool:
        found.add(terms[0])
        return True

    try:
        explore((t,), visit)
    except (TooManyCases, NoNormalForm):
        return None, None
    if len(found) != 1:
        return None, None
    (only,) = found
    return only is not None, None if only is None else simplified(only)


def _side(cut: Pieces, point: Term, sign: int, value: Term | None) -> Side:
    row = list(_outward(cut, point, sign))
    if not row:
        return Side(None)
    piece, reach = row[0]
    if piece.where or piece.steps:
        near = next((p for p, _ in row if _holds_near(p, point, sign)), None)
        return Side(None) if near is None or near.expression is None else _expanded(near.expression, point, sign, value)
    if piece.expression is None:
        return Side(False, None, reach, reach is None or _goes_on(row, None, point, sign))
    found = _expanded(piece.expression, point, sign, value)
    expansion = found.expansion
    if expansion is None or expansion.order is not None or len(expansion.coefficients) > 1:
        return found
    if not is_analytic(piece):
        return found
    item = next(iter(expansion.coefficients.items()), None)
    model = ZERO if item is None else mul(item[1], power(X, num(item[0])))
    whole = reach is None or _goes_on(row, model + (value or ZERO), point, sign)
    return Side(True, expansion, reach, whole)


def _expanded(expression: Term, point: Term, sign: int, value: Term | None) -> Side:
    """The expansion alone."""
    try:
        expansion: Expansion | None = Expander(point, sign, ORDER).of(_core(expression))
    except NoExpansion:
        return Side(True)
    if value is not None and expansion is not None:
        expansion = _less(expansion, value)
    return Side(True, expansion)


def _holds_near(piece: Piece, point: Term, sign: int) -> bool:
    """Whether a piece with conditions on signs is what the function is near the point on one side."""
    if piece.steps or not piece.where or point.value is None:
        return False
    here = point.value
    low, high = (here, here + NEAR) if sign > 0 else (here - NEAR, here)
    return all(_sign_between(to_core(c.atom), low, high) in c.signs for c in piece.where)


def _sign_between(atom: Term, low: Fraction, high: Fraction) -> int | None:
    """The sign of a term on an open interval: by the range, or by one ball."""
    try:
        r = range_of(atom, low, high)
        if r.total and r.sign is not None:
            return r.sign
        with precision(64):
            whole = ball(low).union(ball(high))
        value = enclose(atom, whole, 64)
    except (Unclear, UndefinedAt, ValueError):
        return None
    return 1 if value > 0 else -1 if value < 0 else None


def _core(expression: Term) -> Term:
    return strict_powers(to_core(expression))


def _less(expansion: Expansion, value: Term) -> Expansion | None:
    """The expansion without a constant."""
    rest = dict(expansion.coefficients)
    constant = simplified(rest.pop(Fraction(0), ZERO) - value)
    zero = constants_equal(constant, ZERO)
    if zero is None:
        return None
    return Expansion(dict(sorted(({} if zero else {Fraction(0): constant}).items() | rest.items())), expansion.order)


def _outward(cut: Pieces, point: Term, sign: int) -> Iterator[tuple[Piece, Term | None]]:
    """The pieces on one side of a point from inside out, each with the distance to its far end (None: infinite).

    Nothing is yielded beyond a piece whose place is not clear.
    """
    for piece in cut.pieces if sign > 0 else reversed(cut.pieces):
        near, far = (piece.low, piece.high) if sign > 0 else (piece.high, piece.low)
        if far is not None:
            end = _closed(far)
            beyond = None if end is None else constant_sign(end - point)
            if beyond is None or end is None:
                return
            if beyond != sign:
                continue
            yield piece, simplified(mul(num(sign), end - point))
        else:
            yield piece, None


def is_analytic(piece: Piece) -> bool:
    """Whether the expression of a piece is proved analytic on all of it (an undefined piece counts)."""
    if piece.expression is None:
        return True
    ends = [None if end is None else _closed(end) for end in (piece.low, piece.high)]
    if any(e is None and end is not None for e, end in zip(ends, (piece.low, piece.high), strict=True)):
        return False
    return analytic_on(_core(piece.expression), *ends)


def _closed(end: Value) -> Term | None:
    return end.term if end.root is None else None


def _goes_on(row: list[tuple[Piece, Term | None]], model: Term | None, point: Term, sign: int) -> bool | None:
    """Whether the model (None: undefined) also describes the next piece: refuted at one point of it, else not known.

    The next piece is analytic, so if it agreed with the model next to its end it would agree at that point too.
    """
    if len(row) < 2:
        return None
    (_, near), (following, far) = row[:2]
    if near is None or following.where or following.steps:
        return None
    if model is None or following.expression is None:
        return None if model is None and following.expression is None else False
    if not is_analytic(following):
        return None
    check()
    for part in (Fraction(1, 2), Fraction(1, 7), Fraction(5, 6)):
        h = near + (num(part) if far is None else mul(num(part), far - near))
        here = _core(following.expression).subs(point + mul(num(sign), h))
        if constants_equal(here, model.subs(h)) is False:
            return False
    return None


def order_of_break(local: Local) -> Fraction | None:
    """The first exponent at which the two sides of a point are no continuation of each other; None: none is seen.

    0 is a jump, 1 a kink, 2 a jump of the second derivative.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> from intertwine.pieces import pieces
    >>> t = parse_term("elu(x)")
    >>> order_of_break(look(to_core(t), pieces(t), ZERO, True))
    Fraction(2, 1)
    """
    right, left = local.right, local.left
    if right.expansion is None or left.expansion is None:
        return None
    orders = [o for o in (right.order, left.order) if o is not None]
    for k in sorted({*right.coefficients, *left.coefficients}):
        if orders and k >= min(orders):
            return None
        turned = mul(num((-1) ** int(k)), ONE) if k.denominator == 1 else None
        a, b = right.coefficients.get(k, ZERO), left.coefficients.get(k, ZERO)
        same = None if turned is None else constants_equal(a, mul(turned, b))
        if same is None:
            return k if turned is None else None  # a root: no analytic function
        if not same:
            return k
    return None
