"""``intertwine table``: the table of Godfrey et al., or the whole catalogue, derived."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from intertwine.activations import CATALOGUE
from intertwine.affine_api import AffineIntertwinerGroup
from intertwine.api import IntertwinerGroup, derive
from intertwine.cli import status
from intertwine.errors import DerivationTimeout
from intertwine.explain import affine as in_affine
from intertwine.explain import image
from intertwine.terms import to_text

#: Table 1 of Godfrey, Brown, Emerson and Kvinge: each name with an expression; the groups are derived.
PAPER = (
    ("identity", "x"), ("ReLU", "relu"), ("LeakyReLU", "leaky_relu"), ("sigmoid", "sigmoid"),
    ("Gaussian", "exp(-x**2/2)"), *((f"x^{d}", f"x**{d}") for d in (2, 3, 4, 5, 7)),
)  # fmt: skip


#: Members of an answer that a row of a table does without.
_ANSWER_ONLY = ("schema", "mode", "status", "lower", "upper", "questions", "certificate")


@dataclass(frozen=True)
class Row:
    """One derived activation; no group: out of time."""

    name: str
    group: IntertwinerGroup | AffineIntertwinerGroup | None
    seconds: float

    @property
    def status(self) -> str:
        return "out of time" if self.group is None else self.group.status

    def to_json(self) -> dict[str, Any]:
        data: dict[str, Any] = {"name": self.name, "status": self.status}
        if isinstance(self.group, AffineIntertwinerGroup):
            answer = self.group.to_json()
            data |= {key: value for key, value in answer.items() if key not in _ANSWER_ONLY}
        elif self.group is not None:
            data |= {"activation": to_text(self.group.activation), "kind": self.group.kind,
                     "scalars": self.group.scalars.to_json(), "character": self.group.chi.to_json(),
                     "unique": self.group.unique}
        return data | {"seconds": round(self.seconds, 6)}


def run(catalogue: bool, as_json: bool, timeout: float, affine: bool = False) -> int:
    """Derive and print, row by row; the worst row gives the exit status."""
    entries = tuple((name, name) for name in CATALOGUE) if catalogue else PAPER
    derived = _derived(entries, timeout, affine)
    rows: list[Row] = []
    if as_json:
        rows = list(derived)
        print(json.dumps({"mode": "affine" if affine else "linear"} | _object(rows)))
    else:
        for row in derived:
            if not rows:
                print(_line("activation", "type", "G", "ψ", "time") if affine else
                      _line("activation", "kind", "G", "φ", "time"))
            rows.append(row)
            print(_row(row))
            sys.stdout.flush()
        if catalogue:
            print(f"\n{len(rows)} activations, {sum(r.status == 'exact' for r in rows)} exact; "
                  f"total {sum(r.seconds for r in rows):.2f} s, median {_median(rows):.4f} s")
    states = {row.status for row in rows}
    return status.OUT_OF_TIME if "out of time" in states else status.BOUNDED if "bounded" in states else status.EXACT


def _derived(entries: tuple[tuple[str, str], ...], timeout: float, affine: bool) -> Iterator[Row]:
    one: Callable[..., IntertwinerGroup | AffineIntertwinerGroup] = partial(derive, affine=True) if affine else derive
    one("tanh(x - 1/7)**3")  # what is loaded on first use is no part of the first row's time
    for name, expression in entries:
        start = time.perf_counter()
        try:
            group: IntertwinerGroup | AffineIntertwinerGroup | None = one(expression, timeout=timeout)
        except DerivationTimeout:
            group = None
        yield Row(name, group, time.perf_counter() - start)


def _median(rows: list[Row]) -> float:
    return statistics.median(row.seconds for row in rows)


def _object(rows: list[Row]) -> dict[str, Any]:
    return {"schema": 1, "rows": [row.to_json() for row in rows],
            "total_seconds": round(sum(row.seconds for row in rows), 6), "median_seconds": round(_median(rows), 6)}


def _line(name: str, kind: str, group: str, image: str, seconds: str) -> str:
    return f"{name:22}{kind:30}{group:24}{image:24}{seconds:>8}"


def _row(row: Row) -> str:
    seconds = f"{row.seconds:.3f} s"
    if row.group is None:
        return _line(row.name, "(out of time)", "", "", seconds)
    group = row.group
    if group.status == "bounded":
        return _line(row.name, "(bounded)", f"{group.lower} .. {group.upper}", "", seconds)
    if isinstance(group, AffineIntertwinerGroup):
        return _line(row.name, group.type, str(group.lower), in_affine.image(group.lower), seconds)
    return _line(row.name, group.kind, str(group.lower), image(group.lower), seconds)

