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

from assistant.facts.author_plots import circle, coauthor_graph, timeline
from assistant.facts.author_record import MOST_IN_GRAPH, author_record, coauthor_data
from assistant.understanding.people import People
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
