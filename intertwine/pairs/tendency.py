"""What an activation does far out: it has a limit, or oscillates, or grows; kept by affine maps on both sides."""

from __future__ import annotations

from dataclasses import dataclass

from intertwine.calculus.asymptotics import FLAT, Growth
from intertwine.calculus.differentiate import NoDerivative, differentiate
from intertwine.solve.oscillation import leading
from intertwine.terms import Term, apply, rebuild


@dataclass(frozen=True)
class Tendency:
    """One end of an activation.

    Attributes
    ----------
    kind : str
        "limit" (finite), "oscillating" (bounded, without a limit) or "unbounded".
    oscillates : bool
        The function, or its difference from its limit, is a definable germ times something without a limit: then it
        is definable in no o-minimal structure.
    decay : tuple or None
        For a function with limit 0 the size of it (exponents of ``x`` and so on), if that is exact.
    never_periodic : bool
        The second derivative cannot be a periodic function other than a constant one.
    """

    kind: str
    oscillates: bool
    decay: Growth | None
    never_periodic: bool


def tendency(core: Term) -> Tendency | None:
    """What a core term does as ``x -> oo``, or None.

    Notes
    -----
    If the second derivative of ``s`` had a period ``P``, then ``s(t + P) - s(t)`` would be affine. When ``s`` has a
    finite limit this difference tends to 0, so it is 0, and ``s`` is periodic with a limit, hence constant. When the
    second derivative is unbounded it is not periodic, being continuous.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> [tendency(parse_term(text)).kind for text in ("sinc(x)", "x*cos(x)", "sin(x)")]
    ['limit', 'unbounded', 'oscillating']
    """
    plain = _without_sinc(core)
    found = leading(plain)
    if found is None:
        return None
    moving = found.wave in ("drifting", "log")
    if found.growth < FLAT:
        return Tendency("limit", moving, found.growth if found.wave is not None else None, True)
    if found.wave is None:
        return None
    if found.growth == FLAT:
        return Tendency("oscillating" if moving else "limit", moving, None, not moving)
    return Tendency("unbounded", moving, None, _second_unbounded(plain))


def _second_unbounded(plain: Term) -> bool:
    try:
        second = leading(differentiate(differentiate(plain)))
    except NoDerivative:
        return False
    return second is not None and second.wave is not None and second.growth > FLAT


def _without_sinc(t: Term) -> Term:
    memo: dict[Term, Term] = {}
    for node in t.walk():
        args = tuple(memo[a] for a in node.args)
        memo[node] = apply("sin", args[0]) / args[0] if node.op == "sinc" else rebuild(node, args)
    return memo[t]
