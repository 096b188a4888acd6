"""An author's profile in labelled lines, for people to read."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.facts.author_record import explained
from assistant.facts.authors import AuthorProfile, Counted, PageHeader, PossiblePerson
from assistant.facts.catalogue_answers import printed_date
from assistant.text.plain_text import plain_text
from vectorstore.catalogue.author_decisions import Kind
from vectorstore.papers.paper import Paper

_MOST_NAMES, _MOST_LISTINGS, _MOST_PAPERS = 12, 8, 25
_MOST_OF_A_GROUP = 5  # of its co-authors, and of its papers
_MOST_CITED = 6  # papers of one fact
_FIGURES = {  # as a profile page calls them
    "h_index": "h-index {}",
    "papers": "{:,} papers",
    "citations": "{:,} citations",
    "novelty_percent": "novelty {} %",
    "ai_score": "AI score {}",
}


def profile_lines(profile: AuthorProfile) -> Iterator[tuple[str, str]]:
    """Yield (label, text). What goes on from the line before has no label, and a heading no text.

    A fact cites its papers by their numbers in the list at the end.
    """
    cite = Citing({paper.paper_id: number for number, paper in enumerate(profile.papers, 1)})
    total = len(profile.papers)
    yield "Papers", f"{_count(total, 'paper')}{period(profile, cite)}"
    if len(profile.spellings) > 1:
        yield "Printed as", cite.values(profile.spellings)
    if profile.years:
        years = [f"{one.name}: {one.count}{_inferred(profile, one)}{cite(one.paper_ids)}" for one in profile.years]
        yield "Years", ", ".join(years)
    if profile.categories:
        yield "Categories", cite.values(profile.categories)
    yield "Co-authors", cite.values(profile.coauthors) or "none printed"
    if hidden := profile.hidden_authors:
        of_papers = f"{len(hidden)} of {_count(total, 'paper')}{cite(hidden)}"
        yield "", f"on {of_papers} the listing hides some authors behind et al."
    code = profile.with_code
    share = f"{len(code)} of {_count(total, 'paper')} ({len(code) / total:.0%}){cite(code)}"
    yield "Code", share if code else "none that is known of"
    for number, listing in enumerate(profile.listings[:_MOST_LISTINGS]):
        printed = f"{listing.listing} ({_count(listing.entries, 'entry')}){cite(listing.paper_ids)}"
        yield "" if number else "Listings", printed
    if (more := len(profile.listings) - _MOST_LISTINGS) > 0:
        yield "", f"and {more:,} more"
    for page in profile.pages:
        yield "Page", page_said(page, cite(page.paper_ids))
    if profile.pages and any(decision.kind is Kind.SPLIT for decision in profile.decisions):
        yield "", "the page does not tell apart the people that you did"
    if page_only := profile.page_only:
        on_page = f"{_count(len(page_only), 'paper')} on the author's page"
        yield "", f"{on_page} {_are(len(page_only))} printed without the name{cite(page_only)}"
    yield from _namesakes(profile)
    yield from _papers(profile.papers)


@dataclass(frozen=True, slots=True)
class Citing:
    """The numbers of papers, by their ids."""

    numbers: Mapping[str, int]

    def __call__(self, paper_ids: Sequence[str]) -> str:
        """Return " [1, 4]", the first of many; nothing for all papers."""
        if len(paper_ids) == len(self.numbers):
            return ""
        shown = ", ".join(str(self.numbers[paper_id]) for paper_id in paper_ids[:_MOST_CITED])
        return f" [{shown}{', …' if len(paper_ids) > _MOST_CITED else ''}]"

    def values(self, values: Sequence[Counted]) -> str:
        shown = ", ".join(f"{one.name} ({one.count}){self(one.paper_ids)}" for one in values[:_MOST_NAMES])
        more = len(values) - _MOST_NAMES
        return f"{shown} and {more:,} more" if more > 0 else shown


def _namesakes(profile: AuthorProfile) -> Iterator[tuple[str, str]]:
    if groups := profile.possibly_two:
        yield "", ""
        yield "Namesakes?", profile.namesakes
        for number, group in enumerate(groups, 1):
            yield f"  {number}", _group(group)
        yield "", f'if so: author "{profile.author}" --split, or with the papers of one of them'
    if profile.decisions:
        yield "", ""
    for number, decision in enumerate(profile.decisions):
        yield "" if number else "Decisions", explained(decision)
    if later := len(profile.after_split):
        yield "", f"{_count(later, 'paper')} that came after that {_are(later)} here by the co-authors"
    if unclear := profile.unclear:
        yield (
            "",
            f"but no co-author tells whose {', '.join(unclear)} {_are(len(unclear))}; to tell it apart, --split it",
        )
    if profile.decisions:
        yield "", f'to undo the latest: author "{profile.author}" --undo'


def _papers(papers: Sequence[Paper]) -> Iterator[tuple[str, str]]:
    yield "", ""
    for number, paper in enumerate(papers[:_MOST_PAPERS], 1):
        day = paper.iso_date or "undated"
        yield paper.paper_id, " ".join(filter(None, [f"[{number}]", day, paper.category, plain_text(paper.title)]))
    if (more := len(papers) - _MOST_PAPERS) > 0:
        yield "", f"and {more:,} more; papers --author lists them"


def _group(group: PossiblePerson) -> str:
    names = group.coauthors[:_MOST_OF_A_GROUP]
    more = len(group.coauthors) - len(names)
    with_whom = f" with {', '.join(names)}{f' and {more:,} more' if more else ''}" if names else ", alone"
    topic = f" on {group.term}" if group.term else ""
    categories = f" in {', '.join(group.categories)}" if group.categories else ""
    ids = " ".join(group.paper_ids[:_MOST_OF_A_GROUP])
    others = " ..." if len(group.paper_ids) > _MOST_OF_A_GROUP else ""
    return f"{_count(len(group.paper_ids), 'paper')}{topic}{categories}{with_whom}: {ids}{others}"


def period(profile: AuthorProfile, cite: Callable[[Sequence[str]], str]) -> str:
    """Return ", 19 September 2024 [6] to 6 April 2026 [1]; 1 is undated"."""
    first, latest = profile.first, profile.latest
    if first is None or latest is None:
        return ", undated"
    ends = [f"{_day(paper)}{cite([paper.paper_id])}" for paper in (first, latest)]
    period = ends[0] if first == latest else " to ".join(ends)
    undated = len(profile.papers) - len(profile.dated)
    return f", {period}{f'; {undated} {_are(undated)} undated' if undated else ''}"


def _day(paper: Paper) -> str:
    return f"{printed_date(paper)}{' (year inferred)' if paper.year_inferred else ''}"


def _inferred(profile: AuthorProfile, year: Counted) -> str:
    inferred = len(set(profile.year_inferred).intersection(year.paper_ids))
    return f" ({inferred} inferred)" if inferred else ""


def page_said(page: PageHeader, cited: str = "") -> str:
    """Return what the header of a profile page says, and that it is the page that says it."""
    figures = [
        text.format(value) for name, text in _FIGURES.items() if (value := getattr(page.figures, name)) is not None
    ]
    day = f"of {page.as_of.day} {page.as_of:%B %Y}" if page.as_of else "of an unknown day"
    return f"{page.listing}{cited} says {', '.join(figures)}; these are the page's own figures, {day}"


def _count(number: int, thing: str) -> str:
    if number != 1:
        thing = f"{thing[:-1]}ies" if thing.endswith("y") else f"{thing}s"
    return f"{number:,} {thing}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
