"""``intertwine network``: the symmetry group of an ONNX model."""

from __future__ import annotations

import json

from intertwine.cli import status
from intertwine.errors import IntertwineError


def run(model: str, as_json: bool, check: int, apply: bool, seed: int, output: str | None) -> int:
    """Derive, perhaps check and write; the exit status says whether anything was not understood."""
    if apply and not output:
        raise IntertwineError("--apply needs a file to write: -o OUT.onnx")
    if output and not apply:
        raise IntertwineError("-o belongs to --apply")
    import numpy as np

    from intertwine.networks.onnx_files import read_onnx

    network = read_onnx(model)
    symmetry = network.symmetry()
    data, lines = symmetry.to_json(), [symmetry.explain()]
    if check:
        from intertwine.networks.onnx_files.checking import compare

        found = compare(network, symmetry, check, seed)
        data["check"] = found.to_json()
        lines.append(f"checked with {check} random elements: relative deviation {found.deviation:.1e}, "
                     f"of permutations alone {found.rounding:.1e}")
    if output:
        from intertwine.networks.onnx_files.checking import write

        write(network.moved(symmetry.sample(np.random.default_rng(seed))), output)
        lines.append(f"written: {output}")
    print(json.dumps(data) if as_json else "\n".join(lines))
    return status.BOUNDED if symmetry.frozen else status.EXACT
