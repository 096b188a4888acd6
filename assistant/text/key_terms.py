"""Papers -> the noun phrases that they share: "crowd counting", "low-rank quantization", as they are printed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.text.plain_text import plain_text
from assistant.text.term_stopwords import BREAKS, FIELDS, GENERIC, NO_HEADS, OF_WHAT, WEAK_HEADS
from vectorstore.text.terms import terms

_PLURAL_ENOUGH = 2  # times that a singular may be more frequent than its plural, which then is the name
_LONGEST = 4  # words of a phrase
_WORD = re.compile(r"(?<![\w^])[^\W_]+(?:[-‐‑'’+/][^\W_]+)*\+*")
_APART = re.compile(r"^\s+$")  # what stands between two words of one phrase
_UNCOUNTED = re.compile(r"(?:[^su]s|ing|ion|ment|ity|ness|sis|ance|ence|ics|search|data|work)$")  # has no "a" or "the"
_ADJECTIVE = re.compile(r"(?:nical|ional|ative|ful|less|ous|modal|lingual|[^e]ed)$")
_VERB_OR_PLURAL = re.compile(r"[a-z]{3,}(?<!s)(?<!u)(?<!i)(?<!ic)s$")  # "retrieves appropriate examples"
_PEOPLE = frozenset(
    "monte carlo markov bayes nash fourier wasserstein lipschitz hopfield poisson shapley turing".split()
)
_ADVERB = re.compile(r"[a-z]{3,}ly$")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th|[KMB])$|\d+$")
# A word that can stand alone as a name; others may be adjectives: "accurate", "multi-species".
_NOUN = re.compile(
    r"^(?!multi|cross|inter|\d).*(?:[tsx]ions?|ing|ity|ments?|ness|ics|ance|ence|graphy|logy|isms?|labels)$$|^(?-i:[A-Z]\w*[A-Z]\w*)$",
    re.I,
)
_COUNTED = re.compile(
    r"[a-z]\S* \S*(?:model|network|system|agent|assistant|transformer|algorithm|dataset|benchmark|embedding|graph"
    r"|drafter|coder|optimizer|planner|retriever|learner|solver|expert|trajectory|constraint|curve|token|window|prompt"
    r"|spot|map)$"
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
        if self.stems[-1] in WEAK_HEADS and sum(stem not in GENERIC for stem in self.stems) < 2:
            return False
        return any(stem not in GENERIC and not stem.isdigit() and len(stem) > 1 for stem in self.stems)

    @property
    def specific(self) -> int:
        """How many of its words say more than the abstracts of any field do, three at most."""
        return min(sum(stem not in GENERIC for stem in self.stems), _LONGEST - 1)

    @property
    def is_field(self) -> bool:
        """Whether it is the name of a wide field at least: "language models"."""
        return len(self.stems) > 1 and self.stems[-1] in FIELDS and all(" " in form for form in self.forms)

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
        if last in NO_HEADS or _ADJECTIVE.search(shown) or (" " in shown and _VERB_OR_PLURAL.fullmatch(first)):
            return False
        if first.lower().endswith("ing") and len(first) > 5 and first.lower() not in self._nouns:
            return False  # "Extending visual dynamics"
        if " " not in shown and (not _NOUN.search(first) or last in OF_WHAT):
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
    """Yield the words that stand side by side with none of BREAKS, no mark and no adverb between them, whether they
    open a sentence, and the word before them."""
    run: list[str] = []
    end, before, opens, preceding = 0, "", True, ""
    for match in _WORD.finditer(text):
        word = match.group()
        lower = word.lower()
        breaks = lower in BREAKS or "'" in word or "’" in word or _ADVERB.fullmatch(lower) or not _stems(word)
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
