"""Guesses for the positive scales of a candidate, from values in floating point; nothing rests on them unproved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np

from intertwine.calculus.budget import check
from intertwine.calculus.enclosure import Evaluator, Unclear, UndefinedAt, precision
from intertwine.maps.balls import PointEvaluator
from intertwine.maps.field import Matrix
from intertwine.maps.space import Space
from intertwine.terms import ONE, Term, num, power

BITS = 96
STARTS = 4
STEPS = 40
LARGEST = 64
FARTHEST = 12.0


def guesses(space: Space, matrix: Matrix, frame: Matrix, back: Matrix, parts: Sequence[int], torus: Matrix,
            ) -> Iterator[tuple[Term, ...]]:
    """Scales of the parts with small residual of ``V∘A = V``, recognised as numbers or square roots.

    Parameters
    ----------
    matrix : n×n constants
        A candidate with all scales 1, in the coordinates of the map.
    frame, back : n×n constants
        The coordinates of the parts, and the inverse.
    parts : sequence of int
        The part that each of these coordinates belongs to.
    torus : matrix of constants
        Rows that span the logarithms of scales that are symmetries; guesses are orthogonal to them.
    """
    from flint import arb

    count = max(parts) + 1
    if len(torus) == count:
        return
    evaluator = Evaluator(arb(0))
    with precision(BITS):
        a, f, b, t = (np.array([[float(evaluator.value(space.mixed.field.term(e))) for e in row] for row in m])
                      for m in (matrix, frame, back, torus))
    points = np.array([[float(c) for c in p] for p in space.points[: 3 * space.d + 9]])
    base, kept = _values(space, points)
    if len(kept) < space.d + 2:
        return
    points = points[kept]
    free = np.linalg.svd(t)[2][len(t) :] if len(t) else np.eye(count)  # orthogonal to the torus
    projector = np.eye(len(points)) - base @ np.linalg.pinv(base)

    def residual(logs: np.ndarray) -> np.ndarray | None:
        if not np.abs(logs).max(initial=0.0) < FARTHEST:
            return None
        scaled = a @ f @ np.diag(np.exp(logs @ free)[list(parts)]) @ b
        values, there = _values(space, points @ scaled.T)
        if len(there) < len(points) or not np.linalg.norm(values, axis=0).all():
            return None
        return np.asarray((projector @ values / np.linalg.norm(values, axis=0)).ravel())

    rng = np.random.default_rng(3)
    for start in range(STARTS):
        check()
        logs = np.zeros(len(free)) if start == 0 else rng.normal(size=len(free))
        found = _descend(residual, logs)
        if found is not None:
            terms = [_recognised(float(v)) for v in np.exp(found @ free)]
            if None not in terms:
                yield tuple(t for t in terms if t is not None)


def _values(space: Space, points: np.ndarray) -> tuple[np.ndarray, list[int]]:
    rows, kept = [], []
    with precision(BITS):
        for k, p in enumerate(points):
            evaluator = PointEvaluator([Fraction(float(c)) for c in p])
            try:
                rows.append([float(evaluator.value(space.terms[b])) for b in space.basis])
                kept.append(k)
            except (UndefinedAt, Unclear, OverflowError):
                continue
    return np.array(rows).reshape(len(rows), space.d), kept


def _descend(residual: object, logs: np.ndarray) -> np.ndarray | None:
    """Damped Gauss-Newton steps of least length, so that directions without effect stay where they are."""
    r = residual(logs)  # type: ignore[operator]
    for _ in range(STEPS):
        if r is None or not np.isfinite(r).all():
            return None
        if r @ r < 1e-24:
            return logs
        h = 1e-6
        columns = [residual(logs + h * e) for e in np.eye(len(logs))]  # type: ignore[operator]
        if any(c is None for c in columns):
            return None
        slopes = np.stack([(c - r) / h for c in columns], axis=1)
        step, *_ = np.linalg.lstsq(slopes, -r, rcond=1e-5)
        for _ in range(8):
            new = residual(logs + step)  # type: ignore[operator]
            if new is not None and new @ new < r @ r:
                break
            step = step / 2
        else:
            return logs if r @ r < 1e-18 else None
        logs, r = logs + step, new
    return None


def _recognised(value: float) -> Term | None:
    """A rational number with a small denominator, or a root of one."""
    if abs(value - 1) < 1e-9:
        return ONE
    for root in (1, 2, 3, 4, 6):
        target = value**root
        near = Fraction(target).limit_denominator(LARGEST)
        if near > 0 and abs(float(near) - target) < 1e-8 * target:
            return power(num(near), num(1, root)) if root > 1 else num(near)
    return None
