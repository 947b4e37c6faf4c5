"""PyTorch modules as architectures, by ``torch.export`` (needs the extra ``torch``)."""

from __future__ import annotations

from intertwine.networks.torch_modules.reader import TorchNetwork, read_torch

__all__ = ["TorchNetwork", "read_torch"]
