"""The line of authors under a title, "A, B, C et al. · stanford", and the forms that names take."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vectorstore.authors.personal_names import PARTICLES, named, personal_name, split_names
from vectorstore.text.latex_text import latex_as_text

LONGEST_AUTHOR_LINE = 1_000_000  # characters: 50,000 authors
# "et al.", "and 12 others", "(2915 additional authors not shown)", "+3 authors"
_OTHERS = r"et ?al\.?|and others|и др\.|…|\.\.\.|等(?=$| )"
_COUNT = (
    r"[,;]? ?(?:and|&)? ?\(?\+? ?(?P<{}>\d[\d,]{{0,6}}) ?"
    r"(?:others|(?:additional|more|other|further) ?(?:co-?)?(?:authors?)?|authors?)(?: not shown)?\)?"
)
_HIDDEN_REST = re.compile(rf",? ?(?:{_OTHERS})(?:{_COUNT.format('more')})?|{_COUNT.format('alone')}")
_AFFILIATION_MARK = " · "
_LEAD = re.compile(r"^(?:(?:authors?|author\(s\)|by) ?: ?|by (?=[^\W\d_]))", re.IGNORECASE)
# What shows affiliations and notes: "*", "†", "¹˒²", "$^{1,2}$", "^1", "(1, 2)", "[3]"
_MARKS = re.compile(
    r" ?\$?\^\{?[\d,*†‡§¶ ]{1,12}\}?\$?"
    r"| ?[(\[](?:\d{1,2}(?: ?(?:,|and|&) ?\d{1,2}){0,9}|[*†‡])[)\]]"
    r"|(?:,? ?[*∗⁎✱†‡§¶‖#✉✝♠♣♥♦⋆★☆º°\u00b9\u00b2\u00b3\u2070-\u207b˒\ufe0f]){1,40}"
)
_MARKS_BEHIND = re.compile(
    rf"(?:{_MARKS.pattern}|(?<=[^\W\d_][^\s\d,.;:()-])\d{{1,2}}(?:, ?\d{{1,2}})*)(?= *(?:[,;]|$|and |& ))"
)
# "(MIT)", "[Example University (UK)]" behind a name; what stands within one, "Wei (David) Chen", is part of it.
_NOTE_BEHIND = re.compile(
    r" ?[(\[](?P<said>(?:[^()\[\]]|[(\[][^()\[\]]{0,200}[)\]]){0,300})[)\]](?=\W{0,4}(?:and|&) |(?! ?[^\W\d_]))"
)
_FORMS_OF_LAST = frozenset({"plain", "initial", "particle"})
_DIGITS_BEHIND = re.compile(r"(?<=[^\W\d_][^\s\d,.;:()-])\d{1,2}$|(?<=[^\W\d_]\.)\d{1,2}$")
_OTHER_COMMAS = re.compile(r"[，、،]|(?<= )[|•](?= )")
# "..., (1) London, (2) Cambridge": a mark before a text, where those of names stand behind them.
_AFFILIATIONS = re.compile(r"(?<=[,;.]) ?[(\[]\d{1,2}[)\]] ?(?=[^\W\d_]).*", re.S)
_SEMICOLON = re.compile(r"[;；؛]")
_AND = re.compile(r"(?:^| )(?:(?:and|&|und|et) )+")
_LETTERS = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 7
_LONGEST_NAME = 80
_MOST_WORDS_OF_GROUP = 16
_LONGEST_GROUP = 160
_MANY_NAMES, _SHARE_OF_ODD_NAMES = 8, 0.1  # in a long list a few may have any form
_LONGEST_ODD_LINE = 2_000
_LONGEST_ABBREVIATION = 3  # "Jr.", "J."
_NEVER_IN_NAMES = frozenset("$%=<>/|+*#@{}[]:;!?&^")


@dataclass(frozen=True, slots=True)
class AuthorLine:
    """Authors as printed; `complete` is False where the line ends in "et al.". `count` is that of all of them, None
    where the line does not tell."""

    names: tuple[str, ...]
    complete: bool
    affiliation: str | None
    count: int | None


def author_line(text: str) -> AuthorLine:
    """Return the authors, whether they are all of them, and the affiliation printed after them. What stands in brackets
    behind a name, "(Equal contribution)" or "(Example University, UK)", is none of it; a name in another script is."""
    text = latex_as_text(text[:LONGEST_AUTHOR_LINE])
    end = names_end(text)
    _, _, affiliation = text[end:].partition(_AFFILIATION_MARK)
    rest = _HIDDEN_REST.match(text, end)
    names = names_in(_NOTE_BEHIND.sub(_without_note, text[:end]))
    hidden = (rest["more"] or rest["alone"]) if rest else "0"
    count = len(names) + int(hidden.replace(",", "")) if hidden else None
    return AuthorLine(names, rest is None and bool(names), affiliation.strip() or None, count if names else None)


def _without_note(note: re.Match[str]) -> str:
    return note[0] if is_caseless(note["said"][:1] or "-") else ""


def names_end(text: str) -> int:
    """Return where the names end and "et al.", an affiliation or nothing follows."""
    *_, last = [None, *_HIDDEN_REST.finditer(text)]
    if last is not None and (last.end() == len(text) or text.startswith(_AFFILIATION_MARK, last.end())):
        return last.start()
    end = text.find(_AFFILIATION_MARK)
    return end if end >= 0 else len(text)


def names_in(text: str) -> tuple[str, ...]:
    """Return the names of a list, however it is put: "A, B, and C", "A; B", "A¹*, B²", "Smith, A. and Jones, B."."""
    text = _AFFILIATIONS.sub("", text[:LONGEST_AUTHOR_LINE])
    text = _MARKS.sub("", _OTHER_COMMAS.sub(",", _LEAD.sub("", text, count=1))).strip(" ,;")
    names = tuple(_unmarked(name) for name in _listed(text))
    return tuple(named(name for name in names if not name.isdigit()))


def plainly(text: str) -> str:
    """Return a title with authors glued to it as if it had only commas between names and no marks behind them.

    No character moves: "...ForestsAda Kim1*; Bo Li and Al No" becomes "...ForestsAda Kim  , Bo Li,    Al No".
    """
    text = _MARKS_BEHIND.sub(_blank, _SEMICOLON.sub(",", _OTHER_COMMAS.sub(",", text)))
    start = max(text.rfind(","), len(text) - _LONGEST_GROUP, 0)
    *_, last = [None, *_AND.finditer(text, start)]
    if last and all(name_form(word) in _FORMS_OF_LAST for word in text[last.end() :].split()):
        words = len(text[last.end() :].split())
        if text[start : last.start()].strip(" ,") == "" or 1 < words < 6 or is_caseless(text[last.end()]):
            comma = "" if text[: last.start()].rstrip().endswith(",") else ","
            text = text[: last.start()] + comma.ljust(len(last[0])) + text[last.end() :]
    return text


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def looks_like_authors(text: str) -> bool:
    """Tell a line of authors from a title or an abstract by its form."""
    names = names_in(text[: names_end(text)]) if len(text) <= LONGEST_AUTHOR_LINE else ()
    sure = [can_be_name(name) for name in names]
    others = [name for name, is_sure in zip(names, sure, strict=True) if not is_sure]
    if not any(sure) or _ends_sentence(text):
        return False
    is_long = len(names) > _MANY_NAMES and len(others) <= _SHARE_OF_ODD_NAMES * len(names)
    return is_long or (sum(sure) >= len(others) and all(map(is_lower_name, others)))


def is_list_of_names(text: str) -> bool:
    """Tell a line of authors by its form where a text may stand as well: no name but a group's has small words."""
    names = names_in(text[: names_end(text)]) if looks_like_authors(text) else ()
    return bool(names) and all(map(_is_strict_name, names))


def stands_for_authors(text: str) -> bool:
    """Tell whether a line that stands where authors stand can be some: "danah boyd, bell hooks", "AI @ Meta"."""
    names = names_in(text[: names_end(text)]) if len(text) <= _LONGEST_ODD_LINE else ()
    return bool(names) and not _ends_sentence(text) and all(len(name) <= _LONGEST_GROUP for name in names)


def can_be_name(text: str) -> bool:
    """Tell whether the text has the form of a name: words with capitals, or ":" as after a team's name."""
    words = [word for word in text.split() if word != "@"]  # "AI @ Meta"
    if len(text) > _LONGEST_NAME or len(words) > _MOST_WORDS:
        is_short = len(text) <= _LONGEST_GROUP and len(words) <= _MOST_WORDS_OF_GROUP
        return is_short and any(_names_group(word) for word in words if word[0].isupper())
    forms = [name_form(word) for word in words]
    return text.strip() == ":" or ("other" not in forms and any(map(_begins_name, words)))


def is_lower_name(text: str) -> bool:
    """Tell whether the text may be a name without capitals, "danah boyd"."""
    words = text.split()
    return 1 < len(words) < 4 and all(name_form(word) == "lower" for word in words)


def name_form(word: str) -> str:
    """Return the form of one word of a name.

    "plain" as Xiao-Ming or 김범준, "camel" as BumJun or McDonald, "capitals" as UMMPK, "initial" as J. or J.K.,
    "particle" as van, "lower" as wang, "digits" as Hunyuan3D; "other" is no part of a name.
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
    if is_caseless(word[0]):
        return "plain"
    if not word[0].isupper():
        return "lower"
    if all(len(part) == 1 for part in parts):
        return "initial"
    if word.isupper():
        return "capitals"
    return "camel" if any(letter.isupper() for part in parts for letter in part[1:]) else "plain"


def is_caseless(letter: str) -> bool:
    """Tell a letter of a script without capitals, such as Han, Hangul or Arabic."""
    return letter.isalpha() and letter.lower() == letter.upper() and ord(letter) > 0x2FF


def _listed(text: str) -> list[str]:
    """Return what a list has between its commas, semicolons and words for "and"."""
    if _SEMICOLON.search(text):
        parts = [part.strip() for part in _SEMICOLON.split(text)]
    else:
        turned = [part.strip() for part in _AND.split(text)]
        if len(turned) > 1 and all(map(_is_turned, turned)):  # as in BibTeX
            return turned
        parts = list(split_names(text))
    joined = [part for part in parts if part]
    return [*(_AND.sub("", part) if _AND.match(part) else part for part in joined[:-1]), *_last_names(joined[-1:])]


def _is_turned(name: str) -> bool:
    """Tell "Smith, Alice": a surname before its given names."""
    surname, comma, given = name.partition(", ")
    are_short = 0 < len(surname.split()) < 3 and 0 < len(given.split()) < 4 and "," not in given
    return bool(comma) and are_short and not personal_name(given).is_group


def _last_names(parts: Iterable[str]) -> Iterator[str]:
    """Yield the names of the last part of a list: "and C", "B and C", but "Institute of Physics and Health" whole."""
    for part in parts:
        for joint in _AND.finditer(part[: 2 * _LONGEST_GROUP]):
            left, right = part[: joint.start()].strip(), part[joint.end() :].strip()
            if not left or _are_two(left, right):
                yield from filter(None, (left,))
                yield from _last_names([right])
                return
        yield part


def _are_two(left: str, right: str) -> bool:
    """Tell whether "and" joins two names, not two words in the name of a group."""
    if not (can_be_name(left) or is_lower_name(left)):
        return False
    if personal_name(left).is_group and not (_names_group(left.split()[-1]) and not _is_odd_group(right)):
        return False
    words = len(right.split())
    return is_lower_name(right) or (
        can_be_name(right.removeprefix("the ")) and (words > 1 or len(left.split()) == 1 or is_caseless(right[0]))
    )


def _is_strict_name(name: str) -> bool:
    forms = {name_form(word) for word in name.split() if word not in ("@", ":")}
    return not forms & {"lower", "other"} or is_lower_name(name) or any(map(_names_group, name.split()[-2:]))


def _names_group(word: str) -> bool:
    """Tell a word such as "Team"."""
    return word != "AI" and personal_name(f"The {word}").is_group


def _is_odd_group(name: str) -> bool:
    """Tell a group whose name ends otherwise: "Working Group on Open Data"."""
    return personal_name(name).is_group and not _names_group(name.split()[-1])


def _begins_name(word: str) -> bool:
    return word[0].isupper() or is_caseless(word[0])


def _unmarked(name: str) -> str:
    """Return a name without the numbers of affiliations behind it: "Ada Kim1", not "Tencent Hunyuan3D" or "Qwen2"."""
    bare = _DIGITS_BEHIND.sub("", name.strip())
    is_person = " " in bare or is_caseless(bare[:1] or "a")
    return bare if is_person else name


def _ends_sentence(text: str) -> bool:
    long_stops = [word for word in text.split() if word.endswith(".") and len(word) > _LONGEST_ABBREVIATION]
    return names_end(text) == len(text) and (text.endswith("。") or (text.endswith(".") and bool(long_stops)))
