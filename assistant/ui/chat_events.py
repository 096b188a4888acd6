"""What happens in the chat: asking, stopping and asking again."""

from collections.abc import AsyncIterator

import gradio as gr

from assistant.models.providers import LOCAL
from assistant.ui import labels
from assistant.ui.chats import Chats
from assistant.ui.gradio_parts import FOLLOWED, Updates, said_in
from assistant.ui.layout import Panels
from assistant.ui.live_updates import Following
from assistant.ui.model_picker import Keys, Pick, picked
from assistant.ui.tab import Tab


def wire_chat(chats: Chats, panels: Panels) -> None:
    """Ask on Enter, Send, the examples and the buttons of an exchange; stop."""
    boxes, chat, picker = panels.boxes, panels.chat, panels.picker
    following = Following(chats, panels)

    async def ask(
        question: str, edited: str, tab: Tab, called: str, kind: str, name: str, keys: Keys, strict: bool
    ) -> AsyncIterator[Updates]:
        def do() -> Updates:
            model = picked(kind, name, keys)
            at = chats.ask(tab.conversation_id, question, model=model, strict=strict, edited=edited)
            return {**following.gone_on(tab, at), chat.question: "", boxes.edited: ""}

        async for updates in following.after(tab, called, do if question.strip() else dict):
            yield updates

    async def repeat(
        said: str, tab: Tab, called: str, kind: str, name: str, keys: Keys, strict: bool
    ) -> AsyncIterator[Updates]:
        what, _, which = said_in(said).partition(" ")

        def do() -> Updates:
            model = Pick(LOCAL) if what == "local" else picked(kind, name, keys)
            at = _repeated(chats, what, which, tab.conversation_id, model=model, strict=strict)
            kept = {picker.kind: labels.LOCAL_MODEL} if what == "local" else {}
            return {**following.gone_on(tab, at), **kept}

        async for updates in following.after(tab, called, do):
            yield updates

    async def stop(tab: Tab, called: str) -> AsyncIterator[Updates]:
        def do() -> Updates:
            chats.stop(tab.conversation_id)
            return {}

        async for updates in following.after(tab, called, do):
            yield updates

    where = [boxes.tab, boxes.conversation]
    model = [*picker.picked, picker.strict]
    changed = [*following.parts, picker.kind]
    asked = [boxes.edited, *where, *model]
    gr.on([chat.question.submit, chat.send.click], ask, [chat.question, *asked], changed, **FOLLOWED)
    for example in chat.welcome.examples:
        example.click(ask, [example, *asked], changed, **FOLLOWED)
    boxes.repeat.change(repeat, [boxes.repeat, *where, *model], changed, **FOLLOWED)
    chat.stop.click(stop, where, changed, **FOLLOWED)


def _repeated(chats: Chats, what: str, which: str, conversation_id: str, *, model: Pick, strict: bool) -> str:
    """Ask something again; return the conversation that it is asked in."""
    exchange_id, _, chip = which.partition(" ")
    if what == "without" and chip.isdecimal():
        return chats.ask_without(conversation_id, exchange_id, int(chip), model=model, strict=strict)
    if what == "judge":
        return chats.judge(conversation_id, exchange_id, keys=model.keys)
    return chats.ask_again(conversation_id, exchange_id, model=model, strict=strict)
