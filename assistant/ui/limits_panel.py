"""What a conversation is limited to: chips that can be taken away, and the controls that set them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import gradio as gr

from assistant.conversations.limits import Limits
from assistant.facts.authors import author_named
from assistant.html.sanitizing import cleaned, escaped
from assistant.planning.people import People
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.footers import asking_button
from assistant.ui.gradio_parts import html
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.errors import AuthorError
from vectorstore.library import Library

_YEAR = re.compile(r"[1-9]\d{3}")
_MOST_NAMES = 200  # authors offered; any other can be typed


@dataclass(frozen=True, slots=True)
class LimitControls:
    """The components."""

    chips: gr.HTML
    panel: gr.Accordion
    listings: gr.Dropdown
    authors: gr.Dropdown
    since: gr.Textbox
    until: gr.Textbox

    @property
    def values(self) -> list[gr.Dropdown | gr.Textbox]:
        return [self.listings, self.authors, self.since, self.until]


def limit_controls(chips: gr.HTML) -> LimitControls:
    """Place the controls of what the chips show, behind a button."""
    with gr.Accordion(labels.LIMIT, open=False, elem_id="limit-panel") as panel:
        html(f'<p class="quiet">{labels.LIMIT_NOTE}</p>')
        # Gradio refuses a value that it does not offer: a listing that was deleted stays until it is taken away.
        listings = gr.Dropdown(
            [], value=[], label=labels.LISTINGS, multiselect=True, allow_custom_value=True, elem_id="limit-listings"
        )
        authors = gr.Dropdown([], value=[], label=labels.AUTHORS, multiselect=True, allow_custom_value=True)
        with gr.Row():
            since = gr.Textbox("", label=labels.SINCE_YEAR, placeholder=labels.YEAR_HINT, max_length=4)
            until = gr.Textbox("", label=labels.UNTIL_YEAR, placeholder=labels.YEAR_HINT, max_length=4)
    return LimitControls(chips, panel, listings, authors, since, until)


def limits_set(before: Limits, listings: Sequence[str], authors: Sequence[str], since: str, until: str) -> Limits:
    """Return the limits as the controls say; chosen papers stay, and half a year that is being typed limits nothing."""
    first, last = (int(year) if _YEAR.fullmatch(year.strip()) else None for year in (since, until))
    if first and last and first > last:
        first, last = last, first
    return replace(before, listings=tuple(listings), authors=tuple(authors), since_year=first, until_year=last)


def listings_meant(typed: Sequence[str], before: Limits, catalogue: Catalogue) -> tuple[list[str], str]:
    """Return which listings the names in their box mean, and why one of them means none, as `authors_meant` does."""
    offered = _listings(catalogue)
    meant, problem = [], ""
    for name in typed:
        suggested = [called for shown, called in offered if name.casefold() in shown.casefold()]
        if name in before.listings or any(name == called for _, called in offered):
            meant.append(name)
        elif len(suggested) == 1:
            meant += suggested
        else:
            problem = labels.NO_LISTING_CALLED.format(name)
    return list(dict.fromkeys(meant)), problem


def authors_meant(typed: Sequence[str], before: Limits, catalogue: Catalogue, people: People) -> tuple[list[str], str]:
    """Return whom the names in the authors' box mean, and why one of them means nobody, "" if each means somebody.

    Some letters mean the author that the box suggests for them, if that is the only one.
    """
    meant, problem = [], ""
    for name in typed:
        suggested = [one for one in _offered(catalogue) if name.casefold() in one.casefold()]
        try:
            meant.append(name if name in before.authors else author_named(name, people))
        except AuthorError as error:
            if len(suggested) == 1:
                meant += suggested
            else:
                problem = str(error)
    return list(dict.fromkeys(meant)), problem


def with_listing(limits: Limits, name: str) -> Limits:
    """Return limits that let the papers of one more listing pass."""
    return replace(limits, listings=tuple(dict.fromkeys([*limits.listings, name])))


def without_limit(limits: Limits, chip: str) -> Limits:
    """Return limits without one of them, as its chip names it: "author Ada Quill"."""
    kind, _, value = chip.partition(" ")
    if kind == "listing":
        return replace(limits, listings=tuple(one for one in limits.listings if one != value))
    if kind == "author":
        return replace(limits, authors=tuple(one for one in limits.authors if one != value))
    if kind == "years":
        return replace(limits, since_year=None, until_year=None)
    return replace(limits, paper_ids=())


def limits_html(limits: Limits, library: Library) -> str:
    """Return a chip for each limit, and what can be asked of the papers that are left."""
    chips = "".join(
        f'<button type="button" class="filter limit" data-act="unlimit {kind} {escaped(value)}"'
        f' aria-label="{labels.REMOVE_LIMIT}: {escaped(label)}">{escaped(label)}<span class="remove">×</span></button>'
        for kind, value, label in _chips(limits, library)
    )
    if not chips:
        return ""
    asks = "".join(asking_button(question, label) for label, question in labels.OF_THESE.items())
    if not library.count(limits.filters()):
        asks = f'<span class="quiet">{labels.NOTHING_WITHIN}</span>'
    filters = f'<div class="filters"><span class="quiet">{labels.LIMITED_TO}</span>{chips}</div>'
    return cleaned(f'{filters}<div class="follow-ups">{asks}</div>')


def _chips(limits: Limits, library: Library) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, value, what is shown)."""
    owners = {name: owner or name for _, name, owner, _ in library.catalogue.listings()}
    for name in limits.listings:
        yield "listing", name, owners.get(name, name)
    for name in limits.authors:
        yield "author", name, name
    if limits.since_year or limits.until_year:
        years = [str(year) for year in (limits.since_year, limits.until_year) if year]
        since = f"{labels.SINCE} " if limits.since_year else f"{labels.UNTIL} "
        same = limits.since_year == limits.until_year
        yield "years", "", years[0] if same else "–".join(years) if len(years) == 2 else since + years[0]
    if limits.paper_ids:
        titles = [paper.title for paper in library.papers(Limits(paper_ids=limits.paper_ids).filters())]
        several = labels.CHOSEN_PAPERS.format(len(titles)) if titles else labels.CHOSEN_PAPERS_GONE
        yield "papers", "", plain_text(titles[0]) if len(titles) == 1 else several


def limits_offered(controls: LimitControls, catalogue: Catalogue) -> dict[object, object]:
    """Return the controls with what they offer; what is chosen of it stays."""
    return {
        controls.listings: gr.Dropdown(_listings(catalogue)),
        controls.authors: gr.Dropdown(_offered(catalogue)),
    }


def names_shown(controls: LimitControls, limits: Limits, catalogue: Catalogue) -> dict[object, object]:
    """Return the boxes of listings and authors as they are for some limits."""
    authors = list(dict.fromkeys([*limits.authors, *_offered(catalogue)]))
    return {
        controls.listings: gr.Dropdown(_listings(catalogue), value=list(limits.listings)),
        controls.authors: gr.Dropdown(authors, value=list(limits.authors)),
    }


def limits_shown(controls: LimitControls, limits: Limits, library: Library) -> dict[object, object]:
    """Return the controls and chips as they are for some limits."""
    return {
        **names_shown(controls, limits, library.catalogue),
        controls.chips: limits_html(limits, library),
        controls.since: str(limits.since_year or ""),
        controls.until: str(limits.until_year or ""),
    }


def _offered(catalogue: Catalogue) -> list[str]:
    return catalogue.namesakes.most_papers(_MOST_NAMES)


def _listings(catalogue: Catalogue) -> list[tuple[str, str]]:
    return [(owner or name, name) for _, name, owner, _ in catalogue.listings()]
