"""What kind of thing a question asks for, by how it is put. Each pattern decides one kind; what none decides is a
question on what papers say."""

import re
from dataclasses import dataclass

from assistant.planning.plan import PaperField, SurveyAspect
from assistant.planning.topics import PAPERS

_IS = r"(?:is|are|was|were)"
_DOES = r"(?:do|does|did)"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I)


GREETING = _any(
    r"^\W*(?:hi|hello|hey|thanks?|thank you|thx|good (?:morning|afternoon|evening|day)|bye|goodbye"
    r"|ok(?:ay)?|cool|great|nice|perfect"
    r"|awesome|got it|i see|how are you|how do you do)(?: (?:there|you|a lot|so much|very much|everyone|then))*\W*$"
)
ABILITIES = _any(
    r"\b(?:who|what|which (?:ai|llm|model|assistant)) (?:are|is) you\b|^are you (?:a |an "
    r"|the )?(?:chat ?gpt|gpt|claude|gemini|llama|ai|bot|human|real|llm|robot|person|model)\b",
    r"^who (?:made|built|created|wrote|develops?|trained) you\b|\bwhat (?:(?:all )?can"
    r"|could) (?:you|i) (?:do|ask)\b|\bhow (?:can|do) i use (?:you|this)\b",
    r"\b(?:do|can|did|could) (?:you|i|we) (?:have|read|see|search|get|use"
    r"|know)\b.*\b(?:full[- ]?texts?|pdfs?|whole papers?)\b",
    r"\bhow do(?:es)? (?:you|this(?: assistant)?) work\b|^\W*help\W*$|\bwhat is this(?: tool| assistant| app)?\W*$"
    r"|\bwhat (?:kind|sort)s? of (?:questions?|things) (?:can|do|could)\b|\b(?:which"
    r"|what) (?:model|llm|ai) (?:are you|do you use|is this)\b"
    r"|^what (?:else )?do you do\W*$|^your (?:capabilities|features|abilities)\b",
)
YES = _any(
    r"^\W*(?:yes|yep|yeah|yup|sure|correct|right|exactly|of course|i do|do it|go ahead|that one"
    r"|please do|ja|oui|si|sí)(?: (?:please|pls|thanks|i do|i meant that|that one))?\W*$"
)
NO = _any(r"^\W*(?:no|nope|nah|nein|non)(?: (?:thanks|thank you))?\W*$")

BIBTEX = _any(
    r"\bbib\s?(?:tex|latex)\b|\.bib\b|\bbib (?:entr|file)|\bbibliograph\w+\b|\bcitation keys?\b"
    r"|\bcite (?:keys?|this|it|them|these)\b|\bhow (?:do|can|should|would) i cite\b|^cite\b"
)
RELATED_WORK = _any(
    r"\brelated[- ]work\b|\bliterature review\b|\b(?:background|state[- ]of[- ]the[- ]art"
    r"|prior[- ]work) (?:section|paragraph)\b"
)
COAUTHORS = _any(
    r"\bco-?(?:authors?|workers?|writers?)\b|\bcollaborat\w+\b|\bwith whom\b|\bwho else (?:works?"
    r"|writes?|wrote|publish\w*) with\b"
    r"|\b(?:whom?|people|everyone)\b.*\b(?:work|writ|wrote|publish)\w*(?: \w+)? with\b"
)
_OF_COAUTHORS = _any(
    rf"\b(?:which|what|list|show|how many|newest|latest) {PAPERS}\b"
    r"|\b(?:papers?|articles?|publications?|preprints?) (?:(?:by|of)\b|with ⟦)"
)
SIMILAR = _any(
    r"\bwho else (?:works?|worked|is working|writes?) on\b",
    rf"\b(?:more|something|anything|{PAPERS}|work|ones?|others?)\s+(?:(?:that|which) (?:are"
    rf"|is) )?(?:like|similar to|close to|related to|resembling)\b",
    rf"\b(?:something|anything) similar\b|^(?:similar|related) (?:{PAPERS}|work|ones?)\b"
    rf"|\b(?:similar|related|close(?:st)?|nearest) {PAPERS}\b"
    rf"|\bmore of (?:the same|this kind)\b|^similar to\b|\balternatives? to\b",
)
BY_ITS_AUTHORS = _any(
    rf"\bby (?:the )?(?:same )?(?:authors?|people|group) (?:of|as|who wrote)\b"
    rf"|\bwhat else (?:{_DOES}|has|have) (?:they|he|she|(?:the|its|these|those|their) authors?)\b",
    rf"\b(?:other|more|further) {PAPERS} (?:by|of|from) (?:them|him|her|(?:the same|the|its|these"
    rf"|those|their) authors?)\b",
)
COMPARE = _any(
    r"\b\w\S* or \S.*\bwhich (?:one |of (?:them|the two) )?(?:is|was|works?|performs?|should)\b"
    r"|\bwhich (?:one )?(?:is|was) (?:better|best|faster)\b.*\bor\b",
    r"\bcompar(?:e|es|ed|ison|ing)\b|\bcontrast\b|\bdifferences?\b|\bdiffer\b|\bdifferent from\b"
    r"|\bversus\b|\bvs\.?(?=\s)|\bin common\b"
    r"|\bsimilarit\w+|^(?:how|is|are)\b.+ (?:similar|relate[ds]?|compares?) to\b"
    r"|\b(?:distinguish(?:es)?|separates?) .+ from\b|\bset .+ apart\b|\bcombin(?:e|ed|ing)\b",
)

SET_AGAINST = _any(
    r"\b(?:better|worse|faster|slower|newer|older|different|cheaper|more \w+|less \w+|as \w+"
    r"|same)\b.*\b(?:than|as|from)\b"
)

_GROUPS = {
    "year": r"years?",
    "month": r"months?",
    "author": r"(?:co-?)?authors?|people|persons?|researchers?|who",
    "category": r"categor(?:y|ies)|fields?|areas?",
    "organization": r"organi[sz]ations?|compan(?:y|ies)|labs?|institut\w+|universit\w+|groups?|affiliations?",
    "listing": r"listings?|files?|pages?|sources?|feeds?",
}
_PER = (
    r"\b(?:per|by|each|every|for each|in each|over the|across(?: the)?|broken down by|grouped by"
    r"|group(?:ed)? (?:them )?by|split by)"
)
GROUPED = {
    name: _any(
        rf"{_PER} (?:{words})\b|\b(?:which|what) (?:{words})\b.*\b(?:cover|covers|covered|span|spans|range)\b",
        rf"\b(?:which|what|who|top(?: \w+)?|most (?:prolific|productive|frequent|active"
        rf"|common))\b(?: \w+)?? ?(?:{words})\b.*\b(?:most|fewest|more|number of|largest|biggest|common"
        rf"|frequent)\b"
        if name != "author"
        else rf"\b(?:who|(?:which|what) (?:{words}))\b.*\b(?:most|number of) (?:{PAPERS}|entries)"
        rf"|\bwho (?:{_IS} |wrote |writes |published |has |have )+(?:the )?most\b",
        rf"\btop (?:\w+ )?(?:{words})\b|\bmost (?:prolific|productive|frequent|active|common"
        rf"|published) (?:{words})\b|\b(?:{words}) (?:with|by) (?:the )?(?:most|number of) {PAPERS}\b"
        rf"|\b(?:most|number of|count of) {PAPERS} (?:{words})\b|\bhow many (?:different |distinct )?(?:{words})\b",
    )
    for name, words in _GROUPS.items()
}
_COUNTS = _any(
    rf"\bhow many(?: \w+){{0,3}}? {PAPERS}\b|\b(?:number|count|amount|total) of {PAPERS}\b|^count\b"
    rf"|\bhow many (?:are|were|of|did|do|does|have|has|in|from|by|on|with|since)\b|\bhow many(?: (?:of |in )?each)?\W*$"
    rf"|\bhow many (?:ones|there|entries|items)\b|\bhow (?:big|large) is (?:my|the|this) (?:library"
    rf"|collection)\b|\b{PAPERS} count\b"
)
SHARE = _any(
    r"\b(?:what|which)? ?(?:fraction|share|percentage|percent|proportion|portion|part) (?:of|has"
    r"|have|comes?|is|are|with)\b|\bhow many percent\b"
)
LISTINGS = _any(
    r"\b(?:which|what|how many|list|show|name|all|my)\b.*\b(?:listings?|files|sources|feeds"
    r"|pages)\b|\bwhere\b.*\b(?:papers?|these|they|this|data|it all)\b.*\b(?:come|comes|came|taken"
    r"|loaded|imported|from)\b"
)
_THEMES = _any(r"\b(?:topics?|themes?|subjects?|fields?|areas?)\b")
_LIBRARY = _any(
    r"\b(?:my|the|this|your|our) (?:(?:paper|whole|entire) )?(?:library|collection|corpus"
    r"|database)\b|\bin here\b|\bdo (?:i|we|you) have\b(?!\s+(?:any|some|something|anything"
    r"|papers?))|\bi have\b|\b(?:papers?|they) cover\b"
)
AUTHOR = _any(
    r"\bbeen (?:up to|doing)\b",
    r"^who(?:['’]s| is| are| was)?\s*(?:⟦|\W*$)|\b(?:summari[sz]e|sum up|summary|recap|overview"
    r"|describe|explain|outline|review|introduc\w+|profile|portrait|bio(?:graphy)?|tell me about"
    r"|know about)\b",
    r"\b(?:known for|working on|research(?:es)?|interests?|expert\w*|contributions?|oeuvre|career"
    r"|topics?|areas?|fields?|themes?|done|evolv\w+|develop\w+)\b"
    rf"|\bwhat (?:does|do|has|is|did) .+ (?:work|do|doing|done|worked)\b|['’]s? (?:work"
    rf"|research)\W*$|^the {PAPERS} of\b",
)
_READ_FIRST = (
    r"\b(?:read|start) first\b|\bwhere (?:(?:should|do|can) i|to) (?:start|begin)\b|\breading (?:list|order)\b"
    r"|\bcatch me up\b|\bget up to speed\b"
)
SURVEY = _any(
    r"\bhow (?:do|does|can|could) (?:people|researchers|papers|authors|they|others) (?:deal|handle"
    r"|tackle|solve|address|mitigate|avoid|reduce|approach|try)\b",
    r"\bwhat (?:has|have) been (?:shown|done|tried|found|proposed|learned|learnt|published|said)\b",
    r"\b(?:main|key|different|common|existing|current|major|typical|various|popular|all(?: the)?"
    r"|what) (?:approaches|ideas|themes|directions|lines|techniques|trends|strategies|challenges"
    r"|families|methods)\b",
    r"\bwhat(?:['’]s| is| do we| have we| does) (?:generally |currently |already )?(?:known?"
    r"|learned|learnt)\b|\bknown? (?:about|on)\b|\btrends?\b|\bstate of the art\b|\boverview\b"
    r"|\bsurvey\b|\blandscape\b"
    r"|\bopen (?:problems|questions|challenges)\b|\b(?:disagree\w*|contradict\w*|consensus"
    r"|debate[ds]?|controvers\w+|conflicting)\b|\bpros and cons\b|\badvantages and\b|\bevol(?:ve"
    r"|ved|ution)\b"
    rf"|\bwhat (?:{_DOES}|have) (?:the|these|those|my|different|recent|current|any|most|all|people"
    rf"|researchers|authors) ?(?:{PAPERS}|authors|researchers)? ?(?:say|report|find|found|agree"
    rf"|think|tell|suggest|conclude|show|have)\b"
    rf"|{_READ_FIRST}|\bhow (?:has|have|did) .+ (?:changed?|evolved?|progress\w*|develop\w*)\b"
    rf"|\b(?:summari[sz]e|sum up|summary of|recap|review)\b.*\b(?:{PAPERS}|everything|literature"
    rf"|research|all|known|trends|themes|findings)\b|\bapproaches (?:to|for|are)\b|\bways to\b"
    rf"|\b(?:limits|limitations|drawbacks|shortcomings) of\b|\bmain themes\b|\bbroad(?:er)? picture\b",
)
_ASPECTS: dict[SurveyAspect, re.Pattern[str]] = {
    "reading_order": _any(_READ_FIRST),
    "trends": _any(r"\btrends?\b|\bevol(?:ve[ds]?|ution)\b|\bover time\b|\bchanged?\b|\bprogress\w*\b"),
    "limitations": _any(r"\blimit(?:s|ations?)\b|\bopen (?:problems|questions|challenges)\b|\bchallenges\b"),
    "findings": _any(
        r"\b(?:dis)?agree\w*|\bcontradict\w*|\bconsensus\b|\bdebate[ds]?\b|\bcontrovers\w+|\bconflicting\b"
        r"|\b(?:report|find|found|shown?|conclude|findings)\b"
    ),
}
_WHO = _any(
    rf"\bwho\b(?: \w+)? (?:wrote|authored|published|made|created|developed|proposed|introduced"
    rf"|invented|came up|{_DOES}|{_IS} (?:the|its|their) (?:first |last |senior )?authors?"
    rf"|{_IS} behind)\b"
    rf"|\b(?:authors?|writers?)\b(?: names?)?(?: of\b|\W*$|\?)|\b(?:the|its|their|first|last"
    rf"|senior) authors?\b|\bwritten by (?:whom|who)\b|\bwhose (?:paper|work|idea)\b"
    rf"|^(?:and )?(?:by )?whom?\W*$|\bby whom\b|\bhow many (?:co-?)?authors\b|^authors?\b"
)
_WROTE_IT = _any(
    r"^(?:did|has|have|was|is|were)\b.+\b(?:write|wrote|written|author|co-?author(?:ed)?|publish(?:ed)?)\b"
)
_WHEN = _any(
    rf"^(?:and |from |in |since )?when\b(?! (?:using|we|you|the (?:model|number|data)))|\b(?:what"
    rf"|which) (?:date|year|month|day)\b|\bhow (?:old|recent) {_IS}\b|\b(?:publication"
    rf"|release) date\b|\bdate of\b|^date\b|\b(?:year|date)\W*$"
    rf"|\bwhich (?:one )?(?:{_IS}|came|appeared) (?:newer|older|earlier|later|more recent|first"
    rf"|out first|published first)\b|^{_IS} .+ (?:newer|older|more recent|earlier|later) than\b"
    rf"|\b(?:before|earlier) or (?:after|later)\b|\b(?:came|come|published"
    rf"|appeared) (?:out )?(?:first|before|after|earlier|later)\b"
)
_CODE = _any(
    r"^(?:and |is |are |was |does |do |has |have |where |what |did |any |got |link |the )*(?:is "
    r"|are |there |the |any |its |their |public |open |available |a |have |has |link to |url of "
    r"|address of )*(?:source )?(?:code|github|repo(?:sitory)?|implementation"
    r"|open[- ]sourced?)\b(?!\s*(?:generat|writ|review|model|llm|language|agent|completion|edit"
    r"|repair))"
    r"|\b(?:is|are|does|do|has|have|where|any|link)\b(?!.*\bsay\b).*\b(?:code|github|repository"
    r"|repo|implementation|open[- ]sourced?)\b(?!.*\b(?:generat|written|write|language|review"
    r"|model|llm|agent|completion|edit|repair)\w*)"
)
_PLACE = _any(
    r"\b(?:which|what) (?:listings?|pages?|files?|feeds?|sources?)\b|\bwhere (?:is|are|was"
    r"|did) (?:it|they|this|that|the paper) (?:from|listed|printed|come)\b"
)
_CATEGORY = _any(r"\b(?:which|what|arxiv) categor(?:y|ies)\b|\bcategory of\b")
_ORGANIZATION = _any(
    r"\b(?:which|what) (?:organi[sz]ation|company|lab|institut\w+|universit\w+|affiliation"
    r"|group)\b|\baffiliation of\b|\bwhere do (?:the|its|their) authors work\b"
)
_VENUE = _any(
    r"\b(?:which|what) (?:venue|journal|conference|proceedings|workshop)\b",
    r"\b(?:venue|journal|conference) of\b|^venue\b",
    rf"\bwhere {_IS} .+ published\b|\bwhere (?:did|does|has|have) .+ appear(?:ed)?\b",
)
_DOI = _any(r"\bdois?\b")
_ARXIV_ID = _any(r"\barxiv (?:ids?|numbers?|identifiers?)\b")
_ADDRESS = _any(
    r"\b(?:url|arxiv link|pdf|web ?page|(?:the|its|their|an?|any) links?|links? (?:to|of|for)"
    r"|where (?:can|do) i (?:find|read|get|download))\b"
)
_LISTS = _any(
    rf"\b{PAPERS}\b(?! (?:is|was|does|do|show|say|claim)\b)|\b(?:any|every|some)thing\b|\bstuff\b"
    rf"|^(?:list|show|find|search|enumerate|get|give)\b|\bwhat (?:else )?(?:have|do|has|did) (?:i"
    rf"|we|you|it|they) (?:have|got|get|know)\b|\bwhat (?:(?:else|work|research|literature) )?{_IS} there\b"
    rf"|^which of\b|^any\b"
    rf"|\bwhich ones?\b|\bones\b"
    rf"|^(?:{_DOES}|{_IS}|have|has) (?:any|some|all|one|either|both|any of|anybody|anyone|somebody"
    rf"|someone)\b|^who (?:works|worked|writes|is working) (?:on|about)\b|^what'?s new\b"
    rf"|^(?:what is|anything) new\b|\b(?:published?|publishes|wrote|write|written)\W*$"
    rf"|\bpublish(?:ed)?\b"
)
_THE_PAPER = _any(r"\b(?:the|this|that|a|its|their) (?:[\w-]+ ){0,5}?(?:paper|study|article|work|preprint)\b(?!s)")
_SAYS = _any(
    r"\b(?:say|says|said|propose|proposes|claim|claims|report|reports|show|shows|find|finds"
    r"|achieve|achieves|argue|argues|mean|means|solve|solves|use|uses|improve|improves|work"
    r"|works)\W*$|\b(?:why|how)\b"
)
_SENTENCE = _any(
    rf"\b(?:what|which|who|whom|whose|when|where|why|how|{_IS}|{_DOES}|can|could|should|has|have"
    rf"|had|will|would|isn['’]t|doesn['’]t|don['’]t)\b"
)
_QUANTITY = (
    r"(?:percentage|percent|accuracy|score|improvement|speed-?ups?|share|fraction|gain|reduction"
    r"|size|factor|rate|amount|f1|auc|bleu|savings?|latency|throughput|perplexity|cost|costs|price"
    r"|budget|runtime|memory|fps|speed|compute|ppl|psnr|fid|map|top-1|win[- ]rate|overhead)"
)
_COUNTED = r"(?:tokens?|parameters?|params|number|length|hours|epochs?)"
FIGURE = _any(
    r"\bhow (?:many|much|large|big|fast|long|often|far|high|low|small|accurate|slow|expensive|cheap)\b|\bby how much\b"
    rf"|^(?:and )?(?:what|which)(?:['’]s| is| was)? (?:the )?(?:[\w-]+ ){{0,3}}?{_QUANTITY}\b"
    rf"|^(?:[\w./+-]+ ){{1,6}}(?:{_QUANTITY}|{_COUNTED})\W*$"
    rf"|^(?:[\w./+-]+ ){{0,2}}(?:{_QUANTITY}|{_COUNTED}) (?:of|on|for|over)\b"
)
DEFINE = _any(
    rf"^(?:and )?what {_DOES} (?:\S+ ){{1,4}}(?:propose|introduce|present|contribute|bring|study|address)\W*$",
    r"[-–:,(]\s*(?:meaning|definition|def|what is (?:it|that))\W*$",
    r"^(?:and )?what (?:\S+ ){1,4}(?:is|are|means?)\W*$",
    r"\bwhat(?:['’]?s| is| was) the (?:(?:main|key|central|core) )*(?:idea|gist|concept|contribution) (?:of|behind)\b",
    rf"^(?:and |so )?what(?:['’]?s| {_IS}| the hell {_IS})\b(?! (?:the |a "
    rf"|its )?(?:[\w-]+ )??(?:differences?|main|best|results?|accuracy|score|improvement|effect"
    rf"|role|reason|problem|impact|relation|purpose|advantage|key|cause|goal|datasets?|code|size"
    rf"|cost|latency|speed\w*|benefit|limitations?|number|motivation|loss|baselines?|metrics?"
    rf"|learning|batch|training)\b)"
    r"|^(?:define|explain|describe|introduce|summari[sz]e|tell me (?:about|what)|about|sum up|eli5"
    r"|introduction to|give me (?:a |an |the )?(?:summary|overview|gist|idea) of)\b"
    r"|^(?:the )?(?:summary|overview|description|definition|meaning|gist|idea|abstract) of\b"
    rf"|\bdef(?:inition)?\W*$|\bmean(?:s|t)?(?: by\b.*)?\W*$|\bmean by\b|\bstands? for\b"
    rf"|^what {_DOES} \S+(?: \S+){{0,3}} do\W*$|^who {_IS}\b",
)
MORE = _any(
    r"^(?:and |show |list |give (?:me )?|any |some )*(?:more|the next(?: (?:ones?|page|\d+))?"
    r"|next(?: page| ones?)?|what else|others?|the others?|the rest|continue|go on|keep going"
    r"|the remaining(?: ones)?|further ones?|additional ones?)(?: (?:of (?:them|those|these)"
    r"|papers?|results?|please|ones))*\W*$"
)
SURE = _any(
    r"\bare you (?:really |quite |absolutely )?(?:sure|certain)\b|^(?:really|seriously"
    r"|is that (?:true|right|correct))\b|\bdouble[- ]?check\b|\bhow (?:sure|certain|do you know)\b"
    r"|^verify\b"
)
QUOTES = _any(
    r"\b(?:exact|original|precise|verbatim) (?:words?|wording|sentences?|text|passages?)\b"
    r"|\bquote (?:it|that|them|the|me)\b|\bword for word\b|^quotes?\W*$"
    r"|\bwhere (?:exactly )?(?:does|do) (?:it|they|the \w+) says? (?:that|so|this)\b"
)
SOURCES = _any(
    r"\b(?:which|what|your|the) sources?\b|^sources?\W*$|\bwhere (?:is|did) (?:that|this|you"
    r"|it) (?:from|get|come)\b|\bsays who\b|\bwhat is (?:that|this) based on\b|^references?\W*$"
    r"|\bwhich (?:paper|passage) (?:is|says) (?:that|this)\b"
)


def aspect_of(text: str) -> SurveyAspect:
    """Return what of the papers on a topic a survey is to tell: their approaches, if the question does not say."""
    return next((aspect for aspect, pattern in _ASPECTS.items() if pattern.search(text)), "approaches")


@dataclass(frozen=True, slots=True)
class Cues:
    """What of a question's words says which kind it is."""

    text: str
    bare: str  # the same with ⟦⟧ in the place of each paper and person, and without what filters

    def field_names(self) -> tuple[PaperField, ...]:
        """Return which facts of the catalogue are asked for."""
        text = self.bare
        found: list[PaperField] = []
        if BIBTEX.search(text):
            found.append("bibtex")
        if _WHO.search(text) or _WROTE_IT.search(text):
            found.append("authors")
        if _WHEN.search(text):
            found.append("date")
        if _CODE.search(self.text):
            found.append("code")
        if _CATEGORY.search(text):
            found.append("category")
        if _ORGANIZATION.search(text):
            found.append("organization")
        if _VENUE.search(text):
            found.append("venue")
        if _DOI.search(text):
            found.append("doi")
        if _ARXIV_ID.search(text):
            found.append("arxiv_id")
        if _PLACE.search(text):
            found.append("listing")
        if _ADDRESS.search(text):
            found.append("address")
        return tuple(found)

    def grouping(self) -> str:
        """Return by what papers are to be counted, "" if they are not grouped."""
        for name, pattern in GROUPED.items():
            if pattern.search(self.bare) and (name != "author" or not re.search(r"\bmost authors\b", self.bare, re.I)):
                return name
        return ""

    @property
    def is_similar(self) -> bool:
        return bool(SIMILAR.search(self.bare)) and not re.match(r"compar", self.bare, re.I)

    @property
    def is_coauthors(self) -> bool:
        return bool(COAUTHORS.search(self.bare)) and not _OF_COAUTHORS.search(self.bare)

    @property
    def is_count(self) -> bool:
        return bool(_COUNTS.search(self.text) or SHARE.search(self.text))

    @property
    def is_about_library(self) -> bool:
        return bool(_LIBRARY.search(self.bare))

    @property
    def asks_themes(self) -> bool:
        return bool(_THEMES.search(self.bare))

    @property
    def is_list(self) -> bool:
        asks_of_one = _THE_PAPER.search(self.bare) or _SAYS.search(self.bare)
        return bool(_LISTS.search(self.bare)) and not asks_of_one

    @property
    def is_sentence(self) -> bool:
        return bool(_SENTENCE.search(self.bare))
