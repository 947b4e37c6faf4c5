"""Files in the format of the library safetensors, and checkpoints that are sharded over several of them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.networks.executors import run_all
from intertwine.networks.files.progress import told
from intertwine.networks.files.replacing import replacing
from intertwine.networks.files.spans import Span, bfloat16, check_spans, copy_moved

if TYPE_CHECKING:
    from intertwine.networks.gathering import Array
    from intertwine.networks.transformation import Transformation

INDEX = ".safetensors.index.json"
_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2"}


def spans_of(path: Path) -> dict[str, Span]:
    """The tensors of floating-point numbers in a safetensors file.

    Raises
    ------
    IntertwineError
        The file cannot be read or is no safetensors file; or a package is not installed.
    """
    try:
        from safetensors import SafetensorError, safe_open
    except ImportError:
        raise IntertwineError(
            'safetensors files need the package safetensors: pip install "intertwine[safetensors]"') from None
    try:
        with safe_open(path, framework="numpy"):  # this looks at every range of the header
            pass
        with open(path, "rb") as file:
            size = int.from_bytes(file.read(8), "little")
            header: dict[str, Any] = json.loads(file.read(size))
    except (SafetensorError, ValueError) as error:
        raise IntertwineError(f"{path} is not a safetensors file: {error}") from None
    except OSError as error:
        raise IntertwineError(f"{path} cannot be read: {error.strerror or error}") from None
    found = {}
    for name, entry in header.items():
        kind = entry.get("dtype")
        if name != "__metadata__" and kind in (*_TYPES, "BF16"):
            dtype = np.dtype(_TYPES[kind]) if kind in _TYPES else bfloat16()
            found[name] = Span(path, 8 + size + entry["data_offsets"][0], tuple(entry["shape"]), dtype)
    return found


def transform_checkpoint(g: Transformation, source: Path, target: Path, tied: Mapping[str, str],
                         progress: bool | None) -> None:
    """Write a safetensors file with its weights moved."""
    spans = spans_of(source)
    gains = check_spans(g, named(spans, tied))
    _write_shard(g, source, target, spans, tied, gains, progress)


def named(spans: Mapping[str, Span], tied: Mapping[str, str]) -> dict[str, Span]:
    """The tensors by the names that the network has for them."""
    return {**{tied.get(name, name): span for name, span in spans.items()},
            **{name: span for name, span in spans.items() if name not in tied}}


def _write_shard(g: Transformation, source: Path, target: Path, spans: Mapping[str, Span], tied: Mapping[str, str],
                 gains: Mapping[str, Array], progress: bool | None) -> None:
    moving = [(weight, span) for name, span in spans.items() if (weight := tied.get(name, name)) in g.symmetry.routes]
    with told(target, source.stat().st_size, progress) as tell, replacing(target) as file:
        copy_moved(g, source, file, moving, gains.__getitem__, tell)


def transform_shards(g: Transformation, source: Path, target: Path, tied: Mapping[str, str], progress: bool | None,
                     executor: Executor | None) -> None:
    """Write a sharded checkpoint with its weights moved: every shard, and at the end the index.

    The shards keep their names where the index goes to another folder; beside the old ones they take the name of the
    new index.
    """
    index, shards = _index(source)
    names = _new_names(source, target, shards)
    for name in names.values():
        if (target.parent / name).resolve() in {(source.parent / shard).resolve() for shard in shards}:
            raise IntertwineError(f"{target} would replace the shards of {source} one by one: write to another folder, "
                                  "or under another name")
    spans = {shard: spans_of(source.parent / shard) for shard in shards}
    together: dict[str, Span] = {}
    for found in spans.values():
        together |= found
    gains = check_spans(g, named(together, tied))
    # All shards are complete before the first of them gets its name.
    waiting = {shard: target.parent / f".{names[shard]}.part" for shard in shards}
    try:
        run_all(_write_shard, [(g, source.parent / shard, waiting[shard], spans[shard], tied, gains, progress)
                               for shard in shards], executor)
        for shard, path in waiting.items():
            os.replace(path, target.parent / names[shard])
    finally:
        for path in waiting.values():
            path.unlink(missing_ok=True)
    index["weight_map"] = {name: names[shard] for name, shard in index["weight_map"].items()}
    with replacing(target) as file:
        file.write((json.dumps(index, indent=2) + "\n").encode())


def _index(source: Path) -> tuple[dict[str, Any], list[str]]:
    try:
        index = json.loads(source.read_bytes())
        shards = list(dict.fromkeys(index["weight_map"].values()))
    except OSError as error:
        raise IntertwineError(f"{source} cannot be read: {error.strerror or error}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise IntertwineError(f"{source} is not the index of a sharded checkpoint: it has no weight_map") from None
    for shard in shards:
        if not isinstance(shard, str) or Path(shard).name != shard:
            raise IntertwineError(f"{source} names the shard {shard!r}, which is not a file beside it")
    return index, shards


def _new_names(source: Path, target: Path, shards: list[str]) -> dict[str, str]:
    if source.parent.resolve() != target.parent.resolve() or source.name == target.name:
        return {shard: shard for shard in shards}
    stem = target.name.removesuffix(INDEX)
    return {shard: f"{stem}-{k:05d}-of-{len(shards):05d}.safetensors" for k, shard in enumerate(shards, 1)}
