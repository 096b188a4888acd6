"""Which of the retrieved papers are about a topic, and whether the evidence can answer a question at all."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from assistant.text.plain_text import plain_text
from assistant.text.words import ASKING_OF_A_PAPER, content_words
from assistant.planning.things_asked import gives_what_is_asked, thing_asked, without_kind
from vectorstore.lexical import terms
from vectorstore.retriever import RetrievedPassage

# A paper is about a topic if its title says it, or if it has the topic's words side by side and is not far in meaning,
# or all its words and is near, or most of them and is nearer, or is very near. Found by hand on topics of the seeds.
_WORD_COSINE, _PHRASE_COSINE, _ALL_COSINE, _MOST_COSINE, _COSINE = 0.17, 0.13, 0.38, 0.42, 0.55
_ALL, _MOST, _TITLE = 0.99, 0.6, 0.85
_TITLE_COSINE = 0.13
_PHRASE_GAP = 2  # words that may stand between two words of a phrase
_LEADING = re.compile(
    r"^(?:(?:What|Which|Who|When|Where|Why|How|Is|Are|Does|Do|Did|The|In|On|Compare|Explain|Define) )+"
)
# A question can be answered if a passage has this share of its words, and if these, each in its context, are close to
# words of the paper; a smaller share suffices if words and meaning are close together. Found on the questions of
# tests/data over the seeds: with the papers that answer them 95 % have words closer than 0.6 (0.53 if put in other
# words), without these papers 95 % have less strength than 0.47. Of SciFact's claims, among 5,183 papers, 95 % have
# words closer than 0.57 and more strength than 0.49.
_COVERED, _CLOSE_WORDS = 0.6, 0.45
_PARTLY_COVERED, _STRENGTH = 0.33, 0.5
_COVERED_AND_NEAR, _QUESTION_NEAR = 0.4, 0.5  # where the words were not compared
_SPEAKS_OF = re.compile(
    r"\b(?:(?:say|says|said|speak|speaks|talk|talks|report|reports)(?: anything| something)? (?:about|on|of|regarding)"
    r"|mentions?|discuss(?:es)?) (?P<it>.+)$",
    re.I,
)
_ASKS_FOR = re.compile(
    r"\b(?:what|which|how many|how much) (?P<it>[\w-]+(?: [\w-]+){0,3}?)"
    r" (?:does|do|did|was|were|is|are|has|have|had|can|could|should|will)\b",
    re.I,
)
_SAID = 0.5  # share of what is asked about a named paper that its abstract must have

Weights = Callable[[Iterable[str]], dict[str, float]]  # Library.term_weights


@dataclass(frozen=True, slots=True)
class Gap:
    """Why the evidence does not answer: what is asked and stands in no passage."""

    missing: tuple[str, ...]  # words of the question, as typed


def coverage(asked: Iterable[str], text: str, weights: Mapping[str, float]) -> float:
    """Return the share by weight of the stems `asked` that `text` has; 1.0 if nothing is asked."""
    present = frozenset(terms(plain_text(text)))
    total = sum(weights[stem] for stem in asked)
    return sum(weights[stem] for stem in asked if stem in present) / total if total else 1.0


def about(topic: str, found: Sequence[RetrievedPassage], weights: Weights) -> list[RetrievedPassage]:
    """Return the retrieved passages whose papers are about `topic`."""
    asked = list(content_words(topic))
    weight = weights(asked)
    names = [name for name in names_in(topic) if is_coined(name)]
    return [passage for passage in found if _is_about(asked, passage, weight) or _says(names, asked, passage)]


def _says(names: Sequence[str], asked: Sequence[str], found: RetrievedPassage) -> bool:
    """Tell whether a topic that is only names stands in a passage: "MNIST"."""
    text = found.passage.embedded_text
    only_names = bool(names) and frozenset(terms(" ".join(names))) >= frozenset(asked)
    return only_names and all(_is_printed(name, text) for name in names)


def _is_printed(name: str, text: str) -> bool:
    return bool(re.search(rf"(?<![\w-]){re.escape(_PLURAL.sub('', name))}s?(?![\w-])", plain_text(text)))


def _is_about(asked: Sequence[str], found: RetrievedPassage, weight: Mapping[str, float]) -> bool:
    share = coverage(asked, found.passage.embedded_text, weight)
    cosine = found.cosine
    side_by_side = _PHRASE_COSINE if len(asked) > 1 else _WORD_COSINE
    return (
        cosine >= _COSINE
        or (coverage(asked, found.passage.title, weight) >= _TITLE and cosine >= _TITLE_COSINE)
        or (share >= _MOST and cosine >= _MOST_COSINE)
        or (share >= _ALL and cosine >= _ALL_COSINE)
        or (share >= _ALL and cosine >= side_by_side and _has_phrase(asked, found.passage.embedded_text))
    )


def _has_phrase(asked: Sequence[str], text: str) -> bool:
    """Tell whether the stems `asked` stand in `text` in their order, side by side but for a word or two."""
    words = terms(plain_text(text))
    return any(_follows(asked, words, start) for start, word in enumerate(words) if asked and word == asked[0])


def _follows(asked: Sequence[str], words: Sequence[str], start: int) -> bool:
    place = start
    for stem in asked[1:]:
        window = words[place + 1 : place + 1 + _PHRASE_GAP]
        if stem not in window:
            return False
        place += 1 + window.index(stem)
    return True


def gap(question: str, found: Sequence[RetrievedPassage], weights: Weights, *, named: Iterable[str] = ()) -> Gap | None:
    """Return what the passages lack to answer `question`, or None if they can.

    `named` are titles that the question names: what is left of it must be said in those papers' abstracts.
    """
    if unknown := unknown_name(question, found):
        return Gap((unknown,))
    titles = " ".join(named)
    if titles:
        return gap_of_named(question, titles, " ".join(passage.passage.text for passage in found), weights)
    asked = _wanted(question) or content_words(question)
    names = names_in(question)
    weight = weights(asked)
    for passage in found:
        text = passage.passage.embedded_text
        has_all = all(has_name(name, text) for name in names) and _speaks_of_it(question, text, weights)
        if has_all and _answers(passage, coverage(asked, text, weight)):
            return None
    return _gap(asked, " ".join(passage.passage.embedded_text for passage in found[:1]))


def gap_of_named(question: str, titles: str, text: str, weights: Weights) -> Gap | None:
    """Return what papers of these titles, whose abstracts are `text`, do not say of a question; None if they say it."""
    known = frozenset(terms(plain_text(titles)))
    if not gives_what_is_asked(question, text):
        return Gap(thing_asked(question))
    question = without_kind(question)
    wanted = {stem: word for stem, word in _wanted(question).items() if stem not in known}
    absent = [name for name in names_in(question) if not has_name(name, f"{titles} {text}")]
    said = coverage(wanted, text, weights(wanted)) >= _SAID and _speaks_of_it(question, f"{titles} {text}", weights)
    if said and not absent:
        return None
    lacking = _gap(wanted, text)
    return lacking if lacking.missing else Gap(tuple(absent))


def _wanted(question: str) -> dict[str, str]:
    """Return the words of a question that its answer has, by their stem."""
    return {stem: word for stem, word in content_words(question).items() if stem not in ASKING_OF_A_PAPER}


def _speaks_of_it(question: str, text: str, weights: Weights) -> bool:
    """Tell whether `text` has most of the very thing asked for: X of "what does it say about X" and "which X does"."""
    for match in filter(None, (_SPEAKS_OF.search(question), _ASKS_FOR.search(question))):
        asked = content_words(match["it"]).keys() - ASKING_OF_A_PAPER
        if coverage(asked, text, weights(asked)) < _SAID:
            return False
    return gives_what_is_asked(question, text)


def _answers(passage: RetrievedPassage, share: float) -> bool:
    """Tell whether a passage that has `share` of a question's words is close enough to answer it."""
    if passage.words is None:
        return share >= _COVERED or (share >= _COVERED_AND_NEAR and passage.cosine >= _QUESTION_NEAR)
    strength = (share + 2 * passage.words + passage.cosine) / 4
    return (share >= _COVERED and passage.words >= _CLOSE_WORDS) or (share >= _PARTLY_COVERED and strength >= _STRENGTH)


def fits(text: str, found: Sequence[RetrievedPassage], weights: Weights) -> list[RetrievedPassage]:
    """Return the passages of papers that are what `text` names, those first that have most of its words.

    A name in it must be in the title, unless it only tells what "the paper" is about.
    """
    names = [] if _PAPER.search(text) else names_in(text)
    asked = list(content_words(text))
    weight = weights(asked)
    fitting = [passage for passage in about(text, found, weights) if gap(text, [passage], weights) is None]
    fitting = [passage for passage in fitting if all(has_name(name, passage.passage.title) for name in names)]
    return sorted(fitting, key=lambda passage: -coverage(asked, passage.passage.embedded_text, weight))


# Three capitalised words or more, with small words between them: the name of something.
_PAPER = re.compile(r"\b(?:paper|study|work|article)\b", re.I)
_SMALL = "a an and as at by for from in of on or the to with".split()
_NAME = re.compile(rf"[A-Z][\w-]+(?: (?:(?:{'|'.join(_SMALL)}) )*[A-Z][\w-]+){{2,}}")


_WORD = re.compile(r"[^\W_]+(?:[-.+@/][^\W_]+)*")
_RUN = re.compile(r"[A-Z][\w-]*(?: [A-Z][\w-]*)+")  # "Rainbow Padding"
_PLURAL = re.compile(r"(?<=[A-Z])s\b")  # of an acronym: the stemmer leaves it
_LONGEST_NAME = 3  # words that may all be capitalised because they are a name
_DIGITS = "zero one two three four five six seven eight nine ten eleven twelve".split()


def names_in(question: str) -> list[str]:
    """Return what is spelled as a name: with a digit, with a capital inside, or two capitalised words running."""
    words = question.split()
    if len(words) > _LONGEST_NAME and all(word[:1].isupper() or word in _SMALL for word in words):
        return []  # A Question in Capitals names nothing by them
    runs = (" ".join(dropwhile(_only_asks, match.group().split())) for match in _RUN.finditer(question))
    spelled = (word for word in _WORD.findall(question) if word != word.lower()[:1] + word[1:].lower())
    spelled = (word for word in spelled if word[1:] != word[1:].lower() or any(map(str.isdigit, word)))
    numbers = (word for word in _WORD.findall(question) if any(map(str.isdigit, word)))
    named = [*(run for run in runs if " " in run), *spelled, *numbers]
    return list(dict.fromkeys(name for name in named if content_words(name)))


def _only_asks(word: str) -> bool:
    return not content_words(word)


def has_name(name: str, text: str) -> bool:
    """Tell whether `text` has `name` as it is spelled, a number also in letters, an acronym also by its words.

    "MIND" is not "mind"; "GPT4" is "GPT-4", "7" is "seven", and "RLVR" is "reinforcement learning with ...".
    """
    name, text = _PLURAL.sub("", name), _PLURAL.sub("", plain_text(text))
    if name.isdecimal() and int(name) < len(_DIGITS) and re.search(rf"\b{_DIGITS[int(name)]}\b", text, re.I):
        return True
    asked, words = terms(name), [(word, terms(word)) for word in re.findall(r"[^\W_]+", text)]
    stems = [(stem, word) for word, found in words for stem in found]
    for start in range(len(stems) - len(asked) + 1):
        run = stems[start : start + len(asked)]
        if [stem for stem, _ in run] == asked and not (_is_acronym(name) and all(word.islower() for _, word in run)):
            return True
    squeezed = re.sub(r"\W", "", name)
    if len(squeezed) > _SHORTEST_SQUEEZED and squeezed.lower() in re.sub(r"\W", "", text).lower():
        return any(letter.isdigit() for letter in squeezed) or not _is_acronym(name)
    initials = "".join(word[0] for word, found in words if found).lower()
    return _is_acronym(name) and name.lower() in initials


_SHORTEST_SQUEEZED = 3


def is_coined(name: str) -> bool:
    """Tell whether a name is spelled as those of methods are: "DAPD", "R1-Reward", "LoRA"."""
    return _is_acronym(name) or (" " not in name and name[:1].isalpha() and any(map(str.isdigit, name)))


def _is_acronym(name: str) -> bool:
    return sum(letter.isupper() for letter in name) > 1 and " " not in name


def unknown_name(question: str, found: Sequence[RetrievedPassage], *, in_titles: bool = False) -> str | None:
    """Return a name of three words or more that the question has and no passage: "Attention Is All You Need".

    With `in_titles` it is a paper's: that an abstract speaks of it does not count.
    """
    if all(word[:1].isupper() or word in _SMALL for word in question.split()):
        return None  # A Question in Capitals names nothing by them
    for match in _NAME.finditer(question):
        name = _LEADING.sub("", match.group())
        asked = terms(name)
        texts = (item.passage.title if in_titles else item.passage.embedded_text for item in found)
        if len(name.split()) > 2 and not any(_has_phrase(asked, text) for text in texts):
            return name
    return None


def _gap(asked: Mapping[str, str], texts: str) -> Gap:
    present = frozenset(terms(plain_text(texts)))
    return Gap(tuple(dict.fromkeys(word for stem, word in asked.items() if stem not in present)))
