"""Whether a text has words, or a name, of another."""

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.text.plain_text import plain_text
from vectorstore.text.terms import terms


def coverage(asked: Iterable[str], text: str, weights: Mapping[str, float]) -> float:
    """Return the share by weight of the stems `asked` that `text` has; 1.0 if nothing is asked."""
    present = frozenset(terms(plain_text(text)))
    total = sum(weights[stem] for stem in asked)
    return sum(weights[stem] for stem in asked if stem in present) / total if total else 1.0


def has_phrase(stems: Sequence[str], text: str) -> bool:
    """Tell whether stems stand in `text` in their order, side by side but for a word or two."""
    words = terms(plain_text(text))
    return any(_follows(stems, words, start) for start, word in enumerate(words) if stems and word == stems[0])


def _follows(stems: Sequence[str], words: Sequence[str], start: int) -> bool:
    place = start
    for stem in stems[1:]:
        window = words[place + 1 : place + 1 + _PHRASE_GAP]
        if stem not in window:
            return False
        place += 1 + window.index(stem)
    return True


_PHRASE_GAP = 2  # words that may stand between two words of a phrase
_PLURAL = re.compile(r"(?<=[A-Z])s\b")  # of an acronym: the stemmer leaves it
_DIGITS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_SHORTEST_SQUEEZED = 3


def has_name(name: str, text: str) -> bool:
    """Tell whether `text` has `name` as it is spelled, a number also in letters, an acronym also by its words.

    "MIND" is not "mind"; "GPT4" is "GPT-4", "7" is "seven", and "RLVR" is "reinforcement learning with ...".
    """
    name, text = _PLURAL.sub("", name), _PLURAL.sub("", plain_text(text))
    if name.isdecimal() and int(name) < len(_DIGITS) and re.search(rf"\b{_DIGITS[int(name)]}\b", text, re.I):
        return True
    asked, words = terms(name), [(word, terms(word)) for word in re.findall(r"[^\W_]+", text)]
    stems = [(stem, word) for word, found in words for stem in found]
    for start in range(len(stems) - len(asked) + 1):
        run = stems[start : start + len(asked)]
        if [stem for stem, _ in run] == asked and not (_is_acronym(name) and all(word.islower() for _, word in run)):
            return True
    squeezed = re.sub(r"\W", "", name)
    if len(squeezed) > _SHORTEST_SQUEEZED and squeezed.lower() in re.sub(r"\W", "", text).lower():
        return any(letter.isdigit() for letter in squeezed) or not _is_acronym(name)
    initials = "".join(word[0] for word, found in words if found).lower()
    return _is_acronym(name) and name.lower() in initials


def is_name(words: str) -> bool:
    """Tell whether words are one that is spelled as no other: "XMC", "GPT4"."""
    return " " not in words and sum(letter.isupper() or letter.isdigit() for letter in words) > 1


def _is_acronym(name: str) -> bool:
    return sum(letter.isupper() for letter in name) > 1 and " " not in name
