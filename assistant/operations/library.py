"""What the library holds as a whole."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.facts.catalogue_answers import Line, count, printed_date
from assistant.manuscripts.section_assembly import paper_vectors
from assistant.manuscripts.themes import themes
from assistant.operations.results import Result, Sources
from assistant.planning.plan import LibraryFacts, Step
from vectorstore.catalogue.filters import Filters
from vectorstore.papers.paper import Paper

_GROUPED = 400  # papers, the newest, whose themes are told
_TOLD_OF_A_THEME = 3  # papers
_MOST_AUTHORS, _MOST_LISTINGS = 5, 30


def library_facts(asked: LibraryFacts, sources: Sources) -> Result:
    """Return how many papers there are, from when, on what and from which listings."""
    papers = sources.library.papers(sources.limited(Filters()))
    lines = {"overview": _overview, "listings": _listings, "themes": _themes}[asked.aspect](papers, sources)
    return Result(Step.of(asked), tuple(lines), papers=tuple(papers), is_final=True)


def _overview(papers: Sequence[Paper], sources: Sources) -> Iterator[Line]:
    dated = [paper for paper in papers if paper.published]
    listings = {entry.listing_sha256 for paper in papers for entry in paper.entries}
    span = f", from {printed_date(dated[-1])} to {printed_date(dated[0])}" if dated else ""
    yield Line(
        f"The library holds {count(len(papers), 'paper')}{sources.among} from {count(len(listings), 'listing')}{span}."
    )
    years = Counter(paper.published.year for paper in dated if paper.published)
    if years:
        yield Line(f"By year: {', '.join(f'{year}: {years[year]:,}' for year in sorted(years, reverse=True))}.")
    people = Counter(
        person.key for person in sources.library.catalogue.namesakes.people_on([p.paper_id for p in papers])
    )
    named = [(next(iter(sources.vocabulary.people.named(key)), key), number) for key, number in people.items()]
    most = sorted((one for one in named if one[1] > 1), key=lambda one: (-one[1], one[0]))[:_MOST_AUTHORS]
    if most:
        yield Line(f"Most papers are by {', '.join(f'{name} ({number})' for name, number in most)}.")
    code = sum(bool(paper.has_code or paper.code_url) for paper in papers)
    yield Line(f"{count(code, 'paper')} {'has' if code == 1 else 'have'} code.")
    yield from _themes(papers, sources)


def _listings(papers: Sequence[Paper], sources: Sources) -> Iterator[Line]:
    there = Counter(sha256 for paper in papers for sha256 in {entry.listing_sha256 for entry in paper.entries})
    listings = [one for one in sources.library.catalogue.listings() if one[0] in there]
    yield Line(f"The papers come from {count(len(listings), 'listing')}:" if listings else "There is no listing yet.")
    for number, (sha256, name, owner, entries) in enumerate(listings[:_MOST_LISTINGS], 1):
        page = f", the page of {owner}" if owner else ""
        held = f"{count(there[sha256], 'paper')}" + (f" in {entries:,} entries" if entries != there[sha256] else "")
        yield Line(f"{number}. **{name}**{page}: {held}")
    if len(listings) > _MOST_LISTINGS:
        yield Line(f"And {len(listings) - _MOST_LISTINGS:,} more.")


def _themes(papers: Sequence[Paper], sources: Sources) -> Iterator[Line]:
    newest = sorted(papers, key=lambda paper: (-(paper.published or date.min).toordinal(), paper.paper_id))[:_GROUPED]
    found = themes(newest, paper_vectors(newest, sources.library))
    if not found:
        return
    of = f" of the {len(newest)} newest papers" if len(newest) < len(papers) else ""
    yield Line(f"The themes{of}, by what their abstracts say:")
    number = 0
    for place, theme in enumerate(found, 1):
        shown = theme.papers[-_TOLD_OF_A_THEME:]
        markers = "".join(f"[{number + place_in}]" for place_in in range(1, len(shown) + 1))
        number += len(shown)
        yield Line(f"{place}. **{theme.name}**: {count(len(theme.papers), 'paper')}, such as {markers}", tuple(shown))
