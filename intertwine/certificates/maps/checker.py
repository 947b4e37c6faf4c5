"""The check of a certificate of a map: every statement in it, by means of its own."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

from intertwine.certificates.maps.borders import tangent
from intertwine.certificates.maps.counting import Verified, count
from intertwine.certificates.maps.functions import At, Outside, Unclear, read, replaced, slope
from intertwine.certificates.maps.plausible import doubt
from intertwine.certificates.maps.quotients import Forms, TooHard
from intertwine.certificates.maps.removable import filled
from intertwine.certificates.maps.walls import with_all_sides
from intertwine.errors import CertificateError
from intertwine.terms import Term, add, mul, num

MOST = 6
SAMPLES = 24
Point = tuple[Fraction, ...]
Matrix = list[list[Term]]


def check(data: Mapping[str, Any], seconds: float = 60.0) -> bool:
    """Verify a certificate of a map.

    Raises
    ------
    CertificateError
        Something does not hold, or is out of reach; one line says what.
    """
    before = ctx.prec
    try:
        return _Check(data, time.monotonic() + seconds).run()
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, ZeroDivisionError) as error:
        if isinstance(error, CertificateError):
            raise
        raise CertificateError(f"the certificate is not well formed ({type(error).__name__})") from None
    except (Outside, Unclear):
        raise CertificateError("a function is not defined at a point where it is used") from None
    except TimeoutError:
        raise CertificateError("the check ran out of time") from None
    except (TooHard, RecursionError, OverflowError):
        raise CertificateError("an identity is out of reach of the check") from None
    finally:
        ctx.prec = before


def counts(data: Mapping[str, Any], seconds: float = 60.0) -> bool:
    """Whether the check can count the components of a certificate itself; nothing is said on whether it is right."""
    before = ctx.prec
    try:
        return _Check(data, time.monotonic() + seconds).counted() is not None
    except (CertificateError, Outside, Unclear, TooHard, TimeoutError, ZeroDivisionError):
        return False
    finally:
        ctx.prec = before


class _Check:
    def __init__(self, data: Mapping[str, Any], end: float) -> None:
        self.data, self.end = data, end
        self.n = int(data["variables"])
        self.claim = data["claim"]
        texts = data["map"]
        _demand(data["schema"] == 1 and data["mode"] == "map", "a certificate of another form")
        _demand(set(self.claim) == {"dimension", "unique", "components", "counted"}
                and set(self.claim["components"]) == {"order", "exact"}, "a claim of another form")
        _demand(self.data["status"] in ("exact", "bounded"), "a status of another name")
        _demand(1 <= self.n <= MOST and 1 <= len(texts) <= MOST, "a map of another size")
        self.map = [filled(read(t, self.n)) for t in texts]
        self.m = len(self.map)
        self.basis = [int(b) for b in data["basis"]]
        _demand(len(set(self.basis)) == len(self.basis) and all(0 <= b < self.m for b in self.basis), "no basis")
        self.tau = [self.map[b] for b in self.basis]
        self.d = len(self.tau)
        self.points = self._sample()
        self.forms = Forms(end)

    def run(self) -> bool:
        """Everything in turn."""
        self._independent()
        self._dependent()
        algebra = [(self._matrix(e["x"], self.n, self.n), self._matrix(e["y"], self.d, self.d))
                   for e in self.data["algebra"]]
        for x, y in algebra:
            self._infinitesimal(x, y)
            for t in self.map:
                _demand(tangent(t, x, self.points, self.forms), "a member is not tangent to a border")
        self._independent_matrices([x for x, _ in algebra])
        upper = self._upper()
        _demand(self.claim["dimension"] == len(algebra), "the dimension is not that of the algebra")
        if self.data["status"] == "exact":
            _demand(upper == len(algebra), "the dimension is not bounded by the rank")
        elements = [(self._matrix(e["a"], self.n, self.n), self._matrix(e["b"], self.m, self.m))
                    for e in self.data["elements"]]
        for a, b in elements:
            self._element(a, b)
        self._different([a for a, _ in elements])
        self._components([a for a, _ in elements])
        self._count([x for x, _ in algebra], [a for a, _ in elements])
        for item in self.data["refuted"]:
            self._refuted(item)
        _demand(self.claim["unique"] is (self.d == self.m), "whether B is unique")
        return True

    # -- points --------------------------------------------------------------------------------
    def _sample(self) -> list[Point]:
        """Points of the domain off the breaks; of a generic kind, not those of the search."""
        rng = random.Random(314159)
        found: list[Point] = []
        ctx.prec = 128
        for _ in range(60 * SAMPLES):
            if len(found) == SAMPLES:
                break
            p = tuple(Fraction(rng.randint(-999, 999), rng.choice((101, 211, 307, 503))) for _ in range(self.n))
            try:
                at = At(p)
                for t in self.map:
                    at.of(t)
                    at.smooth(t)
            except (Outside, Unclear):
                continue
            found.append(p)
        _demand(bool(found), "no point of the domain was found")
        return with_all_sides(self.map, found, self.n)

    def _matrix(self, rows: Any, height: int, width: int) -> Matrix:
        _demand(isinstance(rows, list) and len(rows) == height and all(len(r) == width for r in rows), "a matrix")
        result = [[read(e, 0) for e in row] for row in rows]
        _demand(not any(node.op.startswith("x") for row in result for t in row for node in t.walk()), "a constant")
        return result

    def _point(self, given: Any) -> Point:
        _demand(isinstance(given, list) and len(given) == self.n, "a point")
        return tuple(Fraction(c) for c in given)

    # -- the space of functions --------------------------------------------------------------------
    def _independent(self) -> None:
        points = [self._point(p) for p in self.data["independence"]]
        _demand(len(points) == self.d, "one point for each function of the basis")
        for bits in (192, 512, 1536):
            ctx.prec = bits
            rows = []
            for p in points:
                at = At(p)
                rows.append([at.of(t) for t in self.tau])
            if not self.d or arb_mat(rows).det() != 0:
                return
        raise CertificateError("the basis is not seen to be independent")

    def _dependent(self) -> None:
        expressed = self._matrix(self.data["expressed"], self.m, self.d)
        for t, row in zip(self.map, expressed, strict=True):
            self._vanishes([(num(1), t), *((_minus(c), u) for c, u in zip(row, self.tau, strict=True))])

    def _vanishes(self, parts: Sequence[tuple[Term, Term]], more: Sequence[list[arb]] = ()) -> None:
        """A combination of functions is zero: on the smooth branch at every sample point."""
        seen: set[Term] = set()
        ctx.prec = 160
        places: list[At] = [*(At(p) for p in self.points), *(At(q) for q in more)]
        for k, at in enumerate(places):
            try:
                total = add(*(mul(c, at.smooth(t)) for c, t in parts))
            except (Outside, Unclear) as error:
                if isinstance(error, Unclear) and k >= len(self.points):
                    continue
                raise CertificateError("a function is not defined where another is") from None
            if total in seen:
                continue
            seen.add(total)
            value = At(at.point).of(total)
            _demand(bool(value.contains(0)), "an identity fails at a point")
            _demand(self.forms.zero(total), "an identity is not confirmed")

    # -- the Lie algebra ---------------------------------------------------------------------------
    def _infinitesimal(self, x: Matrix, y: Matrix) -> None:
        images = [add(*(mul(x[j][k], Term(f"x{k + 1}")) for k in range(self.n))) for j in range(self.n)]
        seen: set[Term] = set()
        for i in range(self.d):
            for p in self.points:
                ctx.prec = 160
                at = At(p)
                smooth = [at.smooth(t) for t in self.tau]
                total = add(*(mul(slope(smooth[i], j), images[j]) for j in range(self.n)),
                            *(mul(_minus(y[i][k]), smooth[k]) for k in range(self.d)))
                if total in seen:
                    continue
                seen.add(total)
                _demand(bool(At(p).of(total).contains(0)), "an infinitesimal identity fails at a point")
                _demand(self.forms.zero(total), "an infinitesimal identity is not confirmed")

    def _independent_matrices(self, matrices: Sequence[Matrix]) -> None:
        if not matrices:
            return
        rows = [[t for row in m for t in row] for m in matrices]
        if all(t.value is not None for row in rows for t in row):
            exact = fmpq_mat([[fmpq(t.value.numerator, t.value.denominator) for t in row if t.value is not None]
                              for row in rows])
            _demand(exact.rank() == len(rows), "the members are not independent")
            return
        ctx.prec = 256
        gram = arb_mat([[At([]).of(t) for t in row] for row in rows])
        _demand(bool((gram * gram.transpose()).det() != 0), "the members are not independent")

    def _upper(self) -> int:
        """Unknowns minus a rank that one minor proves."""
        rank = self.data["rank"]
        n, d = self.n, self.d
        width = n * n + d * d
        for bits in (int(rank["bits"]), 2 * int(rank["bits"])):
            _demand(32 <= bits <= 8192, "a working precision")
            ctx.prec = bits
            rows: list[list[arb]] = []
            for given in rank["points"]:
                at = At(self._point(given))
                for i in range(d):
                    smooth = at.smooth(self.tau[i])
                    row = [at.of(slope(smooth, j)) * at.point[k] for j in range(n) for k in range(n)]
                    image = [arb(0)] * (d * d)
                    image[i * d : (i + 1) * d] = [-at.of(t) for t in self.tau]
                    rows.append(row + image)
            for jump in rank["jumps"]:
                rows.append(self._jump(jump))
            chosen, columns = [int(i) for i in rank["rows"]], [int(k) for k in rank["columns"]]
            _demand(len(set(chosen)) == len(chosen) == len(columns) == len(set(columns)), "a minor")
            if not chosen or arb_mat([[rows[i][k] for k in columns] for i in chosen]).det() != 0:
                return width - len(chosen)
        raise CertificateError("the minor is not seen to be different from zero")

    def _jump(self, jump: Mapping[str, Any]) -> list[arb]:
        """A border of the domain or a jump at a point: the map differs on the two sides, however near."""
        p, normal = self._point(jump["point"]), self._point(jump["normal"])
        sides = []
        for s in (1, -1):
            states: list[tuple[arb, ...] | None] = []
            for k in (20, 40, 60):
                q = tuple(c + s * v / 2**k for c, v in zip(p, normal, strict=True))
                try:
                    at = At(q)
                    states.append(tuple(at.of(t) for t in self.map))
                except Outside:
                    states.append(None)
            sides.append(states)
        apart = all((a is None) != (b is None) or (a is not None and b is not None and any(
            abs(u - v) > arb(2) ** -12 for u, v in zip(a, b, strict=True))) for a, b in zip(*sides, strict=True))
        _demand(apart, "no jump is seen")
        row = [arb(fmpq((a * b).numerator, (a * b).denominator)) for a in normal for b in p]
        return row + [arb(0)] * (self.d * self.d)

    # -- elements ----------------------------------------------------------------------------------
    def _element(self, a: Matrix, b: Matrix) -> None:
        _demand(_invertible(a), "an element that is not invertible")
        _demand(_invertible(b), "an image that is not invertible")
        rows = {i: add(*(mul(a[i][j], Term(f"x{j + 1}")) for j in range(self.n))) for i in range(self.n)}
        after = [replaced(t, rows) for t in self.map]
        ctx.prec = 160
        back = arb_mat([[At([]).of(t) for t in row] for row in a]).inv()
        # The pieces of σ(Ax) are those of σ, moved by the inverse.
        moved = [[sum((back[i, j] * c for j, c in enumerate(At(p).point)), arb(0)) for i in range(self.n)]
                 for p in self.points]
        for i in range(self.m):
            self._vanishes([(num(1), after[i]), *((_minus(b[i][k]), self.map[k]) for k in range(self.m))], moved)

    def _different(self, elements: Sequence[Matrix]) -> None:
        ctx.prec = 160
        balls = [[At([]).of(t) for row in a for t in row] for a in elements]
        for i, u in enumerate(balls):
            for v in balls[:i]:
                _demand(any(x != y for x, y in zip(u, v, strict=True)), "an element is given twice")

    def _components(self, elements: list[Matrix]) -> None:
        """The number of components: a number, and the order of the group itself where that is finite and rational."""
        claim = self.claim["components"]
        order = int(claim["order"])
        _demand(order >= 1 and claim["order"] == str(order), "the number of components is no number")
        _demand(claim["exact"] is (self.data["status"] == "exact"), "whether the number of components is exact")
        plain = [[[t.value for t in row] for row in a] for a in elements]
        if self.claim["dimension"] or any(v is None for a in plain for row in a for v in row):
            return
        one = fmpq_mat(self.n, self.n, [int(i % (self.n + 1) == 0) for i in range(self.n**2)])
        found, queue = {str(one)}, [one]
        moves = [fmpq_mat([[fmpq(v.numerator, v.denominator) for v in row if v is not None] for row in a])
                 for a in plain]
        while queue and len(found) <= order:
            g = queue.pop()
            for h in moves:
                if str(g * h) not in found:
                    found.add(str(g * h))
                    queue.append(g * h)
        _demand(len(found) == order or self.data["status"] != "exact", "the order of the group is another one")

    def _count(self, algebra: list[Matrix], elements: list[Matrix]) -> None:
        """The number of components again, where a method of the check gives it."""
        claim = self.claim["components"]
        complete = self.data["status"] == "exact"
        found = None
        if complete:
            found = self._from_quotient() if self.data["quotient"] is not None else self._own_count(algebra, elements)
        _demand(found is None or found == int(claim["order"]), "the number of components is another one")
        _demand(self.claim["counted"] is (found is not None), "whether the number of components is checked")
        if found is None:
            frame = self._matrix(self.data["frame"], self.n, self.n)
            why = doubt(Verified(self.n, self.map, self.tau, self.points, algebra, elements, self._leaves, frame),
                        int(claim["order"]), complete)
            _demand(not why, why)

    def counted(self) -> int | None:
        """The number of components as the check counts them, from what the certificate says of the rest."""
        if self.data["quotient"] is not None:
            inner = self.data["quotient"]["certificate"]
            return 2 if inner is None or inner["claim"]["counted"] else None
        return self._own_count([self._matrix(e["x"], self.n, self.n) for e in self.data["algebra"]],
                               [self._matrix(e["a"], self.n, self.n) for e in self.data["elements"]])

    def _own_count(self, algebra: list[Matrix], elements: list[Matrix]) -> int | None:
        frame = self._matrix(self.data["frame"], self.n, self.n)
        return count(Verified(self.n, self.map, self.tau, self.points, algebra, elements, self._leaves, frame))

    def _from_quotient(self) -> int | None:
        """Twice the number for the quotient by the space W of directions along which the map does not change."""
        still, inner = self.data["quotient"]["still"], self.data["quotient"]["certificate"]
        w = fmpq_mat([[fmpq(c.numerator, c.denominator) for c in self._point(row)] for row in still])
        reduced, rank = w.rref()
        _demand(w.nrows() == rank >= 1, "independent directions")
        pivots = [next(j for j in range(self.n) if reduced[i, j] != 0) for i in range(rank)]
        kept = [j for j in range(self.n) if j not in pivots]
        # The coordinates of x modulo W: x_k - Σ x_p w_p[k] for the kept k.
        modulo = {k: add(Term(f"x{j + 1}"), *(mul(num(Fraction(-int(reduced[i, j].p), int(reduced[i, j].q))),
                                                  Term(f"x{p + 1}")) for i, p in enumerate(pivots)))
                  for k, j in enumerate(kept)}
        if not kept:
            _demand(inner is None, "no quotient")
            _demand(self.claim["dimension"] == self.n**2, "a map that is constant")
            return 2
        _demand(int(inner["variables"]) == len(kept) and len(inner["map"]) == self.m, "a quotient of another size")
        for t, text in zip(self.map, inner["map"], strict=True):
            below = replaced(filled(read(text, len(kept))), modulo)
            self._vanishes([(num(1), t), (num(-1), below)])
        self._all_directions(len(kept))
        nested = _Check(inner, self.end)
        nested.run()
        _demand(inner["status"] == "exact", "the quotient is not exact")
        return 2 * int(inner["claim"]["components"]["order"]) if inner["claim"]["counted"] else None

    def _all_directions(self, codimension: int) -> None:
        """The gradients span a space of at least the given dimension: there are no more directions without change."""
        ctx.prec = 256
        rows = [[arb(fmpq(c.numerator, c.denominator)) for c in self._point(jump["normal"])]
                for jump in self.data["rank"]["jumps"]]  # these were looked at for the dimension
        for p in self.points:
            at = At(p)
            try:
                rows += [[at.of(slope(at.smooth(t), j)) for j in range(self.n)] for t in self.tau]
            except (Outside, Unclear):
                continue
        best: list[list[arb]] = []
        for row in rows:
            gram = arb_mat([*best, row])
            if (gram * gram.transpose()).det() != 0:
                best.append(row)
            if len(best) == codimension:
                return
        raise CertificateError("more directions along which the map may not change")

    def _refuted(self, item: Mapping[str, Any]) -> None:
        a = self._matrix(item["a"], self.n, self.n)
        points = [self._point(p) for p in item["points"]]
        for bits in (192, 512, 1536):
            ctx.prec = bits
            balls = [[At([]).of(t) for t in row] for row in a]
            if item["kind"] == "domain":
                if any(self._leaves(balls, p) for p in [*points, *self.points]):
                    return
                continue
            f = self.map[int(item["function"])]
            rows = []
            for p in points:
                at = At(p)
                moved = At([sum((e * c for e, c in zip(row, at.point, strict=True)), arb(0)) for row in balls])
                rows.append([at.of(t) for t in self.tau] + [moved.of(f)])
            _demand(len(rows) == self.d + 1, "a refutation of another size")
            if arb_mat(rows).det() != 0:
                return
        raise CertificateError("a refutation is not confirmed")

    def _leaves(self, balls: list[list[arb]], p: Point) -> bool:
        """Whether A or its inverse takes a point of the domain out of it."""
        inverse = arb_mat(balls).inv()
        for rows in (balls, [[inverse[i, j] for j in range(self.n)] for i in range(self.n)]):
            at = At(p)
            try:
                for t in self.map:
                    at.of(t)
            except (Outside, Unclear):
                continue
            moved = At([sum((e * c for e, c in zip(row, at.point, strict=True)), arb(0, arb(2) ** -40))
                        for row in rows])
            for t in self.map:
                try:
                    moved.of(t)
                except Outside:
                    return True
                except Unclear:
                    continue
        return False


def _invertible(matrix: Matrix) -> bool:
    for bits in (256, 1024, 4096):
        ctx.prec = bits
        if arb_mat([[At([]).of(t) for t in row] for row in matrix]).det() != 0:
            return True
    return False


def _minus(t: Term) -> Term:
    return mul(num(-1), t)


def _demand(condition: bool, what: str) -> None:
    if not condition:
        raise CertificateError(f"the certificate does not hold: {what}")
