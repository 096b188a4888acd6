"""What speaks against a claim in its subject: the span says it of something else, or before it speaks of the work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checking.alignment import Wording
from assistant.checking.claim_comparison import Comparison, Doubt
from assistant.checking.named_entities import Name, key_of
from assistant.text.sentence_roles import is_own
from assistant.text.wording import Word

_ITS = frozenset(("it", "its"))
_ARTICLES = frozenset(("a", "an", "the"))
_ENDS_KIND = frozenset("for of to in on with by from under that which designed based using over at and".split())
_NEAR = 5  # words
_FIRST_WORDS = 3  # content words of a claim among which its subject is


@dataclass(frozen=True, slots=True)
class Place:
    """Where a span stands: the sentences of its passage, the first and the last one that it has, the paper's name."""

    sentences: Sequence[Wording]
    first: int
    last: int
    head: str  # of the title, before its colon; "" if it has none


def doubts_of_subject(pair: Comparison, place: Place) -> Iterator[Doubt]:
    lead = _lead(pair, place)
    said_in = _sentence_of_predicate(pair, place, lead)
    if said_in is None:
        return
    if lead or pair.claim.words[0].lower in _ITS:
        yield from _of_work(pair, place, lead, said_in)
    if lead:
        yield from _of_neighbour(pair, lead)
    if lead and not pair.is_close_copy:
        yield from _of_kind(pair, lead)
    for content in [other for other in pair.content if other not in lead][:_FIRST_WORDS]:
        if content in pair.missing and content not in pair.missing_everywhere and not pair.is_close_copy:
            yield Doubt(f"“{pair.claim.words[content].text}” stands elsewhere in the passage")
            return


def _of_work(pair: Comparison, place: Place, lead: range, said_in: int) -> Iterator[Doubt]:
    key = key_of(word.text for word in pair.claim.words[lead.start : lead.stop]) if lead else ""
    named = [number for number, text in enumerate(place.sentences) if key and _names(text, key)]
    began = next((number for number, text in enumerate(place.sentences) if is_own(text.plain)), len(place.sentences))
    printed = pair.claim.plain[pair.claim.words[lead.start].start : pair.claim.words[lead.stop - 1].end] if lead else ""
    if said_in in named or (not lead and began == len(place.sentences)):
        return
    start = min([began, *named]) if key == key_of(place.head.split()) or not key else min(named, default=began)
    if said_in < start:
        yield Doubt(f"the passage says it before it speaks of {printed or 'its own work'}")
    elif named and named[0] < began <= said_in and key != key_of(place.head.split()):
        yield Doubt(f"the passage says it of its own work, not of {printed}")


def _of_neighbour(pair: Comparison, lead: range) -> Iterator[Doubt]:
    """Yield another name, not the claim's, that is the subject of what the span says behind the claim's own: "A
    samples, B, which prunes"."""
    named = pair.alignment.places[lead.stop - 1]
    if named is None:
        return
    spots = [said for n in pair.content if n >= lead.stop and (said := pair.alignment.places[n]) is not None]
    claimed = {name.key for name in pair.names}
    for name in pair.span.names:
        near = any(named < name.places[0] and spot - _NEAR <= name.places[-1] < spot for spot in spots)
        if near and name.key not in claimed and _is_subject(pair.span.words, name):
            yield Doubt(f"the passage says it of {name.printed}")
            return


def _is_subject(words: Sequence[Word], name: Name) -> bool:
    behind = words[name.places[-1] + 1 : name.places[-1] + 2]
    return bool(behind) and words[name.places[0]].opens and behind[0].lower in ("which", "that", "who")


def _of_kind(pair: Comparison, lead: range) -> Iterator[Doubt]:
    """Yield what a claim calls its subject, where the span calls it something else: "SNIP is a benchmark"."""
    named = pair.alignment.places[lead.stop - 1]
    words, there = pair.claim.words, pair.span.words
    is_a = [word.lower for word in words[lead.stop : lead.stop + 2]]
    if named is None or len(is_a) < 2 or is_a[0] not in ("is", "was") or is_a[1] not in _ARTICLES:
        return
    start = next((n for n in range(named + 1, min(named + _NEAR, len(there))) if there[n].lower in _ARTICLES), None)
    kind = _kind(words, lead.stop + 2)
    if start and kind and kind not in {word.stem for word in there[start : _end_of_kind(there, start + 1)]}:
        yield Doubt(f"the passage does not call it “{kind}”")


def _kind(words: Sequence[Word], start: int) -> str | None:
    end = _end_of_kind(words, start)
    return words[end - 1].stem if end > start else None


def _end_of_kind(words: Sequence[Word], start: int) -> int:
    ends = (n for n in range(start, len(words)) if words[n].opens or words[n].lower in _ENDS_KIND)
    return next(ends, len(words))


def _lead(pair: Comparison, place: Place) -> range:
    """Return the places of the name with which a claim begins, none if it begins with no name."""
    head = [word.lower for word in Wording(place.head).words]
    lower = [word.lower for word in pair.claim.words]
    start = 1 if lower[:1] == ["the"] else 0
    if head and lower[start : start + len(head)] == head:
        return range(start, start + len(head))
    first: Name | None = next(iter(pair.names), None)
    if first and (first.places[0] == start or (first.places[0] == start + 1 and pair.claim.words[start + 1].joined)):
        return range(start, first.places[-1] + 1)  # "Prompt-GDRO"
    return range(0)


def _names(text: Wording, key: str) -> bool:
    return key in text.keys or key in key_of(word.text for word in text.words)


def _sentence_of_predicate(pair: Comparison, place: Place, lead: range) -> int | None:
    """Return the sentence that has most of what the claim says of its subject."""
    ends, counts = 0, []
    for number in range(place.first, place.last + 1):
        start, ends = ends, ends + len(place.sentences[number].words)
        said = [
            pair.alignment.places[other]
            for other in {*pair.content, *(p for name in pair.names for p in name.places)}
            if other not in lead
        ]
        counts.append((sum(spot is not None and start <= spot < ends for spot in said), number))
    best = max(counts, key=lambda item: item[0])
    return best[1] if best[0] else None
