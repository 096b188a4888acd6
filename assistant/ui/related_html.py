"""Related work as HTML: the papers found and the reader's choice among them, LaTeX, .bib and the literature table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.facts.catalogue_answers import printed_date
from assistant.html.markdown import References, answer_html
from assistant.html.sanitizing import cleaned, escaped
from assistant.manuscripts.literature_table import LiteratureTable, as_csv, as_latex, as_markdown
from assistant.manuscripts.section_store import KeptLine
from assistant.manuscripts.sections import Section
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.footers import copy_button, footer_html, save_button, slug
from assistant.ui.section_html import counted_html
from vectorstore.library import Library
from vectorstore.papers.paper import Paper
from vectorstore.papers.partial_dates import shown_date

BOX = "related-choice"  # what the page's buttons write into


@dataclass(frozen=True, slots=True)
class Choice:
    """What the reader wants of the papers found, by id."""

    pinned: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    order: tuple[str, ...] = ()

    def ordered(self, found: Sequence[str]) -> tuple[str, ...]:
        """Return the papers found in the order that the reader gave them; those that have none come last."""
        rank = {paper_id: place for place, paper_id in enumerate(self.order)}
        return tuple(sorted(found, key=lambda paper_id: rank.get(paper_id, len(rank))))

    def after(self, act: str, paper_id: str, found: Sequence[str]) -> "Choice":
        """Return the choice after a click: "pin", "unpin", "drop", "take", "earlier" or "later" of one paper."""
        pinned = tuple(one for one in self.pinned if one != paper_id)
        dropped = tuple(one for one in self.dropped if one != paper_id)
        if act in ("pin", "take"):
            return replace(self, pinned=(*pinned, paper_id), dropped=dropped)
        if act == "unpin":
            return replace(self, pinned=pinned)
        if act == "drop":
            return replace(self, pinned=pinned, dropped=(*dropped, paper_id))
        if act in ("earlier", "later") and paper_id in found:
            return replace(self, order=_moved(self.ordered(found), paper_id, -1 if act == "earlier" else 1))
        return self


def papers_html(section: Section, choice: Choice, library: Library, *, changed: bool) -> str:
    """Return the papers of a section, those left out and those dropped, each with what can be done with it."""
    cited = choice.ordered(section.paper_ids)
    others = dict.fromkeys([*(one.paper_id for one in section.left_out), *choice.pinned, *choice.dropped])
    papers = {paper.paper_id: paper for paper in library.catalogue.papers([*cited, *others])}
    references = {reference.paper_id: reference for reference in section.references}
    reasons = {one.paper_id: f"{labels.LEFT_OUT}: {one.reason}" for one in section.left_out if one.reason}
    places = {paper_id: place for place, paper_id in enumerate(section.citable, 1)}
    rows = [
        _row(papers[one], references[one].key, _acts(one, choice, is_cited=True), number=references[one].number)
        for one in cited
        if one in papers
    ]
    rows += [
        _row(papers[one], reasons.get(one, labels.LEFT_OUT), _acts(one, choice, is_cited=False), number=places.get(one))
        for one in others
        if one not in references and one in papers
    ]
    note = f'<p class="note" role="status">{labels.DRAFT_AGAIN}</p>' if changed else ""
    head = f'<h3 class="section">{labels.PAPERS_FOUND} · {len(rows)}</h3>'
    evidence = f'<h3 class="section">{labels.EVIDENCE}</h3>'
    return cleaned(f'{head}{note}<ul class="found">{"".join(rows)}</ul>{evidence}')


def kept_html(kept: Sequence[KeptLine], deleted: Sequence[KeptLine]) -> str:
    """Return the list of what is kept, with the way back of what was deleted."""
    rows = "".join(
        f'<li><a href="#related/{line.id}">{escaped(line.name)}</a>'
        f'<span class="quiet">{shown_date(line.changed.date(), "day")} ·'
        f" {labels.counted(line.versions, 'version')}</span>"
        f"{_told(f'delete {line.id}', labels.KEPT_DELETE, line.name)}</li>"
        for line in kept
    )
    said = "".join(
        f"<p>{labels.KEPT_DELETED} {escaped(line.name)} {_told(f'undelete {line.id}', labels.UNDO, line.name)}</p>"
        for line in deleted
    )
    head = f'<h3 class="section">{labels.KEPT}</h3>' if rows or said else ""
    return cleaned(f'{head}<div role="status">{said}</div><ul class="kept">{rows}</ul>' if head else "")


def versions_html(number: int, of: int) -> str:
    """Return which version is shown, with the ways to those before and after it."""
    if of < 2:
        return ""
    ways = [
        _told(f"version {other}", label, "")
        for other, label in ((number - 1, labels.VERSION_BEFORE), (number + 1, labels.VERSION_AFTER))
        if 1 <= other <= of
    ]
    return cleaned(f'<div class="quiet versions">{labels.VERSION.format(number, of)} {" ".join(ways)}</div>')


def _told(value: str, label: str, what: str) -> str:
    named = f' aria-label="{label}: {escaped(what)}"' if what else ""
    return f'<button type="button" class="linklike" data-box="{BOX}" data-value="{value}"{named}>{label}</button>'


def related_footer_html(section: Section) -> str:
    name = slug(section.about)
    copies = [
        copy_button(section.text, labels.COPY_MARKDOWN),
        copy_button(section.plain, labels.COPY_PLAIN),
        copy_button(section.latex, labels.COPY_LATEX),
    ]
    return cleaned(footer_html(*counted_html(section), acts=[*copies, save_button(section.bibtex, f"{name}.bib")]))


def source_html(text: str, file: str, others: Sequence[tuple[str, str]] = ()) -> str:
    """Return LaTeX or BibTeX as it is, with buttons that copy and save it, and save `others`: texts and their files."""
    saves = [save_button(*one) for one in ((text, file), *others)]
    buttons = footer_html(acts=[copy_button(text), *saves])
    return cleaned(f'<pre class="source"><code>{escaped(text)}</code></pre>{buttons}')


def table_html(table: LiteratureTable, text_id: str, name: str) -> str:
    """Return the literature table, a row a paper."""
    titles = {reference.number: plain_text(reference.title) for reference in table.references}
    shown = {
        aspect: tuple(replace(cell, text=plain_text(cell.text)) for cell in cells)
        for aspect, cells in table.cells.items()
    }
    body = answer_html(as_markdown(replace(table, cells=shown), by_paper=True), References(text_id, titles))
    buttons = [
        copy_button(as_markdown(table, by_paper=True), labels.COPY_MARKDOWN),
        copy_button(as_latex(table, by_paper=True), labels.COPY_LATEX),
        save_button(as_csv(table, by_paper=True), f"{name}.csv"),
    ]
    return cleaned(f'<div class="answer by-paper">{body}</div>{footer_html(acts=buttons)}')


def _moved(found: Sequence[str], paper_id: str, step: int) -> tuple[str, ...]:
    order = list(found)
    place = order.index(paper_id)
    other = min(max(place + step, 0), len(order) - 1)
    order[place], order[other] = order[other], order[place]
    return tuple(order)


def _row(paper: Paper, said: str, acts: Iterator[tuple[str, str]], *, number: int | None = None) -> str:
    title = escaped(plain_text(paper.title))
    buttons = "".join(_told(f"{act} {paper.paper_id}", label, plain_text(paper.title)) for act, label in acts)
    facts = " · ".join(filter(None, [_by(paper), printed_date(paper), said]))
    counted = f'<span class="number">{number}</span>' if number else ""
    kind = ' class="out"' if said.startswith(labels.LEFT_OUT) else ""
    lines = f'<p class="facts">{escaped(facts)}</p><p class="acts">{buttons}</p>'
    return f"<li{kind}><strong>{counted}{title}</strong>{lines}</li>"


def _by(paper: Paper) -> str:
    if not paper.authors:
        return paper.organization or ""
    alone = len(paper.authors) == 1 and paper.authors_complete
    return paper.authors[0] if alone else f"{paper.authors[0]} et al."


def _acts(paper_id: str, choice: Choice, *, is_cited: bool) -> Iterator[tuple[str, str]]:
    if paper_id in choice.dropped:
        yield "take", labels.TAKE
        return
    yield ("unpin", labels.UNPIN) if paper_id in choice.pinned else ("pin", labels.PIN)
    if is_cited:
        yield from (("drop", labels.DROP), ("earlier", labels.EARLIER), ("later", labels.LATER))
