"""Papers and their vectors -> themes: groups of papers that are close, named by the terms that they share."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from assistant.planning.chips import joined
from assistant.text.evidence import short_title, shown_title
from assistant.text.key_terms import KeyTerms, Phrase
from vectorstore.papers.paper import Paper

_ONE_THEME = 3  # papers that need no groups
_FAR_APART = 0.2  # cosine to the closest paper of another theme, below which a paper is a theme of its own
_MOST_THEMES, _MOST_OF_FEW, _FEW = 8, 5, 25
_SMALLEST_GAIN = 0.01  # of the mean silhouette, for one theme more
_OF_A_THEME = 8  # papers; of more there are at least two themes, of twice as many three
_MOST_TERMS = 3  # of a name
_OTHERS, _VARIOUS = "Other work", "Various subjects"
_LEFT_UNNAMED = 0.4  # share of a theme's papers that a name need not speak of
_OFTEN = 4  # times that a paper says what it is about
_ONE_WORD, _FIELD, _SHARED = 0.6, 0.2, 0.5  # weight of one word, of a wide field; what is added for a shared phrase


@dataclass(frozen=True, slots=True)
class Theme:
    """Papers on one subject, in order of time, and what the subject is called.

    `terms` are the phrases of the name, each with the papers (places in `papers`) that say it.
    """

    name: str
    papers: tuple[Paper, ...]
    terms: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def __post_init__(self) -> None:
        ids = [paper.paper_id for paper in self.papers]
        if any(len(set(some)) < len(some) for some in (ids, *(places for _, places in self.terms))):
            raise ValueError(f"the theme {self.name!r} has a paper twice")


def themes(papers: Sequence[Paper], vectors: NDArray[np.floating], *, topic: str = "") -> list[Theme]:
    """Return the papers, all on one `topic` if they are, grouped by subject, the largest group first.

    `vectors`: unit vectors, one row a paper.

    Each paper is in one theme. How many there are depends on how far the papers lie apart: one for three papers,
    up to five for 25, at most eight for more. Groups of more papers that share no phrase are one theme, the last.
    """
    order = sorted(range(len(papers)), key=lambda place: (papers[place].published or date.max, papers[place].title))
    papers = [papers[place] for place in order]
    groups = _groups(np.asarray(vectors, np.float32)[order])
    groups.sort(key=lambda group: (-len(group), group[0]))
    terms = KeyTerms((paper.title, paper.abstract) for paper in papers)
    found: list[Theme] = []
    taken: set[str] = set()
    others: list[int] = []
    for group in groups:
        phrases = _name(group, terms.phrases, len(papers), taken)
        if not phrases and len(group) > _ONE_THEME:
            others += group
            continue
        taken |= {" ".join(phrase.stems) for phrase in phrases}
        said = tuple(
            (terms.in_a_sentence(phrase), tuple(place for place, paper in enumerate(group) if paper in phrase.papers))
            for phrase in phrases
        )
        members = tuple(papers[place] for place in group)
        name = joined([terms.shown(phrase) for phrase in phrases] or [short_title(shown_title(members[0].title))])
        found.append(Theme(_capitalised(name), members, said))
    if others:
        name = f"{_OTHERS} on {topic}" if topic else _OTHERS if found else _VARIOUS
        found.append(Theme(name, tuple(papers[place] for place in sorted(others))))
    return found


def _groups(vectors: NDArray[np.float32]) -> list[list[int]]:
    """Return places of papers that belong together, by the number of groups whose mean silhouette is best.

    Ward 1963; Rousseeuw 1987.
    """
    count = len(vectors)
    if count <= _ONE_THEME:
        return [list(range(count))] if count else []
    from scipy.cluster.hierarchy import fcluster, ward

    cosines = vectors @ vectors.T
    most = min(_MOST_OF_FEW if count <= _FEW else _MOST_THEMES, count // 2)
    least = min(max(2, -(-count // _OF_A_THEME)), most)
    tree = ward(vectors.astype(np.float64))
    cuts = [_settled(fcluster(tree, number, "maxclust"), cosines) for number in range(least, most + 1)]
    best = max(cuts, key=lambda labels: _worth(labels, cosines))
    return [np.flatnonzero(best == label).tolist() for label in np.unique(best)]


def _settled(labels: NDArray[np.int32], cosines: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the group of each paper; one alone has joined the closest other group, unless it stands far apart."""
    labels = labels.copy()
    for label in np.unique(labels):
        places = np.flatnonzero(labels == label)
        others = [other for other in np.unique(labels) if other != label]
        if len(places) != 1 or not others:
            continue
        closest = max(others, key=lambda other: float(cosines[places[0], labels == other].mean()))
        if float(cosines[places[0], labels == closest].max()) >= _FAR_APART:
            labels[places] = closest
    return labels


def _worth(labels: NDArray[np.int32], cosines: NDArray[np.float32]) -> float:
    """Return the mean silhouette of groups: how much closer papers are to their group than to the next one; each group
    has to gain something."""
    from sklearn.metrics import silhouette_score

    groups = len(np.unique(labels))
    if not 1 < groups < len(labels):
        return -_SMALLEST_GAIN * groups
    distances = np.maximum(1 - cosines, 0)
    np.fill_diagonal(distances, 0)
    return float(silhouette_score(distances, labels, metric="precomputed")) - _SMALLEST_GAIN * groups


def _name(group: Sequence[int], phrases: Sequence[Phrase], count: int, taken: Set[str]) -> list[Phrase]:
    """Return the phrases that name a group: one that most of its papers share, or two or three that most have one of.

    Of up to three papers it may be one of a title, and the name of a wide field only where that says it of most.
    """
    members, named = set(group), list[Phrase]()
    rest = members
    free = [phrase for phrase in phrases if phrase.papers & members and " ".join(phrase.stems) not in taken]
    if len(group) > _ONE_THEME:
        free = [phrase for phrase in free if phrase.is_specific and _tells_apart(phrase, members, count)]
    while rest and len(rest) >= _LEFT_UNNAMED * len(members) and len(named) < _MOST_TERMS:
        stems = {stem for phrase in named for stem in phrase.stems}
        others = [
            phrase
            for phrase in free
            if phrase.papers & rest and not stems & set(phrase.stems) and (phrase.is_specific or not named)
        ]
        best = max(others, key=lambda phrase: (_weight(phrase, rest, members, count), phrase.stems), default=None)
        if best is None or _weight(best, rest, members, count) <= 0:
            break
        named.append(best)
        rest = rest - best.papers
    return named


def _tells_apart(phrase: Phrase, members: Set[int], count: int) -> bool:
    """Tell whether several papers of a group say a phrase, and twice as large a share of them as of the others: neither
    one paper's own "grouped spherical quantization" nor everybody's "language models" names four papers."""
    inside, outside = len(phrase.papers & members), len(phrase.papers - members)
    return inside > 1 and inside * max(count - len(members), 1) >= 2 * outside * len(members)


def _weight(phrase: Phrase, wanted: Set[int], members: Set[int], count: int) -> float:
    """Return how well a phrase names papers: said by most of `wanted`, in titles, and by few outside the group."""
    inside = len(phrase.papers & wanted) / len(wanted)
    titled = len(phrase.titled & wanted) / len(wanted)
    outside = len(phrase.papers - members) / max(count - len(members), 1)
    often = min(phrase.forms.total() / len(phrase.papers), _OFTEN) / _OFTEN
    length = min(len(phrase.stems), 3) / 10
    value = (inside + titled + 0.5 * often + length) * (1 - outside) * (1.0 if len(phrase.stems) > 1 else _ONE_WORD)
    if not phrase.is_specific:
        return value * _FIELD if phrase.is_field and inside > 0.5 else 0.0
    if phrase.is_shared and len(phrase.papers & members) > 1:
        return value + _SHARED
    if not phrase.titled & wanted or len(phrase.stems) == 1:
        return 0.0
    return value if phrase.forms.total() > 1 else value / 2


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
