"""The form that a question wants its answer in, and the question without those words, greetings and courtesies."""

import re
from collections.abc import Callable

from assistant.planning.plan import Form
from assistant.text.words import LANGUAGES, foreign_language

_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBER = rf"(?P<n>an?|single|\d{{1,3}}|{'|'.join(_NUMBERS)})"
_A_FEW = r"(?:an?|the|some|few|short|brief|quick|simple|small|little|nice|\d{1,2}|two|three|four|five|six)"
_ASKS_FOR = (
    r"(?:(?:make|give|show|write|draw|create|build|produce|put|format|present|list"
    r"|tell)\b(?: (?:me|us|it|this|that|them|these|those))? )?"
)
_READERS = (
    r"(?:an? |my |the (?=\w+ (?:public|audience)))?(?:(?!the )[\w-]+ ){0,2}?"
    r"(?:beginner|newcomer|novice|lay(?:man|person|people)|child(?:ren)?|kid|student|undergrad\w*|expert"
    r"|manager|non[- ]?experts?|general (?:public|audience)|high[- ]?schooler|grandm\w+|practitioners?|public)s?"
    r"(?=\W*$|\s*[,.;?!)])"  # "to the student" and "an expert model" are of papers
)


def _of_the_answer(words: str) -> str:
    """Return a pattern of words that say how long or simple the answer is to be, and not what papers are about: alone,
    behind "it" and the like, or before "answer". "Does thinking longer help?" wishes nothing."""
    before = (
        r"(?:^|,|^(?:explain|describe|summari[sz]e|define|tell)\b[^,.?]*?\s"
        r"|\b(?:it|that|this|them|bit|little|much|even|be|make|write|answer|explain|in|but|and|or)\s)\s*"
    )
    texts = "answers?|versions?|summar(?:y|ies)|explanations?|descriptions?|overviews?|ones?|please|pls|but|and|for|in"
    end = rf"(?=\W*$|\s*[,.;]|\s+(?:{texts})\b)"
    noun = r"(?=\s+(?:answers?|versions?|summar(?:y|ies)|explanations?|descriptions?|overviews?)\b)"
    return rf"(?:(?:{before})(?P<wish>{words}){end}|\b(?P<noun>{words}){noun})"


Found = Callable[[re.Match[str]], Form]


def _number(said: str) -> int:
    word = said.lower()
    return int(word) if word.isdigit() else _NUMBERS.index(word) + 1 if word in _NUMBERS else 1


# What says the form, and which it is. These decide wishes for length, layout, reader and language; nothing else.
_WISHES: tuple[tuple[re.Pattern[str], Found], ...] = tuple(
    (re.compile(pattern, re.I), found)
    for pattern, found in (
        (
            rf",?\s*\b(?:(?:in|to|as|using|with|into)\s+)?(?:(?:at most|about|just|only|no more than"
            rf"|exactly)\s+)?{_NUMBER}"
            r"[- ](?:(?:short|single|simple|concise)\s+)?(?:sentences?|lines?|liner)\b(?:\s+(?:summary"
            r"|answer|please))?(?:\s+of\b)?",
            lambda match: Form(sentences=_number(match["n"])),
        ),
        (
            rf",?\s*\b(?:(?:in|to|with|using)\s+)?(?:(?:at most|about|under|fewer than|less than"
            rf"|max(?:imum)?|no more than)\s+)?"
            rf"{_NUMBER}\s+words(?:\s+(?:or (?:less|fewer)|max(?:imum)?))?\b(?:\s+(?:summary|version)(?: of)?)?",
            lambda match: Form(words=_number(match["n"])),
        ),
        (
            rf",?\s*{_ASKS_FOR}(?:the )?{_NUMBER} (?:(?:key|main|most important|important) )?(?:points?"
            rf"|takeaways?|bullets)\b"
            r"(?:\s+(?:of|from|about))?",
            lambda match: Form(sentences=_number(match["n"]), layout="bullets"),
        ),
        (r",?\s*\b(?:numbered|as a (?:numbered )?list|enumerated|step by step)\b", lambda _: Form(layout="bullets")),
        (
            rf",?\s*{_ASKS_FOR}(?:(?:as|in|with|using"
            rf"|into)\s+)?(?:{_A_FEW}\s+)*(?:bullets?(?:ed)?(?:[- ]?(?:points?|lists?))?|dot points)\b"
            r"(?:\s+(?:form(?:at)?|of (?:what|the)|of|please|list))?",
            lambda _: Form(layout="bullets"),
        ),
        (
            rf",?\s*{_ASKS_FOR}(?:(?:as|in|into|in the form of)\s+)?(?:{_A_FEW}\s+)+(?:(?:comparison"
            rf"|literature|overview)\s+)?table(?:\s+(?:of|with|for|comparing|that compares|please))?\b"
            r"|,?\s*\b(?:as|in) (?:table|tabular) form(?:at)?\b|^(?:a )?table(?: of\b|(?: please| pls)?:)"
            r"|,?\s*\btabulate\b",
            lambda _: Form(layout="table"),
        ),
        (
            r",?\s*\b(?:briefly|in short|in brief|tl;?dr|in a nutshell|concisely|short(?:ly)? please"
            r"|make it short(?:er)?|keep it short"
            r"|short answer|short version|shorten(?: (?:it|that|this))?|more (?:briefly"
            r"|concise(?:ly)?)|be brief)\b:?",
            lambda _: Form(length="short"),
        ),
        (_of_the_answer("shorter"), lambda _: Form(length="short")),
        (
            r",?\s*\b(?:in (?:more |greater |full |some )?detail|at length|in[- ]depth|more details?"
            r"|elaborate(?: (?:on (?:it|that|this)))?|go deeper|tell me more|say more"
            r"|expand(?: on (?:it|that|this))?)\b",
            lambda _: Form(length="long"),
        ),
        (_of_the_answer("(?:more |very )?(?:longer|detailed|thoroughly)"), lambda _: Form(length="long")),
        (
            r",?\s*\b(?:in (?:plain|simple|simpler|easy|layman'?s?|lay|everyday"
            r"|non[- ]technical)(?: (?:and|,) \w+)? (?:words|terms|english|language)"
            r"|simplif(?:y|ied)(?: (?:it|that|this))?|eli5|for dummies|without (?:the )?jargon"
            r"|so (?:that )?(?:an? |the |my )?[^,.?]{1,40}? (?:gets?|understands?|can (?:follow"
            r"|understand)) (?:it|this|that)"
            rf"|(?:like|as if) (?:i(?:['’]?m| am| was| were)|to)\b[^,.?]*|(?:as )?(?:to|for) {_READERS}\b"
            rf"|like i am [^,.?]*)",
            lambda match: Form(reader=" ".join(match.group().strip(" ,").split())[:80]),
        ),
        (_of_the_answer("(?:more )?(?:simply|simpler)"), lambda match: Form(reader=match["wish"] or match["noun"])),
        (
            rf",?\s*\b(?:in|into|auf|en|in het|på) (?P<n>{'|'.join(LANGUAGES)})\b",
            lambda match: Form(language=LANGUAGES[match["n"].lower()]),
        ),
    )
)
# Greetings and courtesies at either end: they ask for nothing.
_LEADING = re.compile(
    r"^(?:(?:hi|hello|hey|thanks?|thank you|thx|ok(?:ay)?|well|great|cool|sorry|so|now|right|also"
    r"|hmm+|um|dear assistant|one more(?: thing| question)?"
    r"|another question|(?:a )?quick question|please|pls|plz|kindly|btw|by the way|actually|just|(?:and )?then"
    r"|(?:can|could|would|will) you(?: (?:please|pls|kindly|maybe))?|(?:can|could|may) i (?:ask|know|get|see|have)"
    r"|i(?:['’]d| would)? (?:really )?(?:like|love|want|need|wanna|have) (?:you )?to (?:know|see"
    r"|find|read|get|understand|learn)(?: (?:about|more about))?"
    r"|i(?:['’]m| am) (?:wondering|curious|interested to know|looking to know)(?: (?:about|if))?"
    r"|(?:do|would) you (?:happen to )?know(?: if| whether)?|any (?:idea|chance)"
    r"|help me (?:to )?(?:understand|find|see)|remind me(?: again)?)\b[\s,.!:;–-]*)+(?=\S)",
    re.I,
)
_TRAILING = re.compile(
    r"(?:[\s,.!?;:–-]*\b(?:please|pls|plz|thanks?(?: (?:a lot|so much|in advance))?|thank you|thx"
    r"|cheers|again|if (?:possible|you can)|for me|exactly|then|btw|though|asap)\b)+[\s.!?]*$",
    re.I,
)


# What people type for words of a question.
_SHORTHAND = tuple(
    (re.compile(rf"(?<![\w/@-]){short}(?![\w/-])", re.I), word)
    for short, word in (
        (r"wh?at[sz]", "what is"),
        (r"wat", "what"),
        (r"hows", "how is"),
        (r"whos", "who is"),
        (r"w/o", "without"),
        (r"w/", "with"),
        (r"(?-i:w)(?= [a-z])", "with"),
        (r"(?-i:n)(?= (?:what|which|who|when|where|why|how|is|are|does|do|can|its|the|also|their)\b)", "and"),
        (r"y(?= (?:is|are|was|were|do|does|did|not|would|should)\b)", "why"),
        (r"u", "you"),
        (r"(?-i:r)(?= (?:there|they|these|those|the|u|you)\b)", "are"),
        (r"hw(?= (?:many|much|do|does|did|is|are)\b)", "how"),
        (r"ppl(?= (?:do|does|deal|use|say|think|have|are|can|could|try|who)\b)", "people"),
        (r"(?:nr|num|no)\.?(?= of\b)", "number"),
        (r"#(?= of\b)", "number"),
        (r"(?:bc|b/c|cuz)", "because"),
        (r"abt", "about"),
        (r"diff", "difference"),
        (r"sth", "something"),
    )
)


def without_shorthand(text: str) -> str:
    """Return a question with the words that its shorthand stands for: "whats", "w/", "nr of"."""
    for pattern, word in _SHORTHAND:
        text = pattern.sub(word, text)
    return text


def without_courtesy(text: str) -> str:
    """Return a question without greetings and courtesies; one that is nothing else stays as it is."""
    bare = _TRAILING.sub("", text)
    bare = _LEADING.sub("", bare).strip(" ,")
    return bare or text


def form_of(text: str) -> tuple[Form, str]:
    """Return the form that a question wants, and the question without the words that say so."""
    form, rest = Form(), text
    for wish, found in _WISHES:
        if match := wish.search(rest):
            wanted = found(match)
            form = form.model_copy(update={name: getattr(wanted, name) for name in wanted.model_fields_set})
            said = next((name for name in match.re.groupindex if name in ("wish", "noun") and match[name]), 0)
            rest = f"{rest[: match.start(said)]} {rest[match.end(said) :]}"
    if language := foreign_language(rest):
        form = form.model_copy(update={"language": form.language or language})
    return form, " ".join(rest.split())
