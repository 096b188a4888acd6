"""The line of authors under a title, "A, B, C et al. · stanford", and the forms that names take."""

import re
from dataclasses import dataclass

from vectorstore.personal_names import PARTICLES, split_names

_HIDDEN_REST = re.compile(r",? et ?al\.?")
_AFFILIATION_MARK = " · "
_LETTERS = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 7
_LONGEST_NAME = 80
_LONGEST_ABBREVIATION = 3  # "Jr.", "J."
_NEVER_IN_NAMES = frozenset("$%=<>/|+*#@{}[]:;!?&^")


@dataclass(frozen=True, slots=True)
class AuthorLine:
    """Authors as printed; `complete` is False where the line ends in "et al."."""

    names: tuple[str, ...]
    complete: bool
    affiliation: str | None


def author_line(text: str) -> AuthorLine:
    """Return the authors, whether they are all of them, and the affiliation printed after them."""
    end = names_end(text)
    _, _, affiliation = text[end:].partition(_AFFILIATION_MARK)
    complete = _HIDDEN_REST.match(text, end) is None
    return AuthorLine(split_names(text[:end]), complete, affiliation.strip() or None)


def names_end(text: str) -> int:
    """Return where the names end and "et al.", an affiliation or nothing follows."""
    *_, last = [None, *_HIDDEN_REST.finditer(text)]
    if last is not None and (last.end() == len(text) or text.startswith(_AFFILIATION_MARK, last.end())):
        return last.start()
    end = text.find(_AFFILIATION_MARK)
    return end if end >= 0 else len(text)


def looks_like_authors(text: str) -> bool:
    """Tell a line of authors from a title or an abstract by its form."""
    end = names_end(text)
    names = split_names(text[:end])
    long_stops = [word for word in text.split() if word.endswith(".") and len(word) > _LONGEST_ABBREVIATION]
    ends_sentence = end == len(text) and text.endswith(".") and bool(long_stops)
    return bool(names) and not ends_sentence and all(can_be_name(name) for name in names)


def can_be_name(text: str) -> bool:
    """Tell whether the text has the form of a name: words with capitals, or ":" as after a team's name."""
    words = text.split()
    if len(text) > _LONGEST_NAME or len(words) > _MOST_WORDS:
        return False
    forms = [name_form(word) for word in words]
    return text.strip() == ":" or ("other" not in forms and any(word[0].isupper() for word in words))


def name_form(word: str) -> str:
    """Return the form of one word of a name.

    "plain" as Xiao-Ming, "camel" as BumJun or McDonald, "capitals" as UMMPK, "initial" as J. or J.K., "particle" as
    van, "lower" as wang, "digits" as Hunyuan3D; "other" is no part of a name.
    """
    parts = _LETTERS.findall(word)
    if _NEVER_IN_NAMES.intersection(word):
        return "other"
    if any(letter.isdigit() for letter in word):
        return "digits"
    if not parts:
        return "other"
    if word in PARTICLES:
        return "particle"
    if not word[0].isupper():
        return "lower"
    if all(len(part) == 1 for part in parts):
        return "initial"
    if word.isupper():
        return "capitals"
    return "camel" if any(letter.isupper() for part in parts for letter in part[1:]) else "plain"
