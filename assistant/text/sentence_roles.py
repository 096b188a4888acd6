"""What a sentence of an abstract does there: state a problem, present a method, report a result."""

import re
from enum import StrEnum


class Role(StrEnum):
    BACKGROUND = "background"
    PROBLEM = "problem"
    METHOD = "method"
    RESULT = "result"
    CODE = "code"


_CODE = re.compile(
    r"https?://|\b(?:code|models?|data(?:set)?s?|checkpoints?)\b.{0,60}\b(?:available|released?|public)", re.I
)
_AUTHORS = r"(?:we|they|(?:this|our|the (?:current|present)) (?:paper|work|study|article|survey))"
_PRESENTS = re.compile(
    rf"\b{_AUTHORS}\b[^.]{{0,60}}?\b(?:propos|introduc|present|discuss"
    r"|develop|design|describ|formulat|devis|offer|provid|construct|build(?!ing)|releas|contribut|leverag|adopt|employ|adapt"
    r"|investigat|stud(?:y|ies)|examin|explor|analy[sz]|address|tackl|categori[sz])",
    re.I,
)
_CONTRIBUTES = re.compile(
    rf"\b(?:{_AUTHORS}|authors)\b[^.]{{0,60}}?\b(?:propos(?:es?|ed)"
    r"|introduc(?:es?|ed)|present(?:s|ed)?|develop(?:s|ed)?|design(?:s|ed)?|describ(?:es?|ed)|formulat(?:es?|ed)"
    r"|releas(?:es?|ed)|builds?|built)\b",
    re.I,
)
_RESULT = re.compile(
    r"\b(?:experiment|empirical|evaluat|result|benchmark)\w*\b|\b(?:outperform|achiev|surpass|improv|reduc|boost"
    r"|accelerat|reach|attain|yield|outpac)\w*\b|\b(?:we|they) (?:\w+ )?(?:show|demonstrate|find|found|observe"
    r"|prove|reveal|discover"
    r"|identify|trace)\b|\bdemonstrat\w+\b|\bstate-of-the-art (?:performance|results)\b|\bshow(?:s|ing)? that\b",
    re.I,
)
_CLAIMS = re.compile(
    rf"\b{_AUTHORS} (?:\w+ly |also |first )?(?:shows?|demonstrates?|finds?|found|proves?|reveals?|establish(?:es)?"
    r"|uncovers?|identif(?:y|ies)|discovers?|observes?)\b",
    re.I,
)
_LEADS = re.compile(r"In (?:this|the present|our) (?:\w+ )?(?:paper|work|study|article)\b", re.I)
_REPORTS_RESULT = re.compile(
    r"\b(?:experiment\w*|evaluations?|results?(?! in\b)|outperform\w*|improv\w*|achiev\w*|surpass\w*)\b", re.I
)
_PROBLEM = re.compile(
    r"^(?:However|Yet|Nevertheless|Unfortunately|Despite|Although|While)\b|\b(?:challeng|limit(?:ed|ation|s)"
    r"|suffer|lack"
    r"|vulnerab|fail|bottleneck|difficult|problem|issue|costly|expensive|unclear|overlook|insufficient|unexplored"
    r"|underexplored|poorly|hinder|neglect|degrad|inefficien|scarc|instabil|risk|concern|impractical|prohibitive"
    r"|suboptimal|remains? (?:open|unknown|unclear)|prone to|struggl|drawback|expens|imped|harm)\w*",
    re.I,
)
_FIGURE = re.compile(r"\d")


# "a failure we term X" is no claim of the authors' own work.
_OWN = re.compile(
    r"\b(?:we(?! (?:term|call|refer|name|dub)\b)|our|(?:this|the (?:current|present)) (?:paper|work|study|article))\b",
    re.I,
)


def roles(sentences: list[str]) -> list[Role]:
    """Return the role of each sentence of an abstract, given in order."""
    own_work_began = False
    found: list[Role] = []
    for number, sentence in enumerate(sentences):
        own = bool(_OWN.search(sentence))
        own_work_began = own_work_began or own
        found.append(_role(sentence, own=own, began=own_work_began, late=number >= len(sentences) / 2))
    return found


def is_own(sentence: str) -> bool:
    """Tell whether a sentence speaks of the authors' own work: "We ...", "This paper ..."."""
    return bool(_OWN.search(sentence))


def contributes(sentence: str) -> bool:
    """Tell whether a sentence says what the paper brings: "We introduce Rainbow Padding, a simple remedy ..."."""
    return bool(_CONTRIBUTES.search(sentence))


def presents(sentence: str) -> bool:
    """Tell whether a sentence says what the paper does, be it only to study something."""
    return bool(_PRESENTS.search(sentence))


def leads(sentence: str) -> bool:
    """Tell whether a sentence is the one that opens the authors' own part: "In this paper, we show ..."."""
    return bool(_LEADS.match(sentence)) and (contributes(sentence) or presents(sentence) or claims(sentence))


def claims(sentence: str) -> bool:
    """Tell whether a sentence says what the authors found: "We show that ..."."""
    return bool(_CLAIMS.search(sentence))


def reports_result(sentence: str) -> bool:
    """Tell whether a sentence reports what was measured: "Experiments show ...", "... outperforms ..."."""
    return bool(_REPORTS_RESULT.search(sentence))


def _role(sentence: str, *, own: bool, began: bool, late: bool) -> Role:
    if _CODE.search(sentence) and (late or "http" in sentence):
        return Role.CODE
    result, presents = _RESULT.search(sentence), _PRESENTS.search(sentence)
    if presents and not (result and late):
        return Role.METHOD
    if result and (own or (began and late) or (began and _FIGURE.search(sentence))):
        return Role.RESULT
    if began:
        return Role.METHOD
    return Role.PROBLEM if _PROBLEM.search(sentence) else Role.BACKGROUND
