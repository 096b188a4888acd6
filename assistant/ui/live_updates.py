"""Draws in a tab what was done there, and goes on with what changes, for as long as anything runs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import gradio as gr
from gradio.components import Component

from assistant.ui import labels
from assistant.ui.chats import Chats
from assistant.ui.conversation_list import toast_html
from assistant.ui.gradio_parts import Updates
from assistant.ui.layout import Panels
from assistant.ui.limits_panel import limits_shown
from assistant.ui.tab import Drawn, Tab
from vectorstore.errors import AssistantError

_SECONDS_BETWEEN_LOOKS = 0.05  # a reader sees no difference, and a fast model does not flood the browser


@dataclass(frozen=True, slots=True)
class Following:
    """The parts of the page that follow what a tab shows."""

    chats: Chats
    panels: Panels

    @property
    def parts(self) -> list[Component]:
        """The components that may be changed."""
        boxes, chat, side = self.panels.boxes, self.panels.chat, self.panels.side
        limits = (chat.limits.chips, *chat.limits.values)
        return [
            *self._named.values(),
            boxes.conversation,
            boxes.edited,
            boxes.toast,
            chat.question,
            side.words,
            *limits,
        ]

    async def after(self, tab: Tab, shown: str, do: Callable[[], Updates]) -> AsyncIterator[Updates]:
        """Do something in a tab, which itself says what is `shown` there; yield what changes by that, and later on."""
        async with tab.drawing:
            turn = await asyncio.to_thread(tab.take_turn, self.chats, shown)
            yield await asyncio.to_thread(self._first, tab, do)
        while tab.turn == turn and not tab.is_at_rest(self.chats):
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            async with tab.drawing:
                if tab.turn == turn and (drawn := await asyncio.to_thread(tab.changes, self.chats)):
                    yield self._updates(drawn)
        # Gradio sends the last values once more when a run ends, perhaps after those of the run that took the turn.
        yield self._nothing

    def opened(self, tab: Tab, conversation_id: str) -> Updates:
        """Show a conversation, or a new one."""
        boxes, chat = self.panels.boxes, self.panels.chat
        drawn = tab.open(self.chats, conversation_id)
        limits = limits_shown(chat.limits, self.chats.limits(tab.conversation_id), self.chats.assistant.library)
        is_missing = bool(conversation_id) and not tab.conversation_id
        said = {boxes.toast: toast_html(labels.NO_SUCH_CONVERSATION)} if is_missing else {}
        return {**self._updates(drawn), **limits, **self._at(tab), **said, boxes.edited: ""}

    def gone_on(self, tab: Tab, conversation_id: str) -> Updates:
        """Show the conversation in which something was just asked or set."""
        if tab.conversation_id and conversation_id != tab.conversation_id:
            return self.opened(tab, conversation_id)
        return {**self._updates(tab.go_on(conversation_id)), **self._at(tab)}

    def _first(self, tab: Tab, do: Callable[[], Updates]) -> Updates:
        try:
            done = do()
        except AssistantError as error:
            done = {self.panels.boxes.toast: toast_html(str(error))}
        return {**self._nothing, **done, **self._updates(tab.changes(self.chats))}

    @property
    def _nothing(self) -> Updates:
        """An update of nothing; Gradio takes no empty one."""
        return {self.panels.chat.live: gr.skip()}

    def _at(self, tab: Tab) -> Updates:
        return {self.panels.boxes.conversation: tab.conversation_id}

    def _updates(self, drawn: Drawn) -> Updates:
        return {self._named[name]: html for name, html in drawn.items()}

    @property
    def _named(self) -> Updates:
        """The components by the names that a tab has for them, as values of an ordinary dict."""
        boxes, chat, side = self.panels.boxes, self.panels.chat, self.panels.side
        return {
            "transcript": chat.transcript,
            "placed": chat.placed,
            "live": chat.live,
            "evidence": chat.evidence,
            "waiting": chat.waiting,
            "shown": boxes.shown,
            "conversations": side.conversations,
            "failing": boxes.failing,
        }
