"""Questions for a number of things, a setting or a name of something, and whether a text gives one."""

import re

from assistant.text.plain_text import plain_text
from vectorstore.lexical import terms

_ENDS = (
    r"(?:does|do|did|was|were|is|are|has|have|had|can|could|should|will|would|in|of|for|with|on|from|needs?|suffice)"
)
_HOW_MANY = re.compile(rf"\bhow many (?!percent\b|times\b|of\b)(?P<things>(?:(?!{_ENDS}\b)[\w'’-]+ ?){{1,4}})", re.I)
_NUMBER = (
    r"(?<![\w.-])(?:\d[\d.,]*[KMBT]?\+?|(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|hundreds"
    r"|thousands|hundred|thousand|million|billion|trillion))(?![\w%])"
)
_SHARE = r"(?<![\w.-])\d[\d.]*[x%](?: of(?: the| all| its)?)?"  # "12% of the sentences"
_COUNTED = re.compile(rf"(?:{_NUMBER}(?: of)?|{_SHARE})(?P<behind>(?: [A-Za-z][\w-]*){{1,6}})", re.I)
_BETWEEN = frozenset("and at for from in of on over than to using via when while with across by".split())
_PARAMETERS = frozenset(terms("parameters weights"))
_SIZED = re.compile(r"\b\d+(?:\.\d+)?\s?(?:[KMBT]\b|[mb]illion\b)")
_SETTING = re.compile(
    r"\b(?:what|which) (?:[\w-]+ ){0,2}?(?P<setting>temperature|learning rate|batch size|rank|context length|dropout"
    r"|weight decay|seed|epochs?|sequence length)\b(?! (?:about|effect))",
    re.I,
)
_HOW_LONG = re.compile(
    r"\bhow long (?:did|does|do|was|is|were|has)\b.*\b(?:takes?|taken|train|trained|last|run)\b", re.I
)
_DURATION = re.compile(r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?)\b", re.I)
_MACHINE = re.compile(
    r"\b(?:what|which) (?:[\w-]+ ){0,2}?(?:gpus?|hardware|accelerators?|tpus?|devices?)(?: boards?| cards?)?\b", re.I
)
_MACHINES = re.compile(r"\b(?:[AHVPBT]\d{2,3}s?|RTX|TPUs?[- ]?v?\d|GB\d+|Jetson|NVIDIA (?:[A-Z]\w*)|GeForce|MI\d+)\b")
_NAMED = re.compile(
    r"\b(?:what|which) (?:[\w-]+ ){0,2}?(?P<kind>data ?sets?|benchmarks?|corp(?:us|ora))\b"
    r"(?= (?:does|do|did|was|were|is|are|has|have))",
    re.I,
)
# "on CIFAR-10, WebVision and Clothing1M"; "the MNIST dataset"
_DATASET = re.compile(
    r"\b(?:on|across|over|using|from|including|such as|of|in) (?:the )?[A-Z][\w+-]*[A-Z\d][\w+-]*"
    r"|\b\d+ (?:[\w-]+ )?(?:data ?sets?|benchmarks?)\b|\b[A-Z][\w-]+ (?:data ?sets?|benchmarks?|corpus)\b"
    r"|\b(?:data ?sets?|benchmarks?|corpus)\b[^.]{0,40} [A-Z]\w*[A-Z\d]",
)


def thing_asked(question: str) -> tuple[str, ...]:
    """Return the words that say what number, setting or name a question asks for, () if it asks for none."""
    if _HOW_LONG.search(question):
        return ("How", "long")
    many = _HOW_MANY.search(question)
    match = many or _SETTING.search(question) or _MACHINE.search(question) or _NAMED.search(question)
    if match is None:
        return ()
    words = match["things"] if many else match.group().partition(" ")[2]
    return tuple(words.split())


def without_kind(question: str) -> str:
    """Return a question for a machine, or a data set, without these words: what is one need not be called so."""
    return _NAMED.sub("", _MACHINE.sub("", question))


def gives_what_is_asked(question: str, text: str) -> bool:
    """Tell whether `text` has a number for the things counted or set, or a name of the kind asked for; True for other
    questions."""
    text = plain_text(text)
    if many := _HOW_MANY.search(question):
        return _counts(many["things"], text)
    if setting := _SETTING.search(question):
        name = re.escape(setting["setting"].lower())
        return bool(re.search(rf"\b{name}\b(?: [\w=-]+){{0,3}}? {_NUMBER}|{_NUMBER} {name}\b", text, re.I))
    if _HOW_LONG.search(question):
        return bool(_DURATION.search(text))
    if _MACHINE.search(question):
        return bool(_MACHINES.search(text))
    return not _NAMED.search(question) or bool(_DATASET.search(text))


def _counts(things: str, text: str) -> bool:
    """Tell whether a number in `text` counts `things`: the first of their words in the plural stands behind it, or any
    of them if none is."""
    words = re.findall(r"[\w-]+", things)
    head = frozenset(terms(next((word for word in words if word.endswith("s")), things)))
    if not head:
        return True
    if head & _PARAMETERS and _SIZED.search(text):
        return True
    for match in _COUNTED.finditer(text):
        for word in match["behind"].split():
            if word.lower() in _BETWEEN:
                break
            if head & frozenset(terms(word)):
                return True
    return False
