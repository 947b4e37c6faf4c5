"""An independent look at groups of activations on vectors: values at random points, and ranks of linear systems."""

from __future__ import annotations

from collections.abc import Callable

import mpmath
import numpy as np
import sympy as sp

from intertwine.groups.base import MatrixGroup
from intertwine.vectors import VectorActivation
from intertwine.vectors.activation import coordinates

DIGITS = 40
#: Where an activation is defined, in case SymPy loses that (0*log(x) becomes 0).
Domain = Callable[[list[mpmath.mpf]], bool]


class Oracle:
    """One activation in one dimension, evaluated by mpmath through SymPy's printer."""

    def __init__(self, value: VectorActivation, n: int, domain: Domain | None = None) -> None:
        self.n, self.domain = n, domain
        self.symbols = coordinates(n)
        self.expressions = value.expressions(n)
        self._functions = [sp.lambdify(self.symbols, e, "mpmath") for e in self.expressions]

    def __call__(self, point: list[mpmath.mpf]) -> list[mpmath.mpf] | None:
        """The values at a point; None outside of the domain."""
        if self.domain is not None and not self.domain(point):
            return None
        with mpmath.workdps(DIGITS):
            try:
                values = [mpmath.mpmathify(f(*point)) for f in self._functions]
            except (ZeroDivisionError, ValueError, TypeError):
                return None
            if any(isinstance(v, mpmath.mpc) and abs(v.imag) > mpmath.mpf(10) ** -30 for v in values):
                return None
            return [mpmath.re(v) for v in values] if all(map(mpmath.isfinite, values)) else None

    def error(self, a: sp.Matrix, b: sp.Matrix, rng: np.random.Generator, tries: int = 6) -> mpmath.mpf:
        """The largest relative difference of σ(Ax) and Bσ(x) at random points."""
        worst = mpmath.mpf(0)
        with mpmath.workdps(DIGITS):
            left, right = (_numbers(m) for m in (a, b))
            for _ in range(tries):
                x = [mpmath.mpf(int(k)) / 1024 for k in rng.integers(-4096, 4096, self.n)]
                moved, plain = self(_times(left, x)), self(x)
                if (moved is None) != (plain is None):
                    return mpmath.mpf(1)
                if moved is None or plain is None:
                    continue
                image = _times(right, plain)
                size = 1 + max(map(abs, [*moved, *image]))
                worst = max(worst, max(abs(p - q) for p, q in zip(moved, image, strict=True)) / size)
        return worst

    def algebra_dimension(self, rng: np.random.Generator) -> int:
        """dim {X : there is Y with Dσ(x)·Xx = Yσ(x)}, from singular values at random points.

        The Y that kill σ everywhere are left out by looking at the X parts of the kernel alone.
        """
        n, m = self.n, len(self.expressions)
        rows: list[np.ndarray] = []  # type: ignore[type-arg]
        for _ in range(60 * (n * n + m * m)):
            if len(rows) >= 3 * m * (n * n + m * m):
                break
            x = [mpmath.mpf(float(v)) for v in rng.uniform(-2, 2, n)]
            value = self(x)
            jacobian = None if value is None else self._jacobian(x)
            if value is None or jacobian is None:
                continue
            for i in range(m):
                row = np.zeros(n * n + m * m)
                row[: n * n] = np.outer(jacobian[i], [float(v) for v in x]).ravel()
                row[n * n + m * i : n * n + m * (i + 1)] = [-float(v) for v in value]
                rows.append(row / max(1e-9, float(np.linalg.norm(row))))
        _, singular, vt = np.linalg.svd(np.array(rows))
        rank = int((singular > 1e-7 * singular[0]).sum())
        kernel = vt[rank:, : n * n]
        return int((np.linalg.svd(kernel, compute_uv=False) > 1e-6).sum()) if len(kernel) else 0

    def functions_rank(self, rng: np.random.Generator) -> int:
        """The dimension of the span of the functions, from values at random points."""
        rows = []
        for k in range(40 * len(self.expressions)):
            x = [mpmath.mpf(int(p)) / (512, 1500, 4096)[k % 3] for p in rng.integers(-1500, 1500, self.n)]
            value = self(x)
            if value is not None:
                rows.append([float(v) for v in value])
        return int(np.linalg.matrix_rank(np.array(rows), tol=1e-9))

    def _jacobian(self, x: list[mpmath.mpf]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None:
        with mpmath.workdps(DIGITS):
            step = mpmath.mpf(10) ** -15
            columns = []
            for j in range(self.n):
                ends = [self([v + s * step if i == j else v for i, v in enumerate(x)]) for s in (1, -1)]
                if any(e is None for e in ends):
                    return None
                columns.append([float((p - q) / (2 * step)) for p, q in zip(*ends, strict=True)])  # type: ignore[arg-type]
        return np.array(columns).T


def _numbers(matrix: sp.Matrix) -> list[list[mpmath.mpf]]:
    return [[mpmath.mpmathify(sp.N(v, DIGITS + 10)) for v in row] for row in sp.Matrix(matrix).tolist()]


def _times(matrix: list[list[mpmath.mpf]], x: list[mpmath.mpf]) -> list[mpmath.mpf]:
    return [mpmath.fsum(a * b for a, b in zip(row, x, strict=True)) for row in matrix]


def exact_elements(group: MatrixGroup, rng: np.random.Generator, count: int) -> list[sp.Matrix]:
    """Generators and random elements."""
    return [*group.generators(), *(group.exact_sample(rng) for _ in range(count))]


def intertwines(oracle: Oracle, a: sp.Matrix, rng: np.random.Generator) -> bool:
    """Whether some B has σ(Ax) = Bσ(x) at random points, by ranks in 40 digits."""
    numbers = _numbers(a)
    before, after = [], []
    with mpmath.workdps(40):
        for k in range(24 * len(oracle.expressions) + 24):
            # near and far: some functions live on a ball, others are different beyond one
            x = [mpmath.mpf(int(p)) / (512, 1500, 4096)[k % 3] for p in rng.integers(-1500, 1500, oracle.n)]
            x = x if k else [mpmath.mpf(0)] * oracle.n  # some functions have a value of their own there
            moved = oracle([mpmath.fsum(p * q for p, q in zip(row, x, strict=True)) for row in numbers])
            plain = oracle(x)
            if (moved is None) != (plain is None):
                return False
            if moved is not None and plain is not None:
                before.append(plain)
                after.append([*plain, *moved])
        return _rank(before) == _rank(after)


def _rank(rows: list[list[mpmath.mpf]]) -> int:
    work, rank = [list(r) for r in rows], 0
    columns = len(work[0]) if work else 0
    for j in range(columns):
        pivot = max(range(rank, len(work)), key=lambda i: abs(work[i][j]), default=None)
        if pivot is None or abs(work[pivot][j]) < mpmath.mpf(10) ** -25:
            continue
        work[rank], work[pivot] = work[pivot], work[rank]
        for i in range(rank + 1, len(work)):
            factor = work[i][j] / work[rank][j]
            work[i] = [p - factor * q for p, q in zip(work[i], work[rank], strict=True)]
        rank += 1
    return rank
