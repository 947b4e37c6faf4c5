"""From Python's syntax tree to a term, by whitelist."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache

from intertwine.activations import Activation, activation_names, find_activation
from intertwine.parsing.functions import CONNECTIVES, CONSTANTS, FUNCTIONS, RELATIONS, Function
from intertwine.parsing.scan import Refusal, scan
from intertwine.terms import Term, add, apply, mul, neg, num, piecewise, power
from intertwine.terms.bounds import MAX_SIZE, Bounds

_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Lt: "Lt", ast.LtE: "Le", ast.Gt: "Gt", ast.GtE: "Ge", ast.Eq: "Eq", ast.NotEq: "Ne",
}  # fmt: skip


@lru_cache(maxsize=512)
def syntax(text: str) -> ast.expr:
    """The syntax tree of a text that passes :func:`scan`.

    Raises
    ------
    Refusal
        If it is not one expression.
    """
    line = scan(text)
    indent = len(line) - len(line.lstrip())
    try:
        tree = ast.parse(line.strip(), mode="eval").body
    except SyntaxError as error:
        start = min(indent + max((error.offset or 1) - 1, 0), len(line.rstrip()) - 1)
        end = indent + (error.end_offset or 1) - 1
        raise Refusal("not an expression", start, max(end, start + 1)) from None
    except (ValueError, RecursionError, MemoryError):
        raise Refusal("nesting too deep", 0, len(text)) from None
    for node in ast.walk(tree):
        if indent and isinstance(node, ast.expr):
            node.col_offset += indent
            node.end_col_offset = (node.end_col_offset or 0) + indent
    return tree


class Reader:
    """Reads one text, with its names bound to terms."""

    def __init__(self, text: str, names: Mapping[str, Term], bounds: Bounds) -> None:
        self._text, self._names, self._bounds = text, names, bounds

    def read(self) -> Term:
        """The term the text stands for.

        Raises
        ------
        Refusal
            If it is not in the language, too large, or a condition.
        """
        tree = syntax(self._text)
        if isinstance(tree, ast.Name) and tree.id not in self._names and tree.id not in CONSTANTS:
            return self._bare(tree)
        return self._number(tree)

    def read_condition(self) -> Term:
        """The condition the text stands for.

        Raises
        ------
        Refusal
            If it is not in the language, too large, or a number.
        """
        return self._condition(syntax(self._text))

    def _refuse(self, node: ast.expr, problem: str, hint: str = "") -> Refusal:
        return Refusal(problem, node.col_offset, node.end_col_offset or node.col_offset + 1, hint)

    def _checked(self, node: ast.expr, term: Term) -> Term:
        problem = self._bounds.problem(term)
        if problem is not None:
            raise self._refuse(node, problem)
        return term

    def _number(self, node: ast.expr) -> Term:
        term = self._read(node)
        if term.is_condition:
            raise self._refuse(
                node, "a condition where a number is expected", "write Piecewise((value, condition), ...) or Heaviside"
            )
        return term

    def _condition(self, node: ast.expr) -> Term:
        term = self._read(node)
        if not term.is_condition:
            hint = "write a comparison such as x > 0"
            if "&" in self._text or "|" in self._text:
                hint = "put each comparison in brackets: (x > 0) & (x < 1)"
            raise self._refuse(node, "a number where a condition is expected", hint)
        return term

    def _read(self, node: ast.expr) -> Term:
        if isinstance(node, ast.BinOp):
            return self._binary(node)
        if isinstance(node, ast.Call):
            return self._checked(node, self._call(node))
        if isinstance(node, ast.Name):
            return self._name(node)
        if isinstance(node, ast.Constant):
            return self._literal(node)
        if isinstance(node, ast.UnaryOp):
            return self._checked(node, self._unary(node))
        if isinstance(node, ast.Compare):
            return self._comparison(node)
        if isinstance(node, ast.BoolOp):
            op = "and" if isinstance(node.op, ast.And) else "or"
            return self._checked(node, apply(op, *(self._condition(value) for value in node.values)))
        if isinstance(node, ast.Tuple):
            raise self._refuse(node, "a pair outside Piecewise", "write Piecewise((value, condition), ...)")
        raise self._refuse(node, "not part of the language")

    def _literal(self, node: ast.Constant) -> Term:
        if isinstance(node.value, bool):
            return CONSTANTS[str(node.value)]
        if not isinstance(node.value, int | float):
            raise self._refuse(node, "not a real number")
        # From the text, not from the float: 0.1 is exactly one tenth.
        return self._checked(node, num(Fraction(self._text[node.col_offset : node.end_col_offset])))

    def _name(self, node: ast.Name) -> Term:
        if node.id in self._names:
            return self._names[node.id]
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if _known(node.id):
            raise self._refuse(node, "a function without its argument", f"write {node.id}(x)")
        raise self._refuse(node, "an unknown name", _suggestion(node.id) or f"the variable is {self._variable()}")

    def _variable(self) -> str:
        """The variable by the name that it was given, which stands beside ``x``."""
        return [name for name, meaning in self._names.items() if meaning == self._names["x"]][-1]

    def _bare(self, node: ast.Name) -> Term:
        """A name as the whole text: that function of the variable."""
        function = FUNCTIONS.get(node.id)
        if function is not None and function.fewest == 1:
            return self._checked(node, self._build(node, function, [self._names["x"]]))
        activation = find_activation(node.id)
        if activation is None:
            return self._name(node)
        return self._expand(node, activation, self._names["x"], {})

    def _unary(self, node: ast.UnaryOp) -> Term:
        if isinstance(node.op, ast.Not | ast.Invert):
            return apply("not", self._condition(node.operand))
        operand = self._number(node.operand)
        return neg(operand) if isinstance(node.op, ast.USub) else operand

    def _binary(self, node: ast.BinOp) -> Term:
        if isinstance(node.op, ast.Pow):
            return self._checked(node, power(self._number(node.left), self._number(node.right)))
        # A chain of operators of one rank leans to the left and may be long: walk it, do not recurse.
        for ranks, join in (((ast.Add, ast.Sub), add), ((ast.Mult, ast.Div), mul)):
            if isinstance(node.op, ranks):
                return self._chain(node, ranks, self._number, join)
        for rank, op in ((ast.BitAnd, "and"), (ast.BitOr, "or")):
            if isinstance(node.op, rank):
                return self._chain(node, (rank,), self._condition, lambda *args, op=op: apply(op, *args))
        raise self._refuse(node, "an operator the language does not have")

    def _chain(
        self,
        node: ast.BinOp,
        ranks: tuple[type[ast.operator], ...],
        read: Callable[[ast.expr], Term],
        join: Callable[..., Term],
    ) -> Term:
        items: list[Term] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ranks):
            item = read(left.right)
            if isinstance(left.op, ast.Sub):
                item = neg(item)
            elif isinstance(left.op, ast.Div):
                item = self._checked(left, _inverse(item))
            items.append(item)
            left = left.left
        items.append(read(left))
        problem = self._bounds.literals_problem(items)
        if problem is not None:
            raise self._refuse(node, problem)
        return self._checked(node, join(*reversed(items)))

    def _comparison(self, node: ast.Compare) -> Term:
        values = [self._number(value) for value in (node.left, *node.comparators)]
        links = []
        for sign, left, right in zip(node.ops, values, values[1:], strict=False):
            if type(sign) not in _SIGNS:
                raise self._refuse(node, "a comparison the language does not have")
            links.append(self._checked(node, RELATIONS[_SIGNS[type(sign)]].build(left, right)))
        return self._checked(node, CONNECTIVES["And"].build(*links))

    def _call(self, node: ast.Call) -> Term:
        if not isinstance(node.func, ast.Name):
            raise self._refuse(node, "a call of something that is not a function name", "write * for a product")
        name = node.func.id
        if name in self._names or name in CONSTANTS:
            raise self._refuse(node, "a call of something that is not a function", f"write {name}*(...) for a product")
        if name == "Piecewise":
            return self._piecewise(node)
        for table, read in ((RELATIONS, self._number), (CONNECTIVES, self._condition)):
            if name in table:
                return self._apply(node, name, table[name], read)
        function = FUNCTIONS.get(name)
        activation = find_activation(name)
        # A name with both meanings, sin(x) and sin(x, omega), is the activation when it has parameters.
        plain = activation is None or not activation.parameters
        if function is not None and (plain or len(node.args) <= function.fewest and not node.keywords):
            return self._apply(node, name, function, self._number)
        if activation is not None:
            return self._activation(node, activation)
        raise self._refuse(node.func, "an unknown function", _suggestion(name))

    def _apply(self, node: ast.Call, name: str, function: Function, read: Callable[[ast.expr], Term]) -> Term:
        if node.keywords:
            raise self._refuse(node, f"{name} takes no named arguments")
        if len(node.args) < function.fewest or (function.most is not None and len(node.args) > function.most):
            raise self._refuse(node, f"{name} takes {function.arity}, not {len(node.args)}")
        args, size = [], 0
        for arg in node.args:
            args.append(read(arg))
            size += args[-1].size
            if size > MAX_SIZE:  # before thousands of activations are written out
                raise self._refuse(node, f"arguments of more than {MAX_SIZE} parts once written out")
        return self._build(node, function, args)

    def _build(self, node: ast.expr, function: Function, args: list[Term]) -> Term:
        try:
            return function.build(*args)
        except ValueError as error:
            raise self._refuse(node, str(error)) from None

    def _piecewise(self, node: ast.Call) -> Term:
        shape = "write Piecewise((value, condition), ..., (value, True))"
        if node.keywords or not node.args:
            raise self._refuse(node, "a Piecewise without branches", shape)
        branches = []
        for arg in node.args:
            if not isinstance(arg, ast.Tuple) or len(arg.elts) != 2:
                raise self._refuse(arg, "a branch that is not a pair", shape)
            branches.append((self._number(arg.elts[0]), self._condition(arg.elts[1])))
        return piecewise(*branches)

    def _activation(self, node: ast.Call, activation: Activation) -> Term:
        allowed = list(activation.parameters)
        takes = f"{activation.name} takes x" + "".join(f", {name}" for name in allowed)
        if not 1 <= len(node.args) <= 1 + len(allowed):
            raise self._refuse(node, f"{takes}, not {len(node.args)} arguments without a name")
        given = dict(zip(allowed, node.args[1:], strict=False))
        for item in node.keywords:
            if item.arg is None or item.arg not in allowed or item.arg in given:
                raise self._refuse(item.value, f"a named argument that does not fit: {takes}")
            given[item.arg] = item.value
        parameters = {}
        for name, value in given.items():
            parameters[name] = self._number(value)
            if parameters[name].has_x:
                raise self._refuse(value, f"{name} of {activation.name} must be a constant")
        return self._expand(node, activation, self._number(node.args[0]), parameters)

    def _expand(self, node: ast.expr, activation: Activation, argument: Term, parameters: Mapping[str, Term]) -> Term:
        try:
            return expand(activation, argument, parameters, self._bounds)
        except Refusal as refusal:
            raise self._refuse(node, f"{refusal.problem} (in {activation.name})") from None


def expand(activation: Activation, argument: Term, parameters: Mapping[str, Term], bounds: Bounds) -> Term:
    """The expression of a catalogue entry at an argument, with some parameters given."""
    names = {"x": argument, **{name: num(value) for name, value in activation.parameters.items()}, **parameters}
    return Reader(activation.expression, names, bounds).read()


def _inverse(term: Term) -> Term:
    """``1/term``, factor by factor.

    The domain is the same, and ``x/(2*y**2)`` is read back as it was printed. Only a positive
    power is turned over: ``1/x**(-1/2)`` is undefined at zero and stays as it is.
    """
    if term.op == "mul":
        return mul(*(_inverse(factor) for factor in term.args))
    if term.op == "pow" and (exponent := term.args[1].value) is not None and exponent > 0:
        return power(term.args[0], num(-exponent))
    return power(term, num(-1))


def _known(name: str) -> bool:
    tables = (FUNCTIONS, RELATIONS, CONNECTIVES, ("Piecewise",))
    return any(name in table for table in tables) or find_activation(name) is not None


def _suggestion(name: str) -> str:
    import difflib

    if len(name) > 40:
        return ""
    known = [*FUNCTIONS, *RELATIONS, *CONNECTIVES, "Piecewise", *activation_names(aliases=True)]
    lowered = {other.lower(): other for other in reversed(known)}
    near = difflib.get_close_matches(name.lower(), lowered, n=3, cutoff=0.7)
    return "did you mean " + " or ".join(lowered[other] for other in near) + "?" if near else ""
