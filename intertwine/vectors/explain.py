"""Why the group of an activation on vectors is what it is, in numbered steps."""

from __future__ import annotations

from intertwine.vectors.solution import FamilySolution

_THEOREMS = {
    "radial": """\
Let h not be zero, and σ(Ax) = Bσ(x). Where h(|x|) is not 0, Bx = h(|Ax|)/h(|x|)·Ax, so every vector is an
eigenvector of A⁻¹B: B = μA, and h(|Ax|) = μ·h(|x|) for all x. If |Ax| took two values on the unit sphere, it would
take all between them, and h would be constant on r > 0. Otherwise A = λQ with an orthogonal Q, and h(λr) = μ·h(r).""",
    "block radial": """\
As for one block, if each row of blocks of A has one block that is not zero. If it had two, then F(u + v) = F(u) + F(v)
for F(x) = h(|x|)x and all u, v in their images. For u, v that are not parallel this makes h(|u|) = h(|v|) = h(|u + v|),
and u, v may be scaled: h is constant on r > 0. If all are parallel, F is additive on a line, so linear: the same.
(If h is not defined everywhere, A keeps the domain, and near a boundary point of it only one block counts.)""",
    "normalisation": """\
Up to a factor and the unit of length, x/√(mean(x²) + ε) is h(|x|)·x with h(r) = 1/√(r² + 1), or 1/r for ε = 0. A gain
without zeros changes B to diag(γ)·B·diag(γ)⁻¹; a bias β has to be fixed by this, since the coordinates of an odd
function are independent of the constants.""",
    "normalisation on the quotient": """\
σ(x) = h(|Px|)·Px with the projection P along the vector 1. The vectors v with σ(x + v) = σ(x) for all x are the
multiples of 1, so A maps the line R·1 to itself; on the quotient by it the theorem on radial activations applies. What
A adds to the line does not matter. B is given on the image of P alone, unless a bias outside of it has to be fixed.""",
    "gated": """\
Let g be defined everywhere and not affine. (If the domain D of g is not the line, near a boundary point of D^m × R^m
only one u_j counts, so A permutes these up to factors d with dD = D, and the same follows.)
For a row of A: g(p)·q = Σ B_ij g(u_j) v_j with linear forms p, q. At
v = 0 the left side vanishes, which makes q free of u. The right side is linear in v, so g(p(u) + s·p(v)) does not
depend on s ≠ 0, which makes p free of v. Comparing the coefficients of v_j: p is a multiple d·u_j of one u_j, and q a
multiple of the same v_j; g(d·t) is a multiple of g(t).""",
    "bilinear": """\
A maps the span of the products u_j·v_j to itself. The quadratic forms of rank 2 in it are the multiples of the single
products, so A permutes these up to factors, and u_j·v_j = const·(p·q) only for {p, q} proportional to {u_j, v_j}.""",
    "constant gate": """\
σ(u, v) is a multiple of v: what is needed is that the new v depends on v alone. (If the gate is 0, nothing is.)""",
    "constant gate on a domain": """\
A maps {u : all u_j in D} × R^m to itself, where D is not the line but has inner points. Near a boundary point of it
only one coordinate counts, so A permutes the u_j up to factors d with dD = D. On this set σ is a multiple of v.""",
    "gate at one point": """\
σ is not zero only where some u_j = 0. So the hyperplane p = 0 of a row is that of one u_j, and on it q is a multiple of
v_j: q = e·v_j + k·u_j.""",
    "stack": """\
Let U be the span of the functions s_1, …, s_m, not all of them affine. If a row of A had two entries that are not zero,
every f in U would satisfy Pexider's equation f(p + q) = g(p) + h(q) and be affine. So A is monomial, and an entry d has
to map U to itself by f ↦ f(d·). (Where the functions are not defined everywhere, A is monomial because it keeps the
domain.) These d are a definable group: {1}, {±1}, R>0 or R*, and 2 and -1 decide.""",
    "affine stack": """\
The outputs span c·x_i + e, or the x_i and 1 together. A linear function A_i·x is always in the span of the latter; in
that of the x_i + λ, λ ≠ 0, if and only if the row sum is 1.""",
    "stack of multiples": """\
The outputs span what s alone does, so the group is that of s, and B is given by χ.""",
    "stack of powers": """\
Let U be the span of the functions s_1, …, s_m, not all affine on the line. An intertwiner is monomial, by Pexider's
equation or, where the functions are not defined everywhere, by their domain, and an entry d maps U to itself by
f ↦ f(d·). On the sums of |x|^α·log(|x|)^j·cos(β·log|x|) a positive d acts by a matrix whose unipotent, hyperbolic and
elliptic parts keep U as well. So U is a sum of spaces with one α each, closed under lowering j, and e^c keeps it if
and only if it tells no frequencies apart by which U does not split. The value at 0 counts as one more coordinate.""",
    "softmax": """\
Dividing two coordinates, exp((a_i - a_k)·x)·Σ B_kj exp(x_j) = Σ B_ij exp(x_j). Exponentials are linearly independent,
and a shift by a_i - a_k ≠ 0 carries at most one basis vector to another, so each row of B has one entry, all of them
equal, and 1 because the coordinates add up to 1: B = P, and the rows of A differ as those of P do: A = P + 1·vᵀ.""",
    "log softmax": """\
With L = log Σ exp(x_j): L(Ax) = (a_i - B_i)·x + β_i·L(x) for each row. L is not linear, so all β_i are one β and all
a_i - B_i one u. Far out L is max x_j: conv{a_k} = u + β·conv{e_j}, so a_k = u + β·e_π(k), and x = 0 gives β = 1.""",
    "sparsemax": """\
The regions where the output is a vertex e_i are those where it is constant on an open set, so A permutes them and B is
a permutation matrix P. Then P⁻¹A fixes the output, which is x - mean + 1/n where all coordinates are positive: P⁻¹A is
the identity up to multiples of the vector 1.""",
    "maximum": """\
max of a group of Ax is Σ_h B_gh max(x_h). The left side is convex, so B_gh ≥ 0; both sides are support functions:
conv{rows of A in g} = Σ_h B_gh·(simplex of h), a product of simplices. It has at most k vertices only if one B_gh is
not zero. So the rows are the vertices b·e_π(i), with one b > 0 for the group.""",
    "sorting": """\
The functions of the span have kinks exactly where two coordinates of a group are equal, so A permutes these planes. On
the deviations from the means it is, for each group, a multiple c ≠ 0 of a permutation (the chambers of the group are
simplicial cones, and the sums of neighbouring roots make all factors equal). What is added to a whole group has to be
a linear function in the span, a combination of the means.""",
    "quadratic form": """AᵀMA = b·M. By Sylvester's law of inertia, b < 0 needs a signature (p, p).""",
    "identity": "σ is the identity: every invertible matrix passes, with B = A.",
    "zero": "σ is zero: every invertible matrix passes, with any B.",
}
_THEOREMS["softmin"] = _THEOREMS["softmax"]


def explain(solution: FamilySolution, text: str) -> str:
    """The derivation in steps."""
    lines = [f"σ = {solution.value}", f"G_σ = {text}" if solution.status == "exact" else f"{text} ≤ G_σ ≤ GL_n", ""]
    step = 1
    for role, group in solution.functions:
        lines += [f"{step}. The function {role}:", *(f"   {line}" for line in group.explain().splitlines()), ""]
        step += 1
    for question in solution.questions:
        lines.append(f"Open: {question}.")
    if solution.status == "exact":
        lines += [f"{step}. Theorem ({solution.theorem}).", *(f"   {t}" for t in _proof(solution.theorem).splitlines())]
    return "\n".join(lines).rstrip()


def _proof(theorem: str) -> str:
    return _THEOREMS[theorem]
