"""Which words of a question say what it is about."""

import re
import unicodedata
from functools import cache

import tantivy

from assistant.text.plain_text import plain_text
from vectorstore.lexical import terms

# Words that only ask.
ASKING = frozenset(terms(
    "what which who whom whose when where why how many much does do did is are was were can could would should has have"
    " had about i we you he she it its me us my our your any some all so up over than from"
    " s t d m ll ve re"  # of "what's", "doesn't", "they'll"
))  # fmt: skip
# Words that any question about papers has; they say nothing of the subject.
_GENERIC = ASKING | frozenset(
    terms(
        """
        beat beats beaten fast faster slow slower big bigger well good bad
        paper papers work works study studies author authors propose proposes proposed report reports reported
        introduce present presents describe describes show shows shown find finds found say says said tell
        give get make made use used uses using mean means difference differences compare comparison between
        main key result results improvement improve improves better best perform performs performance method
        methods approach approaches strategy strategies technique metric metrics problem solve solves idea
        contribution evaluate evaluated evaluates achieve achieves explain explains about library collection
        research recent new novel call called name named help helps relation relationship people write wrote
        written publish published also different way ways kind kinds type types please anything something
        everything thing things stuff have has had into than then them they their its our we us you he she his
        her up out over under again address addresses addressed tackle tackles aim aims goal purpose
        motivation focus exactly really actually there other one two three happen happens become need needs
        ever recently already yet stand stands meant percent percentage factor more most summary summarize summarise
        overview gist
        want know behind distinguish distinguishes anybody anyone somebody someone
        detail details briefly contrast description explanation define definition
        """
    )
)


# Words that ask something of a paper already named or found; what it is about they do not say.
ASKING_OF_A_PAPER = frozenset(
    terms(
        """
        test tested tests testing experiment experiments try tried run ran apply applied
        biggest largest smallest small large highest lowest long short lose loses lost require requires required take
        takes took sentence word words nutshell acronym abbreviation stand down slow matter matters important remain
        remains remaining open fix fixes fixed work common existing current dataset datasets benchmark benchmarks data
        corpus corpora model models hardware come comes based few
        """
    )
)


_OTHER_LANGUAGES = "danish dutch finnish french german hungarian italian norwegian portuguese spanish swedish".split()
_FOREIGN_LETTERS = 0.3  # share of the letters of a question


@cache
def _without_stop_words(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    return builder.filter(tantivy.Filter.stopword(language)).build()


def is_foreign(text: str) -> bool:
    """Tell whether a text seems to be in another language than English, by its letters or by its small words."""
    letters = [letter for letter in text if letter.isalpha()]
    others = sum(not unicodedata.name(letter, "").startswith(("LATIN", "GREEK")) for letter in letters)
    if letters and others / len(letters) > _FOREIGN_LETTERS:
        return True
    words = re.findall(r"\w+", text.lower())
    english = sum(not content_words(word) for word in words)
    small = max(len(words) - len(_without_stop_words(language).analyze(text)) for language in _OTHER_LANGUAGES)
    return small > max(english, 1)


def content_words(text: str) -> dict[str, str]:
    """Return the words of `text` that say what it is about, by their stem."""
    words: dict[str, str] = {}
    for word in re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", plain_text(text)):
        for stem in terms(word):
            if stem not in _GENERIC:
                words.setdefault(stem, word)
    return words


def matched_words(query: str, text: str) -> list[str]:
    """Return the words of `query` that `text` has in any inflection, as the query has them."""
    present = frozenset(terms(text))
    words = dict.fromkeys(re.findall(r"[^\W_]+", query))
    return [word for word in words if (stems := terms(word)) and present.issuperset(stems)]
