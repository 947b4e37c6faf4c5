"""Files of weights, moved tensor by tensor: ONNX models, ``.safetensors`` files and sharded checkpoints."""

from __future__ import annotations

from intertwine.networks.files.transforming import transform_file, transform_files

__all__ = ["transform_file", "transform_files"]
