"""Which axes of the weights of PyTorch modules can be permuted: rebasin and this library, on the same modules.

Writes the page docs/comparison.md: ``python -m tests.benchmarks.compare_rebasin docs/comparison.md``, with rebasin, its
requirements and PyTorch installed.
"""

from __future__ import annotations

import copy
import signal
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import torch

from intertwine.networks import ParameterSymmetry, read_torch
from tests.networks.modules import FAMILIES, deviation, generic
from tests.networks.zoo import ZOO

LONGEST = 60
Axes = set[tuple[str, int]]


@dataclass
class Found:
    """What one program finds for one module; ``note`` says what went wrong."""

    axes: Axes
    seconds: float
    note: str = ""


@contextmanager
def limited(seconds: int) -> Any:
    def stop(*_: Any) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def run(module: Any, x: Any) -> list[Any]:
    with torch.no_grad():
        return [module(x).numpy()]


def of_rebasin(module: Any, x: Any) -> Found:
    """The axes of parameters to which rebasin gives a permutation; random ones are applied and the outputs compared."""
    from rebasin import PermutationCoordinateDescent

    other, start = copy.deepcopy(module), perf_counter()
    try:
        with limited(LONGEST):
            graph = PermutationCoordinateDescent(copy.deepcopy(module), other, x).pinit.model_graph
            names = {id(p): n for n, p in other.named_parameters()}
            found = [(p, [(names[id(i.parameter_b)], i.axis) for i in infos if id(i.parameter_b) in names])
                     for p, infos in graph.permutation_to_info if len(p) > 1]
            first = [(i.module.module_b, p) for p, infos in graph.permutation_to_info for i in infos if i.axis == 0]
            statistics = {id(m): (m, p) for m, p in first if getattr(m, "running_mean", None) is not None}
            seconds = perf_counter() - start
            rng = torch.Generator().manual_seed(0)
            for permutation, _ in found:
                permutation.perm_indices = torch.randperm(len(permutation), generator=rng)
            before = run(module, x)
            graph.apply_permutations()
            for norm, permutation in statistics.values():  # it leaves them to be measured again
                norm.running_mean.data = norm.running_mean[permutation.perm_indices]
                norm.running_var.data = norm.running_var[permutation.perm_indices]
            changed = deviation(before, run(other, x)) > 1e-8
    except Exception as error:
        return Found(set(), perf_counter() - start, f"fails: {type(error).__name__}")
    return Found({a for _, axes in found for a in axes}, seconds, "outputs change" if changed else "")


def of_intertwine(module: Any, x: Any) -> tuple[Found, ParameterSymmetry]:
    """The axes of parameters on which permutations act; random elements of the whole group are applied."""
    start = perf_counter()
    network = read_torch(module, x)
    symmetry = network.symmetry()
    seconds = perf_counter() - start
    parameters = {n for n, _ in module.named_parameters(remove_duplicate=False)}
    axes = {a for k in symmetry.moving_leaves if not symmetry.leaves[k].space.pinned and symmetry.leaves[k].size > 1
            for a in symmetry.axes_of(k) if a[0] in parameters}
    other = copy.deepcopy(module)
    other.load_state_dict(network.moved(symmetry.sample(np.random.default_rng(0))))
    changed = deviation(run(module, x), run(other, x)) > 1e-8
    return Found(axes, seconds, "outputs change" if changed else ""), symmetry


def streams(symmetry: ParameterSymmetry) -> int:
    """Spaces that go through an addition: the streams of residual networks among them."""
    return sum("add" in space.operations for space in symmetry.spaces)


def table() -> list[str]:
    lines = ["| module | axes | rebasin: permutable | s | intertwine: permutable | s | spaces that are added | "
             "continuous dimension | components |", "|---|---|---|---|---|---|---|---|---|"]
    modules = {**FAMILIES, **{f"{name} (zoo)": entry for name, entry in ZOO.items()}}
    read_torch(torch.nn.Linear(2, 2), torch.zeros(1, 2)).symmetry()  # imports are not what is measured
    for name, (build, x) in modules.items():
        module, x = generic(build()), x.double() if x.is_floating_point() else x
        theirs, (ours, symmetry) = of_rebasin(module, x), of_intertwine(module, x)
        assert not ours.note and len(theirs.axes) <= len(ours.axes), name
        count = sum(p.dim() for p in module.parameters())
        note = f" ({theirs.note})" if theirs.note else ""
        lines.append(
            f"| {name.removesuffix(' (zoo)')} | {count} | {len(theirs.axes)}{note} | {theirs.seconds:.2f} | "
            f"{len(ours.axes)} | {ours.seconds:.2f} | {streams(symmetry)} | {symmetry.dimension} | "
            f"10^{symmetry.log10_discrete_order:.0f} |")
        print(lines[-1], flush=True)
    return lines


TEXT = """# Comparison with rebasin

[rebasin](https://pypi.org/project/rebasin/) is a published program that finds which axes of the weights of a PyTorch
module can be permuted, in order to match two models. It traces the module and gives a permutation to every linear chain
of layers; where paths meet it keeps the identity. The table shows, for the modules that the tests of this library are
written with,

- how many axes the parameters have in all, those of kernels and inputs included,
- how many of them each program permutes (axes of length one aside), and the seconds that it takes, reading the module
  included,
- for `intertwine`, how many spaces go through an addition (the streams of residual networks, which stay as they are in
  rebasin), the dimension of the continuous part (scales and dense matrices, of which rebasin has none) and the number
  of components (permutations and signs).

Random elements of what each program finds are applied to the weights; for rebasin to the running statistics as well,
which it leaves to be measured again. "outputs change" marks where the module then computes something else, as when a
flattened image or a depthwise convolution stands between two layers; "fails" where the program stops with an error.
`intertwine` takes longer because it exports the module first, which is most of its time.

{table}

The page is written by `python -m tests.benchmarks.compare_rebasin docs/comparison.md` in a checkout, with PyTorch,
rebasin and its requirements installed; the times are those of one core.
"""


def main(target: str) -> None:
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    Path(target).write_text(TEXT.format(table="\n".join(table())), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
