"""Closed subgroups of Aff(R), the groups T_s = {(a, c) : s(at + c) = b·s(t) + d for some b, d} of one variable.

Every group here is a set {(a, p(1 - a) + l) : a in S, l in L} with S a closed subgroup of R*, p a point, and L one of
{0}, Z·T and R: dilations about a centre, followed by translations. Membership, inclusion and intersection are read
off S, p and L.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sympy as sp

from intertwine.errors import IntertwineError
from intertwine.groups import exact, ratios
from intertwine.groups.affine.map import AffineMap, plain
from intertwine.groups.affine.periods import common_centre, multiple
from intertwine.groups.scalars import NONZERO, POSITIVE, SIGN, TRIVIAL, Cyclic, ScalarGroup, SignCyclic
from intertwine.groups.text import write

_CENTRED = {"trivial": "trivial", "sign": "reflection", "positive": "dilations", "nonzero": "signed-dilations",
            "cyclic": "cyclic-dilations", "sign-cyclic": "cyclic-dilations"}  # fmt: skip
_KEYS = {
    "trivial": (), "reflection": ("centre",), "translations": (), "dilations": ("centre",),
    "signed-dilations": ("centre",), "lattice": ("period",), "dihedral": ("period", "centre"),
    "cyclic-dilations": ("centre", "generator"), "affine-line": (),
}  # fmt: skip
_LATEX = {
    "trivial": r"\{\mathrm{id}\}", "translations": r"\mathbb{R}", "affine-line": r"\mathrm{Aff}(\mathbb{R})",
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class AffineScalarGroup:
    """A closed subgroup of the group Aff(R) of maps t ↦ at + c, as an immutable value.

    Made by the class methods :meth:`trivial`, :meth:`reflection`, :meth:`translations`, :meth:`dilations`,
    :meth:`signed_dilations`, :meth:`lattice`, :meth:`dihedral`, :meth:`cyclic_dilations`, :meth:`affine_line`, and
    :meth:`about` for any scalar group at a centre. Groups are compared exactly: ``S == T``, ``S <= T``, ``S & T``,
    and ``(a, c) in T``.

    Attributes
    ----------
    type : str
        ``"trivial"``, ``"reflection"``, ``"translations"``, ``"dilations"``, ``"signed-dilations"``, ``"lattice"``,
        ``"dihedral"``, ``"cyclic-dilations"`` or ``"affine-line"``.
    scalars : ScalarGroup
        The group of all a that occur.
    centre : sympy.Expr or None
        The point fixed by the dilations or by one of the reflections, where there are any.
    period : sympy.Expr or None
        The least positive translation, if there is one.

    Notes
    -----
    The centre of a dihedral group is known up to half a period: groups with centres p and p + T/2 are equal. The hash
    depends on the type alone. Comparisons that exact arithmetic does not settle raise
    :class:`~intertwine.errors.Undecided`.

    Examples
    --------
    >>> D = AffineScalarGroup.dihedral(sp.pi, 0)
    >>> D, (-1, 3 * sp.pi) in D, (-1, 1) in D, AffineScalarGroup.lattice(2 * sp.pi) <= D
    (D_∞(π, 0), True, False, True)
    >>> D & AffineScalarGroup.dihedral(3 * sp.pi / 2, sp.pi / 4)
    D_∞(3π, π)
    """

    type: str
    scalars: ScalarGroup = TRIVIAL
    centre: sp.Expr | None = None
    period: sp.Expr | None = None

    @classmethod
    def trivial(cls) -> AffineScalarGroup:
        """The identity alone."""
        return cls("trivial")

    @classmethod
    def about(cls, scalars: ScalarGroup, centre: object) -> AffineScalarGroup:
        """The dilations t ↦ p + a(t - p) with a in a closed subgroup of R*.

        Examples
        --------
        >>> AffineScalarGroup.about(SIGN, sp.log(3) / 2)
        ⟨t ↦ log(3) - t⟩
        """
        p = exact.as_exact(centre)
        return cls(_CENTRED[scalars.type], scalars, None if scalars.type == "trivial" else p)

    @classmethod
    def reflection(cls, centre: object) -> AffineScalarGroup:
        """The identity and t ↦ 2p - t."""
        return cls.about(SIGN, centre)

    @classmethod
    def dilations(cls, centre: object) -> AffineScalarGroup:
        """All t ↦ p + a(t - p) with a > 0."""
        return cls.about(POSITIVE, centre)

    @classmethod
    def signed_dilations(cls, centre: object) -> AffineScalarGroup:
        """All t ↦ p + a(t - p) with a not 0."""
        return cls.about(NONZERO, centre)

    @classmethod
    def cyclic_dilations(cls, centre: object, generator: object, signed: bool = False) -> AffineScalarGroup:
        """The dilations about p by powers of a number g, and their negatives if ``signed``.

        Examples
        --------
        >>> AffineScalarGroup.cyclic_dilations(1, -2), AffineScalarGroup.cyclic_dilations(1, 3, signed=True)
        (⟨-2⟩ at 1, ±⟨3⟩ at 1)
        """
        return cls.about(SignCyclic(generator) if signed else Cyclic(generator), centre)

    @classmethod
    def translations(cls) -> AffineScalarGroup:
        """All t ↦ t + c."""
        return cls("translations")

    @classmethod
    def lattice(cls, period: object) -> AffineScalarGroup:
        """The translations by integer multiples of a period, which is not 0."""
        return cls("lattice", period=_period(period))

    @classmethod
    def dihedral(cls, period: object, centre: object) -> AffineScalarGroup:
        """The translations by multiples of a period T and the reflections in p + kT/2, k an integer."""
        return cls("dihedral", SIGN, exact.as_exact(centre), _period(period))

    @classmethod
    def affine_line(cls) -> AffineScalarGroup:
        """All of Aff(R)."""
        return cls("affine-line", NONZERO)

    @property
    def is_discrete(self) -> bool:
        """Whether the group has dimension 0."""
        return self.dimension == 0

    @property
    def dimension(self) -> int:
        """The dimension as a Lie group: 0, 1 or 2."""
        return self.scalars.dimension + int(self._all_shifts)

    @property
    def components(self) -> sp.Expr:
        """The number of connected components, possibly ``oo``."""
        return sp.oo if self.period is not None else self.scalars.components

    @property
    def order(self) -> sp.Expr:
        """The number of elements, possibly ``oo``."""
        return self.components if self.is_discrete else sp.oo

    @property
    def _all_shifts(self) -> bool:
        return self.type in ("translations", "affine-line")

    @property
    def generator_map(self) -> AffineMap | None:
        """The translation by the period, or the dilation by the generator of a cyclic group; otherwise ``None``."""
        if self.period is not None:
            return AffineMap.translation(self.period)
        if self.scalars.generator is not None:
            return AffineMap.dilation(self.scalars.generator, self.centre)
        return None

    @property
    def reflection_map(self) -> AffineMap | None:
        """The reflection in the centre, if it is in the group and the group has a centre."""
        if self.centre is None or not self.scalars.has_minus_one:
            return None
        return AffineMap.reflection(self.centre)

    def generators(self) -> tuple[AffineMap, ...]:
        """Elements that generate the group, or a dense subgroup of it when it is continuous.

        Examples
        --------
        >>> AffineScalarGroup.dihedral(sp.pi, 0).generators()
        (t ↦ -t, t ↦ t + π)
        """
        origin = sp.S.Zero if self.centre is None else self.centre
        found = [AffineMap.dilation(g, origin) for g in self.scalars.generators()]
        if self.period is not None:
            found.append(AffineMap.translation(self.period))
        if self._all_shifts:
            found += [AffineMap.translation(1), AffineMap.translation(sp.sqrt(2))]
        return tuple(found)

    def __contains__(self, element: object) -> bool:
        f = AffineMap.of(element)
        if f.a not in self.scalars:
            return False
        return self._is_shift(f.c if self.centre is None else f.c - self.centre * (1 - f.a))

    def _is_shift(self, c: sp.Expr) -> bool:
        """Whether c is in L."""
        if self._all_shifts:
            return True
        return exact.is_zero(c) if self.period is None else multiple(c, self.period) is not None

    def word(self, element: object) -> tuple[int, int]:
        """The k and e in {0, 1} with element = gᵏ∘ρᵉ in a discrete group, g and ρ its generator and reflection.

        Raises
        ------
        IntertwineError
            If the map is not in the group, or the group is continuous.

        Examples
        --------
        >>> AffineScalarGroup.dihedral(sp.pi, 1).word((-1, 2 - 3 * sp.pi))
        (-3, 1)
        """
        f = AffineMap.of(element)
        if not self.is_discrete or f not in self:
            raise IntertwineError(f"{f} is not a product of generators of {self}")
        mirror, flipped = self.reflection_map, 0
        if mirror is not None and exact.sign(f.a) < 0:
            f, flipped = f @ mirror, 1
        k: int | None = 0
        if self.period is not None:
            k = multiple(f.c, self.period)
        elif self.scalars.generator is not None:
            k = self.scalars.exponent(f.a)
        assert k is not None
        return k, flipped

    def stabiliser(self, point: object) -> ScalarGroup:
        """The a of those elements that fix a point; at 0 this is the linear group inside the affine one.

        Examples
        --------
        >>> D = AffineScalarGroup.dihedral(sp.pi, 0)
        >>> D.stabiliser(sp.pi / 2), D.stabiliser(1)
        ({±1}, {1})
        """
        t = exact.as_exact(point)
        if self.type == "affine-line":
            return NONZERO
        if self.centre is None:
            return TRIVIAL
        # For L = {0} the factor 2 does no harm, and for Z·T the scalars are {±1}.
        return self.scalars if self._is_shift(2 * (t - self.centre)) else TRIVIAL

    def __le__(self, other: object) -> bool:
        if not isinstance(other, AffineScalarGroup):
            return NotImplemented
        if not self.scalars <= other.scalars:
            return False
        if other._all_shifts:
            return True
        if self._all_shifts or (self.period is not None and not other._is_shift(self.period)):
            return False
        return self.centre is None or other._is_shift(2 * (self.centre - other.centre))

    def __lt__(self, other: object) -> bool:
        return self <= other and self != other if isinstance(other, AffineScalarGroup) else NotImplemented

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AffineScalarGroup):
            return NotImplemented
        return self.type == other.type and self <= other and other <= self

    def __hash__(self) -> int:
        return hash(("AffineScalarGroup", self.type))

    def __and__(self, other: object) -> AffineScalarGroup:
        """The intersection, again one of these groups."""
        if not isinstance(other, AffineScalarGroup):
            return NotImplemented
        for small, large in ((self, other), (other, self)):
            if large.type == "affine-line":
                return small
            if large.type == "translations":
                return small._shifts_alone()
            if small.type in ("translations", "lattice") and large.period is None:
                return AffineScalarGroup.trivial()
            if small.centre is not None and small.period is None:  # the elements of `large` that fix the centre
                return AffineScalarGroup.about(small.scalars & large.stabiliser(small.centre), small.centre)
        return self if self.type == "trivial" else other if other.type == "trivial" else _meet_periodic(self, other)

    def _shifts_alone(self) -> AffineScalarGroup:
        if self._all_shifts:
            return AffineScalarGroup.translations()
        return AffineScalarGroup.trivial() if self.period is None else AffineScalarGroup.lattice(self.period)

    def __repr__(self) -> str:
        if self.type == "trivial":
            return "{id}"
        if self.type in ("translations", "affine-line"):
            return "R" if self.type == "translations" else "Aff(R)"
        if self.type == "reflection":
            return f"⟨{self.reflection_map}⟩"
        if self.period is None:
            assert self.centre is not None
            return f"{self.scalars} at {plain(self.centre)}"
        step = plain(self.period)
        if self.centre is not None:
            return f"D_∞({step}, {plain(self.centre)})"
        return f"Z·({step})" if isinstance(self.period, sp.Add) else f"Z·{step}"

    def latex(self) -> str:
        """The group as LaTeX.

        Examples
        --------
        >>> print(AffineScalarGroup.lattice(2 * sp.pi).latex())
        2 \\pi \\mathbb{Z}
        """
        if self.type in _LATEX:
            return _LATEX[self.type]
        if self.reflection_map is not None and self.type == "reflection":
            return rf"\langle {self.reflection_map.latex()} \rangle"
        if self.period is None:
            return rf"{self.scalars.latex()} \text{{ at }} {sp.latex(self.centre)}"
        step = sp.latex(self.period)
        if self.centre is not None:
            return rf"D_\infty\left({step}, {sp.latex(self.centre)}\right)"
        return rf"\left({step}\right) \mathbb{{Z}}" if isinstance(self.period, sp.Add) else rf"{step} \mathbb{{Z}}"

    def to_json(self) -> dict[str, str | bool]:
        """A dictionary that :meth:`from_json` reads, with those of "centre", "period", "generator" that apply.

        The generator of ``"cyclic-dilations"`` is the number g; ``"signed": true`` is added when -1 belongs to them.

        Examples
        --------
        >>> AffineScalarGroup.dihedral(sp.pi, 0).to_json()
        {'type': 'dihedral', 'period': 'pi', 'centre': '0'}
        """
        numbers = {"centre": self.centre, "period": self.period, "generator": self.scalars.generator}
        data: dict[str, str | bool] = {"type": self.type}
        data.update({key: write(numbers[key]) for key in _KEYS[self.type]})
        if self.scalars.type == "sign-cyclic":
            data["signed"] = True
        return data

    @staticmethod
    def from_json(data: Mapping[str, object]) -> AffineScalarGroup:
        """The group described by a dictionary as :meth:`to_json` writes it.

        A ``"rate"``, which belongs to the function and not to the group of all translations, is allowed there.

        Raises
        ------
        IntertwineError
            If the type is unknown, or a number is missing, unexpected or unreadable.
        """
        from intertwine.groups.constants import parse_constant

        refusal = IntertwineError(f"{dict(data)!r} does not describe a closed subgroup of Aff(R)")
        kind = data.get("type")
        if not isinstance(kind, str) or kind not in _KEYS:
            raise refusal
        optional = {"cyclic-dilations": {"signed"}, "translations": {"rate"}}.get(kind, set())
        numbers = {key: parse_constant(value) for key, value in data.items()
                   if isinstance(value, str) and key != "type"}  # fmt: skip
        signed = data.get("signed", False)
        if not isinstance(signed, bool) or set(data) - optional != {"type", *_KEYS[kind]}:
            raise refusal
        if numbers.keys() != set(data) - {"type", "signed"}:
            raise refusal
        numbers.pop("rate", None)
        if kind == "cyclic-dilations":
            return AffineScalarGroup.cyclic_dilations(numbers["centre"], numbers["generator"], signed)
        group: AffineScalarGroup = getattr(AffineScalarGroup, kind.replace("-", "_"))(**numbers)
        return group


def _period(number: object) -> sp.Expr:
    step = exact.as_exact(number)
    sign = exact.sign(step)
    if sign == 0:
        raise IntertwineError("a period is not 0")
    return step if sign > 0 else -step


def _meet_periodic(s: AffineScalarGroup, t: AffineScalarGroup) -> AffineScalarGroup:
    """Two groups with periods: T·Z meets U·Z in the common multiples, and reflections are common or they are not."""
    assert s.period is not None and t.period is not None
    ratio = ratios.rational_ratio(s.period, t.period)
    common = None if ratio is None else s.period * ratio.denominator
    centre = None
    if s.centre is not None and t.centre is not None:
        centre = common_centre(s.centre, s.period, t.centre, t.period, ratio)
    if centre is None:
        return AffineScalarGroup.trivial() if common is None else AffineScalarGroup.lattice(common)
    return AffineScalarGroup.reflection(centre) if common is None else AffineScalarGroup.dihedral(common, centre)
