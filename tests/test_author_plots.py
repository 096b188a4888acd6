"""The timeline and the co-author graph: the same data as the profile, and nothing from elsewhere."""

import json
import re
import subprocess
import sys
from datetime import date
from math import hypot
from pathlib import Path

import pytest
from plotly.graph_objects import Figure

from assistant.facts.author_plots import DARK, LIGHT, Colours, circle, coauthor_graph, papers_a_year, timeline
from assistant.facts.author_record import MOST_IN_GRAPH, author_record, coauthor_data
from assistant.planning.people import People
from tests.test_authors import add, entry, listing, profile_of
from vectorstore.library import Library

HOSTILE = '<img src=x onerror=alert(1)><a href="javascript:alert(1)">A</a>'


@pytest.fixture
def library(tmp_path: Path) -> Library:
    with Library(tmp_path / "library") as library:
        yield library


def traces(figure: Figure, mode: str) -> list[dict[str, object]]:
    return [trace for trace in json.loads(figure.to_json())["data"] if trace.get("mode") == mode]


def test_the_timeline_has_every_dated_paper_in_the_lane_of_its_category(seeds_library: Library) -> None:
    for name in People.of(seeds_library.catalogue):
        profile = profile_of(seeds_library, name)
        shown = timeline(profile)
        data = author_record(profile)["timeline"]
        assert sorted(day for trace in traces(shown, "markers") for day in trace["x"]) == [
            one["published"] for one in data
        ]
        days = {
            category: [one["published"] for one in data if one["category"] == category]
            for category in {one["category"] for one in data} - {None}
        }
        for trace in traces(shown, "markers"):
            if trace["name"] in days:
                assert sorted(trace["x"]) == days[trace["name"]]


def test_papers_of_one_day_and_category_do_not_hide_each_other(library: Library) -> None:
    many = [entry(f"Lamp {n}", "Ada Lovelace", published=date(2026, 7, 1), category="LG") for n in range(300)]
    add(
        library,
        listing(*many, entry("No date", "Ada Lovelace"), entry("None", "Ada Lovelace", published=date(2026, 7, 2))),
    )
    figure = timeline(profile_of(library, "Ada Lovelace"))

    lane, without = traces(figure, "markers")
    assert len(set(lane["y"])) == 300
    assert all(abs(height) < 0.5 for height in lane["y"])
    assert without["name"] == "no category"
    assert figure.layout.title.text == "Papers by Ada Lovelace (1 without a date not shown)"


def test_the_graph_has_the_most_frequent_co_authors_and_what_they_wrote_together(library: Library) -> None:
    crowd = [f"Author {number}" for number in range(60)]
    add(library, listing(entry("All", "Ada Lovelace", *crowd), entry("Two", "Ada Lovelace", "Author 7", "Author 59")))
    profile = profile_of(library, "Ada Lovelace")
    data = coauthor_data(profile)

    assert [node["name"] for node in data["nodes"]][:2] == ["Author 59", "Author 7"]
    assert (len(data["nodes"]), data["left_out"]) == (MOST_IN_GRAPH, 60 - MOST_IN_GRAPH)
    assert data["edges"][0] == {"between": ["Author 59", "Author 7"], "count": 2}
    assert len(data["edges"]) == MOST_IN_GRAPH * (MOST_IN_GRAPH - 1) // 2
    figure = coauthor_graph(profile)
    assert figure.layout.title.text == f"Co-authors of Ada Lovelace (the {MOST_IN_GRAPH} most frequent of 60)"
    widths = [trace["line"]["width"] for trace in traces(figure, "lines")]
    assert widths == [3, 6, 3, 6]  # of one and two papers, among co-authors and with the author
    assert len(figure.layout.annotations) == MOST_IN_GRAPH


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("colours", "page"), [(LIGHT, "#f7f6f3"), (DARK, "#14171a")])
def test_what_is_written_can_be_read_on_a_light_and_a_dark_page(library: Library, colours: Colours, page: str) -> None:
    add(library, listing(entry("Lamps", "Ada Lovelace", "Bo Kim", published=date(2026, 7, 1), category="LG")))
    profile = profile_of(library, "Ada Lovelace")

    for figure in (timeline(profile, colours=colours), coauthor_graph(profile, colours=colours)):
        for colour in (figure.layout.font.color, figure.layout.title.font.color):
            for ground in (page, colours.surface):
                darker, lighter = sorted((_luminance(colour), _luminance(ground)))
                assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_names_around_the_circle_do_not_overlap(library: Library) -> None:
    crowd = [f"Bartholomew Fitzgerald {number}" for number in range(MOST_IN_GRAPH)]
    add(library, listing(entry("All", "Ada Lovelace", *crowd)))
    figure = coauthor_graph(profile_of(library, "Ada Lovelace"))
    radius = (figure.layout.height - 90) / 2 / figure.layout.xaxis.range[1]  # pixels

    for label in figure.layout.annotations:
        length = len(label.text) * 6.2
        distance = hypot(label.xshift, label.yshift)
        assert distance - length / 2 >= 12  # off the dot
        assert radius + distance + length / 2 <= 60 + (figure.layout.height - 90) / 2  # from the middle to the top
    inner = radius + 15  # where the labels begin, beside each other
    assert 2 * 3.14159 * inner / MOST_IN_GRAPH >= figure.layout.annotations[0].font.size * 1.2


def test_an_author_alone_has_a_graph_too(library: Library) -> None:
    add(library, listing(entry("Lamps", "Ada Lovelace")))

    assert coauthor_graph(profile_of(library, "Ada Lovelace")).layout.title.text == "Co-authors of Ada Lovelace"
    assert traces(timeline(profile_of(library, "Ada Lovelace")), "markers") == []


def test_who_wrote_together_is_side_by_side_on_the_circle() -> None:
    places = circle(["a", "b", "c", "d"], {("a", "c"): 2, ("b", "d"): 1})

    assert list(places) == ["a", "c", "b", "d"]
    assert all(hypot(*place) == pytest.approx(1) for place in places.values())


def test_figures_are_the_same_every_time_and_load_nothing_from_elsewhere(seeds_library: Library) -> None:
    for figure in (timeline, coauthor_graph):
        drawn = [figure(profile_of(seeds_library, "Bumjun Kim")) for _ in range(2)]
        assert drawn[0].to_json() == drawn[1].to_json()
        assert "http" not in drawn[0].to_json()
        page = drawn[0].to_html(include_plotlyjs=True)
        assert not re.search(r"<(?:script|link|img)[^>]*(?:src|href)=", page)


def test_what_looks_like_markup_is_shown_as_it_is(library: Library) -> None:
    printed = entry(f"Lamps {HOSTILE}", "Ada Lovelace", HOSTILE, published=date(2026, 7, 1), category="<b>LG</b>")
    add(library, listing(printed))
    profile = profile_of(library, "Ada Lovelace")

    for figure in (timeline(profile), coauthor_graph(profile)):
        texts = json.dumps(json.loads(figure.to_json()), ensure_ascii=False)
        assert not re.search(r"<(?!br>)", texts)


def test_a_profile_needs_no_plotly() -> None:
    code = "import sys, assistant.facts.author_plots, assistant.commands.author_cli; print('plotly' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_each_year_has_a_bar_and_one_without_papers_its_place(library: Library) -> None:
    years = (2023, 2025, 2025)
    add(library, listing(*(entry(f"Lamp {n}", "Ada Lovelace", published=date(y, 7, 1)) for n, y in enumerate(years))))
    figure = papers_a_year(profile_of(library, "Ada Lovelace"))

    assert list(zip(figure.data[0].x, figure.data[0].y, strict=True)) == [("2023", 1), ("2024", 0), ("2025", 2)]
    assert figure.layout.height <= 80
