"""Whether a sentence can be read as it stands: whole, in the third person, nothing that only its abstract explains."""

import re

from assistant.text.sentence_compression import LONGEST, SHORTEST, is_balanced
from assistant.text.third_person import dangles
from vectorstore.text.terms import terms

_FIRST_PERSON = re.compile(r"(?<![\w.])(?:[Ww]e|[Oo]urs?|[Oo]urselves|us|I|[Mm]y|[Mm]e|mine)(?![\w.])")
_LATEX = re.compile(r"[$\\{}`^]|~(?!\d)|(?<=\w)_(?=\w)|''|\*\*|\[\d")
_JOINING = "|".join(
    """
    However Moreover Furthermore Additionally Also Another Others? Second Third Finally Therefore Thus Hence Instead
    Then
    Next Further Again Besides Consequently Meanwhile Otherwise Similarly Such Both And But Or Nor So Yet
    """.split()
)
_IN_FRONT = "Across|On|In|To|With|By|Through|For|Under|Using|Without|At|During|Beyond|Compared|Unlike"
_FRAGMENT = "Proposing|Introducing|Presenting|Designing|Establishing|Developing|Providing"
_NEEDS_CONTEXT = re.compile(
    rf"(?:{_JOINING}|In contrast(?! (?:to|with)\b)|As a result|In addition|For (?:example|instance)|(?:By|In) doing so"
    r"|To (?:this|that) end"
    r"|The (?:former|latter|second|third|other|same|resulting|above)"
    r"|Subsequently|At last|In (?:principle|stage|step|the (?:first|second) stage)|At its core"
    rf"|(?:{_FRAGMENT}) an?|(?:{_IN_FRONT})\b[^,]*, (?:it|its))\b"
)
_ACCORDING = re.compile(r"According to (?:.*?\(\d{4}\)|[^,]+), (?P<said>.)")
_UNNAMED = re.compile(r"(?:They|Their|Its?)\b")
_TROUBLES = "issue|problem|gap|challenge|limitation"
_LEANS = re.compile(
    r"\b(?:address|tackl|overcom|solv|mitigat|fill|bridg|resolv|alleviat|handl|remed|eliminat)\w*"
    rf" the (?:{_TROUBLES})s?\b(?! of| that| in| posed)"
    rf"|\beach (?:{_TROUBLES})\b(?! of| that)"
    rf"|\b(?:this|these|that|those|such) (?:{_TROUBLES}|end|question|context|regard|respect|sense|purpose|way)s?\b"
    r"|\b(?:this|the (?:current|present)) (?:paper|work|study|article|survey|report)\b"
    r"|\b(?:this|these|those)(?= (?:across|by|with|in|through|using|via|to|for|from|on|is|are|as|and|at|can|may)\b"
    r"|[,.;])"
    r"|\bthis \w+s (?:an?|the|that|to|in|on)\b"
    r"|\b(?:above|aforementioned|as follows|the following)\b|\bsee (?:fig|sec)|\bRQ\d|\?$|https?:"
    r"|\b(?:first|second)ly\b",
    re.I,
)
# "(LLM)-as-a-judge", "models (LLMs) (e.g., GPT-4)", "models (LLMs)' size"
_CLUTTER = re.compile(r"\)-\w+-|\) \((?!\d{4}\))|: [Ff]irst\b|[a-z]{2}\.\w?[A-Z][a-z]|\)['’]|\w{4}\.,|^(?:19|20)\d\d,")
# "Error Suppression, which adjusts the weights": no verb of its own.
_OF_A_NAME = r"(?:[A-Z(][\w()-]*|of|and|for|the|with)"
_NO_VERB = re.compile(rf"{_OF_A_NAME}(?: {_OF_A_NAME}){{0,12}}, (?:which|who|where)\b[^,]*\.?$")
_NUMBERED = re.compile(r"(?<!\w)\(?([1ia])\) ")
_NEXT_NUMBER = {"1": "2)", "i": "ii)", "a": "b)"}
# "While some settings allow it." has no second half.
_HALF = re.compile(
    r"(?:While|Although|Though|Whereas|Because|Since|If|When|(?:Considering|Given|Assuming) that)\b[^,]*$"
)
_POINTS_AT_ONE = re.compile(r"\b(?:this|these|those) (?!(?:paper|work|study|article|survey|report|is|was)\b)", re.I)
_DEFINES_ITSELF = re.compile(r"(?:\bis|,) an? [A-Z][\w-]*\.$")  # "VLLFL, proposed by Li (2025), is a VLLFL."
_POINTS_BACK = re.compile(r"\b(?:this|these|such)((?: [\w-]+){1,3})", re.I)
_POINTS_AT_ITSELF = frozenset("as that a an paper work study survey article report".split())
_LAST_WORDS = "|".join(
    r"""
    and or of the a an to in on by with for from that which as than is are e\.g i\.e both via namely including such
    called involving consisting comprising featuring
    termed named dubbed discuss propose present introduce show demonstrate develop provide identify describe evaluate
    """.split()
)
_ENDS_OPEN = re.compile(rf"\bto (?:\w+ly )?[a-z]+$|\bwith \d+$|\b(?:{_LAST_WORDS})$")


def is_readable(sentence: str, *, before: str = "", opens: bool = False, shortest: int = SHORTEST) -> bool:
    """Tell whether a sentence, without its markers, reads as a whole one that somebody else wrote.

    `opens`: nothing before it can be meant by "they" or "their". `before` is the sentence that it follows, of the same
    abstract: what "these models" points back to may stand there.
    """
    said = _said(sentence)
    own_words = _outside_quotations(sentence)
    return (
        shortest <= len(sentence.split()) <= LONGEST
        and is_balanced(sentence)
        and not sentence[0].islower()
        and not _FIRST_PERSON.search(own_words)
        and not _LATEX.search(sentence)
        and not _NEEDS_CONTEXT.match(said)
        and not _LEANS.search(sentence)
        and not _NO_VERB.match(sentence)
        and not _HALF.match(said)
        and not _DEFINES_ITSELF.search(sentence)
        and not _CLUTTER.search(sentence)
        and not (opens and (_UNNAMED.match(sentence) or _POINTS_AT_ONE.match(said)))
        and not (said != sentence and re.match(r"(?:They|Its?|\w+ing an?)\b", said))
        and not _ENDS_OPEN.search(sentence.rstrip(". "))
        and not _begins_a_list_only(sentence)
        and not _points_nowhere(own_words, before)
        and not dangles(re.sub(r"^(?:They|Their)\b", "The authors", sentence))
    )


def _said(sentence: str) -> str:
    """Return what a sentence says according to somebody: "Models fail" of "According to Kim (2025), models fail"."""
    match = _ACCORDING.match(sentence)
    return match["said"].upper() + sentence[match.end() :] if match else sentence


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
