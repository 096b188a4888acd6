"""Whether sentences can answer a question that wants more than its words: what something is, whether it is any good."""

import re
from collections.abc import Sequence

from assistant.text.abstract_sentences import AbstractSentence
from assistant.text.evidence import short_title
from assistant.text.plain_text import plain_text
from assistant.text.roles import Role, claims, reports_result
from assistant.text.words import content_words
from vectorstore.lexical import terms
from vectorstore.names import folded

_LONGEST_TERM = 3  # words of content; more say something of a thing, and do not only name it
_ASKS_WHAT = re.compile(r"^(?:so |and )?(?:what(?:['’]s| is| are| was| were)|define|explain)\b", re.I)
_OF = re.compile(r"\b(?:of|in|on|for|from|with|between|behind|about|to)\b", re.I)
_ASKS_WHETHER = re.compile(
    r"^(?:and |so )?(?:is|are|was|were|does|do|did|can|will)\b"
    r"(?P<subject>.*?)\b(?:use(?:ful|less)|better|worse|best|good|bad|effective|help(?:s|ful)?|harm(?:s|ful)?|hurts?|necessary|needed|worth|beneficial|reliable|faster|slower|cheaper|safe)\b",
    re.I,
)
_JUDGES = re.compile(
    r"\b(?:better|worse|best|outperform\w*|improv\w*|effective\w*|degrad\w*|helps?|harm\w*|hurts?|useful|beneficial"
    r"|superior|inferior|gains?|fail\w*|poor\w*|suffic\w*|necessary|faster|slower|comparable)\b",
    re.I,
)
_TO_THE_NAME = r"(?:(?!(?:for|of|to|on|in|with|from|that|which|by|using|and)\b)[\w-]+ ){0,3}"


def is_said_what(subject: str, sentences: Sequence[AbstractSentence]) -> bool:
    """Tell whether a title is about `subject`, or a sentence defines or introduces it.

    A single common word in a title, "attention", is not what its paper is about.
    """
    words = content_words(subject)
    for title in {plain_text(sentence.evidence.title) for sentence in sentences}:
        in_title = f" {' '.join(terms(subject))} " in f" {' '.join(terms(title))} "
        if in_title and (len(words) > 1 or folded(subject) == folded(short_title(title))):
            return True
    return any(_defines(subject, plain_text(sentence.text)) for sentence in sentences)


def _defines(subject: str, sentence: str) -> bool:
    x = rf"[\"“”'‘’]?{re.escape(subject.removesuffix('s'))}s?[\"“”'‘’]?(?: \([^)]*\))?"
    start = r"(?:^|[.:;,)] |\b(?:the|an?|of|that) )"
    return bool(
        re.search(
            rf"\b(?:term(?:ed)?|call(?:ed)?|dub(?:bed)?|named?|known as|refer(?:red)? to(?: it| this)? as) "
            rf"{_TO_THE_NAME}{x}"
            rf"|{start}{x},? (?:(?:is|are) (?:an?|the|one|defined|when|where|our)\b|refers? to|means|i\.e\.|that is"
            r"|(?:aims?|seeks?) to|consists? of|describes?)"
            rf"|{start}{x}(?:, (?:an?|the|which) |: )"
            rf"|(?<![\w@]){x},? (?:an? (?:[\w-]+ ){{1,4}}(?:that|which|where)|i\.e\.)"
            rf"|\b(?:introduc|propos|present|develop|defin|releas|build|creat)\w* {_TO_THE_NAME}{x}"
            r"(?=\W*$|[,.:;(]| (?:that|which|for|to|as|by|with|is|are)\b)"
            rf"|\({re.escape(subject)}\)",
            sentence,
            re.I,
        )
    )


def asks_what(question: str, subject: str) -> bool:
    """Tell whether a question wants to know what a thing is that it only names."""
    only_names = bool(_ASKS_WHAT.match(question.strip())) and not _OF.search(subject)
    return only_names and 0 < len(content_words(subject)) <= _LONGEST_TERM


def judging(question: str, sentences: Sequence[AbstractSentence]) -> list[AbstractSentence]:
    """Return the sentences that judge what a question like "Is X useful?" wants judged; all for other questions."""
    whether = _ASKS_WHETHER.match(question.strip())
    if whether is None:
        return list(sentences)
    asked = (content_words(whether["subject"]) or content_words(question)).keys()
    enough = len(asked) / 2
    return [sentence for sentence in sentences if len(asked & sentence.terms) >= enough and _judges(sentence)]


def _judges(sentence: AbstractSentence) -> bool:
    found = sentence.role is Role.RESULT or claims(sentence.text) or reports_result(sentence.text)
    return found or bool(_JUDGES.search(plain_text(sentence.text)))
