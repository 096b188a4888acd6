"""What kind of answer a question wants, by how it is put."""

import re

from assistant.planning.query import Intent

# Answered with papers.
LISTS = (Intent.LIST, Intent.COUNT, Intent.COAUTHORS, Intent.AUTHOR_SUMMARY, Intent.RELATED_WORK)
PAPERS = r"(?:papers?|articles?|publications?|works?|preprints?|studies)"
_POLITE = r"(?:(?:and|so|ok(?:ay)?|please|now),? |(?:can|could|would|will) you |i(?:'d| would)? (?:want|like) to )*"
_SMALL_TALK = re.compile(
    r"^\W*(?:hi|hello|hey|thanks?|thank you|good (?:morning|afternoon|evening)|bye|goodbye|ok(?:ay)?|cool|great"
    r"|how are you|how do you do|nice|perfect|got it|i see)"
    r"(?: (?:there|you|a lot|so much|very much|everyone))*\W*$",
    re.I,
)
_ABOUT_ITSELF = re.compile(
    r"\b(?:who|what) are you\b|^who (?:made|built|created|wrote|develops?) you\b"
    r"|\bwhat can (?:you|I) (?:do|ask)\b|\bhow do(?:es)? (?:you|this(?: assistant)?) work\b"
    r"|^\W*help\W*$|\bwhat is this(?: tool| assistant| app)?\W*$",
    re.I,
)
_WHO = re.compile(
    r"\bwho (?:wrote|authored|published|made|created|developed|proposed|introduced|did|are (?:the|its) authors"
    r"|(?:is|are) behind|is (?:the|its) (?:first )?author)\b|\b(?:authors?|writers?) of\b|\bwritten by whom\b"
    r"|\bwhose (?:paper|work)\b|^(?:and )?(?:the|its) authors\b|^(?:and )?who\W*$|\bby whom\b"
    r"|\bhow many (?:co-?)?authors\b",
    re.I,
)
_WROTE_IT = re.compile(
    r"^(?:did|has|have|was|is)\b.+\b(?:write|wrote|written|author|co-?author|publish(?:ed)?)\b", re.I
)
_WHEN = re.compile(
    r"\bwhich (?:one )?(?:is|was|came|appeared) (?:newer|older|earlier|later|more recent|first|out first)\b"
    r"|^(?:is|was) .+ (?:newer|older|more recent|earlier) than\b"
    r"|\bwhen (?:did|was|were|is)\b|\b(?:what|which) (?:date|year|month|day)\b|\bhow (?:old|recent) is\b"
    r"|\b(?:publication|release) date\b|^(?:and )?when\W*$|\bdate of\b",
    re.I,
)
_HOW_MANY_PAPERS = re.compile(
    rf"\bhow many(?: \w+){{0,3}}? {PAPERS}\b|\b(?:number|count) of {PAPERS}\b|^{_POLITE}count\b"
    r"|\bhow many (?:did|has|have|are|were|of)\b",
    re.I,
)
_COMPARE = re.compile(
    r"\bcompar(?:e|es|ed|ison|ing)\b|\bcontrast\b|\bdifferences?\b|\bdiffer\b|\bdifferent from\b|\bversus\b"
    r"|\bvs\.?(?=\s)|\bin common\b|\bsimilarit\w+|^(?:how|is|are)\b.+ (?:similar|related?) to\b"
    r"|\b(?:distinguish(?:es)?|separates?) .+ from\b",
    re.I,
)
_CODE = re.compile(
    r"^(?:and )?(?:is|are|was|does|do|has|where|what|did)\b"
    r"(?!.*\bsay\b).*\b(?:code|github|repository|implementation|open[- ]sourced?)\b"
    r"(?!.*\b(?:generat|written|write|language|review|model|llm)\w*)",
    re.I,
)
_QUANTITIES = (
    r"(?:percentage|percent|accuracy|score|improvement|speed-?up|share|fraction|number|gain|reduction|size|factor|rate"
    r"|amount|f1|savings?|latency|throughput|perplexity)"
)
_FIGURE = re.compile(
    r"\bhow (?:many|much|large|big|fast|long|often|far|high|low|small)\b|\bby how much\b"
    rf"|\b(?:what|which) (?:is the )?(?:[\w-]+ ){{0,2}}?{_QUANTITIES}\b",
    re.I,
)
_DEFINE = re.compile(
    rf"^{_POLITE}(?:what|who)(?:'s|’s|s| is| are| was)\b"
    r"(?! (?:the (?:[\w-]+ )??(?:difference|main|best|result|accuracy|score|improvement|effect|role|reason|problem"
    r"|impact|relation|purpose|advantage|key|cause|goal|dataset|code)|written|used|known|new|there))"
    rf"|^{_POLITE}(?:define|explain|describe|introduce|summari[sz]e|tell me (?:more |something )?about)\b"
    rf"|^{_POLITE}(?:give me )?(?:an? |the )?(?:(?:short|brief|quick) )*(?:summary|overview|description) of\b"
    r"|^what(?:'s|’s| is| was) the (?:(?:main|key|central|core) )*(?:idea|gist) (?:of|behind)\b"
    r"|\b(?:know|tell me|explain) what .+ (?:is|are|means?)$"
    r"|\bwhat does \S+(?: \S+)? (?:mean|stand for)\b|^what do(?:es)? [^ ]+(?: [^ ]+){0,3} do\W*$",
    re.I,
)
_ASKS_FOR = (
    r"(?:which|what|any|(?:are|is) there(?: any)?(?: other)?|do (?:we|i|you) have(?: any)?|list|show(?: me)?"
    r"|find(?: me)?|give me|get me)"
)
_LIST = re.compile(
    rf"^{_POLITE}{_ASKS_FOR}\b(?:\s+(?!(?:the|this|that|does|do|did|is|are|was|were)\b)[\w-]+){{0,4}}?\s+{PAPERS}\b"
    rf"|^{_POLITE}(?:list|show me|enumerate)\b|^(?:is there )?(?:any|every|some)thing\b|^which of\b"
    r"|^(?:and )?(?:do|does|did|are|is|were|have|has) (?:any|some|all|one|either|both)"
    r" (?:of|about|on|by|from|with|in)\b"
    r"|^which (?:one|paper) (?:is|was|came out|appeared)\b|^what (?:else )?(?:is|are) there (?:on|about)\b"
    r"|^(?:which|what) (?:is|was|are|were) the (?:newest|latest|oldest|earliest|most recent)(?: ones?)?"
    r"(?: of (?:them|those|these))?\W*$"
    r"|^who (?:works|worked|writes|wrote|is working) (?:on|about)\b"
    r"|^(?:has|have|did|does|is) (?:any|some)(?:body|one)\b"
    rf"|^(?:all |the |recent |new |newest |latest |oldest |\d+ )*{PAPERS}\b(?! is| was| does| do| date)"
    rf"|^(?:19|20)\d\d {PAPERS}"
    r"|\bwhat (?:did|has|have|does) .+ (?:publish(?:ed)?|writ(?:e|ten)|wrote|author(?:ed)?|work(?:ed|ing)? on)\b"
    r"|\b(?:write|written|wrote|publish(?:ed)?|co-?author(?:ed)?)\s+(?:anything|something|any|papers?|together)\b"
    r"|\bwhat (?:does|do) (?:the|my|this|your) (?:library|collection|papers) (?:say|have|hold|contain|know)\b"
    r"|\bwhat (?:do|have) (?:we|i|you) (?:have|got) (?:on|about)\b"
    # "the paper on unlearning" is one, of which something is asked.
    rf"|(?<!\bthe )(?<!\bthis )(?<!\bthat )\b{PAPERS} (?:by|from|of|about|on|with)\b"
    r"(?!.*\b(?:propose|say|do|report|use|show|find|claim|achieve)\b)",
    re.I,
)
_RELATED_WORK = re.compile(
    r"\b(?:write|draft|compose|prepare|generate|produce|give me|i need|need)\b.*\b(?:related[- ]work|literature review"
    r"|background section|state[- ]of[- ]the[- ]art (?:section|paragraph))\b"
    r"|^related[- ]work(?: (?:on|about|for|section|paragraph)\b|:)",
    re.I,
)
_WORK = r"(?:work|research|papers|publications|contributions|output|studies|oeuvre)"
_AUTHOR_SUMMARY = re.compile(
    r"^(?:and )?who(?:'s|’s| is| are)\b(?! (?:the|behind|there|an?)\b)"
    r"|\b(?:summari[sz]e|sum up|summary of|recap|overview (?:of|over)|describe|explain|outline|review|introduce"
    rf"|introduction to)\b(?=.*\b(?:{_WORK}|everything|all|published|written|wrote|done|do|does)\b)"
    r"|^(?:tell me|what do (?:you|we) know) about\b"
    r"|\bwhat (?:is|are|was) .+ (?:known for|working on|research (?:about|on))\b"
    r"|\b(?:profile|portrait|bio(?:graphy)?|introduction|summary|overview) (?:of|for|to|on)\b"
    r"|\bwhat (?:does|do) .+ (?:work|research) on\b|\b(?:been|is) working on\b|\bwhat (?:does|do) .+ research\W*$"
    r"|\b(?:what|which) (?:research )?(?:topics?|areas?|fields?|subjects?|themes?|problems?|questions?)\b"
    r"|\bresearch (?:interests?|areas?|topics?|focus|lines?|fields?)\b|\b(?:areas?|lines?|fields?) of research\b"
    r"|\b(?:main|key|major|most important) contributions\b|\b(?:kind|sort|type)s? of (?:work|research|things)\b"
    rf"|\bhow (?:has|have|did) .*\b(?:{_WORK}|interests?)\b.*\b(?:develop|evolve|change|progress|shift)\w*\b"
    rf"|^the {_WORK} of\b|\b(?:evolution|development) of\b.*\b{_WORK}\b"
    r"|['’]s? (?:work|research|contributions|oeuvre)\W*$",
    re.I,
)
_COAUTHORS = re.compile(
    r"\bco-?(?:authors?|workers?|writers?)\b|\bcollaborators?\b|\bwith whom\b"
    r"|\b(?:whom?|people|everyone)\b.*\b(?:work|writ|wrote|publish|collaborat|co-?author)\w*(?: \w+)?"
    r" with(?=\W*$|\s+(?:in|since|before|after|from|until|between|during)\b)"
    r"|\bwho else (?:works?|writes?|wrote|publish\w*) with\b",
    re.I,
)
_OF_COAUTHORS = re.compile(
    rf"\b(?:which|what|list|show|how many|newest|latest) {PAPERS}\b|\b{PAPERS} (?:by|of)\b", re.I
)
_SIMILAR = re.compile(
    rf"\b(?:more|something|anything|{PAPERS}|work|ones?|others?)\s+(?:(?:that|which) (?:are|is) )?"
    r"(?:like|similar to|close to|related to|resembling)\b"
    rf"|\b(?:something|anything) similar\b|^(?:similar|related) (?:{PAPERS}|work)\b"
    rf"|\b(?:similar|related|close(?:st)?|nearest) {PAPERS}\b",
    re.I,
)
_ORDERED = re.compile(
    rf"^(?:(?:what|which) (?:is|are|was|were) )?(?:the |my )?(?:\w+ )?(?:newest|latest|oldest|earliest"
    rf"|most recent)(?: \w+)? {PAPERS}\b"
    r"|^(?:newest|latest|oldest|earliest|most recent)\b",
    re.I,
)
_MOST = re.compile(r"\b(?:most|fewest|least) (?:co-?)?authors\b|\b(?:highest|top) score", re.I)
_SENTENCE = re.compile(
    r"^(?:what|which|who|whom|whose|when|where|why|how|is|are|was|were|does|do|did|can|could|should|has|have|will)\b"
    r"|\b(?:is|are|was|were|does|did|can|has|have)\b",
    re.I,
)


def talk_of(question: str) -> Intent | None:
    """Return small talk, or a question about the assistant itself; None for a question about papers."""
    if _SMALL_TALK.match(question):
        return Intent.SMALL_TALK
    return Intent.ABOUT if _ABOUT_ITSELF.search(question) else None


def intent_of(text: str, *, filtered: bool, by_author: bool, names_paper: bool) -> Intent:
    """Return the intent of a question about papers.

    `filtered`: it has filters; `by_author`: one is an author; `names_paper`: it names a paper.
    """
    if _RELATED_WORK.search(text):
        return Intent.RELATED_WORK
    if by_author and not names_paper and _COAUTHORS.search(text) and not _OF_COAUTHORS.search(text):
        return Intent.COAUTHORS
    if by_author and not names_paper and _AUTHOR_SUMMARY.search(text):
        return Intent.AUTHOR_SUMMARY
    if is_for_similar(text):
        return Intent.LIST
    if by_author and names_paper and _WROTE_IT.search(text):
        return Intent.AUTHORS
    if _HOW_MANY_PAPERS.search(text) and (filtered or not names_paper):
        return Intent.COUNT
    if _COMPARE.search(text) and operands_of(text):
        return Intent.COMPARE
    if (_LIST.search(text) or _ORDERED.search(text) or _MOST.search(text)) and not re.match(
        r"who (?:wrote|is|are)\b(?! about| on)", text, re.I
    ):
        return Intent.LIST
    for intent, pattern in (
        (Intent.AUTHORS, _WHO),
        (Intent.DATE, _WHEN),
        (Intent.CODE, _CODE),
        (Intent.FIGURE, _FIGURE),
        (Intent.DEFINE, _DEFINE),
    ):
        if pattern.search(text):
            return intent
    if len(text.split()) <= 8 and not _SENTENCE.search(text):  # the bare name of a topic, an author or a paper
        return Intent.DEFINE if names_paper and not by_author else Intent.LIST
    return Intent.FACT


def is_for_similar(text: str) -> bool:
    """Tell whether papers like a given one are wanted: "papers similar to DAPD", "more like this"."""
    return bool(_SIMILAR.search(text)) and not _COMPARE.match(text)


_OPERANDS = (
    re.compile(
        r"\b(?:between|of|compar(?:e|ing|ison of)|contrast(?:ing)?|do|does|distinguish(?:es)?|separates?)\s+"
        r"(?P<a>.+?)(?: (?:compare|differ|relate))?\s+(?:and|with|to|vs\.?|versus|against|from)\s+"
        r"(?P<b>.+?)(?: (?:differ|compare|relate|have in common)\b.*)?$",
        re.I,
    ),
    re.compile(
        r"^(?:(?:how|in (?:what|which) ways?) (?:is|are|does|do) |is |are )?(?P<a>.+?)\s+(?:vs\.?|versus"
        r"|compared (?:to|with)|different from|similar to|related to)\s+(?P<b>.+)$",
        re.I,
    ),
)


def operands_of(text: str) -> tuple[str, ...]:
    """Return the two sides of a comparison, () if it has none."""
    for pattern in _OPERANDS:
        if match := pattern.search(text):
            return match["a"].strip(" ,?"), match["b"].strip(" ,?")
    return ()
