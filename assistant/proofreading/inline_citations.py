"""Citations in running text: pandoc's [see @a, p. 3; @b] and @a, numbers in square brackets, and authors with years:
(see Kim and No, 2025; Jeon et al., 2026a) and Kim et al. (2025)."""

import re
from collections.abc import Collection

from assistant.proofreading.cited_text import Flow
from assistant.text.author_years import AUTHORS, IN_BRACKETS, YEAR, YEARS, author_years

_KEY = r"(?:\w(?:[\w:.#$%&+?<>~/-]*\w)?|\{[^{}\n]+\})"
_NUMBERS = re.compile(r"\[(?P<numbers>\d{1,4}(?:\s*[,;–-]\s*\d{1,4})*)(?:,\s*(?:pp?|Sec|Ch|Fig|Tab)\.[^\[\]]{1,40})?\]")
_CITATION = re.compile(
    rf"(?:(?P<bracketed>{IN_BRACKETS})|(?P<textual>{AUTHORS} \({YEARS}\)))"
    r"(?!\s*\[[\d@])"  # "Kim et al. (2025) [3]" cites by its number
    rf"|\[(?P<group>[^\[\]]*?(?<![\w@.])-?@{_KEY}[^\[\]]*)\]"
    rf"|(?<![\w@.\\/-])-?@(?P<key>{_KEY})(?:\s*\[(?P<locator>[^\[\]@]*)\])?"
    rf"|{_NUMBERS.pattern}"
)
_IN_GROUP = re.compile(rf"(?<![\w@.])-?@({_KEY})")
_MOST_NUMBERS = 200  # of one citation


def say_citing(flow: Flow, text: str, line: int, *, numbered: Collection[str] = ()) -> None:
    """Say running text to a flow with the citations in it; a number in brackets is one if the list has it, which is
    told by `numbered`. `line` is that of the text's beginning."""
    end = 0
    for found in _CITATION.finditer(text):
        keys = _keys(found)
        if found["numbers"] and not any(key in numbered for key in keys):
            continue
        flow.say(text[end : found.start()])
        at = line + text.count("\n", 0, found.start())
        textual = bool(found["textual"] or found["key"]) and not found.group().startswith("-")
        flow.cite(keys, textual=textual, line=at)
        end = found.end()
    flow.say(text[end:])


def _keys(found: re.Match[str]) -> list[str]:
    if by_year := found["bracketed"] or found["textual"]:
        return [f"{surname} {year}" for surname, year in author_years(by_year)]
    if found["numbers"]:
        return _numbers(found["numbers"])
    given = [found["key"]] if found["key"] else _IN_GROUP.findall(found["group"])
    return [key.strip("{}") for key in given]


def _numbers(printed: str) -> list[str]:
    """Return the numbers of "1, 3-5"."""
    numbers: list[str] = []
    for part in re.split(r"\s*[,;]\s*", printed):
        first, _, last = (side.strip() for side in re.sub(r"[–-]", "|", part, count=1).partition("|"))
        span = range(int(first), int(last or first) + 1)
        numbers += [str(number) for number in span[:_MOST_NUMBERS]] if last else [str(int(first))]
    return numbers[:_MOST_NUMBERS]


def author_and_year(key: str) -> tuple[str, int] | None:
    """Return the surname and the year of a key that is made of them, None of any other."""
    surname, _, year = key.rpartition(" ")
    return (surname, int(year[:4])) if surname and re.fullmatch(YEAR, year) else None


_NUMBERED = re.compile(r"\s*(?:\[(?P<bracketed>\d{1,4})\]|(?P<dotted>\d{1,4})[.)](?=\s))\s*(?P<text>\S.*)", re.DOTALL)


def listed_number(text: str) -> tuple[str, str] | None:
    """Return the number and the words of an entry of a reference list, None if it has no number."""
    found = _NUMBERED.fullmatch(text)
    return (str(int(found["bracketed"] or found["dotted"])), " ".join(found["text"].split())) if found else None
