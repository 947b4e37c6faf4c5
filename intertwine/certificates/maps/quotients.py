"""An independent normal form: fractions of sums of monomials in atoms with rational exponents.

Atoms are the variables, exponentials ``exp(m)`` of monomials, logarithms, sines and cosines of monomials, positive
quantities under fractional powers, and unknown functions. The rules hold wherever both sides are defined, so a fraction
that reduces to zero is the zero function.
"""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

from intertwine.certificates.maps.functions import At, place
from intertwine.terms import Term

Monomial = tuple[tuple[Any, Fraction], ...]
Sum = dict[Monomial, Fraction]
LARGEST = 6000


class TooHard(Exception):
    """The expression is outside of the normal form."""


class Quotient:
    """A numerator and a denominator."""

    __slots__ = ("top", "bottom")

    def __init__(self, top: Sum, bottom: Sum | None = None) -> None:
        self.top = top
        self.bottom: Sum = {(): Fraction(1)} if bottom is None else bottom

    @property
    def key(self) -> str:
        """Equal keys mean equal functions."""
        return repr((_sorted(self.top), _sorted(self.bottom)))


def _sorted(s: Sum) -> list[Any]:
    return sorted(((repr(m), c) for m, c in s.items()), key=lambda item: item[0])


class Forms:
    """Normal forms of smooth expressions; the deadline keeps them finite."""

    def __init__(self, end: float) -> None:
        self.end = end
        self.memo: dict[Term, Quotient] = {}
        self.bases: dict[str, Sum] = {}

    # -- sums --------------------------------------------------------------------------------
    def product(self, a: Sum, b: Sum) -> Sum:
        """The product of two sums, with the relations applied."""
        if len(a) * len(b) > 40 * LARGEST:
            raise TooHard
        if time.monotonic() > self.end:
            raise TimeoutError
        result: Sum = {}
        for m, c in a.items():
            for k, d in b.items():
                for q, e in self._joined(m, k).items():
                    result[q] = result.get(q, Fraction(0)) + c * d * e
        result = {m: c for m, c in result.items() if c}
        if len(result) > LARGEST:
            raise TooHard
        return result

    def _joined(self, m: Monomial, k: Monomial) -> Sum:
        powers: dict[Any, Fraction] = dict(m)
        for atom, e in k:
            powers[atom] = powers.get(atom, Fraction(0)) + e
        return self._related({a: e for a, e in powers.items() if e})

    def _related(self, powers: dict[Any, Fraction]) -> Sum:
        powers = {a: e for a, e in powers.items() if e}
        for atom, e in powers.items():
            if atom[0] == "sin" and e >= 2:  # sin² = 1 - cos²
                rest = dict(powers)
                rest[atom] = e - 2
                cosine = ("cos", atom[1])
                more = dict(rest)
                more[cosine] = more.get(cosine, Fraction(0)) + 2
                return _sum(self._related({a: x for a, x in rest.items() if x}), self._related(more), Fraction(-1))
            if atom[0] == "base" and e >= 1:  # a whole power of a quantity is the quantity itself
                whole = e.numerator // e.denominator
                rest = {a: x for a, x in powers.items() if a != atom}
                if e != whole:
                    rest[atom] = e - whole
                result = self._related(rest)
                for _ in range(whole):
                    result = self.product(result, self.bases[atom[1]])
                return result
        return {tuple(sorted(powers.items(), key=lambda item: repr(item[0]))): Fraction(1)}

    def times(self, a: Quotient, b: Quotient) -> Quotient:
        """The product."""
        return Quotient(self.product(a.top, b.top), _below(a.bottom, b.bottom))

    def plus(self, a: Quotient, b: Quotient) -> Quotient:
        """The sum, over the least common multiple of the two monomials below."""
        if a.bottom == b.bottom:
            return Quotient(_sum(a.top, b.top), a.bottom)
        left, right = dict(_only(a.bottom)), dict(_only(b.bottom))
        common = {atom: max(left.get(atom, Fraction(0)), right.get(atom, Fraction(0))) for atom in {**left, **right}}
        tops = []
        for own, top in ((left, a.top), (right, b.top)):
            missing = {atom: e - own.get(atom, Fraction(0)) for atom, e in common.items()}
            tops.append(self.product(top, {_monomial(missing): Fraction(1)}))
        return Quotient(_sum(tops[0], tops[1]), {_monomial(common): Fraction(1)})

    def inverted(self, a: Quotient) -> Quotient:
        """The inverse: a sum of several monomials becomes one quantity below the bar."""
        if not a.top:
            raise TooHard
        common, rest, content = _primitive(a.top)
        below = dict(common)
        if len(rest) > 1:
            key = repr(_sorted(rest))
            self.bases[key] = rest
            below["base", key] = below.get(("base", key), Fraction(0)) + 1
        above = {atom: -e for atom, e in below.items() if e < 0}
        for atom, e in _only(a.bottom):
            above[atom] = above.get(atom, Fraction(0)) + e
        top = self.product({_monomial(above): 1 / content}, {(): Fraction(1)})
        return Quotient(top, {_monomial({atom: e for atom, e in below.items() if e > 0}): Fraction(1)})

    def zero(self, t: Term) -> bool:
        """Whether a smooth expression reduces to zero."""
        return not self.of(t).top

    # -- expressions ---------------------------------------------------------------------------
    def of(self, t: Term) -> Quotient:
        """The normal form of a smooth expression."""
        if t not in self.memo:
            self.memo[t] = self._of(t)
        return self.memo[t]

    def _of(self, t: Term) -> Quotient:
        if t.value is not None:
            return Quotient({(): t.value} if t.value else {})
        if not t.args:
            return self.exp(Quotient({(): Fraction(1)})) if t.op == "E" else _atom((t.op,))
        if t.op in ("add", "mul"):
            total = self.of(t.args[0])
            for a in t.args[1:]:
                total = (self.plus if t.op == "add" else self.times)(total, self.of(a))
            return total
        if t.op == "pow":
            return self._pow(t)
        u = self.of(t.args[0])
        if t.op == "Abs":
            value = At([]).of(t.args[0]) if not any(place(node) is not None for node in t.walk()) else None
            if value is None or not value != 0:
                raise TooHard
            return u if value > 0 else _scaled(u, Fraction(-1))
        if t.op == "exp":
            return self.exp(u)
        if t.op == "log":
            return self.log(u)
        if t.op in ("sin", "cos"):
            return self._turn(u)[t.op == "cos"]
        if t.op == "tan":
            sine, cosine = self._turn(u)
            return self.times(sine, self.inverted(cosine))
        if t.op in ("sinh", "cosh", "tanh", "coth", "sech", "csch"):
            return self._hyperbolic(t.op, u)
        if t.op in ("erf", "atan", "asinh", "asin", "atanh", "cbrt", "sinc"):
            return self._odd(t.op, u)
        if t.op == "erfc":
            return self.plus(Quotient({(): Fraction(1)}), _scaled(self._odd("erf", u), Fraction(-1)))
        raise TooHard

    def _odd(self, name: str, u: Quotient) -> Quotient:
        if not u.top:
            return Quotient({(): Fraction(1)}) if name == "sinc" else u
        minus = _scaled(u, Fraction(-1))
        if minus.key < u.key:
            return _scaled(_atom((name, minus.key)), Fraction(1 if name == "sinc" else -1))
        return _atom((name, u.key))

    def _hyperbolic(self, name: str, u: Quotient) -> Quotient:
        e, f = self.exp(u), self.exp(_scaled(u, Fraction(-1)))
        sinh = _scaled(self.plus(e, _scaled(f, Fraction(-1))), Fraction(1, 2))
        cosh = _scaled(self.plus(e, f), Fraction(1, 2))
        top = {"sinh": sinh, "tanh": sinh, "cosh": cosh, "coth": cosh}.get(name, Quotient({(): Fraction(1)}))
        bottom = {"tanh": cosh, "coth": sinh, "sech": cosh, "csch": sinh}.get(name)
        return top if bottom is None else self.times(top, self.inverted(bottom))

    def _whole(self, u: Quotient) -> Sum:
        """A fraction whose denominator is one monomial, as a sum."""
        m = _only(u.bottom)
        if any(a[0] == "base" and e.denominator == 1 for a, e in m):
            raise TooHard
        return self.product(u.top, {tuple((a, -e) for a, e in m): Fraction(1)})

    def exp(self, u: Quotient) -> Quotient:
        """The exponential."""
        try:
            parts = self._whole(u)
        except TooHard:
            lead = next(iter(u.top.values()))
            return _power_atom(("exp", _scaled(u, 1 / lead).key), lead)
        total = Quotient({(): Fraction(1)})
        for m, c in parts.items():
            if len(m) == 1 and m[0][0][0] == "log" and m[0][1] == 1:
                total = self.times(total, _power_atom(("base", m[0][0][1]), c))
                total = Quotient(self.product(total.top, {(): Fraction(1)}), total.bottom)
            else:
                total = self.times(total, _power_atom(("exp", m), c))
        return total

    def log(self, u: Quotient) -> Quotient:
        """The logarithm of the absolute value."""
        total = Quotient({})
        for part, sign in ((u.top, 1), (u.bottom, -1)):
            total = self.plus(total, _scaled(self._log(part), Fraction(sign)))
        return total

    def _log(self, s: Sum) -> Quotient:
        if not s:
            raise TooHard
        common, rest, content = _primitive(s)
        total = self._log_number(content)
        for atom, e in common:
            if atom[0] == "exp" and isinstance(atom[1], tuple):
                total = self.plus(total, Quotient({atom[1]: e}))
            elif atom[0] == "base":
                total = self.plus(total, _scaled(_atom(("log", atom[1])), e))
            else:
                total = self.plus(total, _scaled(self._log_of({((atom, Fraction(1)),): Fraction(1)}), e))
        return total if len(rest) == 1 else self.plus(total, self._log_of(rest))

    def _log_number(self, c: Fraction) -> Quotient:
        total = Quotient({})
        for n, sign in ((c.numerator, 1), (c.denominator, -1)):
            for p, k in _primes(abs(n)).items():
                total = self.plus(total, _scaled(self._log_of({(): Fraction(p)}), Fraction(sign * k)))
        return total

    def _log_of(self, s: Sum) -> Quotient:
        key = repr(_sorted(s))
        self.bases[key] = s
        return _atom(("log", key))

    def _pow(self, t: Term) -> Quotient:
        u, e = self.of(t.args[0]), t.args[1].value
        if e is None:
            return self.exp(self.times(self.of(t.args[1]), self.log(u)))
        if e.denominator == 1:
            base = u if e > 0 else self.inverted(u)
            if abs(e) > 64:
                raise TooHard
            total = Quotient({(): Fraction(1)})
            for _ in range(abs(int(e))):
                total = self.times(total, base)
            return total
        return self.times(self._root(u.top, e), self._root(u.bottom, -e))

    def _root(self, s: Sum, e: Fraction) -> Quotient:
        """A power of a positive sum."""
        if not s:
            return Quotient({})
        common, rest, content = _primitive(s)
        total = Quotient({(): Fraction(1)})
        for n, sign in ((content.numerator, 1), (content.denominator, -1)):
            for p, k in _primes(abs(n)).items():
                total = self.times(total, self._based({(): Fraction(p)}, e * k * sign))
        # Only quantities that are positive leave the root; the sign of a variable is not known.
        kept: Sum = {(): Fraction(1 if content > 0 else -1)}
        for atom, own in common:
            if atom[0] in ("exp", "base"):
                total = self.times(total, Quotient(self._related({atom: own * e})))
            else:
                kept = self.product(kept, {((atom, own),): Fraction(1)})
        kept = self.product(kept, rest)
        if kept != {(): Fraction(1)}:
            total = self.times(total, self._based(kept, e))
        return total

    def _based(self, s: Sum, e: Fraction) -> Quotient:
        key = repr(_sorted(s))
        self.bases[key] = s
        whole = e.numerator // e.denominator
        result = Quotient({((("base", key), e - whole),): Fraction(1)} if e != whole else {(): Fraction(1)})
        factor = Quotient(s) if whole > 0 else self.inverted(Quotient(s))
        for _ in range(abs(whole)):
            result = self.times(result, factor)
        return result

    def _turn(self, u: Quotient) -> tuple[Quotient, Quotient]:
        """Sine and cosine, by the addition theorems over the monomials of the argument."""
        sine, cosine = Quotient({}), Quotient({(): Fraction(1)})
        for m, c in self._whole(u).items():
            if c.denominator != 1 or abs(c) > 12:
                raise TooHard
            s, k = _atom(("sin", m)), _atom(("cos", m))
            s = s if c > 0 else _scaled(s, Fraction(-1))
            for _ in range(abs(int(c))):
                sine, cosine = (self.plus(self.times(sine, k), self.times(cosine, s)),
                                self.plus(self.times(cosine, k), _scaled(self.times(sine, s), Fraction(-1))))
        return sine, cosine


def _atom(name: Any) -> Quotient:
    return Quotient({((name, Fraction(1)),): Fraction(1)})


def _power_atom(name: Any, e: Fraction) -> Quotient:
    return Quotient({((name, e),): Fraction(1)})


def _scaled(a: Quotient, c: Fraction) -> Quotient:
    return Quotient({m: c * v for m, v in a.top.items()}, a.bottom)


def _only(bottom: Sum) -> Monomial:
    """The monomial below the bar."""
    ((m, _),) = bottom.items()
    return m


def _monomial(powers: dict[Any, Fraction]) -> Monomial:
    return tuple(sorted(((a, e) for a, e in powers.items() if e), key=lambda item: repr(item[0])))


def _below(a: Sum, b: Sum) -> Sum:
    powers = dict(_only(a))
    for atom, e in _only(b):
        powers[atom] = powers.get(atom, Fraction(0)) + e
    return {_monomial(powers): Fraction(1)}


def _sum(a: Sum, b: Sum, factor: Fraction = Fraction(1)) -> Sum:
    result = dict(a)
    for m, c in b.items():
        result[m] = result.get(m, Fraction(0)) + factor * c
    return {m: c for m, c in result.items() if c}


def _primitive(s: Sum) -> tuple[Monomial, Sum, Fraction]:
    """A common monomial, the rest with leading coefficient 1, and that coefficient."""
    atoms = {a for m in s for a, _ in m}
    common = []
    for a in sorted(atoms, key=repr):
        low = min(dict(m).get(a, Fraction(0)) for m in s)
        if low:
            common.append((a, low))
    taken = dict(common)
    rest: Sum = {}
    for m, c in s.items():
        powers = {a: e - taken.get(a, Fraction(0)) for a, e in {**{a: Fraction(0) for a in taken}, **dict(m)}.items()}
        rest[tuple(sorted(((a, e) for a, e in powers.items() if e), key=lambda item: repr(item[0])))] = c
    lead = rest[min(rest, key=repr)]
    return tuple(common), {m: c / lead for m, c in rest.items()}, lead


def _primes(n: int) -> dict[int, int]:
    result: dict[int, int] = {}
    p = 2
    while p * p <= n and p < 10_000:
        while n % p == 0:
            result[p] = result.get(p, 0) + 1
            n //= p
        p += 1
    if n > 1:
        result[n] = result.get(n, 0) + 1
    return result
