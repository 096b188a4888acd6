"""A sentence of an abstract -> the same sentence in the third person, with its authors named.

Only the subject changes ("We propose" becomes "Kim et al. (2025) propose"); what is claimed stays word for word.
"""

import re
from dataclasses import dataclass

from assistant.plain_text import plain_text

_CONNECTIVE = re.compile(
    r"^(?:However|Moreover|Furthermore|Additionally|In addition|Besides|Also|Therefore|Thus|Hence|Consequently|Finally"
    r"|Notably|Specifically|In particular|Concretely|Further|Nevertheless|Nonetheless|Yet|Meanwhile|Afterwards|Then"
    r"|First|Second|Third|Firstly|Secondly|Thirdly|Lastly|To (?:this|that) end|Accordingly|As a result"
    r"|In summary|Overall"
    r"|Interestingly|Surprisingly|More (?:specifically|importantly)|Importantly|Conversely|In contrast|By contrast"
    r"|For (?:example|instance)|Here|(?:Based|Building|Contrary|Motivated|Inspired|Leveraging|Following|Guided)"
    r"(?: on| to| by)? (?:this|these|that) (?:\w+ )?\w+),?\s+(?=\S)",
)
_IN_THIS_PAPER = re.compile(
    r"\b[Ii]n (?:this|the present|our|the current) (?:\w+ )?(?:paper|work|study|article|report|letter|thesis)s?,?\s*"
)
# "To address this issue, we" leans on a sentence that is not there.
_LEANING = re.compile(
    r"^(?:To|In|With|By|For|On|From|Based|Building|Inspired|Motivated|Given|Using|Following|Through|Under|Toward)s?\b"
    r"[^,.;:]{0,60}?\b(?:this|these|that|those|such|above|it)\b[^,.;:]{0,60}, (?=(?:we|they)\b)"
)
_SELF = re.compile(
    r"^(?:This|The|Our|The current|The present|This present) (?:paper|work|study|article|report|survey)\s+"
    r"(?:also\s+|first\s+|then\s+)?([a-z]+s)\b"
)
_BASE_FORM = {"addresses": "address", "is": "are", "has": "have", "does": "do", "discusses": "discuss"}
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
_ALSO = re.compile(r"^(?= )(?: (?:also|further|additionally|then|next|thus|therefore|hence))+\b")
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


_LEANING_END = re.compile(
    r"\b(?:address|tackl|solv|fill|clos|bridg|mitigat|overcom)\w* (?:this|these|that|such) \w+\W*$", re.I
)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A sentence in the third person, and whether it names its authors."""

    text: str
    names_authors: bool


def leans_on_context(sentence: str) -> bool:
    """Tell whether a sentence cannot be read alone: "This avoids co-updating ...", "To address this, ..."."""
    return bool(_ANAPHORA.match(_CONNECTIVE.sub("", sentence)) or _LEANING_END.search(sentence))


def third_person(sentence: str, *, source: str, named: bool, abstract: str = "") -> Rewritten:
    """Return `sentence` as somebody else would say it of the paper whose authors are `source` ("Kim et al. (2025)").

    Before the authors are `named` in an answer, the sentence is made to name them; after that they are "they".
    `abstract` tells whether the first word is a name, whose capital must stay.
    """
    text = plain_text(sentence).strip()
    text = _CONNECTIVE.sub("", text)
    text = _capitalised(_LEANING.sub("", _IN_THIS_PAPER.sub("", text)))
    if own := _SELF.match(text):
        subject = "They" if named else source
        verb = own.group(1) if not named and is_singular(source) else _base_form(own.group(1))
        text = f"{subject} {verb}{text[own.end() :]}"
        return Rewritten(_without_first_person(text), True)
    if subject_match := _SUBJECT.search(text):
        if named:
            return Rewritten(_capitalised(_without_first_person(text)), True)
        before, after = text[: subject_match.start()], _ALSO.sub("", text[subject_match.end() :])
        if is_singular(source):
            after = _PLURAL_VERB.sub(lambda verb: verb.group(1) + _singular_form(verb.group(2)), after)
        return Rewritten(_without_first_person(before + (_inside(source) if before else source) + after), True)
    text = _without_first_person(text)
    if named:
        return Rewritten(_capitalised(text), False)
    return Rewritten(f"According to {_inside(source)}, {_lowered(text, abstract)}", True)


def is_singular(source: str) -> bool:
    """Tell whether `source` names one person: "Lee (2025)", not "Kim et al.", "Kim and No" or "The authors of"."""
    return not re.search(r" et al\.| and |^The authors ", source)


def _singular_form(verb: str) -> str:
    irregular = {"are": "is", "have": "has", "do": "does"}
    if verb in irregular:
        return irregular[verb]
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("ss", "sh", "ch", "x")) else "s")


def as_predicate(text: str, abstract: str) -> str:
    """Return a sentence of "third_person" as what the paper does: "They propose SRR ..." becomes "proposes SRR ..."."""
    own = _THEY.match(text)
    # With two verbs ("they reveal ... and propose ...") only the first would be put into the singular.
    if not own or _SECOND_VERB.search(text):
        return _lowered(text, abstract)
    return f"{_singular_form(own.group(1))}{text[own.end() :]}"


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
    if any(letter.isupper() or letter.isdigit() for letter in token[1:]) or (len(token) > 1 and rest[:1].isupper()):
        return text
    word, abstract = re.escape(token.strip(",;:")), _ADDRESS.sub("", abstract)
    if re.search(rf"[a-z,;] {word}\b", abstract) and not re.search(rf"\b{word.lower()}\b", abstract):
        return text
    return text[:1].lower() + text[1:]
