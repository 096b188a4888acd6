"""Which papers are listed on a topic, beside what was judged by reading: 96 topics over the seeds.

The weights of `listed` were fitted on these topics; the last figure is without the reader, by the words alone.
"""

import json
from collections.abc import Callable, Sequence
from statistics import mean

from assistant.searching.query_expansion import expanded_query, spelled_out
from assistant.searching.topic_papers import whole_abstracts
from assistant.searching.topic_relevance import Nearness, listed, nearness
from tests.benchmarks.manuscripts import DATA, TOPICS
from vectorstore.library import Library
from vectorstore.search.retriever import RetrievedPassage

_FOUND = 60  # papers of a search, as a list on a topic looks at
Way = Callable[[str, Sequence[RetrievedPassage], Library], Sequence[bool]]


def topic_figures(library: Library) -> list[tuple[str, str]]:
    """Return the recall and the share of unrelated papers of lists on a topic, and of the papers near to one."""
    lines = [line for name in TOPICS for line in (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    ways: dict[str, Way] = {
        "listed, with the reader": listed,
        "near by its words": lambda *asked: [how is Nearness.ON for how in nearness(*asked)],
    }
    return [
        figure for name, way in ways.items() for figure in _figures(name, way, list(map(json.loads, lines)), library)
    ]


def _figures(name: str, way: Way, topics: Sequence[dict[str, list[str]]], library: Library) -> list[tuple[str, str]]:
    recalls, unrelated, chosen = [], 0, 0
    for one in topics:
        topic = spelled_out(str(one["topic"]), library)
        found = whole_abstracts(library.search(expanded_query(topic, library), top_k=_FOUND), library)
        titles = {item.passage.title for item, is_on in zip(found, way(topic, found, library), strict=True) if is_on}
        if one["papers"]:
            recalls.append(len(titles & set(one["papers"])) / len(one["papers"]))
        unrelated += len(titles - set(one["papers"]) - set(one["near"]))
        chosen += len(titles)
    return [
        (f"{name}: papers of {len(recalls)} topics recalled", f"{mean(recalls):.3f}"),
        (f"{name}: unrelated", f"{unrelated} of {chosen} ({unrelated / chosen:.1%})"),
    ]
