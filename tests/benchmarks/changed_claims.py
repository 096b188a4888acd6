"""A claim -> the same claim with another meaning: a number, a negation, a direction or an entity changed.

The lists here are the benchmark's own: the code that is measured has others, and neither was written from the other.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

_ANTONYMS = """
increase decrease, increases decreases, increased decreased, increasing decreasing, higher lower, high low,
more less, greater smaller, better worse, improves worsens, improve worsen, improved worsened, promotes prevents,
promote prevent, activates inactivates, activation inactivation, stimulates inhibits, enhances diminishes,
enhance diminish, enhanced diminished, induces suppresses, induce suppress, upregulates downregulates,
upregulated downregulated, up-regulated down-regulated, upregulation downregulation, raises lowers,
positive negative, positively negatively, effective ineffective, essential dispensable, required dispensable,
longer shorter, long short, early late, earlier later, stronger weaker, strong weak, large small, larger smaller,
before after, with without, accelerates slows, gain loss, susceptible resistant, sensitive insensitive,
facilitates hinders, protects harms, beneficial harmful, common rare, frequent infrequent, presence absence,
stable unstable, stabilizes destabilizes, faster slower, fast slow, rapid slow, younger older, survival death,
success failure, maximum minimum, upper lower, active inactive, dependent independent, direct indirect,
directly indirectly, rises falls, most least, elevated reduced, above below, normal abnormal, pro-inflammatory
anti-inflammatory, benign malignant, agonist antagonist, excess deficiency, majority minority, reduces increases,
reduce increase, reduced increased, decreasing increasing, inhibits activates, suppresses induces, prevents causes,
impairs restores, outperforms underperforms, safe dangerous, accurate inaccurate, superior inferior
"""
_OPPOSITE = {
    word: other
    for pair in _ANTONYMS.replace("\n", " ").split(",")
    for one, two in [pair.split()]
    for word, other in ((two, one), (one, two))
}
_AUXILIARY = re.compile(r"\b(is|are|was|were|has|have|had|can|may|could|should|will|might|does|do|did)\b(?! not)")
_NOT = re.compile(r"\b(?:(?:do|does|did) not|don't|doesn't|cannot|not|no)\b ?")
_PLAIN_VERB = re.compile(
    r"(?<= )(activate|affect|alter|antagonize|associate|bind|block|cause|contribute|control|correlate|decrease"
    r"|demonstrate|deregulate|determine|downregulate|enhance|express|facilitate|generate|give|impair|improve|increase"
    r"|induce|inhibit|interact|involve|lack|lead|lower|mediate|modulate|participate|play|possess|predict|prevent"
    r"|produce|promote|protect|provide|raise|receive|recognize|reduce|regulate|reject|require|result|reveal|show"
    r"|signal|slow|stabilize|stimulate|suggest|support|suppress|target|trigger|upregulate|work)(s?)(?= )"
)
_NUMBER = re.compile(r"(?<![\w.,/-])\d+(?:[.,]\d+)*(?=%|-fold\b|\b(?![\w/-]))")
_COUNTS = "two three four five six seven eight nine ten twelve twenty thirty".split()
_COUNT = re.compile(rf"\b({'|'.join(_COUNTS)}|half|twice)\b(?!-)", re.I)
_NAME = re.compile(r"(?<![\w-])(?=[\w/-]*(?:[a-z\d-][A-Z]|[A-Z][A-Z\d]|[A-Za-z]-?\d))[A-Za-z][\w/-]*\w")
# Between two names that change places: a claim about one that is not the same about the other.
_ONE_WAY = re.compile(
    r"\b(?:activat|phosphorylat|inhibit|suppress|regulat|induc|promot|prevent|requir|produc|stimulat|caus|leads? to"
    r"|antagoni|degrad|cleav|increas|decreas|reduc|enhanc|than|control|mediat|express|recruit|stabili[sz]|block"
    r"|depend|encod|ubiquitinat|target|drives?|repress|trigger|impair|affect)\w*"
)
_EITHER_WAY = re.compile(r"\b(?:and|or|interact|associat|correlat|between|bind|link|complex)\w*")


def changed_number(claim: str) -> str | None:
    """Return `claim` with its first number another one, or None if it has none."""
    if match := _NUMBER.search(claim):
        value = float(match.group().replace(",", ""))
        other = value + (1 if value < 10 else 7) if "." not in match.group() else value + 1.3
        return _spliced(claim, match, f"{other:g}" if "," not in match.group() else f"{int(other):,}")
    if match := _COUNT.search(claim):
        word = match.group().lower()
        other_word = {"half": "a quarter", "twice": "four times"}.get(word) or _COUNTS[_COUNTS.index(word) - 1]
        return _spliced(claim, match, other_word.capitalize() if match.group()[0].isupper() else other_word)
    return None


def changed_negation(claim: str) -> str | None:
    """Return `claim` with a "not" more or less."""
    if match := _NOT.search(claim):
        return _spliced(claim, match, "")
    if match := _AUXILIARY.search(claim):
        return _spliced(claim, match, f"{match.group()} not")
    if match := _PLAIN_VERB.search(claim):
        return _spliced(claim, match, f"{'does' if match.group(2) else 'do'} not {match.group(1)}")
    return None


def changed_direction(claim: str) -> str | None:
    """Return `claim` with the first word that has an opposite replaced by it."""
    for match in re.finditer(r"(?<!ed )\b[A-Za-z]+(?:-[a-z]+)?\b", claim):  # not "associated without"
        if other := _OPPOSITE.get(match.group().lower()):
            return _spliced(claim, match, other.capitalize() if match.group()[0].isupper() else other)
    return None


def names(claim: str) -> list[str]:
    """Return what looks like a name of a gene, a drug, a method: "IL-10", "mTOR", "c-Myc"."""
    return list(dict.fromkeys(match.group() for match in _NAME.finditer(claim)))


def changed_entity(claim: str, abstract: str, others: Sequence[str]) -> str | None:
    """Return `claim` with its first name replaced by one of `others` that neither it nor the abstract has."""
    found = names(claim)
    known = f"{claim} {abstract}".lower()
    strangers = [name for name in others if name.lower() not in known]
    if not found or not strangers:
        return None
    start = int.from_bytes(hashlib.sha256(claim.encode()).digest()[:4]) % len(strangers)
    return claim.replace(found[0], strangers[start])


def words(claim: str) -> list[str]:
    """Return the plain words of some length that point nowhere: "migraine", "membrane"."""
    found = re.findall(r"(?<![\w-])[a-z]{6,}(?![\w-])", claim)
    return [word for word in dict.fromkeys(found) if word not in _OPPOSITE]


def changed_word(claim: str, abstract: str, others: Sequence[str]) -> str | None:
    """Return `claim` with one plain word replaced by one of `others` that neither it nor the abstract has."""
    found = words(claim)
    known = f"{claim} {abstract}".lower()
    strangers = [word for word in others if word[:5] not in known]
    if not found or not strangers:
        return None
    digest = hashlib.sha256(claim.encode()).digest()
    old, new = found[digest[0] % len(found)], strangers[int.from_bytes(digest[1:5]) % len(strangers)]
    return re.sub(rf"(?<![\w-]){old}(?![\w-])", new, claim)


def exchanged_entities(claim: str) -> str | None:
    """Return `claim` with two names in each other's place, where what stands between them goes one way."""
    found = list(_NAME.finditer(claim))
    for one, two in pairwise(found):
        between = claim[one.end() : two.start()]
        if one.group() != two.group() and _ONE_WAY.search(between) and not _EITHER_WAY.search(between):
            return claim[: one.start()] + two.group() + between + one.group() + claim[two.end() :]
    return None


def in_tuning_half(claim_id: str) -> bool:
    return hashlib.sha256(claim_id.encode()).digest()[0] % 2 == 0


CHANGES: dict[str, Callable[[str], str | None]] = {
    "number": changed_number,
    "negation": changed_negation,
    "direction": changed_direction,
    "names exchanged": exchanged_entities,
}


def all_changes(claim: str, abstract: str, other_claims: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield (kind, changed claim) for each kind of change that `claim` allows."""
    other_names = sorted({name for other in other_claims for name in names(other)})
    other_words = sorted({word for other in other_claims for word in words(other)})
    for kind, change in CHANGES.items():
        if changed := change(claim):
            yield kind, changed
    if changed := changed_entity(claim, abstract, other_names):
        yield "name of another claim", changed
    if changed := changed_word(claim, abstract, other_words):
        yield "word of another claim", changed


def _spliced(claim: str, match: re.Match[str], other: str) -> str:
    return claim[: match.start()] + other + claim[match.end() :]
