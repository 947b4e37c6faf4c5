"""The border to SymPy: its expressions become terms, and terms become its expressions.

Inside the package nothing is computed with SymPy, whose automatic rewriting forgets domains
(``sqrt(x)**2`` becomes ``x``). SymPy is imported when a function here is called, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

from intertwine.errors import ExpressionError
from intertwine.terms.bounds import MAX_DEPTH, MAX_DIGITS, Bounds
from intertwine.terms.term import FALSE, ONE, PI, TRUE, ZERO, E, Term, X, add, apply, mul, num, piecewise, power

__all__ = ["from_callable", "from_sympy", "to_sympy"]

_SHOWN = 40
# Functions with one meaning on both sides, under one name.
_SAME = tuple(
    "exp log sin cos tan cot sec csc asin acos atan acot asec acsc sinh cosh tanh coth sech csch "
    "asinh acosh atanh acoth asech acsch erf erfc sinc gamma loggamma airyai airybi Si Ci "
    "fresnels fresnelc Abs sign floor ceiling frac Mod Max Min LambertW besselj bessely besseli Heaviside".split(" ")
)
_RELATIONS = {"lt": "StrictLessThan", "le": "LessThan", "eq": "Equality", "ne": "Unequality"}
_CONNECTIVES = {"and": "And", "or": "Or", "not": "Not"}
# What a symbol may not be assumed to be: SymPy has then already rewritten for that case.
_ASSUMPTIONS = ("positive", "negative", "nonnegative", "nonpositive", "zero", "integer", "rational", "irrational")


def from_sympy(expression: Any, parameters: Mapping[Any, Term] | None = None) -> Term:
    """Read a SymPy expression in at most one symbol, taken to be real.

    Parameters
    ----------
    expression
        A SymPy expression or one-variable ``Lambda``, or a Python number. The symbol may
        have any name, and no assumption but being real. A ``Float`` is the decimal it
        prints as: ``Float(0.1)`` is one tenth.
    parameters
        Symbols that are not the variable, and what they stand for.

    Returns
    -------
    Term
        The expression in ``x``.

    Raises
    ------
    ExpressionError
        If a part has no real meaning or is not in the language; the part is shown.

    Examples
    --------
    >>> import sympy as sp
    >>> t = sp.Symbol("t", real=True)
    >>> from_sympy(t * sp.erf(t) + sp.Max(0, t))
    x*erf(x) + Max(0, x)
    >>> from_sympy(sp.zeta(t))
    Traceback (most recent call last):
        ...
    intertwine.errors.ExpressionError: zeta is not a function of the language, in zeta(t)
    """
    import sympy

    if isinstance(expression, bool | complex) or not isinstance(expression, int | float | Fraction | sympy.Basic):
        raise ExpressionError(f"a SymPy expression is needed, not {type(expression).__name__}")
    if isinstance(expression, int | float | Fraction):
        return _python_number(expression)
    if isinstance(expression, sympy.Lambda) and len(expression.variables) == 1:
        expression = expression.expr
    try:
        return _Importer(sympy, parameters or {}).number(expression, 1)
    except RecursionError:
        raise ExpressionError("a SymPy expression nested too deep for the stack it is read on") from None


def from_callable(function: Callable[..., Any]) -> Term:
    """Read a function of SymPy expressions by calling it on a real symbol.

    Raises
    ------
    ExpressionError
        If it fails on a symbol, as functions of ``math`` and ``numpy`` do, or returns
        something that is no expression in the language.

    Examples
    --------
    >>> import sympy as sp
    >>> from_callable(lambda t: t * sp.tanh(t))
    x*tanh(x)
    """
    import sympy

    try:
        value = function(sympy.Symbol("x", real=True))
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        hint = "write it with sympy's functions (sympy.Max, sympy.exp, sympy.Piecewise)"
        raise ExpressionError(f"the callable fails on a SymPy symbol ({_shorten(reason, 90)}); {hint}") from error
    if not isinstance(value, int | float | Fraction | sympy.Basic) or isinstance(value, bool):
        raise ExpressionError(f"the callable returns {type(value).__name__}, not a SymPy expression")
    return from_sympy(value)


def to_sympy(term: Term, symbol: Any = None) -> Any:
    """A term as an evaluated SymPy expression, to be shown or lambdified.

    SymPy simplifies as it builds, so the natural domain may grow; the real cube root
    becomes ``sign(u)*Abs(u)**(1/3)``.

    Parameters
    ----------
    term
        A term, of numbers or a condition.
    symbol
        The SymPy symbol (or expression) to stand for ``x``; ``Symbol("x", real=True)`` if None.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> to_sympy(apply("cbrt", X) + X / 2)
    x/2 + Abs(x)**(1/3)*sign(x)
    """
    import sympy

    variable = sympy.Symbol("x", real=True) if symbol is None else symbol
    memo: dict[Term, Any] = {}
    for node in term.walk():
        memo[node] = _export(sympy, node, [memo[a] for a in node.args], variable)
    return memo[term]


def _export(sympy: Any, node: Term, args: list[Any], variable: Any) -> Any:
    op = node.op
    if node.value is not None:
        return sympy.Rational(node.value.numerator, node.value.denominator)
    if op == "x":
        return variable
    if node.is_parameter:
        return sympy.Symbol(op[1:], real=True)
    atoms = {"pi": sympy.pi, "E": sympy.E, "true": sympy.true, "false": sympy.false}
    if op in atoms:
        return atoms[op]
    if op == "cbrt":
        return sympy.sign(args[0]) * sympy.Abs(args[0]) ** sympy.Rational(1, 3)
    if op == "piecewise":
        return sympy.Piecewise(*zip(args[::2], args[1::2], strict=True))
    arithmetic = {"add": "Add", "mul": "Mul", "pow": "Pow"}
    return getattr(sympy, ({**arithmetic, **_RELATIONS, **_CONNECTIVES}).get(op, op))(*args)


def _python_number(value: int | float | Fraction) -> Term:
    if isinstance(value, float):
        if value != value or value in (float("inf"), -float("inf")):
            raise ExpressionError(f"{value} is not a real number")
        return num(Fraction(repr(float(value))))
    return num(Fraction(int(value)) if isinstance(value, int) else value)


@lru_cache(maxsize=1)
def _heads() -> dict[Any, str]:
    """SymPy's classes and the operations they stand for."""
    import sympy

    names = {"Add": "add", "Mul": "mul"} | {name: name for name in _SAME}
    names |= {name: op for op, name in (_RELATIONS | _CONNECTIVES).items()}
    return {getattr(sympy, name): op for name, op in names.items()}


class _Importer:
    """Reads one expression: remembers its symbol and measures what is built."""

    def __init__(self, sympy: Any, parameters: Mapping[Any, Term]) -> None:
        self.sympy, self.parameters = sympy, parameters
        self.symbol: Any = None
        self.bounds = Bounds()

    def fail(self, problem: str, expression: Any) -> ExpressionError:
        return ExpressionError(f"{problem}, in {_show(self.sympy, expression)}")

    def number(self, expression: Any, depth: int) -> Term:
        term = self.read(expression, depth)
        if term.is_condition:
            raise self.fail("a condition where a number is expected", expression)
        return term

    def condition(self, expression: Any, depth: int) -> Term:
        term = self.read(expression, depth)
        if not term.is_condition:
            raise self.fail("a number where a condition is expected", expression)
        return term

    def read(self, expression: Any, depth: int) -> Term:
        if depth > MAX_DEPTH:
            raise ExpressionError(f"a SymPy expression nested more than {MAX_DEPTH} deep")
        atom = self.atom(expression)
        term = self.compound(expression, depth + 1) if atom is None else atom
        problem = self.bounds.problem(term)
        if problem is not None:
            raise self.fail(problem, expression)
        return term

    def atom(self, e: Any) -> Term | None:
        sympy = self.sympy
        if isinstance(e, sympy.Symbol):
            return self.variable(e)
        if isinstance(e, sympy.Rational):
            return num(Fraction(int(e.p), int(e.q)))
        if isinstance(e, sympy.Float):
            return self.decimal(e)
        known = {sympy.pi: PI, sympy.E: E, sympy.true: TRUE, sympy.false: FALSE}
        if e in known:
            return known[e]
        if e == sympy.GoldenRatio:
            return (1 + power(num(5), num(1, 2))) / 2
        if e.is_Atom:
            raise self.fail("this is not a real number of the language", e)
        return None

    def variable(self, symbol: Any) -> Term:
        if symbol in self.parameters:
            return self.parameters[symbol]
        if self.symbol is None:
            assumed = [name for name in _ASSUMPTIONS if getattr(symbol, f"is_{name}") is not None]
            if symbol.is_real is False or assumed:
                what = "is not real" if symbol.is_real is False else f"has an assumption about being {assumed[0]}"
                raise ExpressionError(f'the symbol {symbol} {what}; use Symbol("{symbol}", real=True)')
            self.symbol = symbol
        elif symbol != self.symbol:
            same = f", with different assumptions: use one Symbol({symbol.name!r}, real=True)"
            hint = same if symbol.name == self.symbol.name else "; an activation has one variable"
            raise ExpressionError(f"two symbols, {self.symbol} and {symbol}{hint}")
        return X

    def decimal(self, e: Any) -> Term:
        # Its size first: SymPy may print a large one digit by digit.
        large = self.sympy.Integer(10) ** MAX_DIGITS
        if not e.is_finite or (e != 0 and not 1 / large < abs(e) < large):
            raise ExpressionError(f"a Float of more than {MAX_DIGITS} digits")
        return num(Fraction(str(e)))

    def compound(self, e: Any, depth: int) -> Term:
        sympy, head = self.sympy, type(e)
        if isinstance(e, sympy.Pow):
            return power(self.number(e.base, depth), self.number(e.exp, depth))
        if isinstance(e, sympy.Piecewise):
            branches = ((self.number(p.expr, depth), self.condition(p.cond, depth)) for p in e.args)
            return piecewise(*branches)
        if isinstance(e, sympy.ITE):
            test, yes, no = (self.condition(a, depth) for a in e.args)
            return apply("or", apply("and", test, yes), apply("and", apply("not", test), no))
        if isinstance(e, sympy.Xor):
            return reduce(_exclusive, (self.condition(a, depth) for a in e.args))
        if isinstance(e, sympy.re | sympy.im | sympy.conjugate):
            return self.part(e, depth)
        if isinstance(e, sympy.UnevaluatedExpr):
            return self.number(e.args[0], depth)
        if isinstance(e, sympy.GreaterThan | sympy.StrictGreaterThan):
            e = e.reversed
            head = type(e)
        op = _heads().get(head)
        if op is None:
            hint = "; evaluate it with .doit() first" if isinstance(e, sympy.Integral | sympy.Derivative) else ""
            raise self.fail(f"{head.__name__} is not a function of the language{hint}", e)
        read = self.condition if op in _CONNECTIVES else self.number
        return self.build(e, op, [read(a, depth) for a in e.args])

    def build(self, e: Any, op: str, args: list[Term]) -> Term:
        if op in ("add", "mul"):
            return (add if op == "add" else mul)(*args)
        if op == "Heaviside":
            return _heaviside(*args)
        if op in ("besselj", "bessely", "besseli") and args[0].value is None:
            raise self.fail("the order of a Bessel function must be a rational number", e)
        if op == "LambertW" and len(args) == 2:
            if args[1] != ZERO:
                raise self.fail("only the principal branch of LambertW is a function of the language", e)
            args = args[:1]
        return apply(op, *args)

    def part(self, e: Any, depth: int) -> Term:
        """``re``, ``im`` and ``conjugate`` of what is real whenever the symbol is."""
        inner = e.args[0]
        real = {s: self.sympy.Symbol(s.name, real=True) for s in inner.free_symbols}
        if not inner.xreplace(real).is_real:
            raise self.fail("a part of something that may not be real", e)
        term = self.number(inner, depth)
        return mul(ZERO, term) if isinstance(e, self.sympy.im) else term


def _exclusive(a: Term, b: Term) -> Term:
    return apply("or", apply("and", a, apply("not", b)), apply("and", apply("not", a), b))


def _heaviside(u: Term, at_zero: Term | None = None) -> Term:
    if at_zero is None or at_zero.value == Fraction(1, 2):
        return apply("Heaviside", u)
    return piecewise((ZERO, apply("lt", u, ZERO)), (at_zero, apply("eq", u, ZERO)), (ONE, TRUE))


def _show(sympy: Any, e: Any) -> str:
    for count, _ in enumerate(sympy.preorder_traversal(e)):
        if count > 60:
            return f"{type(e).__name__}(...)"
    try:
        return _shorten(" ".join(str(e).split()), _SHOWN)
    except ValueError:  # an integer beyond what Python agrees to print
        return type(e).__name__


def _shorten(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 3] + "..."
