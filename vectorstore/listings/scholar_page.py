"""A Google Scholar profile: title, "A Smith, B Jones", venue with year, then citations and year. No abstracts."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from vectorstore.authors.personal_names import split_names
from vectorstore.listings.arxiv_marks import ARXIV_ID, without
from vectorstore.listings.entry import Entry, ProfileFigures, Publication
from vectorstore.listings.furniture import SCHOLAR
from vectorstore.listings.listing_page import Page, left_out
from vectorstore.listings.source import Line, one_spaced
from vectorstore.listings.values import pages_of
from vectorstore.text.folding import folded

_YEAR = r"(?:19|20)\d\d"
_CITATIONS = r"(?P<citations>\d{1,3}(?:[,.]?\d{3})*)\*?"
_FIGURES = (
    re.compile(rf"(?:{_CITATIONS} ?)?(?P<year>{_YEAR})"),  # tried first: "2025" alone is a year
    re.compile(rf"(?:{_CITATIONS})?(?P<year>(?!))?"),
)
_BEHIND = re.compile(rf"[\d,.]{{0,9}}\*? ?(?:{_YEAR})?")
_SHORT_NAME = re.compile(r"(?:[^\W\d_a-z]{1,5}|[^\W\d_a-z]{1,2}(?:[-.][^\W\d_a-z]{1,2}\.?)+) [^\W\d_][^\d,;:!?]{0,50}")
_TEAM = re.compile(r"[^\d,;:!?]{2,60} (?:Team|Collaboration|Consortium|Group|Working Group)", re.IGNORECASE)
_HIDDEN = re.compile(r",? ?(?:\.\.\.|…)$")
_VENUE = re.compile(
    r"(?P<venue>.*?)(?: (?P<volume>\d{1,5}))?(?: ?\((?P<issue>[^()]{1,30})\))?"
    rf"(?:, (?P<pages>(?!{_YEAR}\Z)[A-Za-z]?\d[\w.:]{{0,15}}(?:[-–][\w.:]{{1,12}})?))?"
    rf"(?:, (?P<year>{_YEAR}))?",
    re.DOTALL,
)
_ARXIV = re.compile(rf"arXiv(?: e-prints)?,?.{{0,20}}?\b(?P<id>{ARXIV_ID})")
_TABLE_HEAD = re.compile(r"(?:titles?|titel|titre|título|cited by|zitiert von|year|jahr|année|año)", re.IGNORECASE)
_VERIFIED = re.compile(r"(?:No v|V)erified email.*", re.IGNORECASE)
_FIGURE = re.compile(r"(?P<name>citations|h-index|i10-index)\s+(?P<all>\d+)(?:\s+\d+)?", re.IGNORECASE)
# "Articles 1–20", "Artikel 1–20", "文章 1–20": below it stands nothing but what the page offers, in any language.
_RANGE = re.compile(r"[^\W\d][^\d]{0,30}\s1[-–]\d{1,5}")
_BELOW = re.compile(rf"show more|{_RANGE.pattern}|cited by all since.*|cited by\b.*view all|co-authors|view all", re.I)
_LONGEST_OFFER = 60
_LONGEST_LINE, _LONGEST_FIGURES = 1_500, 40
_MOST_HEADER_LINES = 80


@dataclass(frozen=True, slots=True)
class _Row:
    """The lines of a paper, and its citations and year as they stand below them."""

    lines: tuple[Line, ...]
    year: str | None


def is_scholar_page(lines: tuple[Line, ...]) -> bool:
    """Tell a profile of Scholar by a line of short names with a year, or citations and a year, not far below it."""
    parted = _parted(lines)
    return any(_is_row(parted, place) for place, line in enumerate(parted) if _is_authors(line.text))


def read_scholar_page(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the owner, the figures and the papers of a profile."""
    parted = _parted(lines)
    start = _table_start(parted)
    rows, rest = _rows(parted[start:])
    entries = tuple(_entry(row) for row in rows)
    header = without(parted[:start], SCHOLAR)
    owner = _owner(parted[:start], header, entries)
    # Between the name and the table stands what the owner says of the place and the subjects of work.
    unknown = () if owner and any(_VERIFIED.match(line.text) for line in parted[:start]) else header
    strays = without([*unknown, *_without_footer(rest)], SCHOLAR, said={owner} if owner else ())
    return Page(owner, _figures(lines), entries, tuple(left_out(strays)))


def _parted(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Return the lines, the citations and the year that stand behind a venue as a line of their own."""
    parted: list[Line] = []
    for line in lines:
        apart = _figures_apart(line.text) if "\t" in line.text and _is_short(line) else None
        if apart and not SCHOLAR.fullmatch(one_spaced(line.text)):
            parted += [Line(line.number, apart[0]), Line(line.number, f"\t{apart[1]}")]
        else:
            parted.append(line)
    return tuple(parted)


def _figures_apart(text: str) -> tuple[str, str] | None:
    """Return a text, and the citations and the year in the one or two cells behind it; None if there are none."""
    cells = [cell.strip() for cell in text.split("\t") if cell.strip()]
    for count in (2, 1):
        figures = one_spaced(" ".join(cells[-count:]))
        if len(cells) > count and _BEHIND.fullmatch(figures):
            return "\t".join(cells[:-count]), figures
    return None


def _is_short(line: Line) -> bool:
    """Tell a line that may end in citations and a year, and is more than these."""
    return len(line.text) < _LONGEST_LINE and _row_figures(line) is None


def _row_figures(line: Line) -> re.Match[str] | None:
    text = one_spaced(line.text) if len(line.text) < _LONGEST_FIGURES else "-"
    return _FIGURES[0].fullmatch(text) or _FIGURES[1].fullmatch(text)


def _closes(line: Line, above: Line) -> bool:
    """Tell the citations and year below a paper: both, or what of them there is where the line above has the year."""
    figures = _row_figures(line)
    if figures is None:
        return False
    if line.text.startswith("\t") or (figures["citations"] and figures["year"]):
        return True
    return figures["year"] is not None and above.text.endswith(figures["year"])


def _is_authors(text: str) -> bool:
    """Tell "A Brown, JK Doe, W van den Berg, ..." by the initials before each name."""
    if len(text) > _LONGEST_LINE:
        return False
    names = [name.strip() for name in _HIDDEN.sub("", text).split(",") if name.strip()]
    fit = [name for name in names if _SHORT_NAME.fullmatch(name)]
    others = [name for name in names if name not in fit and not _TEAM.fullmatch(name)]
    return bool(fit) and len(others) * 3 <= len(names)


def _table_start(lines: tuple[Line, ...]) -> int:
    """Return where the first paper's title stands: below the table's head, or just above the first authors."""
    first = next((place for place, line in enumerate(lines) if _is_authors(line.text) and _is_row(lines, place)), 1)
    heads = [place for place in range(min(first, _MOST_HEADER_LINES)) if _TABLE_HEAD.fullmatch(lines[place].text)]
    return heads[-1] + 1 if heads else max(first - 1, 0)


def _is_row(lines: tuple[Line, ...], place: int) -> bool:
    """Tell whether citations and year stand not far below the authors at `place`."""
    return any(_closes(under, above) for above, under in pairwise(lines[place : place + 3]))


def _rows(lines: tuple[Line, ...]) -> tuple[list[_Row], list[Line]]:
    """Return the papers, and the lines that belong to none."""
    rows: list[_Row] = []
    held: list[Line] = []
    end = next((place for place, line in enumerate(lines) if _BELOW.fullmatch(one_spaced(line.text[:100]))), len(lines))
    for line in lines[:end]:
        figures = _row_figures(line)
        if held and figures and (_closes(line, held[-1]) or figures["citations"] or figures["year"]):
            rows += _split(held, figures["year"])
            held = []
        else:
            held.append(line)
    papers = [row for row in _split(held, None) if len(row.lines) > 1 and _is_authors(row.lines[1].text)]
    kept = {line.number for row in papers for line in row.lines}
    return rows + papers, [line for line in held if line.number not in kept] + list(lines[end:])


def _without_footer(rest: list[Line]) -> list[Line]:
    """Return what belongs to no paper, without the short lines below the count of those that the page shows."""
    end = next((place for place, line in enumerate(rest) if _RANGE.fullmatch(one_spaced(line.text[:50]))), len(rest))
    return [*rest[:end], *(line for line in rest[end:] if len(line.text) > _LONGEST_OFFER)]


def _split(lines: list[Line], year: str | None) -> list[_Row]:
    """Return the papers above a line of citations and year: one, but those above it may have neither."""
    named = [_is_authors(line.text) for line in lines]
    starts = [place - 1 for place in range(1, len(lines)) if named[place] and not named[place - 1]]
    if not starts or starts[0] > 0:
        starts = [0, *starts]
    edges = [*starts, len(lines)]
    rows = [_Row(tuple(lines[start:end]), None) for start, end in zip(starts, edges[1:], strict=True) if end > start]
    return [*rows[:-1], _Row(rows[-1].lines, year)] if rows else []


def _entry(row: _Row) -> Entry:
    title, *below = row.lines
    named = one_spaced(below[0].text) if below and _is_authors(below[0].text) else ""
    venue = _VENUE.fullmatch(one_spaced(" ".join(line.text for line in below[1 if named else 0 :]))[:_LONGEST_LINE])
    year = row.year or (venue["year"] if venue else None)
    names = split_names(_HIDDEN.sub("", named))
    complete = bool(names) and _HIDDEN.search(named) is None
    return Entry(
        line=title.number,
        title=one_spaced(title.text),
        abstract="",
        authors=names,
        authors_complete=complete,
        author_count=len(names) if complete else None,
        published=date(int(year), 1, 1) if year else None,
        precision="year" if year else "day",
        publication=_publication(venue) if venue else Publication(),
    )


def _publication(venue: re.Match[str]) -> Publication:
    arxiv = _ARXIV.search(venue[0])
    name = venue["venue"].rstrip(" …,")
    if arxiv:
        return Publication(arxiv_id=arxiv["id"], venue="arXiv")
    if name.lower().startswith("us patent"):
        return Publication(venue=_without_year(venue[0]))
    return Publication(
        venue=name or None,
        volume=venue["volume"],
        issue=venue["issue"],
        pages=pages_of(venue["pages"]),
    )


def _without_year(text: str) -> str:
    return re.sub(rf", {_YEAR}$", "", text)


def _owner(above: tuple[Line, ...], header: tuple[Line, ...], entries: tuple[Entry, ...]) -> str | None:
    """Return the line of the header whose last word most papers have as an author's surname."""
    families = [{folded(name).rpartition(" ")[2] for name in entry.authors} for entry in entries]

    def prints(text: str) -> int:
        last = folded(text.partition(",")[0]).rpartition(" ")[2]
        return sum(last in names for names in families)

    texts = [one_spaced(line.text[:100]) for line in header if len(line.text) < 100]
    best = max(texts, key=prints, default="")
    if best and prints(best) * 2 >= len(entries):
        return best.partition(",")[0] if prints(best) else None
    verified = any(_VERIFIED.match(line.text) for line in above)
    return texts[0] if texts and verified else None


def _figures(lines: tuple[Line, ...]) -> ProfileFigures:
    found = [match for line in lines if (match := _FIGURE.fullmatch(one_spaced(line.text[:100])))]
    said = {match["name"].lower(): int(match["all"]) for match in reversed(found)}
    return ProfileFigures(h_index=said.get("h-index"), citations=said.get("citations"))
