"""A sentence of an abstract -> its text without headings, loose words, citations of others and praise at its end."""

import re

from assistant.text.plain_text import plain_text

_LEAST_BEFORE_PRAISE = 8  # words
_LOOSE = "|".join(
    r"In\sresponse Throughout Uniquely Essentially Intuitively Crucially Beyond Simultaneously Concurrently Ultimately"
    r" Fundamentally Indeed Methodologically Technically More\s\w+ly Most\s\w+ly".split()
)
# " (Liu et al., 2024; Kim and Lee, 2023)", which no list of references resolves
_CITED_WORK = r"[A-Z][\w'’-]+(?: et al\.?| (?:and|&) [A-Z][\w'’-]+)?,? (?:19|20)\d\d[a-z]?"
_CITES_OTHERS = re.compile(rf" ?\((?:e\.g\.,? |see |cf\. )?{_CITED_WORK}(?:[;,] {_CITED_WORK})*\)")
# What praise is left at the end of a sentence that has said something: ", which demonstrates its effectiveness".
_PRAISE_BEHIND = re.compile(
    r",? (?:and |which |thereby |thus |further )*(?:demonstrat|validat|highlight|underscor|confirm|showcas|verif)\w* "
    r"(?:the |its |their |our )(?:[\w-]+ ){0,2}(?:effectiveness|superiority|superior|robustness|potential|efficacy"
    r"|promise|significance|generality)\b[^,;]*\.?$"
)
# "3) Unified Framework: We show ..."
_TITLED = r"(?:[A-Z][\w-]*|\([A-Z]\w+\)|and|of|the|for)"
_HEADING = re.compile(rf"^(?:\(?\w{{1,3}}\) )?{_TITLED}(?: {_TITLED}){{0,8}}: (?=[A-Z][a-z]* )")


def cleaned_sentence(text: str) -> str:
    """Return a sentence as text: ties as spaces, dashes, no heading in front, no praise behind what it says."""
    plain = re.sub(r"(?<=[\w.)])~(?=[^\s~])", " ", plain_text(text))
    plain = re.sub(r"(?<=[a-z])- (?!and\b|or\b|to\b)(?=[a-z])", "-", plain)
    plain = re.sub(r"\b(of|for|on|in) such (?=[\w-]+(?: [\w-]+)?s\b)(?!as\b)", r"\1 ", plain)
    plain = re.sub(r"(?<=[a-z])\((?=[A-Z])", " (", plain)
    plain = re.sub(r"(?<=\))-(?=an? )", " – ", plain)
    plain = re.sub(r",? (?:however|therefore|thus|hence),", "", plain)
    plain = _HEADING.sub("", plain)
    plain = re.sub(rf"^(?:{_LOOSE}), (?=\w)", "", plain)
    plain = _CITES_OTHERS.sub("", plain)
    praised = _PRAISE_BEHIND.search(plain)
    if praised and len(plain[: praised.start()].split()) > _LEAST_BEFORE_PRAISE:
        plain = f"{plain[: praised.start()]}."
    plain = plain[:1].upper() + plain[1:]
    return " ".join(plain.replace(" - ", " – ").split())
