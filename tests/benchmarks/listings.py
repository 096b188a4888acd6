"""How well the readers read: fields right on the gold pages, and titles told from first authors at scale."""

import gzip
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tests.benchmarks.rendered_pages import SAVED, RenderedPage, rendered_pages, with_odd_heads
from vectorstore.listings.entry import Entry
from vectorstore.listings.glue import Glued, unglued
from vectorstore.listings.readers import read_listing

AUTHOR_PAGES_AS_OF = date(2026, 7, 1)
PAGE_SIZES = range(2, 51)
RENDERED_RECORDS = 2_000
RENDERED_SEED = 16

Record = dict[str, Any]
Score = tuple[int, int]  # right, of how many


def listing_accuracy(bench: Path) -> list[tuple[str, str]]:
    """Return (figure, value) rows: each field over the gold pages, then the split of glued lines at scale."""
    rows = [(f"listings: {field}", _share(score)) for field, score in page_scores(bench / "listings").items()]
    papers = _papers(bench / "scale" / "papers_60k.jsonl.gz")
    return [
        *rows,
        ("listings: glued title and first author, alone", _share(split_score([paper] for paper in papers))),
        ("listings: glued title and first author, on author pages", _share(split_score(_author_pages(papers)))),
        *rendered_rows(random.Random(RENDERED_SEED).sample(papers, RENDERED_RECORDS)),
    ]


def rendered_rows(records: Sequence[Record], *, seed: int = RENDERED_SEED) -> list[tuple[str, str]]:
    """Return the share of fields right on pages printed in many ways, and how many cards were swallowed silently:
    neither read as a paper nor told of."""
    scores: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for page in rendered_pages(records, seed=seed):
        for field, right in rendered_checks(page):
            scores[field] += right
            totals[field] += 1
    told = totals.pop("a card that is told of"), scores.pop("a card that is told of")
    rows = [(f"listings, rendered: {field}", _share((scores[field], totals[field]))) for field in totals]
    rows.append(("listings, rendered: all fields", _share((scores.total(), totals.total()))))
    pages = enumerate(page for page in rendered_pages(records, seed=seed) if page.layout != "daily")
    odd = [with_odd_heads(page, seed=seed + place) for place, page in pages]
    odd_told = [right for page in odd for field, right in rendered_checks(page) if field == "a card that is told of"]
    swallowed = "listings, rendered: cards swallowed silently"
    return [
        *rows,
        (swallowed, f"{told[0] - told[1]} of {told[0]}"),
        (f"{swallowed}, of those under odd heads", f"{odd_told.count(False)} of {len(odd_told)}"),
    ]


def rendered_checks(page: RenderedPage) -> Iterable[tuple[str, bool]]:
    """Yield (field, whether it is right) for each paper of a rendered page."""
    listing = read_listing(Path("page.txt"), as_of=SAVED, content=page.text.encode())
    read = {entry.line: entry for entry in listing.entries}
    skipped = {line.line for line in listing.skipped}
    for paper in page.papers:
        entry = read.get(paper.line)
        head = {paper.line, paper.line + 1}  # the line above the title, and the title
        yield "a card that is told of", bool(head & (read.keys() | skipped))
        found = _rendered_fields(entry) if entry else {}
        yield from ((field, found.get(field) == value) for field, value in paper.fields.items())


def _rendered_fields(entry: Entry) -> Record:
    fields = _fields(entry)
    abstract = " ".join(entry.abstract.split())
    return fields | {"count": fields["author_count"], "precision": entry.precision, "abstract": abstract}


def page_scores(folder: Path) -> dict[str, Score]:
    """Return how often each field of a gold record is right, the page's owner and number of entries included."""
    scores: Counter[str] = Counter()
    totals: Counter[str] = Counter()
    for path in sorted(folder.glob("*/*.txt")):
        gold = json.loads(path.with_suffix(".gold.json").read_text(encoding="utf-8"))
        for field, right in _checks(path, gold):
            scores[field] += right
            totals[field] += 1
    return {field: (scores[field], totals[field]) for field in totals}


def split_score(pages: Iterable[Sequence[Record]]) -> Score:
    """Return how many glued lines are cut in the right place, each page decided as a whole.

    The points in cut_evidence.py were fitted on 20,000 of these records; on the others alone it is as good.
    """
    right = total = 0
    for page in pages:
        titles = [title for title, _ in unglued([Glued(_glued(paper), paper["abstract"]) for paper in page])]
        right += sum(title == paper["title"] for title, paper in zip(titles, page, strict=True))
        total += len(page)
    return right, total


def _checks(path: Path, gold: Record) -> Iterable[tuple[str, bool]]:
    """Yield (field, whether it is right) for every field of a page and its papers."""
    day = gold.get("page_date")
    listing = read_listing(path, as_of=date.fromisoformat(day) if day else AUTHOR_PAGES_AS_OF)
    yield "number of entries", len(listing.entries) == len(gold["papers"])
    yield "nothing skipped", not listing.skipped
    if gold.get("headed"):
        yield "header", (listing.owner, listing.figures.h_index) == (gold["owner"], gold["h_index"])
    if gold.get("headed") is False:
        yield "inferred owner, where one is named", listing.owner in (gold["owner"], None)
    for entry, paper in zip(listing.entries, gold["papers"], strict=False):
        fields = _fields(entry)
        yield from ((field, fields[field] == value) for field, value in paper.items())


def _fields(entry: Entry) -> Record:
    return {
        "title": entry.title,
        "abstract": entry.abstract,
        "authors": list(entry.authors),
        "authors_complete": entry.authors_complete,
        "author_count": entry.author_count,
        "organization": entry.organization,
        "date": entry.published.isoformat() if entry.published else None,
        "category": entry.category,
        "code": entry.has_code,
        "score": entry.score,
        "comments": entry.comments,
    }


def _papers(path: Path) -> list[Record]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _author_pages(papers: Iterable[Record]) -> list[list[Record]]:
    by_author: defaultdict[str, list[Record]] = defaultdict(list)
    for paper in papers:
        for author in paper["authors"]:
            by_author[author].append(paper)
    return [page for page in by_author.values() if len(page) in PAGE_SIZES]


def _glued(paper: Record) -> str:
    shown = ", ".join(paper["authors"][:3])
    return paper["title"] + shown + (" et al." if len(paper["authors"]) > 3 else "")


def _share(score: Score) -> str:
    right, total = score
    return f"{right / total:.2%} ({right} of {total})" if total else "no data"
