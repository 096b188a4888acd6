"""A topic as it was typed -> the words to search for, and the filters and papers that it names."""

from dataclasses import dataclass, replace
from datetime import date

from assistant.planning.named_filters import named_filters
from assistant.planning.topics import excluded_topics, topic_of
from assistant.planning.vocabulary import Vocabulary, without
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import QuestionError

_SHOWN = 80  # characters of a topic in an error


@dataclass(frozen=True, slots=True)
class TopicNamed:
    """What a topic names: words that are searched for, filters, and papers that it is about, by id."""

    topic: str
    filters: Filters
    papers: tuple[str, ...]


def topic_named(text: str, vocabulary: Vocabulary) -> TopicNamed:
    """Return what a topic names: "machine unlearning since 2025", an author's name, a paper's title.

    Raises QuestionError if it names nothing.
    """
    named = named_filters(text, vocabulary, today=date.today())
    rest, excluded = excluded_topics(without(named.rest, named.paper_words))
    excluding = named.filters.excluding + tuple(Filters(saying=one) for one in excluded)
    topic, filters = topic_of(rest), replace(named.filters, excluding=excluding)
    if not (topic or filters or named.papers):
        asked = text if len(text) <= _SHOWN else f"{text[:_SHOWN]} …"
        raise QuestionError(f"“{asked}” names nothing to look for; give a topic, a paper or an author.")
    return TopicNamed("" if named.papers else topic, filters, named.papers)
