"""The conversations at the left: pinned ones, then by day, each a link with what can be done with it."""

import time
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from assistant.conversations.records import ConversationLine
from assistant.html.sanitizing import cleaned, escaped
from assistant.ui import labels
from assistant.ui.footers import menu_html, told_button

_MOST_SHOWN = 100  # the search finds the others
_DAYS_RECENT = 7
_EXPORTS = (("md", labels.MARKDOWN), ("html", labels.HTML), ("json", labels.JSON))


def conversations_html(
    lines: Sequence[ConversationLine],
    *,
    words: str = "",
    running: Collection[str] = (),
    today: date | None = None,
) -> str:
    """Return the conversations, as they are sorted, under their days; `words` are what they were searched for.

    In those that are `running` an answer is being written.
    """
    if not lines:
        said = labels.NO_CONVERSATION_HAS if words.strip() else labels.NO_CONVERSATIONS
        return cleaned(f'<p class="quiet">{said}</p>')
    now = today or datetime.now(UTC).astimezone().date()
    groups = groupby(lines[:_MOST_SHOWN], key=lambda line: labels.PINNED if line.pinned else _day(line, now))
    body = "".join(
        f'<h4 class="section">{group}</h4>'
        f'<ul class="conversations">{"".join(_row(line, now, line.id in running) for line in some)}</ul>'
        for group, some in groups
    )
    more = len(lines) - _MOST_SHOWN
    return cleaned(body + (f'<p class="quiet">{labels.MORE_CONVERSATIONS.format(more)}</p>' if more > 0 else ""))


def _day(line: ConversationLine, now: date) -> str:
    days = (now - line.changed.astimezone().date()) // timedelta(days=1)
    if days <= 0:
        return labels.TODAY
    return labels.THIS_WEEK if days < _DAYS_RECENT else labels.EARLIER_DAYS


def _when(line: ConversationLine, now: date) -> str:
    """Return when a conversation was last gone on with: "14:05" of today, else "3 May", with the year of another."""
    changed = line.changed.astimezone()
    if changed.date() >= now:
        return f"{changed:%H:%M}"
    return f"{changed.day} {changed:%b}" + (f" {changed.year}" if changed.year != now.year else "")


def _row(line: ConversationLine, now: date, is_running: bool) -> str:
    called, title = escaped(line.id), escaped(line.title)
    dot = f'<span class="running" role="img" aria-label="{labels.BEING_ANSWERED}"></span>' if is_running else ""
    when = f'<span class="when">{_when(line, now)}</span>'
    acts = menu_html("⋯", list(_acts(line, is_running)), said=f"{labels.ACTIONS}: {line.title}", kind="menu more")
    link = f'<a href="#ask/{called}" title="{title}">{title}</a>'
    return f'<li data-conversation="{called}">{link}{dot}{when}{acts}</li>'


def _acts(line: ConversationLine, is_running: bool) -> Iterator[str]:
    called = escaped(line.id)
    if is_running:
        yield f'<button type="button" data-act="stop {called}">{labels.STOP}</button>'
    pin = ("unpin", labels.UNPIN) if line.pinned else ("pin", labels.PIN)
    for act, label in (pin, ("delete", labels.DELETE)):
        yield f'<button type="button" data-act="{act} {called}">{label}</button>'
        if act != "delete":
            yield f'<button type="button" data-rename="{called}">{labels.RENAME}</button>'
            for kind, name in _EXPORTS:
                yield f'<a href="/conversations/{called}.{kind}" download>{labels.EXPORT} {name}</a>'


def toast_html(text: str, undo: str = "", box: str = "act") -> str:
    """Return a line that says what was just done; `undo`, told to a box, takes it back."""
    button = told_button(box, undo, labels.UNDO) if undo else ""
    close = f'<button type="button" class="dismiss" aria-label="{labels.CLOSE}">×</button>'
    # The page takes it away after a while: the same words again must count as new.
    said = f'<p class="toast" role="status" data-said="{time.monotonic_ns()}">{escaped(text)} {button}{close}</p>'
    return cleaned(said) if text else ""
