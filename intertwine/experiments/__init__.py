"""The experiments on representations, small enough for a laptop: train, measure, write a table, figures and a page."""

from __future__ import annotations

from intertwine.experiments.measurements import COLUMNS, EXPERIMENTS, measure
from intertwine.experiments.running import run
from intertwine.experiments.training import NONLINEARITIES, Settings, digits, train

__all__ = ["COLUMNS", "EXPERIMENTS", "NONLINEARITIES", "Settings", "digits", "measure", "run", "train"]
