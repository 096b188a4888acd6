"""How well exports of other programs are read: records of the scale set, written in each format by a writer that knows
nothing of the readers, then read; and the same with records damaged.
"""

import csv
import gzip
import html
import io
import json
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape

import rispy

from vectorstore.errors import ListingError
from vectorstore.listings.entry import Entry, Listing
from vectorstore.listings.readers import read_listing

Record = dict[str, Any]
RECORDS = 200
DAMAGED = 30
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_ACCENTS = {"é": r"{\'e}", "è": r"{\`e}", "ü": r"{\"u}", "ö": r"{\"o}", "ä": r"{\"a}", "ç": r"{\c{c}}", "ł": r"{\l}"}


def scale_papers(bench: Path) -> list[Record]:
    with gzip.open(bench / "scale" / "papers_60k.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def import_figures(bench: Path) -> list[tuple[str, str]]:
    """Return (figure, value) rows, two a format: papers and fields read, and what became of damaged records."""
    random = Random(7)
    papers = [_completed(paper, number) for number, paper in enumerate(random.sample(scale_papers(bench), RECORDS))]
    rows = []
    for name, (write, apart) in WRITERS.items():
        parts = [write(paper) for paper in papers]
        listing = _read(apart(parts))
        right, total, wrong = _fields_right(listing.entries, papers, name)
        found = f"{len(listing.entries)} of {RECORDS} papers"
        rows.append((f"imports: {name}", f"{found}, {right / total:.2%} of {total:,} fields{wrong}"))
        rows.append((f"imports: {name}, damaged", _damage_figure(parts, apart, papers, random)))
    return rows


def _completed(paper: Record, number: int) -> Record:
    """Return a record with where it might have appeared."""
    return {
        **paper,
        "venue": ["Journal of Lamps & Rooms", "Proceedings of the 12th Conference on Lamps"][number % 2],
        "kind": ["article", "inproceedings"][number % 2],
        "volume": str(number % 40 + 1),
        "issue": str(number % 12 + 1),
        "pages": f"{number + 1}-{number + 17}",
        "doi": f"10.1000/lamps.{number}",
    }


def _read(text: str) -> Listing:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.txt"
        file.write_text(text, encoding="utf-8", newline="")
        return read_listing(file)


# -- what is right


def _fields_right(entries: Sequence[Entry], papers: Sequence[Record], name: str) -> tuple[int, int, str]:
    right = total = 0
    wrong: dict[str, int] = {}
    lacking = _LACKING.get(name, frozenset())
    for entry, paper in zip(entries, papers, strict=False):
        for field, (value, wanted) in _compared(entry, paper).items():
            if field in lacking:
                continue
            total += 1
            right += value == wanted
            if value != wanted:
                wrong[field] = wrong.get(field, 0) + 1
    return right, total, f" (wrong: {wrong})" if wrong else ""


def _compared(entry: Entry, paper: Record) -> dict[str, tuple[object, object]]:
    day, said = date.fromisoformat(paper["published"]), entry.publication
    known = {"day": day, "month": day.replace(day=1), "year": day.replace(month=1, day=1)}[entry.precision]
    return {
        "title": (_spaced(entry.title), _spaced(paper["title"])),
        "abstract": (_spaced(entry.abstract), _spaced(paper["abstract"])),
        "authors": (entry.authors, tuple(paper["authors"])),
        "authors_complete": (entry.authors_complete, True),
        "date": (entry.published, known),
        "arxiv_id": ((said.arxiv_id or "").partition("v")[0], paper["arxiv_id"]),
        "doi": (said.doi, paper["doi"]),
        "venue": (said.venue, paper["venue"]),
        "volume": (said.volume, paper["volume"]),
        "issue": (said.issue, paper["issue"]),
        "pages": (said.pages, paper["pages"]),
    }


def _spaced(text: str) -> str:
    return " ".join(text.split())


def _damage_figure(
    parts: Sequence[str], apart: Callable[[Sequence[str]], str], papers: Sequence[Record], random: Random
) -> str:
    """Return how many of 30 files, each with one record of 20 cut or mangled, say so and keep all others whole."""
    reported = kept = 0
    for _ in range(DAMAGED):
        start = random.randrange(RECORDS - 20)
        some, at = list(parts[start : start + 20]), random.randrange(1, 19)
        some[at] = random.choice((_cut, _mangled))(some[at], random)
        whole = {paper["title"] for paper in papers[start : start + 20]} - {papers[start + at]["title"]}
        try:
            listing = _read(apart(some))
        except ListingError:
            continue
        found = {_spaced(entry.title) for entry in listing.entries}
        is_whole = any(_spaced(entry.abstract) == _spaced(papers[start + at]["abstract"]) for entry in listing.entries)
        reported += bool(listing.skipped) or is_whole
        kept += {_spaced(title) for title in whole} <= found
    return f"{reported} of {DAMAGED} reported (or read whole), in {kept} all others kept"


def _cut(part: str, random: Random) -> str:
    return part[: random.randrange(len(part) // 3, len(part) - 3)]


def _mangled(part: str, random: Random) -> str:
    """Return a record that has lost a mark of its format, where it begins; further on it might be one of its text."""
    marks = [place for place, letter in enumerate(part[:40]) if letter in '{}"<>-\t']
    place = random.choice(marks or [0])
    return part[:place] + part[place + 1 :]


# -- the writers


def _family_first(name: str) -> str:
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}" if given else family


def _latex(text: str) -> str:
    """Return text as LaTeX that prints the very same, as a program that knows nothing of mathematics writes it."""
    signs = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", **_ACCENTS}
    escaped = "".join(signs.get(letter, f"\\{letter}" if letter in "{}%&#_$" else letter) for letter in text)
    return escaped.replace("--", "-{}-").replace("--", "-{}-").replace("``", "`{}`").replace("''", "'{}'")


def _bibtex(paper: Record, *, biblatex: bool = False) -> str:
    year, month, _ = paper["published"].split("-")
    is_article = paper["kind"] == "article"
    venue = ("journaltitle" if biblatex else "journal") if is_article else "booktitle"
    dated = {"date": paper["published"]} if biblatex else {"year": year, "month": _MONTHS[int(month) - 1]}
    fields = {
        "title": "{" + _latex(paper["title"]) + "}",
        "author": " and ".join(_latex(_family_first(name)) for name in paper["authors"]),
        venue: _latex(paper["venue"]),
        "volume": paper["volume"],
        "number": paper["issue"],
        "pages": paper["pages"].replace("-", "--"),
        **dated,
        "doi": paper["doi"],
        "eprint": paper["arxiv_id"],
        ("eprinttype" if biblatex else "archiveprefix"): "arXiv",
        "abstract": _latex(paper["abstract"]),
    }
    lines = (f"  {name} = {value if name == 'month' else '{' + value + '}'}" for name, value in fields.items())
    return f"@{paper['kind']}{{k{paper['arxiv_id']},\n" + ",\n".join(lines) + "\n}"


def _ris(paper: Record) -> str:
    first, last = paper["pages"].split("-")
    entry = {
        "type_of_reference": "JOUR" if paper["kind"] == "article" else "CONF",
        "title": paper["title"],
        "authors": [_family_first(name) for name in paper["authors"]],
        "abstract": _spaced(paper["abstract"]),
        "year": paper["published"][:4],
        "date": paper["published"].replace("-", "/"),
        "secondary_title": paper["venue"],
        "volume": paper["volume"],
        "number": paper["issue"],
        "start_page": first,
        "end_page": last,
        "doi": paper["doi"],
        "urls": [paper["url"]],
    }
    written = rispy.dumps([entry])
    return written[written.index("TY  - ") :].strip()


def _nbib(paper: Record) -> str:
    day = date.fromisoformat(paper["published"])
    names = "\n".join(f"FAU - {_family_first(name)}\nAU  - {name.split()[-1]} {name[0]}" for name in paper["authors"])
    wrapped = _wrapped(paper["title"] + "."), _wrapped(_spaced(paper["abstract"]))
    return (
        f"PMID- {int(paper['arxiv_id'].replace('.', ''))}\nVI  - {paper['volume']}\nIP  - {paper['issue']}\n"
        f"DP  - {day.year} {day:%b} {day.day}\nTI  - {wrapped[0]}\nPG  - {paper['pages']}\nLID - {paper['doi']} [doi]\n"
        f"AB  - {wrapped[1]}\n{names}\nJT  - {paper['venue']}\n"
    )


def _wrapped(text: str) -> str:
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > 80:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n      ".join([*lines, line])


def _csl(paper: Record) -> str:
    names = [name.rpartition(" ") for name in paper["authors"]]
    item = {
        "id": paper["arxiv_id"],
        "type": "article-journal" if paper["kind"] == "article" else "paper-conference",
        "title": paper["title"],
        "author": [{"family": family, "given": given} if given else {"literal": family} for given, _, family in names],
        "issued": {"date-parts": [[int(part) for part in paper["published"].split("-")]]},
        "abstract": paper["abstract"],
        "container-title": paper["venue"],
        "volume": paper["volume"],
        "issue": paper["issue"],
        "page": paper["pages"],
        "DOI": paper["doi"],
        "URL": paper["url"],
    }
    return json.dumps(item, ensure_ascii=False, indent=1)


def _crossref(paper: Record) -> str:
    names = [name.rpartition(" ") for name in paper["authors"]]
    item = {
        "title": [html.escape(paper["title"], quote=False)],
        "author": [{"family": family, "given": given, "sequence": "additional"} for given, _, family in names],
        "issued": {"date-parts": [[int(part) for part in paper["published"].split("-")]]},
        "abstract": f"<jats:p>{html.escape(paper['abstract'], quote=False)}</jats:p>",
        "container-title": [html.escape(paper["venue"])],
        "volume": paper["volume"],
        "issue": paper["issue"],
        "page": paper["pages"],
        "DOI": paper["doi"].upper(),
        "link": [{"URL": paper["url"]}],
        "type": "journal-article",
    }
    return json.dumps(item)


def _semantic_scholar(paper: Record) -> str:
    return json.dumps(
        {
            "paperId": "0" * 40,
            "externalIds": {"ArXiv": paper["arxiv_id"], "DOI": paper["doi"]},
            "title": paper["title"],
            "abstract": paper["abstract"],
            "year": int(paper["published"][:4]),
            "publicationDate": paper["published"],
            "journal": {"name": paper["venue"], "volume": paper["volume"], "pages": paper["pages"]},
            "authors": [{"authorId": "1", "name": name} for name in paper["authors"]],
        }
    )


def _openalex(paper: Record) -> str:
    index: dict[str, list[int]] = {}
    for place, word in enumerate(paper["abstract"].split()):
        index.setdefault(word, []).append(place)
    first, last = paper["pages"].split("-")
    return json.dumps(
        {
            "id": "https://openalex.org/W1",
            "doi": f"https://doi.org/{paper['doi']}",
            "display_name": paper["title"],
            "publication_date": paper["published"],
            "authorships": [{"author": {"display_name": name}} for name in paper["authors"]],
            "abstract_inverted_index": index,
            "biblio": {"volume": paper["volume"], "issue": paper["issue"], "first_page": first, "last_page": last},
            "primary_location": {"landing_page_url": paper["url"], "source": {"display_name": paper["venue"]}},
        }
    )


def _hugging_face(paper: Record) -> str:
    inner = {
        "id": paper["arxiv_id"],
        "title": paper["title"],
        "summary": paper["abstract"],
        "publishedAt": f"{paper['published']}T00:00:00.000Z",
        "authors": [{"_id": "1", "name": name, "hidden": False} for name in paper["authors"]],
    }
    return json.dumps({"paper": inner, "title": paper["title"], "numComments": 2})


_ZOTERO = "Key,Item Type,Publication Year,Author,Title,Publication Title,DOI,Url,Abstract Note,Date,Pages,Issue,Volume"


def _zotero(paper: Record) -> str:
    names = "; ".join(map(_family_first, paper["authors"]))
    kind = "journalArticle" if paper["kind"] == "article" else "conferencePaper"
    said = [
        paper[name] for name in ("title", "venue", "doi", "url", "abstract", "published", "pages", "issue", "volume")
    ]
    return _row(["KEY", kind, paper["published"][:4], names, *said])


def _tsv(paper: Record) -> str:
    said = [paper["title"], ", ".join(paper["authors"]), paper["abstract"], paper["published"], paper["arxiv_id"]]
    return "\t".join(_spaced(value) for value in said)


def _row(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return written.getvalue().rstrip("\n")


def _json_line(paper: Record) -> str:
    return json.dumps({name: paper[name] for name in ("arxiv_id", "title", "authors", "published", "abstract", "url")})


def _atom(paper: Record) -> str:
    names = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper["authors"])
    return (
        f"<entry><id>http://arxiv.org/abs/{paper['arxiv_id']}v1</id><published>{paper['published']}T00:00:00Z</published>"
        f"<title>{escape(paper['title'])}</title><summary>{escape(paper['abstract'])}</summary>{names}"
        f'<arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">{paper["doi"]}</arxiv:doi></entry>'
    )


_FEED = '<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
WRITERS: dict[str, tuple[Callable[[Record], str], Callable[[Sequence[str]], str]]] = {
    "BibTeX": (_bibtex, "\n\n".join),
    "biblatex": (lambda paper: _bibtex(paper, biblatex=True), "\n\n".join),
    "RIS": (_ris, "\n\n".join),
    "nbib": (_nbib, "\n".join),
    "CSL-JSON": (_csl, lambda parts: "[\n" + ",\n".join(parts) + "\n]"),
    "Crossref": (_crossref, lambda parts: '{"status":"ok","message":{"items":[' + ",".join(parts) + "]}}"),
    "Semantic Scholar": (_semantic_scholar, lambda parts: '{"total":1,"data":[' + ", ".join(parts) + "]}"),
    "OpenAlex": (_openalex, lambda parts: '{"meta":{"count":1},"results":[' + ",".join(parts) + "]}"),
    "Hugging Face": (_hugging_face, lambda parts: "[" + ",".join(parts) + "]"),
    "Zotero CSV": (_zotero, lambda parts: "\n".join([_row(_ZOTERO.split(",")), *parts])),
    "TSV": (_tsv, lambda parts: "\n".join(["title\tauthors\tabstract\tpublished\tarxiv_id", *parts])),
    "JSON Lines": (_json_line, "\n".join),
    "arXiv Atom": (_atom, lambda parts: _FEED + "\n".join(parts) + "\n</feed>"),
}
_PLACE = frozenset(("venue", "volume", "issue", "pages"))
# What a format, or the service that writes it, does not say.
_LACKING = {
    "nbib": frozenset(("arxiv_id",)),
    "Crossref": frozenset(("arxiv_id",)),
    "Semantic Scholar": frozenset(("issue",)),
    "Hugging Face": _PLACE | {"doi"},
    "TSV": _PLACE | {"doi"},
    "JSON Lines": _PLACE | {"doi"},
    "arXiv Atom": _PLACE,
}
