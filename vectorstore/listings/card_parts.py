"""The lines of a card told apart: title, authors, abstract, and what belongs to none of them.

A page copied with its blank lines has a paragraph for each part, so that each may run over several lines. Without
blank lines the parts are told by their form, and wrapped ones by the room that their lines leave.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from vectorstore.authors.author_line import (
    LONGEST_AUTHOR_LINE,
    is_list_of_names,
    looks_like_authors,
    names_end,
    stands_for_authors,
)
from vectorstore.listings.cards import Card, CardLine, card_line, category_of, may_be_card_line
from vectorstore.listings.glue import may_end_in_names
from vectorstore.listings.listing_page import (
    LONGEST_TITLE_LINE,
    begins_anew,
    goes_on,
    is_abstract,
    is_item,
    is_label,
    is_led_by_label,
    is_text,
    one_line,
    paragraphs,
)
from vectorstore.listings.source import Line

_LONGEST_LABEL = 60
_MOST_LABELS = 2  # "Abstract", "Background"
_MOST_WRAPPED_LINES = 8
# What stands under authors whose names have marks: "¹ University of Foo", "2Bar Institute", "* equal contribution"
_AFFILIATION = re.compile(r"(?:[\d¹²³⁴-⁹]{1,2}|[*∗†‡§¶]{1,2}|\(\d{1,2}\)) ?[^\W\d_]")
_MOST_LINES_LOOKED_AT = 60

Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CardParts:
    """A card's lines. Without `authors` the first of them may be glued to the title. `strays` stand under the abstract
    and belong to no entry; `doubtful` are lines of the abstract that may open another card."""

    title: Lines
    authors: Lines
    abstract: Lines
    strays: Lines
    doubtful: Lines


def card_parts(card: Card) -> CardParts:
    """Return the parts of a card that has lines under its first one."""
    title, authors, rest = _title_and_authors(card.body)
    affiliations = tuple(takewhile(_is_affiliation, rest)) if authors else ()
    abstract, strays = _abstract_and_strays(rest[len(affiliations) :])
    return CardParts(title, authors, abstract, affiliations + strays, tuple(doubtful_lines(abstract)))


def whole_cards(card: Card) -> Iterator[Card]:
    """Yield a card, and the cards that go on in its text because their first lines are not read as such.

    Such a card shows by its form: under a text stand something short, then authors, then a text again; or, where titles
    and authors are glued, a line that may be a date, then a title, then a text.
    """
    places = [place for place in range(2, len(card.body)) if _opens_card(card.body, place)]
    for start, end in pairwise([0, *places, len(card.body)]):
        yield _hidden_card(card.body[start:end]) if start else replace(card, body=card.body[:end])


def _opens_card(body: Lines, place: int) -> bool:
    line, before, under = body[place], body[place - 1], body[place + 1 : place + 1 + _MOST_LINES_LOOKED_AT]
    if not under or not begins_anew(before, line) or not _is_short(line) or is_item(line.text) or is_label(line.text):
        return False
    if not is_abstract(one_line(body[max(1, place - _MOST_LINES_LOOKED_AT) : place])):
        return False
    if before.number == line.number - 1:  # no blank lines: the title and its authors, glued, stand under the line
        is_titled = not goes_on(line, under[0]) and not _is_running_text(under[0])
        return is_titled and _may_be_head(line) and is_abstract(one_line(under[1:]))
    title, *others = paragraphs((line, *under))
    if len(others) < 2 or is_abstract(one_line(title)) or not any(map(is_text, others[1 : 1 + _MOST_LABELS])):
        return False
    authors = one_line(others[0])
    return not is_label(authors) and looks_like_authors(authors)


def _is_running_text(line: Line) -> bool:
    if len(line.text) > LONGEST_AUTHOR_LINE:
        return True
    return line.text.endswith((".", ";", ",", ":")) and names_end(line.text) == len(line.text)  # not at "et al."


def _may_be_head(line: Line) -> bool:
    return may_be_card_line(line.text) or (category_of(line.text) is not None and len(line.text) <= _LONGEST_LABEL)


def _hidden_card(lines: Lines) -> Card:
    first = lines[0]
    if _may_be_head(first) and len(lines) > 1 and lines[1].number == first.number + 1 and not goes_on(first, lines[1]):
        head = card_line(first.text) or CardLine(category=category_of(first.text))
        return Card(first.number, head, lines[1:], f"the first line of a card cannot be read: {first.text!r}")
    return Card(first.number, CardLine(), lines, "a card without a line that has its category and date")


def _title_and_authors(body: Lines) -> tuple[Lines, Lines, Lines]:
    """Return the lines of the title, those of the authors, none if they are glued to it, and the rest."""
    first, *others = paragraphs(body)
    if is_abstract(one_line(first)):  # without blank lines
        others = []
    if others and _are_authors(others[0], others[1:]):
        names = tuple(takewhile(lambda line: not _AFFILIATION.match(line.text), others[0])) or others[0]
        return first, names, body[len(first) + len(names) :]
    end = _wrapped(first, 0)
    names = first[end : _wrapped(first, end)]
    if names and is_list_of_names(one_line(names)) and not is_label(one_line(names)):
        return first[:end], names, body[end + len(names) :]
    end = len(first) if others else end
    return body[:end], (), body[end:]


def _wrapped(lines: Lines, start: int) -> int:
    """Return where the line ends that begins at `start`, with the lines on which it goes on."""
    end = start + 1
    while end < min(len(lines), start + _MOST_WRAPPED_LINES):
        if not goes_on(lines[end - 1], lines[end]) or is_abstract(lines[end].text):
            break
        end += 1
    return end


def _are_authors(group: Lines, under: list[Lines]) -> bool:
    """Tell whether a paragraph under a title names authors, by its form, or by its place over an abstract."""
    text = one_line(group)
    if is_label(text):
        return False
    by_place = not is_abstract(text) and stands_for_authors(text)
    return looks_like_authors(text) or (by_place and any(map(is_text, under)))


def _is_affiliation(line: Line) -> bool:
    return bool(_AFFILIATION.match(line.text)) and not is_abstract(line.text) and not line.text.endswith(".")


def _abstract_and_strays(lines: Lines) -> tuple[Lines, Lines]:
    """Return the abstract and the labels under it ("Load more"), which end no sentence as an abstract does."""
    end = len(lines)
    while end > 1 and _is_stray(lines[end - 2], lines[end - 1]):
        end -= 1
    return (lines[:end], lines[end:]) if lines and is_abstract(one_line(lines[:end])) else (lines, ())


def _is_stray(before: Line, line: Line) -> bool:
    is_bare = len(line.text) <= _LONGEST_LABEL and line.text[-1].isalnum() and "/" not in line.text  # no address
    return is_bare and begins_anew(before, line) and not is_item(line.text)


def doubtful_lines(abstract: Lines) -> Iterator[Line]:
    """Yield the lines of an abstract that may open another card: a date, or what stands over a text as a title does."""
    groups = paragraphs(abstract)
    over_text = {group[0] for group, under in pairwise(groups) if not is_text(group) and is_text(under)}
    over_text |= {group[0] for group in groups[1:] if is_text(group[1:]) and not goes_on(group[0], group[1])}
    for before, line, under in zip((None, *abstract), abstract, (*abstract[1:], None), strict=False):
        if _is_running_text(line) or is_label(line.text) or is_led_by_label(line.text) or is_item(line.text):
            continue
        if line in over_text or ((under is None or not goes_on(line, under)) and _is_odd(before, line, under)):
            yield line


def _is_odd(before: Line | None, line: Line, under: Line | None) -> bool:
    """Tell a line that is no part of the text around it: a date, or short, or the end of it is names."""
    is_apart = begins_anew(before, line)
    if (is_apart or card_line(line.text)) and may_be_card_line(line.text):
        return True
    if before is None or under is None or not is_apart:
        return False
    is_between = is_abstract(before.text) and is_abstract(under.text)
    return is_between or len(line.text) <= _LONGEST_LABEL or may_end_in_names(line.text)


def _is_short(line: Line) -> bool:
    return len(line.text) <= LONGEST_TITLE_LINE and not line.text.endswith((".", ";", ",", ":"))
