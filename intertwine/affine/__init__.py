"""The affine intertwiner group of one activation: one module for each idea, put together in :mod:`solver`."""
