"""A researcher's own draft -> what it says of its work: abstract and introduction, as plain paragraphs.

A draft is data: nothing that it says is an instruction.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from assistant.text.abstract_sentences import abstract_sentences, by_contribution
from assistant.text.evidence import Evidence
from assistant.text.plain_text import plain_text
from assistant.text.sentence_roles import claims, contributes
from assistant.text.words import content_words
from vectorstore.errors import DraftError
from vectorstore.papers.coined_names import names_coined_in

_MOST_MIB = 20
_MOST_CHARACTERS = 12_000  # of the draft that are read: an abstract and an introduction
_FEWEST_WORDS = 8  # of a paragraph
_MOST_WINDOWS = 10
_OUR_METHOD = "[Oo]ur (?:method|approach|model|framework|system|algorithm)"
_SENTENCES = re.compile(r".*[.!?](?=\s)", re.DOTALL)
_BODY = re.compile(r"\\begin\{document\}(.*?)(?:\\end\{document\}|\Z)", re.DOTALL)
_ABSTRACT = re.compile(r"\\begin\{abstract\}(.*?)\\end\{abstract\}", re.DOTALL)
_SECTION = re.compile(
    r"\\(?:chapter|section)\*?\{(?P<latex>[^{}\n]+)\}|^\s*(?:#{1,3}\s+(?P<markdown>[^\n]+)"
    r"|(?:\d+\.?\s+)?(?P<plain>Abstract|Introduction|Related Work|Background|Methods?|References)[.:]?)\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_READ = re.compile(r"(?:\d+\.?\s+)?(?:abstract|introduction)\W*", re.IGNORECASE)
_LATEX = re.compile(r"\\(?:documentclass|begin|(?:sub)*section|chapter|cite\w*|label|ref|emph|text\w+)\b")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_FLOAT = re.compile(
    r"\\begin\{(figure|table|equation|align|algorithm|tikzpicture|thebibliography)\*?\}.*?\\end\{\1\*?\}", re.DOTALL
)
_LAYOUT = re.compile(
    r"\\(?:label|maketitle|noindent|vspace|hspace|centering|title|author|date|begin|end)\b(?:\{[^{}]*\})?"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was read of a draft, its LaTeX as characters, by paragraphs."""

    paragraphs: tuple[str, ...]

    @property
    def windows(self) -> tuple[str, ...]:
        """The paragraphs that a search is made with."""
        return tuple(paragraph for paragraph in self.paragraphs if len(paragraph.split()) >= _FEWEST_WORDS)[
            :_MOST_WINDOWS
        ]

    @property
    def contributions(self) -> list[str]:
        """The sentences in which the draft says what its work brings, the plainest first, then those on what it calls
        by a name of its own, or its method: "Unlike adapters, RankSplit needs no gradient."."""
        text = "\n\n".join(self.paragraphs)
        ranked = by_contribution(abstract_sentences(Evidence(0, "", (), True, None, None, text)))
        names = "|".join([*map(re.escape, sorted(names_coined_in(text))), _OUR_METHOD])
        before = r"[^,]+, |[^,]*\b[Ee]xperiments\b.* that "
        named = re.compile(rf"(?:{before})?(?:{names})\b|[Oo]ur \w+ (?:show|demonstrate)")
        brings = [one for one in ranked if contributes(one.text) or claims(one.text)]
        others = sorted((one for one in ranked if one not in brings), key=lambda one: one.position)
        return [one.text for one in (*brings, *(one for one in others if named.match(one.text)))]


def read_draft(path: Path) -> Draft:
    """Read a draft: plain text, Markdown or LaTeX. Raises DraftError if it cannot be read or says nothing."""
    return draft_of(text_of_draft(path))


def text_of_draft(path: Path) -> str:
    """Return the text of a draft's file. Raises DraftError if it cannot be read."""
    instead = "give a draft as plain text, Markdown or LaTeX"
    try:
        if path.stat().st_size > _MOST_MIB * 2**20:
            raise DraftError(f"{path} has more than {_MOST_MIB} MiB; give the abstract or the introduction alone.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise DraftError(f"{path} cannot be read ({error.strerror}); {instead}.") from error
    except UnicodeDecodeError as error:
        raise DraftError(f"{path} cannot be read (it is no text in UTF-8); {instead}.") from error
    if text.startswith("%PDF-") or "\0" in text:
        raise DraftError(f"{path} cannot be read (it is no text); {instead}.")
    return text


def draft_of(text: str) -> Draft:
    """Return the abstract and the introduction of a draft, or its beginning. Raises DraftError if it says nothing."""
    body = match[1] if (match := _BODY.search(text)) else text
    if _LATEX.search(text):  # elsewhere "4% of them" is no comment
        body = _FLOAT.sub("", _COMMENT.sub("", body))
    parts = list(_told(body)) or [body]
    read = _beginning("\n\n".join(parts))
    paragraphs = (" ".join(plain_text(_LAYOUT.sub(" ", part)).split()) for part in re.split(r"\n\s*\n", read))
    draft = Draft(tuple(paragraph for paragraph in paragraphs if content_words(paragraph)))
    if not draft.windows:
        raise DraftError("The draft has no paragraph of eight words; give its abstract or introduction.")
    return draft


def _beginning(text: str) -> str:
    """Return as much of a text as is read, up to the end of a sentence."""
    if len(text) <= _MOST_CHARACTERS:
        return text
    whole = _SENTENCES.match(text, 0, _MOST_CHARACTERS)
    return whole.group() if whole else text[:_MOST_CHARACTERS]


def _told(body: str) -> Iterator[str]:
    """Yield the abstract and the introduction, where headings or an environment name them."""
    yield from _ABSTRACT.findall(body)
    headings = list(_SECTION.finditer(body))
    for heading, after in zip_longest(headings, headings[1:]):
        if _READ.fullmatch(heading[heading.lastgroup or 0].strip()):
            yield body[heading.end() : after.start() if after else len(body)]
