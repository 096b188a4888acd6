"""Acronyms and what an abstract expands them to: in full where first said, "language models (LMs)", then short."""

import re
from dataclasses import dataclass, field

from vectorstore.text.folding import folded

_SHORT = r"\d?[A-Za-z]?[A-Z][\w+/-]{0,30}[A-Z\d][\w+/-]{0,30}s?|[A-Z]{2,30}s?"
_DEFINITION = re.compile(rf"(?P<possessive>['’]s?)? \(({_SHORT})\)")
_REVERSE = re.compile(rf"(?<![\w-])({_SHORT}) \(([a-zA-Z][^()]{{4,80}})\)")
_MOST_WORDS = 12
_VOWEL_NAMES = "AEFHILMNORSX"  # letters whose names begin with a vowel
_LIKE_YOU = re.compile(r"(?:uni(?!n)|use|usu|uti|eu|one\b|once)", re.I)


@dataclass(slots=True)
class ExpandedAcronyms:
    """The acronyms that a text has expanded so far, each with the folded expansion."""

    expansions: dict[str, str] = field(default_factory=dict)


def key(short: str) -> str:
    """Return an acronym in the singular: "LLM" of "LLMs"."""
    return short[:-1] if len(short) > 2 and short.endswith("s") and short[-2].isupper() else short


def expansions(text: str) -> dict[str, str]:
    """Return the acronyms that a text expands, in the singular, each with the words as they are printed."""
    found: dict[str, str] = {}
    for match in _DEFINITION.finditer(text):
        if long := _long_form(match.group(2), text[: match.start()]):
            opens = re.search(r"(?:^|[.!?:]\s+)$", text[: match.start() - len(long)])
            long = _lowered(long) if opens else long
            found.setdefault(key(match.group(2)), _singular(long, match.group(2)))
    for match in _REVERSE.finditer(text):
        short, inside = match.group(1), match.group(2)
        if _long_form(short, inside) == inside:
            found.setdefault(key(short), _singular(inside, short))
    return {short: _spelled_out(long, found, short) for short, long in found.items()}


def _spelled_out(long: str, known: dict[str, str], short: str) -> str:
    """Return "elderly automatic speech recognition" of "elderly ASR"."""
    for other in known.keys() - {short}:
        long = re.sub(rf"(?<![\w-]){re.escape(other)}(?![\w-])", known[other].replace("\\", ""), long)
    return long


def in_full_once(sentence: str, known: dict[str, str], said: ExpandedAcronyms) -> tuple[str, ExpandedAcronyms]:
    """Return a sentence whose acronyms are expanded where the text has not said them, and what is said after it.

    `known` are the expansions of the abstract that the sentence is from.
    """
    now = ExpandedAcronyms(dict(said.expansions))
    for match in reversed(list(_DEFINITION.finditer(sentence))):
        long = _long_form(match.group(2), sentence[: match.start()])
        if long and now.expansions.get(key(match.group(2))) == folded(_singular(long, match.group(2))):
            before = _with_article(sentence[: match.start() - len(long)], match.group(2))
            sentence = before + match.group(2) + (match["possessive"] or "") + sentence[match.end() :]
    for short, long in known.items():
        if now.expansions.get(short) == folded(long):
            continue
        sentence, found = _expanded(sentence, short, long)
        if found:
            now.expansions[short] = folded(long)
    return sentence, now


def in_short(sentence: str, text: str) -> str:
    """Return a sentence with each "large language models (LLMs)" as "LLMs" where `text` so defines them.

    Where the sentence is the one that defines them, it stays as it is.
    """
    if "(" not in sentence:
        return sentence
    known = expansions(text)
    for match in reversed(list(_DEFINITION.finditer(sentence))):
        long = _long_form(match.group(2), sentence[: match.start()])
        if long and _with_its_neighbour(sentence, match.start() - len(long), match.end()) in text:
            continue
        if long and folded(known.get(key(match.group(2)), "")) == folded(_singular(long, match.group(2))):
            sentence = sentence[: match.start() - len(long)] + match.group(2) + sentence[match.end() :]
    return sentence


def _with_its_neighbour(sentence: str, start: int, end: int) -> str:
    """Return sentence[start:end] with the word before it, or behind it if it opens the sentence."""
    before = re.search(r"\S+ $", sentence[:start])
    if before:
        return sentence[before.start() : end]
    behind = re.match(r" ?\S+", sentence[end:])
    return sentence[start : end + (behind.end() if behind else 0)]


def _expanded(sentence: str, short: str, long: str) -> tuple[str, bool]:
    """Return a sentence with its first mention of `short` in full, and whether it mentions it."""
    without_titles = re.sub(r"“[^”]*”", lambda title: " " * len(title.group()), sentence)
    mention = re.search(rf"(?<![\w-]){re.escape(short)}(s?)(?!\w|-[A-Z\d])", without_titles)
    if not mention:
        return sentence, False
    reverse = _REVERSE.match(sentence, mention.start())
    if _DEFINITION.match(sentence, mention.start() - 2) or (reverse and folded(reverse.group(2)) == folded(long)):
        return sentence, True
    for match in reversed(list(_DEFINITION.finditer(sentence, mention.end()))):  # one that comes behind the mention
        again = _long_form(match.group(2), sentence[: match.start()])
        if again and key(match.group(2)) == short:
            sentence = sentence[: match.start() - len(again)] + match.group(2) + sentence[match.end() :]
    full = _plural(long) if mention.group(1) else long
    before = _with_article(sentence[: mention.start()], full)
    if not before.strip():
        full = full[:1].upper() + full[1:]
    inside = before.count("(") > before.count(")")
    shown = f"{full}, {mention.group()}," if inside else f"{full} ({mention.group()})"
    if inside and sentence[mention.end() : mention.end() + 1] in (",", ")", ";"):
        shown = shown[:-1]
    return f"{before}{shown}{sentence[mention.end() :]}", True


def _long_form(short: str, before: str) -> str | None:
    """Return the words at the end of `before` that have the letters of `short` in order.

    Schwartz & Hearst 2003: letters are matched from the right, the first at the beginning of a word.
    """
    letters = [letter for letter in key(short).lower() if letter.isalnum()]
    if spelled := _spelled_by_initials(letters, before):
        return spelled
    start = max((match.start() for match in re.finditer(r"[.;:!?,(] ", before)), default=-1) + 1
    place = len(before)
    for number, letter in enumerate(reversed(letters)):
        first = number == len(letters) - 1
        place -= 1
        while place >= start and (
            before[place].lower() != letter
            or (first and place > 0 and not before[place - 1].isspace() and before[place - 1] not in "(“")
        ):
            place -= 1
        if place < start:
            return None
    long = before[place:].strip()
    words = long.split()
    most = min(len(letters) + 5, len(letters) * 2, _MOST_WORDS)
    return (
        long
        if not re.search(r"[()]", long) and len(letters) > 1 and 1 <= len(words) <= most and len(long) > len(short) + 1
        else None
    )


def _spelled_by_initials(letters: list[str], before: str) -> str | None:
    """Return the last words of `before` if their first letters are `letters`: "Clinical Coherence Score" of CCS."""
    starts = [match.start() for match in re.finditer(r"(?<![^\W_])[^\W_]", before)][-len(letters) :]
    initials = [before[start].lower() for start in starts]
    if len(letters) < 2 or initials != letters or re.search(r"[.;:!?,(] ", before[starts[0] :]):
        return None
    return before[starts[0] :].strip() if starts[0] == 0 or before[starts[0] - 1] in " (“" else None


def _lowered(long: str) -> str:
    """Return "large language model" of "Large language model" at the beginning of a sentence."""
    first, _, rest = long.partition(" ")
    is_word = first[1:].islower() and not first.endswith(("ian", "ean"))
    return long[0].lower() + long[1:] if is_word and rest == rest.lower() else long


def _plural(long: str) -> str:
    return long if long.endswith("s") else long + "s"


def _singular(long: str, short: str) -> str:
    """Return `long` in the singular if `short`, with which it is printed, is a plural."""
    is_plural = key(short) != short and long.endswith("s") and not long.endswith("ss")
    return long[:-1] if is_plural else long


def _with_article(before: str, following: str) -> str:
    """Return `before` with the article at its end as the word that follows wants it: "an LLM", "a language model"."""
    match = re.search(r"\b([Aa])n? $", before)
    if not match:
        return before
    return f"{before[: match.start()]}{match.group(1)}{'n' if _begins_with_vowel(following) else ''} "


def _begins_with_vowel(text: str) -> bool:
    word = re.split(r"[\s-]", text)[0]
    if word.isupper() and (len(word) < 3 or not re.search(r"[AEIOU]", word[1:-1])):  # said letter by letter
        return word[0] in _VOWEL_NAMES
    return word[:1].lower() in "aeiou" and not _LIKE_YOU.match(word)
