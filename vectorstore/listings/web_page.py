"""Saved web pages, HTML or MHTML: their text as a browser shows it, line by line, and what they say of themselves.

Nothing of a page is run, and nothing is fetched: scripts, styles and pictures are passed over.
"""

import codecs
import re
from collections import defaultdict
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage

from lxml import etree

from vectorstore.errors import ListingError

_HTML_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body", b"<!-- saved from", b"<meta")
_MHTML = re.compile(
    rb"^(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?content-type:\s*multipart/related", re.IGNORECASE
)
_PARTED = re.compile(rb"^content-type:\s*multipart/", re.IGNORECASE | re.MULTILINE)
_MOST_PARTED = 50
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?\s*([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_START_BYTES = 4_096
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_UNSEEN = frozenset("script style noscript template svg iframe object select option textarea head title".split())
_UNSEEN_CLASSES = ("MJX_Assistive_MathML", "MathJax_Preview")
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details dialog div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody tfoot thead tr ul"
    " button".split()
)
_SHOWN_AS_BLOCK = "d-block"  # Bootstrap's word for it
_CELLS = frozenset(("td", "th"))
_DEEPEST = 2_000  # elements in elements; browsers stop at 512. Each end tag is looked for among all that are open
_SPACE = re.compile(r"[ \t\r\n\f\v]+")


@dataclass(frozen=True, slots=True)
class WebPage:
    """The text of a page, a block a line, and its `<meta>` elements: contents by the name in small letters."""

    text: str
    meta: dict[str, tuple[str, ...]]


def is_web_page(content: bytes) -> bool:
    """Tell HTML by its first element, MHTML by its head."""
    start = content[:_START_BYTES].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\0", b"").lower()
    if start.startswith(b"<?xml"):
        start = start.partition(b"?>")[2].lstrip()
    return start.startswith(_HTML_STARTS) or _MHTML.match(content[:_START_BYTES].replace(b"\r", b"")) is not None


def read_web_page(content: bytes) -> WebPage:
    """Return what a page shows and says of itself. Raises ListingError for MHTML without a page in it."""
    if _MHTML.match(content[:_START_BYTES].replace(b"\r", b"")):
        content = _page_of(content)
    seen = _Seen()
    parser = etree.HTMLParser(target=seen, encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        parser.feed(_decoded(content).replace("\0", "").encode("utf-8", "replace"))
        parser.close()
    except etree.LxmlError as error:
        raise ListingError(f"the web page cannot be read ({error}); save it again.") from error
    return seen.page()


class _Seen:
    """What a parser saw: text between blocks, with a line break before and after each of these."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._meta: defaultdict[str, list[str]] = defaultdict(list)
        self._open = 0  # elements
        self._unseen = 0  # how deep below an element that no browser shows
        self._as_is = 0  # how deep in text whose line breaks are shown

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._open += 1
        if self._open > _DEEPEST:
            raise ListingError(f"the web page has more than {_DEEPEST:,} elements in each other; save its text.")
        if tag == "meta":
            self._meta[_named(attributes)].append(attributes.get("content", "").strip())
        elif self._unseen or tag in _UNSEEN or _is_hidden(attributes):
            self._unseen += tag not in ("br", "hr", "img", "input", "link", "wbr")
            return
        self._as_is += tag == "pre"
        self._break("div" if _SHOWN_AS_BLOCK in attributes.get("class", "") else tag)

    def end(self, tag: str) -> None:
        self._open -= 1
        if self._unseen:
            self._unseen -= tag not in ("br", "hr", "img", "input", "link", "wbr", "meta")
            return
        self._as_is -= tag == "pre"
        self._break(tag)

    def data(self, text: str) -> None:
        if not self._unseen:
            self._text.append(text if self._as_is else _SPACE.sub(" ", text))

    def close(self) -> None:
        """Lxml wants it."""

    def page(self) -> WebPage:
        lines = (re.sub(r" {2,}", " ", line).strip(" ") for line in "".join(self._text).split("\n"))
        text = "\n".join(line for line in lines if line.strip())
        return WebPage(text, {name: tuple(filter(None, contents)) for name, contents in self._meta.items() if name})

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._text.append("\n")
        elif tag in _CELLS:
            self._text.append("\t")


def _named(attributes: dict[str, str]) -> str:
    return (attributes.get("name") or attributes.get("property") or "").strip().lower()


def _is_hidden(attributes: dict[str, str]) -> bool:
    style = attributes.get("style", "").replace(" ", "").lower()
    classes = attributes.get("class", "")
    return "hidden" in attributes or "display:none" in style or any(name in classes for name in _UNSEEN_CLASSES)


def _decoded(content: bytes) -> str:
    """Return the text of HTML: as its mark says, as UTF-8, as it says itself, else as Windows-1252."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    declared = _CHARSET.search(content[:_START_BYTES])
    for encoding in ("utf-8", declared[1].decode() if declared else "utf-8"):
        try:
            return content.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return content.decode("cp1252", "replace")


def _page_of(content: bytes) -> bytes:
    """Return the HTML of an MHTML file, its first part that is some."""
    if len(_PARTED.findall(content)) > _MOST_PARTED:
        raise ListingError("the MHTML file has parts within parts without end; save the page again.")
    try:
        message = message_from_bytes(content, policy=policy.default)
        for part in message.walk():
            if part.get_content_type() in ("text/html", "application/xhtml+xml") and isinstance(part, EmailMessage):
                charset = str(part.get_content_charset() or "utf-8")
                body = part.get_payload(decode=True)
                return _as_utf8(body if isinstance(body, bytes) else b"", charset)
    except (MessageError, ValueError, LookupError, RecursionError, TypeError, AttributeError) as error:
        raise ListingError(f"the MHTML file cannot be read ({error}); save the page again.") from error
    raise ListingError("the MHTML file has no web page in it; save the page again.")


def _as_utf8(body: bytes, charset: str) -> bytes:
    try:
        return body.decode(charset).encode()
    except (UnicodeError, LookupError):
        return body
