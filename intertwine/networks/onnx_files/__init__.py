"""ONNX models: their graph as an architecture, and their weights as arrays (needs the extra ``onnx``)."""

from __future__ import annotations

from intertwine.networks.onnx_files.model import OnnxNetwork, read_onnx

__all__ = ["OnnxNetwork", "read_onnx"]
