"""The affine intertwiner group of one activation: one module for each idea, put together in :mod:`solver`."""

from intertwine.affine.evidence import fact_to_json
from intertwine.affine.solver import AffineSolution, solve_affine

__all__ = ["AffineSolution", "fact_to_json", "solve_affine"]
