"""Theme and evidence -> a paragraph as a careful person would write it, each sentence cited and said by an abstract."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.manuscripts.leads import leads
from assistant.manuscripts.telling_choices import background_choices, first_choices, later_choices, says_what_it_does
from assistant.manuscripts.tellings import Telling, first_tellings, later_tellings
from assistant.manuscripts.themes import Theme
from assistant.manuscripts.told_evidence import OwnWork
from assistant.manuscripts.told_so_far import Draft, essence_of, is_good, opening_of, polished, stands_alone
from assistant.text.abstract_sentences import AbstractSentence, abstract_sentences
from assistant.text.acronyms import expansions, in_full_once
from assistant.text.clauses import LONGEST, within_length
from assistant.text.evidence import Evidence, cited, shown_title, unmarked
from assistant.text.plain_text import plain_text
from assistant.text.rewriting import SIMILARLY
from assistant.text.roles import Role
from vectorstore.papers.coined_names import names_coined_in
from vectorstore.text.terms import terms

_FEW_PAPERS = 12  # of a text; each gets two sentences


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence with its markers, and whether it is computed from the catalogue rather than said by an abstract."""

    text: str
    computed: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The sentences on a theme."""

    theme: Theme
    sentences: tuple[Written, ...]

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


def paragraphs(
    themes: Sequence[Theme], evidence: Mapping[str, Evidence], *, sentences_each: int | None = None
) -> list[Paragraph]:
    """Return a paragraph a theme, of evidence by paper id.

    Without `sentences_each` up to twelve papers get two sentences each, more one.
    """
    draft = Draft()
    if sentences_each is None:
        sentences_each = 2 if sum(len(theme.papers) for theme in themes) <= _FEW_PAPERS else 1
    return [
        Paragraph(
            theme,
            tuple(
                paragraph(
                    theme,
                    [evidence[paper.paper_id] for paper in theme.papers],
                    sentences_each=sentences_each,
                    draft=draft,
                )
            ),
        )
        for theme in themes
    ]


def paragraph(
    theme: Theme, evidence: Sequence[Evidence], *, sentences_each: int = 2, draft: Draft | None = None
) -> list[Written]:
    """Return the sentences of a paragraph on a theme, whose papers `evidence` holds in the same order.

    Evidence `as_told` of an author is told as own work, other evidence as related work. Its text is the whole
    abstract. `sentences_each` is the most that a paper gets. Paragraphs of one text share a `draft`, so that an acronym
    is expanded once in it.
    """
    draft = draft or Draft()
    written = list(_lead(theme, evidence, draft))
    draft.before = ""
    for item in evidence:
        written += _of_paper(item, sentences_each, draft, theme)
        draft.coined |= names_coined_in(item.text)
    return written


def _lead(theme: Theme, evidence: Sequence[Evidence], draft: Draft) -> Iterator[Written]:
    """Yield the sentence that names the theme, with each paper whose text has its terms."""
    known: dict[str, str] = {}
    for item in evidence:
        known = expansions(plain_text(item.text)) | known
    for lead in leads(theme, evidence, number=draft.leads):
        text, said = in_full_once(lead, known, draft.said)
        if len(text.split()) > LONGEST or opening_of(text) == draft.opening:
            continue
        draft.said = said
        draft.leads += 1
        draft.opening = opening_of(text)
        yield Written(text, computed=True)
        return


def _of_paper(evidence: Evidence, most: int, draft: Draft, theme: Theme) -> Iterator[Written]:
    """Yield up to `most` sentences on a paper: what it does, then what it found or how it works."""
    sentences = [one for one in abstract_sentences(evidence) if one.role is not Role.CODE]
    known = expansions(plain_text(evidence.text))
    told = _first_of(sentences, known, draft, theme)
    if told is None:
        yield _by_title(evidence, draft)
        return
    draft.before = told[1]
    first = last = told[0]
    yield Written(told[1])
    for _ in range(most - 1):
        rest = [one for one in sentences if one.position not in (first.position, last.position)]
        told = _written(
            later_choices(rest, last, draft.coined - names_coined_in(evidence.text)),
            known,
            draft,
            theme=theme,
            first=last,
        )
        if told is None:
            return
        last = told[0]
        yield Written(told[1])


def _first_of(
    sentences: Sequence[AbstractSentence], known: dict[str, str], draft: Draft, theme: Theme
) -> tuple[AbstractSentence, str] | None:
    """Return the sentence that opens what is told of a paper, with its telling: the best that can stand alone."""
    draft.told = ""
    choices = first_choices(sentences)
    plain = [one for one in choices if says_what_it_does(one)]
    tried = ((plain, True, False), (plain, True, True), (choices, True, True), (choices, False, True))
    for some, strict, by_title in (*tried, (background_choices(sentences), True, False)):
        if told := _written(some, known, draft, theme=theme, strict=strict, by_title=by_title):
            return told
    return None


def _written(
    choices: Iterable[AbstractSentence],
    known: dict[str, str],
    draft: Draft,
    *,
    theme: Theme,
    first: AbstractSentence | None = None,
    strict: bool = True,
    by_title: bool = False,
) -> tuple[AbstractSentence, str] | None:
    """Return the first of the sentences that can be told well, with its telling, and note it in the draft.

    `first` is the one that was told of the same paper before it. A `strict` reader asks of nothing what it is; a
    title in front may say it, where sentences are also told `by_title`.
    """
    for sentence in choices:
        tellings: Iterable[Telling]
        if first is None:
            tellings = (one for one in _joined_on(sentence, theme, draft) if by_title or one.frame != "title")
        else:
            tellings = later_tellings(sentence, named=draft.frames[-1] != "name")
        for telling in sorted(tellings, key=lambda one: one.cost + _repetition(one.frame, draft)):
            for text in within_length(telling.text):
                full, said = in_full_once(text, known, draft.said)
                full = polished(unmarked(full))
                if strict and not stands_alone(full, sentence, draft):
                    continue
                if not is_good(full, sentence, draft, first):
                    continue
                draft.said = said
                draft.sentences.add(essence_of(full, sentence.evidence))
                draft.opening = opening_of(full)
                draft.told = f"{draft.told} {full}".strip()
                draft.frames.append(telling.frame)
                return sentence, cited(full, sentence.evidence.number)
    return None


def _joined_on(sentence: AbstractSentence, theme: Theme, draft: Draft) -> Iterator[Telling]:
    """Yield the tellings of a first sentence. Related work that speaks of a term of the theme, as the one before it
    does, may begin with "Similarly"."""
    related = not isinstance(sentence.evidence, OwnWork)
    for telling in first_tellings(sentence):
        yield telling
        if (
            related
            and telling.frame == "subject"
            and "similarly" not in draft.frames
            and _share_a_term(telling.text, draft.before, theme)
        ):
            text = telling.text
            yield Telling(
                SIMILARLY + (text[0].lower() + text[1:] if text.startswith("The ") else text), "similarly", 0.2
            )


def _share_a_term(text: str, before: str, theme: Theme) -> bool:
    both = frozenset(terms(text)) & frozenset(terms(before))
    return any(both.issuperset(terms(term)) for term, places in theme.terms if len(places) > 1)


def _repetition(frame: str, draft: Draft) -> float:
    return sum(1.0 / (age + 1) for age, used in enumerate(reversed(draft.frames)) if used == frame)


def _by_title(evidence: Evidence, draft: Draft) -> Written:
    """Return what the catalogue says where no sentence of an abstract can be told: who wrote what."""
    source = evidence.source
    title = shown_title(evidence.title).rstrip(".")
    text = f"“{title}” is {f'by {source}' if evidence.authors else 'one more paper'}"
    draft.opening = opening_of(text)
    return Written(cited(text, evidence.number), computed=True)
