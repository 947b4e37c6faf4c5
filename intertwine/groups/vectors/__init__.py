"""Concrete groups of matrices beyond the monomial ones."""
