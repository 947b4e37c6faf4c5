"""All affine maps that carry one activation to another: empty, or one coset of the affine intertwiner group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from intertwine.api import derive
from intertwine.errors import IntertwineError, ShapeError, Undecided
from intertwine.groups import AffineCharacter, AffineFamily, AffineMap, AffinePair, exact, matrices
from intertwine.groups.constants import constant_to_sympy
from intertwine.groups.text import write
from intertwine.pairs.equivalence import Equivalence, profile
from intertwine.pairs.transport import transported
from intertwine.terms import Term

if TYPE_CHECKING:
    import numpy as np
    import sympy
    from sympy.matrices.immutable import ImmutableDenseMatrix as Matrix

    from intertwine.numeric import AffineIntertwiner


class AffineIntertwiners:
    """All maps x ↦ Ax + c with τ(Ax + c) = Bσ(x) + d: empty, or the coset (a0, c0)·G.

    Returned by :func:`intertwiners` with ``affine=True``. Elements are pairs (A, c).

    Attributes
    ----------
    equivalence : Equivalence
        The relation between σ and τ on the line, with its proof.
    group : AffineFamily
        The group G of affine intertwiners of σ (a proven part of it, unless ``group_status`` is "exact").
    group_status : str
        "exact" or "bounded".
    is_empty : bool or None
        None: open.

    Examples
    --------
    >>> import sympy as sp
    >>> from intertwine.pairs import intertwiners
    >>> T = intertwiners("sigmoid", "tanh", affine=True)
    >>> element = ([[0, sp.Rational(1, 2)], [sp.Rational(1, 2), 0]], [0, 0])
    >>> element in T
    True
    >>> T.psi(element).matrix, list(T.psi(element).shift)
    (Matrix([
    [0, 2],
    [2, 0]]), [-1, -1])
    """

    def __init__(self, equivalence: Equivalence, timeout: float | None = 30.0) -> None:
        self.equivalence = equivalence
        second = profile(equivalence.second)
        covered = bool(equivalence.answer) or second.line is not None or second.domain is not None
        self.is_empty: bool | None = None if equivalence.answer is None or not covered else not equivalence.answer
        self._covered = covered
        self.group, self.group_status = affine_group(equivalence.first, timeout)
        if equivalence.answer and self.group_status != "exact":
            self.group, self.group_status = self._from_second(timeout) or (self.group, self.group_status)

    @property
    def first(self) -> Term:
        """σ."""
        return self.equivalence.first

    @property
    def second(self) -> Term:
        """τ."""
        return self.equivalence.second

    @property
    def status(self) -> str:
        """``"exact"``, or ``"bounded"``: emptiness or the group is not decided."""
        if self.is_empty is None:
            return "bounded"
        return "exact" if self.is_empty else self.group_status

    @property
    def questions(self) -> tuple[str, ...]:
        """What is left open; empty when exact."""
        if not self._covered and self.equivalence.answer is False:
            return ("whether a matrix that maps one domain to the other has to be monomial",)
        if self.is_empty is None:
            return (self.equivalence.question,)
        return () if self.status == "exact" else ("the affine intertwiners of the first activation",)

    @property
    def representative(self) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr, sympy.Expr] | None:
        """(a0, c0, b0, d0) with τ(a0·t + c0) = b0·σ(t) + d0; None where the set is empty or open."""
        e = self.equivalence
        if e.a is None or e.c is None or e.b is None or e.d is None:
            return None
        return e.a, e.c, e.b, e.d

    def _from_second(self, timeout: float | None) -> tuple[AffineFamily, str] | None:
        """The group of σ from that of τ, if the latter is known exactly."""
        family, status = affine_group(self.second, timeout)
        a, c, b, d = self._base()
        if status != "exact":
            return None
        try:
            psi = transported(family.character, AffineMap.of((a, c)), AffineMap.of((b, d)))
        except IntertwineError:  # an exact comparison of numbers was not settled
            return None
        return None if psi is None else (AffineFamily(psi, family.determined), status)

    def _base(self) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr, sympy.Expr]:
        if self.is_empty is None:
            raise Undecided(f"open: {self.questions[0]}")
        found = self.representative
        if found is None:
            raise IntertwineError("no map carries the first activation to the second one: the set is empty")
        return found

    def _pulled(self, element: object) -> AffinePair:
        """(a0, c0)⁻¹·(A, c)."""
        import sympy

        if not isinstance(element, tuple | list) or len(element) != 2:
            raise ShapeError("an affine map is given as a pair (A, c) of a matrix and a vector")
        try:
            numbers = list(element[1])
        except TypeError as error:
            raise ShapeError(f"a shift is a vector of numbers, not {type(element[1]).__name__}") from error
        rows = len(numbers)
        square = matrices.as_square(element[0], rows)
        a, c, _, _ = self._base()
        shift = [(exact.as_exact(x) - c) / a for x in numbers]
        return AffinePair(square.applyfunc(lambda x: x / a).as_immutable(), sympy.ImmutableMatrix(rows, 1, shift))

    def contains(self, element: object) -> bool:
        """Whether an exact map (A, c) is in the set (in the proven part of it, when bounded)."""
        if self.is_empty:
            return False
        pulled = self._pulled(element)
        return self.group(pulled.matrix.rows).contains(pulled)

    def __contains__(self, element: object) -> bool:
        return self.contains(element)

    def psi(self, element: object) -> AffinePair:
        """A map (B, d) with τ(Ax + c) = Bσ(x) + d.

        Raises
        ------
        IntertwineError
            The map is not in the set.
        """
        pulled = self._pulled(element)
        image = self.group(pulled.matrix.rows).psi(pulled)
        _, _, b, d = self._base()
        return _after(image.matrix, image.shift, b, d)

    def exact_sample(self, rng: np.random.Generator, n: int) -> AffinePair:
        """A random exact element; for tests and examples, not uniform in any sense."""
        a, c, _, _ = self._base()
        g = self.group(n).exact_sample(rng)
        return _after(g.matrix, g.shift, a, c)

    def sample(self, rng: np.random.Generator, n: int, spread: float = 0.5) -> AffineIntertwiner:
        """A random element with its image, as numbers for the numpy backend."""
        from intertwine.numeric import AffineElement, AffineIntertwiner, ScaledPermutation

        a, c, b, d = (exact.to_float(number) for number in self._base())
        g = self.group(n).sample(rng, spread)
        before, after = (AffineElement(ScaledPermutation(range(n), [k] * n), [m] * n) for k, m in ((a, c), (b, d)))
        return AffineIntertwiner(before @ g.element, after @ g.image)

    def explain(self) -> str:
        """The answer in words: the relation on the line, and what follows for maps of Rⁿ."""
        lines = [self.equivalence.explain()]
        if self.is_empty:
            lines.append("So no invertible A and c have τ(Ax + c) = Bσ(x) + d with an invertible B.")
        elif self.is_empty is None:
            lines.append(f"Open: {self.questions[0]}.")
        else:
            part = "" if self.status == "exact" else " include"
            lines.append(f"So the maps x ↦ Ax + c{part or ' are'} (a0, c0) after {self.group}.")
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Plain data; numbers are exact text."""
        data = self.equivalence.to_json() | {"mode": "affine pair", "status": self.status, "empty": self.is_empty}
        if self.representative is not None:
            data["representative"] = {k: write(v) for k, v in zip("acbd", self.representative, strict=True)}
            data["group"] = {"affine": self.group.scalars.to_json(), "character": self.group.character.to_json(),
                             "status": self.group_status}
        if self.questions:
            data["questions"] = list(self.questions)
        return data

    def __repr__(self) -> str:
        shown = "empty" if self.is_empty else "open" if self.is_empty is None else f"a coset of {self.group}"
        return f"<{self.first} to {self.second}: {shown}, {self.status}>"


def affine_group(activation: Term, timeout: float | None) -> tuple[AffineFamily, str]:
    """The affine intertwiners of an activation as far as they are known, and whether that is all of them."""
    line = profile(activation).line
    if line is not None:
        numbers = constant_to_sympy(line.slope), constant_to_sympy(line.intercept)
        return AffineFamily(AffineCharacter.affine(*numbers)), "exact"
    found = derive(activation, timeout, affine=True)
    return found.lower, found.status


def _after(matrix: Matrix, shift: Matrix, factor: sympy.Expr, constant: sympy.Expr) -> AffinePair:
    """The map ``y -> factor*y + constant`` in every coordinate, after a given map."""
    scaled = matrix.applyfunc(lambda x: x * factor).as_immutable()
    return AffinePair(scaled, shift.applyfunc(lambda x: x * factor + constant).as_immutable())
