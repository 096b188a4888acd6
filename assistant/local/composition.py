"""Question, form and evidence -> an answer made of the evidence's own sentences, in the third person, each cited.

This is what the local model writes. It invents nothing: every sentence is one of an abstract, its subject renamed.
"""

from collections.abc import Iterator, Sequence

from assistant.local.answerable import asks_what, is_said_what, judging
from assistant.local.comparison import comparison
from assistant.local.selection import closest, defined_subject, definition
from assistant.text.abstract_sentences import AbstractSentence, abstract_sentences
from assistant.text.evidence import Evidence, cited
from assistant.text.rewriting import third_person

NOT_IN_THE_LIBRARY = "NOT IN THE LIBRARY"


def composed_answer(question: str, form: str, evidence: Sequence[Evidence]) -> Iterator[str]:
    """Yield the answer piece by piece: sentences that end in " [n].", or the lines of a table."""
    sentences = [sentence for item in evidence for sentence in abstract_sentences(item)]
    if not sentences:
        yield NOT_IN_THE_LIBRARY
    elif form == "compare" and len({item.title for item in evidence}) > 1:
        yield from comparison(evidence[0], next(item for item in evidence if item.title != evidence[0].title))
    elif form == "define":
        subject = defined_subject(question)
        one_paper = len({item.title for item in evidence}) == 1  # the one that the question names
        if asks_what(question, subject) and not (one_paper or is_said_what(subject, sentences)):
            yield NOT_IN_THE_LIBRARY
        else:
            yield from _prose(definition(question, sentences))
    else:
        telling = judging(question, sentences)
        chosen = closest(question, telling, wants_figure=form == "figure") if telling else []
        yield from _prose(chosen) if chosen else [NOT_IN_THE_LIBRARY]


def _prose(sentences: Sequence[AbstractSentence]) -> Iterator[str]:
    """Yield the sentences in the third person; authors are named where a paper is first mentioned."""
    named: set[int] = set()
    written: set[str] = set()
    last = None
    for sentence in sentences:
        number = sentence.evidence.number
        # After another paper came between, "they" would be the wrong authors.
        rewritten = third_person(
            sentence.text,
            source=sentence.evidence.source,
            named=number in named and last == number,
            abstract=sentence.evidence.text,
        )
        if rewritten not in written:
            yield cited(rewritten, number) + " "
        named.add(number)
        written.add(rewritten)
        last = number
