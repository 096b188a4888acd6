"""Which way a sentence points: its words of direction ("improves", "fewer", "without") and what it negates.

Two opposite words stand on the two sides of one line of the table. A word is looked up by its stem, so "improves" and
"improvement" are one; behind "=" it is looked up as it stands, since "effective" has the stem of "effect". What a
prefix turns round ("stable", "unstable") needs no line.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from assistant.wording import Word
from vectorstore.word_vectors import stem

_OPPOSITES = """
increase rise raise grow growth gain higher high more greater elevate enhance boost amplify exceed expand expansion
    augment upregulate overexpress escalate strengthen intensify accumulate accumulation improve promote stimulate
    activate activation potentiate exacerbate aggravate worsen elevation
    | decrease reduce reduction decline drop fall lower low less fewer diminish lessen shrink cut curb attenuate
    downregulate deplete loss lose weaken minimize mitigate alleviate relieve ameliorate milder mild
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
    maximum maximize upper above
    | small smaller tiny short shorter weak weaker narrow narrower shallow lighter =minor minimal minimum minimize
    below =lower
most | least
many majority often frequent frequently common prevalent widespread usually abundant
    | few minority rarely rare seldom infrequent uncommon scarce
all every always both universally | some none never partly partially sometimes
early earlier before prior precede | late later after subsequent follow
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
    "not no never neither nor none cannot without hardly lack lacks lacked lacking absence failed fails fail failing"
    " unable nothing nobody barely scarcely impossible unlikely excluding except".split()
)
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


def lines_of(word: Word) -> tuple[tuple[int, int], ...]:
    """Return the lines of the table that have a word, each with the side, 1 or -1, that it is on."""
    table = _table()
    return table.get(word.lower) or (table.get(word.stem, ()) if word.stem and word.stem != word.lower else ())


def opposite(one: Word, other: Word) -> bool:
    """Tell whether two words say opposite things: "improves" and "degraded", "stable" and "unstable"."""
    there = dict(lines_of(other))
    lines = [(side, there[line]) for line, side in lines_of(one) if line in there]
    if lines:
        return all(side != other_side for side, other_side in lines)
    return _turned(one.lower, other.lower) or _turned(other.lower, one.lower)


def same_way(one: Word, other: Word) -> bool:
    """Tell whether two different words point the same way: "reduces" and "lower"."""
    there = dict(lines_of(other))
    return any(there.get(line) == side for line, side in lines_of(one))


def _turned(long: str, short: str) -> bool:
    short_stem = stem(short) or short
    if len(short_stem) < _SHORTEST_TURNED:
        return False
    if any(long.startswith(one) and short == other + long[len(one) :] for one, other in _PREFIX_PAIRS):
        return True
    behind = {long[len(prefix) :] for prefix in _PREFIXES if long.startswith(prefix)}
    return short in behind or short_stem in {stem(rest) or rest for rest in behind if rest}


def cues(words: Sequence[Word]) -> list[Cue]:
    """Return the words of direction, in order."""
    turned, negators = negated(words), frozenset(_negator_places(words))
    return [
        Cue(place, lines, turned[place])
        for place, word in enumerate(words)
        if place not in negators and (lines := lines_of(word) or _regulated(words, place))
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
        for other in range(place + 1, min(place + 1 + _SCOPE, len(words))):
            if words[other].opens and other > place + 1:
                break
            turned[other] = not turned[other]
    return turned


def _negator_places(words: Sequence[Word]) -> list[int]:
    """Return where the negators end: "not", "failed", "rather than"."""
    lower = [word.lower for word in words]
    pairs = list(pairwise([*lower, ""]))
    instead = [place + 1 for place, pair in enumerate(pairs) if pair in _INSTEAD]
    single = [
        place
        for place, pair in enumerate(pairs)
        if (pair[0] in _NEGATORS or _CONTRACTED.search(pair[0])) and pair not in _ADDS | _INSTEAD
    ]
    return sorted(instead + single)
