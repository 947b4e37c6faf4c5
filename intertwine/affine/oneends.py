"""What one end of the line says at once of all elements of T."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from intertwine.affine.ends import far_out
from intertwine.affine.subject import Subject
from intertwine.calculus.asymptotics import LOG, NOTHING, Growth
from intertwine.terms import Term


@dataclass(frozen=True)
class End:
    """The leading behaviour of ``s'`` at one end, seen in a form of it.

    A drifting wave, or a growth beyond all powers, leaves no ``|a| != 1`` ("rigid"); a constant wave of power growth
    only
    a one-parameter group ("unless power").  ``of`` is "derivative", or "value" when the behaviour is that of ``s``
    itself,
    which then tends to infinity faster than a logarithm: in ``s(at + c) = b s(t) + d`` the ``d`` does not matter.
    """

    side: int
    wave: str
    pure_power: bool
    lead: Term
    form: Term
    beyond: bool
    start: Fraction
    of: str = "derivative"

    @property
    def rigid(self) -> bool:
        """Whether no element of T has ``|a| != 1``."""
        return self.wave == "drifting" or (self.wave == "constant" and self.beyond)

    @property
    def unless_power(self) -> bool:
        """Whether a dilation in T makes this side a power or logarithm."""
        return self.wave == "constant" and not self.beyond


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
    if slope is not None and slope.wave is not None and slope.lead is not None and slope.growth != NOTHING:
        return End(side, slope.wave, _pure(slope.growth), slope.lead, slope.form, slope.growth[0] != 0, slope.start)
    value = None if far is None else far.value
    if far is None or value is None or value.wave not in ("constant", "drifting") or value.lead is None:
        return None
    if value.growth <= LOG or (value.wave == "constant" and value.growth[0] < 0):
        return None
    return End(side, value.wave, _pure(value.growth), value.lead, far.term, value.growth[0] != 0, far.start, "value")


def _pure(growth: Growth) -> bool:
    return growth[0] == growth[2] == growth[3] == 0
