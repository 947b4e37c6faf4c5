"""Files of weights, and collections of them, moved by elements of a symmetry group."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING

from intertwine.errors import IntertwineError
from intertwine.networks.executors import one_each, run_all
from intertwine.networks.files.checkpoints import INDEX, transform_checkpoint, transform_shards

if TYPE_CHECKING:
    from intertwine.networks.transformation import Transformation

_Path = str | os.PathLike[str]


def transform_file(g: Transformation, source: _Path, target: _Path, *, tied: Mapping[str, str] | None = None,
                   progress: bool | None = None, executor: Executor | None = None) -> Path:
    """Move the weights in a file, tensor by tensor, and write a new file.

    The memory needed is that of the largest tensor, twice. The new file is written under a temporary name beside its
    target and renamed at the end, so a crash leaves no half file under the final name; ``target`` may be ``source``.

    Parameters
    ----------
    g : Transformation
        An element of the symmetry group of the network.
    source : path
        A file ending in ``.onnx`` (its external data are read from where it names them), ``.safetensors``, or
        ``.safetensors.index.json`` for a sharded checkpoint. The tensors have the names of the network's weights;
        others are copied.
    target : path
        The file to write, of the same kind. The external data of an ONNX model go to ``<target>.data`` (or, where that
        exists, ``<target>.1.data``, …). The shards of a checkpoint keep their names in another folder, and take the
        name of the new index in the same one.
    tied : mapping of str to str, optional
        Names in the file of weights that the network has under another name, which is the value.
    progress : bool, optional
        Whether to show a bar; by default on terminals, where tqdm is installed.
    executor : concurrent.futures.Executor, optional
        Writes the shards of a checkpoint.

    Returns
    -------
    pathlib.Path
        The target.

    Raises
    ------
    IntertwineError
        A file cannot be read, a weight is missing in it, or a package is not installed.
    ShapeError
        A weight has another shape than in the network.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> from safetensors.numpy import load_file, save_file
    >>> from intertwine.networks import Architecture
    >>> net = Architecture()
    >>> h = net.activation(net.linear(net.input("x", (None, 2)), net.weight("W", (5, 2))), "relu")
    >>> _ = net.output(net.linear(h, net.weight("V", (1, 5))))
    >>> g = net.symmetry().sample(np.random.default_rng(0))
    >>> weights = {"W": np.ones((5, 2)), "V": np.ones((1, 5))}
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_file(weights, f"{folder}/model.safetensors")
    ...     moved = transform_file(g, f"{folder}/model.safetensors", f"{folder}/moved.safetensors")
    ...     bool(np.array_equal(load_file(moved)["W"], g.apply(weights)["W"]))
    True
    """
    from intertwine.networks.transformation import Transformation

    if not isinstance(g, Transformation):
        raise IntertwineError("files are moved by elements without shifts, of Architecture.symmetry()")
    old, new = Path(source), Path(target)
    kind = _kind(old)
    if _kind(new) != kind:
        raise IntertwineError(f"{new} must end in {kind}, as {old} does")
    if not new.parent.is_dir():
        raise IntertwineError(f"there is no folder {new.parent} for {new.name}")
    if kind == INDEX:
        transform_shards(g, old, new, tied or {}, progress, executor)
    elif kind == ".safetensors":
        transform_checkpoint(g, old, new, tied or {}, progress)
    else:
        from intertwine.networks.onnx_files.writing import transform_model

        transform_model(g, old, new, progress)
    return new


def transform_files(elements: Transformation | Sequence[Transformation], sources: Sequence[_Path],
                    targets: Sequence[_Path], *, tied: Mapping[str, str] | None = None,
                    executor: Executor | None = None) -> list[Path]:
    """Move the weights in several files; see :func:`transform_file`.

    Parameters
    ----------
    elements : Transformation or sequence of Transformation
        One for every file, or the same for all.
    sources, targets : sequences of paths
        What is read and what is written.
    tied : mapping of str to str, optional
        Names in the files of weights that the network has under another name.
    executor : concurrent.futures.Executor, optional
        Any executor, Dask's among them; by default the files are written one after the other in this process. The
        result does not depend on it.

    Returns
    -------
    list of pathlib.Path
        The targets.
    """
    given = one_each(elements, len(sources))
    if len(targets) != len(sources):
        raise IntertwineError(f"{len(sources)} files are read and {len(targets)} written: a target is needed for each")
    if len({Path(t).resolve() for t in targets}) < len(targets):
        raise IntertwineError("a file occurs twice among the targets")
    read = [Path(s).resolve() for s in sources]
    for k, target in enumerate(targets):
        if Path(target).resolve() in read[:k] + read[k + 1 :]:
            raise IntertwineError(f"{target} is written and is read for another file")
    return run_all(_transform, [(g, s, t, tied) for g, s, t in zip(given, sources, targets, strict=True)], executor)


def _transform(g: Transformation, source: _Path, target: _Path, tied: Mapping[str, str] | None) -> Path:
    return transform_file(g, source, target, tied=tied, progress=False)


def _kind(path: Path) -> str:
    for kind in (INDEX, ".safetensors", ".onnx"):
        if path.name.endswith(kind):
            return kind
    raise IntertwineError(f"{path} is no kind of file that is known: .onnx, .safetensors or {INDEX}")
