"""Whether a sentence that is taken out of its abstract can be followed, and says something of its own paper.

Choi et al. 2021 call a sentence that stands on its own decontextualized.
"""

import re

from assistant.text.term_stopwords import GENERIC
from vectorstore.text.terms import terms

_BEHIND = "is|are|was|were|has|have|can|may|will|in|by|with|from|on|at|as|via|through|using|while"
# Without "of", "that" and the like behind it, "the X" means one that has been spoken of.
_DEFINITE = re.compile(
    r"\bthe (?:(?P<count>two|three|four) )?(?:(?:resulting|learned|remaining|underlying|obtained|corresponding) )*"
    rf"(?P<noun>[a-z][\w-]+)(?=[.,;:]|\W*$| (?:{_BEHIND})\b| [a-z]+(?:[^s]s|ed) (?:{_BEHIND}|to|the|an?)\b)",
    re.I,
)
_ALWAYS_KNOWN = frozenset(terms("literature world wild future past field community internet web public authors paper"))
_SAID_OF_NOTHING = re.compile(
    r"\banalogous\b(?! to)"
    r"|\b(?:similar|equivalent|comparable) (?:results?|findings?|bounds?|ideas?|guarantees?|trends?|behaviou?rs?)\b"
    r"(?!.*\b(?:to|as|with)\b)"
    r"|\bthe (?:former|latter|aforementioned|corresponding)\b|\bin the same (?:setting|way|manner|vein)\b"
    # "identify three dominant effects": which?
    r"|\b(?:two|three|four|five|six|several) (?:[\w-]+ ){0,5}(?:effects|strategies|components|challenges|contributions"
    r"|perspectives|findings|observations|issues|insights|questions|factors|stages|modules|ideas|aspects|designs|pillars"
    r"|principles|steps|mechanisms|parts|techniques)\W*$"
    r"|\bmakes? (?:two|three|four|several) (?:[\w-]+ )?contributions\b|\btwo-?fold ideas?\b",
    re.I,
)
_THIS = re.compile(r"\b(?:this|these|those)\b(?! (?:paper|work|study|article|survey|report)\b)", re.I)
_THEIR = re.compile(r"\b(?:their|them|they)\b")
_MANY = re.compile(r"\b(?:[a-z-]{3,}[^s\W]s|[A-Z]\w+s|and|data|people|\w+ et al\.|colleagues)\b")


_PRAISE = frozenset(
    terms(
        """
        novel simple effective yet efficient lightweight light new robust accurate innovative comprehensive advanced
        extensive called named termed propose proposed introduce introduced present presented show find study
        investigate analyze examine explore develop developed design designed systematically first i.e. e.g.
        using based use
        """
    )
)
_FEWEST = 3  # words that not any paper might say


def says_enough(text: str, *, source: str) -> bool:
    """Tell whether a sentence says more of a paper than that it "proposes two simple yet effective strategies"."""
    words = text.replace(source, "").split()
    said = [word for word in words if not re.search(r"[a-z]?[A-Z]\w*[A-Z]", word)]  # a coined name explains nothing
    return len(frozenset(terms(" ".join(said))) - GENERIC - _PRAISE) >= _FEWEST


def leaves_open(text: str, *, said: str, before: str, source: str) -> bool:
    """Tell whether a reader must ask what a sentence speaks of.

    `said` is what the reader was told of the paper, `before` the part of the abstract in front of the sentence: what
    "the mitigation" means may stand in it and not in what was said. `source` names the paper's authors.
    """
    if _SAID_OF_NOTHING.search(text):
        return True
    if not said and (_THIS.search(text) or _has_their_of_nobody(text, source)):
        return True
    earlier = frozenset(terms(before)) - _ALWAYS_KNOWN
    for match in _DEFINITE.finditer(text):
        meant = frozenset(terms(match["noun"]))
        if (meant & earlier or match["count"]) and not meant & frozenset(terms(f"{said} {text[: match.start()]}")):
            return True
    return False


def _has_their_of_nobody(text: str, source: str) -> bool:
    """Tell whether "their" has only a title in front of it: "“FAST” (2025) proposes to study their interactions"."""
    their = _THEIR.search(text)
    if not their or not source.startswith("“"):
        return False
    between = text[: their.start()].partition(source)[2].split()[1:]  # without the verb
    return not _MANY.search(" ".join(between))
