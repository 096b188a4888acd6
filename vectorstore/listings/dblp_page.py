"""DBLP's pages: "Alice Brown, Wan Choi:", then "Title. Venue 12(3): 4-5 (2025)"; a person's, a search, a volume's."""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

from vectorstore.authors.author_line import author_line
from vectorstore.listings.arxiv_marks import ARXIV_ID, without
from vectorstore.listings.entry import Entry, ProfileFigures, Publication, Skipped
from vectorstore.listings.furniture import DBLP
from vectorstore.listings.listing_page import Page, left_out
from vectorstore.listings.paper_identifiers import doi as doi_of
from vectorstore.listings.source import Line, one_spaced
from vectorstore.listings.values import pages_of

_NUMBER = re.compile(r"\[(?P<kind>[a-z])\d{1,5}\]")
_KINDS = {"a": "article", "j": "article", "c": "inproceedings", "p": "incollection", "b": "book", "e": "proceedings"}
_YEAR = re.compile(r"(?:19|20)\d\d")
_HOMONYM = re.compile(r" \d{4}(?=$|[,:])")
_END = re.compile(
    r"(?P<volume>[^\s:()]{0,20}\d[^\s:()]{0,20})?(?:\((?P<issue>[^()]{1,30})\))?"
    r"(?:: ?(?P<pages>[\w:.,+ –-]{1,60}))?"
    r" ?\((?P<year>(?:19|20)\d\d)\)"
)
_CORR = re.compile(rf"CoRR (?:(?:abs/)?(?P<id>{ARXIV_ID})|\S+) \((?P<year>(?:19|20)\d\d)\)")
_PROCEEDINGS = re.compile(
    r"(?P<venue>[^.:]{2,100}?) (?P<year>(?:19|20)\d\d)(?:: (?P<pages>[\w:.,+ –-]{1,60}))?"
    r"(?:, (?P<publisher>[^,]{2,60}) (?:19|20)\d\d)?(?:, ISBN .{8,60})?"
)
# The heading of a volume, "33rd NeurIPS 2020: Virtual", above papers of which only the pages are printed.
_HEADING = re.compile(r"(?:\d{1,3}(?:st|nd|rd|th) )?(?P<venue>[^.,:]{2,60}?) (?P<year>(?:19|20)\d\d)(?:: .{0,100})?")
_PAGES_ALONE = re.compile(r"(?P<pages>\d{1,5}(?::\d+)?(?:[-–]\d{1,5}(?::\d+)?)?)")
_SENTENCE_END = re.compile(r"(?<=[.?!])(?<! vs\.)(?<! v\.)(?<! cf\.) ")
_VENUE_PART = re.compile(r"[A-Z][^.]{0,40}\.?")
_LONGEST_NAMES, _LONGEST_RECORD = 200_000, 2_000
_MOST_SENTENCES, _MOST_WORDS = 12, 8  # behind a title, and of a venue


def is_dblp(lines: tuple[Line, ...]) -> bool:
    """Tell DBLP by a line of names that ends in a colon, over a line that ends as its records do."""
    return any(
        _is_names(line) and (_CORR.search(under.text) or _ends_as_record(under.text)) for line, under in pairwise(lines)
    ) and any(_NUMBER.fullmatch(line.text) or line.text in ("export record", "view") for line in lines)


def read_dblp(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the papers. A person's page begins with the name, and is that person's."""
    entries: list[Entry] = []
    strays: list[Line] = []
    skipped: list[Skipped] = []
    first = next(place for place, line in enumerate(lines) if _is_names(line))
    heading = next(filter(None, (_HEADING.fullmatch(one_spaced(line.text[:200])) for line in lines[:first])), None)
    of_volume = _publication(heading, heading["venue"]) if heading else Publication()
    titles = {_title(one_spaced(line.text)) for line in lines[:first]}
    kind, number, year = "", 0, heading["year"] if heading else ""
    place = 0
    while place < len(lines):
        line = lines[place]
        if numbered := _NUMBER.fullmatch(line.text):
            kind, number = numbered["kind"], line.number
        elif _YEAR.fullmatch(line.text):
            year = line.text
        elif _is_names(line) and place + 1 < len(lines) and len(lines[place + 1].text) < _LONGEST_RECORD:
            place += 1
            entry = _entry(number or line.number, line.text, lines[place].text, kind, year)
            above = [one.text for one in lines[max(place - 30, 0) : place] if one.number > number > 0]
            dois = [doi for text in above if text.startswith("http") and (doi := doi_of(text))]
            if entry.title in titles:
                skipped.append(Skipped(entry.line, "the volume itself, which is no paper"))
            else:
                said = replace(entry.publication, doi=dois[0] if dois else None)
                if said.venue is None and of_volume.venue:
                    said = replace(said, venue=of_volume.venue, kind=said.kind or "inproceedings")
                entries.append(replace(entry, publication=said))
            kind, number = "", 0
        else:
            strays.append(line)
        place += 1
    owner = _owner(lines, entries)
    unknown = without(strays, DBLP, said={owner} if owner else ())
    unknown = tuple(line for line in unknown if not (_title(line.text) in titles and of_volume.venue))
    skipped += left_out(unknown)
    return Page(owner, ProfileFigures(), tuple(entries), tuple(sorted(skipped, key=lambda each: each.line)))


def _is_names(line: Line) -> bool:
    text = line.text
    return text.endswith(":") and 3 < len(text) < _LONGEST_NAMES and not DBLP.fullmatch(text[:300])


def _ends_as_record(text: str) -> bool:
    return len(text) < _LONGEST_RECORD and _record(one_spaced(text))[1] != Publication()


def _owner(lines: tuple[Line, ...], entries: list[Entry]) -> str | None:
    """Return the name at the top, if it is printed with the papers."""
    names = {name for entry in entries for name in entry.authors}
    return next((name for line in lines[:20] if (name := _HOMONYM.sub("", one_spaced(line.text[:100]))) in names), None)


def _entry(line: int, named: str, record: str, kind: str, year: str) -> Entry:
    authors = author_line(_HOMONYM.sub("", one_spaced(named).rstrip(": ").replace(" ,", ",")))
    title, publication, printed = _record(one_spaced(record))
    printed = printed or year
    return Entry(
        line=line,
        title=title,
        abstract="",
        authors=authors.names,
        authors_complete=authors.complete,
        author_count=authors.count,
        published=date(int(printed), 1, 1) if printed else None,
        precision="year" if printed else "day",
        publication=replace(publication, kind=_KINDS.get(kind)),
    )


def _record(text: str) -> tuple[str, Publication, str]:
    """Return the title, where it appeared and the year of "Title. CoRR abs/2505.08001 (2025)"."""
    splits = [found.start() for found in _SENTENCE_END.finditer(text)][-_MOST_SENTENCES:]
    for split in reversed(splits):
        rest = text[split + 1 :]
        if found := _CORR.fullmatch(rest):
            return _title(text[:split]), Publication(arxiv_id=found["id"], venue="CoRR"), found["year"]
        if found := _PROCEEDINGS.fullmatch(rest):
            return _title(text[:split]), _publication(found, found["venue"]), found["year"]
        if _YEAR.fullmatch(rest):
            return _title(text[:split]), Publication(), rest
        if found := _PAGES_ALONE.fullmatch(rest):
            return _title(text[:split]), Publication(pages=pages_of(found["pages"])), ""
    return _in_journal(text, splits)


def _in_journal(text: str, splits: list[int]) -> tuple[str, Publication, str]:
    """Return title, journal and year of "Title. J. Mach. Learn. Res. 21: 4-5 (2020)".

    The name's parts that end in full stops are short; the title ends before the first of them.
    """
    for split in splits:
        parts = _SENTENCE_END.split(text[split + 1 :])
        words = parts[-1].split()
        for cut in range(min(len(words), _MOST_WORDS + 1)):
            name = [*parts[:-1], " ".join(words[:cut])] if cut else parts[:-1]
            found = _END.fullmatch(" ".join(words[cut:]))
            if found and name and all(_is_venue_part(part) for part in name):
                return _title(text[:split]), _publication(found, " ".join(name)), found["year"]
    return _title(text), Publication(), ""


def _is_venue_part(part: str) -> bool:
    """Tell "IEEE Trans." and "Neural Networks" from the end of a title: what ends in a full stop is an abbreviation."""
    return _VENUE_PART.fullmatch(part) is not None and len(part.split()) <= (3 if part.endswith(".") else _MOST_WORDS)


def _publication(found: re.Match[str], venue: str) -> Publication:
    printed = found.groupdict()
    return Publication(
        venue=venue,
        volume=printed.get("volume") or None,
        issue=printed.get("issue"),
        pages=pages_of(printed.get("pages")),
        publisher=printed.get("publisher"),
    )


def _title(text: str) -> str:
    return text.removesuffix(".").strip()
