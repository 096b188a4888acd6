"""The page's questions over HTTP, as its browser sends them: the queue is joined, and its stream read to the end."""

import json
import secrets
from typing import Any, Self

import httpx2

from assistant.ui import labels


class PageClient:
    """A session of the page at `url`. `conversation` is the number of the one that it asks in; empty begins one."""

    def __init__(self, url: str) -> None:
        self.http = httpx2.Client(base_url=url, timeout=60, trust_env=False)
        config = self.http.get("/config").json()
        self._named = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        self._names = {number: name for name, number in self._named.items()}
        self.events = config["dependencies"]
        self.anew()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def anew(self) -> None:
        """Begin another session, as a page that was opened again."""
        self.session = secrets.token_hex(6)
        self.conversation = ""

    def event(self, name: str, event: str) -> dict[str, Any]:
        """Return what Gradio's configuration says of an event of the part with this elem_id."""
        return next(one for one in self.events if [self._named[name], event] in one["targets"])

    def join(self, name: str, event: str, values: list[Any]) -> httpx2.Response:
        """Put an event into the queue."""
        body = {
            "data": values,
            "fn_index": self.event(name, event)["id"],
            "session_hash": self.session,
            "trigger_id": self._named[name],
        }
        return self.http.post("/gradio_api/queue/join", json=body)

    def messages(self) -> list[dict[str, Any]]:
        """Return what the session's stream says until the server closes it."""
        with self.http.stream("GET", f"/gradio_api/queue/data?session_hash={self.session}") as stream:
            return [json.loads(line.removeprefix("data:")) for line in stream.iter_lines() if line.strip()]

    def ask(self, question: str) -> list[dict[str, Any]]:
        """Ask the local model in the conversation; return the messages of the queue."""
        asked = [
            question,
            "",
            None,
            self.conversation,
            labels.LOCAL_MODEL,
            "",
            None,
            False,
        ]  # a session's own state is not sent
        self.join("send", "click", asked).raise_for_status()
        messages = self.messages()
        self._note_conversation(messages)
        return messages

    def begin(self) -> None:
        """Begin another conversation in the session, as New chat does."""
        self.join("opened", "change", [" 1", None, self.conversation]).raise_for_status()
        self.messages()
        self.conversation = ""

    def _note_conversation(self, messages: list[dict[str, Any]]) -> None:
        outputs = self.event("send", "click")["outputs"]
        place = outputs.index(self._named["conversation"])
        for message in messages:
            data = message.get("output", {}).get("data", [])
            value = data[place] if len(data) > place else None
            # What a generator yields after the first time comes as changes: [["replace", [], "3f09"]].
            changes = value if isinstance(value, list) else [("replace", [], value)]
            self.conversation = next((new for _, _, new in changes if new and isinstance(new, str)), self.conversation)
