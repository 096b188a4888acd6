"""A sentence of an abstract -> its text without headings, loose words, citations of others and praise at its end."""

import re

from assistant.text.author_years import IN_BRACKETS
from assistant.text.plain_text import plain_text

_LEAST_BEFORE_PRAISE = 8  # words
_LOOSE = "|".join(
    r"In\sresponse Throughout Uniquely Essentially Intuitively Crucially Beyond Simultaneously Concurrently Ultimately"
    r" Fundamentally Indeed Methodologically Technically More\s\w+ly Most\s\w+ly".split()
)
_CITES_OTHERS = re.compile(rf" ?{IN_BRACKETS}")  # which no list of references resolves
# What praise is left at the end of a sentence that has said something: ", which demonstrates its effectiveness".
_PRAISE_BEHIND = re.compile(
    r",? (?:and |which |thereby |thus |further )*(?:demonstrat|validat|highlight|underscor|confirm|showcas|verif)\w* "
    r"(?:the |its |their |our )(?:[\w-]+ ){0,2}(?:effectiveness|superiority|superior|robustness|potential|efficacy"
    r"|promise|significance|generality)\b[^,;]*\.?$"
)
# "3) Unified Framework: We show ..."
_TITLED = r"(?:[A-Z][\w-]*|\([A-Z]\w+\)|and|of|the|for)"
_HEADING = re.compile(rf"^(?:\(?\w{{1,3}}\) )?{_TITLED}(?: {_TITLED}){{0,8}}: (?=[A-Z][a-z]* )")
# A slip of the article: "a image", "an novel"; "a unit", "a useful", "a one-shot" and "an mRNA" are none.
_AN = re.compile(r"\b(?P<a>[Aa]) (?=(?!uni(?!n|mp)|us[aeu]|ut[ei]|eu|onc?e|ubi)[aeiou][a-z])")
_A = re.compile(r"\b(?P<a>[Aa])n (?=[bcdfgjklmnpqrstvwxyz][a-z]{2})")


def cleaned_sentence(text: str) -> str:
    """Return a sentence as text: dashes and articles mended, no heading before it and no praise behind it."""
    plain = re.sub(r"(?<=[\w.)])~(?=[^\s~])", " ", plain_text(text))
    plain = re.sub(r"(?<=[a-z])- (?!and\b|or\b|to\b)(?=[a-z])", "-", plain)
    plain = re.sub(r"\b(of|for|on|in) such (?=[\w-]+(?: [\w-]+)?s\b)(?!as\b)", r"\1 ", plain)
    plain = re.sub(r"(?<=[a-z])\((?=[A-Z])", " (", plain)
    plain = re.sub(r"(?<=\))-(?=an? )", " – ", plain)
    plain = re.sub(r",? (?:however|therefore|thus|hence),", "", plain)
    plain = _HEADING.sub("", plain)
    plain = re.sub(rf"^(?:{_LOOSE}), (?=\w)", "", plain)
    plain = _A.sub(r"\g<a> ", _AN.sub(r"\g<a>n ", plain))
    plain = _CITES_OTHERS.sub("", plain)
    praised = _PRAISE_BEHIND.search(plain)
    if praised and len(plain[: praised.start()].split()) > _LEAST_BEFORE_PRAISE:
        plain = f"{plain[: praised.start()]}."
    plain = plain[:1].upper() + plain[1:]
    return " ".join(plain.replace(" - ", " – ").split())
