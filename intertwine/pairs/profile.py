"""What is known about one activation before it is compared: each fact is found once, and most are cheap."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

from intertwine.api import IntertwinerGroup, derive
from intertwine.calculus.budget import remaining
from intertwine.calculus.constants import constants_equal
from intertwine.calculus.core import reflected, to_core
from intertwine.calculus.tame import Tame, tame
from intertwine.errors import DerivationTimeout
from intertwine.groups import AffineCharacter
from intertwine.pairs.centre import Centre, centre
from intertwine.pairs.ends import Ends, ends_of, match_ends
from intertwine.pairs.local import Local, is_analytic, look, order_of_break
from intertwine.pairs.logarithm import Halves, logarithms
from intertwine.pairs.models import Model, Polynomial, exponential_model, polynomial_model, wave_model
from intertwine.pairs.reduce import Reduced, reduced
from intertwine.pairs.tendency import Tendency, tendency
from intertwine.pieces import Pieces, pieces
from intertwine.solve.affine import Affine, affine
from intertwine.solve.domain import Domain, domain_case
from intertwine.solve.probes import probe_points
from intertwine.solve.witness import Sampler, non_affine
from intertwine.terms import ZERO, Term, X, num

MOST_SECONDS = 10.0  # for the affine group of one activation
SINGULAR = frozenset({"pole", "end"})
Label = Fraction | str


class Profile:
    """One activation with its expansions, break points, symmetry and model.

    Examples
    --------
    >>> from intertwine.parsing import parse_term
    >>> p = Profile(parse_term("smelu"))
    >>> [(b.point, order_of_break(b)) for b in p.breaks]
    [(-1, Fraction(2, 1)), (1, Fraction(2, 1))]
    """

    def __init__(self, activation: Term) -> None:
        self.activation = activation
        self.core = to_core(activation)
        self.sampler = Sampler(self.core)
        self.points: list[Fraction] = probe_points(self.core)
        self._seen: dict[tuple[Term, bool], Local] = {}
        self._reduced: dict[bool, Reduced] = {}
        self._simpler: dict[bool, Profile] = {}
        self._affine: list[AffineCharacter | None] = []

    def reduced(self, affine: bool) -> Reduced:
        """The activation with affine maps taken off."""
        if affine not in self._reduced:
            self._reduced[affine] = reduced(self.core, affine)
        return self._reduced[affine]

    def simpler(self, affine: bool) -> Profile:
        """The profile of what is left: this one, if nothing is taken off."""
        if affine not in self._simpler:
            core = self.reduced(affine).core
            self._simpler[affine] = self if core == self.core else Profile(core)
        return self._simpler[affine]

    @cached_property
    def line(self) -> Affine | None:
        """A proof that the activation is affine on the line."""
        if non_affine(self.sampler, self.points) is not None:
            return None
        return affine(self.core, self.sampler)

    @cached_property
    def bent(self) -> bool:
        """Whether three points prove that the activation is not affine."""
        return non_affine(self.sampler, self.points) is not None

    @cached_property
    def definable(self) -> Tame | None:
        """A proof that the activation is definable in an o-minimal structure."""
        return tame(self.core, "everywhere")

    @cached_property
    def domain(self) -> Domain | None:
        """The case of Theorem 1' that the domain falls under."""
        return domain_case(self.core, self.definable)

    @cached_property
    def cut(self) -> Pieces | None:
        """The pieces of the line."""
        return pieces(self.activation)

    @cached_property
    def at_zero(self) -> Local | None:
        """The activation seen from 0."""
        return self.seen(ZERO, False)

    def seen(self, point: Term, subtract: bool) -> Local | None:
        """The activation seen from a point."""
        if self.cut is None:
            return None
        if (point, subtract) not in self._seen:
            self._seen[point, subtract] = look(self.core, self.cut, point, subtract)
        return self._seen[point, subtract]

    @cached_property
    def everywhere(self) -> bool:
        """Whether the domain is the line, as the pieces show."""
        return self.cut is not None and self.cut.domain == "all real numbers"

    @cached_property
    def breaks(self) -> tuple[Local, ...] | None:
        """The points at which the activation is not analytic, each seen from itself; None unless that is all of them.

        Kinks, jumps and jumps of derivatives, poles and ends of the domain.
        """
        cut = self.cut
        if cut is None or any(p.where or p.steps or not is_analytic(p) for p in cut.pieces):
            return None
        found: list[Local] = []
        for b in cut.breaks:
            if b.point.root is not None or b.kind not in (*SINGULAR, "kink", "jump", "smooth"):
                return None
            local = look(self.core, cut, b.point.term, True)
            if b.kind not in SINGULAR and order_of_break(local) is None:
                return None
            found.append(local)
        return tuple(found) if found or self.everywhere else None

    @cached_property
    def orders(self) -> tuple[Label, ...] | None:
        """The orders of the breaks from left to right; "pole" and "end" for what has none."""
        if self.breaks is None or self.cut is None:
            return None
        kinds = [b.kind for b in self.cut.breaks]
        found = [k if k in SINGULAR else order_of_break(b) for k, b in zip(kinds, self.breaks, strict=True)]
        return tuple(o for o in found if o is not None)

    @cached_property
    def model(self) -> Model | None:
        """A model with more affine symmetry than others, if the activation is one."""
        if self.breaks != ():
            return None
        here = self.at_zero
        assert here is not None
        found = polynomial_model(self.core)
        return found or exponential_model(self.core, here) or wave_model(self.core, here)

    @cached_property
    def centre(self) -> Centre | None:
        """A centre of an activation that is analytic on the line, if one was found."""
        if self.breaks != () or self.at_zero is None:
            return None
        return centre(self.core, self.sampler, self.at_zero)

    @cached_property
    def ends(self) -> Ends | None:
        """The expansions of the second derivative far out."""
        return None if self.cut is None else ends_of(self.cut)

    @cached_property
    def logarithms(self) -> Halves | None:
        """The logarithms that the activation is on each half-line."""
        return logarithms(self.core)

    @cached_property
    def linear(self) -> IntertwinerGroup:
        """The group of linear intertwiners, as :func:`intertwine.derive` has it."""
        return derive(self.activation, remaining())

    @property
    def affine(self) -> AffineCharacter | None:
        """The group of affine intertwiners with their images, if it is known exactly.

        Not remembered where the time was too short.
        """
        if not self._affine:
            left = remaining()
            seconds = MOST_SECONDS if left is None else min(left / 3, MOST_SECONDS)
            try:
                found = derive(self.activation, seconds, affine=True)
            except DerivationTimeout:
                return None
            self._affine.append(found.psi if found.status == "exact" else None)
        return self._affine[0]

    @cached_property
    def tendencies(self) -> tuple[Tendency | None, Tendency | None]:
        """What the activation does far out on the right and on the left."""
        return tendency(self.core), tendency(reflected(self.core))

    @cached_property
    def wild(self) -> bool:
        """Whether it is proved that the activation is definable in no o-minimal structure."""
        return any(t is not None and t.oscillates for t in self.tendencies)

    @cached_property
    def lopsided(self) -> bool:
        """Whether it is proved that there is no centre: the two ends of the second derivative do not match.

        A centre ``p`` makes ``s(2p - t)`` equal to ``s(t)`` or ``-s(t)`` up to a line: a relation with ``a = -1`` of
        the second derivative with itself.
        """
        if self.breaks != () or self.ends is None:
            return False
        found = match_ends(self.ends, self.ends, -1)
        if found.excluded:
            return True
        if found.a is None or found.c is None or constants_equal(found.a, num(-1)) is not True:
            return False
        turned, here = self.core.subs(found.c - X), self.core
        even, odd = turned - here, turned + here
        return all(non_affine(Sampler(t), self.points) is not None for t in (even, odd))

    @cached_property
    def one_centre(self) -> bool:
        """Whether it is proved that there is one centre at most: the second derivative is not periodic."""
        if isinstance(self.model, Polynomial) and self.model.degree == 2:
            return False
        if self.definable is not None and self.at_zero is not None:
            return any(k > 2 for k in self.at_zero.right.coefficients)  # so the second derivative is not constant
        return any(t is not None and t.never_periodic for t in self.tendencies)
