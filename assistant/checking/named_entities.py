"""The names in a text: "LLaDA", "IL-10", "Qwen2.5-7B", and the acronyms that stand for its phrases."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.text.wording import Word, spelled

_LONGEST_PHRASE = 6  # words that an acronym stands for
_LONGEST_RUN = 6  # parts of a name that are joined: "Qwen-2.5-VL-7B"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as printed, where its words stand, and its letters and digits alone, in lower case."""

    printed: str
    places: range
    key: str


def names_of(plain: str, words: Sequence[Word]) -> list[Name]:
    """Return the names: what has capitals inside, letters and digits, or a capital in the middle of a clause."""
    found = []
    for run in _runs(words):
        marked = [place for place in run if _is_marked(words, place, joined=len(run) > 1)]
        if marked:
            start, end = marked[0], marked[-1] + 1
            if words[start].text.isdigit() and start > run.start:
                start -= 1  # "interleukin-2"
            if any(character.isalpha() for word in words[start:end] for character in word.text):
                printed = plain[words[start].start : words[end - 1].end]
                found.append(Name(printed, range(start, end), key_of(word.text for word in words[start:end])))
    return found


def key_of(parts: Iterable[str]) -> str:
    joined = spelled("".join(parts).lower()).removesuffix("'s")
    return joined.removesuffix("s") if len(joined) > 2 else joined


def known_names(words: Sequence[Word]) -> frozenset[str]:
    """Return the keys of all that a text could be naming: its words, and those beside each other as one."""
    keys = set()
    for start, word in enumerate(words):
        run = word.text
        keys.add(key_of((run,)))
        for place in range(start + 1, min(start + _LONGEST_RUN, len(words))):
            if place > start + 1 and not words[place].joined:
                break
            run += words[place].text
            keys.add(key_of((run,)))
    return frozenset(keys)


def phrases_by_initials(words: Sequence[Word]) -> dict[str, list[range]]:
    """Return the phrases of two to six words by their initials: "large language models" by "llm"."""
    found: defaultdict[str, list[range]] = defaultdict(list)
    for start, first in enumerate(words):
        letters = _initial(first)
        for end in range(start + 1, min(start + _LONGEST_PHRASE, len(words))) if first.stem else ():
            if words[end].opens:
                break
            letters += _initial(words[end])
            if words[end].stem:
                found[letters].append(range(start, end + 1))
    return found


def abbreviates(letters: str, words: Sequence[Word]) -> bool:
    """Tell whether `letters` can be short for the words before it: "llm" of "large language model"."""
    text = spelled("".join(word.lower for word in words[-_LONGEST_PHRASE:]))
    initials = [spelled(word.lower)[0] for word in words[-_LONGEST_PHRASE:]]
    rest = iter(text)
    return letters[:1] in initials and all(letter in rest for letter in letters)


def _initial(word: Word) -> str:
    return word.text if word.text.isdigit() else word.lower[0]


def _runs(words: Sequence[Word]) -> Iterable[range]:
    start = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or not words[place].joined:
            yield range(start, place)
            start = place


def _is_marked(words: Sequence[Word], place: int, *, joined: bool) -> bool:
    word = words[place]
    if word.text == word.lower and word.text.isalpha():
        return False
    letters = word.text.removesuffix("'s").removesuffix("’s")
    if letters.isdigit():
        return joined and not words[place - 1].text.isdigit() if place else False
    if any(character.isupper() for character in letters[1:]) or any(map(str.isdigit, letters)):
        return True
    return letters[:1].isupper() and place > 0 and (len(letters) == 1 or joined or not word.opens)
