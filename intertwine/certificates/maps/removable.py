"""Removable singularities of rational parts of an expression, filled in: what the map *means*, for solver and check.

``(x1**2 - x2**2)/(x1 - x2)`` is x1 + x2 also where x1 = x2, and ``sin(u)/u`` is 1 where u = 0, for a polynomial u that
is not constant. Only rational functions of the variables are treated: the zeros of a polynomial contain no open set, so
the quotient in lowest terms is the one continuous extension. Everything else keeps its literal domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from intertwine.certificates.maps.functions import place
from intertwine.terms import Term, add, apply, mul, num, power, rebuild

MOST = 6
STEEPEST = 24
LONGEST = 400


@dataclass(frozen=True)
class Ratio:
    """A quotient of polynomials in lowest terms, and the polynomials that a literal reading divides by."""

    top: fmpq_mpoly
    bottom: fmpq_mpoly
    below: tuple[fmpq_mpoly, ...]

    @property
    def constant(self) -> bool:
        """Whether it is a number where it is defined, and it is defined everywhere in a literal reading."""
        return not self.below and bool(self.bottom.is_constant()) and (self.top.is_zero() or self.top.is_constant())

    @property
    def removable(self) -> bool:
        """Whether the literal expression is undefined at points where the quotient in lowest terms is not."""
        return any(not divmod(self.bottom, q)[1].is_zero() for p in self.below for q, _ in p.factor()[1])


def filled(t: Term) -> Term:
    """The expression with removable singularities of its rational parts filled in; itself if there are none.

    Parts that are constant, such as ``x1 - x1``, become numbers: no sign of them is a case.

    Examples
    --------
    >>> from intertwine.certificates.maps.functions import read
    >>> filled(read("(x1**2 - x2**2)/(x1 - x2)", 2)), filled(read("sin(x1*x2)/(x1*x2)", 2))
    (x1 + x2, sinc(x1*x2))
    >>> filled(read("log(x1)/log(x1)", 1))
    log(x1)/log(x1)
    """
    rational: dict[Term, Ratio | None] = {}
    result: dict[Term, Term] = {}
    for node in t.walk():
        rational[node] = known = _rational(node, rational)
        if known is not None and (known.removable or (node.args and known.constant)):
            result[node] = _quotient(known)
        elif node.op in ("Abs", "sign") and (value := result[node.args[0]].value) is not None:
            result[node] = num(abs(value) if node.op == "Abs" else (value > 0) - (value < 0))
        elif node.args:
            args = tuple(result[a] for a in node.args)
            result[node] = _with_sinc(node, rational, args) if node.op == "mul" else rebuild(node, args)
        else:
            result[node] = node
    return result[t]


def polynomial_of(t: Term) -> fmpq_mpoly | None:
    """The polynomial that an expression is, with rational coefficients; None if it is none."""
    rational: dict[Term, Ratio | None] = {}
    for node in t.walk():
        rational[node] = _rational(node, rational)
    known = rational[t]
    return known.top if known is not None and known.bottom.is_one() else None


@cache
def _ring() -> Any:
    return fmpq_mpoly_ctx.get([f"x{k + 1}" for k in range(MOST)], Ordering.degrevlex)


def _rational(node: Term, known: dict[Term, Ratio | None]) -> Ratio | None:
    ring = _ring()
    one = ring.constant(1)
    j = place(node)
    if j is not None:
        return Ratio(ring.gens()[j], one, ()) if j < MOST else None
    if node.value is not None:
        return Ratio(ring.constant(fmpq(node.value.numerator, node.value.denominator)), one, ())
    if node.op not in ("add", "mul", "pow"):
        return None
    parts = [known[a] for a in (node.args[:1] if node.op == "pow" else node.args)]
    if any(p is None for p in parts):
        return None
    own = [p for p in parts if p is not None]
    below = tuple(b for p in own for b in p.below)
    if node.op == "pow":
        e = node.args[1].value
        if e is None or e.denominator != 1 or abs(e) > STEEPEST:
            return None
        top, bottom, k = own[0].top, own[0].bottom, int(e)
        if k < 0:
            if top.is_zero():
                return None
            if not top.is_constant():
                below = (*below, top)
            top, bottom, k = bottom, top, -k
        return _small(top, bottom, below, k)
    top, bottom = own[0].top, own[0].bottom
    for p in own[1:]:
        if node.op == "mul":
            top, bottom = top * p.top, bottom * p.bottom
        else:
            top, bottom = top * p.bottom + p.top * bottom, bottom * p.bottom
        if len(top) > LONGEST or len(bottom) > LONGEST:
            return None
    return _small(top, bottom, below, 1)


def _small(top: fmpq_mpoly, bottom: fmpq_mpoly, below: tuple[fmpq_mpoly, ...], k: int) -> Ratio | None:
    degree = 0 if top.is_zero() else int(top.total_degree())
    if k * max(degree, int(bottom.total_degree())) > STEEPEST or max(len(top), len(bottom)) ** k > LONGEST**2:
        return None
    top, bottom = top**k, bottom**k
    if top.is_zero():
        return Ratio(top, _ring().constant(1), below)
    common = top.gcd(bottom)
    return Ratio(divmod(top, common)[0], divmod(bottom, common)[0], below)


def _quotient(known: Ratio) -> Term:
    top = _polynomial(known.top)
    return top if known.bottom.is_one() else mul(top, power(_polynomial(known.bottom), num(-1)))


def _polynomial(p: fmpq_mpoly) -> Term:
    parts = []
    for monomial, c in p.to_dict().items():
        factors = [power(Term(f"x{k + 1}"), num(int(d))) for k, d in enumerate(monomial) if d]
        value = fmpq(c)
        parts.append(mul(num(int(value.p), int(value.q)), *factors))
    return add(*parts) if parts else num(0)


def _with_sinc(node: Term, rational: dict[Term, Ratio | None], args: tuple[Term, ...]) -> Term:
    """A product with ``sin(u)`` and 1/u in it, for a polynomial u that is not constant."""
    for i, sine in enumerate(node.args):
        if sine.op != "sin" or (u := rational[sine.args[0]]) is None or not u.bottom.is_one() or u.top.is_constant():
            continue
        others = [a for k, a in enumerate(node.args) if k != i and rational[a] is not None]
        total: Ratio | None = Ratio(_ring().constant(1), _ring().constant(1), ())
        for a in others:
            total = None if total is None else _product(total, rational[a])
        if total is None or not divmod(total.bottom, u.top)[1].is_zero():
            continue
        rest = [b for k, b in enumerate(args) if k != i and rational[node.args[k]] is None]
        left = Ratio(total.top, divmod(total.bottom, u.top)[0], ())
        return mul(_quotient(left), apply("sinc", args[i].args[0]), *rest)
    return rebuild(node, args)


def _product(a: Ratio, b: Ratio | None) -> Ratio | None:
    return None if b is None else _small(a.top * b.top, a.bottom * b.bottom, (*a.below, *b.below), 1)

