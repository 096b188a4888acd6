"""What a question mentions by name: papers, people, periods, code, categories, organisations, listings."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from assistant.planning.dates import periods_in as periods_of
from assistant.planning.mentions import HONORIFIC, Kind, Mention, Skeleton
from assistant.planning.people import Person
from assistant.planning.topics import PAPERS, topic_of
from assistant.planning.vocabulary import Vocabulary
from assistant.text.words import content_words
from vectorstore.catalogue.filters import Filters
from vectorstore.listings.paper_identifiers import arxiv_id, doi, without_version
from vectorstore.text.folding import folded

UnknownKind = Literal["DOI", "arXiv id", "venue"]
Found = Iterator[tuple[int, int, Mention]]  # where it stands in the text, from and to, and what it is

# Code, where nothing follows that it only describes: "with code", and not "with code generation".
_THE_CODE = (
    r"\s+(?:(?:any|public|publicly|available|their|open|source|the|its|a|published|released|official)\s+)*"
    r"(?:code|implementations?|(?:github )?(?:repositor(?:y|ies)|repos?)|github)"
    r"(?:\s+(?:available|released|public|published|on github))*"
    r"(?=\s*$|\s*[,.;?!)⟦]|\s+(?:on|about|by|from|in|for|since|and|that|but|or|before|after|only|are|there)\b)"
)
_WITHOUT_CODE = re.compile(
    rf"\b(?:(?:without|with no|lacking|have no|has no|having no|no){_THE_CODE}"
    r"|(?:do|does|did|have|has)(?:\s+not|n['’]t)\s+"
    r"(?:have|released?|provided?|publish(?:ed)?|shared?|come with|offer|link(?: to)?)"
    rf"{_THE_CODE})",
    re.I,
)
_WITH_CODE = re.compile(
    r"\bwhose (?:code|implementation) is (?:publicly )?(?:available|public|released|open)\b"
    r"|\b(?:with|have|has|having|release[sd]?|releasing|provid\w+|publish\w*|shar(?:e|es|ed|ing)|comes? with"
    r"|link(?:s|ed)? to|offers?)"
    rf"{_THE_CODE}|\bopen[- ]source[d]?(?=\s+{PAPERS}|\s*$)|\bcode available\b",
    re.I,
)
_UNDATED = re.compile(
    r"\b(?:(?:without|with no|have no|has no|having no|lack(?:s|ing)?|miss(?:es|ing)?) (?:an? |any |the |its |their )?"
    r"(?:known )?(?:publication )?(?:dates?|years?)\b|undated\b)",
    re.I,
)
_YEAR_AT_END = re.compile(r"(?<![^\s(])(?P<before>(?-i:[a-z])[\w-]*)\s+(?P<year>(?:19|20)\d\d)\W*$")
_CATEGORY = re.compile(  # "category" behind a name is seen and not taken: "only category AI"
    r"(?P<cue>\b(?:in|from|of|under|the|is|with|category:?)\s+(?:the\s+)?(?:category:?\s+|section\s+|arxiv\s+)?)?"
    r"(?P<name>[A-Za-z][A-Za-z-]+(?:\.[A-Za-z-]+)?)(?=(?P<after>\s+(?:category|section)\b)|)",
)
# "papers in AI by ..." and not "reasoning in AI systems"
_ENDS_A_CATEGORY = re.compile(  # "category" behind a name is seen and not taken: "only category AI"
    r"\s*(?:$|[,.;?!⟦)]|(?:by|from|since|in|and|or|about|on|with|that|published|but|not|before|after|during)\b)", re.I
)
_ORGANIZATION_CUE = re.compile(r"\b(?:by|from|at|of|with|did|has|have|and|or|not)\s+(?:the\s+)?$", re.I)
_LONGEST_ORGANIZATION = 6  # words
_VENUE_CUE = re.compile(
    rf"\b(?:{PAPERS}|published|appear(?:ed|s|ing)?|presented|accepted|printed)(?:\s+not)?\s+(?:in|at|by|from|to)\s+(?:the\s+)?$",
    re.I,
)
_PAPERS_IN = re.compile(rf"\b{PAPERS}\b.*\b(?:in|at)\s+(?:the\s+)?$", re.I | re.S)
_JOINS_VENUES = re.compile(r"\s*(?:,|,?\s*(?:and|or|/))\s*(?:in\s+|at\s+)?", re.I)
_LONGEST_VENUE = 16  # words
_NAME_OF_A_VENUE = r"[A-Z][\w&.'’-]*(?:\s+(?:(?:of|on|in|and|for|the|&)\s+){0,2}[A-Z][\w&.'’-]*){0,9}"
# After these words stands a venue or a period; "papers at X 2025" are of a venue, "papers at X" may be of a university.
_ASKED_VENUE = re.compile(
    rf"(?i:\b(?:published|presented|accepted|printed|appeared)\s+(?:in|at|by|to)\s+(?:the\s+)?)(?P<said>{_NAME_OF_A_VENUE})"
    rf"|(?i:\b{PAPERS}\s+(?:in|at|from)\s+(?:the\s+)?)(?P<dated>{_NAME_OF_A_VENUE})(?=\s+(?:⟦\d+⟧|(?:19|20)\d\d)\s*$)"
)
# What stands there, too: how a paper is written, and where in one something is.
_NO_VENUES = frozenset("english chinese german french spanish japanese section table figure".split())
_IS_OF_A_MONTH = re.compile(r"\d\d(?:0[1-9]|1[0-2])\.|\D")  # of arXiv's ids, new and old
_IDENTIFIER = re.compile(r"\S*(?:10\.\d{4,9}/|\d{4}\.\d{4,5}|[a-z-]/\d{7})\S*", re.I)
_PAGE = r"(?:(?:author|profile) )?(?:page|profile|listing)"
_PAGE_OF = re.compile(rf"\b(?:on|from|in) (?:the )?{_PAGE} of ⟦(?P<a>\d+)⟧", re.I)
_OWN_PAGE = re.compile(rf"\b(?:on|from|in) ⟦(?P<a>\d+)⟧(?:['’]s?)? {_PAGE}\b", re.I)
_DAILY = re.compile(r"\b(?:on|from|in) (?:the )?daily(?:[ -]papers?)? (?:pages?|feeds?|listings?|papers)\b", re.I)
_FILE = re.compile(
    r"\b(?:on|from|in) (?:the )?(?:listing |file )?"
    r"(?P<name>[\w.-]+\.(?:txt|bib|ris|nbib|jsonl?|csv|tsv|xml|m?html?|pdf))\b",
    re.I,
)

# A word of a name. What can follow a name in a question is none.
_WORD = (
    rf"(?!{HONORIFIC}(?!\w)|(?:in|from|since|about|on|after|before|that|with|and|or|but|not|except"
    rf"|published|have|has|had|write|wrote"
    r"|written|publish|are|is|work|works|been|author|there|using|where|which|who)\b)[^\W\d_][\w.'’-]*"
)
_NAME = rf"{_WORD}(?:\s+{_WORD}){{0,3}}"
_CAPITALS = r"(?-i:[A-Z])[\w.'’-]*(?:\s+(?-i:[A-Z])[\w.'’-]*){1,2}"
_SUMMED_UP = r"\b(?:summari[sz]e|sum up|describe|outline|explain|(?:overview|summary) of)"
_ASKED_AUTHOR = re.compile(
    rf"\b{PAPERS}\s+(?:that\s+(?:was|were|are)\s+)?(?:(?:co-?)?(?:published|written"
    rf"|authored)\s+)?(?:not\s+)?(?:by|from)\s+"
    rf"(?:{HONORIFIC}\s+)?(?P<a>{_NAME})"
    rf"|\bwhat (?:did|has|have)\s+(?P<b>{_NAME})\s+(?:publish|wr[io]t|author|work|been)"
    rf"|\bhow many {PAPERS} (?:are (?:there )?)?(?:did|does|has|have|by|from)\s+(?P<c>{_NAME})"
    rf"|\b(?:which|what) {PAPERS} (?:did|has|have)\s+(?P<d>{_NAME})\s+(?:publish|wr[io]t|author|co-?author)"
    rf"|⟦\d+⟧\s*(?:,|and|or|with|&|but not|not)\s+(?:by\s+|with\s+)?(?P<e>{_CAPITALS})"
    rf"|\b(?:by|with)\s+(?P<f>{_CAPITALS})(?=\s*(?:and|,|or|with)\s*⟦)"
    rf"|(?:{_SUMMED_UP}\s+|^)(?P<g>{_CAPITALS})['’]s?\s+(?:\w+\s+)?(?:{PAPERS}|research|contributions)\b"
    rf"|^(?:and )?who(?:['’]s| is| are)\s+(?P<h>{_CAPITALS})\W*$"
    rf"|\b(?:{PAPERS}|research|contributions|co-?authors?|collaborators?) of\s+(?P<i>{_CAPITALS})\W*$"
    rf"|\bwhat (?:does|do)\s+(?P<j>{_CAPITALS})\s+(?:work|research|publish)",
    re.I,
)
_MAYBE_AUTHOR = re.compile(
    rf"\b(?:by|with|who is|who's|work of|research of|tell me about|publications of|papers of)\s+(?P<name>{_CAPITALS})"
    rf"|(?:\bwho is|\bwho['’]s|\btell me about|\b(?:work|research|{PAPERS}|co-?authors?|profile|summary|overview) of"
    rf"|^{_SUMMED_UP})\s+(?P<end>{_WORD}(?:\s+{_WORD}){{1,2}}?)(?:['’]s?\s+(?:work|research|{PAPERS}))?\W*$"
    rf"|^(?P<owner>{_WORD}\s+{_WORD})(?:['’]s?)?\s+{PAPERS}\W*$",
    re.I,
)
_SURNAME = re.compile(
    rf"\b(?:by|from|did|does|has|have|with|and|or|not|author|of)\s+(?:{HONORIFIC}\s+)?(?P<name>{_WORD})"
    rf"(?:['’]s?)?(?:\s+et al\b\.?)?(?=\W|$)|(?<!\w)(?P<own>{_WORD})['’]s?\s+(?:\w+\s+){{0,2}}(?:{PAPERS}|research\b)"
    rf"|(?<!\w)(?P<etal>{_WORD})\s+et al\b\.?"
    rf"|\b{HONORIFIC}\s+(?P<titled>{_WORD})"
    rf"|(?:\bwho(?: is|['’]s)|\btell me about)\s+(?P<who>{_WORD})\W*$",
    re.I,
)
_SURE_CUES = ("by ", "did ")
# Words that stand where a name could, and are none.
_NO_NAMES = frozenset(
    "the a an this that these those it its them they their he she his her my your all any each some you i we me library"
    " collection papers paper authors author people who whom which what year code list show find last".split()
)


def identified_in(text: str, vocabulary: Vocabulary) -> Found:
    """Yield the papers that are named by a DOI or an arXiv id."""
    for match in _IDENTIFIER.finditer(text):
        said = match.group().rstrip("?!.,;:")
        arxiv = arxiv_id(said, alone=True)
        known = vocabulary.identifiers.get(without_version(arxiv) if arxiv else doi(said) or "")
        if known:
            yield match.start(), match.start() + len(said), Mention(Kind.PAPER, said, Filters(paper_ids=known))


def unknown_identifier(text: str, vocabulary: Vocabulary) -> tuple[UnknownKind, str] | None:
    """Return the first DOI or arXiv id that no paper has."""
    for match in _IDENTIFIER.finditer(text):
        said = match.group().strip("?!.,;:()[]\"'“”")
        arxiv, name = arxiv_id(said, alone=True), doi(said)
        if arxiv and _IS_OF_A_MONTH.match(arxiv) and without_version(arxiv) not in vocabulary.identifiers:
            return "arXiv id", arxiv
        if name and not arxiv and name not in vocabulary.identifiers:
            return "DOI", name
    return None


def papers_in(text: str, vocabulary: Vocabulary) -> Found:
    last = 0
    for ids, said in vocabulary.papers_in(text):
        start = text.find(said, last)
        if start >= 0:
            last = start + len(said)
            yield start, last, Mention(Kind.PAPER, said, Filters(paper_ids=tuple(ids)))


def misspelt_papers_in(text: str, vocabulary: Vocabulary) -> Found:
    for paper in vocabulary.misspelt.found_in(text):
        start = text.find(paper.said)
        yield start, start + len(paper.said), Mention(Kind.PAPER, paper.said, Filters(paper_ids=paper.paper_ids))


def person_mention(person: Person) -> tuple[int, int, Mention]:
    return (
        person.start,
        person.end,
        Mention(Kind.PERSON, person.said, Filters(authors=person.names if len(person.names) == 1 else ())),
    )


def surnames_in(text: str, vocabulary: Vocabulary) -> Iterator[Person]:
    """Yield those whose surname stands where only a name can."""
    lower_case = text == text.lower()
    if known := vocabulary.people.with_surname(text.strip(" ?.!")):
        if text[0].isupper():  # nothing but a name: "Choi"
            yield Person(0, len(text.rstrip(" ?.!")), text.strip(" ?.!"), known)
        return
    for match in _SURNAME.finditer(text):
        group = next(name for name in ("name", "own", "etal", "titled", "who") if match[name])
        word = match[group].rstrip(".")
        known = vocabulary.people.with_surname(word)
        behind = text[match.end() :].split()
        if behind and re.fullmatch(r"(?:19|20)\d\d\W*", behind[0]):
            continue  # "of August 2025"
        part_of_longer_name = group == "name" and bool(behind) and behind[0][:1].isupper()
        sure = group != "name" or match.group().lower().startswith(_SURE_CUES)
        written_as_name = word != word.lower() or (lower_case and sure and bool(content_words(word)))
        if known and written_as_name and not part_of_longer_name and folded(word) not in _NO_NAMES:
            end = match.end() if "et al" in match.group().lower() else match.start(group) + len(word)
            yield Person(match.start(group), end, word, known)


def periods_in(text: str, today: date) -> Found:
    for period in periods_of(text, today=today):
        said = text[period.start : period.end]
        yield period.start, period.end, Mention(Kind.PERIOD, said, Filters(since=period.since, until=period.until))


def year_at_end(text: str, vocabulary: Vocabulary) -> Found:
    """Yield the year that ends a question where no abstract has it behind that word: "diffusion models 2026"."""
    match = _YEAR_AT_END.search(text)
    if match and not vocabulary.is_general(f"{match['before']} {match['year']}", ""):
        first, last = (date(int(match["year"]), month, day) for month, day in ((1, 1), (12, 31)))
        yield (
            match.start("year"),
            match.end("year"),
            Mention(Kind.PERIOD, match["year"], Filters(since=first, until=last)),
        )


def undated_in(text: str) -> Found:
    for match in _UNDATED.finditer(text):
        yield match.start(), match.end(), Mention(Kind.PERIOD, match.group(), Filters(dated=False))


def surname_alone(text: str, vocabulary: Vocabulary) -> Iterator[Person]:
    """Yield whom the one word of a question names that could be a topic, if no abstract has it: "mosbach 2026"."""
    words = re.findall(r"[^\W\d_][\w’'-]*", topic_of(re.sub(r"⟦\d+⟧", " ", text)))
    word = re.sub(r"['’]s?$", "", words[0]) if len(words) == 1 else ""
    known = vocabulary.people.with_surname(word) if word else ()
    if known and vocabulary.is_typed(word):
        start = text.index(word)
        yield Person(start, start + len(word), word, known)


def code_in(text: str) -> Found:
    match = _WITHOUT_CODE.search(text) or _WITH_CODE.search(text)
    if match:
        has_code = match.re is _WITH_CODE
        yield match.start(), match.end(), Mention(Kind.CODE, match.group(), Filters(has_code=has_code))


def categories_in(text: str, vocabulary: Vocabulary) -> Found:
    last = -1  # where the category before ended: "CL or CV"
    for match in _CATEGORY.finditer(text):
        names = vocabulary.categories.get(match["name"].lower(), ())
        whole = bool(re.search(r"[.-]", match["name"]))
        short = len(match["name"]) < 3 and (match["name"].isupper() or text == text.lower())
        by_papers = re.match(rf"(?:\s+⟦\d+⟧)*\s+{PAPERS}\b", text[match.end() :], re.I)
        cue = match["cue"] and _ENDS_A_CATEGORY.match(text[match.end() :])
        joined = last >= 0 and re.fullmatch(r"\s*(?:,|or|and|,\s*or|/)\s*", text[last : match.start("name")])
        if names and (whole or match["after"] or (short and (cue or by_papers or joined))):
            last = match.end("after") if match["after"] else match.end()
            filters = _one_of([Filters(category=name) for name in names])
            yield match.start("name"), last, Mention(Kind.CATEGORY, text[match.start() : last], filters)


def venues_in(text: str, vocabulary: Vocabulary) -> Found:
    """Yield where papers appeared: "papers in Nature", "NeurIPS papers". Other things are in nature, too."""
    words = list(re.finditer(r"[^\s⟦⟧]+", text))
    last = -1  # where the venue before ended: "NeurIPS or ICML"
    for index, word in enumerate(words):
        if word.start() < last:
            continue
        for end in reversed(words[index : index + _LONGEST_VENUE]):
            said = text[word.start() : end.end()].rstrip("?!.,;:")
            names = vocabulary.venues.get(folded(said), ())
            is_joined = last >= 0 and _JOINS_VENUES.fullmatch(text[last : word.start()])
            by_papers = re.match(rf"\s+(?:(?:19|20)\d\d\s+)?{PAPERS}\b", text[word.start() + len(said) :], re.I)
            before, behind = text[: word.start()], text[word.start() + len(said) :]
            is_cued = is_joined or by_papers or _VENUE_CUE.search(before)
            has_capital = said != said.lower()
            among_papers = has_capital and _PAPERS_IN.search(before) and _ENDS_A_CATEGORY.match(behind)
            if names and (among_papers or (is_cued and (has_capital or text == text.lower()))):
                last = word.start() + len(said)
                yield word.start(), last, Mention(Kind.VENUE, said, _one_of([Filters(venue=name) for name in names]))
                break


def unknown_venue(text: str) -> tuple[UnknownKind, str] | None:
    """Return what stands where only a venue can and is none that the library prints: "papers at ICML 2025"."""
    found = _ASKED_VENUE.search(text)
    name = (found["said"] or found["dated"]) if found else ""
    return ("venue", name.rstrip("?!.,;:")) if name and folded(name) not in _NO_VENUES else None


def organizations_in(text: str, vocabulary: Vocabulary) -> Found:
    words = list(re.finditer(r"[^\s⟦⟧]+", text))
    topic = topic_of(re.sub(r"⟦\d+⟧|\b(?:19|20)\d\d\b", " ", text))
    after = 0
    for index, word in enumerate(words):
        if word.start() < after:
            continue
        for last in reversed(words[index : index + _LONGEST_ORGANIZATION]):
            said = re.sub(r"['’]s?$", "", text[word.start() : last.end()].rstrip("?!.,;:"))
            names = vocabulary.organizations.get(folded(said), ())
            whole = said == topic
            cue = _ORGANIZATION_CUE.search(text[: word.start()])
            by_papers = re.match(rf"(?:['’]s?)?\s+(?:\w+\s+)?{PAPERS}\b", text[word.start() + len(said) :], re.I)
            if (
                names
                and "⟦" not in said
                and (whole or cue or (by_papers and (said[0].isupper() or text == text.lower())))
            ):
                filters = _one_of([Filters(organization=name) for name in names])
                after = word.start() + len(said)
                yield word.start(), after, Mention(Kind.ORGANIZATION, said, filters)
                break


def listings_in(skeleton: Skeleton, vocabulary: Vocabulary) -> Found:
    """Yield the listings that are named by their owner ("on Bumjun Kim's page"), by their kind, or by their file."""
    text = skeleton.text
    for pattern in (_PAGE_OF, _OWN_PAGE):
        for match in pattern.finditer(text):
            owner = skeleton.mentions[int(match["a"])].filters.authors
            if owner and owner[0] in vocabulary.page_owners:
                yield match.start(), match.end(), Mention(Kind.LISTING, match.group(), Filters(listing=owner[0]))
    if (daily := _DAILY.search(text)) and vocabulary.daily_listings:
        filters = _one_of([Filters(listing=name) for name in vocabulary.daily_listings])
        yield daily.start(), daily.end(), Mention(Kind.LISTING, daily.group(), filters)
    for file in _FILE.finditer(text):
        if name := vocabulary.listings.get(folded(file["name"])):
            yield file.start(), file.end(), Mention(Kind.LISTING, file.group(), Filters(listing=name))


def unknown_author(skeleton: Skeleton, vocabulary: Vocabulary) -> tuple[str | None, list[Person]]:
    """Return a name that stands where an author's must and that nobody has, or, in a list, whom it misspells."""
    corrected: list[Person] = []
    if maybe := _MAYBE_AUTHOR.search(skeleton.text):
        group = maybe.lastgroup or "name"
        if len(meant := vocabulary.people.misspelt(maybe[group])) == 1:
            corrected.append(Person(maybe.start(group), maybe.end(group), maybe[group], meant, misspelt=True))
            skeleton.put([person_mention(corrected[-1])])
    while asked := _asked_author(skeleton.text):
        group = asked.lastgroup or "a"
        name = asked[group]
        meant = vocabulary.people.misspelt(name)
        if len(meant) != 1:
            return name, corrected
        corrected.append(Person(asked.start(group), asked.end(group), name, meant, misspelt=True))
        skeleton.put([person_mention(corrected[-1])])
    return None, corrected


def _asked_author(text: str) -> re.Match[str] | None:
    return next((match for match in _ASKED_AUTHOR.finditer(text) if _is_name(match, text)), None)


def _is_name(match: re.Match[str], text: str) -> bool:
    name = match[match.lastgroup or 0]
    if not name or "⟦" in name or set(folded(name).split()) & _NO_NAMES:
        return False
    words = name.split()
    by = not re.search(r"\bfrom\s", match.group(), re.I)  # "papers from major labs"
    capitals = words[0][0].isupper() and words[-1][0].isupper()
    lower = re.sub(r"⟦\d+⟧", "", text)
    return capitals or (by and len(words) in (2, 3) and lower == lower.lower())


def _one_of(parts: Sequence[Filters]) -> Filters:
    return parts[0] if len(parts) == 1 else Filters(any_of=tuple(parts))
