"""Question and history -> Query. Deterministic: no model is asked."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.text.words import content_words
from assistant.planning.decisions_asked import decision_asked
from assistant.planning.followups import continued, goes_on, in_context, speaks_of_a_person
from assistant.planning.intents import LISTS, PAPERS, intent_of, is_for_similar, operands_of, talk_of
from assistant.planning.named_filters import NamedFilters, named_filters
from assistant.planning.query import Intent, Query, Turn
from assistant.planning.topics import (
    excluded_topics,
    limit_of,
    looked_up,
    order_of,
    topic_of,
    topic_of_section,
    topic_of_work,
)
from assistant.planning.vocabulary import Vocabulary, without
from vectorstore.errors import QuestionError
from vectorstore.filters import Filters
from vectorstore.lexical import terms

MAX_CHARACTERS = 4000
_TAG = re.compile(r"</?(?:a|b|i|u|p|br|em|strong|span|div|script|style|img|h\d)(?:\s[^>]*)?/?>", re.I)  # not "<eos>"
_LEADING_IN = re.compile(
    r"^(?:(?:thanks?|thank you|ok(?:ay)?|well|great|hi|hello|hey|sorry|one more(?: thing| question)?|another question"
    r"|(?:a )?quick question|so|now|right|yes|no)\s*[,.!:;–-]+\s*)+(?=\S)",
    re.I,
)
_GOING_ON = re.compile(r"^(?:and|what about|how about)\s+(?=\S)", re.I)
# Where a question that wants no list speaks of some papers: "What do the papers from 2025 say about ..."
_OF_PAPERS = re.compile(rf"\b{PAPERS}\b(?! (?:propose|about|on)\b)", re.I)
_BY_ITS_AUTHORS = re.compile(r"\bby (?:the )?(?:same )?(?:authors?|people) (?:of|as|who wrote)\b", re.I)
_REFERS = re.compile(r"\b(?:it|this|that|them|these|those|similar|him|her|his|he|she)\b", re.I)
_WRITTEN = (Intent.FACT, Intent.FIGURE, Intent.DEFINE)
_TOPICS = {
    Intent.AUTHOR_SUMMARY: topic_of_work,
    Intent.COAUTHORS: topic_of_work,
    Intent.RELATED_WORK: topic_of_section,
}
_LOOKED_UP = (Intent.AUTHORS, Intent.DATE, Intent.CODE)


def cleaned(question: str) -> str:
    """Return the question without control characters and superfluous white space.

    Raises QuestionError if nothing is left, or if it is longer than MAX_CHARACTERS.
    """
    if len(question) > MAX_CHARACTERS:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {MAX_CHARACTERS:,} are read. Ask it more briefly."
        )
    text = " ".join("".join(c if c.isprintable() else " " for c in question).split())
    if not text:
        raise QuestionError("The question is empty; type what you want to know.")
    return text


def understood(
    question: str, vocabulary: Vocabulary, *, history: Sequence[Turn] = (), today: date | None = None
) -> Query:
    """Return what `question` asks, in the light of the earlier turns."""
    question = cleaned(question)
    if talk := talk_of(question):
        return Query(question, question, question, "", talk)
    if decision := decision_asked(question, vocabulary.people, vocabulary.papers_in):
        return Query(question, question, question, "", Intent.DECISION, decision=decision)
    query = _standalone(question, vocabulary, today or date.today())
    if not history:
        return query
    if goes_on(query) or speaks_of_a_person(query):
        before = understood(history[-1].question, vocabulary, history=history[:-1], today=today)
        query = continued(query, before)
    return in_context(query, history)


def _standalone(question: str, vocabulary: Vocabulary, today: date) -> Query:
    text = _TAG.sub(" ", _LEADING_IN.sub("", question)).strip(" ?.!") or question
    text = _GOING_ON.sub("", text)
    named = named_filters(text, vocabulary, today=today)
    filters, subjects = named.filters, named.papers
    if not (filters or subjects or named.unknown_author or named.namesakes or terms(text)):
        raise QuestionError(f"“{text}” names nothing to look for; ask about a topic, a paper or an author.")
    by_author = bool(filters.authors or named.unknown_author or named.namesakes)
    intent = intent_of(text, filtered=bool(filters), by_author=by_author, names_paper=bool(subjects))
    if intent in _WRITTEN and filters and not (subjects or topic_of(named.rest)):
        intent = Intent.LIST  # nothing is asked of the papers by X: they themselves are meant
    if intent in LISTS:
        return _list_query(question, text, intent, named)
    if not _OF_PAPERS.search(text):
        # "Is there code for X?" and "the role of memory in AI" ask for something; they do not choose papers.
        filters = replace(filters, has_code=None, category=None, any_of=(), also=())
    if filters == named.filters:
        text = named.rest  # what became a filter is not searched for
    if subjects:
        filters = replace(filters, authors=())
    if subjects or intent is Intent.DATE:
        filters = replace(filters, since=None, until=None)
    return Query(
        question,
        text=looked_up(text) if intent in _LOOKED_UP and not subjects else text,
        asked=without(text, named.paper_words),
        topic=text,
        intent=intent,
        filters=filters,
        subjects=subjects,
        operands=operands_of(text) if intent is Intent.COMPARE else (),
        namesakes=named.namesakes,
        corrections=named.corrections,
    )


def _list_query(question: str, text: str, intent: Intent, named: NamedFilters) -> Query:
    rest, excluded = excluded_topics(named.rest)
    saying = tuple(Filters(saying=topic) for topic in excluded)
    authors = (*named.filters.authors, *filter(None, [named.unknown_author]))  # whom nobody knows wrote nothing
    filters = replace(named.filters, authors=authors, excluding=named.filters.excluding + saying)
    similar_to = named.papers if is_for_similar(text) else ()
    topic = "" if similar_to else _TOPICS.get(intent, topic_of)(rest)
    return Query(
        question,
        text=topic or text,
        asked=topic or text,
        topic=topic,
        intent=intent,
        filters=filters,
        order=order_of(named.rest),
        limit=limit_of(named.rest),
        authors_of=named.papers[:1] if _BY_ITS_AUTHORS.search(text) else (),
        similar_to=similar_to,
        unknown_author=named.unknown_author,
        namesakes=named.namesakes,
        corrections=named.corrections,
    )


def asks_nothing(query: Query) -> bool:
    """Tell whether a question names nothing to look for, and refers to nothing: "who wrote it?" as the first one."""
    if query.subjects or query.similar_to or query.authors_of or query.filters or query.unknown_author:
        return False
    if query.intent in LISTS:
        return not query.topic and bool(_REFERS.search(query.question))
    return not (query.namesakes or content_words(query.text))
