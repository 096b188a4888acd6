"""How well copied and saved pages are read: records of the scale set in the templates of pages, and damaged files.

The templates are written after the pages, and know nothing of the readers.
"""

import gzip
import html
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from vectorstore.errors import ListingError
from vectorstore.listings.entry import Entry, Listing
from vectorstore.listings.readers import read_listing

RECORDS, DAMAGED = 200, 30
DAY = date(2026, 7, 1)
Record = dict[str, Any]
Template = Callable[[Sequence[Record], random.Random], str]
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def pages_figures(bench: Path) -> list[tuple[str, str]]:
    """Return (figure, value) rows: papers and fields of each page, and what is kept of damaged ones."""
    with gzip.open(bench / "scale" / "papers_60k.jsonl.gz", "rt", encoding="utf-8") as lines:
        papers = [json.loads(line) for line in lines]
    rows: list[tuple[str, str]] = []
    for name, (template, fields) in TEMPLATES.items():
        chance = random.Random(name)
        records = chance.sample(papers, RECORDS)
        found, right, total, _ = read_back(template(records, chance), name, records, fields)
        rows.append((f"{name}: papers of {RECORDS}", f"{found}"))
        rows.append((f"{name}: fields", f"{right / total:.2%} ({right} of {total})"))
        rows.append((f"{name}: damaged files", damaged(template(records, chance), name, records)))
    return rows


def read_back(
    text: str, name: str, records: Sequence[Record], fields: Sequence[str]
) -> tuple[int, int, int, list[tuple[Any, ...]]]:
    """Return how many papers and fields are as printed, of how many fields, and those that are not."""
    entries = {folded(entry.title): entry for entry in _read(text.encode(), name).entries}
    wrong: list[tuple[Any, ...]] = []
    found = total = 0
    for record in records:
        entry = entries.get(folded(record["title"]))
        found += entry is not None
        for field in fields:
            total += 1
            expected, read = _expected(record, field), _field(entry, field) if entry else None
            if entry is None or expected != read:
                wrong.append((record["title"], field, expected, read))
    return found, total - len(wrong), total, wrong


def damaged(text: str, name: str, records: Sequence[Record]) -> str:
    """Return what is kept of files that are cut, or that have bytes of others in them: no error but a ListingError."""
    chance = random.Random(f"{name} damaged")
    content = text.encode()
    kept: Counter[str] = Counter()
    for _ in range(DAMAGED):
        place, length = chance.randrange(len(content)), chance.randrange(1, 2_000)
        way = chance.choice(("cut", "lost", "noise"))
        noise = bytes(chance.randrange(32, 127) for _ in range(length))
        broken = {
            "cut": content[:place],
            "lost": content[:place] + content[place + length :],
            "noise": content[:place] + noise + content[place + length :],
        }[way]
        broken = broken.decode("utf-8", "ignore").encode()
        try:
            titles = {folded(entry.title) for entry in _read(broken, name).entries}
        except ListingError:
            titles = set()
        whole = [record for record in records if _is_whole(record, content, place, length, way)]
        kept["kept"] += sum(folded(record["title"]) in titles for record in whole)
        kept["whole"] += len(whole)
    return f"{kept['kept'] / max(kept['whole'], 1):.2%} of the untouched papers kept"


def _is_whole(record: Record, content: bytes, place: int, length: int, way: str) -> bool:
    """Tell whether a paper stands clear of the damage, with the one before and behind it."""
    at = content.find(record["title"].encode())
    around = 12_000
    return at >= 0 and (at + around < place or (way != "cut" and at - around > place + length))


def folded(text: str) -> str:
    return " ".join(html.unescape(text).split()).casefold()


def _read(content: bytes, name: str) -> Listing:
    return read_listing(Path(f"{name}.txt"), as_of=DAY, content=content)


def _expected(record: Record, field: str) -> Any:
    day = date.fromisoformat(record["published"])
    return {
        "title": " ".join(record["title"].split()),
        "abstract": " ".join(record["abstract"].split()),
        "authors": [" ".join(name.split()) for name in record["authors"] if any(map(str.isalnum, name))],
        "short authors": [short(name) for name in record["authors"]],
        "author_count": len(record["authors"]),
        "year": day.year,
        "month": (day.year, day.month),
        "day": day,
        "arxiv_id": record["arxiv_id"],
        "category": record["categories"][0].removeprefix("cs."),
    }[field]


def _field(entry: Entry, field: str) -> Any:
    published = entry.published
    return {
        "title": entry.title,
        "abstract": " ".join(entry.abstract.split()),
        "authors": list(entry.authors),
        "short authors": list(entry.authors),
        "author_count": entry.author_count,
        "year": published.year if published else None,
        "month": (published.year, published.month) if published and entry.precision != "year" else None,
        "day": published if entry.precision == "day" else None,
        "arxiv_id": entry.publication.arxiv_id,
        "category": entry.category,
    }[field]


def short(name: str) -> str:
    """Return a name as Scholar prints it: "AB Brown", "M de Prado"."""
    *given, family = name.split()
    particles = " ".join(word for word in given if word[0].islower())
    initials = "".join(word[0] for word in given if not word[0].islower())
    return " ".join(filter(None, (initials, particles, family)))


def printed_day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _one_line(record: Record, field: str) -> str:
    return " ".join(record[field].split())


def scholar(records: Sequence[Record], chance: random.Random) -> str:
    """Return a profile: citations with and without a star, papers without them or without a year at the end."""
    lines = [
        "Ada Quill",
        "Professor, Example University",
        "Verified email at example.edu - Homepage",
        "Language",
        "TITLE\t",
    ]
    lines += ["CITED BY", "YEAR"]
    for record in records:
        cited = chance.choice(("", "5", "1,204", "17*"))
        year = record["published"][:4]
        venue = chance.choice(
            (
                f"arXiv preprint arXiv:{record['arxiv_id']}",
                "Journal of Examples 12 (3), 45-67",
                "Example Conference, 1-9",
            )
        )
        lines += [_one_line(record, "title"), ", ".join(short(name) for name in record["authors"])]
        lines += (
            [f"{venue}, {year}\t{cited}\t{year}"] if chance.random() < 0.5 else [f"{venue}, {year}", f"{cited}\t{year}"]
        )
    return "\n".join([*lines, "Show more", "Cited by", "All\tSince 2020", "Citations\t30\t28", "h-index\t4\t4"])


def arxiv_new(records: Sequence[Record], chance: random.Random) -> str:
    """Return a page of new submissions: comments, journal references, several subjects."""
    lines = ["Computation and Language", "Showing new listings for Wednesday, 14 May 2025", "Total of 200 entries"]
    lines += [
        "Showing up to 2000 entries per page: fewer | more | all",
        f"New submissions (showing {len(records)} of 9 entries)",
    ]
    for number, record in enumerate(records, start=1):
        marks = chance.choice(("", "", " (cross-list from cs.LG)", " (replaced)"))
        lines += [
            f"[{number}] arXiv:{record['arxiv_id']}{marks} [pdf, html, other]",
            f"Title: {_one_line(record, 'title')}",
        ]
        lines.append(", ".join(record["authors"]))
        lines += chance.choice(
            ([], ["Comments: 9 pages, 3 figures"], ["Comments: withdrawn", "Journal-ref: J. Ex. 3 (2025)"])
        )
        lines += [
            f"Subjects: {'; '.join(f'Something ({one})' for one in record['categories'])}",
            "",
            _one_line(record, "abstract"),
            "",
        ]
    return "\n".join(lines)


def arxiv_email(records: Sequence[Record], chance: random.Random) -> str:
    """Return a daily e-mail, its lines broken at 78 characters."""
    dashes = "-" * 78
    lines = [
        dashes,
        "Submissions to:",
        "Computation and Language",
        " received from  Mon 12 May 25  to  Tue 13 May 25",
        dashes,
    ]
    for record in records:
        day = date.fromisoformat(record["published"])
        lines += [
            dashes,
            "\\\\",
            f"arXiv:{record['arxiv_id']}",
            f"Date: {day:%a}, {printed_day(day)} 19:12:33 GMT   (210kb)",
            "",
        ]
        lines += wrapped(f"Title: {_one_line(record, 'title')}", "  ") + wrapped(
            f"Authors: {', '.join(record['authors'])}", "  "
        )
        lines += [f"Categories: {' '.join(record['categories'])}", *chance.choice(([], ["Comments: 9 pages"]))]
        lines += ["\\\\", *wrapped(f"  {_one_line(record, 'abstract')}", "  ")]
        lines.append(f"\\\\ ( https://arxiv.org/abs/{record['arxiv_id']} ,  210kb)")
    return "\n".join([*lines, dashes])


def arxiv_abs(records: Sequence[Record], chance: random.Random) -> str:
    """Return pages of one paper each, one after the other."""
    lines: list[str] = []
    for record in records:
        day = printed_day(date.fromisoformat(record["published"]))
        later = chance.choice(("", " (v1), last revised 3 Jun 2026 (this version, v2)"))
        label = chance.random() < 0.5
        lines += [
            "Computer Science > Computation and Language",
            f"arXiv:{record['arxiv_id']} (cs)",
            f"[Submitted on {day}{later}]",
        ]
        lines += [
            f"{'Title:' * label}{_one_line(record, 'title')}",
            f"{'Authors:' * label}{', '.join(record['authors'])}",
        ]
        lines += [chance.choice(("View PDF", "View PDF HTML (experimental)"))]
        lines += [f"{'Abstract:' * label}{_one_line(record, 'abstract')}"]
        lines += chance.choice(([], ["Comments:\t9 pages, 3 figures"]))
        lines += [f"Subjects:\t{'; '.join(f'Something ({one})' for one in record['categories'])}"]
        lines += [
            f"Cite as:\tarXiv:{record['arxiv_id']} [cs.CL]",
            f" \t(or arXiv:{record['arxiv_id']}v1 [cs.CL] for this version)",
        ]
        lines += ["Submission history", "From: Ada Quill [view email]", f"[v1] Mon, {day} 19:12:33 UTC (210 KB)", ""]
    return "\n".join(lines)


def openreview(records: Sequence[Record], chance: random.Random) -> str:
    """Return a venue's page."""
    lines = ["ICLR 2026 Conference", "Accepted Papers", ""]
    for record in records:
        day = printed_day(date.fromisoformat(record["published"]))
        lines += [_one_line(record, "title"), "pdf icon", ", ".join(record["authors"])]
        if chance.random() < 0.5:
            lines += [
                f"Published: {day}, Last Modified: 12 Mar 2026",
                "ICLR 2026 Poster",
                "Readers: Everyone",
                "Show details",
            ]
        else:
            lines.append(f"Published: {day}, Last Modified: 12 Mar 2026ICLR 2026 OralEveryoneRevisionsBibTeXCC BY 4.0")
        lines += chance.choice(([], ["Keywords: editing, calibration"], ["TL;DR: A short line: about it."]))
        lines += [f"Abstract: {_one_line(record, 'abstract')}", *chance.choice(([], ["Primary Area: learning"])), ""]
    return "\n".join(lines)


def dblp(records: Sequence[Record], chance: random.Random) -> str:
    """Return a person's page."""
    lines = ["Ada Quill", "", "Person information", "affiliation: Example University", "2020 – today"]
    for number, record in enumerate(records, start=1):
        year = record["published"][:4]
        title = _one_line(record, "title")
        ended = title if title.endswith(("?", "!", ".")) else f"{title}."
        kind, place = chance.choice(
            (
                ("i", f"CoRR abs/{record['arxiv_id']} ({year})"),
                ("c", f"ACL (1) {year}: 123-135"),
                ("c", f"NeurIPS {year}"),
                ("j", f"J. Mach. Learn. Res. 21: 140:1-140:67 ({year})"),
                ("j", f"IEEE Trans. Pattern Anal. Mach. Intell. 43(1): 10-25 ({year})"),
            )
        )
        marks = ["view", "electronic edition via DOI (open access)", "export record"]
        lines += chance.choice(([], [year]))
        lines += [f"[{kind}{number}]", *marks, f"{', '.join(record['authors'])}:", f"{ended} {place}"]
    return "\n".join(lines)


def anthology(records: Sequence[Record], chance: random.Random) -> str:
    """Return a volume's page, with and without the abstracts opened."""
    lines = ["Proceedings of the 63rd Annual Meeting (Volume 1: Long Papers)", ""]
    for record in records:
        lines += [chance.choice(("pdf bib abs", "pdf bib abs Code", "pdf\nbib\nabs")), _one_line(record, "title")]
        lines += [" | ".join(record["authors"]), "", _one_line(record, "abstract"), ""]
    return "\n".join(lines)


def hf_daily(records: Sequence[Record], chance: random.Random) -> str:
    """Return today's page of daily papers."""
    lines = ["Daily Papers", "by", "AK", "and the research community", "Previous", "May 14", ""]
    for record in records:
        count = len(record["authors"])
        lines += ["Submitted by", "\t", "example-user", "", str(chance.randrange(1, 300)), _one_line(record, "title")]
        lines += chance.choice(([], ["Example Lab"]))
        lines += [
            "·",
            f"{count} author{'s' * (count != 1)}",
            "",
            *chance.choice(([], [str(chance.randrange(1, 20))])),
            "",
        ]
    return "\n".join(lines)


def abs_html(records: Sequence[Record], chance: random.Random) -> str:
    """Return arXiv's list as its HTML."""
    rows = []
    for number, record in enumerate(records, start=1):
        authors = ", ".join(f'<a href="/a">{html.escape(name)}</a>' for name in record["authors"])
        subjects = "; ".join(f"Something ({one})" for one in record["categories"])
        rows.append(
            f'<dt><a name="item{number}">[{number}]</a>\n <a href="/abs/{record["arxiv_id"]}">'
            f"arXiv:{record['arxiv_id']}</a>\n"
            f" [<a href='/pdf'>pdf</a>, <a>html</a>, <a>other</a>]</dt><dd><div class='meta'><div "
            f"class='list-title mathjax'>"
            f"<span class='descriptor'>Title:</span>\n {html.escape(_one_line(record, 'title'))}\n</div>"
            f"<div class='list-authors'>"
            f"{authors}</div><div class='list-subjects'><span class='descriptor'>Subjects:</span>\n<span>"
            f"{subjects}</span></div>"
            f"<p class='mathjax'>\n{html.escape(record['abstract'])}\n</p></div></dd>"
        )
    head = "<!DOCTYPE html><html><head><title>x</title><script>if (a < b) { [1] }</script></head><body><h1>"
    "Computation</h1>"
    return head + "<h3>Showing new listings for Wednesday, 14 May 2025</h3><dl>" + "".join(rows) + "</dl></body></html>"


def wrapped(text: str, indent: str) -> list[str]:
    """Return the text in lines of at most 78 characters, all but the first indented."""
    lines, line = [], ""
    for word in text.split(" "):
        if len(line) + len(word) > 77 and line.strip():
            lines.append(line)
            line = f"{indent}{word}"
        else:
            line = f"{line} {word}" if line else word
    return [*lines, line]


_ARXIV_FIELDS = ("title", "authors", "abstract", "arxiv_id", "category")
TEMPLATES: dict[str, tuple[Template, Iterable[str]]] = {
    "scholar": (scholar, ("title", "short authors", "year")),
    "arxiv-list": (arxiv_new, _ARXIV_FIELDS),
    "arxiv-email": (arxiv_email, (*_ARXIV_FIELDS, "day")),
    "arxiv-abs": (arxiv_abs, ("title", "authors", "abstract", "category", "day")),
    "openreview": (openreview, ("title", "authors", "abstract", "day")),
    "dblp": (dblp, ("title", "authors", "year")),
    "anthology": (anthology, ("title", "authors", "abstract")),
    "hf-daily": (hf_daily, ("title", "author_count")),
    "html": (abs_html, _ARXIV_FIELDS),
}
