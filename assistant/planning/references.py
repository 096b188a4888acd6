"""What "it", "those", "the second one" and "the other" mean after earlier turns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from assistant.planning.plan import Turn
from assistant.planning.topics import PAPERS, order_of
from assistant.text.words import content_words

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_PLACE = rf"(?:{'|'.join(_ORDINALS)}|last|latter|former|\d{{1,2}}(?:st|nd|rd|th))"
_HOW_MANY = {"two": 2, "three": 3, "four": 4, "five": 5, "2": 2, "3": 3, "4": 4, "5": 5}
_ORDINAL = re.compile(
    rf"\bthe (?P<n>{_PLACE})(?:,? (?:and|with|to|from"
    rf"|or) (?:the )?(?P<m>{_PLACE}))?(?: (?P<count>{'|'.join(_HOW_MANY)}))?"
    rf"(?: ones?| {PAPERS})?(?: of (?:those|them|these))?"
    r"(?=\W*$|,|\s+(?:do|does|say|propose|written|by|appear|have|has|with|to|and|from|differ"
    r"|compare|relate|is|was|again)\b)"
    rf"|\b(?P<k>{_PLACE}) one\b|\b(?:paper|number|reference|no\.?|#) ?(?P<d>\d{{1,2}})\b"
    rf"|\[(?P<r>\d{{1,2}})\]|^(?:and )?(?P<s>{_PLACE})\W*$",
    re.I,
)
_OTHER = re.compile(r"\bthe other(?: one| paper| method| two)?\b(?! (?:papers|ones|work|authors))", re.I)
_DESCRIBED = re.compile(rf"\bthe (?!(?:{_PLACE}|other|same|only|whole|best|right) )(?:[\w-]+ ){{1,3}}one\b", re.I)
_PLURAL = re.compile(
    rf"\b(?:these|those|them|they|their|theirs|both)\b(?! (?:days|years|months))|\bwhich ones?\b"
    rf"|\bwhich of\b|\bthe (?:ones|listed|above|shown) ?(?:{PAPERS})?\b"
    r"|^(?:and )?(?:are|is|do|does|have|has) (?:any|some|all)\b|\ball of it\b|\bthe (?:two|three"
    r"|four|five)(?: of them)?\b",
    re.I,
)
_OF_LIMITED = re.compile(rf"\b(?:these|the (?:\d+ )?(?:chosen|selected)) {PAPERS}\b", re.I)
_SINGULAR = re.compile(
    r"\b(?:it|its|itself)\b|\w (?:this|that)\W*$|\b(?:this|that|the|the same|said) (?:paper|method|approach|work|one"
    r"|study|framework|model|technique|idea|code|authors?"
    r"|first author|abstract|dataset|benchmark|result|problem|system|algorithm|thing)\b(?! (?:on"
    r"|about|by|of|that|which|from|called|named)\b)|^\W*(?:this|that)\W*$"
    r"|\b(?:about|of|like|in|on|to|with|for|than|explain|is|was|shorten|summari[sz]e|repeat"
    r"|rephrase|translate|expand) (?:this|that)\b(?! \w)",
    re.I,
)
PERSON = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.I)
_TWO = r"(?:them|they|these|those|both|the two|the two papers|these two|those two|each other)"
_TWO_COMPARED = re.compile(
    rf"\b(?:compare|contrast|combin\w+) {_TWO}\b|\b(?:difference|differences|similarities) between {_TWO}\b"
    rf"|\bhow (?:do|are|could|can|would) {_TWO} (?:be )?(?:differ|compare|relate|different|related"
    rf"|combined)\b|\bwhat do {_TWO} have in common\b",
    re.I,
)
_OWN_SUBJECT_WORDS = 3  # so many words of content before a pronoun are a subject of their own


class Meaning(Enum):
    """What words refer to."""

    ONE = "the paper spoken of last"
    SEVERAL = "the papers of an answer"
    CHOSEN = "some of them"
    DESCRIBED = "one of them, which its words tell from the others"


@dataclass(frozen=True, slots=True)
class Reference:
    """Words of a question that stand for papers of earlier turns, by id."""

    meaning: Meaning
    said: str
    paper_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What a question can refer to: earlier turns, and the papers or the author that its conversation is limited to."""

    history: Sequence[Turn] = ()
    limited: tuple[str, ...] = ()
    author: str = ""

    @property
    def last(self) -> Turn | None:
        """The latest turn: talk, and what found nothing, refers to nothing."""
        return next((turn for turn in reversed(self.history) if turn.paper_ids), None)

    @property
    def one(self) -> tuple[str, ...]:
        """The paper spoken of last."""
        return self.last.paper_ids[:1] if self.last else self.limited if len(self.limited) == 1 else ()

    @property
    def several(self) -> tuple[str, ...]:
        """The papers of the latest answer that had several; before there is one, those that were chosen."""
        many = next((turn.paper_ids for turn in reversed(self.history) if len(turn.paper_ids) > 1), ())
        return many or self.limited or (self.last.paper_ids if self.last else ())

    @property
    def two(self) -> tuple[str, ...]:
        """The two papers spoken of last: those of the last turn, or of the last two turns if each had one. Where the
        papers are chosen beforehand and the last turn had one of them, all that are chosen."""
        if self.last is None or len(self.last.paper_ids) > 1:
            return self.several
        spoken = [turn.paper_ids for turn in self.history if turn.paper_ids][-2:]
        if self.limited and any(len(papers) > 1 for papers in spoken):
            return self.limited
        return tuple(dict.fromkeys(papers[0] for papers in spoken))

    def is_all(self, paper_ids: Sequence[str]) -> bool:
        """Tell whether some papers are all that the conversation is limited to."""
        return bool(self.limited) and set(paper_ids) >= set(self.limited)


def reference_in(text: str, context: Context) -> Reference | None:
    """Return what words of a question refer to, None if they refer to nothing that there is."""
    if context.limited and (limited := _OF_LIMITED.search(text)):  # whatever was told of before
        return Reference(Meaning.SEVERAL, limited.group(), context.limited)
    if _TWO_COMPARED.search(text) and len(context.two) > 1:
        return Reference(Meaning.CHOSEN, _TWO_COMPARED.search(text).group(), context.two)  # type: ignore[union-attr]
    if (places := _places(text, context.several)) and (match := _ORDINAL.search(text)):
        return Reference(Meaning.CHOSEN, match.group(), places)
    if (other := _OTHER.search(text)) and len(context.several) > 1 and context.last:
        rest = tuple(one for one in context.several if one not in context.last.paper_ids[:1])
        return Reference(Meaning.CHOSEN, other.group(), rest if len(context.several) > 2 else rest[:1])
    if (described := _DESCRIBED.search(text)) and not order_of(described.group()):
        if len(context.several) > 1:
            return Reference(Meaning.DESCRIBED, described.group(), context.several)
        if context.one and not _has_antecedent(text, described):
            return Reference(Meaning.ONE, described.group(), context.one)
    plural = _PLURAL.search(text)
    if plural and not _has_antecedent(text, plural) and context.several:
        many = context.last is None or len(context.last.paper_ids) > 1
        people = re.match(r"they|their|them", plural.group(), re.I)  # may be the authors of the one paper
        if many or not people:
            return Reference(Meaning.SEVERAL, plural.group(), context.several)
        return Reference(Meaning.ONE, plural.group(), context.one)
    singular = _SINGULAR.search(text)
    if singular and not _has_antecedent(text, singular) and context.one:
        return Reference(Meaning.ONE, singular.group(), context.one)
    return None


def refers_back(text: str) -> bool:
    """Tell whether words of a question stand for something that was spoken of before."""
    patterns = (_TWO_COMPARED, _ORDINAL, _OTHER, _PLURAL, _SINGULAR, PERSON)
    return any((match := pattern.search(text)) and not _has_antecedent(text, match) for pattern in patterns)


def _places(text: str, papers: Sequence[str]) -> tuple[str, ...]:
    """Return the papers that a question names by their place in the answer before: "the first two", "the 9th one"."""
    chosen: list[str] = []
    for match in _ORDINAL.finditer(text):
        first = _place(next(filter(None, (match[name] for name in ("n", "k", "d", "r", "s")))))
        count = _HOW_MANY[match["count"].lower()] if match["count"] else 1
        chosen += papers[-count:] if first < 0 else papers[first : first + count]  # "the last two"
        if match["m"]:
            chosen += papers[_place(match["m"]) :][:1]
    return tuple(dict.fromkeys(chosen))


def _place(said: str) -> int:
    """Return the index that "third", "3rd" or "3" means; -1 for "last"."""
    word = said.lower()
    if word in _ORDINALS:
        return _ORDINALS.index(word)
    digits = re.match(r"\d+", word)
    return max(int(digits.group()) - 1, 0) if digits else 0 if word == "former" else -1


def _has_antecedent(question: str, pronoun: re.Match[str]) -> bool:
    """Tell whether a pronoun speaks of the question's own subject: "Why do dLLMs stop early, and what fixes it?"."""
    return len(content_words(question[: pronoun.start()])) >= _OWN_SUBJECT_WORDS
