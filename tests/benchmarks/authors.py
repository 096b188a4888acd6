"""Profiles of authors in a library of 60,000 papers: whether their facts are right, what they cost, and how well two
people of one name are told from one person.

Namesakes are made: the papers of two authors of different fields, taken as one author's. Both, and those who must not
be taken for several, have a rare surname, so that they hardly are; of common names many are several people, and told so
rightly. All are of one half of the authors; the thresholds were chosen on the other.
"""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import md5
from pathlib import Path
from statistics import median

import numpy as np

from assistant.facts.author_record import author_record
from assistant.facts.authors import author_profile
from assistant.facts.name_ambiguity import Place, Work, several_people
from assistant.facts.papers_json import paper_record
from assistant.planning.people import People
from tests.benchmarks.scale import library_of_60k
from tests.test_authors import facts_of, told_by
from vectorstore.authors.personal_names import surname
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.text.folding import folded

NAMESAKES, AUTHORS, PROFILES = 200, 500, 300
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
            *_detection_figures(library, by_author),
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


def _detection_figures(library: Library, by_author: Mapping[str, Sequence[Paper]]) -> list[tuple[str, str]]:
    """Return how many namesakes are found, and how many authors are taken for several, by how many papers they have."""
    surnames = Counter(map(surname, by_author))
    held_out = sorted(key for key in by_author if _is_held_out(key))
    rare = [key for key in held_out if surnames[surname(key)] <= _RARE]
    figures: list[tuple[str, str]] = []
    for fewest, fewest_of_other in ((4, 4), (2, 2), (4, 1)):
        draw = random.Random(_SEED)
        known = [key for key in rare if len(by_author[key]) >= fewest]
        others = [key for key in rare if len(by_author[key]) >= fewest_of_other]
        pairs = _pairs(draw, known, others, by_author)
        told = [_told_apart(pair, library, by_author, only_one=fewest_of_other == 1) for pair in pairs]
        found = [people for people in told if people]
        right = [max(shares) / sum(shares) for people in found for shares in people]
        name = (
            f"authors of {fewest} papers and more, and" if fewest_of_other == 1 else f"two authors of {fewest} and more"
        )
        name += " one paper of another" if fewest_of_other == 1 else ""
        alarms = [key for key in draw.sample(known, min(AUTHORS, len(known))) if _told_apart([key], library, by_author)]
        rates = len(found) / len(pairs), len(alarms) / min(AUTHORS, len(known))
        figures += [
            (f"namesakes found: {name}", f"{len(found)} of {len(pairs)}"),
            ("... papers with those of the same author", f"{np.mean(right):.3f}" if right else "none"),
        ]
        if fewest_of_other > 1:
            figures += [
                (f"authors of {fewest} papers and more taken for several", f"{len(alarms)} of {AUTHORS}"),
                ("... precision, were every second one several", f"{rates[0] / sum(rates):.3f}"),
            ]
    known = [key for key in held_out if len(by_author[key]) >= FEWEST]
    alarms = [key for key in random.Random(_SEED).sample(known, AUTHORS) if _told_apart([key], library, by_author)]
    return [*figures, ("... of all, also of common names", f"{len(alarms)} of {AUTHORS}")]


def _is_held_out(key: str) -> bool:
    """Tell whether an author is of the half on which no threshold was chosen."""
    return int(md5(key.encode()).hexdigest(), 16) % 2 == 1


def _pairs(
    draw: random.Random, known: Sequence[str], others: Sequence[str], by_author: Mapping[str, Sequence[Paper]]
) -> list[tuple[str, str]]:
    """Return pairs of authors of different fields who wrote nothing together."""
    pairs: list[tuple[str, str]] = []
    while len(pairs) < NAMESAKES:
        one, other = draw.choice(known), draw.choice(others)
        apart = not {paper.paper_id for paper in by_author[one]} & {paper.paper_id for paper in by_author[other]}
        if one != other and apart and _field(by_author[one]) != _field(by_author[other]):
            pairs.append((one, other))
    return pairs


def _field(papers: Iterable[Paper]) -> str:
    (category, _), *_ = Counter(paper.category or "" for paper in papers).most_common(1)
    return category


def _told_apart(
    keys: Sequence[str], library: Library, by_author: Mapping[str, Sequence[Paper]], *, only_one: bool = False
) -> list[list[int]]:
    """Return how many papers of each author are in each group, if the papers of some names, taken as one author's, are
    taken for several people's; with `only_one`, one paper of the last name."""
    works: dict[str, tuple[str, Work]] = {}
    for key in keys:
        for paper in by_author[key][: 1 if only_one and key != keys[0] else None]:
            names = [folded(name) for name in paper.authors]
            between = len(names) == 1 or key not in (names[0], names[-1])
            place = Place.BETWEEN if between else Place.FIRST if key == names[0] else Place.LAST
            coauthors = frozenset(map(folded, paper.people)).difference(keys, [""])
            works[paper.paper_id] = key, Work(paper.paper_id, coauthors, category=paper.category, place=place)
    groups = several_people([work for _, work in works.values()], library)
    return [list(Counter(works[work.paper_id][0] for work in group).values()) for group in groups]
