"""Question and evidence -> why it is not answered: what was searched, what is missing, what is closest, what helps."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.premises import contradiction
from assistant.facts.replies import Reply, closest_titles, language_hint, said, titles
from assistant.local.selection import defined_subject
from assistant.records import Abstention, Usage
from assistant.searching.evidence_search import Found
from assistant.searching.relevance import Gap, coverage, gap, gap_of_named, has_name, is_coined, names_in
from assistant.text.evidence import shown_title
from assistant.text.words import content_words, is_foreign
from assistant.planning.chips import described, joined
from assistant.planning.query import Intent, Query
from vectorstore.filters import Filters
from vectorstore.lexical import terms
from vectorstore.library import Library
from vectorstore.passages import Passage
from vectorstore.retriever import RetrievedPassage

# Cosines of unrelated questions and passages scatter by this much: the closest of N passages is by chance as close as
# _SCATTER x sqrt(2 ln N). Found on questions about nothing that a library holds, with 65 and with 60,000 papers.
_SCATTER = 0.08
# What is asked of a named paper is near its abstract in meaning: words and whole. Found on questions in other words.
_NEAR_WORDS, _NEAR = 0.5, 0.28
_PRESUPPOSES = re.compile(
    r"^(?:and |but |so )?(?:why|how (?:does|do|did|is|was|are|were)\b)|\bwhy (?:does|do|did|is|are)\b"
    r"|['’]s? (?:[\w-]+ )*(?:results?|performance|accuracy|scores?)\b.*\b(?:in|on|for)\b",
    re.I,
)
_OF_THE_AUTHORS = re.compile(r"^(?:and )?(?:what|which|how)\b", re.I)
_WHICH_AUTHORS = frozenset("first last main senior corresponding full name names people person list order".split())
_OF_ABSTRACTS = (Intent.FACT, Intent.FIGURE)
_THE_PAPER = re.compile(r"\b(?:the|a|which|that) (?:[\w-]+ ){0,4}?(?:paper|study|article|work)\b", re.I)
_TITLED = 0.2  # share of a question's words that the title of a paper must have that it means by "the paper on ..."
_FULL_TEXT = "The full text may say it: the library holds abstracts."


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not answered, for programs and for readers."""

    why: Abstention
    text: str


def refusal(query: Query, found: Found, library: Library) -> Refusal | None:
    """Return why the evidence cannot answer a question, None if it may: then a model is asked."""
    if found.missing:
        return _without_a_side(query, found)
    if query.intent is Intent.COMPARE and found.passages:
        return None
    meant = query.subjects or tuple(filter(None, [_brought_by(query, found.passages)]))
    if said_instead := contradiction(query.question, library.catalogue.papers(meant)):
        return Refusal(Abstention.FALSE_PREMISE, said_instead)
    people = [name for paper in library.catalogue.papers(query.subjects) for name in paper.people]
    named = [*found.named, *people] if found.named else []
    lacking = gap(query.asked, found.passages, library.term_weights, named=named)
    if found.passages and (lacking is None or _is_near(query, found, library)):
        return None
    if found.named:
        return _not_stated(query, found.named, lacking, library)
    return _not_there(query, found, library)


def unanswered(query: Query, found: Found, library: Library, *, wrote: bool) -> Refusal:
    """Return why a model's answer is not shown: it found none, or, if it `wrote` one, nothing of it is supported."""
    if wrote:
        text = "What the model wrote is supported by none of the passages found, so it is not shown."
        why = Abstention.NOT_STATED if found.named else Abstention.NOT_IN_LIBRARY
        return Refusal(why, f"{text}{closest_titles(found.passages[:2])}{language_hint(query)}")
    if found.named:
        return _not_stated(query, found.named, None, library)
    if query.intent is Intent.DEFINE:
        return _undefined(query, found)
    return _not_there(query, found, library)


def _undefined(query: Query, found: Found) -> Refusal:
    subject = defined_subject(query.question)
    speaking = [item for item in found.passages if has_name(subject, item.passage.embedded_text)]
    searched = f"I searched the papers{described(query.filters)} for it"
    text = f"No paper in the library{query.among} says what “{subject}” is; {searched}."
    speaking_of_it = f" {titles(speaking[:2])} {'speaks' if len(speaking) == 1 else 'speak'} of it." if speaking else ""
    return Refusal(Abstention.NOT_IN_LIBRARY, f"{text}{speaking_of_it} {_help(query)}{language_hint(query)}")


def beyond_authors(query: Query, found: Found, library: Library) -> Refusal | None:
    """Return why a question for something of "the authors of X" is not answered with their names, None if it is."""
    if not (found.named and _OF_THE_AUTHORS.match(query.question)):
        return None
    titles_said = content_words(" ".join(found.named))
    asked = {stem: word for stem, word in content_words(query.asked).items() if stem not in titles_said}
    wanted = tuple(word for word in asked.values() if word.lower() not in _WHICH_AUTHORS)
    return _not_stated(query, found.named, Gap(wanted), library) if wanted else None


def outside(query: Query, library: Library) -> Refusal | None:
    """Return why a question on papers outside of its conversation's limits is not answered, None if it is on none."""
    named = {*query.subjects, *query.similar_to, *query.authors_of}
    if not (query.within and named):
        return None
    inside = {paper.paper_id for paper in library.papers(query.limited(Filters(paper_ids=tuple(sorted(named)))))}
    beyond = library.catalogue.papers(named - inside)
    if not beyond:
        return None
    papers = joined([f"“{shown_title(paper.title)}”" for paper in beyond])
    lie, them = ("lies", "it") if len(beyond) == 1 else ("lie", "them")
    text = f"{papers} {lie} outside of the limits of this conversation; widen these to ask about {them}."
    return Refusal(Abstention.OUTSIDE_LIMITS, text)


def refused(refusal: Refusal, *, usage: Usage | None = None) -> Iterator[str | Reply]:
    """Yield a refusal as a reply."""
    return said(refusal.text, why=refusal.why, usage=usage)


def _is_near(query: Query, found: Found, library: Library) -> bool:
    """Tell whether a named paper's abstract is near in meaning to what is asked of it, be it in other words."""
    if len(query.subjects) != 1:
        return False
    text = " ".join(item.passage.embedded_text for item in found.passages)
    if not all(has_name(name, text) for name in names_in(query.asked)):
        return False
    filters = replace(query.searched, paper_ids=query.subjects)
    return any(
        passage.words is not None and passage.words >= _NEAR_WORDS and passage.cosine >= _NEAR
        for passage in library.search(query.asked, top_k=1, filters=filters)
    )


def _help(query: Query) -> str:
    if query.within:
        return "Wider limits, or a listing that has it, would help."
    return "Adding a listing that has it would help."


def _without_a_side(query: Query, found: Found) -> Refusal:
    missing = " or ".join(f"“{operand}”" for operand in found.missing)
    has_none = f"The library has no paper on {missing}{described(query.filters)}{query.among}"
    text = f"{has_none}, so there is nothing to compare. {_help(query)}"
    return Refusal(Abstention.NOT_IN_LIBRARY, text + language_hint(query))


def _not_stated(query: Query, named: Sequence[str], lacking: Gap | None, library: Library) -> Refusal:
    title = " and ".join(f"“{shown_title(name)}”" for name in dict.fromkeys(named))
    abstract = "abstract of" if len(named) == 1 else "abstracts of"
    verb = "does" if len(named) == 1 else "do"
    hint = language_hint(query)
    if lacking is None or not lacking.missing:
        return Refusal(Abstention.NOT_STATED, f"The {abstract} {title} {verb} not say this. {_FULL_TEXT}{hint}")
    missing = _told(query.question, lacking, library)
    if _PRESUPPOSES.search(query.question):
        text = f"The {abstract} {title} {verb} not speak of “{missing}”, which the question takes for granted."
        return Refusal(Abstention.FALSE_PREMISE, text + hint)
    return Refusal(Abstention.NOT_STATED, f"The {abstract} {title} {verb} not give “{missing}”. {_FULL_TEXT}{hint}")


def _told(question: str, lacking: Gap, library: Library) -> str:
    """Return the missing words that tell most, of those that stand side by side in the question."""
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[^\W_]+(?:['’.+-][^\W_]+)*", question):
        if word in lacking.missing:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    weights = library.term_weights({stem for word in lacking.missing for stem in terms(word)})
    telling = max(
        runs,
        key=lambda run: (any(map(is_coined, run)), sum(weights[stem] for word in run for stem in terms(word))),
    )
    return " ".join(telling or lacking.missing)


def _not_there(query: Query, found: Found, library: Library) -> Refusal:
    passage = _meant(query, found.passages, library) if query.intent in _OF_ABSTRACTS else None
    if passage is not None:
        if said_instead := contradiction(query.question, library.catalogue.papers({passage.paper_id})):
            return Refusal(Abstention.FALSE_PREMISE, said_instead)
        lacking = gap_of_named(query.question, passage.title, passage.text, library.term_weights)
        return _not_stated(query, [passage.title], lacking, library)
    searched = f"I searched the papers{described(query.filters)} for “{query.text}”"
    if is_off_topic(query, found.passages, library):
        text = f"This is not what the papers of the library are about; {searched}."
        return Refusal(Abstention.OFF_TOPIC, text + closest_titles(found.passages[:1]) + language_hint(query))
    closest = closest_titles(found.passages[:2])
    text = f"The library does not answer this{query.among}; {searched}.{closest} {_help(query)}"
    return Refusal(Abstention.NOT_IN_LIBRARY, text + language_hint(query))


def _meant(query: Query, found: Sequence[RetrievedPassage], library: Library) -> Passage | None:
    """Return the passage of the one paper that a question clearly means without naming it, None if there is none.

    That is the only paper left by the filters, the one that brings what the question names, or, where it speaks of
    "the paper" or "study", the one whose title has most of its words.
    """
    passages = [item.passage for item in found]
    if len(query.filters.paper_ids or ()) == 1 and passages:
        return passages[0]
    brought = _brought_by(query, found)
    if brought or not _THE_PAPER.search(query.question):
        return next((passage for passage in passages if passage.paper_id == brought), None)
    asked = list(content_words(query.question))
    weights = library.term_weights(asked)
    said = sorted(((coverage(asked, passage.title, weights), place) for place, passage in enumerate(passages)))
    best = said[-1:] if len(said) < 2 or said[-1][0] > said[-2][0] else []
    return next((passages[place] for share, place in best if share >= _TITLED), None)


def _brought_by(query: Query, found: Sequence[RetrievedPassage]) -> str | None:
    """Return the id of the only paper found that has a coined name of the question in its title, or introduces it."""
    if query.operands or len(query.subjects) > 1:
        return None
    passages = [item.passage for item in found]
    for name in filter(is_coined, names_in(query.question)):
        having = [passage for passage in passages if has_name(name, passage.title) or f"({name})" in passage.text]
        if len(having) == 1:
            return having[0].paper_id
    return None


def is_off_topic(query: Query, found: Sequence[RetrievedPassage], library: Library) -> bool:
    """Tell whether a question is no closer to any paper than by chance; one that names a method never is.

    What filters and limits leave says nothing of the others.
    """
    if query.searched:
        found = library.search(query.text, top_k=1)
    closest = max((passage.cosine for passage in found), default=0.0)
    names_method = not is_foreign(query.question) and any(map(is_coined, names_in(query.question)))
    return not names_method and closest < by_chance(len(library.retriever.lexical))


def by_chance(passages: int) -> float:
    """Return the cosine that the closest of so many passages has to a question that none of them is about."""
    return _SCATTER * math.sqrt(2 * math.log(passages + 1))
