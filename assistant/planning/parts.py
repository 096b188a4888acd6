"""A question of several questions -> its parts: "Who wrote DUSK and what does it propose?"."""

import re

from assistant.planning.plan import MOST_STEPS

_AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|isn['’]t|aren['’]t|doesn['’]t|don['’]t)"
)
_PREPOSITION = r"(?:(?:on|in|at|for|from|to|with|by|under|against) )"
# How a question begins that stands on its own. "how they learn" and "what it knows" do not: their verb comes later.
_BEGINS = (
    rf"(?:who(?:m|se)?\b|{_PREPOSITION}?(?:what|which)(?:['’]s)?(?: [\w-]+){{0,3}}? {_AUXILIARY}\b|what['’]?s\b"
    rf"|(?:what|which) (?!it\b|they\b|he\b|she\b|we\b)(?:[\w-]+ )?\w+s\b"
    rf"|how (?:{_AUXILIARY}|much|many|big|long|fast|large|small|often|well|good|accurate)\b|(?:when"
    rf"|where|why) {_AUXILIARY}\b|(?:when|where|why|how)['’]s\b"
    r"|(?:is|are|does|do|did|was|were|has|can) (?:there|it|its|they|the|this|that|any|code|[A-Z][\w-]+)\b"
    r"|(?:list|show|give|compare|summari[sz]e|explain|describe|tell|write|name)\b (?:me|the|all|it"
    r"|them|its|their|what|how|why|[A-Z]))"
)
_BOUNDARY = re.compile(
    rf"(?<=[?!])\s+(?=\S)|(?<=[^.\s][a-z)\]”\"])\.\s+(?={_BEGINS})|\s*[,;]\s*(?:and|&|plus|also"
    rf"|or)?\s*(?:then |also )?(?={_BEGINS})"
    rf"|\s+(?:and|&|\+|plus|as well as|and also|or)\s+(?:then |also )?(?={_BEGINS})",
    re.I,
)
_ASKS = re.compile(
    rf"\b(?:who|what|which|when|where|why|how|whose)\b|^(?:{_AUXILIARY}|list|show|give|compare"
    rf"|summari[sz]e|explain|describe|tell|define|find)\b",
    re.I,
)
_SUBJECT = re.compile(
    r"^([^:?,]{2,60}):\s+(?=(?:and )?(?:who|what|which|when|where|why|how|is|are|does|do|did"
    r"|can)\b)",
    re.I,
)
_COUNTS = re.compile(r"how many\b", re.I)
_WHICH = re.compile(rf"which (?:one|of|{_AUXILIARY}|\w+s)\b", re.I)
_COMPARES = re.compile(r"\b(?:compare|comparison|contrast|differ\w*|between|versus|vs)\b", re.I)


def parts_of(text: str) -> list[str]:
    """Return the questions that a question is made of, in order; most are one. What only introduces joins the next."""
    subject = _SUBJECT.match(text)
    if subject:  # "GameNGen: which game, and on what hardware?"
        return [f"{part} ({subject[1]})" for part in parts_of(text[subject.end() :])]
    pieces = [piece.strip(" ,;") for piece in _BOUNDARY.split(text)]
    parts: list[str] = []
    for piece in filter(None, pieces):
        introduces = parts and (not _ASKS.search(parts[-1]) or " " not in parts[-1])
        of_sides = _COUNTS.match(piece) or _WHICH.match(piece)
        joins = introduces and (of_sides or not _COMPARES.search(parts[-1]))
        if joins or len(parts) == MOST_STEPS:
            parts[-1] = f"{parts[-1]} {piece}"
        else:
            parts.append(piece)
    return parts
