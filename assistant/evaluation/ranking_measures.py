"""How good a ranking is. A ranking lists document ids, best first, each once; grades above 0 are relevant.

The definitions are those of trec_eval and of BEIR (Thakur et al. 2021); a document that is not judged has grade 0,
and so has one with a negative grade, which some collections give to spam.
"""

import math
from collections.abc import Mapping, Sequence


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], *, k: int) -> float:
    """Return the discounted cumulative gain of the first `k` over that of the best order there could be.

    The gain is the grade itself, as in trec_eval, and its discount log2(rank + 1). Järvelin & Kekäläinen 2002.
    """
    best = _discounted(sorted(grades.values(), reverse=True)[:k])
    return _discounted([grades.get(key, 0) for key in ranking[:k]]) / best if best else 0.0


def recall(ranking: Sequence[str], grades: Mapping[str, int], *, k: int) -> float:
    """Return the share of all relevant documents that are among the first `k`. trec_eval's recall_k."""
    relevant = {key for key, grade in grades.items() if grade > 0}
    return len(relevant.intersection(ranking[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], grades: Mapping[str, int], *, k: int) -> float:
    """Return 1 / rank of the first relevant document, 0 if none is among the first `k`.

    Its mean over the queries is MRR@k. Voorhees 1999; cut at 10 since MS MARCO (Nguyen et al. 2016).
    """
    return next((1 / rank for rank, key in enumerate(ranking[:k], 1) if grades.get(key, 0) > 0), 0.0)


def _discounted(gains: Sequence[int]) -> float:
    return sum(max(gain, 0) / math.log2(rank + 1) for rank, gain in enumerate(gains, 1))
