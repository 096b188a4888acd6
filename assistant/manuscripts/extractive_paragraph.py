"""Theme and evidence -> a paragraph of paraphrased sentences, each of them cited and said by an abstract."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.manuscripts.discourse import Discourse, essence_of, is_good, opening_of, polished, stands_alone
from assistant.manuscripts.paraphrases import Paraphrase, first_paraphrases, later_paraphrases
from assistant.manuscripts.referring_expressions import OwnWork
from assistant.manuscripts.sentence_selection import background_choices, first_choices, later_choices, says_what_it_does
from assistant.manuscripts.themes import Theme
from assistant.manuscripts.topic_sentences import topic_sentences
from assistant.text.abstract_sentences import AbstractSentence, abstract_sentences
from assistant.text.acronyms import expansions, in_full_once
from assistant.text.evidence import Evidence, cited, shown_title, unmarked
from assistant.text.plain_text import plain_text
from assistant.text.sentence_compression import LONGEST, within_length
from assistant.text.sentence_roles import Role
from assistant.text.third_person import SIMILARLY
from vectorstore.papers.coined_names import names_coined_in
from vectorstore.text.terms import terms

_FEW_PAPERS = 12  # of a text; each gets two sentences


@dataclass(frozen=True, slots=True)
class ComposedSentence:
    """A sentence with its markers, and whether it is computed from the catalogue rather than said by an abstract."""

    text: str
    computed: bool = False


@dataclass(frozen=True, slots=True)
class ComposedParagraph:
    """The sentences on a theme."""

    theme: Theme
    sentences: tuple[ComposedSentence, ...]

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)


def paragraphs(
    themes: Sequence[Theme], evidence: Mapping[str, Evidence], *, sentences_each: int | None = None
) -> list[ComposedParagraph]:
    """Return a paragraph a theme, of evidence by paper id.

    Without `sentences_each` up to twelve papers get two sentences each, more one.
    """
    discourse = Discourse()
    if sentences_each is None:
        sentences_each = 2 if sum(len(theme.papers) for theme in themes) <= _FEW_PAPERS else 1
    return [
        ComposedParagraph(
            theme,
            tuple(
                paragraph(
                    theme,
                    [evidence[paper.paper_id] for paper in theme.papers],
                    sentences_each=sentences_each,
                    discourse=discourse,
                )
            ),
        )
        for theme in themes
    ]


def paragraph(
    theme: Theme, evidence: Sequence[Evidence], *, sentences_each: int = 2, discourse: Discourse | None = None
) -> list[ComposedSentence]:
    """Return the sentences of a paragraph on a theme, whose papers `evidence` holds in the same order.

    Evidence `as_mentioned` of an author is told as own work, other evidence as related work. Its text is the whole
    abstract. `sentences_each` is the most that a paper gets. Paragraphs of one text share a `discourse`, so that an
    acronym is expanded once in it.
    """
    discourse = discourse or Discourse()
    written = list(_topic_sentence(theme, evidence, discourse))
    discourse.before = ""
    for item in evidence:
        written += _of_paper(item, sentences_each, discourse, theme)
        discourse.coined |= names_coined_in(item.text)
    return written


def _topic_sentence(theme: Theme, evidence: Sequence[Evidence], discourse: Discourse) -> Iterator[ComposedSentence]:
    """Yield the sentence that names the theme, with each paper whose text has its terms."""
    known: dict[str, str] = {}
    for item in evidence:
        known = expansions(plain_text(item.text)) | known
    for sentence in topic_sentences(theme, evidence, number=discourse.topic_sentences):
        text, said = in_full_once(sentence, known, discourse.acronyms)
        if len(text.split()) > LONGEST or opening_of(text) == discourse.opening:
            continue
        discourse.acronyms = said
        discourse.topic_sentences += 1
        discourse.opening = opening_of(text)
        yield ComposedSentence(text, computed=True)
        return


def _of_paper(evidence: Evidence, most: int, discourse: Discourse, theme: Theme) -> Iterator[ComposedSentence]:
    """Yield up to `most` sentences on a paper: what it does, then what it found or how it works."""
    sentences = [one for one in abstract_sentences(evidence) if one.role is not Role.CODE]
    known = expansions(plain_text(evidence.text))
    told = _first_of(sentences, known, discourse, theme)
    if told is None:
        yield _by_title(evidence, discourse)
        return
    discourse.before = told[1]
    first = last = told[0]
    yield ComposedSentence(told[1])
    for _ in range(most - 1):
        rest = [one for one in sentences if one.position not in (first.position, last.position)]
        told = _written(
            later_choices(rest, last, discourse.coined - names_coined_in(evidence.text)),
            known,
            discourse,
            theme=theme,
            first=last,
        )
        if told is None:
            return
        last = told[0]
        yield ComposedSentence(told[1])


def _first_of(
    sentences: Sequence[AbstractSentence], known: dict[str, str], discourse: Discourse, theme: Theme
) -> tuple[AbstractSentence, str] | None:
    """Return the sentence that opens what is told of a paper, with its paraphrase: the best that can stand alone."""
    discourse.on_paper = ""
    choices = first_choices(sentences)
    plain = [one for one in choices if says_what_it_does(one)]
    tried = ((plain, True, False), (plain, True, True), (choices, True, True), (choices, False, True))
    for some, strict, by_title in (*tried, (background_choices(sentences), True, False)):
        if told := _written(some, known, discourse, theme=theme, strict=strict, by_title=by_title):
            return told
    return None


def _written(
    choices: Iterable[AbstractSentence],
    known: dict[str, str],
    discourse: Discourse,
    *,
    theme: Theme,
    first: AbstractSentence | None = None,
    strict: bool = True,
    by_title: bool = False,
) -> tuple[AbstractSentence, str] | None:
    """Return the first of the sentences that can be told well, with its paraphrase, and note it in the discourse.

    `first` is the one that was told of the same paper before it. A `strict` reader asks of nothing what it is; a
    title in front may say it, where sentences are also told `by_title`.
    """
    for sentence in choices:
        paraphrases: Iterable[Paraphrase]
        if first is None:
            paraphrases = (one for one in _joined_on(sentence, theme, discourse) if by_title or one.frame != "title")
        else:
            paraphrases = later_paraphrases(sentence, named=discourse.frames[-1] != "name")
        for paraphrase in sorted(paraphrases, key=lambda one: one.cost + _repetition(one.frame, discourse)):
            for text in within_length(paraphrase.text):
                full, said = in_full_once(text, known, discourse.acronyms)
                full = polished(unmarked(full))
                if strict and not stands_alone(full, sentence, discourse):
                    continue
                if not is_good(full, sentence, discourse, first):
                    continue
                discourse.acronyms = said
                discourse.sentences.add(essence_of(full, sentence.evidence))
                discourse.opening = opening_of(full)
                discourse.on_paper = f"{discourse.on_paper} {full}".strip()
                discourse.frames.append(paraphrase.frame)
                return sentence, cited(full, sentence.evidence.number)
    return None


def _joined_on(sentence: AbstractSentence, theme: Theme, discourse: Discourse) -> Iterator[Paraphrase]:
    """Yield the paraphrases of a first sentence. Related work that speaks of a term of the theme, as the one before it
    does, may begin with "Similarly"."""
    related = not isinstance(sentence.evidence, OwnWork)
    for paraphrase in first_paraphrases(sentence):
        yield paraphrase
        if (
            related
            and paraphrase.frame == "subject"
            and "similarly" not in discourse.frames
            and _share_a_term(paraphrase.text, discourse.before, theme)
        ):
            text = paraphrase.text
            yield Paraphrase(
                SIMILARLY + (text[0].lower() + text[1:] if text.startswith("The ") else text), "similarly", 0.2
            )


def _share_a_term(text: str, before: str, theme: Theme) -> bool:
    both = frozenset(terms(text)) & frozenset(terms(before))
    return any(both.issuperset(terms(term)) for term, places in theme.terms if len(places) > 1)


def _repetition(frame: str, discourse: Discourse) -> float:
    return sum(1.0 / (age + 1) for age, used in enumerate(reversed(discourse.frames)) if used == frame)


def _by_title(evidence: Evidence, discourse: Discourse) -> ComposedSentence:
    """Return what the catalogue says where no sentence of an abstract can be told: who wrote what."""
    source = evidence.source
    title = shown_title(evidence.title).rstrip(".")
    text = f"“{title}” is {f'by {source}' if evidence.authors else 'one more paper'}"
    discourse.opening = opening_of(text)
    return ComposedSentence(cited(text, evidence.number), computed=True)
