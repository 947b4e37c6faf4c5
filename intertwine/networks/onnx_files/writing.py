"""Writing an ONNX model with its weights moved, tensor by tensor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from intertwine.networks.files.progress import told
from intertwine.networks.files.replacing import replacing
from intertwine.networks.files.spans import Span, check_spans, copy_moved, copy_range, write_array
from intertwine.networks.gathering import Array
from intertwine.networks.onnx_files.outline import external_range

if TYPE_CHECKING:
    from collections.abc import Callable

    from intertwine.networks.transformation import Transformation

#: Tensors in a data file begin at multiples of this, so that they can be mapped into memory.
_ALIGNMENT = 4096


def transform_model(g: Transformation, source: Path, target: Path, progress: bool | None) -> None:
    """Read an ONNX file and write it with its weights moved."""
    from intertwine.networks.onnx_files.model import read_onnx

    read_onnx(source).write(g, target, progress)


def write_file(g: Transformation, source: Path, target: Path, spans: Mapping[str, Span],
               progress: bool | None) -> None:
    """Copy a file in which all weights stand, with those that move written anew."""
    gains = check_spans(g, spans)
    moving = [(name, spans[name]) for name in g.symmetry.routes]
    with told(target, source.stat().st_size, progress) as tell, replacing(target) as file:
        copy_moved(g, source, file, moving, gains.__getitem__, tell)


def write_with_data(g: Transformation, outline: Any, tensors: Mapping[str, Any], target: Path,
                    spans: Mapping[str, Span], folder: Path, progress: bool | None) -> None:
    """Write a model with external data: first the data, then the model, which names them.

    Parameters
    ----------
    g
        The element.
    outline
        The model with all large tensors external; its entries are changed.
    tensors
        The tensors of the outline by the name of the weight.
    target
        The file of the model.
    spans
        Where the weights are.
    folder
        What the locations of external data are relative to.
    progress
        Whether to show a bar.
    """
    gains = check_spans(g, spans)
    data = _free_name(target)
    outside = {name: tensor for name, tensor in tensors.items() if tensor.data_location == 1}
    total = sum(span.nbytes for name, span in spans.items() if name in outside)
    with told(data, total, progress) as tell, replacing(data) as file:
        for name, tensor in outside.items():
            file.write(bytes(-file.tell() % _ALIGNMENT))
            start = file.tell()
            _write_tensor(g, name, tensor, spans, folder, gains, file, tell)
            _place(tensor, data.name, start, file.tell() - start)
    try:
        for name in g.symmetry.routes:
            if name not in outside:
                _replace_inline(g, name, tensors[name], spans[name], gains)
        with replacing(target) as file:
            file.write(outline.SerializeToString())
    except BaseException:
        data.unlink(missing_ok=True)
        raise


def _write_tensor(g: Transformation, name: str, tensor: Any, spans: Mapping[str, Span], folder: Path,
                  gains: Mapping[str, Array], file: BinaryIO, tell: Callable[[int], object]) -> None:
    if name in g.symmetry.routes:
        write_array(g.act(name, spans[name].read(), gains.__getitem__), file)
        tell(spans[name].nbytes)
        return
    path, start, length = external_range(tensor, folder)
    copy_range(path, start, length, file, tell)


def _place(tensor: Any, location: str, start: int, length: int) -> None:
    del tensor.external_data[:]
    for key, value in (("location", location), ("offset", str(start)), ("length", str(length))):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value


def _replace_inline(g: Transformation, name: str, tensor: Any, span: Span, gains: Mapping[str, Array]) -> None:
    moved = g.act(name, span.read(), gains.__getitem__)
    for field in ("float_data", "double_data"):
        tensor.ClearField(field)
    tensor.raw_data = moved.tobytes()


def _free_name(target: Path) -> Path:
    """The file for the data beside a model: one that is not there yet, since another model may need what is there."""
    data, number = target.with_name(f"{target.name}.data"), 0
    while data.exists():
        number += 1
        data = target.with_name(f"{target.name}.{number}.data")
    return data
