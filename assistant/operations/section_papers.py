"""What sections and tables are made of: an author's papers, those on a topic, with those left out."""

from assistant.facts.authors import author_profile
from assistant.facts.catalogue_answers import Line, count
from assistant.manuscripts.literature_table import LiteratureTable, literature_table
from assistant.manuscripts.related_papers import Wanted, related_papers
from assistant.operations.papers import nothing_about, scoped
from assistant.operations.results import Refusal, Result, Sources
from assistant.planning.plan import AuthorWork, RelatedWork, Step, Table
from assistant.records import Abstention
from assistant.searching.topic_papers import papers_about
from assistant.text.evidence import unmarked
from vectorstore.papers.paper import Paper

_MOST_COLUMNS = 12  # papers of a table in an answer
_SHOWN_ASPECTS = ("problem", "method", "result", "date")


def author_work(asked: AuthorWork, sources: Sources) -> Result:
    """Return the papers of an author that are to be summed up, the newest first."""
    library = sources.library
    filters = scoped(asked, sources)
    papers = papers_about(asked.topic, library, filters=filters)[0] if asked.topic else library.papers(filters)
    step = Step.of(asked)
    if not papers:
        return nothing_about(step, asked.topic, asked.filters, sources)
    profile = author_profile(asked.name, library, sources.vocabulary.people, within=sources.within)
    notes = (f"{profile.namesakes} To keep them apart, say “split {profile.author}”.",) if profile.possibly_two else ()
    return Result(step, papers=tuple(papers), notes=notes)


def related(asked: RelatedWork, sources: Sources) -> Result:
    """Return the papers that a related-work section is about."""
    library = sources.library
    ids = asked.papers or sources.papers_of(asked.of_step)
    step = Step.of(asked)
    if not (asked.topic or ids or asked.filters or sources.within):
        text = "Related work needs a topic: name one, or a paper."
        return Result(step, refusal=Refusal(Abstention.UNCLEAR, text), is_final=True)
    wanted = Wanted(topic=asked.topic, filters=sources.limited(asked.filters), like=ids)
    found = related_papers(wanted, library)
    if not found[0]:
        return nothing_about(step, asked.topic, asked.filters, sources)
    return Result(step, papers=tuple(found[0]), wanted=wanted, related=found)


def table(asked: Table, sources: Sources) -> Result:
    """Return a table of papers, a row a paper; each cell is a sentence of its abstract."""
    library = sources.library
    ids = asked.papers or sources.papers_of(asked.of_step)
    step = Step.of(asked)
    if ids:
        known = {paper.paper_id: paper for paper in library.catalogue.papers(ids)}
        papers = [known[one] for one in ids if one in known]
    elif asked.topic:
        papers, _ = papers_about(asked.topic, library, filters=sources.limited(asked.filters))
    else:
        papers = library.papers(sources.limited(asked.filters))
    if not papers:
        return nothing_about(step, asked.topic, asked.filters, sources)
    shown = papers[:_MOST_COLUMNS]
    columns = asked.columns or _SHOWN_ASPECTS
    lines = (_lead(asked, papers, shown), *_rows(literature_table(shown, library, columns), shown))
    return Result(step, lines, papers=tuple(papers))


def _lead(asked: Table, papers: list[Paper], shown: list[Paper]) -> Line:
    about = f" about {unmarked(asked.topic)}" if asked.topic else ""
    more = f"; the first {len(shown)} are shown" if len(papers) > len(shown) else ""
    return Line(f"{count(len(papers), 'paper')}{about}{more}. Each cell is a sentence of the abstract.\n")


def _rows(made: LiteratureTable, papers: list[Paper]) -> list[Line]:
    """Return the table as lines of Markdown, each with the paper of its row."""
    columns = list(made.cells)
    heads = " | ".join(unmarked(name).replace("|", "/") for name in ("paper", *columns))
    rows = [Line(f"| {heads} |\n|{'---|' * (len(columns) + 1)}")]
    for number, (reference, paper) in enumerate(zip(made.references, papers, strict=True)):
        cells = [made.cells[name][number].text for name in columns]
        quote = next((cell.citation.quote for name in columns if (cell := made.cells[name][number]).citation), "")
        plain = [" ".join(cell.split()).replace("|", "/") for cell in [reference.title, *cells]]
        rows.append(Line(f"| {plain[0]} [{number + 1}] | {' | '.join(plain[1:])} |", (paper,), quote))
    return rows
