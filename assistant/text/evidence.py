"""Evidence: the passages that a model is given, as records and as the lines of a prompt."""

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from assistant.text.plain_text import plain_text
from assistant.text.visible_text import readable
from vectorstore.authors.personal_names import personal_name
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage

_BRACKETED_NUMBERS = re.compile(r"[\[【][\d\s,;–-]+[\]】]")
_CODE = re.compile(r"(`[^`\n]+`)")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One numbered passage, with what a reader must know of its paper."""

    number: int
    title: str
    authors: tuple[str, ...]
    authors_complete: bool
    organization: str | None
    date: str | None  # ISO 8601
    text: str
    author_count: int | None = None
    category: str | None = None
    code: str = ""  # its address, or that a listing marks it
    date_inferred: bool = False  # the listing prints no year

    @property
    def source(self) -> str:
        """How a sentence names the paper: "Kim et al. (2025)", "Kim and No (2026)", "NVIDIA (2025)"."""
        year = f" ({self.date[:4]})" if self.date else ""
        return f"{self.people}{year}"

    @property
    def people(self) -> str:
        """How a sentence names the authors: "Kim et al."."""
        names = [printed_surname(name) for name in self.authors]
        if len(names) > 2 or (names and not self.authors_complete):
            return f"{names[0]} et al."
        if names:
            return " and ".join(names)
        return f"The authors at {self.organization}" if self.organization else f"The authors of “{self.short_title}”"

    @property
    def short_title(self) -> str:
        return short_title(shown_title(self.title))


def numbered(number: int, passage: Passage, paper: Paper) -> Evidence:
    return Evidence(
        number=number,
        title=paper.title,
        authors=paper.people,
        authors_complete=paper.authors_complete,
        organization=paper.organization,
        date=paper.iso_date,
        text=passage.text,
        author_count=paper.author_count,
        category=paper.category,
        code=paper.code_url or ("marked as available" if paper.has_code else ""),
        date_inferred=paper.year_inferred,
    )


def shown_title(title: str) -> str:
    """Return a title as an answer shows it: its LaTeX as characters, nothing that looks like a citation."""
    return unmarked(plain_text(title))


def short_title(title: str) -> str:
    """Return the name in front of a colon ("MoMa: Efficient ..."), or the whole title if there is none."""
    head, colon, _ = title.partition(": ")
    return head if colon and len(head) <= 60 else title


def evidence_lines(evidence: Iterable[Evidence]) -> str:
    """Return one JSON object a line: inside it, no text of a passage can end the block or look like the prompt."""
    return "\n".join(_LINE_OR_TAG.sub(_escaped, json.dumps(_said(item), ensure_ascii=False)) for item in evidence)


def _said(item: Evidence) -> dict[str, Any]:
    """Return what is known of a passage; a field that says nothing is left out."""
    known = {name: value for name, value in asdict(item).items() if value not in (None, "", (), False)}
    known.pop("authors_complete", None)
    return known if item.authors_complete or not item.authors else {**known, "authors": [*item.authors, "et al."]}


# What some reader takes for a new line, what looks like an end of the block, and what servers take for their own marks.
_LINE_OR_TAG = re.compile(r"[\x7f-\x9f\u2028\u2029]|[<＜‹](?=\W{0,12}evidence|[|/]?\w{0,20}[|>])", re.I)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def printed_surname(name: str) -> str:
    """Return the surname as printed, with its particles, of a group its name: "van den Oord", "Gemini Team"."""
    return personal_name(name).surname


def cited(sentence: str, number: int) -> str:
    """Return a sentence with its marker before the full stop: "... by 8 % [2]."."""
    body, end = re.fullmatch(r"(.*?)([.!?]*)", unmarked(sentence).strip(), re.DOTALL).groups()  # type: ignore[union-attr]
    return f"{body} [{number}]{end or '.'}"


def unmarked(text: str) -> str:
    """Return words of a listing so that they cannot pass for a citation or for bold type: "[1]" becomes code."""
    return "".join(
        part if part.startswith("`") else _BRACKETED_NUMBERS.sub(r"`\g<0>`", part.replace("**", ""))
        for part in _CODE.split("".join(readable(text)))
    )
