"""Groups of papers -> what tells each from the others, in its own words: "federated fine-tuning"."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from assistant.text.key_terms import KeyTerms, Phrase
from vectorstore.papers.paper import Paper

_MOST_READ = 30  # papers of a group, the newest
_MOST_WORDS = 3  # of a phrase that count


def telling_terms(
    groups: Sequence[Sequence[Paper]], weights: Callable[[Iterable[str]], Mapping[str, float]]
) -> list[str]:
    """Return for each group the phrase that most of its papers say, in titles first, and few of the other groups'.

    `weights` tells how rare stemmed words are. "" where a group has no phrase of its own.
    """
    groups = [group[:_MOST_READ] for group in groups]
    terms = KeyTerms((paper.title, paper.abstract) for group in groups for paper in group)
    rarity = weights({stem for phrase in terms.phrases for stem in phrase.stems})
    found: list[str] = []
    start = 0
    for group in groups:
        places = frozenset(range(start, start + len(group)))
        start += len(group)
        telling = [(*_telling(phrase, places, rarity), phrase.stems, phrase) for phrase in terms.phrases]
        *_, most, _, phrase = max(telling, key=lambda one: one[:3], default=(0.0, (), Phrase(())))
        found.append(terms.shown(phrase) if most > 0 else "")
    return found


def _telling(phrase: Phrase, places: frozenset[int], rarity: Mapping[str, float]) -> tuple[bool, float]:
    """Return whether papers at `places` share a phrase of several words, and how well it names them: rare words do."""
    inside, outside = len(phrase.papers & places), len(phrase.papers - places)
    titled = len(phrase.titled & places)
    named = (inside + titled - 2 * outside) * sum(sorted(map(rarity.__getitem__, phrase.stems))[-_MOST_WORDS:])
    return inside > 1 and len(phrase.stems) > 1 and named > 0, named
