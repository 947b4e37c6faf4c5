"""Linear relations between an activation at several arguments: more than two terms.

Examples
--------
>>> from intertwine.dependence import relations
>>> print(relations("gelu", ["t", "-t"], admit=["t"]).relations[0])
s(t) - s(-t) - t = 0
"""

from __future__ import annotations

from intertwine.dependence.entry import relations
from intertwine.dependence.result import Relation, Relations
from intertwine.dependence.short import ShortRelation, short_relations

__all__ = ["Relation", "Relations", "ShortRelation", "relations", "short_relations"]
