"""An author's profile page: a header with the owner's figures, then one card per paper.

A page copied without its header has its titles and first authors glued together; see glue.py. Both kinds are read
here, card by card, because a page may be copied in pieces.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from vectorstore.authors.author_line import LONGEST_AUTHOR_LINE, AuthorLine, author_line
from vectorstore.listings.card_parts import CardParts, card_parts, whole_cards
from vectorstore.listings.cards import Card, card_line, split_cards
from vectorstore.listings.entry import Entry, ProfileFigures, Skipped
from vectorstore.listings.glue import Glued, may_end_in_names, unglued
from vectorstore.listings.listing_page import LONGEST_TITLE_LINE, Page, left_out, one_line, shortened, text_of
from vectorstore.listings.page_time import PageTime, Published, page_time, published
from vectorstore.listings.source import Line, one_spaced
from vectorstore.text.folding import folded

_FIGURE_LINE = re.compile(
    r"h-index ?(?P<h_index>\d{1,4})|(?P<papers>\d[\d,]{0,8}) ?papers?|(?P<citations>\d[\d,]{0,11}) ?citations?"
    r"|Novelty ?(?P<novelty_percent>\d{1,3}) ?%|AI Score ?(?P<ai_score>\d{1,4})",
    re.IGNORECASE,
)
_MOST_HEADER_LINES = 20
_LONGEST_HEADER_LINE = 100
_NO_AUTHORS = AuthorLine((), complete=False, affiliation=None, count=None)
_NOT_TOLD_APART = "where its title ends and its authors begin cannot be told; all of it is the title"
# The share of entries that must print the name, by the number of complete lists that have it. On 6,000 pages made of
# arXiv records, 98.5 % of the names so chosen are authors of every paper on the page; a mere majority gives 83 %.
_FEWEST_PRINTS = 2
_SHARE_PRINTED = {0: 1.0, 1: 0.75}


@dataclass(frozen=True, slots=True)
class _Paper:
    """A card whose lines are told apart."""

    card: Card
    parts: CardParts
    title: str
    authors: AuthorLine
    published: Published
    doubts: tuple[str, ...]


def read_profile_page(lines: tuple[Line, ...], *, as_of: date | None) -> Page:
    """Return the owner, the figures and the papers of a profile page, with or without its header."""
    header, rest = split_header(lines)
    before, split = split_cards(rest)
    cards = [whole for card in split for whole in whole_cards(card)]
    titled = [card for card in cards if card.body and len(card.body[0].text) <= LONGEST_AUTHOR_LINE]
    time = page_time((card.head.date for card in titled), as_of=as_of, page=None)
    papers = [paper for paper in _papers(titled, time) if len(paper.title) <= LONGEST_TITLE_LINE]
    entries = tuple(map(_entry, papers))
    unknown = [line for line in header[1:] if not _figure(line) and not card_line(line.text)]
    strays = [line for paper in papers for line in paper.parts.strays]
    read = {paper.card.line for paper in papers}
    untitled = [Skipped(card.line, "a card without a title") for card in cards if card.line not in read]
    skipped = [*left_out([*unknown, *before, *strays]), *untitled, *_doubts(papers)]
    return Page(
        owner=_header_owner(header) or inferred_owner(entries),
        figures=_figures(header),
        entries=entries,
        skipped=tuple(sorted(skipped, key=lambda each: each.line)),
    )


def split_header(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """Return the header, empty if the page shows no figures, and the rest."""
    end = 0
    for index, line in enumerate(lines[:_MOST_HEADER_LINES], start=1):
        if len(line.text) > _LONGEST_HEADER_LINE:
            break
        if _figure(line):
            end = index
    return lines[:end], lines[end:]


def _figure(line: Line) -> re.Match[str] | None:
    return _FIGURE_LINE.fullmatch(one_spaced(line.text)) if len(line.text) <= _LONGEST_HEADER_LINE else None


def _header_owner(header: tuple[Line, ...]) -> str | None:
    return one_spaced(header[0].text) if header and not _figure(header[0]) else None


def _figures(header: tuple[Line, ...]) -> ProfileFigures:
    matches = [match for line in header if (match := _figure(line))]
    printed = {name: text for match in matches for name, text in match.groupdict().items() if text}
    return ProfileFigures(**{name: int(text.replace(",", "")) for name, text in printed.items()})


def _papers(cards: list[Card], time: PageTime) -> list[_Paper]:
    """Return the cards' papers. Glued titles are split together, as the names of one explain the others."""
    parts = [card_parts(card) for card in cards]
    glued = [place for place, each in enumerate(parts) if not each.authors]
    lines = [Glued(one_line(parts[place].title), text_of(parts[place].abstract)) for place in glued]
    split = dict(zip(glued, unglued(lines), strict=True))
    return [
        _paper(card, each, split.get(place) or (one_line(each.title), one_line(each.authors)), time)
        for place, (card, each) in enumerate(zip(cards, parts, strict=True))
    ]


def _paper(card: Card, parts: CardParts, title_and_names: tuple[str, str], time: PageTime) -> _Paper:
    title, names = title_and_names
    when = published(card.head.date, time)
    is_whole = not parts.authors and not names and may_end_in_names(title)
    doubts = (card.doubt, when.doubt, _NOT_TOLD_APART if is_whole else None)
    authors = author_line(names) if names else _NO_AUTHORS
    return _Paper(card, parts, title, authors, when, tuple(filter(None, doubts)))


def _entry(paper: _Paper) -> Entry:
    head, authors, when = paper.card.head, paper.authors, paper.published
    return Entry(
        line=paper.card.line,
        title=paper.title,
        abstract=text_of(paper.parts.abstract),
        authors=authors.names,
        authors_complete=authors.complete,
        author_count=authors.count,
        affiliation=authors.affiliation,
        published=when.day,
        precision=when.precision,
        year_inferred=when.year_inferred,
        category=head.category,
        has_code=head.has_code,
        score=head.score,
    )


def _doubts(papers: list[_Paper]) -> Iterator[Skipped]:
    for paper in papers:
        yield from (Skipped(paper.card.line, doubt) for doubt in paper.doubts)
        for line in paper.parts.doubtful:
            yield Skipped(line.number, f"may open another card; kept in the abstract above: {shortened(line.text)!r}")


def inferred_owner(entries: Sequence[Entry]) -> str | None:
    """Return the one name that the entries agree on, in its commonest spelling; None if there is no such name.

    The name stands in every complete list of authors; elsewhere "et al." may hide it. With no complete list it is
    printed in all entries, with one in three of four, and no other such name is printed as often.
    """
    printed = [{folded(name) for name in entry.authors} for entry in entries]
    complete = [names for names, entry in zip(printed, entries, strict=True) if entry.authors_complete]
    counts = Counter(name for names in printed for name in names)
    fewest = max(_FEWEST_PRINTS, _SHARE_PRINTED.get(len(complete), 0.0) * len(entries))
    agreed = {name for name in set(counts).intersection(*complete) if counts[name] >= fewest}
    best = max((counts[name] for name in agreed), default=0)
    winners = [name for name in agreed if counts[name] == best]
    return _commonest_spelling(winners[0], entries) if len(winners) == 1 else None


def _commonest_spelling(name: str, entries: Sequence[Entry]) -> str:
    spellings = Counter(printed for entry in entries for printed in entry.authors if folded(printed) == name)
    return spellings.most_common(1)[0][0]
