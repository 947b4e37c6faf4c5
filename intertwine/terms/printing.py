"""Terms as text that the parser reads back."""

from __future__ import annotations

from fractions import Fraction

from intertwine.terms.term import Term

_RELATION = {"lt": "<", "le": "<=", "eq": "Eq", "ne": "Ne"}
_SUM, _PRODUCT, _UNARY, _POWER, _ATOM = range(5)


def to_text(term: Term) -> str:
    """Python syntax for a term, read back by :func:`intertwine.parsing.parse_term`.

    Examples
    --------
    >>> from intertwine.terms import X, apply, num, to_text
    >>> to_text(num(1, 2) * X * (1 + apply("erf", X / num(2) ** num(1, 2))))
    'x*(erf(x/sqrt(2)) + 1)/2'
    """
    memo: dict[Term, tuple[str, int]] = {}
    for node in term.walk():
        memo[node] = _render(node, memo)
    return memo[term][0]


def _wrap(item: tuple[str, int], level: int) -> str:
    return item[0] if item[1] >= level else f"({item[0]})"


def _number(value: Fraction) -> tuple[str, int]:
    text = str(value)
    if value < 0:
        return text, _SUM
    return text, _ATOM if value.denominator == 1 else _PRODUCT


def _render(node: Term, memo: dict[Term, tuple[str, int]]) -> tuple[str, int]:
    op, args = node.op, [memo[a] for a in node.args]
    if node.value is not None:
        return _number(node.value)
    if node.is_parameter:
        return op[1:], _ATOM
    if op in ("true", "false"):
        return op.capitalize(), _ATOM
    if not node.args:  # x, further variables, and named constants
        return op, _ATOM
    if op == "add":
        return _sum(node, args)
    if op == "mul":
        return _product(node, memo)
    if op == "pow":
        return _power(node, args)
    if op in ("lt", "le"):
        sign = _RELATION[op]
        return f"{_wrap(args[0], _SUM)} {sign} {_wrap(args[1], _SUM)}", _SUM - 1
    if op in ("eq", "ne"):
        return f"{_RELATION[op]}({args[0][0]}, {args[1][0]})", _ATOM
    if op in ("and", "or"):
        sign = " & " if op == "and" else " | "
        return sign.join(f"({a[0]})" for a in args), _SUM - 1
    if op == "not":
        return f"~({args[0][0]})", _ATOM
    if op == "piecewise":
        pairs = zip(args[::2], args[1::2], strict=True)
        return "Piecewise(" + ", ".join(f"({v[0]}, {c[0]})" for v, c in pairs) + ")", _ATOM
    return f"{op}({', '.join(a[0] for a in args)})", _ATOM


def _sum(node: Term, args: list[tuple[str, int]]) -> tuple[str, int]:
    if args[0][0].startswith("-") and node.args[-1].value is not None and node.args[-1].value > 0:
        args = [args[-1], *args[:-1]]  # 1 - x rather than -x + 1; a literal is read back as last
    text = ""
    for item in args:
        part = _wrap(item, _SUM)
        if not text:
            text = part
        elif part.startswith("-"):
            text += " - " + part[1:]
        else:
            text += " + " + part
    return text, _SUM


def _product(node: Term, memo: dict[Term, tuple[str, int]]) -> tuple[str, int]:
    sign, above, below = "", [], []
    for index, factor in enumerate(node.args):
        if factor.value is not None and index == 0:
            if factor.value < 0:
                sign = "-"
            value = abs(factor.value)
            if value.numerator != 1 or value == 0:
                above.append(str(value.numerator))
            if value.denominator != 1:
                below.append(str(value.denominator))
        elif factor.op == "pow" and (e := factor.args[1].value) is not None and e < 0:
            below.append(_wrap(_inverse(factor, memo[factor.args[0]]), _POWER))
        else:
            above.append(_wrap(memo[factor], _PRODUCT if not above and not sign else _UNARY))
    text = "*".join(above) or "1"
    if len(below) == 1:
        text += "/" + below[0]
    elif below:
        text += "/(" + "*".join(below) + ")"
    return sign + text, _SUM if sign else _PRODUCT


def _power(node: Term, args: list[tuple[str, int]]) -> tuple[str, int]:
    exponent = node.args[1].value
    if exponent == Fraction(1, 2):
        return f"sqrt({args[0][0]})", _ATOM
    if exponent is not None and exponent < 0:
        return f"1/{_wrap(_inverse(node, args[0]), _POWER)}", _PRODUCT
    shown = args[1][0] if args[1][1] == _ATOM else f"({args[1][0]})"
    return f"{_wrap(args[0], _ATOM)}**{shown}", _POWER


def _inverse(node: Term, base: tuple[str, int]) -> tuple[str, int]:
    """What stands under the fraction bar for a power with a negative literal exponent."""
    exponent = node.args[1].value
    assert exponent is not None
    if exponent == -1:
        return base
    return _power(Term("pow", (node.args[0], Term("num", (), -exponent))), [base, _number(-exponent)])
