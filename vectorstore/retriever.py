"""Query and filters -> ranked passages, by the words (BM25) and the meaning (embeddings) together."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from vectorstore.chosen import ChosenPapers
from vectorstore.dense import DenseIndex
from vectorstore.lexical import LexicalIndex
from vectorstore.passages import Passage, paper_of

# Weight of the cosine beside BM25 over its maximum, found on SciFact's training queries (1.2 to 2.5 differ by 0.003).
COSINE_WEIGHT = 2.0
CANDIDATES = 200  # passages taken from each index before the fusion
NARROW = 3000  # papers that meet a filter, up to which the indexes are searched among them at once
_DEPTHS = (2, 8)  # times as many candidates are looked through for those that meet a wide filter


@dataclass(frozen=True, slots=True)
class RetrievedPassage:
    """The passage of a paper that is closest in meaning, with how close the paper is to the query.

    `similarity` is that of the ranking, at most 1, and negative only for what is opposite in meaning;
    `cosine` and `bm25` are the best of the paper's passages.
    """

    passage: Passage
    similarity: float
    cosine: float
    bm25: float


Values = dict[str, float]  # by passage id


@dataclass(frozen=True, slots=True)
class Candidates:
    """The values of the passages to rank: all passages of each paper. `highest_bm25` is that of the whole library."""

    cosines: Values
    bm25s: Values
    highest_bm25: float


class PassageRetriever(BaseRetriever):
    """A LangChain retriever over the two indexes; one passage a paper.

    `invoke` returns documents whose metadata has paper_id, passage_id, title, start, end and similarity.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    dense: DenseIndex
    lexical: LexicalIndex
    passages_by_id: Callable[[Collection[str]], Mapping[str, Passage]]
    top_k: int = 10
    candidates: int = CANDIDATES
    narrow: int = NARROW

    def retrieve(self, query: str, *, top_k: int, chosen: ChosenPapers | None = None) -> list[RetrievedPassage]:
        """Return a passage of each of the `top_k` papers closest to `query`, or of those of the chosen papers.

        The chosen ones are ranked as among all papers: a filter changes neither their order nor a similarity.
        """
        found = self._candidates(query, max(self.candidates, 2 * top_k), chosen)
        passages = self.passages_by_id(found.cosines.keys() | found.bm25s.keys())
        return _ranked(passages, found.cosines, found.bm25s, highest_bm25=found.highest_bm25)[:top_k]

    def _candidates(self, query: str, count: int, chosen: ChosenPapers | None) -> Candidates:
        """Return the papers of the `count` best passages by each index. All values of each are exact."""
        if chosen is None:
            cosines, bm25s = self._best(query, count)
            best = bm25s
        else:
            cosines, bm25s = self._best_chosen(query, count, chosen)
            best = self.lexical.best(query, top_k=1)
        # What one index did not return is asked of it by name.
        cosines = self.dense.closest(query, top_k=None, among=_papers_of(cosines, bm25s))
        bm25s |= self.lexical.best(query, top_k=None, among=_papers_of(cosines.keys() - bm25s.keys()))
        return Candidates(cosines, bm25s, max(best.values(), default=0.0))

    def _best(self, query: str, count: int, *, among: Collection[str] | None = None) -> tuple[Values, Values]:
        return self.dense.closest(query, top_k=count, among=among), self.lexical.best(query, top_k=count, among=among)

    def _best_chosen(self, query: str, count: int, chosen: ChosenPapers) -> tuple[Values, Values]:
        """Return the best of the chosen papers: of few by a search among them, of many out of the best of all."""
        papers = chosen.few_ids(at_most=self.narrow)
        for depth in (factor * count for factor in _DEPTHS) if papers is None else ():
            cosines, bm25s = self._best(query, depth)
            met = chosen.ids(among=_papers_of(cosines, bm25s))
            kept = _of_papers(cosines, met), _of_papers(bm25s, met)
            if all(
                2 * len(some) >= count or len(found) < depth for some, found in zip(kept, (cosines, bm25s), strict=True)
            ):
                return kept
        return self._best(query, count, among=chosen.ids() if papers is None else papers)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [
            Document(
                found.passage.text,
                id=found.passage.passage_id,
                metadata={
                    "paper_id": found.passage.paper_id,
                    "passage_id": found.passage.passage_id,
                    "title": found.passage.title,
                    "start": found.passage.start,
                    "end": found.passage.end,
                    "similarity": found.similarity,
                },
            )
            for found in self.retrieve(query, top_k=self.top_k)
        ]


def _papers_of(*passage_ids: Iterable[str]) -> set[str]:
    return {paper_of(passage_id) for ids in passage_ids for passage_id in ids}


def _of_papers(values: Values, paper_ids: set[str]) -> Values:
    return {passage_id: value for passage_id, value in values.items() if paper_of(passage_id) in paper_ids}


def _ranked(
    passages: Mapping[str, Passage],
    cosines: Mapping[str, float],
    bm25s: Mapping[str, float],
    *,
    highest_bm25: float | None = None,
) -> list[RetrievedPassage]:
    """Return the papers of `passages` by descending similarity: BM25 over its maximum plus COSINE_WEIGHT x cosine."""
    highest = highest_bm25 or max(bm25s.values(), default=0.0) or 1.0
    papers: defaultdict[str, list[str]] = defaultdict(list)
    for key, passage in passages.items():
        papers[passage.paper_id].append(key)
    ranked = []
    for keys in papers.values():
        closest = max(keys, key=lambda key: (cosines.get(key, 0.0), key))
        cosine, bm25 = cosines.get(closest, 0.0), max(bm25s.get(key, 0.0) for key in keys)
        similarity = (bm25 / highest + COSINE_WEIGHT * cosine) / (1.0 + COSINE_WEIGHT)
        ranked.append(RetrievedPassage(passages[closest], similarity, cosine, bm25))
    return sorted(ranked, key=lambda found: (-found.similarity, found.passage.passage_id))
