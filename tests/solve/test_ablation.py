"""Would a broken solver be noticed?  One part at a time is made careless, and the damage has to show.

Each ablation replaces one question of the solver by a plausible but unsound answer. On activations that were
chosen against it, the broken solver must give a wrong exact answer (so that the collection of hand-argued truths
catches it), and the certificate of every wrong exact answer must be rejected (so that a user would).
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flint import arb

from intertwine.api import IntertwinerGroup
from intertwine.calculus import constants, identity
from intertwine.calculus.enclosure import Unclear, UndefinedAt, enclose
from intertwine.calculus.identity import Identity
from intertwine.calculus.tame import ENDS, Tame
from intertwine.errors import CertificateError, IntertwineError
from intertwine.parsing import parse_term
from intertwine.solve import affine, domain, halfline, halves, linear, logperiodic, negative, positive, witness
from intertwine.solve.linear import solve_linear
from intertwine.solve.logperiodic import Gap
from intertwine.solve.witness import NotMember, Sampler
from intertwine.terms import Term
from tests.solve.collection import FAMILIES, Case
from tests.solve.test_collection import group_of

Patch = Callable[[pytest.MonkeyPatch], None]


def always_tame(patch: pytest.MonkeyPatch) -> None:
    """Every function is definable, also those that oscillate."""

    def tame(term: Term, end: str) -> Tame:
        return Tame(end, *ENDS[end][0], ())

    for module in (linear, halves):
        patch.setattr(module, "tame", tame)


def equal_as_floats(patch: pytest.MonkeyPatch) -> None:
    """Identities are tried at four points in double precision."""

    def prove_equal(left: Term, right: Term, fill: bool = False) -> Identity | None:
        for p in map(Fraction, ("1", "2", "7/3", "1/5")):
            try:
                v, w = (float(enclose(t, p, 64).mid()) for t in (left, right))
            except (Unclear, UndefinedAt):
                continue
            if abs(v - w) > 1e-9 * (abs(v) + abs(w)):
                return None
        return Identity(left, right, ())

    for module in (affine, domain, halfline, halves, logperiodic, identity):
        patch.setattr(module, "prove_equal", prove_equal)
    _no_witness_below_double_precision(patch)


def _no_witness_below_double_precision(patch: pytest.MonkeyPatch) -> None:
    for module in (affine, witness):
        patch.setattr(module, "PRECISIONS", (64,))

    def few(self: Sampler, point: Fraction, bits: int) -> arb | str | None:
        return original(self, point, 64)

    original = Sampler._evaluate
    patch.setattr(Sampler, "_evaluate", few)


def always_a_witness(patch: pytest.MonkeyPatch) -> None:
    """Nothing is ever in S."""

    def not_member(sampler: Sampler, d: Term, points: list[Fraction]) -> NotMember:
        return NotMember(d, (Fraction(1), Fraction(2)), "determinant", ("1", "2", "3", "4"), 64)

    for module in (halves, negative, positive):
        patch.setattr(module, "not_member", not_member)


def undefined_is_everywhere(patch: pytest.MonkeyPatch) -> None:
    """The domain is not looked at: a half-line without a value at a few points is left out."""

    def undefined_throughout(positive_part: Term, cell: Any = None) -> bool:
        return True

    for module in (halfline, negative):
        patch.setattr(module, "undefined_throughout", undefined_throughout)


def any_gap(patch: pytest.MonkeyPatch) -> None:
    """The first period found is taken for the least one."""

    def gap(core: Term, side: int, generator: Term) -> Gap:
        with_g = float(enclose(generator, Fraction(1), 64).mid())
        return Gap(side, Fraction(1), Fraction(with_g * 0.99).limit_denominator(1000), "monotone")

    patch.setattr(halves, "gap", gap)


def constants_as_floats(patch: pytest.MonkeyPatch) -> None:
    """Constants are equal when their doubles are."""

    def constants_equal(a: Term, b: Term) -> bool:
        return abs(float(enclose(a - b, Fraction(1), 64).mid())) < 1e-9

    for module in (linear, negative, positive, constants):
        patch.setattr(module, "constants_equal", constants_equal)


# Each ablation with activations against it (from the collection, by text) and the least number that must go wrong.
ABLATIONS: tuple[tuple[Patch, tuple[str, ...], int], ...] = (
    (always_tame, ("log-periodic",), 20),
    (equal_as_floats, ("near misses",), 5),
    (always_a_witness, ("parity", "homogeneous", "log-periodic"), 20),
    (any_gap, ("log-periodic",), 3),
)  # fmt: skip


def consequences(cases: list[Case]) -> tuple[list[str], list[str]]:
    """Activations with a wrong exact answer, and those among them whose certificate is accepted."""
    wrong, accepted = [], []
    for case in cases:
        try:
            answer = IntertwinerGroup(solve_linear(parse_term(case.text)))
        except (IntertwineError, AssertionError, ZeroDivisionError, ValueError, IndexError):
            continue  # broken, and it shows at once
        if answer.status != "exact" or (answer.kind, answer.scalars) == (case.kind, group_of(case)):
            continue
        wrong.append(case.text)
        try:
            answer.certificate.check(20)
            accepted.append(case.text)
        except CertificateError:
            continue
    return wrong, accepted


@pytest.mark.parametrize(("ablation", "families", "least"), ABLATIONS, ids=lambda v: getattr(v, "__name__", ""))
def test_a_broken_solver_is_noticed(
    ablation: Patch, families: tuple[str, ...], least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [case for name in families for case in FAMILIES[name] if case.kind != "refused"][:60]
    ablation(monkeypatch)
    wrong, accepted = consequences(cases)
    assert len(wrong) >= least
    assert accepted == []


# Ablations that show on one activation: text, and the kind that is wrong for it.
SPECIAL: tuple[tuple[Patch, str, str], ...] = (
    (constants_as_floats, "x/10**30+1", "general linear"),
    (undefined_is_everywhere, "x**2", "positive-scaled permutation"),
)


@pytest.mark.parametrize(("ablation", "text", "wrong"), SPECIAL, ids=lambda v: getattr(v, "__name__", ""))
def test_special_ablations(ablation: Patch, text: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = IntertwinerGroup(solve_linear(parse_term(text)))
    assert honest.kind != wrong or honest.status == "bounded"
    ablation(monkeypatch)
    answer = IntertwinerGroup(solve_linear(parse_term(text)))
    assert (answer.status, answer.kind) == ("exact", wrong)
    with pytest.raises(CertificateError):
        answer.certificate.check(20)


def test_the_unbroken_solver_passes_the_same_test() -> None:
    cases = [case for name in ("near misses", "parity") for case in FAMILIES[name] if case.kind != "refused"][:60]
    assert consequences(cases) == ([], [])
