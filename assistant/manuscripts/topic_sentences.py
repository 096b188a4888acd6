"""A theme -> the sentence that opens its paragraph, computed from its key terms and its papers' dates.

What it says of a paper is a phrase of that paper's title or abstract, so that it holds without any model. Papers that
share no term need no such sentence: the first of them opens the paragraph.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.manuscripts.referring_expressions import OwnWork
from assistant.manuscripts.themes import Theme
from assistant.planning.chips import joined
from assistant.text.evidence import Evidence, printed_surname
from assistant.text.key_terms import KeyTerms
from assistant.text.sentence_compression import LONGEST
from vectorstore.text.terms import terms

_COUNTS = "no one two three four five six seven eight nine ten eleven twelve".split()
_A_NAME = re.compile(r"[A-Z][\w-]*")
_VERBS = ("study", "concern", "turn to", "are on")
_MOST_COMPARED = 3  # papers that one sentence sets side by side
SharedTerm = tuple[str, tuple[int, ...]]


def topic_sentences(theme: Theme, evidence: Sequence[Evidence], *, number: int) -> Iterator[str]:
    """Yield ways to open the paragraph on a theme, markers and full stop included, the fullest first.

    `number` is how many paragraphs before it have been opened so.
    """
    shared = [term for term in theme.terms if len(term[1]) > 1 and not _A_NAME.fullmatch(term[0])]
    if not shared or len(evidence) < 2:
        return
    own = isinstance(evidence[0], OwnWork)
    for text in _of_own_work(shared, evidence, number) if own else _compared(*shared[0], evidence):
        if len(text.split()) <= LONGEST:
            yield f"{text[0].upper()}{text[1:]}."


def _of_own_work(shared: Sequence[SharedTerm], evidence: Sequence[Evidence], number: int) -> Iterator[str]:
    name = printed_surname(evidence[0].author) if isinstance(evidence[0], OwnWork) else ""
    term, places = shared[0]
    count, cited = counted(len(places)), _markers(evidence, places)
    first = (
        f"{count} papers by {name}{_when(evidence, places)} deal with {term}{cited}",
        f"another theme{_when(evidence, places)} is {term}{cited}",
        f"{count} further papers{_when(evidence, places)} are devoted to {term}{cited}",
        f"{count} more papers{_when(evidence, places)} turn to {term}{cited}",
    )[number % 4]
    noun = " papers" if number % 4 == 1 else ""
    behind = [
        f"{counted(len(more))}{noun} {verb} {other}{_markers(evidence, more)}"
        for (other, more), verb in zip(shared[1:], _VERBS, strict=False)
    ]
    yield joined([first, *behind])
    yield first


def _compared(term: str, places: Sequence[int], evidence: Sequence[Evidence]) -> Iterator[str]:
    """Yield what sets two or three papers on one subject apart: what the title of each, and no other one, names.

    More of them, which are there where a sentence may cite many, are counted.
    """
    some = [evidence[place] for place in places]
    if len(some) > _MOST_COMPARED:
        yield f"{counted(len(some))} papers deal with {term}{_markers(evidence, places)}"
        return
    foci = _foci(some, term)
    if all(foci):
        apart = [f"one on {focus} [{item.number}]" for focus, item in zip(foci, some, strict=True)]
        yield f"{counted(len(some))} papers deal with {term}, {joined(apart)}"


def _foci(some: Sequence[Evidence], term: str) -> list[str]:
    """Return a phrase of each paper's title that no other of them says, "" for one that has none."""
    key_terms = KeyTerms((item.title, item.text) for item in some)
    common, found = frozenset(terms(term)), []
    for place in range(len(some)):
        own = [
            phrase
            for phrase in key_terms.phrases
            if phrase.papers == phrase.titled == {place} and phrase.is_specific and not common & set(phrase.stems)
        ]
        best = max(own, key=lambda phrase: (phrase.specific, phrase.forms.total(), phrase.stems), default=None)
        found.append(key_terms.in_a_sentence(best) if best else "")
    return found


def _when(evidence: Sequence[Evidence], places: Sequence[int]) -> str:
    """Return ", from 2024 to 2026," of papers by their dates, "" if they have one year or none."""
    years = sorted(date[:4] for place in places if (date := evidence[place].date))
    return f", from {years[0]} to {years[-1]}," if years and years[0] < years[-1] else ""


def _markers(evidence: Sequence[Evidence], places: Sequence[int]) -> str:
    return " " + "".join(f"[{evidence[place].number}]" for place in places)


def counted(number: int) -> str:
    return _COUNTS[number] if number < len(_COUNTS) else str(number)
