"""What can be taken away from the page under an address of its own: answers, conversations, the .bib of a paper."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException

from assistant.manuscripts.bibliography import bibtex
from assistant.ui.asking import Chats


def downloads(chats: Chats) -> APIRouter:
    """Return the addresses."""
    router = APIRouter()
    catalogue = chats.assistant.library.catalogue

    @router.get("/papers/{paper_id}.bib")
    def paper_bib(paper_id: str) -> PlainTextResponse:
        papers = catalogue.papers([paper_id])
        if not papers:
            raise HTTPException(404)
        return PlainTextResponse(bibtex(papers, catalogue.citation_keys([paper_id])))

    return router
