"""A PyTorch module, exported for example inputs, as an architecture with the names of its ``state_dict``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from intertwine.errors import IntertwineError
from intertwine.networks.architecture import Architecture
from intertwine.networks.channel_maps import columns
from intertwine.networks.described import Described
from intertwine.networks.spaces import Size
from intertwine.networks.torch_modules.memory import order_of_view, overlap

if TYPE_CHECKING:
    from intertwine.networks.affine_symmetry import AffineTransformation
    from intertwine.networks.transformation import Transformation


class TorchNetwork(Described):
    """A module with its architecture.

    Attributes
    ----------
    architecture : Architecture
        The graph, its weights named as in ``state_dict``.
    """

    def __init__(self, module: Any, inputs: Sequence[Any], keywords: Mapping[str, Any] | None = None) -> None:
        import torch

        training = module.training
        module.eval()
        try:
            exported = _decomposed(torch.export.export(module, tuple(inputs), dict(keywords or {})))
        except Exception as error:  # the exporter raises errors of many kinds
            reason = str(error).strip().splitlines()
            raise IntertwineError(f"torch.export cannot read the module: {reason[0] if reason else error!r}") from error
        finally:
            module.train(training)
        self._state = module.state_dict()
        self._reader = Reader(exported, self._state)
        self.architecture = self._reader.read()

    @property
    def weights(self) -> dict[str, Any]:
        """The tensors of the ``state_dict`` that the architecture names."""
        return {name: self._state[name] for name in self.architecture.weights if name in self._state}

    def moved(self, g: Transformation | AffineTransformation) -> dict[str, Any]:
        """A ``state_dict`` with the weights moved; tensors that are shared stay equal."""
        found = dict(self._state)
        moved = g.apply(self.weights)
        read = {n for operation in self.architecture.operations for n in operation.inputs}
        names = [n for n in moved if n in read]  # of two names for one tensor, the one that is used
        for name, tensor in self._state.items():
            views = ((n, order_of_view(self._state[n], tensor)) for n in (name, *names) if n in names)
            for source, order in views:
                if order is not None:
                    found[name] = moved[source] if order == sorted(order) else moved[source].permute(order)
                    break
        return found


def _decomposed(exported: Any, rounds: int = 3) -> Any:
    """The exported program with operations that are not known taken apart, as far as PyTorch can do that."""
    import torch

    from intertwine.networks.torch_modules.operators import HANDLERS

    exported = exported.run_decompositions({})
    table = torch.export.default_decompositions()
    for _ in range(rounds):
        unknown = {node.target for node in exported.graph.nodes
                   if hasattr(node.target, "_schema") and name_of(node) not in HANDLERS and node.target in table}
        if not unknown:
            break
        exported = exported.run_decompositions({target: table[target] for target in unknown})
    return exported


def read_torch(module: Any, *inputs: Any, **keywords: Any) -> TorchNetwork:
    """Read a PyTorch module in evaluation mode.

    Parameters
    ----------
    module : torch.nn.Module
        The module; it is left as it is.
    *inputs, **keywords
        Example inputs; the symmetry holds for inputs of these shapes.

    Returns
    -------
    TorchNetwork

    Raises
    ------
    IntertwineError
        The module cannot be exported, or PyTorch is not installed.
    """
    try:
        import torch  # noqa: F401
    except ImportError:
        raise IntertwineError('reading modules needs PyTorch: pip install "intertwine[torch]"') from None
    return TorchNetwork(module, inputs, keywords)


class Reader:
    """The state of one reading."""

    def __init__(self, exported: Any, state: Mapping[str, Any]) -> None:
        self.exported = exported
        self.state = state
        self.architecture = Architecture("module")
        self.names: dict[Any, str | list[str]] = {}
        #: The weights by the memory that they are stored in.
        self.memory: dict[int, list[str]] = {}
        self.count = 0

    def read(self) -> Architecture:
        """The architecture."""
        from intertwine.networks.torch_modules.operators import translate

        signature = self.exported.graph_signature
        stored = {**signature.inputs_to_parameters, **signature.inputs_to_buffers}
        constants = signature.inputs_to_lifted_tensor_constants
        if signature.buffers_to_mutate or signature.user_inputs_to_mutate:
            raise IntertwineError("the module changes its buffers or its inputs; it cannot be read")
        for node in self.exported.graph.nodes:
            if node.op == "placeholder":
                self._placeholder(node, stored, constants)
            elif node.op == "call_function":
                translate(self, node)
            elif node.op == "output":
                self._output(node)
            else:
                raise IntertwineError(f"the exported graph has a node {node.name!r} of an unknown kind {node.op!r}")
        return self.architecture

    def _placeholder(self, node: Any, stored: Mapping[str, str], constants: Mapping[str, str]) -> None:
        import torch

        if node.name in stored:
            name = stored[node.name]
            tensor = self.state.get(name)
            self.names[node] = name
            self._table(name, tensor if tensor is not None else self.exported.constants.get(name))
            if tensor is None or not tensor.is_floating_point():
                self.architecture.input(name, shape_of(node))
            elif tensor.numel() == 1:
                self.architecture.number(float(tensor.reshape(()).item()), name, tensor.dim())
            else:
                self._weight(node, name, tensor)
            return
        self.names[node] = node.name
        value = node.meta.get("val")
        if node.name in constants:
            self._table(node.name, self.exported.constants[constants[node.name]])
        if node.name in constants and isinstance(value, torch.Tensor) and value.numel() == 1:
            constant = self.exported.constants[constants[node.name]]
            self.architecture.number(float(constant.reshape(()).item()), node.name, constant.dim())
            return
        self.architecture.input(node.name, shape_of(node))

    def _weight(self, node: Any, name: str, tensor: Any) -> None:
        """A weight of its own, or one whose memory is another one's, seen with its axes in some order."""
        import torch

        there = self.memory.setdefault(tensor.untyped_storage().data_ptr(), [])
        near = [n for n in there if overlap(self.state[n], tensor)]
        orders = [order_of_view(self.state[n], tensor) for n in near]
        if len(near) == 1 and orders[0] is not None:
            self.architecture.add_operation("transpose", near, (name,), name, order=orders[0])
            return
        vector = sum(n != 1 for n in tensor.shape) <= 1
        nonzero = bool(torch.all(tensor != 0)) if vector else None
        self.architecture.weight(name, tuple(tensor.shape), nonzero)
        there.append(name)
        if near:
            made = f"{name} (memory)"
            self.architecture.add_operation("unknown memory", (name, *near), (made,), made, shapes=[list(tensor.shape)],
                                            reason=f"the memory of {name!r} overlaps that of {near[0]!r}")
            self.names[node] = made

    def _table(self, name: str, tensor: Any) -> None:
        """The values of a tensor, for whom it may concern which of its columns are equal."""
        if tensor is not None and tensor.dim() and not tensor.is_complex():
            self.architecture.tables[name] = lambda: columns(tensor.detach().cpu().contiguous().double().numpy())

    def _output(self, node: Any) -> None:
        names: list[str] = []
        for given in _flat(node.args[0]):
            found = self.names[given]
            names += found if isinstance(found, list) else [found]
        if not names:
            raise IntertwineError("the module has no tensor among its outputs")
        self.architecture.output(*names)

    def tensor(self, value: Any) -> str:
        """The name of a tensor, a number or nothing, as an operation's input."""
        if value is None:
            return ""
        if isinstance(value, bool | int | float):
            self.count += 1
            return self.architecture.number(float(value), f"number {self.count}")
        found = self.names[value]
        if isinstance(found, list):
            raise IntertwineError("several tensors where one is needed")
        return found

    def add(self, node: Any, kind: str, inputs: Iterable[Any], name: str | None = None, **settings: Any) -> str:
        """Add the operation of a node with one output."""
        made = name or node.name
        settings.setdefault("shapes", [shape_of(node)])
        given = [v if isinstance(v, str) else self.tensor(v) for v in inputs]
        self.architecture.add_operation(kind, given, (made,), made, **settings)
        self.names[node] = made
        return made


def shape_of(node: Any) -> list[Size] | None:
    """The shape of a node's tensor."""
    value = node.meta.get("val")
    if not hasattr(value, "shape"):
        return None
    return [int(n) if isinstance(n, int) else None for n in value.shape]


def name_of(node: Any) -> str:
    """The name of the operation of a node."""
    target = node.target
    if hasattr(target, "_schema"):
        return str(target._schema.name).split("::")[-1]
    return str(getattr(target, "__name__", target))


def rank_of(node: Any) -> int:
    """The number of axes of a node's tensor."""
    return len(shape_of(node) or [])


def _flat(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [v for item in value for v in _flat(item)]
    if isinstance(value, dict):
        return [v for item in value.values() for v in _flat(item)]
    return [value] if hasattr(value, "op") else []


#: Adds the operations of a node; False if it is not understood.
Handler = Callable[[Reader, Any, dict[str, Any]], bool]
