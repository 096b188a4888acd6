"""Cluster labelling: groups of papers -> a name for each, of the terms that its papers share and the others lack."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from assistant.text.evidence import short_title, shown_title
from assistant.text.key_terms import KeyTerms, Phrase
from assistant.text.plain_text import plain_text
from vectorstore.papers.paper import Paper
from vectorstore.text.terms import terms

_MOST_STEMS = 3  # of a term
_TITLED = 2  # times as much as in its abstract a paper says what it is about in its title
_ONE_WORD, _ONE_PAPER = 0.5, 0.5  # weight of a term of one word, of one that a single paper says
_SECOND = 0.25  # of the first term's value, from which a second one joins it in the name
_MOST_READ = 30  # papers of a group, the newest
_MOST_WORDS = 3  # of a phrase that count
_LONGEST_TITLE = 60  # characters of a title that has to stand for a name

_Text = tuple[str, str]  # a paper's title and abstract
_NOWHERE: frozenset[int] = frozenset()


def theme_names(groups: Sequence[Sequence[_Text]]) -> list[str]:
    """Return the names of groups, all different: one or two terms of the papers, which are the most typical first.

    A group that has no term of its own is called by the title of its first paper.
    """
    texts = [text for group in groups for text in group]
    ends = [0]
    for group in groups:
        ends.append(ends[-1] + len(group))
    known, words = KeyTerms(texts), _places_of_words(texts)
    taken: set[tuple[str, ...]] = set()
    names: list[str] = []
    for start, end in pairwise(ends):
        theme = _Theme(frozenset(range(start, end)), len(texts), words)
        found = _terms_of(theme, [phrase for phrase in known.phrases if phrase.stems not in taken])
        taken |= {phrase.stems for phrase in found}
        named = " and ".join(known.shown(phrase) for phrase in found)
        names.append(_other_than(names, named or _title(texts[start][0])))
    return names


@dataclass(frozen=True, slots=True)
class _Theme:
    """The papers of a group by their places among `papers`, and the places of those that have a word, by its stem."""

    members: frozenset[int]
    papers: int
    words: Mapping[str, Set[int]]

    def value(self, phrase: Phrase, wanted: Set[int]) -> float:
        """Return how well a phrase names the `wanted` members: they say it, in titles first, its words are everywhere
        among them, and others say neither."""
        tells, saying = self._tells(phrase.papers), phrase.papers & wanted
        if not tells or not saying:
            return 0.0
        said = (len(saying) + _TITLED * len(phrase.titled & wanted)) / len(self.members)
        shares = [
            len(has & wanted) / len(self.members) * self._tells(has)
            for has in (self.words.get(stem, _NOWHERE) for stem in phrase.stems)
        ]
        weight = (1.0 if len(saying) > 1 else _ONE_PAPER) * (1.0 if len(phrase.stems) > 1 else _ONE_WORD * tells)
        return weight * (said * tells + sum(shares) / len(shares))

    def _tells(self, places: Set[int]) -> float:
        """Return how surely a paper at one of `places` is a member: 0 for what is as frequent elsewhere, 1 at most."""
        inside = len(places & self.members) / len(self.members)
        outside = len(places - self.members) / max(self.papers - len(self.members), 1)
        return ((inside - outside) / (inside + outside)) ** 2 if inside > outside else 0.0


def _terms_of(theme: _Theme, phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the best term, and the best one of the papers that do not say it if that is good enough."""
    able = [phrase for phrase in phrases if phrase.titled & theme.members and _can_name(phrase)]
    first = _best(theme, able, theme.members)
    if first is None:
        return []
    rest = theme.members - first.papers
    others = [phrase for phrase in able if phrase.titled & rest and not set(phrase.stems) & set(first.stems)]
    second = _best(theme, others, rest)
    if second is None or theme.value(second, rest) < _SECOND * theme.value(first, theme.members):
        return [first]
    return [first, second]


def _best(theme: _Theme, phrases: Sequence[Phrase], wanted: Set[int]) -> Phrase | None:
    valued = [(theme.value(phrase, wanted), phrase.forms.total(), phrase.stems, phrase) for phrase in phrases]
    *_, phrase = max(valued, key=lambda one: one[:3], default=(None,))
    return phrase if phrase and theme.value(phrase, wanted) > 0 else None


def _can_name(phrase: Phrase) -> bool:
    """Whether it is a term that is used, not a turn of one title; a word alone must be what several titles say."""
    if len(phrase.stems) == 1:
        return phrase.is_specific and phrase.is_shared
    return phrase.is_specific and len(phrase.stems) <= _MOST_STEMS and phrase.forms.total() > 1


def _places_of_words(texts: Sequence[_Text]) -> Mapping[str, Set[int]]:
    places: defaultdict[str, set[int]] = defaultdict(set)
    for place, (title, abstract) in enumerate(texts):
        for stem in set(terms(plain_text(f"{title}. {abstract}"))):
            places[stem].add(place)
    return places


def _title(title: str) -> str:
    shown = short_title(shown_title(title))
    return shown if len(shown) <= _LONGEST_TITLE else f"{shown[:_LONGEST_TITLE].rpartition(' ')[0]}…"


def _other_than(names: Sequence[str], name: str) -> str:
    """Return a name with a capital, and a number if others are called so already."""
    name = name[:1].upper() + name[1:]
    same = sum(other == name or other.startswith(f"{name} (") for other in names)
    return f"{name} ({same + 1})" if same else name


# -- what tells groups apart, by the rarity of its words in the whole library


def distinctive_terms(
    groups: Sequence[Sequence[Paper]], weights: Callable[[Iterable[str]], Mapping[str, float]]
) -> list[str]:
    """Return for each group the phrase that most of its papers say, in titles first, and few of the other groups'.

    `weights` tells how rare stemmed words are. "" where a group has no phrase of its own.
    """
    groups = [group[:_MOST_READ] for group in groups]
    known = KeyTerms((paper.title, paper.abstract) for group in groups for paper in group)
    rarity = weights({stem for phrase in known.phrases for stem in phrase.stems})
    labels: list[str] = []
    start = 0
    for group in groups:
        places = frozenset(range(start, start + len(group)))
        start += len(group)
        valued = [(*_distinctiveness(phrase, places, rarity), phrase.stems, phrase) for phrase in known.phrases]
        *_, most, _, phrase = max(valued, key=lambda one: one[:3], default=(0.0, (), Phrase(())))
        labels.append(known.shown(phrase) if most > 0 else "")
    return labels


def _distinctiveness(phrase: Phrase, places: frozenset[int], rarity: Mapping[str, float]) -> tuple[bool, float]:
    """Return whether papers at `places` share a phrase of several words, and how well it names them: rare words do."""
    inside, outside = len(phrase.papers & places), len(phrase.papers - places)
    titled = len(phrase.titled & places)
    named = (inside + titled - 2 * outside) * sum(sorted(map(rarity.__getitem__, phrase.stems))[-_MOST_WORDS:])
    return inside > 1 and len(phrase.stems) > 1 and named > 0, named
