"""A topic as it was typed -> the words to search for, and the filters and papers that it names."""

from dataclasses import replace

from assistant.manuscripts.related_papers import Wanted
from assistant.planning.query import Intent
from assistant.planning.question import understood
from assistant.planning.vocabulary import Vocabulary
from vectorstore.errors import QuestionError

_SHOWN = 80  # characters of a topic in an error
_ASKED = "Write a related work section about {}"


def as_meant(wanted: Wanted, vocabulary: Vocabulary) -> Wanted:
    """Return what is wanted, its topic read as the chat reads it: "machine unlearning since 2025", an author's name, a
    paper's title. Raises QuestionError if the topic names nothing."""
    query = understood(_ASKED.format(wanted.topic), vocabulary)
    if query.intent is not Intent.RELATED_WORK:  # words of the topic ask for something else
        return wanted
    if not (query.topic or query.filters or query.similar_to):
        asked = wanted.topic if len(wanted.topic) <= _SHOWN else f"{wanted.topic[:_SHOWN]} …"
        raise QuestionError(f"“{asked}” names nothing to look for; give a topic, a paper or an author.")
    return replace(wanted, topic=query.topic, filters=query.filters, like=query.similar_to, asked=wanted.topic)
