"""A long sentence -> the same up to the end of a clause; and whether a sentence can be read as it stands."""

import re
from collections.abc import Iterator

from assistant.rewriting import dangles

LONGEST = 45  # words
_SHORTEST = 8
_FINITE = (
    r"(?:is|are|was|were|has|have|can|shows?|demonstrates?|achieves?|improves?|provides?|reveals?|enables?|establish(?:es)?"
    r"|introduces?|evaluates?|validates?|propose|develop|design|present|find|conduct|outperforms?|reduces?|prove|analyze"
    r"|release|construct|apply|investigate|examine|discuss|offers?|explore|identify|highlights?|uses?|confirms?|suggest)"
)
# Behind one of these stands what a sentence can do without.
_BOUNDARY = re.compile(
    rf"; |, (?:which|where|while|whereas|enabling|allowing|making|leading|resulting|thereby|thus|achieving|demonstrating"
    r"|showing|providing|ensuring|improving|outperforming|reducing|yielding|facilitating|highlighting|offering|suggesting"
    r"|revealing|establishing|with|without|even|especially|particularly|including|such as|using|as well as|but|so that|so"
    r"|because|since|although|though|rather than|surpassing|supporting|indicating|underscoring|capturing|exceeding|paving"
    r"|eliminating|preserving|maintaining|requiring|addressing|followed by|driven by|based on|i\.e\.|e\.g\.)\b"
    rf"|(?:,| –|:) and (?:thus |then |also |further |they |it |their \w+ )?{_FINITE}\b|, and (?:they|it|their|this)\b|: | – "
    rf"|,? and (?:they |further |then |also )?{_FINITE}\b| while | whereas "
)
# Words that promise something that a cut would take away.
_PROMISES = re.compile(
    r"\b(?:both|either|neither|not only|not just|between|(?:the )?following|as follows|(?:two|three|four|five|several"
    r"|key) (?:\w+ )?(?:components?|stages?|steps?|modules?|challenges?|contributions?|aspects?|parts?|questions?"
    r"|phases?|ideas?|designs?|tasks?|dimensions?|types|innovations?|principles?|paradigms?))\b(?![^.]* and )",
    re.I,
)
_FIRST_PERSON = re.compile(r"(?<![\w.])(?:we|our|ours|ourselves|us|I|my|me|mine)(?![\w.])", re.I)
_LATEX = re.compile(r"[$\\{}]|\^|(?<=\w)_(?=\w)|~|``|''|<[a-z/]|\*\*|\[\d")
_NEEDS_CONTEXT = re.compile(
    r"^(?:However|Moreover|Furthermore|Additionally|Also|Another|Others?|Second|Third|Finally|Therefore|Thus|Hence|Instead"
    r"|Then|Next|Further|Again|Besides|Consequently|Meanwhile|Otherwise|Similarly|Such|Both|The (?:former|latter|second|third"
    r"|other|same|resulting|above)|In contrast|As a result|In addition|For (?:example|instance)|And|But|Or|Nor|So|Yet|By"
    r" doing so|In doing so|To (?:this|that) end)\b",
)
_LEANS = re.compile(
    r"\b(?:this|these|that|those|such) (?:end|issue|problem|gap|challenge|limitation|question|context|regard|purpose|way)s?\b"
    r"|\b(?:above|aforementioned|former|latter|as follows|the following)\b|\(\d\)|\((?:i{1,3}|iv|v|a|b|c)\)|\bsee (?:fig|sec)"
    r"|\brespectively\b(?=.*;)|\bRQ\d|\?$|https?:|\b(?:first|second)ly\b",
    re.I,
)
_ENDS_OPEN = re.compile(
    r"\b(?:and|or|of|the|a|an|to|in|on|by|with|for|from|that|which|as|than|is|are|e\.g|i\.e|both|via|namely|including|such)$"
)
_PAIRS = (("(", ")"), ("“", "”"), ("[", "]"))


def within_length(sentence: str, *, longest: int = LONGEST) -> Iterator[str]:
    """Yield a sentence, or if it has more words than `longest` what it says up to the end of a clause, longest first."""
    if len(sentence.split()) <= longest:
        yield sentence
        return
    without = _without_remarks(sentence)
    if without != sentence and len(without.split()) <= longest:
        yield without
    for text in (sentence, without):
        for match in reversed(list(_BOUNDARY.finditer(text))):
            head = text[: match.start()].rstrip(" ,;:–")
            if _SHORTEST <= len(head.split()) <= longest and is_balanced(head) and not _PROMISES.search(head):
                yield f"{head}."


def _without_remarks(sentence: str) -> str:
    """Return a sentence without "(e.g., ...)" and other remarks in brackets, of which acronyms are none."""
    return re.sub(r" \([^()]*[ ,][^()]*\)", lambda match: "" if not re.search(r"\d{4}", match.group()) else match.group(), sentence)


def is_balanced(text: str) -> bool:
    return all(text.count(one) == text.count(other) for one, other in _PAIRS) and text.count('"') % 2 == 0


def is_readable(sentence: str, *, opens: bool = False) -> bool:
    """Tell whether a sentence, without its markers, reads as a whole one that somebody else wrote.

    `opens`: nothing before it can be meant by "they" or "their".
    """
    words = sentence.split()
    return (
        _SHORTEST <= len(words) <= LONGEST
        and is_balanced(sentence)
        and not sentence[0].islower()
        and not any(map(_outside_quotations(sentence).__contains__, ("\n", "  ")))
        and not _FIRST_PERSON.search(_outside_quotations(sentence).replace("US ", " "))
        and not _LATEX.search(sentence)
        and not _NEEDS_CONTEXT.match(sentence)
        and not _LEANS.search(sentence)
        and not (opens and re.match(r"(?:They|Their|It|Its)\b", sentence))
        and not dangles(re.sub(r"^(?:They|Their)\b", "The authors", sentence))
        and not _ENDS_OPEN.search(sentence.rstrip(". "))
    )


def _outside_quotations(text: str) -> str:
    return re.sub(r"“[^”]*”|\"[^\"]*\"", "", text)
