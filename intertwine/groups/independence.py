"""Which exp-log constants are known to be linearly independent over the algebraic numbers.

Used to show that something is *not* rational, so only theorems count:

- Baker: 1, pi and logarithms of algebraic numbers that are independent over the rationals
  are independent over the algebraic numbers;
- Hermite-Lindemann and Gelfond-Schneider: pi, log(p), and exp(m) for an algebraic multiple m != 0 of 1, pi or
  log(p) that is not a rational multiple of log(p), are transcendental, so different powers of one are independent;
- Nesterenko: pi and exp(pi*sqrt(d)), d a positive rational, are algebraically independent.

References
----------
A. Baker, "Transcendental Number Theory", Cambridge 1975, theorems 1.4 and 2.1.
Yu. Nesterenko, "Modular functions and transcendence questions", Sbornik: Mathematics 187 (1996) 1319-1348,
doi:10.1070/SM1996v187n09ABEH000158.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

import sympy as sp

from intertwine.groups.balls import enclose
from intertwine.groups.forms import UNIT, Form, Monomial, exponent_of, form_to_sympy
from intertwine.groups.heights import height

Commensurability = Callable[[object, object], Fraction | None]


def split(monomial: Monomial) -> tuple[Monomial, Monomial]:
    """The algebraic and the transcendental (or unknown) atoms of a monomial."""
    algebraic = frozenset((a, e) for a, e in monomial if height(a) is not None)
    return algebraic, monomial - algebraic


def by_transcendentals(form: Form) -> dict[Monomial, sp.Expr]:
    """A form as a combination of transcendental monomials with algebraic coefficients."""
    groups: dict[Monomial, dict[Monomial, Fraction]] = {}
    for monomial, c in form.items():
        algebraic, rest = split(monomial)
        groups.setdefault(rest, {})[algebraic] = c
    return {rest: form_to_sympy(part) for rest, part in groups.items()}


def independent(monomials: Iterable[Monomial], commensurable: Commensurability) -> bool:
    """Whether real constants are *known* to be linearly independent over the algebraic numbers.

    Parameters
    ----------
    monomials : iterable of Monomial
        Different products of transcendental atoms.
    commensurable : callable
        Decides multiplicative dependence of two algebraic numbers.
    """
    keys = _without_common_factor(list(monomials))
    if len(keys) <= 1:
        return True
    return _baker(keys, commensurable) or one_variable(keys) or _nesterenko(keys)


def _without_common_factor(keys: list[Monomial]) -> set[Monomial]:
    tables = [dict(k) for k in keys]
    atoms = {a for t in tables for a in t}
    shared = {a: min(t.get(a, Fraction(0)) for t in tables) for a in atoms}
    reduced = ({a: t.get(a, Fraction(0)) - shared[a] for a in atoms} for t in tables)
    return {frozenset((a, e) for a, e in t.items() if e) for t in reduced}


def _baker(keys: set[Monomial], commensurable: Commensurability) -> bool:
    arguments: list[sp.Expr] = []
    for key in keys - {UNIT}:
        if len(key) != 1:
            return False
        [(atom, e)] = key
        if e != 1 or not (atom == sp.pi or _is_log_of_algebraic(atom)):
            return False
        if atom != sp.pi:
            arguments.append(atom.args[0])
    # pi = -i log(-1), and the real logarithms do not meet i*pi*Q, so only they have to be independent.
    if all(isinstance(a, sp.Integer) for a in arguments):
        return True  # different primes
    if len(arguments) == 1:
        return True
    return len(arguments) == 2 and commensurable(arguments[0], arguments[1]) is None


def _is_log_of_algebraic(atom: sp.Expr) -> bool:
    """Whether this is log(a) for an algebraic a that is certainly not 1."""
    if not isinstance(atom, sp.log) or height(atom.args[0]) is None:
        return False
    ball = enclose(atom, 256)
    return bool(ball > 0 or ball < 0)


def one_variable(keys: set[Monomial]) -> bool:
    """Whether monomials are different powers of one number known to be transcendental."""
    atoms = {a for key in keys for a, _ in key}
    return len(atoms) == 1 and _known_transcendental(atoms.pop())


def _nesterenko(keys: set[Monomial]) -> bool:
    atoms = {a for key in keys for a, _ in key}
    if len(atoms) != 2 or sp.pi not in atoms:
        return False
    [other] = atoms - {sp.pi}
    exponent = exponent_of(other)
    if exponent is None:
        return False
    factor = (exponent / sp.pi) ** 2
    return isinstance(factor, sp.Rational) and factor > 0


def _known_transcendental(atom: sp.Expr) -> bool:
    if atom == sp.pi or atom == sp.E or _is_log_of_algebraic(atom):
        return True
    exponent = exponent_of(atom)
    if exponent is None:
        return False
    # The exponent is one monomial; rational multiples of log(p) have become powers of p before this.
    factors = sp.Mul.make_args(exponent)
    unknown = [f for f in factors if height(f) is None]
    if len(unknown) != 1 or unknown[0] == sp.pi:
        return len(unknown) <= 1
    # Gelfond-Schneider asks for an irrational coefficient; roots of primes are irrational at sight.
    roots = [f for f in factors if isinstance(f, sp.Pow) and isinstance(f.base, sp.Integer)]
    return _is_log_of_algebraic(unknown[0]) and len(factors) == 2 and len(roots) == 1
