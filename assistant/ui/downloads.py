"""What can be taken away from the page under an address of its own: answers, conversations, the .bib of a paper."""

from collections.abc import Callable
from functools import partial
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException

from assistant.answering.answer_bibtex import references_bibliography
from assistant.answering.answer_latex import answer_latex
from assistant.answering.answer_markdown import answer_markdown, answer_plain
from assistant.conversations.exports import as_json, as_markdown
from assistant.conversations.html_export import as_html
from assistant.conversations.records import StoredConversation
from assistant.manuscripts.bib_format import BibFormat
from assistant.manuscripts.bibliography_formats import bibliography
from assistant.records import Answer
from assistant.ui.chats import Chats
from assistant.ui.footers import slug
from vectorstore.catalogue.catalogue import Catalogue

# What a conversation can be taken away as: by the ending of its address, how it is made, and its media type.
_WHOLE: dict[str, tuple[Callable[[StoredConversation, Catalogue], str], str]] = {
    "md": (as_markdown, "text/markdown"),
    "html": (as_html, "text/html"),
    "json": (as_json, "application/json"),
}

# What papers can be taken away as, by the ending of the address.
_BIBLIOGRAPHIES = {"bib": BibFormat.BIBTEX, "ris": BibFormat.RIS, "json": BibFormat.CSL_JSON}


def downloads(chats: Chats) -> APIRouter:
    """Return the addresses."""
    router = APIRouter()
    catalogue = chats.assistant.library.catalogue
    answers: dict[str, Callable[[Answer], str]] = {
        "md": answer_markdown,
        "tex": partial(answer_latex, natbib=chats.assistant.settings.natbib),
        "txt": answer_plain,
    }

    @router.get("/exchanges/{exchange_id}.{kind}")
    def answer_as(exchange_id: str, kind: str) -> PlainTextResponse:
        exchange = chats.history.exchange(exchange_id)
        if exchange is None or exchange.answer is None or kind not in {**answers, **_BIBLIOGRAPHIES}:
            raise HTTPException(404)
        if bib_format := _BIBLIOGRAPHIES.get(kind):
            return PlainTextResponse(references_bibliography(exchange.answer.references, catalogue, bib_format))
        return PlainTextResponse(answers[kind](exchange.answer))

    @router.get("/conversations/{conversation_id}.{kind}")
    def conversation_as(conversation_id: str, kind: str) -> Response:
        conversation = chats.history.conversation(conversation_id)
        if conversation is None or kind not in _WHOLE:
            raise HTTPException(404)
        made, media_type = _WHOLE[kind]
        name = quote(f"{slug(conversation.title)}.{kind}")
        # Never shown in place of the page: it is saved.
        return Response(
            made(conversation, catalogue),
            media_type=media_type,
            headers={"Content-Disposition": f"attachment; filename={name}"},
        )

    @router.get("/papers/{paper_id}.{kind}")
    def paper_as(paper_id: str, kind: str) -> PlainTextResponse:
        papers = catalogue.papers([paper_id])
        if not papers or kind not in _BIBLIOGRAPHIES:
            raise HTTPException(404)
        keys = catalogue.citation_keys([paper_id])
        return PlainTextResponse(bibliography(papers, keys, _BIBLIOGRAPHIES[kind]))

    return router
