"""A theme -> the sentence that opens its paragraph, computed from its key terms, its papers' dates and their authors.

What it says of a paper is a phrase of that paper's title or abstract, so that it holds without any model.
"""

import re
from collections.abc import Iterator, Sequence

from assistant.manuscripts.themes import Theme
from assistant.manuscripts.told_evidence import OwnWork, Titled
from assistant.planning.chips import joined
from assistant.text.clauses import LONGEST
from assistant.text.evidence import Evidence, printed_surname
from assistant.text.key_terms import KeyTerms
from assistant.text.rewriting import is_singular
from vectorstore.lexical import terms
from vectorstore.names import folded

_COUNTS = "no one two three four five six seven eight nine ten eleven twelve".split()
_A_NAME = re.compile(r"[A-Z][\w-]*")
_VERBS = ("deal with", "study", "concern", "turn to", "are on")
_OTHER_WORK = ("other papers concern", "further work addresses", "papers on other subjects take up")
_RELATED_WORK = ("work in this area includes papers on", "a second strand concerns")
_MORE_RELATED_WORK = ("further papers address", "other work is on")
_LOOKS = (("looks at", "look at"), ("considers", "consider"), ("addresses", "address"))  # of one author, of several
_MOST_COMPARED = 3  # papers that one sentence sets side by side
_SHORT_TITLE = 5  # words of a title that stands for its authors
Said = tuple[str, tuple[int, ...]]


def leads(theme: Theme, evidence: Sequence[Evidence], *, number: int) -> Iterator[str]:
    """Yield ways to open the paragraph on a theme, markers and full stop included, the fullest first.

    `number` is how many paragraphs before it have been opened so.
    """
    shared = [term for term in theme.terms if len(term[1]) > 1 and not _A_NAME.fullmatch(term[0])]
    single = sorted((term for term in theme.terms if len(term[1]) == 1), key=lambda term: term[1])
    if len(evidence) < 2:
        return
    if isinstance(evidence[0], OwnWork):
        found = _of_own_work(shared, single, evidence, number)
    else:
        found = _of_related_work(shared, single, evidence, number)
    for text in found:
        if len(text.split()) <= LONGEST:
            yield f"{text[0].upper()}{text[1:]}."


def _of_own_work(
    shared: Sequence[Said], single: Sequence[Said], evidence: Sequence[Evidence], number: int
) -> Iterator[str]:
    name = printed_surname(evidence[0].author) if isinstance(evidence[0], OwnWork) else ""
    subjects = _subjects(single, evidence)
    if not shared:
        if len(single) < 2:
            return
        opening = (f"{name}’s work includes papers on", *_OTHER_WORK * number)[number]
        yield f"{opening} {subjects}"
        return
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
        for (other, more), verb in zip(shared[1:], _VERBS[1:], strict=False)
    ]
    if single:
        yield f"{joined([first, *behind])}, {'besides' if number % 2 else 'alongside'} work on {subjects}"
    yield joined([first, *behind])


def _of_related_work(
    shared: Sequence[Said], single: Sequence[Said], evidence: Sequence[Evidence], number: int
) -> Iterator[str]:
    if not shared:
        if len(single) > 1:
            opening = (*_RELATED_WORK, *_MORE_RELATED_WORK * number)[number]
            yield f"{opening} {_subjects(single, evidence)}"
        return
    yield from _compared(*shared[0], evidence)
    verbs = _VERBS[number % len(_VERBS) :] + _VERBS
    yield joined(
        [
            f"{counted(len(places))}{' papers' if place == 0 else ''} {verb} {term}{_markers(evidence, places)}"
            for place, ((term, places), verb) in enumerate(zip(shared, verbs, strict=False))
        ]
    )


def _compared(term: str, places: Sequence[int], evidence: Sequence[Evidence]) -> Iterator[str]:
    """Yield what sets two or three papers on one subject apart: what the title of each, and no other one, names."""
    some = [evidence[place] for place in places]
    if not 1 < len(some) <= _MOST_COMPARED:
        return
    foci = _foci(some, term)
    if any(_is_long(item) for item in some) or len({item.source for item in some}) < len(some):
        if all(foci):
            apart = [f"{focus} [{item.number}]" for focus, item in zip(foci, some, strict=True)]
            yield f"{counted(len(some))} papers deal with {term}, with regard to {joined(apart)}"
        return
    sources = [f"{_inside(item.source)} [{item.number}]" for item in some]
    told_apart = all(focus and folded(focus) not in folded(item.source) for focus, item in zip(foci, some, strict=True))
    if len(some) == 2:
        pair = f"both {' and '.join(sources)}"
        if shares_authors(*some):
            pair = " and, with some of the same authors, ".join(sources)
        if told_apart:
            yield f"{pair} deal with {term}, the former with regard to {foci[0]} and the latter to {foci[1]}"
        yield f"{pair} deal with {term}"
    elif told_apart:
        verbs = (looks[not is_singular(item.source)] for looks, item in zip(_LOOKS, some, strict=True))
        parts = [f"{source} {verb} {focus}" for source, verb, focus in zip(sources, verbs, foci, strict=True)]
        yield f"three papers deal with {term}: {joined(parts)}"


def _is_long(evidence: Evidence) -> bool:
    return isinstance(evidence, Titled) and len(evidence.short_title.split()) > _SHORT_TITLE


def _inside(source: str) -> str:
    return f"the {source[4:]}" if source.startswith("The ") else source


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


def shares_authors(one: Evidence, other: Evidence) -> bool:
    """Tell whether a printed author of one paper is one of another."""
    return bool({folded(name) for name in one.authors} & {folded(name) for name in other.authors})


def _subjects(said: Sequence[Said], evidence: Sequence[Evidence]) -> str:
    return joined([f"{term}{_markers(evidence, places)}" for term, places in said]) if said else ""


def _when(evidence: Sequence[Evidence], places: Sequence[int]) -> str:
    """Return ", from 2024 to 2026," of papers by their dates, "" if they have one year or none."""
    years = sorted(date[:4] for place in places if (date := evidence[place].date))
    return f", from {years[0]} to {years[-1]}," if years and years[0] < years[-1] else ""


def _markers(evidence: Sequence[Evidence], places: Sequence[int]) -> str:
    return " " + "".join(f"[{evidence[place].number}]" for place in places)


def counted(number: int) -> str:
    return _COUNTS[number] if number < len(_COUNTS) else str(number)
