"""The pages that are copied from a browser, or saved by it: how each is told by its lines, and read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from vectorstore.listings.anthology_page import is_anthology, read_anthology
from vectorstore.listings.arxiv_abs import is_arxiv_abs, read_arxiv_abs
from vectorstore.listings.arxiv_email import is_arxiv_email, read_arxiv_email
from vectorstore.listings.arxiv_list import is_arxiv_list, read_arxiv_list
from vectorstore.listings.dblp_page import is_dblp, read_dblp
from vectorstore.listings.hf_daily_page import is_hf_daily, read_hf_daily
from vectorstore.listings.listing_page import Page
from vectorstore.listings.openreview_page import is_openreview, read_openreview
from vectorstore.listings.plain_notes import is_plain_notes, read_plain_notes
from vectorstore.listings.pubmed_text import is_pubmed_text, read_pubmed_text
from vectorstore.listings.scholar_page import is_scholar_page, read_scholar_page
from vectorstore.listings.source import Line


class _Read(Protocol):
    def __call__(self, lines: tuple[Line, ...], *, as_of: date | None) -> Page: ...


@dataclass(frozen=True, slots=True)
class CopiedPage:
    """A page that people copy: its name, how it is told, how it is read."""

    kind: str
    is_one: Callable[[tuple[Line, ...]], bool]
    read: _Read


# Told by what no other page prints, the surest first.
COPIED_PAGES = (
    CopiedPage("arxiv-email", is_arxiv_email, read_arxiv_email),
    CopiedPage("arxiv-list", is_arxiv_list, read_arxiv_list),
    CopiedPage("arxiv-abs", is_arxiv_abs, read_arxiv_abs),
    CopiedPage("openreview", is_openreview, read_openreview),
    CopiedPage("pubmed-text", is_pubmed_text, read_pubmed_text),
    CopiedPage("anthology", is_anthology, read_anthology),
    CopiedPage("dblp", is_dblp, read_dblp),
    CopiedPage("hf-daily", is_hf_daily, read_hf_daily),
    CopiedPage("scholar", is_scholar_page, read_scholar_page),
)
# Told by the forms of paragraphs alone: asked when nothing else recognises the lines.
NOTES = CopiedPage("notes", is_plain_notes, read_plain_notes)
