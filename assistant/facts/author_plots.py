"""An author's papers over time and the co-author graph, as plotly figures that load nothing from elsewhere."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.facts.author_record import coauthor_data
from assistant.facts.authors import AuthorProfile
from assistant.facts.catalogue_answers import printed_date
from assistant.text.plain_text import plain_text
from vectorstore.papers import Paper

if TYPE_CHECKING:  # imported where a figure is drawn: a profile needs none
    from plotly.graph_objects import Figure

# Okabe and Ito 2008: told apart by colour-blind people, on a light and a dark ground.
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#B8A800", "#888888")
_GREY = "#888888"  # legible on both grounds
_NO_CATEGORY = "no category"
_LONGEST_NAME, _LONGEST_TITLE = 40, 120  # characters shown
_LANE_PIXELS, _GRAPH_PIXELS = 70, 640
_NARROWEST_EDGE, _WIDEST_EDGE = 0.6, 6  # pixels
_RANGE = 1.5  # of the circle's radius; labels are around it
_NEARLY_MIDDLE = 0.2  # of the circle's radius: a label there is centred
_LANE_HEIGHT = 0.7  # of the distance of two lanes: what is filled with the dots of one month

_Place = tuple[float, float]


def timeline(profile: AuthorProfile) -> "Figure":
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
            marker={"size": 11, "color": _COLOURS[number % len(_COLOURS)], "line": {"width": 1, "color": "white"}},
            hovertext=[_hover(paper) for paper in papers],
            hoverinfo="text",
        )
    undated = len(profile.papers) - len(profile.dated)
    left_out = f" ({undated} without a date not shown)" if undated else ""
    _lay_out(figure, f"Papers by {_shown(profile.author, _LONGEST_NAME)}{left_out}")
    figure.update_layout(
        height=130 + _LANE_PIXELS * len(lanes),
        showlegend=False,
        xaxis={"type": "date", "gridcolor": "rgba(128,128,128,0.25)"},
        yaxis={
            "tickvals": list(range(len(lanes))),
            "ticktext": [_shown(lane, _LONGEST_NAME) for lane in lanes],
            "range": [len(lanes) - 0.5, -0.5],
            "zeroline": False,
            "gridcolor": "rgba(128,128,128,0.25)",
        },
    )
    return figure


def coauthor_graph(profile: AuthorProfile) -> "Figure":
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
    _draw_edges(figure, among, most, colour="rgba(128,128,128,0.25)")
    _draw_edges(figure, own, most, colour="rgba(0,114,178,0.6)")
    figure.add_scatter(
        x=[0.0, *(places[name][0] for name in counts)],
        y=[0.0, *(places[name][1] for name in counts)],
        mode="markers",
        marker={
            "size": [22, *(9 + 9 * count / most for count in counts.values())],
            "color": [_COLOURS[5], *[_COLOURS[0]] * len(counts)],
            "opacity": 1,
            "line": {"width": 1, "color": "white"},
        },
        hovertext=[_papers_of(profile.author, len(profile.papers)), *(_papers_of(*one) for one in counts.items())],
        hoverinfo="text",
    )
    left_out = f" (the {len(counts)} most frequent of {len(profile.coauthors):,})" if data["left_out"] else ""
    _lay_out(figure, f"Co-authors of {_shown(profile.author, _LONGEST_NAME)}{left_out}")
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
    """Return the annotation of a co-author, written outwards."""
    angle = float(np.degrees(np.arctan2(place[1], place[0])))
    leftwards = abs(angle) > 90
    return {
        "x": place[0] * 1.06,
        "y": place[1] * 1.06,
        "text": _shown(name, _LONGEST_NAME),
        "showarrow": False,
        "textangle": -(angle - 180 if leftwards else angle),
        "xanchor": _side(place[0], "left", "right", "center"),
        "yanchor": _side(place[1], "bottom", "top", "middle"),
        "font": {"size": 11},
    }


def _side(coordinate: float, positive: str, negative: str, between: str) -> str:
    return between if abs(coordinate) < _NEARLY_MIDDLE else positive if coordinate > 0 else negative


def _lay_out(figure: "Figure", title: str) -> None:
    figure.update_layout(
        title={"text": title, "font": {"size": 16}},
        font={"color": _GREY},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 20, "r": 20, "t": 60, "b": 30},
        hovermode="closest",
        modebar={"bgcolor": "rgba(0,0,0,0)", "color": _GREY},
    )


def _hover(paper: Paper) -> str:
    inferred = " (year inferred)" if paper.year_inferred else ""
    return f"{_shown(plain_text(paper.title), _LONGEST_TITLE)}<br>{printed_date(paper)}{inferred}"


def _papers_of(name: str, count: int) -> str:
    return f"{_shown(name, _LONGEST_NAME)}: {count} {'paper' if count == 1 else 'papers'}"


def _shown(text: str, longest: int) -> str:
    """Return text that plotly shows as it is: what looks like a tag is none."""
    return escape(text if len(text) <= longest else f"{text[:longest]}…", quote=False)
