"""Intertwiner groups of small maps: any list of expressions in a few variables."""
