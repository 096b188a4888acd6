"""The map of a library and its papers over time, as plotly figures that load nothing from elsewhere.

A theme has one colour and one mark in both. Each colour has a contrast of 3 at least to the light and to the dark page,
and those of the same mark are told apart by people who do not see red, green or blue.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from assistant.facts.author_plots import LIGHT, Colours, lay_out
from assistant.facts.library_map import LibraryMap, MapPoint, MapTheme
from assistant.text.plain_text import plain_text
from assistant.text.visible_text import readable

if TYPE_CHECKING:  # imported where a figure is drawn
    from plotly.graph_objects import Figure

THEME_COLOURS = (
    *("#00796e", "#588ffd", "#c63700", "#d1798f", "#8f4dbb", "#799a00"),
    *("#bb6ee7", "#a55879", "#e76e16", "#216ed1", "#00a584", "#6e6e16"),
)
_MARKS = ("circle", "diamond")  # by turns
_LONGEST_TITLE = 60  # characters shown: those of 60,000 papers are most of what is sent
_MONTH_NAMES = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_MONTHS_SHOWN = 36  # of a longer time years are shown
_LEGEND = {"orientation": "h", "x": 0, "itemsizing": "constant", "traceorder": "normal"}
_LONGEST_LINE = 24  # characters of a theme's name on the map
_TITLE_PIXELS = 52  # above the legend of the map
_MAP_PIXELS, _BARS_PIXELS = 440, 220  # without title, legend and what is around them
_FRAME_PIXELS, _THEME_PIXELS = 100, 20  # what is around, and a theme in the legend
_LARGEST, _SMALLEST, _AREA = 10.0, 3.0, 250.0  # pixels of a mark, and what marks share: the more, the smaller


def map_figure(mapped: LibraryMap, *, colours: Colours = LIGHT) -> "Figure":
    """Return a figure with a mark for each paper, in a trace for each theme; `customdata` has the paper's id.

    Papers are chosen by drawing around them.
    """
    import plotly.graph_objects as go

    size = float(np.clip(_AREA / max(len(mapped.points), 1) ** 0.5, _SMALLEST, _LARGEST))
    figure = go.Figure()
    for number, theme in enumerate(mapped.themes):
        points = [point for point in mapped.points if point.theme == number]
        if not points:  # all of them have gone
            continue
        figure.add_annotation(_name_on_the_map(theme, points))
        figure.add_scattergl(
            x=np.array([point.x for point in points], np.float32),  # sent as bytes, a third of what digits take
            y=np.array([point.y for point in points], np.float32),
            customdata=[point.paper_id for point in points],
            hovertext=[_short(point.title) for point in points],
            hoverinfo="text",
            mode="markers",
            name=f"{_shown(theme.name)} ({theme.papers:,})",
            marker={
                "size": size,
                "color": THEME_COLOURS[number],
                "symbol": _MARKS[number % 2],
                "line": {"width": 1 if size == _LARGEST else 0, "color": colours.surface},
            },
        )
    lay_out(figure, _counted(mapped), colours)
    hidden = {"visible": False}
    figure.update_layout(
        height=_MAP_PIXELS + _TITLE_PIXELS + _THEME_PIXELS * len(mapped.themes),
        dragmode="lasso",
        showlegend=True,
        # Above the map, so that it is in sight with it.
        legend={**_LEGEND, "y": 1, "yanchor": "bottom"},
        margin={"l": 20, "r": 20, "t": _TITLE_PIXELS + _THEME_PIXELS * len(mapped.themes), "b": 20},
        title={"y": 1, "yanchor": "top", "yref": "container", "pad": {"t": 16}},
        xaxis=hidden,
        yaxis={**hidden, "scaleanchor": "x"},
    )
    return figure


def papers_over_time(mapped: LibraryMap, *, colours: Colours = LIGHT) -> "Figure":
    """Return a figure with a bar for each month, or of a long time for each year, stacked by theme."""
    import plotly.graph_objects as go

    dated = [(point.published, point.theme) for point in mapped.points if point.published]
    periods, monthly = _periods([day for day, _ in dated])
    if monthly:  # what only has a year is in none of them
        dated = [(one.published, one.theme) for one in mapped.points if one.published and one.precision != "year"]
    counts = Counter((_period(day, monthly=monthly), theme) for day, theme in dated)
    highest = max(Counter(_period(day, monthly=monthly) for day, _ in dated).values(), default=0)
    figure = go.Figure()
    for number, theme in enumerate(mapped.themes):
        figure.add_bar(
            x=periods,
            y=[counts[period, number] for period in periods],
            name=_shown(theme.name),
            marker={"color": THEME_COLOURS[number], "line": {"width": 0}},
            hoverinfo="x+y+name",
        )
    undated = len(mapped.points) - len(dated)
    left_out = f" ({undated:,} without a date not shown)" if undated else ""
    lay_out(figure, f"Papers a {'month' if monthly else 'year'}{left_out}", colours)
    figure.update_layout(
        height=_BARS_PIXELS + _FRAME_PIXELS + _THEME_PIXELS * len(mapped.themes),
        barmode="stack",
        hoverlabel={"namelength": -1},
        showlegend=True,
        legend=_legend_below(_BARS_PIXELS, 50),  # months may be written aslant
        xaxis={"type": "category", "showgrid": False},
        yaxis={"gridcolor": colours.line, "zeroline": False, "tickformat": ",d", "dtick": 1 if highest < 6 else None},
    )
    return figure


def _legend_below(height: int, gap: int) -> dict[str, object]:
    """Return a legend `gap` pixels below a plot that is about so high."""
    return {**_LEGEND, "y": -gap / height, "yanchor": "top"}


def _name_on_the_map(theme: MapTheme, points: Sequence[MapPoint]) -> dict[str, object]:
    """Return a theme's name to stand at the middle of its papers, in lines of a few words."""
    lines = wrap(_seen(theme.name), _LONGEST_LINE, break_on_hyphens=False)
    middle = {axis: float(np.median([getattr(point, axis) for point in points])) for axis in ("x", "y")}
    return {**middle, "text": "<br>".join(map(_shown, lines)), "showarrow": False, "font": {"size": 12}}


def _counted(mapped: LibraryMap) -> str:
    papers, themes = len(mapped.points), sum(theme.papers > 0 for theme in mapped.themes)
    return f"{papers:,} {'paper' if papers == 1 else 'papers'} in {themes} {'theme' if themes == 1 else 'themes'}"


def _periods(days: Sequence[date]) -> tuple[list[str], bool]:
    """Return the months from the first to the last day, or the years if those are many; and whether it is months."""
    if not days:
        return [], True
    first, last = min(days), max(days)
    months = [first.year * 12 + first.month - 1, last.year * 12 + last.month - 1]
    if months[1] - months[0] >= _MONTHS_SHOWN:
        return [str(year) for year in range(first.year, last.year + 1)], False
    starts = [date(month // 12, month % 12 + 1, 1) for month in range(months[0], months[1] + 1)]
    return [_period(day, monthly=True) for day in starts], True


def _period(day: date, *, monthly: bool) -> str:
    return f"{_MONTH_NAMES[day.month - 1]} {day.year}" if monthly else str(day.year)


def _short(title: str) -> str:
    """Return a title as it is shown, cut after a word if it is long."""
    text = _seen(plain_text(title))
    if len(text) > _LONGEST_TITLE:
        text = f"{text[:_LONGEST_TITLE].rpartition(' ')[0] or text[:_LONGEST_TITLE]}…"
    return escape(text, quote=False)


def _shown(text: str) -> str:
    """Return text that plotly shows as it is: what looks like a tag is none."""
    return escape(_seen(text), quote=False)


def _seen(text: str) -> str:
    return " ".join("".join(readable(text)).split())
