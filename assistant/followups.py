"""What "it", "those" and "the second one" mean after an earlier turn."""

import re
from dataclasses import replace

from assistant.query import Intent, Query, Turn
from assistant.topics import topic_of
from assistant.words import content_words

_PLURAL = re.compile(r"\b(?:those|these|them|they|their)\b|\bwhich ones?\b|\bwhich of\b", re.I)
_PLACES = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_PLACE = "|".join(_PLACES)
_ORDINAL = re.compile(
    rf"\bthe (?P<n>{_PLACE})(?: one| paper| of (?:those|them|these))?(?=\W*$|\s+(?:do|say|propose|written|by"
    rf"|appear|have)\b)"
    rf"|\b(?P<k>{_PLACE}) one\b",
    re.I,
)
_SINGULAR = re.compile(
    r"\b(?:it|its|he|she|his|her)\b|\b(?:this|that|the|the same) (?:paper|method|approach|work|one|study"
    r"|framework|model"
    r"|idea|code|authors?|first author|abstract)\b(?! (?:on|about|by|of|that|which|from)\b)|^\W*(?:this|that)\W*$",
    re.I,
)
_PRONOUN = re.compile(r"(?:it|this|that|this one|that one|this paper|that paper|the paper|them)", re.I)
_OWN_SUBJECT = (Intent.LIST, Intent.COUNT, Intent.DEFINE, Intent.COMPARE)


def is_pronoun(words: str) -> bool:
    return bool(_PRONOUN.fullmatch(words.strip()))


def in_context(query: Query, before: Turn) -> Query:
    """Return the query with the papers that it refers to from the turn before."""
    if query.unknown_author or not before.paper_ids:
        return query
    main = before.paper_ids[:1]
    if query.intent is Intent.COMPARE and any(map(is_pronoun, query.operands)):
        return replace(query, subjects=main + query.subjects, from_before=True)
    if query.subjects:
        return query
    if ordinal := _ORDINAL.search(query.question):
        place = _PLACES[(ordinal["n"] or ordinal["k"]).lower()]
        if place < len(before.paper_ids):
            return _about(query, (before.paper_ids[place],), said=ordinal.group())
    if _PLURAL.search(query.question):
        return _among(query, before)
    if (singular := _SINGULAR.search(query.question)) and query.intent is not Intent.LIST:
        return _about(query, main, said=singular.group())
    if query.intent not in _OWN_SUBJECT and not query.filters and len(content_words(query.question)) <= 1:
        return _about(query, main, said="")  # "Why?", "Is there code?"
    return query


def _about(query: Query, paper_ids: tuple[str, ...], *, said: str) -> Query:
    """Return the query as one about these papers; `said` are the words that refer to them."""
    intent = Intent.DEFINE if query.intent is Intent.LIST else query.intent
    asked = " ".join(query.question.replace(said, " ", 1).split()) if said else query.question
    return replace(query, asked=asked, intent=intent, subjects=paper_ids, from_before=True, limit=None, order=None)


def _among(query: Query, before: Turn) -> Query:
    """Return the query limited to the papers of the turn before."""
    intent = Intent.LIST if query.filters and query.intent is Intent.FACT else query.intent
    topic = topic_of(_PLURAL.sub(" ", query.topic)) if intent in (Intent.LIST, Intent.COUNT) else query.topic
    filters = replace(query.filters, paper_ids=before.paper_ids)
    return replace(query, intent=intent, topic=topic, text=topic or before.topic, filters=filters)
