"""The sentences of an abstract -> those selected to be told of its paper, the best first."""

import re
from collections.abc import Sequence, Set

from assistant.manuscripts.referring_expressions import OwnWork
from assistant.text.abstract_sentences import AbstractSentence, by_contribution
from assistant.text.evidence import short_title, shown_title
from assistant.text.sentence_roles import Role, claims, contributes, is_own, presents, reports_result
from vectorstore.papers.coined_names import names_coined_in

_EMPTY_PRAISE = re.compile(
    r"\b(?:extensive|comprehensive|thorough) (?:\w+ )?(?:experiments?|evaluations?)\b(?!.*\d)"
    r"|\b(?:effectiveness|superiority|potential|promis\w*|state-of-the-art|new (?:baseline|standard)|paves?|paving"
    r"|insights?"
    r"|future|highlight|hope|aim to|advantage|position|will)\b",
    re.I,
)
# "Experiments demonstrate the effectiveness of the method", "extensive experiments are conducted": of any paper.
_SAYS_NOTHING = re.compile(
    r"\b(?:demonstrat|validat|confirm|show|verif|highlight|support)\w* (?:the |its |their |our )?(?:[\w-]+ ){0,2}"
    r"(?:effectiveness|superiority|efficacy|superior|potential|results?|claims?|findings?|theory|analysis|advantages?)\b"
    r"|\bestablish(?:es|ing)? an? (?:crucial|new|strong|solid|robust) (?:benchmark|foundation|baseline|standard)\b"
    r"|\bsuperior performance\b|\bexperiments? (?:\w+ )?(?:are|were|is) conducted\b"
    r"|\bwe (?:\w+ )?(?:conduct|perform)(?:ed)? (?:(?:extensive|comprehensive|thorough|empirical|qualitative|and"
    r"|quantitative) )+(?:experiments?|evaluations?|analys[ie]s)\b",
    re.I,
)
_MEASURED = re.compile(r"(?<![\w-])\d[\d.,]*(?:%|x|×|\b)(?![\w-])")  # not the digits of "Dens3R" or "3D"
_TROUBLE = re.compile(
    r"\b(?:struggle|suffer|lack|fail)s?\b|\bremains? (?:\w+ly )?(?:challenging|unclear|limited|difficult)\b"
)
_OF_OTHERS = re.compile(r"(?:Conventional|Traditional|Existing|Previous|Prior|Current|Most|Many|Recent|Common)\b", re.I)
_CONTRASTS = re.compile(
    r"\b(?:unlike|in contrast (?:to|with)|compared (?:to|with)|rather than|instead of|whereas|existing|prior"
    r"|previous)\b",
    re.I,
)
_RELEASES = re.compile(r"\bwe (?:\w+ly |also )?(?:release|open-source)\b", re.I)
_IS_PRESENTED = re.compile(
    r"\b(?:is|are|was|were|been) (?:\w+ly )?(?:propos|introduc|present|develop|design|describ|releas)", re.I
)
_BARE = 9  # words
_MOST_TRIED = 10  # sentences of an abstract that are tried for one place


def first_choices(sentences: Sequence[AbstractSentence]) -> list[AbstractSentence]:
    """Return the sentences that say what a paper does; background only where an abstract has nothing else."""
    own = [one for one in sentences if one.role in (Role.METHOD, Role.RESULT)]
    ranked = by_contribution(own) if own else sorted(sentences, key=_without_we)
    ranked = ranked[:_MOST_TRIED]
    # "We introduce X." says too little, and what is released is not what the paper is about.
    return sorted(ranked, key=lambda one: len(one.text.split()) < _BARE or bool(_RELEASES.search(one.text)))


def background_choices(sentences: Sequence[AbstractSentence]) -> list[AbstractSentence]:
    """Return the sentences that say what a paper starts from, for one whose own sentences cannot be told."""
    found = [one for one in sentences if one.role in (Role.BACKGROUND, Role.PROBLEM)]
    return sorted(found, key=lambda one: one.role is Role.BACKGROUND)[:_MOST_TRIED]


def says_what_it_does(sentence: AbstractSentence) -> bool:
    """Tell whether a sentence says what its paper does, finds or presents."""
    text = sentence.text
    return (contributes(text) or presents(text) or claims(text)) and not (_RELEASES.search(text) or _is_empty(text))


def _without_we(sentence: AbstractSentence) -> tuple[int, int]:
    """Return where a sentence ranks in an abstract that never says "we": what is presented, what names it, the end."""
    if _IS_PRESENTED.search(sentence.text):
        return 0, sentence.position
    named = short_title(shown_title(sentence.evidence.title)) in sentence.text
    return (1, sentence.position) if named else (2, -sentence.position)


def later_choices(
    sentences: Sequence[AbstractSentence], first: AbstractSentence, others: Set[str] = frozenset()
) -> list[AbstractSentence]:
    """Return the sentences that say most beside the first: a result with figures, a finding, then how it works.

    Before these come those that say how papers relate: that name what one of the `others` in the text has coined, and
    in related work those that set the paper off from what was there.
    """
    related = not isinstance(first.evidence, OwnWork)
    return sorted(
        (one for one in sentences if one.position > first.position and _says_more(one)),
        key=lambda one: (
            not any(_names(one.text, name) for name in others),
            bool(_EMPTY_PRAISE.search(one.text)) and not one.has_figure,
            not (related and _CONTRASTS.search(one.text) and presents(one.text)),
            not (one.role is Role.RESULT and (one.has_figure or claims(one.text))),
            contributes(one.text),
            not reports_result(one.text),
            not (related and _CONTRASTS.search(one.text)),
            one.position,
        ),
    )[:_MOST_TRIED]


def _names(text: str, name: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text))


def _says_more(sentence: AbstractSentence) -> bool:
    """Tell whether a sentence adds something of its paper to what was told: no praise, no words on others."""
    text = sentence.text
    on_others = _OF_OTHERS.match(text) or (_TROUBLE.search(text) and not is_own(text) and not _coined_in(sentence))
    return sentence.role in (Role.METHOD, Role.RESULT) and not _is_empty(text) and not on_others


def _is_empty(text: str) -> bool:
    """Tell whether a sentence praises without a figure."""
    praise = _SAYS_NOTHING.search(text)
    return bool(praise) and not _MEASURED.search(text, praise.end() if praise else 0)


def _coined_in(sentence: AbstractSentence) -> bool:
    return any(_names(sentence.text, name) for name in names_coined_in(sentence.evidence.text))
