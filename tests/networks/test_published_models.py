"""Models that others have trained, from packages that carry them; skipped where a package is not installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")

from intertwine.networks import read_onnx  # noqa: E402
from intertwine.networks.onnx_files.checking import compare  # noqa: E402

# Package, file, and the least share of the parameters on a moving axis; the first has branches, which are frozen.
MODELS = [
    ("silero_vad", "data/silero_vad_half.onnx", 0.5),
    ("silero_vad", "data/silero_vad_16k_sequence.onnx", 0.75),
    ("magika", "models/standard_v3_3/model.onnx", 0.95),
    ("rapidocr_onnxruntime", "models/ch_PP-OCRv4_det_infer.onnx", 0.95),
    ("rapidocr_onnxruntime", "models/ch_PP-OCRv4_rec_infer.onnx", 0.85),
    ("rapidocr_onnxruntime", "models/ch_ppocr_mobile_v2.0_cls_infer.onnx", 0.95),
]


@pytest.mark.slow
@pytest.mark.parametrize(("package", "file", "share"), MODELS)
def test_outputs_stay_up_to_rounding(package: str, file: str, share: float) -> None:
    spec = find_spec(package)
    path = Path(spec.submodule_search_locations[0]) / file if spec and spec.submodule_search_locations else None
    if path is None or not path.is_file():
        pytest.skip(f"{package} is not installed with this model")
    network = read_onnx(path)
    symmetry = network.symmetry()
    assert symmetry.moving_parameters >= share * symmetry.parameters
    try:
        found = compare(network, symmetry, 10)
    except ValueError as error:
        if "cannot run the model" in str(error):
            pytest.skip("no random input fits this model")
        raise
    # Permutations change the order of summation only; scales and dense matrices may round a little more.
    assert found.deviation <= 20 * found.rounding + 1e-5
