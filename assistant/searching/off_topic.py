"""How close the closest passage is to a question that none is about."""

import math
import re
from collections.abc import Sequence

from vectorstore.catalogue.filters import Filters
from vectorstore.library import Library
from vectorstore.search.retriever import RetrievedPassage

# Cosines of unrelated questions and passages scatter by this much: the closest of N passages is by chance as close as
# _SCATTER x sqrt(2 ln N). Found on questions about nothing that a library holds, with 65 and with 60,000 papers.
_SCATTER = 0.08
_NAME = re.compile(r"\b[A-Za-z]*[A-Z][\w-]*[A-Z\d][\w-]*")
_CLOSEST = 3  # passages


def is_off_topic(text: str, found: Sequence[RetrievedPassage], library: Library, *, searched: Filters) -> bool:
    """Tell whether a question is no closer to any paper than by chance; what filters leave does not tell."""
    if _names_of(text, found):
        return False
    if searched:
        found = library.search(text, top_k=1)
    closest = max((passage.cosine for passage in found), default=0.0)
    return closest < by_chance(len(library.retriever.lexical))


def _names_of(text: str, found: Sequence[RetrievedPassage]) -> bool:
    """Tell whether a passage has a name of the question: "XMC" is no nearer to any in meaning than by chance."""
    there = {name for item in found[:_CLOSEST] for name in _NAME.findall(item.passage.embedded_text)}
    return not there.isdisjoint(_NAME.findall(text))


def by_chance(passages: int) -> float:
    """Return the cosine that the closest of so many passages has to a question that none of them is about."""
    return _SCATTER * math.sqrt(2 * math.log(passages + 1))
