"""A draft as all its readers hand it on: paragraphs of plain text with marks where they cite, and reference lists."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from vectorstore.text.sentences import sentence_spans

_OPEN, _CLOSE = "\ue000", "\ue001"  # of a mark; private use, so that no text has them
_MARK = re.compile(rf"(?P<name>N?){_OPEN}(?P<place>\d+){_CLOSE}")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_BEHIND_STOP = re.compile(rf"(?<!et al)([.!?])(\s*(?:{_OPEN}\d+{_CLOSE}\s*)+)(?=[A-Z\"“(]|$)")
_SPACE_BEFORE_STOP = re.compile(r"\s+([.,;:!?])")
REFERENCES = re.compile(r"\W*(?:\d+\.?\s+)?(?:references?|bibliography|works cited|literature)\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation in a draft: the keys that it names, and where it stands.

    A `textual` one is a part of its sentence: "\\citet{kim} show", "@kim show".
    """

    keys: tuple[str, ...]
    textual: bool
    line: int
    file: str


@dataclass(frozen=True, slots=True)
class CitingSentence:
    """A sentence that cites. `parts` are its text and its marks, in order."""

    parts: tuple[str | Mark, ...]

    @property
    def marks(self) -> tuple[Mark, ...]:
        return tuple(part for part in self.parts if isinstance(part, Mark))

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that it cites, each once."""
        return tuple(dict.fromkeys(key for mark in self.marks for key in mark.keys))


@dataclass(frozen=True, slots=True)
class ListedReference:
    """An entry of a reference list that stands in the draft itself, as printed."""

    key: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class CitedText:
    """What was read of a draft."""

    name: str
    paragraphs: tuple[str, ...]
    marks: tuple[Mark, ...]
    references: tuple[ListedReference, ...] = ()
    also_cited: frozenset[str] = frozenset()  # by \nocite; "*" is all
    bibliographies: tuple[str, ...] = ()  # files that the draft names
    notes: tuple[str, ...] = ()

    @property
    def keys(self) -> dict[str, Mark]:
        """The keys that are cited, each with the first mark that names it."""
        first: dict[str, Mark] = {}
        for mark in self.marks:
            for key in mark.keys:
                first.setdefault(key, mark)
        return first

    def citing_sentences(self) -> Iterator[CitingSentence]:
        """Yield the sentences that cite, in order."""
        for paragraph in self.paragraphs:
            if _OPEN in paragraph:
                for start, end in sentence_spans(paragraph):
                    if _OPEN in paragraph[start:end]:
                        yield CitingSentence(tuple(self._parts(paragraph[start:end])))

    def _parts(self, sentence: str) -> Iterator[str | Mark]:
        end = 0
        for found in _MARK.finditer(sentence):
            if found.start() > end:
                yield sentence[end : found.start()]
            yield self.marks[int(found["place"])]
            end = found.end()
        if end < len(sentence):
            yield sentence[end:]

    def prose(self) -> tuple[str, ...]:
        """Return the paragraphs without their marks."""
        return tuple(_SPACE_BEFORE_STOP.sub(r"\1", _MARK.sub("", paragraph)) for paragraph in self.paragraphs)


def plain(text: str) -> str:
    """Return text of a draft without characters that could pass for a mark."""
    return _PRIVATE.sub("", text)


@dataclass
class Flow:
    """Gathers a draft as a reader goes through it: text, marks, ends of paragraphs, and asides such as footnotes, which
    are paragraphs of their own behind the one that they stand in."""

    file: str
    marks: list[Mark] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _asides: list[str] = field(default_factory=list)
    _is_muted: bool = False

    def say(self, text: str) -> None:
        if not self._is_muted:
            self._text.append(plain(text))

    def cite(self, keys: Sequence[str], *, textual: bool, line: int) -> None:
        """Add a mark; also what is not heard cites."""
        keys = tuple(key for key in (plain(one).strip() for one in keys) if key)
        if not keys:
            return
        self.marks.append(Mark(keys, textual, line, self.file))
        if not self._is_muted:
            # A name opens a sentence with a capital, which is how the end of the one before it is seen.
            self._text.append(f"{'N' if textual else ''}{_OPEN}{len(self.marks) - 1}{_CLOSE}")

    def end_paragraph(self) -> None:
        if not self._is_muted:
            self._keep(self._text)
            self._text = []
            self.paragraphs += self._asides
            self._asides = []

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Hear what follows as a paragraph of its own."""
        outer, self._text = self._text, []
        was_muted, self._is_muted = self._is_muted, False
        try:
            yield
        finally:
            before = len(self.paragraphs)
            self._keep(self._text)
            self._asides += self.paragraphs[before:]
            del self.paragraphs[before:]
            self._text, self._is_muted = outer, was_muted

    @contextmanager
    def muted(self) -> Iterator[None]:
        """Hear only the asides of what follows, such as the caption of a figure."""
        was_muted, self._is_muted = self._is_muted, True
        try:
            yield
        finally:
            self._is_muted = was_muted

    def _keep(self, text: list[str]) -> None:
        paragraph = " ".join("".join(text).split())
        # "It ends early. [1]" cites in the sentence before the mark.
        paragraph = _BEHIND_STOP.sub(lambda found: f" {found[2].strip()}{found[1]} ", paragraph).rstrip()
        if paragraph:
            self.paragraphs.append(paragraph)
