"""Query and filters -> ranked passages, by the words (BM25) and the meaning (embeddings) together."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice

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
_CANDIDATES_A_RESULT = 4  # at least
_EXACTLY = 0.5  # of so many: the best 10 are among the exact 100 as surely as among the 200 that Chroma's graph finds
_LOOKED_AT = 3  # times as many, of all papers, are asked whether they meet a wide filter; half as many must
NARROW = 10_000  # papers that meet a filter, up to which the indexes are searched among them at once


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
        found = self._candidates(query, max(self.candidates, _CANDIDATES_A_RESULT * top_k), chosen)
        passages = self.passages_by_id(found.cosines.keys() | found.bm25s.keys())
        return _ranked(passages, found.cosines, found.bm25s, highest_bm25=found.highest_bm25)[:top_k]

    def _candidates(self, query: str, count: int, chosen: ChosenPapers | None) -> Candidates:
        """Return the papers of the `count` best passages by each index. All values of each are exact."""
        if chosen is None:
            cosines, bm25s = self.dense.closest(query, top_k=count), self.lexical.best(query, top_k=count)
            best = bm25s
        else:
            cosines, bm25s = self._best_chosen(query, int(_EXACTLY * count), chosen)
            best = self.lexical.best(query, top_k=1)
        # What one index did not return is asked of it by name.
        cosines = self.dense.closest(query, top_k=None, among=_papers_of(cosines, bm25s))
        bm25s |= self.lexical.best(query, top_k=None, among=_papers_of(cosines.keys() - bm25s.keys()))
        return Candidates(cosines, bm25s, max(best.values(), default=0.0))

    def _best_chosen(self, query: str, count: int, chosen: ChosenPapers) -> tuple[Values, Values]:
        """Return the best of the chosen papers: of many out of the best of all, of few by a search among them."""
        papers = chosen.few_ids(at_most=self.narrow)
        if papers is None:
            depth = _LOOKED_AT * count
            every = self.dense.closest(query, top_k=depth, exact=True), self.lexical.best(query, top_k=depth)
            met = chosen.ids(among=_papers_of(*every))
            cosines, bm25s = ({key: found[key] for key in found if paper_of(key) in met} for found in every)
            if len(_papers_of(cosines)) >= count // 2 and (len(bm25s) >= count // 2 or len(every[1]) < depth):
                return _first(count, cosines), _first(count, bm25s)
            papers = chosen.ids()
        return (
            self.dense.closest(query, top_k=count, among=papers),
            self.lexical.best(query, top_k=count, among=papers),
        )

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


def _first(count: int, values: Values) -> Values:
    return dict(islice(values.items(), count))


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
