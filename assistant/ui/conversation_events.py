"""What can be done with conversations: opened, searched, changed, limited, stopped, deleted and taken back."""

from collections.abc import AsyncIterator

import gradio as gr

from assistant.conversations.limits import Limits
from assistant.ui import labels
from assistant.ui.chats import Chats
from assistant.ui.conversation_list import toast_html
from assistant.ui.gradio_parts import EACH, FOLLOWED, QUIET, Updates, named_in_address, said_in
from assistant.ui.layout import Panels
from assistant.ui.limits_panel import (
    authors_meant,
    limits_html,
    limits_offered,
    limits_set,
    limits_shown,
    listings_meant,
    names_shown,
    with_listing,
    without_limit,
)
from assistant.ui.live_updates import Following
from assistant.ui.tab import Tab

_OF_DELETED = ("delete", "undelete", "forget")
_RATINGS = {"1": 1, "0": 0, "-1": -1}
_LONGEST_REASON, _LONGEST_TITLE = 1000, 120  # characters


def wire_conversations(page: gr.Blocks, chats: Chats, panels: Panels) -> None:
    """Open, begin and change conversations."""
    boxes, side, limits = panels.boxes, panels.side, panels.chat.limits
    following = Following(chats, panels)
    catalogue = chats.assistant.library.catalogue

    async def open_it(said: str, tab: Tab, called: str) -> AsyncIterator[Updates]:
        async for updates in following.after(tab, called, lambda: following.opened(tab, said_in(said))):
            yield updates

    async def act(said: str, tab: Tab, called: str) -> AsyncIterator[Updates]:
        what, _, which = said_in(said).partition(" ")
        async for updates in following.after(tab, called, lambda: _acted(following, tab, what, which)):
            yield updates

    async def first(tab: Tab, called: str) -> AsyncIterator[Updates]:
        def do() -> Updates:
            return {side.conversations: tab.listed(chats), **limits_offered(limits, catalogue)}

        async for updates in following.after(tab, called, do):
            yield updates

    def search(words: str, tab: Tab) -> str:
        tab.words = words
        return tab.listed(chats)

    where, parts = [boxes.tab, boxes.conversation], following.parts
    boxes.opened.change(open_it, [boxes.opened, *where], parts, **FOLLOWED)
    boxes.act.change(act, [boxes.act, *where], [*parts, panels.library.removals], **FOLLOWED)
    page.load(first, where, [*parts, limits.listings, limits.authors], **FOLLOWED)
    page.load(None, None, boxes.opened, js=named_in_address("ask"), **QUIET)  # whose change opens the conversation
    side.words.change(search, [side.words, boxes.tab], side.conversations, trigger_mode="always_last", **QUIET)
    _wire_limits(chats, panels, following)


def _acted(following: Following, tab: Tab, what: str, which: str) -> Updates:
    """Do what was clicked; return what changes on the page."""
    chats, panels = following.chats, following.panels
    called, _, rest = which.partition(" ")
    if what in ("limit", "unlimit"):
        return _limited(following, tab, what, which)
    if what == "about":
        return following.opened(tab, chats.history.begin(Limits(paper_ids=tuple(which.split()))))
    if what == "version":
        chats.history.show(called)
        return {panels.chat.placed: chats.placed_html([called])}
    if what == "above":
        return {panels.chat.placed: chats.earlier_html(called, rest)}
    if what == "take-back":
        return {panels.chat.question: chats.running.take_back(called, rest)}
    toast = _done(chats, what, called, rest)
    updates = following.opened(tab, "") if what == "delete" and called == tab.conversation_id else {}
    return {
        **updates,
        panels.side.conversations: tab.listed(chats),
        **({panels.library.removals: chats.removals_html()} if what in _OF_DELETED else {}),
        **({} if toast is None else {panels.boxes.toast: toast}),
    }


def _done(chats: Chats, what: str, called: str, rest: str) -> str | None:
    """Do what was clicked; return the line that says so as HTML, None if none needs saying."""
    history = chats.history
    if what == "delete":
        chats.running.drop(called)
        history.delete(called)
        return toast_html(labels.CONVERSATION_DELETED, f"undelete {called}")
    if what == "undelete":
        history.undelete(called)
        return toast_html(labels.CONVERSATION_RESTORED)
    if what == "forget":
        history.forget(called)
        return toast_html(labels.CONVERSATION_FORGOTTEN)
    if what == "stop":
        chats.stop(called)
    elif what in ("pin", "unpin"):
        history.pin(called, what == "pin")
    elif what == "rename":
        history.rename(called, rest[:_LONGEST_TITLE])
    elif what == "rate":
        value, _, reason = rest.partition(" ")
        if value in _RATINGS:
            history.rate(called, _RATINGS[value], reason.strip()[:_LONGEST_REASON])
    return None


# -- limits


def _limited(following: Following, tab: Tab, what: str, which: str) -> Updates:
    """Limit the conversation that is shown to a listing as well, or take one of its limits away."""
    chats, controls = following.chats, following.panels.chat.limits
    called = chats.going_on(tab.conversation_id)
    before = chats.limits(called)
    chats.history.limit(called, with_listing(before, which) if what == "limit" else without_limit(before, which))
    shown = limits_shown(controls, chats.limits(called), chats.assistant.library)
    return {**following.gone_on(tab, called), **shown, **_offered_anew(following, called)}


def _offered_anew(following: Following, conversation_id: str) -> Updates:
    """Draw the last exchange again: what is offered to go on with lies within other limits now."""
    last = following.chats.history.shown_ids(conversation_id)[-1:]
    return {following.panels.chat.placed: following.chats.placed_html(last)} if last else {}


def _wire_limits(chats: Chats, panels: Panels, following: Following) -> None:
    """Limit the conversation that is shown; a new one begins with it."""
    boxes, controls = panels.boxes, panels.chat.limits
    library = chats.assistant.library
    nothing: Updates = {controls.chips: gr.skip()}

    def limit(tab: Tab, called: str, listings: list[str], authors: list[str], since: str, until: str) -> Updates:
        tab.recall(chats, called)
        if called and called != tab.conversation_id:  # what was left for another conversation
            return nothing
        before = chats.limits(tab.conversation_id)
        of, problem = listings_meant(listings, before, library.catalogue)
        by, unknown = authors_meant(authors, before, library.catalogue, chats.assistant.vocabulary().people)
        wanted = limits_set(before, of, by, since, until)
        named = {} if [of, by] == [listings, authors] else names_shown(controls, wanted, library.catalogue)
        if problem or unknown:
            named[boxes.toast] = toast_html(problem or unknown)
        if wanted == before:  # a year was left as it was: no conversation begins with that
            return {controls.chips: limits_html(before, library), **named}
        called = chats.going_on(tab.conversation_id)
        chats.history.limit(called, wanted)
        shown = following.gone_on(tab, called)
        chips = {controls.chips: limits_html(chats.limits(called), library)}
        return {**shown, **chips, **named, **_offered_anew(following, called)}

    # A name that Enter takes as it is typed is selected before it stands among the others; what is chosen of what is
    # offered is an input as well.

    def listing_typed(
        tab: Tab, called: str, of: list[str], by: list[str], since: str, until: str, chosen: gr.SelectData
    ) -> Updates:
        return limit(tab, called, [*of, str(chosen.value)], by, since, until) if _is_typed(chosen) else nothing

    def author_typed(
        tab: Tab, called: str, of: list[str], by: list[str], since: str, until: str, chosen: gr.SelectData
    ) -> Updates:
        return limit(tab, called, of, [*by, str(chosen.value)], since, until) if _is_typed(chosen) else nothing

    years = (controls.since, controls.until)  # whose change would be the server's as well
    typed = [event for year in years for event in (year.input, year.blur, year.submit)]
    # What is cleared is no input to Gradio: it is seen when the box is left.
    picked = [event for one in (controls.listings, controls.authors) for event in (one.input, one.blur)]
    given = [boxes.tab, boxes.conversation, *controls.values]
    gr.on([*picked, *typed], limit, given, following.parts, trigger_mode="always_last", **QUIET)
    for one, handler in ((controls.listings, listing_typed), (controls.authors, author_typed)):
        one.select(handler, given, following.parts, **EACH)


def _is_typed(chosen: gr.SelectData) -> bool:
    """Tell a name that was typed from one that the box offers, of which Gradio gives the place, and from one that is
    taken out."""
    return chosen.selected and chosen.index == -1
