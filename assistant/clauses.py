"""A long sentence -> the same up to the end of a clause; and whether a sentence can be read as it stands."""

import re
from collections.abc import Iterator

from assistant.rewriting import dangles
from vectorstore.lexical import terms

LONGEST = 45  # words
_SHORTEST = 8
_FINITE = (
    r"(?:is|are|was|were|has|have|can|shows?|demonstrates?|achieves?|improves?|provides?|reveals?|enables?|establish(?:es)?"
    r"|introduces?|evaluates?|validates?|propose|develop|design|present|find|conduct|outperforms?|reduces?|prove|analyze"
    r"|release|construct|apply|investigate|examine|discuss|offers?|explore|identify|highlights?|uses?|confirms?|suggest)"
)
# Behind one of these stands what a sentence can do without.
_BOUNDARY = re.compile(
    rf"; |, (?:\w+ly )?(?:which|where|while|whereas|enabling|allowing|making|leading|resulting|thereby|thus|achieving|demonstrating"
    r"|showing|providing|ensuring|improving|outperforming|reducing|yielding|facilitating|highlighting|offering|suggesting"
    r"|revealing|establishing|with|without|even|especially|particularly|including|such as|using|as well as|but|so that|so"
    r"|because|since|although|though|rather than|surpassing|supporting|indicating|underscoring|capturing|exceeding|paving"
    r"|eliminating|featuring|covering|consisting|comprising|organizing|investigating|guiding|effectively|allowing|in order to|to|preserving|maintaining|requiring|addressing|followed by|driven by|based on|i\.e\.|e\.g\.)\b"
    rf"|(?:,| –|:) and (?:thus |then |also |further |they |it |their \w+ )?{_FINITE}\b|, and (?:they|it|their|this)\b|: | – "
    r"|,? (?:designed |aiming |aimed |in order )?to (?:\w+ly )?(?:address|resolve|overcome|bridge|tackle|mitigate|explore|fill|solve"
    r"|alleviate|handle|close|achieve|remedy) (?:this|these|such)\b"
    rf"|,? and (?:they |further |then |also )?{_FINITE}\b| while | whereas "
)
# Words that promise something that a cut would take away.
_PROMISES = re.compile(
    r"\b(?:both|either|neither|not only|not just|between|(?:the )?following|as follows|(?:two|three|four|five|several"
    r"|key) (?:\w+ )?(?:components?|stages?|steps?|modules?|challenges?|contributions?|aspects?|parts?|questions?"
    r"|phases?|ideas?|designs?|tasks?|dimensions?|types|innovations?|principles?|paradigms?))\b(?![^.]* and )",
    re.I,
)
_FIRST_PERSON = re.compile(r"(?<![\w.])(?:[Ww]e|[Oo]urs?|[Oo]urselves|us|I|[Mm]y|[Mm]e|mine)(?![\w.])")
_LATEX = re.compile(r"[$\\{}`^~]|(?<=\w)_(?=\w)|''|<[a-z/]|\*\*|\[\d")
_NEEDS_CONTEXT = re.compile(
    r"(?:However|Moreover|Furthermore|Additionally|Also|Another (?!paper by)|Others?|Second|Third|Finally|Therefore|Thus"
    r"|Hence|Instead|Then|Next|Further (?!work by)|Again|Besides|Consequently|Meanwhile|Otherwise|Similarly|Such|Both"
    r"|The (?:former|latter|second|third|other|same|resulting|above)|In contrast|As a result|In addition|And|But|Or|Nor|So"
    r"|Yet|For (?:example|instance)|(?:By|In) doing so|To (?:this|that) end|According to [^,]+, (?:they|it|its|\w+ing an?|and"
    r"|but|so|thus|then)|(?:According to [^,]+, )?(?:Proposing|Introducing|Presenting|Designing|Establishing|Developing|Providing) an?"
    r"|(?:Across|On|In|With|By|Through|For|Under|Using|Without|At|During|Beyond|Compared|Unlike)\b[^,]*, (?:it|its))\b"
)
_LEANS = re.compile(
    r"\b(?:address|tackl|overcom|solv|mitigat|fill|bridg|resolv)\w* the (?:issue|problem|gap|challenge|limitation)s?\b"
    r"(?! of| that| in| posed)"
    r"|\b(?:this|these|that|those|such) (?:end|issue|problem|gap|challenge|limitation|question|context|regard|purpose|way)s?\b"
    r"|\b(?:above|aforementioned|as follows|the following)\b|\bsee (?:fig|sec)|\bRQ\d|\?$|https?:|\b(?:first|second)ly\b"
    r"|\)-\w+-|\) \((?!\d{4}\))|\bthis (?:paper|work|study|article|survey|report)\b|\b(?:this|these|those)(?= (?:across|by|with|in|through|using|via|to|for|from|on|is|are|as|and|at|can|may)\b"
    r"|[,.;])",
    re.I,
)
_NUMBERED = re.compile(r"(?<!\w)\(?([1ia])\) ")
_LIST_NUMBER = re.compile(r"(?<!\w)\(?(?:\d|[a-c]|i{1,3}|iv|v)\)")
_NEXT_NUMBER = {"1": "2)", "i": "ii)", "a": "b)"}
_POINTS_BACK = re.compile(r"\b(?:this|these|such)((?: [\w-]+){1,3})", re.I)
_POINTS_AT_ITSELF = frozenset("as that a an paper work study survey article report".split())
_PROMISE_AT_THE_END = re.compile(
    r",?(?: (?:featuring|with|comprising|through|via|by|in|including|covering|across|using|which \w+|consisting of|based on))+"
    r" (?:the following )?(?:two|three|four|five|six|several)(?: [\w-]+){1,3}$"
)
_ENDS_OPEN = re.compile(
    r"\b(?:and|or|of|the|a|an|to|in|on|by|with|for|from|that|which|as|than|is|are|e\.g|i\.e|both|via|namely|including|such"
    r"|called|termed|named|dubbed|discuss|propose|present|introduce|show|demonstrate|develop|provide|identify|describe|evaluate)$"
)
_PAIRS = (("(", ")"), ("“", "”"), ("[", "]"))


def within_length(sentence: str, *, longest: int = LONGEST) -> Iterator[str]:
    """Yield a sentence if it has at most `longest` words, then what it says up to the end of each clause, longest first."""
    whole = _without_promise(sentence.rstrip("."))
    if len(whole.split()) <= longest:
        yield f"{whole}."
    without = _without_remarks(whole)
    if without != whole and len(without.split()) <= longest:
        yield f"{without}."
    for text in dict.fromkeys((whole, without)):
        for match in reversed(list(_BOUNDARY.finditer(text))):
            head = _without_promise(text[: match.start()].rstrip(" ,;:–"))
            if (
                _SHORTEST <= len(head.split()) <= longest
                and is_balanced(_LIST_NUMBER.sub("", head))
                and not _PROMISES.search(head)
            ):
                yield f"{head}."


def _without_promise(text: str) -> str:
    """Return a text without "with two key components" at its end, which is to be followed by what they are."""
    promise = _PROMISE_AT_THE_END.search(text)
    return text[: promise.start()] if promise else text


def _without_remarks(sentence: str) -> str:
    """Return a sentence without "(e.g., ...)" and other remarks in brackets, of which acronyms and years are none."""
    return re.sub(r" \((?!\d{4}\))[^()]*[ ,][^()]*\)", "", sentence)


def is_balanced(text: str) -> bool:
    return all(text.count(one) == text.count(other) for one, other in _PAIRS) and text.count('"') % 2 == 0


def is_readable(sentence: str, *, before: str = "", opens: bool = False) -> bool:
    """Tell whether a sentence, without its markers, reads as a whole one that somebody else wrote.

    `opens`: nothing before it can be meant by "they" or "their". `before` is the sentence that it follows, of the same
    abstract: what "these models" points back to may stand there.
    """
    own_words = _outside_quotations(sentence)
    return (
        _SHORTEST <= len(sentence.split()) <= LONGEST
        and is_balanced(_LIST_NUMBER.sub("", sentence))
        and not sentence[0].islower()
        and not _FIRST_PERSON.search(own_words)
        and not _LATEX.search(sentence)
        and not _NEEDS_CONTEXT.match(sentence)
        and not _LEANS.search(sentence)
        and not (opens and re.match(r"(?:They|Their|It|Its)\b", sentence))
        and not _ENDS_OPEN.search(sentence.rstrip(". "))
        and not _begins_a_list_only(sentence)
        and not _points_nowhere(sentence, before)
        and not dangles(re.sub(r"^(?:They|Their)\b", "The authors", sentence))
    )


def _begins_a_list_only(sentence: str) -> bool:
    """Tell whether a sentence has "(1) ..." and no "(2) ..."."""
    first = _NUMBERED.search(sentence)
    if first:
        return _NEXT_NUMBER[first[1]] not in sentence
    return bool(re.search(r"(?<!\w)\(?(?:2|ii|b)\) ", sentence))


def _points_nowhere(sentence: str, before: str) -> bool:
    """Tell whether "these X" has no X in front of it."""
    for match in _POINTS_BACK.finditer(sentence):
        words = match.group(1).split()
        if _POINTS_AT_ITSELF.intersection(word.lower() for word in words[:2]):
            continue
        if not frozenset(terms(f"{before} {sentence[: match.start()]}")) & frozenset(terms(" ".join(words))):
            return True
    return False


def _outside_quotations(text: str) -> str:
    return re.sub(r"“[^”]*”|\"[^\"]*\"", "", text)
