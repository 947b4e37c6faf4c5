"""The pieces of the real line on which an activation is one analytic expression, and what happens between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from intertwine.calculus.cells import rational_root
from intertwine.calculus.core import to_core
from intertwine.pieces.breaks import BreakPoint, classify
from intertwine.pieces.conditions import Condition
from intertwine.pieces.domains import describe_domain
from intertwine.pieces.locations import Location, Value, as_value, strict_powers
from intertwine.pieces.strips import Cut, Strip, Uncut, cut_line
from intertwine.terms import Term, rebuild

__all__ = ["BreakPoint", "Condition", "Piece", "Pieces", "Value", "pieces"]


@dataclass(frozen=True)
class Piece:
    """An open interval with the expression that the activation is on it.

    Attributes
    ----------
    low, high : Value or None
        Exact ends; None: infinite.
    expression : Term or None
        One analytic expression; None: undefined here.
    where : tuple of Condition
        The piece is only the part of the interval where these hold. Their zeros are not located one by one
        (there may be infinitely many).
    steps : tuple of Term
        The expression contains ``floor`` of these: it is analytic except where one of them is an integer.
    """

    low: Value | None
    high: Value | None
    expression: Term | None
    where: tuple[Condition, ...] = ()
    steps: tuple[Term, ...] = ()

    @property
    def interval(self) -> str:
        """The interval as an inequality."""
        if self.low is None or self.high is None:
            return "all x" if self.low is self.high else f"x < {self.high}" if self.low is None else f"x > {self.low}"
        return f"{self.low} < x < {self.high}"

    @property
    def text(self) -> str:
        """The expression, the conditions and the steps."""
        shown = "undefined" if self.expression is None else str(self.expression)
        conditions = f" where {' and '.join(map(repr, self.where))}" if self.where else ""
        return shown + conditions + "".join(f"; steps where {u} is an integer" for u in self.steps)

    def contains(self, x: Fraction) -> bool | None:
        """Whether a rational number lies in the piece: decided exactly, or None."""
        low = None if self.low is None else self.low.compare(x)
        high = None if self.high is None else self.high.compare(x)
        if (self.low is not None and low != -1) or (self.high is not None and high != 1):
            return False
        place = Location(rational_root(x))
        signs = [(c.signs, place.sign(c.atom)) for c in self.where]
        if any(s is not None and s not in allowed for allowed, s in signs):
            return False
        return None if any(s is None for _, s in signs) else True

    def __repr__(self) -> str:
        return f"({self.low or '-oo'}, {self.high or 'oo'}): {self.text}"


@dataclass(frozen=True)
class Pieces:
    """All pieces from left to right, and the break points between them.

    A break point overrides the pieces around it. At every other point of an open interval the activation is the
    expression of the piece.

    Attributes
    ----------
    activation : Term
        What was cut.
    pieces : tuple of Piece
        From left to right; pieces with conditions may share an interval.
    breaks : tuple of BreakPoint
        From left to right.
    domain : str
        Where the activation is defined, located removable singularities included.
    """

    activation: Term
    pieces: tuple[Piece, ...]
    breaks: tuple[BreakPoint, ...]
    domain: str

    def at(self, x: Fraction | int) -> Piece | BreakPoint | None:
        """The break point or the piece at a rational number; None if a condition could not be decided there.

        Examples
        --------
        >>> from intertwine.parsing import parse_term
        >>> found = pieces(parse_term("Max(sin(x), 0)"))
        >>> found.at(1), found.at(4)
        ((-oo, oo): sin(x) where sin(x) >= 0, (-oo, oo): 0 where sin(x) <= 0)
        """
        x = Fraction(x)
        for b in self.breaks:
            if b.point.compare(x) == 0:
                return b
        return next((p for p in self.pieces if p.contains(x)), None)

    def describe(self) -> str:
        """A table: the domain, then pieces and break points from left to right.

        Examples
        --------
        >>> from intertwine.parsing import parse_term
        >>> print(pieces(parse_term("hard_tanh(x)")).describe())
        Min(Max(-1, x), 1)
        domain: all real numbers
        <BLANKLINE>
            x < -1      -1
            x = -1      kink: value -1, slopes 0 and 1
            -1 < x < 1  x
            x = 1       kink: value 1, slopes 1 and 0
            x > 1       1
        """
        rows = list(self._rows())
        width = max(len(r[0]) for r in rows)
        lines = [f"    {place:<{width}}  {text}" for place, text in rows]
        return "\n".join([str(self.activation), f"domain: {self.domain}", "", *lines])

    def _rows(self) -> Iterator[tuple[str, str]]:
        waiting = list(self.breaks)
        for p in self.pieces:
            while any(b.point == p.low for b in waiting):
                yield waiting.pop(0).row()
            yield p.interval, p.text
        for b in waiting:
            yield b.row()

    def to_json(self) -> dict[str, Any]:
        """Plain data; numbers and expressions are exact text."""
        return {
            "activation": str(self.activation),
            "domain": self.domain,
            "pieces": [
                {"low": _text(p.low), "high": _text(p.high), "expression": _text(p.expression),
                 "where": [repr(c) for c in p.where], "steps": [str(u) for u in p.steps]}
                for p in self.pieces
            ],
            "breaks": [b.to_json() for b in self.breaks],
        }

    def __repr__(self) -> str:
        return self.describe()


def _text(value: Value | Term | None) -> str | None:
    return None if value is None else repr(value)


def pieces(activation: Term) -> Pieces | None:
    """Cut the real line into the pieces on which an activation is one analytic expression.

    Parameters
    ----------
    activation : Term
        Any expression of the language.

    Returns
    -------
    Pieces or None
        None when the case distinction grew too large. What is returned is exact: ends are algebraic numbers, and
        whatever could not be decided is called unknown.

    Notes
    -----
    Break points are located where they are zeros of rational functions of ``x``. Others, such as those of
    ``Max(sin(x), 0)``, are given by conditions on signs.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> found = pieces(parse_term("Max(x, x**3)"))
    >>> found.pieces
    ((-oo, -1): x, (-1, 0): x**3, (0, 1): x, (1, oo): x**3)
    >>> [(b.point, b.kind) for b in found.breaks]
    [(-1, 'kink'), (0, 'kink'), (1, 'kink')]
    >>> pieces(parse_term("sqrt(x**2 - 2)")).domain
    'x <= -sqrt(2) or x >= sqrt(2)'
    """
    try:
        cut = cut_line(strict_powers(to_core(activation)))
    except Uncut:
        return None
    spelling = _spelling(activation)
    listed = tuple(p for strip in cut.strips for p in _listed(strip, spelling))
    breaks = tuple(_breaks(cut))
    return Pieces(activation, listed, breaks, describe_domain(cut, breaks))


def _breaks(cut: Cut) -> Iterator[BreakPoint]:
    for index, strip in enumerate(cut.strips):
        yield from (classify(cut, strip, p, strip) for p in strip.inner if p.root in cut.filled)
        if strip.high is not None:
            yield classify(cut, strip, Location(strip.high), cut.strips[index + 1])


def _listed(strip: Strip, spelling: dict[Term, Term]) -> Iterator[Piece]:
    low = None if strip.low is None else as_value(strip.low)
    high = None if strip.high is None else as_value(strip.high)
    for case in sorted(strip.cases, key=lambda c: c.expression is None):
        steps: tuple[Term, ...] = ()
        shown = case.expression
        if shown is not None:
            floors = dict.fromkeys(n.args[0] for n in shown.walk() if n.op == "floor" and n.has_x)
            steps = tuple(_spelled(u, spelling) for u in floors)
            shown = _spelled(shown, spelling)
        yield Piece(low, high, shown, case.conditions, steps)


def _spelling(activation: Term) -> dict[Term, Term]:
    """Core terms with the way in which the activation writes them."""
    pairs = ((strict_powers(to_core(node)), node) for node in activation.walk() if not node.is_condition)
    return {core: node for core, node in pairs if core != node and node.has_x} if activation.size < 500 else {}


def _spelled(t: Term, spelling: dict[Term, Term]) -> Term:
    if t in spelling:
        return spelling[t]
    return rebuild(t, tuple(_spelled(a, spelling) for a in t.args)) if t.args else t
