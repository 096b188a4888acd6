"""What every reader returns, and the forms of lines that all pages share."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vectorstore.listings.entry import Entry, ProfileFigures, Skipped
from vectorstore.listings.source import Line, one_spaced

LONGEST_TITLE_LINE = 2_000  # characters of a title; what is longer is text

_LONGEST_TITLE = 300
_MOST_TITLE_LINES = 3
_LONGEST_SENTENCE = 150
_SENTENCE_ENDS = (".", ";", ",", ":")
_LONGEST_QUOTE = 60
_LONGEST_WRAPPED_LINE = 160
_DENSE_STOP = "。"  # a text that has it says in 60 characters what others say in 300
_LONGEST_DENSE_TITLE = 60
_ENDED = re.compile(r"(?:[.!?…。！？;:]['\"”’)\]}$]*|https?://\S+)$")
_ADDRESS = re.compile(r"(?:https?://|\bwww\.)\S+(?<![.,;)])$")
_LABEL = re.compile(
    r"(?:\d{1,2}[.)] )?(?:(?:and|&|of|the|main|key|study|research) )*(?:abstract|aims?|approach|availability|background"
    r"|code|conclusions?|context|contributions?|data|design|discussion|evaluation|evidence|experiments?|findings?|future"
    r" work|goals?|highlights?|implementation|implications?|importance|impact|interpretation|interventions?"
    r"|introduction|keywords?|limitations?|materials?|measurements?|methodology|methods?|model|motivation|novelty"
    r"|objectives?|outcomes?|outlook|participants?|patients|problem|purpose|questions?|rationale|results?|setting"
    r"|significance|subjects|summary|tl;?dr)"
    r"(?:(?:,? and|,? &|,|/| of| of the)? [a-z]+){0,3} ?:?",
    re.IGNORECASE,
)
_LONGEST_LABEL = 45
_UNFINISHED = re.compile(
    r"(?:[,&/(–-]|(?:^|\s)(?:an?|and|as|at|by|for|from|in|into|is|of|on|or|the|to|towards|using|via|with|without))$",
    re.IGNORECASE,
)
_ITEM = re.compile(r"[•‣◦▪●○∙*–—-]\s|\(?(?:\d{1,2}|[ivx]{1,4}|[a-h])[.)]\s")


@dataclass(frozen=True, slots=True)
class Page:
    """A listing without its file: the owner, the header's figures, the entries, and what was left out."""

    owner: str | None
    figures: ProfileFigures
    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...]


def is_abstract(text: str) -> bool:
    """Tell an abstract from a title or a label by its form: it is long, or ends a sentence and is not just one."""
    if len(text) > _LONGEST_TITLE:
        return True
    if _DENSE_STOP in text:
        return text.endswith(_DENSE_STOP) and len(text) > _LONGEST_DENSE_TITLE
    return text.endswith(_SENTENCE_ENDS) and (len(text) > _LONGEST_SENTENCE or ". " in text)


def is_text(lines: Sequence[Line]) -> bool:
    """Tell a paragraph that is a text: it has the form of an abstract, or is wrapped over many lines."""
    text = one_line(lines)
    return is_abstract(text) or (len(lines) > _MOST_TITLE_LINES and len(text) > _LONGEST_SENTENCE)


def ends_sentence(text: str) -> bool:
    """Tell whether a line is the end of a sentence, or a colon or an address after which a new line begins."""
    return bool(_ENDED.search(text[-200:]))


def is_label(text: str) -> bool:
    """Tell the name of a part of an abstract: "Background", "2. Materials and Methods", "Results:"."""
    return len(text) <= _LONGEST_LABEL and bool(_LABEL.fullmatch(one_spaced(text)))


def is_led_by_label(text: str) -> bool:
    """Tell "Methods: We count"."""
    label, colon, _ = text[: 2 * _LONGEST_LABEL].partition(": ")
    return bool(colon) and is_label(label)


def is_item(text: str) -> bool:
    """Tell an item of a list by its mark: "• faster", "(2) smaller"."""
    return bool(_ITEM.match(text))


def begins_anew(before: Line | None, line: Line) -> bool:
    """Tell whether a line does not go on with the one before it: a blank line or the end of a sentence is between."""
    if before is None or line.number - before.number > 1:
        return True
    if " " not in line.text and _ADDRESS.search(before.text):  # that was wrapped as well
        return False
    return ends_sentence(before.text) or len(before.text) > _LONGEST_WRAPPED_LINE


def paragraphs(lines: Iterable[Line]) -> list[tuple[Line, ...]]:
    """Return lines in groups between which the page has blank lines."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and line.number - groups[-1][-1].number == 1:
            groups[-1].append(line)
        else:
            groups.append([line])
    return [tuple(group) for group in groups]


def goes_on(line: Line, below: Line) -> bool:
    """Tell whether a line is wrapped: it ends in a comma or a small word, or the next one begins in small letters."""
    return below.number - line.number == 1 and (bool(_UNFINISHED.search(line.text)) or below.text[0].islower())


def one_line(lines: Iterable[Line]) -> str:
    """Return the text of wrapped lines as one: a line that ends in a hyphen goes on without a space."""
    parts: list[str] = []
    for line in lines:
        is_hyphenated = bool(parts) and parts[-1].endswith("-") and parts[-1][-2:-1].isalnum()
        parts += [line.text] if is_hyphenated or not parts else [" ", line.text]
    return one_spaced("".join(parts))


def text_of(lines: Iterable[Line]) -> str:
    """Return lines as an abstract keeps them: as printed, a blank line between paragraphs."""
    return "\n\n".join("\n".join(line.text for line in group) for group in paragraphs(lines))


def left_out(lines: Iterable[Line]) -> list[Skipped]:
    """Return the report on lines that belong to no entry."""
    return [Skipped(line.number, f"not part of an entry: {shortened(line.text)!r}") for line in lines]


def shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}…"
