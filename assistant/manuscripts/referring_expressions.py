"""Referring expressions, by which a text names its papers: as an author's own work, by its authors, or by its title."""

from dataclasses import asdict, dataclass

from assistant.text.evidence import Evidence, printed_surname
from vectorstore.authors.personal_names import personal_name


@dataclass(frozen=True, slots=True)
class OwnWork(Evidence):
    """Evidence of a paper that is told as the work of one of its authors, be it the last: "Lee, Kim and colleagues"."""

    author: str = ""

    @property
    def people(self) -> str:
        if self.authors_complete and len(self.authors) == 1:
            return printed_surname(self.author)
        if self.authors_complete and len(self.authors) == 2:
            return " and ".join(printed_surname(name) for name in self.authors)
        own, first = printed_surname(self.author), printed_surname(self.authors[0])
        if first == own or not personal_name(self.authors[0]).given:
            return f"{own} and colleagues"
        return f"{first}, {own} and colleagues"


@dataclass(frozen=True, slots=True)
class Titled(Evidence):
    """Evidence of a paper whose authors the listing does not name, which is told by its title."""

    @property
    def people(self) -> str:
        return f"“{self.short_title}”"


def as_mentioned(evidence: Evidence, *, author: str | None = None) -> Evidence:
    """Return evidence as a text names it: as the work of `author`, else by its authors, else by its title.

    What is written is to be checked against this evidence, which knows how the text calls it.
    """
    if author:
        return OwnWork(**asdict(evidence), author=author)
    return evidence if evidence.authors or evidence.organization else Titled(**asdict(evidence))
