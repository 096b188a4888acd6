"""Manuscripts: what an assistant writes at length, for the command line, the page and Python alike."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from assistant.facts.author_disambiguation import merge_authors, split_author, undo_decision
from assistant.facts.author_record import author_record
from assistant.facts.authors import AuthorProfile, author_profile
from assistant.manuscripts.author_summary import summary
from assistant.manuscripts.bib_format import BibFormat
from assistant.manuscripts.bibliography_formats import bibliography
from assistant.manuscripts.drafts import Draft, draft_of
from assistant.manuscripts.literature_table import ASPECTS, LiteratureTable, literature_table
from assistant.manuscripts.paragraph_revision import paragraph_anew, paragraph_edited
from assistant.manuscripts.related_papers import Wanted, related_papers
from assistant.manuscripts.related_work import related_work
from assistant.manuscripts.sections import Section
from assistant.models.providers import ModelChoice, model_choice
from assistant.planning.local import cleaned
from assistant.planning.topic_named import topic_named
from assistant.planning.vocabulary import Vocabulary
from assistant.settings import Settings
from vectorstore.catalogue.author_decisions import Decision
from vectorstore.errors import QuestionError
from vectorstore.library import Library


@dataclass(frozen=True, slots=True)
class AuthorWork:
    """What the catalogue knows of an author, and the summary of the work."""

    profile: AuthorProfile
    summary: Section

    def record(self) -> dict[str, Any]:
        """Return the JSON of the command line: every fact with the ids of its papers, and the summary with its text,
        sentences, citations and references."""
        section = self.summary.record()
        told = {name: value for name, value in section.items() if name not in ("form", "about")}
        return {**author_record(self.profile), **told}


class Manuscripts(ABC):
    """Writes related work, summaries of authors and literature tables from one library."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self.library = library
        self.settings = settings

    def close(self) -> None:
        """Close the library, so that another process can open it."""
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    @abstractmethod
    def vocabulary(self) -> Vocabulary:
        """Return the names in the library."""

    def related_work(
        self,
        topic: str = "",
        *,
        draft: Draft | str | None = None,
        papers: int = 12,
        words: int | None = None,
        pin: Sequence[str] = (),
        drop: Sequence[str] = (),
        order: Sequence[str] = (),
        lumped: bool = False,
        model: str | ModelChoice | None = None,
    ) -> Section:
        """Return a related-work section on a topic, on what a draft is about, or both: see `Wanted`.

        Raises QuestionError without either or for an id of no paper, DraftError if the draft says nothing, ModelError
        if the model fails.
        """
        self._check([*pin, *drop, *order])
        wanted = Wanted(
            topic=cleaned(topic) if topic else "",
            draft=draft_of(draft) if isinstance(draft, str) else draft,
            most_papers=papers,
            pinned=tuple(pin),
            dropped=tuple(drop),
            order=tuple(order),
            words=words,
            lumped=lumped,
        )
        if wanted.topic:
            named = topic_named(wanted.topic, self.vocabulary())
            wanted = replace(wanted, topic=named.topic, filters=named.filters, like=named.papers, asked=wanted.topic)
        *_, section = related_work(wanted, self.library, self.choice(model), self.settings)
        assert isinstance(section, Section)
        return section

    def paragraph_anew(
        self,
        section: Section,
        number: int,
        *,
        words: int | None = None,
        lumped: bool = False,
        model: str | ModelChoice | None = None,
    ) -> Section:
        """Return a section with its paragraph `number`, counted from 1, written anew; the others stay byte for byte.

        Raises QuestionError if there is no such paragraph on papers, ModelError if the model fails.
        """
        return paragraph_anew(
            section, number, self.library, self.choice(model), self.settings, words=words, lumped=lumped
        )

    def paragraph_edited(self, section: Section, number: int, text: str) -> Section:
        """Return a section with `text` as its paragraph `number`, counted from 1, checked against what it cites.

        Raises QuestionError if there is no such paragraph on papers, or if the text cites nothing.
        """
        return paragraph_edited(section, number, text, self.library)

    def bibliography(self, section: Section, bib_format: BibFormat | str = BibFormat.BIBTEX) -> str:
        """Return the papers that a section cites as "bibtex", "biblatex", "ris" or "csl-json"."""
        papers = {paper.paper_id: paper for paper in self.library.catalogue.papers(section.paper_ids)}
        keys = {reference.paper_id: reference.key for reference in section.references}
        ordered = [papers[paper_id] for paper_id in section.paper_ids if paper_id in papers]
        return bibliography(ordered, keys, BibFormat(bib_format))

    def author(self, name: str, *, words: int | None = None, model: str | ModelChoice | None = None) -> AuthorWork:
        """Return an author's profile and the summary of their work.

        Raises AuthorError if nobody, or several people, are called so, ModelError if the model fails.
        """
        profile = author_profile(name, self.library, self.vocabulary().people)
        events = summary(profile.papers, profile.author, self.library, self.choice(model), self.settings, words=words)
        *_, section = events
        assert isinstance(section, Section)
        return AuthorWork(profile, section)

    def split_author(self, name: str, paper_ids: Sequence[str] = ()) -> Decision:
        """Decide that some papers of an author are another one's: these, or those that the profile shows apart.

        Every later answer keeps to it. Raises AuthorError if it cannot be.
        """
        return split_author(name, paper_ids, self.library, self.vocabulary().people)

    def merge_authors(self, name: str, other: str) -> Decision:
        """Decide that the author called `other` is the one called `name`. Raises AuthorError if it cannot be."""
        return merge_authors(name, other, self.library, self.vocabulary().people)

    def undo_decision(self, name: str | None = None) -> Decision:
        """Undo the latest decision on authors that has to do with an author, or the latest of all, and return it."""
        return undo_decision(name, self.library, self.vocabulary().people)

    def table(
        self,
        paper_ids: Sequence[str] = (),
        *,
        topic: str = "",
        papers: int = 12,
        columns: Sequence[str] = ASPECTS,
    ) -> LiteratureTable:
        """Return the literature table of papers, or of those on a topic, with aspects or questions as columns.

        Raises QuestionError if there is no paper.
        """
        if not topic and not paper_ids:
            raise QuestionError("A table needs a topic, or the ids of papers; `papers --json` lists them.")
        self._check(paper_ids)
        chosen, _ = related_papers(Wanted(topic=topic, most_papers=papers, pinned=tuple(paper_ids)), self.library)
        if not chosen:
            raise QuestionError(f"The library has no paper on “{topic}”; name another topic, or papers by their ids.")
        return literature_table(chosen, self.library, columns)

    def choice(self, model: str | ModelChoice | None) -> ModelChoice:
        """Return the chat model called so, the settings' one without a name."""
        return model if isinstance(model, ModelChoice) else model_choice(model or self.settings.model, self.settings)

    def _check(self, paper_ids: Sequence[str]) -> None:
        known = {paper.paper_id for paper in self.library.catalogue.papers(paper_ids)}
        unknown = ", ".join(repr(paper_id) for paper_id in paper_ids if paper_id not in known)
        if unknown:
            raise QuestionError(f"The library has no paper with the id {unknown}; `papers --json` lists the ids.")
