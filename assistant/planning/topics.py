"""What a list is about, in which order it is wanted, and how long."""

import re

from assistant.text.words import content_words
from assistant.planning.intents import PAPERS
from assistant.planning.query import Order

_ABOUT = (
    r"(?:about|on|deal(?:ing|s)? with|(?:related|similar|close) to|like|concern(?:ing|s)?|regarding"
    r"|discuss\w*|cover\w*|address\w*"
    r"|using|use"
    r"|study\w*|mention\w*|tackl\w*|involv\w*|focus\w* on|touch\w* on|treat\w*)"
)
_COUNT_WORDS = "one two three four five six seven eight nine ten".split()
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(_COUNT_WORDS[1:])})"
_QUALITIES = rf"(?:(?:recent|new|newest|latest|most recent|oldest|earliest|first|last|top|{_COUNT}) )*"
_ORDERS = {
    Order.MOST_AUTHORS: r"\b(?:most|(?:largest|highest|greatest) number of) (?:co-?)?authors\b|\blongest author list\b",
    Order.FEWEST_AUTHORS: r"\b(?:fewest|least|smallest number of|lowest number of) (?:co-?)?authors\b",
    Order.HIGHEST_SCORE: (
        r"\b(?:most (?:up-?voted|popular|liked|upvotes|votes|likes)"
        r"|(?:highest|top)[- ](?:score|scored|scoring|voted|rated))\b"
    ),
}
_BOILERPLATE = re.compile(
    "|".join(
        (
            r"\b(?:please|(?:can|could|would) you(?: list)?(?: for me)?"
            r"|i (?:want|need|would like) to (?:know|see|read|find)"
            r"|do you know|i['’]?m|i am|looking for|got (?:any|some)|(?:i )?need|for me|literature review)\b",
            r"\b(?:do|does|did)(?:n['’]t| not)\b|\b(?:sort(?:ed)?|order(?:ed)?) (?:them )?by (?:date|year)\b"
            r"|\b(?:newest|oldest|latest|earliest) first\b|\btop[- ]n\b|\bamong (?:the|their|its) authors\b",
            r"\b(?:tell me|show me|give me|find me|list|show|find|search for|look for|enumerate|(?:any|some"
            r"|every)thing)\b",
            r"\b(?:write|draft|compose|prepare|generate|produce)\b.*?\b(?:related[- ]work|literature review)\b"
            r"(?: (?:section|paragraph))?|^related[- ]work\b(?: (?:section|paragraph))?",
            r"\b(?:summari[sz]e|describe|outline|(?:summary|overview|list) of)\b",
            rf"\b(?:which|what|whose|any|all|the|some|every|there|other)?\s*\b{_QUALITIES}{PAPERS}\b"
            r"(?:\s+(?:that|which|who)\b)?(?:\s+(?:are|is|were|was|do|does|did|have|has))?",
            r"\b(?:in|of|from) (?:the|my|this|your|our) (?:library|collection|listings?)\b|^count\b",
            r"\b(?:does|do|did|is|are) (?:the|my|this|your) (?:library|collection)\b|\b(?:library|collection)\b",
            r"\b(?:(?:are|is) there|(?:do|have) (?:we|i|you)(?: have| got)?|how many|how much|number of|count of"
            r"|there)\b",
            r"\b(?:co-?)?(?:written|published|authored|released|appeared|posted|dated|submitted|writes?|wrote|publish(?:es)?|work(?:s|ed|ing)?)\b"
            r"|\b(?:both|been)\b|\bas (?:co-?)?authors?\b",
            rf"\b(?:say|says|hold|holds|contain|contains|have|has|had)\b(?=\s|$)|\b{_ABOUT}\b",
            *_ORDERS.values(),
            r"\bin common\b|\bjoint(?:ly)?\b|\bcollaborat(?:ions?|ive|e|ed) (?:between|of|by|with)\b",
            r"\bas (?:an )?authors?\b",
            r"\b(?:more|similar|only|just|exclude|drop|remove|hide|keep)\b",
            r"^(?:and|so|but|also|work|research)\b|\bwhich of\b|\b(?:who|what|which|top|together|everything)\b",
            rf"\b(?:(?:{_COUNT} )?(?:newe(?:st|r)|latest|mo(?:st|re) recent|olde(?:st|r)|earliest)(?: {_COUNT})?)\b",
        )
    ),
    re.I,
)
_SMALL = (
    r"(?:about|on|of|by|for|with|from|in|an?|that|and|or|are|is|to|do|does|did|be|any|all|the|me|us|ones?|only|also"
    r"|just)"
)
_LEADING = re.compile(rf"^(?:{_SMALL}\s+)+", re.I)
_TRAILING = re.compile(rf"(?:\s+(?:{_SMALL}|have|has|there))+$", re.I)
# What is left out goes up to the next comma, "but", or another topic.
_TOPIC = (
    r"(?P<topic>[^,;.?!]+?)(?=\s*(?:[,;.?!]|$|\bbut\b|\b(?:and|that are|which are) about\b|\b(?:about|on|by|from)\b))"
)
_NOT_ABOUT = re.compile(
    r"(?:,\s*)?(?:\b(?:but|and|that|which|who)\s+)*(?:\b(?:are|is|do|does|did|were|was|have|has)\s*)?(?:\bnot|n['’]t|\bnever|\bneither|\bnor)"
    rf"\s+(?:(?:be|being|really|primarily|any|anything|those|ones|{PAPERS})\s+)*{_ABOUT}\s+{_TOPIC}",
    re.I,
)
_LEAVING_OUT = re.compile(
    r"(?:,\s*)?(?:\b(?:but|and)\s+)?\b(?:except(?:ing)?(?:\s+for)?|excluding|exclude|other than|apart from|besides"
    r"|anything but"
    r"|leav(?:e|ing) out|drop|remove|hide|without (?:those|the ones|any)(?= (?:about|on)\b)"
    rf"|ignoring|minus|(?:but|and) not)\s+(?:(?:the|those|ones|any|anything|{PAPERS})\s+)*(?:{_ABOUT}\s+)?{_TOPIC}",
    re.I,
)
_LIMIT = re.compile(
    rf"\b(?:top|first|last|newest|latest|oldest|earliest|most recent)\s+(?P<n>{_COUNT})\b"
    rf"|\b(?P<m>{_COUNT})\s+(?:(?:newest|latest|oldest|earliest|most recent)\b|{PAPERS}\b)",
    re.I,
)
_NEWEST = re.compile(
    rf"\b(?:sort|order)(?:ed)? (?:them )?by (?:date|year)\b"
    rf"|\b(?:newest|latest|most recent|newer|more recent)\b|\b(?:recent|last)\b(?=\s+(?:\w+\s+){{0,3}}{PAPERS}\b)",
    re.I,
)
_OLDEST = re.compile(rf"\b(?:oldest|earliest|older)\b|\bfirst\b(?=\s+(?:\w+\s+){{0,3}}{PAPERS}\b)", re.I)
_COMPARATIVE = re.compile(r"\b(?:newer|older|more recent)\b", re.I)
_ONE = re.compile(r"\b(?:paper|article|publication|preprint|study|one)\b|\b(?:is|was|has) the\b", re.I)


_FIRST = re.compile(r"\b(?:newest|oldest|latest|earliest) first\b", re.I)
_OF_THEM = re.compile(r"\bthe (?:newest|latest|oldest|earliest|most recent)(?: of (?:them|those|these))?\W*$", re.I)
_LOOKED_UP = re.compile(
    r"^(?:in )?(?:what|which) (?:date|year|month|day)\b|^(?:who|when)\b|\b(?:wrote|authored|proposed|introduced"
    r"|made|created|developed)\b|\b(?:name )?(?:the )?(?:first )?(?:(?:co-?)?authors?|writers?"
    r"|(?:publication |release )?date) of\b|\bhow (?:old|recent)\b|\b(?:did|was|were) "
    r"|\b(?:come|came) out\b|\bappear\b|\bby whom\b|\bhow many (?:co-?)?authors\b",
    re.I,
)

_FORM = re.compile(
    r"\b(?:in|with|as|using) (?:latex|bibtex|markdown|plain text|cite commands|citations|references)\b"
    r"(?:(?: and| with|,) (?:a )?(?:latex|bibtex|bib file|citations))?(?: format)?"
    r"|\b(?:for|in) (?:my|our|the|a) (?:own |next |new )?(?:paper|article|thesis|dissertation|draft|manuscript|survey"
    r"|submission|report)\b"
    r"|\bin (?:one|two|three|four|a few|\d+) (?:short )?(?:paragraphs?|sentences?|words)\b|\blately\b|\brecently\b"
    r"|\bover time\b",
    re.I,
)

_SECTION = re.compile(
    r"^.*?\b(?:related[- ]work|literature review|(?:background|state[- ]of[- ]the[- ]art) (?:section|paragraph))\b"
    r"(?: (?:section|paragraph|chapter))?:?",
    re.I,
)


def looked_up(text: str) -> str:
    """Return the paper that is meant by a question for authors or a date: "gradient noise" of "Who wrote the paper
    on gradient noise?"."""
    return topic_of(_LOOKED_UP.sub(" ", text)) or text


def topic_of_work(text: str) -> str:
    """Return which part of someone's work is meant: "unlearning" of "the work on unlearning"; "" if all of it is."""
    _, _, topic = re.sub(r"\b(?:about|regarding|in the (?:area|field) of)\b", "on", text, flags=re.I).partition(" on ")
    return topic_of(_FORM.sub(" ", topic))


def topic_of_section(text: str) -> str:
    """Return what a related-work section is to be on, without what it is for: "in LaTeX", "for my thesis"."""
    return topic_of(_FORM.sub(" ", _SECTION.sub(" ", text))) or topic_of(_FORM.sub(" ", text))


def topic_of(text: str) -> str:
    """Return what a list is about: the question without the words that only say that a list is wanted."""
    topic = " ".join(_BOILERPLATE.sub(" ", text).split()).strip(" ?.,!:;")
    topic = _LEADING.sub("", f"{topic} ").strip()
    topic = _TRAILING.sub("", f" {topic}").strip(" ?.,!:;")
    return topic if content_words(topic) else ""


def excluded_topics(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the question without what it wants nothing of, and that: "vision" of "papers not about vision"."""
    topics: list[str] = []
    for pattern in (_NOT_ABOUT, _LEAVING_OUT):
        for match in pattern.finditer(text):
            parts = re.split(r"\s*(?:,|;|\bor\b|\bnor\b|\band\b)\s*", match["topic"])
            topics += [topic for part in parts if (topic := topic_of(part))]
        text = pattern.sub(" ", text)
    return " ".join(text.split()), tuple(topics)


def order_of(text: str) -> Order | None:
    for order, wording in _ORDERS.items():
        if re.search(wording, text, re.I):
            return order
    if _NEWEST.search(text):
        return Order.NEWEST
    return Order.OLDEST if _OLDEST.search(text) else None


def limit_of(text: str) -> int | None:
    """Return how many papers are wanted: 3 for "top 3", 1 for "the newest paper"."""
    if match := _LIMIT.search(text):
        said = (match["n"] or match["m"]).lower()
        return _COUNT_WORDS.index(said) + 1 if said in _COUNT_WORDS else max(int(said), 1)
    if _COMPARATIVE.search(text):
        return 1
    if _FIRST.search(text) or not (order_of(text) and (_ONE.search(text) or _OF_THEM.search(text))):
        return None
    return 1
