"""Which way a sentence points: its words of direction ("improves", "fewer", "without") and what it negates.

Two opposite words stand on the two sides of one line of the table. A word is looked up by its stem, so "improves" and
"improvement" are one; behind "=" it is looked up as it stands, since "effective" has the stem of "effect". What a
prefix turns round ("stable", "unstable") needs no line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from assistant.text.wording import Word
from vectorstore.embedders.word_vectors import stem

Sign = tuple[int, int] | str
_OPPOSITES = """
increase rise raise grow growth gain higher high more greater elevate enhance boost amplify exceed expand expansion
    augment upregulate overexpress escalate strengthen intensify accumulate accumulation improve promote stimulate
    activate activation potentiate exacerbate aggravate worsen elevation excess surplus abundance encourage
    | decrease reduce reduction decline drop fall lower low less fewer diminish lessen shrink cut curb attenuate
    downregulate deplete lose weaken minimize mitigate alleviate relieve ameliorate milder mild
    inhibit inhibition suppress suppression abolish abrogate antagonize repress silence eliminate disrupt ablate
    deactivate deficient deficiency impair impede limit restrict block
cause lead induce induction trigger drive elicit evoke produce promote stimulate activate activation facilitate enable
    support encourage foster generate mediate
    | prevent prevention inhibit inhibition suppress suppression block abolish abrogate antagonize repress impede hinder
    hamper halt avoid protect disrupt
improve better superior best outperform surpass beat benefit beneficial =effective =effectively =effectiveness
    efficacious success successful succeed advantage excel outstrip good favorable enhance restore =accurate =accurately
    | degrade worse worsen inferior worst underperform harm harmful impair =ineffective fail failure unsuccessful
    disadvantage deteriorate damage hurt poor poorly bad adverse detrimental aggravate exacerbate
    =inaccurate =inaccurately
necessary essential require requirement need crucial critical vital indispensable mandatory pivotal
    | unnecessary dispensable redundant optional needless
=positive =positively | =negative =negatively inverse inversely
large larger big bigger huge long longer strong stronger broad wide wider deep deeper heavy heavier =major maximal
    maximum maximize
    | small smaller tiny short shorter weak weaker narrow narrower shallow lighter =minor minimal minimum minimize
above | below
disjoint nonoverlapping separate | overlap overlapping
forward | backward
most | least
many majority often frequent frequently common prevalent widespread usually abundant
    | few minority rarely rare seldom infrequent uncommon scarce
all every always both universally | some none never partly partially sometimes
early earlier before prior previous precede | late later after subsequent follow
first | last
fast faster quick quickly rapid rapidly accelerate | slow slower slowly gradual gradually delay decelerate
old older elderly | young younger
sensitive susceptible vulnerable =responsive susceptibility vulnerability sensitivity
    | resistant resistance immune refractory insensitive tolerant
same similar equal identical alike comparable | different differ distinct unequal opposite dissimilar unlike
accept | reject
alive live survive survival | dead death die mortality
easy easier simple simpler | hard harder difficult complicated
cheap cheaper inexpensive | expensive costly
safe | dangerous toxic unsafe risky hazardous
agonist | antagonist
=presence =present exist existence | =absence =absent lack missing
benign | malignant
healthy | ill sick diseased
acute | chronic
proximal | distal
internal | external
=local =locally | =global =globally
dense | sparse
static | dynamic
online | offline
=open | =closed
=public | =private
constant unchanged stable invariant | vary variable changed
=known =clear | unknown unclear
agree agreement confirm | disagree contradict refute
add addition | remove removal delete subtract
win | lose
=pro | =anti
=innate | =acquired
male men man boys | female women woman girls
maternal mother | paternal father
day daytime | night nighttime
top | bottom
start begin onset initiate | end stop terminate cease
"""
_NEGATORS = frozenset(
    "not no never neither nor none cannot hardly failed fails fail failing"
    " unable nothing nobody barely scarcely impossible unlikely excluding except".split()
)
# "Depletion of A", "A deficiency", "A-deficient": what follows is true of what is without A.
_TAKEN_AWAY = frozenset(
    "depletion depleted depleting deletion deleting deleted knockdown knockout removal removing ablation ablating"
    " silencing deficiency deficient null lack lacking lacks lacked absence without interruption disabling"
    " dropping".split()
)
_BEHIND = frozenset(
    "depletion depleted deletion deleted knockdown knockout removal ablation silencing deficiency"
    " deficient null".split()
)
_TAKEN_SCOPE = 3
_HELPS = frozenset("relying rely on any using use of the need needing for requiring".split())  # "without relying on X"
_CONTRACTED = re.compile(r"n['’]t$")
_INSTEAD = frozenset((("rather", "than"), ("instead", "of"), ("no", "longer"), ("far", "from"), ("absent", "from")))
_ADDS = frozenset((("not", "only"), ("not", "just"), ("not", "merely"), ("no", "doubt"), ("not", "least")))
_PREFIX_PAIRS = (
    ("hyper", "hypo"),
    ("intra", "extra"),
    ("intra", "inter"),
    ("pre", "post"),
    ("macro", "micro"),
    ("over", "under"),
    ("up", "down"),
    ("mono", "poly"),
)
# What looks turned round by a prefix and is not.
_NOT_TURNED = frozenset(
    "improve improved improves improving inform informs informed understand understanding design designs designed"
    " describe described discover discovered increase increased induce induced involve involved impact important"
    " intend inside internal interest report display discuss distribute distribution return alone along around above"
    " about across instance increment invest district understood".split()
)
_SCOPE = 6  # words behind a negator that it turns round, unless a clause begins before
_PREFIXES = ("un", "in", "im", "ir", "il", "non", "dis", "de", "anti", "mis", "a", "hypo", "under", "counter")
_UP_AND_DOWN = 0  # the line of the table with what grows and shrinks
_SHORTEST_TURNED = 4  # letters of what a prefix stands before


@dataclass(frozen=True, slots=True)
class Cue:
    """A word of direction: where it stands, and on which sides of which lines of the table."""

    place: int
    lines: tuple[tuple[int, int], ...]  # of the table, each with the side, 1 or -1
    negated: bool

    def agreement(self, other: "Cue") -> int | None:
        """Return 1 if two cues point the same way, -1 if not, 0 if that is unsure, None if they are of other things.

        "Does not increase" may be "decreases", or not.
        """
        there = dict(other.lines)
        sides = [side == there[line] for line, side in self.lines if line in there]
        if not sides:
            return None
        if self.negated == other.negated:
            return 1 if any(sides) else -1
        return -1 if any(sides) else 0


@cache
def _table() -> dict[str, tuple[tuple[int, int], ...]]:
    """Return (line, side) of each stem; "slow" is against "fast" and against "accelerate"."""
    table: dict[str, list[tuple[int, int]]] = {}
    for number, line in enumerate(re.sub(r"\n\s+", " ", _OPPOSITES.strip()).split("\n")):
        for side, words in zip((1, -1), line.split("|"), strict=True):
            for word in words.split():
                key = word[1:] if word[0] == "=" else stem(word) or word
                table.setdefault(key, []).append((number, side))
    return {word: tuple(dict.fromkeys(found)) for word, found in table.items()}


@lru_cache(maxsize=50_000)
def signs(lower: str) -> frozenset[Sign]:
    """Return what a word says of direction: its sides of the table's lines, and its own forms."""
    return frozenset((*_lines(lower), lower, stem(lower) or lower))


@lru_cache(maxsize=50_000)
def counter_signs(lower: str) -> frozenset[Sign]:
    """Return the signs of words that say the opposite: "degraded" for "improves", "stable" for "unstable"."""
    lines = _lines(lower)
    return frozenset((*((line, -side) for line, side in lines), *(() if lines else _turned(lower))))


def opposite(one: str, other: str) -> bool:
    return bool(counter_signs(one) & signs(other) or counter_signs(other) & signs(one))


def _lines(lower: str) -> tuple[tuple[int, int], ...]:
    """Return the lines of the table that have a word, each with the side, 1 or -1, that it is on."""
    table = _table()
    return table.get(lower) or table.get(stem(lower) or lower, ())


def _turned(lower: str) -> Iterator[str]:
    """Yield a word and its stem with a prefix more or less: "unstable" and "unstabl" for "stable"."""
    if lower in _NOT_TURNED:
        return
    for one, other in _PREFIX_PAIRS:
        if lower.startswith(one):
            yield other + lower[len(one) :]
        if lower.startswith(other):
            yield one + lower[len(other) :]
    for prefix in _PREFIXES:
        rest = lower.removeprefix(prefix)
        if rest != lower and len(rest) > _SHORTEST_TURNED:
            yield from (rest, stem(rest) or rest)
        if len(lower) > _SHORTEST_TURNED and prefix + lower not in _NOT_TURNED:
            yield from (prefix + lower, stem(prefix + lower) or lower)


def cues(words: Sequence[Word]) -> list[Cue]:
    """Return the words of direction, in order."""
    turned, negators = negated(words), frozenset(_negator_places(words))
    return [
        Cue(place, lines, turned[place])
        for place, word in enumerate(words)
        if place not in negators and (lines := _lines(word.lower) or _regulated(words, place))
    ]


def _regulated(words: Sequence[Word], place: int) -> tuple[tuple[int, int], ...]:
    """Return which way the first half of "up-regulated" or "down modulates" points."""
    behind = words[place + 1].lower if place + 1 < len(words) else ""
    side = {"up": 1, "down": -1}.get(words[place].lower, 0)
    return ((_UP_AND_DOWN, side),) if side and behind.startswith(("regul", "modul")) else ()


def negated(words: Sequence[Word]) -> list[bool]:
    """Tell of each word whether it stands in the scope of a negation; two of them cancel each other out."""
    turned = [False] * len(words)
    for place in _negator_places(words):
        for other in _scope(words, place):
            turned[other] = not turned[other]
    return turned


def scopes(words: Sequence[Word]) -> list[range]:
    """Return the places that each negator turns round."""
    return [_scope(words, place) for place in _negator_places(words)]


def _scope(words: Sequence[Word], place: int) -> range:
    taken = words[place].lower in _TAKEN_AWAY
    behind = words[place + 1].lower if place + 1 < len(words) else ""
    if taken and place and (words[place].joined or behind not in ("of", "in", "the")) and words[place].lower in _BEHIND:
        return range(max(0, place - (2 if words[place - 1].joined else 1)), place)
    end, limit = place + 1, place + 1 + (_TAKEN_SCOPE if taken else _SCOPE)
    while end < min(limit, len(words)):
        if end > place + 1 and (words[end].opens or words[end].lower == "without"):
            break
        if taken and (words[end].lower in _HELPS or words[end].joined):
            limit += 1
        end += 1
    return range(place + 1, end)


def _negator_places(words: Sequence[Word]) -> list[int]:
    """Return where the negators end: "not", "failed", "rather than"."""
    lower = [word.lower for word in words]
    pairs = list(pairwise([*lower, ""]))
    instead = [place + 1 for place, pair in enumerate(pairs) if pair in _INSTEAD]
    single = [
        place
        for place, pair in enumerate(pairs)
        if (pair[0] in _NEGATORS or pair[0] in _TAKEN_AWAY or _CONTRACTED.search(pair[0]))
        and pair not in _ADDS | _INSTEAD
    ]
    return sorted(instead + single)
