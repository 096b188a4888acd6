"""The risk-coverage curve as a picture, drawn by matplotlib without a display."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.evaluation.risk_coverage import Point
from vectorstore.errors import CollectionError

if TYPE_CHECKING:  # imported where it is used: it reads its settings from a folder that is named first
    from matplotlib.axes import Axes

SUFFIXES = (".png", ".svg")
_INK, _GREY, _GRID, _LINE, _ABSTAINED = "#1f2430", "#6b7280", "#e5e7eb", "#2f5d8a", "#f1f3f6"
_BELOW_ZERO = 0.02  # of the height
_LONGEST_TITLE = 70  # characters


def save_picture(curve: Sequence[Point], path: Path, *, title: str) -> None:
    """Draw a curve of one point at least into `path`, a PNG or SVG by its suffix.

    Raises CollectionError if the file cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="evaluate-") as folder:
        os.environ.setdefault("MPLCONFIGDIR", folder)  # its cache of fonts stays out of the user's home
        from matplotlib import style
        from matplotlib.figure import Figure

        with style.context("default"):
            figure = Figure(figsize=(6.4, 4.4), dpi=160, layout="constrained")
            axes = figure.add_subplot()
            _draw(axes, curve)
            _label(axes, title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…")
            try:
                figure.savefig(path)
            except OSError as error:
                raise CollectionError(
                    f"The picture {path} cannot be written ({error.strerror}); name another file with --curve."
                ) from error


def _draw(axes: "Axes", curve: Sequence[Point]) -> None:
    """Draw the curve, where it ends, and the questions that it never covers."""
    stop = curve[-1]
    risks = [point.risk for point in curve]
    coverages = [point.coverage for point in curve]
    axes.plot([0.0, *coverages], [risks[0], *risks], color=_LINE, clip_on=False, label="the surest first")
    axes.plot(
        *(stop.coverage, stop.risk, "o"),
        color=_INK,
        zorder=3,
        clip_on=False,
        label=f"the program stops: {stop.coverage:.0%} answered, {stop.risk:.1%} wrong",
    )
    axes.axvspan(stop.coverage, 1.0, color=_ABSTAINED, zorder=0, label="no answer" if stop.coverage < 1 else "_")
    top = min(1.0, 1.2 * max(risks)) or 1.0
    axes.set(xlim=(0, 1), ylim=(-_BELOW_ZERO * top, top))  # a curve without any error is seen above its axis


def _label(axes: "Axes", title: str) -> None:
    from matplotlib.ticker import PercentFormatter

    axes.set_title(title, loc="left", fontsize=10, color=_INK, pad=26, parse_math=False)
    legend = axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=3,
        frameon=False,
        fontsize=8,
        handlelength=1.2,
        handletextpad=0.5,
        columnspacing=1.2,
        labelcolor=_INK,
    )
    legend.set_in_layout(False)
    axes.set_xlabel("Coverage: share of the questions that is answered", color=_INK)
    axes.set_ylabel("Risk: share of these answers that is wrong", color=_INK)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.tick_params(colors=_GREY)
    axes.grid(color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(_GREY)
