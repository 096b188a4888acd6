"""The evidence panel: one card a reference, with the quoted words marked inside its abstract."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import PurePath
from urllib.parse import quote, urlencode

from assistant.answering.verdict_labels import COUNTED, EXPLAINED, SIGNS
from assistant.facts.catalogue_answers import NAMES_IN_A_LINE, printed_authors, printed_date
from assistant.html.mathematics import readable_html
from assistant.html.sanitizing import cleaned, escaped, link
from assistant.manuscripts.sections import Section
from assistant.records import Answer, Citation, Reference, Verdict
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.footers import fetch_button
from vectorstore.papers.paper import Paper
from vectorstore.text.sentences import sentence_spans

_LONGEST_WHOLE = 700  # characters; of a longer abstract the marked sentences and their neighbours are shown
_MOST_ENTRIES = 3

Quote = tuple[int, int, int]  # start and end in the abstract, and its place in the answer's citations
Mark = tuple[int, int, tuple[int, ...]]  # start and end, and the places of the quotes it is part of


def sources_html(answer: Answer | Section, papers: Mapping[str, Paper], *, text_id: str) -> str:
    """Return the cards of one text's references, and what else was read for it; `papers` holds them by id."""
    quotes: dict[int, list[Quote]] = {}
    for place, citation in enumerate(answer.citations):
        quotes.setdefault(citation.number, []).append((citation.start, citation.end, place))
    cards = "".join(
        _card(papers[reference.paper_id], quotes.get(reference.number, []), number=reference.number)
        if reference.paper_id in papers
        else _card_of_a_paper_gone(reference, answer.citations)
        for reference in answer.references
    )
    body = cards or _closest_cards(answer, papers) or f'<p class="quiet">{labels.NO_EVIDENCE}</p>'
    also = _also_read(answer, papers) if isinstance(answer, Answer) else ""
    return cleaned(f'<section class="sources" data-text="{escaped(text_id)}">{body}{also}{_legend(answer)}</section>')


def sources_so_far_html(cited: Sequence[str], read: Sequence[str], papers: Mapping[str, Paper], *, text_id: str) -> str:
    """Return the cards of a text that is being written: of what it cites so far, and of what else it is written from;
    both are ids of papers."""
    cards = [_card(papers[one], [], number=number, note="") for number, one in enumerate(cited, 1) if one in papers]
    others = "".join(_card(papers[one], [], note="") for one in read if one in papers and one not in cited)
    heading = f'<h3 class="section">{labels.BEING_READ}</h3>' if others else ""
    return cleaned(
        f'<section class="sources" data-text="{escaped(text_id)}">{"".join(cards)}{heading}{others}</section>'
    )


def closest_html(answer: Answer, papers: Mapping[str, Paper]) -> str:
    """Return the papers closest to a question without an answer, each a small card that leads to the paper's page."""
    cards = "".join(
        f'<li><a class="near" href="#library/{paper.paper_id}"><strong>{readable_html(paper.title)}</strong>'
        f'<span class="facts">{escaped(printed_authors(paper))} · {_date(paper)}</span></a></li>'
        for paper in _closest(answer, papers)
    )
    return f'<h4 class="section">{labels.CLOSEST}</h4><ul class="closest">{cards}</ul>' if cards else ""


def _closest(answer: Answer, papers: Mapping[str, Paper]) -> list[Paper]:
    return [papers[one.paper_id] for one in answer.closest if one.paper_id in papers]


def _closest_cards(answer: Answer | Section, papers: Mapping[str, Paper]) -> str:
    cards = "".join(map(_uncited_card, _closest(answer, papers))) if isinstance(answer, Answer) else ""
    return f'<p class="quiet">{labels.NO_EVIDENCE} {labels.CLOSEST_ARE}</p>{cards}' if cards else ""


def _uncited_card(paper: Paper) -> str:
    title = escaped(plain_text(paper.title))
    abstract = marked(paper.abstract, 0, len(paper.abstract), ())
    return (
        f'<article class="card" tabindex="-1" aria-label="{title}"><h3>{readable_html(paper.title)}</h3>'
        f'<p class="facts">{_facts(paper)}</p><p class="abstract">{abstract}</p>'
        f'<p class="provenance">{escaped(_provenance(paper))}</p>{paper_acts_html(paper)}</article>'
    )


def _facts(paper: Paper) -> str:
    facts = [authors_html(paper), _date(paper)]
    facts += [escaped(paper.category)] if paper.category else []
    facts += [labels.HAS_CODE] if paper.has_code else []
    return " · ".join(facts)


def _card(
    paper: Paper, quotes: Sequence[Quote], *, number: int | None = None, note: str = labels.CITED_FROM_CATALOGUE
) -> str:
    """Return what is told of a paper; the `note` is for one of whose long abstract nothing is quoted."""
    title = escaped(plain_text(paper.title))
    called = f'data-reference="{number}" tabindex="-1" aria-label="Reference {number}: {title}"' if number else ""
    shown = f'<span class="number">{number}</span> ' if number else ""
    return (
        f'<article class="card" {called}><h3>{shown}<span class="title">{readable_html(paper.title)}</span></h3>'
        f'<p class="facts">{_facts(paper)}</p>{_abstract(paper.abstract, quotes, note=note)}'
        f'<p class="provenance">{escaped(_provenance(paper))}</p>{paper_acts_html(paper)}</article>'
    )


def _card_of_a_paper_gone(reference: Reference, citations: Sequence[Citation]) -> str:
    """Return what a text kept of a paper that has left the library since."""
    title, number = escaped(plain_text(reference.title)), reference.number
    quotes = dict.fromkeys(one.quote for one in citations if one.number == number and one.quote)
    marks = "".join(f'<p class="abstract"><mark>{readable_html(quote)}</mark></p>' for quote in quotes)
    return (
        f'<article class="card" data-reference="{number}" tabindex="-1" aria-label="Reference {number}: {title}">'
        f'<h3><span class="number">{number}</span> <span class="title">{title}</span></h3>'
        f'<p class="facts">{escaped(", ".join(reference.authors))} · {labels.NOT_IN_LIBRARY_NOW}</p>{marks}</article>'
    )


def authors_html(paper: Paper) -> str:
    """Return the authors in a line, as `printed_authors` does; each name leads to all papers of that author."""
    said = printed_authors(paper)
    names = (paper.authors or paper.page_owners)[:NAMES_IN_A_LINE]
    printed = ", ".join(names)
    if not names or not said.startswith(printed):
        return escaped(said)
    return ", ".join(map(_author_link, names)) + escaped(said[len(printed) :])


def _author_link(name: str) -> str:
    return (
        f'<a href="#authors/{quote(name, safe="")}" title="{labels.ALL_PAPERS_OF} {escaped(name)}">{escaped(name)}</a>'
    )


def paper_acts_html(paper: Paper, *, leads_to_page: bool = True) -> str:
    """Return what can be done with a paper; one of it leads to the paper's page."""
    title = plain_text(paper.title)
    acts = [
        *ways_out(paper),
        f'<a href="#library/{paper.paper_id}">{labels.DETAILS}</a>' if leads_to_page else "",
        _asking(labels.MORE_LIKE_THIS, labels.PAPERS_LIKE.format(title), at_once=True),
        _asking(labels.ASK_ABOUT_PAPER, labels.ABOUT_PAPER.format(title)),
        fetch_button(f"/papers/{paper.paper_id}.bib", labels.BIBTEX),
    ]
    return f'<p class="acts">{"".join(filter(None, acts))}</p>'


def ways_out(paper: Paper) -> list[str]:
    """Return links to where a paper is: its DOI, its pages on arXiv and elsewhere; without any, searches for it."""
    known = paper.publication
    ways = [
        link(f"https://doi.org/{quote(known.doi)}", labels.DOI) if known.doi else "",
        link(f"https://arxiv.org/abs/{quote(known.arxiv_id)}", labels.ARXIV) if known.arxiv_id else "",
        link(paper.url or known.url, labels.OPEN_PAPER),
    ]
    title = f'"{plain_text(paper.title)}"'
    searches = [
        link(f"https://scholar.google.com/scholar?{urlencode({'q': title})}", labels.FIND_ON_SCHOLAR),
        link(f"https://arxiv.org/search/?{urlencode({'query': title, 'searchtype': 'title'})}", labels.FIND_ON_ARXIV),
    ]
    return [way for way in ways if way] or searches


def _asking(label: str, question: str, *, at_once: bool = False) -> str:
    sends = ' data-send="1"' if at_once else ""
    return f'<button type="button" class="linklike" data-question="{escaped(question)}"{sends}>{label}</button>'


def _date(paper: Paper) -> str:
    return escaped(printed_date(paper)) + (f" ({labels.YEAR_INFERRED})" if paper.year_inferred else "")


def _provenance(paper: Paper) -> str:
    """Return where the paper was printed: "profile_kyelim_lee.txt, line 12; ..."."""
    entries = [f"{PurePath(entry.listing).name}, line {entry.line}" for entry in paper.entries[:_MOST_ENTRIES]]
    more = len(paper.entries) - len(entries)
    return "; ".join(entries) + (f"; and {more} more" if more else "")


def _abstract(abstract: str, quotes: Sequence[Quote], *, note: str) -> str:
    marks = quote_marks(quotes)
    if not abstract:
        return ""
    if not marks and len(abstract) > _LONGEST_WHOLE:
        return (f'<p class="quiet">{note}</p>' if note else "") + _whole(abstract, marks)
    start, end = _window(abstract, marks)
    before, after = "… " if start else "", " …" if end < len(abstract) else ""
    shown = f'<p class="abstract">{before}{marked(abstract, start, end, marks)}{after}</p>'
    return shown + (_whole(abstract, marks) if before or after else "")


def _whole(abstract: str, marks: Sequence[Mark]) -> str:
    whole = marked(abstract, 0, len(abstract), marks)
    return f'<details><summary>{labels.WHOLE_ABSTRACT}</summary><p class="abstract">{whole}</p></details>'


def _window(abstract: str, marks: Sequence[Mark]) -> tuple[int, int]:
    """Return what is shown at first: all of a short abstract, else the marks with a sentence around them."""
    if len(abstract) <= _LONGEST_WHOLE or not marks:
        return 0, len(abstract)
    sentences = list(sentence_spans(abstract))
    touched = [i for i, span in enumerate(sentences) if span[1] > marks[0][0] and span[0] < marks[-1][1]]
    if not touched:
        return 0, len(abstract)
    first, last = sentences[max(0, touched[0] - 1)], sentences[min(len(sentences) - 1, touched[-1] + 1)]
    start, end = min(first[0], marks[0][0]), max(last[1], marks[-1][1])
    return start, len(abstract) if end >= sentences[-1][1] else end


def quote_marks(quotes: Sequence[Quote]) -> list[Mark]:
    """Return what is marked, in order: quotes that overlap are cut where one of them begins or ends."""
    edges = sorted({edge for start, end, _ in quotes if start < end for edge in (start, end)})
    pieces = (
        (a, b, tuple(place for start, end, place in quotes if start <= a and b <= end)) for a, b in pairwise(edges)
    )
    return [piece for piece in pieces if piece[2]]


def marked(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    """Return text[start:end] as HTML with the marks inside it in <mark>.

    Marks are offsets into the raw text, so each part is freed of its LaTeX by itself.
    """
    html: list[str] = []
    position = start
    for mark_start, mark_end, places in marks:
        if mark_start < position or mark_end > end:
            continue
        html.append(readable_html(text[position:mark_start]))
        quotes = " ".join(map(str, places))
        html.append(f'<mark data-quotes="{quotes}">{readable_html(text[mark_start:mark_end])}</mark>')
        position = mark_end
    return "".join(html) + readable_html(text[position:end])


def _also_read(answer: Answer, papers: Mapping[str, Paper]) -> str:
    """Return the titles of what the model was given and the answer does not cite, each leading to the paper's page."""
    rows = "".join(
        f'<li><a href="#library/{paper.paper_id}">{readable_html(paper.title)}</a>'
        f"<span>{paper.published.year if paper.published else ''}</span></li>"
        for paper in (papers[paper_id] for paper_id in answer.also_read if paper_id in papers)
    )
    return f'<h3 class="section">{labels.ALSO_READ}</h3><ul class="also-read">{rows}</ul>' if rows else ""


def _legend(answer: Answer | Section) -> str:
    """Return what the verdicts in this answer mean."""
    verdicts = [verdict for verdict in Verdict if any(sentence.verdict is verdict for sentence in answer.sentences)]
    terms = "".join(
        f'<dt class="{verdict}">{SIGNS[verdict]} {COUNTED[verdict].capitalize()}</dt><dd>{EXPLAINED[verdict]}</dd>'
        for verdict in verdicts
        if verdict in COUNTED
    )
    return f'<dl class="legend">{terms}</dl>' if terms else ""
