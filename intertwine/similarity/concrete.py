"""The shape of every concrete group that the package derives, on either side of the activation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.linalg import logm

from intertwine.errors import IntertwineError
from intertwine.numeric.arrays import FloatArray
from intertwine.similarity.blocks import Direct, PermutedBlocks, Reordered
from intertwine.similarity.compact import Changed, FixedLine, FixingOrthogonal, ScaledSet
from intertwine.similarity.dense import Linear, LinearQuotient, Orthogonal, Quotient, SortedGroups
from intertwine.similarity.forms import FreeRows, Indefinite
from intertwine.similarity.local import LocalSearch
from intertwine.similarity.scalars import Scales
from intertwine.similarity.scales import conformal_images, image_scales, read_scales
from intertwine.similarity.shapes import CommonScale, ConjugateMonomial, Identity, Monomial, Shape

if TYPE_CHECKING:
    from intertwine.groups import MatrixGroup
    from intertwine.groups.vectors import FormSimilitudes, Represented, ScaledUnit, Similarities
    from intertwine.layers.blocks import Conjugated
    from intertwine.layers.blocks import Linear as LinearBlock
    from intertwine.layers.group import LayerGroup

#: A finite group with more elements than this is not searched element by element.
_MOST = 20_000
#: Powers of the generator of a discrete group of scalings that are tried.
_POWERS = 12


def shape_before(group: MatrixGroup) -> Shape:
    """The matrices A. Groups without a shape of their own are searched along their Lie algebra."""
    from intertwine.groups import vectors as v
    from intertwine.groups.vectors.stabiliser import Stabiliser
    from intertwine.similarity.reading import read_group

    if isinstance(group, v.Similarities):
        return _similarities(group)
    if isinstance(group, v.SharedShift):
        return Quotient(Monomial(group.n, Scales("trivial")))
    if isinstance(group, v.BlockWreath):
        return PermutedBlocks(read_group(group.block, group.block.n).shape, group.m, group.interleaved)
    if isinstance(group, v.GatedPair):
        if group.swap:
            return Monomial(2, Scales("nonzero"))
        return Direct([Monomial(1, read_scales(group.scalars)), Monomial(1, Scales("nonzero"))])
    if isinstance(group, v.PooledBlock):
        return CommonScale(group.n, Scales("positive"))
    if isinstance(group, v.Represented | v.ScaledUnit):
        return Monomial(1, read_scales(group.scalars))
    if isinstance(group, v.AffineStack):
        return Quotient(LinearQuotient(group.n), "one") if group.kind == "unit row sums" else Linear(group.n)
    if isinstance(group, v.GatesApart):
        gates = Monomial(group.m, read_scales(group.scalars))
        return FreeRows(gates, group.m) if group.zero else Direct([gates, Linear(group.m)])
    if isinstance(group, v.SortingGroup):
        return SortedGroups(group.k, group.m, CommonScale(group.k, Scales("nonzero")))
    if isinstance(group, v.BlockTriangular):
        return Reordered(FreeRows(Linear(group.m), group.k), [*range(group.k, group.n), *range(group.k)])
    if isinstance(group, v.Reindexed):
        return Reordered(read_group(group.inner, group.n).shape, group.places)
    if isinstance(group, v.FormSimilitudes):
        return _form(group)
    if isinstance(group, Stabiliser):
        return _generated(group, [a for a, _ in group.representatives()])
    from intertwine.layers.group import LayerGroup

    if isinstance(group, LayerGroup):
        return _layer(group, after=False)
    return _generated(group, [])


def shape_after(group: MatrixGroup) -> Shape:
    """The images φ(A), where they form a group of a known shape."""
    from intertwine.groups import vectors as v
    from intertwine.groups.vectors.stabiliser import Stabiliser
    from intertwine.similarity.reading import read_group

    if isinstance(group, v.Similarities):
        return _similarity_images(group)
    if isinstance(group, v.SharedShift):
        return Monomial(group.n, Scales("trivial"))
    if isinstance(group, v.GatedPair | v.SpikedPair):
        return Monomial(1, Scales("nonzero"))
    if isinstance(group, v.PooledBlock):
        return Monomial(1, Scales("positive"))
    if isinstance(group, v.BlockTriangular):
        return Linear(group.m)
    if isinstance(group, v.BlockWreath):
        inner = read_group(group.block, _images_of(group.block), "after").shape
        return PermutedBlocks(inner, group.m, group.images_interleaved)
    if isinstance(group, v.Reindexed):
        return read_group(group.inner, _images_of(group.inner), "after").shape
    if isinstance(group, v.Represented | v.ScaledUnit):
        return _one_unit(group)
    if isinstance(group, v.GatesApart):
        return Identity(group.m) if group.zero else Linear(group.m)
    if isinstance(group, v.SortingGroup):
        turns = [np.eye(group.k), -np.eye(group.k)[::-1]]
        return SortedGroups(group.k, group.m, ScaledSet(turns, Scales("positive")))
    if isinstance(group, v.FormSimilitudes):
        return Monomial(1, Scales("nonzero" if group.signature[0] == group.signature[1] else "positive"))
    if isinstance(group, Stabiliser):
        images = _floats(group.lie_images())
        size = len(images[0]) if images else len(_floats([b for _, b in group.representatives()])[0])
        return LocalSearch(size, images, lambda rng: group.sample(rng).image.to_matrix(), repr(group))
    from intertwine.layers.group import LayerGroup

    if isinstance(group, LayerGroup):
        return _layer(group, after=True)
    raise IntertwineError(f"behind the activation, the images of {group!r} have no shape that is known here")


def _images_of(group: Any) -> int:
    return int(getattr(group, "image_dimension", group.n))


def _floats(matrices: Sequence[Any]) -> list[FloatArray]:
    return [np.array([[float(e) for e in row] for row in m.tolist()], dtype=np.float64) for m in matrices]


def _vector(values: Sequence[Any]) -> FloatArray:
    return np.array([float(v) for v in values], dtype=np.float64)


def _similarities(group: Similarities) -> Shape:
    """λQ, on the quotient by R·1 where that line is divided out, with a fixed vector where a bias demands one."""
    fixed = _fixed(group)
    # χ(λ)·λQ·v = v with Q orthogonal: Q·v = v, and χ(λ)·λ = 1.
    scales = read_scales(group.scalars)
    if fixed is not None and conformal_images(group.scalars, group.character).type != "trivial":
        scales = Scales()
    inner = Orthogonal(group.n, scales) if fixed is None else FixingOrthogonal(fixed, scales)
    return Quotient(inner) if group.centred else inner


def _fixed(group: Similarities) -> FloatArray | None:
    """β/γ, if it is not zero and, where the line R·1 is divided out, lies in the complement of it."""
    from intertwine.groups import exact

    ratios = [b / c for b, c in zip(group.bias, group.gain, strict=True)]
    if all(exact.is_zero(r) for r in ratios) or (group.centred and not exact.is_zero(sum(ratios))):
        return None
    return _vector(ratios)


def _similarity_images(group: Similarities) -> Shape:
    """χ(λ)·λQ, the identity on R·1 where that was divided out (on the bias, if it lies outside), between the gains."""
    n, fixed = group.n, _fixed(group)
    scales = conformal_images(group.scalars, group.character)
    inner: Shape = Orthogonal(n, scales) if fixed is None else FixingOrthogonal(fixed)
    basis, gamma = np.eye(n), _vector(group.gain)
    off = np.eye(n) - (1 / n if group.centred else 0.0)
    if group.centred:
        inner = FixedLine(inner)
        if fixed is None and any(group.bias):
            basis = off + np.outer(_vector(group.bias) / gamma, np.ones(n)) / n  # 1 goes to β/γ, the rest stays
    basis = gamma[:, None] * basis
    if np.array_equal(basis, np.eye(n)):
        return inner
    algebra = [off] if scales.continuous and fixed is None else []
    for x in _floats(group.lie_algebra()):
        turn = off @ x @ off
        algebra.append((turn - turn.T) / 2)
    back = np.linalg.inv(basis)
    return Changed(inner, basis, [basis @ m @ back for m in algebra if np.abs(m).max() > 1e-12])


def _form(group: FormSimilitudes) -> Shape:
    """AᵀMA = bM in the coordinates C with CᵀMC = diag(±1, …, 0, …)."""
    values, vectors = np.linalg.eigh(_floats([group.form])[0])
    p, q, z = group.signature
    # Positive directions first, then negative ones, then the kernel.
    order = np.argsort([0 if i >= len(values) - p else 1 if i < q else 2 for i in range(len(values))], kind="stable")
    sizes = np.where(np.arange(len(values)) < p + q, 1 / np.sqrt(np.maximum(np.abs(values[order]), 1e-300)), 1.0)
    basis = vectors[:, order] * sizes
    inner: Shape = Orthogonal(p + q, Scales("positive")) if not (p and q) else Indefinite(p, q)
    if z:
        inner = FreeRows(inner, z)
    return Changed(inner, basis, _floats(group.lie_algebra()))


def _one_unit(group: Represented | ScaledUnit) -> Shape:
    """φ(d) for the scalings d of one unit: a scale and a finite set where φ(d) is a power of d, else a curve."""
    m, scalars = group.image_dimension, group.scalars
    turns = [np.eye(m)] + (_floats([group.phi([[-1]])]) if scalars.has_minus_one else [])
    name = f"the images of {group!r}"
    if scalars.generator is not None:
        powers = _floats([group.phi([[scalars.generator**k]]) for k in range(-_POWERS, _POWERS + 1)])
        return LocalSearch(m, [], lambda rng: powers[_POWERS], name, [t @ p for t in turns for p in powers])
    if scalars.type in ("trivial", "sign"):
        return ScaledSet(turns)
    direction = np.real(logm(_floats([group.phi([[2]])])[0])) / np.log(2)
    if np.allclose(direction, direction[0, 0] * np.eye(m), atol=1e-12):
        return ScaledSet(turns, Scales("positive" if abs(direction[0, 0]) > 1e-12 else "trivial"))
    return LocalSearch(m, [direction], lambda rng: group.sample(rng).image.to_matrix(), name, turns)


def _generated(group: Any, representatives: Sequence[Any]) -> Shape:
    """A group known by its Lie algebra and some elements: in full if it is finite up to scale, else by descent."""
    n, algebra = group.n, _floats(group.lie_algebra())
    found = _floats(representatives)
    scales_only = len(algebra) == 1 and np.allclose(algebra[0], algebra[0][0, 0] * np.eye(n))
    if scales_only:
        found = [m / abs(np.linalg.det(m)) ** (1 / n) for m in found]
    elements = _closure(found, n)
    number = getattr(group, "components", None)
    if elements is not None and number is not None and number == len(elements):
        if not algebra:
            return ScaledSet(elements)
        if scales_only:
            return ScaledSet(elements, Scales("positive"))
    known = elements[:64] if elements is not None else found
    return LocalSearch(n, algebra, lambda rng: group.sample(rng).element.to_matrix(), repr(group), known)


def _closure(generators: Sequence[FloatArray], n: int) -> list[FloatArray] | None:
    """All products of some matrices, if there are not too many."""
    found: list[FloatArray] = [np.eye(n)]
    keys = {_rounded(np.eye(n))}
    for element in found:
        for g in generators:
            new = g @ element
            if (key := _rounded(new)) not in keys:
                if len(found) >= _MOST or np.abs(new).max() > 1e6:
                    return None
                keys.add(key)
                found.append(new)
    return found


def _rounded(matrix: FloatArray) -> bytes:
    return bytes((np.rint(matrix * 1e6) + 0.0).tobytes())


def _layer(group: LayerGroup, after: bool) -> Shape:
    """Blocks on places of their own, and the free rows of constants."""
    from intertwine.layers.blocks import Conjugated

    if after and group.constants:
        raise IntertwineError("behind the activation, constant coordinates say nothing; leave them out")
    parts = [_conjugated(b, after) if isinstance(b, Conjugated) else _linear(b, after) for b in group.blocks]
    places = [i for b in group.blocks for i in b.places]
    inner: Shape = parts[0] if len(parts) == 1 else Direct(parts) if parts else Identity(0)
    if group.constants:
        inner = FreeRows(inner, len(group.constants)) if parts else Linear(len(group.constants))
        places += list(group.constants)
    return inner if places == sorted(places) else Reordered(inner, places)


def _conjugated(block: Conjugated, after: bool) -> Shape:
    size = len(block.places)
    scales = image_scales(block.scalars, block.character.numeric()) if after else read_scales(block.scalars)
    return ConjugateMonomial(size, scales, _vector(block.factors if after else block.scales))


def _linear(block: LinearBlock, after: bool) -> Shape:
    """GL, or the matrices that fix a vector: a rotation makes that the vector of ones."""
    size, fixed = len(block.places), block.fixed
    if fixed is None:
        return Linear(size)
    v = _vector(list(block.intercepts) if after else list(fixed))
    if size == 1:
        return Identity(1)
    target, unit = np.full(size, 1 / np.sqrt(size)), v / np.linalg.norm(v)
    normal = target - unit
    square = float(normal @ normal)
    turn = np.eye(size) if square < 1e-30 else np.eye(size) - 2 * np.outer(normal, normal) / square
    return Changed(Quotient(LinearQuotient(size), "one"), turn)
