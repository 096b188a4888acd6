"""Papers and their keys -> a bibliography as other programs read it: BibTeX, biblatex, RIS, CSL-JSON."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assistant.manuscripts.bib_format import BibFormat
from assistant.manuscripts.bibliography import bibtex
from assistant.manuscripts.identifiers import identifiers
from assistant.text.plain_text import plain_text
from assistant.text.visible_text import readable
from vectorstore.authors.personal_names import PersonalName, named, personal_name
from vectorstore.papers.paper import Paper
from vectorstore.papers.publications import kind_of_publication

# What RIS and CSL call the types of BibTeX.
_TYPES = {
    "article": ("JOUR", "article-journal"),
    "inproceedings": ("CONF", "paper-conference"),
    "incollection": ("CHAP", "chapter"),
    "inbook": ("CHAP", "chapter"),
    "book": ("BOOK", "book"),
    "proceedings": ("CONF", "book"),
    "phdthesis": ("THES", "thesis"),
    "mastersthesis": ("THES", "thesis"),
    "techreport": ("RPRT", "report"),
}
_OF_A_SCHOOL = frozenset(("phdthesis", "mastersthesis", "techreport"))  # or an institution, which is the publisher


def bibliography(papers: Iterable[Paper], keys: Mapping[str, str], bib_format: BibFormat) -> str:
    """Return a bibliography of `papers`, each once and in their order; `keys` holds the key of each by its id."""
    once = list({paper.paper_id: paper for paper in papers}.values())
    if bib_format is BibFormat.RIS:
        return "\n".join("".join(f"{tag}  - {value}\n" for tag, value in _ris(one, keys[one.paper_id])) for one in once)
    if bib_format is BibFormat.CSL_JSON:
        return json.dumps([_csl(one, keys[one.paper_id]) for one in once], ensure_ascii=False, indent=2) + "\n"
    return bibtex(once, keys, biblatex=bib_format is BibFormat.BIBLATEX)


def _ris(paper: Paper, key: str) -> Iterator[tuple[str, str]]:
    """Yield the tags of an entry, each on one line."""
    known = identifiers(paper)
    publication = paper.publication
    kind = kind_of_publication(publication)
    yield from (("TY", _TYPES.get(kind, ("GEN", ""))[0]), ("ID", key), ("TI", _shown(paper.title)))
    for name in _authors(paper):
        yield "AU", _ris_name(name)
    if paper.published and not paper.year_inferred:
        yield from (("PY", str(paper.published.year)), ("DA", (paper.iso_date or "").replace("-", "/")))
    if paper.authors and not paper.authors_complete:
        yield "N1", "The listing does not print all authors."
    first, last = _page_range(publication.pages)
    said = (
        ("PB" if kind in _OF_A_SCHOOL else "T2", publication.venue),
        *(("VL", publication.volume), ("IS", publication.issue), ("SP", first), ("EP", last)),
        *(("PB", publication.publisher), *(("KW", keyword) for keyword in publication.keywords)),
        *(("DO", known.doi), ("M1", known.arxiv and f"arXiv:{known.arxiv}"), ("UR", paper.url)),
    )
    for tag, value in said:
        if value:
            yield tag, _shown(value)
    yield "ER", ""


def _page_range(pages: str | None) -> tuple[str, str]:
    first, _, last = (pages or "").partition("-")
    return first, last


def _ris_name(name: PersonalName) -> str:
    if name.is_group or not name.given:
        return _whole(name)
    return ", ".join(filter(None, (name.surname, name.given, name.suffix)))


def _csl(paper: Paper, key: str) -> dict[str, Any]:
    known = identifiers(paper)
    publication = paper.publication
    kind = kind_of_publication(publication)
    item: dict[str, Any] = {"id": key, "type": _TYPES.get(kind, ("", "article"))[1], "title": _shown(paper.title)}
    if authors := [_csl_name(name) for name in _authors(paper)]:
        # As pandoc has it of "and others": a processor writes et al.
        item["author"] = [*authors, *([] if paper.authors_complete or not paper.authors else [{"literal": "others"}])]
    if paper.published and not paper.year_inferred:
        item["issued"] = {"date-parts": [[int(part) for part in (paper.iso_date or "").split("-")]]}
    if known.arxiv:
        item |= {"archive": "arXiv", "archive_location": known.arxiv}
    said = {
        "container-title": None if kind in _OF_A_SCHOOL else publication.venue,
        "volume": publication.volume,
        "issue": publication.issue,
        "page": publication.pages,
        "publisher": publication.venue if kind in _OF_A_SCHOOL else publication.publisher,
        "keyword": ", ".join(publication.keywords),
        "DOI": known.doi,
        "PMID": publication.pmid,
        "URL": paper.url,
    }
    return item | {name: _shown(value) for name, value in said.items() if value}


def _csl_name(name: PersonalName) -> dict[str, str]:
    if name.is_group or not name.given:
        return {"literal": _whole(name)}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {field: value for field, value in parts.items() if value}


def _whole(name: PersonalName) -> str:
    return name.family if name.is_group else f"{name.particle} {name.family}".strip()


def _authors(paper: Paper) -> list[PersonalName]:
    names = [personal_name(_shown(name)) for name in named(paper.authors or paper.page_owners)]
    return names or ([PersonalName(family=_shown(paper.organization), is_group=True)] if paper.organization else [])


def _shown(text: str) -> str:
    """Return text as a reader sees it, in one line."""
    return " ".join(plain_text("".join(readable(text))).split())
