"""Papers -> the noun phrases that they share: "crowd counting", "low-rank quantization", as they are printed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.text.plain_text import plain_text
from vectorstore.lexical import terms

_PLURAL_ENOUGH = 2  # times that a singular may be more frequent than its plural, which then is the name
_LONGEST = 4  # words of a phrase
_WORD = re.compile(r"(?<![\w^])[^\W_]+(?:[-‐‑'’+/][^\W_]+)*\+*")
_APART = re.compile(r"^\s+$")  # what stands between two words of one phrase
# Words that no name of a theme has: function words, and the verbs and adverbs of any abstract.
_BREAKS = frozenset(
    """
    a about above across after again against all almost alone along already also although always among an and
    another any are around as at be became because become becomes been before behind being below best better between
    beyond both but by can cannot case certain could current currently despite did do does doing done down due
    during each either else especially etc even ever every existing few first fixed following for found from fully
    further furthermore given good had has have having hence here high higher highly how however i if in including
    indeed instead into is it its itself just key kind kinds large largely larger last least less like likely long
    low lower made mainly make makes making many may might more moreover most much must namely near nearly need
    needs neither never new next no nor not novel now of off often on once one ones only onto or other others our
    out over own particular particularly per possible previous prior proposed rather recent recently relative
    respectively same second set several shall should show showing shown shows significant significantly similar
    simple simply since single small smaller so some specific specifically still strong such than that the their
    them then there thereby therefore these they this those three through throughout thus to together too top toward
    towards two typically under unlike until up upon us use used useful uses using usually various versus very via
    was way ways we well were what when where whereas whether which while who whole whose why will with within
    without would yet you your achieve achieves achieved achieving address addresses addressed addressing aim aims
    allow allows allowing apply applies applied based build builds building called capture captures combine combines
    combined consider considers consists construct constructed contain contains contribute create creates created
    demonstrate demonstrates demonstrated demonstrating design designed designs develop develops developed
    developing employ employs enable enables enabling enhance enhances enhanced enhancing ensure ensures ensuring
    establish establishes evaluate evaluates evaluated evaluating examine exceed exhibit exhibits explore explores
    exploring extend extends extensive face faces fail fails focus focuses generate generates get gives give guide
    guided guides help helps hinder identify identifies implement improve improves improved improving incorporate
    incorporates include includes increase increases integrate integrates introduce introduced introduces
    introducing investigate investigates investigating involve lack lacks lead leads leading learn learns leverage
    leverages leveraging limit limits maintain maintaining maintains motivated obtain offer offers outperform
    outperforms outperforming perform performs present presents presented preserve preserving produce produces
    propose proposes promote promising provide provides providing reach reaches reduce reduces reducing reflect
    remain remains remaining rely relies report reported require requires required respond reveal reveals revealing
    rethinking revisiting solve struggle struggles study studies suffer suffers support supports surpass surpasses
    surpassing suggest suggests tackle tackles take takes taming term termed train trained understand utilize
    utilizes validate validates yield yields available capable challenging common comprehensive critical crucial
    different difficult diverse effective effectively efficient efficiently essential easy fundamental general
    important inherent main major multiple numerous original popular practical powerful rapid real remarkable rich
    scalable state-of-the-art sota superior traditional unified unique wide widely additional automatically
    challenge directly explicit explicitly jointly progressively systematically four five six seven eight nine ten
    hundreds thousands million
    """.split()
)
# Nouns of any abstract: a phrase that ends with one says little, and one made of them says nothing.
GENERIC = frozenset(
    terms(
        """
        ability abstract accuracy advance advantage analysis application approach architecture area aspect
        baseline benchmark benefit bottleneck capability case challenge code community comparison complexity
        component concern condition context contribution cost data dataset demand design development difference
        direction domain effect effectiveness efficiency effort element environment error evaluation evidence
        example experiment factor feature field finding framework future gain gap goal group impact
        implementation importance improvement information input insight issue knowledge lack level limitation
        loss mechanism method methodology metric model modeling module motivation need novelty number objective
        output overhead paper paradigm parameter part performance perspective pipeline potential practice
        principle problem procedure process progress project property quality question range rate report
        representation requirement research resource result risk robustness role sample scale scenario scheme
        scope score setting solution source stage standard state step strategy structure study subset success
        superiority survey system target task team technique technology term test theory time tool topic type
        understanding use user value variant version view vision work world year deep neural learning network
        algorithm training inference proxy efficient technical first overview human language intelligence
        artificial natural real large high low multi downstream experimental foundation adaptive capabilities
        behavior form space answer image observation relationship separation
        """
    )
)
_FIELDS = frozenset(terms("model network learning agent generation inference reasoning"))
# "a universal watermarking technique" is one paper's own; "an unseen scene" is no subject.
_NO_HEADS = frozenset(
    terms(
        """
        framework technique method approach strategy mechanism module pipeline paradigm engine play scene content update
        example intelligence recipe formulation study perspective trick idea rule
        """
    )
)
# Done to something, which the word alone does not say: mitigation of what?
_OF_WHAT = frozenset(
    terms(
        """
        mitigation attention counting detection prevention reduction generation prediction selection estimation
        optimization initialization adaptation integration extraction recognition decomposition reconstruction
        allocation ordering exploration diversification augmentation annotation interaction collaboration
        communication construction composition combination aggregation modification verification validation
        transformation computation assessment assignment measurement management refinement sharing matching evolution
        execution invocation simulation guidance supervision initialization expression completion correction direction
        """
    )
)
_UNCOUNTED = re.compile(r"(?:[^su]s|ing|ion|ment|ity|ness|sis|ance|ence|ics|search|data|work)$")  # has no "a" or "the"
_ADJECTIVE = re.compile(r"(?:nical|ional|ative|ful|less|ous)$")
_VERB_OR_PLURAL = re.compile(r"[a-z]{3,}(?<!s)(?<!u)(?<!i)(?<!ic)s$")  # "retrieves appropriate examples"
_PEOPLE = frozenset(
    "monte carlo markov bayes nash fourier wasserstein lipschitz hopfield poisson shapley turing".split()
)
_WEAK_HEADS = GENERIC - _FIELDS - frozenset(terms("analysis language image"))
_ADVERB = re.compile(r"[a-z]{3,}ly$")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|[KMB])$|\d+$")
# A word that can stand alone as a name; others may be adjectives: "accurate", "multi-species".
_NOUN = re.compile(
    r"^(?!multi|cross|inter|\d).*(?:[tsx]ions?|ing|ity|ments?|ness|ics|ance|ence|graphy|logy|isms?|labels)$$|^(?-i:[A-Z]\w*[A-Z]\w*)$",
    re.I,
)
_COUNTED = re.compile(
    r"[a-z]\S* (?:model|\S*network|system|agent|transformer|algorithm|dataset|benchmark|embedding|graph|drafter|encoder"
    r"|decoder|optimizer|planner|retriever|learner|solver|expert|trajectory|constraint|curve|token|window)$"
)
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+")
# What stands behind one of these is a verb.
_BEFORE_VERB = frozenset("to can cannot could may might must should will would we they".split())


@dataclass(slots=True)
class Phrase:
    """A noun phrase by its stems: the papers that say it (their places), those that do in the title, its forms."""

    stems: tuple[str, ...]
    papers: set[int] = field(default_factory=set)
    titled: set[int] = field(default_factory=set)
    ends: int = 0  # occurrences after which no further word of a phrase follows
    begins: int = 0  # occurrences before which none stands
    forms: Counter[str] = field(default_factory=Counter)
    articles: Counter[str] = field(default_factory=Counter)  # before it in abstracts where it stands alone, "" for none

    @property
    def is_whole(self) -> bool:
        """Whether it stands alone often enough not to be a part of a longer phrase."""
        occurrences = self.forms.total()
        return 2 * self.ends >= occurrences and 5 * self.begins >= occurrences

    @property
    def is_specific(self) -> bool:
        """Whether it says more than the abstracts of any field do."""
        if self.stems[-1] in _WEAK_HEADS and sum(stem not in GENERIC for stem in self.stems) < 2:
            return False
        return any(stem not in GENERIC and not stem.isdigit() and len(stem) > 1 for stem in self.stems)

    @property
    def specific(self) -> int:
        """How many of its words say more than the abstracts of any field do, three at most."""
        return min(sum(stem not in GENERIC for stem in self.stems), _LONGEST - 1)

    @property
    def is_field(self) -> bool:
        """Whether it is the name of a wide field at least: "language models"."""
        return len(self.stems) > 1 and self.stems[-1] in _FIELDS and all(" " in form for form in self.forms)

    @property
    def is_shared(self) -> bool:
        """Whether papers have it in common that are about it, as their titles or its being everywhere tells."""
        if all(" " not in form for form in self.forms):
            return len(self.papers) > 1 and len(self.titled) > (len(self.stems) == 1)
        return len(self.papers) > 1 and len(self.titled) + (len(self.papers) > 2) > 0


class KeyTerms:
    """The phrases of titles and abstracts that can stand as the name of a theme."""

    def __init__(self, papers: Iterable[tuple[str, str]]) -> None:
        """`papers` are titles, each with its abstract; a phrase knows its papers by their places."""
        self._lower: Counter[str] = Counter()  # words by how often running text has them so
        self._proper: set[str] = set()  # words with a capital among others without
        self._nouns: set[str] = set()  # words in -ing that end a phrase
        found: dict[tuple[str, ...], Phrase] = {}
        for place, (title, abstract) in enumerate(papers):
            for titled, text in ((True, title), (False, abstract)):
                for run, opens, before in _runs(_ADDRESS.sub(" ; ", plain_text(text))):
                    self._note(run, titled=titled, opens=opens)
                    for phrase in _parts(run, found, before=None if titled else before):
                        phrase.papers.add(place)
                        phrase.titled |= {place} if titled else set()
        self.phrases = [phrase for phrase in found.values() if self._names(phrase)]

    def _note(self, run: list[str], *, titled: bool, opens: bool) -> None:
        if len(run) > 1 and run[-1].endswith("ing"):
            self._nouns.add(run[-1].lower())
        if not titled:
            self._lower.update(part for word in run for part in word.split("-"))
            parts = [part for word in run for part in word.split("-")]
            capitals = [False, *(part[0].isupper() for part in parts), False]
            self._proper |= {  # not where the words beside it have a capital too
                part
                for place, part in enumerate(parts)
                if part in run and capitals[place : place + 3] == [False, True, False] and (place or not opens)
            }

    def _names(self, phrase: Phrase) -> bool:
        shown = self.shown(phrase)
        first, last = shown.split()[0], phrase.stems[-1]
        if re.search(r"[A-Z]{2}[a-z]{4}", shown):  # "REpresentation", of an acronym's making
            return False
        if not phrase.is_whole or last.isdigit() or _ORDINAL.fullmatch(first):
            return False
        if last in _NO_HEADS or _ADJECTIVE.search(shown) or (" " in shown and _VERB_OR_PLURAL.fullmatch(first)):
            return False
        if first.lower().endswith("ing") and len(first) > 5 and first.lower() not in self._nouns:
            return False  # "Extending visual dynamics"
        if " " not in shown and (not _NOUN.search(first) or last in _OF_WHAT):
            return False
        return phrase.is_specific or phrase.is_field

    def shown(self, phrase: Phrase) -> str:
        """Return a phrase as it is most often printed, its capitals only where running text has them too."""
        counts = Counter[str]()
        for form, count in phrase.forms.items():
            counts[form.lower()] += count
        plural = [
            form
            for form in phrase.forms
            if re.search(r"[^s]s$", form) and 0 < counts[form.lower()[:-1]] <= _PLURAL_ENOUGH * counts[form.lower()]
        ]
        form = max(plural or phrase.forms, key=lambda form: (phrase.forms[form], form))
        shown = " ".join(self._cased(word) for word in form.split())
        return re.sub(r"ys$", "ies", f"{shown}s") if _COUNTED.search(shown) else shown

    def in_a_sentence(self, phrase: Phrase) -> str:
        """Return a phrase with the article that running text has most often before it, if it mostly has one."""
        shown = self.shown(phrase)
        the, others = phrase.articles["the"], phrase.articles["a"] + phrase.articles["an"]
        if _UNCOUNTED.search(shown) or the + others <= phrase.articles[""]:
            return shown
        return f"the {shown}" if the >= others else f"{'an' if shown[0].lower() in 'aeiou' else 'a'} {shown}"

    def _cased(self, word: str) -> str:
        if any(letter.isupper() for letter in re.sub(r"-[A-Z]", "", word)[1:]):  # "MMTIT-Bench", but not "Low-Rank"
            return word
        return "-".join(part if self._is_proper(part) else part.lower() for part in word.split("-"))

    def _is_proper(self, word: str) -> bool:
        is_acronym = any(letter.isupper() for letter in word[1:])
        known = word.lower() in _PEOPLE or (word in self._proper and not self._lower[word.lower()])
        return is_acronym or known or len(word) == 1 or word.endswith(("ian", "ean"))


def _parts(run: list[str], found: dict[tuple[str, ...], Phrase], *, before: str | None) -> Iterator[Phrase]:
    """Yield the phrases that are parts of a run of words, one occurrence noted. `before` is the word before the run,
    None in a title, which has few articles.
    """
    for start in range(len(run)):
        for end in range(start + 1, min(len(run), start + _LONGEST) + 1):
            stems = tuple(stem for word in run[start:end] for stem in _stems(word))
            phrase = found.setdefault(stems, Phrase(stems))
            phrase.ends += end == len(run)
            phrase.begins += start == 0
            if (start, end) == (0, len(run)) and before is not None:
                phrase.articles[before if before in ("the", "a", "an") else ""] += 1
            phrase.forms[" ".join(run[start:end])] += 1
            yield phrase


@lru_cache(maxsize=20_000)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(terms(word))


def _runs(text: str) -> Iterator[tuple[list[str], bool, str]]:
    """Yield the words that stand side by side with none of _BREAKS, no mark and no adverb between them, whether they
    open a sentence, and the word before them."""
    run: list[str] = []
    end, before, opens, preceding = 0, "", True, ""
    for match in _WORD.finditer(text):
        word = match.group()
        lower = word.lower()
        breaks = lower in _BREAKS or "'" in word or "’" in word or _ADVERB.fullmatch(lower) or not _stems(word)
        breaks = breaks or before in ("not", "without") or (before in _BEFORE_VERB and word == lower)
        if run and (breaks or not _APART.match(text[end : match.start()])):
            yield run, opens, preceding
            run = []
        if not run:
            preceding = before
            opens = not text[:end].strip() or any(mark in text[end : match.start()] for mark in ".!?:")
        if not breaks:
            run.append(word)
        end, before = match.end(), lower
    if run:
        yield run, opens, preceding
