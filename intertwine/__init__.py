"""Derive the intertwiner group of an activation function exactly, with a proof that a machine can check.

>>> import intertwine as iw
>>> G = iw.derive("x*tanh(x)")
>>> G.kind
'signed permutation'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from intertwine.affine_api import AffineIntertwinerGroup
    from intertwine.api import IntertwinerGroup
    from intertwine.certificates import Certificate
    from intertwine.dependence import Relation, Relations, ShortRelation, relations, short_relations
    from intertwine.errors import (
        CertificateError,
        DerivationTimeout,
        DomainError,
        ExpressionError,
        IntertwineError,
        ShapeError,
        Undecided,
    )
    from intertwine.front import derive
    from intertwine.layers import LayerGroup, LayerIntertwiners, derive_layer
    from intertwine.maps.solution import MapSolution
    from intertwine.pairs import (
        AffineIntertwiners,
        Equivalence,
        EquivalenceClasses,
        Intertwiners,
        equivalence_classes,
        equivalent,
        intertwiners,
    )
    from intertwine.parameters import ParametricGroup
    from intertwine.vectors import (
        BlockRadial,
        Gated,
        GroupSort,
        LayerNorm,
        LogSoftmax,
        Maxout,
        MaxPool,
        QuadraticForm,
        Radial,
        RMSNorm,
        Softmax,
        Softmin,
        Sparsemax,
        Stack,
        VectorIntertwiners,
    )

__version__ = "0.1.0"

# Names are loaded when first used, so that ``import intertwine`` stays light.
_HOME = {
    "AffineIntertwinerGroup": "intertwine.affine_api",
    "derive": "intertwine.front",
    "IntertwinerGroup": "intertwine.api",
    "Certificate": "intertwine.certificates",
    "CertificateError": "intertwine.errors",
    "DerivationTimeout": "intertwine.errors",
    "DomainError": "intertwine.errors",
    "ExpressionError": "intertwine.errors",
    "ParametricGroup": "intertwine.parameters",
    "IntertwineError": "intertwine.errors",
    "ShapeError": "intertwine.errors",
    "Undecided": "intertwine.errors",
    "Relation": "intertwine.dependence",
    "Relations": "intertwine.dependence",
    "ShortRelation": "intertwine.dependence",
    "relations": "intertwine.dependence",
    "short_relations": "intertwine.dependence",
    "LayerGroup": "intertwine.layers",
    "LayerIntertwiners": "intertwine.layers",
    "derive_layer": "intertwine.layers",
    "AffineIntertwiners": "intertwine.pairs",
    "Equivalence": "intertwine.pairs",
    "EquivalenceClasses": "intertwine.pairs",
    "Intertwiners": "intertwine.pairs",
    "equivalence_classes": "intertwine.pairs",
    "equivalent": "intertwine.pairs",
    "intertwiners": "intertwine.pairs",
    "MapSolution": "intertwine.maps.solution",
    "BlockRadial": "intertwine.vectors",
    "Gated": "intertwine.vectors",
    "GroupSort": "intertwine.vectors",
    "LayerNorm": "intertwine.vectors",
    "LogSoftmax": "intertwine.vectors",
    "MaxPool": "intertwine.vectors",
    "Maxout": "intertwine.vectors",
    "QuadraticForm": "intertwine.vectors",
    "RMSNorm": "intertwine.vectors",
    "Radial": "intertwine.vectors",
    "Softmax": "intertwine.vectors",
    "Softmin": "intertwine.vectors",
    "Sparsemax": "intertwine.vectors",
    "Stack": "intertwine.vectors",
    "VectorIntertwiners": "intertwine.vectors",
}

__all__ = [
    "AffineIntertwinerGroup", "AffineIntertwiners", "BlockRadial", "Certificate", "CertificateError",
    "DerivationTimeout", "DomainError", "Equivalence", "EquivalenceClasses", "ExpressionError", "Gated",
    "GroupSort", "IntertwineError", "IntertwinerGroup", "Intertwiners", "LayerGroup", "LayerIntertwiners",
    "LayerNorm", "LogSoftmax", "MapSolution", "MaxPool", "Maxout", "ParametricGroup", "QuadraticForm", "RMSNorm",
    "Radial", "Relation", "Relations", "ShapeError", "ShortRelation", "Softmax", "Softmin", "Sparsemax", "Stack",
    "Undecided", "VectorIntertwiners", "derive", "derive_layer", "equivalence_classes", "equivalent",
    "intertwiners", "relations", "short_relations",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'intertwine' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
