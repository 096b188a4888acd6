"""A printed name -> its parts: given names, particle, family name and suffix; or a group, which has none of them.

"Aäron van den Oord", "Martin Luther King, Jr." and "King, Jr., Martin Luther" are read as BibTeX reads a name, and what
it has no rule for, as people write it: "Juan De La Cruz", "José Ortega y Gasset", "Wei (David) Chen", "Jane Doe, PhD",
"Gemini Team". Which of several names without a particle are the family's cannot be seen ("García Márquez"): then the
last one is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vectorstore.text.folding import folded

PARTICLES = frozenset(
    "al bin da de del della den der di do dos du el ibn la le ten ter ul van von y zu".split()
)  # in small letters; the reader of glued lines was fitted with these
# A family name of several words: with a particle in capitals, or two that are joined. Capitals that are given names too
# are none: "Hung Van Nguyen", "Xiao Bin Li".
_SEVERAL_WORDS = re.compile(
    r"(?<=\S) (?:V[ao]n [Dd]e[nr]?|De [Ll](?:as?|os)|De|Del|Della|Dos|El|Al|Mac|Mc|Ó|Ní|Nic|St\.|Von|\S+ [yei]) \S+$"
)
_SUFFIX = re.compile(r"(?:jr|sr)\.?|i{2,3}|iv|[234](?:nd|rd|th)", re.I)
_DEGREE = re.compile(r"ph\.?d\.?|d\.?phil\.?|d\.?sc\.?|m\.?sc\.?|m\.?d\.?|mba|esq\.?", re.I)
_SURE_DEGREE = re.compile(r"ph\.?d\.?|d\.?phil\.?|m\.d\.", re.I)  # without a comma before it
_NOTE_BEHIND = re.compile(r"(?<=\S)\s+([(\uff08\[][^()\[\]]*[)\uff09\]])$")
_HIDDEN_REST = re.compile(r"(?:.*\W)?et al\.?|others", re.I)
# What makes a name a group's. Of a group's name the other words tell it from other groups.
_GROUP_WORDS = frozenset(
    "alliance association authors center centre collaboration college committee community company consortium"
    " contributors corp corporation council department developers foundation gmbh group inc initiative institute lab"
    " laboratories laboratory labs llc ltd network organisation organization project research school society team teams"
    " technologies university workshop".split()
)
_LAST_LETTERS = frozenset("rRiIvVdDhH.lLcCaAqQ")  # of what may stand behind a name
_SMALL_WORDS = frozenset("and at for of the".split())
_JOINING = frozenset("and for of &".split())


@dataclass(frozen=True, slots=True)
class PersonalName:
    """A name in its parts, as printed; a group, or what cannot be read as a person's name, is its `family` whole."""

    given: str = ""
    particle: str = ""  # in small letters: "van den"
    family: str = ""
    suffix: str = ""  # "Jr.", "III"
    note: str = ""  # what stands behind it in brackets: "(王晨)"
    is_group: bool = False

    @property
    def surname(self) -> str:
        """How a text names the person: "van den Oord"; or the group, without its article: "ATLAS Collaboration"."""
        if self.is_group:
            return self.family.removeprefix("The ")
        return f"{self.particle} {self.family}" if self.particle else self.family

    @property
    def is_plain(self) -> bool:
        """Tell whether BibTeX finds the surname in "given particle family": the last word, and a particle before it."""
        several = " " in self.family
        return not (self.suffix or self.note or several or any(map(_is_small, self.given.split())))

    @property
    def key(self) -> str:
        """The folded family name without its particle, of a group what tells it from others: "oord", "gemini"."""
        words = folded(self.family).split()
        if not self.is_group:
            return " ".join(words)
        telling = [word for word in folded(_ai_apart(self.family)).split() if word not in _GROUP_WORDS | _SMALL_WORDS]
        return " ".join(telling or words)

    @property
    def forms(self) -> frozenset[str]:
        """The folded surnames by which the person may be asked for: with the particle, without it, the last word."""
        whole = folded(self.surname)
        last = whole.rpartition(" ")[2] if self.given else whole
        return frozenset({whole, self.key if self.particle or self.is_group else whole, last} - {""})


def personal_name(printed: str) -> PersonalName:
    """Return the parts of a printed name."""
    text, note = _note_apart(" ".join(printed.split()))
    text, suffix = _suffix_apart(text)
    if _is_group(text):
        return PersonalName(family=text, note=note, is_group=True)
    family, *rest = [part.strip() for part in text.split(",")]
    if len(rest) == 2 and _SUFFIX.fullmatch(rest[0]):  # "King, Jr., Martin Luther"
        suffix = rest.pop(0)
    if not family or len(rest) > 1 or not all(rest):
        return PersonalName(family=" ".join(printed.split()), is_group=True)
    words = family.split()
    if rest:
        start = next((place for place, word in enumerate(words[:-1]) if not _is_small(word)), len(words) - 1)
        return PersonalName(rest[0], " ".join(words[:start]), " ".join(words[start:]), suffix, note)
    particle, start = _surname_places(words)
    given, between, behind = words[:particle], words[particle:start], words[start:]
    return PersonalName(" ".join(given), " ".join(between), " ".join(behind), suffix, note)


def surname(name: str) -> str:
    """Return the folded family name of a printed name: "kim" of "Bumjun Kim" and "Kim, Bumjun", "oord" of
    "Aäron van den Oord"."""
    return personal_name(name).key


def unlabelled(name: str) -> str:
    """Return a name without what stands behind it in brackets: "Bumjun Kim" of "Bumjun Kim (with Wan Choi)"."""
    return _NOTE_BEHIND.sub("", name)


def without_suffix(name: str) -> str:
    """Return a name as it is also written: "Guy Steele" of "Guy Steele Jr." and of "Steele, Jr., Guy"."""
    parts = personal_name(name)
    return " ".join(filter(None, (parts.given, parts.surname)))


def split_names(text: str) -> tuple[str, ...]:
    """Return the names between the commas. "Jr." belongs to the name before it; a degree, "et al." and the ":" behind
    a team are no names."""
    names: list[str] = []
    for name in (part.strip() for part in text.split(",")):
        if names and _SUFFIX.fullmatch(name):
            names[-1] = f"{names[-1]}, {name}"
        elif not (names and _DEGREE.fullmatch(name)):
            names += named([name])
    return tuple(names)


def named(names: Iterable[str]) -> Iterator[str]:
    """Yield those of `names` that name somebody: not ":", which feeds print behind a team, and not "et al."."""
    for name in names:
        if any(map(str.isalnum, name)) and not _HIDDEN_REST.fullmatch(name):
            yield name


def _note_apart(text: str) -> tuple[str, str]:
    noted = _NOTE_BEHIND.search(text) if text.endswith((")", "\uff09", "]")) and "," not in text else None
    return (text[: noted.start()], noted[1]) if noted else (text, "")


def _suffix_apart(text: str) -> tuple[str, str]:
    """Return a name without the degrees and the suffix behind it, and the suffix."""
    suffix = ""
    while not suffix:
        before, _, last = text.rpartition(" ")
        if not before or last[-1] not in _LAST_LETTERS:
            break
        if (_DEGREE if before.endswith(",") else _SURE_DEGREE).fullmatch(last):
            text = before.rstrip(", ")
        elif _SUFFIX.fullmatch(last):
            text, suffix = before.rstrip(", "), last
        else:
            break
    return text, suffix


def _is_group(text: str) -> bool:
    if "," in text or " " not in text:
        return False
    words = {word.strip(".") for word in text.casefold().split()}
    return not words.isdisjoint(_GROUP_WORDS | _JOINING) or _ai_apart(text) != text


def _ai_apart(text: str) -> str:
    """Return "Meta" of "Meta AI", the name of a laboratory; "QING AI" is a person in capitals."""
    return text.removesuffix(" AI") if text.endswith(" AI") and not text.removesuffix(" AI").isupper() else text


def _surname_places(words: Sequence[str]) -> tuple[int, int]:
    """Return where the particle of a name's words begins, and where the family name behind it does."""
    several = _SEVERAL_WORDS.search(" ".join(words)) if len(words) > 2 else None
    begins = len(words) - (len(several.group().split()) if several else 1)
    small = [place for place in range(begins) if _is_small(words[place])]
    if small[:1] == [0]:  # "danah boyd" has no particle, "van den Oord" nothing else
        small = [place for place in small if words[place] in PARTICLES]
    return (small[0], small[-1] + 1) if small else (begins, begins)


def _is_small(word: str) -> bool:
    """Tell whether the first letter of a word is a small one, as BibTeX looks at it: "van", "'t", "d'"."""
    first = next(filter(str.isalpha, word), "")
    return first.islower() and not (len(word) == 2 and word.endswith("."))
