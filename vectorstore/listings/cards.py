"""Profile pages print one card per paper: "22.6LGMay 14, 2025Code", then title, authors and abstract."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from vectorstore.listings.listing_page import begins_anew, ends_sentence
from vectorstore.listings.printed_dates import PrintedDate, looks_dated, printed_date
from vectorstore.listings.source import Line, one_spaced

_BETWEEN = r"[\s·•|,;:/–—-]*"
# arXiv's archives, those of before 2007 too, with or without a subject class; and the classes that are no two capitals.
_ARCHIVE = (
    r"(?i:cs|econ|eess|math-ph|math|stat|physics|nlin|astro-ph|cond-mat|gr-qc|hep-(?:ex|lat|ph|th)|nucl-(?:ex|th)"
    r"|q-(?:bio|fin|alg)|quant-ph|cmp-lg|chao-dyn|comp-gas|adap-org|patt-sol|solv-int|alg-geom|dg-ga|funct-an"
    r"|(?:acc|ao|atom|chem|plasm)-ph|supr-con|mtrl-th)"
)
_NAMED_CLASS = (
    r"dis-nn|mes-hall|mtrl-sci|quant-gas|soft|stat-mech|str-el|(?:acc|ao|app|atom|bio|chem|class|comp|ed|flu|gen|geo|hist"
    r"|ins|med|plasm|pop|soc|space)-(?:ph|dyn|det)|atm-clus|data-an|optics"
)
_CLASS = rf"[A-Z]{{2}}|{_NAMED_CLASS}"
_CATEGORY = rf"[\[(]?(?:{_ARCHIVE}(?:\.(?:{_CLASS}))?|[A-Z]{{2}}|{_NAMED_CLASS})[\])]?"
_CATEGORIES = (
    rf"(?P<category>{_CATEGORY})(?:(?:\s?[,;/|]\s?|\s){_CATEGORY}(?![A-Z](?![a-z])))*"  # not the MA of "AI MAY"
)
_SCORE = r"(?P<score>\d{1,4}(?:\.\d{1,4})?)"
_CODE = re.compile(rf"{_BETWEEN}[\[(]?(?:Code|code|CODE)[\])]?$")
# What may stand before a date, and whether other words may too. Each is tried in turn: in "14 May" 14 is no score, in
# "MAY 14" MA no category.
_BEFORE_DATE = tuple(
    (re.compile(part + _BETWEEN), led)
    for led in (False, True)
    for part in (
        ("", _CATEGORIES, _SCORE, f"{_SCORE} ?{_CATEGORIES}") if not led else (f"(?:{_SCORE} ?)?{_CATEGORIES}", "")
    )
)
_BEHIND_DATE = re.compile(rf"(?P<date>.{{3,}}?){_BETWEEN}{_CATEGORIES}")
_CAPITALS_OR_CLASS = re.compile(r"[A-Z]{2}|.*[.-].*")
_CATEGORY_ENDS = r"(?=[\s\d·•|,;:–—-]|[^\W\d_][^\W\d_A-Z]{2})"  # not in "LLMs"
_CATEGORY_AND_MORE = re.compile(rf"{_SCORE}? ?(?:{_CATEGORY}){_CATEGORY_ENDS}.*\d.*")
_BEGINS = re.compile(rf"(?:{_SCORE} ?)?{_CATEGORIES}{_CATEGORY_ENDS}")
_LONGEST_CARD_LINE = 80
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class CardLine:
    """What stands above a title: the site's score, the arXiv category, the date, a mark for code."""

    score: float | None = None
    category: str | None = None
    date: PrintedDate | None = None
    has_code: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A card line at `line` and the lines of text that follow it, up to the next card line.

    `doubt` says why it may be none: its first line is not read, or there is none.
    """

    line: int
    head: CardLine
    body: tuple[Line, ...]
    doubt: str | None = None


@lru_cache(maxsize=10_000)  # each line of a page is looked at several times
def card_line(text: str) -> CardLine | None:
    """Return what the line says if it opens a card: a category, a date or both, with or without the rest."""
    if len(text) > _LONGEST_CARD_LINE:
        return None
    text = one_spaced(text)
    marked = _CODE.search(text)
    said, has_code = (text[: marked.start()], True) if marked else (text, False)
    for before, led in _BEFORE_DATE:
        match = before.match(said)
        if match is None:
            continue
        found = match.groupdict()
        score, category = found.get("score"), _category(found.get("category"))
        rest = said[match.end() :]
        date = printed_date(rest, led=led) if rest else None
        if date or (not rest and category and _CAPITALS_OR_CLASS.fullmatch(category)):
            return CardLine(float(score) if score else None, category, date, has_code)
    match = _BEHIND_DATE.fullmatch(said)
    date = printed_date(match["date"]) if match else None
    return CardLine(None, _category(match["category"]), date, has_code) if match and date else None


def may_be_card_line(text: str) -> bool:
    """Tell whether a line may open a card although it cannot be read as such: "AI14. nosuchmonth 2025"."""
    if len(text) > _LONGEST_CARD_LINE or len(text.split()) > _MOST_WORDS or ends_sentence(text):
        return False
    return card_line(text) is not None or looks_dated(text) or bool(_CATEGORY_AND_MORE.fullmatch(one_spaced(text)))


def category_of(text: str) -> str | None:
    """Return the category with which a line begins that may open a card."""
    match = _BEGINS.match(one_spaced(text))
    return _category(match["category"]) if match else None


def split_cards(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], tuple[Card, ...]]:
    """Return the lines before the first card, and the cards."""
    heads = list(_heads(lines))
    if not heads:
        return lines, ()
    ends = [index for index, _ in heads[1:]] + [len(lines)]
    cards = tuple(
        Card(lines[index].number, head, lines[index + 1 : end]) for (index, head), end in zip(heads, ends, strict=True)
    )
    return lines[: heads[0][0]], cards


def _heads(lines: tuple[Line, ...]) -> Iterator[tuple[int, CardLine]]:
    """Yield the lines that open cards. A line of a wrapped text that is only a date or two capitals opens none."""
    last = -2
    for index, line in enumerate(lines):
        head = card_line(line.text)
        # A card line without a date just under another one is that card's title ("AI").
        if head is None or (not head.date and last == index - 1):
            continue
        is_sure = head.category and head.date
        if not head.category and index + 1 < len(lines) and lines[index + 1].text[0].islower():
            continue
        before, below = lines[index - 1] if index else None, lines[index + 1] if index + 1 < len(lines) else None
        if last == index - 1 or begins_anew(before, line) or (is_sure and not _goes_on(below)):
            last = index
            yield index, head


def _goes_on(line: Line | None) -> bool:
    return line is not None and line.text[0].islower()


def _category(printed: str | None) -> str | None:
    return printed.strip("[]()") if printed else None
