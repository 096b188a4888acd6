"""Profiles of authors in a library of 60,000 papers: whether their facts are right, what they cost, and how well two
people of one name are told from one person.

Namesakes are made: the papers of two authors of different fields, taken as one author's. That any other author is one
person is an assumption; many common names are not, so that some false alarms are right.
"""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from statistics import median

import numpy as np

from assistant.facts.author_record import author_record
from assistant.facts.authors import author_profile
from assistant.facts.papers_json import paper_record
from assistant.facts.two_people import Work, several_people
from assistant.understanding.people import People
from tests.benchmarks.scale import library_of_60k
from tests.test_authors import facts_of, told_by
from vectorstore.library import Library
from vectorstore.names import folded, surname
from vectorstore.papers import Paper

NAMESAKES, AUTHORS, PROFILES = 100, 300, 300
FEWEST = 4  # papers of an author that is drawn
_SEED = 2026
_RARE = 15  # authors with one surname at most: of these, whoever has one name is one person


def author_figures(bench: Path, folder: Path) -> list[tuple[str, str]]:
    """Return (figure, value) on the library of the papers in `folder`."""
    with library_of_60k(bench, folder) as (library, _):
        people = People.of(library.catalogue)
        by_author: defaultdict[str, list[Paper]] = defaultdict(list)
        for paper in library.papers():
            for key in {folded(name) for name in paper.people} - {""}:
                by_author[key].append(paper)
        return [
            *_fact_figures(library, people, by_author),
            *_detection_figures(library, by_author, fewest=FEWEST),
            *_detection_figures(library, by_author, fewest=2),
        ]


def _fact_figures(library: Library, people: People, by_author: Mapping[str, Sequence[Paper]]) -> list[tuple[str, str]]:
    draw = random.Random(_SEED)
    most = sorted(by_author, key=lambda key: (-len(by_author[key]), key))[:50]
    drawn = most + draw.sample(sorted(by_author), PROFILES - len(most))
    right, seconds = 0, []
    for key in drawn:
        started = time.perf_counter()
        record = author_record(author_profile(key, library, people))
        seconds.append(time.perf_counter() - started)
        right += told_by(record) == facts_of(key, [paper_record(paper) for paper in by_author[key]])
    return [
        ("profiles whose facts equal the catalogue", f"{right} of {len(drawn)}"),
        ("profile, ms, p50 (p95)", f"{median(seconds) * 1000:.0f} ({np.percentile(seconds, 95) * 1000:.0f})"),
        (f"profile of the most prolific ({len(by_author[most[0]])} papers), ms", f"{seconds[0] * 1000:.0f}"),
    ]


def _detection_figures(
    library: Library, by_author: Mapping[str, Sequence[Paper]], *, fewest: int
) -> list[tuple[str, str]]:
    draw = random.Random(_SEED)
    known = sorted(key for key, papers in by_author.items() if len(papers) >= fewest)
    pairs: list[tuple[str, str]] = []
    while len(pairs) < NAMESAKES:
        one, other = draw.sample(known, 2)
        apart = not {paper.paper_id for paper in by_author[one]} & {paper.paper_id for paper in by_author[other]}
        if apart and _field(by_author[one]) != _field(by_author[other]):
            pairs.append((one, other))
    authors = draw.sample([key for key in known if len(by_author[key]) >= FEWEST], AUTHORS)
    found = sum(bool(_told_apart(pair, library, by_author)) for pair in pairs)
    alarms = [key for key in authors if _told_apart([key], library, by_author)]
    surnames = Counter(map(surname, by_author))
    rare = [key for key in authors if surnames[surname(key)] <= _RARE]
    of_rare = sum(key in alarms for key in rare)
    return [
        (f"namesakes found, authors of {fewest} and more papers", f"{found} of {NAMESAKES}"),
        (f"authors of {FEWEST} and more papers taken for two", f"{len(alarms)} of {AUTHORS}"),
        (f"... of those with a rare surname ({_RARE} authors at most)", f"{of_rare} of {len(rare)}"),
        ("precision", f"{found / (found + len(alarms)):.3f}" if found else "no alarm"),
    ]


def _field(papers: Iterable[Paper]) -> str:
    (category, _), *_ = Counter(paper.category or "" for paper in papers).most_common(1)
    return category


def _told_apart(keys: Sequence[str], library: Library, by_author: Mapping[str, Sequence[Paper]]) -> bool:
    """Tell whether the papers of some names, taken as one author's, are taken for several people's."""
    works = [
        Work(
            paper.paper_id,
            frozenset(map(folded, paper.people)).difference(keys, [""]),
            category=paper.category,
        )
        for key in keys
        for paper in by_author[key]
    ]
    return bool(several_people(works, library))
