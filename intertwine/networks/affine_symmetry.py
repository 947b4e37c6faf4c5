"""The symmetry group of a network with the shifts that its biases can take up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from intertwine.errors import IntertwineError
from intertwine.networks.affine_sites import Site
from intertwine.networks.interpreter import Reading
from intertwine.networks.spaces import Signal
from intertwine.networks.symmetry import SPREAD, NetworkSpace, ParameterSymmetry, moving_entries
from intertwine.networks.transformation import Transformation

Array = npt.NDArray[Any]


class AffineSymmetry:
    """The group of a network with affine intertwiners: what acts linearly, and shifts of biases.

    Built by ``Architecture.symmetry(affine=True)``.

    Attributes
    ----------
    linear : ParameterSymmetry
        How the group acts on axes of tensors, shifts left aside. It contains elements (sign changes of a logistic
        layer, say) that keep the network's function only together with their shifts.
    sites : tuple of Site
        Where shifts are made and undone.
    spaces, dimension, log10_discrete_order, frozen, parameters, moving_parameters
        As for :class:`ParameterSymmetry`. Translations by full periods are not counted in ``log10_discrete_order``.
    lattice_rank : int
        The discrete part contains Z to this power, of translations by periods.

    Examples
    --------
    >>> from intertwine.networks import Architecture
    >>> net = Architecture()
    >>> h = net.linear(net.input("x", ("n", 3)), net.weight("W", (8, 3)), net.weight("b", (8,)))
    >>> h = net.activation(h, "sigmoid")
    >>> y = net.output(net.linear(h, net.weight("V", (2, 8)), net.weight("c", (2,))))
    >>> net.symmetry().spaces[0].kind, net.symmetry(affine=True).spaces[0].kind
    ('permutation', 'signed permutation')
    """

    def __init__(self, reading: Reading) -> None:
        self.sites = tuple(s for s in reading.sites.values() if self._placed(reading, s))
        self.linear = ParameterSymmetry(reading)
        self.sites = tuple(s for s in self.sites if s.group is not None or not self.linear.passes_gains(s.before))
        self._helpers = {name for s in reading.sites.values() for name in (s.before, s.after)}
        self._sizes = {s.name: _number(reading.weights[s.bias].shape[0]) for s in self.sites if s.bias}
        self.spaces: tuple[NetworkSpace, ...] = tuple(
            replace(s, axes=tuple(a for a in s.axes if a[0] not in self._helpers)) for s in self.linear.spaces)
        free = sum(self._sizes[s.name] for s in self.sites if s.group is None)
        self.dimension = self.linear.dimension + free
        self.log10_discrete_order = self.linear.log10_discrete_order
        self.lattice_rank = sum(self._sizes[s.name] for s in self.sites if s.period is not None)
        self.frozen, self.parameters = self.linear.frozen, self.linear.parameters
        self.moving_parameters = self.linear.moving_parameters - sum(
            moving_entries(plan) for name, plan in self.linear.plans.items() if name in self._helpers)

    def _placed(self, reading: Reading, site: Site) -> bool:
        """Whether the shifts of a site are possible after all; the axis of a shift alone becomes known here."""
        if site.group is None:
            value = reading.values.get(site.name)
            if not isinstance(value, Signal) or not value.axes or value.pile:
                return False
            reading.moved[site.before] = Signal(value.axes[-1:])
        return site.before in reading.moved

    @property
    def routes(self) -> Mapping[str, Any]:
        """How weights move one by one: not at all here, since a bias moves by what other weights are."""
        raise IntertwineError("elements with shifts act on dictionaries of weights, not on files tensor by tensor: "
                              "use g.apply(weights), or the group without affine=True")

    @property
    def gain_names(self) -> Sequence[str]:
        """The same for gains."""
        return tuple(self.routes)

    def identity(self) -> AffineTransformation:
        """The identity element."""
        return AffineTransformation(self, self.linear.identity(), self._still())

    def _still(self) -> dict[str, Array]:
        return {s.name: np.zeros(self._sizes[s.name]) for s in self.sites if s.group is None or s.period is not None}

    def sample(self, rng: np.random.Generator, spread: float = SPREAD) -> AffineTransformation:
        """A random element; shifts are normally distributed, translations by at most two periods."""
        linear, coordinates = self.linear.sample(rng, spread), self._still()
        for site in self.sites:
            if site.name not in coordinates:
                continue
            size = self._sizes[site.name]
            if site.group is None:
                coordinates[site.name] = np.asarray(spread * rng.standard_normal(size))
                continue
            odd = site.parity(*factors(linear, site, size))
            turns = rng.integers(-2, 3, size) if odd is None else 2 * rng.integers(-1, 1, size) + odd
            coordinates[site.name] = turns.astype(float)
        return AffineTransformation(self, linear, coordinates)

    def apply(self, g: AffineTransformation, weights: Mapping[str, Any]) -> dict[str, Any]:
        """The moved weights; see :meth:`AffineTransformation.apply`."""
        return g.apply(weights)

    def to_json(self) -> dict[str, Any]:
        """As for the linear group, with ``"lattice_rank"`` in addition."""
        spaces = [{"name": s.name, "width": s.width, "copies": s.copies, "kind": s.kind,
                   "axes": [list(a) for a in s.axes]} for s in self.spaces]
        return {**self.linear.to_json(), "moving_parameters": self.moving_parameters, "spaces": spaces,
                "dimension": self.dimension, "lattice_rank": self.lattice_rank}

    def explain(self) -> str:
        """The spaces in lines of text, and where shifts pass."""
        lines = [self.linear.explain()]
        for site in self.sites:
            what = "any shift" if site.group is None else repr(site.group.psi)
            undone = ", ".join(r.bias for r in site.readers)
            lines.append(f"  {site.name}: {what}; made by {site.bias or 'nothing'}, undone by {undone}")
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<affine symmetry: {len(self.spaces)} spaces, dimension {self.dimension}, {len(self.sites)} places>"


def _no_gain(name: str) -> Array:
    raise IntertwineError(f"the gain {name!r} is not known here")


def factors(linear: Transformation, site: Site, size: Any) -> tuple[Array, Array]:
    """What each channel is multiplied by before and after an activation (whatever is permuted)."""
    ones = np.ones(size)
    return linear.act(site.before, ones, _no_gain), linear.act(site.after, ones, _no_gain)


class AffineTransformation:
    """An element of an :class:`AffineSymmetry`: compose with ``@``, invert, apply to weights.

    Attributes
    ----------
    linear : Transformation
        How it acts on axes.
    coordinates : dict of str to array
        For each place with free shifts the shift; for each with a lattice the number of periods.
    """

    def __init__(self, symmetry: AffineSymmetry, linear: Transformation, coordinates: Mapping[str, Array]) -> None:
        self.symmetry = symmetry
        self.linear = linear
        self.coordinates = dict(coordinates)

    def _on(self, name: str, vector: Array) -> Array:
        """The action on what moves as the input at a place."""
        site = next(s for s in self.symmetry.sites if s.name == name)
        return self.linear.act(site.before, vector, _no_gain)

    def __matmul__(self, other: object) -> AffineTransformation:
        if not isinstance(other, AffineTransformation):
            return NotImplemented
        if other.symmetry is not self.symmetry:
            raise IntertwineError("elements of the symmetries of two networks cannot be composed")
        found = {name: c + self._on(name, other.coordinates[name]) for name, c in self.coordinates.items()}
        return AffineTransformation(self.symmetry, self.linear @ other.linear, found)

    def inverse(self) -> AffineTransformation:
        """The inverse element."""
        back = AffineTransformation(self.symmetry, self.linear.inverse(), {})
        found = {name: -back._on(name, c) for name, c in self.coordinates.items()}
        return AffineTransformation(self.symmetry, back.linear, found)

    def apply(self, weights: Mapping[str, Any]) -> dict[str, Any]:
        """The weights moved by this element, in new arrays of the same types.

        Raises
        ------
        IntertwineError
            A weight is missing.
        """
        symmetry = self.symmetry
        plain = {name: value for name, value in weights.items() if name not in symmetry._helpers}
        helpers = {name: np.ones(_length(plan)) for name, plan in symmetry.linear.plans.items()
                   if name in symmetry._helpers}
        found = {name: value for name, value in self.linear.apply({**plain, **helpers}).items() if name in plain}
        added: dict[str, Array] = {}
        for site in symmetry.sites:
            c, d = self._shifts(site, plain)
            if site.bias:
                added[site.bias] = added.get(site.bias, 0.0) + c
            for r in site.readers:
                if r.weight not in found or r.bias not in found:
                    raise IntertwineError(f"the weight {(r.weight, r.bias)[r.weight in found]!r} is missing")
                down = np.tensordot(_numpy(found[r.weight]), d, axes=([r.axis], [0]))
                added[r.bias] = added.get(r.bias, 0.0) - down
        for name, vector in added.items():
            found[name] = _sum(found[name], vector)
        return found

    def _shifts(self, site: Site, weights: Mapping[str, Any]) -> tuple[Array, Array]:
        if site.group is None:
            return self.coordinates[site.name], self.coordinates[site.name]
        reader = site.readers[0]
        if reader.weight not in weights:
            raise IntertwineError(f"the weight {reader.weight!r} is missing")
        a, b = factors(self.linear, site, weights[reader.weight].shape[reader.axis])
        return site.shifts(a, b, self.coordinates.get(site.name))


def _number(size: Any) -> int:
    assert isinstance(size, int)
    return size


def _length(plan: Any) -> int:
    from intertwine.networks.plans import part_size

    return sum(part_size(part) for part in plan[0])


def _numpy(value: Any) -> Array:
    return np.asarray(value.detach().cpu().double() if hasattr(value, "detach") else value, dtype=np.float64)


def _sum(value: Any, vector: Array) -> Any:
    """A vector plus another one, of the type and precision of the first."""
    total = _numpy(value) + vector
    if hasattr(value, "detach"):
        import torch

        return torch.from_numpy(total).to(device=value.device, dtype=value.dtype)
    return total.astype(np.asarray(value).dtype)
