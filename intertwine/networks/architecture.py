"""Architectures: operations over named tensors, built by hand or by a reader."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from intertwine.errors import IntertwineError
from intertwine.networks.operations import Operation, Weight
from intertwine.networks.spaces import Size

if TYPE_CHECKING:
    import networkx as nx

    from intertwine.networks.affine_symmetry import AffineSymmetry
    from intertwine.networks.symmetry import ParameterSymmetry
    from intertwine.terms import Term


class Architecture:
    """A network as a graph of operations over named tensors.

    Every method that adds an operation returns the name of the tensor that it makes. Weights are declared with their
    shapes; whatever is neither a weight nor an input is made by an operation.

    Examples
    --------
    >>> net = Architecture("perceptron")
    >>> x = net.input("x", (None, 3))
    >>> h = net.activation(net.linear(x, net.weight("W1", (16, 3)), net.weight("b1", (16,))), "relu")
    >>> y = net.output(net.linear(h, net.weight("W2", (2, 16)), net.weight("b2", (2,))))
    >>> symmetry = net.symmetry()
    >>> symmetry.dimension, symmetry.spaces[0].kind
    (16, 'positive-scaled permutation')
    """

    def __init__(self, name: str = "network") -> None:
        self.name = name
        self.operations: list[Operation] = []
        self.weights: dict[str, Weight] = {}
        self.inputs: dict[str, tuple[Size, ...] | None] = {}
        self.numbers: dict[str, Any] = {}
        self.outputs: list[str] = []
        #: Labels of the columns of tensors whose values are known; equal columns have equal labels.
        self.tables: dict[str, Callable[[], Sequence[Hashable]]] = {}
        self._made: set[str] = set()

    @property
    def graph(self) -> nx.DiGraph[str]:
        """The graph: operations (with ``kind``) and tensors, edges from what is read to what is made."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph(name=self.name)
        for name, weight in self.weights.items():
            graph.add_node(name, kind="weight", shape=weight.shape)
        for name, shape in self.inputs.items():
            graph.add_node(name, kind="input", shape=shape)
        for operation in self.operations:
            graph.add_node(f"op {operation.name}", kind=operation.kind, settings=operation.settings)
            for name in filter(None, operation.inputs):
                graph.add_edge(name, f"op {operation.name}")
            for name in filter(None, operation.outputs):
                graph.add_edge(f"op {operation.name}", name)
        return graph

    def input(self, name: str, shape: Sequence[Size] | None) -> str:
        """An input of the network: nothing moves on it. None is a size (or shape) that is not known."""
        self.inputs[self._new(name)] = None if shape is None else tuple(shape)
        return name

    def weight(self, name: str, shape: Sequence[int], nonzero: bool | None = None) -> str:
        """A tensor of parameters; ``nonzero`` says whether it is known to have no zero entry."""
        self.weights[self._new(name)] = Weight(name, tuple(shape), nonzero)
        return name

    def constant(self, name: str, value: Any) -> str:
        """A tensor of given numbers: nothing moves on it."""
        import numpy as np

        from intertwine.networks.channel_maps import columns

        array = np.asarray(value)
        self.inputs[self._new(name)] = tuple(array.shape)
        self.tables[name] = lambda: columns(array)
        return name

    def number(self, value: float | Term, name: str | None = None, rank: int = 0) -> str:
        """A constant number."""
        from intertwine.networks.interpreter import Number
        from intertwine.networks.operations import number
        from intertwine.terms import Term

        name = self._new(name or f"number {len(self.numbers)}")
        self.numbers[name] = Number(value if isinstance(value, Term) else number(value), rank)
        return name

    def output(self, *names: str) -> str:
        """Declare outputs: nothing may move on them."""
        for name in names:
            self._known(name)
        self.outputs += names
        return names[0]

    def add_operation(self, kind: str, inputs: Iterable[str], outputs: int | Sequence[str] = 1, name: str | None = None,
                      **settings: Any) -> list[str]:
        """Add an operation of any kind; one without a rule freezes what it touches."""
        inputs = tuple(inputs)
        for given in inputs:
            self._known(given)
        title = name or f"{kind}_{len(self.operations)}"
        made = outputs
        if isinstance(made, int):
            made = [title] if made == 1 else [f"{title}.{i}" for i in range(made)]
        for tensor in made:
            self._new(tensor)
        self.operations.append(Operation(title, kind, inputs, tuple(made), settings))
        return list(made)

    def linear(self, x: str, weight: str, bias: str = "") -> str:
        """x·Wᵀ + b along the last axis, for a weight of shape (out, in)."""
        return self.add_operation("linear", (x, weight, bias) if bias else (x, weight))[0]

    def matmul(self, a: str, b: str) -> str:
        """A (batched) matrix product."""
        return self.add_operation("matmul", (a, b))[0]

    def convolution(self, x: str, weight: str, bias: str = "", groups: int = 1, transposed: bool = False) -> str:
        """A convolution of (batch, channels, space…) with a weight (out, in/groups, space…)."""
        given = (x, weight, bias) if bias else (x, weight)
        return self.add_operation("convolution", given, groups=groups, transposed=transposed)[0]

    def activation(self, x: str, activation: Any) -> str:
        """A function that acts entry by entry: a catalogue name, text, SymPy expression or term."""
        from intertwine.api import as_term

        return self.add_operation("activation", (x,), term=as_term(activation), shown=str(activation))[0]

    def add(self, a: str, b: str) -> str:
        """A sum, broadcast."""
        return self.add_operation("pointwise", (a, b), function="add")[0]

    def multiply(self, a: str, b: str) -> str:
        """A product entry by entry, broadcast."""
        return self.add_operation("pointwise", (a, b), function="mul")[0]

    def concat(self, *tensors: str, axis: int) -> str:
        """Tensors side by side."""
        return self.add_operation("concat", tensors, axis=axis)[0]

    def reshape(self, x: str, shape: Sequence[Size]) -> str:
        """The same entries in another shape; equal symbols stand for equal sizes."""
        return self.add_operation("reshape", (x,), shape=tuple(shape))[0]

    def transpose(self, x: str, *order: int) -> str:
        """Axes in another order."""
        return self.add_operation("transpose", (x,), order=list(order))[0]

    def batch_norm(self, x: str, gain: str, bias: str, mean: str, variance: str) -> str:
        """Batch normalisation of axis 1 with stored statistics."""
        return self.add_operation("batch_norm", (x, gain, bias, mean, variance))[0]

    def layer_norm(self, x: str, gain: str = "", bias: str = "", axes: Sequence[int] = (-1,)) -> str:
        """Layer normalisation."""
        return self.add_operation("layer_norm", (x, gain, bias), axes=tuple(axes))[0]

    def rms_norm(self, x: str, gain: str = "", axes: Sequence[int] = (-1,)) -> str:
        """Normalisation by the root mean square."""
        return self.add_operation("rms_norm", (x, gain), axes=tuple(axes))[0]

    def mean(self, x: str, axes: Sequence[int], keep: bool = False) -> str:
        """The mean over axes."""
        return self.add_operation("reduce", (x,), how="mean", axes=tuple(axes), keep=keep)[0]

    def embedding(self, table: str, indices: str) -> str:
        """Rows of a table."""
        return self.add_operation("embedding", (table, indices))[0]

    def attention(self, q: str, k: str, v: str, repeat: int = 1) -> str:
        """softmax(q·kᵀ)·v over (…, heads, positions, channels); ``repeat`` query heads share a key and a value."""
        return self.add_operation("attention", (q, k, v), repeat=repeat)[0]

    def rotary(self, x: str, cosines: str, sines: str, shape: Sequence[Size],
               interleaved: bool = False) -> str:
        """A rotary embedding of the last axis of a tensor of the given shape.

        The pair (i, i + d/2), or (2i, 2i + 1) if ``interleaved``, is turned by the angle i; the tensors of cosines and
        sines are broadcast.
        """
        if not isinstance(shape[-1], int) or shape[-1] % 2:
            raise IntertwineError(f"a rotary embedding needs an even number of channels, not {shape[-1]}")
        half = shape[-1] // 2
        if interleaved:
            wide = self.reshape(x, (*shape[:-1], half, 2))
            first, second = (self.add_operation("select", (wide,), axis=-1, index=k)[0] for k in (0, 1))
        else:
            first, second = self.add_operation("split", (x,), 2, axis=-1, sizes=[half, half])
        minus = self.activation(self.multiply(second, sines), "-x")
        turned = (self.add(self.multiply(first, cosines), minus),
                  self.add(self.multiply(first, sines), self.multiply(second, cosines)))
        if not interleaved:
            return self.concat(*turned, axis=-1)
        stacked = self.concat(*(self.add_operation("unsqueeze", (t,), axes=[-1])[0] for t in turned), axis=-1)
        return self.reshape(stacked, shape)

    @overload
    def symmetry(self, affine: Literal[False] = ...) -> ParameterSymmetry: ...

    @overload
    def symmetry(self, affine: Literal[True]) -> AffineSymmetry: ...

    def symmetry(self, affine: bool = False) -> ParameterSymmetry | AffineSymmetry:
        """The symmetry group of the network.

        Parameters
        ----------
        affine : bool
            Whether affine intertwiners count, too, where biases take up the shifts: σ(-x) = 1 - σ(x) for the logistic
            function, σ(x + π) = -σ(x) for the sine, shifts of what only linear layers read. Such elements move a bias
            by what other weights are.

        Raises
        ------
        IntertwineError
            If the network has no output.
        """
        from intertwine.networks.interpreter import run
        from intertwine.networks.symmetry import ParameterSymmetry

        if not self.outputs:
            raise IntertwineError("a network needs an output: say output(name)")
        reading = run(self.operations, self.weights, self.inputs, self.numbers, self.outputs, self.tables, affine)
        if affine:
            from intertwine.networks.affine_symmetry import AffineSymmetry

            return AffineSymmetry(reading)
        return ParameterSymmetry(reading)

    def _new(self, name: str) -> str:
        if not name or name in self._made:
            raise IntertwineError(f"a tensor called {name!r} exists already" if name else "a tensor needs a name")
        self._made.add(name)
        return name

    def _known(self, name: str) -> None:
        if name and name not in self._made:
            raise IntertwineError(f"there is no tensor {name!r} yet")
