"""Whether a text that is pasted into the question box is a listing: those who read listings tell."""

import asyncio
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException

from assistant.ui import labels
from vectorstore.errors import ListingError
from vectorstore.listings.readers import read_listing
from vectorstore.listings.source import MAX_LISTING_MIB

PASTED_PATH = "/pasted"


def pasting() -> APIRouter:
    """Return the address at which the page's script asks about a text. Nothing of it is kept."""
    router = APIRouter()

    @router.post(PASTED_PATH)
    async def said(request: Request) -> dict[str, str]:
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > MAX_LISTING_MIB * 1024 * 1024:
                raise HTTPException(413)
        return {"said": await asyncio.to_thread(said_of_pasted, bytes(content))}

    return router


def said_of_pasted(content: bytes) -> str:
    """Return the sentence that says of a listing what it holds; "" if it is none."""
    try:
        papers = len(read_listing(Path("pasted.txt"), content=content).entries)
    except ListingError:
        return ""
    return labels.PASTED_LISTING.format(labels.counted(papers, "paper"))
