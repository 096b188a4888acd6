"""Text -> HTML that is safe to show. Titles, abstracts, questions, file names and a model's words are all hostile.

Whatever is shown is escaped where it is put into a tag, and the result passes the allow-list of `cleaned`: a forgotten
escape is then a wrong letter, not a script.
"""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlsplit

import nh3

_TEXT_TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "code",
    "pre",
    "ul",
    "h3",
    "h4",
    "table",
    "thead",
    "tbody",
    "tr",
}
_PAGE_TAGS = {"small", "header", "footer", "details", "td", "dl", "dt", "dd"}
ALLOWED_ATTRIBUTES: Mapping[str, set[str]] = {
    "*": {"class", "title"},
    "a": {"href", "target", "download", "aria-label", "data-box", "data-value"},
    "ol": {"start"},
    "button": {
        "type",
        "data-text",
        "data-reference",
        "data-quotes",
        "data-box",
        "data-value",
        "data-act",
        "data-copy",
        "data-fetch",
        "data-file",
        "data-question",
        "data-send",
        "data-edit",
        "data-rate",
        "data-rename",
        "data-done",
        "data-folds",
        "disabled",
        "aria-label",
        "aria-pressed",
        "aria-expanded",
    },
    "mark": {"data-quotes"},
    "h2": {"data-author"},
    "article": {
        "id",
        "tabindex",
        "aria-label",
        "data-exchange",
        "data-conversation",
        "data-state",
        "data-place",
        "data-reference",
    },
    "section": {"aria-label", "data-text"},
    "summary": {"aria-label"},
    "li": {"data-conversation"},
    "input": {"type", "value", "aria-label", "data-paper", "data-listing", "checked"},
    "th": {"scope", "aria-sort"},
    "nav": {"aria-label"},
    "progress": {"value", "max", "aria-label"},
    "p": {"role", "data-said"},
    "div": {"role", "aria-label"},
    "span": {"role", "aria-label", "data-tex"},
}
ALLOWED_TAGS = _TEXT_TAGS | _PAGE_TAGS | (ALLOWED_ATTRIBUTES.keys() - {"*"})


def escaped(text: str) -> str:
    """Return text as HTML, in an attribute as well as between tags."""
    return escape(text, quote=True)


def cleaned(html: str) -> str:
    """Return HTML without any tag, attribute or address that is not on the list."""
    return nh3.clean(
        html,
        tags=set(ALLOWED_TAGS),
        attributes={tag: set(names) for tag, names in ALLOWED_ATTRIBUTES.items()},
        url_schemes={"http", "https"},
        link_rel="noopener noreferrer",
    )


def link(url: str | None, text: str) -> str:
    """Return a link to a http(s) address that opens in a new tab, or nothing for any other address."""
    if not url or any(character.isspace() or not character.isprintable() for character in url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return f'<a href="{escaped(url)}" target="_blank">{escaped(text)}</a>'
