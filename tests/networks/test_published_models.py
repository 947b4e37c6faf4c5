"""Models that others have trained, from packages that carry them; skipped where a package is not installed."""

from __future__ import annotations

from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest

onnx = pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from intertwine.networks import read_onnx  # noqa: E402
from intertwine.networks.onnx_files.checking import compare  # noqa: E402

RNG = np.random.default_rng(0)


def speech(length: int, **more: Any) -> dict[str, Any]:
    """A chunk of sound with the state of the recurrent layer."""
    return {"input": RNG.standard_normal((1, length)).astype(np.float32),
            "state": RNG.standard_normal((2, 1, 128)).astype(np.float32), **more}


def image(height: int, width: int) -> dict[str, Any]:
    return {"x": RNG.standard_normal((1, 3, height, width)).astype(np.float32)}


RATES = [speech(576, sr=np.array(16000)), speech(288, sr=np.array(8000))]
PADDED = {"input": RNG.standard_normal((1, 5, 576)).astype(np.float32), "h": np.zeros((1, 1, 128), np.float32),
          "c": np.zeros((1, 1, 128), np.float32)}

# Package, file, inputs, and the least share of the weights of convolutions, linear and recurrent layers that move. What
# stays in the speech models is the recurrent layer: its state is an input and an output of the model.
MODELS: list[tuple[str, str, list[dict[str, Any]], float]] = [
    ("rapidocr_onnxruntime", "models/ch_PP-OCRv4_det_infer.onnx", [image(64, 96)], 1.0),
    ("rapidocr_onnxruntime", "models/ch_PP-OCRv4_rec_infer.onnx", [image(48, 64)], 1.0),
    ("rapidocr_onnxruntime", "models/ch_ppocr_mobile_v2.0_cls_infer.onnx", [image(48, 192)], 1.0),
    ("silero_vad", "data/silero_vad.onnx", RATES, 0.75),
    ("silero_vad", "data/silero_vad_16k_op15.onnx", [speech(576, sr=np.array(16000))], 0.78),
    ("silero_vad", "data/silero_vad_half.onnx", [speech(576)], 0.78),
    ("silero_vad", "data/silero_vad_16k_sequence.onnx", [], 0.78),
    ("silero_vad", "data/silero_vad_op18_ifless.onnx", RATES, 0.75),
    ("silero_vad", "data/silero_vad_openvino_16k.onnx", [speech(576)], 0.78),
    ("magika", "models/standard_v3_3/model.onnx", [{"bytes": RNG.integers(0, 256, (1, 2048)).astype(np.int32)}], 1.0),
]


def located(package: str, file: str) -> Path:
    spec = find_spec(package)
    path = Path(spec.submodule_search_locations[0]) / file if spec and spec.submodule_search_locations else None
    if path is None or not path.is_file():
        pytest.skip(f"{package} is not installed with this model")
    return path


def with_scores(path: Path) -> Any:
    """The model with what goes into its last sigmoid as an output: on noise the sigmoid is zero up to rounding."""
    model = onnx.load(path)
    made = {name: node for node in model.graph.node for name in node.output}
    for output in list(model.graph.output):
        node = made[output.name]
        if node.op_type == "Sigmoid":
            model.graph.output.append(onnx.helper.make_tensor_value_info(node.input[0], 1, None))
            model.graph.output.remove(output)
    return model


@pytest.mark.slow
@pytest.mark.parametrize(("package", "file", "inputs", "share"), MODELS, ids=[m[1].split("/")[-1] for m in MODELS])
def test_outputs_stay_up_to_rounding(package: str, file: str, inputs: list[dict[str, Any]], share: float) -> None:
    network = read_onnx(with_scores(located(package, file)))
    symmetry = network.symmetry()
    assert symmetry.not_understood == ()
    sizes = {name: prod(n for n in shape if isinstance(n, int)) for name, shape in symmetry.shapes.items()
             if sum(n != 1 for n in shape) > 1}
    moving = sum(size for name, size in sizes.items() if name in symmetry.plans)
    assert moving >= share * sum(sizes.values()) > 0
    assert symmetry.moving_parameters >= min(share, 0.99) * symmetry.parameters
    for feeds in inputs or [None]:
        found = compare(network, symmetry, 10, values=feeds)
        # Permutations change the order of summation only; scales and dense matrices may round a little more.
        assert found.deviation <= 20 * found.rounding + 1e-5
        assert found.deviation < 1e-3 and found.elements == 10
