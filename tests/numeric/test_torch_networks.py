"""PyTorch networks with every activation of the catalogue that PyTorch implements."""

from __future__ import annotations

import math

import numpy as np
import pytest

import intertwine as iw
from intertwine.activations import CATALOGUE
from intertwine.numeric import transform_network

torch = pytest.importorskip("torch")
nn = torch.nn
pytestmark = pytest.mark.torch

WIDTHS = (6, 12, 10, 3)

# The catalogue's name, and PyTorch's own kernel with the catalogue's default parameters.
KERNELS = {
    "identity": nn.Identity(),
    "relu": nn.ReLU(),
    "relu6": nn.ReLU6(),
    "relu2": lambda t: torch.relu(t) ** 2,
    "relu3": lambda t: torch.relu(t) ** 3,
    "leaky_relu": nn.LeakyReLU(),
    "prelu": nn.PReLU(dtype=torch.float64),
    "rrelu": nn.RReLU().eval(),
    "threshold": nn.Threshold(0.1, 20.0),
    "elu": nn.ELU(),
    "celu": nn.CELU(),
    "selu": nn.SELU(),
    "gelu": nn.GELU(),
    "gelu_tanh": nn.GELU(approximate="tanh"),
    "silu": nn.SiLU(),
    "mish": nn.Mish(),
    # The numerical threshold is out of reach, as in the catalogue.
    "softplus": nn.Softplus(threshold=500.0),
    "softsign": nn.Softsign(),
    "sigmoid": nn.Sigmoid(),
    "log_sigmoid": nn.LogSigmoid(),
    "hard_sigmoid": nn.Hardsigmoid(),
    "hard_swish": nn.Hardswish(),
    "hard_tanh": nn.Hardtanh(),
    "hard_shrink": nn.Hardshrink(),
    "soft_shrink": nn.Softshrink(),
    "tanh_shrink": nn.Tanhshrink(),
    "tanh": nn.Tanh(),
    "exponential": torch.exp,
    "arctan": torch.atan,
    "arcsinh": torch.asinh,
    "erf": torch.erf,
    "sin": torch.sin,
    "cos": torch.cos,
    "sinc": lambda t: torch.sinc(t / math.pi),
    "square": torch.square,
    "cube": lambda t: t**3,
    "absolute": torch.abs,
    "signum": torch.sign,
    "step": lambda t: torch.heaviside(t, torch.tensor(0.5, dtype=t.dtype)),
    "probit": torch.special.ndtr,
}


def test_every_activation_of_pytorch_is_here():
    assert {name for name, entry in CATALOGUE.items() if entry.source.startswith("torch.")} <= set(KERNELS)


class Network(nn.Module):
    def __init__(self, sigma):
        super().__init__()
        self.sigma = sigma
        self.layers = nn.ModuleList(
            nn.Linear(m, n, dtype=torch.float64) for m, n in zip(WIDTHS, WIDTHS[1:], strict=False)
        )

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = self.sigma(layer(x))
        return self.layers[-1](x)

    def arrays(self):
        """The parameters as numpy arrays that share PyTorch's memory."""
        return (
            [layer.weight.detach().numpy() for layer in self.layers],
            [layer.bias.detach().numpy() for layer in self.layers],
        )


@pytest.mark.parametrize("name", KERNELS)
def test_group_elements_leave_the_output_alone(name):
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        network = Network(KERNELS[name])
        x = torch.randn(64, WIDTHS[0], dtype=torch.float64)
        expected = network(x).numpy()
        weights, biases = network.arrays()
        originals = [array.copy() for array in (*weights, *biases)]
        groups = [iw.derive(name)(n) for n in WIDTHS[1:-1]]
        for seed in range(5):
            rng = np.random.default_rng(seed)
            for array, original in zip((*weights, *biases), originals, strict=True):
                array[...] = original
            transform_network(weights, biases, [H.sample(rng) for H in groups], inplace=True)
            assert not np.allclose(weights[0], originals[0])
            error = np.abs(network(x).numpy() - expected).max()
            assert error <= 1e-10 * np.abs(expected).max()


@pytest.mark.parametrize(("name", "other"), [("sigmoid", "tanh"), ("gelu", "relu"), ("tanh", "relu"), ("relu", "cube")])
def test_the_group_of_another_activation_changes_the_output(name, other):
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        network = Network(KERNELS[name])
        x = torch.randn(64, WIDTHS[0], dtype=torch.float64)
        expected = network(x).numpy()
        rng = np.random.default_rng(0)
        transform_network(*network.arrays(), [iw.derive(other)(n).sample(rng) for n in WIDTHS[1:-1]], inplace=True)
        assert np.abs(network(x).numpy() - expected).max() > 1e-3 * np.abs(expected).max()
