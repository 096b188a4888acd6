"""How well copies of one paper are told from other papers: pairs of entries that were merged, against what was made.

Each of several thousand papers of the scale set has copies as other listings print them, and neighbours that are none:
parts, errata, replies, papers of that title by others.
"""

import html
import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from random import Random

from tests.benchmarks.imports import Record, scale_papers
from vectorstore.listings.entry import Entry, Publication
from vectorstore.papers.grouping import Provenance
from vectorstore.papers.paper import merged

PAPERS = 6_000
_GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "lambda": "λ", "epsilon": "ε", "pi": "π"}
Truth = tuple[int, str]  # the paper's number, and "" or which neighbour of it


def merging_figures(bench: Path) -> list[tuple[str, str]]:
    """Return (figure, value) rows: precision and recall over pairs of entries, the worst kinds of copies, the rate."""
    random = Random(16)
    papers = random.sample(scale_papers(bench), PAPERS)
    made: list[tuple[Truth, str, Entry]] = []
    for number, paper in enumerate(papers):
        made += [((number, ""), kind, entry) for kind, entry in _copies(paper, random)]
        made += [((number, kind), kind, entry) for kind, entry in _neighbours(paper, papers, random)]
    random.shuffle(made)
    records = [(Provenance(f"{n}.txt", 1, f"{n:064x}"), entry) for n, (_, _, entry) in enumerate(made)]
    began = time.perf_counter()
    found = merged(records)
    seconds = time.perf_counter() - began
    truth = {place.listing_sha256: one for (place, _), one in zip(records, made, strict=True)}
    groups = [[truth[place.listing_sha256] for place in paper.entries] for paper in found]
    right, wrong = _pairs(groups)
    wanted, _ = _pairs(_by_truth(made))
    missed = _missed_kinds(made, groups)
    return [
        ("merging: entries, papers made of them", f"{len(made):,}, {len({one[0] for one in made}):,}"),
        ("merging: pairwise precision", f"{right / (right + wrong):.4%} ({wrong:,} wrong of {right + wrong:,})"),
        ("merging: pairwise recall", f"{right / wanted:.4%} ({wanted - right:,} missed of {wanted:,})"),
        ("merging: copies apart from their paper, by kind", missed or "none"),
        ("merging: pairs wrongly joined, by kind", _wrong_kinds(groups) or "none"),
        ("merging: entries a second", f"{len(made) / seconds:,.0f}"),
    ]


def _entry(paper: Record, **changes: object) -> Entry:
    names = tuple(paper["authors"])
    entry = Entry(
        line=1,
        title=paper["title"],
        abstract=paper["abstract"],
        authors=names,
        authors_complete=True,
        author_count=len(names),
        published=date.fromisoformat(paper["published"]),
    )
    return replace(entry, **changes)  # type: ignore[arg-type]


def _copies(paper: Record, random: Random) -> Iterator[tuple[str, Entry]]:
    """Yield the paper, and it as three other listings print it, each changed in one or two ways."""
    yield "as it is", _entry(paper, publication=Publication(arxiv_id=paper["arxiv_id"]))
    for kind in random.sample(sorted(_CHANGES), 3):
        entry = _CHANGES[kind](_entry(paper), paper)
        if random.random() < 0.5:
            entry = replace(entry, abstract="")
        if random.random() < 0.5:
            entry = replace(entry, authors=tuple(map(_initials, entry.authors)))
        if random.random() < 0.3 and entry.published:
            entry = replace(entry, published=date(entry.published.year, 1, 1), precision="year")
        yield kind, entry


def _neighbours(paper: Record, papers: Sequence[Record], random: Random) -> Iterator[tuple[str, Entry]]:
    """Yield papers that are called much like it and are none of its copies."""
    title = paper["title"]
    other = random.choice([one for one in papers[:50] if one["title"] != title])
    kind = random.choice(["part", "erratum", "reply", "namesake", "namesake without abstract", "sequel", "survey"])
    if kind == "part":
        for number in ("I", "II"):
            yield f"part {number}", _entry({**paper, "title": f"{title}: Part {number}"})
    elif kind == "erratum":
        yield kind, _entry({**paper, "title": f"Erratum: {title}"}, abstract="")
    elif kind == "reply":
        yield kind, _entry({**other, "title": f"{title}: Reply"}, abstract="")
    elif kind == "namesake":
        yield kind, _entry({**other, "title": title})
    elif kind == "namesake without abstract":
        yield kind, _entry({**other, "title": title}, abstract="")
    elif kind == "sequel":
        yield kind, _entry({**paper, "title": f"{title} II", "abstract": other["abstract"]})
    else:
        yield kind, _entry({**other, "title": f"{title}: A Survey"})


def _initials(name: str) -> str:
    *given, family = name.split()
    return " ".join([*(f"{part[0]}." for part in given), family])


def _whitespace_and_case(entry: Entry, _: Record) -> Entry:
    return replace(entry, title=entry.title.upper().replace("-", " "), abstract=entry.abstract.replace(". ", ".  "))


def _without_accents(entry: Entry, _: Record) -> Entry:
    def plain(text: str) -> str:
        return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))

    return replace(entry, title=plain(entry.title), authors=tuple(map(plain, entry.authors)))


def _entities(entry: Entry, _: Record) -> Entry:
    return replace(entry, title=html.escape(entry.title), abstract=html.escape(entry.abstract))


def _latex(entry: Entry, _: Record) -> Entry:
    """Return the entry with its mathematics, or its first Greek letter, written otherwise."""
    title = re.sub(r"\\(\w+)", lambda match: _GREEK.get(match[1], match.group()), entry.title.replace("$", ""))
    accents = {"é": r"{\'e}", "ü": r"{\"u}", "ö": r"{\"o}", "&": r"\&", "%": r"\%"}
    return replace(entry, title="".join(accents.get(letter, letter) for letter in title))


_CHANGES: dict[str, Callable[[Entry, Record], Entry]] = {
    "case and hyphens": _whitespace_and_case,
    "accents": _without_accents,
    "entities": _entities,
    "LaTeX": _latex,
    "version": lambda entry, _: replace(
        entry, title=f"{entry.title} (v2)", abstract=entry.abstract[: -len(entry.abstract) // 5]
    ),
    "no subtitle": lambda entry, _: replace(entry, title=entry.title.partition(": ")[0]),
    "id and another title": lambda entry, paper: replace(
        entry, title=f"On {entry.title}", publication=Publication(arxiv_id=f"{paper['arxiv_id']}v3")
    ),
    "published": lambda entry, paper: replace(
        entry, publication=Publication(doi=f"10.1000/{paper['arxiv_id']}", venue="Journal", kind="article")
    ),
}


def _pairs(groups: Sequence[Sequence[tuple[Truth, str, Entry]]]) -> tuple[int, int]:
    """Return how many pairs of entries in one group are of one paper, and how many are not."""
    pairs = [one[0] == other[0] for group in groups for one, other in combinations(group, 2)]
    return sum(pairs), len(pairs) - sum(pairs)


def _by_truth(made: Sequence[tuple[Truth, str, Entry]]) -> list[list[tuple[Truth, str, Entry]]]:
    found: dict[Truth, list[tuple[Truth, str, Entry]]] = {}
    for one in made:
        found.setdefault(one[0], []).append(one)
    return list(found.values())


def _missed_kinds(
    made: Sequence[tuple[Truth, str, Entry]], groups: Sequence[Sequence[tuple[Truth, str, Entry]]]
) -> str:
    largest: dict[Truth, int] = {}
    for group in groups:
        for truth, *_ in group:
            largest[truth] = max(largest.get(truth, 0), sum(one[0] == truth for one in group))
    apart = [
        one[1] for group in groups for one in group if sum(other[0] == one[0] for other in group) < largest[one[0]]
    ]
    return _counted(apart)


def _wrong_kinds(groups: Sequence[Sequence[tuple[Truth, str, Entry]]]) -> str:
    pairs = [(one, other) for group in groups for one, other in combinations(group, 2) if one[0] != other[0]]
    return _counted([" and ".join(sorted((one[1], other[1]))) for one, other in pairs])


def _counted(kinds: Sequence[str]) -> str:
    return ", ".join(
        f"{kind}: {kinds.count(kind)}" for kind in sorted(set(kinds), key=lambda kind: -kinds.count(kind))[:6]
    )
