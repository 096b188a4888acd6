"""An author's papers over time and the co-author graph, as plotly figures that load nothing from elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.facts.author_record import coauthor_data
from assistant.facts.authors import AuthorProfile
from assistant.facts.catalogue_answers import printed_date
from assistant.text.plain_text import plain_text
from vectorstore.papers.paper import Paper

if TYPE_CHECKING:  # imported where a figure is drawn: a profile needs none
    from plotly.graph_objects import Figure


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a figure, which has no ground of its own: it stands on a card of the page."""

    text: str
    muted: str
    line: str
    accent: str
    own_edge: str  # of the author with a co-author: the accent, seen through
    surface: str


LIGHT = Colours("#1f2328", "#656a72", "#e3e0d9", "#0f5c63", "rgba(15,92,99,0.45)", "#ffffff")
DARK = Colours("#e7e9ea", "#9aa3ab", "#2b3137", "#6cc3c3", "rgba(108,195,195,0.45)", "#1b1f23")
_EDGE = "rgba(128,128,128,0.3)"  # among co-authors
_FONT = "Inter Variable, Inter, system-ui, sans-serif"
_NO_CATEGORY = "no category"
_LONGEST_NAME, _LONGEST_LABEL, _LONGEST_TITLE = 40, 24, 120  # characters shown
_LANE_PIXELS, _GRAPH_PIXELS, _BAR_PIXELS = 70, 640, 70
_MOST_YEARS = 12  # named below the bars
_NARROWEST_EDGE, _WIDEST_EDGE = 0.6, 6  # pixels
_RANGE = 1.75  # of the circle's radius; labels are around it
_LABEL_SIZE, _LETTER_PIXELS, _LABEL_GAP = 11, 6.2, 15  # pixels; a letter is so wide on average
_LANE_HEIGHT = 0.7  # of the distance of two lanes: what is filled with the dots of one month

_Place = tuple[float, float]


def timeline(profile: AuthorProfile, *, colours: Colours = LIGHT) -> "Figure":
    """Return a figure with a dot for each dated paper, by its date, in a lane for each category."""
    import plotly.graph_objects as go

    lanes = [one.name for one in profile.categories]
    if any(not paper.category for paper in profile.dated):
        lanes.append(_NO_CATEGORY)
    figure = go.Figure()
    for number, lane in enumerate(lanes):
        papers = [paper for paper in profile.dated if (paper.category or _NO_CATEGORY) == lane]
        figure.add_scatter(
            x=[paper.published.isoformat() for paper in papers if paper.published],
            y=[number + offset for offset in _stacked([paper.published for paper in papers if paper.published])],
            mode="markers",
            name=_shown(lane, _LONGEST_NAME),
            marker={"size": 11, "color": colours.accent, "line": {"width": 1, "color": colours.surface}},
            hovertext=[_hover(paper) for paper in papers],
            hoverinfo="text",
        )
    undated = len(profile.papers) - len(profile.dated)
    left_out = f" ({undated} without a date not shown)" if undated else ""
    lay_out(figure, f"Papers by {_shown(profile.author, _LONGEST_NAME)}{left_out}", colours)
    figure.update_layout(
        height=130 + _LANE_PIXELS * len(lanes),
        showlegend=False,
        xaxis={"type": "date", "gridcolor": colours.line},
        yaxis={
            "tickvals": list(range(len(lanes))),
            "ticktext": [_shown(lane, _LONGEST_NAME) for lane in lanes],
            "range": [len(lanes) - 0.5, -0.5],
            "zeroline": False,
            "gridcolor": colours.line,
        },
    )
    return figure


def papers_a_year(profile: AuthorProfile, *, colours: Colours = LIGHT) -> "Figure":
    """Return a small figure with a bar for each year from the first to the last, as high as a line of text or four."""
    import plotly.graph_objects as go

    counts = {int(one.name): one.count for one in profile.years}
    years = range(min(counts, default=0), max(counts, default=-1) + 1)
    figure = go.Figure()
    figure.add_bar(
        x=[str(year) for year in years],
        y=[counts.get(year, 0) for year in years],
        marker={"color": colours.accent, "line": {"width": 0}},
        hovertext=[f"{year}: {_counted(counts.get(year, 0))}" for year in years],
        hoverinfo="text",
    )
    lay_out(figure, "", colours)
    figure.update_layout(
        height=_BAR_PIXELS,
        showlegend=False,
        margin={"l": 12, "r": 12, "t": 8, "b": 22},
        dragmode=False,
        xaxis={"type": "category", "showgrid": False, "nticks": _MOST_YEARS, "fixedrange": True},
        yaxis={"visible": False, "fixedrange": True, "rangemode": "tozero"},
    )
    return figure


def coauthor_graph(profile: AuthorProfile, *, colours: Colours = LIGHT) -> "Figure":
    """Return a figure with the author in the middle and the co-authors around, next to those they wrote with."""
    import plotly.graph_objects as go

    data = coauthor_data(profile)
    counts = {node["name"]: node["count"] for node in data["nodes"]}
    shared = {tuple(edge["between"]): edge["count"] for edge in data["edges"]}
    places = circle(list(counts), shared)
    most = max(counts.values(), default=1)
    figure = go.Figure()
    among = [(places[one], places[other], count) for (one, other), count in shared.items()]
    own = [((0.0, 0.0), places[name], count) for name, count in counts.items()]
    _draw_edges(figure, among, most, colour=_EDGE)
    _draw_edges(figure, own, most, colour=colours.own_edge)
    figure.add_scatter(
        x=[0.0, *(places[name][0] for name in counts)],
        y=[0.0, *(places[name][1] for name in counts)],
        mode="markers",
        marker={
            "size": [22, *(9 + 9 * count / most for count in counts.values())],
            "color": [colours.text, *[colours.accent] * len(counts)],
            "opacity": 1,
            "line": {"width": 1, "color": colours.surface},
        },
        hovertext=[_papers_of(profile.author, len(profile.papers)), *(_papers_of(*one) for one in counts.items())],
        hoverinfo="text",
    )
    left_out = f" (the {len(counts)} most frequent of {len(profile.coauthors):,})" if data["left_out"] else ""
    lay_out(figure, f"Co-authors of {_shown(profile.author, _LONGEST_NAME)}{left_out}", colours)
    hidden = {"visible": False, "range": [-_RANGE, _RANGE]}
    figure.update_layout(height=_GRAPH_PIXELS, showlegend=False, xaxis=hidden, yaxis={**hidden, "scaleanchor": "x"})
    for name in counts:
        figure.add_annotation(_label(name, places[name]))
    return figure


def plots_page(profile: AuthorProfile) -> str:
    """Return both figures as one HTML page that has all it needs in it: it opens offline and loads nothing."""
    figures = [timeline(profile), coauthor_graph(profile)]
    drawn = "\n".join(
        figure.to_html(full_html=False, include_plotlyjs=number == 0, include_mathjax=False)
        for number, figure in enumerate(figures)
    )
    head = f'<meta charset="utf-8"><title>{escape(profile.author)}</title>'
    return f"<!doctype html>\n<html><head>{head}</head><body>\n{drawn}\n</body></html>\n"


def circle(names: Sequence[str], shared: dict[tuple[str, ...], int]) -> dict[str, _Place]:
    """Return a place on the unit circle for each name: the next one is who shares most with the one before."""
    order: list[str] = []
    left = list(names)
    while left:
        last = order[-1] if order else ""
        nearest = max(left, key=lambda name: shared.get((last, name), 0) + shared.get((name, last), 0))
        order.append(nearest)
        left.remove(nearest)
    angles: NDArray[np.float64] = np.pi / 2 - 2 * np.pi * np.arange(len(order)) / max(len(order), 1)
    return {name: (float(np.cos(angle)), float(np.sin(angle))) for name, angle in zip(order, angles, strict=True)}


def _stacked(days: Sequence[date]) -> list[float]:
    """Return how far from the middle of its lane each dot is, so that those of one month do not hide each other."""
    months = [(day.year, day.month) for day in days]
    most = max(Counter(months).values(), default=1)
    step = min(0.16, _LANE_HEIGHT / most)
    placed: Counter[tuple[int, int]] = Counter()
    offsets: list[float] = []
    for month in months:
        placed[month] += 1
        offsets.append(step * (placed[month] // 2) * (-1 if placed[month] % 2 else 1))
    return offsets


def _draw_edges(figure: "Figure", edges: Iterable[tuple[_Place, _Place, int]], most: int, *, colour: str) -> None:
    """Draw lines, the wider the higher their count: one trace for all of a count, since hundreds would be slow."""
    by_count: defaultdict[int, list[tuple[_Place, _Place]]] = defaultdict(list)
    for start, end, count in edges:
        by_count[count].append((start, end))
    for count, lines in sorted(by_count.items()):
        figure.add_scatter(
            x=[x for (x0, _), (x1, _) in lines for x in (x0, x1, None)],
            y=[y for (_, y0), (_, y1) in lines for y in (y0, y1, None)],
            mode="lines",
            line={"width": max(_NARROWEST_EDGE, _WIDEST_EDGE * count / most), "color": colour},
            hoverinfo="skip",
        )


def _label(name: str, place: _Place) -> dict[str, Any]:
    """Return the annotation of a co-author, written outwards: turned about its middle, which is put off the dot."""
    shown = name if len(name) <= _LONGEST_LABEL else f"{name[:_LONGEST_LABEL]}…"
    angle = float(np.degrees(np.arctan2(place[1], place[0])))
    distance = _LABEL_GAP + len(shown) * _LETTER_PIXELS / 2
    return {
        "x": place[0],
        "y": place[1],
        "xshift": place[0] * distance,
        "yshift": place[1] * distance,
        "text": _shown(name, _LONGEST_LABEL),
        "showarrow": False,
        "textangle": -(angle - 180 if abs(angle) > 90 else angle),
        "xanchor": "center",
        "yanchor": "middle",
        "font": {"size": _LABEL_SIZE},
    }


def lay_out(figure: "Figure", title: str, colours: Colours) -> None:
    """Give a figure its title and the page's look."""
    figure.update_layout(
        title={"text": title, "font": {"size": 16, "color": colours.text}},
        font={"color": colours.muted, "family": _FONT},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 20, "r": 20, "t": 60, "b": 30},
        hovermode="closest",
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": colours.muted},
    )


def _hover(paper: Paper) -> str:
    inferred = " (year inferred)" if paper.year_inferred else ""
    return f"{_shown(plain_text(paper.title), _LONGEST_TITLE)}<br>{printed_date(paper)}{inferred}"


def _papers_of(name: str, count: int) -> str:
    return f"{_shown(name, _LONGEST_NAME)}: {_counted(count)}"


def _counted(papers: int) -> str:
    return f"{papers} {'paper' if papers == 1 else 'papers'}"


def _shown(text: str, longest: int) -> str:
    """Return text that plotly shows as it is: what looks like a tag is none."""
    return escape(text if len(text) <= longest else f"{text[:longest]}…", quote=False)
