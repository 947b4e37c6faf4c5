"""``intertwine network``: the symmetry group of an ONNX model."""

from __future__ import annotations

import json
import zipfile
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intertwine.cli import status
from intertwine.errors import IntertwineError

if TYPE_CHECKING:
    from intertwine.networks import OnnxNetwork, ParameterSymmetry

_MEMBERS = ("schema", "parameters", "spaces", "dimension", "log10_discrete_order", "frozen")
_SPACE = ("name", "width", "kind", "axes")


def run(options: Namespace) -> int:
    """Derive, perhaps check and write; the exit status says whether anything was not understood."""
    if options.apply and not options.output:
        raise IntertwineError("--apply needs a file to write: -o OUT.onnx")
    if options.output and not options.apply:
        raise IntertwineError("-o belongs to --apply")
    if (options.inputs or options.input_shape) and not options.check:
        raise IntertwineError("--inputs and --input-shape belong to --check N")
    import numpy as np

    from intertwine.networks.onnx_files import read_onnx

    network = read_onnx(options.model)
    symmetry = network.symmetry()
    data, lines = _contract(symmetry.to_json()), [symmetry.explain()]
    found = status.BOUNDED if symmetry.not_understood else status.EXACT
    if options.check:
        comparison = _compare(network, symmetry, options)
        data["check"] = comparison.to_json()
        lines.append(str(comparison))
        found = found if comparison.unchanged else status.CHANGED
    if options.output:
        try:
            network.write(symmetry.sample(np.random.default_rng(options.seed)), options.output)
        except OSError as error:  # the name in it is that of a file on the way
            raise IntertwineError(f"{options.output} cannot be written: {error.strerror or error}") from None
        lines.append(f"written: {options.output}")
    print(json.dumps(data) if options.json else "\n".join(lines))
    return found


def _compare(network: OnnxNetwork, symmetry: ParameterSymmetry, options: Namespace) -> Any:
    from intertwine.networks.onnx_files.checking import compare

    names = [i.name for i in network.outline.graph.input]
    shapes = dict(_shape(text, names) for text in options.input_shape)
    return compare(network, symmetry, options.check, options.seed, shapes, _values(options.inputs))


def _contract(data: dict[str, Any]) -> dict[str, Any]:
    """The members that the format has."""
    found = {name: data[name] for name in _MEMBERS}
    found["spaces"] = [{name: space[name] for name in _SPACE} for space in data["spaces"]]
    return found


def _shape(text: str, names: list[str]) -> tuple[str, list[int]]:
    """An input and its shape, from text like ``image=1x3x224x224``; the name may be left out if there is one input."""
    name, equals, sizes = text.rpartition("=")
    if not equals and len(names) == 1:
        name = names[0]
    numbers = sizes.replace(",", "x").split("x") if sizes else []
    if not name or not all(n.isascii() and n.isdigit() and len(n) < 10 for n in numbers):
        raise IntertwineError(f"--input-shape is given as NAME=1x3x224x224, not as {text!r}")
    return name, [int(n) for n in numbers]


def _values(file: str | None) -> Mapping[str, Any]:
    if file is None:
        return {}
    import numpy as np

    try:
        with np.load(Path(file), allow_pickle=False) as archive:
            if not hasattr(archive, "files"):
                raise ValueError
            return {name: archive[name] for name in archive.files}
    except OSError as error:
        raise IntertwineError(f"{file} cannot be read: {error.strerror or error}") from None
    except (ValueError, AttributeError, TypeError, zipfile.BadZipFile):
        raise IntertwineError(f"{file} is no archive of arrays, as numpy.savez writes them") from None
