"""What one end of the line, or one point, says at once of all elements of T."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from intertwine.affine.analyticity import analytic_on
from intertwine.affine.ends import far_out
from intertwine.affine.subject import Subject, on_cell
from intertwine.calculus.asymptotics import NOTHING
from intertwine.calculus.cells import Cell
from intertwine.solve.halfline import undefined_throughout
from intertwine.terms import Term


@dataclass(frozen=True)
class End:
    """The leading behaviour of ``s'`` at one end, seen in a form of it.

    A drifting wave, or a growth beyond all powers, leaves no ``|a| != 1`` ("rigid"); a constant wave of power growth only
    a one-parameter group ("unless power").
    """

    side: int
    wave: str
    pure_power: bool
    lead: Term
    form: Term
    beyond: bool
    start: Fraction

    @property
    def rigid(self) -> bool:
        """Whether no element of T has ``|a| != 1``."""
        return self.wave == "drifting" or (self.wave == "constant" and self.beyond)

    @property
    def unless_power(self) -> bool:
        """Whether a dilation in T makes this side a power or logarithm."""
        return self.wave == "constant" and not self.beyond


@dataclass(frozen=True)
class AnalyticOff:
    """``s`` is analytic on both sides of a point (or undefined on all of one side)."""

    point: Term


def end(subject: Subject, side: int) -> End | None:
    """The leading behaviour of the derivative at an end, or None.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> s = Subject(parse_term("exp(x) + sin(x)"))
    >>> end(s, 1).rigid
    True
    """
    far = far_out(subject, side)
    slope = None if far is None else far.slope
    if slope is None or slope.wave is None or slope.lead is None or slope.growth == NOTHING:
        return None
    pure = slope.growth[0] == slope.growth[2] == slope.growth[3] == 0
    return End(side, slope.wave, pure, slope.lead, slope.form, slope.growth[0] != 0, slope.start)


def analytic_off(subject: Subject, p: Term) -> AnalyticOff | None:
    """A proof that the activation is analytic off a point, or None."""
    sides = [subject.seen_from(p, side) for side in (1, -1)]
    smooth = [_smooth(t) for t in sides]
    fine = [analytic_on(t, Fraction(0), None) or undefined_throughout(u) for t, u in zip(smooth, sides, strict=True)]
    return AnalyticOff(p) if all(fine) else None


def _smooth(t: Term) -> Term:
    """The term without absolute values and signs whose arguments have one sign on ``x > 0``."""
    found = on_cell(t, Cell(), lambda region, term: term)
    return t if found is None else found
