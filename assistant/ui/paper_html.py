"""A paper's page: what the listings print of it, where, why its entries are one paper, and what can be done with it."""

from collections.abc import Iterator, Sequence

from assistant.facts.catalogue_answers import printed_date
from assistant.html.mathematics import readable_html
from assistant.html.sanitizing import cleaned, escaped
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.footers import told_button
from assistant.ui.papers_html import SHELF_BOX
from assistant.ui.sources import authors_html, paper_acts_html
from vectorstore.catalogue.merges import MergedEntry
from vectorstore.papers.field_conflicts import Conflict
from vectorstore.papers.paper import Paper

_ORDER_OF_FACTS = ("category", "organization", "affiliation", "score", "comments")


def paper_html(paper: Paper, entries: Sequence[MergedEntry], conflicts: Sequence[Conflict]) -> str:
    """Return the page of a paper for the right pane."""
    facts = "".join(f"<dt>{term}</dt><dd>{said}</dd>" for term, said in _facts(paper) if said)
    abstract = readable_html(paper.abstract) or labels.NO_ABSTRACT
    fields = ", ".join(labels.FACTS[conflict.field] for conflict in conflicts)
    differ = f'<p class="notice">{labels.LISTINGS_DIFFER} {fields}.</p>' if fields else ""
    printed = "".join(_entry(entry, alone=len(entries) == 1) for entry in entries)
    delete = told_button(SHELF_BOX, f"remove-papers {paper.paper_id}", labels.DELETE_PAPER)
    return cleaned(
        f'<article class="card paper" tabindex="-1" aria-label="{escaped(plain_text(paper.title))}">'
        f'<h2>{readable_html(paper.title)}</h2><p class="facts">{authors_html(paper)}</p>'
        f'{paper_acts_html(paper, leads_to_page=False)}<p class="abstract">{abstract}</p>'
        f'<dl class="facts-list">{facts}</dl>{differ}'
        f'<h3 class="section">{labels.PRINTED_IN}</h3><ul class="found">{printed}</ul>'
        f'<p class="acts">{delete}</p></article>'
    )


def _facts(paper: Paper) -> Iterator[tuple[str, str]]:
    inferred = f" ({labels.YEAR_INFERRED})" if paper.year_inferred else ""
    yield labels.DATE, escaped(printed_date(paper)) + inferred
    for field in _ORDER_OF_FACTS:
        value = getattr(paper, field)
        yield labels.FACTS[field], escaped(f"{value:g}" if isinstance(value, float) else str(value)) if value else ""
    yield labels.CODE, labels.YES if paper.has_code or paper.code_url else ""
    complete = "" if paper.authors_complete else f" {labels.SOME_HIDDEN}"
    yield labels.AUTHORS, escaped(", ".join(paper.authors)) + complete
    yield labels.PAGE_OWNERS, escaped(", ".join(paper.page_owners))


def _entry(entry: MergedEntry, *, alone: bool) -> str:
    """Return where an entry is printed and why it is this paper, with the button that keeps it apart, or rejoins it."""
    act, label = ("rejoin", labels.REJOIN) if entry.apart else ("apart", labels.KEEP_APART)
    place = entry.place
    button = told_button(SHELF_BOX, f"{act} {place.listing_sha256} {place.line}", label)
    acts = f'<p class="acts">{button}</p>' if entry.apart or not alone else ""
    return (
        f"<li><strong>{escaped(place.listing)}, {labels.LINE} {place.line}</strong>"
        f'<p class="facts">{escaped(plain_text(entry.entry.title))}</p>'
        f'<p class="facts">{escaped(entry.reason)}</p>{acts}</li>'
    )
