"""The sides of a comparison, "difference between A and B", and the columns of a table, "with columns size and data"."""

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
    r"|differ from|similar to|related to)\s+(?P<b>.+?)(?:,?\s+which\b.*)?$",
    re.I,
)

_OR = re.compile(
    r"^(?:which (?:one )?is (?:better|best|faster)[,:]? )?(?P<a>[^,]+?)\s+or\s+(?P<b>[^,]+?)"
    r"(?:,|\s+(?:which|-))?(?:\s+which\b.*|\s+(?:is|one)\b.*)?$",
    re.I,
)

_HEADS = re.compile(
    r"\bcolumns?(?: (?:for|of|are|being|with))?:?\s+(?P<named>.+)$|\bwith (?:their|its|the)\s+(?P<theirs>[^.;]+)$"
    r"|^(?P<piped>[^|]+(?:\|[^|]+)+)$",
    re.I,
)
_OF_ROWS = re.compile(r"\s+\b(?:for|of|on|about)\s+⟦.*$|\s+\bfor\b.*$", re.I)  # behind the columns
_ROW = re.compile(r"(?:the\s+)?(?:papers?|titles?)\W*", re.I)  # stands at each row anyway
_ASPECTS = {"methods": "method", "approach": "method", "approaches": "method", "problems": "problem"} | {
    "results": "result", "findings": "result", "dataset": "data", "datasets": "data", "year": "date", "dates": "date"
}  # fmt: skip


def columns_of(text: str) -> tuple[str, ...]:
    """Return what a table is to say of each paper, a column each; () if that is left open."""
    heads = _HEADS.search(text)
    if not heads:
        return ()
    said = _OF_ROWS.sub("", heads["named"] or heads["theirs"] or heads["piped"])
    names = [name.strip(" ,.?!") for name in re.split(r"\s*(?:,|\||/|;|\band\b|&)\s*", said)]
    names = [re.sub(r"^(?:the|their|its|a|an)\s+", "", name, flags=re.I) for name in names if name]
    return tuple(dict.fromkeys(_ASPECTS.get(name.lower(), name) for name in names if not _ROW.fullmatch(name)))[:8]


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
