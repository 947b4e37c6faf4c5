"""The check of certificates of affine intertwiners: which maps ``t -> at + c`` go with ``s(at + c) = b*s(t) + d``."""

from __future__ import annotations

from intertwine.certificates.affine import centres, ends, facts, levels
from intertwine.certificates.affine.claims import Claim, read_claim
from intertwine.certificates.affine.conclusions import AffineEvidence, conclude
from intertwine.certificates.affine.filled import filled, is_filled
from intertwine.certificates.affine.through import through
from intertwine.certificates.affine.waves import waves
from intertwine.certificates.facts import Rules

AFFINE: Rules = {
    "affine member": facts.affine_member,
    "not affine member": facts.not_affine_member,
    "exponential": facts.exponential,
    "about": facts.about,
    "value at": facts.value_there,
    "not exponential": facts.not_exponential,
    "span": facts.span,
    "analytic off": facts.analytic_off,
    "ends differ": ends.ends_differ,
    "limits": ends.limits,
    "end": ends.end,
    "centres within": lambda s, data: (
        levels.level(s, data) if data.get("method") == "level" else centres.centres_within(s, data)
    ),
    "no centre": centres.no_dilation,
    "only centre": centres.only_centre,
    "no dilation": centres.no_dilation,
    "through": through,
    "waves": waves,
}

__all__ = ["AFFINE", "AffineEvidence", "Claim", "conclude", "filled", "is_filled", "read_claim"]
