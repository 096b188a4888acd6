"""What the catalogue knows of single papers."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from assistant.facts.author_text import page_said
from assistant.facts.authors import author_profile
from assistant.facts.catalogue_answers import Line, has_code, printed_date, when_published, who_wrote
from assistant.manuscripts.bibliography import bibtex
from assistant.manuscripts.identifiers import identifiers
from assistant.operations.papers import nothing_about, scoped
from assistant.operations.results import Refusal, Result, Sources
from assistant.planning.chips import joined
from assistant.planning.plan import AuthorFigures, PaperFacts, Step
from assistant.records import Abstention
from assistant.searching.topic_papers import paper_meant
from assistant.text.citations import without_markers
from assistant.text.evidence import shown_title
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.papers.partial_dates import within

_MOST_CITED = 6  # papers of a profile page
_MOST_ENTRIES = 100  # of a bibliography in an answer


def _has(name: str) -> Callable[[Paper], bool]:
    return lambda paper: bool(getattr(identifiers(paper), name))


# What is asked of papers: how it is put, and whether the catalogue has it at all.
_FIELDS: dict[str, tuple[Callable[[Sequence[Paper]], Iterator[Line]], Callable[[Paper], bool]]] = {
    "authors": (who_wrote, lambda paper: bool(paper.people or paper.author_count or paper.organization)),
    "date": (when_published, lambda paper: paper.published is not None),
    "code": (has_code, lambda paper: paper.has_code or paper.code_url is not None),
    "category": (
        lambda papers: _stated(papers, "category", lambda paper: paper.category),
        lambda paper: bool(paper.category),
    ),
    "organization": (
        lambda papers: _stated(papers, "organisation", lambda paper: paper.organization or paper.affiliation),
        lambda paper: bool(paper.organization or paper.affiliation),
    ),
    "venue": (
        lambda papers: _stated(papers, "venue", lambda paper: paper.publication.venue),
        lambda paper: bool(paper.publication.venue),
    ),
    "doi": (lambda papers: _stated(papers, "DOI", lambda paper: identifiers(paper).doi), _has("doi")),
    "arxiv_id": (lambda papers: _stated(papers, "arXiv id", lambda paper: identifiers(paper).arxiv), _has("arxiv")),
    "address": (lambda papers: _stated(papers, "address", _address), lambda paper: bool(_address(paper))),
    "listing": (lambda papers: _places(papers), lambda paper: True),
}


def paper_facts(asked: PaperFacts, sources: Sources) -> Result:
    """Return what the catalogue says of the papers meant, a line a paper and a fact."""
    ids = asked.papers or sources.papers_of(asked.of_step)
    if not ids and asked.topic:
        ids = paper_meant(asked.topic, sources.library, filters=sources.limited(asked.filters))
    if not ids and asked.filters:
        ids = tuple(paper.paper_id for paper in sources.library.papers(scoped(asked, sources)))
    known = {paper.paper_id: paper for paper in sources.library.catalogue.papers(ids)}
    papers = [known[one] for one in ids if one in known]
    step = Step.of(asked)
    if not papers:
        return nothing_about(step, asked.topic, asked.filters, sources)
    lines = [line for name in asked.fields for line in _lines(name, papers, sources.library)]
    if any(_FIELDS[name][1](paper) for name in asked.fields if name in _FIELDS for paper in papers) or (
        "bibtex" in asked.fields
    ):
        return Result(step, tuple(lines), papers=tuple(papers), is_final=True)
    said = " ".join(without_markers(line.text) for line in lines)
    return Result(step, papers=tuple(papers), refusal=Refusal(Abstention.NOT_STATED, said), is_final=True)


def author_figures(asked: AuthorFigures, sources: Sources) -> Result:
    """Return what the profile pages of an author in the library give, with the papers that they list."""
    library = sources.library
    profile = author_profile(asked.name, library, sources.vocabulary.people, within=sources.within)
    step, papers = Step.of(asked), {paper.paper_id: paper for paper in profile.papers}
    if not profile.pages:
        of = f"{len(papers):,} paper{'' if len(papers) == 1 else 's'} by {profile.author}"
        text = f"The library has no profile page of {profile.author}, which would give such figures; it has {of}."
        return Result(step, papers=tuple(profile.papers), refusal=Refusal(Abstention.NOT_STATED, text), is_final=True)
    lines: list[Line] = []
    numbers: dict[str, int] = {}
    for page in profile.pages:
        listed = tuple(papers[one] for one in page.paper_ids if one in papers)[:_MOST_CITED]
        markers = "".join(f"[{numbers.setdefault(paper.paper_id, len(numbers) + 1)}]" for paper in listed)
        lines.append(Line(f"{page_said(page, f' {markers}' if markers else '')}.", listed))
    return Result(step, tuple(lines), papers=tuple(profile.papers), is_final=True)


def _lines(name: str, papers: Sequence[Paper], library: Library) -> Iterator[Line]:
    if name == "bibtex":
        yield from _bibliography(papers, library)
        return
    yield from _FIELDS[name][0](papers)
    if name == "date" and len(papers) == 2 and all(paper.published for paper in papers):
        yield _earlier(papers)


def _earlier(papers: Sequence[Paper]) -> Line:
    """Return which of two dated papers appeared before the other."""
    first, second = sorted(papers, key=lambda paper: (paper.published is None, paper.published))
    numbers = {paper.paper_id: number for number, paper in enumerate(papers, 1)}
    title = f"“{shown_title(first.title)}”"
    if any(other.published and _may_be(one, other.published) for one, other in ((first, second), (second, first))):
        if not first.precision == second.precision == "day":
            return Line("Which of them is the earlier one cannot be told from these dates [1][2].", tuple(papers))
        return Line("Both appeared on the same day [1][2].", tuple(papers))
    other = f"“{shown_title(second.title)}”"
    markers = f"[{numbers[first.paper_id]}][{numbers[second.paper_id]}]"
    return Line(f"So {title} is the earlier one: it appeared before {other} {markers}.", tuple(papers))


def _may_be(paper: Paper, day: date) -> bool:
    return paper.published is not None and within(paper.published, paper.precision, day)


def _bibliography(papers: Sequence[Paper], library: Library) -> Iterator[Line]:
    shown = papers[:_MOST_ENTRIES]
    keys = library.catalogue.citation_keys([paper.paper_id for paper in shown])
    markers = "".join(f"[{number}]" for number in range(1, len(shown) + 1))
    entries = f"{len(shown)} papers" if len(shown) > 1 else f"“{shown_title(shown[0].title)}”"
    yield Line(f"The BibTeX of {entries} {markers}:", tuple(shown))
    yield Line(f"\n```bibtex\n{bibtex(shown, keys).strip()}\n```")
    if len(papers) > len(shown):
        yield Line(f"And {len(papers) - len(shown):,} more; `related-work --bib` and `export` write files.")


def _stated(papers: Sequence[Paper], name: str, value: Callable[[Paper], str | None]) -> Iterator[Line]:
    for number, paper in enumerate(papers, 1):
        said = value(paper)
        of = f"“{shown_title(paper.title)}” [{number}]."
        yield Line(
            f"The listing gives {said} as the {name} of {of}" if said else f"The listing gives no {name} for {of}",
            (paper,),
        )


def _address(paper: Paper) -> str | None:
    return paper.url or (paper.code_url and f"{paper.code_url}, that of its code,")


def _places(papers: Sequence[Paper]) -> Iterator[Line]:
    for number, paper in enumerate(papers, 1):
        places = joined([f"{entry.listing} (line {entry.line})" for entry in paper.entries])
        yield Line(f"“{shown_title(paper.title)}”, {printed_date(paper)}, is printed in {places} [{number}].", (paper,))
