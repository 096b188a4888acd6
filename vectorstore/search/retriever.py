"""Query and filters -> passages found by the words (BM25) and the meaning (embeddings), ranked."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from vectorstore.catalogue.filters import Filters
from vectorstore.papers.passages import Passage, paper_of
from vectorstore.search.dense import ExactIndex
from vectorstore.search.filtered_papers import ChosenPapers
from vectorstore.search.lexical import LexicalIndex
from vectorstore.search.ranking import REFINED, Ranking, RetrievedPassage, most_similar

__all__ = ["CANDIDATES", "PassageRetriever", "RetrievedPassage"]

CANDIDATES = 200  # passages taken from each index before the fusion
_RANKED = 2 * REFINED  # papers whose passages are read
_CANDIDATES_A_RESULT = 4  # at least
_EXACTLY = 0.5  # of so many: the best 10 are among the exact 100 as surely as among the 200 that Chroma's graph finds
_LOOKED_AT = (3, 12)  # times as many, of all papers, are asked whether they meet a wide filter; half as many must
NARROW = 3_000  # papers that meet a filter, up to which the indexes are searched among them at once


Values = dict[str, float]  # by passage id


@dataclass(frozen=True, slots=True)
class Candidates:
    """The values of the passages to rank: all passages of each paper. `highest_bm25` is that of the whole library."""

    cosines: Values
    bm25s: Values
    highest_bm25: float

    def best(self, count: int) -> set[str]:
        """Return the ids of the `count` papers that are most similar at first sight."""
        return most_similar(self.cosines, self.bm25s, highest_bm25=self.highest_bm25, count=count)


class PassageRetriever(BaseRetriever):
    """A LangChain retriever over the two indexes; one passage a paper.

    `invoke(query, k=5, filters=Filters(category="LG"))` returns documents whose metadata has paper_id, passage_id,
    title, start, end and similarity. LangChain's `filter={"category": "LG"}` means the same. Raises TypeError for an
    argument, or a field of a filter, that there is none of.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    dense: ExactIndex
    lexical: LexicalIndex
    ranking: Ranking
    passages_by_id: Callable[[Collection[str]], Mapping[str, Passage]]
    top_k: int = 10
    titled: Callable[[str], Mapping[str, float]] = lambda _query: {}  # papers whose title a query is, by closeness
    candidates: int = CANDIDATES
    narrow: int = NARROW
    chosen: Callable[[Filters], ChosenPapers] | None = None  # the papers that meet filters

    def retrieve(self, query: str, *, top_k: int, chosen: ChosenPapers | None = None) -> list[RetrievedPassage]:
        """Return a passage of each of the `top_k` papers closest to `query`, or of those of the chosen papers.

        The chosen ones have the values that they have among all papers; smoothing is among those that were found.
        """
        titled = self.titled(query)
        if chosen is not None and titled:
            met = chosen.ids(among=titled.keys())
            titled = {paper_id: closeness for paper_id, closeness in titled.items() if paper_id in met}
        found = self.candidates_for(query, max(self.candidates, _CANDIDATES_A_RESULT * top_k), chosen, titled.keys())
        papers = found.best(max(top_k, _RANKED)) | titled.keys()
        passages = self.passages_by_id(
            {key for key in found.cosines.keys() | found.bm25s.keys() if paper_of(key) in papers}
        )
        ranked = self.ranking.ranked(query, passages, found.cosines, found.bm25s, highest_bm25=found.highest_bm25)
        return promoted(ranked, titled)[:top_k]

    def candidates_for(
        self, query: str, count: int, chosen: ChosenPapers | None, besides: AbstractSet[str] = frozenset()
    ) -> Candidates:
        """Return the papers of the `count` best passages by each index, and `besides` them; all values are exact."""
        if chosen is None:
            cosines, bm25s = self.dense.closest(query, top_k=count), self.lexical.best(query, top_k=count)
            best = bm25s
        else:
            cosines, bm25s = self._best_chosen(query, int(_EXACTLY * count), chosen)
            best = self.lexical.best(query, top_k=1)
        # What one index did not return is asked of it by name.
        cosines = self.dense.closest(query, top_k=None, among=_papers_of(cosines, bm25s) | besides)
        bm25s |= self.lexical.best(query, top_k=None, among=_papers_of(cosines.keys() - bm25s.keys()))
        return Candidates(cosines, bm25s, max(best.values(), default=0.0))

    def _best_chosen(self, query: str, count: int, chosen: ChosenPapers) -> tuple[Values, Values]:
        """Return the best of the chosen papers: of many out of the best of all, of few by a search among them."""
        papers = chosen.ids()
        if len(papers) > self.narrow:
            cosines = self.dense.closest(query, top_k=_LOOKED_AT[-1] * count, exact=True)
            for depth in (times * count for times in _LOOKED_AT):
                bm25s = self.lexical.best(query, top_k=depth)
                best = _first(count, dict(islice(cosines.items(), depth)), papers), _first(count, bm25s, papers)
                if len(best[0]) >= count // 2 and (len(best[1]) >= count // 2 or len(bm25s) < depth):
                    return best
        return (
            self.dense.closest(query, top_k=count, among=papers),
            self.lexical.best(query, top_k=count, among=papers),
        )

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        filters: Filters | None = None,
        filter: Mapping[str, Any] | None = None,
    ) -> list[Document]:
        filters = filters or (Filters(**filter) if filter else None)
        chosen = self.chosen(filters) if filters and self.chosen else None
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
            for found in self.retrieve(query, top_k=k or self.top_k, chosen=chosen)
        ]


def promoted(ranked: Sequence[RetrievedPassage], titled: Mapping[str, float]) -> list[RetrievedPassage]:
    """Return `ranked` with the papers of `titled` first, in that order; each is as similar as its title is close,
    and no less than the best of the others."""
    highest = max((found.similarity for found in ranked), default=0.0)
    by_paper = {found.passage.paper_id: found for found in ranked}
    first = [
        replace(by_paper[paper_id], similarity=max(highest, closeness))
        for paper_id, closeness in titled.items()
        if paper_id in by_paper
    ]
    return first + [found for found in ranked if found.passage.paper_id not in titled]


def _papers_of(*passage_ids: Iterable[str]) -> set[str]:
    return {paper_of(passage_id) for ids in passage_ids for passage_id in ids}


def _first(count: int, values: Values, papers: Collection[str]) -> Values:
    """Return the first `count` values of passages of these papers."""
    return dict(islice(((key, value) for key, value in values.items() if paper_of(key) in papers), count))
