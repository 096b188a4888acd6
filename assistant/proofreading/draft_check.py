"""A draft, its bibliography and a library -> the report: what each citing sentence says of each paper that it cites.

Without a judge only what can be checked exactly is a finding: a number, a name, an opposite, a negation. That the words
of a sentence are not in an abstract is a hint, shown beside the words that come closest.
"""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from assistant.answering.judge import Judge
from assistant.checking.grounding import Grounded, grounded
from assistant.manuscripts.drafts import Draft
from assistant.manuscripts.reference_list import references
from assistant.models.providers import ModelChoice
from assistant.proofreading.bib_file import BibEntry, Bibliography
from assistant.proofreading.bibliography_matching import LibraryMatch, entries_by_author_and_year, same_entries
from assistant.proofreading.cited_clauses import Clause, claims_nothing, clauses_of
from assistant.proofreading.cited_text import CitedText, CitingSentence, Mark
from assistant.proofreading.paraphrase_doubts import spoken_against
from assistant.proofreading.reports import (
    CheckedSentence,
    CitedPaper,
    DraftReport,
    LeftOut,
    MissingKey,
    Outcome,
    Progress,
    Words,
)
from assistant.records import Answer, By, Sentence, Stage, Usage, Verdict
from assistant.text.citations import without_markers
from assistant.text.evidence import Evidence, numbered, shown_title, unmarked
from assistant.text.wording import read_plain
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.papers.passages import Passage
from vectorstore.text.sentences import sentence_spans
from vectorstore.text.terms import terms

_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(
    r"\s*\((?:19|20)\d\d[a-z]?\)\s*$"
)  # behind authors' names; listings date a preprint, not the article
_JOINT = re.compile(r"^(?:and|but|while|whereas|yet|though|although)\s+")  # before a clause of its own
_CLOSE = 0.5  # of the reader's probability, from which a second sentence is shown
_MOST_CLOSEST = 2
_MOST_READ = 5  # sentences of an abstract, those with most of the words
_MOST_LEFT_OUT = 8
_FOUND = 12  # papers of a paragraph beyond these, which may be cited
_ON_TOPIC = 0.5  # cosine of a paragraph and a paper on the same topic
_MOST_ENTRIES = 500  # of a bibliography that are not cited, and looked for in the library
_CITES_NOTHING = (
    r"The draft cites nothing: no \cite, no [@key], no (Kim and No, 2025), and no [1] with a list of references."
)
_STEP = "holding sentences against abstracts"
Known = Mapping[int, tuple[Evidence, Passage]]


@dataclass
class _Clause:
    """A clause that is held against the papers that it cites."""

    text: str  # with [n] for its papers
    shown: str
    keys: tuple[str, ...]
    papers: dict[int, Paper]  # by the numbers in the text
    claims_nothing: bool
    outcome: Outcome = Outcome.OPEN
    by: By = By.NOBODY
    reason: str = ""
    closest: dict[int, tuple[Words, ...]] = field(default_factory=dict)

    @property
    def is_decided(self) -> bool:
        """Whether more than words alone tell its outcome."""
        return self.outcome is not Outcome.OPEN and not (self.outcome is Outcome.ABSENT and self.by is By.WORDS)

    @property
    def is_whole(self) -> bool:
        """Whether the library has all the papers that it cites."""
        return len(self.papers) == len(self.keys)


class DraftCheck:
    """Checks drafts against one library."""

    def __init__(self, library: Library, judge: Judge, *, searches_here: bool) -> None:
        """`searches_here`: no text of a search leaves the machine."""
        self._library = library
        self._judge = judge
        self._searches_here = searches_here

    def checked(
        self, draft: CitedText, bibliography: Bibliography, *, has_bibliography: bool, judge: ModelChoice | None
    ) -> Iterator[Progress | Stage | DraftReport]:
        """Yield how far it is, and the report last. The draft's sentences go to no model but the `judge`."""
        match = LibraryMatch(self._library)
        cited = draft.keys
        entries = {entry.key: entry for entry in bibliography.entries}
        by_year = entries_by_author_and_year(cited, bibliography.entries)
        entries |= {key: same[0] for key, same in by_year.items() if len(same) == 1}
        if has_bibliography:
            found = {key: match.paper(entries[key]) for key in cited if key in entries}
            papers = {key: paper for key, paper in found.items() if paper}
        else:
            papers = match.by_key(cited) | match.by_author_and_year(cited)
        sentences = list(draft.citing_sentences())
        clauses: list[list[_Clause]] = []
        yield Progress(_STEP, 0, len(sentences) or 1)
        for number, sentence in enumerate(sentences, 1):
            clauses.append([self._held(clause, papers) for clause in clauses_of(sentence)])
            yield Progress(_STEP, number, len(sentences))
        notes = [*draft.notes, *bibliography.notes]
        usage = Usage()
        if judge is not None:
            every = [clause for of_sentence in clauses for clause in of_sentence]
            usage = yield from self._judged(every, judge, notes)
        if not sentences:
            notes.append(_CITES_NOTHING)
        known = set(entries) if has_bibliography else set(papers)
        checked = tuple(
            _reported(sentence, of_sentence, known, has_bibliography=has_bibliography)
            for sentence, of_sentence in zip(sentences, clauses, strict=True)
        )
        missing = [
            MissingKey(key, mark.file, mark.line) for key, mark in cited.items() if key not in known | by_year.keys()
        ]
        yield DraftReport(
            draft=draft.name,
            sentences=checked,
            missing=tuple(missing) if has_bibliography else (),
            never_cited=_never_cited(
                draft, {one.key for same in by_year.values() for one in same}, bibliography.entries
            ),
            same=tuple(tuple(entry.key for entry in group) for group in same_entries(bibliography.entries)),
            left_out=tuple(self._left_out(draft, bibliography.entries, papers, match, notes)),
            notes=tuple(notes),
            judge=judge.name if judge else "",
            usage=usage,
        )

    # -- a clause against the abstracts

    def _held(self, clause: Clause, papers: Mapping[str, Paper]) -> _Clause:
        keys = tuple(dict.fromkeys(key for part in clause if isinstance(part, Mark) for key in part.keys))
        by_number = {number: papers[key] for number, key in enumerate(keys, 1) if key in papers}
        known: Known = {number: _given(number, paper) for number, paper in by_number.items()}
        text = _numbered(clause, keys, known)
        held = _Clause(text, _shown(clause), keys, by_number, claims_nothing(clause))
        if not known:
            return held
        held.outcome, held.by, held.reason = _outcome(grounded(text, known), held)
        is_unsaid = held.outcome in (Outcome.OPEN, Outcome.ABSENT) and held.is_whole
        doubt = spoken_against(text, list(by_number.values())) if is_unsaid else None
        if doubt and (doubt.contradicts or not held.is_decided):
            held.outcome = Outcome.OTHERWISE if doubt.contradicts else Outcome.ABSENT
            held.by, held.reason = By.EXACT, doubt.reason
        if held.outcome is not Outcome.NO_CLAIM:
            held.closest = {number: self._closest(text, paper) for number, paper in by_number.items()}
        return held

    def _closest(self, text: str, paper: Paper) -> tuple[Words, ...]:
        """Return the sentences of an abstract that the reader finds closest to a text."""
        said = read_plain(without_markers(text))
        stems = frozenset(terms(said))
        words = [
            Words(sentence, start, end, _shared(sentence, stems))
            for start, end in sentence_spans(paper.abstract)
            if (sentence := paper.abstract[start:end])
        ]
        words = sorted(words, key=lambda one: -len(one.shared))[:_MOST_READ]
        if not words:
            return ()
        values = self._library.reader.says(said, paper.title, [one.text for one in words])
        order = sorted(range(len(words)), key=lambda place: -values[place])
        best = [order[0], *(place for place in order[1:_MOST_CLOSEST] if values[place] >= _CLOSE)]
        return tuple(sorted((words[place] for place in best), key=lambda one: one.start))

    # -- by a model

    def _judged(
        self, clauses: Sequence[_Clause], judge: ModelChoice, notes: list[str]
    ) -> Generator[Stage, None, Usage]:
        """Yield stages while a judge reads what no exact check has decided; return what it took."""
        asked = [clause for clause in clauses if clause.papers and not clause.is_decided]
        papers = list({paper.paper_id: paper for clause in asked for paper in clause.papers.values()}.values())
        numbers = {paper.paper_id: number for number, paper in enumerate(papers, 1)}
        answer = _as_answer(asked, papers, numbers)
        before = len(answer.notes)
        for event in self._judge.judged_whole(answer, papers, judge):
            if isinstance(event, Answer):
                answer = event
            else:
                yield event
        notes += answer.notes[before:]
        for clause, sentence in zip(asked, answer.sentences, strict=True):
            if sentence.by is By.JUDGE:
                _settle(clause, sentence, answer)
        return answer.usage

    # -- papers that the draft leaves out

    def _left_out(
        self,
        draft: CitedText,
        entries: Sequence[BibEntry],
        papers: Mapping[str, Paper],
        match: LibraryMatch,
        notes: list[str],
    ) -> Iterator[LeftOut]:
        if not self._searches_here:
            notes.append(
                "Papers that the draft leaves out are not looked for: the embedder runs on another machine, and no"
                " words of the draft are sent there."
            )
            return
        cited = {paper.paper_id for paper in papers.values()}
        uncited = [entry for entry in entries if entry.key not in papers][:_MOST_ENTRIES]
        known = cited | {paper.paper_id for entry in uncited if (paper := match.paper(entry))}
        paragraphs = sorted(draft.paragraphs, key=lambda text: -text.count("\ue000"))
        nearest: dict[str, float] = {}
        for text in Draft(replace(draft, paragraphs=tuple(paragraphs)).prose()).windows:
            for found in self._library.search(text, top_k=_MOST_LEFT_OUT + _FOUND):
                paper_id = found.passage.paper_id
                if paper_id not in known and found.cosine >= _ON_TOPIC:
                    nearest[paper_id] = max(nearest.get(paper_id, 0.0), found.cosine)
        ids = sorted(nearest, key=lambda paper_id: (-nearest[paper_id], paper_id))[:_MOST_LEFT_OUT]
        there = {paper.paper_id: paper for paper in self._library.catalogue.papers(ids)}
        keys = self._library.catalogue.citation_keys(ids)
        yield from (LeftOut(one, shown_title(there[one].title), keys[one]) for one in ids if one in there)


def _given(number: int, paper: Paper) -> tuple[Evidence, Passage]:
    passage = Passage(f"{paper.paper_id}:0", paper.paper_id, paper.title, paper.abstract, 0, len(paper.abstract))
    return numbered(number, passage, paper), passage


def _numbered(clause: Clause, keys: Sequence[str], known: Known) -> str:
    """Return a clause as the checks read it: [n] for what it cites, and the authors' names where it names them."""
    said = []
    for part in clause:
        if isinstance(part, str):
            said.append(unmarked(part))
            continue
        said[-1:] = [_YEAR.sub(" ", one) for one in said[-1:]]
        numbers = [keys.index(key) + 1 for key in part.keys]
        names = [_name(known[number][0].people, said) if number in known else "others" for number in numbers]
        shown = [
            f"{name} [{number}]" if part.textual else f"[{number}]" for name, number in zip(names, numbers, strict=True)
        ]
        said.append(" and ".join(shown) if part.textual else "".join(shown))
    return _JOINT.sub("", "".join(said).strip(" ,;:"))


def _name(people: str, said: Sequence[str]) -> str:
    """Return the authors as they stand in a sentence: "the authors of ..." behind its beginning."""
    return people[0].lower() + people[1:] if people.startswith("The authors") and said else people


def _shown(clause: Clause) -> str:
    """Return a clause as the author reads it: a citation is its keys in square brackets."""
    return "".join(part if isinstance(part, str) else f"[{', '.join(part.keys)}]" for part in clause).strip(" ,;:")


def _outcome(found: Grounded, clause: _Clause) -> tuple[Outcome, By, str]:
    reason = re.sub(r"\bthe passage\b", "the abstract", re.sub(r"\bthe passages\b", "the abstracts", found.reason))
    if found.verdict is Verdict.NOT_A_CLAIM or clause.claims_nothing:
        return Outcome.NO_CLAIM, By.NOBODY, ""
    if found.verdict in (Verdict.SUPPORTED, Verdict.COMPUTED):
        return Outcome.SAID, By.WORDS, ""
    if found.verdict is Verdict.CONTRADICTED:
        return Outcome.OTHERWISE, By.EXACT, reason
    if found.verdict is Verdict.UNSUPPORTED and clause.is_whole:
        return Outcome.ABSENT, By.WORDS if found.is_lacking else By.EXACT, reason
    return Outcome.OPEN, By.NOBODY, ""


def _shared(sentence: str, stems: frozenset[str]) -> tuple[tuple[int, int], ...]:
    """Return where a sentence has words of a text with these stems."""
    words = ((word, terms(word.group())) for word in _WORD.finditer(sentence))
    return tuple(word.span() for word, of_word in words if of_word and stems.issuperset(of_word))


def _as_answer(clauses: Sequence[_Clause], papers: Sequence[Paper], numbers: Mapping[str, int]) -> Answer:
    """Return clauses as the sentences of an answer that a judge is to read, each beside its whole abstracts."""
    sentences = []
    for clause in clauses:
        own = tuple(numbers[paper.paper_id] for paper in clause.papers.values())
        text = re.sub(r"\s+([.,;:])", r"\1", " ".join(without_markers(clause.text).split()))
        sentences.append(Sentence(text, Verdict.QUOTED, own))
    return Answer(
        question="",
        query="",
        intent="",
        filters={},
        text="",
        abstained=False,
        sentences=tuple(sentences),
        citations=(),
        references=references(papers, dict.fromkeys(numbers, "")),
        model="",
        usage=Usage(),
        timings_ms={},
    )


def _settle(clause: _Clause, sentence: Sentence, answer: Answer) -> None:
    """Give a clause what a judge said of it; that nothing says it counts only where the library has all its papers."""
    outcome = {Verdict.SUPPORTED: Outcome.SAID, Verdict.CONTRADICTED: Outcome.OTHERWISE}.get(
        sentence.verdict, Outcome.ABSENT
    )
    if outcome is Outcome.ABSENT and not clause.is_whole:
        return
    clause.outcome, clause.by = outcome, By.JUDGE
    clause.reason = sentence.reason.replace("the passage", "the abstract")
    stems = frozenset(terms(read_plain(without_markers(clause.text))))
    for place in sentence.quotes:
        quote = answer.citations[place]
        for number, paper in clause.papers.items():
            if paper.paper_id == quote.paper_id:
                shared = _shared(quote.quote, stems)
                clause.closest[number] = (Words(quote.quote, quote.start, quote.end, shared),)


def _reported(
    sentence: CitingSentence, clauses: Sequence[_Clause], known: set[str], *, has_bibliography: bool
) -> CheckedSentence:
    papers = []
    for clause in clauses:
        for number, key in enumerate(clause.keys, 1):
            part = clause.shown if len(clauses) > 1 else ""
            paper = clause.papers.get(number)
            if paper is None:
                outcome = Outcome.NO_ENTRY if has_bibliography and key not in known else Outcome.NOT_IN_LIBRARY
                papers.append(CitedPaper(key, outcome, part))
                continue
            papers.append(
                CitedPaper(
                    key=key,
                    outcome=clause.outcome,
                    clause=part,
                    by=clause.by,
                    reason=clause.reason,
                    paper_id=paper.paper_id,
                    title=shown_title(paper.title),
                    closest=clause.closest.get(number, ()),
                )
            )
    first = sentence.marks[0]
    return CheckedSentence(_shown(sentence.parts), first.file, first.line, tuple(papers))


def _never_cited(draft: CitedText, by_year: Set[str], entries: Sequence[BibEntry]) -> tuple[str, ...]:
    if "*" in draft.also_cited:
        return ()
    cited = draft.keys.keys() | draft.also_cited | by_year
    return tuple(entry.key for entry in entries if entry.key not in cited)
