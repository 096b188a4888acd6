"""What "it", "those" and "the second one" mean after an earlier turn."""

import re
from collections.abc import Sequence
from dataclasses import fields, replace

from assistant.text.words import content_words
from assistant.planning.intents import LISTS, PAPERS, is_for_similar
from assistant.planning.query import Intent, Query, Turn
from assistant.planning.topics import topic_of
from vectorstore.filters import Filters

_PLURAL = re.compile(
    r"\b(?:those|these|them|they|their)\b|\bwhich ones?\b|\bwhich of\b"
    r"|^(?:and )?(?:are|is|do|does|have|has) (?:any|some|all)\b"
    rf"|^(?:and )?which (?:is|are|was|were|has|have)\b(?!.*\b{PAPERS}\b)(?! the (?:best|main|difference))"
    r"|^(?:and |just |only )*the (?:newest|latest|oldest|earliest|most recent|top|first|last)"
    r" (?:\d+|two|three|four|five)\W*$"
    r"|^(?:and )?the (?:newest|latest|oldest|earliest|most recent)\W*$|^sort\b"
    r"|^(?:and )?the (?:newest|latest|oldest|earliest|most recent) ones?\W*$",
    re.I,
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_PLACE = rf"(?:{'|'.join(_ORDINALS)}|last|\d{{1,2}}(?:st|nd|rd|th))"
_HOW_MANY = {"two": 2, "three": 3, "four": 4, "five": 5}
_ORDINAL = re.compile(
    rf"\bthe (?P<n>{_PLACE})(?:,? (?:and|with|to|from|or) (?:the )?(?P<m>{_PLACE}))?"
    rf"(?: (?P<count>{'|'.join(_HOW_MANY)}))?"
    r"(?: ones?| papers?)?(?: of (?:those|them|these))?"
    r"(?=\W*$|,|\s+(?:do|does|say|propose|written|by|appear|have|with|to|and|from|differ|compare|relate)\b)"
    rf"|\b(?P<k>{_PLACE}) one\b|\b(?:paper|number|reference|no\.?|#) ?(?P<d>\d{{1,2}})\b|\[(?P<r>\d{{1,2}})\]",
    re.I,
)
_SINGULAR = re.compile(
    r"\b(?:it|its|he|she|his|her)\b|\b(?:this|that|the|the same) (?:paper|method|approach|work|one|study"
    r"|framework|model"
    r"|idea|code|authors?|first author|abstract)\b(?! (?:on|about|by|of|that|which|from)\b)|^\W*(?:this|that)\W*$",
    re.I,
)
_TWO = r"(?:them|they|these|those|both|the two|the two papers|these two|those two|each other)"
_THEM_COMPARED = re.compile(
    rf"\b(?:compare|contrast) {_TWO}\b|\b(?:difference|differences|similarities) between {_TWO}\b"
    rf"|\bhow (?:do|are) {_TWO} (?:differ|compare|relate|different|related)\b|\bwhat do {_TWO} have in common\b",
    re.I,
)
_BY_ITS_AUTHORS = re.compile(
    rf"\bwhat else (?:did|do|has|have|does) (?:they|he|she|(?:the|its|these|those|their) authors?)\b"
    rf"|\b(?:other|more|further) {PAPERS} (?:by|of|from) (?:them|him|her"
    r"|(?:the same|the|its|these|those|their) authors?)\b",
    re.I,
)
_NARROWING = re.compile(
    r"^(?:and |but |now |show |keep )*(?:only|just|exclude|excluding|except|without|drop|remove|hide|leave out|not)\b",
    re.I,
)
_SET_AGAINST = re.compile(
    r"\b(?:better|worse|faster|slower|newer|older|different|cheaper|more \w+|less \w+|as \w+|same)\b"
    r".*\b(?:than|as|from)\b",
    re.I,
)
_ALL_OF_THEM = re.compile(r"^(?:and )?which (?:ones?|are they|are those|papers)\W*$", re.I)
# A question that is nothing but a filter or a topic, behind its preposition.
_BARE = re.compile(
    r"^(?:in|from|since|before|after|until|with|without|by|not|on|about|any (?:with|from|by|on|about|in)"
    r"|the ones|\d{4})\b",
    re.I,
)
_THOSE = re.compile(rf"\b(?:{PAPERS}|those|these|them)\b", re.I)
_PERSON = re.compile(r"\b(?:he|she|him|her|his|hers)\b", re.I)
_MORE_OF_IT = re.compile(r"^(?:and|what about|how about)\b", re.I)
_ELLIPTIC_COUNT = re.compile(r"^(?:and )?how many (?:are|were|of)\b", re.I)
_PRONOUN = re.compile(r"(?:it|this|that|this one|that one|this paper|that paper|the paper|them)", re.I)
_OWN_SUBJECT_WORDS = 3  # so many words of content before a pronoun are a subject of their own
_LISTS = (Intent.LIST, Intent.COUNT)
_OWN_SUBJECT = (Intent.LIST, Intent.COUNT, Intent.DEFINE, Intent.COMPARE)


def is_pronoun(words: str) -> bool:
    return bool(_PRONOUN.fullmatch(words.strip()))


def goes_on(query: Query) -> bool:
    """Tell whether a question only changes something of the one before: "and in 2025?", "what about DAPD?", "in LG"."""
    bare = query.intent in _LISTS and _BARE.match(query.question) and not _THOSE.search(query.question)
    return bool(_MORE_OF_IT.match(query.question) or bare)


def speaks_of_a_person(query: Query) -> bool:
    """Tell whether a list is wanted by "her" or "him", an author of the question before."""
    return query.intent in LISTS and bool(_PERSON.search(query.question)) and not query.filters.authors


def continued(query: Query, before: Query) -> Query:
    """Return a query that goes on from `before` as that question, put anew with the other filter, topic or paper."""
    if speaks_of_a_person(query) and before.filters.authors:
        authors = before.filters.authors[:1]
        filters = replace(query.filters, authors=authors)
        return replace(query, filters=filters, topic=topic_of(_PERSON.sub(" ", query.topic)), from_before=True)
    if query.subjects and before.intent in (Intent.AUTHORS, Intent.DATE):
        return replace(query, intent=before.intent)
    if query.intent not in _LISTS or before.intent not in LISTS or not goes_on(query):
        return query
    if query.filters and not query.topic:
        said = {field.name: value for field in fields(Filters) if (value := getattr(query.filters, field.name))}
        kept = tuple(excluded for excluded in before.filters.excluding if excluded != query.filters)
        return replace(
            query,
            intent=before.intent,
            filters=replace(before.filters, **{"excluding": kept, **said}),
            topic=before.topic,
            text=before.text,
            asked=before.asked,
            from_before=True,
        )
    if query.topic and not query.filters and before.filters and not _ORDINAL.search(query.question):
        return replace(query, intent=before.intent, filters=before.filters, from_before=True)
    return query


def in_context(query: Query, history: Sequence[Turn]) -> Query:
    """Return the query with the papers that it refers to from the turns before."""
    told = [turn for turn in history if turn.paper_ids]  # talk, and what found nothing, refers to nothing
    if query.unknown_author or query.from_before or not told:
        return query
    before, several = told[-1], next((turn for turn in reversed(told) if len(turn.paper_ids) > 1), told[-1])
    history = told
    if compared := _compared(query, history):
        return replace(query, intent=Intent.COMPARE, subjects=compared, operands=(), from_before=True)
    main = before.paper_ids[:1]
    places = _named_places(query.question, several)
    if is_for_similar(query.question) and not query.similar_to and (places or not query.topic):
        return replace(query, similar_to=places[:1] or main, topic="", from_before=True)
    if _BY_ITS_AUTHORS.search(query.question):
        return replace(query, intent=Intent.LIST, topic="", text=before.topic, authors_of=main, from_before=True)
    if query.intent is Intent.COMPARE and any(map(is_pronoun, query.operands)):
        return replace(query, subjects=main + query.subjects, from_before=True)
    if query.subjects:
        return query
    if places:
        return _about(query, places, said=_ORDINAL.search(query.question))
    plural = _PLURAL.search(query.question)
    if (
        (plural and not _has_antecedent(query.question, plural))
        or _ELLIPTIC_COUNT.search(query.question)
        or _NARROWING.search(query.question)
    ):
        return _among(query, several)
    singular = _SINGULAR.search(query.question)
    if singular and query.intent is not Intent.LIST and not _has_antecedent(query.question, singular):
        return _about(query, main, said=singular)
    if query.intent not in _OWN_SUBJECT and not query.filters and len(content_words(query.question)) <= 1:
        return _about(query, main, said=None)  # "Why?", "Is there code?"
    return query


def _compared(query: Query, history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the papers that are set against each other, if that is asked and some of them come from before."""
    question = query.question
    before = next((turn for turn in reversed(history) if len(turn.paper_ids) > 1), history[-1])
    if _THEM_COMPARED.search(question) and len(both := _two_papers(history)) == 2:
        return both
    asked = query.intent is Intent.COMPARE or bool(
        _SET_AGAINST.search(question) or question.lower().startswith("compare")
    )
    together = tuple(dict.fromkeys(_named_places(question, before) + query.subjects))
    if asked and len(together) > 1 and _named_places(question, before):
        return together
    if query.subjects and _SET_AGAINST.search(question) and _SINGULAR.search(question):
        return tuple(dict.fromkeys(history[-1].paper_ids[:1] + query.subjects))
    return ()


def _named_places(question: str, before: Turn) -> tuple[str, ...]:
    """Return the papers that a question names by their place in the answer before: "the first two", "the 9th one"."""
    chosen: list[str] = []
    for match in _ORDINAL.finditer(question):
        first = _place(next(filter(None, (match[name] for name in ("n", "k", "d", "r")))))
        count = _HOW_MANY[match["count"].lower()] if match["count"] else 1
        if first < 0:  # "the last two"
            chosen += before.paper_ids[-count:]
        else:
            chosen += before.paper_ids[first : first + count]
        if match["m"]:
            second = _place(match["m"])
            chosen += before.paper_ids[second:][:1]
    return tuple(dict.fromkeys(chosen))


def _place(said: str) -> int:
    """Return the index that "third", "3rd" or "3" means; -1 for "last"."""
    if said.lower() in _ORDINALS:
        return _ORDINALS.index(said.lower())
    digits = re.match(r"\d+", said)
    return max(int(digits.group()) - 1, 0) if digits else -1


def _has_antecedent(question: str, pronoun: re.Match[str]) -> bool:
    """Tell whether a pronoun speaks of the question's own subject: "Why do dLLMs stop early, and what fixes it?"."""
    return len(content_words(question[: pronoun.start()])) >= _OWN_SUBJECT_WORDS


def _two_papers(history: Sequence[Turn]) -> tuple[str, ...]:
    """Return the two papers spoken of last: those of the last turn, or of the last two turns."""
    last = history[-1].paper_ids
    if len(last) > 1:
        return last[:2]
    return tuple(dict.fromkeys(turn.paper_ids[0] for turn in history[-2:] if turn.paper_ids))


def _about(query: Query, paper_ids: tuple[str, ...], *, said: re.Match[str] | None) -> Query:
    """Return the query as one about these papers; `said` are the words that refer to them."""
    intent = Intent.DEFINE if query.intent is Intent.LIST else query.intent
    asked = " ".join(query.question.replace(said.group(), " ", 1).split()) if said else query.question
    return replace(query, asked=asked, intent=intent, subjects=paper_ids, from_before=True, limit=None, order=None)


def _among(query: Query, before: Turn) -> Query:
    """Return the query limited to the papers of the turn before."""
    wanted = (
        bool(query.filters or query.order) or _NARROWING.search(query.question) or _ALL_OF_THEM.match(query.question)
    )
    intent = Intent.LIST if wanted and query.intent is Intent.FACT else query.intent
    rest = _ALL_OF_THEM.sub(" ", _NARROWING.sub(" ", _PLURAL.sub(" ", query.topic)))
    topic = topic_of(rest) if intent in _LISTS else query.topic
    filters = replace(query.filters, paper_ids=before.paper_ids)
    return replace(query, intent=intent, topic=topic, text=topic or before.topic, filters=filters)
