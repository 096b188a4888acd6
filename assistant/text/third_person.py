"""A sentence of an abstract -> the same sentence in the third person, with its authors named.

Only the subject changes ("We propose" becomes "Kim et al. (2025) propose"); what is claimed stays word for word.
"""

import re

from assistant.text.plain_text import plain_text

SIMILARLY = "Similarly, "  # joins a sentence to the one before it, and says nothing of its own paper

_CONNECTIVE = re.compile(
    r"^(?:\((?:\d|i{1,3}|iv|v)\)|Still"
    r"|However|Moreover|Furthermore|Additionally|In addition|Besides|Also|Therefore|Thus|Hence|Consequently|Finally"
    r"|Notably|Specifically|In particular|Concretely|Further|Nevertheless|Nonetheless|Yet|Meanwhile|Afterwards|Then"
    r"|First|Second|Third|Firstly|Secondly|Thirdly|Lastly|To (?:this|that) end|Accordingly|As a result"
    r"|In summary|Overall|To be (?:more )?(?:specific|precise|exact)"
    r"|Interestingly|Surprisingly|Remarkably|More (?:specifically|importantly)|Importantly|Conversely"
    r"|In contrast(?! (?:to|with)\b)"
    r"|By contrast|For (?:example|instance)|Here"
    r"|(?:Based|Building|Contrary|Motivated|Inspired|Leveraging|Following|Guided)"
    r"(?: on| to| by)? (?:this|these|that) (?:\w+ )?\w+),?\s+(?=\S)",
)
_IN_THIS_PAPER = re.compile(
    r"\b[Ii]n (?:this (?:\w+ )?|the present |our (?:\w+ )?|the current |the )"
    r"(?:paper|work|study|article|report|letter|thesis|survey)s?,?\s*"
)
# "To address this issue, we" leans on a sentence that is not there.
_LEANING = re.compile(
    r"^(?:To|In|With|By|For|On|From|Based|Building|Inspired|Motivated|Given|Using|Following|Through|Under|Toward)s?\b"
    r"[^,.;:]{0,60}?\b(?:this|these|that|those|such|above|it)\b[^,.;:]{0,60}, "
    r"(?=(?:we|they|this (?:paper|work|study|article|survey|(?:technical )?report))\b)"
)
_SELF = re.compile(
    r"^(?:This|The|Our|The current|The present|This present) (?:(?:technical|position|survey|research) )?"
    r"(?:paper|work|study|article|report|survey)\s+"
    r"(?:also\s+|first\s+|then\s+)?(?!(?:is|was)\b(?! the first\b)|has been\b)([a-z]+s)\b"  # what it is, they are not
)
_BASE_FORM = {
    "focuses": "focus",
    "addresses": "address",
    "is": "are",
    "has": "have",
    "does": "do",
    "discusses": "discuss",
}
_FIRST_PERSON = {
    "we": "they",
    "our": "their",
    "ours": "theirs",
    "us": "them",
    "ourselves": "themselves",
    "i": "they",
    "my": "their",
}
_PRONOUN = re.compile(r"\b(?:we|our|ours|us|ourselves|my)\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+")
_ALSO = re.compile(r"^(?= )(?: (?:also|first|further|additionally|then|next|thus|therefore|hence))+\b")
_SUBJECT = re.compile(r"\b[Ww]e\b(?!-)")
# Verbs of "we" that are put into the singular for one author.
_VERBS = (
    r"(are|have|do|add|adapt|address|adopt|aim|analy[sz]e|apply|argue|ask|build|call|categorize|characterize"
    r"|collect|combine"
    r"|compare|compute|conclude|conduct|conjecture|consider|construct|contribute|create|define|demonstrate"
    r"|derive|describe"
    r"|design|develop|discover|discuss|employ|establish|evaluate|examine|explain|explore|extend|find|focus"
    r"|formali[sz]e|formulate|generali[sz]e|give|hypothesi[sz]e|identify|illustrate|implement|improve|introduce"
    r"|investigate"
    r"|leverage|make|measure|observe|obtain|offer|perform|present|prove|propose|provide|reformulate|release"
    r"|report|reveal"
    r"|review|show|solve|study|suggest|summari[sz]e|take|test|trace|train|treat|try|use|utili[sz]e|validate"
    r"|verify|view|want|wonder|work)\b(?!-)"
)
_PLURAL_VERB = re.compile(rf"^(\s+(?:also |first |then |further |[a-z]+ly |instead |next )?){_VERBS}")
_SECOND_VERB = re.compile(rf"(?:,| and|, and) (?:[a-z]+ly |then |also )?{_VERBS}")
_JOINED_SINGULAR = re.compile(r"(?:, and|,| and) (?:[a-z]+ly |then |also |further )?([a-z]+s)\b")
_SINGULAR_WITH_OBJECT = re.compile(r"(?:, and|,| and) (?:[a-z]+ly )?[a-z]+[^s]s (?:its|the|an?|that|how|their)\b")
_KNOWN_VERB = re.compile(_VERBS)
# Not behind "that" or "which": there it is the verb of something else.
_SECOND_SINGULAR = re.compile(r"((?:(?! (?:that|which|who|where|to)\b)[^,;:])*? and (?:also )?)([a-z]+s)\b")
# "They propose", also behind "To address this," and the like, which a list has no place for.
_THEY = re.compile(
    r"(?:(?:To|In|With|By|For|Based|Building|Inspired|Motivated)\b[^,.]{0,90}, )?[Tt]hey (?:also |first |then "
    r"|further |thus |therefore |hence |[a-z]+ly )?"
    r"([a-z]+(?<!ed))\b(?<!are)(?<!have)(?<!can)(?<!were)(?<!was)(?<!found)(?<!built)"
)
_ANAPHORA = re.compile(
    r"(?:(?:although|while|though|since|when|if|as)\b[^,]{0,80}, )?(?:(?:this|these|those|that|such|it|its|they"
    r"|their|he|she"
    r"|both|the former|the latter|in this (?:case|setting|way)|among (?:them|these)|each|(?:based on|using"
    r"|with) (?:this|these)"
    r"|doing so|to (?:address|tackle|overcome|solve|mitigate|resolve|do|achieve|remedy) (?:this|these|that|it|so"
    r"|them|above))\b"
    r"(?! (?:paper|work|study|article)\b))",
    re.I,
)


# "..., which captures this phenomenon": what is meant stands in a sentence before.
_DANGLING = re.compile(
    r"\b(?:this|these|such)(?: [\w-]+){0,2}? (?:phenomen\w+|issues?|problems?|challenges?|gaps?|limitations?"
    r"|shortcomings?|hypothes[ie]s|results?|findings|insights?|patholog\w+|observations?|behaviou?rs?|paradox|intuition|misalignment|instability|questions?|difficult\w+"
    r"|assumptions?|trends?|mechanisms?|settings?|deadlock|trade-?offs?)\b",
    re.I,
)
_LEANING_END = re.compile(
    r"\b(?:address|tackl|solv|fill|clos|bridg|mitigat|overcom)\w* (?:this|these|that|such) \w+\W*$", re.I
)


def leans_on_context(sentence: str) -> bool:
    """Tell whether a sentence cannot be read alone: "This avoids co-updating ...", "To address this, ..."."""
    alone = _LEANING.sub("", _CONNECTIVE.sub("", sentence))
    return bool(_ANAPHORA.match(alone) or _LEANING_END.search(sentence))


def dangles(sentence: str) -> bool:
    """Tell whether a sentence speaks of something that one before it has named: "... into this phenomenon"."""
    return leans_on_context(sentence) or bool(_DANGLING.search(_LEANING.sub("", _CONNECTIVE.sub("", sentence))))


def third_person(sentence: str, *, source: str, named: bool, abstract: str = "") -> str:
    """Return `sentence` as somebody else would say it of the paper whose authors are `source` ("Kim et al. (2025)").

    Before the authors are `named` in an answer, the sentence is made to name them; after that they are "they".
    `abstract` tells whether the first word is a name, whose capital must stay.
    """
    text = without_lead(sentence)
    if own := _SELF.match(text):
        subject = "They" if named else source
        text = text[own.end() :]
        if not named and is_singular(source):
            text = f"{subject} {own.group(1)}{text}"
        else:
            text = f"{subject} {_base_form(own.group(1))}{_with_plural_verb(text)}"
        return _without_first_person(text)
    if subject_match := _SUBJECT.search(text):
        if named:
            return _capitalised(_without_first_person(text))
        before, after = text[: subject_match.start()], _ALSO.sub("", text[subject_match.end() :])
        if is_singular(source):
            after = _PLURAL_VERB.sub(lambda verb: verb.group(1) + _singular_form(verb.group(2)), after)
        return _without_first_person(before + (_inside(source) if before else source) + after)
    text = _without_first_person(text)
    if named:
        return _capitalised(text)
    return f"According to {_inside(source)}, {_lowered(text, abstract)}"


def without_lead(sentence: str) -> str:
    """Return a sentence without what joins it to the one before it, or says that it is about this paper."""
    text = _CONNECTIVE.sub("", plain_text(sentence).strip())
    return _capitalised(_LEANING.sub("", _IN_THIS_PAPER.sub("", text)))


def has_second_verb(text: str) -> bool:
    """Tell whether a second verb, in the plural, follows: "... and propose X"."""
    return bool(_SECOND_VERB.search(text))


def has_singular_verb(text: str) -> bool:
    """Tell whether one more verb in the singular is joined on: "They position X, endorses Y and highlights Z"."""
    own_clause = re.split(r" (?:that|which|who)\b", text)[0]
    known = (_KNOWN_VERB.fullmatch(_base_form(verb)) for verb in _JOINED_SINGULAR.findall(text))
    return any(known) or bool(_SINGULAR_WITH_OBJECT.search(own_clause))


def is_singular(source: str) -> bool:
    """Tell whether `source` names one person: "Lee (2025)", not "Kim et al.", "Kim and No" or "The authors of"."""
    if source.startswith("“"):  # a title
        return True
    return not re.search(r" et al\.| and |^The authors ", source)


def _with_plural_verb(predicate: str) -> str:
    """Return "advances practice and demonstrates ..." behind its first verb with the second one in the plural too."""
    second = _SECOND_SINGULAR.match(predicate)
    if not second or not _KNOWN_VERB.fullmatch(_base_form(second.group(2))):
        return predicate
    return f"{second.group(1)}{_base_form(second.group(2))}{predicate[second.end() :]}"


def _singular_form(verb: str) -> str:
    irregular = {"are": "is", "have": "has", "do": "does"}
    if verb in irregular:
        return irregular[verb]
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "sh", "ch", "x")) else "s")


def as_predicate(text: str, abstract: str) -> str:
    """Return a sentence of "third_person" as what the paper does: "They propose SRR ..." becomes "proposes SRR ..."."""
    own = _THEY.match(text)
    # With two verbs ("they reveal ... and propose ...") only the first would be put into the singular.
    if not own or _SECOND_VERB.search(text):
        return _lowered(text, abstract)
    return f"{_singular_form(own.group(1))}{text[own.end() :]}"


# No name begins with one of these, whatever follows it.
_FUNCTION_WORDS = frozenset(
    "A Across After All Although An And As At Based Because Before Between Beyond Both But By Compared Current Despite"
    " Due During Each Empirical Even Existing Experimental Experiments Extensive Five For Four From Given How If In"
    " Instead Into It Its Many Most Much Nine No Not Of On One Only Our Over Past Prior Recent Recently Seven Several"
    " Since Six So Some Such Ten Than That The Their Then There These They This Those Though Three Through To Toward"
    " Towards Two Under Unlike Until Upon Using Via We What When Where Whether Which While Why With Within"
    " Without".split()
)


def _inside(name: str) -> str:
    return name[0].lower() + name[1:] if name.startswith("The ") else name


def _base_form(verb: str) -> str:
    if verb in _BASE_FORM:
        return _BASE_FORM[verb]
    if verb.endswith("ies"):
        return verb[:-3] + "y"
    if verb.endswith(("sses", "shes", "ches", "xes")):
        return verb[:-2]
    return verb[:-1]


def _without_first_person(text: str) -> str:
    def replaced(match: re.Match[str]) -> str:
        word = match.group()
        if word == "US":  # the country
            return word
        other = _FIRST_PERSON[word.lower()]
        return other.capitalize() if word[0].isupper() else other

    return _PRONOUN.sub(replaced, text)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lowered(text: str, abstract: str) -> str:
    """Return `text` to follow a comma: its first letter lower, unless the first word is a name or an acronym."""
    token, _, rest = text.partition(" ")
    if token.rstrip(",") in _FUNCTION_WORDS or token.endswith("ly,"):
        return text[:1].lower() + text[1:]
    if any(letter.isupper() or letter.isdigit() for letter in token[1:]) or (len(token) > 1 and rest[:1].isupper()):
        return text
    word, abstract = re.escape(token.strip(",;:")), _ADDRESS.sub("", abstract)
    if re.search(rf"[a-z,;] {word}\b", abstract) and not re.search(rf"\b{word.lower()}\b", abstract):
        return text
    return text[:1].lower() + text[1:]
