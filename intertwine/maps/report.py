"""The derivation of a map in words, and the answer as a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intertwine.maps.expressions import index_of, show
from intertwine.terms import Term

if TYPE_CHECKING:
    from intertwine.maps.solution import MapSolution


def expression(term: Term) -> Any:
    """A term in several variables as a SymPy expression."""
    import sympy

    from intertwine.terms.sympy_bridge import _export

    memo: dict[Term, Any] = {}
    for node in term.walk():
        j = index_of(node)
        if j is not None:
            memo[node] = sympy.Symbol(f"x{j + 1}", real=True)
        else:
            memo[node] = _export(sympy, node, [memo[a] for a in node.args], None)
    return memo[term]


def notation(solution: MapSolution) -> str:
    """The group in one line: its kind or Lie algebra, and its components."""
    n, kind = solution.n, solution.kind
    known = {
        "general linear": f"GL_{n}", "orthogonal": f"O({n})", "conformal orthogonal": f"R>0·O({n})",
        "monomial": f"R* ≀ S_{n}", "permutation": f"{{1}} ≀ S_{n}", "signed permutation": f"{{±1}} ≀ S_{n}",
        "positive-scaled permutation": f"R>0 ≀ S_{n}", "trivial": "{1}",
    }
    if kind in known:
        return known[kind]
    name = solution.algebra_name or f"of dimension {solution.dimension}"
    count = solution.components
    return f"a group with Lie algebra {name} and {count} component{'' if count == 1 else 's'}"


def facts(solution: MapSolution) -> tuple[str, ...]:
    """What was established, one line each."""
    d = solution.derivation
    lie, found = d.lie, d.components
    lines = [f"V = span({', '.join(show(solution.source.terms[b]) for b in d.space.basis)}) has dimension {d.space.d}"]
    if not solution.unique:
        lines.append("the expressions are linearly dependent, so B is not unique; one invertible B is given")
    lines.append(f"{lie.lower} independent pairs (X, Y) with Dσ(x)·Xx = Yσ(x), each proved as an identity")
    unknowns = solution.n**2 + d.space.d**2
    lines.append(f"at {len(lie.witness.points)} exact points the linear system for the {unknowns} entries of (X, Y) "
                 f"has rank at least {lie.witness.rank}, so the dimension is at most {lie.upper}")
    lines += [f"at {jump.point} {jump.why}, so X is tangent to the wall there" for jump in lie.witness.jumps[:3]]
    if d.inertia.size:
        lines.append(f"the map does not change along a space W of dimension {d.inertia.size}, carried to itself")
    if d.tame:
        lines.append(f"the map is {d.tame}, so the group is closed and has finitely many components")
    if found.parts:
        lines.append(f"the symmetries permute parts of space: {', '.join(found.parts)}")
    lines.append(f"{found.order} components by proved elements; {len(found.refuted)} candidates refuted at points")
    lines.append(found.theorem)
    return tuple(lines)


def explain(solution: MapSolution) -> str:
    """The derivation in numbered steps."""
    lines = [f"The map σ = {solution.source} of R^{solution.n}.", ""]
    lines += [f"{k}. {fact[0].upper()}{fact[1:]}." for k, fact in enumerate(facts(solution), 1)]
    lines.append("")
    lines.append(f"Answer ({solution.status}): {notation(solution)}.")
    lines += [f"Open: {question}." for question in solution.questions]
    for a, b in solution.generators:
        lines.append(f"  A = {a.tolist()}, B = {b.tolist()}")
    return "\n".join(lines)


def latex(solution: MapSolution) -> str:
    """The answer for a notebook."""
    import sympy

    entries = r",\ ".join(sympy.latex(e) for e in solution.expressions)
    name = (solution.algebra_name or "").replace("⊕", r"\oplus ")
    bound = "" if solution.status == "exact" else r"\ge "
    return (rf"$\sigma = ({entries}):\ \mathfrak g = \mathrm{{{name or '?'}}},\ \dim = {solution.dimension},\ "
            rf"|\pi_0| {bound or '= '}{solution.components}$")
