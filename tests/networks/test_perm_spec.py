"""Permutation specs against those that were written by hand for git-re-basin and universal neural functionals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from intertwine.errors import IntertwineError
from intertwine.networks import Architecture, PermutationSpec
from intertwine.networks.symmetry import ParameterSymmetry

Axes = dict[str, tuple[str | None, ...]]


def renamed(found: PermutationSpec, wanted: Axes) -> Axes:
    """The found spec with the names of the wanted one, which have to correspond one to one."""
    pairs = {(a, b) for name, axes in wanted.items() for a, b in zip(found.axes_to_perm[name], axes, strict=True)
             if a is not None}
    names = dict(pairs)  # type: ignore[arg-type]
    assert len(pairs) == len(names) == len(set(names.values()))
    assert set(found.perm_to_axes) == set(names)
    return {name: tuple(None if a is None else names[a] for a in found.axes_to_perm[name]) for name in wanted}


def check(symmetry: ParameterSymmetry, wanted: Axes) -> None:
    found = symmetry.perm_spec("git-re-basin")
    assert renamed(found, wanted) == wanted
    pairs = {(p, (name, k)) for name, axes in found.axes_to_perm.items() for k, p in enumerate(axes) if p is not None}
    assert pairs == {(p, place) for p, places in found.perm_to_axes.items() for place in places}
    # The same partition of the moving axes, written with integers.
    numbers = symmetry.perm_spec("unf")
    tied = {}
    for name, axes in found.axes_to_perm.items():
        for k, p in enumerate(axes):
            if p is not None:
                assert tied.setdefault(p, numbers[name][k]) == numbers[name][k]
    assert sorted(tied.values()) == list(range(len(tied)))


def mlp(depth: int) -> Architecture:
    net = Architecture()
    h = net.input("x", ("samples", 4))
    for i in range(depth):
        w = net.weight(f"layer{i}.weight", (6 + i, 4 if i == 0 else 5 + i))
        h = net.activation(net.linear(h, w, net.weight(f"layer{i}.bias", (6 + i,))), "relu")
    w, b = net.weight(f"layer{depth}.weight", (3, 5 + depth)), net.weight(f"layer{depth}.bias", (3,))
    net.output(net.linear(h, w, b))
    return net


@pytest.mark.parametrize("depth", [1, 3])
def test_a_perceptron(depth: int) -> None:
    wanted: Axes = {f"layer{depth}.weight": (None, f"P_{depth - 1}"), f"layer{depth}.bias": (None,)}
    for i in range(depth):
        wanted[f"layer{i}.weight"] = (f"P_{i}", f"P_{i - 1}" if i else None)
        wanted[f"layer{i}.bias"] = (f"P_{i}",)
    check(mlp(depth).symmetry(), wanted)


def test_integers_of_a_perceptron() -> None:
    """As universal neural functionals write two layers, in other numbers: the outputs are tied as well."""
    assert mlp(1).symmetry().perm_spec("unf") == {
        "layer0.weight": (0, 1), "layer0.bias": (0,), "layer1.weight": (2, 0), "layer1.bias": (2,)}


def test_a_residual_layer_has_one_permutation_twice() -> None:
    net = Architecture()
    h = net.linear(net.input("x", (None, 2)), net.weight("W", (5, 2)))
    h = net.add(h, net.activation(net.linear(h, net.weight("R", (5, 5))), "relu"))
    net.output(net.linear(h, net.weight("V", (1, 5))))
    assert net.symmetry().perm_spec().axes_to_perm == {"W": ("P_0", None), "R": ("P_0", "P_0"), "V": (None, "P_0")}


def test_what_the_formats_cannot_say_is_left_out() -> None:
    net = Architecture()
    x = net.input("x", (None, 2))
    a, b = (net.activation(net.linear(x, net.weight(n, (4, 2))), "relu") for n in "AB")
    h = net.activation(net.linear(net.concat(a, b, axis=1), net.weight("C", (3, 8))), "relu")
    net.output(net.linear(h, net.weight("V", (1, 3))))
    symmetry = net.symmetry()
    assert len(symmetry.spaces) == 3
    assert symmetry.perm_spec().axes_to_perm == {
        "A": (None, None), "B": (None, None), "C": ("P_0", None), "V": (None, "P_0")}
    numbers = symmetry.perm_spec("unf")
    # Nothing that is permuted apart in truth is tied.
    assert len({numbers["A"][0], numbers["B"][0], numbers["C"][0], numbers["C"][1]}) == 4
    with pytest.raises(IntertwineError, match="no format 'rebasin'"):
        symmetry.perm_spec("rebasin")  # type: ignore[call-overload]


def vgg(nn: Any) -> tuple[Any, Axes]:
    widths = [4, 4, "pool", 6, 6, "pool", 8, 8, 8, "pool"]
    layers, wanted, before, name = [], {}, (3, None), 0
    for width in widths:
        if width == "pool":
            layers.append(nn.MaxPool2d(2))
            continue
        p, k = f"P_Conv_{name}", len(layers)
        layers += [nn.Conv2d(before[0], width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU()]
        wanted[f"features.{k}.weight"] = (p, before[1], None, None)
        wanted[f"features.{k}.bias"] = (p,)
        wanted.update({f"features.{k + 1}.{t}": (p,) for t in ("weight", "bias", "running_mean", "running_var")})
        before, name = (width, p), name + 1
    model = nn.Sequential()
    model.add_module("features", nn.Sequential(*layers))
    model.add_module("flat", nn.Flatten())
    model.add_module("classifier", nn.Sequential(nn.Linear(8, 10), nn.ReLU(), nn.Linear(10, 3)))
    wanted |= {"classifier.0.weight": ("P_Dense_0", before[1]), "classifier.0.bias": ("P_Dense_0",),
               "classifier.2.weight": (None, "P_Dense_0"), "classifier.2.bias": (None,)}
    return model, wanted


def resnet(torch: Any) -> tuple[Any, Axes]:
    """Three groups of blocks; where the width changes, a convolution stands in the skip connection."""
    nn = torch.nn
    wanted: Axes = {}

    def conv(name: str, p_in: str | None, p_out: str) -> None:
        wanted[f"{name}.weight"] = (p_out, p_in, None, None)

    def norm(name: str, p: str) -> None:
        wanted.update({f"{name}.{t}": (p,) for t in ("weight", "bias", "running_mean", "running_var")})

    class Block(nn.Module):
        def __init__(self, before: int, after: int) -> None:
            super().__init__()
            self.conv1, self.bn1 = nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after)
            self.conv2, self.bn2 = nn.Conv2d(after, after, 3, padding=1, bias=False), nn.BatchNorm2d(after)
            self.shortcut = nn.Sequential() if before == after else nn.Sequential(
                nn.Conv2d(before, after, 1, bias=False), nn.BatchNorm2d(after))

        def forward(self, x: Any) -> Any:
            h = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
            return torch.relu(h + self.shortcut(x))

    blocks: dict[str, Any] = {}
    width = 4
    conv("conv1", None, "P_bg0")
    norm("bn1", "P_bg0")
    for group, after in enumerate((4, 6, 8)):
        for number in range(2):
            name, inner, p = f"layer{group + 1}_{number}", f"P_{group}_{number}_inner", f"P_bg{group}"
            before = p if width == after else f"P_bg{group - 1}"
            blocks[name] = Block(width, after)
            conv(f"{name}.conv1", before, inner)
            norm(f"{name}.bn1", inner)
            conv(f"{name}.conv2", inner, p)
            norm(f"{name}.bn2", p)
            if width != after:
                conv(f"{name}.shortcut.0", before, p)
                norm(f"{name}.shortcut.1", p)
            width = after
    model = nn.Sequential()
    parts = {"conv1": nn.Conv2d(3, 4, 3, padding=1, bias=False), "bn1": nn.BatchNorm2d(4), "relu": nn.ReLU(), **blocks,
             "pool": nn.AdaptiveAvgPool2d(1), "flat": nn.Flatten(), "linear": nn.Linear(8, 5)}
    for name, part in parts.items():
        model.add_module(name, part)
    wanted |= {"linear.weight": (None, "P_bg2"), "linear.bias": (None,)}
    return model, wanted


@pytest.mark.torch
@pytest.mark.parametrize("which", ["vgg", "resnet"])
def test_convolutional_networks(which: str) -> None:
    torch = pytest.importorskip("torch")
    from intertwine.networks import read_torch
    from tests.networks.modules import generic

    model, wanted = vgg(torch.nn) if which == "vgg" else resnet(torch)
    module = generic(model)
    x = torch.randn(2, 3, 8, 8, dtype=torch.double, generator=torch.Generator().manual_seed(0))
    symmetry = read_torch(module, x).symmetry()
    assert set(wanted) == {n for n in module.state_dict() if not n.endswith("num_batches_tracked")}
    check(symmetry, wanted)


@pytest.mark.torch
def test_permuted_weights_compute_the_same() -> None:
    """The published way of applying a spec: one gather along every axis that has a permutation."""
    torch = pytest.importorskip("torch")
    from intertwine.networks import read_torch
    from tests.networks.modules import FAMILIES, deviation, generic, outputs

    rng, moving = np.random.default_rng(0), 0
    for build, x in FAMILIES.values():
        module, x = generic(build()), x.double() if x.is_floating_point() else x
        state = module.state_dict()
        spec = read_torch(module, x).symmetry().perm_spec()
        moving += len(spec.perm_to_axes)
        perm = {p: torch.from_numpy(rng.permutation(state[axes[0][0]].shape[axes[0][1]]))
                for p, axes in spec.perm_to_axes.items()}
        moved = dict(state)
        for name, names in spec.axes_to_perm.items():
            for axis, p in enumerate(names):
                if p is not None:
                    moved[name] = torch.index_select(moved[name], axis, perm[p])
        assert deviation(outputs(module, state, x), outputs(module, moved, x)) < 1e-10
    assert moving >= 20
