"""An author's profile: what the catalogue knows of one person, each fact with the papers that it rests on."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.facts.cluster_labels import distinctive_terms
from assistant.facts.name_ambiguity import Place, Work, several_people
from assistant.planning.people import People, shown_names
from vectorstore.catalogue.author_decisions import Decision, Kind, PersonOnPaper
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.catalogue.filters import Filters
from vectorstore.errors import AuthorError
from vectorstore.library import Library
from vectorstore.listings.entry import ProfileFigures
from vectorstore.papers.paper import Paper
from vectorstore.text.folding import folded

LONGEST_NAME = 200  # characters
_SHOWN = 80  # characters of a name in a message
_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


@dataclass(frozen=True, slots=True)
class Counted:
    """A category, a co-author, a year, a spelling, and the papers that have it, newest first."""

    name: str
    paper_ids: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.paper_ids)


@dataclass(frozen=True, slots=True)
class ListingEntries:
    """A listing, by its file's name, how many of its entries print the papers, and which papers."""

    listing: str
    entries: int
    paper_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PageHeader:
    """What the header of the author's profile page says. These are the page's figures, not the library's.

    `as_of` is when the page was saved, if that was told at ingest.
    """

    listing: str
    owner: str
    as_of: date | None
    figures: ProfileFigures
    paper_ids: tuple[str, ...]  # of the profile that the page lists


@dataclass(frozen=True, slots=True)
class PossiblePerson:
    """One of several people whom the papers of a name may be by: their papers, and what speaks for it.

    `term` is what these papers say and the others do not, "" if there is nothing. `reason` has no full stop.
    """

    paper_ids: tuple[str, ...]
    coauthors: tuple[str, ...]
    categories: tuple[str, ...]
    term: str
    reason: str


@dataclass(frozen=True, slots=True)
class AuthorProfile:
    """The papers of one person, newest first and undated last, and the facts computed from them.

    Facts with several values come with the most frequent first, years in their order.
    """

    author: str
    papers: tuple[Paper, ...]
    spellings: tuple[Counted, ...]  # the name as it is printed
    years: tuple[Counted, ...]  # inferred ones too; undated papers are in none
    categories: tuple[Counted, ...]
    coauthors: tuple[Counted, ...]
    listings: tuple[ListingEntries, ...]
    pages: tuple[PageHeader, ...]
    page_only: tuple[str, ...]  # papers known as the author's by the profile page alone: the name is not printed
    possibly_two: tuple[PossiblePerson, ...]  # empty, or two and more
    decisions: tuple[Decision, ...]

    @property
    def namesakes(self) -> str:
        """What speaks for several people, in a sentence on the smallest group; "" if nothing does."""
        if not self.possibly_two:
            return ""
        return f"Possibly {in_words(len(self.possibly_two))} people: {self.possibly_two[-1].reason}."

    @property
    def dated(self) -> tuple[Paper, ...]:
        return tuple(paper for paper in self.papers if paper.published)

    @property
    def first(self) -> Paper | None:
        return self.dated[-1] if self.dated else None

    @property
    def latest(self) -> Paper | None:
        return self.dated[0] if self.dated else None

    @property
    def hidden_authors(self) -> tuple[str, ...]:
        """The papers of which the listings do not print all authors."""
        return tuple(paper.paper_id for paper in self.papers if not paper.authors_complete)

    @property
    def year_inferred(self) -> tuple[str, ...]:
        return tuple(paper.paper_id for paper in self.papers if paper.published and paper.year_inferred)

    @property
    def after_split(self) -> tuple[str, ...]:
        """The papers that came after the user told this author from another: their co-authors say whose they are."""
        splits = [one for one in self.decisions if one.kind is Kind.SPLIT and self.author in one.names]
        decided = {paper_id for one in splits for ids in one.papers for paper_id in ids}
        return tuple(paper.paper_id for paper in self.papers if splits and paper.paper_id not in decided)

    @property
    def unclear(self) -> tuple[str, ...]:
        """Those of them that have no co-author of the papers decided on, and may be the other one's."""
        decided = {paper.paper_id for paper in self.papers}.difference(self.after_split)
        known = {
            paper_id for one in self.coauthors if decided.intersection(one.paper_ids) for paper_id in one.paper_ids
        }
        return tuple(paper_id for paper_id in self.after_split if paper_id not in known)

    @property
    def with_code(self) -> tuple[str, ...]:
        """The papers that a listing marks as having code, or whose abstract links it."""
        return tuple(paper.paper_id for paper in self.papers if paper.has_code or paper.code_url)


def in_words(number: int) -> str:
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def author_named(name: str, people: People) -> str:
    """Return who is called `name`, however it is written.

    Raises AuthorError if nobody is, with the closest names, or if several are, with theirs.
    """
    said = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    shown = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
    if len(said) > LONGEST_NAME:
        raise AuthorError(f"“{shown}” has {len(said):,} characters; a name has at most {LONGEST_NAME}.")
    meant = people.meant(said)
    if len(meant) > 1:
        message = f"Several authors are called “{shown}”: {shown_names(meant)}. Ask again with the full name."
        raise AuthorError(message, nearest=meant)
    if meant:
        return meant[0]
    near = (people.misspelt(said) or people.alike(said)) if folded(said) else ()
    hint = f"Did you mean {' or '.join(near)}?" if near else "Give a name as it is printed."
    raise AuthorError(f"No author in the library is called “{shown}”. {hint}", nearest=near)


def author_profile(name: str, library: Library, people: People, *, within: Filters | None = None) -> AuthorProfile:
    """Return the profile of the author called `name`; `people` are those of the library.

    It is of all their papers, or of those that meet the filters `within`.

    Raises AuthorError as `author_named` does.
    """
    author = author_named(name, people)
    namesakes = library.catalogue.namesakes
    papers = library.papers(Filters(authors=(author,), also=(within,) if within else ()))
    names = {folded(author), *(called for called, who in namesakes.called().items() if author in who)}
    coauthors = _coauthors(folded(author), namesakes.people_on([paper.paper_id for paper in papers]))
    decisions = tuple(namesakes.decisions(author))
    years = _counted((str(paper.published.year), paper) for paper in papers if paper.published)
    return AuthorProfile(
        author=author,
        papers=tuple(papers),
        spellings=_counted((name, paper) for paper in papers for name in paper.authors if folded(name) in names),
        years=tuple(sorted(years, key=lambda year: int(year.name))),
        categories=_counted((paper.category, paper) for paper in papers if paper.category),
        coauthors=_counted(
            (_display_name(one, people), paper) for paper in papers for one in coauthors.get(paper.paper_id, ())
        ),
        listings=_listings(papers),
        pages=_pages(papers, names, library.catalogue),
        page_only=tuple(paper.paper_id for paper in papers if names.isdisjoint(map(folded, paper.authors))),
        possibly_two=_possibly_two(author, papers, names, coauthors, decisions, library, people),
        decisions=decisions,
    )


def _coauthors(key: str, people: Iterable[PersonOnPaper]) -> dict[str, list[PersonOnPaper]]:
    """Return the other authors of each paper, by its id."""
    on_paper: defaultdict[str, list[PersonOnPaper]] = defaultdict(list)
    for one in people:
        if one.key != key:
            on_paper[one.paper_id].append(one)
    return on_paper


def _display_name(person: PersonOnPaper, people: People) -> str:
    return next(iter(people.named(person.key)), person.name)


def _counted(values: Iterable[tuple[str, Paper]]) -> tuple[Counted, ...]:
    """Return each value with its papers, the most frequent first."""
    papers: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for value, paper in values:
        papers[value][paper.paper_id] = None
    counted = (Counted(value, tuple(ids)) for value, ids in papers.items())
    return tuple(sorted(counted, key=lambda one: (-one.count, one.name)))


def _listings(papers: Sequence[Paper]) -> tuple[ListingEntries, ...]:
    entries = Counter(entry.listing for paper in papers for entry in paper.entries)
    printed = _counted((entry.listing, paper) for paper in papers for entry in paper.entries)
    return tuple(ListingEntries(one.name, entries[one.name], one.paper_ids) for one in printed)


def _pages(papers: Sequence[Paper], names: Collection[str], catalogue: Catalogue) -> tuple[PageHeader, ...]:
    """Return the headers of the author's own pages that say something."""
    owned: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for paper in papers:
        for entry in paper.entries:
            if entry.owner and folded(entry.owner) in names:
                owned[entry.listing, entry.owner, entry.listing_sha256].append(paper.paper_id)
    headers = catalogue.page_headers([sha256 for _, _, sha256 in owned])
    return tuple(
        PageHeader(listing, owner, *headers[sha256], tuple(dict.fromkeys(ids)))
        for (listing, owner, sha256), ids in sorted(owned.items())
        if headers[sha256][1] != ProfileFigures()
    )


def _possibly_two(
    author: str,
    papers: Sequence[Paper],
    names: Collection[str],
    coauthors: Mapping[str, Sequence[PersonOnPaper]],
    decisions: Iterable[Decision],
    library: Library,
    people: People,
) -> tuple[PossiblePerson, ...]:
    if any(one.kind is Kind.MERGE and one.name == author for one in decisions):
        return ()  # the user knows them to be one
    works = [
        Work(
            paper.paper_id,
            coauthors=frozenset(one.key for one in coauthors.get(paper.paper_id, ())),
            category=paper.category,
            hides_authors=not paper.authors_complete,
            place=_place(paper, names),
        )
        for paper in papers
    ]
    by_id = {paper.paper_id: paper for paper in papers}
    groups = [[by_id[work.paper_id] for work in group] for group in several_people(works, library)]
    terms = distinctive_terms(groups, library.term_weights)
    found: list[PossiblePerson] = []
    for group, term in zip(groups, terms, strict=True):
        others = _counted((_display_name(one, people), paper) for paper in group for one in coauthors[paper.paper_id])
        found.append(
            PossiblePerson(
                paper_ids=tuple(paper.paper_id for paper in group),
                coauthors=tuple(one.name for one in others),
                categories=tuple(
                    one.name for one in _counted((paper.category, paper) for paper in group if paper.category)
                ),
                term=term,
                reason=_reason(group, term, len(papers)),
            )
        )
    return tuple(found)


def _place(paper: Paper, names: Collection[str]) -> Place:
    """Return where the author stands on a paper, as far as the listings show it."""
    printed = [folded(name) in names for name in paper.authors]
    if not any(printed):
        return Place.LAST if paper.authors else Place.BETWEEN  # a page's owner whom "et al." hides is not the first
    if len(printed) == 1 or not (printed[0] or printed[-1]):
        return Place.BETWEEN
    return Place.FIRST if printed[0] else Place.LAST if paper.authors_complete else Place.BETWEEN


def _reason(group: Sequence[Paper], term: str, total: int) -> str:
    """Return what speaks for the papers of a group being another one's, as a sentence without its full stop."""
    count, others = len(group), total - len(group)
    on = f" on {term}" if term else ""
    the_papers = f"the paper{on} shares" if count == 1 else f"the {in_words(count)} papers{on} share"
    the_others = "the other one" if others == 1 else f"the other {in_words(others)}"
    hidden = sum(not paper.authors_complete for paper in group)
    if not hidden:
        return f"{the_papers} no co-author and no topic with {the_others}"
    of_which = "" if count == 1 else f" of {in_words(hidden)} of them"
    return f"{the_papers} no topic and no known co-author with {the_others}; the listings hide some authors{of_which}"
