"""An exported conversation in Chromium: it looks as meant, leads from a citation to its quote, and calls nobody."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from assistant.conversations.html_export import as_html
from assistant.conversations.limits import Limits
from assistant.conversations.records import StoredConversation, StoredExchange
from assistant.records import Answer
from assistant.text.plain_text import plain_text
from tests.test_injection import HOSTILE
from vectorstore.catalogue.catalogue import Catalogue

pytestmark = pytest.mark.browser


def test_an_exported_conversation_is_readable_and_alone(browser: Browser, answer: Answer, tmp_path: Path) -> None:
    asked = datetime(2026, 7, 30, tzinfo=UTC)
    kept = [
        StoredExchange("e", "c", one, one, None, one, False, 0, "", asked, one) for one in (*HOSTILE, answer.question)
    ]
    kept.append(StoredExchange("e", "c", answer.question, answer.text, answer, "", False, 0, "", asked, "m"))
    file = tmp_path / "conversation.html"
    held = StoredConversation("c", HOSTILE[6], False, Limits(), tuple(kept))
    file.write_text(as_html(held, Catalogue("sqlite://")), encoding="utf-8")
    context = browser.new_context(viewport={"width": 900, "height": 800})
    called: list[str] = []
    said: list[str] = []
    context.on("request", lambda request: called.append(request.url))
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())

    assert page.title() == HOSTILE[6]
    assert page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "704px"  # the style is let in
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("a.citation").first.click()
    reference = page.locator("article:target")
    assert plain_text(answer.citations[0].quote) in reference.inner_text()
    assert reference.bounding_box() is not None
    assert page.evaluate("window.hacked") is None
    context.close()
    assert {url.partition("#")[0] for url in called} == {file.as_uri()}
    assert said == []
