"""What each kind of operation does to the spaces of the tensors that it touches, one function for each kind.

A rule returns the signals that come out, or raises :class:`~intertwine.networks.interpreter.NotUnderstood`, on which
everything that goes in is frozen. A rule may only pass on what commutes with the elements that its steps allow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from intertwine.networks.interpreter import Reading, Value
from intertwine.networks.operations import Operation
from intertwine.networks.rules import contractions, elementwise, normalisations, places, recurrent, reshapes, shapes

Rule = Callable[[Reading, Operation, Sequence[Value | None]], list[Value]]

RULES: dict[str, Rule] = {
    "pointwise": elementwise.pointwise,
    "where": elementwise.where,
    "choice": elementwise.choice,
    "activation": elementwise.activation,
    "matmul": contractions.matmul,
    "linear": contractions.linear,
    "convolution": contractions.convolution,
    "embedding": contractions.embedding,
    "einsum": contractions.einsum,
    "mixture": contractions.mixture,
    "attention": contractions.attention,
    "batch_norm": normalisations.batch_norm,
    "layer_norm": normalisations.layer_norm,
    "rms_norm": normalisations.rms_norm,
    "group_norm": normalisations.group_norm,
    "softmax": normalisations.softmax,
    "reduce": normalisations.reduce,
    "pool": normalisations.pool,
    "resample": normalisations.resample,
    "pad": normalisations.pad,
    "reshape": reshapes.reshape,
    "transpose": shapes.transpose,
    "squeeze": shapes.squeeze,
    "unsqueeze": shapes.unsqueeze,
    "expand": shapes.expand,
    "concat": shapes.concat,
    "split": shapes.split,
    "slice": shapes.take_slice,
    "select": shapes.select,
    "identity": shapes.identity,
    "shape_only": shapes.shape_only,
    "pick": places.pick,
    "neighbours": places.neighbours,
    "extreme_place": places.extreme_place,
    "recurrent": recurrent.recurrent,
}
