"""What happens in the chat: asking, stopping, asking again, and what can be done with conversations."""

from collections.abc import Iterator

import gradio as gr

from assistant.conversations.limits import Limits
from assistant.models.choices import LOCAL
from assistant.ui import labels
from assistant.ui.asking import Chats
from assistant.ui.conversation_list import conversations_html, toast_html
from assistant.ui.gradio_parts import EACH, QUIET, WRITING, Updates, named_in_address, said_in
from assistant.ui.layout import Panels
from assistant.ui.limits_panel import limits_html, limits_offered, limits_set, limits_shown, with_listing, without_limit
from assistant.ui.model_picker import Keys, Pick, picked
from assistant.ui.transcript import Exchange
from vectorstore.errors import AssistantError

_RATINGS = {"1": 1, "0": 0, "-1": -1}
_LONGEST_REASON, _LONGEST_TITLE = 1000, 120  # characters


def wire_chat(page: gr.Blocks, chats: Chats, panels: Panels) -> None:
    """Ask on Enter, Send, the examples and the buttons of an exchange; stop; open, begin and change conversations."""
    _wire_asking(chats, panels)
    _wire_conversations(page, chats, panels)
    _wire_limits(chats, panels)


# -- asking


def _wire_asking(chats: Chats, panels: Panels) -> None:
    boxes, chat = panels.boxes, panels.chat
    changed = [
        *(chat.transcript, chat.live, chat.welcome.whole, chat.question, chat.send, chat.stop, chat.ask_local),
        *(boxes.conversation, boxes.edited, panels.side.conversations),
    ]

    def ask(
        question: str, edited: str, called: str, kind: str, name: str, keys: Keys, strict: bool
    ) -> Iterator[Updates]:
        yield {chat.live: ""}  # a generator that yields nothing would empty the buttons
        if question.strip():
            model = picked(kind, name, keys)
            steps = chats.asked(called, question, model=model, strict=strict, edited=edited)
            yield from _growing(chats, panels, steps, called, model, anew=bool(edited))

    def ask_local(called: str, strict: bool) -> Iterator[Updates]:
        last, local = chats.last(called), Pick(LOCAL)
        yield {chat.live: ""}
        if last:
            steps = chats.asked(called, last.question, model=local, strict=strict, edited=last.exchange_id)
            yield from _growing(chats, panels, steps, called, local, anew=True)

    def repeat(said: str, called: str, kind: str, name: str, keys: Keys, strict: bool) -> Iterator[Updates]:
        act, _, which = said_in(said).partition(" ")
        exchange_id, _, chip = which.partition(" ")
        model = picked(kind, name, keys)
        yield {chat.live: ""}
        if act == "without" and chip.isdecimal():
            steps = chats.asked_without(called, exchange_id, int(chip), model=model, strict=strict)
            yield from _growing(chats, panels, steps, called, model)
        elif act == "again":
            steps = chats.asked_again(called, exchange_id, model=model, strict=strict)
            yield from _growing(chats, panels, steps, called, model, anew=True)
        elif act == "judge":
            yield from _growing(chats, panels, chats.judged(called, exchange_id, keys=keys), called, model)

    def stop(called: str) -> Updates:
        exchange = chats.stop(called)
        shown = {chat.live: chats.exchange_html(exchange)} if exchange else {}
        return {**_at_rest(panels), **shown, panels.side.conversations: _listed(chats)}

    model = [*panels.picker.picked, panels.picker.strict]
    state = [boxes.edited, boxes.conversation, *model]
    asking = [gr.on([chat.question.submit, chat.send.click], ask, [chat.question, *state], changed, **WRITING)]
    asking += [example.click(ask, [example, *state], changed, **WRITING) for example in chat.welcome.examples]
    asking.append(boxes.repeat.change(repeat, [boxes.repeat, boxes.conversation, *model], changed, **WRITING))
    switched = chat.ask_local.click(lambda: labels.LOCAL_MODEL, None, panels.picker.kind, **QUIET)
    asking.append(switched.then(ask_local, [boxes.conversation, panels.picker.strict], changed, **WRITING))
    chat.stop.click(stop, boxes.conversation, changed, cancels=asking, **QUIET)


def _growing(
    chats: Chats, panels: Panels, steps: Iterator[Exchange], called: str, model: Pick, *, anew: bool = False
) -> Iterator[Updates]:
    """Yield what changes: the question, then the growing answer alone, then what stands around it.

    `called` is the conversation that is shown; with `anew` an exchange of it is gone.
    """
    exchange = next(steps, None)
    if exchange is None:
        return
    chat, boxes = panels.chat, panels.boxes
    yield {
        chat.live: chats.exchange_html(exchange),
        chat.welcome.whole: gr.Group(visible=False),
        chat.question: "",
        chat.send: gr.Button(visible=False),
        chat.stop: gr.Button(visible=True),
        chat.ask_local: gr.Button(visible=False),
        boxes.conversation: exchange.conversation_id,
        boxes.edited: "",
        **({chat.transcript: chats.transcript_html(exchange.conversation_id)} if anew else {}),
    }
    for exchange in steps:
        if not exchange.is_over:
            yield {chat.live: chats.exchange_html(exchange)}
    if exchange.stopped:  # what the page shows then is the business of whoever stopped it
        return
    settled = {**_at_rest(panels), chat.live: chats.exchange_html(exchange), panels.side.conversations: _listed(chats)}
    if exchange.problem:  # the question is not lost: it can be mended and sent again
        settled[chat.question] = exchange.question
        settled[chat.ask_local] = gr.Button(visible=model.name != LOCAL)
    yield settled


def _at_rest(panels: Panels) -> Updates:
    """Return the buttons as they are while nothing is being answered."""
    chat = panels.chat
    return {
        chat.send: gr.Button(visible=True),
        chat.stop: gr.Button(visible=False),
        chat.ask_local: gr.Button(visible=False),
    }


# -- conversations


def _wire_conversations(page: gr.Blocks, chats: Chats, panels: Panels) -> None:
    boxes, chat, side = panels.boxes, panels.chat, panels.side
    limits, catalogue = panels.chat.limits, chats.assistant.library.catalogue
    shown = [
        *(chat.transcript, chat.live, chat.welcome.whole, chat.question, chat.send, chat.stop, chat.ask_local),
        *(boxes.conversation, boxes.edited, boxes.toast, side.conversations, limits.chips, *limits.values),
    ]

    def open_it(said: str) -> Updates:
        return _opened(chats, panels, said_in(said))

    def act(said: str, called: str, words: str) -> Updates:
        what, _, which = said_in(said).partition(" ")
        if what in ("limit", "unlimit"):
            called, before = chats.going_on(called), chats.limits(called)
            after = with_listing(before, which) if what == "limit" else without_limit(before, which)
            chats.history.limit(called, after)
            return {**limits_shown(limits, chats.limits(called), catalogue), boxes.conversation: called}
        if what == "about":
            return _opened(chats, panels, chats.history.begin(Limits(paper_ids=tuple(which.split()))))
        try:
            toast = _done(chats, what, which)
        except AssistantError as error:
            toast = toast_html(str(error))
        updates = {side.conversations: _listed(chats, words), **({boxes.toast: toast} if toast is not None else {})}
        return {**updates, **(_opened(chats, panels, "") if what == "delete" and which == called else {})}

    boxes.opened.change(open_it, boxes.opened, shown, **QUIET)
    boxes.act.change(act, [boxes.act, boxes.conversation, side.words], shown, **EACH)

    def first() -> Updates:
        return {side.conversations: _listed(chats), **limits_offered(limits, catalogue)}

    page.load(first, None, [side.conversations, limits.listings, limits.authors], **QUIET)
    page.load(None, None, boxes.opened, js=named_in_address("ask"), **QUIET)  # whose change opens the conversation
    side.words.change(
        lambda words: _listed(chats, words), side.words, side.conversations, trigger_mode="always_last", **QUIET
    )


def _opened(chats: Chats, panels: Panels, called: str) -> Updates:
    """Return the page with a conversation, or with a new one."""
    chat, boxes = panels.chat, panels.boxes
    conversation = chats.history.conversation(called) if called else None
    called = conversation.id if conversation else ""
    live = chats.live.get(called)
    return {
        **_at_rest(panels),
        chat.transcript: chats.transcript_html(called),
        chat.live: chats.exchange_html(live) if live else "",
        chat.welcome.whole: gr.Group(visible=not (conversation and conversation.exchanges)),
        chat.question: "",
        chat.stop: gr.Button(visible=live is not None),
        chat.send: gr.Button(visible=live is None),
        boxes.conversation: called,
        boxes.edited: "",
        **limits_shown(chat.limits, chats.limits(called), chats.assistant.library.catalogue),
    }


def _done(chats: Chats, what: str, which: str) -> str | None:
    """Do what was clicked; return the line that says so as HTML, None if none needs saying."""
    called, _, rest = which.partition(" ")
    history = chats.history
    if what == "delete":
        chats.stop(called)
        history.delete(called)
        return toast_html(labels.CONVERSATION_DELETED, f"undelete {called}")
    if what == "undelete":
        history.undelete(called)
        return ""
    if what in ("pin", "unpin"):
        history.pin(called, what == "pin")
    elif what == "rename":
        history.rename(called, rest[:_LONGEST_TITLE])
    elif what == "rate":
        _rate(chats, called, *rest.partition(" ")[::2])
    return None


def _rate(chats: Chats, exchange_id: str, value: str, reason: str) -> None:
    if value in _RATINGS:
        chats.history.rate(exchange_id, _RATINGS[value], reason.strip()[:_LONGEST_REASON])


def _listed(chats: Chats, words: str = "") -> str:
    return conversations_html(chats.history.conversations(words), words=words)


# -- limits


def _wire_limits(chats: Chats, panels: Panels) -> None:
    """Limit the conversation that is shown; a new one begins with it."""
    boxes, controls = panels.boxes, panels.chat.limits

    def limit(called: str, listings: list[str], authors: list[str], since: str, until: str) -> Updates:
        before = chats.limits(called)
        wanted = limits_set(before, listings, authors, since, until)
        if wanted == before:  # a year was left as it was: no conversation begins with that
            return {controls.chips: limits_html(before, chats.assistant.library.catalogue)}
        called = chats.going_on(called)
        chats.history.limit(called, wanted)
        shown = limits_shown(controls, chats.limits(called), chats.assistant.library.catalogue)
        return {boxes.conversation: called, controls.chips: shown[controls.chips]}

    years = (controls.since, controls.until)  # whose change would be the server's as well
    typed = [event for year in years for event in (year.input, year.blur, year.submit)]
    changed = [controls.listings.input, controls.authors.input, *typed]
    gr.on(
        changed,
        limit,
        [boxes.conversation, *controls.values],
        [boxes.conversation, controls.chips],
        trigger_mode="always_last",
        **QUIET,
    )
