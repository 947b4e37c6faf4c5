"""Random elements of a group of affine maps of the line, with their images: exact ones, and arrays of floats.

An element is made from coordinates: whether it is flipped, and a power k of the generator or a real parameter u, the
logarithm of a dilation or a translation. Source and image are both computed from these, so that no element has to be
recognised from its digits.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import sympy as sp

from intertwine.errors import IntertwineError
from intertwine.groups import exact
from intertwine.groups.affine.characters import AffineCharacter
from intertwine.groups.affine.map import AffineMap
from intertwine.groups.affine.rules import Exponential, Generated, Logarithm, Power
from intertwine.groups.affine.scalars import AffineScalarGroup
from intertwine.numeric import sample_scales
from intertwine.numeric.arrays import FloatArray

_Maps = tuple[FloatArray, FloatArray]
_Flips = npt.NDArray[np.bool_]


def exact_element(group: AffineScalarGroup, rng: np.random.Generator) -> AffineMap:
    """A random exact element with small numbers; not uniform in any sense.

    Examples
    --------
    >>> T = AffineScalarGroup.dihedral(sp.pi, 1)
    >>> exact_element(T, np.random.default_rng(0)) in T
    True
    """
    flipped = bool(rng.integers(2)) and group.scalars.has_minus_one
    element = AffineMap.identity()
    if group.is_discrete:
        step, mirror = group.generator_map, group.reflection_map
        element = element if step is None else step ** int(rng.integers(-3, 4))
        return element @ mirror if flipped and mirror is not None else element
    origin = sp.S.Zero if group.centre is None else group.centre
    if not group.scalars.is_discrete:
        a = sp.Rational(int(rng.integers(1, 6)), int(rng.integers(1, 6)))
        element = AffineMap.dilation(-a if flipped else a, origin)
    if group.type in ("translations", "affine-line"):
        element = AffineMap.translation(sp.Rational(int(rng.integers(-6, 7)), int(rng.integers(1, 4)))) @ element
    return element


def sample_maps(psi: AffineCharacter, rng: np.random.Generator, n: int, spread: float) -> tuple[_Maps, _Maps]:
    """Random elements (a, c) of the domain of ψ and their images (b, d), as float arrays of shape (n,).

    Parameters
    ----------
    psi : AffineCharacter
        Not on Aff(R).
    rng : numpy.random.Generator
        The source of randomness.
    n : int
        How many.
    spread : float
        The standard deviation of log a, or of log b where only b grows, cut at three; for discrete groups see
        :func:`~intertwine.numeric.sample_scales`.

    Returns
    -------
    ((a, c), (b, d))
    """
    group, rule = psi.group, psi.rule
    flips: _Flips = rng.integers(2, size=n) == 1
    if not group.scalars.has_minus_one:
        flips = np.zeros(n, dtype=np.bool_)
    if isinstance(rule, Generated):
        k = _exponents(group, rule, rng, n, spread)
        source = _words(group.generator_map, group.reflection_map, k, flips)
        return source, _words(rule.generator, rule.reflection, k, flips)
    if group.type == "affine-line":
        raise IntertwineError("elements of Aff(R) are not sampled one coordinate at a time")
    logs = np.log(sample_scales(rng, n, "positive", spread))
    if group.type == "translations":
        if not isinstance(rule, Exponential):
            return (np.ones(n), logs), _shifts(exact.to_float(psi((1, 1)).c), logs)
        rate = exact.to_float(rule.rate)
        return (np.ones(n), logs / rate), _dilations(logs, flips, rule.offset)
    source = _dilations(logs, flips, group.centre)
    if isinstance(rule, Logarithm):
        return source, _shifts(exact.to_float(rule.logarithm), logs)
    assert isinstance(rule, Power)
    return source, _dilations(exact.to_float(rule.degree) * logs, flips & (rule.sign == 1), rule.offset)


def _exponents(
    group: AffineScalarGroup, rule: Generated, rng: np.random.Generator, n: int, spread: float
) -> FloatArray:
    """Integers k, as floats, so that the powers gᵏ and their images stay well conditioned."""
    if rule.generator is None:
        return np.zeros(n)
    number = group.scalars.generator if group.scalars.generator is not None else rule.generator.a
    size = abs(exact.to_float(number))
    # Translations that only flip signs or shift have no growth to limit; a factor of e gives small exponents.
    unit = max(size, 1 / size) if abs(np.log(size)) > 0.1 else float(np.e)
    return np.asarray(np.rint(np.log(sample_scales(rng, n, "cyclic", spread, unit)) / np.log(unit)))


def _dilations(logs: FloatArray, flips: _Flips, centre: sp.Expr | None) -> _Maps:
    """The maps t ↦ p + a(t - p) with a = ±e^log."""
    p = 0.0 if centre is None else exact.to_float(centre)
    a = np.exp(logs)
    # For a near 1 the difference 1 - a is taken without cancellation.
    return np.where(flips, -a, a), p * np.where(flips, 1 + a, -np.expm1(logs))


def _shifts(factor: float, amounts: FloatArray) -> _Maps:
    return np.ones(len(amounts)), factor * amounts


def _words(step: AffineMap | None, mirror: AffineMap | None, k: FloatArray, flips: _Flips) -> _Maps:
    """The maps gᵏ∘ρᵉ."""
    a, c = _powers(step, k)
    if mirror is None:
        return a, c
    b, d = exact.to_float(mirror.a), exact.to_float(mirror.c)
    return np.where(flips, a * b, a), np.where(flips, a * d + c, c)


def _powers(step: AffineMap | None, k: FloatArray) -> _Maps:
    if step is None:
        return np.ones(len(k)), np.zeros(len(k))
    centre = step.fixed_point
    if centre is None:
        return _shifts(exact.to_float(step.c), k)
    a = np.power(exact.to_float(step.a), k)
    return a, exact.to_float(centre) * (1 - a)
