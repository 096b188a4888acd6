"""Question and history -> Query: what is searched, which filters hold, and what kind of answer is wanted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from assistant.dates import period_in
from assistant.vocabulary import Vocabulary, without
from vectorstore.errors import QuestionError
from vectorstore.filters import Filters
from vectorstore.lexical import terms
from vectorstore.names import folded

MAX_CHARACTERS = 4000


class Intent(StrEnum):
    """What kind of answer a question wants. `authors` to `list` are answered from the catalogue."""

    FACT = "fact"
    FIGURE = "figure"
    DEFINE = "define"
    COMPARE = "compare"
    AUTHORS = "authors"
    DATE = "date"
    COUNT = "count"
    LIST = "list"
    SMALL_TALK = "small_talk"
    ABOUT = "about"


class Order(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question, and the papers that its answer referred to, in the order of its references."""

    question: str
    topic: str
    paper_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A question as understood."""

    question: str  # as typed, white space and control characters cleaned
    text: str  # what is searched; stands on its own
    topic: str  # the words asked about, without those that became filters; may be empty
    intent: Intent
    filters: Filters = Filters()
    order: Order | None = None
    limit: int | None = None
    subjects: tuple[str, ...] = ()  # papers that the question names, by id
    operands: tuple[str, ...] = ()  # the two sides of a comparison
    unknown_author: str | None = None  # a name that was asked for and is not in the library
    namesakes: tuple[str, ...] = ()  # who an ambiguous surname may mean


_PAPERS = r"(?:papers?|articles?|publications?|works?|preprints?|studies)"
_ABOUT = r"(?:about|on|deal(?:ing|s)? with|related to|concern(?:ing|s)?|regarding|discuss\w*|cover\w*|address\w*|using|use|study\w*|mention\w*|tackl\w*|involv\w*|focus\w* on|touch\w* on|treat\w*)"
_SMALL_TALK = re.compile(
    r"^\W*(?:hi|hello|hey|thanks?|thank you|good (?:morning|afternoon|evening)|bye|goodbye|ok(?:ay)?|cool|great)(?: (?:there|you|a lot|so much|very much|everyone))*\W*$",
    re.I,
)
_ABOUT_ITSELF = re.compile(
    r"\b(?:who|what) are you\b|\bwhat can (?:you|I) (?:do|ask)\b|\bhow do(?:es)? (?:you|this(?: assistant)?) work\b|^\W*help\W*$|\bwhat is this(?: tool| assistant| app)?\?*$",
    re.I,
)
_WHO = re.compile(
    r"\bwho (?:wrote|authored|published|made|created|developed|proposed|introduced|are (?:the|its) authors|is (?:the|its) (?:first )?author|did)\b|\b(?:authors?|writers?) of\b|\bwritten by whom\b|\bwhose (?:paper|work)\b|^(?:and )?the authors\b|\bwho (?:is|are) behind\b",
    re.I,
)
_WHEN = re.compile(
    r"\bwhen (?:did|was|were|is)\b|\b(?:what|which) (?:date|year|month|day)\b|\bhow (?:old|recent) is\b|\b(?:publication|release) date\b|^(?:and )?when\W*$",
    re.I,
)
_HOW_MANY_PAPERS = re.compile(
    rf"\bhow many(?: \w+){{0,3}}? {_PAPERS}\b|\b(?:number|count) of {_PAPERS}\b|\bhow many (?:did|does|has|have|are|were|of)\b|\bhow much (?:work|has)\b",
    re.I,
)
_COMPARE = re.compile(
    r"\bcompar(?:e|es|ed|ison|ing)\b|\bdifferences?\b|\bdiffer\b|\bversus\b|\bvs\.?(?=\s)|\bin common\b|\bsimilarit\w+",
    re.I,
)
_OPERANDS = (
    re.compile(
        r"\b(?:between|of|compar(?:e|ing|ison of)|do|does)\s+(?P<a>.+?)\s+(?:and|with|to|vs\.?|versus|differ from|against)\s+(?P<b>.+?)(?: (?:differ|compare|have in common)\b.*)?$",
        re.I,
    ),
    re.compile(
        r"^(?:how (?:is|are|does|do) )?(?P<a>.+?)\s+(?:vs\.?|versus|compared (?:to|with)|different from)\s+(?P<b>.+)$",
        re.I,
    ),
)
_FIGURE = re.compile(
    r"\bhow (?:many|much|large|big|fast|long|often|far|high|low|small)\b|\b(?:what|which) (?:is the )?(?:percentage|percent|accuracy|score|improvement|speed-?up|share|fraction|number|gain|reduction|size|factor|rate|amount|win rate|f1)\b|\bby how much\b",
    re.I,
)
_DEFINE = re.compile(
    r"^(?:so |and |ok,? )?(?:what|who)(?:'s|’s| is| are| was)\b(?! (?:the (?:difference|main|best|result|accuracy|score|improvement|effect|role|reason|problem|impact|relation|purpose|advantage|key|cause|goal|dataset|code)|written|used|known|new|there))|^(?:please )?(?:define|explain|describe|summari[sz]e|tell me about)\b|\bwhat does \S+(?: \S+)? (?:mean|stand for)\b|^what do(?:es)? [^ ]+(?: [^ ]+){0,3} do\W*$",
    re.I,
)
_LIST = re.compile(
    rf"^(?:and |so |please )*(?:which|what|any|are there(?: any)?|is there(?: any)?|do (?:we|i|you) have(?: any)?|list|show(?: me)?|find(?: me)?|give me|get me)\b(?:\s+(?!(?:the|this|that|does|do|did|is|are|was|were)\b)[\w-]+){{0,4}}?\s+{_PAPERS}\b"
    rf"|^(?:list|show me|enumerate)\b|^(?:all |the |recent |new |newest |latest |oldest |\d+ )*{_PAPERS}\b(?! is| was| does| do)|^(?:(?:19|20)\d\d) {_PAPERS}"
    rf"|\bwhat (?:did|has|have|does) .+ (?:publish(?:ed)?|writ(?:e|ten)|wrote|author(?:ed)?|work(?:ed|ing)? on|been working on)\b|\bwhat (?:does|do) (?:the|my|this|your) (?:library|collection|papers) (?:say|have|hold|contain|know)\b"
    rf"|^who (?:works|worked|writes|wrote) (?:on|about)\b|\b{_PAPERS} (?:by|from|of|about|on|with)\b|^which of\b",
    re.I,
)  # fmt: skip
_NEWEST = re.compile(
    rf"\b(?:newest|latest|most recent|recent|last)\b(?=\s+(?:\w+\s+){{0,3}}(?:{_PAPERS}|one)\b)|\b(?:newest|latest|most recent)\b",
    re.I,
)
_OLDEST = re.compile(rf"\b(?:oldest|earliest|first)\b(?=\s+(?:\w+\s+){{0,3}}{_PAPERS}\b)|\b(?:oldest|earliest)\b", re.I)
_LIMIT = re.compile(
    rf"\b(?:top|first|last|newest|latest|oldest|most recent)\s+(?P<n>\d{{1,3}}|two|three|four|five|six|seven|eight|nine|ten)\b|\b(?P<m>\d{{1,3}}|two|three|four|five|six|seven|eight|nine|ten)\s+(?:newest|latest|oldest|most recent|{_PAPERS})\b",
    re.I,
)
_NUMBERS = dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True))
_CODE = re.compile(
    r"\b(?:with|have|has|having|release[sd]?|releasing|provid\w+|publish\w*|come with|link(?:s|ed)? to|offer)\s+(?:(?:public|available|their|open|source|the|its|any|a|published|released)\s+)*(?:code|implementations?|repositor(?:y|ies)|github)\b|\b(?:open[- ]source[d]?|code available|whose code is \w+)\b",
    re.I,
)
_CATEGORY = re.compile(
    r"\b(?:in|from|of|category|under)\s+(?:the\s+)?(?:category\s+)?(?:cs|stat|eess|math|q-bio|physics)?\.?(?P<c>[A-Z]{2})(?:\s+category)?\b|\bcs\.(?P<d>[A-Z]{2})\b|\b(?P<e>[A-Z]{2}) papers\b"
)
_AUTHOR_CUE = r"(?:by|of|from|authored by|written by)"
_NAME = r"[^\W\d_][\w.'’-]*"
_ASKED_AUTHOR = re.compile(
    rf"\b{_PAPERS}\s+(?:(?:published|written|authored)\s+)?(?:by|from|of)\s+(?P<name>{_NAME}(?:\s+{_NAME}){{0,3}})\s*(?:\?|$|\s(?:in|from|since|about|on|after|before|that|with)\b)|\bwhat (?:did|has|have)\s+(?P<name2>{_NAME}(?:\s+{_NAME}){{0,3}}?)\s+(?:publish|wr[io]t|author|work|been)|\bhow many {_PAPERS} (?:did|does|has|have|by|from|of)\s+(?P<name3>{_NAME}(?:\s+{_NAME}){{0,3}}?)\s*(?:\?|$|\b(?:have|publish|write|wrote|written|in)\b)|\bhow many {_PAPERS} are (?:there )?(?:by|from|of)\s+(?P<name4>{_NAME}(?:\s+{_NAME}){{0,3}}?)\s*(?:\?|$)",
    re.I,
)
_SURNAME_CUE = re.compile(
    rf"\b(?:by|from|did|does|has|have|with|and|author|of)\s+(?:(?:professor|prof\.?|dr\.?)\s+)?(?P<name>{_NAME})(?:['’]s?)?(?=\W|$)|\b(?P<own>{_NAME})['’]s?\s+(?:\w+\s+){{0,2}}{_PAPERS}|\b(?P<etal>{_NAME})\s+et al",
    re.I,
)
_NO_NAMES = frozenset(
    "the a an this that these those it its them they their he she his her my your our all any each some you i we me library collection papers paper authors author people who whom which what nvidia year code".split()
)
_BOILERPLATE = re.compile(
    rf"\b(?:please|can you|could you|would you|i (?:want|need|would like) to (?:know|see|read|find)|do you know|tell me|show me|give me|find me|list|show|find|search for|look for|enumerate)\b"
    rf"|\b(?:which|what|whose|any|all|the|some|every|there|other)?\s*\b(?:recent |new |newest |latest |most recent |oldest |earliest |first |last |top |\d{{1,3}} )*{_PAPERS}\b(?:\s+(?:that|which|who))?(?:\s+(?:are|is|were|was|do|does|did|have|has))?"
    rf"|\b(?:in|of|from) (?:the|my|this|your|our) (?:library|collection|listings?)\b|\b(?:does|do|did|is|are) (?:the|my|this|your) (?:library|collection)\b|\b(?:library|collection)\b|\b(?:are there|is there|do (?:we|i|you) have|how many|how much|number of|count of)\b|\bthere\b"
    rf"|\b(?:written|published|authored|released|appeared|writes?|wrote|publish|publishes|write|worked|works|working)\b|\b(?:say|says|hold|holds|contain|contains|have|has|had)\b(?=\s|$)|\b{_ABOUT}\b|^(?:and|so|but|also|work|research)\b|\bwhich of\b|\bwho\b|\bwhat\b|\bwhich\b|\b(?:newest|latest|most recent|oldest|earliest)\b|\btop\b",
    re.I,
)  # fmt: skip
_PLURAL = re.compile(r"\b(?:those|these|them|they|their)\b|\bwhich ones?\b|\bwhich of\b", re.I)
_ORDINAL = re.compile(
    r"\bthe (?P<n>first|second|third|fourth|fifth|last)(?: one| paper| of (?:those|them|these))?(?=\W*$|\s+(?:one|paper|about|do|say|propose|written|by|appear|published|have)\b)|\b(?P<k>first|second|third|fourth|fifth|last) one\b",
    re.I,
)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}
_SINGULAR = re.compile(
    r"\b(?:it|its|he|she|his|her)\b|\b(?:this|that|the|the same) (?:paper|method|approach|work|one|study|framework|model|idea|code|authors?|first author|abstract)\b(?! (?:on|about|by|of|that|which|from)\b)|^(?:and )?(?:who|when|why|how|where|the authors|the date|the code)\W*$|^\W*(?:this|that)\W*$",
    re.I,
)


def cleaned(question: str) -> str:
    """Return the question without control characters and superfluous white space.

    Raises QuestionError if nothing is left, or if it is longer than MAX_CHARACTERS.
    """
    if len(question) > MAX_CHARACTERS:
        raise QuestionError(
            f"The question has {len(question):,} characters; at most {MAX_CHARACTERS:,} are read. Ask it more briefly,"
            " or put the text into a listing."
        )
    text = " ".join("".join(c if c.isprintable() else " " for c in question).split())
    if not text:
        raise QuestionError("The question is empty; type what you want to know.")
    return text


def understood(
    question: str, vocabulary: Vocabulary, *, history: Sequence[Turn] = (), today: date | None = None
) -> Query:
    """Return what `question` asks, in the light of the earlier turns."""
    question = cleaned(question)
    if _SMALL_TALK.match(question):
        return Query(question, question, "", Intent.SMALL_TALK)
    if _ABOUT_ITSELF.search(question):
        return Query(question, question, "", Intent.ABOUT)
    query = _standalone(question, vocabulary, today or date.today())
    return _in_context(query, history[-1]) if history else query


def _standalone(question: str, vocabulary: Vocabulary, today: date) -> Query:
    rest = question.rstrip(" ?.!")
    subjects = [(ids, words) for ids, words in vocabulary.papers_in(rest)]
    outside_titles = without(rest, (words for _, words in subjects))
    filters, spans, unknown, namesakes = _filters(outside_titles, vocabulary, today)
    intent = _intent(rest, filters, subjects=bool(subjects))
    if intent not in (Intent.LIST, Intent.COUNT):
        filters = replace(filters, has_code=None, category=None)
    topic = _topic(without(rest, spans)) if intent in (Intent.LIST, Intent.COUNT) else without(rest, spans)
    newest, oldest, limit = _NEWEST.search(rest), _OLDEST.search(rest), _LIMIT.search(rest)
    listing = intent in (Intent.LIST, Intent.COUNT, Intent.AUTHORS, Intent.DATE)
    order = (Order.NEWEST if newest else Order.OLDEST if oldest else None) if listing and not subjects else None
    return Query(
        question=question,
        text=topic or rest,
        topic=topic,
        intent=intent,
        filters=filters,
        order=order,
        limit=_number(limit) if limit else _one_if_singular(rest, order),
        subjects=tuple(ids[0] for ids, _ in subjects if len(ids) == 1),
        operands=_operands(rest) if intent is Intent.COMPARE else (),
        unknown_author=unknown,
        namesakes=namesakes,
    )


# -- filters


def _filters(text: str, vocabulary: Vocabulary, today: date) -> tuple[Filters, list[str], str | None, tuple[str, ...]]:
    """Return the filters of a question, the words that said them, a name nobody has, and namesakes."""
    spans: list[str] = []
    period = period_in(text, today=today)
    if period:
        spans.append(period.words)
        text = without(text, [period.words])
    people = list(vocabulary.people_in(text))
    authors = [name for name, _ in people]
    named = [_with_cue(text, words) for _, words in people]
    rest = without(text, named)
    namesakes: tuple[str, ...] = ()
    unknown = None
    for name, words in _surnames(rest, vocabulary):
        if len(name) == 1:
            authors += name
            named.append(_with_cue(rest, words))
        else:
            namesakes = tuple(name)
    if not authors and not namesakes:
        unknown = _unknown_author(rest, vocabulary)
    organization = _organization(text, vocabulary)
    code, category = _CODE.search(text), _CATEGORY.search(text)
    letters = next(filter(None, category.groups()), None) if category else None
    known_category = letters if letters in vocabulary.categories else None
    spans += named
    spans += [match.group() for match, used in ((code, code), (category, known_category)) if match and used]
    if organization:
        spans.append(organization[1])
    filters = Filters(
        authors=tuple(dict.fromkeys(authors)),
        since=period.since if period else None,
        until=period.until if period else None,
        category=known_category,
        organization=organization[0] if organization else None,
        has_code=True if code else None,
    )
    return filters, spans, unknown, namesakes


def _with_cue(text: str, name: str) -> str:
    """Return a name as it stands in `text` together with the "by", "with" or "did" in front of it."""
    cue = re.search(
        rf"(?:\b(?:by|from|of|with|and|did|does|has|have|together with|as well as|author)\s+)?{re.escape(name)}",
        text,
        re.I,
    )
    return cue.group() if cue else name


def _surnames(text: str, vocabulary: Vocabulary) -> list[tuple[list[str], str]]:
    """Return (people of that surname, its word) for each surname that stands where only a name can."""
    found = []
    lower_case = text == text.lower()
    for match in _SURNAME_CUE.finditer(text):
        word = match["name"] or match["own"] or match["etal"]
        known = vocabulary.surnames.get(folded(word))
        behind = text[match.end() :].split()
        full_name = bool(behind) and behind[0][:1].isupper() and bool(match["name"])
        certain = match["own"] or match["etal"] or match.group().lower().startswith(("by ", "did "))
        written_as_name = word[0].isupper() or (lower_case and certain)
        if known and written_as_name and not full_name and folded(word) not in _NO_NAMES:
            found.append((known, word))
    return found


def _unknown_author(text: str, vocabulary: Vocabulary) -> str | None:
    match = _ASKED_AUTHOR.search(text)
    name = next((group for group in match.groups() if group), None) if match else None
    if not name or folded(name) in vocabulary.organizations or set(folded(name).split()) & _NO_NAMES:
        return None
    looks_like_name = all(word[:1].isupper() for word in name.split() if word not in ("van", "von", "de", "der"))
    return name if looks_like_name or len(name.split()) in (2, 3) and text == text.lower() else None


def _organization(text: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    for match in re.finditer(r"\b(?:by|from|at|of)\s+(?:the\s+)?(\S+(?:\s+\S+){0,3})", text, re.I):
        words = match.group(1).split()
        for size in range(len(words), 0, -1):
            said = " ".join(words[:size])
            if name := vocabulary.organizations.get(folded(said)):
                return name, match.group().split(said)[0] + said
    return None


# -- intent and topic


def _intent(text: str, filters: Filters, *, subjects: bool) -> Intent:
    if _HOW_MANY_PAPERS.search(text) and not (subjects and not filters):
        return Intent.COUNT
    if _COMPARE.search(text) and _operands(text):
        return Intent.COMPARE
    if _LIST.search(text) and not re.match(r"who (?:wrote|is|are)", text, re.I):
        return Intent.LIST
    if _WHO.search(text):
        return Intent.AUTHORS
    if _WHEN.search(text):
        return Intent.DATE
    if _FIGURE.search(text):
        return Intent.FIGURE
    if _DEFINE.search(text):
        return Intent.DEFINE
    if re.match(r"(?:newest|latest|oldest|most recent)\b", text, re.I) or (
        filters.authors and len(text.split()) < 8 and not _asks(text)
    ):
        return Intent.LIST
    if len(text.split()) <= 8 and not _asks(text):
        return Intent.DEFINE if subjects else Intent.LIST
    return Intent.FACT


def _asks(text: str) -> bool:
    """Tell whether a text is a sentence, and not just the name of a topic."""
    return bool(
        re.search(
            r"^(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|does|do|did|can|could|should|has|have|will)\b"
            r"|\b(?:is|are|was|were|does|did|can|has|have)\b",
            text,
            re.IGNORECASE,
        )
    )


def _topic(text: str) -> str:
    """Return what a list is about: the question without the words that only say that a list is wanted."""
    topic = " ".join(_BOILERPLATE.sub(" ", text).split()).strip(" ?.,!:;")
    topic = re.sub(
        r"^(?:(?:about|on|of|by|for|with|from|in|that|and|or|are|is|to|do|does|did|be|any|all|the|me|us|one|ones|only|also|just)\s+)+",
        "",
        f"{topic} ",
        flags=re.I,
    ).strip()
    topic = re.sub(
        r"(?:\s+(?:by|of|with|and|or|from|in|on|is|are|to|about|do|does|did|have|has|there|that|all|one))+$",
        "",
        f" {topic}",
        flags=re.I,
    ).strip(" ?.,!:;")
    return topic if terms(topic) else ""


def _operands(text: str) -> tuple[str, ...]:
    for pattern in _OPERANDS:
        if match := pattern.search(text):
            return match["a"].strip(" ,?"), match["b"].strip(" ,?")
    return ()


def _number(match: re.Match[str]) -> int:
    said = (match["n"] or match["m"]).lower()
    return _NUMBERS.get(said) or max(int(said), 1)


def _one_if_singular(text: str, order: Order | None) -> int | None:
    return 1 if order and re.search(r"\b(?:paper|article|publication|work|preprint|study|one)\b", text, re.I) else None


# -- follow-ups


def _in_context(query: Query, before: Turn) -> Query:
    """Return the query with what "it", "those" and "the second one" mean after the turn before."""
    if query.subjects or query.unknown_author or not before.paper_ids:
        return query
    rest = query.question
    if ordinal := _ORDINAL.search(rest):
        place = _ORDINALS[(ordinal["n"] or ordinal["k"]).lower()]
        if -1 <= place < len(before.paper_ids):
            return _about(query, (before.paper_ids[place],), before)
    if _PLURAL.search(rest):
        intent = Intent.LIST if query.intent is Intent.FACT and query.filters else query.intent
        query = replace(query, topic=_topic(_PLURAL.sub(" ", query.topic)), intent=intent)
        return replace(
            query, filters=replace(query.filters, paper_ids=before.paper_ids), text=query.topic or before.topic
        )
    if _SINGULAR.search(rest) and query.intent is not Intent.LIST:
        return _about(query, before.paper_ids[:1], before)
    return query


def _about(query: Query, paper_ids: tuple[str, ...], before: Turn) -> Query:
    intent = Intent.DEFINE if query.intent in (Intent.LIST, Intent.DEFINE) else query.intent
    return replace(
        query, subjects=paper_ids, intent=intent, text=f"{query.text} {before.topic}".strip(), limit=None, order=None
    )
