"""Profile pages print one card per paper: "22.6LGMay 14, 2025Code", then title, authors and abstract."""

import re
from dataclasses import dataclass

from vectorstore.listings.dates import DATE_PATTERN, PrintedDate, printed_date
from vectorstore.listings.source import Line, one_spaced

_CARD_LINE = re.compile(
    r"(?P<score>\d{1,4}(?:\.\d{1,4})?)?"
    r" ?(?P<category>[A-Z]{2}|[a-z]{1,12}(?:-[a-z]{1,8})?(?:\.[A-Za-z-]{2,9})?)?"
    rf" ?(?:{DATE_PATTERN})?"
    r" ?(?P<code>Code)?"
)
_LONGEST_CARD_LINE = 60


@dataclass(frozen=True, slots=True)
class CardLine:
    """What stands above a title: the site's score, the arXiv category, the date, a mark for code."""

    score: float | None
    category: str | None
    date: PrintedDate | None
    has_code: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A card line at `line` and the lines of text that follow it, up to the next card line."""

    line: int
    head: CardLine
    body: tuple[Line, ...]


def card_line(text: str) -> CardLine | None:
    """Return what the line says if it opens a card: a category, a date or both, with or without the rest."""
    if len(text) > _LONGEST_CARD_LINE:
        return None
    match = _CARD_LINE.fullmatch(one_spaced(text))
    if match is None:
        return None
    category, dated = match["category"], match["month"] is not None
    if not dated and not (category and category.isupper()):
        return None
    return CardLine(
        score=float(match["score"]) if match["score"] else None,
        category=category,
        date=printed_date(match) if dated else None,
        has_code=match["code"] is not None,
    )


def split_cards(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Card, ...]]:
    """Return the lines before the first card, and the cards."""
    heads: list[tuple[int, CardLine]] = []
    for index, line in enumerate(lines):
        head = card_line(line.text)
        # A card line without a date just under another one is that card's title ("AI").
        if head and (head.date or not heads or heads[-1][0] != index - 1):
            heads.append((index, head))
    if not heads:
        return lines, ()
    ends = [index for index, _ in heads[1:]] + [len(lines)]
    cards = tuple(
        Card(lines[index].number, head, lines[index + 1 : end]) for (index, head), end in zip(heads, ends, strict=True)
    )
    return lines[: heads[0][0]], cards
