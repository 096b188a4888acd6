"""Query -> the passages that are its evidence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.searching.relevance import gap, has_name, is_coined, names_in
from assistant.text.words import content_words
from assistant.planning.followups import is_pronoun
from assistant.planning.query import Query
from assistant.planning.vocabulary import Vocabulary
from vectorstore.library import Library
from vectorstore.passages import split_paper
from vectorstore.retriever import RetrievedPassage

_LONGEST_WHOLE = 8000  # characters of an abstract that is evidence as a whole
_CANDIDATES = 3  # papers closest to a comparison, one of which may make it
# A side of a comparison that only an abstract can name: "its classical counterpart", "existing methods".
_BASELINE = re.compile(
    r"^(?:its|their|the|existing|previous|prior|other|earlier|standard|current|traditional|conventional)\b.*"
    r"\b(?:baselines?|counterparts?|methods?|approaches|alternatives?|techniques|works?|state of the art)$",
    re.I,
)
_COMPARES = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|better|compar\w+|than|baselines?|counterparts?|existing|over|unlike)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Found:
    """Passages, the closest first, and the titles of the papers that the question names."""

    passages: list[RetrievedPassage]
    named: list[str]
    missing: tuple[str, ...] = ()  # sides of a comparison that no paper is about


def evidence_for(query: Query, library: Library, vocabulary: Vocabulary, *, top_k: int) -> Found:
    """Return the passages for a question. A paper that it names is the only evidence; so are the two sides of a
    comparison, or the one paper that speaks of both."""
    if query.operands:
        return _sides(query, library, vocabulary)
    filters = replace(query.searched, paper_ids=query.subjects) if query.subjects else query.searched
    found = whole_abstracts(library.search(query.text, top_k=top_k, filters=filters), library)
    if query.subjects:
        found = _in_order(query.subjects, found + _missing(query.subjects, found, library))
    else:
        found = _naming(query.asked, found)
    return Found(found, [passage.passage.title for passage in found] if query.subjects else [])


def _naming(question: str, found: list[RetrievedPassage]) -> list[RetrievedPassage]:
    """Return the passages that have the names of methods that a question has, or all if none has them.

    An acronym alone, "GPU" or "LLMs", may be spelled out where it is spoken of.
    """
    names = [name for name in names_in(question) if is_coined(name) and not _is_acronym(name)]
    naming = [item for item in found if all(has_name(name, item.passage.embedded_text) for name in names)]
    return naming or found


def _is_acronym(name: str) -> bool:
    letters = name.removesuffix("s")
    return letters.isalpha() and letters.isupper()


def _missing(paper_ids: Sequence[str], found: Sequence[RetrievedPassage], library: Library) -> list[RetrievedPassage]:
    """Return the papers that were asked about and not found: "Compare the two" has no word of theirs."""
    there = {item.passage.paper_id for item in found}
    papers = library.catalogue.papers(set(paper_ids) - there)
    return [RetrievedPassage(passage, 0.0, 0.0, 0.0) for paper in papers for passage in split_paper(paper)]


def _in_order(paper_ids: Sequence[str], found: Sequence[RetrievedPassage]) -> list[RetrievedPassage]:
    return sorted(found, key=lambda item: paper_ids.index(item.passage.paper_id))


def whole_abstracts(found: Sequence[RetrievedPassage], library: Library) -> list[RetrievedPassage]:
    """Return the passages widened to the whole abstract: what is asked may stand in its other passage."""
    abstracts = {
        paper.paper_id: paper.abstract
        for paper in library.catalogue.papers({item.passage.paper_id for item in found})
        if len(paper.abstract) <= _LONGEST_WHOLE
    }
    return [
        replace(item, passage=replace(item.passage, text=abstract, start=0, end=len(abstract)))
        if (abstract := abstracts.get(item.passage.paper_id))
        else item
        for item in found
    ]


def _sides(query: Query, library: Library, vocabulary: Vocabulary) -> Found:
    """Return the two papers of a comparison, or the one whose abstract makes it, or which sides no paper is about."""
    sides = _operands(query, library, vocabulary)
    missing = tuple(operand for operand in query.operands if operand not in sides)
    if not missing:
        return Found(whole_abstracts(list(sides.values()), library), [])
    for passage in whole_abstracts(list(sides.values()), library):
        if all(_speaks_of(operand, passage) for operand in missing):
            return Found([passage], [passage.passage.title])
    closest = library.search(query.text, top_k=_CANDIDATES, filters=query.searched)
    for passage in whole_abstracts(closest, library):
        if all(_speaks_of(operand, passage) for operand in query.operands):
            return Found([passage], [passage.passage.title])
    return Found([], [], missing)


def _speaks_of(operand: str, found: RetrievedPassage) -> bool:
    """Tell whether an abstract names what it is compared with, or compares with the likes of "existing methods"."""
    text = found.passage.embedded_text
    if _BASELINE.search(operand):
        return bool(_COMPARES.search(text))
    names = [name for name in names_in(operand) if is_coined(name)] or [operand]
    return bool(content_words(operand)) and all(has_name(name, text) for name in names)


def _operands(query: Query, library: Library, vocabulary: Vocabulary) -> dict[str, RetrievedPassage]:
    """Return one passage for each side of a comparison: of the paper it names, or of the closest one about it."""
    chosen: dict[str, RetrievedPassage] = {}
    taken: set[str] = set()
    for operand in query.operands:
        if _BASELINE.search(operand):
            continue
        said = [ids for ids, _ in vocabulary.papers_in(operand)]
        said = said or [list(paper.paper_ids) for paper in vocabulary.misspelt.found_in(operand)]
        named = [ids[0] for ids in said if len(ids) == 1]
        ids = tuple(named) or (query.subjects[:1] if is_pronoun(operand) else ())
        filters = replace(query.searched, paper_ids=ids) if ids else query.searched
        for passage in library.search(operand, top_k=3, filters=filters):
            if passage.passage.paper_id not in taken and (ids or _is_on(operand, passage, library)):
                chosen[operand] = passage
                taken.add(passage.passage.paper_id)
                break
    return chosen


def _is_on(operand: str, found: RetrievedPassage, library: Library) -> bool:
    """Tell whether a paper is on one side of a comparison: that it mentions the name of a method is not enough."""
    text, title = found.passage.text, found.passage.title
    names = [name for name in names_in(operand) if is_coined(name)]
    own = all(has_name(name, title) or _introduces(name, text) for name in names)
    return own and gap(operand, [found], library.term_weights) is None


def _introduces(name: str, text: str) -> bool:
    said = re.escape(name.removesuffix("s"))
    return bool(
        re.search(
            rf"\({said}s?\)|\b(?:propos|introduc|present|develop|releas|call|dub|term|investigat|stud)\w* "
            rf"[^.]{{0,40}}\b{said}s?\b",
            text,
        )
    )
