"""The experiments on representations, small enough for a laptop: train, measure, write a table, figures and a page."""

from __future__ import annotations

from intertwine.experiments.convolutional import ConvNet, train_convolutional
from intertwine.experiments.measurements import COLUMNS, EXPERIMENTS, measure
from intertwine.experiments.running import run
from intertwine.experiments.training import NETWORKS, NONLINEARITIES, Settings, digits, train

__all__ = [
    "COLUMNS", "EXPERIMENTS", "NETWORKS", "NONLINEARITIES", "ConvNet", "Settings", "digits", "measure", "run", "train",
    "train_convolutional",
]  # fmt: skip
