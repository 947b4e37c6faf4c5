"""Figures and a page from the rows of the table."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from intertwine.errors import IntertwineError
from intertwine.experiments.measurements import Row

_Key = tuple[Any, ...]


def grouped(rows: Iterable[Row], keys: Sequence[str]) -> dict[_Key, list[float]]:
    """The values by the given columns, in the order of their first appearance."""
    found: dict[_Key, list[float]] = {}
    for row in rows:
        found.setdefault(tuple(row[k] for k in keys), []).append(float(row["value"]))
    return found


def write_report(rows: Sequence[Row], folder: Path, settings: Mapping[str, Mapping[str, Any]]) -> None:
    """Write figures for each experiment (PNG and SVG) and ``index.html``; the settings are those of each network."""
    sections = []
    for experiment in dict.fromkeys(row["experiment"] for row in rows):
        part = [row for row in rows if row["experiment"] == experiment]
        names = [experiment]
        _figure(part, folder / experiment, {"": _PANELS[experiment]})
        if experiment == "similarity":
            names.append("similarity-depth")
            measures = dict.fromkeys(row["measure"] for row in part if "unbiased" not in row["measure"])
            _figure(part, folder / "similarity-depth", {m: _depth(m) for m in measures})
        pictures = "".join(f"<p><img src='{name}.svg' alt='{name}'></p>\n" for name in names)
        sections.append(f"<h2>{experiment.capitalize()}</h2>\n" + pictures + _table(part, experiment))
    listed = "; ".join(
        f"{network}: " + ", ".join(f"{k} {v}" for k, v in values.items() if k not in ("activation", "network"))
        for network, values in settings.items())
    page = ("<!doctype html>\n<html lang='en'><meta charset='utf-8'><title>Experiments</title>\n"
            "<style>body{font-family:sans-serif;max-width:70em;margin:2em auto}td,th{padding:.2em .8em;text-align:left}"
            "img{max-width:100%}</style>\n<h1>Representations up to derived symmetries</h1>\n"
            f"<p>Networks trained on scikit-learn's digits: {html.escape(listed)}. The numbers are means over pairs "
            "of networks and their standard deviations; every single one is in <a href='results.csv'>results.csv</a>."
            "</p>\n" + "\n".join(sections) + "\n</html>\n")
    (folder / "index.html").write_text(page, encoding="utf-8")


def _table(rows: Sequence[Row], experiment: str) -> str:
    columns = ["network", "activation", "measure", "variant", "layer"]
    columns += ["other_layer"] if experiment == "similarity" else []
    head = "".join(f"<th>{html.escape(c)}" for c in (*columns, "mean", "sd", "n"))
    lines = []
    for key, values in grouped(rows, columns).items():
        cells = "".join(f"<td>{html.escape(str(c))}" for c in key)
        lines.append(f"<tr>{cells}<td>{np.mean(values):.4f}<td>{np.std(values):.4f}<td>{len(values)}")
    body = "\n".join([f"<tr>{head}", *lines])
    return f"<details><summary>{len(lines)} numbers</summary><table>{body}</table></details>"


def _stitching(axes: Any, rows: list[Row]) -> None:
    kept = [r for r in rows if r["measure"] == "accuracy penalty" and not str(r["variant"]).startswith("rank")]
    _lines(axes, kept, "accuracy penalty")


def _similarity(axes: Any, rows: list[Row]) -> None:
    kept = [r | {"variant": r["measure"]} for r in rows
            if r["variant"] == "between networks" and r["layer"] == r["other_layer"]]
    _lines(axes, kept, "same layer of two networks")


def _depth(measure: str) -> Callable[[Any, list[Row]], None]:
    """Layers of one network against layers of another."""

    def draw(axes: Any, rows: list[Row]) -> None:
        kept = [r for r in rows if r["variant"] == "between networks" and r["measure"] == measure]
        means = {key: float(np.mean(values)) for key, values in grouped(kept, ["layer", "other_layer"]).items()}
        layers = sorted({key[0] for key in means})
        table = np.array([[means[i, j] for j in layers] for i in layers])
        axes.pcolormesh(layers, layers, table, cmap="viridis", edgecolors="white")
        middle = (table.min() + table.max()) / 2
        for (i, j), value in means.items():
            axes.text(j, i, f"{value:.3f}", ha="center", va="center", color="black" if value > middle else "white")
        axes.set_xticks(layers)
        axes.set_yticks(layers)
        axes.set_ylabel(measure)

    return draw


def _basis(axes: Any, rows: list[Row]) -> None:
    _lines(axes, [r for r in rows if r["measure"] == "probe"], "mean R² of one unit")


def _merging(axes: Any, rows: list[Row]) -> None:
    _lines(axes, [r for r in rows if r["measure"] == "loss"], "test loss", "t")


def _lines(axes: Any, rows: list[Row], title: str, abscissa: str = "hidden layer") -> None:
    for variant in dict.fromkeys(r["variant"] for r in rows):
        points = grouped([r for r in rows if r["variant"] == variant], ["layer"])
        x = [k[0] for k in points]
        y, sd = ([f(v) for v in points.values()] for f in (np.mean, np.std))
        axes.errorbar(x, y, yerr=sd, marker="o", markersize=3, capsize=2, label=variant)
    axes.set_xlabel(abscissa)
    axes.set_ylabel(title)


_PANELS: dict[str, Callable[[Any, list[Row]], None]] = {
    "stitching": _stitching, "similarity": _similarity, "basis": _basis, "merging": _merging,
}  # fmt: skip


def _figure(rows: Sequence[Row], stem: Path, draw: Mapping[str, Callable[[Any, list[Row]], None]]) -> None:
    """A row of panels for each way to draw, a column for each kind of network."""
    try:
        import matplotlib
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise IntertwineError('the figures need matplotlib: pip install "intertwine[similarity]"') from error
    kinds = list(dict.fromkeys((row["network"], row["activation"]) for row in rows))
    # Fixed identifiers and no date, so that equal results give equal files.
    with matplotlib.rc_context({"svg.hashsalt": "intertwine"}):
        figure = Figure(figsize=(4.2 * len(kinds), 3.6 * len(draw)), layout="constrained")
        FigureCanvasAgg(figure)
        panels = figure.subplots(len(draw), len(kinds), squeeze=False)
        for line, function in zip(panels, draw.values(), strict=True):
            for axes, (network, activation) in zip(line, kinds, strict=True):
                function(axes, [row for row in rows if (row["network"], row["activation"]) == (network, activation)])
                axes.set_title(activation if network == "perceptron" else f"{activation}, {network}")
        # Not every kind has every line: the legend gathers them.
        known = {label: handle for axes in panels.flat
                 for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
        if known:
            panels[-1, -1].legend(known.values(), known.keys(), fontsize=7)
        figure.savefig(stem.with_suffix(".png"), dpi=120, metadata={"Software": None})
        figure.savefig(stem.with_suffix(".svg"), metadata={"Date": None, "Creator": None})
