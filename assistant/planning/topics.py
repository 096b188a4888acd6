"""What a question is about, what it wants nothing of, in which order papers are wanted, and how many."""

import re

from assistant.planning.plan import Order
from assistant.text.words import content_words

PAPERS = r"(?:papers?|articles?|publications?|works?|preprints?|studies)"
COUNT_WORDS = "one two three four five six seven eight nine ten".split()
_COUNT = rf"(?:\d{{1,3}}|{'|'.join(COUNT_WORDS[1:])})"

# Words that stand around a topic and are no part of it: those that ask, that list, and that mean papers.
AROUND = frozenset(
    """
    joint jointly collaboration collaborations collaborative common posted submitted uploaded issued similar
    alike resembling co-authored coauthored authored upvoted voted popular liked scored score rated lately sum
    since nowadays a an the this that these those my your our some any all every each other others another more
    most few several no what which who whom whose when where why how is are was were be been being do does did
    done have has had having can could would will should may might must i we you he she it they me us them its
    their there here and or but so also in on of for to from with by at as into over within among between about
    regarding concerning like than if whether paper papers article articles publication publications work works
    preprint preprints study studies research stuff anything something everything thing things ones one items
    entries listing listings list lists library collection tell show give find get got see look looking want
    need know search searching retrieve fetch name enumerate display available please pls only just really
    actually exist exists contain contains hold holds include includes stored deal deals dealing treat treats
    cover covers covering discuss discusses discussing address addresses addressing mention mentions concern
    concerns involve involves investigate investigates studied studying explore explores focus focuses focused
    focusing talk talks talking speak speaks speaking related relating relevant relate relates propose proposes
    proposed present presents introduce introduces describe describes report reports published publish writes
    write wrote written draft drafts drafted appeared appear released dated come came out use using uses
    consider considers newest latest newer older oldest earliest recent recently new first last top number count
    many much total amount kind kinds
    type types sort sorts topic topics subject subjects field area areas summarize summarise summary overview
    survey explain compare main current say says said saying important interesting good best read reading start
    follow follows ups up follow-up follow-ups followup followups working worked make makes making let lets
    literature yet else now then both together trends trend progress state-of-the-art art state approaches
    approach methods method known learned learn learnt understand findings results ideas directions developments
    disagree disagrees agree agrees contradict contradicts consensus conflict conflicting pros cons advantages
    disadvantages open problems problem challenges challenge questions limitations limitation evolved evolve
    evolving change changed progressed develop developed landscape whats what's define def defn definition
    meaning mean means meant idea gist term concept notion exactly basically called named stand stands fraction
    share percentage percent proportion portion time years year month months cite cites citing
    """.split()
)
# The words among them that are a topic's own where something of it stands behind or before: "training methods".
_KEPT_INSIDE = frozenset(
    "methods method approaches approach results problems challenges limitations works research questions".split()
)
_WORD = re.compile(r"[^\s,;:?!()\[\]“”\"]+|[,;:?!()\[\]“”\"]")

_ABOUT = (
    r"(?:about|on|deal(?:ing|s)? with|(?:related|close) to|concern(?:ing|s)?|regarding|discuss\w*"
    r"|cover\w*|address\w*|us(?:e|es|ing)|study\w*|mention\w*|focus\w* on|involv\w*)"
)
# What is left out goes up to the next comma, "but", or another topic.
_TOPIC = (
    r"(?P<topic>[^,;.?!]+?)(?=\s*(?:[,;.?!]|$|\bbut\b|\b(?:and|that are|which are) about\b|\b(?:about|on|by|from)\b))"
)
_NOT_ABOUT = re.compile(
    r"(?:,\s*)?(?:\b(?:but|and|that|which|who)\s+)*(?:\b(?:are|is|do|does|did|were|was|have"
    r"|has)\s*)?(?:\bnot|n['’]t|\bnever|\bneither|\bnor)"
    rf"\s+(?:(?:be|being|really|primarily|any|anything|those|ones|{PAPERS})\s+)*{_ABOUT}\s+{_TOPIC}",
    re.I,
)
_LEAVING_OUT = re.compile(
    r"(?:,\s*)?(?:\b(?:but|and)\s+)?\b(?:except(?:ing)?(?:\s+for)?|excluding|exclude|other than"
    r"|apart from|besides|anything but"
    r"|leav(?:e|ing) out|drop|remove|hide|without (?:those|the ones|any)(?= (?:about|on)\b)"
    r"|ignoring|minus|(?:but|and) (?:not|no))"
    rf"\s+(?:(?:the|those|ones|any|anything|{PAPERS})\s+)*(?:{_ABOUT}\s+)?{_TOPIC}",
    re.I,
)

_ORDERS = {
    Order.MOST_AUTHORS: r"\b(?:most|(?:largest|highest|greatest) number of) (?:co-?)?authors\b|\blongest author list\b",
    Order.FEWEST_AUTHORS: r"\b(?:fewest|least|smallest number of|lowest number of) (?:co-?)?authors\b",
    Order.HIGHEST_SCORE: (
        r"\b(?:most (?:up-?voted|popular|liked|upvotes|votes|likes)|(?:highest|top|best)[- ](?:score"
        r"|scored|scoring|voted|rated))\b"
    ),
    Order.NEWEST: (
        r"\b(?:(?:sort|order)(?:ed)? (?:them |these |it )?by (?:date|year)|by date|in order of (?:date|year))\b"
        r"(?!.*\boldest)|\b(?:newest|latest|most recent|newer|more recent)\b"
        rf"|\b(?:recent|last)\b(?=\s+(?:\w+\s+){{0,3}}(?:{PAPERS}|ones?|things?)\b)|\breverse chronological\b"
    ),
    Order.OLDEST: (
        r"\b(?:oldest|earliest|older)\b|\bfirst\b(?=\s+(?:\w+\s+){0,3}"
        + PAPERS
        + r"\b)|(?<!reverse )\bchronological(?:ly)?\b"
    ),
}
_RANKED = re.compile("|".join(_ORDERS[order] for order in (Order.MOST_AUTHORS, Order.FEWEST_AUTHORS)), re.I)
_SORTED = re.compile(
    r"(?<![-\w])(?:sort|order|arrange|rank)(?:ed)? (?:them |these |those |it |the (?:list"
    r"|papers) )?(?:by (?:date|year)\b|from\b|with\b)?"
    r"|\b(?:newest|oldest|latest|earliest) (?:first|to (?:newest|oldest|latest))\b|\bby (?:date"
    r"|year)\b|\bin (?:reverse )?chronological order\b|\bin order of (?:date|year)\b",
    re.I,
)
_LIMIT = re.compile(
    rf"\b(?:top|first|last|newest|latest|oldest|earliest|most recent)\s+(?P<n>{_COUNT})\b"
    rf"|\b(?P<m>{_COUNT})\s+(?:(?:newest|latest|oldest|earliest|most recent)\b|{PAPERS}\b)",
    re.I,
)
_TITLE = re.compile(r"(?<=\s)[A-Z][\w’'-]*(?:\s+(?:(?:a|an|and|for|in|of|on|the|to|with)\s+)*[A-Z][\w’'-]*){2,}")
_COMPARATIVE = re.compile(r"\b(?:newer|older|more recent)\b", re.I)
_HOW_MUCH = re.compile(r"\bhow (?:many|much|large|big|fast|long|often|far|high|low|small|slow|old)\b", re.I)
_ONE = re.compile(r"\b(?:paper|article|publication|preprint|study|one|thing|work)\b|\b(?:is|was|has) the\b", re.I)
_FIRST = re.compile(r"\b(?:newest|oldest|latest|earliest) first\b|\bto (?:newest|oldest|latest)\b", re.I)
_OF_THEM = re.compile(r"\b(?:newest|latest|oldest|earliest|most recent)(?: of (?:them|those|these))?\W*$", re.I)


def title_in(text: str) -> str:
    """Return the words of a text that are capitalised as those of a title, "" if there are not three in a row."""
    match = _TITLE.search(text)
    return match.group() if match else ""


def topic_of(text: str) -> str:
    """Return what a text is about: without the words around it that only ask, list or mean papers."""
    words = _WORD.findall(_HOW_MUCH.sub(" ", _RANKED.sub(" ", _SORTED.sub(" ", text))))
    bare = [word.lower().strip(".'’/&-") for word in words]
    around = [_is_around(word) for word in bare]
    inner = [place for place, is_around in enumerate(around) if not is_around]
    if not inner:
        return ""
    start, end = inner[0], inner[-1] + 1
    while end < len(words) and bare[end] in _KEPT_INSIDE:  # "training free methods", but not "methods" alone
        end += 1
    kept = [
        word
        for place, word in enumerate(words[start:end], start)
        if place + 1 == end or not (around[place] and bare[place] in ("paper", "papers", "articles", "please", "pls"))
    ]
    topic = " ".join(kept)
    topic = re.sub(r"\s+([,;:?!)\]”])", r"\1", re.sub(r"([(\[“])\s+", r"\1", topic)).strip(" ,;:?!.")
    return topic if content_words(topic) else ""


def _is_around(word: str) -> bool:
    is_number = (word.isdigit() and len(word) < 3) or word in COUNT_WORDS
    return word in AROUND or is_number or not any(map(str.isalnum, word))


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
    if re.search(r"\b(?:from )?oldest to (?:newest|latest)\b|\bearliest first\b", text, re.I):
        return Order.OLDEST
    if re.search(r"\b(?:from )?(?:newest|latest) to (?:oldest|earliest)\b", text, re.I):
        return Order.NEWEST
    if re.search(r"\b(?:sort|order)\b.*\boldest first\b", text, re.I):
        return Order.OLDEST
    return next((order for order, wording in _ORDERS.items() if re.search(wording, text, re.I)), None)


def limit_of(text: str) -> int | None:
    """Return how many papers are wanted: 3 for "top 3", 1 for "the newest paper"."""
    if match := _LIMIT.search(text):
        said = (match["n"] or match["m"]).lower()
        return COUNT_WORDS.index(said) + 1 if said in COUNT_WORDS else max(int(said), 1)
    if _COMPARATIVE.search(text):
        return 1
    if _FIRST.search(text) or not (order_of(text) and (_ONE.search(text) or _OF_THEM.search(text))):
        return None
    return 1
