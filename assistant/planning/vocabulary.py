"""What the library knows by name: people, titles, categories, organisations and listings."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from assistant.planning.misspelt import MisspeltPapers, MisspeltWords
from assistant.planning.people import People
from assistant.text.evidence import short_title
from assistant.text.plain_text import plain_text
from vectorstore.library import Library
from vectorstore.listings.entry import Publication
from vectorstore.listings.paper_identifiers import without_version
from vectorstore.text.folding import folded

_LONGEST_TITLE = 30
_SHORTEST_TYPED = 4  # letters of a name that is typed in other letters than printed
_SHORTEST_SQUEEZED, _MOST_SQUEEZED = 6, 3  # letters, and words that may be typed for one
_LONGEST_SHORT = 3  # words of a title before its colon
_FIELDS = ("cs", "stat", "eess", "math", "physics", "econ")  # of arXiv, with subjects of two letters
_GENERIC = frozenset("university institute national school department college laboratory lab research center".split())
_MOST_OF_A_NAME = 4  # organisations that one first word may stand for
_ARTICLES = ("the", "a", "an")
_NUMBERED = re.compile(r"['’]?\b\d+(?:st|nd|rd|th)?\b", re.I)
_IN_BRACKETS = re.compile(r"\(([^()]+)\)")
_POSSESSIVE = re.compile(r"['’]s?(?=\W*$)")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names by their folded form. A title is known whole and by the name before its colon."""

    people: People
    titles: dict[str, list[str]]  # folded -> paper ids
    coined: dict[str, str]  # those of them that are names in an abstract, or begin a short title, folded -> as printed
    is_general: Callable[[str, str], bool]  # whether another abstract than that of a paper has its coined name: "MoE"
    printed_names: frozenset[str]  # of a paper, in one word: "MoMa" before a title's colon, "DAPD" in an abstract
    squeezed: dict[str, str]  # folded names without spaces -> folded: "deberta v3" may be typed for "DeBERTaV3"
    categories: dict[str, tuple[str, ...]]  # "cs.lg" and "lg" -> the categories as printed
    venues: dict[str, tuple[str, ...]]  # without a year, and by what stands in brackets: "(ICML 2024)"
    identifiers: dict[str, tuple[str, ...]]  # DOIs, and arXiv ids without their version -> paper ids
    organizations: dict[str, tuple[str, ...]]  # whole, and by a first word that tells them from others
    listings: dict[str, str]
    page_owners: frozenset[str]
    daily_listings: tuple[str, ...]
    misspelt: MisspeltPapers
    misspelt_words: Callable[[str], Iterable[tuple[str, str]]]  # (word as typed, word that is meant), of a text

    @classmethod
    def of(cls, library: Library) -> "Vocabulary":
        catalogue = library.catalogue
        titles: defaultdict[str, list[str]] = defaultdict(list)
        printed: set[str] = set()
        printed_titles = [(paper_id, plain_text(title)) for paper_id, title in catalogue.titles()]
        for paper_id, shown in printed_titles:
            short = short_title(shown)
            printed.add(short)
            for key in {folded(shown), folded(short), folded(_without_article(short))}:
                titles[key].append(paper_id)
        listings, publications = catalogue.listings(), catalogue.publications()
        untitled = _of_one_paper(catalogue.coined_names(), titles)
        for name, paper_id in untitled.items():
            titles[folded(name)].append(paper_id)
        misspelt = MisspeltPapers(dict(titles))
        first_words = ((paper_id, _first_word(title)) for paper_id, title in printed_titles)
        for name, paper_id in _of_one_paper(first_words, {"", *titles}).items():
            titles[folded(name)].append(paper_id)
            untitled[name] = paper_id
        printed.update(untitled)
        return cls(
            people=People.of(catalogue),
            titles=dict(titles),
            coined={folded(name): name for name in untitled},
            is_general=cache(catalogue.says_elsewhere),  # it reads all abstracts: of a question's few names alone
            printed_names=frozenset(printed),
            squeezed={key.replace(" ", ""): key for key in titles if len(key) >= _SHORTEST_SQUEEZED},
            categories=_categories(catalogue.distinct("category")),
            venues=_venues({said.venue for _, said in publications if said.venue}),
            identifiers=_identifiers(publications),
            organizations=_organizations(catalogue.distinct("organization")),
            listings={folded(name): name for _, name, _, _ in listings},
            page_owners=frozenset(owner for _, _, owner, _ in listings if owner),
            daily_listings=tuple(catalogue.listings_of_kind("daily")),
            misspelt=misspelt,
            misspelt_words=MisspeltWords(library).found_in,
        )

    def papers_in(self, text: str) -> Iterator[tuple[list[str], str]]:
        """Yield (paper ids, the words that say it) for each title, or short name of a paper, in `text`.

        A name of one word that is not typed as printed counts if no other abstract has the word: "dapd", not "mind".
        """
        for ids, words in self._named(text):
            printed = _POSSESSIVE.sub("", words.strip("?.,!:;\"'“”"))
            one_word = len(folded(words).split()) == 1
            if one_word and printed not in self.printed_names and not self.is_typed(printed, ids[0]):
                continue
            coined = self.coined.get(folded(printed))
            if not coined or not any(self.is_general(form, ids[0]) for form in {coined, coined.lower()}):
                yield ids, words

    def is_typed(self, word: str, paper_id: str = "") -> bool:
        """Tell whether a word can be a name, of a paper if one is given, in other letters than printed: it is no
        ordinary word of the library."""
        forms = {word, word.lower()}
        return len(word) >= _SHORTEST_TYPED and not any(self.is_general(form, paper_id) for form in forms)

    def _named(self, text: str) -> Iterator[tuple[list[str], str]]:
        words = re.findall(r"\S+", text)
        start = 0
        while start < len(words):
            for end in range(min(len(words), start + _LONGEST_TITLE), start, -1):
                if not any(map(str.isalnum, words[end - 1])):  # "DUSK &"
                    continue
                said = " ".join(words[start:end])
                key = folded(_POSSESSIVE.sub("", said))
                if key not in self.titles and 1 < end - start <= _MOST_SQUEEZED:
                    key = self.squeezed.get(key.replace(" ", ""), key)
                if key in self.titles:
                    yield self.titles[key], said
                    start = end - 1
                    break
            start += 1


def _of_one_paper(names: Iterable[tuple[str, str]], known: Container[str]) -> dict[str, str]:
    """Return the names, of (paper id, name), that one paper alone has and that are not `known`, with its id."""
    pairs = sorted(names)
    owners = Counter(folded(name) for _, name in pairs)
    return {name: key for key, name in pairs if owners[folded(name)] == 1 and folded(name) not in known}


def _without_article(title: str) -> str:
    """Return "Mamba in the Llama" of "The Mamba in the Llama"; a title of which one word is left stays as it is."""
    words = title.split()
    return " ".join(words[1:]) if words and words[0].lower() in _ARTICLES and len(words) > 2 else title


def _first_word(title: str) -> str:
    """Return "Mecellem" of "Mecellem Models: ...", which may be said for it; "" if a title does not begin so."""
    words = short_title(title).split()
    return words[0] if 1 < len(words) <= _LONGEST_SHORT and len(words) < len(title.split()) else ""


def _categories(printed: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return categories by their name and by what stands behind its point: "LG" of "cs.LG"."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name in printed:
        for key in {name.lower(), name.rpartition(".")[2].lower()}:
            names[key].append(name)
    # "cs.LG" where the listings print "LG"
    names |= {f"{field}.{key}": found for key, found in names.items() if len(key) == 2 for field in _FIELDS}
    return {key: tuple(found) for key, found in names.items()}


def _venues(printed: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return venues by their names, by these without years and numbers ("NeurIPS" for "34th NeurIPS 2020"), and by an
    acronym in brackets."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(printed):
        forms = (name, _NUMBERED.sub(" ", name), *(_NUMBERED.sub(" ", one) for one in _IN_BRACKETS.findall(name)))
        for key in {folded(form) for form in forms} - {""}:
            names[key].append(name)
    return {key: tuple(found) for key, found in names.items()}


def _identifiers(publications: Iterable[tuple[str, Publication]]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for paper_id, said in publications:
        for name in filter(None, (said.doi, said.arxiv_id and without_version(said.arxiv_id))):
            found[name].append(paper_id)
    return {name: tuple(ids) for name, ids in found.items()}


def _organizations(printed: Iterable[str]) -> dict[str, tuple[str, ...]]:
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name in printed:
        first = folded(name).split()[:1]
        for key in {folded(name), *first}:
            names[key].append(name)
    return {
        key: tuple(found)
        for key, found in names.items()
        if folded(found[0]) == key or (key not in _GENERIC and len(found) <= _MOST_OF_A_NAME)
    }


def without(text: str, spans: Iterable[str]) -> str:
    """Return `text` without the given parts of it."""
    for span in spans:
        text = text.replace(span, " ", 1)
    return " ".join(text.split())
