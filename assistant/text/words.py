"""Which words of a question say what it is about."""

import re
import unicodedata
from collections import Counter
from functools import cache

import tantivy

from assistant.text.plain_text import plain_text
from vectorstore.text.terms import terms

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


# Languages by the names that people give them.
LANGUAGES = {
    "german": "German", "deutsch": "German", "french": "French", "français": "French", "francais": "French",
    "spanish": "Spanish", "español": "Spanish", "espanol": "Spanish", "italian": "Italian", "italiano": "Italian",
    "portuguese": "Portuguese", "português": "Portuguese", "dutch": "Dutch", "nederlands": "Dutch",
    "swedish": "Swedish", "svenska": "Swedish", "danish": "Danish", "dansk": "Danish", "norwegian": "Norwegian",
    "norsk": "Norwegian", "finnish": "Finnish", "suomi": "Finnish", "hungarian": "Hungarian", "magyar": "Hungarian",
    "english": "English", "chinese": "Chinese", "mandarin": "Chinese", "japanese": "Japanese", "korean": "Korean",
    "russian": "Russian", "arabic": "Arabic", "hindi": "Hindi", "turkish": "Turkish", "polish": "Polish",
    "ukrainian": "Ukrainian", "greek": "Greek", "hebrew": "Hebrew", "vietnamese": "Vietnamese",
}  # fmt: skip
_WITH_STOP_WORDS = "danish dutch finnish french german hungarian italian norwegian portuguese spanish swedish".split()
_SCRIPTS = {  # the first word of a letter's Unicode name
    "HANGUL": "Korean", "HIRAGANA": "Japanese", "KATAKANA": "Japanese", "CJK": "Chinese", "CYRILLIC": "Russian",
    "ARABIC": "Arabic", "HEBREW": "Hebrew", "DEVANAGARI": "Hindi", "THAI": "Thai",
}  # fmt: skip
_FOREIGN_LETTERS = 0.1  # share of the letters of a question


@cache
def _without_stop_words(language: str) -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
    return builder.filter(tantivy.Filter.stopword(language)).build()


def _script(letter: str) -> str:
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0].split("-")[0], "")


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def foreign_language(text: str) -> str:
    """Return the language that a text seems to be in, by its letters or its small words; "" for English."""
    letters = [letter for letter in text if letter.isalpha()]
    scripts = Counter(filter(None, map(_script, letters)))
    if letters and scripts.total() / len(letters) > _FOREIGN_LETTERS:
        return "Japanese" if scripts["Japanese"] else scripts.most_common(1)[0][0]
    words = [word for word in re.findall(r"\w+", text) if text.isupper() or not _is_acronym(word)]
    english = sum(not content_words(word.lower()) for word in words)
    small = {name: len(words) - len(_without_stop_words(name).analyze(" ".join(words))) for name in _WITH_STOP_WORDS}
    most = max(_WITH_STOP_WORDS, key=small.__getitem__)
    return most.capitalize() if small[most] > max(english, 1) else ""


def without_small_words(text: str) -> str:
    """Return a text in another language without the small words of that language and all letters of other scripts:
    what is left are mostly names."""
    latin = "".join(" " if letter.isalpha() and _script(letter) else letter for letter in text)
    language = foreign_language(text).lower()
    if language not in _WITH_STOP_WORDS:
        return " ".join(latin.split())
    analyzer = _without_stop_words(language)
    return " ".join(word for word in latin.split() if analyzer.analyze(word))


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
