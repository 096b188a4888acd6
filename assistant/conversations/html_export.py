"""A whole conversation -> one HTML file that loads and runs nothing, to read, print and pass on."""

import re
from collections.abc import Iterator, Mapping

from assistant.answering.answer_markdown import explained_below, plain_reference
from assistant.conversations.exports import STOPPED, bibliography, facts, name_of, references, source
from assistant.conversations.records import StoredConversation, StoredExchange
from assistant.html.markdown import References, answer_html
from assistant.html.sanitizing import cleaned, escaped, link
from assistant.html.standalone import html_page
from assistant.records import Answer, Reference
from assistant.text.plain_text import plain_text
from vectorstore.catalogue.catalogue import Catalogue
from vectorstore.papers.paper import Paper

_NO_REFERENCES = References("", {})
_OPEN_PAPER = "Open the paper"
_BUTTON = re.compile(r"<button\b(?P<attributes>[^>]*)>(?P<shown>[^<]*)</button>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def as_html(conversation: StoredConversation, catalogue: Catalogue) -> str:
    """Return the questions and answers, each citation a link to its reference with its quotes, and the BibTeX."""
    cited = {reference.paper_id for reference in references(conversation)}
    papers = {paper.paper_id: paper for paper in catalogue.papers(cited)}
    body = [f'<p class="quiet">{escaped(fact)}</p>' for fact in facts(conversation)]
    body += [_exchange(exchange, number, papers) for number, exchange in enumerate(conversation.exchanges, 1)]
    if bibtex := bibliography(conversation, catalogue):
        body.append(f"<section><h2>Bibliography</h2><pre><code>{escaped(bibtex)}</code></pre></section>")
    return html_page(name_of(conversation), cleaned("".join(body)))


def _exchange(exchange: StoredExchange, number: int, papers: Mapping[str, Paper]) -> str:
    question = f'<h2 class="question">{escaped(exchange.question)}</h2>'
    replied = "".join(_replied(exchange, number, papers))
    said = f'<p class="quiet">{escaped(source(exchange))}</p>'
    return f'<section id="question-{number}">{question}{replied}{said}</section>'


def _replied(exchange: StoredExchange, number: int, papers: Mapping[str, Paper]) -> Iterator[str]:
    if exchange.answer:
        yield from _answered(exchange.answer, number, papers)
        return
    yield _answer(answer_html(exchange.text, _NO_REFERENCES))
    if exchange.problem:
        yield f'<p class="problem">{escaped(exchange.problem)}</p>'
    elif exchange.stopped:
        yield f'<p class="quiet">{STOPPED}</p>'


def _answered(answer: Answer, number: int, papers: Mapping[str, Paper]) -> Iterator[str]:
    titles = {reference.number: plain_text(reference.title) for reference in answer.references}
    yield _answer(answer_html(answer.text, References(str(number), titles), answer.sentences, answer.citations))
    for note in explained_below(answer):
        yield f'<div class="quiet">{answer_html(note, _NO_REFERENCES)}</div>'
    if answer.references:
        yield "<h3>References</h3>"
    for reference in answer.references:
        yield _reference(reference, answer, number, papers.get(reference.paper_id))


def _answer(html: str) -> str:
    return f'<div class="answer">{_BUTTON.sub(_without_script, html)}</div>'


def _without_script(button: re.Match[str]) -> str:
    """Return a button of the page as what does the same without a script: a citation is a link to its reference."""
    attributes = dict(_ATTRIBUTE.findall(button["attributes"]))
    title = attributes.get("aria-label", "")
    if attributes.get("class") == "citation":
        place = _place(attributes["data-text"], attributes["data-reference"])
        return f'<a class="citation" href="#{place}" title="{title}">{button["shown"]}</a>'
    return f'<span class="{attributes.get("class", "")}" title="{title}">{button["shown"]}</span>'


def _reference(reference: Reference, answer: Answer, number: int, paper: Paper | None) -> str:
    quotes = dict.fromkeys(one.quote for one in answer.citations if one.number == reference.number and one.quote)
    quoted = "".join(f'<p class="quote">“{escaped(plain_text(quote))}”</p>' for quote in quotes)
    opened = link(paper.url, _OPEN_PAPER) if paper else ""
    return (
        f'<article id="{_place(number, reference.number)}" class="reference"><p><span class="number">'
        f"[{reference.number}]</span> {escaped(plain_reference(reference))} {opened}</p>{quoted}</article>"
    )


def _place(number: int | str, reference: int | str) -> str:
    return f"source-{number}-{reference}"
