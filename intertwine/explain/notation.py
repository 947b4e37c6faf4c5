"""Activations and answers in LaTeX, without SymPy's printer (which can evaluate what it prints)."""

from __future__ import annotations

import re

from intertwine.errors import ExpressionError
from intertwine.groups import Character
from intertwine.groups.family import GroupFamily
from intertwine.parsing import parse_term
from intertwine.solve.linear import Solution
from intertwine.terms import Term

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_OWN = frozenset({"exp", "log", "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "coth"})
_NAMES = {
    "asin": "arcsin", "acos": "arccos", "atan": "arctan", "sign": "sgn", "LambertW": "W", "gamma": r"\Gamma",
    "besselj": "J", "bessely": "Y", "besseli": "I", "airyai": r"\mathrm{Ai}", "airybi": r"\mathrm{Bi}",
}  # fmt: skip
_RELATIONS = {"lt": "<", "le": r"\le", "eq": "=", "ne": r"\ne"}
_CONNECTIVES = {"and": r" \wedge ", "or": r" \vee "}
LARGEST = 400
_ARGUMENT = re.compile(r"\ba\b")
_VARIABLE = re.compile(r"\bx\b")
_SCALARS = {"trivial": r"\{1\}", "sign": r"\{\pm 1\}", "positive": r"\mathbb{R}_{>0}", "nonzero": r"\mathbb{R}^*"}


def latex(solution: Solution) -> str:
    """The answer in one line of mathematics, as notebooks show it.

    Parameters
    ----------
    solution : Solution
        What :func:`intertwine.solve.linear.solve_linear` found.

    Returns
    -------
    str
        LaTeX between dollar signs: the activation, the group and its map φ.

    Examples
    --------
    >>> from intertwine.solve.linear import solve_linear
    >>> from intertwine.terms import X
    >>> print(latex(solve_linear(X**2)))
    $\\sigma(x) = x^{2}:\\quad G_\\sigma = \\mathbb{R}^* \\wr \\mathrm{Sym}(n),\\quad \\phi(P\\,\\mathrm{diag}(d_i)) = \
P\\,\\mathrm{diag}(\\chi(d_i)),\\quad \\chi(a) = a^{2}$
    """
    function = r"\sigma(x) = " + term_latex(solution.activation)
    if solution.status == "exact":
        answer = r"G_\sigma = " + _family(solution.lower) + _image(solution.lower)
    else:
        answer = _family(solution.lower) + r" \le G_\sigma \le " + _family(solution.upper)
    return f"${function}:\\quad {answer}$"


def _family(group: GroupFamily) -> str:
    if group.kind in ("general linear", "unit row sums"):
        return group.latex()
    data = group.scalars.to_json()
    if data["type"] == "trivial":
        return r"\mathrm{Sym}(n)"
    scalars = _SCALARS.get(data["type"])
    if scalars is None:
        sign = r"\pm" if data["type"] == "sign-cyclic" else ""
        scalars = sign + rf"\langle {_constant(data['generator'])} \rangle"
    return scalars + r" \wr \mathrm{Sym}(n)"


def _image(group: GroupFamily) -> str:
    if not group.unique:
        return ""
    if group.kind in ("general linear", "unit row sums"):
        return r",\quad \phi(A) = A"
    if group.scalars.type == "trivial":
        return r",\quad \phi(P) = P"
    rule = r",\quad \phi(P\,\mathrm{diag}(d_i)) = P\,\mathrm{diag}(\chi(d_i)),\quad "
    return rule + character_latex(group.character)


def character_latex(chi: Character) -> str:
    """χ as an equation.

    Examples
    --------
    >>> from intertwine.groups import POSITIVE
    >>> print(character_latex(Character(POSITIVE, 2)))
    \\chi(a) = a^{2}
    """
    data = chi.to_json()
    if isinstance(data, str):
        return rf"\chi(a) = {_written(_ARGUMENT.sub('x', data), 'a')}"
    values = [rf"\chi({_constant(data['generator'])}) = {_constant(data['value'])}"]
    return r",\ ".join(values + ([rf"\chi(-1) = {data['minus_one']}"] if "minus_one" in data else []))


def _constant(number: str) -> str:
    return _written(number, "x")


def _written(expression: str, variable: str) -> str:
    """Text in LaTeX; numbers beyond the bounds of the language are left as they are."""
    try:
        return term_latex(parse_term(expression), variable)
    except ExpressionError:
        return rf"\text{{{_VARIABLE.sub(variable, expression)}}}"


def term_latex(term: Term, variable: str = "x") -> str:
    """A term as LaTeX.

    Examples
    --------
    >>> from intertwine.terms import X, apply
    >>> print(term_latex(apply("Max", X, X**2) / 2))
    \\frac{\\max(x, x^{2})}{2}
    """
    if term.size > LARGEST:
        return rf"\text{{(an expression of {term.size} symbols)}}"
    memo: dict[Term, tuple[str, int]] = {}
    for node in term.walk():
        memo[node] = _render(node, memo, variable)
    return memo[term][0]


def _wrap(item: tuple[str, int], level: int) -> str:
    return item[0] if item[1] >= level else rf"\left({item[0]}\right)"


def _number(node: Term) -> tuple[str, int]:
    value = node.value
    assert value is not None
    digits = str(abs(value.numerator))
    body = digits if value.denominator == 1 else rf"\frac{{{digits}}}{{{value.denominator}}}"
    if value < 0:
        return f"-{body}", _SUM
    return body, _ATOM if value.denominator == 1 else _PRODUCT


def _render(node: Term, memo: dict[Term, tuple[str, int]], variable: str) -> tuple[str, int]:
    op, args = node.op, [memo[a] for a in node.args]
    if node.value is not None:
        return _number(node)
    atoms = {"x": variable, "pi": r"\pi", "E": "e", "true": r"\text{true}", "false": r"\text{false}"}
    if op in atoms:
        return atoms[op], _ATOM
    if op == "add":
        return _sum(args)
    if op == "mul":
        return _product(node, memo)
    if op == "pow":
        return _power(node, memo)
    if op in _RELATIONS:
        return f"{args[0][0]} {_RELATIONS[op]} {args[1][0]}", _SUM
    if op in _CONNECTIVES:
        return _CONNECTIVES[op].join(rf"\left({a[0]}\right)" for a in args), _SUM
    if op == "not":
        return rf"\neg\left({args[0][0]}\right)", _SUM
    if op == "piecewise":
        rows = [rf"{v[0]} & {c[0]}" for v, c in zip(args[::2], args[1::2], strict=True)]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}", _ATOM
    return _function(op, [a[0] for a in args])


def _sum(args: list[tuple[str, int]]) -> tuple[str, int]:
    text = args[0][0]
    for body, _ in args[1:]:
        text += f" - {body[1:]}" if body.startswith("-") else f" + {body}"
    return text, _SUM


def _product(node: Term, memo: dict[Term, tuple[str, int]]) -> tuple[str, int]:
    """Factors with negative exponents and denominators go under one fraction bar."""
    sign = ""
    above: list[tuple[str, int]] = []
    below: list[tuple[str, int]] = []
    for factor in node.args:
        if factor.value is not None:
            sign = "-" if factor.value < 0 else ""
            if abs(factor.value.numerator) != 1:
                above.append((str(abs(factor.value.numerator)), _ATOM))
            if factor.value.denominator != 1:
                below.append((str(factor.value.denominator), _ATOM))
        elif factor.op == "pow" and (e := factor.args[1].value) is not None and e < 0:
            inverse = Term("pow", (factor.args[0], Term("num", (), -e)))
            below.append(memo[factor.args[0]] if e == -1 else _power(inverse, memo))
        else:
            above.append(memo[factor])
    top, bottom = _joined(above, bool(below)) or "1", _joined(below, True)
    body = rf"\frac{{{top}}}{{{bottom}}}" if below else top
    return sign + body, _SUM if sign else _PRODUCT


def _joined(factors: list[tuple[str, int]], under_bar: bool) -> str:
    """A product; a sum that stands alone above or under a fraction bar needs no brackets."""
    if len(factors) == 1 and under_bar:
        return factors[0][0]
    return r" \, ".join(_wrap(f, _PRODUCT) for f in factors)


def _power(node: Term, memo: dict[Term, tuple[str, int]]) -> tuple[str, int]:
    base, exponent = node.args
    value = exponent.value
    if value is not None and value < 0:
        inverse = base if value == -1 else Term("pow", (base, Term("num", (), -value)))
        return rf"\frac{{1}}{{{(memo[base] if value == -1 else _power(inverse, memo))[0]}}}", _PRODUCT
    if value is not None and value.numerator == 1 and value.denominator == 2:
        return rf"\sqrt{{{memo[base][0]}}}", _ATOM
    shown = memo[exponent][0] if value is None else str(value)
    return rf"{_wrap(memo[base], _ATOM)}^{{{shown}}}", _POWER


def _function(op: str, args: list[str]) -> tuple[str, int]:
    if op == "exp":
        return rf"e^{{{args[0]}}}", _POWER
    if op == "Abs":
        return rf"\left|{args[0]}\right|", _ATOM
    if op in ("floor", "ceiling"):
        side = "floor" if op == "floor" else "ceil"
        return rf"\left\l{side} {args[0]} \right\r{side}", _ATOM
    if op == "cbrt":
        return rf"\sqrt[3]{{{args[0]}}}", _ATOM
    if op == "Mod":
        return rf"\left({args[0]} \bmod {args[1]}\right)", _ATOM
    if op in ("Max", "Min"):
        return rf"\{op.lower()}({', '.join(args)})", _ATOM
    if op in ("besselj", "bessely", "besseli"):
        return rf"{_NAMES[op]}_{{{args[0]}}}({args[1]})", _ATOM
    name = _NAMES.get(op, op)
    if op in _OWN or name in ("arcsin", "arccos", "arctan"):
        name = rf"\{name}" if name not in ("sech", "csch") else rf"\mathrm{{{name}}}"
    elif not name.startswith("\\") and len(name) > 1:
        name = rf"\mathrm{{{name}}}"
    return rf"{name}({', '.join(args)})", _ATOM
