"""Layers whose coordinates have different activations."""

from __future__ import annotations

from intertwine.layers.blocks import Conjugated, Linear
from intertwine.layers.group import LayerGroup
from intertwine.layers.result import LayerIntertwiners, derive_layer

__all__ = ["Conjugated", "LayerGroup", "LayerIntertwiners", "Linear", "derive_layer"]
