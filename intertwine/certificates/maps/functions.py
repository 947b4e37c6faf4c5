"""Functions of several variables for the checker: reading, evaluation in balls, smooth branches, derivatives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from flint import arb, fmpq

from intertwine.errors import CertificateError
from intertwine.parsing.reader import Reader
from intertwine.parsing.scan import Refusal
from intertwine.terms import ONE, PI, ZERO, Term, add, apply, mul, num, power, rebuild
from intertwine.terms.bounds import Bounds


class Unclear(Exception):
    """Balls do not decide."""


class Outside(Exception):
    """The function is undefined there."""


def read(text: object, n: int) -> Term:
    """An expression in ``x1`` ... ``xn``."""
    if not isinstance(text, str):
        raise CertificateError("an expression is text")
    names = {f"x{j + 1}": Term(f"x{j + 1}") for j in range(n)}
    try:
        return Reader(text, {**names, "x": Term("x")}, Bounds()).read()
    except (Refusal, RecursionError, KeyError):
        raise CertificateError(f"an expression that cannot be read: {text[:40]!a}") from None


def place(t: Term) -> int | None:
    """The index of a variable."""
    return int(t.op[1:]) - 1 if not t.args and t.op[0] == "x" and t.op[1:].isdigit() else None


def replaced(t: Term, values: Mapping[int, Term]) -> Term:
    """Variables replaced by terms."""
    memo: dict[Term, Term] = {}
    for node in t.walk():
        j = place(node)
        memo[node] = values[j] if j is not None else (
            rebuild(node, tuple(memo[a] for a in node.args)) if node.args else node
        )
    return memo[t]


_PLAIN: dict[str, Callable[[arb], arb]] = {
    "exp": lambda u: u.exp(), "sin": lambda u: u.sin(), "cos": lambda u: u.cos(), "tan": lambda u: u.tan(),
    "sinh": lambda u: u.sinh(), "cosh": lambda u: u.cosh(), "tanh": lambda u: u.tanh(), "atan": lambda u: u.atan(),
    "asinh": lambda u: u.asinh(), "erf": lambda u: u.erf(), "erfc": lambda u: 1 - u.erf(), "sinc": lambda u: u.sinc(),
    "Abs": abs, "coth": lambda u: u.coth(), "sech": lambda u: u.sech(), "csch": lambda u: u.csch(),
    "cot": lambda u: u.cot(), "sec": lambda u: u.sec(), "csc": lambda u: u.csc(),
}  # fmt: skip


class At:
    """Values at one point."""

    def __init__(self, point: Sequence[Fraction] | Sequence[arb]) -> None:
        self.point = [arb(fmpq(c.numerator, c.denominator)) if isinstance(c, Fraction) else c for c in point]
        self.memo: dict[Term, arb] = {}

    def of(self, t: Term) -> arb:
        """The value; :class:`Outside` or :class:`Unclear`."""
        if t not in self.memo:
            value = self._of(t)
            if not value.is_finite():
                raise Unclear
            self.memo[t] = value
        return self.memo[t]

    def _of(self, t: Term) -> arb:
        j = place(t)
        if j is not None:
            return self.point[j]
        if t.value is not None:
            return arb(fmpq(t.value.numerator, t.value.denominator))
        if t.op in ("pi", "E"):
            return arb.pi() if t.op == "pi" else arb(1).exp()
        if t.op == "piecewise":
            return self.of(self.branch(t))
        args = [self.of(a) for a in t.args]
        if t.op in ("add", "mul"):
            total = args[0]
            for a in args[1:]:
                total = total + a if t.op == "add" else total * a
            return total
        if t.op == "pow":
            return self._pow(t, args[0], args[1])
        if t.op in ("Max", "Min"):
            best = args[0]
            for a in args[1:]:
                best = best.max(a) if t.op == "Max" else best.min(a)
            return best
        u = args[0]
        if t.op in ("sign", "Heaviside"):
            s = 1 if u > 0 else -1 if u < 0 else 0 if u == 0 else None
            if s is None:
                raise Unclear
            return arb(s) if t.op == "sign" else (arb(s) + 1) / 2
        if t.op == "log":
            _inside(u > 0, u <= 0)
            return u.log()
        if t.op in ("asin", "acos", "atanh"):
            _inside(abs(u) < 1, abs(u) > 1)
            return {"asin": u.asin, "acos": u.acos, "atanh": u.atanh}[t.op]()
        if t.op == "cbrt":
            if u == 0:  # a ball without radius: a branch that is zero
                return arb(0)
            _inside(u != 0, False)
            return u.root(3) if u > 0 else -((-u).root(3))
        if t.op not in _PLAIN:
            raise CertificateError(f"the check does not know {t.op} of several variables")
        return _PLAIN[t.op](u)

    def _pow(self, t: Term, u: arb, e: arb) -> arb:
        r = t.args[1].value
        if r is not None and r.denominator == 1:
            _inside(r >= 0 or u != 0, r < 0 and u == 0)
            return u ** int(r)
        if r is not None and r > 0 and u == 0:
            return arb(0)
        _inside(u > 0, u < 0)
        return (e * u.log()).exp()

    def branch(self, t: Term) -> Term:
        """The branch of a piecewise function that holds at the point."""
        for value, condition in zip(t.args[::2], t.args[1::2], strict=True):
            if self.holds(condition):
                return value
        raise Outside

    def holds(self, c: Term) -> bool:
        """A condition at the point, where it is strict."""
        if c.op in ("true", "false"):
            return c.op == "true"
        if c.op == "not":
            return not self.holds(c.args[0])
        if c.op in ("and", "or"):
            return all(map(self.holds, c.args)) if c.op == "and" else any(map(self.holds, c.args))
        d = self.of(c.args[0]) - self.of(c.args[1])
        if not d != 0:
            raise Unclear
        return {"lt": bool(d < 0), "le": bool(d < 0), "eq": False, "ne": True}[c.op]

    def smooth(self, t: Term) -> Term:
        """The expression without breaks that the term is near the point."""
        if not t.args:
            return t
        if t.op == "piecewise":
            return self.smooth(self.branch(t))
        if t.op in ("Max", "Min"):
            for a in t.args:
                others = [b for b in t.args if b != a]
                if all((self.of(a) > self.of(b)) if t.op == "Max" else (self.of(a) < self.of(b)) for b in others):
                    return self.smooth(a)
            raise Unclear
        args = tuple(self.smooth(a) for a in t.args)
        if t.op in ("Abs", "sign", "Heaviside"):
            u = self.of(t.args[0])
            if not u != 0:
                raise Unclear
            s = 1 if u > 0 else -1
            return mul(num(s), args[0]) if t.op == "Abs" else num(s) if t.op == "sign" else num(max(s, 0))
        if t.op == "cbrt" and args[0].value == 0 or (
                t.op == "pow" and args[0].value == 0 and args[1].value is not None and args[1].value > 0):
            return ZERO  # a root of a branch that is zero
        return rebuild(t, args)


def _inside(yes: object, no: object) -> None:
    if not yes:
        raise Outside if no else Unclear


def _over(u: Term) -> Term:
    return power(u, num(-1))


_SLOPES: dict[str, Callable[[Term], Term]] = {
    "exp": lambda u: apply("exp", u), "log": _over, "sin": lambda u: apply("cos", u),
    "cos": lambda u: mul(num(-1), apply("sin", u)), "tan": lambda u: 1 + power(apply("tan", u), num(2)),
    "sinh": lambda u: apply("cosh", u), "cosh": lambda u: apply("sinh", u),
    "tanh": lambda u: 1 - power(apply("tanh", u), num(2)), "atan": lambda u: _over(1 + u**2),
    "asinh": lambda u: power(1 + u**2, num(-1, 2)), "asin": lambda u: power(1 - u**2, num(-1, 2)),
    "acos": lambda u: mul(num(-1), power(1 - u**2, num(-1, 2))), "atanh": lambda u: _over(1 - u**2),
    "erf": lambda u: mul(num(2), power(PI, num(-1, 2)), apply("exp", mul(num(-1), u**2))),
    "erfc": lambda u: mul(num(-2), power(PI, num(-1, 2)), apply("exp", mul(num(-1), u**2))),
    "cbrt": lambda u: mul(num(1, 3), apply("cbrt", u), _over(u)),
    "sinc": lambda u: (apply("cos", u) - apply("sinc", u)) / u,
}  # fmt: skip


def slope(t: Term, j: int) -> Term:
    """The derivative of a smooth expression with respect to one variable."""
    memo: dict[Term, Term] = {}
    for node in t.walk():
        memo[node] = _slope(node, j, memo)
    return memo[t]


def _slope(t: Term, j: int, memo: dict[Term, Term]) -> Term:
    if not t.args:
        return ONE if place(t) == j else ZERO
    if all(memo[a].value == 0 for a in t.args):
        return ZERO
    if t.op == "add":
        return add(*(memo[a] for a in t.args))
    if t.op == "mul":
        return add(*(mul(*(memo[b] if k == i else b for k, b in enumerate(t.args)))
                     for i, a in enumerate(t.args) if memo[a].value != 0))
    if t.op == "pow":
        u, e = t.args
        if memo[e].value == 0:
            return mul(e, power(u, e - 1), memo[u])
        return mul(t, memo[e] * apply("log", u) + e * memo[u] / u)
    if t.op not in _SLOPES:
        raise CertificateError(f"the check cannot differentiate {t.op}")
    return mul(_SLOPES[t.op](t.args[0]), memo[t.args[0]])
