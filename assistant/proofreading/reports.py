"""What was found in a draft: one record, from which text, JSON, HTML and the page's panel are made."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from assistant.records import By, Usage


class Outcome(StrEnum):
    """How what a draft says of a paper stands to the paper's abstract."""

    SAID = "said"
    OTHERWISE = "said otherwise"
    ABSENT = "not in the abstract"
    OPEN = "not decided"  # in other words, against which no exact check speaks: the closest words are shown
    NO_CLAIM = "claims nothing"
    NOT_IN_LIBRARY = "paper not in the library"
    NO_ENTRY = "key without an entry"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is, of how many."""

    step: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Words:
    """Words of an abstract, `abstract[start:end] == text`; `shared` are spans of `text` that the sentence has too."""

    text: str
    start: int
    end: int
    shared: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class CitedPaper:
    """What a sentence says of one of the papers that it cites."""

    key: str
    outcome: Outcome
    clause: str = ""  # what is held against the paper, if it is a part of the sentence
    by: By = By.NOBODY  # who decided it
    reason: str = ""
    paper_id: str = ""
    title: str = ""
    closest: tuple[Words, ...] = ()  # the words of its abstract that come closest, in their order

    @property
    def is_finding(self) -> bool:
        """Whether something is wrong, by an exact check or a judge. That words are not there is a hint alone."""
        return self.outcome is Outcome.OTHERWISE or (self.outcome is Outcome.ABSENT and self.by is not By.WORDS)


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of the draft that cites, as a reader sees it: a citation is its keys in square brackets."""

    text: str
    file: str
    line: int
    papers: tuple[CitedPaper, ...]

    @property
    def is_finding(self) -> bool:
        return any(paper.is_finding for paper in self.papers)


@dataclass(frozen=True, slots=True)
class MissingKey:
    """A key that is cited and that no entry has."""

    key: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A paper of the library on what the draft is about, that it does not cite; `key` is the library's own."""

    paper_id: str
    title: str
    key: str


@dataclass(frozen=True, slots=True)
class DraftReport:
    """The report on a draft."""

    draft: str
    sentences: tuple[CheckedSentence, ...]
    missing: tuple[MissingKey, ...] = ()
    never_cited: tuple[str, ...] = ()  # keys
    same: tuple[tuple[str, ...], ...] = ()  # keys of entries that are one paper
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    judge: str = ""  # the model that was asked
    usage: Usage = field(default_factory=Usage)

    @property
    def has_findings(self) -> bool:
        """Whether something is wrong: a sentence, a key without an entry, or two entries of one paper. Entries that are
        never cited, papers that are left out or not in the library are told, and nothing is wrong with them."""
        return bool(self.missing or self.same or any(one.is_finding for one in self.sentences))

    @property
    def outcomes(self) -> Counter[Outcome]:
        return Counter(paper.outcome for sentence in self.sentences for paper in sentence.papers)

    def record(self) -> dict[str, Any]:
        """Return the JSON of the command line."""
        record = asdict(self)
        for sentence, written in zip(self.sentences, record["sentences"], strict=True):
            written["is_finding"] = sentence.is_finding
            for paper, of_paper in zip(sentence.papers, written["papers"], strict=True):
                of_paper["is_finding"] = paper.is_finding
        return {"clean": not self.has_findings, "outcomes": dict(self.outcomes), **record}
