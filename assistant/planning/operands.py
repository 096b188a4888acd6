"""The sides of a comparison: "difference between A and B", "A vs B", "compare A, B and C"."""

import re

_BETWEEN = re.compile(
    r"\b(?:between|of|compar(?:e|ing|ison of)|contrast(?:ing)?|do|does|distinguish(?:es)?"
    r"|separates?|combin(?:e|ing)|could|can)\s+"
    r"(?P<a>.+?)(?: (?:be )?(?:compared?|differ|relate|combined))?\s+(?:and|with|to|vs\.?|versus|against|from)\s+"
    r"(?P<b>.+?)(?: (?:be )?(?:differ|compared?|relate|combined|have in common)\b.*)?$",
    re.I,
)
_VERSUS = re.compile(
    r"^(?:(?:how|in (?:what|which) ways?) (?:is|are|does|do) |is |are )?(?P<a>.+?)\s+(?:vs\.?"
    r"|versus|compared (?:to|with)|different from"
    r"|differ from|similar to|related to)\s+(?P<b>.+)$",
    re.I,
)

_OR = re.compile(
    r"^(?:which (?:one )?is (?:better|best|faster)[,:]? )?(?P<a>[^,]+?)\s+or\s+(?P<b>[^,]+?)"
    r"(?:,|\s+(?:which|-))?(?:\s+which\b.*|\s+(?:is|one)\b.*)?$",
    re.I,
)


def operands_of(text: str) -> tuple[str, ...]:
    """Return the sides of a comparison, () if it has none."""
    for pattern in (_VERSUS, _BETWEEN, _OR):
        if match := pattern.search(text):
            before = re.sub(
                r"^(?:the )?(?:difference|differences|similarities|comparison) (?:between|of) ",
                "",
                match["a"],
                flags=re.I,
            )
            sides = [*re.split(r"\s*,\s*", before), match["b"]]
            return tuple(side.strip(" ,?") for side in sides if side.strip(" ,?"))
    return ()
