"""The map and the papers over time as figures: every paper, in colours that all readers tell apart, and no markup."""

import json
import re
import subprocess
import sys
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from plotly.graph_objects import Figure

from assistant.facts.author_plots import DARK, LIGHT
from assistant.facts.library_map import LibraryMap, MapPoint, MapTheme, library_map
from assistant.facts.map_plots import THEME_COLOURS, map_figure, papers_over_time
from tests.test_author_plots import HOSTILE
from vectorstore.library import Library

# What the three kinds of colour-blind people see of linear RGB (Machado et al. 2009).
COLOUR_BLIND = np.array(
    [
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ]
)


def drawn(figure: Figure) -> dict[str, Any]:
    return dict(json.loads(figure.to_json()))


def mapped(*days: date | None, title: str = "A title", themes: int = 2) -> LibraryMap:
    points = tuple(MapPoint(f"p{n}", title, n / 9, -n / 9, n % themes, day) for n, day in enumerate(days))
    counts = [sum(point.theme == number for point in points) for number in range(themes)]
    return LibraryMap(points, tuple(MapTheme(f"Theme {n}", count) for n, count in enumerate(counts)))


@pytest.fixture(scope="module")
def seeds_map(seeds_library: Library) -> LibraryMap:
    return library_map(seeds_library)


def test_the_figure_has_each_paper_once_in_the_trace_of_its_theme(seeds_map: LibraryMap) -> None:
    traces = drawn(map_figure(seeds_map))["data"]

    assert [trace["customdata"] for trace in traces] == [
        [point.paper_id for point in seeds_map.points if point.theme == number]
        for number in range(len(seeds_map.themes))
    ]
    assert [trace["name"] for trace in traces] == [f"{theme.name} ({theme.papers})" for theme in seeds_map.themes]
    for trace, number in zip(map_figure(seeds_map).data, range(len(seeds_map.themes)), strict=True):
        points = [point for point in seeds_map.points if point.theme == number]
        assert np.allclose(trace.x, [point.x for point in points])
        assert np.allclose(trace.y, [point.y for point in points])


def test_papers_are_chosen_by_drawing_around_them_on_a_plane_without_axes(seeds_map: LibraryMap) -> None:
    layout = map_figure(seeds_map).layout

    assert (layout.dragmode, layout.yaxis.scaleanchor) == ("lasso", "x")
    assert (layout.xaxis.visible, layout.yaxis.visible) == (False, False)
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"


def test_a_title_is_cut_after_a_word() -> None:
    title = "Words " * 30

    (shown,) = drawn(map_figure(mapped(None, title=title, themes=1)))["data"][0]["hovertext"]
    assert re.fullmatch(r"(Words )+Words…", shown)
    assert len(shown) <= 60
    (shown,) = drawn(map_figure(mapped(None, title="w" * 99, themes=1)))["data"][0]["hovertext"]
    assert shown == "w" * 60 + "…"


@pytest.mark.parametrize(
    "title", [HOSTILE, f"{'Lamps ' * 8}{HOSTILE}", "&lt;b&gt;Lamps&lt;/b&gt;", "<\u202eb>\u200bLamps"]
)
def test_what_looks_like_markup_is_shown_as_it_is(title: str) -> None:
    one = mapped(date(2026, 1, 1), title=title, themes=1)
    named = LibraryMap(one.points, (MapTheme(title, 1),))

    for figure in (map_figure(named), papers_over_time(named)):
        texts = json.dumps(drawn(figure), ensure_ascii=False).replace("<br>", "")  # which the figure itself writes
        assert not re.search("[<\u202e\u200b]", texts)


@pytest.mark.parametrize("papers", [0, 1, 3])
def test_a_small_library_has_figures_too(papers: int) -> None:
    small = mapped(*[date(2026, 5, 1)] * papers, themes=min(papers, 1)) if papers else LibraryMap((), ())

    assert map_figure(small).layout.title.text.startswith(f"{papers} paper")
    assert sum(sum(trace["y"]) for trace in drawn(papers_over_time(small))["data"]) == papers


def test_a_short_time_is_shown_by_months_with_the_empty_ones() -> None:
    figure = drawn(papers_over_time(mapped(date(2025, 11, 30), date(2026, 2, 1), date(2026, 2, 2), None)))

    assert [trace["x"] for trace in figure["data"]] == [["Nov 2025", "Dec 2025", "Jan 2026", "Feb 2026"]] * 2
    assert [trace["y"] for trace in figure["data"]] == [[1, 0, 0, 1], [0, 0, 0, 1]]
    assert figure["layout"]["barmode"] == "stack"
    assert figure["layout"]["title"]["text"] == "Papers a month (1 without a date not shown)"


def test_a_long_time_is_shown_by_years() -> None:
    figure = drawn(papers_over_time(mapped(date(2023, 1, 1), date(2026, 1, 1))))

    assert figure["data"][0]["x"] == ["2023", "2024", "2025", "2026"]
    assert figure["layout"]["title"]["text"] == "Papers a year"
    months = drawn(papers_over_time(mapped(date(2023, 1, 1), date(2025, 12, 31))))
    assert len(months["data"][0]["x"]) == 36


def test_the_bars_have_the_colours_of_the_map(seeds_map: LibraryMap) -> None:
    both = [drawn(figure)["data"] for figure in (map_figure(seeds_map), papers_over_time(seeds_map))]

    assert [trace["marker"]["color"] for trace in both[0]] == [trace["marker"]["color"] for trace in both[1]]


def test_60000_papers_are_less_than_6_megabytes() -> None:
    many = mapped(*[date(2026, 1, 1)] * 6000, title="Word " * 30, themes=12)

    assert len(map_figure(many).to_json()) < 0.6e6


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(linear(colour) @ [0.2126, 0.7152, 0.0722])


def perceived(rgb: np.ndarray) -> np.ndarray:
    """Return OKLab (Ottosson 2020), where 0.02 is about what can just be told apart."""
    cones = [[0.41222, 0.53633, 0.05145], [0.2119, 0.68070, 0.1074], [0.0883, 0.28172, 0.62998]] @ rgb.clip(0, 1)
    mixed = [[0.21045, 0.79362, -0.00407], [1.978, -2.42859, 0.45059], [0.0259, 0.78277, -0.80868]] @ np.cbrt(cones)
    return np.asarray(mixed)


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_each_mark_stands_out_from_the_page(colours: Any) -> None:
    for colour in THEME_COLOURS:
        darker, lighter = sorted((luminance(colour), luminance(colours.surface)))
        assert (lighter + 0.05) / (darker + 0.05) >= 3


def test_colours_of_one_mark_are_told_apart_by_everyone() -> None:
    marks = [trace.marker.symbol for trace in map_figure(mapped(*[None] * 12, themes=12)).data]

    for one, other in combinations(range(12), 2):
        colours = [linear(THEME_COLOURS[number]) for number in (one, other)]
        assert np.linalg.norm(perceived(colours[0]) - perceived(colours[1])) >= 0.1
        if marks[one] == marks[other]:
            for seen in COLOUR_BLIND:
                assert np.linalg.norm(perceived(seen @ colours[0]) - perceived(seen @ colours[1])) >= 0.1


def test_figures_load_nothing_from_elsewhere_and_are_the_same_every_time(seeds_map: LibraryMap) -> None:
    for figure in (map_figure, papers_over_time):
        assert figure(seeds_map).to_json() == figure(seeds_map).to_json()
        assert "http" not in figure(seeds_map).to_json()


def test_a_map_needs_no_plotly(tmp_path: Path) -> None:
    code = "import sys, assistant.facts.map_plots; print(sorted({'plotly', 'sklearn'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_each_theme_is_named_on_the_map_and_above_it(seeds_map: LibraryMap) -> None:
    layout = drawn(map_figure(seeds_map))["layout"]

    assert [one["text"].replace("<br>", " ") for one in layout["annotations"]] == [
        theme.name for theme in seeds_map.themes
    ]
    assert layout["legend"]["yanchor"] == "bottom"


def test_a_theme_without_papers_is_not_drawn() -> None:
    one = mapped(date(2026, 1, 1), themes=1)
    figure = map_figure(LibraryMap(one.points, (*one.themes, MapTheme("Gone", 0))))

    assert "Gone" not in json.dumps(drawn(figure))
    assert figure.layout.title.text == "1 paper in 1 theme"
