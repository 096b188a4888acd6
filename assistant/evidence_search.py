"""Query -> the passages that are its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.followups import is_pronoun
from assistant.query import Query
from assistant.relevance import gap, has_name, is_coined, names_in
from assistant.vocabulary import Vocabulary
from vectorstore.library import Library
from vectorstore.passages import split_paper
from vectorstore.retriever import RetrievedPassage

_LONGEST_WHOLE = 8000  # characters of an abstract that is evidence as a whole


@dataclass(frozen=True, slots=True)
class Found:
    """Passages, the closest first, and the titles of the papers that the question names."""

    passages: list[RetrievedPassage]
    named: list[str]
    missing: tuple[str, ...] = ()  # sides of a comparison that no paper is about


def evidence_for(query: Query, library: Library, vocabulary: Vocabulary, *, top_k: int) -> Found:
    """Return the passages for a question. A paper that it names is the only evidence; so are the two sides of a
    comparison, and if one of them is not found there is none."""
    if query.operands:
        sides = _operands(query, library, vocabulary)
        missing = tuple(operand for operand in query.operands if operand not in sides)
        return Found([] if missing else whole_abstracts(list(sides.values()), library), [], missing)
    filters = replace(query.filters, paper_ids=query.subjects) if query.subjects else query.filters
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


def _operands(query: Query, library: Library, vocabulary: Vocabulary) -> dict[str, RetrievedPassage]:
    """Return one passage for each side of a comparison: of the paper it names, or of the closest one."""
    chosen: dict[str, RetrievedPassage] = {}
    taken: set[str] = set()
    for operand in query.operands:
        said = [ids for ids, _ in vocabulary.papers_in(operand)]
        said = said or [list(paper.paper_ids) for paper in vocabulary.misspelt.found_in(operand)]
        named = [ids[0] for ids in said if len(ids) == 1]
        ids = tuple(named) or (query.subjects[:1] if is_pronoun(operand) else ())
        filters = replace(query.filters, paper_ids=ids) if ids else query.filters
        for passage in library.search(operand, top_k=3, filters=filters):
            fits = bool(ids) or gap(operand, [passage], library.term_weights) is None
            if fits and passage.passage.paper_id not in taken:
                chosen[operand] = passage
                taken.add(passage.passage.paper_id)
                break
    return chosen
