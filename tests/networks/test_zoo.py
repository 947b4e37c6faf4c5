"""The zoo: nothing frozen that need not be, outputs unchanged, dimensions as counted by hand."""

from __future__ import annotations

import copy
import io
import warnings
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from intertwine.networks import TorchNetwork, read_onnx, read_torch  # noqa: E402
from intertwine.networks.symmetry import ParameterSymmetry  # noqa: E402
from tests.networks.modules import deviation, generic  # noqa: E402
from tests.networks.zoo import ZOO  # noqa: E402

pytestmark = pytest.mark.torch

# The continuous dimension, counted from the layers. Where a batch normalisation follows a convolution, each channel has
# a scale before it and, with a rectifier or nothing behind it, one after it.
DIMENSIONS = {
    "resnet": 180 + (72 + 8 + 12 + 16),  # before the normalisations; inside the blocks and along the three streams
    "bottlenecks": 112 + (8 + 12 + 12 + 16 + 16),
    "preactivated": 8 + 2 * 24 + 8,  # the stream, three scales of each block, the last rectifier
    "vgg": 6 + 6 + 8 + 8 + 20 + 20,
    "mobilenet v2": 208 + (6 + 10),  # a rectifier cut at six lets no scale through; the linear bottlenecks do
    "mobilenet v3": 160 + (16 + 16) + 3 * 4 + 10,  # one block with rectifiers, three squeezes, a bottleneck
    "efficientnet": 84 + 6,
    "densenet": 12 + 30 + 48 + 12 + 18 + 9 + 22 + 32 + 8 + 17,
    "convnext": (16 + 16 + 8) + (12 + 12 + 12),  # gains of the normalisations and scales of the layers
    "squeezenet": 8 + 2 * (4 + 6 + 6),
    "inception": 2 * (6 + 26 + 26),
    "u-net": 2 * 80 + 8**2 + 6**2,  # the transposed convolutions are followed by convolutions alone
    "autoencoder": 6 + 8 + 7**2 + 8**2 + 2 * 6,
    "superresolution": 8 + 16 + 6,
    "group norms": 8 + 8,
    "instance norms": 8,
    "weight norm": 8 + 6,  # the lengths of the directions; the next layer's columns cannot be scaled
    "spectral norm": 8,
    "temporal": (8 + 8) + 8 + (6 + 6),
    "wave": 8**2 + 10 + 8,  # the stream is read and written by convolutions alone
    "siamese": 8,
    "lstm": 5**2,
    "gru": 5**2,
    "gpt-2": 2 * 2 * 3 * 4**2 + 4 * 12,  # two bilinear forms for each of three heads, four gains
    "bert": 2 * 2 * 3 * 4**2 + 12,
    "vit": 2 * 2 * 3 * 4**2 + 5 * 12 + 11 * 10 // 2,  # rotations that fix the ones along the stream
    "highway": 8,
    "graph": 8 + 8,
    "radiance": 10 + 10 + 10,
}
# What stays beside the bias of the outputs touches the inputs alone.
STILL = {"siamese": set(), "gpt-2": set(), "instance norms": set(),
         "spectral norm": {"4.bias", "0.parametrizations.weight.0._v"}}
# Positions that a linear layer or a reshape makes, and that convolutions read in their order.
FROZEN = {"autoencoder": "positions", "superresolution": "positions"}
PLAIN = ("resnet", "bottlenecks", "preactivated", "vgg", "mobilenet v2", "mobilenet v3", "efficientnet", "densenet",
         "squeezenet", "inception", "u-net", "autoencoder")


def inputs(name: str) -> Any:
    x = ZOO[name][1]
    return x.double() if x.is_floating_point() else x


def read(name: str) -> tuple[Any, TorchNetwork, ParameterSymmetry]:
    module = generic(ZOO[name][0]())
    network = read_torch(module, inputs(name))
    return module, network, network.symmetry()


def run(module: Any, state: dict[str, Any], x: Any) -> list[Any]:
    other = copy.deepcopy(module)
    other.load_state_dict(state)
    with torch.no_grad():
        return [other(x).numpy()]


@pytest.mark.parametrize("name", ZOO)
def test_a_member(name: str) -> None:
    """One test for each, since reading a module is most of the time."""
    module, network, symmetry = read(name)
    state, x = module.state_dict(), inputs(name)
    assert symmetry.not_understood == ()
    assert bool(symmetry.frozen) == (name in FROZEN)
    assert all(FROZEN[name] in reason for _, reason in symmetry.frozen)
    assert set(network.architecture.weights) <= set(state)
    before = run(module, state, x)
    for seed in range(2):
        moved = network.moved(symmetry.sample(np.random.default_rng(seed)))
        assert deviation(before, run(module, moved, x)) < 1e-10
    # One tensor left behind, and the function is another one.
    largest = max(symmetry.plans, key=lambda n: state[n].numel())
    assert not torch.equal(moved[largest], state[largest])
    behind = [n for n, t in state.items() if t.data_ptr() == state[largest].data_ptr()]
    assert deviation(before, run(module, {**moved, **{n: state[n] for n in behind}}, x)) > 1e-6
    assert symmetry.dimension == DIMENSIONS.get(name, symmetry.dimension)
    biases = [n for n, t in state.items() if n.endswith("bias") and t.dim() == 1]
    assert {n for n in symmetry.shapes if n not in symmetry.plans} == STILL.get(name, {biases[-1]})
    if name in PLAIN:
        weights = {n: t.numel() for n, t in state.items() if t.dim() > 1}
        assert sum(size for n, size in weights.items() if n in symmetry.plans) == sum(weights.values())


@pytest.mark.parametrize("name", ["mobilenet v3", "instance norms", "vit", "wave"])
def test_exported_files_have_the_same_group(name: str) -> None:
    pytest.importorskip("onnxruntime")
    onnx = pytest.importorskip("onnx")
    from intertwine.networks.onnx_files.checking import compare

    module, x = generic(ZOO[name][0]()).float(), ZOO[name][1]
    stream = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, (x,), stream, dynamo=False, input_names=["x"])
    network = read_onnx(onnx.load_from_string(stream.getvalue()))
    symmetry = network.symmetry()
    assert symmetry.frozen == ()
    # The exporter folds batch normalisations into convolutions, and gives every instance normalisation a gain.
    kinds = {type(m).__name__ for m in module.modules()}
    if kinds.isdisjoint({"BatchNorm2d", "InstanceNorm2d"}):
        assert symmetry.dimension == read(name)[2].dimension
    found = compare(network, symmetry, 2, values={"x": x.numpy()})
    assert found.deviation <= 20 * found.rounding + 1e-5
