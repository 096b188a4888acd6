"""The library's table of papers as HTML: a page of it, its headers that sort, and what was deleted."""

from collections.abc import Sequence
from datetime import datetime

from assistant.conversations.records import ConversationLine
from assistant.html.mathematics import readable_html
from assistant.html.sanitizing import cleaned, escaped
from assistant.text.plain_text import plain_text
from assistant.ui import labels
from assistant.ui.footers import told_button
from vectorstore.catalogue.paper_table import TablePage, TableRow
from vectorstore.catalogue.removals import Removal
from vectorstore.papers.partial_dates import shown_date

TURNED_BOX = "table-turned"  # what a header or an arrow tells: "title asc 50"
SHELF_BOX = "shelf"  # what is done with papers and listings: "restore 3"
PAGE = 50  # rows
_COLUMNS = (
    ("title", labels.TITLE_COLUMN, "asc"),
    ("author", labels.AUTHORS, "asc"),
    ("published", labels.DATE, "desc"),
    ("category", labels.CATEGORY, "asc"),
    ("score", labels.SCORE, "desc"),
)
_MOST_NAMES = 3
# What is told of papers that were deleted, and of conversations, to bring them back and to delete them for good.
_WAYS = (labels.RESTORE, labels.FORGET)
_ACTS = ("restore", "forget")
_ACTS_OF_CONVERSATIONS = ("undelete", "forget")


def table_html(page: TablePage, *, sort: str, descending: bool, offset: int, is_filtered: bool = True) -> str:
    """Return a page of the table, with how many there are and how to turn over."""
    if not page.total:
        said = labels.NO_PAPER_FITS if is_filtered else labels.EMPTY_LIBRARY
        return cleaned(f'<p class="quiet" role="status">{said}</p>')
    head = "".join(_header(column, label, first, sort=sort, descending=descending) for column, label, first in _COLUMNS)
    rows = "".join(map(_row, page.rows))
    box = f'<th scope="col"><input type="checkbox" class="choose-all" aria-label="{labels.CHOOSE_PAGE}"></th>'
    table = f'<table class="papers"><thead><tr>{box}{head}</tr></thead><tbody>{rows}</tbody></table>'
    return cleaned(f'<div class="table-of-papers">{table}</div>{_turning(page, sort, descending, offset)}')


def _header(column: str, label: str, first: str, *, sort: str, descending: bool) -> str:
    order = "desc" if descending else "asc"
    now = column == sort
    then = ("asc" if descending else "desc") if now else first
    sorted_now = f' aria-sort="{"descending" if descending else "ascending"}"' if now else ""
    arrow = f' <span class="arrow">{"↓" if order == "desc" else "↑"}</span>' if now else ""
    return (
        f'<th scope="col"{sorted_now}>'
        f"{told_button(TURNED_BOX, f'{column} {then} 0', f'{label}{arrow}', kind='sorts')}</th>"
    )


def _row(row: TableRow) -> str:
    title = escaped(plain_text(row.title))
    day = shown_date(row.published, row.precision) if row.published else labels.UNDATED
    inferred = f" <small>{labels.YEAR_INFERRED}</small>" if row.year_inferred else ""
    code = f' <small class="tag">{labels.HAS_CODE}</small>' if row.has_code else ""
    score = f"{row.score:g}" if row.score is not None else ""
    return (
        f'<tr><td><input type="checkbox" class="choose" data-paper="{row.paper_id}"'
        f' aria-label="{labels.CHOOSE}: {title}"></td>'
        f'<td><a href="#library/{row.paper_id}">{readable_html(row.title)}</a>{code}</td>'
        f"<td>{escaped(_by(row))}</td>"
        f'<td class="day">{day}{inferred}</td><td>{escaped(row.category or "")}</td><td class="day">{score}</td></tr>'
    )


def _by(row: TableRow) -> str:
    if not row.authors:
        return row.organization or (labels.counted(row.author_count, "author") if row.author_count else "")
    more = len(row.authors) > _MOST_NAMES or not row.authors_complete
    return ", ".join(row.authors[:_MOST_NAMES]) + (" et al." if more else "")


def _turning(page: TablePage, sort: str, descending: bool, offset: int) -> str:
    last = offset + len(page.rows)
    said = f"{offset + 1:,}–{last:,} {labels.OF} {labels.counted(page.total, 'paper')}"
    order = "desc" if descending else "asc"
    turns = [(labels.PREVIOUS, offset - PAGE, offset > 0), (labels.NEXT, offset + PAGE, last < page.total)]
    buttons = "".join(
        told_button(TURNED_BOX, f"{sort} {order} {max(to, 0)}", label, kind="turn", able=able)
        for label, to, able in turns
    )
    return f'<p class="turning"><span role="status">{said}</span>{buttons}</p>'


def removals_html(removals: Sequence[Removal], conversations: Sequence[ConversationLine]) -> str:
    """Return what was deleted, papers and listings before conversations, newest first, each with the way back."""
    if not (removals or conversations):
        return cleaned(f'<p class="quiet">{labels.NOTHING_DELETED}</p>')
    rows = [
        _removed(
            _what(one), f"{labels.counted(one.papers, 'paper')} · {_time(one.made)}", SHELF_BOX, _ACTS, one.removal_id
        )
        for one in removals
    ]
    rows += [
        _removed(one.title, f"{labels.CONVERSATION} · {_time(one.changed)}", "act", _ACTS_OF_CONVERSATIONS, one.id)
        for one in conversations
    ]
    return cleaned(f'<p class="quiet">{labels.DELETED_LEDE}</p><ul class="found">{"".join(rows)}</ul>')


def _removed(name: str, facts: str, box: str, acts: tuple[str, str], called: object) -> str:
    buttons = (told_button(box, f"{act} {called}", label) for act, label in zip(acts, _WAYS, strict=True))
    return (
        f'<li><strong>{escaped(name)}</strong><p class="facts">{facts}</p><p class="acts">{"".join(buttons)}</p></li>'
    )


def _time(at: datetime) -> str:
    return f"{shown_date(at.date(), 'day')}, {at:%H:%M} UTC"


def _what(removal: Removal) -> str:
    return "; ".join(plain_text(name) for name in removal.names[:_MOST_NAMES]) + (
        f" {labels.AND_MORE.format(len(removal.names) - _MOST_NAMES)}" if len(removal.names) > _MOST_NAMES else ""
    )
